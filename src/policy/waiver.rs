//! Which findings a waiver is about, and what becomes of them.

use std::collections::BTreeMap;

use super::{AppPattern, Reach};
use crate::finding::{Evidence, Finding, Waived};
use crate::inventory::waiver::{Element, Waiver};

/// A waiver that makes sense, with what is needed to use it.
#[derive(Clone, Debug)]
pub struct ValidWaiver {
    /// What is accepted.
    pub waiver: Waiver,
    /// Of which apps or other subjects; none for all.
    pub matcher: Option<AppPattern>,
    /// Where it goes for.
    pub reach: Reach,
}

impl ValidWaiver {
    /// Whether it is about this finding, expired or not.
    #[must_use]
    pub fn is_about(&self, finding: &Finding) -> bool {
        self.is_about_subject(&finding.rule, &finding.subject.name) && self.accepts(&finding.evidence)
    }

    /// Whether it is about the findings of this rule on a subject of this name.
    #[must_use]
    pub fn is_about_subject(&self, rule: &str, name: &str) -> bool {
        // The glob of a contract is its name, and need not match itself.
        let is_named = || self.waiver.about.as_ref().is_some_and(|about| about.value == name);
        self.waiver.rule.value == rule && self.matcher.as_ref().is_none_or(|matcher| matcher.matches(name) || is_named())
    }

    /// Whether it names what it is about, and not a glob or nothing.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.matcher.as_ref().is_some_and(AppPattern::is_exact)
    }

    /// Whether it is about everything the rule is about, whatever its name.
    #[must_use]
    pub fn is_about_all(&self) -> bool {
        self.matcher.as_ref().is_none_or(AppPattern::is_any)
    }

    /// Whether what is accepted is all there is of one of the facts behind a finding: with a value, or a place, more it is another matter.
    fn accepts(&self, evidence: &[Evidence]) -> bool {
        let Waiver { evidence: values, beside, .. } = &self.waiver;
        let is_here =
            |piece: &Evidence, element: &Element| piece.origin.as_ref().is_some_and(|origin| element.holds(origin.location()));
        let accepted = |piece: &Evidence| {
            (values.is_empty() || values.contains(&piece.value)) && beside.as_ref().is_none_or(|element| is_here(piece, element))
        };
        let mut facts: BTreeMap<&str, bool> = BTreeMap::new();
        for piece in evidence {
            *facts.entry(&piece.fact).or_insert(true) &= accepted(piece);
        }
        (values.is_empty() && beside.is_none()) || facts.into_values().any(|all| all)
    }

    /// The finding with all that the waiver says of it.
    #[must_use]
    pub fn apply(&self, finding: Finding) -> Waived {
        let Waiver { reason, owner, ticket, status, expires, beside, .. } = &self.waiver;
        Waived {
            finding,
            reason: reason.clone(),
            owner: owner.clone(),
            ticket: ticket.clone(),
            status: *status,
            until: expires.as_ref().map(|expires| expires.value.to_string()).unwrap_or_default(),
            inline: beside.is_some(),
        }
    }
}
