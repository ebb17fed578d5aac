//! What facts about an org are read from: a live org, or settings with what lies near them.

use std::collections::BTreeSet;

use super::declare::known;
use super::live::Live;
use crate::inventory::app::App;
use crate::inventory::settings::OrgSettings;
use crate::inventory::user_permissions::{HolderKind, UserPermissions};
use crate::inventory::{Fact, Inventory, Profile, Reason};
use crate::rules::value::{FactValue, Item, Value};

/// A live org, a folder of settings with what lies near it, or a tree without settings.
#[derive(Clone, Copy)]
pub(super) struct OrgView<'a> {
    /// The settings; none where the source has none.
    pub(super) settings: Option<&'a OrgSettings>,
    /// Their index in the inventory.
    pub(super) index: Option<usize>,
    pub(super) source: usize,
    pub(super) inventory: &'a Inventory,
    /// The live org it is: there settings exist, read or not.
    pub(super) live: Option<&'a Live<'a>>,
}

impl<'a> OrgView<'a> {
    pub(super) fn folder(&self) -> &'a str {
        let root = || self.inventory.sources.get(self.source).map_or("", |source| source.name.as_str());
        let folder = self.settings.map_or_else(root, |settings| &settings.folder);
        if folder.is_empty() { "the current folder" } else { folder }
    }

    /// The apps these settings are valid for.
    pub(super) fn apps(&self) -> impl Iterator<Item = &'a App> {
        self.inventory.apps.iter().filter(|app| self.is_about(app.source, app.location.path()))
    }

    /// The profiles and permission sets of files that belong to it.
    pub(super) fn holders(&self) -> impl Iterator<Item = &'a UserPermissions> {
        self.inventory.user_permissions.iter().filter(|holder| self.is_about(holder.source, &holder.path))
    }

    /// The profiles whose login restrictions were read.
    pub(super) fn profiles(&self) -> impl Iterator<Item = &'a Profile> {
        let of_files = self.holders().filter(|holder| holder.kind == HolderKind::Profile);
        let near: BTreeSet<&str> = of_files.map(|holder| holder.name.as_str()).collect();
        let of_source = self.inventory.profiles.iter().filter(|profile| profile.source == self.source);
        of_source.filter(move |profile| self.live.is_some() || near.contains(profile.name.as_str()))
    }

    /// Why the login restrictions of a profile with users are not among those that were read; none where all are, and for files.
    pub(super) fn unread_profile(&self) -> Option<Reason> {
        self.live.and_then(|live| live.unread_profile(self.profiles()))
    }

    fn is_about(&self, source: usize, path: &str) -> bool {
        source == self.source && self.inventory.settings_near(source, path) == self.index
    }

    /// A list of the settings; empty where there are none, unknown where a live org did not deliver them.
    pub(super) fn list<T>(&self, read: impl Fn(&OrgSettings) -> &Fact<Vec<T>>, item: impl Fn(&T) -> Item) -> FactValue {
        match self.settings {
            Some(settings) => read(settings).map(|all| Value::List(all.iter().map(item).collect())),
            None if self.live.is_some() => Fact::unknown("the settings of the org could not be read"),
            None => known(Value::List(Vec::new())),
        }
    }

    pub(super) fn fact<T: Copy + Into<Value>>(&self, read: impl Fn(&OrgSettings) -> &Fact<T>, file: &str) -> FactValue {
        match self.settings {
            Some(settings) => read(settings).map(|value| (*value).into()),
            None if self.live.is_some() => Fact::unknown("the settings of the org could not be read"),
            None => Fact::unknown(format!("{file} is not in the source")),
        }
    }

    pub(super) fn stated<T: Copy + Into<Value>>(&self, read: impl Fn(&OrgSettings) -> &Fact<Option<T>>) -> FactValue {
        match self.settings {
            Some(settings) => read(settings).map(|value| (*value).into()),
            None if self.live.is_some() => Fact::unknown("the settings of the org could not be read"),
            None => known(Value::Absent),
        }
    }
}
