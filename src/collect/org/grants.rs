//! Which permission sets and profiles grant an app: `SetupEntityAccess`, which is what the org goes by, or else the names in metadata.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::Answer;
use crate::inventory::app::{App, Assignment, Resolution};
use crate::inventory::org::{Id, Org, PermissionSet, Seen, SetKind, short};
use crate::inventory::{Fact, Origin, Reason};

/// The grants of all apps, by the short id of the app.
pub(super) struct Grants(Result<ByApp, Reason>);

/// Permission sets by app, and why there may be more.
type ByApp = (BTreeMap<String, Vec<Id>>, Option<Reason>);

impl Grants {
    /// Reads the answer. A user who cannot view Setup may see a part of the rows without being told.
    pub(super) fn read(answer: Result<Answer, Reason>, can_view_setup: Option<bool>) -> Self {
        Self(answer.map(|answer| {
            let mut by_app: BTreeMap<String, Vec<Id>> = BTreeMap::new();
            for row in &answer.rows {
                if let (Some(app), Some(set)) = (row.text("SetupEntityId"), row.text("ParentId")) {
                    by_app.entry(short(&app).to_owned()).or_default().push(set);
                }
            }
            let blind = (can_view_setup == Some(false))
                .then(|| Reason::from("assignments may be hidden: the permission View Setup and Configuration is missing"));
            (by_app, answer.more.or(blind))
        }))
    }

    /// Every permission set that grants some app.
    pub(super) fn sets(&self) -> BTreeSet<Id> {
        self.0.iter().flat_map(|(by_app, _)| by_app.values().flatten().cloned()).collect()
    }

    /// Puts the grants of an app in the place of the names its metadata lists, and looks up what is left of names.
    pub(super) fn apply(&self, app: &mut App, org: &Org, origin: &Origin) {
        let Some(in_org) = app.in_org.as_mut() else { return };
        match (&self.0, &in_org.id) {
            (Ok((by_app, more)), Some(id)) => {
                let rows = by_app.get(short(id)).cloned().unwrap_or_default();
                in_org.granted_by = Seen { rows: rows.clone(), more: more.clone() };
                let Named { profiles, permission_sets, unnamed } = named(&rows, org, origin);
                let listed = |list: Vec<Assignment>| match more {
                    // What is granted for certain is still listed by its metadata.
                    Some(reason) if list.is_empty() => Fact::unknown(reason.clone()),
                    _ => Fact::read(list, origin.clone()),
                };
                // One that could not be told may be any profile, also the one a rule looks for.
                app.access.profiles = unnamed.map_or_else(|| listed(profiles), Fact::unknown);
                app.access.permission_sets = listed(permission_sets);
            }
            (Err(reason), _) => {
                in_org.granted_by = Seen::nothing(reason.clone());
                resolve(app, org);
            }
            (Ok(_), None) => resolve(app, org),
        }
    }
}

/// What grants an app, by name.
#[derive(Default)]
struct Named {
    profiles: Vec<Assignment>,
    permission_sets: Vec<Assignment>,
    /// Why there may be profiles that are not among them.
    unnamed: Option<Reason>,
}

fn named(sets: &[Id], org: &Org, origin: &Origin) -> Named {
    let mut named = Named::default();
    for id in sets {
        let assignment = |name: &str, resolution| Assignment { name: name.to_owned(), origin: origin.clone(), resolution };
        let found = |set: &PermissionSet| Resolution::Found { full_name: set.name.clone(), label: Some(set.label.clone()) };
        let Some(set) = org.permission_sets.get(id) else {
            let why = Reason::from(format!("the permission set {id} grants the app and could not be read"));
            named.permission_sets.push(assignment(id, Resolution::Unknown(why.clone())));
            named.unnamed = Some(why);
            continue;
        };
        match &set.kind {
            SetKind::OfProfile { profile } if !org.profiles.contains_key(profile) => {
                named.unnamed = Some(format!("the profile {profile} grants the app and could not be read").into());
            }
            SetKind::OfProfile { .. } => named.profiles.push(assignment(&set.name, found(set))),
            SetKind::Regular | SetKind::OfGroup { .. } => named.permission_sets.push(assignment(&set.name, found(set))),
        }
    }
    named.profiles.sort_by(|a, b| a.name.cmp(&b.name));
    named.permission_sets.sort_by(|a, b| a.name.cmp(&b.name));
    named
}

/// Looks up the names and ids that metadata lists.
fn resolve(app: &mut App, org: &Org) {
    let profile = |name: &str| {
        let known = org.profiles.iter().find(|(id, profile)| profile.name == name || short(id) == short(name));
        resolution(known.map(|(_, profile)| (profile.name.clone(), None)), org, name)
    };
    let permission_set = |name: &str| {
        let regular = org.permission_sets.iter().filter(|(_, set)| !matches!(set.kind, SetKind::OfProfile { .. }));
        let mut known = regular.filter(|(id, set)| set.name == name || set.label == name || short(id) == short(name));
        resolution(known.next().map(|(_, set)| (set.name.clone(), Some(set.label.clone()))), org, name)
    };
    if let Ok(profiles) = &mut app.access.profiles.state {
        for assignment in profiles {
            assignment.resolution = profile(&assignment.name);
        }
    }
    if let Ok(sets) = &mut app.access.permission_sets.state {
        for assignment in sets {
            assignment.resolution = permission_set(&assignment.name);
        }
    }
}

fn resolution(known: Option<(String, Option<String>)>, org: &Org, name: &str) -> Resolution {
    match (known, &org.more_permission_sets) {
        (Some((full_name, label)), _) => Resolution::Found { full_name, label },
        (None, None) => Resolution::Missing,
        (None, Some(reason)) => Resolution::Unknown(format!("`{name}` could not be looked up: {reason}").into()),
    }
}
