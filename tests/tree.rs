//! What is found in source trees and how it is read, as `inventory` and `facts` show it.
#![allow(clippy::format_collect, reason = "speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use orgwarden::collect::{ProfilesToRead, tree};
use serde_json::{Value, json};
use support::{Project, column, component, connected_app, oauth, part, sfdx_project, strings};

const POLICY: &str = "ExtlClntAppOauthConfigurablePolicies";
const APPS: &str = "force-app/main/default/connectedApps";

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An app in a project of this API version.
fn of_version(version: &str, app: &str) -> Project {
    Project::new()
        .file("sfdx-project.json", sfdx_project(&["force-app"], version))
        .file(&format!("{APPS}/Portal.connectedApp-meta.xml"), app)
}

/// A connected app and nothing else.
fn alone(app: &str) -> Project {
    Project::new().file("Portal.connectedApp", app)
}

fn paths(apps: &[Value]) -> Vec<&str> {
    apps.iter().map(|app| app["path"].as_str().unwrap()).collect()
}

// Where files lie and how they are named

#[test]
fn both_suffix_styles_are_read_in_any_folder_and_letter_case() {
    let project = Project::new()
        .file("a/Source.connectedApp-meta.xml", connected_app(""))
        .file("b/c/d/Package.connectedApp", connected_app(""))
        .file("e/Lower.connectedapp-META.XML", connected_app(""));
    let apps = project.apps();
    assert_eq!(column(&json!(apps), "name"), ["Source", "Package", "Lower"]);
}

#[test]
fn an_app_outside_of_every_package_directory_is_kept_and_marked() {
    let project = Project::new()
        .file("sfdx-project.json", sfdx_project(&["force-app", "./packages/core/", "packages\\sales"], "66.0"))
        .file("force-app/In.connectedApp-meta.xml", connected_app(""))
        .file("packages/core/In2.connectedApp-meta.xml", connected_app(""))
        .file("packages/sales/In3.connectedApp-meta.xml", connected_app(""))
        .file("force-app-old/Out.connectedApp-meta.xml", connected_app(""))
        .file("unpackaged/Out2.connectedApp-meta.xml", connected_app(""));
    let apps = project.apps();
    let marked: Vec<(&str, bool)> =
        apps.iter().map(|app| (app["name"].as_str().unwrap(), app["in_package_directory"].as_bool().unwrap())).collect();
    assert_eq!(marked, [("Out", false), ("In", true), ("In2", true), ("In3", true), ("Out2", false)]);
}

#[test]
fn the_package_xml_of_a_metadata_folder_states_the_version() {
    let package = component("Package", "<types><members>*</members><name>ConnectedApp</name></types><version>52.0</version>");
    let old = Project::new().file("pkg/package.xml", &package).file("pkg/connectedApps/A.connectedApp", connected_app(&oauth("")));
    let app = old.app();
    assert_eq!(app["pkce_required"], Value::Null);
    assert_eq!(
        app["unknown"]["pkce_required"],
        "`oauthConfig/isPkceRequired` exists from API version 59.0 on, and this metadata is of 52.0"
    );
}

#[test]
fn a_zip_is_a_folder() {
    let package = component("Package", "<version>66.0</version>");
    let app = connected_app("<permissionSetName>ERP</permissionSetName>");
    let set = component("PermissionSet", "<label>ERP</label>");
    let files = [
        ("pkg/package.xml", package.as_str()),
        ("pkg/connectedApps/A.connectedApp", &app),
        ("pkg/permissionsets/E.permissionset", &set),
    ];
    let project = Project::new().file("package.zip", zipped(&files)).file("named.otherwise", zipped(&files));
    let (inventory, run) = project.inventory(&["package.zip"]);
    assert_eq!(column(&inventory["apps"], "path"), ["package.zip/pkg/connectedApps/A.connectedApp"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(project.inventory(&["named.otherwise"]).0["apps"].as_array().unwrap().len(), 1);
}

#[test]
fn a_single_file_is_read_with_the_version_of_its_project() {
    let project = of_version("52.0", &connected_app(&oauth("")));
    let file = format!("{APPS}/Portal.connectedApp-meta.xml");
    let (inventory, _) = project.inventory(&[&file]);
    assert_eq!(column(&inventory["apps"], "path"), [file]);
    assert!(inventory["apps"][0]["unknown"]["pkce_required"].as_str().unwrap().contains("52.0"));
    let (part, _) = project.inventory(&["force-app/main"]);
    assert!(part["apps"][0]["unknown"]["pkce_required"].as_str().unwrap().contains("52.0"));
}

#[test]
fn several_paths_are_one_audit_and_no_file_counts_twice() {
    let project = Project::new().file("a/A.connectedApp", connected_app("")).file("b/B.connectedApp", connected_app(""));
    let names = |args: &[&str]| column(&project.inventory(args).0["apps"], "path").join(" ");
    assert_eq!(names(&["b", "a"]), "a/A.connectedApp b/B.connectedApp");
    assert_eq!(names(&["a", ".", "./a/", "a/A.connectedApp"]), "a/A.connectedApp b/B.connectedApp");
}

#[test]
fn a_path_that_does_not_exist_is_a_mistake_and_the_others_are_read() {
    let project = Project::new().file("a/A.connectedApp", connected_app(""));
    let (inventory, run) = project.inventory(&["a", "b"]);
    assert_eq!(column(&inventory["apps"], "name"), ["A"]);
    assert_eq!((run.code, run.err.trim()), (2, "error: b does not exist"));
    // A report on file must not look clean either.
    let report = Project::new().run(&["audit", "b", "--format", "json"]);
    assert_eq!((report.code, report.json()["gaps"][0]["what"].as_str()), (2, Some("b does not exist")));
    let audit = project.run(&["audit", "a", "b", "--format", "json"]);
    assert_eq!((audit.code, audit.json()["summary"]["apps"].as_u64()), (2, Some(1)));
}

#[test]
fn files_are_known_by_their_root_element_too() {
    let project = Project::new()
        .file("Plain.xml", connected_app(""))
        .file("Prefixed.xml", "<!-- <Profile/> --><m:ConnectedApp xmlns:m=\"http://soap.sforce.com/2006/04/metadata\"><m:label>P</m:label></m:ConnectedApp>")
        .file("pom.xml", "<project/>")
        .file("empty.xml", "")
        .file("Swapped.eca", connected_app(""))
        .file("Wrong.connectedApp", component("CustomApplication", ""));
    let (inventory, run) = project.inventory(&[]);
    assert_eq!(column(&inventory["apps"], "name"), ["Plain", "Prefixed", "Swapped"]);
    assert_eq!(inventory["apps"][1]["label"], "P");
    assert_eq!(
        run.diagnostics(),
        [
            "Swapped.eca:2:2: warning: holds `ConnectedApp`, although its name says `ExternalClientApplication` (it is read as what it holds)",
            "Wrong.connectedApp:2:2: error: holds `CustomApplication`, not `ConnectedApp` as its name says (give the file the suffix of what it holds)",
        ]
    );
    assert_eq!(run.code, 3);
}

#[test]
fn a_file_asked_for_by_name_that_is_no_metadata_is_said_to_be_none() {
    let project = Project::new().file("pom.xml", "<project/>").file("notes.txt", "hello");
    for file in ["pom.xml", "notes.txt"] {
        let (_, run) = project.inventory(&[file]);
        assert_eq!(run.code, 3);
        assert!(
            run.diagnostics()[0].starts_with(&format!("{file}:1:1: error: is not a metadata file this version knows")),
            "{}",
            run.err
        );
    }
}

#[test]
fn an_app_can_be_named_by_a_percent_encoded_file_name() {
    let app = Project::new().file("R%26D Portal.connectedApp", connected_app("")).app();
    assert_eq!(app["name"], "R&D Portal");
}

#[test]
fn the_trees_of_two_orgs_in_one_repository_are_kept_apart() {
    let policy = |kind: &str| part(POLICY, "Client", &format!("<permittedUsersPolicyType>{kind}</permittedUsersPolicyType>"));
    let header = component("ExternalClientApplication", "<label>Client</label>");
    let tree = |project: Project, org: &str, kind: &str, set: &str| {
        project
            .file(&format!("{org}/sfdx-project.json"), sfdx_project(&["src"], "66.0"))
            .file(&format!("{org}/src/Client.eca-meta.xml"), &header)
            .file(&format!("{org}/src/p/Client.ecaOauthPlcy-meta.xml"), policy(kind))
            .file(&format!("{org}/src/Portal.connectedApp-meta.xml"), connected_app("<permissionSetName>Sync</permissionSetName>"))
            .file(&format!("{org}/src/{set}.permissionset-meta.xml"), component("PermissionSet", "<label>Any</label>"))
    };
    let project = tree(tree(Project::new(), "emea", "AdminApprovedPreAuthorized", "Sync"), "us", "AllSelfAuthorized", "Other");
    let apps = project.apps();
    let users: Vec<(&str, &str)> =
        apps.iter().map(|app| (app["path"].as_str().unwrap(), app["permitted_users"].as_str().unwrap())).collect();
    assert_eq!(
        users,
        [
            ("emea/src/Client.eca-meta.xml", "admin-approved"),
            ("emea/src/Portal.connectedApp-meta.xml", "self-authorize"),
            ("us/src/Client.eca-meta.xml", "self-authorize"),
            ("us/src/Portal.connectedApp-meta.xml", "self-authorize"),
        ]
    );
    let facts = project.run(&["facts", "Portal", "--format", "json"]).json();
    let missing = |index: usize| facts["apps"][index]["facts"]["app.access.missing_permission_sets"]["value"].clone();
    assert_eq!((missing(0), missing(1)), (json!([]), json!(["Sync"])));
}

#[test]
fn without_project_files_parts_go_to_the_nearest_header() {
    let header = component("ExternalClientApplication", "<label>Client</label>");
    let policy = |kind: &str| part(POLICY, "Client", &format!("<permittedUsersPolicyType>{kind}</permittedUsersPolicyType>"));
    let project = Project::new()
        .file("prod/eca/Client.eca", &header)
        .file("prod/policies/x.ecaOauthPlcy", policy("AdminApprovedPreAuthorized"))
        .file("test/eca/Client.eca", &header)
        .file("test/policies/x.ecaOauthPlcy", policy("AllSelfAuthorized"));
    assert_eq!(column(&json!(project.apps()), "permitted_users"), ["admin-approved", "self-authorize"]);
}

// .forceignore

#[test]
fn what_forceignore_names_is_left_out_and_said_with_the_pattern() {
    let project = Project::new()
        .file(".forceignore", "# comment\n**/old/**\n*.connectedApp-meta.xml\n!Kept.connectedApp-meta.xml\n")
        .file("force-app/Gone.connectedApp-meta.xml", connected_app(""))
        .file("force-app/Kept.connectedApp-meta.xml", connected_app(""))
        .file("force-app/old/Older.eca", component("ExternalClientApplication", ""));
    let (inventory, run) = project.inventory(&[]);
    assert_eq!(column(&inventory["apps"], "name"), ["Kept"]);
    assert_eq!(
        inventory["left_out"],
        json!([
            { "path": "force-app/Gone.connectedApp-meta.xml", "reason": "`*.connectedApp-meta.xml` in .forceignore" },
            { "path": "force-app/old/Older.eca", "reason": "`**/old/**` in .forceignore" },
        ])
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(project.inventory(&["--no-forceignore"]).0["apps"].as_array().unwrap().len(), 3);
    let audit = project.run(&["audit", "--no-policy", "--fail-on", "never"]);
    assert!(audit.out.contains("Left out on purpose: 2 files"), "{}", audit.out);
}

#[test]
fn a_forceignore_above_the_audited_path_counts() {
    let project = Project::new()
        .file(".forceignore", "force-app/old\n")
        .file("force-app/old/Old.connectedApp", connected_app(""))
        .file("force-app/new/New.connectedApp", connected_app(""));
    assert_eq!(column(&project.inventory(&["force-app"]).0["apps"], "name"), ["New"]);
    assert_eq!(column(&project.inventory(&["force-app/old"]).0["left_out"], "path"), ["force-app/old/Old.connectedApp"]);
    let absolute = project.path("force-app/old");
    assert_eq!(project.inventory(&[absolute.to_str().unwrap()]).0["left_out"].as_array().unwrap().len(), 1);
}

#[test]
fn a_forceignore_beside_the_audited_path_does_not_count() {
    let project = Project::new().file("here/.forceignore", "**\n").file("there/A.connectedApp", connected_app(""));
    let run =
        support::Run::of(support::command(&project.path("here"), &["inventory", "../there", "--format", "json"]).output().unwrap());
    assert_eq!(column(&run.json()["apps"], "path"), ["../there/A.connectedApp"]);
}

#[test]
fn an_unusable_pattern_is_told_with_its_file_and_the_others_count() {
    let project = Project::new().file("p/.forceignore", "{a\nOld*\n").file("p/Old.connectedApp", connected_app(""));
    let (inventory, run) = project.inventory(&[]);
    assert_eq!(inventory["left_out"].as_array().unwrap().len(), 1);
    let diagnostics = run.diagnostics();
    assert!(diagnostics[0].starts_with("p/.forceignore:1:1: warning: holds a pattern that cannot be used"), "{diagnostics:?}");
    assert_eq!(run.code, 0);
}

// External Client Apps

#[test]
fn parts_are_joined_by_the_app_they_name_and_not_by_their_file_names() {
    let project = Project::new()
        .file("Sync.eca", component("ExternalClientApplication", "<label>Sync</label>"))
        .file("Other.eca", component("ExternalClientApplication", "<label>Other</label>"))
        .file("Other_settings.ecaOauth", part("ExtlClntAppOauthSettings", "Sync", "<commaSeparatedOauthScopes>Api, RefreshToken,OfflineAccess</commaSeparatedOauthScopes>"))
        .file("Other.ecaGlblOauth", part("ExtlClntAppGlobalOauthSettings", "Sync", "<callbackUrl>https://a.example.com/cb,https://b.example.com/cb</callbackUrl>"))
        .file("Other.ecaOauthPlcy", part(POLICY, " Sync ", "<permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType><commaSeparatedProfile>Standard User, System Administrator</commaSeparatedProfile>"))
        .file("Other.ecaPlcy", part("ExtlClntAppConfigurablePolicies", "Sync", "<isEnabled>true</isEnabled>"));
    let apps = project.apps();
    let [other, sync] = &apps[..] else { panic!("two apps") };
    assert_eq!(strings(&sync["missing_parts"]), Vec::<&str>::new());
    assert_eq!(strings(&sync["scopes"]), ["api", "refresh_token"]);
    assert_eq!(strings(&sync["callback_urls"]), ["https://a.example.com/cb", "https://b.example.com/cb"]);
    assert_eq!(strings(&sync["profiles"]), ["Standard User", "System Administrator"]);
    assert_eq!(sync["permitted_users"], "admin-approved");
    assert_eq!(strings(&other["missing_parts"]), ["oauth-settings", "global-oauth-settings", "oauth-policies", "policies"]);
    assert_eq!((&other["permitted_users"], &other["scopes"]), (&json!("unknown"), &Value::Null));
    assert_eq!(other["unknown"]["scopes"], "its OAuth settings (ExtlClntAppOauthSettings) are not in the source");
}

#[test]
fn a_part_without_its_header_is_an_orphan_and_one_of_a_package_too() {
    let project = Project::new()
        .file("a.ecaOauthPlcy", part(POLICY, "acme__Portal", ""))
        .file("b.ecaOauth", part("ExtlClntAppOauthSettings", "Gone", ""))
        .file("c.ecaPlcy", component("ExtlClntAppConfigurablePolicies", "<isEnabled>true</isEnabled>"));
    let (inventory, run) = project.inventory(&[]);
    assert_eq!(
        inventory["orphan_parts"],
        json!([
            { "type": POLICY, "app": "acme__Portal", "path": "a.ecaOauthPlcy" },
            { "type": "ExtlClntAppOauthSettings", "app": "Gone", "path": "b.ecaOauth" },
            { "type": "ExtlClntAppConfigurablePolicies", "app": null, "path": "c.ecaPlcy" },
        ])
    );
    assert_eq!(run.code, 0);
}

#[test]
fn policies_that_disagree_make_a_setting_unknown_and_the_rest_stays_known() {
    let policy = |minutes: &str, users: &str| {
        part(
            POLICY,
            "Sync",
            &format!(
                "<permittedUsersPolicyType>{users}</permittedUsersPolicyType><sessionTimeoutInMinutes>{minutes}</sessionTimeoutInMinutes>"
            ),
        )
    };
    let project = Project::new()
        .file("Sync.eca", component("ExternalClientApplication", "<label>Sync</label>"))
        .file("a.ecaOauthPlcy", policy("30", "AllSelfAuthorized"))
        .file("b.ecaOauthPlcy", policy("30", "AdminApprovedPreAuthorized"));
    let app = project.app();
    assert_eq!((&app["permitted_users"], &app["session_timeout_minutes"]), (&json!("unknown"), &json!(30)));
    let reason = app["unknown"]["permitted_users"].as_str().unwrap();
    assert!(reason.contains("a.ecaOauthPlcy") && reason.contains("b.ecaOauthPlcy"), "{reason}");
}

#[test]
fn the_same_profiles_in_another_order_are_no_disagreement() {
    let policy = |profiles: &str| part(POLICY, "Sync", &format!("<commaSeparatedProfile>{profiles}</commaSeparatedProfile>"));
    let project = Project::new()
        .file("Sync.eca", component("ExternalClientApplication", "<label>Sync</label>"))
        .file("a.ecaOauthPlcy", policy("Sales, Support"))
        .file("b.ecaOauthPlcy", policy("Support, Sales"));
    assert_eq!(strings(&project.app()["profiles"]), ["Sales", "Support"]);
}

// Text inside elements

#[test]
fn callback_urls_are_separated_by_line_breaks_of_either_kind() {
    let urls = "\r\n  https://a.example.com/cb\r\n\thttps://b.example.com/cb\n\nmyapp://oauth/done  ";
    let app = alone(&connected_app(&format!("<oauthConfig><callbackUrl>{urls}</callbackUrl></oauthConfig>"))).app();
    assert_eq!(strings(&app["callback_urls"]), ["https://a.example.com/cb", "https://b.example.com/cb", "myapp://oauth/done"]);
}

#[test]
fn every_line_of_a_crlf_file_keeps_its_place() {
    let app = connected_app(&oauth("\n<scopes>Api</scopes>\n<scopes>Fulll</scopes>")).replace('\n', "\r\n");
    assert_eq!(
        alone(&app).diagnostics()[0],
        "Portal.connectedApp:4:9: warning: `Fulll` is not a value of `scopes` that this version knows (did you mean `Full`?)"
    );
}

#[test]
fn comments_cdata_entities_and_a_byte_order_mark_change_nothing() {
    let elements = "<!-- <profileName>Ghost</profileName> --><profileName><!-- ours -->Sales<!-- end --></profileName>\
                    <permissionSetName><![CDATA[R&D]]></permissionSetName><permissionSetName>A &amp; B &#228;</permissionSetName>";
    let app = alone(&format!("\u{feff}{}", connected_app(elements))).app();
    assert_eq!(strings(&app["profiles"]), ["Sales"]);
    assert_eq!(strings(&app["permission_sets"]), ["R&D", "A & B ä"]);
}

#[test]
fn an_empty_assignment_is_none_and_several_may_share_an_element() {
    let none = alone(&connected_app("<permissionSetName></permissionSetName><profileName/><profileName> \n </profileName>")).app();
    assert_eq!((&none["permission_sets"], &none["profiles"]), (&json!([]), &json!([])));
    let several = alone(&connected_app(
        "<permissionSetName>One\n  Two\r\n</permissionSetName><permissionSetName>Three, four</permissionSetName>",
    ))
    .app();
    assert_eq!(strings(&several["permission_sets"]), ["One", "Two", "Three, four"]);
}

#[test]
fn refresh_token_and_offline_access_are_one_scope() {
    let app = |scopes: &str| alone(&connected_app(&oauth(scopes))).app()["scopes"].clone();
    assert_eq!(app("<scopes>OfflineAccess</scopes>"), json!(["refresh_token"]));
    assert_eq!(
        app("<scopes>Api</scopes><scopes>RefreshToken</scopes><scopes>OfflineAccess</scopes>"),
        json!(["api", "refresh_token"])
    );
    assert_eq!(app("<scopes>Full</scopes>"), json!(["full"]));
}

#[test]
fn placeholders_are_no_credentials() {
    let app = |key: &str, secret: &str| {
        alone(&connected_app(&oauth(&format!("<consumerKey>{key}</consumerKey><consumerSecret>{secret}</consumerSecret>")))).app()
    };
    let template = app("{CONSUMERKEY}", "${SECRET}");
    assert_eq!((&template["consumer_key"], &template["consumer_secret"]), (&Value::Null, &json!("placeholder")));
    let real = app("3MVG9abcdefghijkl", "0123456789");
    assert_eq!((&real["consumer_key"], &real["consumer_secret"]), (&json!("3MVG9abc…"), &json!("present")));
}

// Assignments

/// What became of an assigned profile (`true`) or permission set in a tree with these files.
fn resolution(files: &[(&str, String)], element: &str) -> Value {
    let mut project = alone(&connected_app(element));
    for (path, content) in files {
        project = project.file(path, content);
    }
    let facts = project.facts("Portal");
    let fact =
        if element.starts_with("<profileName") { "app.access.missing_profiles" } else { "app.access.missing_permission_sets" };
    if facts[fact]["value"].is_null() { facts[fact]["unknown"].clone() } else { facts[fact]["value"].clone() }
}

#[test]
fn system_administrator_is_one_profile_in_every_language() {
    for label in ["System Administrator", "Systemadministrator", "Administrateur système", "시스템 관리자", "Admin"] {
        let project =
            alone(&connected_app(&format!("<profileName>{label}</profileName>"))).file("Admin.profile", component("Profile", ""));
        let facts = project.facts("Portal");
        assert_eq!(facts["app.access.administrator_profiles"]["value"], json!([label]));
        assert_eq!(facts["app.access.missing_profiles"]["value"], json!([]), "{label}");
    }
}

#[test]
fn profiles_are_found_by_their_decoded_file_name() {
    let tree = [("Sales %28EMEA%29.profile-meta.xml", component("Profile", "")), ("Customer.profile", component("Profile", ""))];
    assert_eq!(resolution(&tree, "<profileName>Sales (EMEA)</profileName>"), json!([]));
    assert_eq!(resolution(&tree, "<profileName>Sales (US)</profileName>"), json!(["Sales (US)"]));
    assert_eq!(resolution(&tree, "<profileName>Standard User</profileName>"), json!([]));
    assert_eq!(resolution(&[], "<profileName>Sales</profileName>"), "the source holds no profiles");
    assert_eq!(
        resolution(&tree, "<profileName>00e000000000001AAA</profileName>"),
        "`00e000000000001AAA` is an id, and the source has names only"
    );
}

#[test]
fn permission_sets_are_found_by_name_and_by_label() {
    let set = |label: &str| component("PermissionSet", &format!("<hasActivationRequired>false</hasActivationRequired>{label}"));
    let tree = [
        ("ERP_Sync.permissionset-meta.xml", set("<label>ERP Sync</label>")),
        ("RnD.permissionset", set("<label><![CDATA[R&D]]></label>")),
        ("Ops.permissionset", set("<!-- <label>Ghost</label> --><label> Dev &amp; Ops </label>")),
        ("My%2ESet.permissionset", set("<label>Dotted</label>")),
        ("Team.permissionsetgroup", component("PermissionSetGroup", "<label>The Team</label>")),
    ];
    for found in ["ERP_Sync", "ERP Sync", "R&amp;D", "Dev &amp; Ops", "My.Set"] {
        assert_eq!(resolution(&tree, &format!("<permissionSetName>{found}</permissionSetName>")), json!([]), "{found}");
    }
    for missing in ["Ghost", "Nobody"] {
        assert_eq!(resolution(&tree, &format!("<permissionSetName>{missing}</permissionSetName>")), json!([missing]));
    }
    for (unknown, why) in [
        ("Team", "is a permission set group"),
        ("The Team", "is a permission set group"),
        ("acme__Set", "belongs to the package acme"),
        ("0PS000000000001", "is an id"),
    ] {
        let reason = resolution(&tree, &format!("<permissionSetName>{unknown}</permissionSetName>"));
        assert!(reason.as_str().is_some_and(|reason| reason.contains(why)), "{unknown}: {reason}");
    }
    assert_eq!(resolution(&tree[4..], "<permissionSetName>A</permissionSetName>"), "the source holds no permission sets");
}

#[test]
fn a_permission_set_is_opened_only_where_an_app_names_it_or_a_label_must_be_looked_up() {
    let project = |name: &str| {
        alone(&connected_app(&format!("<permissionSetName>{name}</permissionSetName>")))
            .file("Broken.permissionset", "<PermissionSet><label>")
            .file("Sound.permissionset", component("PermissionSet", "<label>Sound</label>"))
    };
    assert_eq!(project("Sound").diagnostics(), Vec::<String>::new());
    assert_eq!(project("Broken").diagnostics().len(), 1);
    assert_eq!(project("Some Label").diagnostics().len(), 1);
}

// What a file does not say, or says wrongly

#[test]
fn absent_is_the_default_only_where_the_version_has_the_element() {
    let app = |version: &str| of_version(version, &connected_app(&oauth(""))).app();
    let old = app("52.0");
    assert_eq!(old["pkce_required"], Value::Null);
    assert!(old["unknown"]["pkce_required"].as_str().unwrap().contains("59.0"));
    let new = app("66.0");
    assert_eq!(new["pkce_required"], false);
    assert!(strings(&new["defaulted"]).contains(&"pkce_required"));
    assert_eq!(new["unknown"], json!({}));
    let stated = of_version("52.0", &connected_app(&oauth("<isPkceRequired>true</isPkceRequired>"))).app();
    assert_eq!((&stated["pkce_required"], strings(&stated["defaulted"]).contains(&"pkce_required")), (&json!(true), false));
}

#[test]
fn the_default_of_pkce_is_the_other_way_round_for_external_client_apps() {
    let project = Project::new()
        .file("Sync.eca", component("ExternalClientApplication", "<label>Sync</label>"))
        .file("Sync.ecaGlblOauth", part("ExtlClntAppGlobalOauthSettings", "Sync", ""));
    let app = project.app();
    assert_eq!((&app["pkce_required"], strings(&app["defaulted"]).contains(&"pkce_required")), (&json!(true), true));
}

#[test]
fn an_element_given_twice_counts_where_both_say_the_same() {
    let twice = |first: &str, second: &str| {
        let flag = |value: &str| format!("<isAdminApproved>{value}</isAdminApproved>");
        alone(&connected_app(&oauth(&(flag(first) + &flag(second)))))
    };
    assert_eq!(twice("true", "true").app()["permitted_users"], "admin-approved");
    let app = twice("true", "false").app();
    assert_eq!(app["permitted_users"], "unknown");
    assert_eq!(app["unknown"]["permitted_users"], "`oauthConfig/isAdminApproved` is given more than once, with different values");
    assert!(twice("true", "true").diagnostics()[0].contains("`isAdminApproved` is given more than once in `oauthConfig`"));
}

#[test]
fn an_unknown_element_or_value_is_a_warning_with_place_and_suggestion() {
    let project = alone(
        "<ConnectedApp>\n    <contactEmail>a@example.com</contactEmail>\n    <label>Portal</label>\n    <oauthConfig>\n        \
         <callbackUrl>https://portal.example.com/cb</callbackUrl>\n        <isAdminAproved>true</isAdminAproved>\n        \
         <isPkceRequired>yes</isPkceRequired>\n        <scopes>RefreshTokn</scopes>\n        <brandNew/>\n    </oauthConfig>\n</ConnectedApp>\n",
    );
    let (inventory, run) = project.inventory(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "Portal.connectedApp:6:10: warning: `isAdminAproved` is not an element of ConnectedAppOauthConfig that this version knows (did you mean `isAdminApproved`?)",
            "Portal.connectedApp:7:25: warning: `yes` is neither true nor false",
            "Portal.connectedApp:8:17: warning: `RefreshTokn` is not a value of `scopes` that this version knows (did you mean `RefreshToken`?)",
            "Portal.connectedApp:9:10: warning: `brandNew` is not an element of ConnectedAppOauthConfig that this version knows",
        ]
    );
    assert_eq!(run.code, 0);
    assert_eq!(
        inventory["apps"][0]["unknown"],
        json!({
            "blast_radius": "what the scope `RefreshTokn` opens is not known",
            "pkce_required": "`yes` is neither true nor false",
        })
    );
    assert_eq!(strings(&inventory["apps"][0]["scopes"]), ["RefreshTokn"]);
}

#[test]
fn warnings_alone_do_not_change_the_exit_code_of_an_audit() {
    let project = alone(&connected_app(&oauth("<brandNew/>"))).file("rule/app-without-any-words.yaml", support_rule());
    let args = ["audit", "--rules", "rule", "--fail-on", "never", "--allow-unknown"];
    let run = project.run(&args);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.err.contains("`brandNew`"), "warnings are shown in every format: {}", run.err);
}

fn support_rule() -> &'static str {
    include_str!("data/rules/app-without-any-words.yaml")
}

#[test]
fn what_is_no_refresh_token_policy_is_said_to_be_unrecognised() {
    let policy = |text: &str| {
        let project = alone(&connected_app(&format!(
            "{}<oauthPolicy><ipRelaxation>Maybe</ipRelaxation><refreshTokenPolicy>{text}</refreshTokenPolicy></oauthPolicy>",
            oauth("")
        )));
        let facts = project.facts("Portal");
        assert_eq!(facts["app.network.ip_relaxation"]["value"], "unrecognised");
        facts["app.tokens.refresh_policy"]["value"].as_str().unwrap().to_owned()
    };
    let cases = [
        ("infinite", "infinite"),
        ("specific_lifetime:90:DAYS", "lifetime"),
        ("specific_inactivity:30:days", "inactivity"),
        ("specific_lifetime:-1:DAYS", "unrecognised"),
        ("specific_lifetime:90", "unrecognised"),
        ("sometimes", "unrecognised"),
    ];
    for (text, kind) in cases {
        assert_eq!(policy(text), kind, "{text}");
    }
}

// Files that mention apps

#[test]
fn menus_and_manifests_tell_of_apps_without_files() {
    let item = |kind: &str, name: &str| format!("<appMenuItems><name>{name}</name><type>{kind}</type></appMenuItems>");
    let types = |kind: &str, members: &[&str]| {
        let members: String = members.iter().map(|name| format!("<members>{name}</members>")).collect();
        format!("<types>{members}<name>{kind}</name></types>")
    };
    let menu =
        item("ConnectedApp", "Portal") + &item("ConnectedApp", "acme__Installed") + &item("CustomApplication", "standard__Sales");
    let project = alone(&connected_app(""))
        .file("AppSwitcher.appMenu", component("AppMenu", &menu))
        .file(
            "package.xml",
            component("Package", &(types("ConnectedApp", &["*", "Portal", "Absent"]) + &types("ApexClass", &["Foo"]))),
        )
        .file("destructiveChangesPost.xml", component("Package", &types("ExternalClientApplication", &["Old"])))
        .file("destructiveChanges.xml", component("Package", &types("ConnectedApp", &["Portal"])));
    let (inventory, _) = project.inventory(&[]);
    assert_eq!(
        inventory["mentioned"],
        json!([
            { "kind": "connected-app", "name": "Absent", "by": "manifest", "path": "package.xml" },
            { "kind": "connected-app", "name": "Portal", "by": "destructive-changes", "path": "destructiveChanges.xml" },
            { "kind": "connected-app", "name": "acme__Installed", "by": "app-menu", "path": "AppSwitcher.appMenu" },
            { "kind": "external-client-app", "name": "Old", "by": "destructive-changes", "path": "destructiveChangesPost.xml" },
        ])
    );
}

// Salesforce's types

#[test]
fn every_element_of_salesforces_schema_is_read_without_a_warning() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/full");
    let run = support::Run::of(support::command(&data, &["facts", "*", "--elements", "--format", "json"]).output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let report = run.json();
    let stated: Vec<&Value> =
        report["apps"].as_array().unwrap().iter().flat_map(|app| app["elements"].as_array().unwrap()).collect();
    let read: BTreeSet<&str> = stated.iter().map(|element| element["element"].as_str().unwrap()).collect();
    let list = fs::read_to_string(data.join("elements.txt")).unwrap();
    assert_eq!(read, list.lines().collect());
    for element in stated {
        let value = element["value"].as_str().unwrap();
        assert!(!value.starts_with("not-a-"), "a secret is shown: {element}");
        assert!(!value.contains("BEGIN") && value != "3MVG9exampleexampleexample", "{element}");
    }
}

#[test]
fn the_tables_of_salesforces_types_agree_among_themselves() {
    use orgwarden::metadata::{ComplexType, Kind, connected_app, external_client_app};
    fn check(ty: &'static ComplexType, path: &str) {
        let names: BTreeSet<&str> = ty.elements.iter().map(|element| element.name).collect();
        assert_eq!(names.len(), ty.elements.len(), "{path} has an element twice");
        for element in ty.elements {
            let path = format!("{path}/{}", element.name);
            assert!(element.since == 0 || (40..=68).contains(&element.since), "{path} since {}", element.since);
            match element.kind {
                Kind::Enum(words) => {
                    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "{path} has a word twice");
                    assert!(!words.is_empty(), "{path} has no words");
                }
                Kind::Complex(inner) => check(inner, &path),
                Kind::Text | Kind::Bool | Kind::Int => {}
            }
        }
    }
    check(&connected_app::CONNECTED_APP, "ConnectedApp");
    let parts = [
        &external_client_app::EXTERNAL_CLIENT_APPLICATION,
        &external_client_app::EXTL_CLNT_APP_OAUTH_SETTINGS,
        &external_client_app::EXTL_CLNT_APP_GLOBAL_OAUTH_SETTINGS,
        &external_client_app::EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES,
        &external_client_app::EXTL_CLNT_APP_CONFIGURABLE_POLICIES,
        &external_client_app::EXTL_CLNT_APP_OAUTH_SECURITY_SETTINGS,
        &external_client_app::EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES,
    ];
    for ty in parts {
        check(ty, ty.name);
        let joined = ty.element("externalClientApplication").is_some_and(|element| element.required);
        assert_eq!(joined, ty.name != "ExternalClientApplication", "{} joins by externalClientApplication", ty.name);
    }
    // Scopes of the schema and scopes the rules know by their OAuth names are the same words.
    let Some(Kind::Enum(scopes)) = connected_app::CONNECTED_APP.at("oauthConfig/scopes").map(|element| element.kind) else {
        panic!("an enum")
    };
    let unknown: Vec<&&str> =
        scopes.iter().filter(|word| orgwarden::inventory::oauth::KnownScope::from_metadata(word).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn paths_are_shown_with_slashes_and_sorted() {
    let project = Project::new().file("b/B.connectedApp", connected_app("")).file("a/z/A.connectedApp", connected_app(""));
    assert_eq!(paths(&project.apps()), ["a/z/A.connectedApp", "b/B.connectedApp"]);
}

#[test]
fn login_ip_ranges_are_found_wherever_they_stand_in_a_profile() {
    // Around the size of the pieces a profile is searched in, so that the word lies across two of them in some of these.
    let ranges = "<loginIpRanges><endAddress>203.0.113.9</endAddress><startAddress>203.0.113.1</startAddress></loginIpRanges>";
    for before in [0, 65_380, 65_400, 65_410, 65_415, 65_420, 65_425, 65_430, 65_500, 200_000] {
        let profile = component("Profile", &format!("<description>{}</description>{ranges}", "x".repeat(before)));
        let approved = oauth("<isAdminApproved>true</isAdminApproved>") + "<profileName>Team</profileName>";
        let project = alone(&connected_app(&approved)).file("Team.profile", profile);
        assert_eq!(project.facts("Portal")["app.access.profiles_without_login_ip_ranges"]["value"], json!([]), "{before}");
        let without = alone(&connected_app(&approved))
            .file("Team.profile", component("Profile", &"<custom>true</custom>".repeat(before / 20)));
        assert_eq!(without.facts("Portal")["app.access.profiles_without_login_ip_ranges"]["value"], json!(["Team"]), "{before}");
    }
}

#[test]
fn profiles_are_read_where_apps_are_assigned_to_them_or_somebody_names_them() {
    let ranges = "<loginIpRanges><endAddress>203.0.113.9</endAddress><startAddress>203.0.113.1</startAddress></loginIpRanges>";
    let hours = "<loginHours><mondayEnd>1020</mondayEnd><mondayStart>480</mondayStart></loginHours>";
    let approved = oauth("<isAdminApproved>true</isAdminApproved>") + "<profileName>Team</profileName>";
    let project = alone(&connected_app(&approved))
        .file("Team.profile", component("Profile", &format!("{ranges}{ranges}")))
        .file("Admin.profile", component("Profile", hours))
        .file("Custom%3A Sales.profile-meta.xml", component("Profile", "<loginHours/>"))
        .file("Other.profile", component("Profile", ranges));
    let read = |profiles: ProfilesToRead, also: &[&str]| -> Vec<(String, usize, bool)> {
        let also: Vec<String> = also.iter().map(|&name| name.to_owned()).collect();
        let request = tree::Request { paths: &[project.path("")], force_ignore: true, profiles, also: &also };
        let profiles = tree::collect(&request).inventory.profiles.into_iter();
        let told =
            profiles.map(|it| (it.name.clone(), it.login_ip_ranges.value().unwrap().len(), *it.has_login_hours.value().unwrap()));
        told.collect()
    };
    let profile = |name: &str, ranges, hours| (name.to_owned(), ranges, hours);
    assert_eq!(read(ProfilesToRead::None, &[]), []);
    assert_eq!(read(ProfilesToRead::Assigned, &[]), [profile("Team", 2, false)]);
    // By label, by full name, by file name; those there are none of are none.
    assert_eq!(read(ProfilesToRead::None, &["System Administrator", "nowhere"]), [profile("Admin", 0, true)]);
    assert_eq!(
        read(ProfilesToRead::Assigned, &["Team", "Custom: Sales"]),
        [profile("Custom: Sales", 0, false), profile("Team", 2, false)]
    );
    assert_eq!(read(ProfilesToRead::None, &["Custom%3A Sales.profile-meta.xml"]), [profile("Custom: Sales", 0, false)]);
    let all =
        [profile("Admin", 0, true), profile("Custom: Sales", 0, false), profile("Other", 1, false), profile("Team", 2, false)];
    assert_eq!(read(ProfilesToRead::All, &[]), all);
}

#[test]
fn an_app_under_the_name_of_a_settings_file_is_read_whole() {
    let project = Project::new().file("Security.settings", connected_app(&oauth("<scopes>Full</scopes>")));
    assert_eq!(strings(&project.app()["scopes"]), ["full"]);
    assert_eq!(project.diagnostics().len(), 1);
}

#[test]
fn a_broken_project_file_above_the_audited_folder_is_told() {
    let project = Project::new().file("sfdx-project.json", "{").file("app/Portal.connectedApp", connected_app(&oauth("")));
    let run = project.run(&["inventory", "app"]);
    assert_eq!(run.code, 3);
    assert!(run.diagnostics()[0].contains("the project file above cannot be read"), "{:?}", run.diagnostics());
}
