//! Which failures may pass, and how long to wait for that.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::Error;
use super::options::Retry;

/// Why one attempt failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// It will not go better next time.
    Final(Error),
    /// It may.
    Passing(Passing),
    /// The session is not valid (any more); with Salesforce's text.
    Expired(String),
}

/// A failure that may pass.
#[derive(Debug)]
pub(super) struct Passing {
    /// What it is if it does not.
    pub(super) error: Error,
    /// How long the server wants to be left alone.
    pub(super) after: Option<Duration>,
    /// Whether a second attempt is enough to know.
    pub(super) once: bool,
}

impl Failure {
    /// A failure that may pass, with nothing said about when.
    pub(super) fn passing(error: Error) -> Self {
        Self::Passing(Passing { error, after: None, once: false })
    }
}

/// The pauses of one request.
pub(super) struct Pauses {
    backoff: ExponentialBackoff,
    longest: Duration,
    used: bool,
}

impl Pauses {
    pub(super) fn new(retry: Retry) -> Self {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(retry.first_pause)
            .with_max_delay(retry.longest_pause)
            .with_max_times(retry.attempts)
            .with_jitter()
            .build();
        Self { backoff, longest: retry.longest_pause, used: false }
    }

    /// How long to wait before the next attempt; nothing if there is to be none.
    pub(super) fn next(&mut self, failure: &Passing) -> Option<Duration> {
        if failure.once && self.used {
            return None;
        }
        self.used = true;
        let pause = self.backoff.next()?.min(self.longest);
        match failure.after {
            Some(after) if after > self.longest => None,
            Some(after) => Some(pause.max(after)),
            None => Some(pause),
        }
    }
}

/// `Retry-After`, in seconds or as a date. A date counts from the server's own clock where the answer tells it.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let value = text(RETRY_AFTER)?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| DateTimeParser::new().parse_timestamp(text).ok();
    let now = text(DATE).and_then(date).unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(date(value)?.duration_since(now)).unwrap_or_default())
}
