//! What an org tells of its users, over real HTTP, and what its snapshot tells later.

use crate::acme::Acme;
use crate::fake_org::FakeOrg;
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

#[test]
fn what_ended_since_a_snapshot_was_taken_has_ended() {
    let acme = Acme::of(acme());
    let tilda = "tilda@acme.example.com";
    assert_eq!(acme.run(&["snapshot", "--org-from-env", "-O", "acme.gz", "--allow-unknown", "--user", tilda]).code, 0);
    // Tilda's assignment ends on 2026-06-10.
    for (today, expected) in [("2026-06-10", "would-issue"), ("2026-06-11", "would-refuse | user-not-admin-approved")] {
        let args = ["preflight", "--app", "Contractor_Portal", "--flow", "web-server", "--user", tilda, "--format", "json"];
        let said = said(&acme.folder.run(&[&args[..], &["--snapshot", "acme.gz", "--today", today]].concat()));
        assert!(said.starts_with(expected), "{today}: {said}");
    }
}

#[test]
fn what_a_user_is_said_to_hold_goes_by_name_or_label_whoever_holds_it() {
    let acme = Acme::of(acme());
    for (app, held, expected) in [
        ("Contractor_Portal", ["--permission-set", "contractors"], "would-issue"),
        ("ERP_Sync", ["--permission-set", "ERP Integration"], "would-issue"),
        // Nobody active holds it; that somebody does is what is said.
        ("Old_Importer", ["--permission-set", "Former_Staff_Tools"], "would-refuse | app-switched-off"),
        ("Warehouse_Export", ["--profile", "system administrator"], "would-issue"),
        ("Warehouse_Export", ["--profile", "Finance Clerk"], "would-refuse | user-not-admin-approved | "),
    ] {
        let args = ["preflight", "--app", app, "--flow", "web-server", "--format", "json", "--org-from-env"];
        let said = said(&acme.run(&[&args[..], &held].concat()));
        assert!(said.starts_with(expected), "{app} {held:?}: {said}");
        assert!(app != "Old_Importer" || said == expected, "{said}");
    }
}

#[test]
fn an_external_client_app_is_not_found_at_hosts_of_other_orgs() {
    let acme = Acme::of(acme());
    for (app, flow, expected) in [
        ("Order_Hub", "web-server", "OAUTH_EC_APP_NOT_FOUND: External client app is not installed in this org (high)"),
        ("Order_Hub", "jwt-bearer", "app_not_found: External client app is not installed in this org (medium)"),
        ("ERP_Sync", "web-server", "invalid_client_id: client identifier invalid (high)"),
        // The host and the audience of an assertion were seen to give other answers, too.
        ("Payroll_Bridge", "jwt-bearer", "invalid_client_id: client identifier invalid (medium)"),
    ] {
        let args = ["preflight", "--app", app, "--flow", flow, "--login-host", "test.salesforce.com.", "--format", "json"];
        let said = said(&acme.run(&[&args[..], &["--org-from-env"]].concat()));
        assert!(said.ends_with(expected), "{app} {flow}: {said}");
    }
}

#[test]
fn a_scope_is_unknown_only_where_the_custom_scopes_were_read() {
    let ask = |org: FakeOrg| {
        let args = ["preflight", "--app", "Team_Calendar", "--flow", "web-server", "--scope", "Payouts", "--format", "json"];
        said(&Acme::of(org).run(&[&args[..], &["--org-from-env"]].concat()))
    };
    assert!(ask(acme()).starts_with("would-refuse | scope-invalid | invalid_scope: "));
    let mut org = acme();
    org.component_named("OauthCustomScope", "Payouts").readable = false;
    assert_eq!(ask(org), "cannot-tell | requested-scopes");
}

#[test]
fn an_app_that_is_used_without_being_installed_is_told_apart_from_a_slip_of_the_pen() {
    let acme = Acme::new();
    for command in [
        &["preflight", "--app", "Quick Exporter", "--flow", "web-server"][..],
        &["access", "Quick Exporter"],
        &["preview", "--app", "quick exporter", "--permitted-users", "admin-approved"],
        &["explain", "OAUTH_APP_ACCESS_DENIED", "--app", "Quick Exporter"],
    ] {
        let run = acme.run(&[command, &["--org-from-env"]].concat());
        assert_eq!(run.code, 3, "{command:?}: {}", run.err);
        assert!(run.err.contains("is not installed") && run.err.contains("explain app-not-installed"), "{command:?}: {}", run.err);
    }
    assert_eq!(acme.run(&["access", "Quick Importer", "--org-from-env"]).code, 2);
}
