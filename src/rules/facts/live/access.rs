//! Who can use an app of an org.

use std::collections::BTreeMap;

use super::days;
use super::view::{View, entry, int};
use super::{Declared, OfAppOfOrg};
use crate::access::{API_ENABLED, Holder, Via, Way};
use crate::inventory::org::{SetKind, is_external, short};
use crate::inventory::{Fact, Reason};
use crate::rules::facts::declare::live;
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Item, Value};

/// Who can use the app.
pub(super) static FACTS: &[Declared<OfAppOfOrg>] = &[
    live(
        "app.access.active_users",
        Type::Int,
        "Active users who are assigned to the app, through whatever profile, permission set or group, each counted once. Frozen users are active.",
        |s| s.audience.active_users().map(|users| int(*users)).with_origins(s.live.object(ASSIGNMENTS)),
    ),
    live(
        "app.access.active_users_seen",
        Type::Int,
        "The same as far as it was seen: known also where some of the users could not be read. There are at least as many.",
        |s| s.live.value(int(s.audience.active_users_seen()), ASSIGNMENTS),
    ),
    live(
        "app.access.active_users_percent",
        Type::Int,
        "The same in percent of the active users of the org, rounded down.",
        active_users_percent,
    ),
    live(
        "app.access.users",
        Type::Objects(USER),
        "Users who are assigned to the app, once for each way. Unknown where they are more than 200.",
        users,
    ),
    live(
        "app.access.permission_sets_without_active_users",
        Type::Texts,
        "Permission sets and groups that grant the app and that no active user has, directly or through a group.",
        permission_sets_without_active_users,
    ),
    live(
        "app.access.expiring",
        Type::Objects(EXPIRING),
        "Assignments of active users that end within 30 days and are the last of the user's ways to the app that were seen.",
        expiring,
    ),
    live(
        "app.access.inactive_only",
        Type::Bool,
        "Whether profiles or permission sets are assigned to the app and none of their users is active and not frozen.",
        inactive_only,
    ),
    live(
        "app.access.external_profiles",
        Type::Objects(EXTERNAL_PROFILE),
        "Assigned profiles of guests, customers and partners.",
        external_profiles,
    ),
    live(
        "app.access.users_without_api",
        Type::Texts,
        "Active users who are assigned to the app and lack API Enabled. Unknown where they are more than 200.",
        users_without_api,
    ),
];

/// A user of an app.
static USER: &[Field] = &[
    Field { name: "user", ty: Type::Text, optional: false, doc: "User name; the id of a user who could not be read." },
    Field {
        name: "via_kind",
        ty: Type::Choice(&["profile", "permission-set", "group"]),
        optional: false,
        doc: "What the user has the app through.",
    },
    Field { name: "via", ty: Type::Text, optional: false, doc: "Its name." },
    Field { name: "active", ty: Type::Bool, optional: true, doc: "Absent for a user who could not be read." },
    Field { name: "frozen", ty: Type::Bool, optional: true, doc: "Absent where it could not be read." },
    Field {
        name: "expires_in_days",
        ty: Type::Int,
        optional: true,
        doc: "Days until the assignment ends; absent where it does not.",
    },
    Field { name: "needs_activation", ty: Type::Bool, optional: false, doc: "It grants nothing until a session activates it." },
    Field {
        name: "muted",
        ty: Type::Bool,
        optional: false,
        doc: "The group has a muting permission set. Whether one takes away access to an app is not documented.",
    },
    Field { name: "out_of_date", ty: Type::Bool, optional: false, doc: "The group has a status other than `Updated`." },
];

/// An assignment that ends.
static EXPIRING: &[Field] = &[
    Field { name: "user", ty: Type::Text, optional: false, doc: "User name." },
    Field { name: "via", ty: Type::Text, optional: false, doc: "Name of the permission set or group." },
    Field { name: "days", ty: Type::Int, optional: false, doc: "Days until it ends." },
];

/// A profile of people who are not of the company.
static EXTERNAL_PROFILE: &[Field] = &[
    Field { name: "name", ty: Type::Text, optional: false, doc: "Name of the profile." },
    Field { name: "license", ty: Type::Text, optional: false, doc: "User licence." },
    Field { name: "user_type", ty: Type::Text, optional: false, doc: "`UserType`, such as `Guest` or `PowerPartner`." },
];

/// How many users a list can have: longer ones help nobody, and every app has one.
const LONGEST_LIST: usize = 200;

/// How soon an end is soon.
const SOON: i64 = 30;

const ASSIGNMENTS: &str = "PermissionSetAssignment";

fn active_users_percent(s: &View<'_>) -> FactValue {
    let (users, all) = (s.audience.active_users(), &s.live.indexed.org.active_users);
    match (users.state, &all.state) {
        (Ok(users), Ok(all)) => s.live.value(int(users.saturating_mul(100).checked_div(*all).unwrap_or_default()), ASSIGNMENTS),
        (Err(reason), _) => Fact::unknown(reason),
        (_, Err(reason)) => Fact::unknown(reason.clone()),
    }
}

fn users(s: &View<'_>) -> FactValue {
    if s.audience.holders().nth(LONGEST_LIST).is_some() {
        return too_many();
    }
    let mut unreadable = None;
    let items = s.audience.holders().map(|(way, holder)| user(s, way, holder, &mut unreadable)).collect();
    s.live.whole(items, unreadable.or_else(|| s.audience.more_users().cloned()), ASSIGNMENTS)
}

fn user(s: &View<'_>, way: &Way<'_>, holder: &Holder<'_>, unreadable: &mut Option<Reason>) -> Item {
    let expires = holder.expires.map(|date| days::until(date, s.live.today)).transpose();
    let expires = expires.unwrap_or_else(|reason| {
        *unreadable = Some(reason);
        None
    });
    entry([
        ("user", s.live.name_of(holder.id).into()),
        ("via_kind", way.via.kind().into()),
        ("via", way.via.name().into()),
        ("active", holder.user.map(|user| user.active).into()),
        ("frozen", holder.user.and_then(|user| user.frozen.value().copied()).into()),
        ("expires_in_days", expires.into()),
        ("needs_activation", way.requires_activation.into()),
        ("muted", (!way.via.muting().is_empty()).into()),
        ("out_of_date", way.via.is_out_of_date().into()),
    ])
}

fn too_many() -> FactValue {
    Fact::unknown(format!("there are more than {LONGEST_LIST} assignments, too many to list"))
}

fn permission_sets_without_active_users(s: &View<'_>) -> FactValue {
    let mut items = Vec::new();
    let mut more = s.audience.more.clone();
    for grant in &s.audience.grants {
        let Some(set) = grant.set else {
            more = more.or_else(|| grant.more.clone());
            continue;
        };
        // The first way of a permission set is itself, that of a group's own is the group.
        let Some(name) = grant.ways.first().map(|way| way.via.name()) else { continue };
        match grant.active_users().state {
            _ if matches!(set.kind, SetKind::OfProfile { .. }) => {}
            Ok(0) => items.push(Item::text(name, None)),
            Ok(_) => {}
            // One active user is enough, whoever else could not be read.
            Err(_) if grant.ways.iter().flat_map(|way| &way.holders).any(Holder::is_active) => {}
            Err(reason) => more = more.or(Some(reason)),
        }
    }
    s.live.found(items, more, ASSIGNMENTS)
}

/// The last of a user's ways: one without end beats any date.
enum Last<'a> {
    Never,
    In(i64, &'a str),
}

fn expiring(s: &View<'_>) -> FactValue {
    let mut last: BTreeMap<&str, (&Holder<'_>, Last<'_>)> = BTreeMap::new();
    let is_profile = |via: &Via<'_>| matches!(via, Via::Profile { .. });
    // A way without a holder that was seen may have some that were not.
    let of_ways = s.audience.ways().filter(|way| !is_profile(&way.via)).find_map(|way| way.more.clone());
    let mut more = s.audience.more_ways().cloned().or(of_ways);
    for (way, holder) in s.audience.holders().filter(|(way, _)| !is_profile(&way.via)) {
        if holder.user.is_none() {
            more = more.or_else(|| Some(s.live.indexed.graph.unread(holder.id)));
        }
        let end = match holder.expires.map(|date| days::until(date, s.live.today)) {
            None => Last::Never,
            Some(Ok(days)) => Last::In(days, way.via.name()),
            Some(Err(reason)) => {
                more = more.or(Some(reason));
                continue;
            }
        };
        match last.get(short(holder.id)) {
            Some((_, Last::Never)) => {}
            Some((_, Last::In(known, _))) if matches!(end, Last::In(days, _) if days <= *known) => {}
            _ => drop(last.insert(short(holder.id), (holder, end))),
        }
    }
    let by_profile =
        |profile: &str| s.audience.ways().any(|way| matches!(way.via, Via::Profile { id, .. } if short(id) == short(profile)));
    let mut ends: Vec<(i64, &str, &str)> = Vec::new();
    for (holder, end) in last.values() {
        if let (Last::In(days, via), Some(user)) = (end, holder.user)
            && *days <= SOON
            && user.active
            && !by_profile(&user.profile)
        {
            ends.push((*days, &user.username, via));
        }
    }
    ends.sort_unstable();
    let items =
        ends.into_iter().map(|(days, user, via)| entry([("user", user.into()), ("via", via.into()), ("days", Value::Int(days))]));
    s.live.found(items.collect(), more, ASSIGNMENTS)
}

fn inactive_only(s: &View<'_>) -> FactValue {
    let assigned = !s.audience.grants.is_empty();
    let mut unknown = s.audience.more_users().cloned();
    for (_, holder) in s.audience.holders() {
        match holder.user.map(|user| (user.active, &user.frozen.state)) {
            Some((false, _) | (true, Ok(true))) => {}
            Some((true, Ok(false))) => return s.live.value(false, ASSIGNMENTS),
            Some((true, Err(reason))) => unknown = unknown.or_else(|| Some(reason.clone())),
            None => unknown = unknown.or_else(|| Some(s.live.indexed.graph.unread(holder.id))),
        }
    }
    unknown.map_or_else(|| s.live.value(assigned, ASSIGNMENTS), Fact::unknown)
}

fn external_profiles(s: &View<'_>) -> FactValue {
    let mut more = s.audience.more.clone();
    let mut items = Vec::new();
    for way in s.audience.ways() {
        match way.via {
            Via::Profile { row: Some(row), .. } if is_external(&row.user_type) => items.push(entry([
                ("name", row.name.as_str().into()),
                ("license", row.license.as_str().into()),
                ("user_type", row.user_type.as_str().into()),
            ])),
            Via::Profile { row: Some(row), .. } if row.user_type.is_empty() => {
                more = more.or_else(|| Some(format!("the user type of the profile `{}` could not be read", row.name).into()));
            }
            Via::Profile { row: None, name, .. } => {
                more = more.or_else(|| Some(format!("the profile `{name}` could not be read").into()));
            }
            _ => {}
        }
    }
    // A permission set that could not be read may be that of a profile.
    let unread = s.audience.grants.iter().filter(|grant| grant.set.is_none()).find_map(|grant| grant.more.clone());
    s.live.found(items, more.or(unread), "Profile")
}

fn users_without_api(s: &View<'_>) -> FactValue {
    if s.audience.active_users_seen() > LONGEST_LIST as u64 {
        return too_many();
    }
    let mut users = BTreeMap::new();
    for (_, holder) in s.audience.holders().filter(|(_, holder)| holder.is_active()) {
        if let Some(user) = holder.user {
            users.insert(short(holder.id), user);
        }
    }
    let mut more = s.audience.more_users().cloned();
    let mut items = Vec::new();
    for (id, user) in users {
        match s.live.indexed.graph.permission(id, user, API_ENABLED).state {
            Ok(true) => {}
            Ok(false) => items.push(Item::text(user.username.as_str(), None)),
            Err(reason) => more = more.or(Some(reason)),
        }
    }
    s.live.found(items, more, "User")
}
