//! Whole audits of a fake org that takes 100 ms for every answer: time, API calls and memory of the program.
//!
//! `cargo bench --bench org` runs both sizes; `cargo bench --bench org -- small` one of them.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench stops where it goes wrong"
)]

#[path = "../tests/fake_org/mod.rs"]
mod fake_org;

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fake_org::FakeOrg;
use fake_org::large::{Size, large};

const DELAY: Duration = Duration::from_millis(100);
const RUNS: usize = 5;

fn main() {
    let sizes = [
        ("small", Size { apps: 50, permission_sets: 30, users: 1_000, assigned: 200 }),
        ("large", Size { apps: 1_000, permission_sets: 500, users: 100_000, assigned: 5_000 }),
    ];
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, size) in sizes.into_iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|it| it == name)) {
        measure(name, size);
    }
}

fn measure(name: &str, size: Size) {
    let mut org: FakeOrg = large(size);
    org.delay = DELAY;
    let running = org.start();
    let mut times = Vec::new();
    let mut most = 0;
    let mut calls = 0;
    for _ in 0..RUNS {
        let before = running.received().len();
        let started = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_orgwarden"))
            .args(["audit", "-o", "env:", "--today", "2026-06-01", "--format", "json"])
            .envs(running.environment())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        most = most.max(peak_kilobytes(&mut child));
        times.push(started.elapsed());
        calls = running.received().len() - before;
    }
    times.sort();
    let median = times[times.len() / 2];
    println!(
        "{name}: {} apps, {} users of whom {} assigned: {:.2} s (median of {RUNS}), {calls} requests, {} MB at most",
        size.apps,
        size.users,
        size.assigned,
        median.as_secs_f64(),
        most / 1_000
    );
}

/// Waits for the end. The peak is what the kernel counted, read until there is nothing to read; 0 where the system has no `/proc`.
fn peak_kilobytes(child: &mut Child) -> usize {
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default();
        most = most.max(now);
        thread::sleep(Duration::from_millis(2));
    }
    most
}
