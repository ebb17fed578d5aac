//! How much of an org is open to whoever gets hold of a token of an app.

use super::Reason;
use super::words::words;

words! {
    /// A level of blast radius. Ordered: `None` is the least.
    BlastLevel {
        /// Nothing: nobody gets a token, or the token opens nothing.
        None = "none",
        /// Who the user is, and no data.
        Identity = "identity",
        /// Some data: one service, or what ordinary users may see.
        Partial = "partial",
        /// All data of the org, to read or to change.
        AllData = "all-data",
        /// The whole org: data, code, settings and access.
        Org = "org",
    }
}

/// The blast radius of an app: the level, as far as it is known, and what makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlastRadius {
    /// The level that is certain; there may be more.
    pub least: BlastLevel,
    /// The level that it may be at most; the same where the level is known.
    pub most: BlastLevel,
    /// What makes it, in sentences without a full stop.
    pub reasons: Vec<String>,
    /// Why it may be more; none where the level is known.
    pub unknown: Option<Reason>,
}

impl BlastRadius {
    /// The level, where it is known.
    #[must_use]
    pub fn level(&self) -> Option<BlastLevel> {
        (self.least == self.most).then_some(self.least)
    }

    /// The level in a few words: `org`, `at least partial`, `unknown`.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self.level() {
            Some(level) => level.to_string(),
            None if self.least == BlastLevel::None => "unknown".to_owned(),
            None => format!("at least {}", self.least),
        }
    }

    /// The same for a cell of a table: `org`, `partial+`, `unknown`.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self.level() {
            None if self.least != BlastLevel::None => format!("{}+", self.least),
            _ => self.in_words(),
        }
    }
}
