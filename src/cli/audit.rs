//! `orgwarden audit`: collect, judge, report.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::baseline::{BaselineOptions, Known};
use super::read::{Input, Read, Wants, tell_cost};
use super::selection::SelectionChoice;
use super::terminal::View;
use super::{ListFormat, Mistakes, Outcome, PolicyChoice, RuleChoice, setup};
use crate::collect::Collected;
use crate::finding::Manual;
use crate::policy::baseline::Audited;
use crate::policy::{self, FailOn, Policy, Setting, app_subject};
use crate::report::{self, Asked, Format, Report, Sort, Source, Style, Threshold};
use crate::rules::facts::Context;
use crate::rules::{Rule, RuleSet};
use crate::tag::Tag;

/// Audit connected apps and External Client Apps.
///
/// Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 2 usage or configuration error; 3 something could not be read or
/// decided, and no finding reached --fail-on. What the baseline knows reaches neither.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden audit\n  orgwarden audit force-app --format table --fail-on high\n  \
                        orgwarden audit package.zip --output sarif=orgwarden.sarif\n  \
                        orgwarden audit --target-org prod\n  orgwarden audit -o prod -o uat --format json\n  \
                        orgwarden audit --snapshot prod.snapshot.gz\n  \
                        orgwarden audit --write-baseline orgwarden.baseline.json\n  \
                        orgwarden audit --baseline orgwarden.baseline.json")]
pub(super) struct AuditArgs {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    rules: RuleChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    #[command(flatten)]
    selection: SelectionChoice,
    /// The least severity that makes the audit fail with exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value_t = FailOn::Medium, value_enum, help_heading = "Audit")]
    fail_on: FailOn,
    /// Exit with 0 instead of 3 when something could not be read or decided.
    #[arg(long, help_heading = "Audit")]
    allow_unknown: bool,
    /// Audit as of this day (YYYY-MM-DD) instead of today: decides which certificates and waivers have expired and how old tokens are.
    #[arg(long, value_name = "DATE", help_heading = "Audit")]
    today: Option<Date>,
    #[command(flatten)]
    baseline: BaselineOptions,
    /// Format of the report on standard output.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Pretty, value_enum, help_heading = "Output")]
    format: Format,
    /// What comes first.
    #[arg(long, value_name = "ORDER", default_value_t = Sort::App, value_enum, help_heading = "Output")]
    sort: Sort,
    /// Also write the report to a file, as FORMAT=FILE; may be given more than once. The file of `$GITHUB_STEP_SUMMARY` is added to.
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "Output")]
    output: Vec<Output>,
}

/// A file to write a report to.
#[derive(Clone, Debug)]
pub(super) struct Output {
    format: Format,
    path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text.split_once('=').ok_or("write FORMAT=FILE, for example sarif=orgwarden.sarif")?;
        if path.is_empty() {
            return Err("the file name is missing after `=`".to_owned());
        }
        Ok(Self { format: Format::from_str(format, false)?, path: path.into() })
    }
}

pub(super) fn run(args: &AuditArgs, view: &View<'_>) -> Result<Outcome> {
    let started = Instant::now();
    args.input.check()?;
    let Some(set) = setup::sound_rules(&args.rules, args.mistakes, view) else { return Ok(Outcome::Misuse) };
    let Some(tags) = args.selection.tags.known(view)? else { return Ok(Outcome::Misuse) };
    let policy = setup::policy(&args.policy, args.mistakes, &args.input, &set.value, view);
    let Some(policy) = policy else { return Ok(Outcome::Misuse) };
    let left_out = [set.left_out, policy.left_out].concat();
    let policy = args.selection.apply(policy.value);
    let set = set.value;
    let known = match args.baseline.read() {
        Ok(known) => known,
        Err(problem) => {
            view.diagnostics(&[problem]);
            return Ok(Outcome::Misuse);
        }
    };
    let known_rules = setup::known(&set);
    let asked = asked(&set, &policy, tags);
    let rules: Vec<Rule> = set.rules.iter().filter(|rule| policy.may_ask(rule.info())).cloned().collect();
    let plan_format = if args.format == Format::Json { ListFormat::Json } else { ListFormat::Table };
    let users = policy.users();
    let wants = Wants::of_rules(&rules, &users);
    if let Some(outcome) = args.input.plan(wants, plan_format, view)? {
        return Ok(outcome);
    }
    let Read { mut collected, source, cost } = args.input.read(wants, view)?;
    let (policy, problems) = policy.with_inline_waivers(&collected.inventory, &known_rules);
    collected.diagnostics.extend(problems);
    let misused = !collected.not_found.is_empty();
    let files = args.input.is_files().then_some(collected.files_seen);
    let today = args.today.unwrap_or(view.today());
    let by = Judges { rules: &rules, policy: &policy, known: known.as_ref(), today, asked, sort: args.sort };
    let report = judge(collected, source, by);
    view.diagnostics(&report.diagnostics);
    let incomplete = !left_out.is_empty();
    // They were shown when they were found; in the report they are gaps.
    let threshold = Threshold { severity: args.fail_on.severity(), allow_unknown: args.allow_unknown && !incomplete };
    let report = Report { diagnostics: [left_out, report.diagnostics].concat(), threshold, ..report };

    write_report(&report, args.format, view)?;
    let mut written = write_files(&report, &args.output, view);
    // A path that does not exist hides what was to be known.
    if !misused {
        written &= args.baseline.write(&report, view);
    }
    tell(&report, files, started, view);
    tell_cost(&cost, view);
    if misused || !written {
        return Ok(Outcome::Misuse);
    }
    Ok(match Outcome::of(&report, args.fail_on, args.allow_unknown) {
        // What somebody wrote and nothing looked at is no unknown of the audit, to be allowed.
        Outcome::Clean if incomplete => Outcome::Incomplete,
        outcome => outcome,
    })
}

/// What an audit judges by, and how it is told.
struct Judges<'a> {
    rules: &'a [Rule],
    policy: &'a Policy,
    known: Option<&'a Known>,
    today: Date,
    asked: Asked,
    sort: Sort,
}

/// What is told of what is asked, and of the rest.
pub(super) fn asked(set: &RuleSet, policy: &Policy, tags: Vec<&'static Tag>) -> Asked {
    let manual = set.manual.iter().filter(|check| policy.settings(None).asked(&check.info) != Setting::Off);
    Asked {
        preset: policy.selection().preset().as_str(),
        tags: tags.into_iter().cloned().collect(),
        left_out: set.rules.iter().filter(|rule| !policy.may_ask(rule.info())).count(),
        manual: manual.cloned().map(Manual::from).collect(),
        in_full: policy.selection().explains(),
        not_applicable: Vec::new(),
    }
}

/// The whole audit after reading: facts, verdicts, findings, in the order they are shown.
fn judge(collected: Collected, source: Source, by: Judges<'_>) -> Report {
    let has_gaps = collected.has_gaps();
    let Collected { inventory, mut diagnostics, left_out, .. } = collected;
    let Judges { rules, policy, known, today, .. } = by;
    let context = Context::new(&inventory, today);
    let mut verdicts = policy::verdicts(&inventory, rules, policy, &context);
    diagnostics.append(&mut verdicts.diagnostics);
    let audited = Audited { inventory: &inventory, rules, policy, has_gaps };
    let baseline = known.map(|known| known.baseline.apply(known.path.clone(), &mut verdicts, audited));
    Report {
        source: source.in_environments(verdicts.environments),
        apps: inventory.apps.len(),
        rules: rules.iter().map(|rule| rule.info().clone()).collect(),
        asked: Asked { not_applicable: verdicts.not_applicable, ..by.asked },
        sort: by.sort,
        threshold: Threshold::default(),
        blast_radius: inventory.apps.iter().map(|app| (app_subject(app, &inventory), context.blast_radius(app))).collect(),
        counts: verdicts.counts,
        findings: verdicts.findings,
        waived: verdicts.waived,
        unknown: verdicts.unknown,
        baseline,
        deployment: None,
        diagnostics,
        left_out,
    }
    .sorted()
}

/// Writes the report to standard output.
pub(super) fn write_report(report: &Report, format: Format, view: &View<'_>) -> Result<()> {
    let write = |out: &mut dyn Write| report::write(report, format, &view.out_style, out);
    if format.is_commands() { view.commands(write) } else { view.results(write) }.context("cannot write the report")
}

/// Writes the extra files. One that cannot be written is told, and the others are still written.
pub(super) fn write_files(report: &Report, outputs: &[Output], view: &View<'_>) -> bool {
    let mut all_written = true;
    for output in outputs {
        if let Err(error) = write_file(report, output) {
            view.error(&format!("cannot write {}: {error}", output.path.display()));
            all_written = false;
        }
    }
    all_written
}

fn write_file(report: &Report, output: &Output) -> io::Result<()> {
    let mut file = BufWriter::new(open(&output.path)?);
    report::write(report, output.format, &Style::PLAIN, &mut file)?;
    file.flush()
}

/// The file, empty; but the summary of a job of GitHub Actions belongs to all that runs in a step, and is added to.
fn open(path: &Path) -> io::Result<File> {
    if env::var_os("GITHUB_STEP_SUMMARY").is_none_or(|summary| summary != path) {
        return File::create(path);
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    if file.metadata()?.len() > 0 {
        // Whatever is there may lack its line end, and then a heading would be none.
        writeln!(file)?;
    }
    Ok(file)
}

/// What is not part of the report: how long it took, and what might be amiss with the question. `files` is how many there were, where
/// files were read.
fn tell(report: &Report, files: Option<usize>, started: Instant, view: &View<'_>) {
    match (report.apps, files) {
        (0, Some(files)) => {
            view.note(&format!("warning: no connected app or External Client App among {files} files; is this the right folder?"));
        }
        (0, None) => view.note("warning: no connected app or External Client App was seen"),
        _ => {}
    }
    let apps = if report.apps == 1 { "1 app".to_owned() } else { format!("{} apps", report.apps) };
    view.note(&format!("{apps} audited in {} ms", started.elapsed().as_millis()));
}
