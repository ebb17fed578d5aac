//! The finished, sorted report, and one module per output format that only reads it.

pub use crate::diagnostic::LeftOut;

use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, RuleInfo, Undecided};

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

/// Everything an audit has to say, in the order it is said: by app, then rule, then place.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The paths that were audited, as given.
    pub source: Vec<String>,
    /// Number of apps audited.
    pub apps: usize,
    /// The rules that ran, by id.
    pub rules: Vec<RuleInfo>,
    /// Verdicts.
    pub counts: Counts,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What could not be decided.
    pub unknown: Vec<Undecided>,
    /// What could not be read (errors: the gaps of the audit) and what is odd in what was read (warnings).
    pub diagnostics: Vec<Diagnostic>,
    /// Files left out on purpose.
    pub left_out: Vec<LeftOut>,
}
