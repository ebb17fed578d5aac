//! What Salesforce's error codes mean for the request: final, passing, or the session's fault.

use std::time::Duration;

use super::Error;
use super::retry::{Failure, Passing};
use super::transport::quote;

/// Texts under `INVALID_SESSION_ID` that a new session of the same kind would only repeat.
const WRONG_KIND: [&str; 2] = ["not valid for use with the REST API", "Connected app is not attached to Agent"];

/// A refusal with a code and a text.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
    /// `Retry-After`.
    pub(super) after: Option<Duration>,
}

impl Refusal {
    /// What to do about it.
    pub(super) fn failure(self) -> Failure {
        let Self { status, code, message, after } = self;
        let (code, message) = (quote(&code, &[]), quote(&message, &[]));
        if code == "INVALID_SESSION_ID" {
            let wrong_kind = WRONG_KIND.iter().any(|text| message.contains(text));
            return if wrong_kind { Failure::Final(Error::SessionInvalid(message)) } else { Failure::Expired(message) };
        }
        let once = code == "UNKNOWN_EXCEPTION";
        let passing = once
            || matches!(code.as_str(), "UNABLE_TO_LOCK_ROW" | "SERVER_UNAVAILABLE")
            || matches!(status, 420 | 429 | 502..=504)
            || message.contains("Unexpected internal servlet state");
        // Asking again cannot help when the day's calls are used up, whatever the status says.
        let exhausted = code == "REQUEST_LIMIT_EXCEEDED";
        let error = Error::Refused { status, code, message };
        if passing && !exhausted { Failure::Passing(Passing { error, after, once }) } else { Failure::Final(error) }
    }
}
