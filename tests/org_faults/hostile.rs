//! Names and texts that somebody else has chosen.

use serde_json::{Value, json};

use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Running};
use crate::live::audit;
use crate::support::{Project, Run};

const TERMINAL: &str = "Acme \u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}evil\r\n::error::injected";
const HTML: &str = "<script>alert(1)</script><img src=x onerror=alert(1)> & ]]> &lt;b&gt;";
const FORMULA: &str = "=HYPERLINK(\"http://evil.example.com\",\"click\")";

/// Acme with two apps of each of these labels: one with a body, one installed.
fn with_labels(labels: &[&str]) -> Running {
    let mut org = acme();
    for (number, label) in labels.iter().enumerate() {
        add(&mut org, &format!("Odd_One_{number}"), label, true);
        add(&mut org, &format!("Odd_Two_{number}"), label, false);
    }
    org.start()
}

fn add(org: &mut FakeOrg, name: &str, label: &str, body: bool) -> String {
    let id = org
        .insert("ConnectedApplication", json!({"Name": label, "DeveloperName": name, "OptionsAllowAdminApprovedUsersOnly": false}));
    org.insert("AppMenuItem", json!({"ApplicationId": id, "Name": name, "Label": label, "Type": "ConnectedApplication"}));
    let user = org.id("User", "Username", "amira@acme.example.com");
    org.insert("OauthToken", json!({"AppName": label, "UserId": user, "CreatedDate": "2026-05-01T08:15:00.000+0000"}));
    org.usage.push(json!({"identifier": "0CiODD000000001AAA", "developerName": label, "label": label, "userCount": 1}));
    if body {
        let text = label.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(['\u{1b}', '\u{7}'], "");
        org.component(
            "ConnectedApp",
            name,
            &id,
            &format!(
                "<contactEmail>x@acme.internal</contactEmail><description>{text}</description><label>{text}</label><oauthConfig>\
                 <callbackUrl>https://odd.acme.internal/cb</callbackUrl><scopes>Full</scopes></oauthConfig>"
            ),
        );
    }
    id
}

/// Runs each of these commands.
fn shown(org: &Running, commands: &[&[&str]]) -> Vec<(String, Run)> {
    let project = Project::new();
    let run = |arguments: &&[&str]| {
        let mut program = project.command(&[arguments, &["--org-from-env", "--verbose"][..]].concat());
        let run = Run::of(program.envs(org.environment()).output().unwrap());
        assert!(run.code < 4, "{arguments:?}: {}", run.err);
        (arguments.join(" "), run)
    };
    commands.iter().map(run).collect()
}

#[test]
fn no_text_of_an_org_reaches_a_terminal_as_more_than_text() {
    let commands: [&[&str]; 8] = [
        &["audit", "--format", "pretty"],
        &["audit", "--format", "table"],
        &["audit", "--format", "json", "--usage"],
        &["audit", "--format", "sarif"],
        &["inventory", "--format", "table"],
        &["inventory", "--format", "json"],
        &["facts", "Odd_One_0"],
        &["facts", "Odd_One_0", "--format", "json"],
    ];
    for (command, run) in shown(&with_labels(&[TERMINAL, HTML, FORMULA]), &commands) {
        for text in [&run.out, &run.err] {
            let control = text.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
            assert_eq!(control, None, "{command}");
            let injected = text.lines().find(|line| line.trim_start().starts_with("::error"));
            assert_eq!(injected, None, "{command}");
        }
    }
}

#[test]
fn a_name_of_100_kilobytes_is_a_name() {
    let commands: [&[&str]; 3] = [&["audit", "--format", "pretty"], &["audit", "--format", "json"], &["inventory"]];
    for (command, run) in shown(&with_labels(&[&"Long ".repeat(20_000)]), &commands) {
        if command.contains("json") {
            assert!(run.json()["findings"].as_array().unwrap().iter().any(|it| it["subject"]["name"] == "Odd_One_0"));
        }
    }
}

#[test]
fn apps_of_one_label_stay_two() {
    let org = with_labels(&["ERP Sync"]);
    let heard = audit(&org, &[]);
    // The one with a body is what its body says; the installed one is not to be inspected, whatever others of its label say.
    assert_eq!(heard.verdict("full-scope", "Odd_One_0"), "fail");
    assert_eq!(heard.verdict("full-scope", "Odd_Two_0"), "unknown");
    assert_eq!(heard.verdict("full-scope", "ERP_Sync"), "-");
}

#[test]
fn rows_of_one_api_name_are_not_guessed_apart() {
    let mut org = acme();
    // Two rows of one API name, and a component whose id the list does not tell.
    for admin_approved in [true, false] {
        let label = if admin_approved { "Twin" } else { "Other Twin" };
        org.insert(
            "ConnectedApplication",
            json!({"Name": label, "DeveloperName": "Twin", "OptionsAllowAdminApprovedUsersOnly": admin_approved}),
        );
    }
    org.component("ConnectedApp", "Twin", "", "<contactEmail>x@acme.internal</contactEmail><label>Twin</label>").readable = false;
    let heard = audit(&org.start(), &[]);
    let about = |list: &str| -> Vec<Value> {
        let all = heard.report[list].as_array().unwrap().iter();
        all.filter(|it| it["rule"] == "full-scope" && it["subject"]["name"] == "Twin").cloned().collect()
    };
    assert_eq!((about("findings").len(), about("unknown").len()), (0, 3), "{:#?}", about("unknown"));
}
