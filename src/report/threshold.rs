//! What fails an audit, for the formats that have failures of their own: a test report must not be red where the exit code is 0.

use super::Report;
use crate::finding::{Finding, Severity};
use crate::gate::Deployment;

/// What ends an audit with an exit code other than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The least severity that fails it; none where no finding does.
    pub severity: Option<Severity>,
    /// Whether it may be incomplete.
    pub allow_unknown: bool,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { severity: Some(Severity::Medium), allow_unknown: false }
    }
}

impl Report {
    /// Whether a finding fails the audit.
    pub(super) fn fails(&self, finding: &Finding) -> bool {
        !finding.is_known() && self.threshold.severity.is_some_and(|least| finding.severity >= least)
    }

    /// Whether the audit ends with an exit code other than 0.
    pub(super) fn is_failed(&self) -> bool {
        let open = || self.gaps() > 0 || self.unknown.iter().any(|undecided| !undecided.is_known());
        let deployment = self.deployment.as_ref();
        deployment.is_some_and(Deployment::crosses_a_limit)
            || self.findings.iter().any(|finding| self.fails(finding))
            || (!self.threshold.allow_unknown && (open() || deployment.is_some_and(Deployment::has_open_limits)))
    }
}
