//! `orgwarden preview`: who would lose an app, from an org, a snapshot of it and files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/acme.rs"]
mod acme;
mod fake_org;
mod support;

use std::collections::BTreeMap;

use acme::run_on;
use fake_org::seed::acme;
use fake_org::{FakeOrg, Running};
use insta::assert_snapshot;
use serde_json::{Value, json};
use support::{Project, Run, connected_app, oauth};

const ADMIN_APPROVED: [&str; 2] = ["--permitted-users", "admin-approved"];
const SELF_AUTHORIZE: [&str; 2] = ["--permitted-users", "self-authorize"];

/// Those who use the app Portal today: an administrator, sales people, clerks, one who is frozen and one who has left.
const USERS: [&str; 9] = ["boris.builder", "amira", "dario", "felix", "tilda", "ugo", "vera", "yara.frozen", "legacy.feed"];

/// Acme with the app Portal, which everybody may authorize.
fn portal() -> FakeOrg {
    portal_of(false)
}

fn portal_of(admin_approved: bool) -> FakeOrg {
    let mut org = acme();
    let row = json!({"Name": "Portal", "DeveloperName": "Portal", "OptionsAllowAdminApprovedUsersOnly": admin_approved});
    let id = org.insert("ConnectedApplication", row);
    let row = json!({"ApplicationId": id, "Name": "Portal", "Label": "Portal", "Type": "ConnectedApplication"});
    let item = org.insert("AppMenuItem", row);
    let body = format!(
        "<contactEmail>portal@acme.internal</contactEmail><label>Portal</label><oauthConfig>\
         <callbackUrl>https://portal.acme.internal/cb</callbackUrl><isAdminApproved>{admin_approved}</isAdminApproved>\
         <scopes>Api</scopes><scopes>RefreshToken</scopes></oauthConfig>"
    );
    org.component("ConnectedApp", "Portal", &id, &body);
    for name in USERS {
        let user = org.id("User", "Username", &format!("{name}@acme.example.com"));
        let last = (name != "yara.frozen").then_some("2026-05-20T08:15:00.000+0000");
        org.insert(
            "OauthToken",
            json!({"AppName": "Portal", "AppMenuItemId": item, "UserId": user, "CreatedDate": "2026-05-01T08:15:00.000+0000",
                   "LastUsedDate": last, "UseCount": 3, "AccessToken": "00D000000000001!FAKE-TOKEN-OF-SOMEBODY",
                   "DeleteToken": "FAKE-TOKEN-DELETE"}),
        );
    }
    if admin_approved {
        org.grant_app("Contractors", &id, "ConnectedApplication");
    }
    org
}

/// Runs `preview` on an org.
fn preview(folder: &Project, org: &Running, args: &[&str]) -> Run {
    run_on(folder, org, &[&["preview", "--org-from-env"], args].concat())
}

/// The users of the only app by what becomes of them.
fn fates(document: &Value) -> BTreeMap<String, Vec<String>> {
    let mut fates: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for user in document["apps"][0]["users"].as_array().unwrap() {
        let name = user["user"].as_str().unwrap().trim_end_matches("@acme.example.com").to_owned();
        fates.entry(user["outcome"].as_str().unwrap().to_owned()).or_default().push(name);
    }
    fates
}

fn user<'a>(document: &'a Value, name: &str) -> &'a Value {
    let users = document["apps"][0]["users"].as_array().unwrap();
    users.iter().find(|user| user["user"] == format!("{name}@acme.example.com")).unwrap()
}

#[test]
fn a_token_and_an_assignment_decide_who_keeps_the_app() {
    let org = portal().start();
    let folder = Project::new();
    let everybody = ["amira", "boris.builder", "dario", "felix", "tilda", "ugo", "vera", "yara.frozen"];
    let but = |names: &[&str]| everybody.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>();
    // The assignment, who keeps the app by it, and of whom it cannot be told.
    let table: [(&[&str], &[&str], &[&str]); 9] = [
        (&[], &[], &[]),
        // Ugo's assignment has ended, Tilda's has not yet.
        (&["--add-permission-set", "Contractors"], &["tilda", "vera"], &[]),
        // By label, whatever the letter case.
        (&["--add-permission-set", "everyone"], &["amira", "boris.builder", "dario", "felix", "tilda", "ugo", "vera"], &[]),
        // No app is assigned to it, so that who holds it is asked because it is named.
        (&["--add-permission-set", "Any_Api_Client"], &["dario"], &[]),
        // A session has to activate it.
        (&["--add-permission-set", "Payout_Session"], &[], &["vera"]),
        // Through a group with a muting permission set.
        (&["--add-permission-set", "Field_Reports"], &[], &["felix"]),
        (&["--add-profile", "Finance Clerk"], &["tilda", "ugo", "vera"], &[]),
        // In another language.
        (&["--add-profile", "Systemadministrator"], &["boris.builder"], &[]),
        (&["--add-profile", "Finance Clerk", "--add-permission-set", "Payout_Session"], &["tilda", "ugo", "vera"], &[]),
    ];
    for (added, keeps, open) in table {
        let heard = preview(&folder, &org, &[&["--app", "Portal", "--format", "json"], &ADMIN_APPROVED[..], added].concat());
        let document = heard.json();
        let fates = fates(&document);
        let of = |outcome: &str| fates.get(outcome).cloned().unwrap_or_default();
        assert_eq!(of("keeps"), keeps, "{added:?}");
        assert_eq!(of("cannot-tell"), open, "{added:?}");
        assert_eq!(of("loses"), but(&[keeps, open].concat()), "{added:?}");
        assert_eq!(of("outside"), ["legacy.feed"], "{added:?}: who has left has nothing to lose");
        assert_eq!(heard.code, 1, "{added:?}");
    }
}

#[test]
fn who_keeps_the_app_is_told_through_what() {
    let org = portal().start();
    let added = ["--add-permission-set", "Contractors", "--add-profile", "Finance Clerk"];
    let args = [&["--app", "Portal", "--format", "json"], &ADMIN_APPROVED[..], &added[..]].concat();
    let document = preview(&Project::new(), &org, &args).json();
    assert_eq!(document["schema"], "orgwarden/preview-v1");
    assert_eq!(user(&document, "vera")["through"], json!(["the profile Finance Clerk", "the permission set Contractors"]));
    assert_eq!(user(&document, "ugo")["through"], json!(["the profile Finance Clerk"]));
    let amira = user(&document, "amira");
    assert_eq!(amira["reason"], "not assigned");
    assert_eq!((&amira["tokens"], &amira["last_used"]), (&json!(1), &json!("2026-05-20T08:15:00.000+0000")));
    assert_eq!(user(&document, "yara.frozen")["frozen"], true);
    let app = &document["apps"][0];
    assert_eq!(app["assigned"], json!(["the profile Finance Clerk", "the permission set Contractors"]));
    assert_eq!(
        (&app["today"], &app["more_users"], &app["assigned_without_use"]),
        (&json!("self-authorize"), &Value::Null, &json!(0))
    );
    let schema = Project::new().run(&["schema", "preview"]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&document), "{:?}", validator.iter_errors(&document).map(|it| it.to_string()).collect::<Vec<_>>());
}

#[test]
fn the_assigned_who_do_not_use_it_are_counted() {
    let org = portal().start();
    let args = [&["--app", "Portal", "--format", "json", "--add-permission-set", "Everyone_Base"], &ADMIN_APPROVED[..]].concat();
    // 18 sales people, 3 clerks and 2 administrators have it; 7 of them use the app.
    assert_eq!(preview(&Project::new(), &org, &args).json()["apps"][0]["assigned_without_use"], 16);
}

#[test]
fn in_a_terminal_of_80_columns() {
    let org = portal().start();
    let folder = Project::new().file(
        "orgwarden.yaml",
        "contracts: [{app: Portal, flows: [web-server], users: [vera@acme.example.com, amira@acme.example.com]}]",
    );
    let mut command =
        folder.command(&["preview", "--org-from-env", "--usage", "--app", "Portal", "--add-permission-set", "Contractors"]);
    command.args(ADMIN_APPROVED).envs(org.environment()).env("HOME", folder.path("")).env("COLUMNS", "80");
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.code, 1);
    let host = org.url().trim_start_matches("http://").to_owned();
    assert_snapshot!(run.out.replace(&host, "acme"));
}

#[test]
fn csv_has_a_line_for_each_user_and_request() {
    let org = portal().start();
    let folder =
        Project::new().file("orgwarden.yaml", "contracts: [{app: Portal, flows: [web-server], users: [amira@acme.example.com]}]");
    let args = [&["--app", "Portal", "--format", "csv", "--add-permission-set", "Contractors"], &ADMIN_APPROVED[..]].concat();
    let out = preview(&folder, &org, &args).out;
    assert_eq!(out.lines().count(), 1 + USERS.len() + 1, "{out}");
    let vera = out.lines().find(|line| line.contains("vera")).unwrap();
    let told = ",connected-app,Portal,user,vera@acme.example.com,,self-authorize,keeps,1,2026-05-20T08:15:00.000+0000,the permission set Contractors,";
    assert!(vera.ends_with(told), "{vera}");
    let contract = out.lines().last().unwrap();
    assert!(contract.contains(",contract,amira@acme.example.com,web-server,would-issue,would-refuse,,,,"), "{contract}");
}

// What cannot be told

#[test]
fn what_the_org_does_not_tell_is_no_loss() {
    type Change = fn(&mut FakeOrg);
    let table: [(&str, Change, &str); 3] = [
        ("tokens of others", |org| org.take_permission("CustomizeApplication"), "more_users"),
        ("assignments", |org| org.refuse("PermissionSetAssignment", 403, "INSUFFICIENT_ACCESS", "no access"), "cannot-tell"),
        ("grants", |org| org.refuse("SetupEntityAccess", 403, "INSUFFICIENT_ACCESS", "no access"), "cannot-tell"),
    ];
    for (name, change, wanted) in table {
        let mut org = portal();
        change(&mut org);
        let args = [&["--app", "Portal", "--format", "json", "--add-permission-set", "Contractors"], &ADMIN_APPROVED[..]].concat();
        let heard = preview(&Project::new(), &org.start(), &args);
        let document = heard.json();
        assert_eq!(heard.code, 3, "{name}: {}", heard.err);
        assert!(!fates(&document).contains_key("loses"), "{name}");
        let told = match wanted {
            "more_users" => document["apps"][0]["more_users"].is_string(),
            outcome => fates(&document).contains_key(outcome),
        };
        assert!(told, "{name}: {document:#}");
    }
}

#[test]
fn log_ins_tell_of_users_who_hold_no_token() {
    let mut org = portal();
    for name in USERS.into_iter().chain(["nils", "olga"]) {
        let user = org.id("User", "Username", &format!("{name}@acme.example.com"));
        org.insert(
            "LoginHistory",
            json!({"UserId": user, "LoginTime": "2026-05-31T08:15:00.000+0000", "LoginType": "Remote Access 2.0",
                   "Application": "Portal", "Status": "Success", "SourceIp": "203.0.113.7", "LoginUrl": "acme.example.com"}),
        );
    }
    let org = org.start();
    let args = [&["--app", "Portal", "--format", "json", "--add-permission-set", "Everyone_Base"], &ADMIN_APPROVED[..]].concat();
    let app = |more: &[&str]| preview(&Project::new(), &org, &[&args, more].concat()).json()["apps"][0].clone();
    assert_eq!((&app(&[])["log_ins"], &app(&[])["more_users"]), (&Value::Null, &Value::Null), "nobody asked for them");
    let app = app(&["--usage"]);
    assert_eq!((&app["log_ins"]["count"], &app["log_ins"]["users"]), (&json!(11), &json!(11)));
    let more = app["more_users"].as_str().unwrap();
    assert!(more.starts_with("11 users logged in with the app in the last 90 days and 9 are known to use it"), "{more}");
}

#[test]
fn a_snapshot_knows_who_holds_what_grants_an_app_and_no_more() {
    let org = portal().start();
    let folder = Project::new();
    assert_eq!(run_on(&folder, &org, &["snapshot", "--org-from-env", "-O", "a.gz"]).code, 0);
    let of_snapshot = |added: &str| {
        let args = ["preview", "--snapshot", "a.gz", "--app", "Portal", "--format", "json", "--add-permission-set", added];
        folder.run(&[&args[..], &ADMIN_APPROVED[..]].concat())
    };
    let known = of_snapshot("Contractors");
    let live = [&["--app", "Portal", "--format", "json", "--add-permission-set", "Contractors"], &ADMIN_APPROVED[..]].concat();
    assert_eq!((known.code, known.json()), (1, preview(&folder, &org, &live).json()));
    let unknown = of_snapshot("Any_Api_Client");
    assert_eq!(unknown.code, 3);
    assert_eq!(fates(&unknown.json()).keys().collect::<Vec<_>>(), ["cannot-tell", "outside"]);
    let reason = user(&unknown.json(), "dario")["reason"].as_str().unwrap().to_owned();
    assert!(reason.ends_with("who holds the permission set Any_Api_Client was not read"), "{reason}");
}

// The other way round, and all apps

#[test]
fn nobody_loses_an_app_that_everybody_may_authorize() {
    let org = portal_of(true).start();
    let heard = preview(&Project::new(), &org, &[&["--app", "Portal", "--format", "json"], &SELF_AUTHORIZE[..]].concat());
    let document = heard.json();
    let fates = fates(&document);
    assert_eq!(fates["keeps"], ["tilda", "vera"]);
    assert_eq!(fates["gains"], ["amira", "boris.builder", "dario", "felix", "ugo", "yara.frozen"]);
    assert_eq!((heard.code, &document["apps"][0]["anybody_of"]), (0, &json!(27)));
}

#[test]
fn api_access_control_keeps_out_apps_that_are_not_approved() {
    let mut org = portal_of(true);
    org.settings("ConnectedApp", "<enableAdminApprovedAppsOnly>true</enableAdminApprovedAppsOnly>");
    let heard = preview(&Project::new(), &org.start(), &[&["--app", "Portal", "--format", "json"], &SELF_AUTHORIZE[..]].concat());
    let fates = fates(&heard.json());
    assert_eq!(fates["loses"], ["tilda", "vera"]);
    assert_eq!(fates["gains"], ["dario"], "who has Use Any API Client");
    assert_eq!(heard.code, 1);
}

#[test]
fn an_app_that_is_admin_approved_already_is_compared_with_itself() {
    let org = portal_of(true).start();
    let args = [&["--app", "Portal", "--format", "json", "--add-profile", "Finance Clerk"], &ADMIN_APPROVED[..]].concat();
    let heard = preview(&Project::new(), &org, &args);
    let fates = fates(&heard.json());
    assert_eq!((&fates["keeps"], &fates["gains"]), (&vec!["tilda".to_owned(), "vera".to_owned()], &vec!["ugo".to_owned()]));
    assert!(!fates.contains_key("loses"));
    assert_eq!(heard.code, 0);
}

#[test]
fn all_are_the_apps_that_have_another_value_today() {
    let org = portal().start();
    let names = |args: &[&str]| {
        let document = preview(&Project::new(), &org, &[&["--all", "--format", "json"], args].concat()).json();
        let apps = document["apps"].as_array().unwrap().clone();
        apps.iter().map(|app| app["subject"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let open = names(&ADMIN_APPROVED);
    assert!(open.contains(&"Survey_Tool".to_owned()) && open.contains(&"Portal".to_owned()), "{open:?}");
    assert!(!open.contains(&"ERP_Sync".to_owned()));
    let approved = names(&SELF_AUTHORIZE);
    assert!(approved.contains(&"ERP_Sync".to_owned()) && !approved.contains(&"Survey_Tool".to_owned()), "{approved:?}");
}

// Contracts

#[test]
fn users_of_the_contract_are_tried_before_and_after() {
    let org = portal().start();
    let folder = Project::new().file(
        "orgwarden.yaml",
        "contracts: [{app: Portal, flows: [web-server, client-credentials], users: [nils@acme.example.com, vera@acme.example.com]}]",
    );
    let args = [&["--app", "Portal", "--format", "json", "--add-permission-set", "Contractors"], &ADMIN_APPROVED[..]].concat();
    let document = preview(&folder, &org, &args).json();
    let told: Vec<(&str, &str, &str, &str, bool)> = document["apps"][0]["contract_users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            (text("user"), text("flow"), text("today"), text("after"), it["breaks"].as_bool().unwrap())
        })
        .collect();
    let (nils, vera) = ("nils@acme.example.com", "vera@acme.example.com");
    assert_eq!(
        told,
        [
            (nils, "web-server", "would-issue", "would-refuse", true),
            // It is off before as after.
            (nils, "client-credentials", "would-refuse", "would-refuse", false),
            (vera, "web-server", "would-issue", "would-issue", false),
            (vera, "client-credentials", "would-refuse", "would-refuse", false),
        ]
    );
}

#[test]
fn files_tell_of_assignments_and_of_what_the_contract_wants() {
    let project = |elements: &str| {
        Project::new()
            .file("orgwarden.yaml", "contracts: [{app: Portal, flows: [web-server], users: [erp@acme.example.com]}]")
            .file("Portal.connectedApp", connected_app(&format!("{}{elements}", oauth("<scopes>Api</scopes>"))))
    };
    let ask = |project: &Project, added: &[&str]| {
        project.run(&[&["preview", "--app", "Portal", "--format", "json"], &ADMIN_APPROVED[..], added].concat())
    };
    let (bare, added) = (ask(&project(""), &[]), ask(&project(""), &["--add-permission-set", "ERP"]));
    // Nobody is assigned: the request fails for whoever it is.
    assert_eq!((bare.code, &bare.json()["apps"][0]["contract_users"][0]["breaks"]), (1, &json!(true)));
    let app = &added.json()["apps"][0];
    assert_eq!((added.code, &app["contract_users"][0]["after"]), (3, &json!("would-issue")));
    assert_eq!(app["assigned"], json!(["the permission set ERP"]));
    assert_eq!((&app["users"], &app["more_users"]), (&json!([]), &json!("files do not tell of users and tokens")));
}

// Mistakes

#[test]
fn mistakes_are_told_before_anything_is_shown() {
    let org = portal().start();
    let folder = Project::new();
    let table: [(&[&str], &str); 6] = [
        (&["--app", "Portal", "--add-permission-set", "Contracters"], "did you mean `Contractors`?"),
        (&["--app", "Portal", "--add-profile", "Finance Clark"], "did you mean `Finance Clerk`?"),
        (&["--app", "Portl"], "did you mean `Portal`?"),
        (&[], "--app <APP>"),
        (&["--all", "--app", "Portal"], "cannot be used with"),
        (&["--all", "--add-profile", "Finance Clerk"], "cannot be used with"),
    ];
    for (args, said) in table {
        let heard = preview(&folder, &org, &[&ADMIN_APPROVED[..], args].concat());
        assert_eq!((heard.code, heard.out.as_str()), (2, ""), "{args:?}");
        assert!(heard.err.contains(said), "{args:?}: {}", heard.err);
    }
    let needless = preview(&folder, &org, &[&SELF_AUTHORIZE[..], &["--app", "Portal", "--add-profile", "X"]].concat());
    assert_eq!(needless.code, 2);
    assert!(needless.err.contains("nobody needs an assignment"), "{}", needless.err);
}

#[test]
fn a_plan_names_what_is_asked_for_the_permission_sets() {
    let org = portal().start();
    let args = [&["--app", "Portal", "--add-permission-set", "X", "--plan"], &ADMIN_APPROVED[..]].concat();
    let heard = preview(&Project::new(), &org, &args);
    let words: Vec<&str> = heard.out.split_whitespace().collect();
    assert!(words.join(" ").contains("permission set named"), "{}", heard.out);
}

#[test]
fn a_user_who_is_named_to_run_as_counts_where_the_switch_is_not_told() {
    let mut org = acme();
    // The org gives the policies of the app, which name the user, and not its global settings.
    let user = org.id("User", "Username", "legacy.feed@acme.example.com");
    org.objects.table("User").update(("Id", &user), "IsActive", &json!(true));
    let org = org.start();
    let args = [&["--app", "Analytics_Feed", "--format", "json"], &ADMIN_APPROVED[..]].concat();
    let heard = preview(&Project::new(), &org, &args);
    assert_eq!(heard.code, 1);
    assert_eq!(fates(&heard.json())["loses"], ["legacy.feed"]);
}

#[test]
fn nobody_can_be_told_of_an_app_whose_run_as_user_is_not_read() {
    let org = acme().start();
    // Its body is not delivered, and tokens tell of one user.
    let args = [&["--app", "ns__Vendor", "--format", "json"], &ADMIN_APPROVED[..]].concat();
    let heard = preview(&Project::new(), &org, &args);
    assert_eq!(heard.code, 3);
    let more = heard.json()["apps"][0]["more_users"].as_str().unwrap().to_owned();
    assert!(more.starts_with("whether client credentials of the app run as a user is not known: "), "{more}");
}

#[test]
fn an_app_that_may_be_blocked_is_said_to_be() {
    let (folder, running) = (Project::new(), acme().start());
    let of = |app: &str| preview(&folder, &running, &[&["--app", app], &SELF_AUTHORIZE[..]].concat());
    // Of an app from a package the policies are not read.
    let vendor = of("ns__Vendor");
    assert_eq!(vendor.code, 3, "{}{}", vendor.out, vendor.err);
    assert!(vendor.out.contains("Cannot tell whether the app is blocked or switched off: "), "{}", vendor.out);
    assert!(!of("Team_Calendar").out.contains("is blocked or switched off"));
}
