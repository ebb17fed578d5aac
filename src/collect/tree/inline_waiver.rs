//! Waivers in comments beside the elements of a metadata file: found here, read and judged by the policy.

use std::sync::Arc;

use crate::inventory::waiver::{self, InlineWaiver};
use crate::source::xml::{Comment, Element, comments};
use crate::source::{Location, SourceText, Span};

/// The words a comment begins with that is a waiver.
const WORDS: [&str; 2] = ["orgwarden", "waiver"];

/// The waivers of a file, in file order.
pub(super) fn of_file(text: &Arc<SourceText>, root: &Element) -> Vec<InlineWaiver> {
    let waiver = |comment: &Comment<'_>| {
        let start = comment.inner.start + length_of_words(text.slice(comment.inner))?;
        Some(InlineWaiver {
            text: Location::new(text, Span::new(start, comment.inner.end)),
            beside: comment
                .beside
                .map(|element| waiver::Element { name: element.name.clone(), location: Location::new(text, element.span) }),
        })
    };
    comments(text, root).iter().filter_map(waiver).collect()
}

/// How much of a comment says that it is a waiver; none where nothing does.
fn length_of_words(comment: &str) -> Option<usize> {
    let rest = WORDS.iter().try_fold(comment, |rest, word| rest.trim_start().strip_prefix(word))?;
    let ends = rest.chars().next().is_none_or(|next| next.is_whitespace() || next == '{');
    ends.then(|| comment.len() - rest.len())
}
