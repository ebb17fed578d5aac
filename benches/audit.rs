//! The parts of an audit, each by itself.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench stops where it goes wrong, and its macros write undocumented functions"
)]

mod support;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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
    c.bench_function("load the built-in rules and compile their conditions", |b| {
        b.iter(|| rules::builtin().0.rules.iter().map(|rule| rule.facts().len()).sum::<usize>());
    });
    c.bench_function("collect 100 apps among 500 files", |b| b.iter(|| black_box(collect(&request))));
    // So few apps are judged on one core.
    judge(c, 15);
    judge(c, 1_000);
}

/// Judges so many apps by all rules, facts included. The throughput is in verdicts: 1 Melem/s is 1,000 ns a verdict.
fn judge(c: &mut Criterion, apps: usize) {
    let folder = tempfile::tempdir().unwrap();
    support::write(folder.path(), Size { apps, others: 0, other_bytes: 0, profiles: 0, profile_bytes: 0 }).unwrap();
    let paths = [folder.path().to_owned()];
    let collected = collect(&Request { paths: &paths, force_ignore: true, profiles: ProfilesToRead::Assigned, also: &[] });
    let rules = rules::builtin().0.rules;
    let policy = Policy::none();
    let judge = || {
        let context = Context::new(&collected.inventory, date(2026, 6, 1));
        verdicts(&collected.inventory, &rules, &policy, &context)
    };
    let counts = judge().counts;
    let number = counts.pass + counts.fail + counts.unknown + counts.not_applicable + counts.waived;
    let mut group = c.benchmark_group("judge");
    group.throughput(Throughput::Elements(number as u64));
    group.bench_function(format!("{apps} apps by all rules"), |b| b.iter(|| black_box(judge())));
    group.finish();
}

criterion_group!(benches, audit);
criterion_main!(benches);
