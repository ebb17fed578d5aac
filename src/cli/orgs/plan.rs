//! `--plan`: the calls that would be made, without making one.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::ask::Wanted;
use crate::cli::terminal::View;
use crate::cli::{ListFormat, Outcome};
use crate::collect::org::{Planned, plan};
use crate::report::table::table;

/// Prints the calls of one org. They are the same for each: what is asked follows from the options alone.
pub(in crate::cli) fn run(wanted: Wanted<'_>, format: ListFormat, view: &View<'_>) -> Result<Outcome> {
    let calls = plan(&wanted.request(String::new()));
    match format {
        ListFormat::Json => {
            let calls: Vec<Value> = calls.iter().map(as_json).collect();
            view.json(&json!({ "schema": "orgwarden/plan-v1", "calls": calls }))?;
        }
        ListFormat::Table => {
            let row = |call: &Planned| vec![call.step.to_string(), call.api.to_owned(), call.question.clone(), call.calls.clone()];
            let rows: Vec<Vec<String>> = calls.iter().map(row).collect();
            let text = table(&["step", "API", "question", "calls"], &rows, view.out_style.width);
            view.results(|out| {
                write!(out, "{text}\nFor each org. The calls of one step go out together; nothing was sent, not even a log-in.\n")
            })
            .context("cannot write to standard output")?;
        }
    }
    Ok(Outcome::Clean)
}

fn as_json(call: &Planned) -> Value {
    json!({ "step": call.step, "api": call.api, "question": call.question, "calls": call.calls })
}
