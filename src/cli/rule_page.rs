//! A rule or a manual check as a page to read, and for programs; `rules show` and `explain` print the same.

use serde_json::{Value, json};

use crate::finding::RuleInfo;
use crate::report::Style;
use crate::report::page::Page;
use crate::rules::schema::SourceKind;
use crate::rules::{self, Entry, Example, ManualCheck, Rule, Verdict};

/// What it is about, why it matters, how to check it and how to put it right.
pub(super) fn page(entry: Entry<'_>, style: Style) -> String {
    let info = entry.info();
    let mut page = Page::new(&info.id, &info.title, style);
    let (severity, effect, category, preset) = (info.severity, info.effect, &info.category, info.preset);
    page.line(&format!("{severity} · {effect} · {category} · about: {} · preset: {preset}", entry.applies_to().as_str()));
    page.prose("Why", &info.why);
    match entry {
        Entry::Rule(rule) => push_rule(&mut page, rule),
        Entry::Manual(check) => push_manual(&mut page, check),
    }
    page.prose("Tags", &info.tags.join(", "));
    let controls: Vec<String> = info.controls.iter().map(|(benchmark, ids)| format!("{benchmark}: {}", ids.join(", "))).collect();
    page.prose("Controls", &controls.join("\n"));
    page.verbatim("References", &info.references.join("\n"));
    page.finish()
}

fn push_rule(page: &mut Page, rule: &Rule) {
    match rule.source() {
        Some(SourceKind::Org) => page.prose("Needs", "a live org"),
        Some(SourceKind::Files) => page.prose("Needs", "files"),
        None => {}
    }
    page.verbatim("Concerns", rule.when().map(rules::Condition::text).unwrap_or_default());
    page.verbatim("Must hold", rule.check().text());
    push_remedy(page, rule.info());
    page.verbatim("Reads", &rule.facts().into_iter().collect::<Vec<_>>().join("\n"));
    page.verbatim("Bad example", &example(rule, Verdict::Fail));
    page.verbatim("Good example", &example(rule, Verdict::Pass));
    let examples: Vec<String> = rule.examples().iter().map(|example| format!("{}: {}", example.verdict, example.name)).collect();
    page.prose("All examples", &examples.join("\n"));
}

fn push_manual(page: &mut Page, check: &ManualCheck) {
    page.prose("Needs", "a person in Setup: nothing that orgwarden reads tells it");
    page.prose("Where", &check.steps.place);
    page.prose("Look at", &check.steps.look_at);
    page.prose("What is right", &check.steps.right);
    push_remedy(page, &check.info);
}

fn push_remedy(page: &mut Page, info: &RuleInfo) {
    page.prose("In Setup", &info.remediation.setup.to_text());
    page.prose("In metadata", &info.remediation.metadata.to_text());
}

/// The first example with a verdict, as the rule file has it.
fn example(rule: &Rule, verdict: Verdict) -> String {
    rule.examples().iter().find(|example| example.verdict == verdict).map(Example::as_written).unwrap_or_default()
}

/// The same for programs.
pub(super) fn as_json(entry: Entry<'_>) -> Value {
    match entry {
        Entry::Rule(rule) => rule_as_json(rule),
        Entry::Manual(check) => manual_as_json(check),
    }
}

fn rule_as_json(rule: &Rule) -> Value {
    let info = rule.info();
    json!({
        "id": info.id,
        "title": info.title,
        "category": info.category,
        "severity": info.severity.as_str(),
        "effect": info.effect.as_str(),
        "preset": info.preset.as_str(),
        "tags": info.tags,
        "applies_to": rule.applies_to().as_str(),
        "source": rule.source().map(SourceKind::as_str),
        "why": info.why,
        "when": rule.when().map(rules::Condition::text),
        "check": rule.check().text(),
        "facts": rule.facts(),
        "remediation": { "setup": info.remediation.setup.to_text(), "metadata": info.remediation.metadata.to_text() },
        "controls": info.controls,
        "references": info.references,
    })
}

fn manual_as_json(check: &ManualCheck) -> Value {
    let info = &check.info;
    json!({
        "id": info.id,
        "title": info.title,
        "category": info.category,
        "severity": info.severity.as_str(),
        "effect": info.effect.as_str(),
        "preset": info.preset.as_str(),
        "tags": info.tags,
        "applies_to": check.applies_to.as_str(),
        "why": info.why,
        "manual": { "where": check.steps.place, "look_at": check.steps.look_at, "right": check.steps.right },
        "controls": info.controls,
        "references": info.references,
    })
}
