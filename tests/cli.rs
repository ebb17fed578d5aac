//! The commands as users meet them: exit codes, streams, formats, help.
#![allow(clippy::format_collect, reason = "speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::Value;
use support::{Project, Run, component, connected_app, oauth};

const RULE: &str = include_str!("data/rules/app-without-any-words.yaml");
const RULE_FILE: &str = "rules/app-without-any-words.yaml";

/// An app that fails the rule of `--rules rules`, whose severity is low.
fn project() -> Project {
    Project::new().file("apps/Portal.connectedApp", connected_app(&oauth(""))).file(RULE_FILE, RULE)
}

/// A policy that leaves only the own rule to judge, at this severity.
fn only_own_rule(project: &Project, severity: &str) -> String {
    let rules = project.run(&["rules", "list", "--format", "json"]).json();
    let ids: Vec<&str> = support::column(&rules["rules"], "id");
    let off: String = ids.iter().map(|id| format!("  - rule: {id}\n    enabled: false\n")).collect();
    format!("rules:\n  - rule: app-without-any-words\n    severity: {severity}\n{off}")
}

// Exit codes

#[test]
fn the_exit_code_says_what_a_run_amounts_to() {
    let project = project();
    project.write("orgwarden.yaml", only_own_rule(&project, "medium"));
    let audit = |args: &[&str]| project.run(&[&["audit", "--rules", "rules"], args].concat()).code;
    for (fail_on, code) in [("critical", 0), ("high", 0), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)] {
        assert_eq!(audit(&["--fail-on", fail_on]), code, "--fail-on {fail_on}");
    }
    assert_eq!(audit(&[]), 1, "the threshold is medium");
    for format in ["pretty", "table", "json", "sarif"] {
        assert_eq!(audit(&["--format", format]), 1, "no format changes the exit code");
    }
    project.write("apps/Broken.connectedApp", "<ConnectedApp>");
    assert_eq!(audit(&[]), 1, "a finding outweighs a gap");
    assert_eq!(audit(&["--fail-on", "high"]), 3);
    assert_eq!(audit(&["--fail-on", "never"]), 3);
    assert_eq!(audit(&["--fail-on", "high", "--allow-unknown"]), 0);
    for wrong in [
        &["--fail-on", "sometimes"][..],
        &["no-such-folder"],
        &["--rules", "no-such-folder"],
        &["--policy", "none.yaml"],
        &["--format", "xml"],
    ] {
        assert_eq!(audit(wrong), 2, "{wrong:?}");
    }
    assert_eq!(project.run(&["inventory"]).code, 3);
    assert_eq!(project.run(&["inventory", "--allow-unknown"]).code, 0);
}

#[test]
fn an_empty_folder_is_clean_and_makes_one_wonder() {
    let run = Project::new().run(&["audit"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("no connected app or External Client App among 0 files"), "{}", run.err);
}

// Streams and files

#[test]
fn results_go_to_standard_output_and_everything_else_to_standard_error() {
    let project = project().file("apps/Odd.connectedApp", connected_app("<brandNew/>")).file("apps/Broken.connectedApp", "<a>");
    for args in [
        &["audit", "--format", "json"][..],
        &["audit", "--format", "sarif"],
        &["inventory", "--format", "json"],
        &["facts", "Odd", "--format", "json"],
    ] {
        let run = project.run(args);
        assert!(run.json().is_object());
        assert!(run.err.contains("brandNew") && run.err.contains("Broken.connectedApp"), "{args:?}: {}", run.err);
    }
}

#[test]
fn several_formats_are_written_at_once_as_they_would_be_alone() {
    let project = project();
    let run = project.run(&[
        "audit",
        "--format",
        "table",
        "--output",
        "json=a.json",
        "--output",
        "sarif=b.sarif",
        "--output",
        "pretty=c.txt",
        "--fail-on",
        "never",
    ]);
    for (format, file) in [("json", "a.json"), ("sarif", "b.sarif"), ("pretty", "c.txt")] {
        let alone = project.run(&["audit", "--format", format, "--fail-on", "never"]);
        let written = fs::read_to_string(project.path(file)).unwrap();
        if format == "pretty" {
            assert!(written.contains("Summary"));
        } else {
            assert_eq!(written, alone.out, "{format}");
        }
    }
    assert!(!run.out.is_empty());
}

#[test]
fn a_file_that_cannot_be_written_is_a_mistake_and_the_report_is_still_there() {
    let project = project();
    let run = project.run(&[
        "audit",
        "--format",
        "json",
        "--output",
        "json=no/such/folder/a.json",
        "--output",
        "json=b.json",
        "--fail-on",
        "never",
    ]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("error: cannot write no/such/folder/a.json"), "{}", run.err);
    assert_eq!(run.out, fs::read_to_string(project.path("b.json")).unwrap());
    for wrong in ["a.json", "json=", "xml=a"] {
        assert_eq!(project.run(&["audit", "--output", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut project = Project::new();
    for index in 0..300 {
        project = project.file(&format!("apps/App_{index}.connectedApp"), connected_app(&oauth("<scopes>Full</scopes>")));
    }
    for args in [&["audit", "--fail-on", "never"][..], &["inventory", "--format", "json"], &["facts", "--schema"]] {
        let mut child = project.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let run = Run::of(child.wait_with_output().unwrap());
        assert!(matches!(run.code, 0 | 3) && !run.err.contains("anic"), "{args:?}: {} {}", run.code, run.err);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_and_elsewhere_the_same_fingerprints() {
    let files = |project: Project| {
        project
            .file("sfdx-project.json", support::sfdx_project(&["force-app"], "66.0"))
            .file("force-app/b/B.connectedApp-meta.xml", connected_app(&oauth("<scopes>Full</scopes>")))
            .file("force-app/a/A.connectedApp-meta.xml", connected_app(&oauth("<scopes>Api</scopes>")))
            .file("force-app/e/E.eca-meta.xml", component("ExternalClientApplication", "<label>E</label>"))
            .file(RULE_FILE, RULE)
    };
    let (here, there) = (files(Project::new()), files(Project::new()));
    let audit = |project: &Project, format: &str, path: &str| {
        project.run(&["audit", "--rules", "rules", "--format", format, "--fail-on", "never", path]).out
    };
    for format in ["pretty", "table", "json", "sarif"] {
        assert_eq!(audit(&here, format, "."), audit(&here, format, "."), "{format}");
        assert_eq!(audit(&here, format, "."), audit(&there, format, "."), "{format}");
    }
    let fingerprints = |report: &str| {
        let report: Value = serde_json::from_str(report).unwrap();
        let mut all: Vec<String> = support::column(&report["findings"], "fingerprint").into_iter().map(str::to_owned).collect();
        all.sort();
        assert!(all.len() >= 3, "{report:#}");
        all
    };
    let whole = there.path("");
    assert_eq!(fingerprints(&audit(&here, "json", ".")), fingerprints(&audit(&there, "json", whole.to_str().unwrap())));
}

// Colour

#[test]
fn colour_is_only_where_it_is_wanted() {
    let project = project();
    let audit = |args: &[&str], variable: Option<&str>| {
        let mut command = project.command(&[&["audit", "--rules", "rules"], args].concat());
        command.envs(variable.map(|variable| (variable, "1")));
        Run::of(command.output().unwrap()).out.contains("\u{1b}[")
    };
    assert!(!audit(&[], None), "not in a pipe");
    assert!(audit(&["--color", "always"], None));
    assert!(audit(&["--color", "always"], Some("NO_COLOR")), "who says always means it");
    assert!(!audit(&["--color", "never"], None));
    assert!(!audit(&["--color", "always", "--format", "json"], None));
}

// Schemas

#[test]
fn real_output_fits_the_printed_schemas() {
    let project = project()
        .file("apps/Broken.connectedApp", "<a>")
        .file("apps/E.eca", component("ExternalClientApplication", "<label>E</label>"))
        .file("apps/o.ecaOauth", support::part("ExtlClntAppOauthSettings", "Gone", ""));
    for (schema, args) in [("report", &["audit", "--format", "json"][..]), ("inventory", &["inventory", "--format", "json"])] {
        let schema = project.run(&["schema", schema]).json();
        let document = project.run(args).json();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    for schema in ["policy", "rule"] {
        jsonschema::validator_for(&project.run(&["schema", schema]).json()).unwrap();
    }
}

// Policy

#[test]
fn the_policy_is_the_nearest_one_above_the_audited_path() {
    let project = project();
    project.write("orgwarden.yaml", only_own_rule(&project, "high"));
    project.write("elsewhere/none.txt", "");
    let audit = |args: &[&str]| {
        let report = project.run(&[&["audit", "--rules", "rules", "--format", "json"], args].concat()).json();
        let finding =
            report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "app-without-any-words").cloned();
        finding.map_or_else(|| "none".to_owned(), |finding| finding["severity"].as_str().unwrap().to_owned())
    };
    assert_eq!(audit(&["apps"]), "high");
    assert_eq!(audit(&["elsewhere/../apps"]), "high");
    assert_eq!(audit(&["apps", "--no-policy"]), "low");
    project.write("apps/orgwarden.yaml", "rules:\n  - rule: app-without-any-words\n    enabled: false\n");
    assert_eq!(audit(&["apps"]), "none");
    assert_eq!(audit(&["apps", "--policy", "orgwarden.yaml"]), "high");
}

#[test]
fn a_mistake_in_the_policy_has_its_place_and_stops_the_run() {
    let project = project().file("orgwarden.yaml", "contracts:\n  - app: Portal\n    permitted-user: admin-approved\n");
    let run = project.run(&["audit"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.diagnostics()[0].starts_with("orgwarden.yaml:3:5: error: "), "{}", run.err);
    assert!(run.err.contains("permitted-users"), "{}", run.err);
}

// Rules

#[test]
fn own_rules_are_listed_shown_tested_and_run() {
    let project = project();
    let rules = |args: &[&str]| project.run(&[&["rules"], args, &["--rules", "rules"]].concat());
    assert!(rules(&["list"]).out.contains("app-without-any-words"));
    let shown = rules(&["show", "app-without-any-words"]);
    assert!(shown.out.contains("Nobody can tell what it is for") && shown.out.contains("app.description"), "{}", shown.out);
    for said in ["has no description", "enabled: false", "app: Name_Of_The_App"] {
        assert!(shown.out.contains(said), "{said}: {}", shown.out);
    }
    let tested = rules(&["test"]);
    assert_eq!((tested.code, tested.out.as_str()), (0, "1 rules, 2 examples: 2 as expected, 0 not\n"));
    let report = project.run(&["audit", "--rules", RULE_FILE, "--format", "json"]).json();
    assert!(support::column(&report["findings"], "rule").contains(&"app-without-any-words"));
}

#[test]
fn an_example_that_turns_out_otherwise_fails_the_test() {
    let project = Project::new().file(RULE_FILE, RULE.replace("description: \"\" }", "description: \"Some\" }"));
    let run = project.run(&["rules", "test", "--rules", "rules"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("2 examples: 1 as expected, 1 not"), "{}", run.out);
}

#[test]
fn a_mistake_in_a_rule_has_its_place_and_stops_the_run() {
    let typo = Project::new().file(RULE_FILE, RULE.replace("check: app.description", "check: app.descripton"));
    let clash = Project::new()
        .file("rules/callback-in-clear-text.yaml", RULE.replace("id: app-without-any-words", "id: callback-in-clear-text"));
    let nothing = Project::new().file("rules/readme.md", "");
    for args in [&["audit", "--rules", "rules"][..], &["rules", "list", "--rules", "rules"], &["rules", "test", "--rules", "rules"]]
    {
        let run = typo.run(args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.diagnostics()[0].starts_with("rules/app-without-any-words.yaml:7:12: error: "), "{}", run.err);
        assert!(run.err.contains("did you mean `description`?"), "{}", run.err);
        let run = clash.run(args);
        assert_eq!(run.code, 2, "{args:?} {}", run.err);
        assert!(run.diagnostics()[0].starts_with("rules/callback-in-clear-text.yaml:1:5: error: "), "{}", run.err);
        assert_eq!(nothing.run(args).code, 2, "{args:?}");
    }
}

#[test]
fn who_mistypes_a_name_is_told_the_right_one() {
    let project = project();
    let app = project.run(&["facts", "Portel"]);
    assert_eq!(app.code, 2);
    assert!(
        app.err.contains("no app of the source is named `Portel`") && app.err.contains("did you mean `Portal`?"),
        "{}",
        app.err
    );
    let rule = project.run(&["rules", "show", "callback-in-clear-txt"]);
    assert_eq!(rule.code, 2);
    assert!(rule.err.contains("did you mean `callback-in-clear-text`?"), "{}", rule.err);
}

#[test]
fn the_schema_of_facts_names_every_fact_that_an_app_has() {
    let project = project();
    let schema = project.run(&["facts", "--schema", "--format", "json"]).json();
    let named = support::column(&schema["facts"], "path");
    for fact in project.facts("Portal").as_object().unwrap().keys() {
        assert!(named.contains(&fact.as_str()), "{fact}");
    }
    assert!(project.run(&["facts", "--schema"]).out.contains("app.oauth.scopes"));
    for args in [&["facts"][..], &["facts", "--schema", "Portal"], &["facts", "--schema", "--snapshot", "x"]] {
        let run = project.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
    }
}

// Help

#[test]
fn help() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commands: [&[&str]; 23] = [
        &[],
        &["audit"],
        &["fix"],
        &["gate"],
        &["init"],
        &["preflight"],
        &["inventory"],
        &["facts"],
        &["access"],
        &["preview"],
        &["diff"],
        &["verify"],
        &["snapshot"],
        &["doctor"],
        &["explain"],
        &["rules"],
        &["rules", "list"],
        &["rules", "show"],
        &["rules", "test"],
        &["rules", "new"],
        &["rules", "tags"],
        &["controls"],
        &["schema"],
    ];
    for command in commands {
        let run = Run::of(support::command(folder, &[command, &["--help"]].concat()).output().unwrap());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert_snapshot!(["help", &command.join("_")].join("_").trim_end_matches('_'), run.out);
    }
    let bare = Run::of(support::command(folder, &[]).output().unwrap());
    assert_eq!((bare.code, bare.out.as_str()), (2, ""));
}
