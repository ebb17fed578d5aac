//! The policy file's JSON Schema: what an editor needs to complete keys and words.
//!
//! It is made from the types that read the file. It knows the shape and the closed lists; what only reading can tell (rule ids,
//! contradictions, misspelt scopes) is left to [`super::Policy::load`].

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::AuditPreset;
use super::environment::OrgPattern;
use super::file::PolicyFile;
use super::validate::{ABSENT, IP_RELAXATION, UNLISTED_APPS};
use crate::finding::Severity;
use crate::inventory::contract::{Criticality, GovernanceKey};
use crate::inventory::flow::Flow;
use crate::inventory::oauth::{KNOWN_SCOPES, KnownScope, PermittedUsers};
use crate::inventory::waiver::Status;

/// The JSON Schema (draft 2020-12) of `orgwarden.yaml`.
#[must_use]
pub fn json_schema() -> Value {
    // What is not given has no default that could be written: `null` is a mistake.
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(|schema: &mut Schema| {
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
    }));
    settings.into_generator().into_root_schema_for::<PolicyFile>().to_value()
}

pub(super) fn flows(_: &mut SchemaGenerator) -> Schema {
    let of_apps: Vec<&str> = Flow::ALL.iter().filter(|flow| flow.takes_app()).map(|flow| flow.as_str()).collect();
    json_schema!({ "type": "array", "items": { "type": "string", "enum": of_apps } })
}

pub(super) fn permitted_users(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": PermittedUsers::WORDS })
}

pub(super) fn severity(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Severity::ALL.map(Severity::as_str) })
}

pub(super) fn preset(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": AuditPreset::WORDS.map(|(word, _)| word) })
}

/// The known names for completion, and any other text: Salesforce adds scopes with every release.
pub(super) fn scopes(_: &mut SchemaGenerator) -> Schema {
    let mut known: Vec<&str> = KNOWN_SCOPES.iter().map(KnownScope::name).collect();
    known.dedup();
    json_schema!({ "type": "array", "items": { "anyOf": [{ "enum": known }, { "type": "string", "minLength": 1 }] } })
}

pub(super) fn texts(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "minLength": 1 } })
}

pub(super) fn files(_: &mut SchemaGenerator) -> Schema {
    let name = json_schema!({ "type": "string", "minLength": 1 });
    json_schema!({ "anyOf": [name, { "type": "array", "items": name }] })
}

/// Words for completion, and any other text: ids, aliases and domains.
pub(super) fn orgs(_: &mut SchemaGenerator) -> Schema {
    let words = [json_schema!({ "enum": OrgPattern::WORDS }), json_schema!({ "type": "string", "minLength": 1 })];
    json_schema!({ "type": "array", "items": { "anyOf": words }, "minItems": 1 })
}

pub(super) fn unlisted_apps(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": UNLISTED_APPS })
}

pub(super) fn governance_keys(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": GovernanceKey::WORDS } })
}

pub(super) fn expect(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": [ABSENT] })
}

pub(super) fn criticality(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Criticality::WORDS })
}

pub(super) fn ip_relaxation(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": IP_RELAXATION })
}

pub(super) fn period(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^ *[0-9]+ +([Hh]ours?|[Dd]ays?|[Mm]onths?) *$" })
}

pub(super) fn accepted_values(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string" }, "minItems": 1 })
}

pub(super) fn day(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

pub(super) fn status(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Status::WORDS })
}

pub(super) fn names(_: &mut SchemaGenerator) -> Schema {
    let list = json_schema!({ "type": "array", "items": { "type": "string", "minLength": 1 } });
    let keyed = |key: &str| json_schema!({ "type": "object", "properties": { key: list }, "required": [key], "additionalProperties": false });
    json_schema!({ "anyOf": [list, keyed("exactly"), keyed("at-least")] })
}
