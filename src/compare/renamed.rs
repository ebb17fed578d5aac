//! Apps that have another name than before.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::Sureness;
use super::side::AppSide;
use crate::finding::Subject;

/// What apps of the first side, by kind and name, are called on the second.
pub(super) type Names<'s> = BTreeMap<(&'static str, &'s str), &'s Subject>;

/// Finds the apps that are on both sides by different names, out of those that only one side has; they are taken out of both lists.
///
/// A consumer key belongs to one app. That two apps have the same label and callback URLs makes it likely that they are one, no more. Where
/// more than one app of a side would do, none is taken, and no key that one of the `others` has.
pub(super) fn find<'s>(
    gone: &mut Vec<&'s AppSide>,
    come: &mut Vec<&'s AppSide>,
    others: &BTreeSet<[u8; 32]>,
) -> Vec<(&'s AppSide, &'s AppSide, Sureness)> {
    let mut found = Vec::new();
    let by_key = |app: &AppSide| app.key.filter(|key| !others.contains(key)).map(|key| key.to_vec());
    take(gone, come, by_key, Sureness::SameKey, &mut found);
    let by_look = |app: &AppSide| {
        let callbacks = app.callbacks.as_ref().filter(|callbacks| !callbacks.is_empty())?;
        let label = Some(app.subject.label.as_str()).filter(|label| !label.is_empty())?;
        let parts = [app.subject.kind, label].into_iter().chain(callbacks.iter().map(String::as_str));
        Some(parts.collect::<Vec<_>>().join("\0").into_bytes())
    };
    // Two keys that differ are two apps, however much they look alike.
    let have_one_key = |one: &AppSide, other: &AppSide| one.key.is_none() || other.key.is_none() || one.key == other.key;
    let mut alike = Vec::new();
    take(gone, come, by_look, Sureness::SameLabelAndCallbacks, &mut alike);
    for (one, other, sureness) in alike {
        if have_one_key(one, other) {
            found.push((one, other, sureness));
        } else {
            gone.push(one);
            come.push(other);
        }
    }
    found
}

fn take<'s>(
    gone: &mut Vec<&'s AppSide>,
    come: &mut Vec<&'s AppSide>,
    mark: impl Fn(&AppSide) -> Option<Vec<u8>>,
    sureness: Sureness,
    found: &mut Vec<(&'s AppSide, &'s AppSide, Sureness)>,
) {
    let mut marks: BTreeMap<Vec<u8>, (Vec<&'s AppSide>, Vec<&'s AppSide>)> = BTreeMap::new();
    for app in gone.iter() {
        marks.entry(mark(app).unwrap_or_default()).or_default().0.push(app);
    }
    for app in come.iter() {
        marks.entry(mark(app).unwrap_or_default()).or_default().1.push(app);
    }
    for (mark, group) in marks {
        if let (false, [one], [other]) = (mark.is_empty(), group.0.as_slice(), group.1.as_slice()) {
            found.push((*one, *other, sureness));
            gone.retain(|app| !std::ptr::eq(*app, *one));
            come.retain(|app| !std::ptr::eq(*app, *other));
        }
    }
}
