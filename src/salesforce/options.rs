//! How to talk to an org: limits of time, of size and of patience.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::observe::{Observer, Silent};

/// How to talk to the org.
#[derive(Clone)]
pub struct Options {
    /// Requests under way at once.
    pub concurrency: usize,
    /// For a whole request, its body included.
    pub timeout: Duration,
    /// For making a connection.
    pub connect_timeout: Duration,
    /// Between one byte and the next.
    pub read_timeout: Duration,
    /// Requests to the org, retries included, after which no more are sent. Logging in does not count.
    pub max_api_calls: Option<u32>,
    /// What is done when a request fails in a way that may pass.
    pub retry: Retry,
    /// How a retrieve job is watched.
    pub poll: Poll,
    /// How long a retrieve job may take.
    pub retrieve_patience: Duration,
    /// Is told of every request.
    pub observer: Arc<dyn Observer>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 8,
            timeout: Duration::from_mins(2),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            max_api_calls: None,
            retry: Retry::default(),
            poll: Poll::default(),
            retrieve_patience: Duration::from_mins(10),
            observer: Arc::new(Silent),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("concurrency", &self.concurrency).field("retry", &self.retry).finish_non_exhaustive()
    }
}

/// How often and how soon a failed request is sent again.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// How many times more.
    pub attempts: usize,
    /// Before the second attempt; doubles from there, with up to as much again added at random.
    pub first_pause: Duration,
    /// No pause is longer. A `Retry-After` beyond it is not waited for: the request fails at once.
    pub longest_pause: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 4, first_pause: Duration::from_millis(500), longest_pause: Duration::from_secs(30) }
    }
}

/// Pauses between two looks at a job that runs in the org.
#[derive(Clone, Copy, Debug)]
pub struct Poll {
    /// Before the first look: small jobs are done at once.
    pub soon: Duration,
    /// Before the second; half as much longer each time.
    pub pause: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Default for Poll {
    fn default() -> Self {
        Self { soon: Duration::from_millis(250), pause: Duration::from_secs(1), longest: Duration::from_secs(5) }
    }
}
