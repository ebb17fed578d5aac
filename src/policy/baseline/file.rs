//! The file of a baseline: JSON with a verdict a line, in an order of its own, so that a change of one verdict is a change of one line.

use std::sync::Arc;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::compare::baseline::Recorded;
use crate::compare::fingerprint_of;
use crate::diagnostic::Diagnostic;
use crate::finding::Severity;
use crate::source::{Location, SourceText, Span};

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/baseline-v1";

const ANEW: &str = "write one with `orgwarden audit --write-baseline FILE`";

/// A baseline of orgwarden: verdicts of an audit that are known.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Baseline")]
struct Document {
    /// `orgwarden/baseline-v1`.
    #[serde(rename = "schema")]
    #[schemars(extend("const" = SCHEMA_ID))]
    _schema: String,
    /// Findings, by org, kind, name, rule and path.
    findings: Vec<Finding>,
    /// Verdicts that could not be decided, in the same order.
    unknown: Vec<Unknown>,
}

/// A finding.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Finding {
    /// The rule's id.
    rule: String,
    /// How bad it is: a worse one is not known.
    severity: Severity,
    #[serde(flatten)]
    subject: Subject,
    /// The values of lists behind it, as in the evidence of reports: with one more it is worse; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
}

/// A verdict that could not be decided.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Unknown {
    /// The rule's id.
    rule: String,
    #[serde(flatten)]
    subject: Subject,
}

/// What a verdict is about.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Subject {
    /// `connected-app`, `external-client-app`, `external-client-app-part`, `key-file`, `org`, `contract` or `waiver`.
    kind: String,
    /// Full name of the component; of a part with its metadata type, as `Portal/ExtlClntAppOauthSettings`; left out for an org.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    /// The file, from the root of its project: tells which is meant where there are several of one name; left out for what is in an org.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    path: String,
    /// Id of the org; left out for what files say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    org: String,
}

/// The text of a file that holds these verdicts.
pub(super) fn write(recorded: &[Recorded]) -> String {
    let mut sorted: Vec<&Recorded> = recorded.iter().collect();
    sorted.sort_by_key(|it| (&it.org, &it.kind, &it.name, &it.rule, &it.path, it.severity));
    let (findings, unknown): (Vec<&Recorded>, Vec<&Recorded>) = sorted.into_iter().partition(|it| it.severity.is_some());
    let findings = findings.into_iter().filter_map(|it| {
        Some(Finding { rule: it.rule.clone(), severity: it.severity?, subject: subject(it), values: it.values.clone() })
    });
    let unknown = unknown.into_iter().map(|it| Unknown { rule: it.rule.clone(), subject: subject(it) });
    let (findings, unknown) = (lines(findings), lines(unknown));
    format!("{{\n  \"schema\": \"{SCHEMA_ID}\",\n  \"findings\": {findings},\n  \"unknown\": {unknown}\n}}\n")
}

fn subject(recorded: &Recorded) -> Subject {
    let Recorded { kind, name, path, org, .. } = recorded.clone();
    Subject { kind, name, path, org }
}

fn lines(entries: impl Iterator<Item = impl Serialize>) -> String {
    // Texts have a form in JSON whatever is in them.
    let lines: Vec<String> = entries.filter_map(|entry| serde_json::to_string(&entry).ok()).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", lines.join(",\n    ")) }
}

/// The verdicts that a file holds.
pub(super) fn read(text: &Arc<SourceText>) -> Result<Vec<Recorded>, Diagnostic> {
    // The form first: in another one the rest may look different.
    let json: Value = parse(text)?;
    match json.get("schema") {
        Some(Value::String(schema)) if schema == SCHEMA_ID => {}
        Some(Value::String(schema)) => {
            let title = format!("is no baseline that this version reads: its `schema` is `{schema}`, not `{SCHEMA_ID}`");
            return Err(Diagnostic::error(title).at(start(text)).help(ANEW));
        }
        _ => {
            let title = format!("is no baseline of orgwarden: it has no `schema` that says `{SCHEMA_ID}`");
            return Err(Diagnostic::error(title).at(start(text)).help(ANEW));
        }
    }
    let Document { findings, unknown, .. } = parse(text)?;
    let findings =
        findings.into_iter().map(|it| Recorded { severity: Some(it.severity), values: it.values, ..recorded(it.rule, it.subject) });
    let unknown = unknown.into_iter().map(|it| recorded(it.rule, it.subject));
    Ok(findings.chain(unknown).collect())
}

/// A verdict that could not be decided.
fn recorded(rule: String, subject: Subject) -> Recorded {
    let Subject { kind, name, path, org } = subject;
    let fingerprint = fingerprint_of(&rule, &kind, &name);
    Recorded { rule, kind, name, path, org, severity: None, values: Vec::new(), fingerprint }
}

fn parse<'t, T: Deserialize<'t>>(text: &'t Arc<SourceText>) -> Result<T, Diagnostic> {
    let json = text.text().trim_start_matches('\u{feff}');
    serde_json::from_str(json).map_err(|error| {
        let skipped = text.text().len() - json.len();
        let line = text.line_start(error.line());
        let offset = line + error.column().saturating_sub(1) + if error.line() == 1 { skipped } else { 0 };
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or(&said).to_owned();
        let title = if error.is_data() { format!("is no baseline: {what}") } else { format!("is no JSON: {what}") };
        Diagnostic::error(title).at(Location::new(text, Span::at(offset.min(text.text().len())))).help(ANEW)
    })
}

fn start(text: &Arc<SourceText>) -> Location {
    Location::new(text, Span::at(0))
}

/// The JSON Schema (2020-12) of a baseline.
pub(super) fn json_schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Document>().to_value()
}
