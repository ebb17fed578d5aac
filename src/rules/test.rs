//! The examples of a rule as its tests.

use super::{Example, Failure, Judgement, Rule, Verdict, judge, with_stack};
use crate::finding::Severity;

/// How an example came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// As the example says.
    Expected,
    /// The rule failed and should not have.
    Noisy,
    /// The rule should have failed and did not.
    Missing,
    /// The rule could not be decided and should have been.
    Undecided,
    /// Different in another way: another severity, passed where it does not apply, decided where it should not be.
    Different,
}

impl Outcome {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Noisy => "noisy",
            Self::Missing => "missing",
            Self::Undecided => "undecided",
            Self::Different => "different",
        }
    }
}

/// An example that was run.
#[derive(Clone, Debug)]
pub struct Run<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The example.
    pub example: &'r Example,
    /// What the rule said.
    pub got: Judgement,
    /// The comparison.
    pub outcome: Outcome,
}

impl Run<'_> {
    /// What was wanted, in words.
    #[must_use]
    pub fn wanted(&self) -> String {
        in_words(self.example.verdict, self.example.severity)
    }

    /// What the rule said, in words: the message of a failure, the reason of an unknown.
    #[must_use]
    pub fn said(&self) -> String {
        match &self.got {
            Judgement::Fail(Failure { severity, message, .. }) => {
                format!("{}: {message}", in_words(Verdict::Fail, Some(*severity)))
            }
            Judgement::Unknown(reason) => format!("{}: {reason}", Verdict::Unknown),
            other => other.verdict().to_string(),
        }
    }
}

/// Runs all examples of the rules, in order.
#[must_use]
pub fn run(rules: &[Rule]) -> Vec<Run<'_>> {
    with_stack(|| rules.iter().flat_map(|rule| rule.examples().iter().map(move |example| run_one(rule, example))).collect())
}

fn run_one<'r>(rule: &'r Rule, example: &'r Example) -> Run<'r> {
    let got = judge(rule, &example.facts());
    let outcome = match (example.verdict, got.verdict()) {
        (wanted, got_verdict) if wanted == got_verdict => {
            let severity_differs = match &got {
                Judgement::Fail(failure) => example.severity.is_some_and(|severity| severity != failure.severity),
                _ => false,
            };
            if severity_differs { Outcome::Different } else { Outcome::Expected }
        }
        (_, Verdict::Fail) => Outcome::Noisy,
        (_, Verdict::Unknown) => Outcome::Undecided,
        (Verdict::Fail, _) => Outcome::Missing,
        _ => Outcome::Different,
    };
    Run { rule, example, got, outcome }
}

fn in_words(verdict: Verdict, severity: Option<Severity>) -> String {
    match severity {
        Some(severity) if verdict == Verdict::Fail => format!("{verdict} ({severity})"),
        _ => verdict.to_string(),
    }
}
