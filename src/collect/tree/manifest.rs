//! Files that name components without describing them: app menus and manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::files::SourceFile;
use super::recognise::{FileKind, decoded, full_name};
use super::walk;
use crate::diagnostic::Diagnostic;
use crate::inventory::app::AppKind;
use crate::inventory::{Mention, MentionedBy};
use crate::source::xml::{Element, Keep};
use crate::source::{Location, SourceText};

/// The member that means all components of a type.
const ALL: &str = "*";

/// What `package.xml` or a `destructiveChanges` file names.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// By metadata type and full name, each with its place.
    members: BTreeMap<String, BTreeMap<String, Location>>,
    path: String,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no XML, or is no manifest.
    pub fn read(path: &Path) -> Result<Self, Diagnostic> {
        Self::of_file(&walk::file(path, &walk::shown_root(path)))
    }

    pub(super) fn of_file(file: &SourceFile) -> Result<Self, Diagnostic> {
        let (text, root) = file.xml(Keep::All)?;
        if root.name != "Package" {
            return Err(Diagnostic::error(format!("holds `{}`, and a manifest holds `Package`", root.name))
                .at(Location::new(&text, root.name_span))
                .help("give the package.xml or the destructiveChanges file that the deployment is made with"));
        }
        let mut manifest = Self { path: file.shown.clone(), ..Self::default() };
        for types in root.children_named("types") {
            let Some(name) = child(types, "name") else { continue };
            let of_type = manifest.members.entry(name.trimmed().to_owned()).or_default();
            for member in types.children_named("members").filter(|member| !member.trimmed().is_empty()) {
                of_type.entry(decoded(member.trimmed())).or_insert_with(|| Location::without_text(&text, member.span));
            }
        }
        Ok(manifest)
    }

    /// The file, as shown.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Every member but wildcards: its metadata type, full name and place.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str, &Location)> {
        self.members
            .iter()
            .flat_map(|(ty, members)| members.iter().map(move |(name, place)| (ty.as_str(), name.as_str(), place)))
            .filter(|(_, name, _)| *name != ALL)
    }

    /// Whether it names a component, by itself or with all of its type.
    pub(super) fn names(&self, kind: FileKind, shown: &str) -> bool {
        let Some((ty, name)) = component(kind, shown) else { return true };
        self.members.get(ty).is_some_and(|members| members.contains_key(ALL) || members.contains_key(&name))
    }
}

/// The metadata type and full name by which manifests name what a file holds; none for a file that is no component.
pub(super) fn component(kind: FileKind, shown: &str) -> Option<(&'static str, String)> {
    let settings = |name: &str| Some(("Settings", name.to_owned()));
    match kind {
        FileKind::ConnectedAppSettings => settings("ConnectedApp"),
        FileKind::ExternalClientAppSettings => settings("ExternalClientApp"),
        FileKind::OauthOidcSettings => settings("OauthOidc"),
        FileKind::SecuritySettings => settings("Security"),
        _ => Some((kind.metadata_type()?.name, full_name(shown))),
    }
}

/// The apps an `AppMenu` lists. It is retrieved with every app of the org, so that it tells of installed apps that have no file.
pub(super) fn app_menu(text: &Arc<SourceText>, root: &Element) -> Vec<Mention> {
    let items = root.children_named("appMenuItems");
    items
        .filter_map(|item| {
            let kind = app_kind(child(item, "type")?.trimmed())?;
            Some(mention(text, kind, child(item, "name")?, MentionedBy::AppMenu))
        })
        .collect()
}

/// The apps that `package.xml` or a `destructiveChanges` file names; wildcards name none.
pub(super) fn manifest(text: &Arc<SourceText>, root: &Element, by: MentionedBy) -> Vec<Mention> {
    root.children_named("types")
        .filter_map(|types| Some((app_kind(child(types, "name")?.trimmed())?, types)))
        .flat_map(|(kind, types)| types.children_named("members").map(move |member| (kind, member)))
        .filter(|(_, member)| !matches!(member.trimmed(), "" | "*"))
        .map(|(kind, member)| mention(text, kind, member, by))
        .collect()
}

/// Mentions of apps that have no file, each name once for each kind of file that names it.
pub(super) fn without_file(mentions: Vec<Mention>, files: &BTreeSet<(AppKind, String)>) -> Vec<Mention> {
    let mut seen = BTreeSet::new();
    let mut rest: Vec<Mention> = mentions
        .into_iter()
        .filter(|mention| mention.by == MentionedBy::DestructiveChanges || !files.contains(&(mention.kind, mention.name.clone())))
        .filter(|mention| seen.insert((mention.kind, mention.name.clone(), mention.by)))
        .collect();
    rest.sort_by(|a, b| (a.kind, &a.name, a.by).cmp(&(b.kind, &b.name, b.by)));
    rest
}

fn app_kind(word: &str) -> Option<AppKind> {
    match word {
        "ConnectedApp" => Some(AppKind::ConnectedApp),
        "ExternalClientApplication" => Some(AppKind::ExternalClientApp),
        _ => None,
    }
}

fn mention(text: &Arc<SourceText>, kind: AppKind, name: &Element, by: MentionedBy) -> Mention {
    Mention { kind, name: name.trimmed().to_owned(), by, location: Location::without_text(text, name.span) }
}

fn child<'a>(parent: &'a Element, name: &str) -> Option<&'a Element> {
    parent.children.iter().find(|child| child.name == name)
}
