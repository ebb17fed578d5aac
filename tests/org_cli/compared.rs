//! Orgs held against a baseline.

use serde_json::{Value, json};

use super::Acme;
use super::snapshot::{fold, unfolded};
use super::support::{Run, connected_app, oauth};

const RULE: &str = "classic-connected-app";

fn snapshot(acme: &Acme) {
    let run = acme.run(&["snapshot", "--org-from-env", "-O", "a.gz"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

/// The first finding of [`RULE`] on a connected app.
fn finding(run: &Run) -> Value {
    let report = run.json();
    let all = report["findings"].as_array().unwrap();
    all.iter().find(|it| it["rule"] == RULE && it["subject"]["kind"] == "connected-app").unwrap().clone()
}

/// The app of the repository and the app of the org are one; those of two orgs are two.
#[test]
fn what_is_known_of_the_source_is_known_of_the_org_and_one_org_is_not_another() {
    let acme = Acme::new();
    snapshot(&acme);
    let audit = |args: &[&str]| acme.run(&[&["audit", "--fail-on", "never", "--format", "json"], args].concat());
    let of_org = finding(&audit(&["--snapshot", "a.gz", "--write-baseline", "org.json"]));
    let name = of_org["subject"]["name"].as_str().unwrap();
    acme.folder.write(&format!("src/{name}.connectedApp"), connected_app(&oauth("")));
    let of_files = finding(&audit(&["src", "--write-baseline", "src.json"]));
    assert_eq!(of_org["fingerprint"], of_files["fingerprint"]);

    assert_eq!(finding(&audit(&["--snapshot", "a.gz", "--baseline", "src.json"]))["baseline"], "known");
    assert_eq!(finding(&audit(&["src", "--baseline", "org.json"]))["baseline"], "known");
    let known = audit(&["--snapshot", "a.gz", "--baseline", "org.json"]).json();
    let states = |report: &Value| -> Vec<Value> {
        let all = report["findings"].as_array().unwrap().iter().chain(report["unknown"].as_array().unwrap());
        let mut states: Vec<Value> = all.filter(|it| it["subject"]["org"].is_string()).map(|it| it["baseline"].clone()).collect();
        states.dedup();
        states
    };
    assert_eq!(states(&known), [json!("known")]);
    let sarif = audit(&["--snapshot", "a.gz", "--output", "sarif=a.sarif"]);
    assert_ne!(sarif.code, 2, "{}", sarif.err);
    let sarif = std::fs::read_to_string(acme.folder.path("a.sarif")).unwrap();
    assert!(sarif.contains("\"orgwardenOrg/v1\": \"00D"), "two orgs are told apart");

    let mut other = unfolded(&acme, "a.gz");
    other["inventory"]["sources"][0]["org"]["identity"]["id"] = json!("00D000000000009AAA");
    fold(&acme, "b.gz", &other);
    let report = audit(&["--snapshot", "b.gz", "--baseline", "org.json"]).json();
    assert_eq!(states(&report), [json!("new")]);
    let absent = report["baseline"]["absent"].as_array().unwrap();
    assert!(absent.iter().filter(|it| it["org"].is_string()).all(|it| it["state"] == "cannot-tell"), "that org was not asked");
}
