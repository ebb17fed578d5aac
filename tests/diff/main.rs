//! `orgwarden diff` as a user meets it, and what comparisons promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
mod support;

mod laws;
mod revisions;
mod trees;

use serde_json::Value;
use support::{Project, Run};

/// `orgwarden diff --format json` of two sides.
fn diff(project: &Project, before: &str, after: &str, arguments: &[&str]) -> Run {
    let run = project.run(&[&["diff", before, after, "--format", "json"], arguments].concat());
    if run.code != 2 {
        let validator = jsonschema::validator_for(&orgwarden::report::diff::schema()).unwrap();
        let document = run.json();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    run
}

/// `rule app` of a list of findings or verdicts.
fn named(list: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|it| format!("{} {}", text(&it["rule"]), text(&it["subject"]["name"]))).collect()
}

/// What is empty where nothing changed.
fn changes(document: &Value) -> Vec<String> {
    let lists = ["new", "worse", "better", "fixed", "waived", "cannot_tell", "became_unknown", "became_known"];
    let findings =
        lists.iter().flat_map(|list| named(&document["findings"][list]).into_iter().map(move |it| format!("{list} {it}")));
    let of_apps = ["added", "removed", "renamed", "cannot_tell", "changed"];
    let apps = of_apps
        .iter()
        .flat_map(|list| document["apps"][list].as_array().into_iter().flatten().map(move |it| format!("{list} {it}")));
    findings.chain(apps).collect()
}

/// The facts that changed of an app: `path: before -> after`.
fn facts(document: &Value, app: &str) -> Vec<String> {
    let side = |side: &Value| match side.get("value") {
        Some(value) => value.to_string(),
        None => format!("unknown: {}", side["unknown"].as_str().unwrap()),
    };
    let fact = |fact: &Value| format!("{}: {} -> {}", fact["path"].as_str().unwrap(), side(&fact["before"]), side(&fact["after"]));
    changed(document, app)["facts"].as_array().unwrap().iter().map(fact).collect()
}

/// What changed of an app.
fn changed<'a>(document: &'a Value, app: &str) -> &'a Value {
    let all = document["apps"]["changed"].as_array().unwrap();
    all.iter().find(|it| it["subject"]["name"] == app).unwrap_or_else(|| panic!("{app} did not change: {document:#}"))
}
