//! Reads an inventory from a live org: the plan of questions, asking them, joining the answers.

use crate::salesforce::ApiVersion;

/// What to ask an org.
#[derive(Clone, Debug)]
pub struct Request {
    /// The alias or user name the org was asked for by: what it is called in output.
    pub name: String,
    /// Whether to read the log-in history, which can take many calls.
    pub usage: bool,
    /// Whether to read the login IP ranges of assigned profiles.
    pub profiles: bool,
    /// The API version to ask in; none for the newest that both sides know.
    pub api_version: Option<ApiVersion>,
}

/// A call that would be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which of the dependent steps it belongs to, from 1; calls of one step go out together.
    pub step: usize,
    /// The API, such as `SOAP Metadata API` or `REST Data API`.
    pub api: &'static str,
    /// What is asked, such as the SOQL or `listMetadata ConnectedApp, …`.
    pub question: String,
    /// How many calls, such as `1` or `1 for each 10 connected apps`.
    pub calls: String,
}

/// The calls a request would take, without making any.
#[must_use]
pub fn plan(request: &Request) -> Vec<Planned> {
    let _ = request;
    Vec::new()
}

/// What the running user can and cannot see; the answer of `orgwarden doctor`.
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

/// Stand-in.
pub async fn collect(_client: &crate::salesforce::Client, _request: &Request) -> super::Collected {
    super::Collected::default()
}

/// Stand-in.
pub async fn check_up(_client: &crate::salesforce::Client, _request: &Request) -> Checkup {
    Checkup::default()
}
