//! A source held against its org: what differs both ways, and what of it did not arrive.

use serde_json::{Value, json};

use super::Acme;
use super::fake_org::FakeOrg;
use super::fake_org::seed::acme;
use super::support::{Project, Run, column, component, connected_app, oauth, part};

const ORG: &str = "--org-from-env";

/// What files end in that hold a kind of component.
fn suffix(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ConnectedApp" => "connectedApp",
        "ExternalClientApplication" => "eca",
        "ExtlClntAppOauthSettings" => "ecaOauth",
        "ExtlClntAppOauthConfigurablePolicies" => "ecaOauthPlcy",
        "ExtlClntAppConfigurablePolicies" => "ecaPlcy",
        "OauthCustomScope" => "oauthcustomscope",
        kind if kind.ends_with("Settings") && !kind.starts_with("ExtlClnt") => "settings",
        _ => return None,
    })
}

/// A project with the org's own metadata in `src`, as a retrieve would bring it, and the org.
fn retrieved(org: FakeOrg) -> Acme {
    let mut project = Project::new();
    for it in org.components.iter().filter(|it| it.readable) {
        let Some(suffix) = suffix(&it.kind) else { continue };
        let folder = if suffix == "settings" { "settings/".to_owned() } else { String::new() };
        project = project.file(&format!("src/{folder}{}.{suffix}", it.full_name), component(&it.kind, &it.body));
    }
    Acme { folder: project, ..Acme::of(org) }
}

fn edit(acme: &Acme, file: &str, changes: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(acme.folder.path(file)).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in {file}: {text}");
        text = text.replace(from, to);
    }
    acme.folder.write(file, text);
}

/// The document, which is as its schema says.
fn json_of(acme: &Acme, args: &[&str]) -> (i32, Value) {
    let run = acme.run(&[args, &["--format", "json"]].concat());
    let document = run.json();
    let schema = if args[0] == "diff" { orgwarden::report::diff::schema() } else { orgwarden::report::verify::schema() };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    (run.code, document)
}

/// What is told of an app: its facts, what files leave out, and assignments.
fn told(document: &Value, app: &str) -> Vec<String> {
    let all = document["apps"]["changed"].as_array().unwrap();
    let it = all.iter().find(|it| it["subject"]["name"] == app).unwrap_or_else(|| panic!("{app}: {document:#}"));
    let facts = |list: &'static str| {
        let fact = move |fact: &Value| format!("{list} {}: {} {}", fact["path"], fact["before"]["value"], fact["after"]["value"]);
        it[list].as_array().unwrap().iter().map(fact).collect::<Vec<_>>()
    };
    let assigned = |list: &'static str| {
        column(&it["access"][list], "name").into_iter().map(|name| format!("{list} {name}")).collect::<Vec<_>>()
    };
    let all = [facts("facts"), facts("left_out"), assigned("gained"), assigned("lost")].concat();
    all.into_iter().map(|line| line.replace('"', "")).collect()
}

#[test]
fn an_org_does_not_differ_from_its_own_source() {
    let acme = retrieved(acme());
    for sides in [&["src", ORG][..], &["src", "org:env:"], &["org:env:", "src"]] {
        let (code, document) = json_of(&acme, &[&["diff"], sides, &["--fail-on", "info"]].concat());
        let findings = &document["findings"];
        for list in ["new", "fixed", "worse", "better", "cannot_tell", "became_unknown"] {
            assert_eq!(findings[list], json!([]), "{sides:?} {list}");
        }
        let apps = &document["apps"];
        let differing = ["added", "removed", "renamed", "cannot_tell", "changed"].map(|list| apps[list].as_array().unwrap().len());
        assert_eq!((code, differing), (0, [0; 5]), "{sides:?} {apps:#}");
        assert_eq!(
            apps["beyond_source"].as_array().unwrap().iter().map(|it| it["subject"]["name"].clone()).collect::<Vec<_>>(),
            ["ns__Vendor", "mailbox__Connector"]
        );
        assert!(findings["one_sided"].as_u64().unwrap() > 20);
    }
    let installed = acme.run(&["diff", "src", ORG, "--installed"]).out;
    assert!(installed.contains("mailbox__Connector") && installed.contains("it is installed from a package"), "{installed}");

    // The global settings, which belong in no repository, have the other half of a switch.
    let (code, document) = json_of(&acme, &["verify", "src", ORG]);
    assert_eq!((code, &document["not_arrived"], &document["cannot_tell"]), (0, &json!([]), &json!([])), "{document:#}");
    assert!(document["arrived"].as_u64().unwrap() > 150);
}

#[test]
fn each_switch_of_a_fact_is_held_by_itself() {
    let acme = retrieved(acme());
    let files = [
        (
            "a.ecaOauthPlcy",
            "ExtlClntAppOauthConfigurablePolicies",
            "\n<isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled>",
        ),
        // The org does not give its global settings. Off by default here, so that the fact is, whatever the policy says.
        ("b.ecaGlblOauth", "ExtlClntAppGlobalOauthSettings", "\n<isTokenExchangeEnabled>true</isTokenExchangeEnabled>"),
        (
            "c.ecaPlcy",
            "ExtlClntAppConfigurablePolicies",
            "<isEnabled>true</isEnabled>\n<isOauthPluginEnabled>false</isOauthPluginEnabled>",
        ),
    ];
    for (file, kind, body) in files {
        acme.folder.write(&format!("one/{file}"), part(kind, "Order_Hub", body));
    }
    let (code, document) = json_of(&acme, &["verify", "one", ORG]);
    let told = |list: &str| {
        let line = |it: &Value| {
            let declared = format!("{} {} at {}:{}", it["element"], it["declared"], it["place"]["path"], it["place"]["line"]);
            declared.replace('"', "")
        };
        document[list].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    let lost = [
        "ExtlClntAppConfigurablePolicies/isOauthPluginEnabled false at one/c.ecaPlcy:3",
        "ExtlClntAppOauthConfigurablePolicies/isClientCredentialsFlowEnabled false at one/a.ecaOauthPlcy:3",
    ];
    assert_eq!((code, told("not_arrived")), (1, lost.map(str::to_owned).to_vec()), "{document:#}");
    assert_eq!(told("cannot_tell"), ["ExtlClntAppGlobalOauthSettings/isTokenExchangeEnabled true at one/b.ecaGlblOauth:3"]);

    // A policy whose other half is in no file.
    std::fs::remove_file(acme.folder.path("one/b.ecaGlblOauth")).unwrap();
    for (app, here) in [("Analytics_Feed", false), ("Chat_Assistant", true)] {
        let policy = files[0].2.replace("false", &here.to_string());
        acme.folder.write("one/a.ecaOauthPlcy", part(files[0].1, app, &policy));
        let (_, document) = json_of(&acme, &["diff", "one", ORG, "--fail-on", "never"]);
        let wanted = format!("facts ExtlClntAppOauthConfigurablePolicies/isClientCredentialsFlowEnabled: {here} {}", !here);
        assert!(self::told(&document, app).contains(&wanted), "{:?}", self::told(&document, app));
    }
}

#[test]
fn a_part_that_the_org_does_not_have_did_not_arrive() {
    let mut org = acme();
    let acme_source = retrieved(acme());
    org.components.retain(|it| it.full_name != "Order_Hub_defaultPolicy" || it.kind != "ExtlClntAppOauthConfigurablePolicies");
    let acme = Acme { folder: acme_source.folder, ..Acme::of(org) };
    let (code, document) = json_of(&acme, &["verify", "src", ORG]);
    let wanted = "Order_Hub part: ExtlClntAppOauthConfigurablePolicies / null".to_owned();
    assert_eq!((code, not_arrived(&document), &document["cannot_tell"]), (1, vec![wanted], &json!([])), "{document:#}");
    // Deleted parts: the one is gone, of the other nobody tells.
    acme.folder.write("gone/package.xml", component("Package", "<version>66.0</version>"));
    let types = |kind: &str, name: &str| format!("<types><members>{name}</members><name>{kind}</name></types>");
    let all = [
        types("ExtlClntAppOauthConfigurablePolicies", "Order_Hub_defaultPolicy"),
        types("ExtlClntAppOauthSettings", "Order_Hub_oauth"),
        types("ExtlClntAppMobileSettings", "Order_Hub_mobile"),
    ];
    acme.folder.write("gone/destructiveChanges.xml", component("Package", &all.concat()));
    let (_, document) = json_of(&acme, &["verify", "gone", ORG]);
    assert_eq!(document["arrived"], 1);
    assert_eq!(column(&document["not_arrived"], "declared"), ["ExtlClntAppOauthSettings"]);
    assert_eq!(column(&document["cannot_tell"], "declared"), ["ExtlClntAppMobileSettings"]);
}

#[test]
fn what_differs_is_told_both_ways_with_who_may_have_changed_it() {
    let acme = retrieved(acme());
    let erp = "src/ERP_Sync.connectedApp";
    edit(
        &acme,
        erp,
        &[
            // One stands for the other in what a retrieve brings.
            ("<scopes>Api</scopes>", "<scopes>Api</scopes><scopes>OfflineAccess</scopes><scopes>Web</scopes>"),
            ("<isPkceRequired>true", "<isPkceRequired>false"),
            ("<isRefreshTokenRotationEnabled>true</isRefreshTokenRotationEnabled>", ""),
            // A label, and one that the org does not have.
            (
                "<permissionSetName>ERP_Integration",
                "<permissionSetName>Gone_Set</permissionSetName><permissionSetName>ERP_Integration",
            ),
        ],
    );
    std::fs::remove_file(acme.folder.path("src/Field_Reports.connectedApp")).unwrap();
    acme.folder.write("src/New_App.connectedApp", connected_app(&oauth("<isAdminApproved>true</isAdminApproved>")));
    edit(&acme, "src/settings/Security.settings", &[("EightHours", "TwoHours")]);

    let (code, document) = json_of(&acme, &["diff", "src", ORG, "--fail-on", "never"]);
    assert_eq!((code, &document["source"]), (0, &json!("before")), "{document:#}");
    assert_eq!(
        told(&document, "ERP_Sync"),
        [
            "facts app.oauth.scopes: [api,refresh_token,web] [api,refresh_token]",
            "facts app.tokens.pkce_required: false true",
            "left_out app.tokens.rotation: false true",
            "lost Gone_Set",
        ]
    );
    let apps = &document["apps"];
    assert_eq!((&apps["removed"][0]["name"], &apps["added"][0]["subject"]["name"]), (&json!("New_App"), &json!("Field_Reports")));
    let trail = &document["setup_audit_trail"];
    assert_eq!(trail["unread"], json!([]));
    let lines = &trail["may_be_about"][0];
    assert_eq!(lines["subject"]["name"], "ERP_Sync");
    assert_eq!(
        column(&lines["lines"], "display"),
        ["Changed connected app ERP Sync", "Updated the policies of ERP_Sync"],
        "neither another word that begins so, nor what is older than the trail goes back"
    );
    assert_eq!((&lines["lines"][0]["by"], &lines["lines"][1]["by"]), (&json!("boris.builder@acme.example.com"), &Value::Null));

    // The way back is the same with the sides changed.
    let (_, back) = json_of(&acme, &["diff", "org:env:", "src", "--fail-on", "never"]);
    assert_eq!(back["source"], "after");
    assert!(told(&back, "ERP_Sync").contains(&"gained Gone_Set".to_owned()), "{:?}", told(&back, "ERP_Sync"));
    assert_eq!(back["apps"]["added"][0]["subject"]["name"], "New_App");
    let table = acme.run(&["diff", "src", ORG]).out;
    for said in [
        "app.tokens.pkce_required: false in the source, true in the org",
        "app.oauth.scopes: web in the source alone",
        "Set in the org, and left out of the source: app.tokens.rotation true",
        "Assigned in the source, not in the org: permission set Gone_Set.",
        "in the org, not in the source",
        "2026-05-29 14:02 UTC, boris.builder@acme.example.com: Changed connected app ERP Sync",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
}

#[test]
fn a_trail_that_cannot_be_read_is_a_gap() {
    let mut org = acme();
    org.refuse("SetupAuditTrail", 400, "INVALID_TYPE", "sObject type 'SetupAuditTrail' is not supported");
    let acme = retrieved(org);
    let (code, document) = json_of(&acme, &["diff", "src", ORG]);
    assert_eq!(code, 3);
    let unread = document["setup_audit_trail"]["unread"].to_string();
    assert!(unread.contains("SetupAuditTrail could not be read") && unread.contains("View Setup and Configuration"), "{unread}");
    assert_eq!(document["after"]["gaps"], 0, "no app hides there");
    assert_eq!(acme.run(&["diff", "src", ORG, "--allow-unknown"]).code, 0);
}

/// What did not arrive: `subject what fact-or-name: declared / org`.
fn not_arrived(document: &Value) -> Vec<String> {
    let line = |it: &Value| {
        let (subject, what) = (&it["subject"]["name"], &it["what"]);
        format!("{subject} {what} {}: {} / {}", it["fact"], it["declared"], it["org_has"]).replace('"', "").replace(" null:", ":")
    };
    document["not_arrived"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn what_did_not_arrive_is_told_with_its_place() {
    let acme = retrieved(acme());
    let taken = acme.run(&["snapshot", ORG, "-O", "a.gz"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let verify = |args: &[&str]| json_of(&acme, &[&["verify"], args, &["--snapshot", "a.gz"]].concat());

    let erp = connected_app(
        "\n<oauthConfig>\n<callbackUrl>https://erp-sync.acme.internal/oauth/callback</callbackUrl>\n<consumerKey>another.key.of.the.app</consumerKey>\n\
         <consumerSecret>FAKE-NEVER-COMPARED</consumerSecret>\n<isAdminApproved>true</isAdminApproved>\n<scopes>Api</scopes>\n\
         </oauthConfig>\n<permissionSetName>ERP_Integration</permissionSetName>\n<permissionSetName>Gone_Set</permissionSetName>\n<profileName/>\n",
    );
    acme.folder.write(
        "one/ERP_Sync.connectedApp",
        erp.replace("<label>Portal", "<label>ERP Sync").replace("owner@example.com", "sales-tools@acme.internal"),
    );
    let (code, document) = verify(&["one"]);
    assert_eq!(code, 1);
    assert_eq!(
        not_arrived(&document),
        [
            "ERP_Sync fact app.oauth.scopes: [api] / [api,refresh_token]",
            "ERP_Sync consumer-key: another.… / FakeKeyE…",
            "ERP_Sync assignment: Gone_Set / [ERP_Integration]",
        ],
        "{document:#}"
    );
    assert_eq!(document["not_arrived"][2]["place"], json!({"path": "one/ERP_Sync.connectedApp", "line": 11, "column": 20}));
    assert!(document["not_arrived"][1]["known"].as_str().unwrap().contains("only when the app is created"));
    assert_eq!(document["setup_audit_trail"], Value::Null, "a snapshot is not asked anything");

    // An app that is not there, and assignments that were never valid.
    acme.folder.write("two/Nowhere.connectedApp", connected_app(&oauth("")));
    acme.folder.write(
        "two/Survey_Tool.connectedApp",
        connected_app("<permissionSetName>Sales</permissionSetName>")
            .replace("<label>Portal", "<label>Survey Tool")
            .replace("owner@example.com", "sales-tools@acme.internal"),
    );
    let (_, document) = verify(&["two"]);
    assert_eq!(not_arrived(&document), ["Nowhere app: null / null", "Survey_Tool assignment: Sales / []"]);
    let known = column(&document["not_arrived"], "known");
    assert!(known[0].contains("Spring '26") && known[1].contains("only together with isAdminApproved"), "{known:?}");
    let table = acme.run(&["verify", "two", "--snapshot", "a.gz"]).out;
    assert!(table.contains("not there") && table.contains("2 did not arrive"), "{table}");
    let narrow = acme.folder.command(&["verify", "two", "--snapshot", "a.gz"]).env("COLUMNS", "80").output().unwrap();
    let narrow = String::from_utf8(narrow.stdout).unwrap();
    assert!(table.contains(" Place\n") && narrow.contains(" App, place ") && !narrow.contains(" Place\n"), "{table}{narrow}");
    let markdown = acme.run(&["verify", "two", "--snapshot", "a.gz", "--format", "markdown"]).out;
    assert!(markdown.contains("### Did not arrive (2)"), "{markdown}");

    // Parts of an External Client App alone, and deletions.
    let policies = "<startUrl>https://start.example.com</startUrl><commaSeparatedPermissionSet>Nobody_Set</commaSeparatedPermissionSet>\
                    <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>";
    acme.folder.write("three/x.ecaOauthPlcy", part("ExtlClntAppOauthConfigurablePolicies", "Order_Hub", policies));
    let (code, document) = verify(&["three"]);
    let lost = not_arrived(&document);
    assert!(lost[0].starts_with("Order_Hub fact app.urls: ") && lost[0].contains("https://start.example.com"), "{lost:?}");
    assert_eq!((code, &lost[1..]), (1, &["Order_Hub assignment: Nobody_Set / [ERP_Integration]".to_owned()][..]));
    assert_eq!(document["cannot_tell"], json!([]));
    acme.folder.write("four/package.xml", component("Package", "<version>66.0</version>"));
    let types = |members: &str| component("Package", &format!("<types>{members}<name>ConnectedApp</name></types>"));
    acme.folder.write("four/destructiveChanges.xml", types("<members>ERP_Sync</members><members>Long_Gone</members>"));
    let (code, document) = verify(&["four"]);
    assert_eq!((code, not_arrived(&document)), (1, vec!["ERP_Sync deletion: ConnectedApp / ConnectedApp/ERP_Sync".to_owned()]));
    assert_eq!(document["arrived"], 1);
}

#[test]
fn what_the_org_does_not_tell_cannot_be_told() {
    let mut org = acme();
    org.refuse("SetupEntityAccess", 400, "INVALID_TYPE", "sObject type 'SetupEntityAccess' is not supported");
    org.refuse("ConnectedApplication", 400, "INVALID_TYPE", "sObject type 'ConnectedApplication' is not supported");
    let acme = Acme::of(org);
    acme.folder.write(
        "src/ERP_Sync.connectedApp",
        connected_app("<permissionSetName>Gone_Set</permissionSetName>")
            .replace("<label>Portal", "<label>ERP Sync")
            .replace("owner@example.com", "sales-tools@acme.internal"),
    );
    acme.folder.write("src/Nowhere.connectedApp", connected_app(""));
    acme.folder.write("src/ns__Vendor.connectedApp", connected_app(""));
    let (code, document) = json_of(&acme, &["verify", "src", ORG]);
    assert_eq!((code, &document["not_arrived"]), (3, &json!([])), "{document:#}");
    let open: Vec<String> = document["cannot_tell"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {} {}", it["subject"]["name"], it["what"], it["fact"]).replace('"', ""))
        .collect();
    for wanted in ["ERP_Sync assignment null", "Nowhere app null", "ns__Vendor fact app.contact_email"] {
        assert!(open.iter().any(|it| it == wanted), "{wanted}: {open:#?}");
    }
}

#[test]
fn an_org_that_cannot_be_asked_tells_of_nothing() {
    let mut org = acme();
    org.end_sessions();
    let acme = retrieved(org);
    let (code, document) = json_of(&acme, &["verify", "src", ORG]);
    assert_eq!((code, &document["not_arrived"], &document["arrived"]), (3, &json!([]), &json!(0)));
    let (code, document) = json_of(&acme, &["diff", "src", ORG]);
    assert_eq!((code, &document["apps"]["removed"], &document["findings"]["fixed"]), (3, &json!([]), &json!([])));
    assert_eq!(document["source"], "before");
    let unsure = document["apps"]["cannot_tell"].to_string();
    assert!(unsure.contains("something could not be read in the org"), "{unsure}");
    assert_eq!((&document["apps"]["changed"], &document["findings"]["cannot_tell"]), (&json!([]), &json!([])), "said of the apps");
    let (code, back) = json_of(&acme, &["diff", "org:env:", "src"]);
    assert_eq!(
        (code, &back["source"], &back["findings"]["new"]),
        (3, &json!("after"), &json!([])),
        "nothing is new beside nothing"
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    let acme = Acme::new();
    acme.folder.write("src/A.connectedApp", connected_app(""));
    let refused = |args: &[&str], said: &str| {
        let run: Run = acme.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {}", run.err);
        assert!(super::words(&run).contains(said), "{args:?}: {}", run.err);
    };
    refused(&["diff", "src"], "the second side is missing");
    refused(&["diff", "src", "src", ORG], "a second side and an org were named");
    refused(&["diff", "src", "-o", "a", "-o", "b"], "several orgs were named");
    refused(&["diff", "src", "src", "--verbose"], "--verbose is about live orgs");
    refused(&["diff", "nowhere", ORG], "and a live org org:nowhere");
    refused(&["verify", "src"], "no org is named to verify in");
    refused(&["verify", "src", ORG, "--snapshot", "a.gz"], "name one of the two");
    refused(&["verify", "nowhere", ORG], "nowhere");
}
