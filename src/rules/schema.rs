//! The facts' names, types and meaning, told once.
//!
//! The type check of conditions, `orgwarden facts`, the schema of rule files and the reference of facts are all made from these
//! tables. Each fact is declared beside the function that reads it, in [`super::facts`].

use std::fmt;

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// true or false.
    Bool,
    /// A whole number; the fact's documentation names the unit.
    Int,
    /// A text. `""` where the source states none.
    Text,
    /// A text out of a closed list. Comparing it with anything else is refused when a rule is loaded.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of OAuth scopes by their runtime names. A literal that is nearly the name of a known scope is refused.
    Scopes,
    /// A list of texts out of a closed list.
    Choices(&'static [&'static str]),
    /// A list of objects with these fields.
    Objects(&'static [Field]),
}

/// The type in words that authors of rules read.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Text => f.write_str("string"),
            Self::Choice(words) => f.write_str(&words.join(" | ")),
            Self::Texts => f.write_str("list of strings"),
            Self::Scopes => f.write_str("list of OAuth scopes"),
            Self::Choices(words) => write!(f, "list of {}", words.join(" | ")),
            Self::Objects(_) => f.write_str("list of objects"),
        }
    }
}

/// A field of an object in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type; never [`Type::Objects`].
    pub ty: Type,
    /// Whether it may be absent: a condition must ask `has()` first.
    pub optional: bool,
    /// What it means, with its unit.
    pub doc: &'static str,
}

impl Field {
    /// The type and what else a condition must heed, in words.
    #[must_use]
    pub fn type_in_words(&self) -> String {
        let absent = if self.optional { ", may be absent" } else { "" };
        format!("{}{absent}", self.ty)
    }
}

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactType {
    /// Full path, such as `app.oauth.scopes`.
    pub path: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether it may be absent: a condition must ask `has()` first.
    pub optional: bool,
    /// Whether only a live org knows it: a rule that reads it must say `source: org`.
    pub org_only: bool,
    /// What it means, with its unit and source.
    pub doc: &'static str,
}

impl FactType {
    /// The type and what else a condition must heed, in words.
    #[must_use]
    pub fn type_in_words(&self) -> String {
        let absent = if self.optional { ", may be absent" } else { "" };
        let live = if self.org_only { ", live orgs only" } else { "" };
        format!("{}{absent}{live}", self.ty)
    }
}

/// Where apps come from, as far as rules ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A tree of metadata files.
    Files,
    /// A live org, or a snapshot of one.
    Org,
}

impl SourceKind {
    /// Both, in the order they are documented.
    pub const ALL: [Self; 2] = [Self::Files, Self::Org];

    /// The word of `source` in a rule file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Org => "org",
        }
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A connected app or External Client App.
    App,
    /// An org: its settings as far as a source has them, and what only a live org knows.
    Org,
    /// A part of an External Client App whose header is not in the tree.
    OrphanPart,
    /// A file of a tree that can hold a private key.
    KeyFile,
    /// A contract of the policy.
    Contract,
    /// A waiver of the policy.
    Waiver,
}

impl SubjectKind {
    /// All kinds, in the order subjects are reported.
    pub const ALL: [Self; 6] = [Self::App, Self::OrphanPart, Self::KeyFile, Self::Org, Self::Contract, Self::Waiver];

    /// The word of `applies-to` in a rule file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Org => "org",
            Self::OrphanPart => "orphan-part",
            Self::KeyFile => "key-file",
            Self::Contract => "contract",
            Self::Waiver => "waiver",
        }
    }

    /// The first segments of the fact paths that a rule about this subject may read.
    #[must_use]
    pub const fn roots(self) -> &'static [&'static str] {
        match self {
            Self::App => &["app", "org", "contract"],
            Self::Org => &["org"],
            Self::OrphanPart => &["part"],
            Self::KeyFile => &["key"],
            Self::Contract => &["pattern"],
            Self::Waiver => &["waiver"],
        }
    }

    /// Whether a rule about this subject may read the fact of a path.
    #[must_use]
    pub fn can_read(self, path: &str) -> bool {
        path.split('.').next().is_some_and(|root| self.roots().contains(&root))
    }
}
