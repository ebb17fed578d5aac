//! The people and the non-human identities of a live org.

use super::view::{Live, entry, int};
use super::{Declared, OfLiveOrg};
use crate::inventory::org::{API_ONLY, SetKind, User, is_external, short};
use crate::inventory::profile::{is_for_programs, standard};
use crate::inventory::{Fact, Reason};
use crate::rules::facts::declare::live;
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Item};

/// People and non-human identities.
pub(super) static FACTS: &[Declared<OfLiveOrg>] = &[
    live(
        "org.standard_profiles_in_use",
        Type::Objects(PROFILE),
        "Profiles of Salesforce's own that active users have; not those for programs and those of guests, customers and partners. One that was renamed is not recognised.",
        standard_profiles,
    ),
    live(
        "org.powerful_integration_users",
        Type::Objects(IDENTITY),
        "Active users with API Only User who may read or change all data, manage users, write Apex or customize the application; not those that apps run as, of whom `app.run_as` tells.",
        powerful_integration_users,
    ),
];

/// A profile and its users.
static PROFILE: &[Field] = &[
    Field { name: "profile", ty: Type::Text, optional: false, doc: "Name of the profile." },
    Field { name: "active_users", ty: Type::Int, optional: false, doc: "Active users who have it." },
];

/// A non-human identity that may do much.
static IDENTITY: &[Field] = &[
    Field { name: "user", ty: Type::Text, optional: false, doc: "User name." },
    Field { name: "permissions", ty: Type::Text, optional: false, doc: "What the user may do, joined by commas." },
];

/// What a program has no need of.
const POWERS: &[&str] = &["AuthorApex", "CustomizeApplication", "ManageUsers", "ModifyAllData", "ViewAllData"];

fn standard_profiles(s: &Live<'_>) -> FactValue {
    if let Err(reason) = &s.indexed.org.active_users.state {
        return Fact::unknown(reason.clone());
    }
    let own = s.indexed.org.profiles_in_use().filter(|(_, profile)| {
        standard(&profile.name).is_some() && !is_for_programs(&profile.name) && !is_external(&profile.user_type)
    });
    let items = own.map(|(users, profile)| entry([("profile", profile.name.as_str().into()), ("active_users", int(users))]));
    let more = s.indexed.org.profiles.is_empty().then(|| Reason::from("the profiles of the org could not be read"));
    s.found(items.collect(), more, "Profile")
}

fn powerful_integration_users(s: &Live<'_>) -> FactValue {
    let (org, graph) = (s.indexed.org, &s.indexed.graph);
    let mut more = s.unlisted_api_only_users();
    let mut items = Vec::new();
    for (id, user) in org.users.iter().filter(|(id, user)| user.active && is_api_only(s, id, user) && !s.is_run_as(&user.username))
    {
        let powers = graph.powers(id, user);
        let seen: Vec<&str> = powers.seen.into_iter().filter(|power| POWERS.contains(power)).collect();
        match powers.more {
            Some(reason) if seen.is_empty() => more = more.or(Some(reason)),
            _ if seen.is_empty() => {}
            _ => items.push(item(user, &seen)),
        }
    }
    s.found(items, more, "User")
}

fn item(user: &User, powers: &[&str]) -> Item {
    entry([("user", user.username.as_str().into()), ("permissions", powers.join(", ").into())])
}

fn is_api_only(s: &Live<'_>, id: &str, user: &User) -> bool {
    match &user.permissions.state {
        Ok(permissions) => permissions.contains(API_ONLY),
        Err(_) => s.indexed.graph.is_seen_to_have(id, user, API_ONLY),
    }
}

impl Live<'_> {
    /// Why there may be users with API Only User that were not seen.
    fn unlisted_api_only_users(&self) -> Option<Reason> {
        let org = self.indexed.org;
        let large = org.api_only_sets().find_map(|(_, set)| match &set.kind {
            SetKind::OfProfile { profile } => org.large_profiles.iter().find(|large| short(large) == short(profile)),
            SetKind::Regular | SetKind::OfGroup { .. } => None,
        });
        org.more_permission_sets
            .clone()
            .or_else(|| self.hidden_permission(&[API_ONLY]))
            .or_else(|| org.assignments.more.clone())
            .or_else(|| org.groups.more.clone())
            .or_else(|| org.active_users.state.as_ref().err().cloned())
            .or_else(|| org.more_users.clone())
            .or_else(|| large.map(|_| "a profile with API Only User has too many users to list".into()))
    }
}
