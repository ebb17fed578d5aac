//! The permissions that matter here: API contract, section 3.5.

/// Permissions whose holders can change apps, see everything, or let others in. Column: `Permissions` and the name.
pub(super) const POWERS: &[&str] = &[
    "AssignPermissionSets",
    "AuthorApex",
    "BypassMFAForUiLogins",
    "CanApproveUninstalledApps",
    "ClientSecretRotation",
    "CustomizeApplication",
    "ExternalClientAppAdmin",
    "ExternalClientAppDeveloper",
    "ManageAuthProviders",
    "ManageInternalUsers",
    "ManageProfilesPermissionsets",
    "ManageRemoteAccess",
    "ManageUsers",
    "ModifyAllData",
    "ModifyMetadata",
    "UseAnyApiAuth",
    "UseAnyApiClient",
    "ViewAllData",
    "ViewClientSecret",
];

/// Permissions that decide what a user can do or see, without giving power over others.
pub(super) const ABILITIES: &[&str] = &["ApiEnabled", "ApiUserOnly", "ExternalClientAppViewer", "ViewSetup"];

/// Permissions that every org has: where one of them is not a column, it is hidden, and what users may do is not known.
pub(super) const EVERYWHERE: &[&str] = &[
    "ApiEnabled",
    "ApiUserOnly",
    "AuthorApex",
    "CustomizeApplication",
    "ManageUsers",
    "ModifyAllData",
    "ViewAllData",
    "ViewSetup",
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    POWERS.iter().chain(ABILITIES).copied()
}

/// The column of a permission.
pub(super) fn column(permission: &str) -> String {
    format!("Permissions{permission}")
}
