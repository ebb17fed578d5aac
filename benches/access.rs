//! Who can use the apps of an org of 100,000 users and 5,000 assignments, once the org has been read.
//!
//! `cargo bench --bench access` also leaves a snapshot of that org in the folder of temporary files, whose name it prints, to time the
//! command on.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where it goes wrong, and criterion's macros make functions without documentation"
)]

#[path = "../tests/fake_org/mod.rs"]
mod fake_org;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use fake_org::large::{Size, large};
use orgwarden::access::LiveOrg;
use orgwarden::collect::org::{self, Request};
use orgwarden::collect::{Collected, snapshot};
use orgwarden::inventory::Fact;
use orgwarden::inventory::org::User;
use orgwarden::salesforce::login::HandedIn;
use orgwarden::salesforce::{Client, Options};

const USERS: usize = 100_000;

/// The org as it is read, and all its users besides: whoever asks about profiles reads many.
fn collected() -> Collected {
    let running = large(Size { apps: 1_000, permission_sets: 500, users: USERS, assigned: 5_000 }).start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let login = HandedIn::new(&running.token(), &running.url()).unwrap();
    let mut collected = runtime.block_on(async {
        let client = Client::connect(Arc::new(login), Options::default()).await.unwrap();
        org::collect(&client, &Request { name: "large".to_owned(), ..Request::default() }).await
    });
    for org in collected.inventory.sources.iter_mut().filter_map(|source| source.org.as_mut()) {
        let template: User = org.users.values().next().unwrap().clone();
        for number in org.users.len()..USERS {
            let (id, username) = (format!("005Z{number:011}AAA"), format!("other{number}@acme.example.com"));
            org.users.insert(id, User { username, frozen: Fact::known(false), ..template.clone() });
        }
    }
    collected
}

fn access(criterion: &mut Criterion) {
    let collected = collected();
    let path = std::env::temp_dir().join("orgwarden-access-bench.snapshot.gz");
    snapshot::write(&path, &collected, jiff::Timestamp::UNIX_EPOCH).unwrap();
    println!("a snapshot of the org: {}", path.display());
    let inventory = &collected.inventory;
    criterion.bench_function("index an org of 100,000 users, and tell the users and tokens of its 1,000 apps", |bencher| {
        bencher.iter(|| {
            let live = LiveOrg::new(inventory, 0).unwrap();
            let told = inventory.apps.iter().map(|app| {
                let audience = live.graph.audience_of(app);
                let (holders, _) = live.token_holders(app, &audience);
                audience.active_users_seen() + audience.paths().len() as u64 + holders.len() as u64
            });
            black_box(told.sum::<u64>())
        });
    });
}

criterion_group!(benches, access);
criterion_main!(benches);
