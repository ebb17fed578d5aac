//! What the audit of a live org says: of Acme, of apps that the org's lists tell differently of, of several orgs, of a snapshot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod fake_org;
#[path = "support/live.rs"]
mod live;
mod support;

use std::collections::BTreeSet;

use fake_org::seed::acme;
use fake_org::{FakeOrg, Fault, Running};
use live::{Audit, ORG, audit};
use serde_json::{Value, json};
use support::{Project, Run};

/// Verdicts on Acme where it was built for them. `-`: nothing to say. Rules that are not named here say what they will.
#[test]
fn acme_is_what_it_was_built_to_be() {
    let heard = audit(&acme().start(), &[]);
    assert_eq!((heard.run.code, heard.gaps().as_str()), (3, ""));
    for (subject, rule, verdict) in [
        // Everybody may authorize it, for everything, for ever.
        ("Survey_Tool", "any-user-may-self-authorize", "fail"),
        ("Survey_Tool", "full-scope", "fail"),
        ("Survey_Tool", "refresh-token-never-expires", "fail"),
        ("Survey_Tool", "admin-approved-with-nobody-assigned", "-"),
        // As it should be.
        ("ERP_Sync", "any-user-may-self-authorize", "-"),
        ("ERP_Sync", "full-scope", "-"),
        ("ERP_Sync", "pkce-not-required", "-"),
        ("ERP_Sync", "refresh-token-never-expires", "-"),
        ("ERP_Sync", "assigned-permission-set-missing", "-"),
        ("Warehouse_Export", "system-administrator-assigned", "fail"),
        ("Old_Importer", "app-blocked", "fail"),
        // Installed from packages: the rows tell who may use them, and nobody what they may do.
        ("ns__Vendor", "full-scope", "unknown"),
        ("ns__Vendor", "refresh-token-never-expires", "unknown"),
        ("ns__Vendor", "any-user-may-self-authorize", "-"),
        ("mailbox__Connector", "full-scope", "unknown"),
        ("mailbox__Connector", "any-user-may-self-authorize", "fail"),
        // External Client Apps, whose policies have names of their own.
        ("Order_Hub", "any-user-may-self-authorize", "-"),
        ("Order_Hub", "external-client-app-policy-missing", "-"),
        ("Analytics_Feed", "any-user-may-self-authorize", "fail"),
        ("Analytics_Feed", "refresh-token-lives-too-long", "fail"),
        ("Chat_Assistant", "ip-restrictions-bypassed", "fail"),
        ("Chat_Assistant", "access-through-profiles", "fail"),
        // Their callbacks are among what takes the permission View Client Secret.
        ("Order_Hub", "callback-in-clear-text", "unknown"),
        // Runs as an administrator whose profile has no login IP ranges.
        ("Warehouse_Export", "client-credentials-from-any-network", "fail"),
        ("Warehouse_Export", "run-as-user-login-hours", "-"),
        // Runs as the integration user, which a connected app is assigned to alone.
        ("ERP_Sync", "shared-integration-user", "fail"),
        ("Survey_Tool", "shared-integration-user", "-"),
        // The org itself.
        (ORG, "api-access-control-off", "fail"),
        (ORG, "username-password-flow-not-blocked", "fail"),
        (ORG, "user-agent-flow-not-blocked", "-"),
        (ORG, "api-enabled-in-broad-profile", "-"),
        (ORG, "approve-uninstalled-apps-widely-held", "fail"),
        (ORG, "health-check-score-low", "-"),
        (ORG, "integration-user-over-privileged", "fail"),
        (ORG, "ip-ranges-checked-at-login-only", "fail"),
        (ORG, "password-log-in-allowed", "fail"),
        (ORG, "profile-login-ip-range-too-broad", "fail"),
        (ORG, "session-protections-off", "fail"),
        (ORG, "standard-profile-in-use", "fail"),
        (ORG, "super-administrators-beside-system-administrator", "fail"),
        (ORG, "trusted-ip-range-too-broad", "fail"),
    ] {
        assert_eq!(heard.verdict(rule, subject), verdict, "{rule} of {subject}");
    }
}

#[test]
fn evidence_names_api_object_and_version() {
    let heard = audit(&acme().start(), &["--api-version", "66.0"]);
    let findings = heard.report["findings"].as_array().unwrap();
    let origins: Vec<&Value> = findings.iter().flat_map(|it| it["evidence"].as_array().unwrap()).map(|it| &it["origin"]).collect();
    assert!(origins.iter().any(|origin| !origin.is_null()));
    for origin in origins.iter().filter(|origin| !origin.is_null()) {
        assert!(["metadata", "data", "tooling", "connect"].contains(&origin["api"].as_str().unwrap()), "{origin}");
        assert_eq!((&origin["version"], origin["object"].is_string()), (&json!("66.0"), true), "{origin}");
    }
    let full = findings.iter().find(|it| it["rule"] == "full-scope").unwrap();
    let origin = &full["evidence"][0]["origin"];
    assert_eq!((&origin["api"], &origin["object"]), (&json!("metadata"), &json!("ConnectedApp/Survey_Tool")));
}

// Lists that differ

/// The body of a connected app that may do everything.
fn full(label: &str) -> String {
    format!(
        "<contactEmail>x@acme.internal</contactEmail><label>{label}</label><oauthConfig><callbackUrl>https://x.acme.internal/cb</callbackUrl>\
         <scopes>Full</scopes></oauthConfig>"
    )
}

fn names(heard: &Audit, rule: &str) -> BTreeSet<(String, String)> {
    let of = |list: &str| -> Vec<(String, String)> {
        let all = heard.report[list].as_array().unwrap().iter().filter(|it| it["rule"] == rule);
        all.map(|it| (it["subject"]["name"].as_str().unwrap().to_owned(), list.to_owned())).collect()
    };
    of("findings").into_iter().chain(of("unknown")).collect()
}

/// What `full-scope` says of an org without apps of its own, and with these.
fn full_scope(change: impl FnOnce(&mut FakeOrg)) -> Vec<(String, String)> {
    let mut org = FakeOrg::new();
    change(&mut org);
    names(&audit(&org.start(), &[]), "full-scope").into_iter().collect()
}

fn said(subject: &str, list: &str) -> (String, String) {
    (subject.to_owned(), list.to_owned())
}

#[test]
fn a_row_without_a_body_is_not_inspectable() {
    let said_of = full_scope(|org| {
        org.insert("ConnectedApplication", json!({"Name": "Workbench", "DeveloperName": "Workbench"}));
    });
    assert_eq!(said_of, [said("Workbench", "unknown")]);
}

#[test]
fn an_app_that_is_listed_and_has_no_row_is_what_its_body_says() {
    let said_of = full_scope(|org| {
        org.component("ConnectedApp", "Lonely", "", &full("Lonely"));
    });
    assert_eq!(said_of, [said("Lonely", "findings")]);
}

#[test]
fn an_app_that_is_listed_and_not_delivered_is_not_inspectable() {
    let said_of = full_scope(|org| org.component("ConnectedApp", "Shy", "", &full("Shy")).readable = false);
    assert_eq!(said_of, [said("Shy", "unknown")]);
}

#[test]
fn an_app_with_a_namespace_that_is_not_the_orgs_own_is_installed() {
    for (own, severity) in [("", "critical"), ("mailbox", "high")] {
        let mut org = acme();
        org.objects.table("Organization").update(("Name", "Acme"), "NamespacePrefix", &json!(own));
        let heard = audit(&org.start(), &[]);
        let mut findings = heard.report["findings"].as_array().unwrap().iter();
        let open = findings.find(|it| it["rule"] == "any-user-may-self-authorize" && it["subject"]["name"] == "mailbox__Connector");
        assert_eq!(open.unwrap()["severity"], severity, "{own}");
    }
}

#[test]
fn rows_belong_to_bodies_by_id_then_by_api_name_and_never_by_label() {
    let said_of = full_scope(|org| {
        // By id, whatever the names.
        let id = org.insert("ConnectedApplication", json!({"Name": "Renamed", "DeveloperName": "Former_Name"}));
        org.component("ConnectedApp", "By_Id", &id, &full("By Id"));
        // By API name, where the list has no id.
        org.insert("ConnectedApplication", json!({"Name": "Another label", "DeveloperName": "By_Name"}));
        org.component("ConnectedApp", "By_Name", "", &full("By Name"));
        // The label of one is that of another, and no more.
        org.insert("ConnectedApplication", json!({"Name": "By Label", "DeveloperName": "Stranger"}));
        org.component("ConnectedApp", "By_Label", "", &full("By Label"));
    });
    let bodies = ["By_Id", "By_Label", "By_Name"].map(|name| said(name, "findings"));
    assert_eq!(said_of, [&bodies[..], &[said("Stranger", "unknown")]].concat());
}

#[test]
fn ids_of_15_and_of_18_characters_are_the_same() {
    let said_of = full_scope(|org| {
        let id = org.insert("ConnectedApplication", json!({"Name": "Short", "DeveloperName": "Elsewhere"}));
        org.component("ConnectedApp", "Short", &id[..15], &full("Short"));
    });
    assert_eq!(said_of, [said("Short", "findings")]);
}

#[test]
fn an_app_that_two_apis_disagree_about_is_not_believed_by_half() {
    let mut org = acme();
    org.objects.table("ConnectedApplication").update(("Name", "ERP Sync"), "OptionsAllowAdminApprovedUsersOnly", &json!(false));
    let heard = audit(&org.start(), &[]);
    assert_eq!(heard.verdict("any-user-may-self-authorize", "ERP_Sync"), "unknown");
}

#[test]
fn settings_that_are_not_delivered_leave_their_rules_undecided() {
    for (settings, rules) in [
        ("ConnectedApp", &["api-access-control-off", "api-access-control-off-for-external-users"][..]),
        ("OauthOidc", &["username-password-flow-not-blocked", "user-agent-flow-not-blocked", "pkce-not-required-org-wide"]),
        ("ExternalClientApp", &["consumer-secrets-readable-by-metadata-api", "consumer-secrets-readable-by-rest-api"]),
        (
            "Security",
            &[
                "ip-ranges-checked-at-login-only",
                "org-session-timeout-long",
                "password-log-in-allowed",
                "session-protections-off",
                "trusted-ip-range-too-broad",
            ],
        ),
    ] {
        let mut org = acme();
        org.component_named(&format!("{settings}Settings"), settings).readable = false;
        let heard = audit(&org.start(), &[]);
        for rule in rules {
            assert_eq!(heard.verdict(rule, ORG), "unknown", "{rule} without {settings}");
        }
    }
}

#[test]
fn types_that_cannot_be_read_are_retrieved() {
    let mut org = FakeOrg::new();
    org.settings("Security", "<sessionSettings><sessionTimeout>TwelveHours</sessionTimeout></sessionSettings>");
    let refusal = Fault::soap("INVALID_TYPE_FOR_OPERATION", "SecuritySettings is not supported by this operation");
    org.fault(refusal.body("SecuritySettings"));
    let heard = audit(&org.start(), &[]);
    assert_eq!(heard.verdict("org-session-timeout-long", ORG), "fail", "{}", heard.gaps());
}

// Several orgs, and none at all

/// A stand-in for the Salesforce CLI that knows these orgs.
#[cfg(unix)]
fn cli(project: &Project, orgs: &[(&str, &Running)]) {
    use std::os::unix::fs::PermissionsExt as _;
    let cases: Vec<String> = orgs
        .iter()
        .map(|(alias, org)| {
            let answer = json!({"status": 0, "result": {"instanceUrl": org.url(), "accessToken": org.token(), "username": format!("ada@{alias}")}});
            format!("  *\"--target-org {alias} \"*) echo '{answer}' ;;\n")
        })
        .collect();
    project.write("bin/sf", format!("#!/bin/sh\ncase \"$* \" in\n{}  *) exit 1 ;;\nesac\n", cases.concat()));
    std::fs::set_permissions(project.path("bin/sf"), std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
fn ask(project: &Project, arguments: &[&str]) -> Run {
    let path = format!("{}:/usr/bin:/bin", project.path("bin").display());
    Run::of(project.command(arguments).env("PATH", path).output().unwrap())
}

#[cfg(unix)]
#[test]
fn several_orgs_make_one_report_and_one_that_fails_spoils_no_other() {
    let (prod, mut uat) = (acme().start(), acme());
    uat.component_named("ConnectedApp", "Survey_Tool").body = full("Survey Tool").replace("Full", "Api");
    let uat = uat.start();
    let mut down = acme();
    down.end_sessions();
    let down = down.start();
    let project = Project::new();
    cli(&project, &[("prod", &prod), ("uat", &uat), ("down", &down)]);

    let run = ask(&project, &["audit", "-o", "prod", "-o", "uat", "-o", "down", "--format", "json", "--fail-on", "never"]);
    let report = run.json();
    assert_eq!(run.code, 3);
    assert_eq!(support::column(&report["source"]["orgs"], "name"), ["prod", "uat", "down"]);
    let full = report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "full-scope");
    let full: Vec<&str> = full.map(|it| it["subject"]["org"].as_str().unwrap()).collect();
    assert_eq!(full, ["prod"]);
    assert_eq!(report["summary"]["apps"], 26);
    let gaps = support::column(&report["gaps"], "what");
    assert!(gaps.iter().all(|gap| gap.contains("down")) && !gaps.is_empty(), "{gaps:?}");

    // The one after the other says the same.
    let alone = |alias: &str| ask(&project, &["audit", "-o", alias, "--format", "json"]).json();
    let of = |report: &Value, org: &str| -> Vec<Value> {
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["subject"]["org"] == org)
            .map(|it| it["message"].clone())
            .collect()
    };
    for org in ["prod", "uat"] {
        assert_eq!(of(&report, org), of(&alone(org), org), "{org}");
    }
}

#[test]
fn a_snapshot_says_the_same_as_the_org_byte_for_byte() {
    // Whole, and with gaps: they are saved, too.
    let mut partial = acme();
    partial.hide_object("SetupEntityAccess");
    partial.take_permission("CustomizeApplication");
    for org in [acme(), partial] {
        let org = org.start();
        let project = Project::new();
        let ask = |arguments: &[&str]| Run::of(project.command(arguments).envs(org.environment()).output().unwrap());
        let live = ask(&["audit", "--org-from-env", "--format", "json"]);
        let saved = ask(&["snapshot", "--org-from-env", "-O", "acme.snapshot.gz"]);
        let before = org.received().len();
        let again = ask(&["audit", "--snapshot", "acme.snapshot.gz", "--format", "json"]);
        assert_eq!(org.received().len(), before);
        assert_eq!(live::differences(&again.json(), &live.json()), [""; 0]);
        assert_eq!((again.out == live.out, again.code), (true, live.code));
        assert_eq!(saved.code, if live.json()["gaps"] == json!([]) { 0 } else { 3 });
        // Twice the same question, twice the same answer.
        assert_eq!(ask(&["audit", "--org-from-env", "--format", "json"]).out, live.out);
    }
}

#[test]
fn an_org_that_is_not_there_is_a_gap() {
    let org = acme().start();
    let (url, token) = (org.url(), org.token());
    drop(org);
    let project = Project::new();
    let mut program = project.command(&["doctor", "--org-from-env"]);
    let run = Run::of(program.env("SF_ORG_INSTANCE_URL", &url).env("SF_ACCESS_TOKEN", &token).output().unwrap());
    assert!(run.code == 3 && !run.out.contains(&token) && !run.err.contains(&token), "{run:?}");
}
