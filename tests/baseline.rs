//! Baselines as a user meets them: what an audit says and amounts to with what is known already.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Project, Run, component, connected_app, oauth, sfdx_project};

const FULL: &str = "<scopes>Full</scopes>";
const APP: &str = "force-app/main/Portal.connectedApp-meta.xml";

/// An app with findings of all severities.
fn project() -> Project {
    Project::new()
        .file("sfdx-project.json", sfdx_project(&["force-app"], "66.0"))
        .file(APP, connected_app(&oauth(FULL)))
        .file("settings/OauthOidc.settings", component("OauthOidcSettings", "<blockOAuthUnPwFlow>false</blockOAuthUnPwFlow>"))
}

/// An External Client App of which little can be decided.
fn half_an_app() -> String {
    component("ExternalClientApplication", "<label>Half</label>")
}

fn record(project: &Project) -> Run {
    let run = project.run(&["audit", "--write-baseline", "known.json", "--format", "json"]);
    assert!(run.err.contains("written to known.json as known"), "{}", run.err);
    run
}

fn audit(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["audit", "--baseline", "known.json", "--format", "json"], arguments].concat())
}

fn audit_as(project: &Project, format: &str) -> Run {
    project.run(&["audit", "--baseline", "known.json", "--format", format])
}

/// `state rule subject` of the findings and undecided verdicts that the baseline does not know.
fn news(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter().chain(report["unknown"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let unknown = all.filter(|it| it["verdict"] != "waived" && it["baseline"] != "known");
    unknown.map(|it| format!("{} {} {}", text(&it["baseline"]), text(&it["rule"]), text(&it["subject"]["name"]))).collect()
}

/// `state rule` of what the baseline has and the audit has not.
fn absent(report: &Value) -> Vec<String> {
    let all = report["baseline"]["absent"].as_array().unwrap().iter();
    all.map(|it| format!("{} {}", it["state"].as_str().unwrap(), it["rule"].as_str().unwrap())).collect()
}

fn assert_fits(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn what_is_known_does_not_count_and_nothing_is_dropped() {
    let project = project();
    let recorded = record(&project);
    assert_eq!(recorded.code, 1, "writing a baseline excuses nothing yet");
    let known = audit(&project, &[]);
    assert_eq!((known.code, news(&known.json())), (0, vec![]), "{}", known.err);
    let report = known.json();
    let before = recorded.json();
    assert_eq!(report["findings"].as_array().unwrap().len(), before["findings"].as_array().unwrap().len());
    assert_eq!(report["summary"], before["summary"]);
    assert!(before.get("baseline").is_none() && before["findings"][0].get("baseline").is_none());
    assert_fits(&project.run(&["schema", "report"]).json(), &report);

    let sarif = audit_as(&project, "sarif").json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty() && results.iter().all(|result| result["baselineState"] == "unchanged"));
    let pretty = audit_as(&project, "pretty").out;
    assert!(
        pretty.contains("Known to the baseline\n  connected app Portal: critical any-user-may-self-authorize; medium"),
        "{pretty}"
    );
    assert!(pretty.contains("no new findings\n") && !pretty.contains("help, in Setup"), "{pretty}");
    let table = audit_as(&project, "table").out;
    assert!(table.contains("Known to the baseline") && !table.contains("Severity"), "{table}");
}

#[test]
fn what_is_new_counts() {
    let project = project();
    record(&project);
    project.write("force-app/New.connectedApp-meta.xml", connected_app(&oauth("<isAdminApproved>true</isAdminApproved>")));
    let run = audit(&project, &["--fail-on", "low"]);
    let report = run.json();
    assert_eq!(run.code, 1);
    let new = news(&report);
    assert!(!new.is_empty() && new.iter().all(|it| it.starts_with("new ") && it.ends_with(" New")), "{new:?}");
    assert_eq!(report["baseline"]["new"], new.len());
    assert_eq!(audit(&project, &["--fail-on", "never"]).code, 0);
    let sarif = audit_as(&project, "sarif").json();
    let states = sarif["runs"][0]["results"].as_array().unwrap().iter().filter(|result| result["baselineState"] == "new").count();
    assert_eq!(states, new.len());
}

/// What is known stays known while the finding does, whatever happens to the files.
#[test]
fn a_finding_is_known_wherever_it_moves() {
    let app = connected_app(&oauth(FULL));
    let lines = app.replace("<oauthConfig>", "\n\n<!-- about OAuth -->\n<oauthConfig>");
    let indented = app.replace("><", ">\n    <");
    let unnamed = |project: &Project| fs::remove_file(project.path(APP)).unwrap();
    let cases: [(&str, &str, &str); 4] = [
        ("moved lines", APP, &lines),
        ("reformatted", APP, &indented),
        ("a renamed folder", "force-app/legacy/apps/Portal.connectedApp-meta.xml", &app),
        ("the format of the Metadata API", "force-app/connectedApps/Portal.connectedApp", &app),
    ];
    for (what, path, text) in cases {
        let project = project();
        record(&project);
        unnamed(&project);
        project.write(path, text);
        fs::rename(project.path("settings"), project.path("org-settings")).unwrap();
        let run = audit(&project, &[]);
        let report = run.json();
        assert_eq!((run.code, news(&report), absent(&report)), (0, vec![], vec![]), "{what}");
    }
    // From elsewhere, and as part of another tree.
    let project = project();
    record(&project);
    let whole = Project::new();
    let text = fs::read(project.path("known.json")).unwrap();
    let known = whole.file("known.json", text);
    let run = known.run(&["audit", "--baseline", "known.json", "--format", "json", project.path("").to_str().unwrap()]);
    assert_eq!((run.code, news(&run.json())), (0, vec![]));
}

#[test]
fn a_finding_that_got_worse_is_not_known_any_more() {
    let project = project();
    record(&project);
    let policy = |severity: &str| project.write("orgwarden.yaml", format!("rules: [{{rule: full-scope, severity: {severity}}}]\n"));
    policy("critical");
    let run = audit(&project, &[]);
    let report = run.json();
    assert_eq!((run.code, news(&report)), (1, vec!["worse full-scope Portal".to_owned()]));
    let worse = report["findings"].as_array().unwrap().iter().find(|it| it["baseline"] == "worse").unwrap();
    assert_eq!((&worse["severity"], &worse["was"]), (&json!("critical"), &json!("medium")));
    assert!(audit_as(&project, "pretty").out.contains("   = medium in the baseline\n"));
    assert!(audit_as(&project, "table").out.contains("critical"));
    let sarif = audit_as(&project, "sarif").json();
    assert!(sarif["runs"][0]["results"].as_array().unwrap().iter().any(|result| result["baselineState"] == "updated"));
    policy("low");
    let run = audit(&project, &[]);
    assert_eq!((run.code, news(&run.json())), (0, vec![]), "less bad than it was");
}

#[test]
fn a_finding_with_one_more_wrong_value_is_not_known_any_more() {
    let with = |ranges: &[&str]| {
        let range = |start: &&str| format!("<ipRanges><end>255.255.255.255</end><start>{start}</start></ipRanges>");
        connected_app(&format!("{}{}", oauth(""), ranges.iter().map(range).collect::<String>()))
    };
    let project = Project::new().file("Portal.connectedApp", with(&["1.1.1.1", "2.2.2.2"]));
    record(&project);
    project.write("Portal.connectedApp", with(&["2.2.2.2", "3.3.3.3", "1.1.1.1"]));
    let run = audit(&project, &[]);
    let report = run.json();
    assert_eq!((run.code, news(&report)), (1, vec!["worse ip-range-too-broad Portal".to_owned()]));
    let worse = report["findings"].as_array().unwrap().iter().find(|it| it["baseline"] == "worse").unwrap();
    assert_eq!(worse["new_values"], json!(["3.3.3.3-255.255.255.255"]));
    let pretty = audit_as(&project, "pretty").out;
    assert!(pretty.contains("   = not in the baseline: 3.3.3.3-255.255.255.255\n"), "{pretty}");
    assert!(audit_as(&project, "table").out.contains("(more)"));
    project.write("Portal.connectedApp", with(&["2.2.2.2"]));
    let run = audit(&project, &[]);
    assert_eq!((run.code, news(&run.json())), (0, vec![]), "less that is wrong");
}

/// An undecided verdict that is known stays undecided and is told; it does not make the audit incomplete a second time. It is no licence for
/// the finding that it may turn out to be.
#[test]
fn what_could_not_be_decided_is_known_as_that_and_as_nothing_else() {
    let project = Project::new().file("Half.eca", half_an_app());
    assert_eq!(record(&project).code, 3);
    let run = audit(&project, &[]);
    let report = run.json();
    let unknown = report["unknown"].as_array().unwrap().len();
    assert!(run.code == 0 && unknown > 0 && report["summary"]["unknown"] == unknown, "{report:#}");
    assert_eq!(report["baseline"]["unknown_known"], unknown);
    let pretty = audit_as(&project, "pretty").out;
    assert!(pretty.contains("undecided; undecided is not passed"), "{pretty}");

    project.write("Other.eca", half_an_app());
    assert_eq!(audit(&project, &["--fail-on", "never"]).code, 3, "another app");
    fs::remove_file(project.path("Other.eca")).unwrap();
    let policies = "<permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>";
    project.write("Half.ecaOauthPlcy", support::part("ExtlClntAppOauthConfigurablePolicies", "Half", policies));
    let run = audit(&project, &[]);
    let report = run.json();
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(news(&report).contains(&"new any-user-may-self-authorize Half".to_owned()), "{:?}", news(&report));
    assert!(absent(&report).contains(&"fixed system-administrator-assigned".to_owned()), "{:?}", absent(&report));
}

#[test]
fn what_is_no_longer_there_is_fixed_or_gone_or_cannot_be_told() {
    let project = project();
    record(&project);
    project.write(APP, connected_app(&oauth("<scopes>Api</scopes>")));
    let report = audit(&project, &[]).json();
    assert_eq!(absent(&report), ["fixed full-scope"]);
    let pretty = audit_as(&project, "pretty").out;
    assert!(pretty.contains("1 recorded and fixed or decided since"), "{pretty}");

    project.write("orgwarden.yaml", "rules: [{rule: full-scope, enabled: false}]\n");
    assert_eq!(absent(&audit(&project, &[]).json()), ["cannot-tell full-scope"], "a rule that is off tells nothing");
    fs::remove_file(project.path("orgwarden.yaml")).unwrap();

    fs::remove_file(project.path(APP)).unwrap();
    let gone = absent(&audit(&project, &[]).json());
    assert!(gone.len() > 3 && gone.iter().all(|it| it.starts_with("gone ")), "{gone:?}");
    project.write("force-app/main/Broken.connectedApp-meta.xml", "<ConnectedApp>");
    let run = audit(&project, &[]);
    let unclear = absent(&run.json());
    assert!(unclear.iter().all(|it| it.starts_with("cannot-tell ")), "{unclear:?}");
    assert_eq!(run.code, 3, "what could not be read is in no baseline");
}

/// What is no app stays what it is, too: a key file that holds a certificate now, profiles without settings beside them.
#[test]
fn what_is_fixed_of_key_files_and_of_a_tree_without_settings_is_not_gone() {
    let key = |kind: &str| format!("-----BEGIN {kind}-----\nMIIB\n-----END {kind}-----\n");
    let set = |grant: &str| support::component("PermissionSet", grant);
    let powerful = "<userPermissions><enabled>true</enabled><name>CanApproveUninstalledApps</name></userPermissions>";
    let project = Project::new()
        .file("Portal.connectedApp", connected_app(&oauth("")))
        .file("server.key", key("PRIVATE KEY"))
        .file("All.permissionset", set(powerful));
    record(&project);
    project.write("server.key", key("CERTIFICATE"));
    project.write("All.permissionset", set(""));
    let report = audit(&project, &[]).json();
    assert_eq!(absent(&report), ["fixed private-key-file-in-source", "fixed approve-uninstalled-apps-widely-held"], "{report:#}");
}

#[test]
fn a_new_baseline_is_written_after_the_old_one_was_held_against_the_audit() {
    let project = project();
    record(&project);
    let before = fs::read_to_string(project.path("known.json")).unwrap();
    project.write(APP, connected_app(&oauth("<scopes>Api</scopes>")));
    project.write("force-app/New.connectedApp-meta.xml", connected_app(&oauth("")));
    let run = audit(&project, &["--write-baseline", "known.json", "--fail-on", "info"]);
    assert_eq!(run.code, 1, "the old one decides");
    let after = fs::read_to_string(project.path("known.json")).unwrap();
    assert!(before.contains("full-scope") && !after.contains("full-scope"), "{after}");
    let run = audit(&project, &["--fail-on", "info"]);
    assert_eq!((run.code, absent(&run.json())), (0, vec![]));
}

/// A waiver ends, and then the finding must count.
#[test]
fn what_is_waived_stays_waived_and_is_not_recorded() {
    let project = project();
    record(&project);
    let waiver = |last: &str| format!("waivers: [{{rule: full-scope, app: Portal, reason: R, owner: O, expires: {last}}}]\n");
    project.write("orgwarden.yaml", waiver("2026-12-31"));
    let report = audit(&project, &["--write-baseline", "later.json"]).json();
    let full = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "full-scope").unwrap();
    assert_eq!((&full["verdict"], &full["baseline"]), (&json!("waived"), &json!("known")));
    assert_eq!(absent(&report), Vec::<String>::new());
    assert!(!fs::read_to_string(project.path("later.json")).unwrap().contains("full-scope"));
    project.write("orgwarden.yaml", waiver("2026-05-01"));
    let run = project.run(&["audit", "--baseline", "later.json", "--format", "json"]);
    assert!(news(&run.json()).contains(&"new full-scope Portal".to_owned()));
}

#[test]
fn one_app_in_two_folders_is_known_in_the_one_it_was_recorded_in() {
    let app = connected_app(&oauth(FULL));
    let project = Project::new().file("prod/Portal.connectedApp", &app).file("uat/Portal.connectedApp", connected_app(&oauth("")));
    record(&project);
    project.write("uat/Portal.connectedApp", &app);
    let report = audit(&project, &[]).json();
    let full = report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "full-scope");
    let states: Vec<(&str, &str)> =
        full.map(|it| (it["subject"]["path"].as_str().unwrap(), it["baseline"].as_str().unwrap())).collect();
    assert_eq!(states, [("prod/Portal.connectedApp", "known"), ("uat/Portal.connectedApp", "new")]);
}

/// The app that is still there says nothing of the one that could not be read.
#[test]
fn one_app_in_two_folders_is_not_fixed_in_the_one_that_cannot_be_read() {
    let app = connected_app(&oauth(FULL));
    let project = Project::new().file("prod/Portal.connectedApp", &app).file("uat/Portal.connectedApp", &app);
    record(&project);
    let before = Project::new().file("prod/Portal.connectedApp", &app).file("uat/Portal.connectedApp", &app);
    project.write("uat/Portal.connectedApp", "<ConnectedApp>");
    let unclear = absent(&audit(&project, &[]).json());
    let of_scope: Vec<&String> = unclear.iter().filter(|it| it.ends_with(" full-scope")).collect();
    assert_eq!(of_scope, ["cannot-tell full-scope"]);
    let diff = project.run(&["diff", before.path("").to_str().unwrap(), ".", "--format", "json"]).json();
    assert!(!diff["findings"]["fixed"].to_string().contains("full-scope"), "{diff:#}");
}

#[test]
fn the_file_has_a_line_for_each_verdict_in_an_order_of_its_own() {
    let project = Project::new()
        .file("b/Portal.connectedApp", connected_app(&oauth(FULL)))
        .file("a/Half.eca", half_an_app())
        .file("orgwarden.yaml", "rules: [{rule: app-without-description, enabled: false}]\n");
    record(&project);
    let text = fs::read_to_string(project.path("known.json")).unwrap();
    record(&project);
    assert_eq!(text, fs::read_to_string(project.path("known.json")).unwrap());
    assert_fits(&project.run(&["schema", "baseline"]).json(), &serde_json::from_str(&text).unwrap());
    let shown: Vec<&str> = text.lines().filter(|line| !line.contains("\"name\"") || line.contains("full-scope")).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    {
      "schema": "orgwarden/baseline-v1",
      "findings": [
        {"rule":"full-scope","severity":"medium","kind":"connected-app","name":"Portal","path":"b/Portal.connectedApp","values":["full"]},
      ],
      "unknown": [
        {"rule":"full-scope","kind":"external-client-app","name":"Half","path":"a/Half.eca"},
      ]
    }
    "#);
}

#[test]
fn a_file_that_is_no_baseline_ends_the_run() {
    let project = project();
    let help = "(write one with `orgwarden audit --write-baseline FILE`)";
    let wrong_severity = "{\"schema\": \"orgwarden/baseline-v1\",\n \"findings\": [\n{\"rule\":\"r\",\"severity\":\"urgent\",\"kind\":\"org\"}], \"unknown\": []}";
    for (text, said) in [
        ("", "known.json:1:1: error: is no JSON: EOF while parsing a value"),
        ("{\n  \"schema\": oops", "known.json:2:13: error: is no JSON: expected value"),
        ("[]", "known.json:1:1: error: is no baseline of orgwarden: it has no `schema` that says `orgwarden/baseline-v1`"),
        ("{}", "known.json:1:1: error: is no baseline of orgwarden: it has no `schema` that says `orgwarden/baseline-v1`"),
        (
            "{\"schema\": \"orgwarden/report-v1\"}",
            "known.json:1:1: error: is no baseline that this version reads: its `schema` is `orgwarden/report-v1`, not `orgwarden/baseline-v1`",
        ),
        (
            wrong_severity,
            "known.json:3:31: error: is no baseline: unknown variant `urgent`, expected one of `info`, `low`, `medium`, `high`, `critical`",
        ),
    ] {
        project.write("known.json", text);
        let run = audit(&project, &[]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
        assert_eq!(run.diagnostics(), [format!("{said} {help}")]);
    }
    fs::remove_file(project.path("known.json")).unwrap();
    let run = audit(&project, &[]);
    assert_eq!(run.code, 2);
    assert!(run.diagnostics()[0].contains("the baseline cannot be read: No such file"), "{:?}", run.diagnostics());
    let run = project.run(&["audit", "--write-baseline", "no/such/folder.json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot write no/such/folder.json"), "{}", run.err);
}
