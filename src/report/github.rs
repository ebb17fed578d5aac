//! Workflow commands of GitHub Actions, which become annotations of the files they are about.
//!
//! The runner splits a command at `::`, its properties at `,` and `=`, and decodes a few percent signs afterwards
//! (`ActionCommand.cs` of actions/runner); what others wrote can therefore be neither a command nor a property of one.

use std::fmt::Write as _;

use super::place::Place;
use super::summary::plural;
use super::words::{by_severity, limit, problem, rules_of, said, short_line, short_lines};
use super::{Report, untrusted};
use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, Severity};
use crate::gate::{LimitState, Threshold as Limit};

/// Annotations of each kind that GitHub shows of one step.
const SHOWN: usize = 10;
/// Characters of a message; longer ones hide the others.
const MAX_MESSAGE: usize = 2000;
/// Characters of a title.
const MAX_TITLE: usize = 200;

/// The kinds of annotations, worst first.
const KINDS: [&str; 3] = ["error", "warning", "notice"];

/// An annotation, and the finding it is of.
struct Annotation<'r> {
    kind: &'static str,
    place: Option<Place>,
    title: String,
    message: String,
    finding: Option<&'r Finding>,
}

/// A command for each limit on a deployment that is not kept and for what is not known, then one for each finding that counts, the worst first, and one that counts those GitHub would not show.
#[must_use]
pub fn render(report: &Report) -> String {
    let findings = report.counting().into_iter().map(of_finding);
    let all: Vec<Annotation<'_>> =
        report.limits().map(of_limit).chain(unread(report)).chain(undecided(report)).chain(findings).collect();
    let of_kind = |kind: &'static str| all.iter().filter(move |annotation| annotation.kind == kind);
    let overflows = KINDS.iter().any(|kind| of_kind(kind).count() > SHOWN);
    let mut out = String::new();
    let mut hidden = Vec::new();
    for kind in KINDS {
        // The last line is a notice, too.
        let room = if overflows && kind == "notice" { SHOWN - 1 } else { SHOWN };
        of_kind(kind).take(room).for_each(|annotation| push(&mut out, annotation));
        hidden.extend(of_kind(kind).skip(room).filter_map(|annotation| annotation.finding));
    }
    if !hidden.is_empty() {
        push(&mut out, &more(&hidden));
    }
    out
}

fn of_finding(finding: &Finding) -> Annotation<'_> {
    let place = Place::of_finding(finding);
    let remedy = &finding.remediation;
    let (how, steps) = match (place.file(), remedy.metadata.trim(), remedy.setup.trim()) {
        (Some(_), steps, _) | (None, steps, "") if !steps.is_empty() => ("In metadata", steps),
        (_, _, steps) => ("In Setup", steps),
    };
    let help = if steps.is_empty() { String::new() } else { format!("\n{how}: {steps}") };
    Annotation {
        kind: kind(finding.severity),
        place: Some(place),
        title: format!("{}: {} ({})", finding.severity, finding.title, finding.rule),
        message: format!("{}{help}", said(finding)),
        finding: Some(finding),
    }
}

fn of_limit<'r>(it: &Limit) -> Annotation<'r> {
    let kind = if it.state == LimitState::Crossed { "error" } else { "warning" };
    let title = format!("orgwarden: {}", it.name);
    Annotation { kind, place: None, title, message: limit(it), finding: None }
}

/// One for all that could not be read: they are not what a deployment is about, and must not take the room of findings.
fn unread(report: &Report) -> Option<Annotation<'_>> {
    let mut unread = report.unread();
    let first: &Diagnostic = unread.next()?;
    let more = unread.count();
    let others = if more == 0 { String::new() } else { format!("\nand {more} more {}", plural(more, "problem", "problems")) };
    Some(Annotation {
        kind: "error",
        place: Place::of_problem(first),
        title: "orgwarden: the audit is incomplete".to_owned(),
        message: format!("{}{others}", problem(first)),
        finding: None,
    })
}

fn undecided(report: &Report) -> Option<Annotation<'_>> {
    let reasons = report.undecided();
    let (reason, verdicts) = reasons.iter().max_by_key(|(_, verdicts)| verdicts.len())?;
    let all: usize = reasons.values().map(Vec::len).sum();
    let others = all - verdicts.len();
    let others = if others == 0 { String::new() } else { format!("\nand {others} more for other reasons") };
    let what = plural(all, "verdict", "verdicts");
    Some(Annotation {
        kind: "warning",
        place: None,
        title: format!("orgwarden: {all} {what} undecided; undecided is not passed"),
        message: format!("{reason}: {}{others}", rules_of(verdicts)),
        finding: None,
    })
}

fn more(hidden: &[&Finding]) -> Annotation<'static> {
    let (count, what) = (hidden.len(), plural(hidden.len(), "finding", "findings"));
    Annotation {
        kind: "notice",
        place: None,
        title: "orgwarden".to_owned(),
        message: format!("{count} more {what} without an annotation: {}", by_severity(hidden.iter().copied())),
        finding: None,
    }
}

fn push(out: &mut String, annotation: &Annotation<'_>) {
    let mut properties = Vec::new();
    if let Some((place, file)) = annotation.place.as_ref().and_then(|place| Some((place, place.file()?))) {
        properties.push(("file", untrusted::line(file).into_owned()));
        properties.extend(position(place));
    }
    properties.push(("title", short_line(annotation.title.trim(), MAX_TITLE)));
    let properties: Vec<String> = properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let message = data(&short_lines(annotation.message.trim(), MAX_MESSAGE));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "::{} {}::{message}", annotation.kind, properties.join(","));
}

/// Lines, and columns where all is on one line: the runner takes them for a mistake otherwise.
fn position(place: &Place) -> Vec<(&'static str, String)> {
    let Some(start) = place.start else { return Vec::new() };
    let mut all = vec![("line", start.line.to_string())];
    match place.end {
        Some(end) if end.line > start.line => all.push(("endLine", end.line.to_string())),
        Some(end) => {
            all.push(("endLine", end.line.to_string()));
            all.push(("col", start.column.to_string()));
            all.push(("endColumn", end.column.to_string()));
        }
        None => all.push(("col", start.column.to_string())),
    }
    all
}

/// Text behind the second `::`, on one line; no command to the runner of somebody else either.
fn data(text: &str) -> String {
    untrusted::log(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

const fn kind(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}
