//! An audit held against a baseline: what is known already, what is new, what got worse, and what is no longer there.

use std::collections::BTreeSet;

use super::pair::{Identity, pairs};
use super::values::{Weight, values_of};
use crate::finding::{BaselineState, Finding, Severity, Subject, Undecided};

/// A verdict of a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The rule's id.
    pub rule: String,
    /// What it is about, as in [`Subject::kind`].
    pub kind: String,
    /// As [`Subject::own_name`] has it.
    pub name: String,
    /// Where that stood in its source; empty for what is in an org.
    pub path: String,
    /// Id of the org it is in; empty for what files say.
    pub org: String,
    /// How bad the finding was; none for a verdict that could not be decided.
    pub severity: Option<Severity>,
    /// The values of lists behind the finding, in alphabetical order: a finding has at most one of a rule, however many values are wrong.
    pub values: Vec<String>,
    /// As findings have it.
    pub fingerprint: String,
}

/// What became of the verdicts of a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baselined {
    /// The file, as it was named.
    pub path: String,
    /// The verdicts that the audit does not have.
    pub absent: Vec<Absent>,
}

/// A verdict that the audit does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The verdict.
    pub recorded: Recorded,
    /// Why it is not there.
    pub fate: Fate,
}

/// Why an audit does not have a verdict of the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The rule was decided on the subject, and otherwise.
    Fixed,
    /// The audit does not have the subject: it was deleted or renamed, or only a part was audited.
    Gone,
    /// The rule was not asked or could not be decided, or the subject may be among what could not be read.
    CannotTell,
}

impl Fate {
    /// All of them, in the order they are told.
    pub const ALL: [Self; 3] = [Self::Fixed, Self::Gone, Self::CannotTell];
}

/// Whether what is said of the one org may be said of the other: files are taken for the source of any org, and one org is not another.
#[must_use]
pub fn may_be_same_org(one: &str, other: &str) -> bool {
    one == other || one.is_empty() || other.is_empty()
}

/// Tells of each finding and each verdict that could not be decided what the baseline says of it. The result are the recorded verdicts that
/// none of them is.
pub fn mark<'r>(recorded: &'r [Recorded], findings: &mut [&mut Finding], unknown: &mut [&mut Undecided]) -> Vec<&'r Recorded> {
    let (of_findings, of_unknown): (Vec<&Recorded>, Vec<&Recorded>) = recorded.iter().partition(|it| it.severity.is_some());
    let mut absent = mark_list(&of_findings, findings);
    absent.extend(mark_list(&of_unknown, unknown));
    absent
}

/// What a baseline can know.
trait Verdict {
    fn identity(&self) -> Identity<'_>;
    fn subject(&self) -> &Subject;
    /// What became of it since it was recorded, and the values that were not recorded.
    fn since(&self, recorded: &Recorded) -> (BaselineState, Vec<String>);
    fn mark(&mut self, state: BaselineState, new_values: Vec<String>);
}

impl Verdict for Finding {
    fn identity(&self) -> Identity<'_> {
        Identity { what: &self.fingerprint, place: &self.subject.path_in_source, weight: self.severity as u8 }
    }

    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn since(&self, recorded: &Recorded) -> (BaselineState, Vec<String>) {
        let Some(was) = recorded.severity else { return (BaselineState::Known, Vec::new()) };
        let values = values_of(&self.evidence);
        let now = Weight { severity: self.severity, values: &values, org: &self.subject.org_id };
        let then = Weight { severity: was, values: &recorded.values, org: &recorded.org };
        let new_values = now.values_since(then).into_iter().cloned().collect();
        let worse = now.is_worse_than(then);
        (if worse { BaselineState::Worse { was } } else { BaselineState::Known }, new_values)
    }

    fn mark(&mut self, state: BaselineState, new_values: Vec<String>) {
        self.baseline = Some(state);
        self.new_values = new_values;
    }
}

impl Verdict for Undecided {
    fn identity(&self) -> Identity<'_> {
        Identity { what: &self.fingerprint, place: &self.subject.path_in_source, weight: 0 }
    }

    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn since(&self, _: &Recorded) -> (BaselineState, Vec<String>) {
        (BaselineState::Known, Vec::new())
    }

    fn mark(&mut self, state: BaselineState, _: Vec<String>) {
        self.baseline = Some(state);
    }
}

fn mark_list<'r, V: Verdict>(recorded: &[&'r Recorded], verdicts: &mut [&mut V]) -> Vec<&'r Recorded> {
    let mut met: BTreeSet<usize> = BTreeSet::new();
    let mut states = vec![(BaselineState::New, Vec::new()); verdicts.len()];
    let before: BTreeSet<&str> = recorded.iter().map(|it| it.org.as_str()).collect();
    let after: BTreeSet<&str> = verdicts.iter().map(|it| it.subject().org_id.as_str()).collect();
    // What files say may be held against each of several orgs, and the other way round: each time anew.
    for (one, other) in before.iter().flat_map(|one| after.iter().map(move |other| (*one, *other))) {
        if !may_be_same_org(one, other) {
            continue;
        }
        let old: Vec<(usize, &Recorded)> = recorded.iter().copied().enumerate().filter(|(_, it)| it.org == one).collect();
        let new: Vec<(usize, &&mut V)> = verdicts.iter().enumerate().filter(|(_, it)| it.subject().org_id == other).collect();
        let identities: Vec<Identity<'_>> = old.iter().map(|(_, it)| identity(it)).collect();
        let of_new: Vec<Identity<'_>> = new.iter().map(|(_, it)| it.identity()).collect();
        for (i, j) in pairs(&identities, &of_new) {
            let (Some((entry, it)), Some((at, verdict))) = (old.get(i), new.get(j)) else { continue };
            met.insert(*entry);
            if let Some(state) = states.get_mut(*at) {
                let since = verdict.since(it);
                if since.0 > state.0 {
                    *state = since;
                }
            }
        }
    }
    for (verdict, (state, new_values)) in verdicts.iter_mut().zip(states) {
        verdict.mark(state, new_values);
    }
    recorded.iter().enumerate().filter(|(index, _)| !met.contains(index)).map(|(_, it)| *it).collect()
}

fn identity(recorded: &Recorded) -> Identity<'_> {
    let weight = recorded.severity.map_or(0, |severity| severity as u8);
    Identity { what: &recorded.fingerprint, place: &recorded.path, weight }
}
