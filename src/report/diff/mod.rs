//! What changed between two audits: for programs as JSON, for people as tables, for pull requests as Markdown.

mod apps;
mod blocks;
mod facts;
mod markdown;
mod table;
pub(super) mod wire;
mod words;

pub(super) use apps::lets_in;
pub use markdown::markdown;
pub use table::table;
pub use wire::{SCHEMA_ID, json, schema};

use super::trail::Trail;
use crate::compare::Difference;

/// Two sides and what changed from one to the other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The first.
    pub before: SideInfo,
    /// The second.
    pub after: SideInfo,
    /// What changed.
    pub difference: Difference,
    /// Whether to tell of each app of the org that no files are expected to hold, and not only how many they are.
    pub tells_beyond: bool,
    /// Who may have changed what differs; none where no live org was asked.
    pub trail: Option<Trail>,
    /// What is not compared and why, as sentences.
    pub notes: Vec<String>,
}

/// What a side is.
#[derive(Clone, Debug)]
pub struct SideInfo {
    /// As it was named.
    pub name: String,
    /// What it turned out to be.
    pub kind: SideKind,
    /// How many orgs it is about, or 1 for files.
    pub orgs: usize,
    /// How many things could not be read.
    pub gaps: usize,
}

/// What can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideKind {
    /// A folder, a zip or a file of metadata.
    Files,
    /// A revision of a git repository.
    Git,
    /// A live org.
    Org,
    /// A snapshot of an org.
    Snapshot,
    /// A JSON report.
    Report,
}

impl SideKind {
    /// The words used in output.
    pub const WORDS: &'static [&'static str] = &["files", "git", "org", "snapshot", "report"];

    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Git => "git",
            Self::Org => "org",
            Self::Snapshot => "snapshot",
            Self::Report => "report",
        }
    }
}
