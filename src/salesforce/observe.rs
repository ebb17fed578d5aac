//! Watching requests go by.

use std::time::Duration;

/// One request, in words that hold no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path without query and without host, such as `/services/data/v66.0/query`.
    pub path: String,
    /// What it asks for, such as `listMetadata ConnectedApp` or `ConnectedApplication`.
    pub what: String,
}

/// Is told of every request: for progress, for `--verbose`, for tests.
pub trait Observer: Send + Sync {
    /// A request is sent.
    fn sent(&self, call: &Call) {
        let _ = call;
    }
    /// It was answered, or failed; `outcome` is a status code or a short cause.
    fn answered(&self, call: &Call, outcome: &str, took: Duration) {
        let _ = (call, outcome, took);
    }
    /// It failed and is sent again after `pause`.
    fn retrying(&self, call: &Call, cause: &str, pause: Duration) {
        let _ = (call, cause, pause);
    }
}

/// Is told and says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
