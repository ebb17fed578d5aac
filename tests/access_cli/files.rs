//! What files tell: what an app is assigned to, and not who has it.

use std::path::Path;

use insta::assert_snapshot;
use serde_json::json;

use crate::support::Run;
use crate::support::{Project, column, command, component, connected_app, oauth};

fn example(args: &[&str]) -> Run {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme");
    Run::of(command(&folder, args).env("COLUMNS", "80").output().unwrap())
}

#[test]
fn assignments_are_told_with_their_places_and_users_are_not_known() {
    let run = example(&["access", "HR_Onboarding"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("files do not tell who has a profile or a permission set"), "{}", run.err);
    assert_snapshot!("files", run.out);
    let app = &example(&["access", "HR_Onboarding", "--format", "json"]).json()["apps"][0];
    assert_eq!((&app["users"], &app["active_users"]), (&json!("unknown"), &json!("unknown")));
    assert_eq!(column(&app["paths"], "name"), ["System Administrator", "HR Integration"]);
    let origins = column(&app["paths"], "origin");
    assert!(origins[0].ends_with("HR_Onboarding.connectedApp-meta.xml:18:18"), "{origins:?}");
    assert_eq!(app["paths"][1]["reservations"][0]["word"], "missing");
}

#[test]
fn permitted_users_decide_in_files_as_well() {
    let admits = |name: &str| example(&["access", name, "--format", "json"]).json()["apps"][0]["admits"].clone();
    assert_eq!(admits("Data_Warehouse_Export"), "assigned");
    assert_eq!(admits("Analytics_Feed"), "anybody");
    let run = example(&["access", "Chat_Assistant", "--format", "json"]);
    assert_eq!((run.code, &run.json()["apps"][0]["admits"]), (3, &json!("unknown")));
    let unknown = run.json()["apps"][0]["unknown"].clone();
    assert!(unknown.as_array().unwrap().len() == 1 && unknown.to_string().contains("which profiles are assigned"), "{unknown}");
}

#[test]
fn an_app_that_is_switched_off_admits_nobody() {
    let blocked = connected_app(
        &(oauth("<isAdminApproved>true</isAdminApproved>")
            + "<profileName>Team</profileName><sessionPolicy><policyAction>Block</policyAction></sessionPolicy>"),
    );
    let project = Project::new().file("Portal.connectedApp", blocked).file("Team.profile", component("Profile", ""));
    let app = project.run(&["access", "Portal", "--format", "json"]).json()["apps"][0].clone();
    assert_eq!((&app["admits"], &app["paths"][0]["effective"]), (&json!("nobody"), &json!(false)));
    let csv = project.run(&["access", "Portal", "--format", "csv"]).out;
    assert!(
        csv.lines().nth(1).unwrap().starts_with(",connected-app,Portal,admin-approved,nobody,profile,Team,,unknown,false,"),
        "{csv}"
    );
    let dot = project.run(&["access", "Portal", "--format", "dot"]).out;
    assert!(dot.contains(r#"n1 -> n0 [label="no effect", style=dashed];"#), "{dot}");
}

#[test]
fn what_does_not_go_together_is_refused_with_what_to_do() {
    let project = Project::new().file("Portal.connectedApp", connected_app(""));
    let user = project.run(&["access", "--user", "ada@acme.example.com"]);
    assert_eq!(user.code, 2);
    assert!(user.err.contains("--target-org") && user.err.contains("snapshot --user"), "{}", user.err);
    for args in [
        &["access"][..],
        &["access", "--user", ""],
        &["access", "Portal", "no/such/folder"],
        &["access", "Portal", "--format", "svg"],
    ] {
        assert_eq!(project.run(args).code, 2, "{args:?}");
    }
    project.write("Broken.connectedApp", "<ConnectedApp>");
    assert_eq!(project.run(&["access", "Portal"]).code, 3);
}
