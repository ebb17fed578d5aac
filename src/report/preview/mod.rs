//! What a change of Permitted Users would do, as a document: for programs as it is, for people as tables.

mod csv;
mod text;

use schemars::{JsonSchema, schema_for};
use serde::{Serialize, Serializer};

pub use csv::csv;
pub use text::render;

use super::inventory::Gap;
use super::{Source, json};
use crate::finding::Subject;

/// The schema id of the document.
pub const SCHEMA: &str = "orgwarden/preview-v1";

/// `preview --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Preview")]
pub struct Document {
    /// Always `orgwarden/preview-v1`.
    pub schema: &'static str,
    /// What was read.
    pub source: Source,
    /// The change that is looked at.
    pub change: Change,
    /// The apps that were asked about.
    pub apps: Vec<App>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// A change of who may use an app.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreviewChange")]
pub struct Change {
    /// What Permitted Users is set to.
    #[schemars(extend("enum" = ["self-authorize", "admin-approved"]))]
    pub permitted_users: &'static str,
    /// Permission sets that are assigned with it.
    pub permission_sets: Vec<String>,
    /// Profiles that are assigned with it.
    pub profiles: Vec<String>,
}

/// What becomes of the users of an app.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreviewApp")]
pub struct App {
    /// The app.
    #[serde(serialize_with = "subject")]
    #[schemars(with = "json::Subject<'static>")]
    pub subject: Subject,
    /// Permitted Users today; null where it is not known.
    pub today: Option<&'static str>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today_unknown: Option<String>,
    /// Profiles and permission sets that would be assigned; null where they are not known.
    pub assigned: Option<Vec<String>>,
    /// Why they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_unknown: Option<String>,
    /// Who uses the app today, by user name.
    pub users: Vec<User>,
    /// Why there may be further users; null where these are all.
    pub more_users: Option<String>,
    /// Why it is not known whether the app is blocked or switched off: if it is, nobody uses it whatever is said here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked_unknown: Option<String>,
    /// Active users who would be assigned and are not among the users of today; null where that is not known, or where nobody is assigned
    /// because users may authorize the app themselves.
    pub assigned_without_use: Option<u64>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_without_use_unknown: Option<String>,
    /// Active users of the org, all of whom may authorize the app, where users may do so themselves after the change; null otherwise or where
    /// it is not known.
    pub anybody_of: Option<u64>,
    /// The log-ins of the last 90 days; null where they were not read.
    pub log_ins: Option<LogIns>,
    /// The requests that the app's contract says must succeed.
    pub contract_users: Vec<ContractUser>,
    /// Why they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_unknown: Option<String>,
}

/// A user of the app.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreviewUser")]
pub struct User {
    /// User name; the id of a user who could not be read.
    pub user: String,
    /// What becomes of the user's access.
    pub outcome: Outcome,
    /// Through what the user would have the app; empty where the user would not, or it could not be told.
    pub through: Vec<String>,
    /// Why the user would not have it, or what could not be told; null where the user would.
    pub reason: Option<String>,
    /// How many tokens of the app the user holds.
    pub tokens: u64,
    /// When the last of them was used; null for never.
    pub last_used: Option<String>,
    /// Whether the user is frozen.
    pub frozen: bool,
    /// Whether client credentials of the app run as the user.
    pub runs_as: bool,
}

/// What becomes of a user's access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PreviewOutcome")]
pub enum Outcome {
    /// There is access today and there would be none.
    Loses,
    /// It could not be told.
    CannotTell,
    /// There is access today and would be.
    Keeps,
    /// There is no access today and there would be.
    Gains,
    /// There is none today, nor would there be.
    Outside,
}

/// Log-ins of an app.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreviewLogIns")]
pub struct LogIns {
    /// How many.
    pub count: u64,
    /// Of how many users.
    pub users: u64,
    /// The latest.
    pub last: String,
}

/// A request that the contract says must succeed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PreviewContractUser")]
pub struct ContractUser {
    /// The user name.
    pub user: String,
    /// The flow.
    pub flow: &'static str,
    /// Whether a token would be issued today; by files, to a user who is assigned, active and, where that is needed, has approved the app.
    #[schemars(extend("enum" = ["would-issue", "would-refuse", "cannot-tell"]))]
    pub today: &'static str,
    /// Whether a token would be issued after the change.
    #[schemars(extend("enum" = ["would-issue", "would-refuse", "cannot-tell"]))]
    pub after: &'static str,
    /// Whether the change is what makes it fail.
    pub breaks: bool,
    /// What Salesforce most likely answers after the change; null where it would issue a token, or its text was never seen.
    pub error: Option<String>,
    /// Why a token would be refused after the change, or what could not be told; null where one would be issued.
    pub reason: Option<String>,
}

/// JSON Schema of the document.
#[must_use]
pub fn schema() -> serde_json::Value {
    schema_for!(Document).to_value()
}

impl Outcome {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loses => "loses",
            Self::CannotTell => "cannot-tell",
            Self::Keeps => "keeps",
            Self::Gains => "gains",
            Self::Outside => "outside",
        }
    }
}

impl User {
    /// Why, or through what, in one line.
    fn why(&self) -> String {
        self.reason.clone().unwrap_or_else(|| self.through.join("; "))
    }
}

fn subject<S: Serializer>(subject: &Subject, serializer: S) -> Result<S::Ok, S::Error> {
    json::Subject::from(subject).serialize(serializer)
}
