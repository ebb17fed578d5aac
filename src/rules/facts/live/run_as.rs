//! The user a client credentials app runs as.

use super::view::View;
use super::{Declared, OfAppOfOrg};
use crate::access::{API_ENABLED, API_ONLY};
use crate::inventory::org::User;
use crate::inventory::{Fact, Profile};
use crate::rules::facts::declare::{either, live};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// The user of the client credentials flow.
pub(super) static FACTS: &[Declared<OfAppOfOrg>] = &[
    live(
        "app.run_as.found",
        Type::Bool,
        "Whether the org has the user that the client credentials flow runs as. False where the app names none; then the other facts of the group are unknown.",
        found,
    ),
    live("app.run_as.active", Type::Bool, "Whether that user is active.", |s| of(s, |_, user| Fact::known(user.active.into()))),
    live("app.run_as.frozen", Type::Bool, "Whether that user is frozen.", |s| of(s, |_, user| user.frozen.map(|on| (*on).into()))),
    live("app.run_as.administrator", Type::Bool, "Whether that user has the System Administrator profile, in any language.", |s| {
        of(s, |_, user| s.live.indexed.graph.is_administrator(user).map(|is| (*is).into()))
    }),
    live(
        "app.run_as.powerful",
        Type::Bool,
        "Whether that user is an administrator or has one of the permissions that read or change everything or give access to others. Known also where one was seen and others could not be read.",
        |s| of(s, |id, user| powerful(s, id, user)),
    ),
    live(
        "app.run_as.powers",
        Type::Texts,
        "Permissions of that user that read or change everything or give access to others, such as `ModifyAllData`. Unknown where there may be more.",
        |s| of(s, |id, user| powers(s, id, user)),
    ),
    live("app.run_as.api_only", Type::Bool, "Whether that user has API Only User.", |s| {
        of(s, |id, user| s.live.indexed.graph.permission(id, user, API_ONLY).map(|has| (*has).into()))
    }),
    live("app.run_as.api_enabled", Type::Bool, "Whether that user has API Enabled.", |s| {
        of(s, |id, user| s.live.indexed.graph.permission(id, user, API_ENABLED).map(|has| (*has).into()))
    }),
    live(
        "app.run_as.login_ip_restricted",
        Type::Bool,
        "Whether the profile of that user has login IP ranges: without any it may log in from anywhere.",
        |s| of(s, |_, user| restriction(s, user, |profile| profile.login_ip_ranges.map(|ranges| (!ranges.is_empty()).into()))),
    ),
    live(
        "app.run_as.login_hours_restricted",
        Type::Bool,
        "Whether the profile of that user has login hours, outside of which it cannot log in.",
        |s| of(s, |_, user| restriction(s, user, |profile| profile.has_login_hours.map(|has| (*has).into()))),
    ),
    live(
        "app.run_as.authorized",
        Type::Bool,
        "Whether that user is assigned to the app, through whatever profile, permission set or group.",
        |s| of(s, |id, user| s.audience.reaches(id, user).map(|reaches| (*reaches).into())),
    ),
];

/// The user's id and record; the reason where there is none.
fn user<'a>(s: &View<'a>) -> Fact<Option<(&'a str, &'a User)>> {
    s.app.flows.client_credentials_user.map(|name| {
        // The field of an External Client App is said to hold a user name; an id costs nothing to understand.
        s.live.indexed.graph.user_named(name).or_else(|| s.live.indexed.graph.user(name.trim()))
    })
}

fn found(s: &View<'_>) -> FactValue {
    let named = s.app.flows.client_credentials_user.value().is_some_and(|name| !name.is_empty());
    let user = user(s);
    match (&user.state, &s.live.indexed.org.more_users) {
        (Ok(None), Some(reason)) if named => Fact::unknown(reason.clone()),
        _ => user.map(|user| user.is_some().into()),
    }
}

fn of(s: &View<'_>, read: impl FnOnce(&str, &User) -> FactValue) -> FactValue {
    match user(s).state {
        Ok(Some((id, user))) => {
            let fact = read(id, user);
            let origins = s.live.object("User");
            fact.with_origins(origins)
        }
        Ok(None) => Fact::unknown(
            s.live.indexed.org.more_users.clone().unwrap_or_else(|| "the app has no user to run as in the org".into()),
        ),
        Err(reason) => Fact::unknown(reason),
    }
}

fn restriction(s: &View<'_>, user: &User, read: impl FnOnce(&Profile) -> FactValue) -> FactValue {
    match s.live.login_restrictions(&user.profile_name) {
        Ok(profile) => read(profile),
        Err(reason) => Fact::unknown(reason),
    }
}

fn powerful(s: &View<'_>, id: &str, user: &User) -> FactValue {
    let powers = s.live.indexed.graph.powers(id, user);
    let seen = !powers.seen.is_empty();
    let has_powers = match powers.more {
        Some(reason) if !seen => Fact::unknown(reason),
        _ => Fact::known(seen),
    };
    either(&s.live.indexed.graph.is_administrator(user), &has_powers).map(|powerful| (*powerful).into())
}

fn powers(s: &View<'_>, id: &str, user: &User) -> FactValue {
    let powers = s.live.indexed.graph.powers(id, user);
    let items = powers.seen.into_iter().map(|name| Item::text(name, None)).collect();
    powers.more.map_or_else(|| Fact::known(Value::List(items)), Fact::unknown)
}
