//! What a comment has sections for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::page::size;
use super::{Page, Section, cell};
use crate::diagnostic::Diagnostic;
use crate::finding::{BaselineState, Finding, Severity, Subject};
use crate::report::deployment;
use crate::report::place::Place;
use crate::report::summary::plural;
use crate::report::words::{problem, rules_of, said};
use crate::report::{Report, untrusted};

/// Rules whose worst finding is told in full.
const IN_FULL: usize = 10;
/// Apps that are not folded.
const APPS: usize = 20;
/// Characters of what is wrong, of a name and of a step that are shown.
const MAX_MESSAGE: usize = 400;
const MAX_NAME: usize = 100;
const MAX_STEPS: usize = 800;

/// What a deployment does: it stands above the findings, each part within its share of the room.
pub(super) fn push_deployment(page: &mut Page, report: &Report, room: usize) {
    let Some(it) = &report.deployment else { return };
    let notes = deployment::notes(it).into_iter().map(|note| format!("> {}\n", cell(&note, MAX_MESSAGE)));
    let before = format!("Compared with {}.\n\n", cell(&it.before, MAX_NAME));
    let notes = Section { head: String::new(), entries: notes.collect(), what: ["note", "notes"], foot: "\n".to_owned() };
    page.push(&before);
    page.section(&notes, room / 6);
    let parts = deployment::sections(report);
    let share = room / parts.len().max(1);
    for part in parts {
        let lines = part.lines.iter().map(|line| format!("- {}\n", cell(line, MAX_MESSAGE)));
        let head = format!("### {}\n\n", part.title);
        page.section(&Section { head, entries: lines.collect(), what: ["of these", "of these"], foot: "\n".to_owned() }, share);
    }
}

/// What could not be read: it comes first, because nobody knows what is in it.
pub(super) fn unread(report: &Report) -> Section {
    let gaps = report.gaps();
    let entry = |diagnostic: &Diagnostic| {
        let place = Place::of_problem(diagnostic).map(|place| format!(" ({})", code(&place.in_words())));
        format!("- {}{}\n", cell(&problem(diagnostic), MAX_MESSAGE), place.unwrap_or_default())
    };
    Section {
        head: format!("**Incomplete: {gaps} {} kept something from being read.**\n\n", plural(gaps, "problem", "problems")),
        entries: report.unread().map(entry).collect(),
        what: ["problem", "problems"],
        foot: "\n".to_owned(),
    }
}

/// Tables of apps with the number of findings of each severity, the worst apps first; beyond the first few they are folded.
pub(super) fn apps(report: &Report) -> [Section; 2] {
    let mut counts: BTreeMap<&Subject, [usize; Severity::ALL.len()]> = BTreeMap::new();
    for finding in report.counting() {
        let counts = counts.entry(&finding.subject).or_default();
        if let Some(count) = Severity::ALL.iter().position(|it| *it == finding.severity).and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|(_, one), (_, other)| other.cmp(one));
    let severities: Vec<&str> = Severity::ALL.into_iter().map(Severity::as_str).collect();
    let entry = |(subject, counts): (&Subject, [usize; Severity::ALL.len()])| {
        let counts: Vec<String> = counts.iter().map(|count| if *count == 0 { String::new() } else { count.to_string() }).collect();
        format!("| {} | {} |\n", app(subject), counts.join(" | "))
    };
    let mut entries: Vec<String> = rows.into_iter().map(entry).collect();
    let folded = entries.split_off(entries.len().min(APPS));
    let head = format!("| App | {} |\n|---|{}\n", severities.join(" | "), "--:|".repeat(severities.len()));
    let what = ["app with findings", "apps with findings"];
    let (count, [one, many]) = (folded.len(), what);
    let summary = format!("<details><summary>{count} more {}</summary>\n\n", plural(count, one, many));
    [
        Section { head: head.clone(), entries, what, foot: "\n".to_owned() },
        Section { head: summary + &head, entries: folded, what, foot: "\n</details>\n\n".to_owned() },
    ]
}

/// The worst finding of each of the worst rules, and all others: one mistake in a hundred apps is not to hide nine other mistakes.
pub(super) fn first_of_each_rule(findings: Vec<&Finding>) -> (Vec<&Finding>, Vec<&Finding>) {
    let mut rules = BTreeSet::new();
    findings.into_iter().partition(|finding| rules.len() < IN_FULL && rules.insert(finding.rule.as_str()))
}

/// Findings in full: what, where, what to do, and how often the same is wrong elsewhere.
pub(super) fn worst(findings: &[&Finding], rest: &[&Finding]) -> Section {
    let others = |finding: &Finding| rest.iter().filter(|other| other.rule == finding.rule).count();
    Section {
        head: "### What to look at first\n\n".to_owned(),
        entries: findings.iter().map(|finding| in_full(finding, others(finding))).collect(),
        what: ["of them below", "of them below"],
        foot: "\n".to_owned(),
    }
}

fn in_full(finding: &Finding, others: usize) -> String {
    let mut out = format!(
        "#### {}: {} ({}, {})\n\n{}: {}\n\n",
        finding.severity,
        cell(&finding.title, MAX_NAME),
        code(&finding.rule),
        finding.effect,
        app(&finding.subject),
        cell(&said(finding), MAX_MESSAGE),
    );
    let place = Place::of_finding(finding).in_words();
    // Writing to a String cannot fail.
    if !place.is_empty() {
        let _ = writeln!(out, "{}\n", code(&place));
    }
    for (heading, steps) in [("In Setup", &finding.remediation.setup), ("In metadata", &finding.remediation.metadata)] {
        if !steps.trim().is_empty() {
            let _ = writeln!(out, "**{heading}**: {}\n", cell(&one_line(steps), MAX_STEPS));
        }
    }
    if others > 0 {
        let _ = writeln!(out, "The same {others} more {}, below.\n", plural(others, "time", "times"));
    }
    out
}

/// The other findings, by rule, each rule folded; rules with the worst findings first.
pub(super) fn push_rest(page: &mut Page, findings: &[&Finding]) {
    let mut rules: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, same)) => same.push(finding),
            None => rules.push((&finding.rule, vec![finding])),
        }
    }
    let heading = "### All others, by rule\n\n";
    let last = |rules: usize, findings: usize| format!("and {findings} more of {rules} {}\n\n", plural(rules, "rule", "rules"));
    let most = last(rules.len(), findings.len());
    if rules.is_empty() || page.left() < size(heading) + size(&most) {
        return;
    }
    page.push(heading);
    page.reserve(&most);
    let all = rules.len();
    let (mut hidden_rules, mut hidden) = (0, 0);
    for (at, (rule, findings)) in rules.iter().enumerate() {
        // Those that need less than their share leave it to those that follow.
        let before = page.left();
        page.section(&of_rule(rule, findings), before / (all - at));
        if page.left() == before {
            hidden_rules += 1;
            hidden += findings.len();
        }
    }
    if hidden > 0 {
        page.push(&last(hidden_rules, hidden));
    }
    page.release(&most);
}

fn of_rule(rule: &str, findings: &[&Finding]) -> Section {
    let title = findings.first().map(|finding| finding.title.as_str()).unwrap_or_default();
    let severity = findings.first().map(|finding| finding.severity.as_str()).unwrap_or_default();
    let html = |text: &str| untrusted::html(&untrusted::short_line(text, MAX_NAME));
    let head =
        format!("<details><summary>{}: {} (<code>{}</code>, {})</summary>\n\n", severity, html(title), html(rule), findings.len());
    Section {
        head,
        entries: findings.iter().map(|finding| short(finding)).collect(),
        what: ["of this rule", "of this rule"],
        foot: "\n</details>\n\n".to_owned(),
    }
}

fn short(finding: &Finding) -> String {
    let place = Place::of_finding(finding).in_words();
    let place = if place.is_empty() { String::new() } else { format!(", {}", code(&place)) };
    let worse = if finding.baseline.and_then(BaselineState::was).is_some() { "worse, " } else { "" };
    format!("- {worse}{}: {}{place}\n", app(&finding.subject), cell(&said(finding), MAX_MESSAGE))
}

/// What could not be decided, by reason.
pub(super) fn undecided(report: &Report) -> Section {
    let reasons = report.undecided();
    let verdicts: usize = reasons.values().map(Vec::len).sum();
    let entry = |(reason, verdicts): (&&str, &Vec<_>)| {
        format!("- {}: {} ({})\n", cell(reason, MAX_MESSAGE), cell(&rules_of(verdicts), MAX_MESSAGE), verdicts.len())
    };
    Section {
        head: format!("<details><summary>Undecided ({verdicts})</summary>\n\n"),
        entries: reasons.iter().map(entry).collect(),
        what: ["reason", "reasons"],
        foot: "\n</details>\n\n".to_owned(),
    }
}

/// A subject by its name, and its org where it is in one.
fn app(subject: &Subject) -> String {
    let org = if subject.org.is_empty() || subject.org == subject.name {
        String::new()
    } else {
        format!(" in {}", code(&untrusted::short_line(&subject.org, MAX_NAME)))
    };
    format!("{}{org}", code(&untrusted::short_line(&subject.name, MAX_NAME)))
}

/// Text in the look of code. What could end that is shown as text instead.
fn code(text: &str) -> String {
    let text = untrusted::short_line(text, MAX_MESSAGE);
    let plain = !text.trim().is_empty() && text.trim() == text && !text.contains(['`', '|', '\\']);
    if plain { format!("`{text}`") } else { untrusted::markdown(&text) }
}

/// Steps are lists and snippets; in a comment they are a paragraph.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
