//! Verdicts become findings here, once.

use crate::compare::fingerprint;
use crate::finding::{Evidence, Finding, RuleInfo, Severity, Subject};

/// The finding of a rule that failed on a subject, at the severity the policy left it
/// ([`Setting::severity`](super::Setting::severity)).
#[must_use]
pub fn finding(info: &RuleInfo, severity: Severity, subject: Subject, message: String, evidence: Vec<Evidence>) -> Finding {
    Finding {
        rule: info.id.clone(),
        title: info.title.clone(),
        severity,
        effect: info.effect,
        fingerprint: fingerprint(&info.id, &subject),
        message,
        evidence,
        remediation: info.remediation.for_subject(&subject),
        subject,
        baseline: None,
        new_values: Vec::new(),
    }
}
