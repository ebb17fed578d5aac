//! `orgwarden diff`: what changed between two snapshots, trees, revisions or reports.

mod side;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use self::side::{Content, Named, Reading};
use super::read::Wants;
use super::selection::SelectionChoice;
use super::setup::Loaded;
use super::terminal::View;
use super::{Mistakes, Outcome, PolicyChoice, RuleChoice, setup};
use crate::collect::Collected;
use crate::collect::tree::absolute;
use crate::compare::{self, Difference, Side};
use crate::diagnostic::{Diagnostic, Level};
use crate::policy::{self, FailOn, Policy};
use crate::report::diff::{self as report, Comparison, SideInfo, SideKind};
use crate::rules::facts::Context;
use crate::rules::{Rule, RuleSet};

/// Tell what changed from one side to another: findings, apps, facts, and who may use what.
///
/// A side is a folder, a zip or a file of metadata, a snapshot, a JSON report of `orgwarden audit`, or git:REV or git:REV:PATH, which is read
/// from git's objects without a checkout. Both are audited by the same rules, the same policy (the one found for the second side, as it
/// is on disk) and on the same day; of reports, what they say is compared. Exit codes: 0 no new finding at or above --fail-on, and none
/// that got worse; 1 there is one; 2 usage or configuration error; 3 something could not be read, or cannot be told of one side.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden diff git:main force-app\n  orgwarden diff git:v1.0:force-app git:HEAD:force-app --format markdown\n  \
                        orgwarden diff monday.snapshot.gz today.snapshot.gz\n  orgwarden diff before.json after.json --format json"
)]
pub(super) struct DiffArgs {
    /// The first side.
    before: String,
    /// The second side.
    after: String,
    /// A folder of the repository that git:REV is about.
    #[arg(long, value_name = "DIR", default_value = ".", help_heading = "Input")]
    repo: PathBuf,
    /// Also read what .forceignore leaves out.
    #[arg(long, help_heading = "Input")]
    no_forceignore: bool,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    #[command(flatten)]
    rules: RuleChoice,
    #[command(flatten)]
    selection: SelectionChoice,
    /// The least severity from which on a new finding makes the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value_t = FailOn::Medium, value_enum, help_heading = "Audit")]
    fail_on: FailOn,
    /// Exit with 0 instead of 3 when something could not be read, or cannot be told.
    #[arg(long, help_heading = "Audit")]
    allow_unknown: bool,
    /// Audit both sides as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE", help_heading = "Audit")]
    today: Option<Date>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
}

/// Formats of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables that fit the terminal.
    Table,
    /// Everything, for programs; `orgwarden/diff-v1`.
    Json,
    /// For pull requests.
    Markdown,
}

/// What both sides are audited by.
struct Judges<'a> {
    set: &'a RuleSet,
    policy: &'a Policy,
    today: Date,
}

pub(super) fn run(args: &DiffArgs, view: &View<'_>) -> Result<Outcome> {
    let Some(rules) = setup::sound_rules(&args.rules, args.mistakes, view) else { return Ok(Outcome::Misuse) };
    let sides = [Named::of(&args.before, &args.repo)?, Named::of(&args.after, &args.repo)?];
    let Some(policy) = policy_of(args, &sides, &rules.value, view) else { return Ok(Outcome::Misuse) };
    if args.selection.tags.known(view)?.is_none() {
        return Ok(Outcome::Misuse);
    }
    let applied = args.selection.apply(policy.value.clone());
    let judges = Judges { set: &rules.value, policy: &applied, today: args.today.unwrap_or(view.today()) };
    let profiles = Wants::of_rules(&rules.value.rules, &[]).profiles_of_tree();
    let reading = Reading { force_ignore: !args.no_forceignore, profiles };
    let [before, after] = &sides;
    let one = judges.side(before.read(reading)?, &args.before, Level::Error, view);
    let other = judges.side(after.read(reading)?, &args.after, Level::Warning, view);
    let info = |name: &str, named: &Named, side: &Side| SideInfo {
        name: name.to_owned(),
        kind: named.kind(),
        orgs: side.scopes.len(),
        gaps: side.gaps,
    };
    let comparison = Comparison {
        before: info(&args.before, before, &one),
        after: info(&args.after, after, &other),
        difference: compare::compare(&one, &other),
        notes: notes([before.kind(), after.kind()]),
    };
    args.print(&comparison, view)?;
    Ok(rules.outcome(policy.outcome(args.outcome(&comparison))))
}

/// The policy that was chosen, or found for the second side; for the first, where the second is nowhere on disk.
fn policy_of(args: &DiffArgs, sides: &[Named; 2], rules: &RuleSet, view: &View<'_>) -> Option<Loaded<Policy>> {
    let folder = sides.iter().rev().find_map(Named::folder);
    let is_whole = |of: Option<&Path>| folder.as_ref().is_none_or(|folder| Some(absolute(folder).as_path()) == of);
    let paths = [folder.clone().unwrap_or_else(|| PathBuf::from("."))];
    setup::policy_for(&args.policy, args.mistakes, &paths, is_whole, rules, view)
}

impl Judges<'_> {
    /// Audits a side that was read, and tells what could not be read of it, down to a level.
    fn side(&self, read: Content, name: &str, level: Level, view: &View<'_>) -> Side {
        let collected = match read {
            Content::Inventory(collected) => collected,
            Content::Audited(side) => return side,
        };
        let Collected { inventory, mut diagnostics, .. } = *collected;
        let (policy, problems) = self.policy.clone().with_inline_waivers(&inventory, &setup::known(self.set));
        let context = Context::new(&inventory, self.today);
        let rules: Vec<Rule> = self.set.rules.iter().filter(|rule| policy.may_ask(rule.info())).cloned().collect();
        let mut verdicts = policy::verdicts(&inventory, &rules, &policy, &context);
        diagnostics.extend(problems);
        diagnostics.append(&mut verdicts.diagnostics);
        let told: Vec<Diagnostic> = diagnostics.iter().filter(|it| it.level >= level).cloned().collect();
        if !told.is_empty() {
            view.note(&format!("in {}:", crate::report::untrusted::line(name)));
            view.diagnostics(&told);
        }
        compare::side_of(&compare::Audit {
            inventory: &inventory,
            context: &context,
            rules: &rules,
            findings: &verdicts.findings,
            waived: &verdicts.waived,
            unknown: &verdicts.unknown,
            gaps: diagnostics.iter().filter(|it| it.level == Level::Error).count(),
            subject: &|app| policy::app_subject(app, &inventory),
        })
    }
}

/// What is not compared, as sentences.
fn notes(kinds: [SideKind; 2]) -> Vec<String> {
    let is = |wanted: SideKind| kinds.contains(&wanted);
    let mut notes = Vec::new();
    if is(SideKind::Report) {
        notes.push("A report tells of findings alone: apps, facts and access are not compared.".to_owned());
        notes.push("A report is compared as it is, whatever rules, policy and day it was made with.".to_owned());
    } else if is(SideKind::Snapshot) && (is(SideKind::Files) || is(SideKind::Git)) {
        notes.push("Files do not tell of users, tokens and groups: these are not compared with those of an org.".to_owned());
    }
    notes
}

impl DiffArgs {
    fn print(&self, comparison: &Comparison, view: &View<'_>) -> Result<()> {
        let text = match self.format {
            Format::Json => return view.json(&report::json(comparison)),
            Format::Table => report::table(comparison, view.out_style),
            Format::Markdown => report::markdown(comparison),
        };
        view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
    }

    /// What is new or worse counts before what cannot be told.
    fn outcome(&self, comparison: &Comparison) -> Outcome {
        let Difference { findings, .. } = &comparison.difference;
        let new = findings.new.iter().map(|it| &it.found).chain(findings.worse.iter().map(|it| &it.found));
        let gaps = comparison.before.gaps + comparison.after.gaps;
        if new.into_iter().any(|found| self.fail_on.reaches(found.severity)) {
            Outcome::Findings
        } else if !self.allow_unknown && (gaps > 0 || comparison.difference.is_open()) {
            Outcome::Incomplete
        } else {
            Outcome::Clean
        }
    }
}
