use std::sync::Arc;

use super::{ComplexType, ElementType, Kind};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::inventory::{Origin, Reason};
use crate::source::xml::Element;
use crate::source::{Location, SourceText, Span};

/// One component as its file has it: every element, with its place, read against its type.
#[derive(Clone, Debug)]
pub struct Record {
    source: Arc<SourceText>,
    root: Element,
    ty: &'static ComplexType,
}

/// What a file says of one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated<T> {
    /// Nothing. The origin is the place where the element would stand.
    Absent(Origin),
    /// This value.
    Value(T, Origin),
    /// Something that is no value of the element's type, or several things at once.
    Unusable(Reason, Origin),
}

impl<T> Stated<T> {
    /// The value, if the file states a usable one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value, _) => Some(value),
            _ => None,
        }
    }
}

impl Record {
    /// Wraps a parsed file of the given type.
    #[must_use]
    pub const fn new(source: Arc<SourceText>, root: Element, ty: &'static ComplexType) -> Self {
        Self { source, root, ty }
    }

    /// The type the file was read as.
    #[must_use]
    pub const fn metadata_type(&self) -> &'static ComplexType {
        self.ty
    }

    /// The file's path, as shown.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        self.source.name()
    }

    /// The text the record was read from.
    #[must_use]
    pub const fn source(&self) -> &Arc<SourceText> {
        &self.source
    }

    /// The parsed file.
    #[must_use]
    pub const fn root(&self) -> &Element {
        &self.root
    }

    /// Everything in the file that is not as its type has it: elements and values that are not known, elements given twice. Salesforce
    /// adds elements three times a year, so these are warnings.
    #[must_use]
    pub fn oddities(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        self.examine(&self.root, self.ty, &mut found);
        found
    }

    /// Every element at a path such as `oauthConfig/scopes`, in file order.
    #[must_use]
    pub fn elements(&self, path: &str) -> Vec<&Element> {
        let mut found = vec![&self.root];
        for name in path.split('/') {
            found = found.into_iter().flat_map(|parent| &parent.children).filter(|child| child.name == name).collect();
        }
        found
    }

    /// Whether the file has the element at all, empty or not.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        !self.elements(path).is_empty()
    }

    /// The first API version that has everything on a path.
    #[must_use]
    pub fn since(&self, path: &str) -> u16 {
        self.ty.since(path)
    }

    /// Where an element's text stands; the element itself where it has none.
    #[must_use]
    pub fn place(&self, element: &Element) -> Location {
        let raw = self.source.slice(element.inner);
        let text = raw.trim();
        if text.is_empty() {
            return Location::new(&self.source, element.span);
        }
        let start = element.inner.start + (raw.len() - raw.trim_start().len());
        Location::new(&self.source, Span::new(start, start + text.len()))
    }

    /// The one text at a path. Empty elements count as absent: that is how Salesforce writes "none".
    #[must_use]
    pub fn text(&self, path: &str) -> Stated<String> {
        self.single(path, |text| Ok(text.to_owned()))
    }

    /// The one boolean at a path.
    #[must_use]
    pub fn boolean(&self, path: &str) -> Stated<bool> {
        self.single(path, parse_bool)
    }

    /// The one whole number at a path.
    #[must_use]
    pub fn integer(&self, path: &str) -> Stated<i64> {
        self.single(path, parse_int)
    }

    /// All texts at a path, in file order, empty elements dropped.
    #[must_use]
    pub fn texts(&self, path: &str) -> Vec<(String, Origin)> {
        self.elements(path)
            .into_iter()
            .filter(|element| !element.trimmed().is_empty())
            .map(|element| (element.trimmed().to_owned(), Origin::Stated(self.place(element))))
            .collect()
    }

    /// The parts of the texts at a path, each with its own place. `split` gives byte ranges of a text.
    #[must_use]
    pub fn parts(&self, path: &str, split: impl Fn(&str) -> Vec<std::ops::Range<usize>>) -> Vec<(String, Origin)> {
        let mut parts = Vec::new();
        for element in self.elements(path) {
            let raw = self.source.slice(element.inner);
            // Without comments, entities and CDATA the file's spelling is the text, and each part has a place of its own.
            if raw.contains(['<', '&']) {
                let place = Origin::Stated(self.place(element));
                parts.extend(
                    split(&element.text).into_iter().filter_map(|range| Some((element.text.get(range)?.to_owned(), place.clone()))),
                );
            } else {
                parts.extend(split(raw).into_iter().filter_map(|range| {
                    let text = raw.get(range.clone())?.to_owned();
                    let span = Span::new(element.inner.start + range.start, element.inner.start + range.end);
                    Some((text, Origin::Stated(Location::new(&self.source, span))))
                }));
            }
        }
        parts
    }

    /// The place where an element would stand if the file had it: after the last element that comes before it in the schema.
    #[must_use]
    pub fn missing(&self, path: &str) -> Origin {
        let (mut parent, mut ty) = (&self.root, self.ty);
        for name in path.split('/') {
            match (parent.children_named(name).last(), ty.element(name).map(|element| element.kind)) {
                (Some(child), Some(Kind::Complex(inner))) => (parent, ty) = (child, inner),
                _ => return self.insertion(parent, ty, name),
            }
        }
        self.insertion(parent, ty, "")
    }

    /// The place right after another one of this file.
    #[must_use]
    pub fn after(&self, origin: &Origin) -> Origin {
        Origin::Absent(Location::new(&self.source, Span::at(origin.location().span().end)))
    }

    fn insertion(&self, parent: &Element, ty: &ComplexType, name: &str) -> Origin {
        let rank = ty.rank(name);
        let before = parent.children.iter().filter(|child| ty.rank(&child.name) <= rank).map(|child| child.span.end).max();
        Origin::Absent(Location::new(&self.source, Span::at(before.unwrap_or(parent.inner.start))))
    }

    fn single<T: PartialEq>(&self, path: &str, parse: impl Fn(&str) -> Result<T, Reason>) -> Stated<T> {
        let mut result: Option<Stated<T>> = None;
        for element in self.elements(path).into_iter().filter(|element| !element.trimmed().is_empty()) {
            let origin = Origin::Stated(self.place(element));
            let stated = match parse(element.trimmed()) {
                Ok(value) => Stated::Value(value, origin),
                Err(reason) => Stated::Unusable(reason, origin),
            };
            result = Some(match result {
                Some(earlier) if earlier.value() != stated.value() => Stated::Unusable(
                    format!("`{path}` is given more than once, with different values").into(),
                    Origin::Stated(self.place(element)),
                ),
                _ => stated,
            });
        }
        result.unwrap_or_else(|| Stated::Absent(self.missing(path)))
    }

    fn examine(&self, parent: &Element, ty: &'static ComplexType, found: &mut Vec<Diagnostic>) {
        for (index, child) in parent.children.iter().enumerate() {
            let Some(element) = ty.element(&child.name) else {
                if ty.closed {
                    found.push(self.unknown_element(child, ty));
                }
                continue;
            };
            if !element.many && parent.children.iter().take(index).any(|earlier| earlier.name == child.name) {
                found.push(
                    Diagnostic::warning(format!("`{}` is given more than once in `{}`", child.name, parent.name))
                        .at(Location::new(&self.source, child.name_span)),
                );
            }
            if let Kind::Complex(inner) = element.kind {
                self.examine(child, inner, found);
            } else if let Some(oddity) = self.odd_value(child, element) {
                found.push(oddity);
            }
        }
    }

    fn unknown_element(&self, child: &Element, ty: &ComplexType) -> Diagnostic {
        let diagnostic = Diagnostic::warning(format!("`{}` is not an element of {} that this version knows", child.name, ty.name))
            .at(Location::new(&self.source, child.name_span))
            .label("not read");
        match did_you_mean(&child.name, ty.elements.iter().map(|element| element.name)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        }
    }

    fn odd_value(&self, child: &Element, element: &ElementType) -> Option<Diagnostic> {
        let value = child.trimmed();
        let problem = match element.kind {
            _ if value.is_empty() => None,
            Kind::Bool => parse_bool(value).err(),
            Kind::Int => parse_int(value).err(),
            Kind::Enum(words) if !words.contains(&value) => {
                Some(Reason::from(format!("`{value}` is not a value of `{}` that this version knows", element.name)))
            }
            _ => None,
        }?;
        let diagnostic = Diagnostic::warning(problem.to_string()).at(self.place(child));
        let words = if let Kind::Enum(words) = element.kind { words } else { &[] };
        Some(match did_you_mean(value, words.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        })
    }
}

fn parse_bool(text: &str) -> Result<bool, Reason> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(format!("`{other}` is neither true nor false").into()),
    }
}

fn parse_int(text: &str) -> Result<i64, Reason> {
    text.parse().map_err(|_| format!("`{text}` is not a whole number").into())
}
