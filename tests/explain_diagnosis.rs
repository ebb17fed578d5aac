//! `orgwarden explain ERROR --app APP`: which of the conditions behind an error an app and a user meet.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod fake_org;
mod support;

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;
use support::{Project, Run, component, connected_app};

const CERTIFICATE: &str = include_str!("data/certificates/rsa-2048.pem");
const NOT_APPROVED: &str = r#"{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}"#;

/// An app that takes assertions, with its scopes, Permitted Users and assignments.
fn project(scopes: &str, more: &str) -> Project {
    let certificate = CERTIFICATE.trim();
    let oauth = format!(
        "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl><certificate>{certificate}</certificate>{scopes}</oauthConfig>{more}"
    );
    Project::new()
        .file("erp.connectedApp-meta.xml", connected_app(&oauth))
        .file("ERP.permissionset-meta.xml", component("PermissionSet", "<label>ERP</label>"))
}

/// `flow: conditions` of each forecast.
fn found(document: &Value) -> Vec<String> {
    let forecasts = document["apps"][0]["forecasts"].as_array().unwrap();
    let conditions = |forecast: &Value| -> Vec<String> {
        forecast["conditions"].as_array().unwrap().iter().map(|condition| condition["id"].as_str().unwrap().to_owned()).collect()
    };
    forecasts.iter().map(|forecast| format!("{}: {}", forecast["flow"].as_str().unwrap(), conditions(forecast).join(" "))).collect()
}

#[test]
fn the_condition_is_found() {
    let admin = "<isAdminApproved>true</isAdminApproved>";
    let refresh = "<scopes>RefreshToken</scopes>";
    let set = "<permissionSetName>ERP</permissionSetName>";
    for (what, scopes, more, options, code, expected) in [
        (
            "both",
            String::new(),
            "",
            &["--flow", "saml-bearer"][..],
            1,
            vec!["saml-bearer: user-has-not-approved refresh-scope-missing"],
        ),
        // Without a flow the one that gives the error most surely stands for those that fail for the same.
        ("any flow", String::new(), "", &[], 1, vec!["saml-bearer: user-has-not-approved refresh-scope-missing"]),
        (
            "approval alone",
            refresh.to_owned(),
            "",
            &["--prior-approval", "no", "--flow", "saml-bearer"],
            1,
            vec!["saml-bearer: user-has-not-approved"],
        ),
        ("the scope alone", admin.to_owned(), set, &["--flow", "saml-bearer"], 1, vec!["saml-bearer: refresh-scope-missing"]),
        ("nothing", format!("{admin}{refresh}"), set, &["--flow", "saml-bearer"], 0, vec!["saml-bearer: "]),
    ] {
        let project = project(&scopes, more);
        let run = project
            .run(&[&["explain", NOT_APPROVED, "--app", "erp", "--today", "2026-06-01", "--format", "json"], options].concat());
        assert_eq!(run.code, code, "{what}: {}", run.err);
        assert_eq!(found(&run.json()), expected, "{what}");
        assert_eq!(run.err.contains("does not give this error"), what == "nothing", "{what}: {}", run.err);
    }
}

#[test]
fn what_was_not_found_is_listed_with_how_to_confirm_it() {
    let run = project("", "").run(&["explain", NOT_APPROVED, "--app", "erp", "--flow", "saml-bearer", "--today", "2026-06-01"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let (found, others) = run.out.split_once("Also behind this error, and not found here:").expect("a list");
    assert!(found.contains("refresh-scope-missing: The app's scopes (none) lack refresh_token."), "{found}");
    assert!(others.contains("[user-unknown]") && others.contains("[app-changed-minutes-ago]"), "{others}");
    assert!(!others.contains("[refresh-scope-missing]"), "{others}");
}

#[test]
fn a_user_of_an_org_is_looked_up() {
    let org = fake_org::seed::acme().start();
    let folder = Project::new();
    let error = "error=OAUTH_APP_ACCESS_DENIED&error_description=user+is+not+admin+approved+to+access+this+app";
    let mut command =
        folder.command(&["explain", "-", "--app", "Contractor_Portal", "--user", "ugo@acme.example.com", "--format", "json"]);
    command.args(["--org-from-env", "--flow", "web-server"]).envs(org.environment());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(error.as_bytes()).unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.code, 1, "{}", run.err);
    assert_eq!(found(&run.json()), ["web-server: user-not-admin-approved"]);
    let schema = folder.run(&["schema", "explain"]).json();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&run.json()));
}

#[test]
fn a_source_without_an_app_is_misuse() {
    for options in
        [&["--user", "erp@acme.example.com"][..], &["--snapshot", "acme.gz"], &["--source-ip", "203.0.113.7"], &["force-app"]]
    {
        let run = project("", "").run(&[&["explain", NOT_APPROVED], options].concat());
        assert_eq!(run.code, 2, "{options:?}: {}", run.err);
        assert!(run.err.contains("--app"), "{options:?}: {}", run.err);
    }
    let run = project("", "").run(&["explain", NOT_APPROVED, "--app", "epr"]);
    assert!(run.code == 2 && run.err.contains("did you mean `erp`"), "{}", run.err);
}
