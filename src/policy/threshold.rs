//! From which severity on a finding makes the audit fail.

use clap::ValueEnum;

use crate::finding::Severity;

/// The argument of `--fail-on`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Only critical findings.
    Critical,
    /// High and critical findings.
    High,
    /// Medium findings and worse ones.
    #[default]
    Medium,
    /// Low findings and worse ones.
    Low,
    /// Every finding.
    Info,
    /// No finding at all.
    Never,
}

impl FailOn {
    /// The least severity that makes the audit fail; none where no finding does.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }

    /// Whether a finding of this severity makes the audit fail.
    #[must_use]
    pub fn reaches(self, severity: Severity) -> bool {
        self.severity().is_some_and(|least| severity >= least)
    }
}
