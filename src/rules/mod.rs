//! Rules are data: one YAML file each, with conditions in CEL over typed facts.
//!
//! ```text
//! text ─file─▶ as written ─validate─▶ Rule ───────────────────────┐
//!                            │ check, expression, message, lint    │
//!                            ▼                                     ▼
//!                       diagnostics                  facts ─▶ evaluate ─▶ Judgement
//! ```
//!
//! A rule file is checked completely when it is loaded: keys, words, and every condition against the schema of facts, so that no
//! condition ever fails at run time because of a typo. A rule that is sound and of no use gets a warning. No file is opened here; callers bring
//! texts.

mod builtin;
pub mod check;
mod condition;
mod evaluate;
mod example;
mod expression;
pub mod facts;
mod file;
mod file_schema;
mod functions;
mod lint;
mod load;
mod message;
pub mod page;
pub mod schema;
mod stack;
pub mod test;
mod text;
mod validate;
pub mod value;
mod words;

use std::collections::BTreeSet;
use std::sync::OnceLock;

pub use builtin::{builtin, builtin_files};
pub use condition::{Condition, Truth};
pub use evaluate::{Failure, Judgement, Verdict, judge};
pub use example::Example;
pub use expression::{LONGEST_CONDITION, Part};
pub use file_schema::json_schema;
pub use functions::{FUNCTIONS, Function};
pub use load::load;
pub use message::Message;
pub use stack::with_stack;
pub use validate::is_id;

use crate::finding::{RuleInfo, Severity};
use crate::source::Location;
use schema::{SourceKind, SubjectKind};

/// A rule: one check on one kind of subject, compiled and ready to judge.
#[derive(Clone, Debug)]
pub struct Rule {
    info: RuleInfo,
    applies_to: SubjectKind,
    source: Option<SourceKind>,
    severity_if: Vec<(Severity, Condition)>,
    when: Option<Condition>,
    check: Condition,
    message: Message,
    evidence: Vec<EvidenceSpec>,
    /// Empty until someone asks, where the file was loaded without them.
    examples: OnceLock<Vec<Example>>,
    location: Location,
}

/// A fact to show with a finding.
#[derive(Clone, Debug)]
pub struct EvidenceSpec {
    /// Path of the fact.
    pub fact: &'static str,
    /// Of a list only the elements this holds for.
    pub keep: Option<Condition>,
    /// What should be there and is not: the evidence is the place where it belongs.
    pub missing: Option<String>,
}

impl Rule {
    /// Its id, which names the bad state.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.info.id
    }

    /// What output needs to know of it.
    #[must_use]
    pub const fn info(&self) -> &RuleInfo {
        &self.info
    }

    /// What it is about.
    #[must_use]
    pub const fn applies_to(&self) -> SubjectKind {
        self.applies_to
    }

    /// The only kind of source it is for; none for both.
    #[must_use]
    pub const fn source(&self) -> Option<SourceKind> {
        self.source
    }

    /// Whether it is for a subject of this source; none where the subject is of no source, as a contract is.
    #[must_use]
    pub fn is_for(&self, source: Option<SourceKind>) -> bool {
        source.is_none() || self.source.is_none() || self.source == source
    }

    /// Other severities, each with its condition; the first that holds wins.
    #[must_use]
    pub fn severity_if(&self) -> &[(Severity, Condition)] {
        &self.severity_if
    }

    /// The subjects it concerns; `None` for all.
    #[must_use]
    pub const fn when(&self) -> Option<&Condition> {
        self.when.as_ref()
    }

    /// What must hold of them.
    #[must_use]
    pub const fn check(&self) -> &Condition {
        &self.check
    }

    /// What a finding says.
    #[must_use]
    pub const fn message(&self) -> &Message {
        &self.message
    }

    /// The facts shown with a finding, in this order; where the file names none, those the check reads.
    #[must_use]
    pub fn evidence(&self) -> &[EvidenceSpec] {
        &self.evidence
    }

    /// Its examples, in the order they are written.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        self.examples.get_or_init(|| load::examples(self))
    }

    /// Where its id is written; the whole file is the location's text.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Paths of the facts its verdict depends on, in alphabetical order.
    #[must_use]
    pub fn facts(&self) -> BTreeSet<&'static str> {
        self.when.iter().chain([&self.check]).flat_map(Condition::facts).collect()
    }
}
