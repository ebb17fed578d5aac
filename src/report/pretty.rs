//! For people at a terminal: findings by app, each with the lines it is about and what to do.
//!
//! Two hundred findings must not become a wall: what repeats is folded, and each remedy is told once when there are many.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use annotate_snippets::Level as Colour;

use super::excerpt::{self, Mark};
use super::style::{ARROW, BOLD, DIM, ERROR, HELP, Style, WARNING, hang, hang_from, of_severity};
use super::summary::{self, plural};
use super::{Report, Waived, asked, baseline, deployment, untrusted};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{BaselineState, Evidence, Finding, Remediation, Severity, Subject, Undecided};
use crate::inventory::Origin;
use crate::inventory::blast_radius::BlastRadius;

/// With more findings than this a rule's remedy is printed the first time only.
const MANY: usize = 50;
/// Places of one finding that are shown; the rest is counted.
const PLACES: usize = 4;
/// Findings of one rule on one subject that are named in a line after the first; the rest is counted.
const REPEATS: usize = 5;
/// Characters of a fact's value that are shown.
const MAX_VALUE: usize = 300;

/// The whole report.
#[must_use]
pub fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    asked::push_tags(&mut out, report, style);
    deployment::push(&mut out, report, style);
    let mut told = BTreeSet::new();
    let fold_remedies = told_in_full(report).count() > MANY;
    let before = if report.deployment.is_some() { Before::Deployment } else { Before::Baseline };
    for subject in report.subjects().into_iter().filter(|subject| has_something_told(report, subject)) {
        push_header(&mut out, subject, report.blast_radius.get(subject), style);
        let mut rest: Vec<&Finding> = told_in_full(report).filter(|finding| finding.subject == *subject).collect();
        while let Some(first) = rest.first().copied() {
            let (same, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|finding| finding.rule == first.rule);
            push_finding(&mut out, first, before, style);
            push_repeats(&mut out, same.get(1..).unwrap_or_default(), style);
            // The first of a rule tells the remedy; its words can differ from finding to finding only by the policy's rules.
            if told.insert(first.rule.as_str()) || !fold_remedies {
                push_remedy(&mut out, &first.remediation, style);
            } else {
                hang(&mut out, style, "  remedy: ", HELP, &format!("see the first {} above", first.rule));
            }
            out.push('\n');
            rest = others;
        }
        push_waived(&mut out, waived(report).filter(|waived| waived.finding.subject == *subject), style);
        push_undecided(&mut out, open(report).filter(|undecided| undecided.subject == *subject), style);
    }
    baseline::push_known(&mut out, report, style);
    asked::push_in_full(&mut out, report, style);
    summary::push_left_out(&mut out, report, style);
    summary::push(&mut out, report, style);
    out
}

/// Problems in what was read, in the same look as findings; for standard error.
#[must_use]
pub fn diagnostics(diagnostics: &[Diagnostic], style: Style) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let (heading, look, colour) = match diagnostic.level {
            Level::Error => ("error: ", ERROR, Colour::ERROR),
            Level::Warning => ("warning: ", WARNING, Colour::WARNING),
        };
        hang(&mut out, style, heading, look, &untrusted::line(&diagnostic.title));
        match &diagnostic.location {
            Some(location) => {
                out.push_str(&excerpt::render(&[Mark::primary(location, diagnostic.label.as_str())], &colour, style));
            }
            None if !diagnostic.label.is_empty() => hang(&mut out, style, "  = ", ARROW, &untrusted::line(&diagnostic.label)),
            None => {}
        }
        if let Some(help) = &diagnostic.help {
            hang(&mut out, style, "  help: ", HELP, help);
        }
        out.push('\n');
    }
    out
}

/// The findings that the baseline does not know: the others have a line at the end.
fn told_in_full(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| !finding.is_known())
}

/// The same of what could not be decided.
fn open(report: &Report) -> impl Iterator<Item = &Undecided> {
    report.unknown.iter().filter(|undecided| !undecided.is_known())
}

/// Whether more is said of a subject than a line at the end has.
fn has_something_told(report: &Report, subject: &Subject) -> bool {
    told_in_full(report).any(|finding| finding.subject == *subject)
        || open(report).any(|undecided| undecided.subject == *subject)
        || waived(report).any(|waived| waived.finding.subject == *subject)
}

/// What is waived; of a deployment only what it introduces.
pub(super) fn waived(report: &Report) -> impl Iterator<Item = &Waived> {
    report.waived.iter().filter(|waived| report.deployment.is_none() || !waived.finding.is_known())
}

fn push_header(out: &mut String, subject: &Subject, blast_radius: Option<&BlastRadius>, style: Style) {
    let name = untrusted::line(&subject.name);
    let named = match subject.label.as_str() {
        "" => name.into_owned(),
        label if label == subject.name => name.into_owned(),
        label => format!("{} ({name})", untrusted::line(label)),
    };
    let _ = writeln!(out, "{} {}", subject.kind.replace('-', " "), style.paint(BOLD, &named));
    if !subject.path.is_empty() && subject.path != subject.name && subject.path != subject.org {
        let org = if subject.org.is_empty() { String::new() } else { format!(" in {}", subject.org) };
        let _ = writeln!(out, "{}", style.paint(DIM, &untrusted::line(&format!("{}{org}", subject.path))));
    }
    let governance = subject.governance.in_words();
    if !governance.is_empty() {
        let _ = writeln!(out, "{}", style.paint(DIM, &untrusted::line(&governance)));
    }
    if let Some(radius) = blast_radius {
        let text = format!("{}: {}", radius.in_words(), radius.reasons.join("; "));
        hang(out, style, "blast radius: ", DIM, &untrusted::line(&text));
    }
    out.push('\n');
}

/// What the state before is called: a baseline, or what was there before a deployment.
#[derive(Clone, Copy)]
enum Before {
    Baseline,
    Deployment,
}

/// In what a finding got worse. Nothing where it did not.
fn push_worse(out: &mut String, finding: &Finding, before: Before, style: Style) {
    let (then, absent) = match before {
        Before::Baseline => ("in the baseline", "not in the baseline"),
        Before::Deployment => ("before the deployment", "not there before"),
    };
    if let Some(was) = finding.baseline.and_then(BaselineState::was).filter(|was| *was < finding.severity) {
        hang(out, style, "   = ", ARROW, &format!("{was} {then}"));
    }
    if !finding.new_values.is_empty() {
        hang(out, style, "   = ", ARROW, &untrusted::line(&format!("{absent}: {}", finding.new_values.join(", "))));
    }
}

fn push_finding(out: &mut String, finding: &Finding, before: Before, style: Style) {
    let rest = format!("[{}] ({}) {}", finding.rule, finding.effect, finding.message);
    hang_from(out, style, finding.severity.as_str(), of_severity(finding.severity), &untrusted::line(&rest));
    push_worse(out, finding, before, style);

    let placed: Vec<(&Evidence, &Origin)> =
        finding.evidence.iter().filter_map(|evidence| evidence.origin.as_ref().map(|origin| (evidence, origin))).collect();
    let marks: Vec<Mark<'_>> =
        placed.iter().take(PLACES).enumerate().map(|(index, (evidence, origin))| mark(evidence, origin, index == 0)).collect();
    if !marks.is_empty() {
        out.push_str(&excerpt::render(&marks, &colour(finding.severity), style));
    }
    if placed.len() > PLACES {
        let _ = writeln!(out, "  and {} more", count_places(placed.len() - PLACES));
    }
    for evidence in finding.evidence.iter().filter(|evidence| evidence.origin.is_none()).take(PLACES) {
        hang(out, style, "   = ", ARROW, &untrusted::line(&stated(evidence)));
    }
}

/// What to say at a place: which fact was read there, and its value where the file does not show it as it is.
fn mark<'a>(evidence: &Evidence, origin: &'a Origin, primary: bool) -> Mark<'a> {
    let location = origin.location();
    let shown =
        location.text().is_some_and(|text| !evidence.value.is_empty() && text.slice(location.span()).contains(&evidence.value));
    let label = if shown && origin.is_stated() { evidence.fact.clone() } else { stated(evidence) };
    Mark { location, label, primary, missing: !origin.is_stated() }
}

fn stated(evidence: &Evidence) -> String {
    evidence.in_words(&untrusted::short_line(&evidence.value, MAX_VALUE))
}

const fn colour(severity: Severity) -> Colour<'static> {
    match severity {
        Severity::Critical | Severity::High => Colour::ERROR,
        Severity::Medium => Colour::WARNING,
        Severity::Low | Severity::Info => Colour::HELP,
    }
}

fn push_repeats(out: &mut String, repeats: &[&Finding], style: Style) {
    for finding in repeats.iter().take(REPEATS) {
        let place = finding.evidence.iter().find_map(|evidence| evidence.origin.as_ref()).map(Origin::location);
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        hang(out, style, "  also: ", ARROW, &untrusted::line(&format!("{place}{}", finding.message)));
    }
    if repeats.len() > REPEATS {
        let _ = writeln!(out, "  and {} more of this rule", repeats.len() - REPEATS);
    }
}

fn push_remedy(out: &mut String, remedy: &Remediation, style: Style) {
    for (heading, text) in [("  help, in Setup: ", &remedy.setup), ("  help, in metadata: ", &remedy.metadata)] {
        if !text.trim().is_empty() {
            hang(out, style, heading, HELP, text);
        }
    }
}

/// What the policy accepts on one subject, with who accepts it until when.
fn push_waived<'a>(out: &mut String, waived: impl Iterator<Item = &'a Waived>, style: Style) {
    let mut any = false;
    for waived in waived {
        let finding = &waived.finding;
        let what = format!("{} [{}] ({}) {}", finding.severity, finding.rule, finding.effect, finding.message);
        hang(out, style, "waived: ", DIM, &untrusted::line(&what));
        hang(out, style, "  = ", DIM, &untrusted::line(&waived.in_words()));
        any = true;
    }
    if any {
        out.push('\n');
    }
}

/// What could not be decided on one subject, by reason.
fn push_undecided<'a>(out: &mut String, undecided: impl Iterator<Item = &'a Undecided>, style: Style) {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for undecided in undecided {
        match reasons.iter_mut().find(|(reason, _)| *reason == &*undecided.reason) {
            Some((_, rules)) => rules.push(&undecided.rule),
            None => reasons.push((&undecided.reason, vec![&undecided.rule])),
        }
    }
    for (reason, mut rules) in reasons {
        rules.dedup();
        let heading = format!("{} {} undecided: ", rules.len(), plural(rules.len(), "rule", "rules"));
        hang(out, style, &heading, WARNING, &untrusted::line(reason));
        hang(out, style, "  ", WARNING, &untrusted::line(&rules.join(", ")));
        out.push('\n');
    }
}

fn count_places(count: usize) -> String {
    format!("{count} {}", plural(count, "place", "places"))
}
