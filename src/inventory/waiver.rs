//! What is accepted for now, by an org's policy or beside an element of its metadata.
//!
//! The policy file and the comments are read by [`crate::policy`]; this is what their waivers mean.

use std::fmt;

use jiff::civil::Date;

use super::certificate::days_between;
use super::contract::Located;
use crate::source::Location;

/// The findings of one rule that are accepted, by whom, why and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: Located<String>,
    /// Name or glob of the apps, or of what else the rule is about; none for everything it is about.
    pub about: Option<Located<String>>,
    /// The values that are accepted, and no others; empty for all.
    pub evidence: Vec<String>,
    /// The element of a metadata file beside which it stands, and about which alone it is; none for one of the policy.
    pub beside: Option<Element>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is discussed; empty where the policy does not say.
    pub ticket: String,
    /// The last day it holds; none where it does not end.
    pub expires: Option<Located<Date>>,
    /// What is going to become of the finding.
    pub status: Status,
}

impl Waiver {
    /// Days left after today, negative when it has expired; none where it does not end.
    #[must_use]
    pub fn days_left(&self, today: Date) -> Option<i64> {
        self.expires.as_ref().map(|expires| days_between(today, expires.value))
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn expired(&self, today: Date) -> bool {
        self.days_left(today).is_some_and(|days| days < 0)
    }

    /// What tells it from other waivers: the rule, what it is about, the accepted values, the element it stands beside.
    #[must_use]
    pub fn name(&self) -> String {
        let about = self.about.as_ref().map(|about| format!(" of {}", about.value)).unwrap_or_default();
        let evidence = if self.evidence.is_empty() { String::new() } else { format!(" with {}", self.evidence.join(", ")) };
        let place = self.beside.as_ref().map(|element| format!(" beside {}", element.name)).unwrap_or_default();
        format!("{}{about}{evidence}{place}", self.rule.value)
    }
}

/// A waiver in a comment of a metadata file, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineWaiver {
    /// What the comment says after the words that make it a waiver.
    pub text: Location,
    /// The element it stands beside; none at the end of a level.
    pub beside: Option<Element>,
}

/// An element of a metadata file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// From its start tag to its end tag.
    pub location: Location,
}

impl Element {
    /// Whether a place is in it.
    #[must_use]
    pub fn holds(&self, place: &Location) -> bool {
        self.location.path() == place.path() && self.location.span().range().contains(&place.span().start)
    }
}

/// What is going to become of a waived finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The risk is taken.
    #[default]
    Accepted,
    /// It is going to be put right.
    WillFix,
    /// There is nothing wrong in this case.
    FalsePositive,
}

impl Status {
    /// All of them, in the order they are documented.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::WillFix, Self::FalsePositive];
    /// Their words, in the same order.
    pub const WORDS: &'static [&'static str] = &["accepted", "will-fix", "false-positive"];

    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::WillFix => "will-fix",
            Self::FalsePositive => "false-positive",
        }
    }

    /// The status of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
