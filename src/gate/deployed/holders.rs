//! Permissions that profiles and permission sets of a deployment grant.

use crate::inventory::org::{Holder, Id, Org, PermissionSet, SetKind, short};
use crate::inventory::profile::comparable;
use crate::inventory::user_permissions::{HolderKind, UserPermissions};
use crate::inventory::{Fact, Inventory};

use super::ORG;

/// Adds what the profiles and permission sets of a deployment grant to what those of the org do. What they do not grant stays: whether a permission
/// that a file does not mention is taken away is not documented.
pub(super) fn lay(source: &[UserPermissions], after: &mut Inventory) {
    let Some(org) = after.sources.get_mut(ORG).and_then(|source| source.org.as_deref_mut()) else { return };
    for deployed in source {
        let granted: Vec<&str> = deployed.granted.value().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let Some(id) = find(deployed, org) else { continue };
        for permission in granted {
            grant(&id, permission, org);
        }
    }
}

fn find(deployed: &UserPermissions, org: &Org) -> Option<Id> {
    let is_it = |set: &PermissionSet| match (deployed.kind, &set.kind) {
        (HolderKind::Profile, SetKind::OfProfile { .. }) => comparable(&set.name) == comparable(&deployed.name),
        (HolderKind::PermissionSet, SetKind::Regular) => set.name == deployed.name,
        _ => false,
    };
    org.permission_sets.iter().find(|(_, set)| is_it(set)).map(|(id, _)| id.clone())
}

/// Gives a permission to a permission set and to those who have it.
fn grant(id: &Id, permission: &str, org: &mut Org) {
    let Some(set) = org.permission_sets.get_mut(id) else { return };
    if !set.permissions.insert(permission.to_owned()) {
        return;
    }
    let name = set.name.clone();
    let profile = match &set.kind {
        SetKind::OfProfile { profile } => Some(profile.clone()),
        SetKind::Regular | SetKind::OfGroup { .. } => None,
    };
    let assigned: Vec<Id> = match &profile {
        Some(profile) => org.users.iter().filter(|(_, user)| user.profile == *profile).map(|(id, _)| id.clone()).collect(),
        None => org
            .assignments
            .rows
            .iter()
            .filter(|row| row.active && short(&row.permission_set) == short(id))
            .map(|row| row.user.clone())
            .collect(),
    };
    for user in &assigned {
        if let Some(permissions) = org.users.get_mut(user).and_then(|user| user.permissions.state.as_mut().ok()) {
            permissions.insert(permission.to_owned());
        }
    }
    let active_users = match profile {
        Some(profile) => org.active_users_by_profile.get(&profile).copied().map(Fact::known),
        None if org.permission_sets_looked_up.contains(id) => {
            Some(Fact::known(assigned.iter().filter(|user| org.users.get(*user).is_some_and(|user| user.active)).count() as u64))
        }
        None => None,
    };
    let unread = || Fact::unknown(format!("who has {name} was not read"));
    let active_users = active_users.unwrap_or_else(unread);
    let is_same = |holder: &Holder| holder.permission == permission && short(&holder.permission_set) == short(id);
    if !org.holders.rows.iter().any(is_same) {
        org.holders.rows.push(Holder { permission: permission.to_owned(), permission_set: id.clone(), active_users });
    }
}
