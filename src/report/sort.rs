//! The orders a report can be in.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Report;
use crate::finding::{Finding, Severity, Subject};
use crate::inventory::blast_radius::BlastLevel;

/// What comes first in a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Sort {
    /// By app, in the order of their paths.
    #[default]
    App,
    /// The worst findings first.
    Severity,
    /// The apps that open most of the org first.
    BlastRadius,
}

/// What stands before the usual order of findings.
type Key = (Reverse<Option<BlastLevel>>, Reverse<Option<Severity>>);

impl Report {
    /// What puts a finding before others, ahead of the usual order.
    pub(super) fn key(&self, finding: &Finding) -> Key {
        self.key_of(&finding.subject, Some(finding.severity))
    }

    /// The subjects something is said about, in the order of the report.
    pub(super) fn subjects(&self) -> Vec<&Subject> {
        let findings = self.findings.iter().map(|finding| (&finding.subject, Some(finding.severity)));
        let waived = self.waived.iter().map(|waived| (&waived.finding.subject, None));
        let unknown = self.unknown.iter().map(|undecided| (&undecided.subject, None));
        let mut worst: BTreeMap<&Subject, Option<Severity>> = BTreeMap::new();
        for (subject, severity) in findings.chain(waived).chain(unknown) {
            let entry = worst.entry(subject).or_default();
            *entry = (*entry).max(severity);
        }
        let mut subjects: Vec<_> = worst.into_iter().collect();
        subjects.sort_by_key(|(subject, worst)| (self.key_of(subject, *worst), super::subject_order(subject)));
        subjects.into_iter().map(|(subject, _)| subject).collect()
    }

    fn key_of(&self, subject: &Subject, severity: Option<Severity>) -> Key {
        let radius = self.blast_radius.get(subject).map(|radius| radius.least);
        match self.sort {
            Sort::App => (Reverse(None), Reverse(None)),
            Sort::Severity => (Reverse(None), Reverse(severity)),
            Sort::BlastRadius => (Reverse(radius), Reverse(severity)),
        }
    }
}
