//! Rules as SARIF describes them, within what code scanning services take.

use std::collections::BTreeSet;

use super::super::untrusted;
use super::super::words::short_lines;
use super::wire::{Message, Multiformat, ReportingConfiguration, ReportingDescriptor, RuleProperties};
use crate::finding::{RuleInfo, Severity};

/// Tags of a rule that GitHub shows; with more than twenty it refuses the file.
const MAX_TAGS: usize = 10;
/// Characters of a description.
const MAX_DESCRIPTION: usize = 1024;

pub(super) fn descriptor(rule: &RuleInfo) -> ReportingDescriptor {
    let (text, markdown) = help(rule);
    ReportingDescriptor {
        id: rule.id.clone(),
        name: pascal_case(&rule.id),
        short_description: plain(&rule.title),
        full_description: plain(if rule.why.trim().is_empty() { &rule.title } else { &rule.why }),
        help: Multiformat { text, markdown },
        default_configuration: ReportingConfiguration { level: level(rule.severity) },
        properties: RuleProperties {
            tags: tags(rule),
            precision: "high",
            security_severity: security_severity(rule.severity),
            effect: rule.effect.as_str(),
            category: rule.category.clone(),
            controls: rule.controls.clone(),
        },
    }
}

/// Why the rule matters, how to put it right and where to read on, as text and as Markdown.
fn help(rule: &RuleInfo) -> (String, String) {
    let (setup, metadata) = (&rule.remediation.setup.to_text(), &rule.remediation.metadata.to_text());
    let mut text = vec![rule.why.trim().to_owned()];
    let mut markdown = vec![untrusted::markdown(rule.why.trim())];
    for (heading, steps) in [("In Setup", setup.trim()), ("In metadata", metadata.trim())] {
        if !steps.is_empty() {
            text.push(format!("{heading}: {steps}"));
            markdown.push(format!("**{heading}**\n\n{}", untrusted::markdown(steps)));
        }
    }
    if !rule.references.is_empty() {
        text.push(rule.references.join("\n"));
        let list: Vec<String> = rule.references.iter().map(|page| format!("- {}", untrusted::markdown(page))).collect();
        markdown.push(list.join("\n"));
    }
    let join = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    let (text, markdown) = (join(text), join(markdown));
    if text.is_empty() { (rule.title.clone(), untrusted::markdown(&rule.title)) } else { (text, markdown) }
}

/// What people filter by; what a service recognises comes first, because there is room for few.
fn tags(rule: &RuleInfo) -> Vec<String> {
    let mut tags = vec!["security".to_owned(), "salesforce".to_owned(), rule.effect.as_str().to_owned(), rule.category.clone()];
    // The form in which code scanning services recognise weaknesses.
    tags.extend(rule.controls.get("cwe").into_iter().flatten().map(|cwe| format!("external/cwe/{}", cwe.to_lowercase())));
    tags.extend(rule.tags.iter().cloned());
    tags.retain(|tag| !tag.is_empty());
    let mut seen = BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(MAX_TAGS);
    tags
}

fn plain(text: &str) -> Message {
    Message { text: short_lines(text.trim(), MAX_DESCRIPTION) }
}

pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// On the scale GitHub reads: above 9.0 critical, from 7.0 high, from 4.0 medium, above 0 low.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.0",
    }
}

fn pascal_case(id: &str) -> String {
    let words = id.split(['-', '_', '.', '/']).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    words.collect()
}
