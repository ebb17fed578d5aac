//! Identities that are unique within a report, for services that take two entries with one identity for the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Report;
use crate::finding::Subject;

/// Hands out the identities of one report.
pub(super) struct Identities<'r> {
    /// Fingerprints that more than one verdict has, because an app has the same in every org and folder.
    shared: BTreeSet<&'r str>,
    given: BTreeSet<String>,
}

impl<'r> Identities<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        let findings = report.findings.iter().map(|finding| &finding.fingerprint);
        for fingerprint in findings.chain(report.unknown.iter().map(|undecided| &undecided.fingerprint)) {
            *times.entry(fingerprint).or_default() += 1;
        }
        let shared = times.into_iter().filter(|(_, times)| *times > 1).map(|(fingerprint, _)| fingerprint).collect();
        Self { shared, given: BTreeSet::new() }
    }

    /// The fingerprint, or where several have it one that the org and the path are part of.
    pub(super) fn of_verdict(&mut self, fingerprint: &str, subject: &Subject) -> String {
        let identity = if self.shared.contains(fingerprint) {
            digest(&[fingerprint, &subject.org_id, &subject.path_in_source])
        } else {
            fingerprint.to_owned()
        };
        self.unused(identity)
    }

    /// That of something that is not about a rule.
    pub(super) fn of_text(&mut self, parts: &[&str]) -> String {
        let identity = digest(parts);
        self.unused(identity)
    }

    fn unused(&mut self, mut identity: String) -> String {
        while !self.given.insert(identity.clone()) {
            identity = digest(&[&identity, "again"]);
        }
        identity
    }
}

fn digest(parts: &[&str]) -> String {
    Sha256::digest(parts.join("\0")).iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
