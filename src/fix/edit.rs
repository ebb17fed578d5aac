//! Replacements of bytes in a text.

use crate::source::Span;

/// Bytes to replace, and what with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty for a place where only something comes.
    pub span: Span,
    /// What comes; empty where something only goes.
    pub text: String,
}

/// The text after the edits; none where two of them are about the same bytes, or one is about bytes that the text does not have. Edits at
/// one place come in the order given.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut changed = String::with_capacity(text.len());
    let mut done = 0;
    for edit in ordered {
        changed.push_str(text.get(done..edit.span.start)?);
        changed.push_str(&edit.text);
        done = edit.span.end;
    }
    changed.push_str(text.get(done..)?);
    Some(changed)
}
