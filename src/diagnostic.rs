//! A problem in text someone wrote, or a thing that could not be read.
//!
//! A diagnostic is data, not a Rust error: the audit goes on, the diagnostic is shown, and where it leaves a hole in what
//! was asked for it makes the audit incomplete.

use crate::source::Location;

/// How bad a diagnostic is for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; changes nothing (an element this version does not know, a file left out).
    Warning,
    /// Something asked for could not be read: the audit is incomplete.
    Error,
}

/// One problem, with its place where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// What is wrong, in one sentence without a full stop.
    pub title: String,
    /// Where it is.
    pub location: Option<Location>,
    /// What to say at the place itself; empty for nothing more than the title.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem that leaves a hole in what was asked for.
    #[must_use]
    pub fn error(title: impl Into<String>) -> Self {
        Self { level: Level::Error, title: title.into(), location: None, label: String::new(), help: None }
    }

    /// A problem worth telling that leaves no hole.
    #[must_use]
    pub fn warning(title: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(title) }
    }

    /// The same with its place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same with a note to print at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether one of them leaves a hole in what was asked for.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
}

/// A file that was found and not audited, on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// The file.
    pub path: String,
    /// Why, naming the pattern that decided it where there is one.
    pub reason: String,
}

/// The candidate that `written` was probably meant to be, if one is close enough to be worth suggesting.
///
/// Distance is counted without regard to case; at most a third of the letters may differ.
#[must_use]
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
