//! A policy of drafts, as YAML with comments.

use std::fmt::Write as _;

use super::SCHEMA_FILE;
use super::contract::{Draft, Value};
use crate::inventory::Reason;
use crate::policy::AppPattern;
use crate::report::untrusted;
use crate::source::yaml::scalar;

/// Columns of a line that a list is written in; a longer one is written with a line for each entry.
const COLUMNS: usize = 110;
/// Characters of what somebody else wrote that are quoted in a comment.
const MAX_COMMENT: usize = 400;

/// The policy of contracts, which were made of what was read from there.
pub(super) fn policy(drafts: &[Draft], read_from: &str) -> String {
    let mut text = format!("# yaml-language-server: $schema=./{SCHEMA_FILE}\n#\n");
    for line in [
        &format!("What the apps of {read_from} are like, written by `orgwarden init`. Whatever changes is a finding from now on."),
        "Above each contract stands what the rules say of its app today, below it what is left out and why.",
        "Put right what should be otherwise, name owners, and let one contract with a glob stand for many that are alike.",
        "docs/policy.md explains every key. Editors complete and check this file by the schema that the first line names, once it is there:",
        &format!("orgwarden schema policy > {SCHEMA_FILE}"),
    ] {
        comment(&mut text, "", line);
    }
    text += if drafts.is_empty() { "\ncontracts: []\n" } else { "\ncontracts:\n" };
    for (index, draft) in drafts.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        push(&mut text, draft);
    }
    text
}

fn push(text: &mut String, draft: &Draft) {
    for line in draft.titles.iter().chain(&draft.findings) {
        comment(text, "  ", line);
    }
    if draft.name.trim().is_empty() {
        comment(text, "  ", "An app without a name cannot have a contract.");
        return;
    }
    let _ = writeln!(text, "  - app: {}", scalar(&AppPattern::literal(&draft.name)));
    for contact in &draft.contacts {
        comment(text, "    ", &format!("owner: {}", scalar(contact)));
    }
    for (key, value) in &draft.says {
        push_value(text, key, value);
    }
    for (reason, keys) in by_reason(&draft.left_out) {
        comment(text, "    ", &format!("left out: {} ({reason})", keys.join(", ")));
    }
}

fn push_value(text: &mut String, key: &str, value: &Value) {
    let line = format!("    {key}: {}", in_line(value));
    match value {
        Value::List(entries) if line.chars().count() > COLUMNS => {
            let _ = writeln!(text, "    {key}:");
            for entry in entries {
                let _ = writeln!(text, "      - {entry}");
            }
        }
        _ => {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn in_line(value: &Value) -> String {
    match value {
        Value::Word(word) => word.clone(),
        Value::List(entries) => format!("[{}]", entries.join(", ")),
        Value::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {}", in_line(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// The keys that are left out for one reason, in the order of the first.
fn by_reason<'a>(left_out: &'a [(&'static str, Reason)]) -> Vec<(&'a str, Vec<&'static str>)> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (key, reason) in left_out {
        match reasons.iter_mut().find(|(known, _)| *known == &**reason) {
            Some((_, keys)) => keys.push(key),
            None => reasons.push((reason, vec![key])),
        }
    }
    reasons
}

/// A line of a comment. Names in it were chosen by others: one with a line break must not begin a line of its own.
fn comment(text: &mut String, indentation: &str, words: &str) {
    let _ = writeln!(text, "{indentation}# {}", untrusted::short_line(words, MAX_COMMENT));
}
