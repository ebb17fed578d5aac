//! What the formats for pipelines say in one sentence, and in which order.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Report, untrusted};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{BaselineState, Finding, Severity, Subject, Undecided};
use crate::gate::{LimitState, Threshold as Limit};

impl Report {
    /// The findings that count, because no baseline knows them; the worst first, otherwise in the order of the report.
    pub(super) fn counting(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.findings.iter().filter(|finding| !finding.is_known()).collect();
        all.sort_by_key(|finding| Reverse(finding.severity));
        all
    }

    /// What could not be decided and no baseline knows, by reason.
    pub(super) fn undecided(&self) -> BTreeMap<&str, Vec<&Undecided>> {
        let mut reasons: BTreeMap<&str, Vec<&Undecided>> = BTreeMap::new();
        for undecided in self.unknown.iter().filter(|undecided| !undecided.is_known()) {
            reasons.entry(&*undecided.reason).or_default().push(undecided);
        }
        reasons
    }

    /// The limits on a deployment that are not kept, or of which it cannot be told.
    pub(super) fn limits(&self) -> impl Iterator<Item = &Limit> {
        self.deployment.iter().flat_map(|deployment| &deployment.thresholds).filter(|limit| limit.state != LimitState::Kept)
    }

    /// Where a finding is that does not count.
    pub(super) const fn known_from(&self) -> &'static str {
        if self.deployment.is_some() { "there before" } else { "known to the baseline" }
    }

    /// What could not be read.
    pub(super) fn unread(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error)
    }
}

/// A limit on a deployment, and why it is not kept or cannot be told of.
pub(super) fn limit(limit: &Limit) -> String {
    let state = if limit.state == LimitState::Crossed { "crossed" } else { "cannot be told of" };
    format!("{} is {state}: {}", limit.name, limit.because.join("; "))
}

/// What is wrong, with the org it is about and what the baseline says of it.
pub(super) fn said(finding: &Finding) -> String {
    let was = match finding.baseline.and_then(BaselineState::was) {
        Some(was) if was < finding.severity => format!(" (was {was})"),
        Some(_) => format!(" (new in it: {})", finding.new_values.join(", ")),
        None => String::new(),
    };
    format!("{}{was}", about(&finding.subject, &finding.message))
}

/// The text, with the org it is about: places name a component, and several orgs can have it.
pub(super) fn about(subject: &Subject, text: &str) -> String {
    if subject.org.is_empty() { text.to_owned() } else { format!("{}: {text}", subject.org) }
}

/// The subject with what it is.
pub(super) fn named(subject: &Subject) -> String {
    let org = if subject.org.is_empty() || subject.org == subject.name { String::new() } else { format!(" in {}", subject.org) };
    format!("{} {}{org}", subject.kind.replace('-', " "), subject.name)
}

/// What is wrong with what was read, where, and what to do about it.
pub(super) fn problem(diagnostic: &Diagnostic) -> String {
    let more = [diagnostic.label.as_str(), diagnostic.help.as_deref().unwrap_or_default()];
    let parts: Vec<&str> =
        std::iter::once(diagnostic.title.as_str()).chain(more.into_iter().filter(|more| !more.is_empty())).collect();
    parts.join(": ")
}

/// The rules of undecided verdicts, each once.
pub(super) fn rules_of(undecided: &[&Undecided]) -> String {
    let mut rules: Vec<&str> = undecided.iter().map(|undecided| undecided.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules.join(", ")
}

/// `2 critical, 1 low`; empty for none.
pub(super) fn by_severity<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> String {
    let mut counts: BTreeMap<Reverse<Severity>, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(Reverse(finding.severity)).or_default() += 1;
    }
    counts.iter().map(|(Reverse(severity), count)| format!("{count} {severity}")).collect::<Vec<_>>().join(", ")
}

/// Text of several lines, in at most so many characters: services refuse or hide what is longer.
pub(super) fn short_lines(text: &str, characters: usize) -> String {
    cut(untrusted::lines(text), characters)
}

/// The same on one line.
pub(super) fn short_line(text: &str, characters: usize) -> String {
    cut(untrusted::line(text), characters)
}

/// What is shown counts, and not what was written: escapes take room.
fn cut(shown: Cow<'_, str>, characters: usize) -> String {
    if shown.char_indices().nth(characters).is_none() {
        return shown.into_owned();
    }
    shown.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}
