//! Apps that came, went, have another name, or changed.

use super::difference::{AppChange, Apps, Renamed, Sureness, UnsureApp, When};
use super::pair::{Identity, pairs};
use super::renamed::{self, Names};
use super::side::{AppSide, OfScope};
use super::{access, facts};
use crate::inventory::Reason;

/// An app, or an org, on both sides or on one of them.
#[derive(Clone, Debug)]
pub struct AppPair<'s> {
    /// What it was.
    pub before: Option<&'s AppSide>,
    /// What it is.
    pub after: Option<&'s AppSide>,
    /// How sure it is that the two are one, where they have different names.
    pub renamed: Option<Sureness>,
    /// Why a side that does not have it may have it nevertheless; none where it surely has not.
    pub unsure: Option<Reason>,
}

/// What changed within one scope. The result are the new names of the apps that are surely the same by another name.
pub(super) fn compare<'s>(before: &OfScope<'s>, after: &OfScope<'s>, out: &mut Apps) -> Names<'s> {
    let mut names = Names::new();
    for pair in pairs_of(before, after) {
        match (pair.before, pair.after) {
            (Some(one), Some(other)) => {
                if let Some(sureness) = pair.renamed {
                    out.renamed.push(Renamed { before: one.subject.clone(), after: other.subject.clone(), sureness });
                }
                if pair.renamed == Some(Sureness::SameKey) {
                    names.insert((one.subject.kind, one.subject.name.as_str()), &other.subject);
                }
                match change(one, other) {
                    Some(change) => out.changed.push(change),
                    None => out.unchanged += 1,
                }
            }
            (Some(app), None) if app.access.is_some() => match pair.unsure {
                Some(reason) => out.unsure.push(UnsureApp { subject: app.subject.clone(), on: When::Before, reason }),
                None => out.removed.push(app.subject.clone()),
            },
            (None, Some(app)) if app.access.is_some() => match pair.unsure {
                Some(reason) => out.unsure.push(UnsureApp { subject: app.subject.clone(), on: When::After, reason }),
                None => out.added.push((app.subject.clone(), app.access.as_ref().map(|access| access.admission.clone()))),
            },
            _ => {}
        }
    }
    names
}

/// The apps and orgs of one scope: first those that both sides have, then those by another name, then those that one side has.
pub(super) fn pairs_of<'s>(before: &OfScope<'s>, after: &OfScope<'s>) -> Vec<AppPair<'s>> {
    let (old, new) = (before.apps.as_deref().unwrap_or_default(), after.apps.as_deref().unwrap_or_default());
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
    let both = |before, after, renamed| AppPair { before: Some(before), after: Some(after), renamed, unsure: None };
    let same = same.into_iter().map(|(one, other)| both(one, other, None));
    let renamed = renamed.into_iter().map(|(one, other, sureness)| both(one, other, Some(sureness)));
    let gone = gone.into_iter().map(|app| only(Some(app), None, unread(after, "second")));
    let come = come.into_iter().map(|app| only(None, Some(app), unread(before, "first")));
    same.chain(renamed).chain(gone).chain(come).collect()
}

const fn only<'s>(before: Option<&'s AppSide>, after: Option<&'s AppSide>, unsure: Option<Reason>) -> AppPair<'s> {
    AppPair { before, after, renamed: None, unsure }
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

fn change(before: &AppSide, after: &AppSide) -> Option<AppChange> {
    let facts = facts::compare(&before.facts, &after.facts);
    let access = match (&before.access, &after.access) {
        (Some(one), Some(other)) => access::compare(one, other),
        _ => super::AccessChange::default(),
    };
    (!facts.is_empty() || !access.is_empty()).then(|| AppChange { subject: after.subject.clone(), facts, access })
}
