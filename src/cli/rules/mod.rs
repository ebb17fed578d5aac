//! `orgwarden rules`: the rules as documentation, their examples as tests, and new ones to begin with.

mod new;
mod test;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::rule_page::{as_json, page};
use super::terminal::View;
use super::{ListFormat, Outcome, RuleChoice, setup};
use crate::diagnostic::did_you_mean;
use crate::report::table::table;
use crate::rules::Rule;
use crate::rules::schema::SourceKind;

/// List, show, test and begin rules.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// All rules, one a line.
    List {
        #[command(flatten)]
        rules: RuleChoice,
        /// How to print them.
        #[arg(long, value_name = "FORMAT", default_value_t = ListFormat::Table, value_enum, help_heading = "Output")]
        format: ListFormat,
    },
    /// One rule: what it is about, why it matters, how to put it right, and its condition.
    Show {
        /// Id of the rule.
        id: String,
        #[command(flatten)]
        rules: RuleChoice,
    },
    /// Run the examples in rule files as tests: those of --rules, or else of the built-in rules.
    Test {
        #[command(flatten)]
        rules: RuleChoice,
    },
    New(new::NewArgs),
}

pub(super) fn run(args: &RulesArgs, view: &View<'_>) -> Result<Outcome> {
    match &args.command {
        RulesCommand::List { rules, format } => list(rules, *format, view),
        RulesCommand::Show { id, rules } => show(id, rules, view),
        RulesCommand::Test { rules } => test::run(rules, view),
        RulesCommand::New(args) => new::run(args, view),
    }
}

fn list(choice: &RuleChoice, format: ListFormat, view: &View<'_>) -> Result<Outcome> {
    let Some(rules) = setup::rules(choice, view) else { return Ok(Outcome::Misuse) };
    match format {
        ListFormat::Json => {
            let rules: Vec<Value> = rules.iter().map(as_json).collect();
            view.json(&json!({ "schema": "orgwarden/rules-v1", "rules": rules }))?;
        }
        ListFormat::Table => {
            let row = |rule: &Rule| {
                let info = rule.info();
                vec![
                    info.id.clone(),
                    info.severity.to_string(),
                    info.effect.to_string(),
                    rule.applies_to().as_str().to_owned(),
                    rule.source().map_or("any", SourceKind::as_str).to_owned(),
                    info.title.clone(),
                ]
            };
            let rows: Vec<Vec<String>> = rules.iter().map(row).collect();
            print(&table(&["rule", "severity", "effect", "about", "source", "title"], &rows, view.out_style.width), view)?;
        }
    }
    Ok(Outcome::Clean)
}

fn show(id: &str, choice: &RuleChoice, view: &View<'_>) -> Result<Outcome> {
    let Some(rules) = setup::rules(choice, view) else { return Ok(Outcome::Misuse) };
    let Some(rule) = rules.iter().find(|rule| rule.id() == id) else {
        view.error(&format!("there is no rule `{id}`"));
        if let Some(near) = did_you_mean(id, rules.iter().map(Rule::id)) {
            view.note(&format!("help: did you mean `{near}`?"));
        }
        return Ok(Outcome::Misuse);
    };
    print(&page(rule, view.out_style), view)?;
    Ok(Outcome::Clean)
}

fn print(text: &str, view: &View<'_>) -> Result<()> {
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}
