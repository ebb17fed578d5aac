//! A live org as such.

use std::collections::BTreeSet;

use super::days;
use super::view::{Live, entry, int};
use super::{Declared, OfLiveOrg};
use crate::access::API_ENABLED;
use crate::inventory::org::{Holder, PermissionSet, SetKind, TokenUse};
use crate::inventory::profile::is_administrator;
use crate::inventory::well_known::imitated;
use crate::inventory::{Fact, Reason};
use crate::rules::facts::declare::{live, live_maybe};
use crate::rules::facts::holders::{Counts, HOLDER};
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Item, Value};
use crate::source::Api;

/// The org.
pub(super) static FACTS: &[Declared<OfLiveOrg>] = &[
    live("org.name", Type::Text, "Name of the org (`Organization.Name`).", |s| {
        identity(s, |s| s.indexed.org.identity.name.as_str().into())
    }),
    live("org.sandbox", Type::Bool, "Whether it is a sandbox (`IsSandbox`).", |s| {
        identity(s, |s| s.indexed.org.identity.sandbox.into())
    }),
    live("org.edition", Type::Text, "Edition (`OrganizationType`), such as `Enterprise Edition`.", |s| {
        identity(s, |s| s.indexed.org.identity.edition.as_str().into())
    }),
    live("org.active_users", Type::Int, "Active users.", |s| {
        s.indexed.org.active_users.map(|users| int(*users)).with_origins(s.object("User"))
    }),
    live("org.log_ins_read", Type::Bool, "Whether the log-in history was read (`--usage`).", |s| {
        s.value(s.indexed.org.log_ins.is_some(), "LoginHistory")
    }),
    live(
        "org.tokens.not_installed",
        Type::Objects(NOT_INSTALLED),
        "Apps that users have tokens for and that the org does not have: neither installed nor made here.",
        not_installed,
    ),
    live(
        "org.usage.not_installed",
        Type::Texts,
        "Apps that the OAuth usage resource lists and that the org does not have; empty also where that resource could not be read, because tokens tell the same more surely.",
        |s| {
            let apps = s
                .indexed
                .org
                .used_apps
                .rows
                .iter()
                .map(|app| Item::text(if app.label.is_empty() { &*app.name } else { &*app.label }, None));
            Fact::known(Value::List(apps.collect())).with_origins(s.told(Api::Connect, "apps/oauth/usage"))
        },
    ),
    live(
        "org.tokens.imitations",
        Type::Objects(NOT_INSTALLED),
        "Those of them whose name resembles that of a well-known client without being it.",
        imitations,
    ),
    live(
        "org.holders.api_enabled",
        Type::Objects(HOLDER),
        "Profiles with active users, System Administrator not among them, that grant API Enabled (`ApiEnabled`).",
        api_enabled,
    ),
    live(
        "org.permission_holders",
        Type::Objects(HOLDER),
        "Every profile, permission set and group that grants one of the permissions that were asked for. Unknown where they may be more.",
        |s| {
            s.whole(
                s.indexed.org.holders.rows.iter().map(|row| holder(s, row)).collect(),
                s.indexed.org.holders.more.clone(),
                "PermissionSet",
            )
        },
    ),
    live(
        "org.groups_out_of_date",
        Type::Texts,
        "Permission set groups that lead to apps and have a status other than `Updated`: what they grant may lag behind what is in them.",
        |s| {
            let old = s.indexed.org.groups.rows.iter().filter(|group| group.is_out_of_date());
            let items = old.map(|group| Item::text(format!("{} ({})", group.name, group.status), None));
            s.found(items.collect(), s.indexed.org.groups.more.clone(), "PermissionSetGroup")
        },
    ),
    live("org.health_check_score", Type::Int, "Score of the Security Health Check in percent.", |s| {
        s.indexed.org.health_check_score.map(|score| (*score).into())
    }),
    live_maybe("org.namespace", Type::Text, "Namespace prefix of the org; absent for none.", |s| {
        let namespace = Some(s.indexed.org.identity.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        identity(s, |_| namespace.into())
    }),
];

/// An app that users have tokens for and that the org does not have.
static NOT_INSTALLED: &[Field] = &[
    Field { name: "app", ty: Type::Text, optional: false, doc: "The name the app gives itself." },
    Field { name: "users", ty: Type::Int, optional: false, doc: "Users who have tokens for it, as far as they were seen." },
    Field { name: "tokens", ty: Type::Int, optional: false, doc: "Tokens, as far as they were seen." },
    Field {
        name: "last_used_days",
        ty: Type::Int,
        optional: true,
        doc: "Days since the last use; absent for never, and where the date is unreadable.",
    },
    Field {
        name: "resembles",
        ty: Type::Text,
        optional: true,
        doc: "The well-known client whose name it resembles without being it; absent where there is none.",
    },
];

fn identity(s: &Live<'_>, read: impl FnOnce(&Live<'_>) -> Value) -> FactValue {
    if s.indexed.org.identity.id.is_empty() {
        return Fact::unknown("the record of the organization could not be read");
    }
    s.value(read(s), "Organization")
}

fn not_installed(s: &Live<'_>) -> FactValue {
    s.found(
        s.indexed.usage.tokens_of_no_app().map(|rows| client(s, rows)).collect(),
        s.indexed.org.tokens.more.clone(),
        "OauthToken",
    )
}

fn imitations(s: &Live<'_>) -> FactValue {
    let like = s.indexed.usage.tokens_of_no_app().filter(|rows| rows.first().is_some_and(|row| imitated(&row.app_name).is_some()));
    s.found(like.map(|rows| client(s, rows)).collect(), s.indexed.org.tokens.more.clone(), "OauthToken")
}

/// The tokens of one app.
fn client(s: &Live<'_>, rows: &[&TokenUse]) -> Item {
    let name = rows.first().map_or("", |row| row.app_name.as_str());
    let users: BTreeSet<&str> = rows.iter().map(|row| row.user.as_str()).collect();
    let used = rows.iter().filter_map(|row| days::since(row.last_used.as_deref()?, s.today).ok()).min();
    entry([
        ("app", name.into()),
        ("users", int(users.len())),
        ("tokens", int(rows.iter().map(|row| row.tokens).sum::<u64>())),
        ("last_used_days", used.into()),
        ("resembles", imitated(name).into()),
    ])
}

impl Live<'_> {
    /// Who grants a permission beside System Administrator and to at least one active user, as far as users were counted.
    pub(in crate::rules::facts) fn holders_beside_administrators(&self, needed: &[&str], counts: Counts) -> FactValue {
        let rows = self.indexed.org.holders.rows.iter().filter(|row| {
            let set = self.indexed.graph.permission_set(&row.permission_set);
            let has = |name: &str| set.is_some_and(|set| set.permissions.contains(name));
            counts(&row.permission, &has) && !is_administrators(set) && row.active_users.value() != Some(&0)
        });
        let more = self.indexed.org.holders.more.clone().or_else(|| self.hidden_permission(needed));
        self.found(rows.map(|row| holder(self, row)).collect(), more, "PermissionSet")
    }

    /// Why nobody can tell who has these permissions: one of them is no column for the running user.
    pub(super) fn hidden_permission(&self, needed: &[&str]) -> Option<Reason> {
        match &self.indexed.org.visible_permissions.state {
            Ok(visible) => needed.iter().find(|permission| !visible.contains(**permission)).map(|permission| {
                Reason::from(format!("PermissionSet has no column Permissions{permission} that the running user sees"))
            }),
            Err(reason) => Some(reason.clone()),
        }
    }
}

fn api_enabled(s: &Live<'_>) -> FactValue {
    let org = s.indexed.org;
    let (mut items, mut more) = (Vec::new(), org.more_permission_sets.clone().or_else(|| s.hidden_permission(&[API_ENABLED])));
    for (id, set) in org.permission_sets.iter().filter(|(_, set)| set.permissions.contains(API_ENABLED)) {
        let SetKind::OfProfile { profile } = &set.kind else { continue };
        let users = match &org.active_users.state {
            Ok(_) => org.active_users_by_profile.get(profile).copied().unwrap_or_default(),
            Err(reason) => {
                more = more.or_else(|| Some(reason.clone()));
                continue;
            }
        };
        if users > 0 && !is_administrators(Some(set)) {
            let row = Holder { permission: API_ENABLED.to_owned(), permission_set: id.clone(), active_users: Fact::known(users) };
            items.push(holder(s, &row));
        }
    }
    s.found(items, more, "PermissionSet")
}

fn holder(s: &Live<'_>, row: &Holder) -> Item {
    let set = s.indexed.graph.permission_set(&row.permission_set);
    let (kind, name) = match set.map(|set| (&set.kind, set)) {
        Some((SetKind::OfProfile { .. }, set)) => ("profile", set.name.as_str()),
        Some((SetKind::OfGroup { .. }, set)) => ("group", set.label.as_str()),
        Some((SetKind::Regular, set)) => ("permission-set", set.name.as_str()),
        None => ("unread", row.permission_set.as_str()),
    };
    entry([
        ("permission", row.permission.as_str().into()),
        ("holder", name.into()),
        ("kind", kind.into()),
        ("active_users", row.active_users.value().map(|users| i64::try_from(*users).unwrap_or(i64::MAX)).into()),
        ("administrator", is_administrators(set).into()),
    ])
}

fn is_administrators(set: Option<&PermissionSet>) -> bool {
    set.is_some_and(|set| matches!(set.kind, SetKind::OfProfile { .. }) && is_administrator(&set.name))
}
