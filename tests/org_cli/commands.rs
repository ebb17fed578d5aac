//! Each command on an org that is in the environment.

use super::fake_org::seed::acme;
use super::support::{column, strings};
use super::{Acme, assert_no_secret};

const ORG: &str = "--org-from-env";

#[test]
fn an_audit_names_the_org_and_where_each_fact_is_from() {
    let acme = Acme::new();
    let run = acme.run(&["audit", ORG, "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let report = run.json();
    let host = acme.org.url().replace("http://", "");
    assert_eq!(report["source"]["paths"], serde_json::Value::Null);
    let org = &report["source"]["orgs"][0];
    assert_eq!((org["name"].as_str(), org["host"].as_str()), (Some(host.as_str()), Some(host.as_str())));
    assert_eq!((&org["sandbox"], &org["api_version"]), (&false.into(), &"68.0".into()));
    assert!(org["id"].as_str().unwrap().starts_with("00D"));
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["subject"]["org"] == host.as_str()));
    let scope = findings.iter().find(|finding| finding["rule"] == "full-scope").expect("Survey_Tool has the scope full");
    assert_eq!(scope["subject"]["path"], "ConnectedApp/Survey_Tool");
    assert_eq!(scope["evidence"][0]["origin"]["api"], "metadata");
    let unknown = column(&report["unknown"], "rule");
    assert!(!unknown.is_empty(), "the body of an installed app cannot be read");
    assert!(run.err.contains(" API calls used (daily "), "{}", run.err);
    assert!(!run.err.contains("under way"), "progress is for terminals: {}", run.err);
}

#[test]
fn real_reports_of_orgs_fit_the_printed_schemas() {
    let acme = Acme::new();
    for (schema, args) in [("report", ["audit", ORG, "--format", "json"]), ("inventory", ["inventory", ORG, "--format", "json"])] {
        let schema = acme.run(&["schema", schema]).json();
        let document = acme.run(&args).json();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn every_format_of_a_report_is_about_the_org() {
    let acme = Acme::new();
    let pretty = acme.run(&["audit", ORG]).out;
    assert!(pretty.contains("ConnectedApp/Survey_Tool in 127.0.0.1:") && pretty.contains("(Metadata API 68.0)"), "{pretty}");
    let table = acme.run(&["audit", ORG, "--format", "table"]).out;
    let row = table.lines().find(|line| line.contains("full-scope")).unwrap();
    assert!(row.trim_end().ends_with(" ConnectedApp"), "{row}");
    let sarif = acme.run(&["audit", ORG, "--format", "sarif"]).json();
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty());
}

#[test]
fn the_inventory_has_the_apps_of_the_org() {
    let acme = Acme::new();
    let inventory = acme.run(&["inventory", ORG, "--format", "json"]).json();
    let names = column(&inventory["apps"], "name");
    for name in ["ERP_Sync", "Survey_Tool", "ns__Vendor"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let vendor = inventory["apps"].as_array().unwrap().iter().find(|app| app["name"] == "ns__Vendor").unwrap();
    assert_eq!((&vendor["installed"], &vendor["inspectable"]), (&true.into(), &false.into()), "{vendor:#}");
    assert!(vendor["scopes"].is_null() && vendor["unknown"]["scopes"].is_string(), "{vendor:#}");
    let csv = acme.run(&["inventory", ORG, "--format", "csv"]).out;
    assert!(csv.starts_with("org,installed,inspectable,kind,name,"), "{csv}");
    let table = acme.run(&["inventory", ORG]).out;
    assert!(table.contains("ERP_Sync") && !table.contains(" org "), "one org needs no column: {table}");
}

#[test]
fn facts_name_api_and_version() {
    let acme = Acme::new();
    let facts = acme.run(&["facts", "ERP_Sync", ORG, "--format", "json"]).json();
    let scopes = &facts["apps"][0]["facts"]["app.oauth.scopes"];
    assert_eq!(strings(&scopes["value"]), ["api", "refresh_token"]);
    assert_eq!(scopes["origin"], "ConnectedApp/ERP_Sync (Metadata API 68.0)");
    let older = acme.run(&["facts", "ERP_Sync", ORG, "--format", "json", "--api-version", "62.0"]).json();
    let scopes = &older["apps"][0]["facts"]["app.oauth.scopes"];
    assert_eq!(scopes["origin"], "ConnectedApp/ERP_Sync (Metadata API 62.0)");
}

#[test]
fn a_plan_sends_nothing() {
    let acme = Acme::new();
    for args in [
        &["audit", ORG, "--plan"][..],
        &["inventory", "-o", "prod", "--plan"],
        &["facts", "ERP_Sync", "--all-orgs", "--plan"],
        &["snapshot", ORG, "--plan", "--usage"],
        &["fix", ORG, "--package", "out", "--plan"],
    ] {
        let run = acme.run(args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
        assert!(run.out.contains("listMetadata ConnectedApp"), "{}", run.out);
    }
    let plan = acme.run(&["audit", ORG, "--plan", "--format", "json"]).json();
    assert_eq!(plan["schema"], "orgwarden/plan-v1");
    assert!(plan["calls"][0]["step"] == 1 && plan["calls"][0]["question"].is_string());
    // Users who are named cost calls.
    let with_user = acme.run(&["snapshot", ORG, "--plan", "--user", "nadia@acme.example.com"]);
    assert!(with_user.out.contains("of the user named") && !acme.run(&["snapshot", ORG, "--plan"]).out.contains("user named"));
    assert_eq!(acme.org.received().len(), 0);
}

#[test]
fn the_ceiling_of_calls_holds_and_what_was_not_asked_is_unknown() {
    let acme = Acme::new();
    let whole = acme.run(&["audit", ORG, "--format", "json"]).json();
    let before = acme.org.received().len();
    let run = acme.run(&["audit", ORG, "--format", "json", "--max-api-calls", "8", "--fail-on", "never"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(acme.org.received().len() - before <= 8);
    let report = run.json();
    let gaps = report["gaps"].to_string();
    assert!(gaps.contains("the ceiling of 8 API calls is reached"), "{gaps}");
    let passes = |report: &serde_json::Value| report["summary"]["pass"].as_u64().unwrap();
    assert!(passes(&report) < passes(&whole), "what was not asked did not pass");
    assert_eq!(acme.run(&["audit", ORG, "--max-api-calls", "8", "--fail-on", "never", "--allow-unknown"]).code, 0);
}

#[test]
fn a_session_that_is_refused_is_a_gap_and_nothing_passes() {
    let acme = Acme::new();
    let stale = acme.org.environment();
    acme.org.set(super::fake_org::FakeOrg::end_sessions);
    let run = super::run(&acme.folder, &["audit", ORG, "--format", "json"], &stale);
    assert_eq!(run.code, 3, "{}", run.err);
    let report = run.json();
    assert_eq!((&report["summary"]["pass"], &report["summary"]["apps"]), (&0.into(), &0.into()));
    assert_eq!(report["gaps"].as_array().unwrap().len(), 1, "{report:#}");
    assert!(report["source"]["orgs"][0]["name"].is_string());
    assert_eq!(super::run(&acme.folder, &["facts", "ERP_Sync", ORG], &stale).code, 3, "the org may have the app");
    assert_eq!(super::Acme::new().run(&["facts", "ERP_Sink", ORG]).code, 2);
}

#[test]
fn the_doctor_tells_what_cannot_be_seen() {
    let mut org = acme();
    org.global_settings_readable = true;
    let run = Acme::of(org).run(&["doctor", ORG]);
    assert_eq!(run.code, 0, "{}", run.out);
    let run = Acme::new().run(&["doctor", ORG]);
    assert_eq!(run.code, 3, "what holds consumer secrets is not shown to everybody: {}", run.out);
    assert!(run.out.contains("View External Client App"), "{}", run.out);
    let mut org = acme();
    org.take_permission("CustomizeApplication");
    let ill = Acme::of(org);
    let run = ill.run(&["doctor", ORG, "--format", "json"]);
    assert_eq!(run.code, 3, "{}", run.out);
    let report = run.json();
    let hidden: Vec<_> = report["orgs"][0]["checks"].as_array().unwrap().iter().filter(|check| check["visible"] == false).collect();
    assert!(hidden.iter().any(|check| check["grant"] == "Customize Application" && check["reason"].is_string()), "{report:#}");
    assert!(ill.run(&["doctor", ORG]).out.contains("cannot be seen"));
}

#[test]
fn nothing_is_written_to_the_org_and_no_secret_leaves_it() {
    let acme = Acme::new();
    for args in [
        &["audit", ORG, "-v"][..],
        &["audit", ORG, "-v", "--format", "json", "--usage"],
        &["inventory", ORG, "-v", "--format", "json"],
        &["facts", "*", ORG, "-v", "--elements", "--format", "json"],
        &["doctor", ORG, "-v"],
        &["snapshot", ORG, "-v", "-O", "a.gz"],
    ] {
        let run = acme.run(args);
        assert!(matches!(run.code, 0 | 1 | 3), "{args:?}: {}", run.err);
        assert!(run.err.contains("POST /services/Soap/m/68.0 (listMetadata ConnectedApp"), "{args:?}: {}", run.err);
        assert_no_secret(&run.out);
        assert_no_secret(&run.err);
    }
    let record = acme.org.record();
    assert_eq!((record.writes, record.secrets, record.malformed), (vec![], vec![], vec![]));
}
