//! Who may use an app.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::AccessChange;
use crate::access::Admission;
use crate::inventory::Reason;

/// Who may use an app on one side.
#[derive(Clone, Debug)]
pub struct AccessSide {
    /// Whom it lets in at all.
    pub admission: Admission,
    /// The profiles, permission sets and groups that are assigned to it.
    pub assigned: Vec<Assigned>,
    /// Why there may be others; none where these are all.
    pub more: Option<Reason>,
    /// The users behind them; none for what files say.
    pub users: Option<UsersSide>,
}

/// A profile, permission set or group that is assigned to an app.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assigned {
    /// `profile`, `permission-set` or `group`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// All the names and labels it goes by, in lower case: files name by the one, orgs by the other.
    pub aliases: BTreeSet<String>,
}

/// Users who can use an app by their assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsersSide {
    /// The org they are users of.
    pub org: String,
    /// Active users, by id, with their user names.
    pub users: BTreeMap<String, String>,
    /// Why there may be others; none where these are all.
    pub more: Option<Reason>,
}

impl Assigned {
    /// Whether it is the same one: by one of its names.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && !self.aliases.is_disjoint(&other.aliases)
    }
}

pub(super) fn compare(before: &AccessSide, after: &AccessSide) -> AccessChange {
    let mut change = AccessChange { lets_in_anybody: after.admission == Admission::Anybody, ..AccessChange::default() };
    admission(before, after, &mut change);
    let (gained, lost) = (missing(after, before), missing(before, after));
    split(gained, before.more.as_ref(), "was assigned before", &mut change.gained, &mut change.doubts);
    split(lost, after.more.as_ref(), "is still assigned", &mut change.lost, &mut change.doubts);
    users(before, after, &mut change);
    change
}

fn admission(before: &AccessSide, after: &AccessSide, change: &mut AccessChange) {
    match (&before.admission, &after.admission) {
        (Admission::Unknown(_), Admission::Unknown(_)) => {}
        (Admission::Unknown(reason), _) => change.doubts.push(format!("whether users had to be assigned before: {reason}")),
        (_, Admission::Unknown(reason)) => change.doubts.push(format!("whether users must be assigned after: {reason}")),
        (one, other) if one == other => {}
        (one, other) => change.admission = Some((one.clone(), other.clone())),
    }
}

/// What the one side is assigned to and the other is not. Files do not tell of groups, so that these are compared between orgs only.
fn missing(of: &AccessSide, other: &AccessSide) -> Vec<Assigned> {
    let is_compared = |it: &&Assigned| it.kind != "group" || of.users.is_some() == other.users.is_some();
    of.assigned.iter().filter(is_compared).filter(|it| !other.assigned.iter().any(|there| there.is(it))).cloned().collect()
}

/// What one side does not have is gained or lost, unless that side may have it.
fn split(found: Vec<Assigned>, more: Option<&Reason>, what: &str, sure: &mut Vec<Assigned>, doubts: &mut Vec<String>) {
    match more {
        None => sure.extend(found),
        Some(reason) => {
            doubts.extend(found.iter().map(|it| format!("whether the {} {} {what}: {reason}", it.kind.replace('-', " "), it.name)));
        }
    }
}

/// Users of one org, where both sides let in users who are assigned, or nobody.
fn users(before: &AccessSide, after: &AccessSide, change: &mut AccessChange) {
    let (Some(one), Some(other)) = (&before.users, &after.users) else { return };
    if one.org != other.org {
        return;
    }
    let (Some(old), Some(new)) = (let_in(&before.admission, one), let_in(&after.admission, other)) else { return };
    let names = |of: &BTreeMap<String, String>, but: &BTreeMap<String, String>| -> Vec<String> {
        let mut names: Vec<String> = of.iter().filter(|(id, _)| !but.contains_key(*id)).map(|(_, name)| name.clone()).collect();
        names.sort();
        names
    };
    let mut told = |names: Vec<String>, more: Option<&Reason>, what: &str, sure: &mut Vec<String>| match more {
        Some(reason) if !names.is_empty() => change.doubts.push(format!("whether {} {what}: {reason}", names.join(", "))),
        _ => sure.extend(names),
    };
    let shut = |admission: &Admission| *admission == Admission::Nobody;
    let more_old = one.more.as_ref().filter(|_| !shut(&before.admission));
    let more_new = other.more.as_ref().filter(|_| !shut(&after.admission));
    told(names(&new, &old), more_old, "could use it before", &mut change.users_gained);
    told(names(&old, &new), more_new, "can still use it", &mut change.users_lost);
}

/// The users whom an app lets in by their assignments; none where these have no effect, or may have none.
fn let_in(admission: &Admission, users: &UsersSide) -> Option<BTreeMap<String, String>> {
    match admission {
        Admission::Assigned => Some(users.users.clone()),
        Admission::Nobody => Some(BTreeMap::new()),
        Admission::Anybody | Admission::Unknown(_) => None,
    }
}
