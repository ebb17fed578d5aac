//! A JSON report, read again to be compared.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Source, json};
use crate::compare::{Found, Open, Scope, Side, of_lists};
use crate::finding::{KINDS, Severity, Subject};
use crate::inventory::contract::Governance;
use crate::inventory::org::short;

/// Why a text is no report that can be compared.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// It is no JSON, or a key is missing or of another kind.
    #[error("it is no report of `orgwarden audit --format json`: {0}")]
    Damaged(serde_json::Error),
    /// It is JSON and something else.
    #[error(
        "its key `schema` says `{0}`, and only `{id}` can be compared: write one with `orgwarden audit --format json`",
        id = json::SCHEMA_ID
    )]
    OtherForm(String),
    /// It is about something that this version does not know.
    #[error("it has a finding about a `{0}`, which this version does not know: use the version that wrote it")]
    OtherKind(String),
}

#[derive(Deserialize)]
struct Saved {
    source: Source,
    findings: Vec<Finding>,
    unknown: Vec<Unknown>,
    gaps: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    severity: Severity,
    verdict: String,
    subject: About,
    message: String,
    evidence: Vec<Evidence>,
    fingerprint: String,
}

#[derive(Deserialize)]
struct About {
    kind: String,
    name: String,
    label: String,
    path: String,
    #[serde(default)]
    org: String,
}

#[derive(Deserialize)]
struct Evidence {
    fact: String,
    value: String,
    missing: Option<String>,
    origin: Option<Origin>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Origin {
    File { path: String, line: usize, column: usize },
    Answer { object: String },
}

#[derive(Deserialize)]
struct Unknown {
    rule: String,
    subject: About,
    reason: String,
    fingerprint: String,
}

/// The side of a comparison that a report is. Which rules ran it does not tell, nor what is known of the apps.
///
/// # Errors
///
/// The text is no report, or one of a form that this version does not know.
pub fn side(text: &str) -> Result<Side, ReportError> {
    let text = text.trim_start_matches('\u{feff}');
    let document: Value = serde_json::from_str(text).map_err(ReportError::Damaged)?;
    match document.get("schema").and_then(Value::as_str) {
        Some(json::SCHEMA_ID) => {}
        Some(other) => return Err(ReportError::OtherForm(other.to_owned())),
        None => return Err(ReportError::OtherForm("nothing".to_owned())),
    }
    let Saved { source, findings, unknown, gaps } = serde_json::from_value(document).map_err(ReportError::Damaged)?;
    let orgs = ids(&source);
    let of_orgs = orgs.iter().map(|(name, id)| Scope { id: id.clone(), name: (*name).to_owned(), ..Scope::default() });
    let mut scopes: Vec<Scope> = of_orgs.collect();
    if scopes.is_empty() {
        scopes.push(Scope { name: "files".to_owned(), ..Scope::default() });
    }
    Ok(Side {
        findings: findings.into_iter().map(|it| it.read(&orgs)).collect::<Result<_, _>>()?,
        undecided: unknown.into_iter().map(|it| it.read(&orgs)).collect::<Result<_, _>>()?,
        scopes,
        gaps: gaps.len(),
        apps: None,
        partial: Vec::new(),
    })
}

/// The orgs by name, with what tells them from others wherever they are asked for.
fn ids(source: &Source) -> BTreeMap<&str, String> {
    let id = |org: &super::OrgSource| org.id.as_deref().map_or(org.name.as_str(), short).to_owned();
    source.orgs.iter().map(|org| (org.name.as_str(), id(org))).collect()
}

impl Finding {
    fn read(self, orgs: &BTreeMap<&str, String>) -> Result<Found, ReportError> {
        let there = self.evidence.iter().filter(|piece| piece.missing.is_none());
        let values = of_lists(there.map(|piece| (piece.fact.as_str(), piece.value.as_str())));
        let place = self.evidence.into_iter().find_map(|evidence| evidence.origin).map(|origin| match origin {
            Origin::File { path, line, column } => format!("{path}:{line}:{column}"),
            Origin::Answer { object } => object,
        });
        Ok(Found {
            rule: self.rule,
            severity: self.severity,
            message: self.message,
            place: place.unwrap_or_else(|| self.subject.path.clone()),
            values,
            waived: self.verdict == "waived",
            fingerprint: self.fingerprint,
            subject: self.subject.read(orgs)?,
        })
    }
}

impl Unknown {
    fn read(self, orgs: &BTreeMap<&str, String>) -> Result<Open, ReportError> {
        let subject = self.subject.read(orgs)?;
        Ok(Open { rule: self.rule, subject, reason: self.reason.into(), fingerprint: self.fingerprint })
    }
}

impl About {
    fn read(self, orgs: &BTreeMap<&str, String>) -> Result<Subject, ReportError> {
        let Self { kind, name, label, path, org } = self;
        let kind = KINDS.into_iter().find(|known| *known == kind).ok_or(ReportError::OtherKind(kind))?;
        let org_id = orgs.get(org.as_str()).cloned().unwrap_or_default();
        let path_in_source = if org.is_empty() { path.clone() } else { String::new() };
        Ok(Subject { kind, name, label, path, path_in_source, org, org_id, governance: Governance::default() })
    }
}
