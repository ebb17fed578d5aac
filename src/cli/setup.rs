//! What several subcommands begin with: reading rule files and the policy.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::Input;
use super::terminal::View;
use super::{PolicyChoice, RuleChoice};
use crate::collect::tree::absolute;
use crate::diagnostic::{Diagnostic, any_error};
use crate::policy::Policy;
use crate::policy::discover;
use crate::rules::{self, Rule};
use crate::source::{Location, SourceText};

/// The built-in rules and the user's, in order of their ids. `None` where a file has mistakes, which have been shown.
pub(super) fn rules(choice: &RuleChoice, view: &View<'_>) -> Option<Vec<Rule>> {
    let (mut rules, mut problems) = rules::builtin();
    let (own, own_problems) = own_rules(choice, &rules);
    rules.extend(own);
    rules.sort_by(|a, b| a.id().cmp(b.id()));
    problems.extend(own_problems);
    sound(&problems, view).then_some(rules)
}

/// The user's rules alone.
pub(super) fn own_rules(choice: &RuleChoice, builtin: &[Rule]) -> (Vec<Rule>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for path in choice.rules.iter().flat_map(|path| rule_files(path, &mut problems)).collect::<BTreeSet<_>>() {
        match fs::read_to_string(&path) {
            Ok(text) => texts.push(SourceText::new(path.to_string_lossy().as_ref(), text)),
            Err(error) => problems
                .push(Diagnostic::error(format!("cannot be read: {error}")).at(Location::file(path.to_string_lossy().as_ref()))),
        }
    }
    let (rules, mistakes) = rules::load(texts, builtin);
    problems.extend(mistakes);
    (rules, problems)
}

/// The YAML files of a folder, or the file itself.
fn rule_files(path: &Path, problems: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let is_yaml = |path: &Path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let mut found = Vec::new();
    for entry in ignore::WalkBuilder::new(path).standard_filters(false).build() {
        match entry {
            Ok(entry) if entry.path().is_file() && is_yaml(entry.path()) => found.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => problems.push(Diagnostic::error(format!("rules cannot be read: {error}"))),
        }
    }
    if found.is_empty() && problems.is_empty() {
        let place = Location::file(path.to_string_lossy().as_ref());
        problems.push(Diagnostic::error("holds no rule files").at(place).help("rule files end in .yaml or .yml"));
    }
    found
}

/// The policy that was chosen or found. `None` where it has mistakes, which have been shown.
pub(super) fn policy(choice: &PolicyChoice, input: &Input, rules: &[Rule], view: &View<'_>) -> Option<Policy> {
    policy_for(choice, &input.paths(), |folder| input.is_whole(folder), rules, view)
}

/// The same for these paths. `is_whole` tells whether a policy in a folder is about all there is to read, or about more.
pub(super) fn policy_for(
    choice: &PolicyChoice,
    paths: &[PathBuf],
    is_whole: impl FnOnce(Option<&Path>) -> bool,
    rules: &[Rule],
    view: &View<'_>,
) -> Option<Policy> {
    let (path, text) = match policy_text(choice, paths) {
        Ok(Some(found)) => found,
        Ok(None) => return Some(Policy::none()),
        Err(problem) => {
            view.diagnostics(&[problem]);
            return None;
        }
    };
    let known = rules.iter().map(|rule| (rule.id(), rule.applies_to())).collect();
    let (policy, problems) = Policy::load(&text, &known);
    if !sound(&problems, view) {
        return None;
    }
    // A policy that was found above what is audited is about more than that.
    let is_of_all = choice.policy.is_some() || is_whole(path.parent());
    Some(if is_of_all { policy } else { policy.of_a_part() })
}

/// What the contracts of the policy say that was chosen or found for these paths, where no rule is going to run. `None` where it has mistakes,
/// which have been shown.
pub(super) fn contracts(choice: &PolicyChoice, paths: &[PathBuf], view: &View<'_>) -> Option<Policy> {
    let text = match policy_text(choice, paths) {
        Ok(Some((_, text))) => text,
        Ok(None) => return Some(Policy::none()),
        Err(problem) => {
            view.diagnostics(&[problem]);
            return None;
        }
    };
    let (policy, problems) = Policy::load_contracts(&text);
    sound(&problems, view).then_some(policy)
}

/// The policy that was chosen or found, as written; none where there is none.
fn policy_text(choice: &PolicyChoice, paths: &[PathBuf]) -> Result<Option<(PathBuf, Arc<SourceText>)>, Diagnostic> {
    let Some(path) = find_policy(choice, paths)? else { return Ok(None) };
    let shown = relative(&path);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, SourceText::new(shown.as_str(), text)))),
        Err(error) => Err(Diagnostic::error(format!("the policy cannot be read: {error}")).at(Location::file(shown))),
    }
}

fn find_policy(choice: &PolicyChoice, paths: &[PathBuf]) -> Result<Option<PathBuf>, Diagnostic> {
    if choice.no_policy {
        return Ok(None);
    }
    if let Some(path) = &choice.policy {
        return Ok(Some(path.clone()));
    }
    let mut found: BTreeSet<PathBuf> = BTreeSet::new();
    for path in paths {
        match discover::find(&absolute(path), std::path::Path::exists) {
            Ok(policy) => found.extend(policy),
            Err(both) => {
                return Err(Diagnostic::error(both.to_string()).help("keep one of the two, or choose with --policy"));
            }
        }
    }
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(|path| relative(path)).collect();
        return Err(Diagnostic::error(format!("the audited paths have different policies: {}", names.join(", ")))
            .help("choose one with --policy, or audit the paths one by one"));
    }
    Ok(found.pop_first())
}

/// A path as seen from the current directory, where it lies below it.
fn relative(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).to_string_lossy().into_owned()
}

/// Shows problems; whether there is none that counts.
fn sound(problems: &[Diagnostic], view: &View<'_>) -> bool {
    view.diagnostics(problems);
    !any_error(problems)
}
