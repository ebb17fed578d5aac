//! Everybody who can use an app of a live org or a snapshot.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::Acme;
use crate::fake_org::large::{Size, large};
use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Running};
use crate::support::{Run, column, strings};

const ORG: &str = "--org-from-env";

/// The entry of the only app of a document.
fn app(run: &Run) -> Value {
    let document = run.json();
    assert_eq!(document["schema"], "orgwarden/access-v1");
    assert_eq!(document["apps"].as_array().unwrap().len(), 1);
    document["apps"][0].clone()
}

fn words(reservations: &Value) -> Vec<&str> {
    column(reservations, "word")
}

/// `kind name: active users [reservations]`, one path each.
fn paths(app: &Value) -> Vec<String> {
    let path = |path: &Value| {
        let name = format!("{} {}", path["kind"].as_str().unwrap(), path["name"].as_str().unwrap());
        format!("{name}: {} {:?}", path["active_users"], words(&path["reservations"]))
    };
    app["paths"].as_array().unwrap().iter().map(path).collect()
}

#[test]
fn the_users_of_an_app_are_told_by_path() {
    let acme = Acme::new();
    let run = acme.run(&["access", "Contractor_Portal", ORG]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_snapshot!("table", acme.harmless(&run.out));
    assert_eq!(run.err.lines().filter(|line| line.contains("API calls used")).count(), 1, "{}", run.err);
}

#[test]
fn a_document_tells_everything() {
    let acme = Acme::new();
    let run = acme.run(&["access", "Contractor_Portal", ORG, "--format", "json"]);
    let app = app(&run);
    assert_eq!(
        (&app["permitted_users"], &app["admits"], &app["users"]),
        (&json!("admin-approved"), &json!("assigned"), &json!("known"))
    );
    assert_eq!((&app["active_users"], &app["unknown"]), (&json!(2), &json!([])), "each counted once");
    assert_eq!(paths(&app), [r"permission-set Contractors: 2 []", r#"permission-set Payout_Session: 1 ["needs-activation"]"#]);
    let holders = &app["paths"][0]["holders"];
    assert_eq!(column(holders, "user"), ["tilda@acme.example.com", "ugo@acme.example.com", "vera@acme.example.com"]);
    let told: Vec<Vec<&str>> = holders.as_array().unwrap().iter().map(|holder| words(&holder["reservations"])).collect();
    assert_eq!(told, [vec!["expires"], vec!["ended"], vec![]]);
    assert_eq!(holders[0]["expires"], "2026-06-10T00:00:00.000+0000");
    assert_eq!(holders[0]["license"], "Salesforce Platform");
}

#[test]
fn a_group_leads_to_its_users_with_what_is_not_documented_of_it() {
    let acme = Acme::new();
    let app = app(&acme.run(&["access", "Field_Reports", ORG, "--format", "json"]));
    assert_eq!(paths(&app), ["permission-set Field_Reports: 0 []", r#"group Field_Team: 2 ["muted"]"#]);
    assert_eq!(strings(&app["paths"][1]["granted_by"]), ["Field_Reports"]);
    assert_eq!(app["active_users"], 2);
}

#[test]
fn tokens_without_a_path_are_told() {
    let acme = Acme::new();
    let app = app(&acme.run(&["access", "ERP_Sync", ORG, "--format", "json"]));
    let told: Vec<(&str, &Value)> =
        app["tokens"].as_array().unwrap().iter().map(|token| (token["user"].as_str().unwrap(), &token["assigned"])).collect();
    assert_eq!(told, [("boris.builder@acme.example.com", &json!(false)), ("erp.integration@acme.example.com", &json!(true))]);
    let table = acme.run(&["access", "ERP_Sync", ORG]).out;
    let (_, loose) = table.split_once("Tokens of users without a path (1)").unwrap();
    assert!(loose.contains("boris.builder") && !loose.contains("erp.integration"), "{loose}");
}

#[test]
fn where_anybody_may_approve_an_app_assignments_have_no_effect() {
    let mut org = acme();
    let id = org.id("ConnectedApplication", "Name", "Survey Tool");
    org.grant_app("Contractors", &id, "ConnectedApplication");
    let acme = Acme::of(org);
    let run = acme.run(&["access", "Survey_Tool", ORG, "--format", "json"]);
    let app = app(&run);
    assert_eq!((&app["admits"], &app["active_users"], run.code), (&json!("anybody"), &json!(27), 0));
    assert_eq!(app["paths"][0]["effective"], false);
    assert_eq!(app["tokens"].as_array().unwrap().len(), 3);
    let table = acme.run(&["access", "Survey_Tool", ORG]).out;
    assert!(table.contains("any active user of the org may approve the app") && table.contains("no effect"), "{table}");
}

#[test]
fn frozen_users_count_and_are_said_to_be_locked_out() {
    let mut org = acme();
    org.assign("ERP_Integration", "yara.frozen@acme.example.com");
    let acme = Acme::of(org);
    let app = app(&acme.run(&["access", "ERP_Sync", ORG, "--format", "json"]));
    assert_eq!((&app["active_users"], &app["frozen_users_seen"]), (&json!(2), &json!(1)));
    let states = column(&app["paths"][0]["holders"], "state");
    assert_eq!(states, ["active", "frozen"]);
    assert!(acme.run(&["access", "ERP_Sync", ORG]).out.contains("1 of them frozen, who cannot log in"));
}

#[test]
fn a_profile_of_many_users_is_a_number_and_nothing_is_missing() {
    let mut org = large(Size { apps: 1, permission_sets: 0, users: 2_200, assigned: 0 });
    let id = org.id("ConnectedApplication", "Name", "App 0");
    org.grant_app("Standard User", &id, "ConnectedApplication");
    let acme = Acme::of(org);
    let run = acme.run(&["access", "App_0", ORG, "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let app = app(&run);
    assert_eq!(paths(&app), [r#"profile Standard User: 2156 ["by-number"]"#]);
    assert_eq!(app["paths"][0]["holders"], json!([]));
    for format in ["dot", "mermaid"] {
        let graph = acme.run(&["access", "App_0", ORG, "--format", format]).out;
        assert!(graph.contains("2156 active users"), "{graph}");
    }
}

/// What may not be seen, and the words that must be said of it.
#[test]
fn what_could_not_be_read_is_not_nobody() {
    type Change = fn(&mut FakeOrg);
    let cases: [(&str, Change, &str); 6] = [
        ("assignments", |org| org.hide_object("PermissionSetAssignment"), "PermissionSetAssignment"),
        ("grants", |org| org.hide_object("SetupEntityAccess"), "SetupEntityAccess"),
        ("groups", |org| org.hide_object("PermissionSetGroup"), "PermissionSetGroup"),
        ("permission sets", |org| org.hide_object("PermissionSet"), "PermissionSet"),
        ("tokens", |org| org.hide_object("OauthToken"), "OauthToken"),
        ("frozen users", |org| org.hide_object("UserLogin"), "UserLogin"),
    ];
    for (what, hide, named) in cases {
        let mut org = acme();
        hide(&mut org);
        let acme = Acme::of(org);
        let run = acme.run(&["access", "ERP_Sync", ORG, "--format", "json"]);
        assert_eq!(run.code, 3, "{what}: {}", run.out);
        let app = app(&run);
        assert!(app["unknown"].to_string().contains(named), "{what}: {}", app["unknown"]);
        if !["tokens", "frozen users"].contains(&what) {
            assert_eq!(app["active_users"], "unknown", "{what}");
        }
    }
    let mut org = acme();
    org.hide_object("PermissionSetAssignment");
    let acme = Acme::of(org);
    assert!(acme.run(&["access", "ERP_Sync", ORG]).out.contains("Not known: "));
    assert!(acme.run(&["access", "ERP_Sync", ORG, "--format", "csv"]).err.contains("not known: "));
    assert_eq!(acme.run(&["access", "ERP_Sync", ORG, "--allow-unknown"]).code, 0);
}

#[test]
fn apps_are_chosen_by_name_or_glob_as_by_facts() {
    let acme = Acme::new();
    let run = acme.run(&["access", "*_Sync", ORG, "--format", "json"]);
    assert_eq!(column(&run.json()["apps"], "name"), ["ERP_Sync"]);
    for command in ["access", "facts"] {
        let run = acme.run(&[command, "ERP_Synk", ORG]);
        assert_eq!(run.code, 2);
        assert!(
            run.err.contains("no app of the source is named `ERP_Synk`") && run.err.contains("did you mean `ERP_Sync`?"),
            "{}",
            run.err
        );
        assert_eq!(acme.run(&[command, "ERP_[", ORG]).code, 2);
    }
}

#[test]
fn a_snapshot_says_the_same_as_the_org() {
    let acme = Acme::new();
    acme.run(&["snapshot", ORG, "-O", "a.gz"]);
    for format in ["table", "json", "csv", "dot", "mermaid"] {
        let live = acme.run(&["access", "*", ORG, "--format", format, "--allow-unknown"]);
        let saved = acme.run(&["access", "*", "--snapshot", "a.gz", "--format", format, "--allow-unknown"]);
        assert_eq!((live.code, &live.out), (0, &saved.out), "{format}");
    }
}

#[test]
fn graphs_are_small_and_every_label_is_quoted() {
    let acme = Acme::new();
    let run = |app: &str, format: &str| acme.harmless(&acme.run(&["access", app, ORG, "--format", format]).out);
    assert_snapshot!("dot", run("Contractor_Portal", "dot"));
    assert_snapshot!("mermaid", run("Field_Reports", "mermaid"));
}

#[test]
fn many_users_are_drawn_as_a_number_and_that_is_told() {
    let acme = Acme::of(large(Size { apps: 1, permission_sets: 1, users: 60, assigned: 60 }));
    let run = acme.run(&["access", "App_0", ORG, "--format", "mermaid"]);
    assert!(run.out.contains("58 active users") && run.out.lines().count() < 10, "{}", run.out);
    assert!(run.err.contains("1 path has more than 50 users, drawn as a number"), "{}", run.err);
    let table = acme.run(&["access", "App_0", ORG]).out;
    assert!(table.contains("and 10 more: --format csv lists all"), "{table}");
    let csv = acme.run(&["access", "App_0", ORG, "--format", "csv"]).out;
    assert_eq!(csv.lines().filter(|line| line.contains(",permission-set,Set_0,")).count(), 60);
}

#[test]
fn names_of_others_stay_text_in_every_format() {
    let mut org = acme();
    let table = org.objects.table("PermissionSet");
    table.update(("Name", "ERP_Integration"), "Name", &json!("=cmd|'\"];\u{1b}[2J<b>%%{init}%%"));
    let acme = Acme::of(org);
    let run = |format: &str| acme.run(&["access", "ERP_Sync", ORG, "--format", format]).out;
    for format in ["table", "json", "csv", "dot", "mermaid"] {
        assert!(!run(format).contains('\u{1b}'), "{format}");
    }
    assert!(run("csv").contains(",\"'=cmd|'\"\"];"), "{}", run("csv"));
    assert!(run("dot").contains(r#"label="=cmd|'\"];\\u{1b}[2J<b>"#), "{}", run("dot"));
    assert!(run("mermaid").contains("#61;cmd#124;#39;#34;#93;#59;#92;u#123;1b#125;"), "{}", run("mermaid"));
}

#[test]
fn the_document_is_of_its_schema() {
    let acme = Acme::new();
    let schema = acme.run(&["schema", "access"]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for args in [&["access", "*", ORG][..], &["access", "--user", "vera@acme.example.com", ORG]] {
        let document = acme.run(&[args, &["--format", "json"]].concat()).json();
        let mistakes: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(mistakes, [""; 0]);
    }
}

impl Acme {
    /// Text without the port, which differs from run to run.
    fn harmless(&self, text: &str) -> String {
        let host = |org: &Running| org.url().trim_start_matches("http://").to_owned();
        text.replace(&host(&self.org), "acme").replace(&host(&self.org).replace(':', "#58;"), "acme")
    }
}
