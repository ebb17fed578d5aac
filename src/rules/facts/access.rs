//! Who may use an app.

use std::collections::BTreeSet;

use super::declare::{Declared, OfApp, either, fact, item, list};
use super::view::AppView;
use crate::inventory::Fact;
use crate::inventory::app::{Access, Assignment, Resolution};
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::profile::{is_administrator, standard};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// Who may use the app.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact(
        "app.access.permitted_users",
        Type::Choice(PermittedUsers::WORDS),
        "Permitted Users. Unknown for an External Client App whose OAuth policies are not in the source.",
        |s| s.app.access.permitted_users.map(|users| users.as_str().into()),
    ),
    fact("app.access.profiles", Type::Texts, "Assigned profiles as the app names them (labels), empty elements dropped.", |s| {
        list(&s.app.access.profiles, |all| all.iter().map(assignment).collect())
    }),
    fact(
        "app.access.permission_sets",
        Type::Texts,
        "Assigned permission sets as the app names them (labels or API names), empty elements dropped.",
        |s| list(&s.app.access.permission_sets, |all| all.iter().map(assignment).collect()),
    ),
    fact("app.access.anyone_assigned", Type::Bool, "Whether at least one profile or permission set is assigned.", |s| {
        anyone_assigned(&s.app.access)
    }),
    fact(
        "app.access.administrator_profiles",
        Type::Texts,
        "Assigned profiles that are System Administrator, in any language.",
        |s| list(&s.app.access.profiles, |all| pick(all, |profile| is_administrator(&profile.name))),
    ),
    fact(
        "app.access.standard_profiles",
        Type::Texts,
        "Assigned profiles that are Salesforce's own, System Administrator not among them, in any language.",
        |s| {
            list(&s.app.access.profiles, |all| {
                pick(all, |profile| standard(&profile.name).is_some() && !is_administrator(&profile.name))
            })
        },
    ),
    fact(
        "app.access.missing_profiles",
        Type::Texts,
        "Assigned profiles that the source does not have. Unknown when a tree holds no profiles.",
        |s| missing(&s.app.access.profiles),
    ),
    fact(
        "app.access.missing_permission_sets",
        Type::Texts,
        "Assigned permission sets that the source does not have. Unknown when a tree holds no permission sets.",
        |s| missing(&s.app.access.permission_sets),
    ),
    fact("app.access.repeated_assignments", Type::Texts, "Assignments listed more than once.", |s| repeated(&s.app.access)),
    fact(
        "app.access.shared_permission_sets",
        Type::Texts,
        "Assigned permission sets that three or more apps of the source name.",
        |s| {
            list(&s.app.access.permission_sets, |all| {
                pick(all, |set| s.context.apps_with_permission_set(s.app.source, &set.name) >= 3)
            })
        },
    ),
    fact(
        "app.access.profiles_without_login_ip_ranges",
        Type::Texts,
        "Assigned profiles of the source that have no login IP ranges. Unknown when one of them could not be read.",
        without_login_ip_ranges,
    ),
];

fn assignment(assignment: &Assignment) -> Item {
    item(&assignment.name, &assignment.origin)
}

fn pick(all: &[Assignment], wanted: impl Fn(&Assignment) -> bool) -> Vec<Item> {
    all.iter().filter(|entry| wanted(entry)).map(assignment).collect()
}

fn anyone_assigned(access: &Access) -> FactValue {
    let any = |fact: &Fact<Vec<Assignment>>| fact.map(|all| !all.is_empty());
    either(&any(&access.profiles), &any(&access.permission_sets)).map(|any| (*any).into())
}

/// The assignments that nothing in the source has the name of. One that could not be told makes the fact unknown, unless another is known to be
/// missing: that one is worth saying.
fn missing(assigned: &Fact<Vec<Assignment>>) -> FactValue {
    let Ok(all) = &assigned.state else { return assigned.map(|_| Value::Absent) };
    let missing = pick(all, |entry| entry.resolution == Resolution::Missing);
    let unknown = all.iter().find_map(|entry| match &entry.resolution {
        Resolution::Unknown(reason) => Some(reason.clone()),
        Resolution::Found { .. } | Resolution::Missing => None,
    });
    match unknown {
        Some(reason) if missing.is_empty() => Fact::unknown(reason).with_origins(assigned.origins.clone()),
        _ => Fact::known(Value::List(missing)).with_origins(assigned.origins.clone()),
    }
}

fn repeated(access: &Access) -> FactValue {
    let lists = [&access.profiles, &access.permission_sets];
    if let Some(unknown) = lists.iter().find(|fact| fact.state.is_err()) {
        return unknown.map(|_| Value::Absent);
    }
    let mut items = Vec::new();
    for all in lists.iter().filter_map(|fact| fact.value()) {
        let mut seen = BTreeSet::new();
        items.extend(all.iter().filter(|entry| !seen.insert(entry.name.as_str())).map(assignment));
    }
    Fact::known(Value::List(items))
}

/// Assigned profiles of the source that have no login IP ranges.
fn without_login_ip_ranges(s: &AppView<'_>) -> FactValue {
    let Ok(all) = &s.app.access.profiles.state else { return s.app.access.profiles.map(|_| Value::Absent) };
    let mut without = Vec::new();
    let mut unknown = None;
    for entry in all {
        let Resolution::Found { full_name: name, .. } = &entry.resolution else {
            unknown = unknown.or_else(|| Some(format!("`{}` is not a profile of the source", entry.name).into()));
            continue;
        };
        let profile = s.context.inventory.profiles.iter().find(|profile| profile.source == s.app.source && profile.name == *name);
        match profile.map(|profile| &profile.login_ip_ranges.state) {
            Some(Ok(ranges)) if !ranges.is_empty() => {}
            Some(Ok(_)) => without.push(assignment(entry)),
            Some(Err(reason)) => unknown = unknown.or_else(|| Some(reason.clone())),
            None => {
                let reason = || format!("the login IP ranges of the profile `{}` are not in the source", entry.name);
                unknown = unknown.or_else(|| Some(reason().into()));
            }
        }
    }
    match unknown {
        Some(reason) if without.is_empty() => Fact::unknown(reason),
        _ => Fact::known(Value::List(without)),
    }
}
