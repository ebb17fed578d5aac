//! How the two sides are spoken of: as before and after, or as a source and its org.

use super::Comparison;
use crate::compare::When;
use crate::finding::Severity;

/// What is said of the sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    source: Option<When>,
}

impl Words {
    pub(super) const fn of(comparison: &Comparison) -> Self {
        Self { source: comparison.difference.source }
    }

    /// Whether files are held against an org.
    pub(super) const fn is_drift(self) -> bool {
        self.source.is_some()
    }

    /// `before`, or `in the source`.
    pub(super) fn on(self, when: When) -> &'static str {
        match self.source {
            None => when.as_str(),
            Some(source) if source == when => "in the source",
            Some(_) => "in the org",
        }
    }

    /// Which side is files, where the other is an org.
    pub(super) const fn source(self) -> Option<When> {
        self.source
    }

    /// A column that says where something was seen.
    pub(super) fn seen(self, when: When) -> &'static str {
        match self.source {
            None => when.as_str(),
            Some(source) if source == when => "source",
            Some(_) => "org",
        }
    }

    /// What an app is that is on one side alone.
    pub(super) fn alone(self, when: When) -> &'static str {
        match (self.source, when) {
            (None, When::Before) => "removed",
            (None, When::After) => "added",
            (Some(source), when) if source == when => "in the source, not in the org",
            (Some(_), _) => "in the org, not in the source",
        }
    }

    /// What a finding is that is on one side alone.
    pub(super) fn finding_alone(self, when: When) -> &'static str {
        match (self.source, when) {
            (None, When::Before) => "Fixed",
            (None, When::After) => "New",
            (Some(source), when) if source == when => "Found in the source alone",
            (Some(_), _) => "Found in the org alone",
        }
    }

    /// What a finding is that is worse, or better, on the second side.
    pub(super) fn moved(self, worse: bool) -> &'static str {
        match (self.source, worse) {
            (None, true) => "Worse",
            (None, false) => "Better",
            (Some(When::Before), true) | (Some(When::After), false) => "Worse in the org",
            (Some(When::Before), false) | (Some(When::After), true) => "Worse in the source",
        }
    }

    /// What a finding was, or is on the first side.
    pub(super) fn was(self, severity: Severity) -> String {
        match self.source {
            None => format!(", was {severity}"),
            Some(_) => format!(", {severity} {}", self.on(When::Before)),
        }
    }

    /// The beginning of what is assigned on one side alone.
    pub(super) fn assigned_alone(self, when: When) -> &'static str {
        match (self.source, when) {
            (None, When::Before) => "No longer assigned",
            (None, When::After) => "Assigned now",
            (Some(source), when) if source == when => "Assigned in the source, not in the org",
            (Some(_), _) => "Assigned in the org, not in the source",
        }
    }
}
