//! What an org's policy expects of an app.
//!
//! The policy file is read by [`crate::policy`]; this is what its contracts mean. Every expectation keeps its place in the file,
//! because a finding against it shows both sides.

use super::flow::Flow;
use super::oauth::PermittedUsers;
use crate::source::Location;

/// A value and the place where someone wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub location: Location,
}

/// What is expected of the apps whose full name matches a pattern. What a contract does not mention, it does not judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Full name of an app, or a glob.
    pub pattern: Located<String>,
    /// The flows the app is for, and no others.
    pub flows: Option<Located<Vec<Located<Flow>>>>,
    /// What Permitted Users must be.
    pub permitted_users: Option<Located<PermittedUsers>>,
    /// What is expected of the scopes.
    pub scopes: ScopeExpectation,
    /// Profiles by label, as Setup shows them, or by file name.
    pub profiles: Option<Located<Expected>>,
    /// Permission sets by label or API name.
    pub permission_sets: Option<Located<Expected>>,
    /// User names of those who must be able to use the app, each once, whatever its letter case.
    pub users: Vec<Located<String>>,
}

/// Expectations about scopes, by their OAuth names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeExpectation {
    /// Must be there.
    pub require: Vec<Located<String>>,
    /// If given, nothing but these and the required ones may be there.
    pub allow: Option<Located<Vec<Located<String>>>>,
    /// Must not be there.
    pub forbid: Vec<Located<String>>,
}

/// Expected assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// These and no others.
    Exactly(Vec<Located<String>>),
    /// These, and perhaps more.
    AtLeast(Vec<Located<String>>),
}

impl Expected {
    /// The names that must be assigned.
    #[must_use]
    pub fn names(&self) -> &[Located<String>] {
        match self {
            Self::Exactly(names) | Self::AtLeast(names) => names,
        }
    }
}
