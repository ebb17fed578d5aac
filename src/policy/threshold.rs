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
    /// Whether a finding of this severity makes the audit fail.
    #[must_use]
    pub fn reaches(self, severity: Severity) -> bool {
        let least = match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
            Self::Info => Severity::Info,
            Self::Never => return false,
        };
        severity >= least
    }
}
