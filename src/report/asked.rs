//! What was asked of the org and what was not: preset, tags, manual checks, and why rules do not apply.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::style::{BOLD, DIM, HELP, Style, hang, hang_from, of_severity};
use super::summary::plural;
use super::{Report, untrusted};
use crate::finding::{Manual, NotApplicable, Subject};
use crate::tag::Tag;

/// Subjects that are named behind a reason; the rest is counted.
const NAMED: usize = 5;

/// Which rules an audit asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The word of the preset.
    pub preset: &'static str,
    /// The tags that were asked for; empty for all rules.
    pub tags: Vec<Tag>,
    /// How many rules the preset and the tags left out.
    pub left_out: usize,
    /// The manual checks that belong to the preset and the tags, by id.
    pub manual: Vec<Manual>,
    /// Whether more than their number is wanted of manual checks and of what does not apply.
    pub in_full: bool,
    /// Why rules do not apply; only where that is wanted.
    pub not_applicable: Vec<NotApplicable>,
}

/// A rule, a reason, and all it does not apply to for that reason.
pub(super) struct Group<'a> {
    pub(super) rule: &'a str,
    pub(super) reason: &'a str,
    pub(super) subjects: Vec<&'a Subject>,
}

impl Asked {
    /// What does not apply, by rule and reason, in the order of the report.
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        let mut all: Vec<&NotApplicable> = self.not_applicable.iter().collect();
        all.sort_by_key(|it| (&it.rule, &it.reason, super::subject_order(&it.subject)));
        let chunks = all.chunk_by(|one, other| (&one.rule, &one.reason) == (&other.rule, &other.reason));
        chunks
            .filter_map(|chunk| {
                let first = chunk.first()?;
                let subjects = chunk.iter().map(|it| &it.subject).collect();
                Some(Group { rule: &first.rule, reason: &first.reason, subjects })
            })
            .collect()
    }
}

/// The subjects of a readiness report: what changes, when, and what is not known of it.
pub(super) fn push_tags(out: &mut String, report: &Report, style: Style) {
    for tag in &report.asked.tags {
        let _ = writeln!(out, "{} ({})", style.paint(BOLD, &tag.title), tag.id);
        hang(out, style, "  ", DIM, &tag.about);
        for date in &tag.dates {
            hang(out, style, &format!("  {}: ", date.when), HELP, &date.what);
        }
        for reservation in &tag.reservations {
            hang(out, style, "  but: ", HELP, reservation);
        }
        out.push('\n');
    }
}

/// Why rules do not apply, and the manual checks, where all of it is wanted.
pub(super) fn push_in_full(out: &mut String, report: &Report, style: Style) {
    if !report.asked.in_full {
        return;
    }
    let groups = report.asked.groups();
    if !groups.is_empty() {
        let _ = writeln!(out, "{}", style.paint(BOLD, "Not applicable"));
        for ((reason, subjects), rules) in by_reason(&groups) {
            let names: Vec<&str> = subjects.iter().take(NAMED).map(|subject| subject.name.as_str()).collect();
            let more = subjects.len().saturating_sub(NAMED);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            hang(out, style, "  ", DIM, &untrusted::line(&format!("{reason} ({}{more})", names.join(", "))));
            hang(out, style, "    ", DIM, &rules.join(", "));
        }
        out.push('\n');
    }
    if !report.asked.manual.is_empty() {
        let _ = writeln!(out, "{}\n", style.paint(BOLD, "To be checked by hand"));
        for check in &report.asked.manual {
            push_manual(out, check, style);
        }
    }
}

/// The rules that do not apply to the same subjects for the same reason.
fn by_reason<'a>(groups: &[Group<'a>]) -> BTreeMap<(&'a str, Vec<&'a Subject>), Vec<&'a str>> {
    let mut rules: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for group in groups {
        rules.entry((group.reason, group.subjects.clone())).or_default().push(group.rule);
    }
    rules
}

fn push_manual(out: &mut String, check: &Manual, style: Style) {
    let info = &check.info;
    let rest = format!("[{}] ({}) {}", info.id, info.effect, info.title);
    hang_from(out, style, info.severity.as_str(), of_severity(info.severity), &untrusted::line(&rest));
    for (heading, text) in [("where", &check.steps.place), ("look at", &check.steps.look_at), ("right", &check.steps.right)] {
        hang(out, style, &format!("  {heading}: "), HELP, text);
    }
    out.push('\n');
}

/// What was not asked, and what nobody but a person can look at, each in a line of the summary.
pub(super) fn push_summary(out: &mut String, report: &Report, style: Style) {
    let Asked { preset, tags, left_out, manual, in_full, .. } = &report.asked;
    if *left_out > 0 {
        let tags: Vec<String> = tags.iter().map(|tag| format!("--tag {}", tag.id)).collect();
        // Without tags it can only have been the preset.
        let by =
            if tags.is_empty() { format!("the preset {preset}") } else { format!("{} and the preset {preset}", tags.join(", ")) };
        let what = plural(*left_out, "rule", "rules");
        hang(out, style, "  not asked: ", BOLD, &format!("{left_out} {what}, left out by {by}"));
    }
    if !manual.is_empty() {
        let what = plural(manual.len(), "check", "checks");
        let list = if *in_full { "see above" } else { "see orgwarden rules list --manual" };
        hang(out, style, "  by hand: ", BOLD, &format!("{} {what} that only a person in Setup can make; {list}", manual.len()));
    }
}
