//! Benchmarks: what `orgwarden controls` says of them, and that its data and the rules agree.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeSet;

use orgwarden::controls::{Coverage, Verdict, catalogue, verdict};
use orgwarden::finding::{Counts, Effect};
use orgwarden::policy::Tally;
use orgwarden::rules::{Entry, builtin};
use serde_json::Value;
use support::{Project, column, connected_app, oauth};

#[test]
fn the_data_and_the_rules_agree() {
    let (set, _) = builtin();
    let benchmarks = catalogue().unwrap();
    for entry in set.entries() {
        for (benchmark, ids) in &entry.info().controls {
            let id = &entry.info().id;
            let known = benchmarks.iter().find(|known| known.id == *benchmark);
            let known =
                known.unwrap_or_else(|| panic!("{id} names the benchmark {benchmark}, which controls/benchmarks.yaml lacks"));
            for control in ids.iter().filter(|_| !known.controls.is_empty()) {
                let listed = known.controls.iter().any(|listed| listed.id == *control);
                assert!(listed, "{id} carries {control}, which controls/{benchmark}.yaml lacks");
            }
        }
    }
    for benchmark in benchmarks {
        let carried: BTreeSet<&String> = set
            .entries()
            .filter(|entry| matches!(entry, Entry::Rule(_)))
            .filter_map(|entry| entry.info().controls.get(&benchmark.id))
            .flatten()
            .collect();
        let mut seen = BTreeSet::new();
        for control in &benchmark.controls {
            assert!(seen.insert(&control.id), "{} is listed twice", control.id);
            let answered = control.coverage == Coverage::Manual || carried.contains(&control.id);
            assert!(answered, "{} is called {} and has no rule", control.id, control.coverage.as_str());
            let told = control.coverage == Coverage::Covered || !(control.rest.is_empty() || control.by_hand.is_empty());
            assert!(told, "{} does not say what is left and how to look at it", control.id);
        }
    }
}

fn tally(pass: usize, fail: usize, unknown: usize, waived: usize) -> Tally {
    Tally { counts: Counts { pass, fail, unknown, waived, not_applicable: 0 }, ..Tally::default() }
}

#[test]
fn a_control_passes_only_where_all_of_it_was_answered() {
    let passed = tally(2, 0, 0, 0);
    let concerns_nothing = Tally { counts: Counts { not_applicable: 2, ..Counts::default() }, ..Tally::default() };
    let elsewhere = Tally { elsewhere: 1, ..concerns_nothing };
    let unasked = Tally { unasked: 1, ..Tally::default() };
    let (failed, undecided, accepted) = (tally(1, 1, 0, 0), tally(1, 0, 1, 0), tally(1, 0, 0, 1));
    let covered = Some(Coverage::Covered);
    for (what, coverage, said, wanted) in [
        ("all hold", covered, vec![passed, passed], Verdict::Pass),
        ("one concerns nothing", covered, vec![passed, concerns_nothing], Verdict::Pass),
        ("only in part covered", Some(Coverage::Partly), vec![passed], Verdict::NoFindings),
        ("nobody says how far", None, vec![passed], Verdict::NoFindings),
        ("one is for another kind of source", covered, vec![passed, elsewhere], Verdict::NoFindings),
        ("one is switched off", covered, vec![passed, unasked], Verdict::NoFindings),
        ("one fails", covered, vec![passed, failed], Verdict::Fail),
        ("one fails and one is undecided", covered, vec![undecided, failed], Verdict::Fail),
        ("one is undecided", covered, vec![passed, undecided], Verdict::Unknown),
        ("one is undecided and one accepted", covered, vec![accepted, undecided], Verdict::Unknown),
        ("one is accepted", covered, vec![passed, accepted], Verdict::Waived),
        ("they concern nothing", covered, vec![concerns_nothing], Verdict::NotAssessed),
        ("they are for another kind of source", covered, vec![elsewhere], Verdict::NotAssessed),
        ("no rule", Some(Coverage::Manual), vec![], Verdict::NotAssessed),
    ] {
        let said: Vec<(Effect, Tally)> = said.into_iter().map(|tally| (Effect::Unsafe, tally)).collect();
        assert_eq!(verdict(coverage, &said), wanted, "{what}");
    }
    // What does not work is no breach, and no pass.
    assert_eq!(verdict(covered, &[(Effect::Unsafe, passed), (Effect::Broken, failed)]), Verdict::NoFindings);
    assert_eq!(verdict(covered, &[(Effect::Unsafe, passed), (Effect::Broken, undecided)]), Verdict::Unknown);
}

/// One rule of its own behind a control of a benchmark nobody else serves.
fn project(condition: &str) -> Project {
    let rule = format!(
        "id: own-rule\ntitle: A rule\nseverity: low\neffect: unsafe\napplies-to: app\nwhy: Because.\ncheck: {condition}\n\
         message: \"{{app.label}} is wrong\"\nremediation: {{ setup: Change it. }}\ncontrols: {{ cis: [\"99.1\"] }}\nexamples:\n  \
         - {{ name: a, facts: {{ app.label: wrong }}, verdict: fail }}\n  - {{ name: b, verdict: pass }}\n"
    );
    Project::new().file("App.connectedApp", connected_app(&oauth(""))).file("rules/own-rule.yaml", rule)
}

fn control(document: &Value, id: &str) -> Value {
    document["controls"].as_array().unwrap().iter().find(|control| control["id"] == id).unwrap().clone()
}

fn controls(project: &Project, arguments: &[&str]) -> Value {
    project.run(&[&["controls", "cis", "--rules", "rules", "--today", "2026-06-01", "--format", "json"], arguments].concat()).json()
}

#[test]
fn what_the_rules_say_is_held_against_their_controls() {
    let fails = project("app.label != \"Portal\" && app.label != \"wrong\"");
    let found = control(&controls(&fails, &[]), "99.1");
    assert_eq!((&found["verdict"], &found["findings"]), (&"fail".into(), &1.into()));
    assert_eq!(column(&found["rules"], "id"), ["own-rule"]);
    let holds = project("app.label != \"wrong\"");
    assert_eq!(control(&controls(&holds, &[]), "99.1")["verdict"], "no-findings");
    let waived = fails.file(
        "orgwarden.yaml",
        "waivers: [{ rule: own-rule, app: App, reason: r, owner: o@acme.example.com, expires: 2026-12-31 }]",
    );
    assert_eq!(control(&controls(&waived, &[]), "99.1")["verdict"], "waived");
    let off = waived.file("orgwarden.yaml", "rules: [{ rule: own-rule, enabled: false }]");
    let off = control(&controls(&off, &[]), "99.1");
    assert_eq!((&off["verdict"], &off["rules"][0]["answered"]), (&"not-assessed".into(), &false.into()));
}

/// A preset leaves rules out of audits; what is asked of a benchmark is all of it.
#[test]
fn presets_do_not_count() {
    let project = project("app.label != \"Portal\" && app.label != \"wrong\"").file("orgwarden.yaml", "preset: minimal\n");
    assert_eq!(control(&controls(&project, &[]), "99.1")["verdict"], "fail");
}

#[test]
fn the_benchmark_of_salesforce_is_listed_with_what_is_left_to_people() {
    let project = Project::new().file("App.connectedApp", connected_app(&oauth("")));
    let run = project.run(&["controls", "sbs", "--today", "2026-06-01"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("Security Benchmark for Salesforce 0.3.0\n"), "{}", run.out);
    assert!(run.out.contains("\nTo be looked at by hand\n") && run.out.contains("  SBS-ACS-010: "), "{}", run.out);
    let json = project.run(&["controls", "sbs", "--today", "2026-06-01", "--format", "json"]).json();
    let open = control(&json, "SBS-OAUTH-002");
    assert_eq!((&open["verdict"], &open["coverage"]), (&"fail".into(), &"covered".into()));
    // Files do not tell which apps are used.
    assert_eq!(control(&json, "SBS-OAUTH-001")["verdict"], "not-assessed");
    let schema = jsonschema::validator_for(&project.run(&["schema", "controls"]).json()).unwrap();
    assert_eq!(schema.iter_errors(&json).map(|error| error.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
    let csv = project.run(&["controls", "sbs", "--today", "2026-06-01", "--format", "csv"]).out;
    assert_eq!(csv.lines().filter(|line| line.starts_with("sbs,SBS-")).count(), json["controls"].as_array().unwrap().len());
    let benchmarks = project.run(&["controls", "--format", "csv"]).out;
    assert!(benchmarks.starts_with("benchmark,title,version,controls,published at\r\n"), "{benchmarks}");
    assert!(benchmarks.lines().any(|line| line.starts_with("sbs,Security Benchmark for Salesforce,")), "{benchmarks}");
}

#[test]
fn benchmarks_are_listed_and_others_are_a_mistake() {
    let project = Project::new();
    let listed = project.run(&["controls", "--format", "json"]).json();
    assert_eq!(column(&listed["benchmarks"], "id"), ["sbs", "asvs", "rfc9700", "cwe", "nist", "cis"]);
    assert!(project.run(&["controls"]).out.contains(" 0.3.0 "));
    let wrong = project.run(&["controls", "avs"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("no benchmark `avs`") && wrong.err.contains("did you mean `asvs`?"), "{}", wrong.err);
}

#[test]
fn ids_go_by_their_numbers() {
    let project = Project::new().file("App.connectedApp", connected_app(&oauth("")));
    let json = project.run(&["controls", "asvs", "--today", "2026-06-01", "--format", "json"]).json();
    let ids = column(&json["controls"], "id");
    let place = |id: &str| ids.iter().position(|known| *known == id).unwrap();
    assert!(place("V10.4.8") < place("V10.4.11") && place("V10.4.1") < place("V10.4.8"), "{ids:?}");
}
