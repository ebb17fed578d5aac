//! The Code Quality report of GitLab: what counts, what could not be decided and what could not be read.
//!
//! GitLab stops reading at the first entry that does not fit, and takes entries with one fingerprint for the same.

use std::io;

use serde::Serialize;

use super::identity::Identities;
use super::place::Place;
use super::words::{about, limit, problem, said, short_lines};
use super::{Report, untrusted};
use crate::finding::Severity;
use crate::gate::LimitState;

/// Characters of a description.
const MAX_DESCRIPTION: usize = 2000;

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
}

/// The entries, indented, with a line end. There is no word for what is accepted or known, so that it is left out.
///
/// # Errors
///
/// None that is known: nothing here has a key or a number that JSON cannot hold.
pub fn render(report: &Report) -> io::Result<String> {
    let mut text = untrusted::json(&serde_json::to_string_pretty(&entries(report))?).into_owned();
    text.push('\n');
    Ok(text)
}

fn entries(report: &Report) -> Vec<Entry> {
    let mut identities = Identities::of(report);
    let mut entries = Vec::new();
    for it in report.limits() {
        let severity = if it.state == LimitState::Crossed { "blocker" } else { "info" };
        let fingerprint = identities.of_text(&["deployment", &it.name]);
        entries.push(Entry::new("deployment", severity, fingerprint, &limit(it), &Place::default()));
    }
    for diagnostic in report.unread() {
        let place = Place::of_problem(diagnostic).unwrap_or_default();
        let fingerprint = identities.of_text(&["incomplete", &place.path, &diagnostic.title]);
        let text = format!("the audit is incomplete: {}", problem(diagnostic));
        entries.push(Entry::new("incomplete", "critical", fingerprint, &text, &place));
    }
    for finding in report.counting() {
        let fingerprint = identities.of_verdict(&finding.fingerprint, &finding.subject);
        let place = Place::of_finding(finding);
        entries.push(Entry::new(&finding.rule, severity(finding.severity), fingerprint, &said(finding), &place));
    }
    for undecided in report.unknown.iter().filter(|undecided| !undecided.is_known()) {
        let fingerprint = identities.of_verdict(&undecided.fingerprint, &undecided.subject);
        let text = about(&undecided.subject, &format!("could not be decided: {}", undecided.reason));
        entries.push(Entry::new(&undecided.rule, "info", fingerprint, &text, &Place::of_subject(&undecided.subject)));
    }
    entries
}

impl Entry {
    fn new(check: &str, severity: &'static str, fingerprint: String, text: &str, place: &Place) -> Self {
        let path = if place.path.is_empty() { ".".to_owned() } else { place.path.clone() };
        Self {
            description: short_lines(text.trim(), MAX_DESCRIPTION),
            check_name: check.to_owned(),
            fingerprint,
            severity,
            location: Location { path, lines: Lines { begin: place.line(), end: place.end.map(|end| end.line) } },
        }
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
