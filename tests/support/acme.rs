//! The program on an org that is not there, over real HTTP.
#![allow(dead_code, reason = "every test file uses a part of this")]

use std::process::Stdio;

use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Running};
use crate::support::{Project, Run};

/// An org that answers, and a folder to run the program in, which is the home of its user as well.
pub(crate) struct Acme {
    pub(crate) org: Running,
    pub(crate) folder: Project,
}

impl Acme {
    pub(crate) fn new() -> Self {
        Self::of(acme())
    }

    pub(crate) fn of(org: FakeOrg) -> Self {
        Self { org: org.start(), folder: Project::new() }
    }

    /// Runs the program with the org in its environment.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        run_on(&self.folder, &self.org, args)
    }
}

/// Runs the program in a folder with an org in its environment.
pub(crate) fn run_on(folder: &Project, org: &Running, args: &[&str]) -> Run {
    let run = run(folder, args, &org.environment());
    assert_no_secret(&run.out);
    assert_no_secret(&run.err);
    run
}

/// Runs the program with this environment and no other, but for its home.
pub(crate) fn run(folder: &Project, args: &[&str], environment: &[(&str, String)]) -> Run {
    let mut command = folder.command(args);
    command.env("HOME", folder.path("")).envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    Run::of(command.stdin(Stdio::null()).output().unwrap())
}

/// No secret of the fake org is in a text: all of them say that they are.
pub(crate) fn assert_no_secret(text: &str) {
    assert!(!text.contains("FAKE-"), "{}", text.lines().find(|line| line.contains("FAKE-")).unwrap_or_default());
}
