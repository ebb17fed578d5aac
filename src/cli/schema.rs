//! `orgwarden schema`: the JSON Schemas of what the program reads and writes.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::Outcome;
use super::inventory;
use super::terminal::View;
use crate::{policy, report, rules};

/// Print a JSON Schema.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Of what.
    #[arg(value_enum)]
    of: Document,
}

/// A document with a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    /// `audit --format json`.
    Report,
    /// `inventory --format json`.
    Inventory,
    /// `access --format json`.
    Access,
    /// `preflight --format json`.
    Preflight,
    /// `explain --format json`.
    Explain,
    /// `preview --format json`.
    Preview,
    /// `diff --format json`.
    Diff,
    /// `verify --format json`.
    Verify,
    /// `audit --write-baseline`.
    Baseline,
    /// `controls BENCHMARK --format json`.
    Controls,
    /// orgwarden.yaml.
    Policy,
    /// A rule file.
    Rule,
}

pub(super) fn run(args: &SchemaArgs, view: &View<'_>) -> Result<Outcome> {
    let schema = match args.of {
        Document::Report => report::json::schema(),
        Document::Inventory => inventory::schema(),
        Document::Access => report::access::schema(),
        Document::Preflight => report::preflight::schema(),
        Document::Explain => report::explain::schema(),
        Document::Preview => report::preview::schema(),
        Document::Diff => report::diff::schema(),
        Document::Verify => report::verify::schema(),
        Document::Baseline => policy::baseline::json_schema(),
        Document::Controls => report::controls::schema(),
        Document::Policy => policy::json_schema(),
        Document::Rule => rules::json_schema(),
    };
    view.json(&schema)?;
    Ok(Outcome::Clean)
}
