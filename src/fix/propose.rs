//! Which fixes are made: those that work, and bring nothing that is as bad.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::draft::Draft;
use super::ground::Ground;
use crate::finding::{Effect, Finding, Severity, Subject};
use crate::inventory::Reason;
use crate::rules::Rule;

/// A finding, and what a fix of it would stand on.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What is wrong.
    pub finding: &'a Finding,
    /// What found it.
    pub rule: &'a Rule,
    /// The files to change, or why nothing of its subject can be changed.
    pub ground: Result<&'a Ground, &'static str>,
}

/// What becomes of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its fix is made, and it is gone.
    Fixed,
    /// It is gone through the fixes of others.
    Gone,
    /// There is a fix, which is not wanted here, because it can break what works.
    HeldBack(String),
    /// There is none that can be made, and why.
    Impossible(String),
}

/// What an audit of the files as they would be says of one rule and one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The rule.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subject: Subject,
    /// How bad it is; none where it could not be decided.
    pub found: Option<(Severity, Effect)>,
}

impl Mark {
    /// Whether it is about the rule and the subject of a finding.
    #[must_use]
    pub fn is_about(&self, finding: &Finding) -> bool {
        self.is_of(&finding.rule, &finding.subject)
    }

    /// Whether it is about the same rule and the same thing.
    fn is_of(&self, rule: &str, subject: &Subject) -> bool {
        self.rule == rule && is_same(&self.subject, subject)
    }
}

/// Whether two subjects are one. Who answers for it, and from where it was read, do not matter.
fn is_same(one: &Subject, two: &Subject) -> bool {
    one.kind == two.kind && one.name == two.name && one.path == two.path
}

/// The files as they would be, and what becomes of each finding.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The files.
    pub draft: Draft,
    /// In the order of the candidates.
    pub outcomes: Vec<Outcome>,
    /// What the fixes bring that is not there now and is less bad than what they put right.
    pub brought: Vec<Mark>,
}

/// What proposals are made of.
pub struct Proposer<'a> {
    /// What is wrong, worst first where two fixes may not agree.
    pub candidates: &'a [Candidate<'a>],
    /// What was put into the files before.
    pub base: &'a Draft,
    /// What an audit says now.
    pub before: &'a [Mark],
    /// Audits the files as they would be.
    pub audit: &'a dyn Fn(&Draft) -> Vec<Mark>,
}

impl Proposer<'_> {
    /// The fixes to make, with those that can break something where they are allowed.
    #[must_use]
    pub fn propose(&self, with_unsafe: bool) -> Proposal {
        let all = self.settle(true);
        if with_unsafe {
            return all;
        }
        let mut safe = self.settle(false);
        for ((outcome, of_all), candidate) in safe.outcomes.iter_mut().zip(&all.outcomes).zip(self.candidates) {
            *outcome = match (&*outcome, of_all) {
                (Outcome::HeldBack(_), Outcome::Impossible(why)) => Outcome::Impossible(why.clone()),
                (Outcome::Impossible(why), Outcome::Fixed | Outcome::Gone) if is_safe(candidate) => {
                    Outcome::HeldBack(format!("it takes an unsafe fix, too: {why}"))
                }
                (outcome, _) => outcome.clone(),
            };
        }
        safe
    }

    /// Leaves out what does not work or does harm, until the rest does neither.
    fn settle(&self, with_unsafe: bool) -> Proposal {
        let mut refused: BTreeMap<usize, Reason> = BTreeMap::new();
        loop {
            let mut proposal = self.put(with_unsafe, &refused);
            let after = (self.audit)(&proposal.draft);
            let known = refused.len();
            self.refuse_useless(&proposal, &after, &mut refused);
            if refused.len() == known {
                proposal.brought = self.refuse_harmful(&proposal, &after, &mut refused);
            }
            if refused.len() == known {
                for (outcome, candidate) in proposal.outcomes.iter_mut().zip(self.candidates) {
                    let is_there = after.iter().any(|mark| mark.is_of(candidate.rule.id(), &candidate.finding.subject));
                    if !is_there && *outcome != Outcome::Fixed {
                        *outcome = Outcome::Gone;
                    }
                }
                return proposal;
            }
        }
    }

    /// All fixes that can be made.
    fn put(&self, with_unsafe: bool, refused: &BTreeMap<usize, Reason>) -> Proposal {
        let mut draft = self.base.clone();
        let mut outcomes = Vec::new();
        for (index, candidate) in self.candidates.iter().enumerate() {
            outcomes.push(match refused.get(&index) {
                Some(why) => Outcome::Impossible(why.to_string()),
                None => put(&mut draft, candidate, with_unsafe),
            });
        }
        Proposal { draft, outcomes, brought: Vec::new() }
    }

    fn refuse_useless(&self, proposal: &Proposal, after: &[Mark], refused: &mut BTreeMap<usize, Reason>) {
        for (index, (outcome, candidate)) in proposal.outcomes.iter().zip(self.candidates).enumerate() {
            let mark = after.iter().find(|mark| mark.is_of(candidate.rule.id(), &candidate.finding.subject));
            if let (Outcome::Fixed, Some(mark)) = (outcome, mark) {
                let why = if mark.found.is_some() {
                    "the rule would fail afterwards, too"
                } else {
                    "the rule could not be decided afterwards"
                };
                refused.insert(index, why.into());
            }
        }
    }

    /// Refuses fixes that bring something as bad as what they put right, and tells what the others bring.
    fn refuse_harmful(&self, proposal: &Proposal, after: &[Mark], refused: &mut BTreeMap<usize, Reason>) -> Vec<Mark> {
        let is_new = |mark: &&Mark| {
            mark.found.is_some() && !self.before.iter().any(|old| old.found.is_some() && old.is_of(&mark.rule, &mark.subject))
        };
        let (mut brought, mut harms) = (Vec::new(), Vec::new());
        for mark in after.iter().filter(is_new) {
            let suspects = self.suspects(proposal, &mark.subject);
            let worst = suspects.iter().filter_map(|index| self.candidates.get(*index)).map(|it| it.finding.severity).max();
            let is_harm = mark.found.is_some_and(|(severity, effect)| Some(severity) >= worst || effect == Effect::Broken);
            if suspects.is_empty() || !is_harm {
                brought.push(mark.clone());
            } else {
                harms.push((mark, suspects));
            }
        }
        let alone = self.brought_alone(harms.iter().flat_map(|(_, suspects)| suspects).copied().collect());
        for (mark, suspects) in harms {
            let brings = |index: &usize| {
                alone.get(index).is_some_and(|it| it.iter().any(|it| it.found.is_some() && it.is_of(&mark.rule, &mark.subject)))
            };
            let by_itself: Vec<usize> = suspects.iter().copied().filter(brings).collect();
            // Where none brings it by itself, all of them do together.
            let culprits = if by_itself.is_empty() { suspects } else { by_itself };
            let culprits: Vec<usize> = culprits.into_iter().filter(|index| !self.is_agreed(*index, mark)).collect();
            if culprits.is_empty() {
                brought.push(mark.clone());
            }
            for index in culprits {
                let needs = self.candidates.get(index).and_then(|it| it.rule.fix()?.needs.as_deref());
                let needs = needs.map(|needs| format!("; {needs}")).unwrap_or_default();
                refused.insert(index, format!("it would bring {} ({}){needs}", mark.rule, mark.title).into());
            }
        }
        brought
    }

    /// What an audit says of its subject where each of these fixes is made by itself. One fix of every subject is tried at a time, because each
    /// changes files of its own: that takes as many audits as one subject has fixes, however many subjects there are.
    fn brought_alone(&self, fixes: BTreeSet<usize>) -> BTreeMap<usize, Rc<[Mark]>> {
        let mut by_subject: Vec<(&Subject, VecDeque<usize>)> = Vec::new();
        for index in fixes {
            let Some(subject) = self.candidates.get(index).map(|it| &it.finding.subject) else { continue };
            match by_subject.iter_mut().find(|(known, _)| is_same(known, subject)) {
                Some((_, of_subject)) => of_subject.push_back(index),
                None => by_subject.push((subject, VecDeque::from([index]))),
            }
        }
        let mut alone = BTreeMap::new();
        loop {
            let tried: Vec<usize> = by_subject.iter_mut().filter_map(|(_, of_subject)| of_subject.pop_front()).collect();
            if tried.is_empty() {
                return alone;
            }
            let mut draft = self.base.clone();
            let is_put = |index: &usize| {
                self.candidates.get(*index).is_some_and(|candidate| put(&mut draft, candidate, true) == Outcome::Fixed)
            };
            let made: Vec<usize> = tried.into_iter().filter(is_put).collect();
            let after: Rc<[Mark]> = (self.audit)(&draft).into();
            alone.extend(made.into_iter().map(|index| (index, Rc::clone(&after))));
        }
    }

    /// Whether a contract says what is brought: then that is told of and not refused, unless it breaks the app or another contract.
    fn is_agreed(&self, index: usize, mark: &Mark) -> bool {
        let is_of_contract = |rule: &str| rule.starts_with("contract-");
        let is_broken = mark.found.is_some_and(|(_, effect)| effect == Effect::Broken);
        !is_broken && !is_of_contract(&mark.rule) && self.candidates.get(index).is_some_and(|it| is_of_contract(it.rule.id()))
    }

    /// The fixes that change files of a subject.
    fn suspects(&self, proposal: &Proposal, subject: &Subject) -> Vec<usize> {
        let fixed = proposal.outcomes.iter().zip(self.candidates).enumerate();
        let fixed =
            fixed.filter(|(_, (outcome, candidate))| **outcome == Outcome::Fixed && is_same(&candidate.finding.subject, subject));
        fixed.map(|(index, _)| index).collect()
    }
}

fn is_safe(candidate: &Candidate<'_>) -> bool {
    candidate.rule.fix().is_some_and(|fix| fix.risk.is_safe())
}

/// Puts the fix of a finding in, where there is one that may be made.
fn put(draft: &mut Draft, candidate: &Candidate<'_>, with_unsafe: bool) -> Outcome {
    let Some(fix) = candidate.rule.fix() else {
        return Outcome::Impossible("it takes a decision or work outside the metadata".to_owned());
    };
    let ground = match candidate.ground {
        Ok(ground) => ground,
        Err(why) => return Outcome::Impossible(why.to_owned()),
    };
    let mut after = draft.clone();
    match after.put(candidate.rule.id(), fix, ground) {
        Err(why) => Outcome::Impossible(why.to_string()),
        Ok(_) if !with_unsafe && !fix.risk.is_safe() => Outcome::HeldBack(fix.risk.why().to_owned()),
        Ok(_) => {
            *draft = after;
            Outcome::Fixed
        }
    }
}
