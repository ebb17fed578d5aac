//! `orgwarden inventory`: every app with its settings, without any judgement.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde_json::Value;

use super::read::{Input, Read, Wants, tell_cost};
use super::terminal::View;
use super::{ListFormat, Mistakes, Outcome, PolicyChoice, setup};
use crate::access::LiveOrg;
use crate::access::blast_radius::blast_radius;
use crate::inventory::app::App;
use crate::report::inventory::{self as document, Document};
use crate::report::table::table;
use crate::report::untrusted;

/// List every app with its settings.
///
/// Exit codes: 0 listed; 2 usage or configuration error; 3 something could not be read.
#[derive(Debug, Args)]
pub(super) struct InventoryArgs {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
    /// What comes first.
    #[arg(long, value_name = "ORDER", default_value_t = Sort::App, value_enum, help_heading = "Output")]
    sort: Sort,
    /// Exit with 0 instead of 3 when something could not be read.
    #[arg(long)]
    allow_unknown: bool,
}

/// Formats of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The main columns, in a table that fits the terminal.
    Table,
    /// Everything, for programs.
    Json,
    /// Everything, for spreadsheets.
    Csv,
}

/// What profiles and permission sets grant decides how much an app opens.
const WANTS: Wants<'static> =
    Wants { rules: &[], users: &[], profiles: &[], permission_sets: &[], profile_users: &[], setup_changes: false, holders: true };

/// What comes first in the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// In the order of their paths.
    App,
    /// The apps that open most of the org first.
    BlastRadius,
}

pub(super) fn run(args: &InventoryArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    let Some(policy) = setup::contracts(&args.policy, args.mistakes, &args.input.paths(), view) else {
        return Ok(Outcome::Misuse);
    };
    let plan_format = if args.format == Format::Json { ListFormat::Json } else { ListFormat::Table };
    if let Some(outcome) = args.input.plan(WANTS, plan_format, view)? {
        return Ok(outcome);
    }
    let Read { collected, source, cost } = args.input.read(WANTS, view)?;
    view.diagnostics(&collected.diagnostics);
    let applied = setup::applied(&policy.value, &collected.inventory, view);
    let live = LiveOrg::each(&collected.inventory);
    let known_of = |app: &App| document::Known {
        governance: applied.of(app.source).governance_of(&app.name),
        blast_radius: blast_radius(app, &collected.inventory, live.get(app.source).and_then(Option::as_ref)),
    };
    let mut document = document::document(source, &collected.inventory, known_of, &collected.diagnostics, &collected.left_out);
    if args.sort == Sort::BlastRadius {
        document.sort_by_blast_radius();
    }
    match args.format {
        Format::Json => view.json(&document)?,
        Format::Csv => {
            view.results(|out| write!(out, "{}", document::csv(&document))).context("cannot write to standard output")?;
        }
        Format::Table => print_table(&document, view)?,
    }
    tell_cost(&cost, view);
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    let incomplete = (collected.has_gaps() || !applied.diagnostics.is_empty()) && !args.allow_unknown;
    Ok(policy.outcome(if incomplete { Outcome::Incomplete } else { Outcome::Clean }))
}

fn print_table(document: &Document, view: &View<'_>) -> Result<()> {
    let mut text = document::table(document, view.out_style.width);
    if !document.left_out.is_empty() {
        let rows: Vec<Vec<String>> = document.left_out.iter().map(|file| vec![file.path.clone(), file.reason.clone()]).collect();
        let _ = write!(text, "\nLeft out:\n{}", table(&["file", "why"], &rows, view.out_style.width));
    }
    if !document.mentioned.is_empty() {
        let names: Vec<String> = document.mentioned.iter().map(|app| untrusted::line(&app.name).into_owned()).collect();
        let _ = writeln!(text, "\nNamed by menus or manifests, without a file ({}): {}", names.len(), names.join(", "));
    }
    let _ = writeln!(text, "\nApps: {}", document.apps.len());
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}

/// JSON Schema of the inventory.
pub(super) fn schema() -> Value {
    document::schema()
}
