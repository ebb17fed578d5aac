//! What makes two findings of two audits the same one.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::finding::Subject;

/// The identity of a rule's finding on a subject across runs: SHA-256, 64 hexadecimal digits, over the rule's id and the subject's kind and
/// [own name](Subject::own_name).
///
/// A rule has at most one finding on a subject, so nothing more is needed to tell findings of one source apart. Left out is what changes while the
/// finding stays: places, because lines move and folders are renamed; the values of the evidence, because some of them are days left; the
/// org, so that an app has the same findings in the repository and in every org. Where one report has two subjects of one name, the org's id
/// and the path tell them apart.
#[must_use]
pub fn fingerprint(rule: &str, subject: &Subject) -> String {
    fingerprint_of(rule, subject.kind, &subject.own_name())
}

/// The same of a subject that is known by its kind and own name alone.
#[must_use]
pub fn fingerprint_of(rule: &str, kind: &str, own_name: &str) -> String {
    // NUL can stand in none of the parts, so that no two lists of parts read the same.
    let identity = [rule, kind, own_name].join("\0");
    Sha256::digest(identity).iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
