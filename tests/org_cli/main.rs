//! The commands on live orgs and snapshots, as users meet them: the program itself, over real HTTP, against an org that is not there.
#![cfg(unix)]
#![allow(clippy::format_collect, reason = "speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../fake_org/mod.rs"]
mod fake_org;
#[path = "../support/mod.rs"]
mod support;

mod commands;
mod misuse;
mod permission_set;
mod several;
mod snapshot;
mod ways_in;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use fake_org::seed::acme;
use fake_org::{FakeOrg, Running};
use support::{Project, Run};

/// An org that answers, and a folder to run the program in, which is the home of its user as well.
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

    /// Runs the program with the org in its environment.
    fn run(&self, args: &[&str]) -> Run {
        run(&self.folder, args, &self.org.environment())
    }
}

/// Runs the program with this environment and no other, but for its home.
fn run(folder: &Project, args: &[&str], environment: &[(&str, String)]) -> Run {
    let mut command = folder.command(args);
    command.env("HOME", folder.path("")).envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    Run::of(command.stdin(Stdio::null()).output().unwrap())
}

/// A Salesforce CLI that says this of each alias, and knows no other; what it was asked is in `sf.log`.
fn salesforce_cli(folder: &Project, orgs: &[(&str, String)]) -> String {
    let cases: String = orgs.iter().map(|(alias, answer)| format!("*'--target-org {alias} '*) echo '{answer}' ;;\n")).collect();
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> \"$0.log\"\ncase \"$* \" in\n{cases}\
         *) echo '{{\"status\":1,\"name\":\"NamedOrgNotFoundError\",\"message\":\"No authorization information found.\"}}'; exit 1 ;;\nesac\n"
    );
    folder.write("bin/sf", script);
    fs::set_permissions(folder.path("bin/sf"), fs::Permissions::from_mode(0o755)).unwrap();
    folder.path("bin").to_string_lossy().into_owned()
}

/// What `sf org display` says of an org, in its older form.
fn displayed(org: &Running) -> String {
    serde_json::json!({"status": 0, "result": {"instanceUrl": org.url(), "accessToken": org.token(), "username": "admin@acme.example.com"}})
        .to_string()
}

/// What standard error says, without the line breaks that make it fit.
fn words(run: &Run) -> String {
    run.err.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// No secret of the fake org is in a text: all of them say that they are.
fn assert_no_secret(text: &str) {
    assert!(!text.contains("FAKE-"), "{}", text.lines().find(|line| line.contains("FAKE-")).unwrap_or_default());
}
