//! What a run amounts to, and the exit code that says so.

use std::process::ExitCode;

use crate::gate::Deployment;
use crate::policy::FailOn;
use crate::report::Report;

/// What a run amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above the threshold, nothing unknown.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// The command line, the policy or a rule file is wrong.
    Misuse,
    /// Something that was asked for could not be read or decided, and no finding reached the threshold.
    Incomplete,
}

impl Outcome {
    /// What a report amounts to. What the baseline knows does not count; what could not be read does, because it may be anything.
    #[must_use]
    pub fn of(report: &Report, fail_on: FailOn, allow_unknown: bool) -> Self {
        let deployment = report.deployment.as_ref();
        let open = || report.gaps() > 0 || report.unknown.iter().any(|undecided| !undecided.is_known());
        if deployment.is_some_and(Deployment::crosses_a_limit)
            || report.findings.iter().any(|finding| !finding.is_known() && fail_on.reaches(finding.severity))
        {
            Self::Findings
        } else if !allow_unknown && (open() || deployment.is_some_and(Deployment::has_open_limits)) {
            Self::Incomplete
        } else {
            Self::Clean
        }
    }

    /// The exit code of the program.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Misuse => 2,
            Self::Incomplete => 3,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}
