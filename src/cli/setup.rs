//! What several subcommands begin with: reading rule files and the policy.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::Input;
use super::terminal::View;
use super::{Mistakes, Outcome, PolicyChoice, RuleChoice};
use crate::collect::tree::absolute;
use crate::diagnostic::{Diagnostic, Level, did_you_mean};
use crate::inventory::Inventory;
use crate::inventory::contract::Located;
use crate::policy::{Applied, Policy, discover};
use crate::report::untrusted;
use crate::rules::schema::SubjectKind;
use crate::rules::{self, RuleSet};
use crate::source::{Location, SourceText};

/// What was loaded, and the mistakes that were left out of it; all have been shown.
pub(super) struct Loaded<T> {
    pub(super) value: T,
    pub(super) left_out: Vec<Diagnostic>,
}

impl<T> Loaded<T> {
    /// Shows problems. `None` where one of them is a mistake and none is to be left out.
    fn new(value: T, problems: Vec<Diagnostic>, mistakes: Mistakes, view: &View<'_>) -> Option<Self> {
        view.diagnostics(&problems);
        let left_out: Vec<Diagnostic> = problems.into_iter().filter(|problem| problem.level == Level::Error).collect();
        (mistakes.keep_going || left_out.is_empty()).then_some(Self { value, left_out })
    }

    const fn whole(value: T) -> Self {
        Self { value, left_out: Vec::new() }
    }

    /// What a run amounts to that used this: what was left out is a gap.
    pub(super) fn outcome(&self, outcome: Outcome) -> Outcome {
        if outcome == Outcome::Clean && !self.left_out.is_empty() { Outcome::Incomplete } else { outcome }
    }
}

/// The built-in rules and the user's, and manual checks. `None` where a file has mistakes, which have been shown.
pub(super) fn rules(choice: &RuleChoice, view: &View<'_>) -> Option<RuleSet> {
    sound_rules(choice, Mistakes { keep_going: false }, view).map(|loaded| loaded.value)
}

/// The same, where rules with mistakes may be left out.
pub(super) fn sound_rules(choice: &RuleChoice, mistakes: Mistakes, view: &View<'_>) -> Option<Loaded<RuleSet>> {
    let (mut set, mut problems) = rules::builtin();
    let (own, own_problems) = own_rules(choice, &set);
    set.extend(own);
    problems.extend(own_problems);
    Loaded::new(set, problems, mistakes, view)
}

/// The user's rules and manual checks alone.
pub(super) fn own_rules(choice: &RuleChoice, builtin: &RuleSet) -> (RuleSet, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for path in choice.rules.iter().flat_map(|path| rule_files(path, &mut problems)).collect::<BTreeSet<_>>() {
        match fs::read_to_string(&path) {
            Ok(text) => texts.push(SourceText::new(path.to_string_lossy().as_ref(), text)),
            Err(error) => problems
                .push(Diagnostic::error(format!("cannot be read: {error}")).at(Location::file(path.to_string_lossy().as_ref()))),
        }
    }
    let (set, mistakes) = rules::load(texts, builtin);
    problems.extend(mistakes);
    (set, problems)
}

/// The YAML files of a folder, or the file itself.
pub(super) fn rule_files(path: &Path, problems: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
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

/// The policy that was chosen or found. `None` where it has mistakes that are not to be left out; they have been shown.
pub(super) fn policy(
    choice: &PolicyChoice,
    mistakes: Mistakes,
    input: &Input,
    set: &RuleSet,
    view: &View<'_>,
) -> Option<Loaded<Policy>> {
    let policy = policy_for(choice, mistakes, &input.paths(), |folder| input.is_whole(folder), set, view)?;
    if input.is_files() {
        tell_environments(&policy.value, view);
    }
    Some(policy)
}

/// Files are of no environment: where a policy has some, that may come as a surprise.
pub(super) fn tell_environments(policy: &Policy, view: &View<'_>) {
    let environments = policy.environments();
    if !environments.is_empty() {
        let names = untrusted::line(&environments.join(", ")).into_owned();
        view.note(&format!("note: files belong to none of the policy's environments ({names}); --environment NAME chooses one"));
    }
}

/// The same for these paths. `is_whole` tells whether a policy in a folder is about all there is to read, or about more.
pub(super) fn policy_for(
    choice: &PolicyChoice,
    mistakes: Mistakes,
    paths: &[PathBuf],
    is_whole: impl FnOnce(Option<&Path>) -> bool,
    set: &RuleSet,
    view: &View<'_>,
) -> Option<Loaded<Policy>> {
    let (path, text) = match policy_text(choice, paths) {
        Ok(Some(found)) => found,
        Ok(None) => return Loaded::whole(Policy::none()).in_environment(choice, view),
        Err(problem) => {
            view.diagnostics(&[problem]);
            return None;
        }
    };
    let (policy, mut problems) = Policy::load(&text, &known(set), &open);
    problems.extend(waivers_of_manual_checks(&policy, set));
    // A policy that was found above what is audited is about more than that.
    let is_of_all = choice.policy.is_some() || is_whole(path.parent());
    let policy = if is_of_all { policy } else { policy.of_a_part() };
    Loaded::new(policy, problems, mistakes, view)?.in_environment(choice, view)
}

/// Manual checks can be switched off like rules, but they have no findings to accept.
fn waivers_of_manual_checks(policy: &Policy, set: &RuleSet) -> Vec<Diagnostic> {
    let rules = policy.waivers().iter().map(|valid| &valid.waiver.rule);
    let manual = rules.filter(|rule| set.manual.iter().any(|check| check.info.id == rule.value));
    let problem = |rule: &Located<String>| {
        Diagnostic::error(format!("`{}` is a manual check, which has no findings to accept", rule.value))
            .at(rule.location.clone())
            .help("switch it off under `rules` where it does not matter")
    };
    manual.map(problem).collect()
}

/// The rules and manual checks that a policy can switch and waive, with what each is about.
pub(super) fn known(set: &RuleSet) -> BTreeMap<&str, SubjectKind> {
    set.entries().map(|entry| (entry.info().id.as_str(), entry.applies_to())).collect()
}

/// What the contracts of the policy say that was chosen or found for these paths, where no rule is going to run. `None` where it has mistakes
/// that are not to be left out; they have been shown.
pub(super) fn contracts(choice: &PolicyChoice, mistakes: Mistakes, paths: &[PathBuf], view: &View<'_>) -> Option<Loaded<Policy>> {
    let text = match policy_text(choice, paths) {
        Ok(Some((_, text))) => text,
        Ok(None) => return Loaded::whole(Policy::none()).in_environment(choice, view),
        Err(problem) => {
            view.diagnostics(&[problem]);
            return None;
        }
    };
    let (policy, problems) = Policy::load_contracts(&text, &open);
    Loaded::new(policy, problems, mistakes, view)?.in_environment(choice, view)
}

/// The policy for each source; what could not be told of orgs is shown.
pub(super) fn applied<'a>(policy: &'a Policy, inventory: &Inventory, view: &View<'_>) -> Applied<'a> {
    let applied = Applied::to(policy, inventory);
    view.diagnostics(&applied.diagnostics);
    applied
}

impl Loaded<Policy> {
    /// The policy of the environment that was chosen; the same where none was. `None` where there is no such environment, which has been shown.
    fn in_environment(self, choice: &PolicyChoice, view: &View<'_>) -> Option<Self> {
        let Some(name) = &choice.environment else { return Some(self) };
        let Self { value: policy, left_out } = self;
        let chosen = policy.in_environment(name);
        if chosen.is_none() {
            tell_no_environment(&policy, name, view);
        }
        chosen.map(|value| Self { value, left_out })
    }
}

fn tell_no_environment(policy: &Policy, name: &str, view: &View<'_>) {
    let names = policy.environments();
    view.error(&format!("the policy has no environment `{name}`"));
    let help = match did_you_mean(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "it has no `environments` at all, or there is no policy".to_owned(),
        None => format!("it has {}", names.join(", ")),
    };
    view.note(&format!("help: {}", untrusted::line(&help)));
}

/// Reads a file that a policy extends.
fn open(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
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
