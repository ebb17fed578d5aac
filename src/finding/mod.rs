//! What an audit says: findings with their evidence, and what could not be decided.

mod preset;
mod rule;

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use preset::Preset;
pub use rule::{Advice, Advised, RuleInfo, Steps};

use crate::inventory::contract::Governance;
use crate::inventory::waiver::Status;
use crate::inventory::{Origin, Reason};

/// How bad a finding is. Ordered: `Info` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be put right some day.
    Low,
    /// Should be put right soon.
    Medium,
    /// Must be put right.
    High,
    /// Must be put right at once.
    Critical,
}

impl Severity {
    /// All severities, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a finding means for the people who rely on the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It will not work.
    Broken,
    /// It is not secure.
    Unsafe,
}

impl Effect {
    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Unsafe => "unsafe",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// `connected-app`, `external-client-app`, `external-client-app-part`, `key-file`, `org`, `contract` or `waiver`.
    pub kind: &'static str,
    /// Full name of the component; the path of a key file; the glob for a contract; for a waiver what tells it from the others; for an org its name, or the folder of its settings.
    pub name: String,
    /// What Setup shows; empty where there is none.
    pub label: String,
    /// The file (for an External Client App its header), as shown.
    pub path: String,
    /// The same file seen from the root of its project, with `/` on every system; empty for what is in an org. It tells two subjects of one name
    /// apart, and is no part of their identity: folders are renamed.
    pub path_in_source: String,
    /// The live org it is in, by the name it was asked for; empty for what files say.
    pub org: String,
    /// Who answers for it, as far as the policy says: of an app, or of the app a contract is about.
    pub governance: Governance,
    /// The same org by its id, which everybody knows it by; by its name where the id could not be read.
    pub org_id: String,
}

/// What [`Subject::kind`] can be.
pub const KINDS: [&str; 7] = ["connected-app", "external-client-app", PART, KEY_FILE, ORG, "contract", "waiver"];
/// [`Subject::kind`] of a file that can hold a private key.
pub const KEY_FILE: &str = "key-file";
/// [`Subject::kind`] of an org.
pub const ORG: &str = "org";
/// [`Subject::kind`] of a part of an External Client App whose header is not there.
pub const PART: &str = "external-client-app-part";

impl Subject {
    /// What it is called wherever it is read, in a tree or an org: nothing for an org, which everybody calls as they like; of a part the app and
    /// the metadata type, of everything else the name.
    #[must_use]
    pub fn own_name(&self) -> Cow<'_, str> {
        match self.kind {
            ORG => Cow::Borrowed(""),
            PART => Cow::Owned(format!("{}/{}", self.name, self.label)),
            _ => Cow::Borrowed(&self.name),
        }
    }
}

/// One fact behind a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Path of the fact, such as `app.oauth.scopes`.
    pub fact: String,
    /// Its value as text; secrets and keys never get here.
    pub value: String,
    /// What should be there and is not: `origin` is then the place where it belongs.
    pub missing: Option<String>,
    /// Where it was read; none where it follows from no single place.
    pub origin: Option<Origin>,
}

/// How to put a finding right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remediation {
    /// Steps in Setup.
    pub setup: String,
    /// What the metadata must say.
    pub metadata: String,
}

/// A rule that failed on a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// After the policy had its say.
    pub severity: Severity,
    /// Broken or unsafe.
    pub effect: Effect,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong, with names.
    pub message: String,
    /// The facts behind it, the place to look first.
    pub evidence: Vec<Evidence>,
    /// How to put it right.
    pub remediation: Remediation,
    /// Identity across runs: 64 hexadecimal digits, see `compare`.
    pub fingerprint: String,
    /// What the baseline says of it; none where there is none.
    pub baseline: Option<BaselineState>,
    /// What the baseline does not have of the values behind it; none where it does not have the finding at all.
    pub new_values: Vec<String>,
}

/// What a baseline says of a verdict. Ordered by how much it excuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BaselineState {
    /// It is not in it.
    New,
    /// It is in it at a lower severity, or with less that is wrong.
    Worse {
        /// The severity then.
        was: Severity,
    },
    /// It is in it.
    Known,
    /// It is in it, and counts all the same.
    Counted,
}

impl BaselineState {
    /// The words used in output.
    pub const WORDS: &'static [&'static str] = &["new", "worse", "known"];

    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse { .. } => "worse",
            Self::Known | Self::Counted => "known",
        }
    }

    /// Whether the baseline has it as it is.
    #[must_use]
    pub const fn is_in_it(self) -> bool {
        matches!(self, Self::Known | Self::Counted)
    }

    /// The severity in the baseline, where the finding is worse now.
    #[must_use]
    pub const fn was(self) -> Option<Severity> {
        match self {
            Self::Worse { was } => Some(was),
            Self::New | Self::Known | Self::Counted => None,
        }
    }
}

impl Finding {
    /// Whether the baseline has it, and it does not count therefore.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.baseline == Some(BaselineState::Known)
    }
}

impl Undecided {
    /// Whether the baseline has it, and it does not count therefore.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.baseline == Some(BaselineState::Known)
    }
}

/// A finding that is accepted for now, by the policy or beside the element it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// What is accepted.
    pub finding: Finding,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is discussed; empty where the policy does not say.
    pub ticket: String,
    /// What is going to become of the finding.
    pub status: Status,
    /// The last day it is accepted, as `2026-12-31`; empty where that does not end.
    pub until: String,
    /// Whether the metadata file says so itself, in a comment, and not the policy.
    pub inline: bool,
}

/// A rule that could not be decided on a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The rule's id.
    pub rule: String,
    /// What it is about.
    pub subject: Subject,
    /// Why not.
    pub reason: Reason,
    /// As of the finding that it would be.
    pub fingerprint: String,
    /// What the baseline says of it; none where there is none.
    pub baseline: Option<BaselineState>,
}

/// A rule that does not concern a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplicable {
    /// The rule's id.
    pub rule: String,
    /// What it does not concern.
    pub subject: Subject,
    /// Why not: the part of its condition that does not hold, or the kind of source it is for.
    pub reason: String,
}

/// A check that nobody can make but a person in Setup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manual {
    /// What it has in common with rules.
    pub info: RuleInfo,
    /// What it is about: `app`, `org` and so on.
    pub about: &'static str,
    /// How it is made.
    pub steps: Steps,
}

/// How many verdicts of each kind there were. One verdict is one rule on one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The rule holds.
    pub pass: usize,
    /// The rule is broken.
    pub fail: usize,
    /// It could not be decided.
    pub unknown: usize,
    /// The rule does not concern the subject.
    pub not_applicable: usize,
    /// The rule is broken and the policy accepts that.
    pub waived: usize,
}

impl Waived {
    /// What the waiver says, on one line: `will-fix until 2026-12-31 by identity@example.com, SEC-7: why`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let until = if self.until.is_empty() { String::new() } else { format!(" until {}", self.until) };
        let ticket = if self.ticket.is_empty() { String::new() } else { format!(", {}", self.ticket) };
        let place = if self.inline { " (comment in the file)" } else { "" };
        format!("{}{until} by {}{ticket}: {}{place}", self.status, self.owner, self.reason)
    }
}

impl Evidence {
    /// The fact and its value, or what is missing and where.
    #[must_use]
    pub fn in_words(&self, value: &str) -> String {
        let stated = if value.is_empty() { self.fact.clone() } else { format!("{} = {value}", self.fact) };
        match (&self.missing, &self.origin) {
            (Some(missing), _) => format!("{missing} is missing here"),
            (None, Some(Origin::Absent(_))) => format!("not stated; {stated}"),
            _ => stated,
        }
    }
}

impl Counts {
    /// Adds other verdicts.
    pub const fn add(&mut self, other: Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.unknown += other.unknown;
        self.not_applicable += other.not_applicable;
        self.waived += other.waived;
    }
}
