//! What the running user can and cannot see, before an audit finds out: the answer of `orgwarden doctor`.

use std::collections::BTreeSet;

use super::Request;
use super::ask::{Answer, Question, ask, unreadable};
use super::begin::{Begun, begin};
use super::bodies::{kinds, type_name};
use super::powers;
use super::questions::{self, Myself};
use super::schema::Schema;
use crate::inventory::Reason;
use crate::salesforce::soql::literal;
use crate::salesforce::{Api, Client, Error};

/// What the running user can and cannot see.
#[derive(Clone, Debug, Default)]
pub struct Checkup {
    /// Each thing that was tried: what, whether it can be seen, why not, and what to grant.
    pub checks: Vec<Check>,
}

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What, such as `tokens of other users (OauthToken)`.
    pub what: String,
    /// `Ok` with a detail such as `68.0`, or why it cannot be seen.
    pub result: Result<String, String>,
    /// What to grant or switch on, where that would help.
    pub grant: Option<String>,
}

/// Objects an audit reads: what they tell, and what reading them needs.
const OBJECTS: &[(&str, &str, Option<&str>)] = &[
    ("ConnectedApplication", "connected apps, installed ones among them", None),
    ("ExternalClientApplication", "External Client Apps", Some("View all External Client Apps")),
    ("SetupEntityAccess", "which profiles and permission sets grant an app", Some("View Setup and Configuration")),
    ("PermissionSet", "permission sets and what they allow", Some("View Setup and Configuration")),
    ("PermissionSetAssignment", "who holds a permission set", Some("View Setup and Configuration")),
    ("PermissionSetGroup", "permission set groups", Some("View Setup and Configuration")),
    ("Profile", "profiles", None),
    ("User", "users", None),
    ("UserLogin", "frozen users", None),
    ("AppMenuItem", "which app a token belongs to", None),
    ("LoginHistory", "log-ins by application (--usage)", None),
    ("SetupAuditTrail", "who may have changed what differs (diff, verify)", Some("View Setup and Configuration")),
];

/// Permissions without which something is hidden, in silence or not: API contract, sections 3.5, 4.2 and 5.7.
const PERMISSIONS: &[(&str, &str, &str)] = &[
    ("CustomizeApplication", "tokens of other users (OauthToken)", "Customize Application"),
    ("ViewSetup", "setup data", "View Setup and Configuration"),
    (
        "ExternalClientAppAdmin",
        "policies of External Client Apps",
        "View all External Client Apps, view their settings, and edit their policies",
    ),
];

/// Tries everything an audit would ask, on one row each.
pub async fn check_up(client: &Client, request: &Request) -> Checkup {
    let mut checks = Vec::new();
    let begun = match begin(client, request).await {
        Ok(begun) => begun,
        Err(problem) => {
            let reason = if problem.label.is_empty() { problem.title } else { problem.label };
            return Checkup { checks: vec![failed("the org", reason, problem.help)] };
        }
    };
    checks.push(passed("API version", begun.client.version().to_string()));
    let client = &begun.client;
    let (rows, limits, health, metadata) = tokio::join!(
        rows(client, &begun),
        client.limits(),
        client.query::<serde_json::Value>(Api::Tooling, "SELECT Score FROM SecurityHealthCheck"),
        metadata(client),
    );
    checks.push(match limits {
        Ok(limits) => match (limits.daily_api_requests_remaining, limits.daily_api_requests_max) {
            (Some(remaining), Some(most)) => passed("API calls left today", format!("{remaining} of {most}")),
            _ => {
                failed("API calls left today", "the org does not tell".to_owned(), Some("View Setup and Configuration".to_owned()))
            }
        },
        Err(error) => failed("API calls left today", error.to_string(), None),
    });
    checks.extend(rows);
    checks.extend(metadata);
    checks.push(match health {
        Ok(_) => passed("Health Check score", String::new()),
        Err(error) => failed("Health Check score", unreadable("SecurityHealthCheck", &error).to_string(), None),
    });
    Checkup { checks }
}

fn passed(what: &str, detail: String) -> Check {
    Check { what: what.to_owned(), result: Ok(detail), grant: None }
}

fn failed(what: &str, reason: String, grant: Option<String>) -> Check {
    Check { what: what.to_owned(), result: Err(reason), grant }
}

/// The objects, one row of each, and what the running user may do.
async fn rows(client: &Client, begun: &Begun) -> Vec<Check> {
    let schema = Schema::read(client).await;
    let visible = schema.visible_permissions().unwrap_or_default();
    let first = |object: &'static str| {
        // Its own columns do not matter here, and one of these objects has no Id to speak of.
        let column = if object == "UserLogin" { "UserId" } else { "Id" };
        Question::one(object, format!("SELECT {column} FROM {object} LIMIT 1"))
    };
    let mut questions: Vec<Question> = OBJECTS.iter().map(|(object, ..)| first(object)).collect();
    questions.extend(questions_about_myself(begun, &visible));
    let mut answers = ask(client, questions).await.into_iter();
    let mut checks = Vec::new();
    for (object, what, grant) in OBJECTS {
        let name = format!("{what} ({object})");
        checks.push(match answers.next() {
            Some(Ok(_)) => passed(&name, String::new()),
            Some(Err(reason)) => failed(&name, reason.to_string(), grant.map(str::to_owned)),
            None => failed(&name, "not asked".to_owned(), None),
        });
    }
    checks.extend(permissions(answers, &visible));
    checks
}

/// The permission sets of the running user, the profile's own among them.
fn questions_about_myself(begun: &Begun, visible: &[&str]) -> Option<Question> {
    let Some(Myself::Id(id)) = &begun.myself else { return None };
    if visible.is_empty() {
        return None;
    }
    let columns: Vec<String> = visible.iter().map(|permission| format!("PermissionSet.{}", powers::column(permission))).collect();
    let soql = format!("SELECT {} FROM PermissionSetAssignment WHERE AssigneeId = {}", columns.join(", "), literal(id));
    Some(Question::one(questions::MY_SETS, soql))
}

fn permissions(mut answers: impl Iterator<Item = Result<Answer, Reason>>, visible: &[&str]) -> Vec<Check> {
    let held: Result<BTreeSet<&str>, Reason> = match answers.next() {
        None => Err("who is asking is not known".into()),
        Some(answer) => answer.map(|answer| {
            let holds = |permission: &&&str| {
                answer.rows.iter().any(|row| row.flag(&format!("PermissionSet.{}", powers::column(permission))) == Some(true))
            };
            visible.iter().filter(holds).copied().collect()
        }),
    };
    let check = |(name, what, label): &(&str, &str, &str)| match &held {
        Ok(held) if held.contains(name) => passed(what, String::new()),
        Ok(_) if !visible.contains(name) => failed(what, format!("this org does not tell whether the user has {label}"), None),
        Ok(_) => failed(what, format!("the permission {label} is missing"), Some((*label).to_owned())),
        Err(reason) => failed(what, reason.to_string(), Some((*label).to_owned())),
    };
    PERMISSIONS.iter().map(check).collect()
}

/// The Metadata API, and each type an audit reads.
async fn metadata(client: &Client) -> Vec<Check> {
    let grant = || Some("Modify Metadata Through Metadata API Functions".to_owned());
    let types = match client.describe_metadata().await {
        Ok(types) => types,
        Err(error) => {
            let grant = if matches!(error, Error::JwtOverSoap(_)) { None } else { grant() };
            return vec![failed("metadata of apps: scopes, flows, policies (Metadata API)", error.to_string(), grant)];
        }
    };
    let mut checks = vec![passed("metadata of apps: scopes, flows, policies (Metadata API)", String::new())];
    let missing: Vec<&str> =
        kinds().into_iter().map(type_name).filter(|name| !types.iter().any(|ty| ty.xml_name == *name)).collect();
    if !missing.is_empty() {
        checks.push(passed("metadata types this org does not have", missing.join(", ")));
    }
    checks.push(match client.list_metadata(&["ConnectedApp"]).await {
        Ok(listed) => passed("list of connected apps (Metadata API)", listed.len().to_string()),
        Err(error) => failed("list of connected apps (Metadata API)", error.to_string(), grant()),
    });
    if !missing.contains(&GLOBAL_SETTINGS) {
        checks.push(global_settings(client).await);
    }
    checks
}

const GLOBAL_SETTINGS: &str = "ExtlClntAppGlobalOauthSettings";

/// The part of External Client Apps that holds the consumer secret, and with it callbacks, PKCE and flow switches.
async fn global_settings(client: &Client) -> Check {
    let what = "callbacks, PKCE and flows of External Client Apps (ExtlClntAppGlobalOauthSettings)";
    let grant =
        "View External Client App Consumer Secrets in Metadata, where the org allows that access; it shows consumer secrets, too";
    let listed = match client.list_metadata(&[GLOBAL_SETTINGS]).await {
        Ok(listed) => listed,
        Err(error) => return failed(what, error.to_string(), Some(grant.to_owned())),
    };
    let Some(first) = listed.first() else { return passed(what, "the org has none".to_owned()) };
    match client.read_metadata(GLOBAL_SETTINGS, std::slice::from_ref(&first.full_name)).await {
        Ok(read) if read.is_empty() => {
            failed(what, "the org lists them and does not deliver them".to_owned(), Some(grant.to_owned()))
        }
        Ok(_) => passed(what, String::new()),
        Err(error) => failed(what, error.to_string(), Some(grant.to_owned())),
    }
}
