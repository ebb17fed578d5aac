//! What of a declared configuration did not arrive in an org: for programs as JSON, for people as tables, for pull requests as Markdown.

mod markdown;
mod table;
mod wire;
mod words;

pub use markdown::markdown;
pub use table::table;
pub use wire::{SCHEMA_ID, json, schema};

use super::trail::Trail;
use crate::compare::arrival::Arrivals;

/// What was verified, and what came of it.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The source, as it was named.
    pub source: String,
    /// The org, or the snapshot of one.
    pub org: String,
    /// What arrived, and what did not.
    pub arrivals: Arrivals,
    /// How many files of the source could not be read.
    pub gaps: usize,
    /// Who may have changed it since; none where no live org was asked.
    pub trail: Option<Trail>,
}
