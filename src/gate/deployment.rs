//! What a deployment does, besides the findings that it introduces.

use super::contract_users::ContractUser;
use super::hazards::Hazard;
use super::threshold::{LimitState, Threshold};
use crate::compare::{Admission, Apps, Assigned, Sureness};
use crate::diagnostic::Diagnostic;
use crate::finding::Subject;

/// What a deployment does.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// What the state after is compared with, as it is told.
    pub before: String,
    /// What to know of the comparison, as sentences.
    pub notes: Vec<String>,
    /// What could not be read of the state before: what is only in there looks introduced.
    pub gaps_before: Vec<Diagnostic>,
    /// Whether the findings that were there before count as well.
    pub counts_all: bool,
    /// Apps that come, go, have another name or change.
    pub apps: Apps,
    /// Who gains and who loses an app, app by app: those of which something is to be told.
    pub access: Vec<AccessEffect>,
    /// Users of contracts of whom something is to be told.
    pub users: Vec<ContractUser>,
    /// What will not be as the files say.
    pub hazards: Vec<Hazard>,
    /// The limits that were set, and whether they are kept.
    pub thresholds: Vec<Threshold>,
}

impl Deployment {
    /// Whether it crosses a limit that was set.
    #[must_use]
    pub fn crosses_a_limit(&self) -> bool {
        self.thresholds.iter().any(|threshold| threshold.state == LimitState::Crossed)
    }

    /// Whether it cannot be told of a limit that was set if it is kept.
    #[must_use]
    pub fn has_open_limits(&self) -> bool {
        self.thresholds.iter().any(|threshold| threshold.state == LimitState::CannotTell)
    }
}

/// What becomes of who can use an app.
#[derive(Clone, Debug)]
pub struct AccessEffect {
    /// The app as it is after; as it was, where it goes.
    pub subject: Subject,
    /// What becomes of the app itself.
    pub change: Change,
    /// Whom it let in; none where it was not there.
    pub before: Option<Admission>,
    /// Whom it lets in; none where it is not there any more.
    pub after: Option<Admission>,
    /// Profiles, permission sets and groups whose users gain it.
    pub gained: Vec<Assigned>,
    /// Profiles, permission sets and groups whose users lose it.
    pub lost: Vec<Assigned>,
    /// Users who gain and lose it; none where nothing tells of users, or assignments do not decide.
    pub users: Option<UserEffect>,
    /// Scopes that it did not have.
    pub scopes_gained: Vec<String>,
    /// Scopes that it had.
    pub scopes_lost: Vec<String>,
    /// What cannot be told.
    pub doubts: Vec<Doubt>,
}

/// What becomes of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It stays, by another name.
    Renamed {
        /// What it was.
        before: Box<Subject>,
        /// How sure it is that it is the same one.
        sureness: Sureness,
    },
    /// It stays.
    Changed,
}

/// Users who gain and lose an app, by user name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserEffect {
    /// Who gains it.
    pub gained: Vec<String>,
    /// Who loses it.
    pub lost: Vec<String>,
}

/// Something that cannot be told of who can use an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Which it is about; none for both.
    pub about: Option<Movement>,
    /// What and why, as a clause after "cannot tell".
    pub text: String,
}

/// What becomes of users with an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// They gain it.
    Gain,
    /// They lose it.
    Loss,
}

impl AccessEffect {
    /// Whether any user of the org may use it after, and had to be assigned before, was shut out, or there was no such app.
    #[must_use]
    pub fn opens(&self) -> bool {
        self.after == Some(Admission::Anybody) && matches!(self.before, None | Some(Admission::Assigned | Admission::Nobody))
    }

    /// Whether any user of the org could use it, and cannot any more.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.before == Some(Admission::Anybody) && matches!(self.after, None | Some(Admission::Assigned | Admission::Nobody))
    }

    /// How many gain it: users where they are known, otherwise profiles, permission sets and groups; none where anybody does.
    #[must_use]
    pub fn gains(&self) -> Option<usize> {
        let holders = || self.gained.len();
        (!self.opens()).then(|| self.users.as_ref().map_or_else(holders, |users| users.gained.len()))
    }

    /// Whether somebody loses it.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.closes() || !self.lost.is_empty() || self.users.as_ref().is_some_and(|users| !users.lost.is_empty())
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let of_users = self.users.as_ref().is_none_or(|users| users.gained.is_empty() && users.lost.is_empty());
        let as_before = self.before == self.after
            || matches!((&self.before, &self.after), (Some(Admission::Unknown(_)), Some(Admission::Unknown(_))));
        as_before
            && self.change == Change::Changed
            && self.gained.is_empty()
            && self.lost.is_empty()
            && of_users
            && self.scopes_gained.is_empty()
            && self.scopes_lost.is_empty()
            && self.doubts.is_empty()
    }
}
