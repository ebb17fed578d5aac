//! Which things of two lists are the same one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What tells a thing from the others of its list.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// What it is, wherever it was read.
    pub what: &'a str,
    /// Where it stands in its source. Of several that are the same, those that stand in the same place belong together.
    pub place: &'a str,
    /// In which order those belong together that stand elsewhere than before: greatest first.
    pub weight: u8,
}

/// The things that are in both lists, as indices into the one and the other. Each thing is in one pair at most, and the pairs are the same ones
/// whichever list comes first.
#[must_use]
pub fn pairs(before: &[Identity<'_>], after: &[Identity<'_>]) -> Vec<(usize, usize)> {
    let mut groups: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (index, it) in before.iter().enumerate() {
        groups.entry(it.what).or_default().0.push(index);
    }
    for (index, it) in after.iter().enumerate() {
        groups.entry(it.what).or_default().1.push(index);
    }
    let mut found = Vec::new();
    for (mut old, mut new) in groups.into_values() {
        put_in_order(&mut old, before);
        put_in_order(&mut new, after);
        old.retain(|one| {
            let same_place = |other: &usize| before.get(*one).map(|it| it.place) == after.get(*other).map(|it| it.place);
            let Some(at) = new.iter().position(same_place) else { return true };
            found.push((*one, new.remove(at)));
            false
        });
        found.extend(old.into_iter().zip(new));
    }
    found.sort_unstable();
    found
}

fn put_in_order(indices: &mut [usize], things: &[Identity<'_>]) {
    indices.sort_by_key(|index| things.get(*index).map(|it| (Reverse(it.weight), it.place)));
}
