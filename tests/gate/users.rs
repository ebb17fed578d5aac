//! Users of contracts, before and after.

use serde_json::Value;

use crate::repository::Repository;
use crate::support::{connected_app, oauth};
use crate::{PORTAL, with_portal};

const CERTIFICATE: &str = include_str!("../data/certificates/rsa-2048.pem");
const GATE: [&str; 3] = ["--fail-on", "never", "--forbid-loss"];

fn jwt_app(more: &str, permission_set: &str) -> String {
    let approved = "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>";
    connected_app(&format!("{}<permissionSetName>{permission_set}</permissionSetName>", oauth(&format!("{approved}{more}"))))
}

fn certificate() -> String {
    format!("<certificate>{}</certificate>", CERTIFICATE.trim())
}

/// The users of whom something is told, and the exit code.
fn users(contract: &str, before: String, after: Option<String>) -> (i32, Vec<Value>) {
    let mut files = with_portal(before);
    files.push(("orgwarden.yaml", format!("contracts: [{{app: Portal, users: [erp@acme.example.com]{contract}}}]")));
    let repository = Repository::of(&files);
    match after {
        Some(text) => repository.project.write(PORTAL, text),
        None => std::fs::remove_file(repository.project.path(PORTAL)).unwrap(),
    }
    let run = repository.gate(&GATE);
    let all = run.json()["deployment"]["contract_users"].as_array().unwrap().clone();
    (run.code, all)
}

#[test]
fn who_would_be_refused_afterwards_is_told_with_the_error_and_the_cause() {
    let good = jwt_app(&format!("{}<scopes>RefreshToken</scopes>", certificate()), "Sales");
    let no_scope = jwt_app(&certificate(), "Sales");
    let (code, refused) = users(", flows: [jwt-bearer]", good.clone(), Some(no_scope.clone()));
    assert_eq!((code, refused.len()), (1, 1), "{refused:?}");
    assert_eq!((&refused[0]["user"], &refused[0]["flow"]), (&"erp@acme.example.com".into(), &"jwt-bearer".into()));
    assert_eq!((&refused[0]["state"], &refused[0]["earlier"]), (&"refused".into(), &"worked".into()));
    assert!(refused[0]["error"].as_str().unwrap().contains("refresh_token scope is required"), "{}", refused[0]);
    assert_eq!(refused[0]["because"][0], "The app's scopes (api) lack refresh_token.");

    let (code, works) = users(", flows: [jwt-bearer]", no_scope.clone(), Some(good.clone()));
    assert_eq!((code, &works[0]["state"]), (0, &"works".into()), "{works:?}");
    assert_eq!(
        users(", flows: [jwt-bearer]", no_scope.clone(), Some(no_scope.replace("Portal", "Portal 2"))).1,
        Vec::<Value>::new()
    );
}

/// Without flows a contract is about those that are enabled: taking away what enables one is no way out.
#[test]
fn a_flow_that_is_switched_off_is_refused() {
    let scopes = "<scopes>RefreshToken</scopes>";
    let with = jwt_app(&format!("{}{scopes}", certificate()), "Sales");
    let (code, refused) = users("", with.clone(), Some(jwt_app(scopes, "Sales")));
    assert_eq!((code, refused.len()), (1, 2), "{refused:?}");
    assert!(refused.iter().all(|it| it["state"] == "refused"), "{refused:?}");

    let (code, refused) = users(", flows: [jwt-bearer]", with, None);
    assert_eq!((code, &refused[0]["because"][0]), (1, &"Portal is not there any more.".into()), "{refused:?}");
}
