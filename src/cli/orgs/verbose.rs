//! `--verbose`: a line on standard error for each API call.

use std::io::{self, Write as _};
use std::time::Duration;

use crate::report::untrusted;
use crate::salesforce::observe::{Call, Observer};

/// Tells of requests as they are answered.
#[derive(Debug)]
pub(super) struct Lines {
    /// `prod: ` where several orgs are asked at once.
    org: String,
}

impl Lines {
    /// Lines that begin with the name of the org, where there are several.
    pub(super) fn new(org: Option<&str>) -> Self {
        Self { org: org.map(|org| format!("{org}: ")).unwrap_or_default() }
    }

    fn say(&self, text: &str) {
        // Nothing can be done when nobody listens there.
        let _ = writeln!(io::stderr().lock(), "{}", untrusted::line(&format!("{}{text}", self.org)));
    }
}

impl Observer for Lines {
    fn answered(&self, call: &Call, outcome: &str, took: Duration) {
        self.say(&format!("{} {} ({}): {outcome}, {} ms", call.method, call.path, call.what, took.as_millis()));
    }

    fn retrying(&self, call: &Call, cause: &str, pause: Duration) {
        self.say(&format!("{} {} ({}): again in {} ms: {cause}", call.method, call.path, call.what, pause.as_millis()));
    }
}
