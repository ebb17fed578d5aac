//! What a source brings to an org when it is deployed, and what it takes away.
//!
//! A metadata-format folder or zip is deployed as its own `package.xml` says, with the `destructiveChanges` files beside it. An SFDX source tree
//! is deployed whole, or as the manifest says that the deployment is made with.

use std::collections::BTreeSet;

use super::files::SourceFile;
use super::manifest::{Manifest, component};
use super::project::{Root, root_of};
use super::recognise::{FileKind, full_name};
use super::{Request, find, read};
use crate::collect::Collected;
use crate::diagnostic::Diagnostic;
use crate::source::Location;
use crate::source::xml::Keep;

/// What a source deploys.
#[derive(Debug, Default)]
pub struct Deployment {
    /// The components that are added or replaced, and what could not be read.
    pub collected: Collected,
    /// The components that are deleted.
    pub deleted: Vec<Deleted>,
    /// The permission set groups that are added or replaced.
    pub groups: Vec<Group>,
}

/// A permission set group, as its file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its full name.
    pub name: String,
    /// The full names of the permission sets in it.
    pub permission_sets: Vec<String>,
}

/// A component that a `destructiveChanges` file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Its metadata type.
    pub metadata_type: String,
    /// Its full name.
    pub name: String,
    /// Whether that happens after the other components are there, and not before.
    pub last: bool,
    /// Where it is named.
    pub location: Location,
}

/// Which files say what is deployed, where a source does not say so itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manifests<'a> {
    /// The manifest.
    pub manifest: Option<&'a Manifest>,
    /// What is deleted before the other components are there.
    pub delete_first: Option<&'a Manifest>,
    /// What is deleted afterwards.
    pub delete_last: Option<&'a Manifest>,
}

/// Reads what is deployed of the paths of a request.
#[must_use]
pub fn collect(request: &Request<'_>, by: Manifests<'_>) -> Deployment {
    let mut collected = Collected::default();
    let found = find::on_disk(request, &mut collected);
    let first = by.delete_first.into_iter().flat_map(|manifest| named(manifest, false));
    let last = by.delete_last.into_iter().flat_map(|manifest| named(manifest, true));
    let mut deleted: Vec<Deleted> = first.chain(last).collect();
    let mut groups = Vec::new();
    let collected = read(found, request, collected, |files, roots, problems| {
        match by.manifest {
            Some(manifest) => {
                files.retain(|file| manifest.names(file.kind, &file.shown));
                tell_absent(manifest, files.iter(), problems);
            }
            None => by_own_manifests(files, roots, &mut deleted, problems),
        }
        tell_undeleted(files, &deleted, problems);
        for file in files.iter().filter(|file| file.kind == FileKind::PermissionSetGroup) {
            match group(file) {
                Ok(group) => groups.push(group),
                Err(problem) => problems.push(problem),
            }
        }
    });
    Deployment { collected, deleted, groups }
}

fn group(file: &SourceFile) -> Result<Group, Diagnostic> {
    let (_, root) = file.xml(Keep::TopLevel(&["permissionSets"]))?;
    let permission_sets = root.children_named("permissionSets").map(|set| set.trimmed().to_owned()).collect();
    Ok(Group { name: full_name(&file.shown), permission_sets })
}

/// Every package is deployed by the manifest in its root.
fn by_own_manifests(files: &mut Vec<SourceFile>, roots: &[Root], deleted: &mut Vec<Deleted>, problems: &mut Vec<Diagnostic>) {
    for (index, root) in roots.iter().enumerate().filter(|(_, root)| root.package_directories.is_none()) {
        let in_root = |kind: FileKind| {
            let name = root.source.name.as_str();
            files.iter().filter(move |file| file.kind == kind && file.folder() == name).cloned().collect::<Vec<SourceFile>>()
        };
        let own = in_root(FileKind::Manifest);
        let destructive = if own.is_empty() { Vec::new() } else { in_root(FileKind::DestructiveChanges) };
        for file in &own {
            // What cannot be read is told where mentions are read, and then nobody knows what is left out.
            let Ok(manifest) = Manifest::of_file(file) else { continue };
            files.retain(|file| root_of(roots, &file.shown) != index || manifest.names(file.kind, &file.shown));
            tell_absent(&manifest, files.iter().filter(|file| root_of(roots, &file.shown) == index), problems);
        }
        for file in &destructive {
            let last = file.shown.to_ascii_lowercase().ends_with("post.xml");
            deleted.extend(Manifest::of_file(file).iter().flat_map(|manifest| named(manifest, last)));
        }
    }
}

fn named(manifest: &Manifest, last: bool) -> Vec<Deleted> {
    let deleted = |(ty, name, place): (&str, &str, &Location)| Deleted {
        metadata_type: ty.to_owned(),
        name: name.to_owned(),
        last,
        location: place.clone(),
    };
    manifest.members().map(deleted).collect()
}

/// What files of the source would delete of access, and does not because nothing says that the deployment is made with them.
fn tell_undeleted(files: &[SourceFile], deleted: &[Deleted], problems: &mut Vec<Diagnostic>) {
    for file in files.iter().filter(|file| file.kind == FileKind::DestructiveChanges) {
        let Ok(manifest) = Manifest::of_file(file) else { continue };
        let opens = |ty: &str| FileKind::of_root(ty).is_some_and(|kind| kind.is_app() || kind.is_lazy());
        let is_left = |ty: &str, name: &str| opens(ty) && !deleted.iter().any(|it| it.metadata_type == ty && it.name == name);
        if let Some((ty, name, place)) = manifest.members().find(|(ty, name, _)| is_left(ty, name)) {
            let title =
                format!("names the {ty} `{name}`, which is not deleted: nothing says that this file belongs to the deployment");
            let problem = Diagnostic::warning(title).at(place.clone());
            problems.push(problem.help("name it with --pre-destructive-changes or --post-destructive-changes where it does"));
        }
    }
}

/// Apps, and parts of apps, that a manifest names and that have no file: what of them is deployed nobody can tell.
fn tell_absent<'f>(manifest: &Manifest, files: impl Iterator<Item = &'f SourceFile>, problems: &mut Vec<Diagnostic>) {
    let there: BTreeSet<(&str, String)> = files.filter_map(|file| component(file.kind, &file.shown)).collect();
    for (ty, name, place) in manifest.members() {
        let is_of_apps = FileKind::of_root(ty).is_some_and(FileKind::is_app);
        if is_of_apps && !there.contains(&(ty, name.to_owned())) {
            let title = format!("names the {ty} `{name}`, which is not in the source");
            let problem = Diagnostic::warning(title).at(place.clone());
            problems.push(problem.help("Salesforce refuses a deployment that lacks what its manifest names"));
        }
    }
}
