//! All there is to say of a rule or a manual check, section by section: `rules show`, `explain` and `docs/rules/` are made of it, each in its own looks.

use super::fix::{Fix, Risk};
use super::schema::{SourceKind, SubjectKind};
use super::{Condition, Entry, EvidenceSpec, Example, ManualCheck, Rule, Verdict};
use crate::finding::Advice;

/// A section of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: &'static str,
    /// What stands below it.
    pub body: Body,
}

/// What stands below a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Sentences, in paragraphs by lines.
    Prose(String),
    /// A list of sentences.
    List(Vec<String>),
    /// A condition.
    Condition(String),
    /// A piece of YAML, to copy.
    Yaml(String),
    /// Paths of facts.
    Facts(Vec<&'static str>),
    /// Addresses of pages.
    Links(Vec<String>),
}

impl Body {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Prose(text) | Self::Condition(text) | Self::Yaml(text) => text.trim().is_empty(),
            Self::List(entries) | Self::Links(entries) => entries.is_empty(),
            Self::Facts(facts) => facts.is_empty(),
        }
    }
}

/// The page of a rule or a manual check below its title and [`summary`]; sections with nothing to say are left out.
#[must_use]
pub fn sections(entry: Entry<'_>) -> Vec<Section> {
    let info = entry.info();
    let mut all = vec![("Why it matters", Body::Prose(info.why.clone()))];
    match entry {
        Entry::Rule(rule) => all.extend(of_condition(rule)),
        Entry::Manual(check) => all.extend(of_manual(check)),
    }
    all.extend([
        ("Put it right in Setup", advice(&info.remediation.setup)),
        ("Put it right in metadata", advice(&info.remediation.metadata)),
    ]);
    if let Entry::Rule(rule) = entry {
        all.push(("What `orgwarden fix` does", Body::List(rule.fix().map(fix).unwrap_or_default())));
        all.extend(of_rule(rule));
    }
    all.extend([
        ("Switch it off", Body::Yaml(format!("rules:\n  - rule: {}\n    enabled: false", info.id))),
        ("Tags", Body::List(info.tags.clone())),
        ("Controls", Body::List(info.controls.iter().map(|(benchmark, ids)| format!("{benchmark}: {}", ids.join(", "))).collect())),
        ("References", Body::Links(info.references.clone())),
    ]);
    let sections = all.into_iter().map(|(heading, body)| Section { heading, body });
    sections.filter(|section| !section.body.is_empty()).collect()
}

/// When a rule has something to say, and what.
fn of_condition(rule: &Rule) -> [(&'static str, Body); 5] {
    [
        ("Needs", Body::Prose(needs(rule.source()).to_owned())),
        ("When it concerns something", Body::Condition(rule.when().map(Condition::text).unwrap_or_default().to_owned())),
        ("What must hold", Body::Condition(rule.check().text().to_owned())),
        ("What a finding says", Body::Prose(rule.message().text().to_owned())),
        ("Its severity", Body::List(severities(rule))),
    ]
}

/// How a check is made by hand.
fn of_manual(check: &ManualCheck) -> [(&'static str, Body); 4] {
    [
        ("Needs", Body::Prose("A person in Setup: nothing that orgwarden reads tells it.".to_owned())),
        ("Where", Body::Prose(check.steps.place.clone())),
        ("Look at", Body::Prose(check.steps.look_at.clone())),
        ("What is right", Body::Prose(check.steps.right.clone())),
    ]
}

/// What a rule looks at, and what can be done about its findings.
fn of_rule(rule: &Rule) -> [(&'static str, Body); 6] {
    [
        ("Bad example", Body::Yaml(example(rule, Verdict::Fail))),
        ("Good example", Body::Yaml(example(rule, Verdict::Pass))),
        ("All examples", Body::List(rule.examples().iter().map(|it| format!("{}: {}", it.verdict, it.name)).collect())),
        ("What it reads", Body::Facts(rule.facts().into_iter().collect())),
        ("What a finding shows", Body::List(rule.evidence().iter().map(shown).collect())),
        ("Accept a finding", Body::Yaml(waiver(rule))),
    ]
}

/// What it is, in one line.
#[must_use]
pub fn summary(entry: Entry<'_>) -> String {
    let info = entry.info();
    let (severity, effect, category, preset) = (info.severity, info.effect, &info.category, info.preset);
    format!("{severity} · {effect} · {category} · about: {} · preset: {preset}", entry.applies_to().as_str())
}

const fn needs(source: Option<SourceKind>) -> &'static str {
    match source {
        Some(SourceKind::Org) => "A live org, or a snapshot of one: files do not tell.",
        Some(SourceKind::Files) => "Files: of a live org there is nothing to say.",
        None => "",
    }
}

/// The severities of a rule that has more than one, in the order they are tried.
fn severities(rule: &Rule) -> Vec<String> {
    let others: Vec<String> =
        rule.severity_if().iter().map(|(severity, when)| format!("{severity} where `{}`", when.text())).collect();
    if others.is_empty() {
        return others;
    }
    others.into_iter().chain([format!("{} otherwise", rule.info().severity)]).collect()
}

fn advice(advice: &Advice) -> Body {
    match advice {
        Advice::Same(text) => Body::Prose(text.clone()),
        Advice::ByKind { connected_app, external_client_app } => {
            let kinds = [("Connected app", connected_app), ("External Client App", external_client_app)];
            let entries = kinds.into_iter().filter(|(_, text)| !text.is_empty()).map(|(kind, text)| format!("{kind}: {text}"));
            Body::List(entries.collect())
        }
    }
}

/// The steps of a fix, whether it is safe, and what a person has to decide first.
fn fix(fix: &Fix) -> Vec<String> {
    let risk = match &fix.risk {
        Risk::Safe(why) => format!("Safe. {why}"),
        Risk::Unsafe(what) => format!("Unsafe. {what}"),
    };
    let needs = fix.needs.as_ref().map(|needs| format!("Where there is nothing to write, it takes a decision: {needs}."));
    fix.in_words().into_iter().chain([risk]).chain(needs).collect()
}

/// The first example with a verdict, as the rule file has it.
fn example(rule: &Rule, verdict: Verdict) -> String {
    rule.examples().iter().find(|example| example.verdict == verdict).map(Example::as_written).unwrap_or_default()
}

fn shown(evidence: &EvidenceSpec) -> String {
    match (&evidence.keep, &evidence.missing) {
        (Some(keep), _) => format!("`{}`, of it where `{}`", evidence.fact, keep.text()),
        (None, Some(missing)) => format!("`{}`, where {missing} is missing", evidence.fact),
        (None, None) => format!("`{}`", evidence.fact),
    }
}

/// An entry of the policy that accepts a finding, where that is possible.
fn waiver(rule: &Rule) -> String {
    let about = match rule.applies_to() {
        SubjectKind::App => "\n    app: Name_Of_The_App",
        SubjectKind::Org | SubjectKind::OrphanPart | SubjectKind::KeyFile | SubjectKind::Contract => {
            "\n    subject: name of what it is about"
        }
        SubjectKind::Waiver => return String::new(),
    };
    let id = rule.id();
    format!(
        "waivers:\n  - rule: {id}{about}\n    reason: why that is right here\n    owner: who answers for it\n    expires: 2026-12-31"
    )
}
