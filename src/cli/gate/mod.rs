//! `orgwarden gate`: what a deployment introduces, before it is made.

mod before;
mod onto_org;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use jiff::civil::Date;

use self::before::{BeforeChoice, Reading, States};
use super::audit::{Output, asked, write_files, write_report};
use super::read::Wants;
use super::selection::SelectionChoice;
use super::terminal::View;
use super::{Mistakes, Outcome, PolicyChoice, RuleChoice, setup};
use crate::collect::tree::absolute;
use crate::gate::{self, Gated, Judges, Limits};
use crate::policy::FailOn;
use crate::report::{self, Asked, Format, Report, Sort, Source, Threshold};
use crate::rules::Rule;

/// Tell what a deployment introduces, and fail on that alone.
///
/// The state after the deployment is audited, with the whole source as context, and held against the state before, which is audited by the same
/// rules, the same policy and on the same day. Exit codes: 0 nothing introduced at or above --fail-on and every limit kept; 1 there is
/// something, or a limit is crossed; 2 usage or configuration error; 3 something of the state after could not be read or newly not be decided, or
/// it cannot be told whether a limit is kept.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden gate force-app --base origin/main\n  orgwarden gate force-app --target-org prod\n  \
                        orgwarden gate delta --snapshot prod.snapshot.gz --manifest delta/package/package.xml\n  orgwarden gate --base origin/main --max-gain 20 --forbid-loss\n  \
                        orgwarden gate --base v1.4 --format table --output sarif=orgwarden.sarif"
)]
pub(super) struct GateArgs {
    /// What is going to be deployed: an SFDX project, a metadata folder, a zip of one, or a single file, as it is on disk.
    #[arg(value_name = "SOURCE", default_value = ".", help_heading = "Input")]
    source: PathBuf,
    /// Also read what .forceignore leaves out.
    #[arg(long, help_heading = "Input")]
    no_forceignore: bool,
    #[command(flatten)]
    before: BeforeChoice,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    #[command(flatten)]
    rules: RuleChoice,
    #[command(flatten)]
    selection: SelectionChoice,
    /// The least severity from which on something introduced makes the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value_t = FailOn::Medium, value_enum, help_heading = "Gate")]
    fail_on: FailOn,
    /// Count, and show in full, what was there before as well.
    #[arg(long, help_heading = "Gate")]
    all: bool,
    #[command(flatten)]
    limits: LimitChoice,
    /// Exit with 0 instead of 3 when something could not be read, decided or told.
    #[arg(long, help_heading = "Gate")]
    allow_unknown: bool,
    /// Audit both states as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE", help_heading = "Gate")]
    today: Option<Date>,
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

/// What the deployment may do to access.
#[derive(Debug, Args)]
#[command(next_help_heading = "Gate")]
struct LimitChoice {
    /// Fail if more than so many users gain an app, summed over apps. Of files it is profiles and permission sets that are counted. An app that
    /// any user may authorize afterwards is more than any number.
    #[arg(long, value_name = "N")]
    max_gain: Option<usize>,
    /// Fail if a user, a profile or a permission set loses an app, or if a user of a contract would be refused afterwards.
    #[arg(long)]
    forbid_loss: bool,
}

pub(super) fn run(args: &GateArgs, view: &View<'_>) -> Result<Outcome> {
    let started = Instant::now();
    let Some(set) = setup::sound_rules(&args.rules, args.mistakes, view) else { return Ok(Outcome::Misuse) };
    let Some(tags) = args.selection.tags.known(view)? else { return Ok(Outcome::Misuse) };
    let before = args.before.find(&args.source)?;
    let folder = absolute(&args.source);
    let is_whole = |policy: Option<&std::path::Path>| before.is_whole(policy, &folder);
    let policy = setup::policy_for(&args.policy, args.mistakes, std::slice::from_ref(&args.source), is_whole, &set.value, view);
    let Some(policy) = policy else { return Ok(Outcome::Misuse) };
    let left_out = [set.left_out, policy.left_out].concat();
    let policy = args.selection.apply(policy.value);
    let set = set.value;
    let rules: Vec<Rule> = set.rules.iter().filter(|rule| policy.may_ask(rule.info())).cloned().collect();
    let users = policy.users();
    let reading = Reading { force_ignore: !args.no_forceignore, wants: Wants::of_rules(&rules, &users) };
    let note = before.about_policy(&policy);
    let Some(States { before, after, source }) = before.states(&args.source, reading, view)? else {
        return Ok(Outcome::Incomplete);
    };
    let gated = gate::judge(
        gate::Before { notes: before.notes.into_iter().chain(note).collect(), ..before },
        after,
        &Judges {
            rules: &rules,
            known_rules: &setup::known(&set),
            policy: &policy,
            today: args.today.unwrap_or(view.today()),
            counts_all: args.all,
            limits: Limits { max_gain: args.limits.max_gain, forbid_loss: args.limits.forbid_loss },
        },
    )?;
    tell_gaps_before(&gated, view);
    view.diagnostics(&gated.new_diagnostics);
    let incomplete = !left_out.is_empty();
    let mut report = report(gated, source, asked(&set, &policy, tags), &rules, args.sort);
    // They were shown when they were found; in the report they are gaps.
    report.diagnostics.splice(0..0, left_out);
    report.threshold = Threshold { severity: args.fail_on.severity(), allow_unknown: args.allow_unknown && !incomplete };

    report.threshold = Threshold { severity: args.fail_on.severity(), allow_unknown: args.allow_unknown && !incomplete };
    write_report(&report, args.format, view)?;
    let written = write_files(&report, &args.output, view);
    view.note(&format!("gated in {} ms", started.elapsed().as_millis()));
    if !written {
        return Ok(Outcome::Misuse);
    }
    Ok(match Outcome::of(&report, args.fail_on, args.allow_unknown) {
        // What somebody wrote and nothing looked at is no unknown of the audit, to be allowed.
        Outcome::Clean if incomplete => Outcome::Incomplete,
        outcome => outcome,
    })
}

fn tell_gaps_before(gated: &Gated, view: &View<'_>) {
    let gaps = &gated.deployment.gaps_before;
    if !gaps.is_empty() {
        view.note(&format!("in the {}:", report::untrusted::line(&gated.deployment.before)));
        view.diagnostics(gaps);
    }
}

fn report(gated: Gated, source: Source, asked: Asked, rules: &[Rule], sort: Sort) -> Report {
    let Gated { apps, verdicts, baseline, deployment, blast_radius, diagnostics, left_out, .. } = gated;
    Report {
        source: source.in_environments(verdicts.environments),
        apps,
        rules: rules.iter().map(|rule| rule.info().clone()).collect(),
        asked: Asked { not_applicable: verdicts.not_applicable, ..asked },
        sort,
        threshold: Threshold::default(),
        blast_radius,
        counts: verdicts.counts,
        findings: verdicts.findings,
        waived: verdicts.waived,
        unknown: verdicts.unknown,
        baseline: Some(baseline),
        deployment: Some(deployment),
        diagnostics,
        left_out,
    }
    .sorted()
}
