//! Orgs held against a baseline, and against what they were.

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
    let audit =
        |args: &[&str]| acme.run(&[&["audit", "--preset", "strict", "--fail-on", "never", "--format", "json"], args].concat());
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

/// Snapshots of one org, some days apart.
#[test]
fn who_gained_and_lost_an_app_is_told_and_what_nobody_saw_is_not() {
    let acme = Acme::new();
    snapshot(&acme);
    let diff = |before: &str, after: &str| acme.run(&["diff", before, after, "--format", "json"]);
    let same = diff("a.gz", "a.gz");
    assert_eq!((same.code, &same.json()["apps"]["changed"]), (0, &json!([])), "{}", same.out);

    let user = "erp.integration@acme.example.com";
    let mut document = unfolded(&acme, "a.gz");
    let org = &mut document["inventory"]["sources"][0]["org"];
    let (id, _) = org["users"].as_object().unwrap().iter().find(|(_, it)| it["username"] == user).unwrap();
    let id = id.clone();
    org["assignments"]["rows"].as_array_mut().unwrap().retain(|row| row["user"] != id);
    fold(&acme, "without.gz", &document);
    let access = |run: &Run| {
        let report = run.json();
        let all = report["apps"]["changed"].as_array().unwrap();
        all.iter().find(|it| it["subject"]["name"] == "ERP_Sync").unwrap_or_else(|| panic!("{report:#}"))["access"].clone()
    };
    assert_eq!(access(&diff("a.gz", "without.gz"))["users_lost"], json!([user]));
    assert_eq!(access(&diff("without.gz", "a.gz"))["users_gained"], json!([user]));

    document["inventory"]["sources"][0]["org"]["assignments"]["more"] = json!("only a part was seen");
    fold(&acme, "short.gz", &document);
    let short = diff("a.gz", "short.gz");
    let unclear = access(&short);
    assert_eq!((&unclear["users_lost"], short.json()["findings"]["fixed"].as_array().unwrap().len()), (&json!([]), 0));
    assert!(
        unclear["cannot_tell"].to_string().contains(&format!("whether {user} can still use it: only a part was seen")),
        "{unclear}"
    );

    let apps = document["inventory"]["apps"].as_array_mut().unwrap();
    let erp = apps.iter_mut().find(|app| app["name"] == "ERP_Sync").unwrap();
    erp["access"]["permitted_users"]["state"] = json!({"Ok": "SelfAuthorize"});
    fold(&acme, "open.gz", &document);
    let opened = access(&diff("a.gz", "open.gz"));
    assert_eq!(opened["admits"], json!({"before": "assigned", "after": "anybody", "opens": true}));
    let table = acme.run(&["diff", "a.gz", "open.gz"]).out;
    assert!(table.contains("Opens to everybody"), "{table}");
}
