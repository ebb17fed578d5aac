//! One side of a comparison.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::AccessSide;
use super::values::Weight;
use crate::finding::{Severity, Subject};
use crate::inventory::Reason;

/// What an audit says, as far as it is compared.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// The orgs it is about; one without an id for files.
    pub scopes: Vec<Scope>,
    /// What is wrong, and what is wrong and waived.
    pub findings: Vec<Found>,
    /// What could not be decided.
    pub undecided: Vec<Open>,
    /// How many things could not be read.
    pub gaps: usize,
    /// The apps, and the orgs themselves; none where findings alone are known.
    pub apps: Option<Vec<AppSide>>,
    /// Apps of which files hold parts alone: compared with an org only, which has the rest.
    pub partial: Vec<AppSide>,
}

/// An org, or all the files there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// As in [`Subject::org_id`].
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is an org: also one that could not be reached, whose id nobody knows.
    pub is_org: bool,
    /// The rules that were asked about it; none where that is not known.
    pub rules: Option<BTreeSet<String>>,
    /// Those of them that read what settings of the org say.
    pub about_org: BTreeSet<String>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong.
    pub message: String,
    /// Where, as `path:line:column`; what the subject is in where no place can be named.
    pub place: String,
    /// The values of lists behind it, in alphabetical order; paths as seen from the root of their source.
    pub values: Vec<String>,
    /// Whether the policy accepts it.
    pub waived: bool,
    /// Its identity.
    pub fingerprint: String,
}

impl Found {
    /// As far as it can get worse.
    pub(super) fn weight(&self) -> Weight<'_> {
        Weight { severity: self.severity, values: &self.values, org: &self.subject.org_id }
    }
}

/// A verdict that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The rule's id.
    pub rule: String,
    /// What it is about.
    pub subject: Subject,
    /// Why not.
    pub reason: Reason,
    /// The identity of the finding that it would be.
    pub fingerprint: String,
}

/// An app, or an org itself.
#[derive(Clone, Debug)]
pub struct AppSide {
    /// Which.
    pub subject: Subject,
    /// SHA-256 of the consumer key, where it is known.
    pub key: Option<[u8; 32]>,
    /// The callback URLs, where they are known.
    pub callbacks: Option<BTreeSet<String>>,
    /// What is known of it.
    pub facts: BTreeMap<&'static str, FactSide>,
    /// What files have to do with facts; of an org it means nothing.
    pub written: BTreeMap<&'static str, Written>,
    /// Of an External Client App the switches that make one fact together, by element.
    pub switches: BTreeMap<&'static str, (FactSide, Option<Written>)>,
    /// Why no files are expected to hold it: it is installed in an org, or the org does not give its metadata.
    pub beyond_files: Option<Reason>,
    /// Who may use it; none for an org.
    pub access: Option<AccessSide>,
}

/// What files have to do with a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// They state it.
    Stated,
    /// They leave it out, so that its default goes.
    LeftOut,
}

/// A fact: its value, or why it is not known. The elements of a list are in alphabetical order, because their order says nothing.
pub type FactSide = Result<Value, Reason>;

/// What one side says of one scope.
pub(super) struct OfScope<'s> {
    pub(super) scope: Scope,
    pub(super) findings: Vec<&'s Found>,
    pub(super) undecided: Vec<&'s Open>,
    pub(super) apps: Option<Vec<&'s AppSide>>,
    pub(super) partial: Vec<&'s AppSide>,
    pub(super) has_gaps: bool,
}

impl<'s> OfScope<'s> {
    fn new(side: &'s Side, scope: Scope, is_in: impl Fn(&Subject) -> bool) -> Self {
        Self {
            scope,
            findings: side.findings.iter().filter(|it| is_in(&it.subject)).collect(),
            undecided: side.undecided.iter().filter(|it| is_in(&it.subject)).collect(),
            apps: side.apps.as_ref().map(|apps| apps.iter().filter(|it| is_in(&it.subject)).collect()),
            partial: side.partial.iter().collect(),
            has_gaps: side.gaps > 0,
        }
    }

    /// The apps to compare, with those of which files hold parts alone where the other side is an org.
    pub(super) fn compared_apps(&self, with_partial: bool) -> Vec<&'s AppSide> {
        let partial = self.partial.iter().filter(|_| with_partial);
        self.apps.iter().flatten().chain(partial).copied().collect()
    }

    /// Whether a rule was asked, as far as is known.
    pub(super) fn asks(&self, rule: &str) -> bool {
        self.scope.rules.as_ref().is_none_or(|rules| rules.contains(rule))
    }

    /// Whether it has a subject. Where something could not be read, one of the same name elsewhere may be another one.
    pub(super) fn has(&self, wanted: &Subject, place: &str) -> bool {
        let is_there = |subject: &Subject| !self.has_gaps || place.is_empty() || subject.path_in_source == place;
        let is_it = |it: &Subject| it.kind == wanted.kind && it.own_name() == wanted.own_name() && is_there(it);
        self.apps.iter().flatten().any(|app| is_it(&app.subject))
            || self.findings.iter().any(|it| is_it(&it.subject))
            || self.undecided.iter().any(|it| is_it(&it.subject))
    }
}

/// A scope on both sides, or on one of them.
type Both<'s> = (Option<OfScope<'s>>, Option<OfScope<'s>>);

/// The scopes of two sides, side by side. Where each side has but one, they belong together, whatever they are: two orgs, or files and the org
/// they are the source of.
pub(super) fn scopes<'s>(before: &'s Side, after: &'s Side) -> Vec<Both<'s>> {
    if let ([one], [other]) = (before.scopes.as_slice(), after.scopes.as_slice()) {
        let whole = |side: &'s Side, scope: &Scope| Some(OfScope::new(side, scope.clone(), |_| true));
        return vec![(whole(before, one), whole(after, other))];
    }
    let ids: BTreeSet<&str> = before.scopes.iter().chain(&after.scopes).map(|scope| scope.id.as_str()).collect();
    let of = |side: &'s Side, scope: Scope| {
        let id = scope.id.clone();
        OfScope::new(side, scope, move |subject| subject.org_id == id)
    };
    let named = |side: &'s Side, id: &str| side.scopes.iter().find(|scope| scope.id == id).map(|scope| of(side, scope.clone()));
    let mut all: Vec<Both<'s>> = ids.iter().map(|id| (named(before, id), named(after, id))).collect();
    if !ids.contains("") {
        // What is said of the policy itself is in none of the orgs.
        let policy = || Scope { name: "the policy".to_owned(), ..Scope::default() };
        all.push((Some(of(before, policy())), Some(of(after, policy()))));
    }
    all
}
