//! What the profiles and permission sets of a tree let their users do.

use serde::{Deserialize, Serialize};

use super::profile::is_administrator;
use super::{Fact, Origin};

/// What grants permissions to the users who have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HolderKind {
    /// A profile.
    Profile,
    /// A permission set.
    PermissionSet,
}

impl HolderKind {
    /// The word used in conditions and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::PermissionSet => "permission-set",
        }
    }
}

/// The `userPermissions` of a profile or permission set of a tree that are switched on, as far as they are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPermissions {
    /// Index into [`super::Inventory::sources`].
    pub source: usize,
    /// What it is.
    pub kind: HolderKind,
    /// Full name.
    pub name: String,
    /// Its file, as shown.
    pub path: String,
    /// The permissions it grants, such as `ModifyAllData`, each with its place.
    pub granted: Fact<Vec<(String, Origin)>>,
}

impl UserPermissions {
    /// Whether it is the System Administrator profile.
    #[must_use]
    pub fn is_administrators(&self) -> bool {
        self.kind == HolderKind::Profile && is_administrator(&self.name)
    }
}
