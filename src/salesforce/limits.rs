//! Calls made, calls allowed, calls left.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Error;

/// What the audit has cost, and what the org has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests sent to the org by this client, retries included.
    pub calls: u32,
    /// API calls of everybody in the last 24 hours, where the org told it.
    pub daily_used: Option<u64>,
    /// How many it allows.
    pub daily_max: Option<u64>,
}

/// Counts calls up to a ceiling.
#[derive(Debug, Default)]
pub(super) struct Meter {
    ceiling: Option<u32>,
    calls: AtomicU32,
    daily: Mutex<Option<(u64, u64)>>,
}

impl Meter {
    pub(super) fn new(ceiling: Option<u32>) -> Self {
        Self { ceiling, ..Self::default() }
    }

    /// Counts one call that is about to be made.
    ///
    /// # Errors
    ///
    /// [`Error::CallCeiling`] if it may not be made.
    pub(super) fn count(&self) -> Result<(), Error> {
        let ceiling = self.ceiling.unwrap_or(u32::MAX);
        let more = |calls| (calls < ceiling).then_some(calls + 1);
        match self.calls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::CallCeiling(ceiling)),
        }
    }

    /// Takes note of what the org says about the day's calls.
    pub(super) fn note(&self, used: u64, max: u64) {
        if let Ok(mut daily) = self.daily.lock() {
            // Answers overtake each other; the count itself only grows.
            let used = daily.filter(|(_, known)| *known == max).map_or(used, |(known, _)| known.max(used));
            *daily = Some((used, max));
        }
    }

    pub(super) fn usage(&self) -> Usage {
        let daily = self.daily.lock().ok().and_then(|daily| *daily);
        Usage {
            calls: self.calls.load(Ordering::Relaxed),
            daily_used: daily.map(|(used, _)| used),
            daily_max: daily.map(|(_, max)| max),
        }
    }
}

/// `api-usage` of a `Sforce-Limit-Info` header such as `api-usage=10018/100000; api-bursts=1/750`: used and allowed.
pub(super) fn api_usage(header: &str) -> Option<(u64, u64)> {
    let mut items = header.split([';', ',']).map(str::trim);
    let (used, max) = items.find_map(|item| item.strip_prefix("api-usage="))?.split_once('/')?;
    // Items of single apps carry on in brackets.
    let max = max.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((used.trim().parse().ok()?, max.parse().ok()?))
}
