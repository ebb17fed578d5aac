//! Permission set groups of a deployment: who is in one gets what is put into it.

use std::collections::BTreeSet;

use super::ORG;
use crate::collect::tree::deployment::Group;
use crate::inventory::org::{Id, Org, SetKind, short};
use crate::inventory::{Inventory, Reason};

/// Lays permission set groups over those of the org. One that is new has no members. Of one that led to no app before the members were not read,
/// so that who gains the apps it leads to now is not known.
pub(super) fn lay(deployed: &[Group], before: &Inventory, after: &mut Inventory) {
    let members_read = led_to_apps(before);
    for group in deployed {
        let Some(org) = after.sources.get_mut(ORG).and_then(|source| source.org.as_deref_mut()) else { return };
        let sets: Vec<Id> = group.permission_sets.iter().filter_map(|name| permission_set(name, org)).collect();
        let Some(own) = org.groups.rows.iter_mut().find(|own| own.name == group.name) else { continue };
        let is_new = |id: &&Id| !own.permission_sets.iter().any(|was| short(was) == short(id));
        let gained: BTreeSet<String> = sets.iter().filter(is_new).map(|id| short(id).to_owned()).collect();
        own.permission_sets = sets;
        if members_read.contains(&own.id) || gained.is_empty() {
            continue;
        }
        let why: Reason = format!("who is in the permission set group {} was not read", group.name).into();
        for in_org in after.apps.iter_mut().filter_map(|app| app.in_org.as_mut()) {
            if in_org.granted_by.rows.iter().any(|id| gained.contains(short(id))) {
                in_org.granted_by.more = in_org.granted_by.more.take().or_else(|| Some(why.clone()));
            }
        }
    }
}

/// The groups with a permission set that grants an app or was asked for.
fn led_to_apps(inventory: &Inventory) -> BTreeSet<Id> {
    let Some(org) = inventory.org(ORG) else { return BTreeSet::new() };
    let granting = inventory.apps.iter().filter_map(|app| app.in_org.as_ref()).flat_map(|in_org| &in_org.granted_by.rows);
    let read: BTreeSet<&str> = granting.chain(&org.permission_sets_looked_up).map(|id| short(id)).collect();
    let leads = org.groups.rows.iter().filter(|group| group.permission_sets.iter().any(|set| read.contains(short(set))));
    leads.map(|group| group.id.clone()).collect()
}

fn permission_set(name: &str, org: &Org) -> Option<Id> {
    let sets = org.permission_sets.iter().filter(|(_, set)| matches!(set.kind, SetKind::Regular));
    sets.into_iter().find(|(_, set)| set.name.eq_ignore_ascii_case(name)).map(|(id, _)| id.clone())
}
