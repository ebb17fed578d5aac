//! `orgwarden rules`: the rules as documentation, their examples as tests, and new ones to begin with.

mod new;
mod test;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::rule_page::{as_json, page};
use super::selection::TagChoice;
use super::terminal::View;
use super::{ListFormat, Outcome, RuleChoice, setup};
use crate::diagnostic::did_you_mean;
use crate::policy::AuditPreset;
use crate::report::Style;
use crate::report::page::Page;
use crate::report::table::table;
use crate::rules::Entry;
use crate::rules::schema::SourceKind;
use crate::tag::{self, Tag};

/// List, show, test and begin rules.
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
    ///
    /// Exit codes: 0 all came out as they say; 1 one did not; 2 usage error, or a mistake in a rule file.
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
    New(new::NewArgs),
}

pub(super) fn run(args: &RulesArgs, view: &View<'_>) -> Result<Outcome> {
    match &args.command {
        RulesCommand::List { rules, tags, manual, format } => list(rules, tags, *manual, *format, view),
        RulesCommand::Tags { format } => tags(*format, view),
        RulesCommand::Show { id, rules } => show(id, rules, view),
        RulesCommand::Test { rules } => test::run(rules, view),
        RulesCommand::New(args) => new::run(args, view),
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

fn print(text: &str, view: &View<'_>) -> Result<()> {
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}
