//! What files declare, held against what an org has.
//!
//! Files state a part of what an org knows. Only what is written is compared: what follows from it, from other files or from people is told by
//! audits. Spellings that Salesforce changes on the way to the org and back are made one first.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::inventory::oauth::as_retrieved;
use crate::inventory::template::holds_variable;
use crate::inventory::{Origin, Reason};
use crate::rules::facts;
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Value};

/// Facts, by the beginnings of their paths, that are written in no element: they follow from others, from what else a source holds, or from where
/// it is; and what is only ever sent to an org and never comes back.
pub const DERIVED: &[&str] = &[
    "app.access.",
    "app.acts_as",
    "app.blast_radius.",
    "app.certificate_present",
    "app.flows.bearer_assertion",
    "app.flows.client_credentials_only",
    "app.flows.declared",
    "app.flows.enabled",
    "app.flows.headless",
    "app.flows.known",
    "app.flows.needs_refresh_scope",
    "app.flows.used",
    "app.in_package_directory",
    "app.installed",
    "app.kind",
    "app.missing_parts",
    "app.namespace",
    "app.oauth.consumer_secret",
    "app.oauth.redirects",
    "app.oauth.unknown_scopes",
    "app.record_only",
    "app.shared_user_with",
    "app.tokens.rotates_credentials_on_deploy",
    "org.apps.",
    "org.holders.",
    "org.oauth.pkce_required_stated",
    "org.oauth.present",
    "org.profiles.",
    "org.security.present",
];

/// What begins like a derived fact and is written all the same.
const WRITTEN: &str = "app.access.permitted_users";

/// User names, in which letter case does not matter.
const USER_NAMES: [&str; 2] = ["app.flows.client_credentials_user", "app.handler_user"];

/// Whether a fact stands in an element.
#[must_use]
pub fn is_compared(path: &str) -> bool {
    path == WRITTEN || !DERIVED.iter().any(|beginning| path.starts_with(beginning))
}

/// Whether a file states a fact, or a part of it.
#[must_use]
pub fn is_declared(fact: &FactValue) -> bool {
    stated(fact).next().is_some()
}

/// Where files state a fact, and the elements of a list.
pub(super) fn stated(fact: &FactValue) -> impl Iterator<Item = &Origin> {
    let items = match &fact.state {
        Ok(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    fact.origins.iter().chain(items.iter().filter_map(|item| item.origin.as_ref())).filter(|origin| origin.is_stated())
}

/// What comes of holding a value of a file against that of an org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// They are the same.
    Same,
    /// They are not: both as they were compared.
    Different(Json, Json),
    /// The file has a template variable in the place of a value.
    Template,
    /// The org does not tell, and why.
    Untold(Reason),
}

/// Holds what files say of a fact of a subject of some kind against what an org has.
#[must_use]
pub fn hold(kind: &str, path: &str, written: &Json, there: &Json) -> Held {
    if has_variable(written) {
        return Held::Template;
    }
    let (written, there) = (canonical(kind, path, written), canonical(kind, path, there));
    // What is no fact is an element of one: a switch.
    let is_switch = facts::find(path).is_none_or(|fact| fact.optional && fact.ty == Type::Bool);
    match (&written, &there) {
        (one, other) if one == other => Held::Same,
        // A switch that is stated nowhere is not on, as far as anybody can tell.
        (Json::Null, Json::Bool(false)) | (Json::Bool(false), Json::Null) if is_switch => Held::Same,
        (Json::Bool(true), Json::Null) if is_switch => Held::Untold("the org does not state it".into()),
        _ => Held::Different(written, there),
    }
}

/// A value in the spelling that files and orgs have in common.
fn canonical(kind: &str, path: &str, value: &Json) -> Json {
    match value {
        Json::Array(items) if path == "app.oauth.scopes" && kind == "connected-app" => {
            let scopes: BTreeSet<&str> = items.iter().filter_map(Json::as_str).map(as_retrieved).collect();
            scopes.into_iter().map(Json::from).collect()
        }
        Json::String(name) if USER_NAMES.contains(&path) => Json::from(name.trim().to_lowercase()),
        other => other.clone(),
    }
}

fn has_variable(value: &Json) -> bool {
    match value {
        Json::String(text) => holds_variable(text),
        Json::Array(items) => items.iter().any(has_variable),
        Json::Object(fields) => {
            fields.get("placeholder") == Some(&Json::Bool(true)) && fields.contains_key("role") || fields.values().any(has_variable)
        }
        _ => false,
    }
}
