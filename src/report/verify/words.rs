//! What was declared, what is there, and why, in words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Verification;
use crate::compare::arrival::{Lost, Thing, Untold, What};
use crate::inventory::Origin;

/// Columns of what did not arrive.
pub(super) const LOST: &[&str] = &["App", "Declared", "In the org", PLACE];
/// Columns of what cannot be told.
pub(super) const UNTOLD: &[&str] = &["App", "Declared", "Reason", PLACE];
/// The column of places.
pub(super) const PLACE: &str = "Place";

/// What names an object of a list.
const NAMES: [&str; 4] = ["url", "subject", "start", "name"];

pub(super) fn lost_row(lost: &Lost) -> Vec<String> {
    let there = match (&lost.thing.what, &lost.there) {
        (What::App | What::Part(_), _) => "not there".to_owned(),
        (What::Gone(_), there) => format!("still there: {}", text(there)),
        (What::Assigned(..), Value::Array(names)) if names.is_empty() => "nothing assigned".to_owned(),
        (_, there) => text(there),
    };
    vec![lost.thing.subject.name.clone(), declared(&lost.thing), there, place(&lost.thing)]
}

/// What is known of the platform that explains losses, each once, with the apps that it is about.
pub(super) fn known(all: &[Lost]) -> Vec<String> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for lost in all {
        if let Some(why) = lost.known {
            known.entry(why).or_default().insert(&lost.thing.subject.name);
        }
    }
    known.into_iter().map(|(why, apps)| format!("{}: {why}.", apps.into_iter().collect::<Vec<_>>().join(", "))).collect()
}

/// A row for each app and reason: what an org does not tell, it does not tell of many things at once.
pub(super) fn untold_rows(all: &[Untold]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for it in all {
        let (app, reason) = (it.thing.subject.name.clone(), it.reason.to_string());
        let same = rows.iter_mut().find(|row| row.first() == Some(&app) && row.get(2) == Some(&reason));
        match same.and_then(|row| row.get_mut(1)) {
            Some(things) => {
                things.push_str("; ");
                things.push_str(&declared(&it.thing));
            }
            None => rows.push(vec![app, declared(&it.thing), reason, place(&it.thing)]),
        }
    }
    rows
}

pub(super) fn summary(it: &Verification) -> String {
    let counts = [
        (it.arrivals.arrived, "arrived"),
        (it.arrivals.lost.len(), "did not arrive"),
        (it.arrivals.untold.len(), "cannot be told"),
    ];
    let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if told.is_empty() {
        "nothing is declared that an org could tell of".to_owned()
    } else {
        format!("declared: {}", told.join(", "))
    }
}

fn declared(thing: &Thing) -> String {
    match &thing.what {
        What::App => format!("the {}", thing.subject.kind.replace('-', " ")),
        What::Part(metadata_type) => (*metadata_type).to_owned(),
        What::Switch(_, element, on) => format!("{element} {on}"),
        What::Fact(path, Value::Null) => (*path).to_owned(),
        What::Fact(path, value) => format!("{path}: {}", text(value)),
        What::ConsumerKey(key) => format!("consumer key: {key}"),
        What::Assigned(kind, name) => format!("assigned: {} {name}", kind.replace('-', " ")),
        What::NoneAssigned(kind) => format!("no {} assigned", kind.replace('-', " ")),
        What::Gone(metadata_type) => format!("deleted: {metadata_type}"),
    }
}

fn place(thing: &Thing) -> String {
    thing.place.as_ref().map(|place| Origin::location(place).to_string()).unwrap_or_default()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let name = NAMES.iter().find_map(|name| fields.get(*name)).and_then(Value::as_str);
            name.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}
