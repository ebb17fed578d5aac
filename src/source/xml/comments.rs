//! Comments, for those few that are meant for a program.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Element;
use crate::source::{SourceText, Span};

/// A comment, and what it stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'a> {
    /// What stands between `<!--` and `-->`.
    pub inner: Span,
    /// The element that ends in the same line before the comment; otherwise the next one after it, on the same level. None at the end of a
    /// level.
    pub beside: Option<&'a Element>,
}

/// The comments of a text that was read as one XML document, in file order.
#[must_use]
pub fn comments<'a>(source: &SourceText, root: &'a Element) -> Vec<Comment<'a>> {
    const OPEN: &str = "<!--";
    // Nearly all metadata is without.
    if memchr::memmem::find(source.text().as_bytes(), OPEN.as_bytes()).is_none() {
        return Vec::new();
    }
    let body = source.text().strip_prefix('\u{feff}').unwrap_or(source.text());
    let base = source.text().len() - body.len();
    let mut reader = Reader::from_reader(body.as_bytes());
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut comments = Vec::new();
    loop {
        let start = base + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Comment(text)) => {
                let inner = Span::new(start + OPEN.len(), start + OPEN.len() + text.len());
                comments.push(Comment { inner, beside: beside(source, root, inner) });
            }
            // An error would have been one before: the text is well-formed.
            Ok(Event::Eof) | Err(_) => return comments,
            Ok(_) => {}
        }
    }
}

fn beside<'a>(source: &SourceText, root: &'a Element, comment: Span) -> Option<&'a Element> {
    let siblings = level(root, comment);
    let line_of = |offset| source.position(offset).line;
    let before = siblings.iter().rev().find(|element| element.span.end <= comment.start);
    if let Some(before) = before.filter(|before| line_of(before.span.end) == line_of(comment.start)) {
        return Some(before);
    }
    siblings.iter().find(|element| element.span.start >= comment.end)
}

/// The elements on the level a comment stands on.
fn level(root: &Element, comment: Span) -> &[Element] {
    let holds = |element: &Element| element.inner.start <= comment.start && comment.end <= element.inner.end;
    if !holds(root) {
        return std::slice::from_ref(root);
    }
    let mut parent = root;
    while let Some(inside) = parent.children.iter().find(|child| holds(child)) {
        parent = inside;
    }
    &parent.children
}
