//! The calls an audit of an org takes, told without making any.

use super::Request;
use super::bodies::{self, type_name};
use super::questions::{self, Myself};
use super::schema::Schema;
use crate::collect::ProfilesToRead;
use crate::salesforce::ApiVersion;

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

const REST: &str = "REST Data API";
const TOOLING: &str = "REST Tooling API";
const CONNECT: &str = "Connect REST API";
const SOAP: &str = "SOAP Metadata API";
/// Queries that one composite call holds.
const QUERIES_PER_CALL: usize = 5;

/// The calls a request would take, without making any. Every query also takes a call for each further 2,000 rows.
#[must_use]
pub fn plan(request: &Request) -> Vec<Planned> {
    let mut plan = Plan(Vec::new());
    plan.add(1, REST, "GET /services/data", "1");
    plan.add(1, REST, "GET /services/oauth2/userinfo", "1");
    plan.add(2, REST, &format!("describe {}", Schema::described().join(", ")), "1");
    plan.add(2, TOOLING, "describe ConnectedApplication", "1");
    plan.add(2, SOAP, "describeMetadata", "1");
    plan.metadata();
    plan.rows(request);
    let names = request.user_names();
    plan.people(names.len(), request.permission_sets.len());
    let profiles = match (request.profiles, names.is_empty()) {
        (ProfilesToRead::All, _) => Some("the profiles that have active users"),
        (ProfilesToRead::Assigned, true) => Some("the assigned profiles of apps that enforce IP restrictions"),
        (ProfilesToRead::Assigned, false) => {
            Some("the assigned profiles of apps that enforce IP restrictions and the profiles of the users named")
        }
        (ProfilesToRead::None, false) => Some("the profiles of the users named"),
        (ProfilesToRead::None, true) => None,
    };
    if let Some(profiles) = profiles {
        plan.add(5, SOAP, &format!("retrieve {profiles} (login IP ranges and hours)"), "0, or 2 and 1 for each poll");
    }
    plan.0.sort_by_key(|call| call.step);
    plan.0
}

struct Plan(Vec<Planned>);

impl Plan {
    fn add(&mut self, step: usize, api: &'static str, question: &str, calls: &str) {
        self.0.push(Planned { step, api, question: question.to_owned(), calls: calls.to_owned() });
    }

    fn metadata(&mut self) {
        let types: Vec<&str> = bodies::kinds().into_iter().map(type_name).collect();
        self.add(3, SOAP, &format!("listMetadata {}", types.join(", ")), &bodies::lists().to_string());
        self.add(
            4,
            SOAP,
            "readMetadata of everything listed and of four settings; with many components one retrieve job instead",
            "1 for each 10 components of a type, or 2 and 1 for each poll",
        );
    }

    fn rows(&mut self, request: &Request) {
        let schema = Schema::imagined();
        let version = request.api_version.unwrap_or(ApiVersion::NEWEST_KNOWN);
        let myself = Myself::Id("the running user".to_owned());
        let queries: Vec<String> = questions::first(&schema, version, Some(&myself), request.usage)
            .into_iter()
            .chain(request.setup_changes.then(questions::setup_changes))
            .flat_map(|question| question.soql)
            .collect();
        for (index, query) in queries.iter().enumerate() {
            let calls = if index % QUERIES_PER_CALL == 0 { "1 for this and the next 4" } else { "" };
            self.add(3, REST, query, calls);
        }
        if let Some(query) = schema.select_connected_applications_in_tooling(&["Id"], questions::IN_TOOLING) {
            self.add(3, TOOLING, &query, "1");
        }
        self.add(3, TOOLING, "SELECT Score FROM SecurityHealthCheck", "1");
        self.add(3, CONNECT, "GET /apps/oauth/usage", "1 for each 100 apps");
    }

    fn people(&mut self, named: usize, sets: usize) {
        let and_sets = match sets {
            0 => String::new(),
            1 => ", and of the permission set named".to_owned(),
            sets => format!(", and of the {sets} permission sets named"),
        };
        for question in [
            format!("PermissionSetAssignment and users of the permission sets and groups that grant apps{and_sets}").as_str(),
            "User: active users of the profiles that grant apps",
            "PermissionSetAssignment: how many hold each permission set with powerful permissions",
            "User and PermissionSetAssignment of the owners of tokens",
        ] {
            self.add(4, REST, question, "5 queries a call, 1 query for each 300 ids");
        }
        if named > 0 {
            let users = if named == 1 { "the user named".to_owned() } else { format!("the {named} users named") };
            self.add(4, REST, &format!("User and PermissionSetAssignment of {users}"), "3 queries, 5 queries a call");
        }
        self.add(5, REST, "User and PermissionSetAssignment of run-as users and of the few users of an app", "5 queries a call");
    }
}
