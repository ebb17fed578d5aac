//! The commands on live orgs and snapshots, as users meet them: the program itself, over real HTTP, against an org that is not there.
#![cfg(unix)]
#![allow(clippy::format_collect, reason = "speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../support/acme.rs"]
mod acme;
#[path = "../fake_org/mod.rs"]
mod fake_org;
#[path = "../support/mod.rs"]
mod support;

mod commands;
mod compared;
mod drift;
mod fix;
mod misuse;
mod permission_set;
mod several;
mod snapshot;
mod ways_in;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use acme::{Acme, assert_no_secret, run};
use fake_org::Running;
use support::{Project, Run};

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
