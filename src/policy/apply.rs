//! Verdicts become findings here, once.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

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
    }
}

/// The identity of a rule's finding on a subject across runs: SHA-256, 64 hexadecimal digits, over the rule's id and the
/// subject's kind, name and path in its tree.
///
/// A rule has at most one finding on a subject, so nothing more is needed to tell findings apart. Places are left out, because
/// lines move; so are the values of the evidence, because some of them are days left or paths as seen from where the program
/// runs. The path has `/` on every system.
#[must_use]
pub fn fingerprint(rule: &str, subject: &Subject) -> String {
    let path = subject.path_in_source.replace('\\', "/");
    // A live org is told by its id, which is in the path; what it is called here is everybody's own choice.
    let is_live_org = subject.kind == "org" && subject.name == subject.org && !path.is_empty();
    let name = if is_live_org { "" } else { &subject.name };
    // NUL can stand in none of the parts, so that no two lists of parts read the same.
    let identity = [rule, subject.kind, name, &path].join("\0");
    Sha256::digest(identity).iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
