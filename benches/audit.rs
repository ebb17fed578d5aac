//! The parts of an audit, each by itself.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench stops where it goes wrong, and its macros write undocumented functions"
)]

mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use orgwarden::collect::ProfilesToRead;
use orgwarden::collect::tree::{Request, collect};
use orgwarden::policy::{Policy, verdicts};
use orgwarden::rules::{self, facts::Context};
use support::Size;

fn audit(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    support::write(folder.path(), Size { apps: 100, others: 400, other_bytes: 2_000, profiles: 20, profile_bytes: 50_000 })
        .unwrap();
    let paths = [folder.path().to_owned()];
    let request = Request { paths: &paths, force_ignore: true, profiles: ProfilesToRead::Assigned, also: &[] };

    c.bench_function("load the built-in rules", |b| b.iter(|| black_box(rules::builtin())));
    c.bench_function("collect 100 apps among 500 files", |b| b.iter(|| black_box(collect(&request))));

    let collected = collect(&request);
    let rules = rules::builtin().0.rules;
    let policy = Policy::none();
    c.bench_function("judge 100 apps by all rules", |b| {
        b.iter(|| {
            let context = Context::new(&collected.inventory, date(2026, 6, 1));
            black_box(verdicts(&collected.inventory, &rules, &policy, &context))
        });
    });
}

criterion_group!(benches, audit);
criterion_main!(benches);
