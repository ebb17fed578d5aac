//! The values behind a finding: a rule has at most one finding on a subject, however many values of a list are wrong.

use std::collections::BTreeSet;

use crate::finding::{Evidence, Severity};
use crate::rules::facts;
use crate::rules::schema::Type;

/// The values of lists behind a finding, in alphabetical order. What is no list, such as a number of days, may change while nothing is done.
#[must_use]
pub fn values_of(evidence: &[Evidence]) -> Vec<String> {
    let there = evidence.iter().filter(|piece| piece.missing.is_none());
    of_lists(there.map(|piece| (piece.fact.as_str(), piece.value.as_str())))
}

/// The same of facts and values that are there.
#[must_use]
pub fn of_lists<'a>(pieces: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let is_list = |fact: &str| {
        matches!(facts::find(fact).map(|fact| fact.ty), Some(Type::Texts | Type::Choices(_) | Type::Scopes | Type::Objects(_)))
    };
    let values: BTreeSet<&str> = pieces.filter(|(fact, _)| is_list(fact)).map(|(_, value)| value).collect();
    values.into_iter().map(str::to_owned).collect()
}

/// A finding, as far as it can get worse.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight<'a> {
    /// How bad it is.
    pub(super) severity: Severity,
    /// The values behind it.
    pub(super) values: &'a [String],
    /// Id of the org; empty for files.
    pub(super) org: &'a str,
}

impl<'a> Weight<'a> {
    /// The values that an earlier finding did not have. Files and orgs do not call everything by the same names, nor do two orgs.
    pub(super) fn values_since(self, earlier: Self) -> Vec<&'a String> {
        if self.org != earlier.org {
            return Vec::new();
        }
        self.values.iter().filter(|value| !earlier.values.contains(value)).collect()
    }

    /// Whether it is worse than an earlier finding.
    pub(super) fn is_worse_than(self, earlier: Self) -> bool {
        self.severity > earlier.severity || !self.values_since(earlier).is_empty()
    }
}
