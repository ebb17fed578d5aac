//! Several orgs in one run, through a stand-in for the Salesforce CLI.

use std::fs;

use serde_json::json;

use super::fake_org::seed::acme;
use super::support::{Project, column};
use super::{displayed, run, salesforce_cli};

const EXPIRED: &str = r#"{"status":1,"name":"RefreshTokenAuthError","message":"Error authenticating with the refresh token"}"#;

#[test]
fn orgs_are_reported_together_in_the_order_asked_and_one_that_is_gone_is_a_gap() {
    let (first, second, folder) = (acme().start(), acme().start(), Project::new());
    second.set(|org| {
        org.objects.table("Organization").update(("Name", "Acme"), "Id", &json!("00D000000000002AAA"));
    });
    let path = salesforce_cli(&folder, &[("prod", displayed(&first)), ("uat", displayed(&second)), ("gone", EXPIRED.to_owned())]);
    let environment = [("PATH", path)];
    let orgs = ["-o", "uat", "-o", "gone", "-o", "prod", "-o", "uat"];
    let report = |args: &[&str]| run(&folder, &[args, &orgs].concat(), &environment);

    let audit = report(&["audit", "--format", "json", "--fail-on", "never"]);
    assert_eq!(audit.code, 3, "{}", audit.err);
    let json = audit.json();
    assert_eq!(column(&json["source"]["orgs"], "name"), ["uat", "gone", "prod"]);
    assert_eq!(json["source"]["orgs"][1], json!({"name": "gone"}));
    assert_eq!(json["gaps"][0]["what"], "gone could not be audited: no session");
    let of = |org: &str| json["findings"].as_array().unwrap().iter().filter(|finding| finding["subject"]["org"] == org).count();
    assert!(of("prod") > 0 && of("prod") == of("uat"), "{} and {}", of("prod"), of("uat"));
    let mut prints: Vec<(&str, &str)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["subject"]["org"].as_str().unwrap(), finding["fingerprint"].as_str().unwrap()))
        .collect();
    prints.sort_unstable();
    let all = prints.len();
    prints.dedup();
    assert_eq!(prints.len(), all, "no two findings of one org are the same one");
    let of = |org: &str| prints.iter().filter(|(name, _)| *name == org).map(|(_, print)| *print).collect::<Vec<_>>();
    assert_eq!(of("prod"), of("uat"), "the same component has the same findings in every org");

    assert!(audit.err.contains("uat: ") && audit.err.contains("prod: "), "{}", audit.err);
    assert!(report(&["audit", "--preset", "strict", "--format", "table"]).out.contains("uat: ERP_Sync"));
    let facts = report(&["facts", "ERP_Sync"]).out;
    assert!(facts.contains("(ConnectedApp/ERP_Sync) in uat") && facts.contains("(ConnectedApp/ERP_Sync) in prod"), "{facts}");
    let inventory = report(&["inventory"]).out;
    assert!(inventory.contains(" org ") && inventory.contains(" uat ") && inventory.contains(" prod "), "{inventory}");
}

#[test]
fn an_unknown_alias_ends_the_run_before_a_call_is_made() {
    let (org, folder) = (acme().start(), Project::new());
    let environment = [("PATH", salesforce_cli(&folder, &[("prod", displayed(&org))]))];
    let run = run(&folder, &["audit", "-o", "prod", "-o", "prd"], &environment);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`prd`") && run.err.contains("sf org list"), "{}", run.err);
    assert_eq!(org.received().len(), 0);
}

#[test]
fn the_default_org_is_the_one_of_the_salesforce_cli() {
    let (mut org, folder) = (acme(), Project::new());
    org.global_settings_readable = true;
    let org = org.start();
    let path = ("PATH", salesforce_cli(&folder, &[("prod", displayed(&org))]));
    let variable = [path.clone(), ("SF_TARGET_ORG", "prod".to_owned())];
    for args in [&["inventory", "-o"][..], &["inventory", "-o", "--format", "json"], &["doctor"], &["snapshot", "-O", "a.gz"]] {
        let run = run(&folder, args, &variable);
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
        assert!(run.err.contains("the default org is prod (SF_TARGET_ORG)"), "{}", run.err);
    }
    folder.write(".sf/config.json", r#"{"target-org": "prod"}"#);
    let run = run(&folder, &["inventory", "-o"], &[path]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains(".sf/config.json"), "{}", run.err);
}

#[test]
fn all_orgs_are_those_the_salesforce_cli_lists_each_once() {
    let (org, folder) = (acme().start(), Project::new());
    let listed = json!({"status": 0, "result": {
        "nonScratchOrgs": [
            {"username": "old@acme.example.com", "orgId": "00D000000000001AAA", "connectedStatus": "RefreshTokenAuthError"},
            {"username": "admin@acme.example.com", "alias": "prod", "orgId": "00D000000000001AAA", "connectedStatus": "Connected"}],
        "scratchOrgs": [{"username": "gone@example.com", "isExpired": true}]}});
    let path = salesforce_cli(&folder, &[("prod", displayed(&org))]);
    let script = fs::read_to_string(folder.path("bin/sf")).unwrap();
    folder.write("bin/sf", script.replace("case \"$* \" in\n", &format!("case \"$* \" in\n'org list'*) echo '{listed}' ;;\n")));
    let run = run(&folder, &["inventory", "--all-orgs", "--format", "json"], &[("PATH", path)]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(column(&run.json()["source"]["orgs"], "name"), ["prod"]);
}
