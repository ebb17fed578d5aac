//! What a user of a live org or a snapshot can use.

use serde_json::{Value, json};

use crate::Acme;
use crate::fake_org::seed::acme;
use crate::support::{Run, column};

const ORG: &str = "--org-from-env";

/// The user, in the only org.
fn user(run: &Run) -> Value {
    let document = run.json();
    assert_eq!((document["apps"].as_array().unwrap().len(), document["users"].as_array().unwrap().len()), (0, 1));
    document["users"][0].clone()
}

/// `app: access, path path, tokens`.
fn apps(user: &Value) -> Vec<String> {
    let app = |app: &Value| {
        let paths: Vec<String> =
            app["paths"].as_array().unwrap().iter().map(|path| format!("{} ", path["name"].as_str().unwrap())).collect();
        format!("{}: {}, {}{}", app["name"].as_str().unwrap(), app["access"].as_str().unwrap(), paths.concat(), app["tokens"])
    };
    user["apps"].as_array().unwrap().iter().map(app).collect()
}

#[test]
fn every_app_of_a_user_is_told_with_its_paths_and_tokens() {
    let acme = Acme::new();
    let run = acme.run(&["access", "--user", "Vera@acme.example.com", ORG, "--format", "json"]);
    let vera = user(&run);
    assert_eq!(
        apps(&vera),
        [
            "Contractor_Portal: assigned, Contractors Payout_Session 0",
            "Survey_Tool: may-approve, 0",
            "Team_Calendar: assigned, Everyone_Base 0",
            "mailbox__Connector: may-approve, 0",
            "Analytics_Feed: may-approve, 0",
            "Chat_Assistant: none, Contractors 0",
        ]
    );
    assert_eq!((&vera["exists"], &vera["found"]["state"]), (&json!(true), &json!("active")));
    // Whether an installed app is blocked nobody can tell.
    assert_eq!(run.code, 3);
    assert!(vera["unknown"].to_string().contains("mailbox__Connector"));
    let dario = user(&acme.run(&["access", "--user", "dario@acme.example.com", "ns__*", ORG, "--format", "json"]));
    assert_eq!(apps(&dario), ["ns__Vendor: assigned, Sales Operations 1"]);
}

#[test]
fn who_cannot_log_in_is_told() {
    let mut org = acme();
    org.assign("ERP_Integration", "yara.frozen@acme.example.com");
    let acme = Acme::of(org);
    let run = acme.run(&["access", "ERP_*", "--user", "yara.frozen@acme.example.com", ORG]);
    assert!(run.out.contains("frozen, so cannot log in") && run.out.contains("if able to log in: 1"), "{}", run.out);
    let wanda = user(&acme.run(&["access", "*", "--user", "wanda.gone@acme.example.com", ORG, "--format", "json"]));
    assert!(apps(&wanda).contains(&"Survey_Tool: none, 1".to_owned()), "a token is left: {:?}", apps(&wanda));
}

#[test]
fn an_assignment_that_has_ended_is_no_access() {
    let acme = Acme::new();
    let ugo = user(&acme.run(&["access", "Contractor_Portal", "--user", "ugo@acme.example.com", ORG, "--format", "json"]));
    assert_eq!(apps(&ugo), ["Contractor_Portal: none, Contractors 0"]);
    let path = &ugo["apps"][0]["paths"][0];
    assert_eq!((&path["effective"], column(&path["reservations"], "word")), (&json!(false), vec!["ended"]));
}

#[test]
fn a_user_without_any_assignment_is_found_and_one_who_does_not_exist_is_a_mistake() {
    let mut org = acme();
    org.add_user("nadia.new@acme.example.com", "Nadia New", "Standard User");
    let acme = Acme::of(org);
    let nadia = user(&acme.run(&["access", "ERP_Sync", "--user", "nadia.new@acme.example.com", ORG, "--format", "json"]));
    assert_eq!((&nadia["exists"], &nadia["apps"], &nadia["unknown"]), (&json!(true), &json!([]), &json!([])));
    let run = acme.run(&["access", "--user", "verra@acme.example.com", ORG]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("no user is named `verra@acme.example.com`") && run.err.contains("did you mean `vera@acme.example.com`?"),
        "{}",
        run.err
    );
}

#[test]
fn a_question_that_fails_leaves_open_whether_the_user_exists() {
    let mut org = acme();
    org.refuse("User", 400, "INVALID_TYPE", "sObject type 'User' is not supported.");
    let acme = Acme::of(org);
    let run = acme.run(&["access", "ERP_Sync", "--user", "nobody@acme.example.com", ORG, "--format", "json"]);
    assert_eq!(run.code, 3, "{}", run.err);
    let nobody = user(&run);
    assert_eq!((&nobody["exists"], nobody["unknown"].as_array().unwrap().len()), (&Value::Null, 1));
}

#[test]
fn a_snapshot_knows_the_users_it_was_taken_with() {
    let mut org = acme();
    org.add_user("nadia.new@acme.example.com", "Nadia New", "Standard User");
    let acme = Acme::of(org);
    acme.run(&["snapshot", ORG, "-O", "without.gz"]);
    acme.run(&["snapshot", ORG, "-O", "with.gz", "--user", "nadia.new@acme.example.com"]);
    let ask = |user: &str, file: &str| acme.run(&["access", "ERP_Sync", "--user", user, "--snapshot", file, "--format", "json"]);
    let live = acme.run(&["access", "ERP_Sync", "--user", "nadia.new@acme.example.com", ORG, "--format", "json"]);
    let saved = ask("nadia.new@acme.example.com", "with.gz");
    assert_eq!((saved.code, &saved.out), (0, &live.out));
    // Whoever an app leads to is there anyway.
    assert_eq!(ask("vera@acme.example.com", "without.gz").code, 0);
    let unknown = ask("nadia.new@acme.example.com", "without.gz");
    assert_eq!((unknown.code, &user(&unknown)["exists"]), (3, &Value::Null));
    assert!(user(&unknown)["unknown"].to_string().contains("nobody has looked up"), "{}", unknown.out);
}

#[test]
fn the_apps_of_a_user_are_a_table_csv_or_a_graph() {
    let acme = Acme::new();
    let run = |format: &str| acme.run(&["access", "Contractor_*", "--user", "tilda@acme.example.com", ORG, "--format", format]).out;
    assert!(run("table").contains("ends on 2026-06-10"), "{}", run("table"));
    let csv = run("csv");
    let row = csv.lines().nth(1).unwrap();
    assert!(
        row.contains("Contractor_Portal,admin-approved,assigned,permission-set,Contractors,,,true,tilda@acme.example.com,active"),
        "{csv}"
    );
    assert!(row.ends_with("2026-06-10T00:00:00.000+0000,,,expires,"), "{csv}");
    assert!(run("dot").contains(r#"n0 -> n2 [label="ends 2026-06-10"];"#), "{}", run("dot"));
    assert!(run("mermaid").contains(r#"n0 -->|"ends 2026-06-10"| n2"#), "{}", run("mermaid"));
}
