//! The users behind apps: who is assigned, who is frozen, who can do what.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::Answer;
use super::directory::{own_sets, permissions_of};
use super::powers;
use super::questions::MOST_ROWS;
use super::row::Row;
use crate::inventory::org::{Assigned, Id, Org, Seen, User};
use crate::inventory::{Fact, Reason};

/// Users that are frozen, or why nobody can tell.
pub(super) type Frozen = Result<BTreeSet<Id>, Reason>;

pub(super) fn frozen(answer: Result<Answer, Reason>) -> Frozen {
    let answer = answer?;
    if answer.rows.len() >= MOST_ROWS {
        return Err(format!("more than {MOST_ROWS} users are frozen; they were not all read").into());
    }
    match answer.more {
        Some(reason) => Err(reason),
        None => Ok(answer.rows.iter().filter_map(|row| row.text("UserId")).collect()),
    }
}

/// Adds the assignments an answer holds, and the users behind them.
pub(super) fn add_assignments(org: &mut Org, answer: Result<Answer, Reason>, frozen: &Frozen) {
    let answer = match answer {
        Ok(answer) => answer,
        Err(reason) => {
            org.assignments = Seen::nothing(reason);
            return;
        }
    };
    let mut seen = BTreeSet::new();
    // One user can be found through a permission set and through its group.
    let rows: Vec<&Row> = answer.rows.iter().filter(|row| row.text("Id").is_none_or(|id| seen.insert(id))).collect();
    let mut odd = 0;
    for row in &rows {
        match (assigned(row), user(row, "Assignee.", org, frozen)) {
            (Some(assigned), Some(user)) => {
                org.users.entry(assigned.user.clone()).or_insert(user);
                org.assignments.rows.push(assigned);
            }
            _ => odd += 1,
        }
    }
    org.assignments.more = if odd > 0 {
        Some(format!("{odd} assignments have no assignee that can be read").into())
    } else if answer.rows.len() >= MOST_ROWS {
        Some(format!("there are more assignments than the {} that were read", answer.rows.len()).into())
    } else {
        answer.more
    };
}

fn assigned(row: &Row) -> Option<Assigned> {
    Some(Assigned {
        user: row.text("AssigneeId")?,
        permission_set: row.word("PermissionSetId"),
        group: row.text("PermissionSetGroupId"),
        expires: row.text("ExpirationDate"),
        active: row.flag("IsActive") != Some(false),
    })
}

fn user(row: &Row, prefix: &str, org: &Org, frozen: &Frozen) -> Option<User> {
    let column = |name: &str| format!("{prefix}{name}");
    let id = if prefix.is_empty() { row.text("Id")? } else { row.text("AssigneeId")? };
    let profile = row.word(&column("ProfileId"));
    let of_profile = org.profiles.get(&profile);
    Some(User {
        username: row.text(&column("Username"))?,
        active: row.flag(&column("IsActive"))?,
        frozen: match frozen {
            Ok(frozen) => Fact::known(frozen.contains(&id)),
            Err(reason) => Fact::unknown(reason.clone()),
        },
        user_type: row.word(&column("UserType")),
        profile_name: of_profile.map(|profile| profile.name.clone()).unwrap_or_default(),
        license: of_profile.map(|profile| profile.license.clone()).unwrap_or_default(),
        profile,
        permissions: Fact::unknown("the permissions of this user were not asked for"),
    })
}

/// Adds users that were asked for by id, name or profile. Returns the ids of those whose rows can be read.
pub(super) fn add_users(org: &mut Org, answer: &Answer, frozen: &Frozen) -> BTreeSet<Id> {
    let users: Vec<(Id, User)> =
        answer.rows.iter().filter_map(|row| Some((row.text("Id")?, user(row, "", org, frozen)?))).collect();
    let ids = users.iter().map(|(id, _)| id.clone()).collect();
    for (id, user) in users {
        org.users.entry(id).or_insert(user);
    }
    ids
}

/// Adds users that were asked for by name, and remembers whom the answer would have told of. Returns the ids of those there are.
pub(super) fn add_users_named(org: &mut Org, names: &[String], answer: Result<Answer, Reason>, frozen: &Frozen) -> BTreeSet<Id> {
    let answer = answer.unwrap_or_else(|reason| Answer { rows: Vec::new(), more: Some(reason) });
    let found = add_users(org, &answer, frozen);
    let odd = (found.len() < answer.rows.len()).then(|| Reason::from("rows of User that cannot be read"));
    match answer.more.or(odd) {
        Some(reason) => drop(org.more_users.get_or_insert(reason)),
        None => org.users_looked_up.extend(names.iter().cloned()),
    }
    found
}

/// Adds what some users are assigned, as far as apps are granted by it: these permission sets and groups. The list of all assignments may
/// have been cut off before theirs.
pub(super) fn add_assignments_of(org: &mut Org, users: &BTreeSet<Id>, answer: &Answer, sets: &[Id], groups: &[Id]) {
    let (sets, groups): (BTreeSet<&Id>, BTreeSet<&Id>) = (sets.iter().collect(), groups.iter().collect());
    let read: Vec<Option<Assigned>> = answer.rows.iter().map(assigned).collect();
    let whole = answer.more.is_none() && read.iter().all(Option::is_some);
    let known: BTreeSet<(Id, Id, Option<Id>)> =
        org.assignments.rows.iter().filter(|row| users.contains(&row.user)).map(what_of_whom).collect();
    let granting =
        |row: &Assigned| sets.contains(&row.permission_set) || row.group.as_ref().is_some_and(|group| groups.contains(group));
    let fresh = |row: &Assigned| users.contains(&row.user) && granting(row) && !known.contains(&what_of_whom(row));
    org.assignments.rows.extend(read.into_iter().flatten().filter(fresh));
    if whole {
        org.users_with_all_assignments.extend(users.iter().cloned());
    }
}

/// What there is once at most: a user's assignment of something.
fn what_of_whom(row: &Assigned) -> (Id, Id, Option<Id>) {
    (row.user.clone(), row.permission_set.clone(), row.group.clone())
}

/// Why what users may do is not known, although permission sets are: a permission that every org has is hidden.
pub(super) fn hidden(visible: &BTreeSet<String>) -> Option<Reason> {
    let hidden = powers::EVERYWHERE.iter().find(|permission| !visible.contains(**permission))?;
    Some(format!("PermissionSet.{} is hidden from the running user", powers::column(hidden)).into())
}

/// Tells the permissions of these users: those of their profile and of the sets an answer names.
pub(super) fn add_permissions(
    org: &mut Org,
    ids: &BTreeSet<Id>,
    answer: &Result<Answer, Reason>,
    visible: &Fact<BTreeSet<String>>,
) {
    let mut sets: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for row in answer.iter().flat_map(|answer| &answer.rows).filter(|row| row.flag("IsActive") != Some(false)) {
        if let (Some(user), Some(set)) = (row.text("AssigneeId"), row.text("PermissionSetId")) {
            sets.entry(user).or_default().push(set);
        }
    }
    let why_not = match (answer, &visible.state) {
        (Err(reason), _) | (_, Err(reason)) => Some(reason.clone()),
        (Ok(answer), Ok(visible)) => answer.more.clone().or_else(|| hidden(visible)),
    };
    let own_sets = own_sets(org);
    for id in ids {
        let Some(profile) = org.users.get(id).map(|user| user.profile.clone()) else { continue };
        let permissions = match (&why_not, own_sets.get(&profile)) {
            (Some(reason), _) => Fact::unknown(reason.clone()),
            (None, None) => Fact::unknown("the permissions of the user's profile could not be read"),
            (None, Some(own)) => {
                let all = sets.get(id).into_iter().flatten().chain([own]);
                Fact { state: permissions_of(org, all), origins: Vec::new() }
            }
        };
        if let Some(user) = org.users.get_mut(id) {
            user.permissions = permissions;
        }
    }
}
