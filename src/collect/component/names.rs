//! Lists inside one element: names and URLs separated by line breaks or commas.

use std::ops::Range;

use super::reader::Reader;
use crate::inventory::app::{Assignment, Resolution};
use crate::inventory::callback::{split_lines, split_list};
use crate::inventory::user_permissions::HolderKind;
use crate::inventory::{Fact, Origin};

/// The non-empty lines of a text, trimmed.
pub(super) fn lines(text: &str) -> Vec<Range<usize>> {
    split_lines(text).map(|(range, _)| range).collect()
}

/// The parts between line breaks, commas and white space: callback URLs of External Client Apps, whose separator is not documented.
pub(super) fn urls(text: &str) -> Vec<Range<usize>> {
    split_list(text).map(|(range, _)| range).collect()
}

/// The parts between commas and line breaks, trimmed: `commaSeparated…` elements, whose names may hold spaces.
pub(super) fn commas(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for part in text.split([',', '\n', '\r']) {
        let begin = start + (part.len() - part.trim_start().len());
        if !part.trim().is_empty() {
            parts.push(begin..begin + part.trim().len());
        }
        start += part.len() + 1;
    }
    parts
}

/// The empty elements in the place of names: by the paths of profiles and of permission sets.
pub(super) fn emptied(file: &Reader<'_>, profiles: &str, permission_sets: &str) -> Vec<(HolderKind, Origin)> {
    let of_kind = |(kind, path): (HolderKind, &str)| Some((kind, file.emptied(path)?));
    [(HolderKind::Profile, profiles), (HolderKind::PermissionSet, permission_sets)].into_iter().filter_map(of_kind).collect()
}

/// Names as assignments that nobody has looked up yet.
pub(super) fn list_of_names(names: &Fact<Vec<(String, Origin)>>) -> Fact<Vec<Assignment>> {
    names.map(|names| {
        names
            .iter()
            .map(|(name, origin)| Assignment {
                name: name.clone(),
                origin: origin.clone(),
                resolution: Resolution::Unknown("not looked up".into()),
            })
            .collect()
    })
}
