//! A rule and the facts of a subject to a judgement.

use std::fmt;

use super::value::{FactSet, FactValue, Item, Value};
use super::{EvidenceSpec, Rule, Truth, with_stack};
use crate::finding::{Evidence, Severity};
use crate::inventory::Reason;

/// What a rule says of a subject, before the policy has its say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The check holds.
    Pass,
    /// The check does not hold.
    Fail,
    /// It could not be decided.
    Unknown,
    /// The rule does not concern the subject.
    NotApplicable,
}

impl Verdict {
    /// All verdicts of rules.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Unknown, Self::NotApplicable];

    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A verdict with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The check holds.
    Pass,
    /// The check does not hold.
    Fail(Failure),
    /// It could not be decided, and why.
    Unknown(Reason),
    /// The rule does not concern the subject.
    NotApplicable,
}

/// What a rule that fails has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule's own severity, or the one of the first `severity-if` that holds.
    pub severity: Severity,
    /// What is wrong, with names.
    pub message: String,
    /// The facts behind it, in the order the rule names them.
    pub evidence: Vec<Evidence>,
}

impl Judgement {
    /// The verdict alone.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Pass => Verdict::Pass,
            Self::Fail(_) => Verdict::Fail,
            Self::Unknown(_) => Verdict::Unknown,
            Self::NotApplicable => Verdict::NotApplicable,
        }
    }
}

/// What `rule` says of the subject with these facts.
///
/// Where it is unknown whether the rule applies, a check that holds is still a pass: the subject is fine either way.
#[must_use]
pub fn judge(rule: &Rule, facts: &FactSet) -> Judgement {
    with_stack(|| {
        let applies = rule.when.as_ref().map_or(Truth::True, |when| when.holds(facts));
        if applies == Truth::False {
            return Judgement::NotApplicable;
        }
        match (rule.check.holds(facts), applies) {
            (Truth::True, _) => Judgement::Pass,
            (_, Truth::Unknown(reason)) | (Truth::Unknown(reason), _) => Judgement::Unknown(reason),
            (Truth::False, _) => Judgement::Fail(Failure {
                severity: severity(rule, facts),
                message: rule.message.render(facts),
                evidence: rule.evidence.iter().flat_map(|spec| evidence(spec, facts)).collect(),
            }),
        }
    })
}

fn severity(rule: &Rule, facts: &FactSet) -> Severity {
    let first = rule.severity_if.iter().find(|(_, when)| when.holds(facts) == Truth::True);
    first.map_or(rule.info.severity, |(severity, _)| *severity)
}

/// One piece of evidence for each element of a list that is kept, so that a finding points at just these; one for any other
/// fact, and for a list that is empty or of which nothing is kept.
fn evidence(spec: &EvidenceSpec, facts: &FactSet) -> Vec<Evidence> {
    let Some(fact) = facts.get(spec.fact) else { return Vec::new() };
    if let Some(missing) = &spec.missing {
        let gap = fact.origins.iter().rev().find(|origin| !origin.is_stated());
        let origin = gap.or(fact.origins.first()).cloned();
        return vec![Evidence { missing: Some(missing.clone()), origin, ..of_fact(spec.fact, fact) }];
    }
    let items = match fact.value() {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    let kept = items.iter().filter(|item| spec.keep.as_ref().is_none_or(|keep| keep.holds_for(facts, Some(item)) == Truth::True));
    let pieces: Vec<Evidence> = kept.map(|item| of_item(spec.fact, fact, item)).collect();
    if pieces.is_empty() { vec![of_fact(spec.fact, fact)] } else { pieces }
}

fn of_item(path: &str, fact: &FactValue, item: &Item) -> Evidence {
    let origin = item.origin.as_ref().or_else(|| fact.origins.first());
    Evidence { fact: path.to_owned(), value: item.text_of(), missing: None, origin: origin.cloned() }
}

fn of_fact(path: &str, fact: &FactValue) -> Evidence {
    let value = fact.value().map_or_else(|| "unknown".to_owned(), Value::to_text);
    Evidence { fact: path.to_owned(), value, missing: None, origin: fact.origins.first().cloned() }
}
