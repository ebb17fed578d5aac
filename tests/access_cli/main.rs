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

mod apps;
mod files;
mod lookup;
mod users;

use std::process::Stdio;

use fake_org::seed::acme;
use fake_org::{FakeOrg, Running};
use support::{Project, Run};

/// An org that answers, and a folder to run the program in.
struct Acme {
    org: Running,
    folder: Project,
}

impl Acme {
    fn new() -> Self {
        Self::of(acme())
    }

    fn of(org: FakeOrg) -> Self {
        Self { org: org.start(), folder: Project::new() }
    }

    /// Runs the program with the org in its environment, for a terminal of 80 columns.
    fn run(&self, args: &[&str]) -> Run {
        let mut command = self.folder.command(args);
        let environment = self.org.environment();
        command.env("COLUMNS", "80").envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
        let run = Run::of(command.stdin(Stdio::null()).output().unwrap());
        live::assert_no_secret(&run.out, &self.org.token());
        live::assert_no_secret(&run.err, &self.org.token());
        run
    }
}
