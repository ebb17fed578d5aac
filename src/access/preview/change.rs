//! A change of who may use an app, and the app as it would be after it.

use std::collections::BTreeSet;

use super::Of;
use crate::inventory::app::{App, Assignment, Resolution};
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::org::{Id, Org, PermissionSet, SetKind, short};
use crate::inventory::profile::comparable;
use crate::inventory::{Fact, Origin, Reason};

/// A change of who may use an app.
#[derive(Clone, Debug)]
pub struct Change {
    /// What Permitted Users is set to.
    pub permitted_users: PermittedUsers,
    /// Permission sets that are assigned to the app beside those that are, by API name or label.
    pub permission_sets: Vec<String>,
    /// Profiles that are assigned to the app beside those that are, by name.
    pub profiles: Vec<String>,
}

/// The org has nothing of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the org has no {what} named `{name}`{}", .more.as_ref().map(|reason| format!(" that was read: {reason}")).unwrap_or_default())]
pub struct NoSuchName {
    /// `permission set` or `profile`.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The names there are.
    pub known: Vec<String>,
    /// Why there may be others; none where these are all.
    pub more: Option<Reason>,
}

/// A permission set that the change adds, and its name.
type Added<'o> = (&'o Id, &'o PermissionSet);

impl Change {
    /// The app as it would be.
    pub(super) fn made(&self, of: &Of<'_>) -> Result<App, NoSuchName> {
        let mut app = of.app.clone();
        app.access.permitted_users = Fact::known(self.permitted_users);
        let Some(live) = of.live else {
            let named = |name: &String| (name.clone(), Resolution::Unknown("the change assigns it".into()));
            assign(&mut app.access.permission_sets, of.app, self.permission_sets.iter().map(named));
            assign(&mut app.access.profiles, of.app, self.profiles.iter().map(named));
            return Ok(app);
        };
        let sets = self.permission_sets.iter().map(|name| permission_set(live.org, name)).collect::<Result<Vec<_>, _>>()?;
        let profiles = self.profiles.iter().map(|name| set_of_profile(live.org, name)).collect::<Result<Vec<_>, _>>()?;
        let found = |(_, set): &Added<'_>| {
            (set.name.clone(), Resolution::Found { full_name: set.name.clone(), label: Some(set.label.clone()) })
        };
        assign(&mut app.access.permission_sets, of.app, sets.iter().map(found));
        assign(&mut app.access.profiles, of.app, profiles.iter().map(found));
        if let Some(in_org) = &mut app.in_org {
            let granted = &mut in_org.granted_by;
            granted.rows.extend(sets.iter().chain(&profiles).map(|(id, _)| (*id).clone()));
            // Without its assignments nobody can be told to lack the set.
            let unread = sets.iter().find(|(id, _)| !assignments_were_read(of, live.org, id));
            granted.more = granted.more.clone().or_else(|| unread.map(|(_, set)| not_read(set)));
        }
        Ok(app)
    }
}

fn not_read(set: &PermissionSet) -> Reason {
    format!("who holds the permission set {} was not read", set.name).into()
}

fn assign(list: &mut Fact<Vec<Assignment>>, app: &App, added: impl Iterator<Item = (String, Resolution)>) {
    let Ok(list) = &mut list.state else { return };
    for (name, resolution) in added {
        if list.iter().all(|there| there.name != name && there.resolution.full_name() != Some(&name)) {
            list.push(Assignment { name, origin: Origin::Stated(app.location.clone()), resolution });
        }
    }
}

/// Whether the assignments of a permission set are among those that were read: of those that grant an app, and of those asked for by name.
fn assignments_were_read(of: &Of<'_>, org: &Org, id: &Id) -> bool {
    let apps = of.inventory.apps.iter().filter(|app| app.source == of.app.source);
    let granting: BTreeSet<&str> =
        apps.filter_map(|app| app.in_org.as_ref()).flat_map(|in_org| &in_org.granted_by.rows).map(|id| short(id)).collect();
    granting.contains(short(id)) || org.permission_sets_looked_up.contains(id)
}

fn permission_set<'o>(org: &'o Org, name: &str) -> Result<Added<'o>, NoSuchName> {
    let called = || org.permission_sets.iter().filter(|(_, set)| set.is_called(name));
    // A name is unique, a label need not be.
    let by_name = called().find(|(_, set)| set.name.eq_ignore_ascii_case(name.trim()));
    by_name.or_else(|| called().next()).ok_or_else(|| {
        let regular = org.permission_sets.values().filter(|set| matches!(set.kind, SetKind::Regular));
        NoSuchName {
            what: "permission set",
            name: name.to_owned(),
            known: regular.flat_map(|set| [set.name.clone(), set.label.clone()]).collect(),
            more: org.more_permission_sets.clone(),
        }
    })
}

/// The permission set that a profile owns: what an app is assigned to, in truth.
fn set_of_profile<'o>(org: &'o Org, name: &str) -> Result<Added<'o>, NoSuchName> {
    let asked = comparable(name);
    let of_profiles = || org.permission_sets.iter().filter(|(_, set)| matches!(set.kind, SetKind::OfProfile { .. }));
    of_profiles().find(|(_, set)| comparable(&set.name) == asked).ok_or_else(|| NoSuchName {
        what: "profile",
        name: name.to_owned(),
        known: of_profiles().map(|(_, set)| set.name.clone()).collect(),
        more: org.more_permission_sets.clone(),
    })
}
