//! An app of files: assigned to what its metadata lists by name.

use super::{Assigned, NOTHING, doubtful, is_none_of, same_profile};
use crate::access::preflight::{Subject, Topic};
use crate::inventory::Fact;
use crate::inventory::app::{Assignment, Resolution};

/// By the names that the app's metadata lists.
pub(super) fn by_name(
    subject: &Subject<'_>,
    has_profile: impl Fn(&Assignment) -> bool,
    has_set: impl Fn(&Assignment) -> bool,
) -> Assigned {
    let access = &subject.app.access;
    let listed = |fact: &Fact<Vec<Assignment>>| fact.value().cloned().unwrap_or_default();
    let (profiles, sets) = (listed(&access.profiles), listed(&access.permission_sets));
    let of = |kind: &str, it: &Assignment| format!("the {kind} {}", it.name);
    let held: Vec<(&Assignment, String)> = profiles
        .iter()
        .filter(|it| has_profile(it))
        .map(|it| (it, of("profile", it)))
        .chain(sets.iter().filter(|it| has_set(it)).map(|it| (it, of("permission set", it))))
        .collect();
    let there: Vec<String> =
        held.iter().filter(|(it, _)| it.resolution != Resolution::Missing).map(|(_, name)| name.clone()).collect();
    if !there.is_empty() {
        return Assigned { ways: there, ..Assigned::default() };
    }
    let unknown = [&access.profiles.state, &access.permission_sets.state].into_iter().find_map(|state| state.as_ref().err());
    if let Some(reason) = unknown {
        let supply = "Add the app's policies to the source, or ask the org with --target-org.".to_owned();
        return doubtful(Topic::Assignment, "what the app is assigned to".to_owned(), reason.clone(), supply);
    }
    if let Some((_, name)) = held.first() {
        let what = format!("whether {name} exists in the org");
        let reason = "the source has others of its kind and not this one".into();
        return doubtful(
            Topic::Assignment,
            what,
            reason,
            "Correct the name in the app, or ask the org with --target-org.".to_owned(),
        );
    }
    let all: Vec<String> =
        profiles.iter().map(|it| of("profile", it)).chain(sets.iter().map(|it| of("permission set", it))).collect();
    let why_not = if all.is_empty() { NOTHING.to_owned() } else { is_none_of(&all) };
    Assigned { why_not: Some(why_not), ..Assigned::default() }
}

pub(super) fn is_called(assignment: &Assignment, held: &str) -> bool {
    let names = match &assignment.resolution {
        Resolution::Found { full_name, label } => [Some(full_name.as_str()), label.as_deref()],
        _ => [None, None],
    };
    let mut names = names.into_iter().flatten().chain([assignment.name.as_str()]);
    names.any(|name| name.eq_ignore_ascii_case(held.trim())) || same_profile(&assignment.name, held)
}
