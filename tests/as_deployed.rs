//! The state of an org as a deployment would leave it: by the library, fact by fact.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod fake_org;
#[path = "support/live.rs"]
mod live;
mod support;

use std::sync::OnceLock;

use fake_org::seed::acme;
use orgwarden::collect::tree::deployment::{self, Deployment, Manifests};
use orgwarden::collect::tree::{Manifest, Request};
use orgwarden::collect::{Collected, ProfilesToRead};
use orgwarden::compare::{self, Difference};
use orgwarden::diagnostic::Level;
use orgwarden::gate::deployed::as_deployed;
use orgwarden::inventory::Inventory;
use orgwarden::inventory::app::App;
use orgwarden::policy;
use orgwarden::rules::facts::Context;
use orgwarden::salesforce::Options;
use support::{Project, component, connected_app, oauth, part};

const TODAY: &str = "2026-06-01";
const ADMIN_APPROVED: &str = "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes><scopes>RefreshToken</scopes>";

fn org() -> &'static Inventory {
    static ORG: OnceLock<Inventory> = OnceLock::new();
    ORG.get_or_init(|| {
        let running = acme().start();
        live::collect(&running, Options::default()).inventory
    })
}

fn read(project: &Project, by: Manifests<'_>) -> Deployment {
    let paths = [project.path("")];
    deployment::collect(&Request { paths: &paths, force_ignore: true, profiles: ProfilesToRead::All, also: &[] }, by)
}

/// What the deployment of a folder makes of Acme.
fn deployed(project: &Project) -> Collected {
    as_deployed(org(), read(project, Manifests::default()))
}

fn one(path: &str, content: &str) -> Collected {
    deployed(&Project::new().file(path, content))
}

fn difference(after: &Inventory) -> Difference {
    let side = |inventory: &Inventory| {
        let context = Context::new(inventory, TODAY.parse().unwrap());
        compare::side_of(&compare::Audit {
            inventory,
            context: &context,
            rules: &[],
            partial: &[],
            findings: &[],
            waived: &[],
            unknown: &[],
            gaps: 0,
            subject: &|app| policy::app_subject(app, inventory),
        })
    };
    compare::compare(&side(org()), &side(after))
}

/// What changed, a line each: facts as `app fact: before -> after`, access in words.
fn changes(after: &Inventory) -> Vec<String> {
    let difference = difference(after);
    let apps = difference.apps.unwrap();
    let mut lines = Vec::new();
    let value = |fact: &compare::FactSide| fact.as_ref().map_or_else(|why| format!("unknown ({why})"), ToString::to_string);
    lines.extend(apps.added.iter().map(|(subject, _)| format!("+ {}", subject.name)));
    lines.extend(apps.removed.iter().map(|subject| format!("- {}", subject.name)));
    for change in apps.changed {
        let app = &change.subject.name;
        let is_file = |path: &str| path != "app.elements";
        let facts = change.facts.iter().filter(|fact| is_file(fact.path));
        lines.extend(facts.map(|fact| format!("{app} {}: {} -> {}", fact.path, value(&fact.before), value(&fact.after))));
        let access = change.access;
        lines.extend(access.admission.iter().map(|(one, other)| format!("{app}: {one:?} -> {other:?}")));
        let names = |list: &[compare::Assigned]| list.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(", ");
        for (word, list) in [("gains", &access.gained), ("loses", &access.lost)] {
            if !list.is_empty() {
                lines.push(format!("{app} {word} {}", names(list)));
            }
        }
        for (word, list) in [("lets in", &access.users_gained), ("shuts out", &access.users_lost)] {
            if !list.is_empty() {
                lines.push(format!("{app} {word} {}", list.join(", ")));
            }
        }
        lines.extend(access.doubts.iter().map(|doubt| format!("{app} cannot tell {doubt}")));
    }
    lines
}

/// What the fake org has of an app, as a file of a deployment.
fn source_of(kinds: &[&str]) -> Project {
    let org = acme();
    let mut project = Project::new();
    for it in org.components.iter().filter(|it| it.readable && it.listed && kinds.contains(&it.listed_as())) {
        let text = component(&it.kind, &it.body);
        project = project.file(&it.file_name(), text);
    }
    project
}

#[test]
fn deploying_what_an_org_has_changes_nothing() {
    let kinds = [
        "ConnectedApp",
        "ExternalClientApplication",
        "ExtlClntAppOauthSettings",
        "ExtlClntAppOauthConfigurablePolicies",
        "ExtlClntAppConfigurablePolicies",
        "OauthCustomScope",
        "Settings",
    ];
    for of in [&kinds[..], &kinds[..1], &kinds[1..2], &kinds[2..3], &kinds[3..4], &kinds[4..5], &kinds[6..]] {
        let after = deployed(&source_of(of));
        assert_eq!(changes(&after.inventory), Vec::<String>::new(), "{of:?}");
        let is_from_file = |app: &&App| app.location.answer().is_none();
        let from_files = after.inventory.apps.iter().filter(is_from_file).count();
        let external = of.iter().any(|kind| kind.starts_with("Ext"));
        let connected = of.contains(&"ConnectedApp");
        assert_eq!(from_files, if connected { 8 } else { 0 } + if external { 3 } else { 0 }, "{of:?}");
        assert_eq!(after.diagnostics.iter().filter(|it| it.level == Level::Error).count(), 0, "{:?}", after.diagnostics);
    }
}

/// `ERP_Sync` as it is in the org, but for its permission sets and profiles, and with one refresh policy and one range less.
fn erp_sync(more: &str) -> String {
    connected_app(&format!(
        "{}<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>infinite</refreshTokenPolicy></oauthPolicy>{more}",
        oauth(ADMIN_APPROVED)
    ))
}

fn erp_changes(more: &str) -> Vec<String> {
    let after = one("connectedApps/ERP_Sync.connectedApp", &erp_sync(more));
    let of_access = |line: &String| !line.contains(" app.") || line.contains(" app.access.");
    changes(&after.inventory).into_iter().filter(of_access).collect()
}

#[test]
fn a_connected_app_is_replaced_whole_and_keeps_its_key() {
    let set = "<permissionSetName>ERP_Integration</permissionSetName>";
    let after = one("connectedApps/ERP_Sync.connectedApp", &erp_sync(set)).inventory;
    let changes = changes(&after);
    let about = |fact: &str| changes.iter().find(|line| line.contains(fact)).cloned().unwrap_or_default();
    assert_eq!(about("pkce_required"), "ERP_Sync app.tokens.pkce_required: true -> false", "{changes:#?}");
    assert_eq!(about("refresh_policy"), "ERP_Sync app.tokens.refresh_policy: \"inactivity\" -> \"infinite\"");
    assert!(about("ip_ranges").contains("-> []"), "{changes:#?}");
    assert_eq!((about("consumer_key"), about("custom_scopes"), about("access")), Default::default(), "{changes:#?}");
}

#[test]
fn what_a_file_lists_is_assigned_and_nothing_else() {
    let profile = "<profileName>System Administrator</profileName>";
    for (more, wanted) in [
        ("<permissionSetName>ERP_Integration</permissionSetName>", vec![]),
        // By its label, as files may have it.
        ("<permissionSetName>ERP Integration</permissionSetName>", vec![]),
        (
            "<permissionSetName>Contractors</permissionSetName>",
            vec![
                "ERP_Sync gains Contractors",
                "ERP_Sync loses ERP_Integration",
                "ERP_Sync lets in ",
                "ERP_Sync shuts out erp.integration",
            ],
        ),
        ("<permissionSetName/>", vec!["ERP_Sync loses ERP_Integration", "ERP_Sync shuts out erp.integration@acme.example.com"]),
        (
            "",
            vec![
                "cannot tell whether the permission set ERP_Integration is still assigned: the file lists no permission set",
                "cannot tell",
            ],
        ),
        (
            &format!("<permissionSetName>ERP_Integration</permissionSetName>{profile}"),
            vec!["ERP_Sync gains System Administrator", "ERP_Sync lets in "],
        ),
        ("<permissionSetName>Nowhere</permissionSetName>", vec!["ERP_Sync loses ERP_Integration", "ERP_Sync shuts out"]),
    ] {
        let said: Vec<String> = erp_changes(more).into_iter().filter(|line| !line.contains(" app.")).collect();
        let as_wanted = said.len() == wanted.len() && said.iter().zip(&wanted).all(|(line, part)| line.contains(part));
        assert!(as_wanted, "{more}: {said:#?}");
    }
}

#[test]
fn a_permission_set_that_the_deployment_creates_has_no_users_yet() {
    let project = Project::new()
        .file(
            "connectedApps/ERP_Sync.connectedApp",
            erp_sync("<permissionSetName>ERP_Integration</permissionSetName><permissionSetName>Brand_New</permissionSetName>"),
        )
        .file("permissionsets/Brand_New.permissionset", component("PermissionSet", "<label>Brand New</label>"));
    let said: Vec<String> = changes(&deployed(&project).inventory).into_iter().filter(|line| !line.contains(" app.")).collect();
    assert_eq!(said, ["ERP_Sync gains Brand_New"]);
}

#[test]
fn a_new_app_has_nobody_but_those_it_lists() {
    let app = connected_app(&format!("{}<permissionSetName>ERP_Integration</permissionSetName>", oauth(ADMIN_APPROVED)));
    let after = one("connectedApps/New_App.connectedApp", &app).inventory;
    assert_eq!(changes(&after)[0], "+ New_App");
    let context = Context::new(&after, TODAY.parse().unwrap());
    let new = after.apps.iter().find(|app| app.name == "New_App").unwrap();
    let facts = orgwarden::rules::facts::of_app(new, orgwarden::inventory::contract::Expectations::default(), &context);
    let value =
        |path: &str| facts.get(path).unwrap().state.as_ref().map(|value| value.to_json().to_string()).map_err(ToString::to_string);
    assert_eq!(value("app.access.active_users"), Ok("1".to_owned()));
    assert_eq!(value("app.tokens.count"), Ok("0".to_owned()));
}

#[test]
fn one_part_of_an_external_client_app_leaves_the_others() {
    let policies = |elements: &str| {
        let policy = part("ExtlClntAppOauthConfigurablePolicies", "Order_Hub", elements);
        changes(&one("extlClntAppOauthPolicies/Any_Name.ecaOauthPlcy", &policy).inventory)
    };
    let kept = "<commaSeparatedPermissionSet>ERP_Integration</commaSeparatedPermissionSet>\
                <clientCredentialsFlowUser>erp.integration@acme.example.com</clientCredentialsFlowUser>";
    let rest = "<ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\
                <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>\
                <refreshTokenPolicyType>SpecificInactivity</refreshTokenPolicyType>\
                <refreshTokenValidityPeriod>30</refreshTokenValidityPeriod><refreshTokenValidityUnit>Days</refreshTokenValidityUnit>\
                <requiredSessionLevel>STANDARD</requiredSessionLevel>";
    let on = "<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>";
    assert_eq!(policies(&format!("{kept}{on}{rest}")), Vec::<String>::new());
    // The switch in the org's global settings could not be read, and both must be on.
    let off = policies(&format!("{kept}{rest}"));
    assert!(off.iter().any(|line| line.contains("client_credentials") && line.contains("false")), "{off:#?}");
    let open = policies("<permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>");
    assert!(open.iter().any(|line| line == "Order_Hub: Assigned -> Anybody"), "{open:#?}");
    assert!(!open.iter().any(|line| line.contains("scopes") || line.contains("pkce")), "{open:#?}");
}

/// What the deployment brings of a list of two parts must not get lost because the other part is not in it.
#[test]
fn ranges_of_one_part_are_not_taken_for_all_and_not_lost() {
    let range =
        "<tokenIpRanges><endIpAddress>255.255.255.255</endIpAddress><startIpAddress>0.0.0.0</startIpAddress></tokenIpRanges>";
    let security = part("ExtlClntAppOauthSecuritySettings", "Order_Hub", range);
    let after = one("extlClntAppOauthSecuritySettings/Order_Hub.ecaOauthSecurity", &security).inventory;
    let ranges = &after.apps.iter().find(|app| app.name == "Order_Hub").unwrap().network.ip_ranges;
    assert!(ranges.state.is_err() || ranges.value().is_some_and(|list| !list.is_empty()), "{ranges:?}");
}

#[test]
fn a_part_of_an_app_that_the_org_does_not_have_is_an_orphan() {
    let policy = part("ExtlClntAppOauthConfigurablePolicies", "Nowhere", "");
    let after = one("extlClntAppOauthPolicies/Nowhere.ecaOauthPlcy", &policy).inventory;
    assert_eq!((changes(&after).len(), after.orphans.len()), (0, 1));
}

/// `package.xml` or a `destructiveChanges` file.
fn manifest(types: &[(&str, &[&str])]) -> String {
    let of_type = |(name, members): &(&str, &[&str])| {
        let members = members.iter().map(|member| format!("<members>{member}</members>")).collect::<Vec<_>>().concat();
        format!("<types>{members}<name>{name}</name></types>")
    };
    component("Package", &types.iter().map(of_type).collect::<Vec<_>>().concat())
}

const ERP: &str = "connectedApps/ERP_Sync.connectedApp";
const SURVEY: &str = "connectedApps/Survey_Tool.connectedApp";

#[test]
fn a_package_is_deployed_as_its_manifest_says() {
    let open = erp_sync("");
    let package = |types: &[(&str, &[&str])]| {
        let project = Project::new().file(ERP, &open).file(SURVEY, &open).file("package.xml", manifest(types));
        let after = deployed(&project);
        let from_files = after.inventory.apps.iter().filter(|app| app.location.answer().is_none());
        let names = from_files.map(|app| app.name.clone()).collect::<Vec<_>>().join(", ");
        (names, after.diagnostics.iter().map(|it| it.title.clone()).collect::<Vec<_>>())
    };
    assert_eq!(package(&[("ConnectedApp", &["*"])]), ("ERP_Sync, Survey_Tool".to_owned(), vec![]));
    assert_eq!(package(&[("ConnectedApp", &["Survey_Tool"])]), ("Survey_Tool".to_owned(), vec![]));
    assert_eq!(package(&[("PermissionSet", &["*"])]), (String::new(), vec![]));
    let (names, said) = package(&[("ConnectedApp", &["Survey_Tool", "Forgotten"])]);
    assert_eq!(
        (names.as_str(), said.as_slice()),
        ("Survey_Tool", &["names the ConnectedApp `Forgotten`, which is not in the source".to_owned()][..])
    );
}

#[test]
fn a_manifest_beside_a_source_tree_decides_only_where_it_is_named() {
    let project = Project::new()
        .file("sfdx-project.json", support::sfdx_project(&["force-app"], "66.0"))
        .file("force-app/connectedApps/ERP_Sync.connectedApp-meta.xml", erp_sync(""))
        .file("manifest/package.xml", manifest(&[("ConnectedApp", &["Survey_Tool"])]))
        .file("manifest/destructiveChanges.xml", manifest(&[("ConnectedApp", &["Team_Calendar"])]));
    let names = |by: Manifests<'_>| -> String {
        let after = as_deployed(org(), read(&project, by)).inventory;
        let difference = difference(&after).apps.unwrap();
        let from_files = after.apps.iter().filter(|app| app.location.answer().is_none()).map(|app| app.name.clone());
        let removed = difference.removed.iter().map(|subject| format!("-{}", subject.name));
        from_files.chain(removed).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(Manifests::default()), "ERP_Sync");
    let chosen = Manifest::read(&project.path("manifest/package.xml")).unwrap();
    let deletes = Manifest::read(&project.path("manifest/destructiveChanges.xml")).unwrap();
    assert_eq!(names(Manifests { manifest: Some(&chosen), ..Manifests::default() }), "");
    assert_eq!(names(Manifests { delete_last: Some(&deletes), ..Manifests::default() }), "ERP_Sync -Team_Calendar");
    let wrong = Manifest::read(&project.path("sfdx-project.json")).unwrap_err();
    assert_eq!(wrong.level, Level::Error);
}

#[test]
fn what_is_deleted_first_can_come_again() {
    let project = |name: &str| {
        let deleted = manifest(&[("ConnectedApp", &["ERP_Sync"]), ("PermissionSet", &["Contractors"])]);
        let app = erp_sync("<permissionSetName>ERP_Integration</permissionSetName>");
        Project::new().file(ERP, app).file("package.xml", manifest(&[("ConnectedApp", &["*"])])).file(name, deleted)
    };
    let first = changes(&deployed(&project("destructiveChanges.xml")).inventory);
    let last = changes(&deployed(&project("destructiveChangesPost.xml")).inventory);
    assert!(!first.iter().any(|line| line == "- ERP_Sync") && last.iter().any(|line| line == "- ERP_Sync"), "{first:#?} {last:#?}");
    // Who had a permission set that goes loses its apps.
    for said in [first, last] {
        assert!(said.iter().any(|line| line == "Contractor_Portal loses Contractors"), "{said:#?}");
        assert!(said.iter().any(|line| line.starts_with("Contractor_Portal shuts out ")), "{said:#?}");
    }
}

#[test]
fn settings_are_laid_over_those_of_the_org_as_far_as_they_are_stated() {
    let of = |elements: &str| {
        let settings = component("OauthOidcSettings", elements);
        let after = one("settings/OauthOidc.settings", &settings).inventory;
        let own = &after.settings[0];
        (own.block_username_password.value().copied(), own.pkce_required.value().copied())
    };
    let before = &org().settings[0];
    let (blocked, pkce) = (before.block_username_password.value().copied(), before.pkce_required.value().copied());
    let turned = !blocked.unwrap();
    assert_eq!(of(""), (blocked, pkce));
    assert_eq!(of(&format!("<blockOAuthUnPwFlow>{turned}</blockOAuthUnPwFlow>")), (Some(turned), pkce));
}

#[test]
fn what_a_deployed_permission_set_grants_is_held_by_those_who_have_it() {
    let permission = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";
    let set = component("PermissionSet", &format!("<label>ERP Integration</label>{permission}"));
    let after = one("permissionsets/ERP_Integration.permissionset", &set).inventory;
    let user = |inventory: &Inventory| {
        let org = inventory.org(0).unwrap();
        let user = org.users.values().find(|user| user.username == "erp.integration@acme.example.com").unwrap();
        user.permissions.value().unwrap().contains("ModifyAllData")
    };
    assert!(!user(org()) && user(&after));
}

#[test]
fn an_app_that_a_source_has_twice_is_a_gap() {
    let project = Project::new().file(ERP, erp_sync("")).file(&format!("other/{ERP}"), erp_sync(""));
    let after = deployed(&project);
    let said: Vec<(Level, &str)> = after.diagnostics.iter().map(|it| (it.level, it.title.as_str())).collect();
    assert_eq!(said, [(Level::Error, "the source has `ERP_Sync` more than once, and only the first was taken")]);
}
