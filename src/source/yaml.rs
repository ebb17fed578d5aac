//! YAML with places: rule files and the policy.
//!
//! Use [`Spanned`] for whatever a later check may complain about. Its places are lost inside `#[serde(untagged)]` enums and
//! `#[serde(flatten)]`, because serde buffers those; write a visitor there instead.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_saphyr::Error;
pub use serde_saphyr::Spanned;

use super::{Location, SourceText, Span};
use crate::diagnostic::{Diagnostic, did_you_mean};

/// Reads one YAML document.
///
/// # Errors
///
/// The first mistake: where, what, and what was probably meant. Documents are bounded in depth, nodes and aliases.
pub fn parse<T: DeserializeOwned>(source: &Arc<SourceText>) -> Result<T, Diagnostic> {
    read(source, source.text())
}

/// Reads a part of a text that is no YAML otherwise as one YAML document. Places are those of the whole text.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_part<T: DeserializeOwned>(source: &Arc<SourceText>, part: Span) -> Result<T, Diagnostic> {
    let text = source.text();
    let before = text.get(..part.start).unwrap_or_default();
    // Everything before it becomes white space of the same length, so that places count from the start of the text.
    let mut masked: String = before.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    masked.push_str(source.slice(part));
    read(source, &masked)
}

/// Reads a text that has all its bytes where `source` has them.
fn read<T: DeserializeOwned>(source: &Arc<SourceText>, text: &str) -> Result<T, Diagnostic> {
    serde_saphyr::from_str(text).map_err(|error| {
        let error = error.without_snippet();
        let place = error.location().map(|location| place_of_error(text, &location));
        explain(source, error, place)
    })
}

/// What is no YAML at all has a line and a column only.
fn place_of_error(text: &str, location: &serde_saphyr::Location) -> Span {
    if location.span().byte_offset().is_some() {
        return span_of(location);
    }
    let from_one = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let line_start: usize = text.split_inclusive('\n').take(from_one(location.line())).map(str::len).sum();
    let line = text.get(line_start..).unwrap_or_default();
    Span::at(line_start + line.char_indices().nth(from_one(location.column())).map_or(line.trim_end().len(), |(at, _)| at))
}

/// Words that are no texts to one reader of YAML or another.
const NOT_TEXT: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// A text as YAML spells it so that every reader gets the same text back: as it is where that is safe, also within `[]` and `{}`, and
/// otherwise in double quotes, with all that is no letter, number or ASCII as an escape.
#[must_use]
pub fn scalar(text: &str) -> Cow<'_, str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '/' | '@' | '-' | ' ');
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if begins && text.chars().all(is_word) && !text.ends_with(' ') && !NOT_TEXT.contains(&text.to_lowercase().as_str()) {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ if character.is_alphanumeric() => quoted.push(character),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(character));
            }
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// Where a value is written.
#[must_use]
pub fn locate<T>(source: &Arc<SourceText>, value: &Spanned<T>) -> Location {
    Location::new(source, trimmed(source, span_of(&value.referenced)))
}

/// Where a part of a text value is written, given as a byte range of the value.
///
/// The value and its spelling in the file are walked side by side; what YAML drops (indentation, folded line ends, doubled
/// quotes) is skipped. Where that cannot be followed (escapes in double quotes) it is the whole value.
#[must_use]
pub fn locate_within(source: &Arc<SourceText>, value: &Spanned<String>, part: Range<usize>) -> Location {
    let whole = trimmed(source, span_of(&value.referenced));
    let offset = |target| file_offset(source.slice(whole), &value.value, target).map(|at| whole.start + at);
    let last = part.end.saturating_sub(1).max(part.start);
    match (offset(part.start), offset(last)) {
        (Some(start), Some(last)) if part.end > part.start => {
            let width = source.text().get(last..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            Location::new(source, Span::new(start, last + width))
        }
        (Some(start), _) => Location::new(source, Span::at(start)),
        _ => Location::new(source, whole),
    }
}

/// Offset in `written` (how the file spells it) of the byte at `target` of `value` (what it means).
fn file_offset(written: &str, value: &str, target: usize) -> Option<usize> {
    let mut bytes = written.bytes().enumerate();
    for (index, wanted) in value.bytes().enumerate() {
        let (at, _) = bytes.find(|(_, byte)| *byte == wanted || (wanted == b' ' && byte.is_ascii_whitespace()))?;
        if index == target {
            return Some(at);
        }
    }
    None
}

fn span_of(location: &serde_saphyr::Location) -> Span {
    let span = location.span();
    let start = usize::try_from(span.byte_offset().unwrap_or_default()).unwrap_or_default();
    let length = usize::try_from(span.byte_len().unwrap_or_default()).unwrap_or_default();
    Span::new(start, start + length)
}

/// Block scalars end after their last line break; nobody wants that underlined.
fn trimmed(source: &SourceText, span: Span) -> Span {
    Span::new(span.start, span.start + source.slice(span).trim_end().len())
}

fn explain(source: &Arc<SourceText>, error: &Error, place: Option<Span>) -> Diagnostic {
    let (title, help) = match error {
        Error::SerdeUnknownField { field, expected, .. } => (format!("unknown key `{field}`"), choose(field, expected)),
        Error::SerdeUnknownVariant { variant, expected, .. } => (format!("unknown value `{variant}`"), choose(variant, expected)),
        Error::SerdeMissingField { field, .. } => (format!("the key `{field}` is missing"), None),
        Error::DuplicateMappingKey { key, .. } => {
            (key.as_ref().map_or_else(|| "a key is given twice".to_owned(), |key| format!("the key `{key}` is given twice")), None)
        }
        Error::Unexpected { expected: "sequence start", .. } => {
            ("a list is expected here".to_owned(), Some("`[]` is the empty list".to_owned()))
        }
        Error::Unexpected { expected: "mapping start", .. } => ("keys with values are expected here".to_owned(), None),
        Error::NullIntoString { .. } => ("a text is expected here".to_owned(), None),
        Error::InvalidScalar { ty: "boolean", .. } => ("true or false is expected here".to_owned(), None),
        Error::InvalidScalar { ty: "i64", .. } => ("a whole number is expected here".to_owned(), None),
        other => (plain(other), None),
    };
    let mut diagnostic = Diagnostic::error(title);
    if let Some(place) = place {
        diagnostic = diagnostic.at(Location::new(source, trimmed(source, place)));
    }
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn choose(written: &str, expected: &[&'static str]) -> Option<String> {
    match did_you_mean(written, expected.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if expected.is_empty() => None,
        None => Some(format!("it can be one of: {}", expected.join(", "))),
    }
}

/// The message without the position at its end, which the diagnostic has of its own.
fn plain(error: &Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text.get(..at).unwrap_or(&text).to_owned(),
        None => text,
    }
}
