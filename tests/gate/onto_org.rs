//! A deployment held against the org it goes to: a snapshot of it, or the org itself.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use super::acme::Acme;
use super::fake_org::seed::acme;
use super::support::{Project, Run, component, connected_app, oauth, sfdx_project};

const ERP: &str = "src/connectedApps/ERP_Sync.connectedApp";
const APPROVED: &str = "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes><scopes>RefreshToken</scopes>";

/// A snapshot of Acme, taken once for all tests.
pub(crate) fn snapshot() -> String {
    static SNAPSHOT: OnceLock<(Acme, PathBuf)> = OnceLock::new();
    let (_, path) = SNAPSHOT.get_or_init(|| {
        let acme = Acme::new();
        let run = acme.run(&["snapshot", "--org-from-env", "-O", "acme.gz"]);
        assert_eq!(run.code, 0, "{}", run.err);
        let path = acme.folder.path("acme.gz");
        (acme, path)
    });
    path.display().to_string()
}

/// What the org has of an app, as a file.
pub(crate) fn as_it_is(name: &str) -> String {
    let mut org = acme();
    let body = org.component_named("ConnectedApp", name).body.clone();
    component("ConnectedApp", &body)
}

fn gate(project: &Project, args: &[&str]) -> Run {
    let snapshot = snapshot();
    project.run(&[&["gate", "src", "--snapshot", &snapshot], args].concat())
}

fn introduced(run: &Run) -> Vec<(String, String, String)> {
    let report = run.json();
    let all = report["findings"].as_array().unwrap().iter().filter(|it| it["baseline"] != "known");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<_> = all
        .map(|it| {
            let origin = &it["evidence"][0]["origin"];
            (text(&it["subject"]["name"]), text(&it["rule"]), text(&origin["path"]))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn what_the_org_has_already_introduces_nothing() {
    let project = Project::new().file(ERP, as_it_is("ERP_Sync"));
    let run = gate(&project, &["--forbid-loss", "--max-gain", "0", "--format", "json", "--preset", "strict"]);
    assert_eq!((introduced(&run), run.code), (vec![], 0), "{}", run.err);
}

#[test]
fn what_a_file_says_worse_than_the_org_is_introduced_at_its_place() {
    let worse = as_it_is("ERP_Sync").replace("<ipRelaxation>ENFORCE", "<ipRelaxation>BYPASS");
    let run = gate(&Project::new().file(ERP, worse), &["--format", "json"]);
    let found = |app: &str, rule: &str, path: &str| (app.to_owned(), rule.to_owned(), path.to_owned());
    assert_eq!(introduced(&run), [found("ERP_Sync", "ip-restrictions-bypassed", ERP)], "{}", run.err);
    assert_eq!((run.code, run.json()["source"]["orgs"][0]["id"].as_str().unwrap().get(..3)), (1, Some("00D")));
}

#[test]
fn who_loses_an_app_is_told_by_name_and_can_be_forbidden() {
    let without = as_it_is("ERP_Sync").replace("<permissionSetName>ERP_Integration</permissionSetName>", "<permissionSetName/>");
    let project = Project::new().file(ERP, without);
    // Whether Order_Hub shares its user can newly not be told.
    let allowed = gate(&project, &["--fail-on", "critical", "--allow-unknown"]);
    assert_eq!(allowed.code, 0, "{}", allowed.out);
    assert!(allowed.out.contains("permission set ERP_Integration, 1 user (erp.integration@acme.example.com)"), "{}", allowed.out);
    let forbidden = gate(&project, &["--fail-on", "critical", "--forbid-loss"]);
    assert_eq!(forbidden.code, 1, "{}", forbidden.out);
}

/// The snapshot was taken without asking who has a set that grants no app; the org itself is asked.
#[test]
fn the_users_of_what_is_newly_assigned_are_asked_for() {
    let set = "<permissionSetName>ERP_Integration</permissionSetName>";
    let more = format!("{set}<permissionSetName>Reporting_Extras</permissionSetName><profileName>Standard User</profileName>");
    let mut org = acme();
    org.permission_set("Reporting_Extras", "Reporting Extras", &[]);
    org.assign("Reporting_Extras", "vera@acme.example.com");
    let acme = Acme::of(org);
    acme.folder.write(ERP, as_it_is("ERP_Sync").replace(set, &more));
    let run = acme.run(&["gate", "src", "--org-from-env", "--max-gain", "0", "--fail-on", "never", "--today", "2026-06-01"]);
    assert_eq!(run.code, 1, "{}\n{}", run.out, run.err);
    let gains = run.out.lines().find(|line| line.contains("Reporting_Extras")).unwrap_or_default();
    assert!(gains.contains("vera@acme.example.com") || run.out.contains("vera@acme.example.com"), "{}", run.out);
    assert!(!run.out.contains("cannot tell"), "{}", run.out);
}

#[test]
fn an_app_that_is_new_is_judged_by_files_and_org_alike() {
    let leaks = connected_app(&oauth(&format!("<consumerSecret>hunter2hunter2hunter2</consumerSecret>{APPROVED}")));
    let project = Project::new().file("src/connectedApps/New_App.connectedApp", leaks);
    let rules: Vec<String> =
        introduced(&gate(&project, &["--format", "json"])).into_iter().filter(|it| it.0 == "New_App").map(|it| it.1).collect();
    // The one is told of files alone, the other of orgs alone.
    for rule in ["consumer-secret-in-source", "admin-approved-with-nobody-assigned"] {
        assert!(rules.iter().any(|it| it == rule), "{rule}: {rules:?}");
    }
    assert!(!gate(&project, &["--format", "json"]).out.contains("hunter2"));
}

#[test]
fn manifests_decide_what_is_deployed_and_what_is_deleted() {
    let worse = as_it_is("ERP_Sync").replace("<ipRelaxation>ENFORCE", "<ipRelaxation>BYPASS");
    let named =
        |ty: &str, member: &str| component("Package", &format!("<types><members>{member}</members><name>{ty}</name></types>"));
    let project = Project::new()
        .file(ERP, worse)
        .file("package.xml", named("ConnectedApp", "Survey_Tool"))
        .file("destroy.xml", named("PermissionSet", "Contractors"));
    let nothing = gate(&project, &["--manifest", "package.xml", "--format", "json"]);
    assert_eq!((introduced(&nothing), nothing.code), (vec![], 0), "{}", nothing.err);
    assert!(nothing.err.contains("names the ConnectedApp `Survey_Tool`, which is not in the source"), "{}", nothing.err);
    let deleted = gate(&project, &["--manifest", "package.xml", "--post-destructive-changes", "destroy.xml", "--forbid-loss"]);
    assert_eq!(deleted.code, 1, "{}", deleted.out);
    assert!(deleted.out.contains("connected app Contractor_Portal: permission set Contractors"), "{}", deleted.out);
}

#[test]
fn an_app_that_the_deployment_deletes_is_gone_and_one_that_it_lacks_is_not() {
    let named = component("Package", "<types><members>Team_Calendar</members><name>ConnectedApp</name></types>");
    let project = Project::new().file(ERP, as_it_is("ERP_Sync")).file("destroy.xml", named);
    let removed = |args: &[&str]| {
        let deployment = gate(&project, &[&["--format", "json"], args].concat()).json()["deployment"].clone();
        let gone = deployment["apps"]["removed"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned());
        let stays = deployment["hazards"].as_array().unwrap().iter().any(|it| it["id"] == "removed-app-stays");
        (gone.collect::<Vec<_>>(), stays)
    };
    assert_eq!(removed(&[]), (vec![], false));
    assert_eq!(removed(&["--pre-destructive-changes", "destroy.xml"]), (vec!["Team_Calendar".to_owned()], false));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let project = Project::new().file(ERP, as_it_is("ERP_Sync")).file("broken.xml", "<Package>");
    let refused = |args: &[&str], said: &str| {
        let run = project.run(args);
        assert!(run.code == 2 && run.err.contains(said), "{args:?}: {} {}", run.code, run.err);
    };
    let saved = snapshot();
    refused(&["gate", "src"], "nothing to compare with was named");
    refused(&["gate", "src", "--base", "main", "--snapshot", &saved], "one state before");
    refused(&["gate", "src", "--snapshot", &saved, "--verbose"], "--verbose is about live orgs");
    refused(&["gate", "src", "--base", "main", "--manifest", "x.xml"], "--manifest says what of SOURCE is deployed to an org");
    refused(&["gate", "src", "--snapshot", "nowhere.gz"], "nowhere.gz cannot be read");
    refused(&["gate", "src", "--snapshot", &saved, "--manifest", "nowhere.xml"], "nowhere.xml");
    refused(&["gate", "src", "--snapshot", &saved, "--manifest", "broken.xml"], "broken.xml");
    refused(&["gate", "src", "--snapshot", &saved, "--post-destructive-changes", ERP], "a manifest holds `Package`");
    refused(&["gate", "nowhere", "--snapshot", &saved], "nowhere does not exist");
}

#[test]
fn an_org_that_cannot_be_reached_is_no_clean_gate() {
    let acme = Acme::new();
    acme.folder.write(ERP, as_it_is("ERP_Sync"));
    acme.org.set(super::fake_org::FakeOrg::end_sessions);
    let run = acme.run(&["gate", "src", "--org-from-env"]);
    assert_eq!(run.code, 3, "{}\n{}", run.out, run.err);
}

/// What the org has of the other parts is not in the source, and nothing of it is introduced.
#[test]
fn one_part_of_an_external_client_app_introduces_nothing_of_the_others() {
    let scopes = |list: &str| {
        let name = "<externalClientApplication>Order_Hub</externalClientApplication><label>Order_Hub_oauth</label>";
        component("ExtlClntAppOauthSettings", &format!("<commaSeparatedOauthScopes>{list}</commaSeparatedOauthScopes>{name}"))
    };
    let path = "src/extlClntAppOauthSettings/Order_Hub_oauth.ecaOauth";
    let hidden = gate(&Project::new().file(path, scopes("Api, RefreshToken")), &["--max-gain", "0", "--forbid-loss"]);
    assert_eq!(hidden.code, 0, "{}{}", hidden.out, hidden.err);
    let mut org = acme();
    org.global_settings_readable = true;
    let acme = Acme::of(org);
    acme.folder.write(path, scopes("Api, RefreshToken"));
    let readable = acme.run(&["gate", "src", "--org-from-env", "--max-gain", "0", "--forbid-loss", "--today", "2026-06-01"]);
    assert_eq!(readable.code, 0, "{}{}", readable.out, readable.err);
}

/// What an API version is too old to say stays; what is only left out goes back to its default.
#[test]
fn settings_that_are_newer_than_the_deployment_stay() {
    let newer = [
        "<isPkceRequired>true</isPkceRequired><isRefreshTokenRotationEnabled>true</isRefreshTokenRotationEnabled>",
        "<sessionPolicy><sessionTimeout>60</sessionTimeout></sessionPolicy>",
    ];
    let old = newer.iter().fold(as_it_is("ERP_Sync"), |text, part| text.replace(part, ""));
    let project = |version: &str| Project::new().file("sfdx-project.json", sfdx_project(&["src"], version)).file(ERP, old.clone());
    let run = gate(&project("45.0"), &["--format", "json", "--max-gain", "0", "--forbid-loss"]);
    assert_eq!((introduced(&run), run.code), (vec![], 0), "{}", run.err);
    assert_ne!(introduced(&gate(&project("66.0"), &["--format", "json"])), vec![]);
}
