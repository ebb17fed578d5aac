//! What people who write rules use: a file to begin with, what a test says that fails, and audits that go on without what is faulty.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::fs;

use insta::assert_snapshot;
use orgwarden::source::SourceText;
use orgwarden::source::yaml::parse;
use support::{Project, Run, column, connected_app, oauth};

const RULE: &str = include_str!("data/rules/app-without-any-words.yaml");
const RULE_FILE: &str = "rules/app-without-any-words.yaml";

// A file to begin with

#[test]
fn a_new_rule_passes_its_tests_as_it_is() {
    let project = Project::new();
    for about in ["app", "org", "orphan-part", "contract", "waiver"] {
        let id = format!("our-{about}-rule");
        let made = project.run(&["rules", "new", &id, "--dir", "ours/more", "--about", about]);
        assert_eq!((made.code, made.out.replace('\\', "/")), (0, format!("ours/more/{id}.yaml\n")), "{}", made.err);
        let text = fs::read_to_string(project.path(&format!("ours/more/{id}.yaml"))).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=orgwarden-rule.schema.json\n"), "{text}");
        assert!(text.contains(&format!("\napplies-to: {about}\n")) && !text.contains("{id}"), "{text}");
    }
    let tested = project.run(&["rules", "test", "--rules", "ours"]);
    assert_eq!((tested.code, tested.out.as_str()), (0, "5 rules, 15 examples: 15 as expected, 0 not\n"), "{}", tested.err);
    assert_eq!(tested.err, "", "there is nothing to warn about");
}

/// The file that its first line names is what `orgwarden schema rule` prints.
#[test]
fn a_new_rule_is_as_the_schema_beside_it_says() {
    let project = Project::new();
    let schema = jsonschema::validator_for(&project.run(&["schema", "rule"]).json()).unwrap();
    for about in ["app", "org", "orphan-part", "contract", "waiver"] {
        project.run(&["rules", "new", about, "--about", about]);
        let text = SourceText::new(about, fs::read_to_string(project.path(&format!("{about}.yaml"))).unwrap());
        let rule: serde_json::Value = parse(&text).map_err(|problem| problem.title).unwrap();
        let errors: Vec<String> = schema.iter_errors(&rule).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{about}");
    }
}

/// The keys that the template only comments can be used, too.
#[test]
fn what_a_new_rule_has_in_comments_is_sound() {
    let project = Project::new();
    for about in ["app", "org", "orphan-part", "contract", "waiver"] {
        let path = format!("ours/our-{about}-rule.yaml");
        project.run(&["rules", "new", &format!("our-{about}-rule"), "--dir", "ours", "--about", about]);
        let text = fs::read_to_string(project.path(&path)).unwrap();
        let commented: Vec<&str> =
            text.lines().filter(|line| line.starts_with("# controls:") || line.starts_with("# when:")).collect();
        assert_eq!(commented.len(), 2, "{text}");
        let used = commented.iter().fold(text.clone(), |text, line| text.replace(line, line.trim_start_matches("# ")));
        project.write(&path, used);
    }
    // With `when` the examples may come out otherwise; there are no mistakes.
    let tested = project.run(&["rules", "test", "--rules", "ours"]);
    assert_eq!(tested.err, "");
    assert_ne!(tested.code, 2, "{}", tested.out);
}

#[test]
fn a_new_rule_takes_the_place_of_nothing() {
    let project = Project::new().file("mine/deep/taken-here.yaml", "").file("mine/no-rule.txt", "");
    let refused = |id: &str| {
        let run = project.run(&["rules", "new", id, "--dir", "mine"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{id}");
        run.err.trim_end().to_owned()
    };
    assert_snapshot!(refused("Bad_Id"), @"error: `Bad_Id` is no id of a rule: write lower-case letters and digits, with single hyphens between words, such as contact-is-not-a-team");
    assert_snapshot!(refused("two--hyphens"), @"error: `two--hyphens` is no id of a rule: write lower-case letters and digits, with single hyphens between words, such as contact-is-not-a-team");
    assert_snapshot!(refused("../outside"), @"error: `../outside` is no id of a rule: write lower-case letters and digits, with single hyphens between words, such as contact-is-not-a-team");
    assert_snapshot!(refused("full-scope"), @"error: there is a rule `full-scope` already, in rules/authorization/full-scope.yaml: give the new one a name of its own");
    assert_snapshot!(refused("taken-here"), @"error: there is a rule `taken-here` already, in mine/deep/taken-here.yaml: give the new one a name of its own");
    fs::create_dir(project.path("mine/in-the-way.yaml")).unwrap();
    assert!(refused("in-the-way").contains("in-the-way.yaml"));
    assert_eq!(project.run(&["rules", "new", "not-taken", "--dir", "mine"]).code, 0);
    assert!(refused("not-taken").contains("not-taken"), "nor itself, a second time");
}

// What a test says that fails

#[test]
fn a_failed_test_tells_what_decided() {
    let rule = RULE
        .replace("check: app.description != \"\"", "check: app.description != \"\" && (app.enabled || size(app.oauth.scopes) > 2)")
        .replace("verdict: fail", "verdict: fail\n    severity: high\n    message: Portal has no words")
        + "  - name: cannot be known\n    facts: { app.description: x }\n    unknown: [app.enabled]\n    verdict: pass\n";
    let run = Project::new().file(RULE_FILE, rule).run(&["rules", "test", "--rules", "rules"]);
    assert_eq!(run.code, 1);
    assert_snapshot!(run.out, @r#"
    different: app-without-any-words: none
      at rules/app-without-any-words.yaml:17:11
      - severity: high
      + severity: low
      - message: Portal has no words
      + message: Portal has no description

    noisy: app-without-any-words: one
      at rules/app-without-any-words.yaml:22:11
      - verdict: pass
      + verdict: fail
      + severity: low
      + message: Portal has no description
      `check` is false:
        app.enabled is false
        size(app.oauth.scopes) > 2 is false
          app.oauth.scopes = none

    undecided: app-without-any-words: cannot be known
      at rules/app-without-any-words.yaml:25:11
      - verdict: pass
      + verdict: unknown
      `check` is unknown:
        app.enabled is unknown
          app.enabled = unknown: the example leaves it unknown

    - is what the example says, + what the rule says.
    1 rules, 3 examples: 0 as expected, 3 not
    "#);
}

#[test]
fn own_rules_of_no_use_get_a_warning_and_run() {
    let project =
        Project::new().file(RULE_FILE, RULE.replace("check: app.description != \"\"", "check: app.enabled || !app.enabled"));
    for args in [&["rules", "list", "--rules", "rules"][..], &["rules", "show", "app-without-any-words", "--rules", "rules"]] {
        let run = project.run(args);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(
            run.diagnostics(),
            ["rules/app-without-any-words.yaml:7:8: warning: the rule never fails: this is true whatever the facts are"]
        );
    }
}

// Going on without what is faulty

/// An app, a faulty and a sound rule, and a policy of which one contract and one waiver are faulty.
fn faulty() -> Project {
    let policy = "contracts:\n  - app: Portal\n    flows: [jwt-baerer]\n  - app: Other\n    scopes: { require: [api] }\n\
                  rules:\n  - rule: no-such-rule\n    enabled: false\n  - rule: app-without-any-words\n    severity: critical\n\
                  waivers:\n  - { rule: full-scope, app: Portal, reason: x, owner: y }\n";
    Project::new()
        .file("Portal.connectedApp", connected_app(&oauth("<scopes>Full</scopes>")))
        .file(RULE_FILE, RULE)
        .file(
            "rules/broken-one.yaml",
            RULE.replace("app-without-any-words", "broken-one").replace("app.description", "app.descripton"),
        )
        .file("orgwarden.yaml", policy)
}

fn audit(project: &Project, args: &[&str]) -> Run {
    project.run(&[&["audit", "--rules", "rules", "--format", "json"], args].concat())
}

#[test]
fn mistakes_stop_an_audit_unless_it_is_to_keep_going() {
    let project = faulty();
    let stopped = audit(&project, &[]);
    assert_eq!((stopped.code, stopped.out.as_str()), (2, ""));

    let run = audit(&project, &["--keep-going"]);
    let report = run.json();
    assert_eq!(run.code, 1, "findings reach the threshold");
    let rules = column(&report["findings"], "rule");
    // The sound rule runs, with the severity of the sound switch; the faulty waiver accepts nothing, the faulty contract expects nothing.
    for expected in ["app-without-any-words", "full-scope", "contract-without-app"] {
        assert!(rules.contains(&expected), "{expected}: {rules:?}");
    }
    assert!(!rules.contains(&"broken-one") && !rules.contains(&"contract-flow-unavailable"), "{rules:?}");
    let own = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "app-without-any-words").unwrap();
    assert_eq!(own["severity"], "critical");
    // Each mistake is told, once, and is a gap of the report.
    let told = run.diagnostics().into_iter().filter(|line| line.contains("error: ")).collect::<Vec<_>>();
    assert_snapshot!(told.join("\n"), @r#"
    rules/broken-one.yaml:7:12: error: there is no fact `app.descripton` (did you mean `description`?)
    rules/broken-one.yaml:10:11: error: there is no fact `app.descripton` (did you mean `app.description`?)
    rules/broken-one.yaml:18:33: error: there is no fact `app.descripton` (did you mean `app.description`?)
    rules/broken-one.yaml:21:33: error: there is no fact `app.descripton` (did you mean `app.description`?)
    orgwarden.yaml:3:13: error: unknown flow `jwt-baerer` (did you mean `jwt-bearer`?)
    orgwarden.yaml:7:11: error: unknown rule `no-such-rule` (no rule has an id like it)
    orgwarden.yaml:12:13: error: the waiver of `full-scope` does not end (add `expires: YYYY-MM-DD`, its last day, or let waivers be without end with `endless-waivers: true`)
    "#);
    assert_eq!(report["gaps"].as_array().unwrap().len(), told.len());
}

#[test]
fn what_was_left_out_cannot_be_clean() {
    let project = faulty();
    for args in [&["--keep-going", "--fail-on", "never"][..], &["--keep-going", "--fail-on", "never", "--allow-unknown"]] {
        assert_eq!(audit(&project, args).code, 3, "{args:?}");
    }
    project.write("rules/broken-one.yaml", RULE.replace("app-without-any-words", "broken-one"));
    project.write("orgwarden.yaml", "contracts: []\n");
    assert_eq!(audit(&project, &["--keep-going", "--fail-on", "never"]).code, 0, "with nothing to leave out it changes nothing");
}

/// Commands that read the policy for its contracts.
#[test]
fn other_commands_keep_going_too() {
    let project = faulty();
    let preview = ["preview", "--app", "Portal", "--permitted-users", "admin-approved"];
    for args in [&["facts", "Portal"][..], &preview] {
        assert_eq!(project.run(args).code, 2, "{args:?}");
        let run = project.run(&[args, &["--keep-going"]].concat());
        assert!([1, 3].contains(&run.code) && run.out.contains("Portal"), "{args:?}: {} {}", run.code, run.err);
    }
}

#[test]
fn a_policy_that_cannot_be_read_at_all_is_left_out_as_a_whole() {
    let project = faulty();
    project.write("orgwarden.yaml", "contracts: [\n");
    assert_eq!(audit(&project, &["--fail-on", "never"]).code, 2);
    let run = audit(&project, &["--fail-on", "never", "--keep-going"]);
    assert_eq!(run.code, 3);
    assert!(column(&run.json()["findings"], "rule").contains(&"full-scope"));
}
