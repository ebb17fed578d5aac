use std::fmt;
use std::sync::{Arc, OnceLock};

use super::Span;

/// A line and a column, both counted from 1. Columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// One text with the name it is shown under, usually a path relative to where the program runs.
pub struct SourceText {
    name: Arc<str>,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
}

impl SourceText {
    /// Text read from `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), line_starts: OnceLock::new() })
    }

    /// The path or name to show.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text, a byte order mark included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`; empty where the span does not lie on characters of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte offset. An offset past the end is the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        Position { line, column: before.trim_start_matches('\u{feff}').chars().count() + 1 }
    }

    /// Byte offset of the first character of `line` (from 1); the end of the text for a line past the last.
    #[must_use]
    pub fn line_start(&self, line: usize) -> usize {
        self.line_starts().get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts
            .get_or_init(|| std::iter::once(0).chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1)).collect())
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceText").field("name", &self.name).field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// A span in a named text: where something is.
///
/// Large files that no finding quotes (profiles, permission sets) are not kept; a place in one of them has a position
/// but no text to show.
#[derive(Clone, Debug)]
pub struct Location {
    path: Arc<str>,
    span: Span,
    position: Position,
    text: Option<Arc<SourceText>>,
}

impl Location {
    /// A place in a text that stays in memory and can be quoted.
    #[must_use]
    pub fn new(text: &Arc<SourceText>, span: Span) -> Self {
        Self { path: Arc::clone(text.name()), span, position: text.position(span.start), text: Some(Arc::clone(text)) }
    }

    /// A place in a text that will not be kept.
    #[must_use]
    pub fn without_text(text: &SourceText, span: Span) -> Self {
        Self { path: Arc::clone(text.name()), span, position: text.position(span.start), text: None }
    }

    /// The file as a whole, where no place in it can be named.
    #[must_use]
    pub fn file(path: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), span: Span::at(0), position: Position { line: 1, column: 1 }, text: None }
    }

    /// The path to show.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The bytes meant.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Line and column of the first byte.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// The text to quote from, where it is kept.
    #[must_use]
    pub const fn text(&self) -> Option<&Arc<SourceText>> {
        self.text.as_ref()
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.span == other.span
    }
}

impl Eq for Location {}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.position.line, self.position.column)
    }
}
