//! What rules say of the policy's own entries: its contracts and its waivers.

use std::collections::BTreeMap;

use super::super::{Policy, Reach, ValidContract, ValidWaiver};
use super::subject::org_names;
use super::{Judge, Of, Verdicts, kind_of};
use crate::finding::Subject;
use crate::inventory::contract::Governance;
use crate::inventory::{Fact, Inventory};
use crate::rules::Rule;
use crate::rules::facts::{self, PatternView, WaiverView};
use crate::rules::schema::{SourceKind, SubjectKind};
use crate::source::Location;

/// An entry of the policy, and the sources that it goes for.
struct Entry<'a, T> {
    written: &'a T,
    /// A policy that has it, whose switches count.
    policy: &'a Policy,
    sources: Vec<usize>,
}

/// What came of a waiver.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    /// Findings it is about.
    findings: usize,
    /// What it is about and could not be decided: the rule, the subject's name.
    undecided: Option<(String, String)>,
}

/// What came of the waivers, by their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses(BTreeMap<Place, Use>);

/// What tells an entry from all others: its file and where it stands in it.
type Place = (String, usize);

fn place(location: &Location) -> Place {
    (location.path().to_string(), location.span().start)
}

impl Uses {
    /// A finding that waivers may be about, accepted by one of them or not.
    pub(super) fn of(&mut self, waiver: &ValidWaiver) -> &mut Use {
        self.0.entry(place(&waiver.waiver.rule.location)).or_default()
    }

    /// What other threads have seen.
    pub(super) fn append(&mut self, other: Self) {
        for (place, it) in other.0 {
            let own = self.0.entry(place).or_default();
            own.findings += it.findings;
            own.undecided = own.undecided.take().or(it.undecided);
        }
    }
}

impl Use {
    /// Another finding.
    pub(super) const fn found(&mut self) {
        self.findings += 1;
    }

    /// A rule that could not be decided.
    pub(super) fn left_open(&mut self, rule: &str, subject: &str) {
        self.undecided.get_or_insert_with(|| (rule.to_owned(), subject.to_owned()));
    }
}

impl<'a> Judge<'a> {
    /// The contracts themselves.
    pub(super) fn add_contracts(&self, verdicts: &mut Verdicts, inventory: &Inventory) {
        for Entry { written, policy, sources } in self.each(Policy::contracts, |valid| &valid.contract.pattern.location) {
            let ValidContract { contract, matcher, reach, .. } = written;
            let apps = inventory.apps.iter().filter(|app| sources.contains(&app.source) && matcher.matches(&app.name)).count();
            let expected = policy.is_of_all() && !reach.extended && contract.absent.is_none();
            let app_expected = match unread(&sources, inventory) {
                Some(org) if expected && apps == 0 => {
                    Fact::unknown(format!("{org}, which may have such an app, could not be read"))
                }
                _ => Fact::known(expected),
            };
            let view = PatternView { contract, apps, app_expected, required: policy.required() };
            let of = Of { kind: SubjectKind::Contract, source: None, from_file: false, app: None, policy };
            let subject = Subject {
                governance: contract.governance.clone(),
                ..policy_subject("contract", contract.pattern.value.clone(), &contract.pattern.location, reach)
            };
            self.add(verdicts, of, &subject, &facts::of_contract(&view));
        }
    }

    /// The waivers themselves, once all there is to waive has been judged.
    pub(super) fn add_waivers(&self, verdicts: &mut Verdicts, inventory: &Inventory) {
        for entry in self.each(Policy::waivers, |valid| &valid.waiver.rule.location) {
            let Entry { written: valid, policy, .. } = &entry;
            let Some(rule) = self.rules.iter().find(|rule| rule.id() == valid.waiver.rule.value) else { continue };
            let own = rule.info().severity;
            let came = verdicts.uses.of(valid).clone();
            let facts = facts::of_waiver(&WaiverView {
                waiver: &valid.waiver,
                today: self.today,
                severity: policy.setting(rule.id(), None).severity(own).unwrap_or(own),
                every_app: rule.applies_to() == SubjectKind::App && valid.is_about_all(),
                findings: came.findings,
                unused: unused(&entry, rule, &came, inventory),
            });
            let of = Of { kind: SubjectKind::Waiver, source: None, from_file: false, app: None, policy };
            let subject = policy_subject("waiver", valid.waiver.name(), &valid.waiver.rule.location, &valid.reach);
            self.add(verdicts, of, &subject, &facts);
        }
    }

    /// The entries of a kind in the policies that go for something, each once, though several policies have it.
    fn each<T>(&self, entries: fn(&'a Policy) -> &'a [T], location: fn(&T) -> &Location) -> Vec<Entry<'a, T>> {
        let mut each: Vec<Entry<'a, T>> = Vec::new();
        let mut indices: BTreeMap<Place, usize> = BTreeMap::new();
        for (policy, sources) in self.applied.each() {
            for written in entries(policy) {
                let index = *indices.entry(place(location(written))).or_insert(each.len());
                match each.get_mut(index) {
                    Some(known) => known.sources.extend(&sources),
                    None => each.push(Entry { written, policy, sources: sources.clone() }),
                }
            }
        }
        each
    }
}

/// Whether a waiver has nothing to accept; none where the audit cannot be expected to have it.
fn unused(entry: &Entry<'_, ValidWaiver>, rule: &Rule, came: &Use, inventory: &Inventory) -> Fact<Option<bool>> {
    let Entry { written: valid, policy, sources } = entry;
    let is_for_source = |source: &usize| {
        let unread = inventory.sources.get(*source).is_some_and(|source| source.unread);
        rule.is_for(Some(if unread { SourceKind::Org } else { kind_of(*source, inventory) }))
    };
    // One that names an org is for that, and may be for one that is not audited.
    let is_of_another_org = || {
        let names = org_names(inventory);
        rule.applies_to() == SubjectKind::Org && !names.iter().any(|name| valid.is_about_subject(rule.id(), name))
    };
    // The element that one stands beside is audited with it.
    let is_of_all = policy.is_of_all() || valid.waiver.beside.is_some();
    if !is_of_all
        || policy.leaves_out(rule.info())
        || valid.reach.extended
        || !sources.iter().any(is_for_source)
        || is_of_another_org()
    {
        return Fact::known(None);
    }
    if came.findings > 0 {
        return Fact::known(Some(false));
    }
    if let Some((rule, name)) = &came.undecided {
        return Fact::unknown(format!("{rule} could not be decided on {name}, which may have the finding"));
    }
    match unread(sources, inventory) {
        Some(org) => Fact::unknown(format!("{org}, which may have the finding, could not be read")),
        None => Fact::known(Some(true)),
    }
}

/// The name of an org among these sources of which nothing could be read.
fn unread<'i>(sources: &[usize], inventory: &'i Inventory) -> Option<&'i str> {
    let mut sources = sources.iter().filter_map(|source| inventory.sources.get(*source));
    sources.find(|source| source.unread).map(|source| source.name.as_str())
}

/// How an entry of the policy is named in findings. What tells it from one about the same in another environment is that one's name.
fn policy_subject(kind: &'static str, name: String, location: &Location, reach: &Reach) -> Subject {
    Subject {
        kind,
        name,
        label: String::new(),
        path: location.path().to_string(),
        path_in_source: reach.environment.as_deref().unwrap_or_default().to_owned(),
        org: String::new(),
        org_id: String::new(),
        governance: Governance::default(),
    }
}
