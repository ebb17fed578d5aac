use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Span;

/// A line and a column, both counted from 1. Columns count characters, not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// An API of an org, as the origin of a fact names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Metadata API (SOAP).
    Metadata,
    /// REST Data API.
    Data,
    /// REST Tooling API.
    Tooling,
    /// Connect REST API.
    Connect,
}

impl Api {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Data => "data",
            Self::Tooling => "tooling",
            Self::Connect => "connect",
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Metadata => "Metadata API",
            Self::Data => "Data API",
            Self::Tooling => "Tooling API",
            Self::Connect => "Connect API",
        })
    }
}

/// Which API of an org gave an answer, in which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Answer {
    /// The API.
    pub api: Api,
    /// Its version; 66 is 66.0.
    pub version: u16,
}

/// One text with the name it is shown under, usually a path relative to where the program runs.
pub struct SourceText {
    name: Arc<str>,
    text: String,
    /// The API that sent it; none for a file.
    answer: Option<Answer>,
    line_starts: OnceLock<Vec<usize>>,
}

impl SourceText {
    /// Text read from `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), answer: None, line_starts: OnceLock::new() })
    }

    /// Text that an org sent of `object`, such as `ConnectedApp/ERP_Sync`. Places in it are the object as a whole: nobody can open it.
    #[must_use]
    pub fn answered(object: impl Into<Arc<str>>, text: impl Into<String>, answer: Answer) -> Arc<Self> {
        Arc::new(Self { name: object.into(), text: text.into(), answer: Some(answer), line_starts: OnceLock::new() })
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

/// A span in a named text, or an object that an API of an org told of: where something is.
///
/// Large files that no finding quotes (profiles, permission sets) are not kept; a place in one of them has a position
/// but no text to show.
#[derive(Clone, Debug)]
pub struct Location {
    path: Arc<str>,
    span: Span,
    position: Position,
    text: Option<Arc<SourceText>>,
    answer: Option<Answer>,
}

impl Location {
    /// A place in a text that stays in memory and can be quoted.
    #[must_use]
    pub fn new(text: &Arc<SourceText>, span: Span) -> Self {
        if let Some(answer) = text.answer {
            return Self::object(Arc::clone(text.name()), answer);
        }
        Self { text: Some(Arc::clone(text)), ..Self::without_text(text, span) }
    }

    /// A place in a text that will not be kept.
    #[must_use]
    pub fn without_text(text: &SourceText, span: Span) -> Self {
        Self { path: Arc::clone(text.name()), span, position: text.position(span.start), text: None, answer: None }
    }

    /// The file as a whole, where no place in it can be named.
    #[must_use]
    pub fn file(path: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), span: Span::at(0), position: Position { line: 1, column: 1 }, text: None, answer: None }
    }

    /// An object that an org told of, such as `ConnectedApp/ERP_Sync` or `SetupEntityAccess`.
    #[must_use]
    pub fn object(name: impl Into<Arc<str>>, answer: Answer) -> Self {
        Self { answer: Some(answer), ..Self::file(name) }
    }

    /// The API that told it; none for a place in a file.
    #[must_use]
    pub const fn answer(&self) -> Option<Answer> {
        self.answer
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
        self.path == other.path && self.span == other.span && self.answer == other.answer
    }
}

impl Eq for Location {}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.answer {
            Some(Answer { api, version }) => write!(f, "{} ({api} {version}.0)", self.path),
            None => write!(f, "{}:{}:{}", self.path, self.position.line, self.position.column),
        }
    }
}

/// A place as a snapshot keeps it: what an org told of, never a file.
#[derive(Serialize, Deserialize)]
struct Object {
    object: Arc<str>,
    #[serde(flatten)]
    answer: Answer,
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(answer) = self.answer else {
            return Err(serde::ser::Error::custom("a place in a file is no part of a snapshot"));
        };
        Object { object: Arc::clone(&self.path), answer }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Object { object, answer } = Object::deserialize(deserializer).map_err(D::Error::custom)?;
        Ok(Self::object(object, answer))
    }
}
