//! Apps and who may use them, in blocks.

use super::blocks::{Block, Names, sorted, table};
use super::facts;
use super::words::Words;
use crate::compare::{AccessChange, Admission, AppChange, Apps, Assigned, Sureness, When};
use crate::finding::Subject;
use crate::report::style::Weight;

const APPS: &[&str] = &["App", "Kind", "What"];

/// Apps that one side alone has, and what changed of those that both have.
pub(super) fn apps_of(apps: &Apps, names: Names, words: Words) -> Vec<Block> {
    let line = |subject: &Subject, what: String| vec![names.of(subject), subject.kind.to_owned(), what];
    let admits =
        |admission: &Option<Admission>| admission.as_ref().map(|it| format!(", lets in {}", lets_in(it))).unwrap_or_default();
    let added =
        apps.added.iter().map(|(subject, admission)| line(subject, format!("{}{}", words.alone(When::After), admits(admission))));
    let removed = apps.removed.iter().map(|subject| line(subject, words.alone(When::Before).to_owned()));
    let renamed = apps.renamed.iter().map(|it| {
        let (sure, why) = match (it.sureness, words.is_drift()) {
            (Sureness::SameKey, false) => ("was", "same consumer key"),
            (Sureness::SameKey, true) => ("is, on the other side,", "same consumer key"),
            (Sureness::SameLabelAndCallbacks, false) => ("was likely", "same label and callback URLs"),
            (Sureness::SameLabelAndCallbacks, true) => ("is likely, on the other side,", "same label and callback URLs"),
        };
        line(&it.after, format!("{sure} {}{}: {why}", it.before.name, other_kind(&it.before, &it.after)))
    });
    let unsure =
        apps.unsure.iter().map(|it| line(&it.subject, format!("cannot tell: seen {} only; {}", words.on(it.on), it.reason)));
    let rows = added.chain(removed).chain(renamed).chain(unsure).collect();
    let title =
        if words.is_drift() { "Apps on one side alone, or by another name" } else { "Apps that came, went or have another name" };
    let mut blocks = vec![table(title, Weight::Plain, APPS, rows)];
    blocks.extend(
        sorted(&apps.changed, |it| (&it.subject.org, &it.subject.name, it.subject.kind)).map(|it| changed(it, names, words)),
    );
    blocks
}

fn other_kind(before: &Subject, after: &Subject) -> String {
    if before.kind == after.kind { String::new() } else { format!(", a {}", before.kind.replace('-', " ")) }
}

fn changed(change: &AppChange, names: Names, words: Words) -> Block {
    Block {
        title: format!("{} {}", change.subject.kind.replace('-', " "), names.of(&change.subject)),
        weight: if change.access.opens() { Weight::Bad } else { Weight::Plain },
        headers: &[],
        rows: Vec::new(),
        lines: facts::lines(&change.facts, words)
            .into_iter()
            .chain(facts::left_out(&change.left_out, words))
            .chain(access(&change.access, words))
            .collect(),
    }
}

/// What changed of who may use an app, as sentences.
fn access(change: &AccessChange, words: Words) -> Vec<String> {
    let mut lines: Vec<String> = change.admission.iter().map(|(before, after)| admission(before, after, words)).collect();
    for (when, assigned) in [(When::After, &change.gained), (When::Before, &change.lost)] {
        if !assigned.is_empty() {
            let names: Vec<String> = assigned.iter().map(assigned_in_words).collect();
            let effect = if change.lets_in_anybody { ", which has no effect while any user may authorize the app" } else { "" };
            lines.push(format!("{}: {}{effect}.", words.assigned_alone(when), names.join(", ")));
        }
    }
    for (one, many, users) in [("gains", "gain", &change.users_gained), ("loses", "lose", &change.users_lost)] {
        match users.as_slice() {
            [] => {}
            [user] => lines.push(format!("1 user {one} it: {user}.")),
            users => lines.push(format!("{} users {many} it: {}.", users.len(), users.join(", "))),
        }
    }
    lines.extend(change.doubts.iter().map(|doubt| format!("Cannot tell {doubt}.")));
    lines
}

fn admission(before: &Admission, after: &Admission, words: Words) -> String {
    if words.is_drift() {
        return format!("Lets in {} {}; {}, {}.", lets_in(before), words.on(When::Before), words.on(When::After), lets_in(after));
    }
    match after {
        Admission::Anybody => {
            format!("Opens to everybody: any active user of the org may authorize it; before, it let in {}.", lets_in(before))
        }
        after => format!("Lets in {}; before, it let in {}.", lets_in(after), lets_in(before)),
    }
}

fn assigned_in_words(assigned: &Assigned) -> String {
    format!("{} {}", assigned.kind.replace('-', " "), assigned.name)
}

/// Whom an app lets in, in words.
pub(in crate::report) const fn lets_in(admission: &Admission) -> &'static str {
    match admission {
        Admission::Assigned => "assigned users alone",
        Admission::Anybody => "any active user of the org",
        Admission::Nobody => "nobody",
        Admission::Unknown(_) => "nobody knows whom",
    }
}
