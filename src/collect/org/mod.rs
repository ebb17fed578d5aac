//! Reads an inventory from a live org: the plan of questions, asking them, joining the answers.
//!
//! What is asked depends on few answers, so that most questions go out together: the versions and the user (`begin`), the columns there are
//! (`schema`), then all rows (`questions`) beside the metadata (`bodies`), then the people behind what was found (`people`). What an org
//! does not answer is a named gap, and the facts that depend on it are unknown.

mod apps;
mod ask;
mod begin;
mod bodies;
mod checkup;
mod directory;
mod external;
mod grants;
mod hidden;
mod ip_ranges;
mod joining;
mod package;
mod people;
mod plan;
mod powers;
mod questions;
mod retrieved;
mod row;
mod schema;
mod setup_changes;
mod tokens;

use std::collections::BTreeSet;

use self::begin::Begun;
use self::bodies::Bodies;
use self::joining::Joining;
use self::schema::Schema;
use super::{Collected, ProfilesToRead};
use crate::diagnostic::Diagnostic;
use crate::salesforce::{ApiVersion, Client};

pub use self::checkup::{Check, Checkup, check_up};
pub use self::plan::{Planned, plan};

/// What to ask an org.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The alias or user name the org was asked for by: what it is called in output.
    pub name: String,
    /// Whether to read the log-in history of the last 90 days, which large orgs take long to answer.
    pub usage: bool,
    /// Which profiles to read the login IP ranges and hours of.
    pub profiles: ProfilesToRead,
    /// User names to look up: who they are, what they are assigned and may do, where their profiles let them log in. Letter case does not
    /// matter.
    pub users: Vec<String>,
    /// Permission sets to read the assignments of although no app is assigned to them, by API name or label. Letter case does not matter.
    pub permission_sets: Vec<String>,
    /// Whether to read the Setup Audit Trail, which goes back 180 days.
    pub setup_changes: bool,
    /// Profiles to read the users of although no app is assigned to them, by the name Setup shows or the metadata name. Letter case does not matter.
    pub profile_users: Vec<String>,
    /// The API version to ask in; none for the newest that both sides know.
    pub api_version: Option<ApiVersion>,
}

impl Request {
    /// The user names to look up, each once, as they are compared.
    fn user_names(&self) -> BTreeSet<String> {
        self.users.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
    }
}

/// Asks an org everything a request wants to know. Never fails: what could not be asked is among the diagnostics.
pub async fn collect(client: &Client, request: &Request) -> Collected {
    let begun = match begin::begin(client, request).await {
        Ok(begun) => begun,
        Err(problem) => return Collected { diagnostics: vec![problem], ..Collected::default() },
    };
    let client = &begun.client;
    // Metadata takes longest; everything that does not depend on it goes on meanwhile.
    let (bodies, joining) = tokio::join!(Bodies::collect(client), people(client, request, &begun));
    let (bodies, mut joining) = match joining {
        Ok(joining) => (bodies, joining),
        Err(problem) => return Collected { diagnostics: vec![problem], ..Collected::default() },
    };
    let metadata = package::files(&bodies, client.version().0);
    joining.apps(bodies);
    joining.rest().await;
    let mut collected = joining.finish();
    collected.diagnostics.extend(begun.problems);
    collected.metadata = metadata;
    collected
}

async fn people<'a>(client: &'a Client, request: &'a Request, begun: &'a Begun) -> Result<Joining<'a>, Diagnostic> {
    let schema = Schema::read(client).await;
    if let Some(error) = schema.refused() {
        return Err(begin::unreachable_org(request, client, error));
    }
    let mut joining = Joining::new(client, request, begun, schema);
    joining.people().await;
    Ok(joining)
}
