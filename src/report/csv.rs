//! One row for each finding, waived or not, each verdict that could not be decided and each thing that could not be read.

use super::place::Place;
use super::words::{limit, problem};
use super::{Report, Waived, untrusted};
use crate::diagnostic::Diagnostic;
use crate::finding::{BaselineState, Finding, Subject, Undecided};
use crate::inventory::contract::Criticality;

const COLUMNS: [&str; 23] = [
    "verdict",
    "baseline",
    "severity",
    "effect",
    "rule",
    "title",
    "kind",
    "name",
    "label",
    "org",
    "path",
    "line",
    "column",
    "message",
    "owner",
    "criticality",
    "vendor",
    "waiver_status",
    "waiver_until",
    "waiver_owner",
    "waiver_ticket",
    "waiver_reason",
    "fingerprint",
];

/// A row; what does not apply is empty.
#[derive(Default)]
struct Row<'r> {
    verdict: &'static str,
    baseline: Option<BaselineState>,
    severity: &'static str,
    effect: &'static str,
    rule: &'r str,
    title: &'r str,
    subject: Option<&'r Subject>,
    place: Place,
    message: String,
    waiver: Option<&'r Waived>,
    fingerprint: &'r str,
}

/// The report as CSV (RFC 4180), with a header.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = COLUMNS.join(",");
    out.push('\n');
    let failed = report.findings.iter().map(|finding| of_finding("fail", finding));
    let waived = report.waived.iter().map(|waived| Row { waiver: Some(waived), ..of_finding("waived", &waived.finding) });
    let unknown = report.unknown.iter().map(|undecided| of_undecided(undecided, report));
    let limits = report.limits().map(|it| Row { verdict: "limit", message: limit(it), ..Row::default() });
    let rows = limits.chain(report.unread().map(of_gap)).chain(failed).chain(waived).chain(unknown);
    rows.for_each(|row| push(&mut out, &row));
    out
}

fn of_finding<'r>(verdict: &'static str, finding: &'r Finding) -> Row<'r> {
    Row {
        verdict,
        baseline: finding.baseline,
        severity: finding.severity.as_str(),
        effect: finding.effect.as_str(),
        rule: &finding.rule,
        title: &finding.title,
        subject: Some(&finding.subject),
        place: Place::of_finding(finding),
        message: finding.message.clone(),
        waiver: None,
        fingerprint: &finding.fingerprint,
    }
}

fn of_undecided<'r>(undecided: &'r Undecided, report: &'r Report) -> Row<'r> {
    let rule = report.rules.iter().find(|rule| rule.id == undecided.rule);
    Row {
        verdict: "unknown",
        baseline: undecided.baseline,
        rule: &undecided.rule,
        title: rule.map(|rule| rule.title.as_str()).unwrap_or_default(),
        subject: Some(&undecided.subject),
        place: Place::of_subject(&undecided.subject),
        message: undecided.reason.to_string(),
        fingerprint: &undecided.fingerprint,
        ..Row::default()
    }
}

fn of_gap(diagnostic: &Diagnostic) -> Row<'_> {
    let place = Place::of_problem(diagnostic).unwrap_or_default();
    Row { verdict: "gap", place, message: problem(diagnostic), ..Row::default() }
}

fn push(out: &mut String, row: &Row<'_>) {
    let of_subject = |read: fn(&Subject) -> &str| row.subject.map(read).unwrap_or_default();
    let of_waiver = |read: fn(&Waived) -> &str| row.waiver.map(read).unwrap_or_default();
    let number =
        |read: fn(crate::source::Position) -> usize| row.place.start.map(read).map(|it| it.to_string()).unwrap_or_default();
    let (line, column) = (number(|start| start.line), number(|start| start.column));
    let criticality = row.subject.and_then(|subject| subject.governance.criticality).map(Criticality::as_str);
    let cells: [&str; COLUMNS.len()] = [
        row.verdict,
        row.baseline.map(BaselineState::as_str).unwrap_or_default(),
        row.severity,
        row.effect,
        row.rule,
        row.title,
        of_subject(|subject| subject.kind),
        of_subject(|subject| &subject.name),
        of_subject(|subject| &subject.label),
        of_subject(|subject| &subject.org),
        &row.place.path,
        &line,
        &column,
        &row.message,
        of_subject(|subject| &subject.governance.owner),
        criticality.unwrap_or_default(),
        of_subject(|subject| &subject.governance.vendor),
        of_waiver(|waived| waived.status.as_str()),
        of_waiver(|waived| &waived.until),
        of_waiver(|waived| &waived.owner),
        of_waiver(|waived| &waived.ticket),
        of_waiver(|waived| &waived.reason),
        row.fingerprint,
    ];
    out.push_str(&cells.map(untrusted::csv_cell).join(","));
    out.push('\n');
}
