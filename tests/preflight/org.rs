//! What an org tells of its users, over real HTTP, and what its snapshot tells later.

use crate::acme::Acme;
use crate::fake_org::seed::acme;
use crate::said;
use crate::support::{Run, column};

/// What is said of a user.
fn ask(acme: &Acme, app: &str, flow: &str, user: &str) -> Run {
    let user = format!("{user}@acme.example.com");
    acme.run(&["preflight", "--app", app, "--flow", flow, "--user", &user, "--format", "json", "--org-from-env"])
}

/// App, flow, user, and what is said.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("Team_Calendar", "web-server", "bruno", "would-issue"),
    // A way that ends later is a way.
    ("Contractor_Portal", "web-server", "tilda", "would-issue"),
    (
        "Contractor_Portal",
        "web-server",
        "ugo",
        "would-refuse | user-not-admin-approved | OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app (high)",
    ),
    // Holds a set that needs a session to activate it, and one that does not.
    ("Contractor_Portal", "web-server", "vera", "would-issue"),
    ("Field_Reports", "web-server", "felix", "cannot-tell | muting"),
    (
        "ERP_Sync",
        "web-server",
        "erp.integration",
        "would-refuse | api-only-user-on-page | OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication. Please \
         try again. (medium)",
    ),
    ("ERP_Sync", "refresh-token", "erp.integration", "would-issue"),
    (
        "ERP_Sync",
        "refresh-token",
        "amira",
        "would-refuse | refresh-token-ended user-not-admin-approved | invalid_grant: expired access/refresh token (high)",
    ),
    ("Survey_Tool", "web-server", "amira", "would-issue"),
    ("Survey_Tool", "web-server", "wanda.gone", "would-refuse | user-inactive | invalid_grant: inactive user (high)"),
    ("Survey_Tool", "web-server", "yara.frozen", "would-refuse | user-frozen"),
    (
        "Payroll_Bridge",
        "jwt-bearer",
        "no.such.user",
        "would-refuse | user-unknown refresh-scope-missing | invalid_grant: user hasn't approved this consumer (medium)",
    ),
    (
        "Payroll_Bridge",
        "jwt-bearer",
        "amira",
        "would-refuse | user-not-admin-approved refresh-scope-missing | invalid_app_access: user is not admin approved to access this app \
         (low)",
    ),
    ("Warehouse_Export", "client-credentials", "amira", "would-issue"),
];

#[test]
fn an_org_knows_its_users() {
    let acme = Acme::new();
    for (app, flow, user, expected) in CASES {
        assert_eq!(said(&ask(&acme, app, flow, user)), *expected, "{app} {flow} {user}");
    }
}

#[test]
fn a_snapshot_says_the_same_of_the_users_it_was_taken_with() {
    let acme = Acme::new();
    let mut args = vec!["snapshot", "--org-from-env", "-O", "acme.gz", "--allow-unknown"];
    let users: Vec<String> = CASES.iter().map(|(_, _, user, _)| format!("{user}@acme.example.com")).collect();
    args.extend(users.iter().flat_map(|user| ["--user", user.as_str()]));
    assert_eq!(acme.run(&args).code, 0);
    for ((app, flow, _, expected), user) in CASES.iter().zip(&users) {
        let args = ["preflight", "--app", app, "--flow", flow, "--user", user, "--format", "json", "--snapshot", "acme.gz"];
        assert_eq!(said(&acme.folder.run(&args)), *expected, "{app} {flow} {user}");
    }
    // Of others it knows only those who have to do with an app.
    let args =
        ["preflight", "--app", "Survey_Tool", "--flow", "web-server", "--user", "a.stranger@acme.example.com", "--format", "json"];
    let run = acme.folder.run(&[&args[..], &["--snapshot", "acme.gz"]].concat());
    assert_eq!(said(&run), "cannot-tell | user");
    let undecided = run.json()["apps"][0]["forecasts"][0]["undecided"][0].clone();
    assert!(undecided["supply"].as_str().unwrap().contains("`--user`"), "{undecided:#}");
}

#[test]
fn client_credentials_are_for_the_run_as_user_whoever_is_named() {
    let acme = Acme::new();
    let forecast = ask(&acme, "Warehouse_Export", "client-credentials", "amira").json()["apps"][0]["forecasts"][0].clone();
    assert_eq!(forecast["user"], "warehouse.export@acme.example.com");
    assert_eq!(forecast["issue"]["refresh_token"], false);
    assert_eq!(forecast["issue"]["scopes"], serde_json::json!(["api"]));
}

#[test]
fn a_table_of_all_users_tells_who_would_be_refused() {
    let acme = Acme::new();
    let run = acme.run(&[
        "preflight",
        "--app",
        "Contractor_Portal",
        "--flow",
        "web-server",
        "--all-users",
        "--format",
        "json",
        "--org-from-env",
    ]);
    assert_eq!(run.code, 1, "{}", run.err);
    let document = run.json();
    let forecasts = &document["apps"][0]["forecasts"];
    assert_eq!(column(forecasts, "user"), ["tilda@acme.example.com", "ugo@acme.example.com", "vera@acme.example.com"]);
    assert_eq!(column(forecasts, "verdict"), ["would-issue", "would-refuse", "would-issue"]);
}

#[test]
fn what_an_org_did_not_tell_is_no_pass() {
    for (object, app, flow, user, expected) in [
        ("User", "Team_Calendar", "web-server", "bruno", "cannot-tell | user"),
        ("PermissionSetAssignment", "Team_Calendar", "web-server", "bruno", "cannot-tell"),
        ("SetupEntityAccess", "Team_Calendar", "web-server", "bruno", "cannot-tell | assignment"),
        ("UserLogin", "Team_Calendar", "web-server", "bruno", "cannot-tell | user"),
        ("OauthToken", "ERP_Sync", "refresh-token", "erp.integration", "cannot-tell | approval"),
    ] {
        let mut org = acme();
        org.hide_object(object);
        let said = said(&ask(&Acme::of(org), app, flow, user));
        assert!(said.starts_with(expected), "without {object}: {said}");
    }
}
