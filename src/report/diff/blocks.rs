//! What a comparison says, in blocks that each format for people sets in its own way.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::Comparison;
use super::apps::apps_of;
use super::words::Words;
use crate::compare::{Difference, Doubt, Earlier, Findings, Found, Moved, Open, When};
use crate::finding::Subject;
use crate::inventory::Reason;
use crate::report::style::Weight;
use crate::report::trail::Trail;

/// A heading and what is below it.
pub(super) struct Block {
    pub(super) title: String,
    /// How bad it is that there is something in it.
    pub(super) weight: Weight,
    pub(super) headers: &'static [&'static str],
    pub(super) rows: Vec<Vec<String>>,
    /// Sentences below the rows.
    pub(super) lines: Vec<String>,
}

/// The column of places.
pub(super) const PLACE: &str = "Place";
const FINDING: &[&str] = &["Severity", "App", "Finding", PLACE];
const SHORT: &[&str] = &["Severity", "App", "Rule"];
const OPEN: &[&str] = &["App", "Rules", "Reason"];
const DOUBT: &[&str] = &["App", "Finding", "Seen", "Reason"];
const BEYOND: &[&str] = &["App", "Kind", "Why"];

/// All blocks that have something to say, the worst first.
pub(super) fn of(comparison: &Comparison) -> Vec<Block> {
    let names = Names { several_orgs: comparison.before.orgs > 1 || comparison.after.orgs > 1 };
    let words = Words::of(comparison);
    let mut blocks = findings(&comparison.difference.findings, names, words);
    if let Some(apps) = &comparison.difference.apps {
        blocks.extend(apps_of(apps, names, words));
        if comparison.tells_beyond {
            let row = |(subject, reason): &(Subject, Reason)| vec![names.of(subject), subject.kind.to_owned(), reason.to_string()];
            let rows = apps.beyond.iter().map(row).collect();
            blocks.push(table("Apps of the org that no source is expected to hold", Weight::Plain, BEYOND, rows));
        }
    }
    blocks.extend(comparison.trail.as_ref().map(trail));
    blocks.retain(|block| !block.rows.is_empty() || !block.lines.is_empty());
    blocks
}

/// What is not compared, as sentences.
pub(super) fn notes(comparison: &Comparison) -> Vec<String> {
    let Difference { only_before, only_after, .. } = &comparison.difference;
    let of_side = |names: &[String], side: &str| {
        (!names.is_empty()).then(|| format!("Only the {side} side has {}, which is compared with nothing.", names.join(", ")))
    };
    comparison.notes.iter().cloned().chain(of_side(only_before, "first")).chain(of_side(only_after, "second")).collect()
}

/// How many of each, in one sentence.
pub(super) fn summary(comparison: &Comparison) -> String {
    let it = &comparison.difference.findings;
    let words = Words::of(comparison);
    let (new, fixed, added, removed) = if words.is_drift() {
        let in_source_first = comparison.difference.source == Some(When::Before);
        let (source, org) = ("in the source alone", "in the org alone");
        if in_source_first { (org, source, org, source) } else { (source, org, source, org) }
    } else {
        ("new", "fixed", "added", "removed")
    };
    let findings = [
        (it.new.len(), new),
        (it.worse.len(), "worse"),
        (it.better.len(), "better"),
        (it.fixed.len(), fixed),
        (it.waived.len(), "waived"),
        (it.doubts.len(), "cannot be told"),
        (it.unchanged, "unchanged"),
    ];
    let verdicts = [
        (it.became_unknown.len(), "newly undecided"),
        (it.became_known.len(), "decided now"),
        (it.still_unknown, "undecided on both sides"),
    ];
    let mut text = format!("findings: {}", listed(&findings));
    if it.one_sided > 0 {
        let _ = write!(text, "; {} findings and verdicts come of what one side alone can know", it.one_sided);
    }
    if verdicts.iter().any(|(count, _)| *count > 0) {
        text.push_str("; verdicts: ");
        text.push_str(&listed(&verdicts));
    }
    if let Some(apps) = &comparison.difference.apps {
        let apps = [
            (apps.added.len(), added),
            (apps.removed.len(), removed),
            (apps.renamed.len(), "renamed"),
            (apps.changed.len(), if words.is_drift() { "different" } else { "changed" }),
            (apps.unsure.len(), "cannot be told"),
            (apps.unchanged, if words.is_drift() { "the same" } else { "unchanged" }),
            (apps.beyond.len(), "of the org that no source is expected to hold"),
        ];
        text.push_str("; apps and orgs: ");
        text.push_str(&listed(&apps));
    }
    text
}

fn listed(counts: &[(usize, &str)]) -> String {
    let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

fn findings(all: &Findings, names: Names, words: Words) -> Vec<Block> {
    let mut new: Vec<(&Found, Vec<String>)> =
        all.new.iter().map(|it| (&it.found, new_row(&it.found, &it.earlier, names, words))).collect();
    new.sort_by_key(|(found, _)| order(found));
    let short = |found: &Found| vec![found.severity.to_string(), names.of(&found.subject), found.rule.clone()];
    let moved = |it: &Moved| {
        let mut row = row(&it.found, names);
        if let Some(severity) = row.first_mut().filter(|_| it.was != it.found.severity) {
            *severity = format!("{}{}", it.found.severity, words.was(it.was));
        }
        if let Some(text) = row.get_mut(2) {
            text.push_str(&in_brackets(" (new: ", &it.new_values));
            text.push_str(&in_brackets(" (no longer: ", &it.gone_values));
        }
        row
    };
    let doubtful = if words.is_drift() { "Cannot tell whether on both sides" } else { "Cannot tell whether new or fixed" };
    vec![
        table(words.finding_alone(When::After), Weight::Bad, FINDING, new.into_iter().map(|(_, row)| row).collect()),
        table(words.moved(true), Weight::Bad, FINDING, sorted(&all.worse, |it| order(&it.found)).map(moved).collect()),
        table(doubtful, Weight::Unclear, DOUBT, all.doubts.iter().map(|it| doubt(it, names, words)).collect()),
        table("Newly undecided", Weight::Unclear, OPEN, open(&all.became_unknown, names)),
        table(
            words.moved(false),
            if words.is_drift() { Weight::Plain } else { Weight::Good },
            FINDING,
            sorted(&all.better, |it| order(&it.found)).map(moved).collect(),
        ),
        table(
            words.finding_alone(When::Before),
            if words.is_drift() { Weight::Plain } else { Weight::Good },
            SHORT,
            sorted(&all.fixed, order).map(short).collect(),
        ),
        table("Waived now", Weight::Plain, SHORT, sorted(&all.waived, order).map(short).collect()),
        table("Decided now, without a finding", Weight::Good, OPEN, open(&all.became_known, names)),
    ]
}

/// Values behind a finding, after a word of what they are.
fn in_brackets(what: &str, values: &[String]) -> String {
    if values.is_empty() { String::new() } else { format!("{what}{})", values.join(", ")) }
}

pub(super) fn table(title: &str, weight: Weight, headers: &'static [&'static str], rows: Vec<Vec<String>>) -> Block {
    Block { title: format!("{title} ({})", rows.len()), weight, headers, rows, lines: Vec::new() }
}

pub(super) fn sorted<'a, T, K: Ord>(all: &'a [T], key: impl Fn(&'a T) -> K) -> impl Iterator<Item = &'a T> {
    let mut all: Vec<&T> = all.iter().collect();
    all.sort_by_key(|it| key(it));
    all.into_iter()
}

fn order(found: &Found) -> impl Ord + use<'_> {
    (Reverse(found.severity), &found.subject.org, &found.subject.name, &found.rule, &found.place)
}

fn row(found: &Found, names: Names) -> Vec<String> {
    vec![found.severity.to_string(), names.of(&found.subject), format!("{}: {}", found.rule, found.message), found.place.clone()]
}

fn new_row(found: &Found, earlier: &Earlier, names: Names, words: Words) -> Vec<String> {
    let mut row = row(found, names);
    let before = match earlier {
        Earlier::Absent => String::new(),
        Earlier::Undecided(reason) => format!(" (could not be decided {}: {reason})", words.on(When::Before)),
        Earlier::Waived if words.is_drift() => format!(" (waived {})", words.on(When::Before)),
        Earlier::Waived => " (was waived before)".to_owned(),
    };
    if let Some(text) = row.get_mut(2) {
        text.push_str(&before);
    }
    row
}

fn doubt(it: &Doubt, names: Names, words: Words) -> Vec<String> {
    let finding = format!("{} {}", it.found.severity, it.found.rule);
    vec![names.of(&it.found.subject), finding, words.seen(it.on).to_owned(), it.reason.to_string()]
}

/// A row for each subject and reason.
fn open(all: &[Open], names: Names) -> Vec<Vec<String>> {
    let mut rows: Vec<(String, Vec<&str>, String)> = Vec::new();
    for it in sorted(all, |it| (&it.subject.org, &it.subject.name, &it.reason, &it.rule)) {
        let (app, reason) = (names.of(&it.subject), it.reason.to_string());
        match rows.last_mut() {
            Some((last, rules, why)) if *last == app && *why == reason => rules.push(&it.rule),
            _ => rows.push((app, vec![&it.rule], reason)),
        }
    }
    rows.into_iter().map(|(app, rules, reason)| vec![app, rules.join(", "), reason]).collect()
}

/// How subjects are called: with their org, where there are several.
#[derive(Clone, Copy)]
pub(super) struct Names {
    several_orgs: bool,
}

impl Names {
    pub(super) fn of(self, subject: &Subject) -> String {
        let of_org = self.several_orgs && !subject.org.is_empty() && subject.org != subject.name;
        if of_org { format!("{}: {}", subject.org, subject.name) } else { subject.name.clone() }
    }
}

/// Who may have changed what differs.
fn trail(trail: &Trail) -> Block {
    let mut lines = trail.lines();
    if lines.is_empty() {
        lines.push("No line of it names one of the apps above.".to_owned());
    }
    Block {
        title: "Setup Audit Trail: lines that name these apps, and may be about them".to_owned(),
        weight: Weight::Plain,
        headers: &[],
        rows: Vec::new(),
        lines,
    }
}
