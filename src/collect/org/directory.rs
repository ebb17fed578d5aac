//! Permission sets, profiles and groups of the org, and who holds the powerful ones.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::Answer;
use super::powers;
use super::row::Row;
use crate::inventory::org::{Group, Holder, Id, Org, PermissionSet, ProfileRow, Seen, SetKind};
use crate::inventory::{Fact, Reason};

/// Permission sets by id; the reason why there may be more.
pub(super) fn permission_sets(
    answer: Result<Answer, Reason>,
    visible: &[&str],
    profiles: &BTreeMap<Id, ProfileRow>,
) -> (BTreeMap<Id, PermissionSet>, Option<Reason>) {
    match answer {
        Err(reason) => (BTreeMap::new(), Some(reason)),
        Ok(answer) => {
            let sets =
                answer.rows.iter().filter_map(|row| Some((row.text("Id")?, permission_set(row, visible, profiles)))).collect();
            (sets, answer.more)
        }
    }
}

fn permission_set(row: &Row, visible: &[&str], profiles: &BTreeMap<Id, ProfileRow>) -> PermissionSet {
    let permissions = visible.iter().filter(|permission| row.flag(&powers::column(permission)) == Some(true));
    let permissions = permissions.map(|permission| (*permission).to_owned()).collect();
    let owner = row.text("ProfileId").filter(|_| row.flag("IsOwnedByProfile") != Some(false));
    let kind = match (owner, row.text("PermissionSetGroupId")) {
        (Some(profile), _) => SetKind::OfProfile { profile },
        (None, Some(group)) => SetKind::OfGroup { group },
        (None, None) => SetKind::Regular,
    };
    let requires_activation = row.flag("HasActivationRequired") == Some(true);
    // The name of a profile's own set is generated and can change: the profile's is the one to show.
    if let SetKind::OfProfile { profile } = &kind {
        let name = profiles.get(profile).map_or_else(|| profile.clone(), |profile| profile.name.clone());
        return PermissionSet { label: name.clone(), name, kind, requires_activation, permissions };
    }
    let name = match row.text("NamespacePrefix") {
        Some(namespace) if !namespace.is_empty() => format!("{namespace}__{}", row.word("Name")),
        _ => row.word("Name"),
    };
    PermissionSet { name, label: row.word("Label"), kind, requires_activation, permissions }
}

/// Profiles by id.
pub(super) fn profiles(answer: &Result<Answer, Reason>) -> BTreeMap<Id, ProfileRow> {
    let rows = answer.iter().flat_map(|answer| &answer.rows);
    rows.filter_map(|row| {
        let profile =
            ProfileRow { name: row.text("Name")?, license: row.word("UserLicense.Name"), user_type: row.word("UserType") };
        Some((row.text("Id")?, profile))
    })
    .collect()
}

/// Groups with what they hold. `sets` are the permission sets of the org.
pub(super) fn groups(
    groups: Result<Answer, Reason>,
    components: Result<Answer, Reason>,
    muting: Result<Answer, Reason>,
    sets: &BTreeMap<Id, PermissionSet>,
) -> Seen<Group> {
    let (groups, components) = match (groups, components) {
        (Ok(groups), Ok(components)) => (groups, components),
        (Err(reason), _) | (_, Err(reason)) => return Seen::nothing(reason),
    };
    let more = groups.more.or(components.more);
    let muting = Muting::of(muting);
    let mut held: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for row in &components.rows {
        if let (Some(group), Some(set)) = (row.text("PermissionSetGroupId"), row.text("PermissionSetId")) {
            held.entry(group).or_default().push(set);
        }
    }
    let rows = groups.rows.iter().filter_map(|row| {
        let id = row.text("Id")?;
        let held = held.remove(&id).unwrap_or_default();
        let mutes = held.iter().filter_map(|set| muting.name(set, sets)).collect();
        let permission_sets = held.into_iter().filter(|set| !muting.names.contains_key(set)).collect();
        Some(Group { id, name: row.text("DeveloperName")?, status: row.word("Status"), permission_sets, muting: mutes })
    });
    Seen { rows: rows.collect(), more }
}

/// The muting permission sets of the org.
struct Muting {
    /// By id; the id where there is no name.
    names: BTreeMap<Id, String>,
    /// These are all.
    complete: bool,
}

impl Muting {
    fn of(answer: Result<Answer, Reason>) -> Self {
        let Ok(answer) = answer else { return Self { names: BTreeMap::new(), complete: false } };
        let names =
            answer.rows.iter().filter_map(|row| row.text("Id").map(|id| (id.clone(), row.text("DeveloperName").unwrap_or(id))));
        let names: BTreeMap<Id, String> = names.collect();
        let complete = answer.more.is_none() && names.len() == answer.rows.len();
        Self { names, complete }
    }

    /// What a member of a group mutes by. Where not all are known, what is no permission set is taken for one that mutes.
    fn name(&self, member: &Id, sets: &BTreeMap<Id, PermissionSet>) -> Option<String> {
        let unread = || (!self.complete && !sets.contains_key(member)).then(|| member.clone());
        self.names.get(member).cloned().or_else(unread)
    }
}

/// Counts of a `GROUP BY` answer, by the grouped column.
pub(super) fn counts(answer: &Answer, column: &str) -> BTreeMap<Id, u64> {
    answer.rows.iter().filter_map(|row| Some((row.text(column)?, row.count("users")?))).collect()
}

/// Permission sets that grant a powerful permission and are not a profile's own: their holders are counted by assignment.
pub(super) fn powerful_sets(org: &Org) -> Vec<Id> {
    let powerful = org.permission_sets.iter().filter(|(_, set)| {
        !matches!(set.kind, SetKind::OfProfile { .. }) && set.permissions.iter().any(|it| powers::POWERS.contains(&it.as_str()))
    });
    powerful.map(|(id, _)| id.clone()).collect()
}

/// Who holds each powerful permission.
pub(super) fn holders(org: &Org, counted: &Result<Answer, Reason>, users: &Result<BTreeMap<Id, u64>, Reason>) -> Seen<Holder> {
    let counted = counted.as_ref().map(|answer| counts(answer, "PermissionSetId"));
    let mut rows = Vec::new();
    for (id, set) in &org.permission_sets {
        let active_users = match (&set.kind, users, &counted) {
            (SetKind::OfProfile { profile }, Ok(users), _) => Fact::known(users.get(profile).copied().unwrap_or_default()),
            (SetKind::OfProfile { .. }, Err(reason), _) => Fact::unknown(reason.clone()),
            (_, _, Ok(counted)) => Fact::known(counted.get(id).copied().unwrap_or_default()),
            (_, _, Err(reason)) => Fact::unknown((*reason).clone()),
        };
        let powers = set.permissions.iter().filter(|permission| powers::POWERS.contains(&permission.as_str()));
        rows.extend(powers.map(|permission| Holder {
            permission: permission.clone(),
            permission_set: id.clone(),
            active_users: active_users.clone(),
        }));
    }
    rows.sort_by(|a, b| (&a.permission, &a.permission_set).cmp(&(&b.permission, &b.permission_set)));
    Seen { rows, more: org.more_permission_sets.clone() }
}

/// The permissions of a set of permission sets.
pub(super) fn permissions_of<'a>(org: &Org, sets: impl Iterator<Item = &'a Id>) -> Result<BTreeSet<String>, Reason> {
    let mut permissions = BTreeSet::new();
    for id in sets {
        match org.permission_sets.get(id) {
            Some(set) => permissions.extend(set.permissions.iter().cloned()),
            None => return Err(format!("the permission set {id} could not be read").into()),
        }
    }
    Ok(permissions)
}

/// The permission set that each profile owns.
pub(super) fn own_sets(org: &Org) -> BTreeMap<Id, Id> {
    let owned = org.permission_sets.iter().filter_map(|(id, set)| match &set.kind {
        SetKind::OfProfile { profile } => Some((profile.clone(), id.clone())),
        SetKind::Regular | SetKind::OfGroup { .. } => None,
    });
    owned.collect()
}
