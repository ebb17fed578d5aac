//! Tags of rules: the subjects that rules can be picked by. Each is a readiness report on a change that Salesforce enforced or announced.
//!
//! The tags are data, the files of `tags/`. Rules name them by their ids.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::builtin::{self, BuiltinError, EmbeddedFile};

/// A subject that rules can be picked by.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its word in rule files and on the command line.
    pub id: String,
    /// What it is, in one line.
    pub title: String,
    /// What changes, in sentences an admin understands.
    pub about: String,
    /// When; empty where no date is known.
    pub dates: Vec<Milestone>,
    /// What is not known, or what sources disagree on.
    pub reservations: Vec<String>,
    /// Pages to read.
    pub references: Vec<String>,
}

/// A date, and what happens on it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The date as precisely as it is known: a day, a release, a year.
    pub when: String,
    /// What happens.
    pub what: String,
}

/// Path and text of every file under `tags/`, made by `build.rs`.
static FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/builtin_tags.rs"));

/// Every tag, in the order of the files, read once.
///
/// # Errors
///
/// What is wrong with the files, which the tests of this crate rule out.
pub fn catalogue() -> Result<&'static [Tag], &'static BuiltinError> {
    static TAGS: LazyLock<Result<Vec<Tag>, BuiltinError>> = LazyLock::new(read);
    TAGS.as_deref()
}

fn read() -> Result<Vec<Tag>, BuiltinError> {
    let mut tags: Vec<Tag> = Vec::new();
    for file in FILES {
        for tag in builtin::list::<Tag>(*file)? {
            if tags.iter().any(|other| other.id == tag.id) {
                return Err(BuiltinError { file: file.0, problem: format!("there are two tags `{}`", tag.id) });
            }
            tags.push(tag);
        }
    }
    Ok(tags)
}
