//! A report of Bitbucket's Code Insights with its annotations, in the two forms that its API takes them in.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::identity::Identities;
use super::place::Place;
use super::summary::plural;
use super::words::{about, by_severity, limit, problem, said, short_line, short_lines};
use super::{Report, untrusted};
use crate::finding::{Effect, Finding, Severity, Undecided};
use crate::gate::LimitState;

/// Annotations of one report.
const MAX_ANNOTATIONS: usize = 1000;
/// Characters of a summary.
const MAX_SUMMARY: usize = 450;
/// Characters of details.
const MAX_DETAILS: usize = 2000;

#[derive(Serialize)]
struct Document {
    report: Insight,
    annotations: Vec<Annotation>,
}

#[derive(Serialize)]
struct Insight {
    title: &'static str,
    details: String,
    report_type: &'static str,
    reporter: &'static str,
    result: &'static str,
    data: Vec<Datum>,
}

#[derive(Serialize)]
struct Datum {
    title: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    value: usize,
}

#[derive(Serialize)]
struct Annotation {
    external_id: String,
    #[serde(rename = "annotation_type")]
    kind: &'static str,
    summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    details: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

/// `report` for one request, `annotations` for requests of a hundred each; indented, with a line end.
///
/// # Errors
///
/// None that is known: nothing here has a key or a number that JSON cannot hold.
pub fn render(report: &Report) -> io::Result<String> {
    let all = annotations(report);
    let left_out = all.len().saturating_sub(MAX_ANNOTATIONS);
    let document = Document { report: insight(report, left_out), annotations: all.into_iter().take(MAX_ANNOTATIONS).collect() };
    let mut text = untrusted::json(&serde_json::to_string_pretty(&document)?).into_owned();
    text.push('\n');
    Ok(text)
}

fn insight(report: &Report, left_out: usize) -> Insight {
    let counting = report.counting();
    let undecided: usize = report.undecided().values().map(Vec::len).sum();
    let mut details = match by_severity(counting.iter().copied()).as_str() {
        "" => "No findings.".to_owned(),
        counts => format!("Findings: {counts}."),
    };
    if report.gaps() > 0 {
        let what = plural(report.gaps(), "problem", "problems");
        // Writing to a String cannot fail.
        let _ = write!(details, " Incomplete: {} {what} kept something from being read.", report.gaps());
    }
    if left_out > 0 {
        let _ = write!(details, " {left_out} more have no annotation, because a report has room for {MAX_ANNOTATIONS}.");
    }
    let number = |title, value| Datum { title, kind: "NUMBER", value };
    Insight {
        title: "orgwarden",
        details,
        report_type: "SECURITY",
        reporter: "orgwarden",
        result: if report.is_failed() { "FAILED" } else { "PASSED" },
        data: vec![
            number("Apps", report.apps),
            number("Findings", counting.len()),
            number("Undecided", undecided),
            number("Could not be read", report.gaps()),
            number("Known", report.findings.len() - counting.len()),
            number("Waived", report.waived.len()),
        ],
    }
}

fn annotations(report: &Report) -> Vec<Annotation> {
    let mut identities = Identities::of(report);
    let mut all = Vec::new();
    for it in report.limits() {
        let severity = if it.state == LimitState::Crossed { "CRITICAL" } else { "LOW" };
        let id = identities.of_text(&["deployment", &it.name]);
        all.push(Annotation::new(&id, "VULNERABILITY", severity, &limit(it), "", &Place::default()));
    }
    for diagnostic in report.unread() {
        let place = Place::of_problem(diagnostic).unwrap_or_default();
        let id = identities.of_text(&["incomplete", &place.path, &diagnostic.title]);
        let summary = format!("the audit is incomplete: {}", problem(diagnostic));
        all.push(Annotation::new(&id, "BUG", "HIGH", &summary, "", &place));
    }
    all.extend(report.counting().into_iter().map(|finding| of_finding(finding, &mut identities)));
    let undecided = report.unknown.iter().filter(|undecided| !undecided.is_known());
    all.extend(undecided.map(|undecided| of_undecided(undecided, &mut identities)));
    all
}

fn of_finding(finding: &Finding, identities: &mut Identities<'_>) -> Annotation {
    let id = identities.of_verdict(&finding.fingerprint, &finding.subject);
    let kind = match finding.effect {
        Effect::Broken => "BUG",
        Effect::Unsafe => "VULNERABILITY",
    };
    let severity = match finding.severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low | Severity::Info => "LOW",
    };
    let remedy = &finding.remediation;
    let steps = [("In metadata", remedy.metadata.trim()), ("In Setup", remedy.setup.trim())];
    let steps = steps.iter().filter(|(_, text)| !text.is_empty()).map(|(heading, text)| format!("{heading}: {text}"));
    let details = steps.collect::<Vec<_>>().join("\n");
    Annotation::new(&id, kind, severity, &format!("{}: {}", finding.rule, said(finding)), &details, &Place::of_finding(finding))
}

fn of_undecided(undecided: &Undecided, identities: &mut Identities<'_>) -> Annotation {
    let id = identities.of_verdict(&undecided.fingerprint, &undecided.subject);
    let text = about(&undecided.subject, &format!("could not be decided: {}", undecided.reason));
    Annotation::new(&id, "CODE_SMELL", "LOW", &format!("{}: {text}", undecided.rule), "", &Place::of_subject(&undecided.subject))
}

impl Annotation {
    fn new(id: &str, kind: &'static str, severity: &'static str, summary: &str, details: &str, place: &Place) -> Self {
        let path = place.file().map(str::to_owned);
        Self {
            external_id: format!("orgwarden-{id}"),
            kind,
            summary: short_line(summary, MAX_SUMMARY),
            details: short_lines(details, MAX_DETAILS),
            severity,
            line: path.is_some().then_some(place.start).flatten().map(|start| start.line),
            path,
        }
    }
}
