//! What an org's policy expects of an app.
//!
//! The policy file is read by [`crate::policy`]; this is what its contracts mean. Every expectation keeps its place in the file,
//! because a finding against it shows both sides.

use super::flow::Flow;
use super::host::HostPattern;
use super::oauth::{IpRelaxation, PermittedUsers};
use super::period::Period;
use super::words::words;
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
#[derive(Clone, Debug)]
pub struct Contract {
    /// Full name of an app, or a glob.
    pub pattern: Located<String>,
    /// Who answers for the app.
    pub governance: Governance,
    /// Where it says that no such app may be there.
    pub absent: Option<Location>,
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
    /// What IP Relaxation must be.
    pub ip_relaxation: Option<Located<IpRelaxation>>,
    /// How long refresh tokens may be good for.
    pub refresh_token: RefreshTokenLimits,
    /// What is expected of sessions.
    pub session: SessionExpectation,
    /// Where callbacks may lead, and nowhere else.
    pub callbacks: Option<Located<Vec<HostPattern>>>,
    /// What is expected of the app's certificates.
    pub certificate: CertificateExpectation,
}

words! {
    /// How much depends on an app.
    Criticality {
        /// Little.
        Low = "low",
        /// Something.
        Medium = "medium",
        /// Much.
        High = "high",
        /// The business.
        Critical = "critical",
    }
}

/// Who answers for an app, as its contract says. Texts are empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Governance {
    /// The person or team that answers for it.
    pub owner: String,
    /// How much depends on it.
    pub criticality: Option<Criticality>,
    /// Who makes it.
    pub vendor: String,
}

words! {
    /// What a policy can ask every contract to say.
    GovernanceKey {
        /// `owner`.
        Owner = "owner",
        /// `criticality`.
        Criticality = "criticality",
        /// `vendor`.
        Vendor = "vendor",
    }
}

impl Governance {
    /// Whether it says this.
    #[must_use]
    pub const fn says(&self, key: GovernanceKey) -> bool {
        match key {
            GovernanceKey::Owner => !self.owner.is_empty(),
            GovernanceKey::Criticality => self.criticality.is_some(),
            GovernanceKey::Vendor => !self.vendor.is_empty(),
        }
    }

    /// All it says on one line, such as `owner identity@example.com, criticality high, vendor Acme`; empty where it says nothing.
    #[must_use]
    pub fn in_words(&self) -> String {
        let criticality = self.criticality.map(Criticality::as_str).unwrap_or_default();
        let said = [("owner", self.owner.as_str()), ("criticality", criticality), ("vendor", self.vendor.as_str())];
        let said = said.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key} {value}"));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// How long refresh tokens may be good for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefreshTokenLimits {
    /// Longest time from issue to end, however much a token is used.
    pub max_lifetime: Option<Located<Period>>,
    /// Longest time that an unused token stays valid.
    pub max_idle: Option<Located<Period>>,
}

/// What is expected of sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionExpectation {
    /// Longest session timeout of the app, in minutes.
    pub max_minutes: Option<Located<i64>>,
    /// Whether the app asks for a high-assurance session.
    pub high_assurance: Option<Located<bool>>,
}

/// What is expected of certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateExpectation {
    /// Days that must be left.
    pub min_days: Option<Located<i64>>,
    /// Least size of an RSA key, in bits.
    pub min_key_bits: Option<Located<i64>>,
}

/// What a policy expects of one app.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expectations<'a> {
    /// The contract that applies to it.
    pub contract: Option<&'a Contract>,
    /// Whether every app has to have one.
    pub contract_required: bool,
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
