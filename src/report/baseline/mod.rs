//! What a baseline knows, in the formats for people: a line for each subject, and how many.

pub(super) mod wire;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::style::{BOLD, DIM, Style, hang};
use super::summary::plural;
use super::{Report, subject_order, untrusted};
use crate::compare::baseline::Fate;
use crate::finding::{BaselineState, Severity, Subject};

/// What is known of one subject.
#[derive(Default)]
struct Known<'r> {
    rules: BTreeMap<Reverse<Severity>, Vec<&'r str>>,
    undecided: usize,
}

/// The known verdicts of each subject in a few words: the rules by severity, worst first, and how many could not be decided.
fn known(report: &Report) -> Vec<(&Subject, String)> {
    let mut subjects: BTreeMap<&Subject, Known<'_>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.is_known()) {
        let known = subjects.entry(&finding.subject).or_default();
        known.rules.entry(Reverse(finding.severity)).or_default().push(&finding.rule);
    }
    for undecided in report.unknown.iter().filter(|undecided| undecided.is_known()) {
        subjects.entry(&undecided.subject).or_default().undecided += 1;
    }
    let mut all: Vec<(&Subject, String)> = subjects.into_iter().map(|(subject, known)| (subject, known.in_words())).collect();
    all.sort_by(|(one, _), (other, _)| subject_order(one).cmp(&subject_order(other)));
    all
}

impl Known<'_> {
    fn in_words(&self) -> String {
        let failed = self.rules.iter().map(|(Reverse(severity), rules)| format!("{severity} {}", rules.join(", ")));
        let open = (self.undecided > 0).then(|| format!("{} undecided", self.undecided));
        failed.chain(open).collect::<Vec<_>>().join("; ")
    }
}

/// The same, where a baseline was recorded to be worked off. What was there before a deployment is counted, no more.
pub(super) fn told(report: &Report) -> Vec<(&Subject, String)> {
    if report.deployment.is_some() { Vec::new() } else { known(report) }
}

/// The known verdicts below a heading. Nothing where there are none.
pub(super) fn push_known(out: &mut String, report: &Report, style: Style) {
    let known = told(report);
    if known.is_empty() {
        return;
    }
    out.push_str(&style.paint(BOLD, "Known to the baseline"));
    out.push('\n');
    for (subject, words) in known {
        let org =
            if subject.org.is_empty() || subject.org == subject.name { String::new() } else { format!(" in {}", subject.org) };
        let text = format!("{} {}{org}: {words}", subject.kind.replace('-', " "), subject.name);
        hang(out, style, "  ", DIM, &untrusted::line(&text));
    }
    out.push('\n');
}

/// The lines of the summary about the baseline. Nothing without one.
pub(super) fn push_summary(out: &mut String, report: &Report, style: Style) {
    let Some(baseline) = &report.baseline else { return };
    if let Some(deployment) = &report.deployment {
        return push_introduced(out, report, deployment.counts_all, style);
    }
    let new = verdicts(report, |state| state == BaselineState::New, "new");
    let known = verdicts(report, |state| state == BaselineState::Known, "known");
    let worse = report.findings.iter().filter(|it| it.baseline.and_then(BaselineState::was).is_some()).count();
    let worse = if worse == 0 { String::new() } else { format!(", {worse} worse than recorded") };
    let line = format!("{}: {new}{worse}; {known}, which do not count", untrusted::line(&baseline.path));
    hang(out, style, "  baseline: ", DIM, &line);
    let told: Vec<String> = Fate::ALL.into_iter().filter_map(|fate| absent(report, fate)).collect();
    if !told.is_empty() {
        hang(out, style, "            ", DIM, &told.join("; "));
    }
}

/// What is new since the state before a deployment.
fn push_introduced(out: &mut String, report: &Report, counts_all: bool, style: Style) {
    let introduced = verdicts(report, |state| state == BaselineState::New, "introduced");
    let unchanged = verdicts(report, BaselineState::is_in_it, "unchanged");
    let worse = report.findings.iter().filter(|it| it.baseline.and_then(BaselineState::was).is_some()).count();
    let worse = if worse == 0 { String::new() } else { format!(", {worse} worse than before") };
    let which = if counts_all { "which count, too (--all)" } else { "which do not count" };
    hang(out, style, "  deployment: ", DIM, &format!("{introduced}{worse}; {unchanged}, {which}"));
    let fixed = report.baseline.iter().flat_map(|it| &it.absent).filter(|it| it.fate != Fate::CannotTell).count();
    if fixed > 0 {
        hang(out, style, "              ", DIM, &format!("{fixed} fixed or gone"));
    }
}

/// `2 new findings and 1 new undecided verdict`.
fn verdicts(report: &Report, wanted: fn(BaselineState) -> bool, word: &str) -> String {
    let findings = report.findings.iter().filter(|it| it.baseline.is_some_and(wanted)).count();
    let unknown = report.unknown.iter().filter(|it| it.baseline.is_some_and(wanted)).count();
    let open = format!(" and {unknown} {word} undecided {}", plural(unknown, "verdict", "verdicts"));
    format!("{findings} {word} {}{}", plural(findings, "finding", "findings"), if unknown == 0 { "" } else { &open })
}

/// How many verdicts of the baseline came to this, in words.
fn absent(report: &Report, fate: Fate) -> Option<String> {
    let count = report.baseline.iter().flat_map(|it| &it.absent).filter(|it| it.fate == fate).count();
    let what = match fate {
        Fate::Fixed => "recorded and fixed or decided since",
        Fate::Gone => "recorded of what is no longer there, or not part of this audit",
        Fate::CannotTell => "recorded that this audit cannot tell of",
    };
    (count > 0).then(|| format!("{count} {what}"))
}
