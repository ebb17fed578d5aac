//! What an audit of files says beyond apps: what profiles and permission sets grant, from where users may log in, session settings, keys that
//! lie about.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use serde_json::Value;
use support::{Project, component, connected_app, oauth, sfdx_project};

/// Elements that grant permissions.
fn granting(permissions: &[&str]) -> String {
    let one = |name: &&str| format!("\n  <userPermissions><enabled>true</enabled><name>{name}</name></userPermissions>");
    permissions.iter().map(one).collect()
}

fn permission_set(permissions: &[&str]) -> String {
    component("PermissionSet", &format!("<label>Set</label>{}\n", granting(permissions)))
}

fn profile(elements: &str) -> String {
    component("Profile", &format!("<custom>true</custom>{elements}\n"))
}

/// What the audit of a project says: `subject: rule`, and with a question mark what could not be decided.
fn said(project: &Project, rules: &[&str]) -> Vec<String> {
    let report = project.run(&["audit", "--preset", "strict", "--format", "json", "--fail-on", "never"]).json();
    let of = |list: &str, mark: &str| -> Vec<String> {
        let entries = report[list].as_array().unwrap().iter();
        let about = entries.filter(|entry| rules.contains(&entry["rule"].as_str().unwrap()));
        about
            .map(|entry| format!("{}: {}{mark}", entry["subject"]["name"].as_str().unwrap(), entry["rule"].as_str().unwrap()))
            .collect()
    };
    let mut all = of("findings", "");
    all.extend(of("unknown", "?"));
    all.sort();
    all
}

/// The only finding of a rule.
fn finding(project: &Project, rule: &str) -> Value {
    let report = project.run(&["audit", "--preset", "strict", "--format", "json", "--fail-on", "never"]).json();
    let mut found = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
    let finding = found.next().unwrap_or_else(|| panic!("no {rule} in {report:#}")).clone();
    assert!(found.next().is_none(), "{rule} is said twice");
    finding
}

const GRANTS: &[&str] = &[
    "app-editors-outside-administrators",
    "approve-uninstalled-apps-widely-held",
    "super-administrators-beside-system-administrator",
    "use-any-api-client-widely-held",
];

#[test]
fn what_files_grant_is_said_with_the_line_that_grants_it() {
    let project = Project::new()
        .file("sfdx-project.json", sfdx_project(&["app"], "66.0"))
        .file("app/permissionsets/Helpers.permissionset-meta.xml", permission_set(&["RunReports", "CanApproveUninstalledApps"]));
    let finding = finding(&project, "approve-uninstalled-apps-widely-held");
    assert_eq!((finding["severity"].as_str(), finding["subject"]["kind"].as_str()), (Some("high"), Some("org")));
    assert_eq!(
        finding["message"],
        "the current folder lets users beside administrators authorize apps that are not installed, through Helpers (CanApproveUninstalledApps)"
    );
    let origin = &finding["evidence"][0]["origin"];
    assert_eq!(
        (origin["path"].as_str(), origin["line"].as_u64()),
        (Some("app/permissionsets/Helpers.permissionset-meta.xml"), Some(4))
    );
}

#[test]
fn what_permissions_are_worth_a_word() {
    let all_data = ["ViewAllData", "ModifyAllData", "ManageUsers"];
    for (name, file, permissions, expected) in [
        ("all three", "S.permissionset", &all_data[..], &["super-administrators-beside-system-administrator"][..]),
        ("two of three", "S.permissionset", &all_data[..2], &[]),
        ("System Administrator", "Admin.profile", &all_data, &[]),
        ("a profile like it", "Boss.profile", &all_data, &["super-administrators-beside-system-administrator"]),
        ("Customize Application alone", "S.permissionset", &["CustomizeApplication"], &[]),
        ("with all data", "S.permissionset", &["CustomizeApplication", "ModifyAllData"], &["app-editors-outside-administrators"]),
        ("Manage Connected Apps", "S.permissionset", &["ManageRemoteAccess"], &["app-editors-outside-administrators"]),
        // One cause, one finding.
        (
            "all of it",
            "S.permissionset",
            &["ManageRemoteAccess", "ViewAllData", "ModifyAllData", "ManageUsers"],
            &["super-administrators-beside-system-administrator"],
        ),
        // It passes what the settings do not say is on.
        ("Use Any API Client", "S.permissionset", &["UseAnyApiClient"], &[]),
        ("nothing that matters", "S.permissionset", &["RunReports", "ApiEnabled"], &[]),
    ] {
        let kind = if file.ends_with("profile") { profile(&granting(permissions)) } else { permission_set(permissions) };
        let project = Project::new().file(file, kind);
        let expected: Vec<String> = expected.iter().map(|rule| format!(".: {rule}")).collect();
        assert_eq!(said(&project, GRANTS), expected, "{name}");
    }
}

#[test]
fn a_permission_that_is_switched_off_is_none() {
    let off = "<userPermissions><enabled>false</enabled><name>CanApproveUninstalledApps</name></userPermissions>";
    let project = Project::new().file("Sales.profile", profile(off));
    assert_eq!(said(&project, GRANTS), [""; 0]);
}

#[test]
fn a_file_that_cannot_be_read_leaves_open_what_it_grants() {
    let broken = "<Profile><userPermissions><name>ModifyAllData</name>";
    let project = Project::new().file("Sales.profile", broken);
    assert_eq!(
        said(&project, GRANTS),
        [
            ".: app-editors-outside-administrators?",
            ".: approve-uninstalled-apps-widely-held?",
            ".: super-administrators-beside-system-administrator?"
        ]
    );
    // What another one grants is worth saying all the same.
    let project = project.file("Helpers.permissionset", permission_set(&["CanApproveUninstalledApps"]));
    assert_eq!(said(&project, &["approve-uninstalled-apps-widely-held"]), [".: approve-uninstalled-apps-widely-held"]);
}

#[test]
fn files_of_several_orgs_in_one_tree_are_told_apart() {
    let settings = component("ConnectedAppSettings", "<enableAdminApprovedAppsOnly>true</enableAdminApprovedAppsOnly>");
    let project = Project::new()
        .file("prod/settings/ConnectedApp.settings", &settings)
        .file("prod/permissionsets/A.permissionset", permission_set(&["UseAnyApiClient"]))
        .file("uat/settings/ConnectedApp.settings", &settings)
        .file("uat/permissionsets/B.permissionset", permission_set(&["RunReports"]));
    assert_eq!(said(&project, GRANTS), ["prod/settings: use-any-api-client-widely-held"]);
}

#[test]
fn without_profiles_and_permission_sets_there_is_nothing_to_say() {
    let project = Project::new().file("Portal.connectedApp", connected_app(&oauth("<scopes>Api</scopes>")));
    let report = project.run(&["audit", "--preset", "strict", "--format", "json", "--fail-on", "never"]).json();
    let of_org = |list: &str| report[list].as_array().unwrap().iter().filter(|it| it["subject"]["kind"] == "org").count();
    assert_eq!((of_org("findings"), of_org("unknown")), (0, 0));
}

#[test]
fn login_ip_ranges_of_profiles() {
    let range = |start: &str, end: &str| {
        format!("\n<loginIpRanges><endAddress>{end}</endAddress><startAddress>{start}</startAddress></loginIpRanges>")
    };
    for (ranges, expected) in [
        (range("0.0.0.0", "255.255.255.255"), Some("high")),
        (range("203.0.113.0", "203.0.113.63") + &range("10.0.0.0", "10.255.255.255"), Some("medium")),
        (range("203.0.113.0", "203.0.113.63"), None),
        (range("2001:db8::", "2001:db8::ffff"), None),
        (String::new(), None),
    ] {
        let project = Project::new().file("Sales.profile", profile(&ranges));
        let report = project.run(&["audit", "--preset", "strict", "--format", "json", "--fail-on", "never"]).json();
        let found = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "profile-login-ip-range-too-broad");
        assert_eq!(found.map(|found| found["severity"].as_str().unwrap()), expected, "{ranges}");
        if expected == Some("medium") {
            assert_eq!(found.unwrap()["evidence"][0]["origin"]["line"], 4, "the second range is the one that is too large");
        }
    }
}

const SECURITY: &[&str] =
    &["ip-ranges-checked-at-login-only", "password-log-in-allowed", "session-protections-off", "trusted-ip-range-too-broad"];

/// What is said of these security settings beside an app that enforces IP restrictions.
fn of_settings(elements: &str) -> Vec<String> {
    let project = Project::new()
        .file("Portal.connectedApp", connected_app(&oauth("<scopes>Api</scopes>")))
        .file("settings/Security.settings", component("SecuritySettings", elements));
    said(&project, SECURITY).into_iter().map(|said| said.replace("settings: ", "")).collect()
}

#[test]
fn security_settings() {
    let sessions = |settings: &str| format!("<sessionSettings>{settings}</sessionSettings>");
    let trusted =
        |end: &str| format!("<networkAccess><ipRanges><end>{end}</end><start>203.0.113.0</start></ipRanges></networkAccess>");
    let sign_on = |on: bool| {
        let setting = format!("<isLoginWithSalesforceCredentialsDisabled>{on}</isLoginWithSalesforceCredentialsDisabled>");
        format!("<singleSignOnSettings>{setting}</singleSignOnSettings>")
    };
    for (elements, expected) in [
        (sessions("<requireHttpOnly>false</requireHttpOnly>"), &["session-protections-off"][..]),
        (sessions("<requireHttpOnly>true</requireHttpOnly>"), &[]),
        (sessions("<requireHttpOnly>perhaps</requireHttpOnly>"), &["session-protections-off?"]),
        (sessions("<enforceIpRangesEveryRequest>false</enforceIpRangesEveryRequest>"), &["ip-ranges-checked-at-login-only"]),
        (sessions("<enforceIpRangesEveryRequest>true</enforceIpRangesEveryRequest>"), &[]),
        (trusted("203.0.113.63"), &[]),
        (trusted("223.0.113.63"), &["trusted-ip-range-too-broad"]),
        (sign_on(false), &["password-log-in-allowed"]),
        (sign_on(true), &[]),
        (String::new(), &[]),
    ] {
        assert_eq!(of_settings(&elements), expected, "{elements}");
    }
}

#[test]
fn headless_login_that_no_app_uses() {
    let on = component("OauthOidcSettings", "<oAuthCdCrdtFlowEnable>true</oAuthCdCrdtFlowEnable>");
    for (app, expected) in [
        ("<isCodeCredentialEnabled>true</isCodeCredentialEnabled><scopes>Api</scopes>", &[""; 0][..]),
        ("<scopes>Api</scopes>", &["settings: headless-login-without-app"]),
    ] {
        let project =
            Project::new().file("Portal.connectedApp", connected_app(&oauth(app))).file("settings/OauthOidc.settings", &on);
        assert_eq!(said(&project, &["headless-login-without-app"]), expected, "{app}");
    }
}

#[test]
fn private_keys_that_lie_beside_metadata() {
    let pem = |label: &str| format!("-----BEGIN {label}-----\nTUlJRXZ3SUJBREFO\n-----END {label}-----\n");
    for (file, content, expected) in [
        ("certs/server.key", pem("PRIVATE KEY"), Some("critical")),
        ("certs/server.PEM", pem("RSA PRIVATE KEY"), Some("critical")),
        ("certs/server.pem", pem("CERTIFICATE") + &pem("EC PRIVATE KEY"), Some("critical")),
        ("certs/server.key", pem("ENCRYPTED PRIVATE KEY"), Some("high")),
        ("certs/client.p12", "binary".to_owned(), Some("high")),
        ("certs/trust.jks", "binary".to_owned(), Some("high")),
        ("certs/server.pem", pem("CERTIFICATE"), None),
        ("certs/server.key", pem("PUBLIC KEY"), None),
        ("certs/talk.key", "a presentation".to_owned(), None),
        ("certs/server.key.example", pem("PRIVATE KEY"), None),
        ("node_modules/x/test.pem", pem("PRIVATE KEY"), None),
    ] {
        let project = Project::new().file(file, content);
        let report = project.run(&["audit", "--preset", "strict", "--format", "json", "--fail-on", "never"]).json();
        let found = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "private-key-file-in-source");
        assert_eq!(found.map(|found| found["severity"].as_str().unwrap()), expected, "{file}");
        if let Some(found) = found {
            assert_eq!((&found["subject"]["kind"], &found["subject"]["name"]), (&"key-file".into(), &file.into()));
            assert!(!report.to_string().contains("TUlJRXZ3SUJBREFO"));
        }
    }
}
