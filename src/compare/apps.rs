//! Apps that came, went, have another name, or changed.

use super::difference::{AppChange, Apps, Renamed, Sureness, UnsureApp, When};
use super::pair::{Identity, pairs};
use super::renamed::{self, Names};
use super::side::{AppSide, OfScope};
use super::{access, drift, facts};
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
    let source = drift::source_of(before, after);
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
                match change(one, other, source) {
                    Some(change) => out.changed.push(change),
                    None => out.unchanged += 1,
                }
            }
            (Some(app), None) => alone(app, When::Before, pair.unsure, source, out),
            (None, Some(app)) => alone(app, When::After, pair.unsure, source, out),
            (None, None) => {}
        }
    }
    names
}

/// An app that only one side has.
fn alone(app: &AppSide, on: When, unsure: Option<Reason>, source: Option<When>, out: &mut Apps) {
    let Some(access) = &app.access else { return };
    let subject = app.subject.clone();
    if let Some(reason) = source.and_then(|source| drift::beyond(app, on, source)) {
        out.beyond.push((subject, reason.clone()));
    } else if let Some(reason) = unsure {
        out.unsure.push(UnsureApp { subject, on, reason });
    } else if on == When::Before {
        out.removed.push(subject);
    } else {
        out.added.push((subject, Some(access.admission.clone())));
    }
}

/// The apps and orgs of one scope: first those that both sides have, then those by another name, then those that one side has.
pub(super) fn pairs_of<'s>(before: &OfScope<'s>, after: &OfScope<'s>) -> Vec<AppPair<'s>> {
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
    let both = |before, after, renamed| AppPair { before: Some(before), after: Some(after), renamed, unsure: None };
    let same = same.into_iter().map(|(one, other)| both(one, other, None));
    let renamed = renamed.into_iter().map(|(one, other, sureness)| both(one, other, Some(sureness)));
    let gone = gone.into_iter().map(|app| only(Some(app), None, unread(after, source, When::After)));
    let come = come.into_iter().map(|app| only(None, Some(app), unread(before, source, When::Before)));
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
fn unread(side: &OfScope<'_>, source: Option<When>, which: When) -> Option<Reason> {
    let place = drift::on_side(source, which);
    side.has_gaps.then(|| format!("something could not be read {place}, and may hold it").into())
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
