//! Facts.

use std::collections::BTreeMap;

use super::difference::FactChange;
use super::side::FactSide;

/// The facts that are not the same on both sides. A fact that one kind of source alone has, such as who uses an app of an org, is compared between
/// sources of that kind only; that neither side knows one is no change, for whatever reasons.
pub(super) fn compare(before: &BTreeMap<&'static str, FactSide>, after: &BTreeMap<&'static str, FactSide>) -> Vec<FactChange> {
    let both = before.iter().filter_map(|(path, one)| Some((*path, one, after.get(path)?)));
    both.filter(|(_, one, other)| match (one, other) {
        (Ok(one), Ok(other)) => one != other,
        (Err(_), Err(_)) => false,
        _ => true,
    })
    .map(|(path, one, other)| FactChange { path, before: one.clone(), after: other.clone() })
    .collect()
}
