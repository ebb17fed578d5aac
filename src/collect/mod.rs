//! Where an inventory comes from. Knows nothing of rules.

mod component;
pub mod org;
pub mod snapshot;
pub mod tree;

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, LeftOut, any_error};
use crate::inventory::Inventory;
use crate::inventory::app::App;

/// Which profiles to read for what they say of their users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProfilesToRead {
    /// None, but those that are asked for by name.
    #[default]
    None,
    /// Those that apps are assigned to.
    Assigned,
    /// All of a tree, and its permission sets with them; all of an org that have active users.
    All,
}

/// What was read, and what was not.
#[derive(Debug, Default)]
pub struct Collected {
    /// The facts.
    pub inventory: Inventory,
    /// What could not be read, and what was odd in what was read.
    pub diagnostics: Vec<Diagnostic>,
    /// Files left out on purpose.
    pub left_out: Vec<LeftOut>,
    /// External Client Apps of which a tree has parts and no header: what these parts say. Each part is among the inventory's orphans, too.
    pub partial: Vec<App>,
    /// Paths of the request that do not exist; each is among the diagnostics, too.
    pub not_found: Vec<PathBuf>,
    /// How many files there are.
    pub files_seen: usize,
    /// The metadata of orgs as files, credentials left out. A snapshot does not keep it.
    pub metadata: Vec<OrgFile>,
}

/// A component of an org as a file of a metadata package. No credential is in it, and nothing that makes a deployment change one; the
/// consumer key neither, which an org takes only when it creates an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgFile {
    /// Path in a package.
    pub path: String,
    /// The type that a manifest names: `Settings` for all settings.
    pub metadata_type: &'static str,
    /// Full name.
    pub full_name: String,
    /// What it says.
    pub text: String,
    /// The API version it was read in.
    pub api_version: u16,
}

impl Collected {
    /// Adds what another source told.
    pub fn append(&mut self, mut other: Self) {
        let first = self.inventory.sources.len();
        other.partial.iter_mut().for_each(|app| app.source += first);
        self.partial.append(&mut other.partial);
        self.inventory.append(other.inventory);
        self.diagnostics.append(&mut other.diagnostics);
        self.left_out.append(&mut other.left_out);
        self.not_found.append(&mut other.not_found);
        self.files_seen += other.files_seen;
        self.metadata.append(&mut other.metadata);
    }

    /// Whether something that was asked for could not be read.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        any_error(&self.diagnostics)
    }
}
