//! `orgwarden fix`: change the metadata so that findings are gone.

mod files;
mod judge;
mod package;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use jiff::civil::Date;

use super::read::Input;
use super::selection::SelectionChoice;
use super::terminal::View;
use super::{Mistakes, Outcome, PolicyChoice, RuleChoice, setup};
use crate::diagnostic::did_you_mean;
use crate::report::fix::{Fixes, State};
use crate::rules::RuleSet;

/// Change metadata so that findings are gone.
///
/// Without --write nothing is changed, and the changes are shown as a diff. Exit codes: 0 nothing is left to fix; 1 fixes are left that were not written, because --write or --unsafe is missing; 2 usage or
/// configuration error; 3 something could not be read or written. Findings that no fix is for change no exit code: `audit` tells of them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden fix\n  orgwarden fix force-app --rule refresh-token-scope-missing --write\n  \
                        orgwarden fix --unsafe --diff-file fixes.patch\n  \
                        orgwarden fix -o prod --package prod-fixes")]
pub(super) struct FixArgs {
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
    /// Fix only what this rule finds; may be given more than once.
    #[arg(long, value_name = "ID", help_heading = "Fix")]
    rule: Vec<String>,
    /// Also make fixes that can break what works now.
    #[arg(long = "unsafe", help_heading = "Fix")]
    with_unsafe: bool,
    /// Write the files.
    #[arg(long, help_heading = "Fix")]
    write: bool,
    /// Of an org, write a package with the fixes to DIR/fix and one that restores what is there now to DIR/restore. Nothing is deployed.
    #[arg(long, value_name = "DIR", conflicts_with = "write", help_heading = "Fix")]
    package: Option<PathBuf>,
    /// Write the changes to a patch file, for `git apply`.
    #[arg(long, value_name = "FILE", help_heading = "Fix")]
    diff_file: Option<PathBuf>,
    /// Judge as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE", help_heading = "Fix")]
    today: Option<Date>,
}

pub(super) fn run(args: &FixArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    check(args)?;
    let Some(set) = setup::sound_rules(&args.rules, args.mistakes, view) else { return Ok(Outcome::Misuse) };
    if args.selection.tags.known(view)?.is_none() || !knows_rules(&args.rule, &set.value, view) {
        return Ok(Outcome::Misuse);
    }
    let Some(policy) = setup::policy(&args.policy, args.mistakes, &args.input, &set.value, view) else {
        return Ok(Outcome::Misuse);
    };
    let asked = args.selection.apply(policy.value.clone());
    let outcome = match &args.package {
        Some(folder) => package::run(args, folder, &set.value, &asked, view)?,
        None => files::run(args, &set.value, &asked, view)?,
    };
    Ok(set.outcome(policy.outcome(outcome)))
}

/// Refuses what cannot be fixed, and options that are about something else.
fn check(args: &FixArgs) -> Result<()> {
    if args.input.is_snapshot() {
        bail!(
            "a snapshot holds what was understood of the metadata and not its text, so that there is nothing to change: fix the files, or the \
             org it was taken of with --target-org and --package"
        );
    }
    match (args.input.is_files(), &args.package) {
        (true, Some(_)) => bail!("--package is about an org: name one with --target-org, or use --write for files"),
        (false, None) => bail!("an org is never changed: --package DIR writes a package with the fixes, to be deployed by you"),
        _ => Ok(()),
    }
}

/// Shows what is done, and writes the patch.
fn show(args: &FixArgs, fixes: &Fixes, view: &View<'_>) -> Result<()> {
    if let Some(path) = &args.diff_file {
        let (patch, left_out) = fixes.to_patch();
        fs::write(path, patch).with_context(|| format!("cannot write {}", path.display()))?;
        for file in left_out {
            view.error(&format!("{file} is not in the patch, because a secret would be, too: use --write"));
        }
    }
    view.results(|out| write!(out, "{}", fixes.to_text(view.out_style))).context("cannot write to standard output")?;
    let made = fixes.count(&[State::Safe, State::Unsafe]);
    let (held_back, impossible) = (fixes.count(&[State::HeldBack]), fixes.count(&[State::Impossible]));
    let done = if fixes.written { "fixed" } else { "can be fixed" };
    let place = match fixes.files.len() {
        1 => "1 file".to_owned(),
        many => format!("{many} files"),
    };
    view.note(&format!("{made} {done} in {place}, {held_back} held back, {impossible} cannot be fixed here"));
    Ok(())
}

/// Whether all rules that were asked for exist; tells of those that do not.
fn knows_rules(ids: &[String], set: &RuleSet, view: &View<'_>) -> bool {
    let mut knows = true;
    for id in ids.iter().filter(|id| set.get(id).is_none()) {
        knows = false;
        view.error(&format!("there is no rule `{id}`"));
        if let Some(near) = did_you_mean(id, set.entries().map(|entry| entry.info().id.as_str())) {
            view.note(&format!("help: did you mean `{near}`?"));
        }
    }
    knows
}
