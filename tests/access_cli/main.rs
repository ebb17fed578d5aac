//! Who can use what: users who are looked up by name, and the command `access`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../fake_org/mod.rs"]
mod fake_org;
#[path = "../support/live.rs"]
mod live;
#[path = "../support/scripted.rs"]
mod scripted;
#[path = "../support/mod.rs"]
mod support;

mod lookup;
