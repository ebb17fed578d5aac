//! `orgwarden facts`: what rules can know of an app, each with its place or the reason why it is unknown.

mod schema;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use super::apps::WantedApps;
use super::read::{Input, Read, Wants, tell_cost};
use super::terminal::View;
use super::{ListFormat, Mistakes, Outcome, PolicyChoice, RuleChoice, setup};
use crate::inventory::app::App;
use crate::policy::Applied;
use crate::report::table::table;
use crate::rules::facts::{Context, of_app};
use crate::rules::value::{FactSet, FactValue, Value};

/// Print the facts about an app: what conditions of rules can read.
///
/// Exit codes: 0 printed; 2 usage or configuration error, or no such app; 3 something could not be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden facts ERP_Sync\n  orgwarden facts 'ERP_*' force-app --format json\n  \
                        orgwarden facts --schema")]
pub(super) struct FactsArgs {
    /// Full name of an app, or a glob.
    #[arg(required_unless_present = "schema")]
    app: Option<String>,
    /// Print the facts there are, with their types and meaning, and the functions of conditions; of no app.
    #[arg(long, conflicts_with_all = ["app", "snapshot", "target_org", "all_orgs", "org_from_env", "client_id", "sfdx_url_file", "plan", "policy",
                                      "today", "elements"])]
    schema: bool,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    /// Facts as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// How to print them.
    #[arg(long, value_name = "FORMAT", default_value_t = ListFormat::Table, value_enum, help_heading = "Output")]
    format: ListFormat,
    /// Also print every element of the app's files, as read.
    #[arg(long, help_heading = "Output")]
    elements: bool,
}

/// One app's facts, as JSON.
#[derive(Serialize)]
struct AppFacts<'a> {
    kind: &'static str,
    name: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<&'a str>,
    facts: BTreeMap<&'static str, Known<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Option<Vec<Stated<'a>>>,
}

/// An element of a file, as JSON.
#[derive(Serialize)]
struct Stated<'a> {
    element: &'a str,
    value: &'a str,
}

/// A fact, as JSON.
#[derive(Serialize)]
struct Known<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

/// An app and, where it is in a live org, the name of that.
type AppOf<'a> = (&'a App, Option<&'a str>);

pub(super) fn run(args: &FactsArgs, view: &View<'_>) -> Result<Outcome> {
    let Some(app) = args.app.as_deref().filter(|_| !args.schema) else { return schema::print(args.format, view) };
    args.input.check()?;
    let Some(wanted) = WantedApps::read(app, view) else { return Ok(Outcome::Misuse) };
    let Some(set) = setup::rules(&RuleChoice { rules: Vec::new() }, view) else { return Ok(Outcome::Misuse) };
    let policy = setup::contracts(&args.policy, args.mistakes, &args.input.paths(), view);
    let Some(policy) = policy else { return Ok(Outcome::Misuse) };
    let users = policy.value.users();
    let wants = Wants::of_rules(&set.rules, &users);
    if let Some(outcome) = args.input.plan(wants, args.format, view)? {
        return Ok(outcome);
    }
    let Read { collected, cost, .. } = args.input.read(wants, view)?;
    view.diagnostics(&collected.diagnostics);
    tell_cost(&cost, view);
    let inventory = &collected.inventory;
    let applied = setup::applied(&policy.value, inventory, view);
    let context = Context::new(inventory, args.today.unwrap_or(view.today()));
    let apps = match wanted.of(&collected, args.input.is_files(), view) {
        Ok(apps) => apps,
        Err(outcome) => return Ok(outcome),
    };
    let apps: Vec<AppOf<'_>> = apps.into_iter().map(|app| (app, inventory.org_name(app.source))).collect();
    match args.format {
        ListFormat::Table => print_tables(&apps, args, &applied, &context, view)?,
        ListFormat::Json => print_as_json(&apps, args, &applied, &context, view)?,
    }
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    let incomplete = collected.has_gaps() || !applied.diagnostics.is_empty();
    Ok(policy.outcome(if incomplete { Outcome::Incomplete } else { Outcome::Clean }))
}

fn print_tables(apps: &[AppOf<'_>], args: &FactsArgs, applied: &Applied<'_>, context: &Context<'_>, view: &View<'_>) -> Result<()> {
    for (app, org) in apps {
        let facts = of_app(app, applied.of(app.source).expectations_of(&app.name), context);
        let mut rows: Vec<Vec<String>> = facts.iter().map(|(path, fact)| row(path, fact)).collect();
        if args.elements {
            rows.extend(app.elements.iter().map(|(path, value)| vec![path.clone(), value.clone(), String::new()]));
        }
        let org = org.map(|org| format!(" in {org}")).unwrap_or_default();
        let title = format!("{} {} ({}){org}", app.kind.as_str(), app.name, app.location.path());
        let text = table(&["fact", "value", "where"], &rows, view.out_style.width);
        view.results(|out| writeln!(out, "{}\n{text}", crate::report::untrusted::line(&title)))
            .context("cannot write to standard output")?;
    }
    Ok(())
}

fn row(path: &str, fact: &FactValue) -> Vec<String> {
    let value = match &fact.state {
        Ok(Value::Absent) => "(absent)".to_owned(),
        Ok(value) => value.to_text(),
        Err(reason) => format!("unknown: {reason}"),
    };
    vec![path.to_owned(), value, place(fact).unwrap_or_default()]
}

/// The first place of a fact, and how it came to be known.
fn place(fact: &FactValue) -> Option<String> {
    let origin = fact.origins.first()?;
    let place = origin.location().to_string();
    Some(if origin.is_stated() { place } else { format!("{place} (not stated)") })
}

fn print_as_json(
    apps: &[AppOf<'_>],
    args: &FactsArgs,
    applied: &Applied<'_>,
    context: &Context<'_>,
    view: &View<'_>,
) -> Result<()> {
    let sets: Vec<FactSet> =
        apps.iter().map(|(app, _)| of_app(app, applied.of(app.source).expectations_of(&app.name), context)).collect();
    let apps: Vec<AppFacts<'_>> = apps
        .iter()
        .zip(&sets)
        .map(|((app, org), facts)| AppFacts {
            kind: app.kind.as_str(),
            name: &app.name,
            path: app.location.path(),
            org: *org,
            facts: facts.iter().map(|(path, fact)| (path, known(fact))).collect(),
            elements: args.elements.then(|| app.elements.iter().map(|(element, value)| Stated { element, value }).collect()),
        })
        .collect();
    view.json(&serde_json::json!({ "schema": "orgwarden/facts-v1", "apps": apps }))
}

fn known(fact: &FactValue) -> Known<'_> {
    Known {
        value: fact.state.as_ref().ok().filter(|value| **value != Value::Absent).map(Value::to_json),
        unknown: fact.state.as_ref().err().map(AsRef::as_ref),
        origin: place(fact),
    }
}
