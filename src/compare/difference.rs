//! What a comparison says.

use super::access::Assigned;
use super::side::{FactSide, Found, Open};
use crate::access::Admission;
use crate::finding::{Severity, Subject};
use crate::inventory::Reason;

/// On which side something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The first.
    Before,
    /// The second.
    After,
}

impl When {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// What changed from one side to the other.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Findings, and what could not be decided.
    pub findings: Findings,
    /// Apps; none where a side knows of findings alone.
    pub apps: Option<Apps>,
    /// Which side is files, where the other is an org: what files can know is compared then.
    pub source: Option<When>,
    /// Orgs that only the first side has.
    pub only_before: Vec<String>,
    /// Orgs that only the second side has.
    pub only_after: Vec<String>,
}

/// What changed of the findings.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What is wrong and was not known to be.
    pub new: Vec<New>,
    /// What was wrong and is no longer.
    pub fixed: Vec<Found>,
    /// What is worse.
    pub worse: Vec<Moved>,
    /// What is less bad.
    pub better: Vec<Moved>,
    /// What the policy accepts now.
    pub waived: Vec<Found>,
    /// Of which it cannot be told whether they are new or fixed.
    pub doubts: Vec<Doubt>,
    /// How many are as they were.
    pub unchanged: usize,
    /// What could be decided before, without a finding, or was not there, and cannot be decided now.
    pub became_unknown: Vec<Open>,
    /// What could not be decided before and is decided now, without a finding.
    pub became_known: Vec<Open>,
    /// How many verdicts can be decided on neither side.
    pub still_unknown: usize,
    /// Between files and an org: how many findings and verdicts come of what one side alone can know.
    pub one_sided: usize,
}

/// A finding that is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The finding.
    pub found: Found,
    /// What was known before.
    pub earlier: Earlier,
}

/// What was known of a finding before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// There was none.
    Absent,
    /// It could not be decided, and why.
    Undecided(Reason),
    /// The policy accepted it.
    Waived,
}

/// A finding that is worse or better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The finding, as it is after.
    pub found: Found,
    /// The severity before.
    pub was: Severity,
    /// Values behind it that were not there before.
    pub new_values: Vec<String>,
    /// Values behind it that are no longer there.
    pub gone_values: Vec<String>,
}

/// A finding on one side of which the other side cannot tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The finding.
    pub found: Found,
    /// On which side it is.
    pub on: When,
    /// Why the other side cannot tell.
    pub reason: Reason,
}

/// What changed of the apps.
#[derive(Clone, Debug, Default)]
pub struct Apps {
    /// Apps that only the second side has, and whom they let in.
    pub added: Vec<(Subject, Option<Admission>)>,
    /// Apps that only the first side has.
    pub removed: Vec<Subject>,
    /// Apps that one side has and the other may have.
    pub unsure: Vec<UnsureApp>,
    /// Apps of an org that no files are expected to hold, and why.
    pub beyond: Vec<(Subject, Reason)>,
    /// Apps of another name.
    pub renamed: Vec<Renamed>,
    /// Apps of which facts or access changed, and orgs of which facts did.
    pub changed: Vec<AppChange>,
    /// How many apps and orgs are as they were.
    pub unchanged: usize,
}

/// An app of which it cannot be told whether it was added or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsureApp {
    /// The app.
    pub subject: Subject,
    /// On which side it is.
    pub on: When,
    /// Why the other side may have it.
    pub reason: Reason,
}

/// An app of another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// What it was.
    pub before: Subject,
    /// What it is.
    pub after: Subject,
    /// How sure that is.
    pub sureness: Sureness,
}

/// How sure it is that two apps are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// They have the same consumer key, and no other app has it.
    SameKey,
    /// They have the same label and the same callback URLs: likely, and not proven.
    SameLabelAndCallbacks,
}

impl Sureness {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameKey => "same-consumer-key",
            Self::SameLabelAndCallbacks => "same-label-and-callbacks",
        }
    }
}

/// What changed of an app.
#[derive(Clone, Debug)]
pub struct AppChange {
    /// The app, as it is after.
    pub subject: Subject,
    /// Its facts, by path.
    pub facts: Vec<FactChange>,
    /// Between files and an org: facts that the files leave out and that the org has otherwise than by default.
    pub left_out: Vec<FactChange>,
    /// Who may use it.
    pub access: AccessChange,
}

/// What changed of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// Its path.
    pub path: &'static str,
    /// What it was.
    pub before: FactSide,
    /// What it is.
    pub after: FactSide,
}

/// What changed of who may use an app.
#[derive(Clone, Debug, Default)]
pub struct AccessChange {
    /// Whom it let in and whom it lets in, where that is not the same.
    pub admission: Option<(Admission, Admission)>,
    /// Whether any user may authorize it after, so that assignments have no effect.
    pub lets_in_anybody: bool,
    /// Profiles, permission sets and groups that have it now.
    pub gained: Vec<Assigned>,
    /// Profiles, permission sets and groups that had it.
    pub lost: Vec<Assigned>,
    /// Users who can use it now, by user name. Where anybody may, nobody is named.
    pub users_gained: Vec<String>,
    /// Users who could use it.
    pub users_lost: Vec<String>,
    /// What cannot be told and why, as clauses after "cannot tell".
    pub doubts: Vec<String>,
}

impl AccessChange {
    /// Whether nothing changed, as far as can be told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.admission.is_none()
            && self.gained.is_empty()
            && self.lost.is_empty()
            && self.users_gained.is_empty()
            && self.users_lost.is_empty()
            && self.doubts.is_empty()
    }

    /// Whether anybody may use the app now who had to be assigned before, or was shut out.
    #[must_use]
    pub const fn opens(&self) -> bool {
        matches!(self.admission, Some((Admission::Assigned | Admission::Nobody, Admission::Anybody)))
    }
}

impl Difference {
    /// Whether something cannot be told that a change may hide in. What could be decided on neither side is no change.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let of_apps = |apps: &Apps| {
            let unknown = |change: &FactChange| change.before.is_err() || change.after.is_err();
            let open = |it: &AppChange| !it.access.doubts.is_empty() || it.facts.iter().any(unknown);
            !apps.unsure.is_empty() || apps.changed.iter().any(open)
        };
        !self.findings.doubts.is_empty() || !self.findings.became_unknown.is_empty() || self.apps.as_ref().is_some_and(of_apps)
    }
}
