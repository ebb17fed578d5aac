//! `orgwarden controls`: published benchmarks, and what can be said of their controls.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde_json::json;

use super::read::{Input, Read, Wants, tell_cost};
use super::terminal::View;
use super::{ListFormat, Mistakes, Outcome, PolicyChoice, RuleChoice, setup};
use crate::controls::{self, Benchmark, Control, Coverage, catalogue, findings, verdict};
use crate::diagnostic::did_you_mean;
use crate::policy::{self, Selection, Tally};
use crate::report::controls::{self as document, Document, SCHEMA_ID};
use crate::report::inventory::gaps;
use crate::report::table::table;
use crate::report::untrusted;
use crate::rules::facts::Context;
use crate::rules::{Entry, Rule, RuleSet};

/// List benchmarks, or the controls of one with what the rules behind them say of an org or of files.
///
/// All rules are asked, whatever the preset; what the policy switches off is not, and what it waives is no pass. Exit codes: 0 told,
/// whatever was found; 2 usage or configuration error; 3 something could not be read.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden controls\n  orgwarden controls sbs\n  orgwarden controls sbs -o prod --format csv\n  \
                        orgwarden controls asvs force-app"
)]
pub(super) struct ControlsArgs {
    /// The benchmark; without it they are listed.
    #[arg(value_name = "BENCHMARK")]
    benchmark: Option<String>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    rules: RuleChoice,
    /// Judge as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
}

/// Formats of controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table that fits the terminal, and what is left to look at by hand.
    Table,
    /// Everything, for programs.
    Json,
    /// For spreadsheets.
    Csv,
}

pub(super) fn run(args: &ControlsArgs, view: &View<'_>) -> Result<Outcome> {
    let Some(set) = setup::rules(&args.rules, view) else { return Ok(Outcome::Misuse) };
    let benchmarks = catalogue()?;
    let Some(wanted) = &args.benchmark else { return list(benchmarks, &set, args.format, view) };
    let Some(benchmark) = benchmarks.iter().find(|benchmark| benchmark.id == *wanted) else {
        let ids = || benchmarks.iter().map(|benchmark| benchmark.id.as_str());
        view.error(&format!("there is no benchmark `{wanted}`"));
        if let Some(near) = did_you_mean(wanted, ids()) {
            view.note(&format!("help: did you mean `{near}`?"));
        }
        view.note(&format!("help: the benchmarks are {}; paths follow them", ids().collect::<Vec<_>>().join(", ")));
        return Ok(Outcome::Misuse);
    };
    assess(benchmark, &set, args, view)
}

fn list(benchmarks: &[Benchmark], set: &RuleSet, format: Format, view: &View<'_>) -> Result<Outcome> {
    let of = |benchmark: &Benchmark| about(benchmark, controls_of(benchmark, set).len());
    match format {
        Format::Json => {
            let benchmarks: Vec<document::Benchmark> = benchmarks.iter().map(of).collect();
            view.json(&json!({ "schema": "orgwarden/benchmarks-v1", "benchmarks": benchmarks }))?;
        }
        Format::Table | Format::Csv => {
            let row = |benchmark: &Benchmark| {
                let of = of(benchmark);
                vec![of.id, of.title, of.version, of.controls.to_string(), of.address]
            };
            let rows: Vec<Vec<String>> = benchmarks.iter().map(row).collect();
            let headers = ["benchmark", "title", "version", "controls", "published at"];
            let text = if format == Format::Csv { csv(&headers, &rows) } else { table(&headers, &rows, view.out_style.width) };
            write(&text, view)?;
        }
    }
    Ok(Outcome::Clean)
}

fn csv(headers: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| cells.join(",") + "\r\n";
    let headers = line(headers.iter().map(|&header| header.to_owned()).collect());
    rows.iter().fold(headers, |text, row| text + &line(row.iter().map(|cell| untrusted::csv_cell(cell)).collect()))
}

/// The controls of a benchmark: those it lists, or else the ids that rules carry, in their order.
fn controls_of<'a>(benchmark: &'a Benchmark, set: &'a RuleSet) -> Vec<(&'a str, Option<&'a Control>)> {
    if !benchmark.controls.is_empty() {
        return benchmark.controls.iter().map(|control| (control.id.as_str(), Some(control))).collect();
    }
    let ids = set.entries().filter_map(|entry| entry.info().controls.get(&benchmark.id)).flatten();
    let mut ids: Vec<&str> = ids.map(String::as_str).collect();
    ids.sort_by_key(|id| natural(id));
    ids.dedup();
    ids.into_iter().map(|id| (id, None)).collect()
}

/// The numbers in an id, so that `V10.4.11` comes after `V10.4.8`, and then the id.
fn natural(id: &str) -> (String, Vec<u32>, &str) {
    let letters = id.chars().take_while(|character| !character.is_ascii_digit()).collect();
    let numbers = id.split(|character: char| !character.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
    (letters, numbers, id)
}

fn assess(benchmark: &Benchmark, set: &RuleSet, args: &ControlsArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    let loaded = setup::policy(&args.policy, Mistakes { keep_going: false }, &args.input, set, view);
    let Some(loaded) = loaded else { return Ok(Outcome::Misuse) };
    let policy = loaded.value.asking(Selection::default());
    let users = policy.users();
    let wants = Wants::of_rules(&set.rules, &users);
    let plan_format = if args.format == Format::Json { ListFormat::Json } else { ListFormat::Table };
    if let Some(outcome) = args.input.plan(wants, plan_format, view)? {
        return Ok(outcome);
    }
    let Read { mut collected, source, cost } = args.input.read(wants, view)?;
    let (policy, problems) = policy.with_inline_waivers(&collected.inventory, &setup::known(set));
    collected.diagnostics.extend(problems);
    let context = Context::new(&collected.inventory, args.today.unwrap_or(view.today()));
    let verdicts = policy::verdicts(&collected.inventory, &set.rules, &policy, &context);
    collected.diagnostics.extend(verdicts.diagnostics);
    view.diagnostics(&collected.diagnostics);
    let tallies: BTreeMap<&str, Tally> = set.rules.iter().map(Rule::id).zip(verdicts.tallies).collect();
    let controls: Vec<document::Control> =
        controls_of(benchmark, set).into_iter().map(|(id, control)| assessed(benchmark, id, control, set, &tallies)).collect();
    let document = Document {
        schema: SCHEMA_ID,
        benchmark: about(benchmark, controls.len()),
        source,
        controls,
        gaps: gaps(&collected.diagnostics),
    };
    match args.format {
        Format::Json => view.json(&document)?,
        Format::Csv => write(&document::csv(&document), view)?,
        Format::Table => write(&document::text(&document, view.out_style), view)?,
    }
    tell_cost(&cost, view);
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    Ok(if collected.has_gaps() { Outcome::Incomplete } else { Outcome::Clean })
}

fn write(text: &str, view: &View<'_>) -> Result<()> {
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}

fn about(benchmark: &Benchmark, controls: usize) -> document::Benchmark {
    let Benchmark { id, title, version, address, note, .. } = benchmark.clone();
    document::Benchmark { id, title, version, address, note, controls }
}

/// What can be said of a control.
fn assessed(
    benchmark: &Benchmark,
    id: &str,
    control: Option<&Control>,
    set: &RuleSet,
    tallies: &BTreeMap<&str, Tally>,
) -> document::Control {
    let carries =
        |entry: &Entry<'_>| entry.info().controls.get(&benchmark.id).is_some_and(|ids| ids.iter().any(|carried| carried == id));
    let (mut rules, mut manual, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for entry in set.entries().filter(carries) {
        match entry {
            Entry::Manual(check) => manual.push(check.info.id.clone()),
            Entry::Rule(rule) => {
                let tally = tallies.get(rule.id()).copied().unwrap_or_default();
                rules.push(of_rule(rule, tally));
                said.push((rule.info().effect, tally));
            }
        }
    }
    let coverage = control.map(|control| match control.coverage {
        Coverage::Manual if !rules.is_empty() => Coverage::Partly,
        coverage => coverage,
    });
    document::Control {
        id: id.to_owned(),
        title: control.map(|control| control.title.clone()).unwrap_or_default(),
        area: control.map(|control| control.area.clone()).unwrap_or_default(),
        coverage: coverage.map(Coverage::as_str),
        verdict: controls::Verdict::as_str(verdict(coverage, &said)),
        findings: findings(&said),
        rules,
        manual,
        rest: control.map(|control| control.rest.clone()).unwrap_or_default(),
        by_hand: control.map(|control| control.by_hand.clone()).unwrap_or_default(),
    }
}

fn of_rule(rule: &Rule, tally: Tally) -> document::Rule {
    let counts = tally.counts;
    document::Rule {
        id: rule.id().to_owned(),
        effect: rule.info().effect.as_str(),
        pass: counts.pass,
        fail: counts.fail,
        unknown: counts.unknown,
        not_applicable: counts.not_applicable,
        waived: counts.waived,
        answered: tally.is_answered(),
    }
}
