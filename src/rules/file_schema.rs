//! The JSON Schema of a rule file, for editors. Made from the same tables the check uses.

use serde_json::{Map, Value, json};

use super::fix::Target;
use super::schema::{Field, SourceKind, SubjectKind, Type};
use super::{LONGEST_CONDITION, Verdict, facts};
use crate::finding::{Effect, Preset, Severity};
use crate::tag;

/// The keys that have no use in a check that is made by hand.
const NOT_MANUAL: [&str; 8] = ["source", "severity-if", "when", "check", "message", "evidence", "fix", "examples"];

/// The JSON Schema (draft 2020-12) of a rule file. It cannot check conditions; loading the file does.
#[must_use]
pub fn json_schema() -> Value {
    let severities = Severity::ALL.map(Severity::as_str);
    let paths: Vec<&str> = facts::types().map(|fact| fact.path).collect();
    let condition = |doc: &str| json!({ "type": "string", "maxLength": LONGEST_CONDITION, "description": doc });
    let text = |doc: &str| json!({ "type": "string", "minLength": 1, "description": doc });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "orgwarden rule",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "title", "severity", "effect", "applies-to", "why"],
        "oneOf": [
            { "required": ["check", "message", "remediation", "examples"], "not": { "required": ["manual"] } },
            { "required": ["manual"], "properties": NOT_MANUAL.iter().map(|key| ((*key).to_owned(), json!(false))).collect::<Map<_, _>>() },
        ],
        "properties": {
            "id": {
                "type": "string",
                "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
                "description": "Names the bad state; the same as the file's name without .yaml.",
            },
            "title": text("What is wrong, in one line."),
            "severity": { "enum": severities, "description": "How bad it is." },
            "severity-if": {
                "type": "array",
                "description": "Other severities; the first whose condition holds wins.",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["severity", "when"],
                    "properties": { "severity": { "enum": severities }, "when": condition("When it is this severity.") },
                },
            },
            "effect": { "enum": [Effect::Broken.as_str(), Effect::Unsafe.as_str()], "description": "It will not work, or it is not secure." },
            "applies-to": { "enum": SubjectKind::ALL.map(SubjectKind::as_str), "description": "What the rule is about." },
            "source": {
                "enum": SourceKind::ALL.map(SourceKind::as_str),
                "description": "The only kind of source the rule is for; both without it. A rule that reads what only live orgs know must say org.",
            },
            "preset": {
                "enum": Preset::ALL.map(Preset::as_str),
                "description": "The smallest preset it belongs to; recommended if not given.",
            },
            "tags": {
                "type": "array",
                "description": "Subjects it can be picked by.",
                "items": { "enum": tag::catalogue().unwrap_or_default().iter().map(|tag| &tag.id).collect::<Vec<_>>() },
            },
            "why": text("Why it matters, in sentences an admin understands."),
            "manual": {
                "type": "object",
                "description": "How to check it by hand, where nothing but Setup tells.",
                "additionalProperties": false,
                "required": ["where", "look-at", "right"],
                "properties": {
                    "where": text("The page of Setup."),
                    "look-at": text("What to look at there."),
                    "right": text("What is right."),
                },
            },
            "when": condition("The subjects the rule concerns; false means not applicable."),
            "check": condition("What must hold; false means fail."),
            "message": text("What is wrong with this subject; `{expression}` is replaced by its value."),
            "evidence": {
                "type": "array",
                "description": "The facts to show; by default those that `check` reads.",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["fact"],
                    "properties": {
                        "fact": { "enum": paths },
                        "where": condition("Of a list only the elements, called `item`, this holds for."),
                        "missing": text("What should be there and is not: the place where it belongs is shown."),
                    },
                },
            },
            "remediation": {
                "type": "object",
                "additionalProperties": false,
                "minProperties": 1,
                "properties": { "setup": advice("Steps in Setup."), "metadata": advice("What the metadata must say.") },
            },
            "fix": fix(&paths),
            "controls": {
                "type": "object",
                "description": "Ids in published benchmarks, by benchmark.",
                "additionalProperties": { "type": "array", "items": { "type": "string" } },
            },
            "references": { "type": "array", "items": { "type": "string", "pattern": "^https://" }, "description": "Pages to read." },
            "examples": {
                "type": "array",
                "minItems": 2,
                "description": "At least one that fails and one that passes.",
                "items": example(&severities, &paths),
            },
        },
    })
}

/// How metadata is changed. Whether a type has an element is checked when the file is loaded.
fn fix(facts: &[&str]) -> Value {
    let text = |doc: &str| json!({ "type": "string", "minLength": 1, "description": doc });
    let steps = |target: Target| {
        json!({
            "type": "array",
            "description": format!("Steps for: {}.", target.in_words()),
            "items": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "in": { "enum": target.types().iter().map(|ty| ty.name).collect::<Vec<_>>(), "description": "The metadata type that has the element." },
                    "set": text("Path of an element that gets the text of `to`."),
                    "add": text("Path of a list that gets the entry of `value`, or those of `each`."),
                    "remove": text("Path of a list that loses the entry of `value`, or those of `each`; with neither the element goes."),
                    "to": text("The text; `{expression}` is replaced by its value."),
                    "value": text("The entry; a scope by its OAuth name; `{expression}` is replaced by its value."),
                    "each": { "enum": facts, "description": "A list of texts: the entries." },
                    "when": { "type": "string", "maxLength": LONGEST_CONDITION, "description": "The subjects the step concerns." },
                },
                "oneOf": [{ "required": ["set", "to"] }, { "required": ["add"] }, { "required": ["remove"] }],
            },
        })
    };
    let mut properties = Map::new();
    properties.insert("safe".to_owned(), text("Why it cannot break what works."));
    properties.insert("unsafe".to_owned(), text("What it can break."));
    properties
        .insert("needs".to_owned(), text("What a person has to decide where there is nothing to write, and where to write it."));
    properties.extend(Target::ALL.map(|target| (target.as_str().to_owned(), steps(target))));
    json!({
        "type": "object",
        "description": "How `orgwarden fix` changes the metadata so that the rule holds.",
        "additionalProperties": false,
        "oneOf": [{ "required": ["safe"] }, { "required": ["unsafe"] }],
        "properties": properties,
    })
}

fn example(severities: &[&str], paths: &[&str]) -> Value {
    let mut stated = Map::new();
    for fact in facts::types() {
        let mut schema = of_type(fact.ty);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), fact.doc.into());
        }
        stated.insert(fact.path.to_owned(), schema);
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "verdict"],
        "properties": {
            "name": { "type": "string", "minLength": 1 },
            "facts": {
                "type": "object",
                "description": "Facts by path, nested or dotted; all others have the blank value of their type.",
                "properties": stated,
            },
            "unknown": { "type": "array", "items": { "enum": paths }, "description": "Facts that are unknown." },
            "verdict": { "enum": Verdict::ALL.map(Verdict::as_str) },
            "severity": { "enum": severities, "description": "The severity of the failure; any without it." },
            "message": { "type": "string", "description": "The message of the failure; any without it." },
        },
    })
}

fn of_type(ty: Type) -> Value {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": "integer" }),
        Type::Text => json!({ "type": "string" }),
        Type::Choice(words) => json!({ "enum": words }),
        Type::Texts | Type::Scopes => json!({ "type": "array", "items": { "type": "string" } }),
        Type::Choices(words) => json!({ "type": "array", "items": { "enum": words } }),
        Type::Objects(fields) => json!({ "type": "array", "items": of_object(fields) }),
    }
}

fn of_object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|field| (field.name.to_owned(), of_type(field.ty))).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// A text, or one for each kind of app.
fn advice(description: &str) -> Value {
    json!({
        "description": description,
        "oneOf": [
            { "type": "string" },
            {
                "type": "object",
                "additionalProperties": false,
                "minProperties": 1,
                "properties": { "connected-app": { "type": "string" }, "external-client-app": { "type": "string" } },
            },
        ],
    })
}
