//! Waivers as a user meets them: what an audit says and amounts to with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use serde_json::Value;
use support::{Project, Run, component, connected_app, oauth};

/// A waiver of the one critical finding of [`project`].
const WAIVER: &str = "rule: consumer-secret-in-source, app: Portal, reason: Goes with the migration, owner: identity@acme.example.com, \
                      ticket: SEC-7, status: will-fix";

/// An app with a critical finding, and a policy with these waivers.
fn project(waivers: &[&str]) -> Project {
    let entries: Vec<String> = waivers.iter().map(|waiver| format!("  - {{{waiver}}}\n")).collect();
    Project::new()
        .file("orgwarden.yaml", format!("waivers:\n{}", entries.concat()))
        .file("Portal.connectedApp", connected_app(&oauth("<consumerSecret>0123456789ABCDEF0123456789</consumerSecret>")))
}

fn with_end(day: &str) -> String {
    format!("{WAIVER}, expires: {day}")
}

/// The findings of the rules about waivers: rule, name of the waiver.
fn about_waivers(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let of_waivers = findings.filter(|finding| finding["subject"]["kind"] == "waiver");
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    of_waivers.map(|finding| format!("{}: {}", text(finding, "rule"), text(&finding["subject"], "name"))).collect()
}

/// Exit code where critical findings count, and what is said of the waivers.
fn said(waivers: &[&str], arguments: &[&str]) -> (i32, Vec<String>) {
    let project = project(waivers);
    let run = project.run(&[&["audit", "--format", "json", "--fail-on", "critical"], arguments].concat());
    (run.code, about_waivers(&run))
}

#[test]
fn a_waived_finding_does_not_count_and_stays_in_sight() {
    let project = project(&[&with_end("2026-12-31")]);
    let audit = |format: &str| project.run(&["audit", "--fail-on", "critical", "--format", format]);
    let run = audit("json");
    assert_eq!(run.code, 0, "{}", run.err);
    let report = run.json();
    let errors: Vec<String> = {
        let validator = jsonschema::validator_for(&orgwarden::report::json::schema()).unwrap();
        validator.iter_errors(&report).map(|error| error.to_string()).collect()
    };
    assert_eq!(errors, Vec::<String>::new());
    let findings = report["findings"].as_array().unwrap();
    let waived: Vec<&Value> = findings.iter().filter(|finding| finding["verdict"] == "waived").collect();
    assert_eq!(waived.len(), 1);
    assert_eq!((waived[0]["rule"].as_str(), waived[0]["severity"].as_str()), (Some("consumer-secret-in-source"), Some("critical")));
    assert_eq!(
        waived[0]["waiver"],
        serde_json::json!({
            "reason": "Goes with the migration",
            "owner": "identity@acme.example.com",
            "ticket": "SEC-7",
            "status": "will-fix",
            "until": "2026-12-31",
            "inline": false,
        })
    );
    assert_eq!(report["summary"]["waived"], 1);
    assert_eq!(report["summary"]["fail"], findings.len() - 1);

    let sarif = audit("sarif").json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<&Value> = results.iter().filter(|result| result["suppressions"].is_array()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["ruleId"], "consumer-secret-in-source");
    let justification = "Goes with the migration (will-fix, owner identity@acme.example.com, ticket SEC-7, until 2026-12-31)";
    let expected = serde_json::json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
    assert_eq!(suppressed[0]["suppressions"], expected);

    let pretty = audit("pretty").out;
    let lines = "waived: critical [consumer-secret-in-source]";
    assert!(pretty.contains(lines), "{pretty}");
    let flat = pretty.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("= will-fix until 2026-12-31 by identity@acme.example.com, SEC-7: Goes with the migration"), "{pretty}");
    assert!(pretty.contains(", 1 waived"), "{pretty}");
    let table = audit("table").out;
    assert!(table.contains("consumer-secret-in-source") && table.contains("2026-12-31"), "{table}");
}

#[test]
fn an_expired_waiver_accepts_nothing_and_is_a_finding() {
    let waiver = &with_end("2026-05-31");
    let name = "consumer-secret-in-source of Portal";
    assert_eq!(said(&[waiver], &[]), (1, vec![format!("waiver-expired: {name}")]));
    // On its last day it holds.
    let last = &with_end("2026-06-01");
    assert_eq!(said(&[last], &[]), (0, vec![format!("waiver-expires-soon: {name}")]));
    let project = project(&[waiver]);
    let run = project.run(&["audit", "--format", "json"]);
    let report = run.json();
    let expired = report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "waiver-expired").unwrap();
    assert_eq!(expired["evidence"][0]["origin"]["path"], "orgwarden.yaml");
    assert_eq!(expired["evidence"][0]["origin"]["line"], 2);
    assert_eq!(expired["subject"]["path"], "orgwarden.yaml");
}

#[test]
fn what_a_waiver_is_not_good_for_is_a_finding() {
    let critical = with_end("2026-12-31");
    let other = critical.replace("app: Portal", "app: Portal2");
    let every = critical.replace("app: Portal", "app: '*'");
    let value = critical.replace("reason:", "evidence: [absent], reason:");
    let secret = "consumer-secret-in-source";
    for (waiver, code, expected) in [
        (&critical, 0, vec![]),
        (&other, 1, vec![format!("waiver-unused: {secret} of Portal2")]),
        (&value, 1, vec![format!("waiver-unused: {secret} of Portal with absent")]),
        (&every, 0, vec![format!("waiver-too-broad: {secret} of *")]),
    ] {
        assert_eq!(said(&[waiver], &[]), (code, expected), "{waiver}");
    }
}

/// That a waiver is of no use counts at the severity of the rule that says so.
#[test]
fn an_unused_waiver_counts_like_any_finding() {
    let unused = "rule: full-scope, app: Portal, reason: R, owner: O, expires: 2026-12-31";
    let project =
        Project::new().file("orgwarden.yaml", format!("waivers: [{{{unused}}}]\n")).file("Portal.connectedApp", connected_app(""));
    let code = |fail_on: &str| project.run(&["audit", "--allow-unknown", "--fail-on", fail_on]).code;
    assert_eq!((code("medium"), code("low")), (0, 1));
    project.write("orgwarden.yaml", format!("waivers: [{{{unused}}}]\nrules: [{{rule: waiver-unused, severity: high}}]\n"));
    assert_eq!(code("high"), 1);
    project.write("orgwarden.yaml", format!("waivers: [{{{unused}}}]\nrules: [{{rule: waiver-unused, enabled: false}}]\n"));
    assert_eq!(code("low"), 0);
}

#[test]
fn an_audit_of_a_part_cannot_tell_that_a_waiver_is_unused() {
    let project = Project::new()
        .file("orgwarden.yaml", "waivers: [{rule: full-scope, app: Other, reason: R, owner: O, expires: 2026-12-31}]")
        .file("apps/Portal.connectedApp", connected_app(""));
    let audit = |path: &str| about_waivers(&project.run(&["audit", path, "--format", "json"]));
    assert_eq!(audit("apps"), Vec::<String>::new());
    assert_eq!(audit("."), ["waiver-unused: full-scope of Other"]);
}

#[test]
fn a_rule_about_orgs_tells_nothing_of_a_waiver_when_files_are_audited() {
    let project = Project::new()
        .file("orgwarden.yaml", "waivers: [{rule: app-unused, app: Portal, reason: R, owner: O, expires: 2026-12-31}]")
        .file("Portal.connectedApp", connected_app(""));
    assert_eq!(about_waivers(&project.run(&["audit", "--format", "json"])), Vec::<String>::new());
}

/// Whether the finding is there nobody knows, so that the waiver may well be of use.
#[test]
fn a_waiver_of_what_could_not_be_decided_is_undecided_itself() {
    let project = Project::new()
        .file(
            "orgwarden.yaml",
            "waivers: [{rule: any-user-may-self-authorize, app: Portal, reason: R, owner: O, expires: 2026-12-31}]",
        )
        .file("externalClientApps/Portal.eca", component("ExternalClientApplication", "<label>Portal</label>"));
    let run = project.run(&["audit", "--format", "json", "--fail-on", "never"]);
    let report = run.json();
    let said: Vec<String> = report["unknown"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| ["any-user-may-self-authorize", "waiver-unused"].contains(&it["rule"].as_str().unwrap()))
        .map(|it| format!("{}: {}", it["rule"].as_str().unwrap(), it["reason"].as_str().unwrap()))
        .collect();
    let name = "any-user-may-self-authorize";
    let expected = [
        format!("{name}: none of its OAuth parts is in the source"),
        format!("waiver-unused: {name} could not be decided on Portal, which may have the finding"),
    ];
    assert_eq!(said, expected);
}

#[test]
fn what_is_not_about_apps_is_waived_by_its_own_name() {
    let settings = component("OauthOidcSettings", "<blockOAuthUnPwFlow>false</blockOAuthUnPwFlow>");
    let project = Project::new().file("settings/OauthOidc.settings", settings).file("Portal.connectedApp", connected_app("")).file(
        "orgwarden.yaml",
        "endless-waivers: true
contracts: [{app: 'Gone_{A,B}'}]
waivers:
  - {rule: username-password-flow-not-blocked, reason: R, owner: O}
  - {rule: contract-without-app, subject: 'Gone_{A,B}', reason: R, owner: O}
",
    );
    let run = project.run(&["audit", "--format", "json"]);
    let report = run.json();
    let waived = report["findings"].as_array().unwrap().iter().filter(|finding| finding["verdict"] == "waived");
    let said: Vec<(&str, &str, &str)> = waived
        .map(|it| (it["rule"].as_str().unwrap(), it["subject"]["kind"].as_str().unwrap(), it["waiver"]["until"].as_str().unwrap()))
        .collect();
    assert_eq!(said, [("contract-without-app", "contract", ""), ("username-password-flow-not-blocked", "org", "")]);
    assert_eq!(about_waivers(&run), Vec::<String>::new());
}

#[test]
fn more_than_ten_findings_are_too_many_for_a_waiver() {
    let mut project = Project::new()
        .file("orgwarden.yaml", "waivers: [{rule: classic-connected-app, app: 'App_*', reason: R, owner: O, expires: 2026-12-31}]");
    for number in 1..=10 {
        project = project.file(&format!("App_{number}.connectedApp"), connected_app(&oauth("")));
    }
    let audit = || project.run(&["audit", "--preset", "strict", "--format", "json"]);
    assert_eq!(about_waivers(&audit()), Vec::<String>::new());
    assert_eq!(audit().json()["summary"]["waived"], 10);
    project.write("App_11.connectedApp", connected_app(&oauth("")));
    assert_eq!(about_waivers(&audit()), ["waiver-too-broad: classic-connected-app of App_*"]);
}

#[test]
fn a_mistake_in_a_waiver_ends_the_run() {
    let project = project(&[WAIVER]);
    let run = project.run(&["audit"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.diagnostics(),
        [
            "orgwarden.yaml:2:12: error: the waiver of `consumer-secret-in-source` does not end (add `expires: YYYY-MM-DD`, its last day, or let \
             waivers be without end with `endless-waivers: true`)"
        ]
    );
}

/// An app whose file has this text around the secret, `*` standing for it, and this one above the app.
fn commented(secret: &str, at_app: &str) -> Project {
    let app =
        connected_app(&oauth(&format!("\n{secret}").replace('*', "<consumerSecret>0123456789ABCDEF0123456789</consumerSecret>")));
    Project::new().file("Portal.connectedApp", app.replacen("<ConnectedApp", &format!("{at_app}\n<ConnectedApp"), 1))
}

const INLINE: &str =
    "<!-- orgwarden waiver {rule: consumer-secret-in-source, reason: Test org, owner: Ann, expires: 2026-12-31} -->";

/// Exit code where critical findings count, and all that is said on standard error.
fn verdict(project: &Project) -> (i32, String) {
    let run = project.run(&["audit", "--format", "json", "--fail-on", "critical"]);
    (run.code, run.err)
}

#[test]
fn a_comment_beside_the_element_waives_what_is_wrong_with_it() {
    let lines = INLINE.replace('{', "\n  ").replace(", ", "\n  ").replace('}', "\n");
    let above = format!("{INLINE}*");
    for project in
        [commented(&above, ""), commented(&format!("{lines}*"), ""), commented("*", INLINE), commented(&format!("*{INLINE}"), "")]
    {
        assert_eq!(verdict(&project).0, 0, "{}", verdict(&project).1);
    }
    let run = commented(&above, "").run(&["audit", "--format", "json"]);
    let waived = run.json()["findings"].as_array().unwrap().iter().find(|it| it["verdict"] == "waived").cloned().unwrap();
    let expected = serde_json::json!({
        "reason": "Test org", "owner": "Ann", "ticket": "", "status": "accepted", "until": "2026-12-31", "inline": true,
    });
    assert_eq!((&waived["rule"], &waived["waiver"]), (&"consumer-secret-in-source".into(), &expected));
    let sarif = commented(&above, "").run(&["audit", "--format", "sarif"]).json();
    let suppressed = sarif["runs"][0]["results"].as_array().unwrap().iter().find_map(|it| it["suppressions"][0]["kind"].as_str());
    assert_eq!(suppressed, Some("inSource"));
}

#[test]
fn a_comment_beside_another_element_waives_nothing_and_is_unused() {
    // In the same line it would be about the secret before it.
    let run =
        commented(&format!("*\n{INLINE}<scopes>Api</scopes>"), "").run(&["audit", "--format", "json", "--fail-on", "critical"]);
    assert_eq!(
        (run.code, about_waivers(&run)),
        (1, vec!["waiver-unused: consumer-secret-in-source of Portal beside scopes".to_owned()])
    );
}

#[test]
fn a_comment_that_is_no_sound_waiver_is_a_warning_and_waives_nothing() {
    for (from, to, said) in [
        ("consumer-secret-in-source", "consumer-secret-in-sauce", "did you mean `consumer-secret-in-source`?"),
        (", expires: 2026-12-31", "", "does not end"),
        ("reason: Test org, ", "", "the key `reason` is missing"),
        ("rule:", "app: Portal, rule:", "unknown key `app`"),
        ("{rule", "rule", "mapping values are not allowed"),
    ] {
        let (code, said_on) = verdict(&commented(&format!("{}*", INLINE.replace(from, to)), ""));
        assert!(
            code == 1 && said_on.contains("warning") && said_on.contains("accepts nothing") && said_on.contains(said),
            "{to}: {said_on}"
        );
    }
    let at_the_end = connected_app(&oauth("<consumerSecret>0123456789ABCDEF0123456789</consumerSecret>"))
        .replace("</ConnectedApp>", &format!("\n{INLINE}\n</ConnectedApp>"));
    let (code, said) = verdict(&Project::new().file("Portal.connectedApp", at_the_end));
    assert!(code == 1 && said.contains("beside no element"), "{said}");
}

#[test]
fn a_policy_can_have_none_of_the_waivers_in_files() {
    let (code, said) = verdict(&commented(&format!("{INLINE}*"), "").file("orgwarden.yaml", "inline-waivers: false"));
    assert!(code == 1 && said.contains("the policy accepts no waivers in metadata files"), "{said}");
}

#[test]
fn an_expired_comment_accepts_nothing() {
    let run =
        commented(&format!("{INLINE}*"), "").run(&["audit", "--format", "json", "--fail-on", "critical", "--today", "2027-01-01"]);
    assert_eq!(
        (run.code, about_waivers(&run)),
        (1, vec!["waiver-expired: consumer-secret-in-source of Portal beside consumerSecret".to_owned()])
    );
}
