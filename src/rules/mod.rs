//! Rules are data: one YAML file each, with conditions in CEL over typed facts.
//!
//! ```text
//! text ─file─▶ as written ─validate─▶ Rule ───────────────────────┐
//!                            │ check, expression, message, lint    │
//!                            ▼                                     ▼
//!                       diagnostics                  facts ─▶ evaluate ─▶ Judgement
//! ```
//!
//! A file can hold a check that only a person can make instead; it is told of and never judged.
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
pub mod fix;
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
mod why_not;
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
pub use why_not::why_not;

use crate::finding::{Manual, RuleInfo, Severity, Steps};
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
    fix: Option<fix::Fix>,
    /// The parts of `when` that must all hold; empty until someone asks why the rule does not apply.
    when_parts: OnceLock<Vec<Condition>>,
    /// Empty until someone asks, where the file was loaded without them.
    examples: OnceLock<Vec<Example>>,
    location: Location,
}

/// A check that nobody can make but a person in Setup. It has no verdict, so that it is never a pass and changes no exit code.
#[derive(Clone, Debug)]
pub struct ManualCheck {
    /// What it has in common with rules.
    pub info: RuleInfo,
    /// What it is about.
    pub applies_to: SubjectKind,
    /// How it is made.
    pub steps: Steps,
    /// Where its id is written.
    pub location: Location,
}

impl From<ManualCheck> for Manual {
    fn from(check: ManualCheck) -> Self {
        Self { info: check.info, about: check.applies_to.as_str(), steps: check.steps }
    }
}

/// What rule files hold, each list in the order of the ids.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The checks that are made by hand.
    pub manual: Vec<ManualCheck>,
}

impl RuleSet {
    /// Adds what other files hold.
    pub fn extend(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.manual.extend(other.manual);
        self.sort();
    }

    fn sort(&mut self) {
        self.rules.sort_by(|left, right| left.id().cmp(right.id()));
        self.manual.sort_by(|left, right| left.info.id.cmp(&right.info.id));
    }

    /// All of it: the rules, then the manual checks.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rules.iter().map(Entry::Rule).chain(self.manual.iter().map(Entry::Manual))
    }

    /// What has an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Entry<'_>> {
        self.entries().find(|entry| entry.info().id == id)
    }
}

/// What a rule file holds.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// A rule.
    Rule(&'a Rule),
    /// A check that is made by hand.
    Manual(&'a ManualCheck),
}

impl<'a> Entry<'a> {
    /// What output needs to know of it.
    #[must_use]
    pub const fn info(self) -> &'a RuleInfo {
        match self {
            Self::Rule(rule) => rule.info(),
            Self::Manual(check) => &check.info,
        }
    }

    /// Where its id is written.
    #[must_use]
    pub const fn location(self) -> &'a Location {
        match self {
            Self::Rule(rule) => rule.location(),
            Self::Manual(check) => &check.location,
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn applies_to(self) -> SubjectKind {
        match self {
            Self::Rule(rule) => rule.applies_to(),
            Self::Manual(check) => check.applies_to,
        }
    }
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

    /// How the metadata is changed so that it holds; none where that takes a person.
    #[must_use]
    pub const fn fix(&self) -> Option<&fix::Fix> {
        self.fix.as_ref()
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
