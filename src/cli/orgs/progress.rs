//! A line for each org on a terminal: how many calls, how many of them under way, and what was asked last.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::report::untrusted;
use crate::salesforce::observe::{Call, Observer};

/// How often the line moves while nothing happens.
const TICK: Duration = Duration::from_millis(120);
/// Characters of what is asked that are shown.
const MAX_QUESTION: usize = 60;

/// The lines of all orgs. They are gone at the end, so that the results stand alone.
#[derive(Default)]
pub(super) struct Progress {
    lines: MultiProgress,
    started: Mutex<Vec<ProgressBar>>,
}

impl Progress {
    /// A line for an org.
    pub(super) fn of(&self, org: &str) -> Arc<dyn Observer> {
        let line = self.lines.add(ProgressBar::new_spinner());
        // The template is fixed and sound; should it not be, indicatif's own look does.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {wide_msg}") {
            line.set_style(style);
        }
        line.set_prefix(untrusted::line(org).into_owned());
        line.set_message("logging in");
        line.enable_steady_tick(TICK);
        if let Ok(mut started) = self.started.lock() {
            started.push(line.clone());
        }
        Arc::new(Line { bar: line, calls: AtomicU32::new(0), under_way: AtomicU32::new(0) })
    }

    /// Takes the lines away.
    pub(super) fn end(self) {
        for line in self.started.into_inner().unwrap_or_default() {
            line.finish_and_clear();
        }
    }
}

/// The line of one org.
struct Line {
    bar: ProgressBar,
    calls: AtomicU32,
    under_way: AtomicU32,
}

impl Line {
    fn show(&self, call: &Call, what_happens: &str) {
        let (calls, under_way) = (self.calls.load(Ordering::Relaxed), self.under_way.load(Ordering::Relaxed));
        let what = untrusted::short_line(&call.what, MAX_QUESTION);
        self.bar.set_message(format!(
            "{calls} API {}, {under_way} under way; {what_happens} {what}",
            if calls == 1 { "call" } else { "calls" }
        ));
    }
}

impl Observer for Line {
    fn sent(&self, call: &Call) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        self.show(call, "asking for");
    }

    fn answered(&self, call: &Call, _outcome: &str, _took: Duration) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        self.show(call, "got");
    }

    fn retrying(&self, call: &Call, _cause: &str, pause: Duration) {
        self.show(call, &format!("waiting {} s, then again", pause.as_secs().max(1)));
    }
}
