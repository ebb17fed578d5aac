//! The last lines of a report for people: how many, of what kind, and what is not known.

use std::fmt::Write as _;

use super::style::{BOLD, ERROR, Style, WARNING, hang, of_severity};
use super::{Report, asked, baseline, untrusted};
use crate::finding::{Effect, Finding, Severity};

/// Files left out that are named; the rest is counted.
const LEFT_OUT_NAMED: usize = 10;

/// Counts by severity with broken and unsafe apart, what is undecided or unread, and one line with all verdicts.
pub(super) fn push(out: &mut String, report: &Report, style: Style) {
    out.push_str(&style.paint(BOLD, "Summary"));
    out.push('\n');
    let counting: Vec<&Finding> = report.findings.iter().filter(|finding| !finding.is_known()).collect();
    if counting.is_empty() {
        out.push_str(match (&report.deployment, &report.baseline) {
            (Some(deployment), _) if !deployment.counts_all => "  nothing introduced\n",
            (None, Some(_)) => "  no new findings\n",
            _ => "  no findings\n",
        });
    }
    for effect in [Effect::Broken, Effect::Unsafe] {
        let counts: Vec<String> = Severity::ALL
            .into_iter()
            .map(|severity| (severity, count(&counting, effect, severity)))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {}", style.paint(of_severity(severity), severity.as_str())))
            .collect();
        if !counts.is_empty() {
            let _ = writeln!(out, "  {effect}: {}", counts.join(", "));
        }
    }
    if report.counts.unknown > 0 {
        let unknown = report.counts.unknown;
        let what = plural(unknown, "verdict", "verdicts");
        let _ = writeln!(out, "  {} {unknown} {what} undecided; undecided is not passed", style.paint(WARNING, "unknown:"));
    }
    baseline::push_summary(out, report, style);
    let gaps = report.gaps();
    if gaps > 0 {
        let what = plural(gaps, "problem", "problems");
        let _ = writeln!(out, "  {} {gaps} {what} kept something from being read", style.paint(ERROR, "incomplete:"));
    }
    asked::push_summary(out, report, style);
    let counts = report.counts;
    let line = format!(
        "{} {}, {} {}: {} passed, {} failed, {} unknown, {} not applicable, {} waived",
        report.apps,
        plural(report.apps, "app", "apps"),
        report.rules.len(),
        plural(report.rules.len(), "rule", "rules"),
        counts.pass,
        counts.fail,
        counts.unknown,
        counts.not_applicable,
        counts.waived
    );
    hang(out, style, "  ", BOLD, &line);
}

/// The first few files that were left out on purpose, and how many more.
pub(super) fn push_left_out(out: &mut String, report: &Report, style: Style) {
    if report.left_out.is_empty() {
        return;
    }
    let count = report.left_out.len();
    let _ = writeln!(out, "{} {count} {}", style.paint(BOLD, "Left out on purpose:"), plural(count, "file", "files"));
    for left_out in report.left_out.iter().take(LEFT_OUT_NAMED) {
        let text = format!("{}: {}", untrusted::line(&left_out.path), untrusted::line(&left_out.reason));
        hang(out, style, "  ", BOLD, &text);
    }
    if count > LEFT_OUT_NAMED {
        let _ = writeln!(out, "  and {} more", count - LEFT_OUT_NAMED);
    }
    out.push('\n');
}

/// The right form of a word for a number of things.
pub(super) const fn plural(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

fn count(findings: &[&Finding], effect: Effect, severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.effect == effect && finding.severity == severity).count()
}
