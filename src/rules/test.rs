//! The examples of a rule as its tests.

use std::fmt;

use super::{Condition, Example, Judgement, Part, Rule, Truth, Verdict, judge, with_stack};

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
    /// Different in another way: another severity or message, passed where it does not apply, decided where it should not be.
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

/// Something of a judgement that is not as the example says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What: `verdict`, `severity` or `message`.
    pub what: &'static str,
    /// What the example says; none where it says nothing.
    pub wanted: Option<String>,
    /// What the rule says; none where it says nothing.
    pub got: Option<String>,
}

/// Why a rule says what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The key of the rule file whose condition decided.
    pub key: &'static str,
    /// What the condition says.
    pub truth: Truth,
    /// The parts of it that made it so.
    pub parts: Vec<Part>,
}

impl Run<'_> {
    /// What is not as the example says; the severity and the message of a failure that should not be are told, too.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        if self.outcome == Outcome::Expected {
            return Vec::new();
        }
        let got = self.got.verdict();
        let mut differences = Vec::new();
        if got != self.example.verdict {
            let wanted = Some(self.example.verdict.to_string());
            differences.push(Difference { what: "verdict", wanted, got: Some(got.to_string()) });
        }
        let failure = match &self.got {
            Judgement::Fail(failure) => Some(failure),
            _ => None,
        };
        let severities = (self.example.severity.map(|it| it.to_string()), failure.map(|it| it.severity.to_string()));
        let messages = (self.example.message.clone(), failure.map(|it| it.message.clone()));
        for (what, (wanted, got_here)) in [("severity", severities), ("message", messages)] {
            // Where the example says nothing of it, it is only worth telling of a failure that should not be.
            let is_told = if got == self.example.verdict { wanted.is_some() } else { wanted.is_some() || got_here.is_some() };
            if is_told && wanted != got_here {
                differences.push(Difference { what, wanted, got: got_here });
            }
        }
        differences
    }

    /// The conditions that decided, with the facts they read.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        let facts = self.example.facts();
        let decision =
            |key, condition: &Condition| Decision { key, truth: condition.holds(&facts), parts: condition.decisive_parts(&facts) };
        let when = self.rule.when().map(|when| decision("when", when));
        let check = decision("check", self.rule.check());
        match &self.got {
            Judgement::NotApplicable => when.into_iter().collect(),
            Judgement::Pass | Judgement::Fail(_) if self.example.verdict == Verdict::NotApplicable => {
                when.into_iter().chain([check]).collect()
            }
            Judgement::Unknown(_) => {
                when.into_iter().chain([check]).filter(|decision| matches!(decision.truth, Truth::Unknown(_))).collect()
            }
            Judgement::Fail(failure) if self.example.verdict == Verdict::Fail => {
                let is_other = self.example.severity.is_some_and(|severity| severity != failure.severity);
                let entries = self.rule.severity_if().iter().filter(|_| is_other);
                entries.map(|(_, when)| decision("severity-if", when)).collect()
            }
            Judgement::Pass | Judgement::Fail(_) => vec![check],
        }
    }
}

/// What is wrong with an example that did not come out as it says: what was wanted and what came, and why.
impl fmt::Display for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}: {}", self.outcome.as_str(), self.rule.id(), self.example.name)?;
        writeln!(f, "  at {}", self.example.location)?;
        for Difference { what, wanted, got } in self.differences() {
            for (sign, side) in [('-', wanted), ('+', got)] {
                if let Some(side) = side {
                    writeln!(f, "  {sign} {what}: {side}")?;
                }
            }
        }
        for decision in self.decisions() {
            writeln!(f, "  `{}` is {}:", decision.key, in_words(&decision.truth))?;
            for part in decision.parts {
                writeln!(f, "    {} is {}", part.text, in_words(&part.truth))?;
                // Of a part that is a fact and nothing else, the value was said just now.
                for (path, value) in
                    part.facts.iter().filter(|(path, _)| *path != part.text || matches!(part.truth, Truth::Unknown(_)))
                {
                    writeln!(f, "      {path} = {value}")?;
                }
            }
        }
        Ok(())
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
            let differs = match &got {
                Judgement::Fail(failure) => {
                    example.severity.is_some_and(|severity| severity != failure.severity)
                        || example.message.as_ref().is_some_and(|message| *message != failure.message)
                }
                _ => false,
            };
            if differs { Outcome::Different } else { Outcome::Expected }
        }
        (_, Verdict::Fail) => Outcome::Noisy,
        (_, Verdict::Unknown) => Outcome::Undecided,
        (Verdict::Fail, _) => Outcome::Missing,
        _ => Outcome::Different,
    };
    Run { rule, example, got, outcome }
}

fn in_words(truth: &Truth) -> &str {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown(_) => "unknown",
    }
}
