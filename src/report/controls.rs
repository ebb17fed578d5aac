//! The controls of a benchmark with what the rules behind them said: `orgwarden/controls-v1`, a table, CSV.

use std::fmt::Write as _;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;

use super::style::{BOLD, DIM, Style, hang};
use super::table::table;
use super::{Source, untrusted};

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/controls-v1";

/// `controls BENCHMARK --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Document {
    /// `orgwarden/controls-v1`.
    #[schemars(extend("const" = SCHEMA_ID))]
    pub schema: &'static str,
    /// The benchmark.
    pub benchmark: Benchmark,
    /// What was read.
    pub source: Source,
    /// The controls, in the order of the benchmark.
    pub controls: Vec<Control>,
    /// What could not be read.
    pub gaps: Vec<super::inventory::Gap>,
}

/// A benchmark.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Benchmark {
    /// The word under `controls` of rule files.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The version whose ids rules carry; empty where it has none.
    pub version: String,
    /// Where it is published.
    pub address: String,
    /// What to keep in mind of it; empty for nothing.
    pub note: String,
    /// How many controls there are.
    pub controls: usize,
}

/// A control.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Control {
    /// Its id in the benchmark.
    pub id: String,
    /// What it asks, in our words; empty where the id is all that is known.
    pub title: String,
    /// What it is about; empty where the id is all that is known.
    pub area: String,
    /// How far rules answer it: `covered`, `partly` or `manual`; null where that is not known.
    pub coverage: Option<&'static str>,
    /// `pass`, `fail`, `unknown`, `waived`, `no-findings` (nothing was found, and there is more to it than was looked at) or `not-assessed`.
    pub verdict: &'static str,
    /// Findings that are held against it: those of its rules about what is unsafe.
    pub findings: usize,
    /// The rules that carry its id, with what they said.
    pub rules: Vec<Rule>,
    /// The manual checks that carry its id.
    pub manual: Vec<String>,
    /// What rules leave open; empty where they answer all of it, or where that is not known.
    pub rest: String,
    /// How to look at the rest by hand.
    pub by_hand: String,
}

/// What a rule said of everything that was read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// `broken` or `unsafe`; only what is unsafe is held against a control.
    #[schemars(extend("enum" = ["broken", "unsafe"]))]
    pub effect: &'static str,
    /// Subjects it holds for.
    pub pass: usize,
    /// Subjects it does not hold for.
    pub fail: usize,
    /// Subjects it could not be decided on.
    pub unknown: usize,
    /// Subjects it does not concern.
    pub not_applicable: usize,
    /// Subjects it does not hold for, which the policy accepts.
    pub waived: usize,
    /// Whether it was asked about all there is of what it is about: it is for this kind of source and not switched off.
    pub answered: bool,
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> Value {
    schema_for!(Document).to_value()
}

/// For people: a row for each control, then what is left to look at by hand.
#[must_use]
pub fn text(document: &Document, style: Style) -> String {
    let mut out = String::new();
    let benchmark = &document.benchmark;
    let _ = writeln!(out, "{} {}", style.paint(BOLD, &untrusted::line(&benchmark.title)), benchmark.version);
    if !benchmark.note.is_empty() {
        hang(&mut out, style, "", DIM, &benchmark.note);
    }
    out += &rows(document, style);
    let by_hand: Vec<&Control> =
        document.controls.iter().filter(|control| !control.by_hand.is_empty() || !control.manual.is_empty()).collect();
    if !by_hand.is_empty() {
        let _ = writeln!(out, "\n{}", style.paint(BOLD, "To be looked at by hand"));
    }
    for control in by_hand {
        let checks = control.manual.iter().map(|id| format!("orgwarden rules show {id}"));
        let steps: Vec<String> = checks.chain([control.by_hand.clone()]).filter(|text| !text.is_empty()).collect();
        hang(&mut out, style, &format!("  {}: ", control.id), BOLD, &steps.join("\n"));
    }
    let count = |verdict: &str| document.controls.iter().filter(|control| control.verdict == verdict).count();
    let words = ["pass", "fail", "unknown", "waived", "no-findings", "not-assessed"];
    let counts: Vec<String> = words.iter().map(|word| format!("{} {}", count(word), word.replace('-', " "))).collect();
    let _ = writeln!(out, "\n{} controls: {}", document.controls.len(), counts.join(", "));
    out
}

/// Columns below which there is no room for how far rules answer a control.
const NARROW: usize = 100;
/// Rules that are named in a row; the rest is counted.
const NAMED: usize = 4;

fn rows(document: &Document, style: Style) -> String {
    // Of a benchmark that lists no controls nothing but the ids is known.
    let titled = document.controls.iter().any(|control| !control.title.is_empty());
    let shown = [true, true, titled && style.width >= NARROW, titled, true];
    let pick = |cells: Vec<String>| -> Vec<String> {
        cells.into_iter().zip(shown).filter(|(_, shown)| *shown).map(|(cell, _)| cell).collect()
    };
    let headers = pick(["control", "verdict", "coverage", "asks", "why"].map(str::to_owned).to_vec());
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = document.controls.iter().map(|control| pick(row(control))).collect();
    table(&headers, &rows, style.width)
}

fn row(control: &Control) -> Vec<String> {
    let verdict = match control.findings {
        0 => control.verdict.replace('-', " "),
        1 => format!("{} (1 finding)", control.verdict),
        findings => format!("{} ({findings} findings)", control.verdict),
    };
    let coverage = control.coverage.unwrap_or("by its rules").to_owned();
    vec![control.id.clone(), verdict, coverage, control.title.clone(), why(control)]
}

/// What decided the verdict, or what keeps it from being a pass.
fn why(control: &Control) -> String {
    let those = |wanted: &dyn Fn(&&Rule) -> bool| named(control.rules.iter().filter(wanted).map(|rule| rule.id.as_str()).collect());
    let unanswered = || those(&|rule| !rule.answered);
    let is_unanswered = control.rules.iter().any(|rule| !rule.answered);
    match control.verdict {
        "fail" => those(&|rule| rule.fail > 0 && rule.effect == "unsafe"),
        "unknown" => format!("undecided: {}", those(&|rule| rule.unknown > 0)),
        "waived" => format!("accepted by the policy: {}", those(&|rule| rule.waived > 0)),
        "no-findings" if !control.rest.is_empty() => control.rest.clone(),
        "not-assessed" if control.rules.is_empty() => "no rule".to_owned(),
        "no-findings" | "not-assessed" if is_unanswered => format!("not asked here: {}", unanswered()),
        "no-findings" if control.rules.iter().any(|rule| rule.fail > 0) => {
            format!("what does not work is no breach: {}", those(&|rule| rule.fail > 0))
        }
        "not-assessed" => "there is nothing here that its rules are about".to_owned(),
        _ => String::new(),
    }
}

/// The first few ids, and how many more.
fn named(ids: Vec<&str>) -> String {
    let more = ids.len().saturating_sub(NAMED);
    let first: Vec<&str> = ids.into_iter().take(NAMED).collect();
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}

const HEADERS: [&str; 10] =
    ["benchmark", "control", "title", "area", "coverage", "verdict", "findings", "rules", "manual", "by_hand"];

/// For spreadsheets: a row for each control.
#[must_use]
pub fn csv(document: &Document) -> String {
    let mut out = HEADERS.join(",") + "\r\n";
    for control in &document.controls {
        let rules: Vec<&str> = control.rules.iter().map(|rule| rule.id.as_str()).collect();
        let cells = [
            &document.benchmark.id,
            &control.id,
            &control.title,
            &control.area,
            control.coverage.unwrap_or_default(),
            control.verdict,
            &control.findings.to_string(),
            &rules.join("\n"),
            &control.manual.join("\n"),
            &control.by_hand,
        ];
        let cells: Vec<String> = cells.iter().map(|cell| untrusted::csv_cell(cell)).collect();
        out += &(cells.join(",") + "\r\n");
    }
    out
}
