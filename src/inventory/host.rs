//! Which hosts callbacks may lead to.

use globset::{Glob, GlobMatcher, escape};

use super::callback::Callback;

/// A host, a glob of hosts, or the scheme of an app's own with a colon: where a callback may lead.
#[derive(Clone, Debug)]
pub struct HostPattern {
    written: String,
    matcher: GlobMatcher,
}

impl HostPattern {
    /// Reads a host such as `portal.example.com` or `[::1]`, in which `*` stands for any number of characters, or a scheme such as
    /// `com.example.app:`. Letter case does not matter.
    ///
    /// # Errors
    ///
    /// Why it is neither, as a clause.
    pub fn new(written: &str) -> Result<Self, &'static str> {
        if written.contains("://") || written.contains(['/', '?', '#', '@']) {
            return Err("it is more than a host");
        }
        let is_of_hosts = |character: char| character.is_ascii_alphanumeric() || "-._*:[]+".contains(character);
        if !written.chars().all(is_of_hosts) {
            return Err("it holds a character that no host has");
        }
        let is_scheme = written.ends_with(':');
        if !is_scheme && !written.starts_with('[') && written.contains(':') {
            return Err("a port is not compared");
        }
        let pattern = written.to_ascii_lowercase();
        let glob = pattern.split('*').map(escape).collect::<Vec<_>>().join("*");
        let matcher = Glob::new(&glob).map_err(|_| "it is no glob")?.compile_matcher();
        Ok(Self { written: pattern, matcher })
    }

    /// As it was written, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether it also matches hosts that merely end alike: `*example.com` is `evil-example.com`, too.
    #[must_use]
    pub fn reaches_beyond_a_domain(&self) -> bool {
        self.written.strip_prefix('*').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['.', '*']))
    }

    /// Whether a callback leads there. The host of a custom scheme is nobody's: there the scheme counts.
    #[must_use]
    pub fn matches(&self, callback: &Callback) -> bool {
        self.matcher.is_match(target(callback))
    }
}

/// What of a callback is compared: its host, or its scheme with a colon where that is a custom one.
#[must_use]
pub fn target(callback: &Callback) -> String {
    if callback.custom_scheme { format!("{}:", callback.scheme) } else { callback.host.clone() }
}
