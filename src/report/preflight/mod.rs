//! What preflight says, as a document: for programs as it is, for people as text or as a table.

mod matrix;
mod text;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Serialize, Serializer};

pub use matrix::{of_flows, of_users};
pub use text::{heading, render};

use super::inventory::Gap;
use super::{Source, json};
use crate::finding::Subject;
use crate::inventory::Origin;

/// `preflight --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Preflight")]
pub struct Document {
    /// `orgwarden/preflight-v1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// What was read.
    pub source: Source,
    /// The apps that were asked about.
    pub apps: Vec<App>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// What would come of requests for one app.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreflightApp")]
pub struct App {
    /// The app.
    #[serde(serialize_with = "subject")]
    #[schemars(with = "json::Subject<'static>")]
    pub subject: Subject,
    /// One for each flow and user.
    pub forecasts: Vec<Forecast>,
}

/// What would come of one request.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Forecast {
    /// The flow, such as `saml-bearer`.
    pub flow: &'static str,
    /// Salesforce's name of it.
    #[serde(skip)]
    pub flow_title: &'static str,
    /// Whether an app takes part in it.
    #[serde(skip)]
    pub takes_app: bool,
    /// The user it is about; null where it is about anybody who is assigned.
    pub user: Option<String>,
    /// What it comes to.
    #[schemars(extend("enum" = ["would-issue", "would-refuse", "cannot-tell"]))]
    pub verdict: &'static str,
    /// The most likely answer of Salesforce; null where the token would be issued, or no text was ever seen.
    pub error: Option<Answer>,
    /// Every condition that fails, in the order of Salesforce's checks as far as that is known.
    pub conditions: Vec<Condition>,
    /// What to change, each once.
    pub remedies: Vec<Remedy>,
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
    /// What the answer takes for granted: clauses after "provided that".
    pub premises: Vec<String>,
    /// What is not confirmed.
    pub reservations: Vec<String>,
    /// What would be issued; null where it would be refused.
    pub issue: Option<Issue>,
}

/// A literal answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// `error`.
    pub error: String,
    /// `error_description`; null where none was seen.
    pub description: Option<String>,
    /// Where it arrives.
    pub place: &'static str,
    /// How sure it is.
    #[schemars(extend("enum" = ["high", "medium", "low"]))]
    pub confidence: &'static str,
    /// Why it is believed.
    pub basis: String,
}

/// A condition that fails.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "FailingCondition")]
pub struct Condition {
    /// Its id: `orgwarden explain ID` tells of it.
    pub id: &'static str,
    /// The step of the procedure it belongs to.
    pub step: &'static str,
    /// What it is.
    pub title: String,
    /// What in this app, user or org meets it.
    pub because: String,
    /// What Salesforce answers, the most likely first; empty where its text was never seen.
    pub answers: Vec<Answer>,
    /// Where it was read.
    #[serde(serialize_with = "origins")]
    #[schemars(with = "Vec<json::Origin<'static>>")]
    pub origins: Vec<Origin>,
}

/// Something to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remedy {
    /// The change in a few words.
    pub title: String,
    /// Where in Setup, or at the client.
    pub setup: String,
    /// What the metadata must say; null where metadata has no such thing.
    pub metadata: Option<String>,
    /// Ids of the conditions it is for.
    pub conditions: Vec<&'static str>,
}

/// Something that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Undecided {
    /// What it is about, such as `approval`.
    pub about: &'static str,
    /// What, as a clause after "cannot tell".
    pub what: String,
    /// Why.
    pub reason: String,
    /// How to supply it.
    pub supply: String,
}

/// What a token would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Issue {
    /// Through what the user has the app.
    pub access: Vec<String>,
    /// The scopes of the token; null where they are not known.
    pub scopes: Option<Vec<String>>,
    /// Why the scopes are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes_unknown: Option<String>,
    /// Whether a refresh token comes with it; null where that is not known.
    pub refresh_token: Option<bool>,
    /// Why that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token_unknown: Option<String>,
    /// What limits its use.
    pub limits: Vec<String>,
}

/// The schema id of the document.
pub const SCHEMA: &str = "orgwarden/preflight-v1";

/// The JSON Schema (2020-12) of the document.
#[must_use]
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>().to_value()
}

impl Forecast {
    /// The error as one line: its code and its description.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        self.error.as_ref().map(Answer::literal)
    }
}

impl Answer {
    /// The answer as one line: its code and its description.
    #[must_use]
    pub fn literal(&self) -> String {
        match &self.description {
            Some(description) => format!("{}: {description}", self.error),
            None => self.error.clone(),
        }
    }
}

fn subject<S: Serializer>(subject: &Subject, serializer: S) -> Result<S::Ok, S::Error> {
    json::Subject::from(subject).serialize(serializer)
}

fn origins<S: Serializer>(origins: &[Origin], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(origins.iter().map(json::Origin::from))
}
