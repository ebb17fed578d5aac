//! Rules that are sound and of no use: conditions that say the same whatever the facts are.
//!
//! Each condition is evaluated for every combination of the values that matter of the facts it reads ([`domain`]); every other fact is unknown.
//! What an unknown fact leaves true or false, it leaves so whatever its value is, so no warning can be wrong. There are useless rules that get
//! none.

mod domain;

use std::collections::BTreeMap;

use domain::{Domain, affordable, items_of, of_facts};

use super::facts::FactId;
use super::schema::SubjectKind;
use super::value::{FactSet, Item};
use super::{Condition, EvidenceSpec, Rule, Truth};

/// Where in a rule something is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    When,
    Check,
    /// The condition of this entry of `severity-if`.
    SeverityIf(usize),
    /// The `where` of this entry of `evidence`.
    Evidence(usize),
}

/// What is of no use, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) place: Place,
    pub(super) title: &'static str,
}

const fn remark(place: Place, title: &'static str) -> Remark {
    Remark { place, title }
}

/// What is of no use in a rule, in the order of its keys.
pub(super) fn lint(rule: &Rule) -> Vec<Remark> {
    let mut remarks = of_conditions(rule);
    let evidence = rule.evidence().iter().enumerate();
    let useless = evidence.filter(|(_, spec)| keeps_nothing(spec, rule.applies_to()));
    remarks.extend(
        useless.map(|(index, _)| remark(Place::Evidence(index), "no element is shown: this is false whatever the facts are")),
    );
    remarks
}

/// What a condition or a rule can say.
#[derive(Clone, Copy, Default)]
struct Says {
    yes: bool,
    no: bool,
}

impl Says {
    /// Adds what it says of a subject; what is unknown may be either.
    fn add(&mut self, truth: &Truth) {
        self.yes |= *truth != Truth::False;
        self.no |= *truth != Truth::True;
    }
}

/// What can come of a rule.
#[derive(Default)]
struct Possible {
    concerns: bool,
    /// What `check` can say, of anything.
    check: Says,
    /// What `check` can say of what the rule concerns: whether it passes.
    passes: Says,
    /// The entries of `severity-if` that can be the first that holds where the rule fails.
    severities: Vec<bool>,
}

fn of_conditions(rule: &Rule) -> Vec<Remark> {
    let possible = possible(rule);
    if !possible.concerns {
        return vec![remark(Place::When, "the rule concerns nothing: this is false whatever the facts are")];
    }
    let mut remarks = Vec::new();
    if !possible.check.no {
        remarks.push(remark(Place::Check, "the rule never fails: this is true whatever the facts are"));
    } else if !possible.passes.no {
        remarks.push(remark(Place::Check, "the rule never fails: this is true wherever `when` is"));
    }
    if !possible.check.yes {
        remarks.push(remark(Place::Check, "the rule never passes: this is false whatever the facts are"));
    } else if !possible.passes.yes {
        remarks.push(remark(Place::Check, "the rule never passes: this is false wherever `when` is true"));
    }
    if possible.passes.no {
        let unreachable = possible.severities.iter().enumerate().filter(|(_, reached)| !**reached);
        let title = "this severity is never given: where the rule fails, this is false or an earlier one is true";
        remarks.extend(unreachable.map(|(index, _)| remark(Place::SeverityIf(index), title)));
    }
    remarks
}

fn possible(rule: &Rule) -> Possible {
    let severities: Vec<&Condition> = rule.severity_if().iter().map(|(_, when)| when).collect();
    let conditions: Vec<&Condition> = rule.when().into_iter().chain([rule.check()]).chain(severities.iter().copied()).collect();
    let mut possible = Possible { severities: vec![false; severities.len()], ..Possible::default() };
    for_each(rule.applies_to(), &of_facts(&conditions), |facts| {
        let applies = rule.when().map_or(Truth::True, |when| when.holds(facts));
        let check = rule.check().holds(facts);
        possible.check.add(&check);
        if applies == Truth::False {
            return;
        }
        possible.concerns = true;
        possible.passes.add(&check);
        if check == Truth::True {
            return;
        }
        for (reached, when) in possible.severities.iter_mut().zip(&severities) {
            let holds = when.holds(facts);
            *reached |= holds != Truth::False;
            if holds == Truth::True {
                break;
            }
        }
    });
    possible
}

/// Whether `where` picks no element, whatever the list holds.
fn keeps_nothing(spec: &EvidenceSpec, subject: SubjectKind) -> bool {
    let Some(keep) = &spec.keep else { return false };
    let Some(items) = FactId::of(spec.fact).and_then(|id| items_of(id.fact().ty, keep)) else { return false };
    let mut keeps = false;
    for_each(subject, &of_facts(&[keep]), |facts| {
        keeps = keeps || items.iter().any(|item: &Item| keep.holds_for(facts, Some(item)) != Truth::False);
    });
    !keeps
}

/// Shows every combination of the values, with all other facts of the subject unknown.
fn for_each(subject: SubjectKind, domains: &BTreeMap<&'static str, Domain>, mut see: impl FnMut(&FactSet)) {
    let mut facts = FactSet::default();
    for id in FactId::by_path().filter(|id| subject.can_read(id.fact().path)) {
        facts.forget(id.fact().path, "any value");
    }
    combine(&affordable(domains), &mut facts, &mut see);
}

fn combine(domains: &[(&'static str, &Domain)], facts: &mut FactSet, see: &mut impl FnMut(&FactSet)) {
    let Some(((path, domain), rest)) = domains.split_first() else { return see(facts) };
    for value in domain.values() {
        facts.insert(path, crate::inventory::Fact::known(value.clone()));
        combine(rest, facts, see);
    }
}
