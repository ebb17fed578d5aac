//! Who grants permissions that matter for apps: profiles, permission sets and groups, of a live org or of files.
//!
//! Of a live org only what has active users counts. Files do not tell who has what, so that everything they hold counts.

use super::declare::{Declared, OfOrg, fact, known, object};
use super::org_view::OrgView;
use crate::inventory::{Fact, Origin};
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Value};

/// Who grants which permission.
pub(super) static FACTS: &[Declared<OfOrg>] = &[
    fact(
        "org.holders.present",
        Type::Bool,
        "Whether the source has profiles or permission sets: always true of a live org.",
        |s| known(s.live.is_some() || s.holders().next().is_some()),
    ),
    fact(
        "org.holders.approve_uninstalled_apps",
        Type::Objects(HOLDER),
        "Profiles, permission sets and groups, System Administrator not among them, that grant Approve Uninstalled Connected Apps (`CanApproveUninstalledApps`); of a live org those with active users.",
        |s| beside_administrators(s, &["CanApproveUninstalledApps"], |permission, _| permission == "CanApproveUninstalledApps"),
    ),
    fact(
        "org.holders.use_any_api_client",
        Type::Objects(HOLDER),
        "The same for Use Any API Client (`UseAnyApiClient`). Unknown in orgs that do not have the feature API Access Control, which lack the permission.",
        |s| beside_administrators(s, &["UseAnyApiClient"], |permission, _| permission == "UseAnyApiClient"),
    ),
    fact(
        "org.holders.edit_apps",
        Type::Objects(HOLDER),
        "The same for what edits apps and their policies: `ManageRemoteAccess`, `ExternalClientAppAdmin`, `ExternalClientAppDeveloper`, and `CustomizeApplication` together with `ModifyAllData`; not of those that `org.holders.super_administrators` tells of, who may do anything.",
        |s| beside_administrators(s, &["CustomizeApplication", "ManageRemoteAccess", "ModifyAllData"], edits_apps),
    ),
    fact(
        "org.holders.super_administrators",
        Type::Objects(HOLDER),
        "The same for what is as good as System Administrator: `ViewAllData`, `ModifyAllData` and `ManageUsers` in one of them; what users hold through several is not added up.",
        |s| beside_administrators(s, SUPER, |permission, has| permission == "ModifyAllData" && is_super(has)),
    ),
];

/// A profile, permission set or group that grants a permission.
pub(super) static HOLDER: &[Field] = &[
    Field { name: "permission", ty: Type::Text, optional: false, doc: "The permission, such as `UseAnyApiClient`." },
    Field { name: "holder", ty: Type::Text, optional: false, doc: "Name of the profile, permission set or group." },
    Field {
        name: "kind",
        ty: Type::Choice(&["profile", "permission-set", "group", "unread"]),
        optional: false,
        doc: "What it is; `unread` where the permission set could not be read.",
    },
    Field {
        name: "active_users",
        ty: Type::Int,
        optional: true,
        doc: "Active users who have it; absent where they were not counted, and for files.",
    },
    Field {
        name: "administrator",
        ty: Type::Bool,
        optional: false,
        doc: "It is the System Administrator profile, in any language.",
    },
];

/// Whether a permission counts, given what else the same profile or permission set grants.
pub(super) type Counts = fn(&str, &dyn Fn(&str) -> bool) -> bool;

/// What makes a user as good as a System Administrator.
const SUPER: &[&str] = &["ManageUsers", "ModifyAllData", "ViewAllData"];

fn is_super(has: &dyn Fn(&str) -> bool) -> bool {
    SUPER.iter().all(|permission| has(permission))
}

fn edits_apps(permission: &str, has: &dyn Fn(&str) -> bool) -> bool {
    match permission {
        _ if is_super(has) => false,
        "ManageRemoteAccess" | "ExternalClientAppAdmin" | "ExternalClientAppDeveloper" => true,
        "CustomizeApplication" => has("ModifyAllData"),
        _ => false,
    }
}

/// Who grants a permission beside System Administrator. Where one of the permissions `needed` is no column of `PermissionSet` for the running
/// user of a live org, nobody can tell.
fn beside_administrators(s: &OrgView<'_>, needed: &[&str], counts: Counts) -> FactValue {
    match s.live {
        Some(live) => live.holders_beside_administrators(needed, counts),
        None => of_files(s, counts),
    }
}

/// The profiles and permission sets of the files. One that could not be read may grant it, unless another does: that one is worth saying.
fn of_files(s: &OrgView<'_>, counts: Counts) -> FactValue {
    let (mut items, mut unread) = (Vec::new(), None);
    for holder in s.holders().filter(|holder| !holder.is_administrators()) {
        let granted = match &holder.granted.state {
            Ok(granted) => granted,
            Err(reason) => {
                unread = unread.or_else(|| Some(reason.clone()));
                continue;
            }
        };
        let has = |name: &str| granted.iter().any(|(permission, _)| permission == name);
        let of_holder = |(permission, origin): &(String, Origin)| {
            let fields: Vec<(&'static str, Value)> = vec![
                ("permission", permission.as_str().into()),
                ("holder", holder.name.as_str().into()),
                ("kind", holder.kind.as_str().into()),
                ("active_users", Value::Absent),
                ("administrator", false.into()),
            ];
            object(fields, origin)
        };
        items.extend(granted.iter().filter(|(permission, _)| counts(permission, &has)).map(of_holder));
    }
    match unread {
        Some(reason) if items.is_empty() => Fact::unknown(reason),
        _ => Fact::known(Value::List(items)),
    }
}
