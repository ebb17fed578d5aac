//! `orgwarden rules`: the rules as documentation, and their examples as tests.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::rule_page::{as_json, page};
use super::selection::TagChoice;
use super::terminal::View;
use super::{ListFormat, Outcome, RuleChoice, setup};
use crate::diagnostic::{any_error, did_you_mean};
use crate::policy::AuditPreset;
use crate::report::Style;
use crate::report::page::Page;
use crate::report::table::table;
use crate::report::untrusted;
use crate::rules::schema::{FactType, Field, SourceKind, Type};
use crate::rules::{self, Entry, test};
use crate::tag::{self, Tag};

/// List, show and test rules.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// All rules and manual checks, one a line.
    List {
        #[command(flatten)]
        rules: RuleChoice,
        #[command(flatten)]
        tags: TagChoice,
        /// Only the checks that nobody can make but a person in Setup.
        #[arg(long, help_heading = "Rules")]
        manual: bool,
        /// How to print them.
        #[arg(long, value_name = "FORMAT", default_value_t = ListFormat::Table, value_enum, help_heading = "Output")]
        format: ListFormat,
    },
    /// One rule or manual check: what it is about, why it matters, how to put it right, and its condition.
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
    /// The tags rules can be picked by: changes that Salesforce enforced or announced, with what is known of their dates.
    Tags {
        /// How to print them.
        #[arg(long, value_name = "FORMAT", default_value_t = ListFormat::Table, value_enum, help_heading = "Output")]
        format: ListFormat,
    },
    /// The facts that conditions can read, and the functions they can call.
    Schema {
        /// How to print them.
        #[arg(long, value_name = "FORMAT", default_value_t = ListFormat::Table, value_enum, help_heading = "Output")]
        format: ListFormat,
    },
}

pub(super) fn run(args: &RulesArgs, view: &View<'_>) -> Result<Outcome> {
    match &args.command {
        RulesCommand::List { rules, tags, manual, format } => list(rules, tags, *manual, *format, view),
        RulesCommand::Tags { format } => tags(*format, view),
        RulesCommand::Show { id, rules } => show(id, rules, view),
        RulesCommand::Test { rules } => run_examples(rules, view),
        RulesCommand::Schema { format } => schema(*format, view),
    }
}

fn list(choice: &RuleChoice, tags: &TagChoice, manual: bool, format: ListFormat, view: &View<'_>) -> Result<Outcome> {
    let Some(set) = setup::rules(choice, view) else { return Ok(Outcome::Misuse) };
    if tags.known(view)?.is_none() {
        return Ok(Outcome::Misuse);
    }
    let selection = tags.of(AuditPreset::Strict);
    let wanted = |entry: &Entry<'_>| selection.has(entry.info()) && (!manual || matches!(entry, Entry::Manual(_)));
    let entries = set.entries().filter(wanted);
    match format {
        ListFormat::Json => {
            let rules: Vec<Value> = entries.map(as_json).collect();
            view.json(&json!({ "schema": "orgwarden/rules-v1", "rules": rules }))?;
        }
        ListFormat::Table => {
            let rows: Vec<Vec<String>> = entries.map(list_row).collect();
            print(
                &table(&["rule", "severity", "effect", "preset", "about", "source", "title"], &rows, view.out_style.width),
                view,
            )?;
        }
    }
    Ok(Outcome::Clean)
}

fn tags(format: ListFormat, view: &View<'_>) -> Result<Outcome> {
    let tags = tag::catalogue()?;
    match format {
        ListFormat::Json => view.json(&json!({ "schema": "orgwarden/tags-v1", "tags": tags }))?,
        ListFormat::Table => {
            let pages: Vec<String> = tags.iter().map(|tag| tag_page(tag, view.out_style)).collect();
            print(&pages.join("\n"), view)?;
        }
    }
    Ok(Outcome::Clean)
}

fn tag_page(tag: &Tag, style: Style) -> String {
    let mut page = Page::new(&tag.id, &tag.title, style);
    page.prose("What it is", &tag.about);
    let dates: Vec<String> = tag.dates.iter().map(|date| format!("{}: {}", date.when, date.what)).collect();
    let dates = if dates.is_empty() { "No date is known.".to_owned() } else { dates.join("\n") };
    page.prose("When", &dates);
    page.prose("Reservations", &tag.reservations.join("\n"));
    page.verbatim("References", &tag.references.join("\n"));
    page.finish()
}

fn list_row(entry: Entry<'_>) -> Vec<String> {
    let info = entry.info();
    let source = match entry {
        Entry::Rule(rule) => rule.source().map_or("any", SourceKind::as_str),
        Entry::Manual(_) => "manual",
    };
    vec![
        info.id.clone(),
        info.severity.to_string(),
        info.effect.to_string(),
        info.preset.to_string(),
        entry.applies_to().as_str().to_owned(),
        source.to_owned(),
        info.title.clone(),
    ]
}

fn show(id: &str, choice: &RuleChoice, view: &View<'_>) -> Result<Outcome> {
    let Some(rules) = setup::rules(choice, view) else { return Ok(Outcome::Misuse) };
    let Some(entry) = rules.get(id) else {
        view.error(&format!("there is no rule `{id}`"));
        if let Some(near) = did_you_mean(id, rules.entries().map(|entry| entry.info().id.as_str())) {
            view.note(&format!("help: did you mean `{near}`?"));
        }
        return Ok(Outcome::Misuse);
    };
    print(&page(entry, view.out_style), view)?;
    Ok(Outcome::Clean)
}

fn run_examples(choice: &RuleChoice, view: &View<'_>) -> Result<Outcome> {
    let (builtin, mut problems) = rules::builtin();
    let chosen = if choice.rules.is_empty() {
        builtin
    } else {
        let (own, own_problems) = setup::own_rules(choice, &builtin);
        problems.extend(own_problems);
        own
    };
    view.diagnostics(&problems);
    let runs = test::run(&chosen.rules);
    let wrong: Vec<&test::Run<'_>> = runs.iter().filter(|run| run.outcome != test::Outcome::Expected).collect();
    let mut text = String::new();
    for run in &wrong {
        let _ = writeln!(text, "{}: {}: {}", run.outcome.as_str(), run.rule.id(), run.example.name);
        let _ = writeln!(text, "  wanted {}\n  got    {}", run.wanted(), run.said());
    }
    let expected = runs.len() - wrong.len();
    let _ = writeln!(text, "{} rules, {} examples: {expected} as expected, {} not", chosen.rules.len(), runs.len(), wrong.len());
    print(&untrusted::lines(&text), view)?;
    Ok(match (any_error(&problems), wrong.is_empty()) {
        (true, _) => Outcome::Misuse,
        (false, true) => Outcome::Clean,
        (false, false) => Outcome::Findings,
    })
}

fn schema(format: ListFormat, view: &View<'_>) -> Result<Outcome> {
    match format {
        ListFormat::Json => {
            let facts: Vec<Value> = rules::facts::types().map(fact_as_json).collect();
            let functions: Vec<Value> = rules::FUNCTIONS
                .iter()
                .map(|function| json!({ "name": function.name, "usage": function.usage, "doc": function.doc }))
                .collect();
            view.json(&json!({ "schema": "orgwarden/facts-schema-v1", "facts": facts, "functions": functions }))?;
        }
        ListFormat::Table => {
            let mut rows: Vec<Vec<String>> = Vec::new();
            for fact in rules::facts::types() {
                rows.push(vec![fact.path.to_owned(), fact.type_in_words(), fact.doc.to_owned()]);
                let fields = if let Type::Objects(fields) = fact.ty { fields } else { &[] };
                rows.extend(fields.iter().map(|field| field_row(fact.path, field)));
            }
            print(&table(&["fact", "type", "meaning"], &rows, view.out_style.width), view)?;
            let functions: Vec<Vec<String>> =
                rules::FUNCTIONS.iter().map(|function| vec![function.usage.to_owned(), function.doc.to_owned()]).collect();
            print(&table(&["function", "meaning"], &functions, view.out_style.width), view)?;
        }
    }
    Ok(Outcome::Clean)
}

fn field_row(path: &str, field: &Field) -> Vec<String> {
    vec![format!("{path}[].{}", field.name), field.type_in_words(), field.doc.to_owned()]
}

fn fact_as_json(fact: &FactType) -> Value {
    let fields = if let Type::Objects(fields) = fact.ty { fields } else { &[] };
    let fields: Vec<Value> =
        fields.iter().map(|field| json!({ "name": field.name, "type": field.type_in_words(), "doc": field.doc })).collect();
    let mut value = json!({ "path": fact.path, "type": fact.type_in_words(), "doc": fact.doc });
    if let (false, Some(object)) = (fields.is_empty(), value.as_object_mut()) {
        object.insert("fields".to_owned(), fields.into());
    }
    value
}

fn print(text: &str, view: &View<'_>) -> Result<()> {
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}
