//! The audit of `examples/acme` as a user sees it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a panic is how a test fails

use std::fmt::Write as _;
use std::process::{Command, Output};

use serde_json::Value;

#[test]
fn it_finds_what_is_wrong_and_nothing_else() {
    let audit = orgwarden(&["audit", "examples/acme", "--preset", "strict", "--today", "2026-06-01", "--format", "json"]);
    assert_eq!(audit.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&audit.stdout).unwrap();
    let mut seen = String::from("Findings\n");
    for finding in report["findings"].as_array().unwrap() {
        let words = ["severity", "effect", "rule"].map(|key| finding[key].as_str().unwrap());
        writeln!(seen, "{:<8} {:<6} {:<24} {}", words[0], words[1], name(finding), words[2]).unwrap();
    }
    seen += "\nUndecided\n";
    for undecided in report["unknown"].as_array().unwrap() {
        writeln!(seen, "{:<24} {}", name(undecided), undecided["rule"].as_str().unwrap()).unwrap();
    }
    insta::assert_snapshot!("audit", seen);
}

#[test]
fn what_is_odd_in_the_files_is_told_on_standard_error() {
    let audit = orgwarden(&["audit", "examples/acme", "--today", "2026-06-01"]);
    let told = String::from_utf8(audit.stderr).unwrap();
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("warning: ") || line.contains("help: ")).collect();
    assert_eq!(
        lines,
        [
            "warning: `isPkceRequred` is not an element of ConnectedAppOauthConfig that this version knows",
            "  help: did you mean `isPkceRequired`?",
            "warning: `RefreshTokn` is not a value of `scopes` that this version knows",
            "  help: did you mean `RefreshToken`?",
        ]
    );
    assert!(told.contains(" apps audited in "), "{told}");
}

#[test]
fn what_is_left_out_is_named_and_can_be_let_in() {
    let names = |arguments: &[&str]| {
        let inventory = orgwarden(&[&["inventory", "examples/acme", "--format", "json"], arguments].concat());
        assert_eq!(inventory.status.code(), Some(0));
        let document: Value = serde_json::from_slice(&inventory.stdout).unwrap();
        let apps: Vec<String> = document["apps"].as_array().unwrap().iter().map(|app| app["name"].to_string()).collect();
        let left_out: Vec<String> = document["left_out"].as_array().unwrap().iter().map(|file| file["path"].to_string()).collect();
        (apps.len(), left_out.len(), apps.concat().contains("Sandbox_Playground"))
    };
    assert_eq!(names(&[]), (14, 1, false));
    assert_eq!(names(&["--no-forceignore"]), (15, 0, true));
}

#[test]
fn apps_outside_of_the_package_directories_are_audited_too() {
    let inventory = orgwarden(&["inventory", "examples/acme", "--format", "json"]);
    let document: Value = serde_json::from_slice(&inventory.stdout).unwrap();
    let outside = document["apps"].as_array().unwrap().iter().filter(|app| app["in_package_directory"] == false);
    assert_eq!(outside.map(|app| app["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Fax_Gateway"]);
}

fn name(of: &Value) -> &str {
    of["subject"]["name"].as_str().unwrap()
}

/// Runs the program in the root of the project, with nothing of the environment of whoever runs the tests.
fn orgwarden(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgwarden"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().env("COLUMNS", "120");
    command.args(arguments).output().unwrap()
}
