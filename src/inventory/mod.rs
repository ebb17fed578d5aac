//! The domain model: what an audit knows about how an org lets applications in.
//!
//! No I/O and no file formats here. Whatever is not known is a [`Fact`] that says why; every known fact has an [`Origin`].

pub mod app;
pub mod blast_radius;
pub mod callback;
pub mod certificate;
pub mod contract;
pub mod credential;
pub mod expectation;
mod fact;
pub mod flow;
pub mod host;
pub mod ip_range;
pub mod key_file;
pub mod oauth;
pub mod org;
mod origin;
pub mod part;
pub mod period;
pub mod profile;
pub mod settings;
pub mod template;
pub mod user_permissions;
pub mod waiver;
pub mod well_known;
pub(crate) mod words;

use serde::{Deserialize, Serialize};

use crate::source::Location;

pub use fact::{Fact, Reason};
pub use origin::Origin;

/// Everything that was read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Inventory {
    /// The trees and orgs the apps come from. Names are looked up within one source: a folder can hold the metadata of several orgs.
    pub sources: Vec<Source>,
    /// The apps, in order of their paths.
    pub apps: Vec<app::App>,
    /// Parts of External Client Apps whose header is not in their tree.
    pub orphans: Vec<OrphanPart>,
    /// Settings, one for each folder that holds some.
    pub settings: Vec<settings::OrgSettings>,
    /// The profiles whose login restrictions were asked for: those that apps are assigned to, those of the users looked up.
    pub profiles: Vec<Profile>,
    /// What the profiles and permission sets of trees grant, where that was asked for.
    #[serde(default)]
    pub user_permissions: Vec<user_permissions::UserPermissions>,
    /// Files of trees that can hold private keys.
    #[serde(default)]
    pub key_files: Vec<key_file::KeyFile>,
    /// Apps that menus and manifests name and that have no file.
    pub mentioned: Vec<Mention>,
    /// Waivers in comments of the files, as written. An org keeps no comments.
    #[serde(skip)]
    pub inline_waivers: Vec<waiver::InlineWaiver>,
}

impl Inventory {
    /// Adds what other sources told.
    pub fn append(&mut self, mut other: Self) {
        let first = self.sources.len();
        other.apps.iter_mut().for_each(|app| app.source += first);
        other.orphans.iter_mut().for_each(|part| part.source += first);
        other.settings.iter_mut().for_each(|settings| settings.source += first);
        other.profiles.iter_mut().for_each(|profile| profile.source += first);
        other.user_permissions.iter_mut().for_each(|holder| holder.source += first);
        other.key_files.iter_mut().for_each(|file| file.source += first);
        self.sources.append(&mut other.sources);
        self.apps.append(&mut other.apps);
        self.orphans.append(&mut other.orphans);
        self.settings.append(&mut other.settings);
        self.profiles.append(&mut other.profiles);
        self.user_permissions.append(&mut other.user_permissions);
        self.key_files.append(&mut other.key_files);
        self.mentioned.append(&mut other.mentioned);
        self.inline_waivers.append(&mut other.inline_waivers);
    }

    /// The settings that are valid for an app: those of its source, and where a tree holds several orgs those of the nearest folder.
    #[must_use]
    pub fn settings_of(&self, app: &app::App) -> Option<&settings::OrgSettings> {
        self.settings.get(self.settings_near(app.source, app.location.path())?)
    }

    /// The settings that are valid for what stands at a path of a source: an index into [`Self::settings`].
    #[must_use]
    pub fn settings_near(&self, source: usize, path: &str) -> Option<usize> {
        let shared = |folder: &str| path.split('/').zip(folder.split('/')).take_while(|(a, b)| a == b).count();
        let of_source = self.settings.iter().enumerate().filter(|(_, settings)| settings.source == source);
        of_source.max_by_key(|(_, settings)| shared(&settings.folder)).map(|(index, _)| index)
    }

    /// The sources without settings that there is something to say of as an org: live orgs, and trees with profiles or permission sets.
    pub fn sources_without_settings(&self) -> impl Iterator<Item = usize> {
        let has_settings = |source: usize| self.settings.iter().any(|settings| settings.source == source);
        let has_holders = |source: usize| self.user_permissions.iter().any(|holder| holder.source == source);
        (0..self.sources.len())
            .filter(move |source| !has_settings(*source) && (self.org(*source).is_some() || has_holders(*source)))
    }

    /// The folder of settings, seen from the root of its tree; empty for an org.
    #[must_use]
    pub fn folder_in_source<'s>(&self, settings: &'s settings::OrgSettings) -> &'s str {
        let source = self.sources.get(settings.source);
        let root = source.filter(|source| source.org.is_none()).map(|source| source.name.as_str());
        root.map_or("", |root| settings.folder.strip_prefix(root).unwrap_or(&settings.folder).trim_start_matches('/'))
    }

    /// The org a source is; none for a tree.
    #[must_use]
    pub fn org(&self, source: usize) -> Option<&org::Org> {
        self.sources.get(source)?.org.as_deref()
    }

    /// What tells the org a source is from others: its id in the short form, or its name where that could not be read; empty for a tree.
    #[must_use]
    pub fn org_id(&self, source: usize) -> String {
        let id = self.org(source).map(|org| org::short(&org.identity.id)).filter(|id| !id.is_empty());
        id.or_else(|| self.org_name(source)).unwrap_or_default().to_owned()
    }

    /// The name the org a source is was asked for by; none for a tree.
    #[must_use]
    pub fn org_name(&self, source: usize) -> Option<&str> {
        self.sources.get(source).filter(|source| source.org.is_some()).map(|source| source.name.as_str())
    }
}

/// Where apps come from: a tree of metadata (an SFDX project, a metadata-format folder, a zip, a plain folder) or a live org.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Source {
    /// Root folder of a tree, as shown, empty for the current directory; the alias or user name an org was asked for by.
    pub name: String,
    /// Major number of the API version the metadata was written or read in, where it is known.
    pub api_version: Option<u16>,
    /// What only a live org knows; none for a tree.
    pub org: Option<Box<org::Org>>,
    /// Whether it is a live org of which nothing could be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
}

/// A part of an External Client App whose header is not in its tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrphanPart {
    /// Its metadata type.
    pub metadata_type: String,
    /// Full name of the app it belongs to; empty where the part names none.
    pub app: Fact<String>,
    /// Its file.
    pub location: Location,
    /// Index into [`Inventory::sources`].
    pub source: usize,
    /// The same path, seen from the root of its tree.
    pub path_in_source: String,
}

/// What a profile says of where and when its users may log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Index into [`Inventory::sources`].
    pub source: usize,
    /// Metadata full name; of an org the name Setup shows.
    pub name: String,
    /// `loginIpRanges`: empty where users may log in from anywhere.
    #[serde(default)]
    pub login_ip_ranges: Fact<Vec<ip_range::IpRange>>,
    /// Whether `loginHours` restrict when users may log in.
    #[serde(default)]
    pub has_login_hours: Fact<bool>,
}

/// An app that a menu or a manifest names and that has no file in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// `connected-app` or `external-client-app`.
    pub kind: app::AppKind,
    /// Full name.
    pub name: String,
    /// What names it.
    pub by: MentionedBy,
    /// Where.
    pub location: Location,
}

/// What names an app that has no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MentionedBy {
    /// `AppMenu`: the app is installed in the org the menu was retrieved from.
    AppMenu,
    /// `package.xml`.
    Manifest,
    /// `destructiveChanges*.xml`: the deployment deletes the app.
    DestructiveChanges,
}

impl MentionedBy {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppMenu => "app-menu",
            Self::Manifest => "manifest",
            Self::DestructiveChanges => "destructive-changes",
        }
    }
}
