//! A comment for a pull request, or the summary of a job: short enough to be posted, readable with hundreds of findings, and cut at whole
//! entries.
//!
//! Nothing in it that others wrote is mark-up, a mention or a link.

mod page;
mod sections;

use std::fmt::Write as _;

use page::{Page, Section};

use super::summary::plural;
use super::words::by_severity;
use super::{Report, untrusted};
use crate::finding::BaselineState;

/// Characters of a comment. GitHub refuses more than 65,536.
const LIMIT: usize = 65_000;
/// Characters of the sections that are bounded, in the order they stand in; what they leave is for the findings that are grouped by rule.
const DEPLOYMENT_ROOM: usize = 12_000;
const UNREAD_ROOM: usize = 4_000;
const APPS_ROOM: usize = 5_000;
const MORE_APPS_ROOM: usize = 8_000;
const WORST_ROOM: usize = 16_000;
const UNDECIDED_ROOM: usize = 8_000;

/// The report as Markdown in the dialect of GitHub, which GitLab, Azure DevOps and Gitea read as well.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut page = Page::new(LIMIT);
    page.push(&head(report));
    sections::push_deployment(&mut page, report, DEPLOYMENT_ROOM);
    page.section(&sections::unread(report), UNREAD_ROOM);
    let [first, others] = sections::apps(report);
    page.section(&first, APPS_ROOM);
    page.section(&others, MORE_APPS_ROOM);
    let (of_each_rule, rest) = sections::first_of_each_rule(report.counting());
    let shown = page.section(&sections::worst(&of_each_rule, &rest), WORST_ROOM);
    // It stands behind the others and is not to take their room.
    let undecided = sections::undecided(report).fit(UNDECIDED_ROOM);
    page.reserve(&undecided);
    sections::push_rest(&mut page, &[of_each_rule.get(shown..).unwrap_or_default(), &rest].concat());
    page.release(&undecided);
    page.push(&undecided);
    page.finish()
}

/// The numbers: what counts, and in a line each what does not and what is not known.
fn head(report: &Report) -> String {
    let counting = report.counting();
    let (count, what) = (counting.len(), plural(counting.len(), "finding", "findings"));
    let severities = by_severity(counting.iter().copied());
    let new = if report.baseline.is_some() { "new or worse " } else { "" };
    let mut out = match count {
        0 if report.gaps() > 0 => format!("## orgwarden: incomplete, no {new}findings in what could be read\n\n"),
        0 => format!("## orgwarden: no {new}findings\n\n"),
        _ => format!("## orgwarden: {count} {new}{what} ({severities})\n\n"),
    };
    let apps = plural(report.apps, "app", "apps");
    let rules = plural(report.rules.len(), "rule", "rules");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{} {apps}, {} {rules}.{}\n", report.apps, report.rules.len(), not_counted(report));
    let undecided = report.undecided().values().map(Vec::len).sum::<usize>();
    if undecided > 0 {
        let what = plural(undecided, "verdict", "verdicts");
        let _ = writeln!(out, "**{undecided} {what} undecided**: undecided is not passed.\n");
    }
    out
}

/// What the baseline knows and the policy accepts, as numbers.
fn not_counted(report: &Report) -> String {
    let known = report.findings.iter().filter(|finding| finding.is_known()).count();
    let open = report.unknown.iter().filter(|undecided| undecided.is_known()).count();
    let worse = report.findings.iter().filter(|it| it.baseline.and_then(BaselineState::was).is_some()).count();
    let open_words = if report.deployment.is_some() { "undecided as before" } else { "undecided and known to the baseline" };
    let numbers = [(worse, "worse than before"), (known, report.known_from()), (open, open_words), (report.waived.len(), "waived")];
    let told: Vec<String> = numbers.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if told.is_empty() { String::new() } else { format!(" {}.", told.join(", ")) }
}

/// Text on one line that is no mark-up, cut to so many characters.
fn cell(text: &str, characters: usize) -> String {
    untrusted::markdown(&untrusted::short_line(text.trim(), characters))
}
