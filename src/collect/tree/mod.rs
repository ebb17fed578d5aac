//! Reads an inventory from files: an SFDX project, a metadata-format folder, a zip of one, any folder, a revision in git, or single files.
//!
//! Files are found by name (`find`, `walk`), named by suffix and root element (`recognise`), read against Salesforce's types, and joined to
//! apps (`join`). Profiles and permission sets are opened where an app names one (`assignments`) or where rules ask for all (`holders`).

mod archive;
mod assignments;
pub mod deployment;
mod files;
mod find;
mod force_ignore;
pub mod git;
mod holders;
mod inline_waiver;
mod join;
mod keys;
mod manifest;
pub mod package;
mod peek;
mod project;
pub(super) mod recognise;
mod walk;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use self::files::absolute;
use self::files::{Body, SourceFile, folder_of};
use self::find::Found;
use self::force_ignore::ForceIgnore;
use self::git::Revision;
use self::join::{Component, Joined};
pub use self::manifest::Manifest;
use self::project::{Root, root_of};
use self::recognise::FileKind;
use super::component::settings::{self, SettingsFiles};
use super::{Collected, ProfilesToRead};
use crate::diagnostic::{Diagnostic, LeftOut};
use crate::inventory::MentionedBy;
use crate::inventory::settings::OrgSettings;
use crate::metadata::Record;
use crate::source::Location;
use crate::source::xml::Keep;

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Folders, zips and files, as typed.
    pub paths: &'a [PathBuf],
    /// Whether `.forceignore` counts.
    pub force_ignore: bool,
    /// Which profiles to open. Where all are, so are the permission sets.
    pub profiles: ProfilesToRead,
    /// Profiles to open whether apps are assigned to them or not, by label or file name.
    pub also: &'a [String],
}

/// Reads everything the request names.
#[must_use]
pub fn collect(request: &Request<'_>) -> Collected {
    let mut collected = Collected::default();
    let found = find::on_disk(request, &mut collected);
    read(found, request, collected, |_, _, _| {})
}

/// The same as if files had other texts, and as if there were files that are not there: by their paths as shown.
#[must_use]
pub fn collect_with(request: &Request<'_>, texts: &BTreeMap<String, String>) -> Collected {
    let mut collected = Collected::default();
    let mut found = find::on_disk(request, &mut collected);
    for (path, text) in texts {
        let body = Body::Memory(text.as_bytes().into());
        match found.files.iter_mut().find(|file| file.shown == *path) {
            Some(file) => file.body = body,
            None => found.files.extend(SourceFile::named(path, body)),
        }
    }
    read(found, request, collected, |_, _, _| {})
}

/// The same of a revision in git, as if it were a folder: the paths of the request are paths in it, from its root.
#[must_use]
pub fn collect_revision(revision: &Arc<Revision>, request: &Request<'_>) -> Collected {
    let mut collected = Collected::default();
    let found = find::in_revision(revision, request, &mut collected);
    read(found, request, collected, |_, _, _| {})
}

/// Reads what was found. `choose` may take files out when the trees are known.
fn read(
    found: Found,
    request: &Request<'_>,
    mut collected: Collected,
    choose: impl FnOnce(&mut Vec<SourceFile>, &[Root], &mut Vec<Diagnostic>),
) -> Collected {
    let Found { mut files, folders, enclosing_version } = found;
    files.sort_by(|a, b| a.shown.cmp(&b.shown));
    // Names that are not UTF-8 can be shown alike: only the same file twice is one file.
    files.dedup_by(|later, earlier| later.shown == earlier.shown && later.is_same_file(earlier));
    find::name_by_root(&mut files, request, &mut collected.diagnostics);
    leave_out(&mut files, request, &mut collected);
    let mut roots = project::roots(&files, &folders, &mut collected.diagnostics);
    for root in roots.iter_mut().filter(|root| root.source.api_version.is_none()) {
        root.source.api_version = enclosing_version.get(&root.source.name).copied();
    }
    choose(&mut files, &roots, &mut collected.diagnostics);
    let components = read_components(&files, &mut collected);
    let Joined { mut apps, orphans, mut partial } = join::apps(&components, &roots);
    join::custom_scopes(&mut apps, &components, &roots);
    let mut directories = directories(&files, &roots);
    for app in apps.iter_mut().chain(&mut partial) {
        if let Some(directory) = directories.get_mut(app.source) {
            directory.resolve(app, &mut collected.diagnostics);
        }
    }
    for (tree, directory) in directories.iter().enumerate() {
        if request.profiles == ProfilesToRead::All {
            let (profiles, permissions) = holders::read_all(directory, tree, &mut collected.diagnostics);
            collected.inventory.profiles.extend(profiles);
            collected.inventory.user_permissions.extend(permissions);
            continue;
        }
        let mut names = directory.profiles_named(request.also);
        if request.profiles == ProfilesToRead::Assigned {
            names.extend(assignments::Directory::assigned_profiles(tree, &apps));
        }
        collected.inventory.profiles.extend(directory.read_profiles(tree, &names, &mut collected.diagnostics));
    }
    let named = apps.iter().map(|app| (app.kind, app.name.clone())).collect();
    let mentions = mentions(&files, &mut collected.diagnostics);
    collected.inventory.mentioned = manifest::without_file(mentions, &named);
    collected.inventory.settings = org_settings(&components, &roots);
    collected.inventory.key_files = keys::read(&files, &roots, &mut collected.diagnostics);
    collected.inventory.apps = apps;
    collected.partial = partial;
    collected.inventory.orphans = orphans;
    collected.inventory.sources = roots.into_iter().map(|root| root.source).collect();
    collected
}

/// Takes out what `.forceignore` names, and says so for every app.
fn leave_out(files: &mut Vec<SourceFile>, request: &Request<'_>, collected: &mut Collected) {
    if !request.force_ignore {
        return;
    }
    let mut ignore = ForceIgnore::default();
    files.retain(|file| {
        // Whether an ignored profile exists is still worth knowing; the others are no metadata.
        if file.kind.is_lazy()
            || matches!(file.kind, FileKind::SfdxProject | FileKind::Manifest | FileKind::DestructiveChanges | FileKind::KeyFile(_))
        {
            return true;
        }
        let Some(reason) = ignore.reason(file) else { return true };
        if file.kind.is_app() {
            collected.left_out.push(LeftOut { path: file.shown.clone(), reason });
        }
        false
    });
    collected.diagnostics.append(&mut ignore.diagnostics);
}

/// Reads every file that is a component of its own, but not the many that are opened only where something asks for them.
fn read_components(files: &[SourceFile], collected: &mut Collected) -> Vec<Component> {
    let mut components = Vec::new();
    for file in files.iter().filter(|file| !file.kind.is_lazy() && file.kind != FileKind::AppMenu) {
        let Some(wanted) = file.kind.metadata_type() else { continue };
        let (text, root) = match file.xml(Keep::All) {
            Ok(read) => read,
            Err(problem) => {
                collected.diagnostics.push(problem);
                continue;
            }
        };
        let place = Location::new(&text, root.name_span);
        let (kind, ty) = if let Some(kind) = FileKind::of_root(&root.name) {
            (kind, kind.metadata_type().unwrap_or(wanted))
        } else {
            let title = format!("holds `{}`, not `{}` as its name says", root.name, wanted.name);
            collected.diagnostics.push(Diagnostic::error(title).at(place).help("give the file the suffix of what it holds"));
            continue;
        };
        if kind != file.kind {
            let title = format!("holds `{}`, although its name says `{}`", ty.name, wanted.name);
            collected.diagnostics.push(Diagnostic::warning(title).at(place).help("it is read as what it holds"));
        }
        collected.inventory.inline_waivers.extend(inline_waiver::of_file(&text, &root));
        let record = Record::new(text, root, ty);
        collected.diagnostics.extend(record.oddities());
        components.push(Component { kind, record });
    }
    components
}

/// Profiles and permission sets by tree.
fn directories<'a>(files: &'a [SourceFile], roots: &[Root]) -> Vec<assignments::Directory<'a>> {
    let mut directories: Vec<_> = roots.iter().map(|_| assignments::Directory::default()).collect();
    for file in files.iter().filter(|file| file.kind.is_lazy()) {
        if let Some(directory) = directories.get_mut(root_of(roots, &file.shown)) {
            directory.add(file);
        }
    }
    directories
}

fn mentions(files: &[SourceFile], diagnostics: &mut Vec<Diagnostic>) -> Vec<crate::inventory::Mention> {
    let mut mentions = Vec::new();
    for file in files {
        let by = match file.kind {
            FileKind::AppMenu => MentionedBy::AppMenu,
            FileKind::Manifest => MentionedBy::Manifest,
            FileKind::DestructiveChanges => MentionedBy::DestructiveChanges,
            _ => continue,
        };
        match file.xml(Keep::All) {
            Ok((text, root)) if by == MentionedBy::AppMenu => mentions.extend(manifest::app_menu(&text, &root)),
            Ok((text, root)) => mentions.extend(manifest::manifest(&text, &root, by)),
            Err(problem) => diagnostics.push(problem),
        }
    }
    mentions
}

/// The settings of each folder that holds some: a tree can hold those of several orgs.
fn org_settings(components: &[Component], roots: &[Root]) -> Vec<OrgSettings> {
    let mut folders: BTreeMap<&str, SettingsFiles<'_>> = BTreeMap::new();
    for component in components {
        let record = &component.record;
        let folder = folder_of(record.path());
        let is_settings = matches!(
            component.kind,
            FileKind::ConnectedAppSettings
                | FileKind::ExternalClientAppSettings
                | FileKind::OauthOidcSettings
                | FileKind::SecuritySettings
        );
        if !is_settings {
            continue;
        }
        let files = folders.entry(folder).or_default();
        match component.kind {
            FileKind::ConnectedAppSettings => files.connected_apps = Some(record),
            FileKind::ExternalClientAppSettings => files.external_client_apps = Some(record),
            FileKind::OauthOidcSettings => files.oauth = Some(record),
            _ => files.security = Some(record),
        }
    }
    folders
        .into_iter()
        .map(|(folder, files)| {
            let tree = root_of(roots, &format!("{folder}/x"));
            settings::read(&files, tree, folder, roots.get(tree).and_then(|root| root.source.api_version))
        })
        .collect()
}
