//! How much an audit asks: presets, tags and manual checks, as a user meets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use insta::assert_snapshot;
use orgwarden::policy::AuditPreset;
use serde_json::Value;
use support::{Project, Run, column, connected_app, oauth};

/// A rule that every app breaks, of a preset.
fn rule(id: &str, preset: &str, more: &str) -> String {
    format!(
        "id: {id}\ntitle: An app\nseverity: low\neffect: unsafe\n{preset}{more}applies-to: app\nwhy: It is there.\n\
         check: app.name == \"\"\nmessage: \"{{app.label}} is there\"\nremediation: {{ setup: Remove it. }}\nexamples:\n  \
         - {{ name: an app, facts: {{ app.name: A }}, verdict: fail }}\n  - {{ name: none, verdict: pass }}\n"
    )
}

const MANUAL: &str = "id: own-manual\ntitle: Look at it\nseverity: medium\neffect: unsafe\npreset: minimal\ntags: [pkce]\napplies-to: org\n\
                      why: Nobody else does.\nmanual: { where: Setup > Apps, look-at: The box., right: It is ticked. }\n";

/// One app, and a rule of each preset, one of which says none.
fn project() -> Project {
    Project::new()
        .file("App.connectedApp", connected_app(&oauth("")))
        .file("rules/own-minimal.yaml", rule("own-minimal", "preset: minimal\n", ""))
        .file("rules/own-plain.yaml", rule("own-plain", "", ""))
        .file("rules/own-strict.yaml", rule("own-strict", "preset: strict\n", "tags: [pkce]\n"))
        .file("rules/own-manual.yaml", MANUAL)
}

fn audit(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["audit", "--rules", "rules", "--format", "json", "--fail-on", "never", "--allow-unknown"], arguments].concat())
}

/// The rules of the project that had a finding.
fn asked(project: &Project, arguments: &[&str]) -> Vec<String> {
    let report = audit(project, arguments).json();
    column(&report["findings"], "rule").into_iter().filter(|rule| rule.starts_with("own-")).map(str::to_owned).collect()
}

#[test]
fn each_preset_holds_the_ones_before_it() {
    let project = project();
    for (preset, rules) in [
        (&["--preset", "minimal"][..], &["own-minimal"][..]),
        (&[], &["own-minimal", "own-plain"]),
        (&["--preset", "recommended"], &["own-minimal", "own-plain"]),
        (&["--preset", "strict"], &["own-minimal", "own-plain", "own-strict"]),
        (&["--preset", "auditor"], &["own-minimal", "own-plain", "own-strict"]),
    ] {
        assert_eq!(asked(&project, preset), rules, "{preset:?}");
    }
}

#[test]
fn the_policy_chooses_and_the_command_line_wins() {
    let project = project().file("orgwarden.yaml", "preset: minimal\n");
    assert_eq!(asked(&project, &[]), ["own-minimal"]);
    assert_eq!(asked(&project, &["--preset", "recommended"]), ["own-minimal", "own-plain"]);
    let wrong = project.file("orgwarden.yaml", "preset: recomended\n").run(&["audit"]);
    assert_eq!(wrong.code, 2);
    assert_eq!(wrong.diagnostics(), ["orgwarden.yaml:1:9: error: unknown preset `recomended` (did you mean `recommended`?)"]);
}

#[test]
fn the_words_of_the_policy_are_those_of_the_command_line() {
    for (word, preset) in AuditPreset::WORDS {
        assert_eq!(<AuditPreset as clap::ValueEnum>::from_str(word, false), Ok(preset));
        assert_eq!(preset.as_str(), word);
    }
}

/// Whoever switches a rule on, or weighs it, wants it.
#[test]
fn a_rule_that_the_policy_switches_on_runs_in_any_preset() {
    for (policy, rules) in [
        ("rules: [{ rule: own-strict, enabled: true }]", &["own-minimal", "own-strict"][..]),
        ("rules: [{ rule: own-strict, severity: high }]", &["own-strict", "own-minimal"]),
        ("rules: [{ rule: own-minimal, enabled: false }]", &[]),
        ("contracts: [{ app: App, rules: [{ rule: own-strict, enabled: true }] }]", &["own-minimal", "own-strict"]),
        ("contracts: [{ app: Ap*, rules: [{ rule: own-plain, severity: critical }] }]", &["own-plain", "own-minimal"]),
        ("contracts: [{ app: Other, rules: [{ rule: own-strict, enabled: true }] }]", &["own-minimal"]),
    ] {
        let project = project().file("orgwarden.yaml", policy);
        assert_eq!(asked(&project, &["--preset", "minimal"]), rules, "{policy}");
    }
}

#[test]
fn what_a_preset_leaves_out_is_told() {
    let project = project();
    let told = |arguments: &[&str]| {
        let run = project.run(&[&["audit", "--rules", "rules", "--format", "table"], arguments].concat());
        run.out.lines().find(|line| line.starts_with("  not asked: ")).map(str::to_owned)
    };
    let left_out = |preset: &str| audit(&project, &["--preset", preset]).json()["summary"]["rules_left_out"].as_u64().unwrap();
    assert_eq!(
        told(&["--preset", "minimal"]),
        Some(format!("  not asked: {} rules, left out by the preset minimal", left_out("minimal")))
    );
    assert!(left_out("minimal") > left_out("recommended"));
    assert_eq!((left_out("strict"), told(&["--preset", "strict"])), (0, None));
    let summary = &audit(&project, &["--preset", "auditor"]).json()["summary"];
    assert_eq!(summary["preset"], "auditor");
}

#[test]
fn a_waiver_of_a_rule_that_was_not_asked_is_not_unused() {
    let waiver = "waivers: [{ rule: own-strict, app: Gone, reason: r, owner: o@acme.example.com, expires: 2026-12-31 }]";
    let project = project().file("orgwarden.yaml", waiver);
    let unused = |arguments: &[&str]| {
        let report = audit(&project, arguments).json();
        column(&report["findings"], "rule").contains(&"waiver-unused")
    };
    assert!(unused(&["--preset", "strict"]));
    assert!(!unused(&["--preset", "recommended"]));
    // Asked of one app by its contract, and not of all.
    let switch = format!("{waiver}\ncontracts: [{{ app: App, rules: [{{ rule: own-strict, enabled: true }}] }}]\n");
    let project = project.file("orgwarden.yaml", switch);
    let report = audit(&project, &[]).json();
    let rules = column(&report["findings"], "rule");
    assert!(rules.contains(&"own-strict") && !rules.contains(&"waiver-unused"), "{rules:?}");
}

#[test]
fn a_tag_picks_its_rules_whatever_their_preset() {
    let project = project();
    assert_eq!(asked(&project, &["--tag", "pkce"]), ["own-strict"]);
    assert_eq!(asked(&project, &["--tag", "user-agent-flow", "--tag", "pkce"]), ["own-strict"]);
    assert_eq!(asked(&project, &["--tag", "pkce", "--preset", "recommended"]), Vec::<String>::new());
    assert_eq!(asked(&project, &["--tag", "user-agent-flow"]), Vec::<String>::new());
    // A policy is about the org, a tag about the question.
    let project = project.file("orgwarden.yaml", "preset: minimal\nrules: [{ rule: own-plain, enabled: true }]\n");
    assert_eq!(asked(&project, &["--tag", "pkce"]), ["own-strict"]);
}

#[test]
fn a_tag_that_does_not_exist_is_a_mistake() {
    for arguments in [&["audit"][..], &["rules", "list"]] {
        let run = project().run(&[arguments, &["--tag", "pkec"]].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains("no tag `pkec`") && run.err.contains("did you mean `pkce`?"), "{}", run.err);
        assert!(run.err.contains("partner-mandate, pkce, refresh-token-rotation"), "{}", run.err);
    }
}

#[test]
fn a_readiness_report_says_when_and_what_is_not_known() {
    let project = project();
    let report = audit(&project, &["--tag", "pkce"]).json();
    assert_eq!(column(&report["tags"], "id"), ["pkce"]);
    assert_eq!(report["tags"][0]["dates"][0]["when"], "11 May or 25 June 2026");
    assert!(audit(&project, &[]).json().get("tags").is_none());
    let heading = |format: &str| {
        let run = project.run(&["audit", "--tag", "user-agent-flow", "--tag", "pkce", "--format", format]);
        run.out.split_once("\n\nThe user-agent flow").unwrap().0.to_owned()
    };
    assert_eq!(heading("pretty"), heading("table"));
    assert_snapshot!(heading("pretty"), @r"
    PKCE for every app with an authorization code flow (pkce)
      A code challenge ties an authorization code to the client that asked for it. Partner apps must
      require it; an org can require it of all its apps.
      11 May or 25 June 2026: partner apps must require PKCE
      but: Most sources name 11 May 2026, one says that enforcement begins on 25 June 2026.
      but: For apps that are not a partner's, no date is known.
    ");
}

#[test]
fn tags_are_listed_with_their_reservations() {
    let project = project();
    let listed = project.run(&["rules", "tags"]);
    assert!(listed.out.contains("\nuser-agent-flow\nThe user-agent flow is to be blocked\n"), "{}", listed.out);
    assert!(listed.out.contains("\nWhen\n  No date is known.\n"), "{}", listed.out);
    let tags = project.run(&["rules", "tags", "--format", "json"]).json();
    assert_eq!(tags["schema"], "orgwarden/tags-v1");
    let json = project.run(&["rules", "list", "--rules", "rules", "--tag", "pkce", "--format", "json"]).json();
    let ids = column(&json["rules"], "id");
    assert!(ids.contains(&"own-strict") && ids.contains(&"own-manual") && !ids.contains(&"own-plain"), "{ids:?}");
}

#[test]
fn manual_checks_are_counted_and_never_judged() {
    let project = project();
    let count = |arguments: &[&str]| audit(&project, arguments).json()["summary"]["manual"].as_u64().unwrap();
    let all = count(&["--preset", "strict"]);
    assert!(all > count(&["--preset", "minimal"]) && count(&["--preset", "minimal"]) >= 1);
    let table = project.run(&["audit", "--rules", "rules", "--format", "table", "--preset", "strict"]).out;
    let line = format!("  by hand: {all} checks that only a person in Setup can make; see orgwarden rules list --manual");
    assert!(table.contains(&line), "{table}");
    // Whatever its severity, it changes no verdict and no exit code.
    let verdicts = |report: &Value| report["summary"]["fail"].as_u64().unwrap();
    let with = audit(&project, &[]).json();
    std::fs::remove_file(project.path("rules/own-manual.yaml")).unwrap();
    let without = audit(&project, &[]).json();
    assert_eq!(verdicts(&with), verdicts(&without));
    assert_eq!(with["summary"]["rules"], without["summary"]["rules"]);
}

#[test]
fn a_manual_check_can_be_switched_off_and_not_waived() {
    let project = project().file("orgwarden.yaml", "rules: [{ rule: own-manual, enabled: false }]\n");
    let manual = |project: &Project| {
        let report = audit(project, &["--preset", "auditor"]).json();
        column(&report["manual"], "id").contains(&"own-manual")
    };
    assert!(!manual(&project));
    let waiver = "waivers: [{ rule: own-manual, reason: r, owner: o@acme.example.com, expires: 2026-12-31 }]";
    let run = audit(&project.file("orgwarden.yaml", waiver), &[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("`own-manual` is a manual check, which has no findings to accept"), "{}", run.err);
}

#[test]
fn an_auditor_sees_why_rules_do_not_apply_and_what_to_look_at() {
    let project = project();
    let report = audit(&project, &["--preset", "auditor"]).json();
    let reasons = |rule: &str| -> Vec<String> {
        let groups = report["not_applicable"].as_array().unwrap().iter().filter(|group| group["rule"] == rule);
        groups
            .map(|group| format!("{}: {}", group["reason"].as_str().unwrap(), column(&group["subjects"], "name").join(", ")))
            .collect()
    };
    assert_eq!(reasons("used-but-not-installed"), Vec::<String>::new());
    assert_eq!(reasons("app-unused"), ["it is for live orgs: App"]);
    // Both parts of its condition, or the one that is false.
    assert_eq!(reasons("client-credentials-without-user"), ["`app.flows.client_credentials` is false: App"]);
    let manual = report["manual"].as_array().unwrap().iter().find(|check| check["id"] == "own-manual").unwrap();
    assert_eq!(
        (&manual["where"], &manual["look_at"], &manual["right"]),
        (&"Setup > Apps".into(), &"The box.".into(), &"It is ticked.".into())
    );

    let schema = jsonschema::validator_for(&orgwarden::report::json::schema()).unwrap();
    assert_eq!(schema.iter_errors(&report).map(|error| error.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
    for key in ["not_applicable", "manual"] {
        assert!(audit(&project, &["--preset", "strict"]).json().get(key).is_none(), "{key}");
    }
    let pretty = project.run(&["audit", "--rules", "rules", "--preset", "auditor"]).out;
    let (_, for_orgs) = pretty.split_once("\n  it is for live orgs (App)\n    ").unwrap();
    assert!(for_orgs.starts_with("app-not-inspectable, app-unused, assigned-user-cannot-use-api,"), "{pretty}");
    assert!(
        pretty.contains(
            "\nmedium[own-manual] (unsafe) Look at it\n  where: Setup > Apps\n  look at: The box.\n  right: It is ticked.\n"
        ),
        "{pretty}"
    );
}
