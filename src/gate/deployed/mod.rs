//! The state of an org as it would be after a deployment.
//!
//! Components of the deployment replace those of the org, one by one: a connected app is one component, an External Client App one for each
//! part, settings one for each file. What a component does not say goes back to its default, which is what its file is read to say, and stays
//! where the API version of the deployment is too old to say it. Of assignments that a file does not mention it is not documented whether the
//! org keeps them: where it has some, they are unknown.

mod deletion;
mod external_client_app;
mod grants;
mod groups;
mod holders;
mod parts;
mod profiles;
mod settings;
mod too_old;

use std::collections::BTreeSet;

use self::grants::Grants;
use crate::collect::Collected;
use crate::collect::tree::deployment::{Deleted, Deployment};
use crate::diagnostic::Diagnostic;
use crate::inventory::app::{App, AppKind, PartKind};
use crate::inventory::key_file::KeyFile;
use crate::inventory::org::{AppInOrg, Seen, short};
use crate::inventory::{Fact, Inventory, Mention, MentionedBy, OrphanPart};

/// Index of the org among the sources of an inventory of one org.
const ORG: usize = 0;

/// An org as it would be after a deployment. `before` is the inventory of one org.
#[must_use]
pub fn as_deployed(before: &Inventory, deployment: Deployment) -> Collected {
    let Deployment { collected, deleted, groups } = deployment;
    let Collected { inventory: source, mut diagnostics, partial, left_out, not_found, files_seen, .. } = collected;
    let mut after = before.clone();
    deletion::delete(&mut after, deleted.iter().filter(|it| !it.last));
    let whole = source.apps.into_iter().map(|app| (app, true));
    let laid = lay_apps(whole.chain(partial.into_iter().map(|app| (app, false))), &mut after, &mut diagnostics);
    settings::lay(&source.settings, &mut after.settings);
    holders::lay(&source.user_permissions, &mut after);
    profiles::lay(source.profiles, &mut after.profiles);
    let is_open = |part: &OrphanPart| part.app.value().is_none_or(|app| !laid.contains(app));
    after.orphans.extend(source.orphans.into_iter().filter(is_open).map(|part| OrphanPart { source: ORG, ..part }));
    after.key_files = source.key_files.into_iter().map(|file| KeyFile { source: ORG, ..file }).collect();
    after.inline_waivers = source.inline_waivers;
    // Of the files that name what to delete only those count that the deployment is made with.
    let named = source.mentioned.into_iter().filter(|it| it.by != MentionedBy::DestructiveChanges);
    after.mentioned = named.chain(deleted.iter().filter_map(mention)).collect();
    deletion::delete(&mut after, deleted.iter().filter(|it| it.last));
    groups::lay(&groups, before, &mut after);
    after.apps.sort_by(|a, b| (a.location.path(), &a.name).cmp(&(b.location.path(), &b.name)));
    Collected { inventory: after, diagnostics, left_out, not_found, files_seen, ..Collected::default() }
}

/// Lays the apps of a deployment, each with whether it has its header, over those of the org. The result are the names of External Client Apps
/// that were laid.
fn lay_apps(
    deployed: impl Iterator<Item = (App, bool)>,
    after: &mut Inventory,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<String> {
    let granted = after.apps.iter().filter_map(|app| app.in_org.as_ref()).flat_map(|in_org| &in_org.granted_by.rows);
    let granting: BTreeSet<String> = granted.map(|id| short(id).to_owned()).collect();
    let (mut laid, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for (app, has_header) in deployed {
        if !seen.insert((app.kind, app.name.clone())) {
            diagnostics.push(twice(&app));
            continue;
        }
        if has_header || position(&app, after).is_some() {
            if app.kind == AppKind::ExternalClientApp {
                laid.insert(app.name.clone());
            }
            diagnostics.extend(position(&app, after).and_then(|index| another_key(after.apps.get(index)?, &app)));
            lay(app, has_header, after, &granting);
        }
    }
    laid
}

/// An app that the deployment deletes, whichever file says so.
fn mention(deleted: &Deleted) -> Option<Mention> {
    let kind = match deleted.metadata_type.as_str() {
        "ConnectedApp" => AppKind::ConnectedApp,
        "ExternalClientApplication" => AppKind::ExternalClientApp,
        _ => return None,
    };
    let (name, location) = (deleted.name.clone(), deleted.location.clone());
    Some(Mention { kind, name, by: MentionedBy::DestructiveChanges, location })
}

fn position(app: &App, after: &Inventory) -> Option<usize> {
    after.apps.iter().position(|it| it.kind == app.kind && it.name == app.name)
}

/// Which of two files of one app is deployed last nobody can tell.
fn twice(app: &App) -> Diagnostic {
    Diagnostic::error(format!("the source has `{}` more than once, and only the first was taken", app.name))
        .at(app.location.clone())
        .help("deploy one of them: name its folder, or a manifest")
}

/// A key that the app does not get, because it has one.
fn another_key(earlier: &App, deployed: &App) -> Option<Diagnostic> {
    let key = |app: &App| app.oauth.consumer_key.value().and_then(Option::as_ref).map(|key| key.digest);
    let place = deployed.oauth.consumer_key.origins.first()?.location().clone();
    (key(earlier)? != key(deployed)?).then(|| {
        Diagnostic::warning(format!("states another consumer key than `{}` has in the org", deployed.name))
            .at(place)
            .help("a key can be set only when an app is created: clients that are given this one are refused")
    })
}

/// Lays one app of a deployment over the org.
fn lay(deployed: App, has_header: bool, after: &mut Inventory, granting: &BTreeSet<String>) {
    let earlier = position(&deployed, after).map(|index| after.apps.remove(index));
    // Of an External Client App its OAuth policies have the assignments.
    let has_assignments = deployed.has_part(PartKind::OauthPolicies) || earlier.is_none();
    let mut app = match (&earlier, deployed.kind) {
        (Some(earlier), AppKind::ExternalClientApp) => external_client_app::merged(earlier, &deployed, has_header),
        (earlier, _) => connected_app(earlier.as_ref(), deployed),
    };
    app.source = ORG;
    app.in_org = Some(in_org(earlier.as_ref(), after.apps.len()));
    let org = after.sources.get_mut(ORG).and_then(|source| source.org.as_deref_mut());
    if let Some(org) = org.filter(|_| has_assignments) {
        Grants { org, granting }.apply(earlier.as_ref(), &mut app);
    }
    after.apps.push(app);
}

/// A connected app is replaced whole, but for what an org gives it and a file does not.
fn connected_app(earlier: Option<&App>, mut deployed: App) -> App {
    let Some(earlier) = earlier else { return deployed };
    too_old::keep(earlier, &mut deployed);
    // The key is settable only when an app is created.
    if earlier.oauth.consumer_key.value().is_some_and(Option::is_some) {
        deployed.oauth.consumer_key = earlier.oauth.consumer_key.clone();
    }
    deployed.flows.guest_code_credentials = earlier.flows.guest_code_credentials.clone();
    deployed.oauth.custom_scopes = both_lists(&earlier.oauth.custom_scopes, deployed.oauth.custom_scopes);
    deployed
}

/// Custom scopes are components of their own, which name their apps: those of the org stay, and those of the deployment come.
fn both_lists<T: Clone>(earlier: &Fact<Vec<(String, T)>>, mut deployed: Fact<Vec<(String, T)>>) -> Fact<Vec<(String, T)>> {
    match (&earlier.state, &mut deployed.state) {
        (Err(_), _) => earlier.clone(),
        (Ok(old), Ok(new)) => {
            let added: Vec<_> = old.iter().filter(|(name, _)| !new.iter().any(|(there, _)| there == name)).cloned().collect();
            new.extend(added);
            deployed
        }
        (Ok(_), Err(_)) => deployed,
    }
}

/// What the org knows of an app; of a new one that nobody has used it yet.
fn in_org(earlier: Option<&App>, number: usize) -> AppInOrg {
    let known = earlier.and_then(|earlier| earlier.in_org.clone());
    let new = || AppInOrg {
        // No id of Salesforce's has this form, so that nothing refers to it.
        id: Some(format!("new{number:012}")),
        body: Fact::known(true),
        installed: Fact::known(false),
        granted_by: Seen::all(Vec::new()),
    };
    // What could not be read of an External Client App still is not, but for the parts that are deployed.
    let is_replaced = earlier.is_some_and(|earlier| earlier.kind == AppKind::ConnectedApp);
    known.map_or_else(new, |known| AppInOrg { body: if is_replaced { Fact::known(true) } else { known.body }, ..known })
}
