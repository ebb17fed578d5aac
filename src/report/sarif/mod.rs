//! SARIF 2.1.0 for code scanning services.
//!
//! Paths stay relative, as they were given, so that a service can find them in its checkout. Columns count UTF-16 code
//! units, which is what SARIF takes for granted and what GitHub reads. What could not be decided is a result of kind `open`,
//! what could not be read a notification of the run.

mod wire;

use std::collections::BTreeMap;
use std::io;

use wire::{
    ArtifactLocation, Driver, Invocation, Location, Log, LogicalLocation, Message, Multiformat, Notification, PhysicalLocation,
    Region, ReportingConfiguration, ReportingDescriptor, Result as Outcome, ResultProperties, RuleProperties, Run, Suppression,
    Tool,
};

use super::{Report, Waived, untrusted};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{BaselineState, Evidence, Finding, RuleInfo, Severity, Subject, Undecided};
use crate::inventory::contract::{Criticality, Governance};
use crate::source;

/// The whole report, indented, with a line end.
///
/// # Errors
///
/// None that is known: nothing here has a key or a number that JSON cannot hold.
pub fn render(report: &Report) -> io::Result<String> {
    let mut text = untrusted::json(&serde_json::to_string_pretty(&log(report))?).into_owned();
    text.push('\n');
    Ok(text)
}

fn log(report: &Report) -> Log {
    let rules = &report.rules;
    let failed = report.findings.iter().map(|finding| failed(finding, rules));
    let accepted = report.waived.iter().map(|waiver| waived(waiver, rules));
    let undecided = report.unknown.iter().map(|unknown| open(unknown, rules));
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "orgwarden",
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.iter().map(descriptor).collect(),
            },
        },
        invocations: vec![Invocation {
            execution_successful: report.gaps() == 0,
            tool_execution_notifications: report.diagnostics.iter().map(notification).collect(),
        }],
        column_kind: "utf16CodeUnits",
        results: failed.chain(accepted).chain(undecided).collect(),
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: vec![run] }
}

fn descriptor(rule: &RuleInfo) -> ReportingDescriptor {
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

fn tags(rule: &RuleInfo) -> Vec<String> {
    let mut tags = vec!["security".to_owned(), "salesforce".to_owned(), rule.effect.as_str().to_owned(), rule.category.clone()];
    // The form in which code scanning services recognise weaknesses.
    tags.extend(rule.controls.get("cwe").into_iter().flatten().map(|cwe| format!("external/cwe/{}", cwe.to_lowercase())));
    tags.extend(rule.tags.iter().cloned());
    tags.retain(|tag| !tag.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags
}

fn failed(finding: &Finding, rules: &[RuleInfo]) -> Outcome {
    let mut places = finding.evidence.iter().filter_map(place);
    let first = places.next().map_or_else(|| subject_place(&finding.subject), |(location, _)| location);
    let related = places.enumerate().map(|(index, (location, fact))| Location {
        id: Some(index + 1),
        message: Some(message(&fact)),
        ..location
    });
    Outcome {
        rule_id: finding.rule.clone(),
        rule_index: index_of(&finding.rule, rules),
        kind: "fail",
        level: level(finding.severity),
        message: message(&about(&finding.subject, &finding.message)),
        locations: vec![first],
        related_locations: related.collect(),
        partial_fingerprints: fingerprints(&finding.fingerprint, &finding.subject),
        baseline_state: finding.baseline.map(baseline_state),
        suppressions: None,
        properties: Some(properties(finding)),
    }
}

fn properties(finding: &Finding) -> ResultProperties {
    let Governance { owner, criticality, vendor } = &finding.subject.governance;
    ResultProperties {
        severity: finding.severity.as_str(),
        effect: finding.effect.as_str(),
        owner: owner.clone(),
        criticality: criticality.map(Criticality::as_str),
        vendor: vendor.clone(),
    }
}

fn waived(waived: &Waived, rules: &[RuleInfo]) -> Outcome {
    let details = [("owner", &waived.owner), ("ticket", &waived.ticket), ("until", &waived.until)];
    let details = details.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}"));
    let details: Vec<String> = std::iter::once(waived.status.to_string()).chain(details).collect();
    let kind = if waived.inline { "inSource" } else { "external" };
    let justification = format!("{} ({})", waived.reason, details.join(", "));
    Outcome { suppressions: Some(vec![Suppression { kind, status: "accepted", justification }]), ..failed(&waived.finding, rules) }
}

fn open(undecided: &Undecided, rules: &[RuleInfo]) -> Outcome {
    Outcome {
        rule_id: undecided.rule.clone(),
        rule_index: index_of(&undecided.rule, rules),
        kind: "open",
        level: "none",
        message: message(&about(&undecided.subject, &format!("{} could not be decided: {}", undecided.rule, undecided.reason))),
        locations: vec![subject_place(&undecided.subject)],
        related_locations: Vec::new(),
        partial_fingerprints: fingerprints(&undecided.fingerprint, &undecided.subject),
        baseline_state: undecided.baseline.map(baseline_state),
        suppressions: None,
        properties: None,
    }
}

/// The identity of a result: an app has the same in every org, so that the org is a part of its own.
fn fingerprints(fingerprint: &str, subject: &Subject) -> BTreeMap<&'static str, String> {
    let org = Some(("orgwardenOrg/v1", subject.org_id.clone())).filter(|(_, id)| !id.is_empty());
    [("orgwarden/v1", fingerprint.to_owned())].into_iter().chain(org).collect()
}

/// Section 3.27.24. What the baseline has and the audit has not is left out, although there is a word for it: services that do not read
/// the state would take it for something that is there.
const fn baseline_state(state: BaselineState) -> &'static str {
    match state {
        BaselineState::New => "new",
        BaselineState::Worse { .. } => "updated",
        BaselineState::Known | BaselineState::Counted => "unchanged",
    }
}

fn notification(diagnostic: &Diagnostic) -> Notification {
    let mut text = diagnostic.title.clone();
    for more in [Some(diagnostic.label.as_str()), diagnostic.help.as_deref()].into_iter().flatten().filter(|more| !more.is_empty())
    {
        text.push_str(": ");
        text.push_str(more);
    }
    Notification {
        level: match diagnostic.level {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        message: message(&text),
        locations: diagnostic.location.iter().map(location).collect(),
    }
}

fn place(evidence: &Evidence) -> Option<(Location, String)> {
    let origin = evidence.origin.as_ref()?;
    Some((location(origin.location()), evidence.in_words(&evidence.value)))
}

fn location(location: &source::Location) -> Location {
    let artifact_location = ArtifactLocation::of(location.path());
    match location.answer() {
        None => Location::at(PhysicalLocation { artifact_location, region: Some(region(location)) }),
        // An object of an org is no file. Services drop results without a physical location, so it has one that names it.
        Some(_) => Location {
            logical: Some(vec![LogicalLocation { fully_qualified_name: location.path().to_string(), kind: "resource" }]),
            ..Location::at(PhysicalLocation { artifact_location, region: None })
        },
    }
}

/// The text, with the org it is about: places name a component, and several orgs can have it.
fn about(subject: &Subject, text: &str) -> String {
    if subject.org.is_empty() { text.to_owned() } else { format!("{}: {text}", subject.org) }
}

/// The file a subject is in; every result must have a place, or services drop it.
fn subject_place(subject: &Subject) -> Location {
    let path = if subject.path.is_empty() { "." } else { &subject.path };
    Location::at(PhysicalLocation { artifact_location: ArtifactLocation::of(path), region: None })
}

fn region(location: &source::Location) -> Region {
    let start = location.position();
    let Some(text) = location.text() else {
        return Region { start_line: start.line, start_column: None, end_line: None, end_column: None };
    };
    let end = text.position(location.span().end);
    let column = |line, offset| {
        let before = text.text().get(text.line_start(line)..offset).unwrap_or_default();
        before.trim_start_matches('\u{feff}').encode_utf16().count() + 1
    };
    Region {
        start_line: start.line,
        start_column: Some(column(start.line, location.span().start)),
        end_line: Some(end.line),
        end_column: Some(column(end.line, location.span().end)),
    }
}

/// A message with names in it that others chose: harmful characters visible, and no link. SARIF reads `[text](target)` as
/// one even in plain text and takes brackets literally after a backslash (sections 3.11.5 and 3.11.6).
fn message(text: &str) -> Message {
    let text = untrusted::lines(text.trim());
    if !text.contains("](") {
        return Message { text: text.into_owned() };
    }
    Message { text: text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]") }
}

fn plain(text: &str) -> Message {
    Message { text: untrusted::lines(text.trim()).into_owned() }
}

fn index_of(rule: &str, rules: &[RuleInfo]) -> Option<usize> {
    rules.iter().position(|info| info.id == rule)
}

const fn level(severity: Severity) -> &'static str {
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
