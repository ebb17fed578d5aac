//! With the real Salesforce CLI: it logs in to the fake org, and the program finds the session by itself.
//!
//! Runs where a working `sf` is on the path (`.ci/run` installs one) and says so loudly where there is none. What other versions of the
//! CLI answer is played by scripts in `login/cli.rs`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod fake_org;
mod support;

use std::env;
use std::io::{self, Write as _};
use std::process::{Command, Output};
use std::sync::LazyLock;

use fake_org::Running;
use fake_org::seed::acme;
use serde_json::{Value, json};
use support::{Run, column};
use tempfile::TempDir;

/// What the CLI is run with besides the path and a home: it shall ask nobody but the org, and keep its key in a file of that home.
const SETTINGS: [(&str, &str); 4] = [
    ("SF_DISABLE_TELEMETRY", "true"),
    ("SF_AUTOUPDATE_DISABLE", "true"),
    ("SF_SKIP_NEW_VERSION_CHECK", "true"),
    ("SF_USE_GENERIC_UNIX_KEYCHAIN", "true"),
];

/// Why the CLI cannot be tested with, if so; told once, past the capture of what tests print.
static MISSING: LazyLock<Option<String>> = LazyLock::new(|| {
    let home = TempDir::new().unwrap();
    let missing = match salesforce_cli(&home, &["--version"]).output() {
        Ok(output) if output.status.success() => return None,
        Ok(output) => format!("`sf --version` fails: {}", String::from_utf8_lossy(&output.stderr).trim()),
        Err(cause) => format!("`sf` cannot be run: {cause}"),
    };
    let _ = writeln!(io::stderr(), "\n!!! SKIPPED: the tests with the real Salesforce CLI; {missing}");
    Some(missing)
});

/// Acme, and a home in which the CLI is logged in to it as `acme`, which is the default org there.
struct LoggedIn {
    org: Running,
    /// What must not show.
    token: String,
    home: TempDir,
}

impl LoggedIn {
    /// `None` without the CLI.
    fn new() -> Option<Self> {
        if MISSING.is_some() {
            return None;
        }
        let (org, home) = (acme().start(), TempDir::new().unwrap());
        let (url, token) = (org.url(), org.token());
        let args =
            ["org", "login", "access-token", "--instance-url", &url, "--alias", "acme", "--set-default", "--no-prompt", "--json"];
        let output = salesforce_cli(&home, &args).env("SF_ACCESS_TOKEN", &token).output().unwrap();
        assert!(output.status.success(), "{}", both(&output));
        Some(Self { org, token, home })
    }

    /// The program, run by whoever has this home and nothing else that leads to an org.
    fn orgwarden(&self, args: &[&str]) -> Run {
        self.orgwarden_with(&[], args)
    }

    fn orgwarden_with(&self, variables: &[(&str, String)], args: &[&str]) -> Run {
        let mut command = support::command(self.home.path(), args);
        surround(&mut command, &self.home);
        let run = Run::of(command.envs(variables.iter().cloned()).output().unwrap());
        assert!(!run.out.contains(&self.token) && !run.err.contains(&self.token), "the token shows in the output of {args:?}");
        run
    }
}

#[test]
fn the_session_is_found_under_its_alias() {
    let Some(logged_in) = LoggedIn::new() else { return };
    let run = logged_in.orgwarden(&["audit", "-o", "acme", "--format", "json", "--verbose"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let report = run.json();
    assert_eq!(report["source"]["orgs"][0]["name"], "acme");
    let found = findings(&report);
    for app in ["ERP Sync", "Team Calendar"] {
        assert!(found.iter().any(|(_, label)| *label == app), "{app} is among {found:?}");
    }

    let handed_in = logged_in.orgwarden_with(&logged_in.org.environment(), &["audit", "--org-from-env", "--format", "json"]);
    let handed_in = handed_in.json();
    assert_eq!(report["summary"], handed_in["summary"], "as with the same token handed in");
    assert_eq!(found, findings(&handed_in));
    assert_eq!(logged_in.org.record().writes, [""; 0], "neither program changes the org");
}

#[test]
fn without_a_name_the_orgs_are_those_of_the_cli() {
    let Some(logged_in) = LoggedIn::new() else { return };
    let default = logged_in.orgwarden(&["audit", "-o", "--format", "json"]);
    assert!(default.err.contains("the default org is acme") && default.err.contains(".sf/config.json"), "{}", default.err);
    let all = logged_in.orgwarden(&["audit", "--all-orgs", "--format", "json"]);
    for run in [default, all] {
        assert_eq!(run.code, 1, "{}", run.err);
        assert_eq!(column(&run.json()["source"]["orgs"], "name"), ["acme"]);
    }
}

#[test]
fn a_session_that_has_ended_makes_the_audit_incomplete() {
    let Some(logged_in) = LoggedIn::new() else { return };
    // The CLI cannot renew a session that came as an access token, and hands out the old one.
    logged_in.org.set(fake_org::FakeOrg::end_sessions);
    let run = logged_in.orgwarden(&["audit", "-o", "acme", "--format", "json"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let report = run.json();
    assert_eq!((&report["summary"]["pass"], &report["findings"]), (&json!(0), &json!([])));
    let gap = &report["gaps"][0];
    assert!(gap["what"].as_str().unwrap().contains("acme"), "{gap}");
    assert!(gap["help"].as_str().unwrap().contains("sf org login web"), "{gap}");
}

#[test]
fn an_alias_that_the_cli_does_not_know_is_an_error_of_usage() {
    let Some(logged_in) = LoggedIn::new() else { return };
    let run = logged_in.orgwarden(&["audit", "-o", "prod", "--format", "json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    for part in ["`prod`", "No authorization information found for prod.", "sf org list", "sf org login web --alias prod"] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    assert!(!run.err.contains("--help"), "the CLI's help is not the program's: {}", run.err);
}

/// `sf` on the path of the tests, with nothing of the user who runs them.
fn salesforce_cli(home: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new("sf");
    surround(command.current_dir(home.path()).env_clear(), home);
    command.args(args);
    command
}

fn surround(command: &mut Command, home: &TempDir) {
    command.env("PATH", env::var_os("PATH").unwrap_or_default()).env("HOME", home.path()).envs(SETTINGS);
}

fn both(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// Rule and label of each finding, sorted: findings about the org itself stand where its name puts them.
fn findings(report: &Value) -> Vec<(&str, &str)> {
    let found = report["findings"].as_array().unwrap().iter();
    let mut found: Vec<_> =
        found.map(|found| (found["rule"].as_str().unwrap(), found["subject"]["label"].as_str().unwrap_or_default())).collect();
    found.sort_unstable();
    found
}
