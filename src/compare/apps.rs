//! Apps that came, went, have another name, or changed.

use super::difference::{AppChange, Apps, Sureness, UnsureApp, When};
use super::pair::{Identity, pairs};
use super::renamed::{self, Names};
use super::side::{AppSide, OfScope};
use super::{access, drift, facts};
use crate::inventory::Reason;

/// What changed within one scope. The result are the new names of the apps that are surely the same by another name.
pub(super) fn compare<'s>(before: &OfScope<'s>, after: &OfScope<'s>, out: &mut Apps) -> Names<'s> {
    let source = drift::source_of(before, after);
    let (old, new) = (before.compared_apps(source.is_some()), after.compared_apps(source.is_some()));
    let (old, new) = (old.as_slice(), new.as_slice());
    let mut same: Vec<(&AppSide, &AppSide)> = Vec::new();
    let (mut gone, mut come) = (old.to_vec(), new.to_vec());
    let (names_of_old, names_of_new) = (names(old), names(new));
    for (i, j) in pairs(&identities(old, &names_of_old), &identities(new, &names_of_new)) {
        let (Some(one), Some(other)) = (old.get(i), new.get(j)) else { continue };
        same.push((one, other));
        gone.retain(|app| !std::ptr::eq(*app, *one));
        come.retain(|app| !std::ptr::eq(*app, *other));
    }
    let keys = same.iter().flat_map(|(one, other)| [one.key, other.key]).flatten().collect();
    let renamed = renamed::find(&mut gone, &mut come, &keys);
    out.renamed.extend(renamed.iter().map(|(one, other, sureness)| renamed::told(one, other, *sureness)));
    for (one, other) in same.into_iter().chain(renamed.iter().map(|(one, other, _)| (*one, *other))) {
        match change(one, other, source) {
            Some(change) => out.changed.push(change),
            None => out.unchanged += 1,
        }
    }
    let mut is_expected = |app: &&AppSide, on: When| match source.and_then(|source| drift::beyond(app, on, source)) {
        Some(reason) => {
            out.beyond.push((app.subject.clone(), reason.clone()));
            false
        }
        None => app.access.is_some(),
    };
    gone.retain(|app| is_expected(app, When::Before));
    come.retain(|app| is_expected(app, When::After));
    for app in gone {
        match unread(after, "second") {
            Some(reason) => out.unsure.push(UnsureApp { subject: app.subject.clone(), on: When::Before, reason }),
            None => out.removed.push(app.subject.clone()),
        }
    }
    for app in come {
        match unread(before, "first") {
            Some(reason) => out.unsure.push(UnsureApp { subject: app.subject.clone(), on: When::After, reason }),
            None => out.added.push((app.subject.clone(), app.access.as_ref().map(|access| access.admission.clone()))),
        }
    }
    let sure = renamed.into_iter().filter(|(.., sureness)| *sureness == Sureness::SameKey);
    sure.map(|(one, other, _)| ((one.subject.kind, one.subject.name.as_str()), &other.subject)).collect()
}

fn names(apps: &[&AppSide]) -> Vec<String> {
    apps.iter().map(|app| format!("{}\0{}", app.subject.kind, app.subject.own_name())).collect()
}

fn identities<'a>(apps: &[&'a AppSide], names: &'a [String]) -> Vec<Identity<'a>> {
    apps.iter().zip(names).map(|(app, what)| Identity { what, place: &app.subject.path_in_source, weight: 0 }).collect()
}

/// Why a side may have an app that was not seen there.
fn unread(side: &OfScope<'_>, which: &str) -> Option<Reason> {
    side.has_gaps.then(|| format!("something could not be read on the {which} side, and may hold it").into())
}

fn change(before: &AppSide, after: &AppSide, source: Option<When>) -> Option<AppChange> {
    if let Some(source) = source {
        return drift::change(before, after, source);
    }
    let facts = facts::compare(&before.facts, &after.facts);
    let access = match (&before.access, &after.access) {
        (Some(one), Some(other)) => access::compare(one, other),
        _ => super::AccessChange::default(),
    };
    (!facts.is_empty() || !access.is_empty()).then(|| AppChange {
        subject: after.subject.clone(),
        facts,
        left_out: Vec::new(),
        access,
    })
}
