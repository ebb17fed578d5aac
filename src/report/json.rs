//! The report for programs: `orgwarden/report-v1`.
//!
//! The types here are the wire format and nothing else, so that a change inside the program cannot change it by accident. Keys
//! are only ever added. No time, no order but the report's: the same input gives the same bytes.

use std::io;

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use super::asked_json::{BlastRadius, Manual, NotApplicable};
use super::{Report, Source, Waived, baseline, deployment, untrusted};
use crate::diagnostic::{self, Level};
use crate::finding::{self, BaselineState};
use crate::inventory;
use crate::inventory::contract::Criticality;
use crate::inventory::waiver::Status;
use crate::source::Location;
use crate::tag::Tag;

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/report-v1";

/// The whole report, indented, with a line end.
///
/// # Errors
///
/// None that is known: nothing here has a key or a number that JSON cannot hold.
pub fn render(report: &Report) -> io::Result<String> {
    let mut text = untrusted::json(&serde_json::to_string_pretty(&Wire::from(report))?).into_owned();
    text.push('\n');
    Ok(text)
}

/// The JSON Schema (2020-12) of the report.
#[must_use]
pub fn schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let schema: Schema = generator.into_root_schema_for::<Wire<'_>>();
    schema.to_value()
}

/// A report of orgwarden on the apps of a Salesforce org.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct Wire<'a> {
    /// `orgwarden/report-v1`.
    #[schemars(extend("const" = SCHEMA_ID))]
    schema: &'static str,
    /// What was audited.
    source: &'a Source,
    /// How many verdicts of each kind; one verdict is one rule on one subject.
    summary: Summary,
    /// What became of the baseline; left out without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<baseline::wire::Wire<'a>>,
    /// What the deployment does; `gate` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<deployment::wire::Wire<'a>>,
    /// The subjects that rules were picked by, with what is known of their dates; left out where none were.
    #[serde(skip_serializing_if = "<[Tag]>::is_empty")]
    tags: &'a [Tag],
    /// What is wrong, and what is wrong and waived; by subject, then severity, then rule, then place.
    findings: Vec<Finding<'a>>,
    /// What could not be decided.
    unknown: Vec<Unknown<'a>>,
    /// How much of its org a token of each app opens.
    blast_radius: Vec<BlastRadius<'a>>,
    /// What could not be read: where there is any, the audit is incomplete.
    gaps: Vec<Problem<'a>>,
    /// What is odd in what was read; changes nothing.
    warnings: Vec<Problem<'a>>,
    /// Files that were found and not audited, on purpose.
    left_out: Vec<LeftOut<'a>>,
    /// Why rules do not apply, by rule and reason; with the preset `auditor` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<Vec<NotApplicable<'a>>>,
    /// The checks that nobody can make but a person in Setup; with the preset `auditor` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<Vec<Manual<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Apps audited.
    apps: usize,
    /// Rules that ran.
    rules: usize,
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    waived: usize,
    /// `minimal`, `recommended`, `strict` or `auditor`.
    preset: &'static str,
    /// Rules that the preset and the tags left out.
    rules_left_out: usize,
    /// Checks of the preset and the tags that nobody can make but a person in Setup.
    manual: usize,
}

#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The rule's id.
    rule: &'a str,
    /// The rule's title.
    title: &'a str,
    /// `critical`, `high`, `medium`, `low` or `info`.
    #[schemars(extend("enum" = ["critical", "high", "medium", "low", "info"]))]
    severity: &'static str,
    /// `broken`: it will not work; `unsafe`: it is not secure.
    #[schemars(extend("enum" = ["broken", "unsafe"]))]
    effect: &'static str,
    /// `fail`, or `waived` where the policy accepts it for now.
    #[schemars(extend("enum" = ["fail", "waived"]))]
    verdict: &'static str,
    /// What the baseline says of it: `known`, `new`, or `worse` where it is in it at a lower severity or with fewer values; left out without a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = BaselineState::WORDS))]
    baseline: Option<&'static str>,
    /// The severity in the baseline; left out where it is not worse now.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'static str>,
    /// Values of the evidence that the baseline does not have, where it has the finding; left out where there are none.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    new_values: &'a [String],
    subject: Subject<'a>,
    /// What is wrong, with names. Written by others in part: escape it before showing it.
    message: &'a str,
    /// The facts behind it, the place to look first.
    evidence: Vec<Evidence<'a>>,
    remediation: Remediation<'a>,
    /// Identity across runs, folders, trees and orgs: of the rule and the subject.
    fingerprint: &'a str,
    /// The waiver, where the verdict is `waived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<Waiver<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Subject<'a> {
    /// `connected-app`, `external-client-app`, `external-client-app-part`, `key-file`, `org`, `contract` or `waiver`.
    kind: &'a str,
    /// Full name of the component.
    name: &'a str,
    /// What Setup shows; empty where there is none.
    label: &'a str,
    /// The file; of an org the component, as `ConnectedApp/ERP_Sync`.
    path: &'a str,
    /// The org it is in, by the name in `source.orgs`; left out for what files say.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    org: &'a str,
    /// Who answers for it, by its contract; left out where that does not say.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    owner: &'a str,
    /// How much depends on it, by its contract; left out where that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = Criticality::WORDS))]
    criticality: Option<&'static str>,
    /// Who makes it, by its contract; left out where that does not say.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    vendor: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Evidence<'a> {
    /// Path of the fact, such as `app.oauth.scopes`.
    fact: &'a str,
    /// Its value as text.
    value: &'a str,
    /// What should be there and is not; `origin` is then the place where it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'a str>,
    /// Where it was read; null where it follows from no single place.
    origin: Option<Origin<'a>>,
}

/// Where a fact was read: a place in a file, or an object that an API of the org told of.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Origin<'a> {
    File(Place<'a>),
    Answer(Told<'a>),
}

/// A place in a file. Lines and columns count from 1, columns count characters, the end is the place after the last character.
#[derive(Serialize, JsonSchema)]
pub(super) struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    /// Left out where the text was not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    /// Left out where the text was not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    /// Whether the file states the fact; if not, this is where it would be stated and the value is the default.
    stated: bool,
}

/// An object of a live org.
#[derive(Serialize, JsonSchema)]
pub(super) struct Told<'a> {
    /// `metadata`, `data`, `tooling` or `connect`.
    #[schemars(extend("enum" = ["metadata", "data", "tooling", "connect"]))]
    api: &'static str,
    /// The component, as `ConnectedApp/ERP_Sync`, or the sObject that was queried.
    object: &'a str,
    /// Version of the API, such as `66.0`.
    version: String,
    /// Whether the org states the fact; if not, the value is the documented default.
    stated: bool,
}

#[derive(Serialize, JsonSchema)]
struct Remediation<'a> {
    /// Steps in Setup.
    setup: &'a str,
    /// What the metadata must say.
    metadata: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Waiver<'a> {
    /// Why it is accepted.
    reason: &'a str,
    /// Who answers for it.
    owner: &'a str,
    /// Where it is discussed; empty where the policy does not say.
    ticket: &'a str,
    /// `accepted`: the risk is taken; `will-fix`: it is going to be put right; `false-positive`: there is nothing wrong in this case.
    #[schemars(extend("enum" = Status::WORDS))]
    status: &'static str,
    /// The last day it is accepted, as `2026-12-31`; empty where that does not end.
    until: &'a str,
    /// Whether the metadata file says so itself, in a comment, and not the policy.
    inline: bool,
}

#[derive(Serialize, JsonSchema)]
struct Unknown<'a> {
    /// The rule's id.
    rule: &'a str,
    subject: Subject<'a>,
    /// Why it could not be decided.
    reason: &'a str,
    /// `new` or `known`; left out without a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["new", "known"]))]
    baseline: Option<&'static str>,
    /// As of the finding that it would be.
    fingerprint: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct Problem<'a> {
    /// The place, as `path:line:column`; what it is about, where there is no place.
    what: String,
    /// What is wrong.
    reason: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct LeftOut<'a> {
    path: &'a str,
    /// Why, naming the file and line that decided it where there is one.
    reason: &'a str,
}

impl<'a> From<&'a Report> for Wire<'a> {
    fn from(report: &'a Report) -> Self {
        let counts = report.counts;
        let problems = |level| report.diagnostics.iter().filter(move |it| it.level == level).map(Problem::from).collect();
        Self {
            schema: SCHEMA_ID,
            source: &report.source,
            summary: Summary {
                apps: report.apps,
                rules: report.rules.len(),
                pass: counts.pass,
                fail: counts.fail,
                unknown: counts.unknown,
                not_applicable: counts.not_applicable,
                waived: counts.waived,
                preset: report.asked.preset,
                rules_left_out: report.asked.left_out,
                manual: report.asked.manual.len(),
            },
            baseline: baseline::wire::Wire::of(report),
            deployment: report.deployment.as_ref().map(Into::into),
            tags: &report.asked.tags,
            findings: findings(report),
            unknown: report.unknown.iter().map(Unknown::from).collect(),
            blast_radius: report.blast_radius.iter().map(BlastRadius::new).collect(),
            gaps: problems(Level::Error),
            warnings: problems(Level::Warning),
            left_out: report.left_out.iter().map(|it| LeftOut { path: &it.path, reason: &it.reason }).collect(),
            not_applicable: report.asked.in_full.then(|| report.asked.groups().into_iter().map(NotApplicable::from).collect()),
            manual: report.asked.in_full.then(|| report.asked.manual.iter().map(Manual::from).collect()),
        }
    }
}

/// Failed and waived, merged in the one order of the report.
fn findings(report: &Report) -> Vec<Finding<'_>> {
    let failed = report.findings.iter().map(|finding| (finding, None));
    let waived = report.waived.iter().map(|waived| (&waived.finding, Some(waived)));
    let mut all: Vec<_> = failed.chain(waived).collect();
    all.sort_by(|(one, _), (other, _)| report.order(one).cmp(&report.order(other)));
    all.into_iter().map(|(finding, waiver)| Finding::new(finding, waiver)).collect()
}

impl<'a> Finding<'a> {
    fn new(finding: &'a finding::Finding, waived: Option<&'a Waived>) -> Self {
        Self {
            rule: &finding.rule,
            title: &finding.title,
            severity: finding.severity.as_str(),
            effect: finding.effect.as_str(),
            verdict: if waived.is_some() { "waived" } else { "fail" },
            baseline: finding.baseline.map(BaselineState::as_str),
            was: finding.baseline.and_then(BaselineState::was).map(finding::Severity::as_str),
            new_values: &finding.new_values,
            subject: Subject::from(&finding.subject),
            message: &finding.message,
            evidence: finding.evidence.iter().map(Evidence::from).collect(),
            remediation: Remediation { setup: &finding.remediation.setup, metadata: &finding.remediation.metadata },
            fingerprint: &finding.fingerprint,
            waiver: waived.map(Waiver::from),
        }
    }
}

impl<'a> From<&'a Waived> for Waiver<'a> {
    fn from(waived: &'a Waived) -> Self {
        Self {
            reason: &waived.reason,
            owner: &waived.owner,
            ticket: &waived.ticket,
            status: waived.status.as_str(),
            until: &waived.until,
            inline: waived.inline,
        }
    }
}

impl<'a> From<&'a finding::Subject> for Subject<'a> {
    fn from(subject: &'a finding::Subject) -> Self {
        let governance = &subject.governance;
        Self {
            kind: subject.kind,
            name: &subject.name,
            label: &subject.label,
            path: &subject.path,
            org: &subject.org,
            owner: &governance.owner,
            criticality: governance.criticality.map(Criticality::as_str),
            vendor: &governance.vendor,
        }
    }
}

impl<'a> From<&'a finding::Evidence> for Evidence<'a> {
    fn from(evidence: &'a finding::Evidence) -> Self {
        let origin = evidence.origin.as_ref().map(Origin::from);
        Self { fact: &evidence.fact, value: &evidence.value, missing: evidence.missing.as_deref(), origin }
    }
}

impl<'a> From<&'a inventory::Origin> for Origin<'a> {
    fn from(origin: &'a inventory::Origin) -> Self {
        let (location, stated) = (origin.location(), origin.is_stated());
        if let Some(answer) = location.answer() {
            let version = format!("{}.0", answer.version);
            return Self::Answer(Told { api: answer.api.as_str(), object: location.path(), version, stated });
        }
        Self::File(Place::of(location, stated))
    }
}

impl<'a> Place<'a> {
    /// A place in a file.
    pub(super) fn of(location: &'a Location, stated: bool) -> Self {
        let start = location.position();
        let end = location.text().map(|text| text.position(location.span().end));
        Self {
            path: location.path(),
            line: start.line,
            column: start.column,
            end_line: end.map(|end| end.line),
            end_column: end.map(|end| end.column),
            stated,
        }
    }
}

impl<'a> From<&'a finding::Undecided> for Unknown<'a> {
    fn from(undecided: &'a finding::Undecided) -> Self {
        Self {
            rule: &undecided.rule,
            subject: Subject::from(&undecided.subject),
            reason: &undecided.reason,
            baseline: undecided.baseline.map(BaselineState::as_str),
            fingerprint: &undecided.fingerprint,
        }
    }
}

impl<'a> From<&'a diagnostic::Diagnostic> for Problem<'a> {
    fn from(problem: &'a diagnostic::Diagnostic) -> Self {
        let (what, help) = (problem.location.as_ref().map(Location::to_string), problem.help.as_deref());
        let reason = match (what.is_some(), problem.label.as_str()) {
            (_, "") => problem.title.clone(),
            (true, label) => format!("{}: {label}", problem.title),
            // Without a place the title names the thing, and the label says more.
            (false, label) => label.to_owned(),
        };
        Self { what: what.unwrap_or_else(|| problem.title.clone()), reason, help }
    }
}
