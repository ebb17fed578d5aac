//! What a file is to state, and the edits that make it do so.

use std::borrow::Cow;
use std::fmt;

use super::edit::Edit;
use super::layout::{deeper, end_of_line, escaped, indentation, line_end, start_tag, with_its_line};
use super::list;
use crate::metadata::{ComplexType, Kind, Record};
use crate::source::Span;
use crate::source::xml::Element;

/// What a file is to state. Paths are element names below the outermost one, joined by `/`, as `oauthConfig/scopes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An element that occurs once has this text.
    Set {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
    /// One of the elements that may repeat has this text.
    Add {
        /// Their path.
        path: String,
        /// The text.
        text: String,
    },
    /// No element of this path has this text; without a text there is no such element.
    Remove {
        /// Their path.
        path: String,
        /// The text.
        text: Option<String>,
    },
    /// A comma-separated list has this item.
    AddItem {
        /// Path of the list.
        path: String,
        /// The item.
        item: String,
    },
    /// A comma-separated list does not have this item.
    RemoveItem {
        /// Path of the list.
        path: String,
        /// The item.
        item: String,
    },
}

impl Change {
    /// Path of the elements it is about.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Set { path, .. }
            | Self::Add { path, .. }
            | Self::Remove { path, .. }
            | Self::AddItem { path, .. }
            | Self::RemoveItem { path, .. } => path,
        }
    }

    /// Whether a file cannot state both.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        if self.path() != other.path() {
            return false;
        }
        let opposed = |one: &Self, two: &Self| match (one, two) {
            (Self::Set { text, .. } | Self::Add { text, .. }, Self::Remove { text: gone, .. }) => {
                gone.as_ref().is_none_or(|gone| gone == text)
            }
            (Self::AddItem { item, .. }, Self::RemoveItem { item: gone, .. }) => item == gone,
            (Self::AddItem { .. }, Self::Remove { text: None, .. }) => true,
            _ => false,
        };
        match (self, other) {
            (Self::Set { text: one, .. }, Self::Set { text: two, .. }) => one != two,
            _ => opposed(self, other) || opposed(other, self),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set { path, text } => write!(f, "`{path}` is `{text}`"),
            Self::Add { path, text } | Self::AddItem { path, item: text } => write!(f, "`{path}` has `{text}`"),
            Self::Remove { path, text: Some(text) } | Self::RemoveItem { path, item: text } => {
                write!(f, "`{path}` has no `{text}`")
            }
            Self::Remove { path, text: None } => write!(f, "there is no `{path}`"),
        }
    }
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The file has the element more than once, and it is not clear which one counts.
    #[error("`{0}` is given more than once")]
    Repeated(String),
    /// The element holds more than text.
    #[error("`{0}` holds a comment, a CDATA section or elements beside its text")]
    NotPlain(String),
    /// The element belongs into one that is not there and cannot be made, because it must hold what is not known.
    #[error("`{0}` is not in the file, and must hold more than is known here")]
    NoParent(String),
    /// The metadata type has no such element.
    #[error("`{0}` is no element of {1}")]
    NoElement(String, &'static str),
}

/// The edits of a file after which it states what the change says; none where it does so already.
///
/// A new element is put where the order of the WSDL wants it, on a line of its own where the file has lines. Comments stay where they are.
///
/// # Errors
///
/// Why it cannot be done by editing.
pub fn edits(record: &Record, change: &Change) -> Result<Vec<Edit>, Obstacle> {
    let file = File { record, text: record.source().text() };
    match change {
        Change::Set { path, text } => file.set(path, text),
        Change::Add { path, text } => {
            let is_there = record.elements(path).iter().any(|element| element.trimmed() == text);
            if is_there { Ok(Vec::new()) } else { file.insert(path, text) }
        }
        Change::Remove { path, text } => {
            let goes = |element: &&Element| text.as_ref().is_none_or(|text| element.trimmed() == text);
            let going = record.elements(path).into_iter().filter(goes);
            Ok(going.map(|element| Edit { span: with_its_line(file.text, element.span), text: String::new() }).collect())
        }
        Change::AddItem { path, item } => file.change_list(path, |list| list::with(list, item)),
        Change::RemoveItem { path, item } => file.change_list(path, |list| list::without(list, item)),
    }
}

/// A file to change.
struct File<'a> {
    record: &'a Record,
    text: &'a str,
}

impl File<'_> {
    fn set(&self, path: &str, text: &str) -> Result<Vec<Edit>, Obstacle> {
        match self.record.elements(path)[..] {
            [] => self.insert(path, text),
            [element] if element.trimmed() == text => Ok(Vec::new()),
            [element] => self.replace(path, element, text),
            _ => Err(Obstacle::Repeated(path.to_owned())),
        }
    }

    fn change_list(&self, path: &str, change: impl FnOnce(&str) -> Option<String>) -> Result<Vec<Edit>, Obstacle> {
        match self.record.elements(path)[..] {
            [] => change("").map_or(Ok(Vec::new()), |list| self.insert(path, &list)),
            [element] => change(&element.text).map_or(Ok(Vec::new()), |list| self.replace(path, element, &list)),
            _ => Err(Obstacle::Repeated(path.to_owned())),
        }
    }

    /// Gives an element another text. White space around the old one stays.
    fn replace(&self, path: &str, element: &Element, text: &str) -> Result<Vec<Edit>, Obstacle> {
        let raw = self.record.source().slice(element.inner);
        if raw.contains('<') {
            return Err(Obstacle::NotPlain(path.to_owned()));
        }
        if raw.trim().is_empty() {
            let source = self.record.source();
            let (name, start) = (source.slice(element.name_span), start_tag(source.slice(element.span)));
            return Ok(vec![Edit { span: element.span, text: format!("{start}{}</{name}>", escaped(text)) }]);
        }
        let start = element.inner.start + (raw.len() - raw.trim_start().len());
        let span = Span::new(start, start + raw.trim().len());
        Ok(vec![Edit { span, text: escaped(text) }])
    }

    /// Puts a new element into the file, with its parents where they are missing.
    fn insert(&self, path: &str, text: &str) -> Result<Vec<Edit>, Obstacle> {
        let root = self.record.metadata_type();
        if root.at(path).is_none() {
            return Err(Obstacle::NoElement(path.to_owned(), root.name));
        }
        let (mut parent, mut ty, mut rest) = (self.record.root(), root, path);
        while let Some((name, below)) = rest.split_once('/') {
            let Some(Kind::Complex(inner)) = ty.element(name).map(|element| element.kind) else {
                return Err(Obstacle::NoElement(path.to_owned(), root.name));
            };
            let mut named = parent.children_named(name);
            match (named.next(), named.next()) {
                (Some(child), None) => (parent, ty, rest) = (child, inner, below),
                (Some(_), Some(_)) => return Err(Obstacle::Repeated(name.to_owned())),
                (None, _) => break,
            }
        }
        may_be_made(ty, rest)?;
        Ok(vec![self.put(parent, ty, rest, text)])
    }

    /// Puts the elements of a path into one that is there.
    fn put(&self, parent: &Element, ty: &ComplexType, path: &str, text: &str) -> Edit {
        let source = self.record.source();
        let line_end = line_end(self.text);
        let prefix = source.slice(parent.name_span).split_once(':').map_or(String::new(), |(prefix, _)| format!("{prefix}:"));
        let outer = indentation(self.text, parent.span.start).unwrap_or_default();
        if parent.children.is_empty() {
            let name = source.slice(parent.name_span);
            let new = written(path, text, ty, &prefix, Some((&deeper(outer), line_end)));
            if parent.inner.start == parent.span.end {
                return Edit {
                    span: parent.span,
                    text: format!("{}{line_end}{new}{line_end}{outer}</{name}>", start_tag(source.slice(parent.span))),
                };
            }
            let raw = source.slice(parent.inner);
            // Comments may be in it: the new element comes after them.
            let kept = parent.inner.start + raw.trim_end().len();
            return Edit { span: Span::new(kept, parent.inner.end), text: format!("{line_end}{new}{line_end}{outer}") };
        }
        let name = path.split('/').next().unwrap_or(path);
        let rank = ty.rank(name);
        let goes_before = |child: &Element| child.name == name || ty.rank(&child.name) <= rank;
        let behind = parent.children.iter().rposition(|child| child.name == name).or_else(|| {
            let first_greater = parent.children.iter().position(|child| !goes_before(child)).unwrap_or(parent.children.len());
            first_greater.checked_sub(1)
        });
        let from = behind.and_then(|index| parent.children.get(index)).map_or(parent.inner.start, |child| child.span.end);
        let next = behind.map_or(0, |index| index + 1);
        let to = parent.children.get(next).map_or(parent.inner.end, |child| child.span.start);
        let sibling = parent.children.iter().find_map(|child| indentation(self.text, child.span.start));
        match (end_of_line(source, Span::new(from, to)), sibling) {
            (Some(at), sibling) => {
                let indent = sibling.map_or_else(|| deeper(outer), str::to_owned);
                let new = written(path, text, ty, &prefix, Some((&indent, line_end)));
                Edit { span: Span::at(at), text: format!("{line_end}{new}") }
            }
            (None, _) => Edit { span: Span::at(from), text: written(path, text, ty, &prefix, None) },
        }
    }
}

/// Whether the elements of a path that are to be made need nothing else in them but what has a documented default.
fn may_be_made(ty: &ComplexType, path: &str) -> Result<(), Obstacle> {
    let Some((name, below)) = path.split_once('/') else { return Ok(()) };
    let Some(Kind::Complex(inner)) = ty.element(name).map(|element| element.kind) else { return Ok(()) };
    let next = below.split('/').next().unwrap_or(below);
    if inner.elements.iter().any(|element| element.required && element.name != next && default(inner, element.name).is_none()) {
        return Err(Obstacle::NoParent(name.to_owned()));
    }
    may_be_made(inner, below)
}

/// What an element is where the file does not state it, of those that their parents must have (Metadata API Developer Guide,
/// `ConnectedAppOauthPolicy`).
const DEFAULTS: [(&str, &str, &str); 2] =
    [("ConnectedAppOauthPolicy", "ipRelaxation", "ENFORCE"), ("ConnectedAppOauthPolicy", "refreshTokenPolicy", "infinite")];

fn default(ty: &ComplexType, name: &str) -> Option<&'static str> {
    DEFAULTS.iter().find(|(of, element, _)| *of == ty.name && *element == name).map(|(_, _, text)| *text)
}

/// The elements of a path around a text: on lines of their own with this indentation and line end, or all in one line. What the new ones of
/// them must have beside it is stated, as it is by default.
fn written(path: &str, text: &str, ty: &ComplexType, prefix: &str, lines: Option<(&str, &str)>) -> String {
    let indent = lines.map_or("", |(indent, _)| indent);
    let Some((name, below)) = path.split_once('/') else {
        return format!("{indent}<{prefix}{path}>{}</{prefix}{path}>", escaped(text));
    };
    let line_end = lines.map_or("", |(_, line_end)| line_end);
    let inner_indent = lines.map(|(indent, line_end)| (Cow::from(deeper(indent)), line_end));
    let inner_lines = inner_indent.as_ref().map(|(indent, line_end)| (&**indent, *line_end));
    let inner_ty = match ty.element(name).map(|element| element.kind) {
        Some(Kind::Complex(inner)) => inner,
        _ => ty,
    };
    let next = below.split('/').next().unwrap_or(below);
    let all = inner_ty.elements.iter().filter_map(|element| match element.name {
        it if it == next => Some(written(below, text, inner_ty, prefix, inner_lines)),
        it if element.required => Some(written(it, default(inner_ty, it)?, inner_ty, prefix, inner_lines)),
        _ => None,
    });
    let inner = all.collect::<Vec<_>>().join(line_end);
    format!("{indent}<{prefix}{name}>{line_end}{inner}{line_end}{indent}</{prefix}{name}>")
}
