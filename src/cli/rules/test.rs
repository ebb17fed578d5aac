//! `orgwarden rules test`: the examples of rule files as tests.

use std::fmt::Write as _;

use anyhow::Result;

use super::print;
use crate::cli::terminal::View;
use crate::cli::{Outcome, RuleChoice, setup};
use crate::diagnostic::any_error;
use crate::report::untrusted;
use crate::rules::{self, test};

/// Runs the examples of the chosen rules, or of the built-in ones, and tells of those that do not come out as they say.
pub(super) fn run(choice: &RuleChoice, view: &View<'_>) -> Result<Outcome> {
    let (builtin, mut problems) = rules::builtin();
    let chosen = if choice.rules.is_empty() {
        builtin
    } else {
        let (own, own_problems) = setup::own_rules(choice, &builtin);
        problems.extend(own_problems);
        own
    };
    view.diagnostics(&problems);
    let runs = test::run(&chosen.rules);
    let wrong: Vec<&test::Run<'_>> = runs.iter().filter(|run| run.outcome != test::Outcome::Expected).collect();
    let mut text = String::new();
    for run in &wrong {
        let _ = writeln!(text, "{run}");
    }
    if !wrong.is_empty() {
        let _ = writeln!(text, "- is what the example says, + what the rule says.");
    }
    let expected = runs.len() - wrong.len();
    let _ = writeln!(text, "{} rules, {} examples: {expected} as expected, {} not", chosen.rules.len(), runs.len(), wrong.len());
    print(&untrusted::lines(&text), view)?;
    Ok(match (any_error(&problems), wrong.is_empty()) {
        (true, _) => Outcome::Misuse,
        (false, true) => Outcome::Clean,
        (false, false) => Outcome::Findings,
    })
}
