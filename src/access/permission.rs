//! What users may do beside using apps.

use std::collections::BTreeSet;

use super::Graph;
use crate::inventory::org::{User, short};
use crate::inventory::profile::is_administrator;
use crate::inventory::{Fact, Reason};

/// `PermissionsApiEnabled`: without it a user's token opens nothing.
pub const API_ENABLED: &str = "ApiEnabled";

/// `PermissionsUseAnyApiClient`: API Access Control does not apply to the user.
pub const USE_ANY_API_CLIENT: &str = "UseAnyApiClient";

/// The permissions that make a stolen token costly, in alphabetical order: they read or change everything, or give access to others.
pub const POWERFUL: &[&str] = &[
    "AssignPermissionSets",
    "AuthorApex",
    "CustomizeApplication",
    "ManageInternalUsers",
    "ManageProfilesPermissionsets",
    "ManageRemoteAccess",
    "ManageUsers",
    "ModifyAllData",
    "ModifyMetadata",
    "ViewAllData",
];

/// The powerful permissions of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// Those that were seen, of [`POWERFUL`].
    pub seen: Vec<&'static str>,
    /// Why there may be more; none where these are all.
    pub more: Option<Reason>,
}

impl Graph<'_> {
    /// Whether a user has a permission. Where nobody looked at all permissions of the user, it is still known to be there when the
    /// user's profile or a permission set that was seen grants it.
    #[must_use]
    pub fn permission(&self, id: &str, user: &User, name: &str) -> Fact<bool> {
        match &user.permissions.state {
            Ok(all) => Fact::known(all.contains(name)),
            Err(_) if self.is_seen_to_have(id, user, name) => Fact::known(true),
            Err(reason) => Fact::unknown(reason.clone()),
        }
    }

    /// The powerful permissions of a user.
    #[must_use]
    pub fn powers(&self, id: &str, user: &User) -> Powers {
        let (permissions, more): (BTreeSet<&str>, _) = match &user.permissions.state {
            Ok(all) => (all.iter().map(String::as_str).collect(), None),
            Err(reason) => (self.granted(id, user).flatten().map(String::as_str).collect(), Some(reason.clone())),
        };
        Powers { seen: POWERFUL.iter().copied().filter(|name| permissions.contains(name)).collect(), more }
    }

    /// Whether the profile or a permission set of the user that was seen grants a permission.
    #[must_use]
    pub fn is_seen_to_have(&self, id: &str, user: &User, name: &str) -> bool {
        self.granted(id, user).any(|permissions| permissions.contains(name))
    }

    /// Whether a user is an administrator: has the System Administrator profile, in any language.
    #[must_use]
    pub fn is_administrator(&self, user: &User) -> Fact<bool> {
        let name = self.profile(&user.profile).map_or(user.profile_name.as_str(), |row| &row.name);
        if name.is_empty() {
            return Fact::unknown(format!("the profile of {} could not be read", user.username));
        }
        Fact::known(is_administrator(name))
    }

    /// What the profile and the permission sets of a user grant, as far as they were seen.
    fn granted(&self, id: &str, user: &User) -> impl Iterator<Item = &BTreeSet<String>> {
        let own = self.set_of_profile(short(&user.profile));
        own.into_iter().chain(self.sets_of_user(short(id))).map(|set| &set.permissions)
    }
}
