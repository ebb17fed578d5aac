//! A rule as a page to read, and for programs; `rules show` and `explain` print the same.

use serde_json::{Value, json};

use crate::report::Style;
use crate::report::page::Page;
use crate::rules::schema::SourceKind;
use crate::rules::{self, Example, Rule, Verdict};

/// What the rule is about, why it matters, how to put it right, and its condition.
pub(super) fn page(rule: &Rule, style: Style) -> String {
    let info = rule.info();
    let mut page = Page::new(&info.id, &info.title, style);
    page.line(&format!("{} · {} · {} · about: {}", info.severity, info.effect, info.category, rule.applies_to().as_str()));
    page.prose("Why", &info.why);
    match rule.source() {
        Some(SourceKind::Org) => page.prose("Needs", "a live org"),
        Some(SourceKind::Files) => page.prose("Needs", "files"),
        None => {}
    }
    page.verbatim("Concerns", rule.when().map(rules::Condition::text).unwrap_or_default());
    page.verbatim("Must hold", rule.check().text());
    page.prose("In Setup", &info.remediation.setup.to_text());
    page.prose("In metadata", &info.remediation.metadata.to_text());
    page.verbatim("Reads", &rule.facts().into_iter().collect::<Vec<_>>().join("\n"));
    page.verbatim("Bad example", &example(rule, Verdict::Fail));
    page.verbatim("Good example", &example(rule, Verdict::Pass));
    let examples: Vec<String> = rule.examples().iter().map(|example| format!("{}: {}", example.verdict, example.name)).collect();
    page.prose("All examples", &examples.join("\n"));
    let controls: Vec<String> = info.controls.iter().map(|(benchmark, ids)| format!("{benchmark}: {}", ids.join(", "))).collect();
    page.prose("Controls", &controls.join("\n"));
    page.verbatim("References", &info.references.join("\n"));
    page.finish()
}

/// The first example with a verdict, as the rule file has it.
fn example(rule: &Rule, verdict: Verdict) -> String {
    rule.examples().iter().find(|example| example.verdict == verdict).map(Example::as_written).unwrap_or_default()
}

/// The rule for programs.
pub(super) fn as_json(rule: &Rule) -> Value {
    let info = rule.info();
    json!({
        "id": info.id,
        "title": info.title,
        "category": info.category,
        "severity": info.severity.as_str(),
        "effect": info.effect.as_str(),
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
