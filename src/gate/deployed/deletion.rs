//! What a deployment deletes.

use super::ORG;
use crate::collect::tree::deployment::Deleted;
use crate::inventory::app::{App, AppKind, PartKind};
use crate::inventory::org::{Id, Org, SetKind, short};
use crate::inventory::profile::comparable;
use crate::inventory::{Fact, Inventory, Reason};

/// Takes components out of an org.
pub(super) fn delete<'d>(after: &mut Inventory, deleted: impl Iterator<Item = &'d Deleted>) {
    for it in deleted {
        match it.metadata_type.as_str() {
            "ConnectedApp" => remove_app(after, AppKind::ConnectedApp, &it.name),
            "ExternalClientApplication" => remove_app(after, AppKind::ExternalClientApp, &it.name),
            "PermissionSet" => remove_set(after, |_, set, name| matches!(set, SetKind::Regular) && name == it.name),
            "Profile" => remove_set(after, |_, set, name| {
                matches!(set, SetKind::OfProfile { .. }) && comparable(name) == comparable(&it.name)
            }),
            "PermissionSetGroup" => remove_group(after, &it.name),
            other => remove_part(after, other, it),
        }
    }
}

fn remove_app(after: &mut Inventory, kind: AppKind, name: &str) {
    after.apps.retain(|app| app.kind != kind || app.name != name);
}

fn org_of(after: &mut Inventory) -> Option<&mut Org> {
    after.sources.get_mut(ORG)?.org.as_deref_mut()
}

/// Takes a permission set, or the one of a profile, out of the org and off all its apps.
fn remove_set(after: &mut Inventory, is_it: impl Fn(&Id, &SetKind, &str) -> bool) {
    let Some(org) = org_of(after) else { return };
    let gone: Vec<(Id, String)> = org
        .permission_sets
        .iter()
        .filter(|(id, set)| is_it(id, &set.kind, &set.name))
        .map(|(id, set)| (id.clone(), set.name.clone()))
        .collect();
    for (id, name) in gone {
        if let Some(org) = org_of(after) {
            org.permission_sets.remove(&id);
            for group in &mut org.groups.rows {
                group.permission_sets.retain(|set| short(set) != short(&id));
            }
            org.assignments.rows.retain(|row| row.group.is_some() || short(&row.permission_set) != short(&id));
        }
        for app in &mut after.apps {
            take_off(app, &id, &name);
        }
    }
}

fn take_off(app: &mut App, id: &Id, name: &str) {
    let Some(in_org) = &mut app.in_org else { return };
    let had = in_org.granted_by.rows.len();
    in_org.granted_by.rows.retain(|set| short(set) != short(id));
    if in_org.granted_by.rows.len() == had {
        return;
    }
    for list in [&mut app.access.profiles, &mut app.access.permission_sets] {
        if let Ok(list) = &mut list.state {
            list.retain(|assignment| assignment.resolution.full_name() != Some(name));
        }
    }
}

/// Takes a group out of the org: who had its permission sets through it has them no longer.
fn remove_group(after: &mut Inventory, name: &str) {
    let Some(org) = org_of(after) else { return };
    let gone: Vec<Id> = org.groups.rows.iter().filter(|group| group.name == name).map(|group| group.id.clone()).collect();
    org.groups.rows.retain(|group| group.name != name);
    org.assignments.rows.retain(|row| row.group.as_ref().is_none_or(|group| !gone.contains(group)));
}

/// A part of an External Client App: what it said is no longer said. Parts go by names of their own, so that the app is the one whose part has
/// that name; where none has, the part is none that was read.
fn remove_part(after: &mut Inventory, metadata_type: &str, deleted: &Deleted) {
    let Some(kind) = part(metadata_type) else { return };
    let file = |path: &str| path.rsplit('/').next().unwrap_or(path) == deleted.name;
    let has_it = |app: &&mut App| app.parts.get(&kind).is_some_and(|places| places.iter().any(|place| file(place.path())));
    for app in after.apps.iter_mut().filter(|app| app.kind == AppKind::ExternalClientApp).filter(has_it) {
        app.parts.remove(&kind);
        forget(app, kind, &format!("the deployment deletes its {metadata_type} `{}`", deleted.name).into());
    }
}

fn part(metadata_type: &str) -> Option<PartKind> {
    Some(match metadata_type {
        "ExtlClntAppOauthSettings" => PartKind::OauthSettings,
        "ExtlClntAppGlobalOauthSettings" => PartKind::GlobalOauthSettings,
        "ExtlClntAppOauthConfigurablePolicies" => PartKind::OauthPolicies,
        "ExtlClntAppConfigurablePolicies" => PartKind::Policies,
        _ => return None,
    })
}

/// What a part alone tells is not known without it.
fn forget(app: &mut App, kind: PartKind, why: &Reason) {
    fn unknown<T>(why: &Reason) -> Fact<T> {
        Fact::unknown(why.clone())
    }
    match kind {
        PartKind::OauthSettings => {
            app.oauth.scopes = unknown(why);
            app.oauth.custom_scopes = unknown(why);
            app.network.ip_ranges = unknown(why);
        }
        PartKind::GlobalOauthSettings => {
            app.oauth.callbacks = unknown(why);
            app.flows.certificate = unknown(why);
            app.flows.client_credentials = unknown(why);
            app.flows.device = unknown(why);
            app.flows.token_exchange = unknown(why);
            app.flows.code_credentials = unknown(why);
            app.tokens.rotation = unknown(why);
            app.tokens.pkce_required = unknown(why);
            app.tokens.secret_optional = unknown(why);
            app.tokens.secret_required_for_refresh = unknown(why);
            app.certificates = unknown(why);
        }
        PartKind::OauthPolicies => {
            app.access.permitted_users = unknown(why);
            app.access.profiles = unknown(why);
            app.access.permission_sets = unknown(why);
            app.tokens.refresh_policy = unknown(why);
            app.network.ip_relaxation = unknown(why);
            app.network.ip_relaxation_text = unknown(why);
            app.session.level = unknown(why);
            app.session.timeout_minutes = unknown(why);
            app.session.action = unknown(why);
            app.flows.client_credentials_user = unknown(why);
        }
        _ => app.enabled = unknown(why),
    }
}
