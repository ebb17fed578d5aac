//! Fixing files: propose, show, write.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::FixArgs;
use super::judge::{Fixed, Judge};
use crate::cli::Outcome;
use crate::cli::read::Wants;
use crate::cli::terminal::View;
use crate::finding::Finding;
use crate::fix::Draft;
use crate::fix::write::{create, replace};
use crate::policy::Policy;
use crate::report::fix::State;
use crate::rules::{Rule, RuleSet};

pub(super) fn run(args: &FixArgs, set: &RuleSet, policy: &Policy, view: &View<'_>) -> Result<Outcome> {
    let rules: Vec<Rule> = set.rules.iter().filter(|rule| policy.may_ask(rule.info())).cloned().collect();
    let wants = Wants::of_rules(&rules, &[]);
    let collected = args.input.read_tree(wants, &[].into());
    view.diagnostics(&collected.diagnostics);
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    let is_incomplete = collected.has_gaps();
    let judge = Judge {
        set,
        rules: &rules,
        policy,
        today: args.today.unwrap_or(view.today()),
        with_unsafe: args.with_unsafe,
        read: &|texts| args.input.read_tree(wants, texts),
        is_wanted: &|finding: &Finding| args.rule.is_empty() || args.rule.contains(&finding.rule),
        is_fixed: &|path| (!Path::new(path).is_file()).then_some("it is in a zip, which is not rewritten: unpack it first"),
    };
    let Fixed { draft, mut fixes } = judge.fix(collected);
    let all_written = !args.write || write_all(&draft, &args.input.paths(), view);
    fixes.written = args.write && all_written;
    super::show(args, &fixes, view)?;
    if !args.write && !draft.is_empty() {
        view.note("No metadata was changed: --write does it.");
    }
    let left = fixes.count(&[State::HeldBack]) > 0 || (!args.write && !draft.is_empty());
    Ok(match (all_written, left, is_incomplete) {
        (false, ..) | (true, false, true) => Outcome::Incomplete,
        (true, true, _) => Outcome::Findings,
        (true, false, false) => Outcome::Clean,
    })
}

/// Writes every file. One that cannot be written is told, and the others are still written.
fn write_all(draft: &Draft, asked: &[PathBuf], view: &View<'_>) -> bool {
    let mut all_written = true;
    for (path, file) in draft.files() {
        let path = Path::new(&**path);
        let written = match &file.before {
            Some(before) => replace(path, asked, before.text(), file.after.text()),
            None => create(path, asked, file.after.text()),
        };
        if let Err(problem) = written {
            view.error(&problem.to_string());
            all_written = false;
        }
    }
    all_written
}
