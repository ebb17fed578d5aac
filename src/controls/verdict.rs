//! From what rules said to what can be said of a control.

use super::Coverage;
use crate::finding::Effect;
use crate::policy::Tally;

/// What can be said of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is met: its rules answer all of it, each was asked, and none failed or could not be decided.
    Pass,
    /// It is not met.
    Fail,
    /// It may not be met: a rule could not be decided.
    Unknown,
    /// It is not met, and the policy accepts all that was found.
    Waived,
    /// Nothing was found against it, and there is more to it than was looked at.
    NoFindings,
    /// Nothing that was read tells of it.
    NotAssessed,
}

impl Verdict {
    /// The words used in output, in the order of the variants.
    pub const WORDS: [&'static str; 6] = ["pass", "fail", "unknown", "waived", "no-findings", "not-assessed"];

    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::NoFindings => "no-findings",
            Self::NotAssessed => "not-assessed",
        }
    }
}

/// What can be said of a control from what each of its rules said; `coverage` is how far these answer it, none where nobody says.
///
/// Only rules about what is unsafe are held against it: an app that does not work is no breach of a benchmark, though no pass either. A rule
/// that was asked and concerns nothing there is has been answered; one that was not asked, because it is for another kind of source,
/// or switched off, or because there is nothing of the kind it is about, has not.
#[must_use]
pub fn verdict(coverage: Option<Coverage>, said: &[(Effect, Tally)]) -> Verdict {
    let any = |count: fn(&Tally) -> usize| said.iter().any(|(_, tally)| count(tally) > 0);
    if findings(said) > 0 {
        Verdict::Fail
    } else if any(|tally| tally.counts.unknown) {
        Verdict::Unknown
    } else if any(|tally| tally.counts.waived) {
        Verdict::Waived
    } else if !any(|tally| tally.counts.pass) {
        Verdict::NotAssessed
    } else if coverage == Some(Coverage::Covered) && said.iter().all(|(_, tally)| tally.is_answered() && tally.counts.fail == 0) {
        Verdict::Pass
    } else {
        Verdict::NoFindings
    }
}

/// How many findings are held against a control.
#[must_use]
pub fn findings(said: &[(Effect, Tally)]) -> usize {
    said.iter().filter(|(effect, _)| *effect == Effect::Unsafe).map(|(_, tally)| tally.counts.fail).sum()
}
