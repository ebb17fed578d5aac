//! Whatever goes wrong in an org or on the way to it: the right answer, or a named gap, `unknown` where it matters, and exit code 3. Never a
//! pass that the whole org would not have got, never a panic, never a secret in any output.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../fake_org/mod.rs"]
mod fake_org;
#[path = "../support/live.rs"]
mod live;
#[path = "../support/scripted.rs"]
mod scripted;
#[path = "../support/mod.rs"]
mod support;

mod false_hope;
mod false_pass;
mod hostile;
mod limits;
mod links;
mod reading_only;
mod session;
mod transport;
mod visibility;
