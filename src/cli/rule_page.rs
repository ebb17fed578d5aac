//! A rule or a manual check as a page to read, and for programs; `rules show` and `explain` print the same.

use serde_json::{Value, json};

use crate::report::Style;
use crate::report::page::Page;
use crate::rules::page::{Body, sections, summary};
use crate::rules::schema::SourceKind;
use crate::rules::{Condition, Entry, ManualCheck, Rule};

/// What it is about, why it matters, how to check it and how to put it right.
pub(super) fn page(entry: Entry<'_>, style: Style) -> String {
    let info = entry.info();
    let mut page = Page::new(&info.id, &info.title, style);
    page.line(&summary(entry));
    for section in sections(entry) {
        match section.body {
            Body::Prose(text) => page.prose(section.heading, &text),
            Body::List(entries) => page.prose(section.heading, &entries.join("\n")),
            Body::Condition(text) | Body::Yaml(text) => page.verbatim(section.heading, &text),
            Body::Facts(facts) => page.verbatim(section.heading, &facts.join("\n")),
            Body::Links(links) => page.verbatim(section.heading, &links.join("\n")),
        }
    }
    page.finish()
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
    let others = rule.severity_if().iter();
    let severity_if: Vec<Value> =
        others.map(|(severity, when)| json!({ "severity": severity.as_str(), "when": when.text() })).collect();
    json!({
        "id": info.id,
        "title": info.title,
        "category": info.category,
        "severity": info.severity.as_str(),
        "severity_if": severity_if,
        "effect": info.effect.as_str(),
        "preset": info.preset.as_str(),
        "tags": info.tags,
        "applies_to": rule.applies_to().as_str(),
        "source": rule.source().map(SourceKind::as_str),
        "why": info.why,
        "when": rule.when().map(Condition::text),
        "check": rule.check().text(),
        "message": rule.message().text(),
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
