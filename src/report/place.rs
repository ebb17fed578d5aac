//! Where services that show files show what is said of one: a path in the checkout, with line and column where they are known.

use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, Subject};
use crate::inventory::Origin;
use crate::source::{Location, Position};

/// A place as services want it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The file, or the component of an org; may be empty.
    pub(super) path: String,
    /// Whether an org told of it, so that no file has it.
    pub(super) of_org: bool,
    /// The first character; none where it is about the whole file. Columns count characters from 1.
    pub(super) start: Option<Position>,
    /// The place after the last character; none where the text was not kept.
    pub(super) end: Option<Position>,
}

impl Place {
    /// Where to look first: the first evidence with a place, or else the subject.
    pub(super) fn of_finding(finding: &Finding) -> Self {
        let first = finding.evidence.iter().find_map(|evidence| evidence.origin.as_ref()).map(Origin::location);
        first.map_or_else(|| Self::of_subject(&finding.subject), Self::of_location)
    }

    /// The file of a subject.
    pub(super) fn of_subject(subject: &Subject) -> Self {
        Self { path: relative(&subject.path), of_org: !subject.org.is_empty(), ..Self::default() }
    }

    /// Where something could not be read, if that is known.
    pub(super) fn of_problem(diagnostic: &Diagnostic) -> Option<Self> {
        diagnostic.location.as_ref().map(Self::of_location)
    }

    /// A location. An object of an org has no lines that anybody could open.
    pub(super) fn of_location(location: &Location) -> Self {
        let of_org = location.answer().is_some();
        Self {
            path: relative(location.path()),
            of_org,
            start: (!of_org).then(|| location.position()),
            end: location.text().filter(|_| !of_org).map(|text| text.position(location.span().end)),
        }
    }

    /// The file, where there is one that a service can show.
    pub(super) fn file(&self) -> Option<&str> {
        (!self.of_org && !self.path.is_empty()).then_some(self.path.as_str())
    }

    /// The line, or the first where it is about the whole.
    pub(super) fn line(&self) -> usize {
        self.start.map_or(1, |start| start.line)
    }

    /// `path:line:column`, or as much of it as is known.
    pub(super) fn in_words(&self) -> String {
        match self.start {
            Some(start) => format!("{}:{}:{}", self.path, start.line, start.column),
            None => self.path.clone(),
        }
    }
}

/// A path as services compare it with those of their checkout: forward slashes, and no `./` in front.
pub(super) fn relative(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(after) = rest.strip_prefix("./").filter(|after| !after.is_empty()) {
        rest = after;
    }
    rest.to_owned()
}
