//! `orgwarden facts --schema`: what there is to read, whatever the app.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::cli::terminal::View;
use crate::cli::{ListFormat, Outcome};
use crate::report::table::table;
use crate::rules::schema::{FactType, Field, SubjectKind, Type};
use crate::rules::{FUNCTIONS, facts};

/// Prints every fact with its type and meaning, and the functions of conditions.
pub(super) fn print(format: ListFormat, view: &View<'_>) -> Result<Outcome> {
    match format {
        ListFormat::Table => {
            let facts: Vec<Vec<String>> = facts::types().flat_map(rows).collect();
            let functions: Vec<Vec<String>> =
                FUNCTIONS.iter().map(|function| vec![function.usage.to_owned(), function.doc.to_owned()]).collect();
            let width = view.out_style.width;
            let facts = table(&["fact", "type", "meaning"], &facts, width);
            let functions = table(&["function", "meaning"], &functions, width);
            view.results(|out| write!(out, "{facts}{functions}")).context("cannot write to standard output")?;
        }
        ListFormat::Json => {
            let facts: Vec<Value> = facts::types().map(fact_as_json).collect();
            let functions: Vec<Value> = FUNCTIONS
                .iter()
                .map(|function| json!({ "name": function.name, "usage": function.usage, "doc": function.doc }))
                .collect();
            view.json(&json!({ "schema": "orgwarden/facts-schema-v1", "facts": facts, "functions": functions }))?;
        }
    }
    Ok(Outcome::Clean)
}

/// A fact, and the fields of its elements where these are objects.
fn rows(fact: &FactType) -> Vec<Vec<String>> {
    let field = |field: &Field| vec![format!("{}[].{}", fact.path, field.name), field.type_in_words(), field.doc.to_owned()];
    let own = vec![fact.path.to_owned(), fact.type_in_words(), fact.doc.to_owned()];
    std::iter::once(own).chain(fields(fact).iter().map(field)).collect()
}

fn fact_as_json(fact: &FactType) -> Value {
    let about: Vec<&str> = SubjectKind::ALL.iter().filter(|kind| kind.can_read(fact.path)).map(|kind| kind.as_str()).collect();
    let field = |field: &Field| json!({ "name": field.name, "type": field.type_in_words(), "doc": field.doc });
    let mut value = json!({ "path": fact.path, "type": fact.type_in_words(), "about": about, "doc": fact.doc });
    let fields: Vec<Value> = fields(fact).iter().map(field).collect();
    if let (false, Some(object)) = (fields.is_empty(), value.as_object_mut()) {
        object.insert("fields".to_owned(), fields.into());
    }
    value
}

const fn fields(fact: &FactType) -> &'static [Field] {
    if let Type::Objects(fields) = fact.ty { fields } else { &[] }
}
