//! The three questions the program is for, asked of files: is `refresh_token` among the scopes, are users admin-approved, are the right profiles
//! and permission sets assigned. The tables are written from how Salesforce decides, for both kinds of app.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use support::{Project, component, part, sfdx_project};

/// Enough of a certificate to be one: what matters here is that the element is there.
const CERTIFICATE: &str = "<certificate>MIIBszCCARygAwIBAgIUExample</certificate>";

/// The rules of a table that fail or cannot be decided, as `rule` and `rule?`.
fn said(project: &Project, rules: &[&str]) -> Vec<String> {
    let run = project.run(&["audit", "--format", "json"]);
    let report = run.json();
    let of = |list: &str, mark: &str| -> Vec<String> {
        let entries = report[list].as_array().unwrap();
        entries.iter().map(|entry| format!("{}{mark}", entry["rule"].as_str().unwrap())).collect()
    };
    let all: BTreeSet<String> = of("findings", "").into_iter().chain(of("unknown", "?")).collect();
    all.into_iter().filter(|rule| rules.contains(&rule.trim_end_matches('?'))).collect()
}

/// A project with one app of each kind that state the same. `scopes` are those of a connected app; an External Client App lists them with
/// commas.
fn both_kinds(scopes: &[&str], settings: &Settings) -> [Project; 2] {
    let each =
        |name: &str, values: &[&str]| values.iter().fold(String::new(), |all, value| all + &format!("<{name}>{value}</{name}>"));
    let listed = each("scopes", scopes);
    let callback = format!("<callbackUrl>{}</callbackUrl>", settings.callback);
    let connected = component(
        "ConnectedApp",
        &format!(
            "<contactEmail>team@acme.internal</contactEmail><label>App</label>\
             <oauthConfig>{callback}{}<isAdminApproved>{}</isAdminApproved>\
             <isClientCredentialEnabled>{}</isClientCredentialEnabled>{listed}</oauthConfig>{}",
            if settings.certificate { CERTIFICATE } else { "" },
            settings.admin_approved,
            settings.client_credentials,
            each("permissionSetName", settings.permission_sets) + &each("profileName", settings.profiles),
        ),
    );
    let policy = if settings.admin_approved { "AdminApprovedPreAuthorized" } else { "AllSelfAuthorized" };
    let project = || {
        let project = Project::new().file("sfdx-project.json", sfdx_project(&["app"], "66.0"));
        project
            .write("app/permissionsets/Known_Set.permissionset-meta.xml", component("PermissionSet", "<label>Known Set</label>"));
        project.write("app/profiles/Known Profile.profile-meta.xml", component("Profile", "<custom>true</custom>"));
        match settings.contract {
            "" => project,
            contract => project.file("orgwarden.yaml", format!("contracts:\n  - app: App\n    {contract}\n")),
        }
    };
    let external = project()
        .file("app/App.eca-meta.xml", component("ExternalClientApplication", "<label>App</label>"))
        .file(
            "app/a.ecaOauth-meta.xml",
            part(
                "ExtlClntAppOauthSettings",
                "App",
                &format!("<commaSeparatedOauthScopes>{}</commaSeparatedOauthScopes>", scopes.join(", ")),
            ),
        )
        .file(
            "app/b.ecaGlblOauth-meta.xml",
            part(
                "ExtlClntAppGlobalOauthSettings",
                "App",
                &format!(
                    "{callback}{}<isClientCredentialsFlowEnabled>{}</isClientCredentialsFlowEnabled>",
                    if settings.certificate { CERTIFICATE } else { "" },
                    settings.client_credentials
                ),
            ),
        )
        .file(
            "app/c_defaultPolicy.ecaOauthPlcy-meta.xml",
            part(
                "ExtlClntAppOauthConfigurablePolicies",
                "App",
                &format!(
                    "<commaSeparatedPermissionSet>{}</commaSeparatedPermissionSet><commaSeparatedProfile>{}</commaSeparatedProfile>\
                     <isClientCredentialsFlowEnabled>{}</isClientCredentialsFlowEnabled>\
                     <permittedUsersPolicyType>{policy}</permittedUsersPolicyType>",
                    settings.permission_sets.join(","),
                    settings.profiles.join(", "),
                    settings.client_credentials
                ),
            ),
        );
    [project().file("app/App.connectedApp-meta.xml", connected), external]
}

/// What a row of a table states besides scopes.
#[derive(Clone, Copy)]
struct Settings {
    certificate: bool,
    client_credentials: bool,
    admin_approved: bool,
    permission_sets: &'static [&'static str],
    profiles: &'static [&'static str],
    callback: &'static str,
    contract: &'static str,
}

const PLAIN: Settings = Settings {
    certificate: false,
    client_credentials: false,
    admin_approved: true,
    permission_sets: &["Known_Set"],
    profiles: &[],
    callback: "https://app.acme.internal/callback",
    contract: "",
};
const BEARER: Settings = Settings { certificate: true, ..PLAIN };
/// Client credentials and nothing else: the mandatory callback is Salesforce's own page.
const SERVER: Settings =
    Settings { client_credentials: true, callback: "https://login.salesforce.com/services/oauth2/success", ..PLAIN };

fn check(rules: &[&str], table: &[(&str, &[&str], Settings, &[&str])]) {
    for (name, scopes, settings, expected) in table {
        for (project, kind) in both_kinds(scopes, settings).iter().zip(["connected app", "External Client App"]) {
            assert_eq!(said(project, rules), *expected, "{kind}: {name}");
        }
    }
}

#[test]
fn the_refresh_token_scope() {
    let rules = [
        "refresh-token-scope-missing",
        "refresh-token-scope-absent",
        "refresh-token-scope-missing-for-flow",
        "refresh-token-scope-unneeded",
    ];
    let missing: &[&str] = &["refresh-token-scope-missing"];
    let absent: &[&str] = &["refresh-token-scope-absent"];
    let for_flow: &[&str] = &["refresh-token-scope-missing-for-flow"];
    let unneeded: &[&str] = &["refresh-token-scope-unneeded"];
    let with = |contract, settings| Settings { contract, ..settings };
    check(
        &rules,
        &[
            ("bearer with the scope", &["Api", "RefreshToken"], BEARER, &[]),
            ("OfflineAccess is the same scope", &["Api", "OfflineAccess"], BEARER, &[]),
            ("both spellings", &["RefreshToken", "OfflineAccess"], BEARER, &[]),
            ("bearer without", &["Api"], BEARER, missing),
            ("Full does not include it", &["Full"], BEARER, missing),
            ("no scope at all", &[], BEARER, missing),
            ("flows unknown, without", &["Api"], PLAIN, absent),
            ("flows unknown, Full", &["Full", "Web"], PLAIN, absent),
            ("flows unknown, with", &["Api", "RefreshToken"], PLAIN, &[]),
            ("client credentials only, without", &["Api"], SERVER, &[]),
            ("client credentials only, with", &["Api", "RefreshToken"], SERVER, unneeded),
            ("declared for people who log in", &["Api"], with("flows: [web-server]", PLAIN), &[]),
            ("declared to refresh", &["Api"], with("flows: [web-server, refresh-token]", PLAIN), for_flow),
            ("declared hybrid", &["Api"], with("flows: [hybrid-web-server]", PLAIN), for_flow),
            ("declared for JWT bearer, certificate not there", &["Api"], with("flows: [jwt-bearer]", PLAIN), missing),
            ("declared for SAML bearer", &["Api"], with("flows: [saml-bearer]", BEARER), missing),
            ("declared for client credentials", &["Api", "RefreshToken"], with("flows: [client-credentials]", SERVER), unneeded),
        ],
    );
}

#[test]
fn permitted_users() {
    let rules = [
        "any-user-may-self-authorize",
        "assertion-app-self-authorize",
        "assignments-without-admin-approval",
        "contract-permitted-users-differ",
    ];
    let open = Settings { admin_approved: false, permission_sets: &[], ..PLAIN };
    let scopes: &[&str] = &["Api", "RefreshToken"];
    check(
        &rules,
        &[
            ("admin-approved", scopes, PLAIN, &[]),
            ("open to all", scopes, open, &["any-user-may-self-authorize"]),
            (
                "open to all, bearer",
                scopes,
                Settings { certificate: true, ..open },
                &["any-user-may-self-authorize", "assertion-app-self-authorize"],
            ),
            (
                "assigned to no effect",
                scopes,
                Settings { permission_sets: &["Known_Set"], ..open },
                &["any-user-may-self-authorize", "assignments-without-admin-approval"],
            ),
            (
                "open to all against the contract",
                scopes,
                Settings { contract: "permitted-users: admin-approved", ..open },
                &["any-user-may-self-authorize", "contract-permitted-users-differ"],
            ),
            ("as the contract says", scopes, Settings { contract: "permitted-users: admin-approved", ..PLAIN }, &[]),
        ],
    );
}

#[test]
fn profiles_and_permission_sets() {
    let rules = [
        "admin-approved-with-nobody-assigned",
        "assigned-profile-missing",
        "assigned-permission-set-missing",
        "system-administrator-assigned",
        "standard-profile-assigned",
        "contract-profile-missing",
        "contract-profile-unexpected",
        "contract-permission-set-missing",
        "contract-permission-set-unexpected",
    ];
    let scopes: &[&str] = &["Api", "RefreshToken"];
    let nobody = Settings { permission_sets: &[], ..PLAIN };
    let contract = |contract| Settings { contract, ..PLAIN };
    check(
        &rules,
        &[
            ("a permission set by its API name", scopes, PLAIN, &[]),
            ("a permission set by its label", scopes, Settings { permission_sets: &["Known Set"], ..PLAIN }, &[]),
            ("nobody", scopes, nobody, &["admin-approved-with-nobody-assigned"]),
            (
                "a permission set nobody has",
                scopes,
                Settings { permission_sets: &["Gone"], ..PLAIN },
                &["assigned-permission-set-missing"],
            ),
            ("a profile of the tree", scopes, Settings { profiles: &["Known Profile"], ..nobody }, &[]),
            ("a profile nobody has", scopes, Settings { profiles: &["Gone"], ..nobody }, &["assigned-profile-missing"]),
            (
                "administrators",
                scopes,
                Settings { profiles: &["System Administrator"], ..nobody },
                &["system-administrator-assigned"],
            ),
            (
                "administrators in Korean",
                scopes,
                Settings { profiles: &["시스템 관리자"], ..nobody },
                &["system-administrator-assigned"],
            ),
            (
                "administrators in French",
                scopes,
                Settings { profiles: &["Administrateur système"], ..nobody },
                &["system-administrator-assigned"],
            ),
            (
                "administrators in German",
                scopes,
                Settings { profiles: &["Systemadministrator"], ..nobody },
                &["system-administrator-assigned"],
            ),
            ("a standard profile", scopes, Settings { profiles: &["Standard User"], ..nobody }, &["standard-profile-assigned"]),
            ("exactly what the contract says", scopes, contract("permission-sets: [Known_Set]"), &[]),
            ("the contract by label", scopes, contract("permission-sets: [Known Set]"), &[]),
            ("more than the contract says", scopes, contract("permission-sets: []"), &["contract-permission-set-unexpected"]),
            ("at least", scopes, contract("permission-sets: { at-least: [Known_Set] }"), &[]),
            (
                "another one than the contract says",
                scopes,
                contract("permission-sets: [Other_Set]"),
                &["contract-permission-set-missing", "contract-permission-set-unexpected"],
            ),
            (
                "less than at least",
                scopes,
                contract("permission-sets: { at-least: [Other_Set] }"),
                &["contract-permission-set-missing"],
            ),
            (
                "an unexpected profile",
                scopes,
                Settings { profiles: &["Known Profile"], contract: "profiles: []", ..PLAIN },
                &["contract-profile-unexpected"],
            ),
            (
                "Admin and System Administrator are one profile",
                scopes,
                Settings { profiles: &["System Administrator"], contract: "profiles: [Admin]", ..PLAIN },
                &["system-administrator-assigned"],
            ),
            ("a missing profile", scopes, contract("profiles: [Known Profile]"), &["contract-profile-missing"]),
        ],
    );
}

#[test]
fn names_are_looked_up_only_in_a_tree_that_has_the_type() {
    let app = component(
        "ConnectedApp",
        "<contactEmail>team@acme.internal</contactEmail><label>App</label><oauthConfig><callbackUrl>https://a.acme.internal/</callbackUrl>\
         <isAdminApproved>true</isAdminApproved><scopes>Api</scopes><scopes>RefreshToken</scopes></oauthConfig>\
         <permissionSetName>Somebody</permissionSetName><profileName>Someone</profileName>",
    );
    let project = Project::new().file("App.connectedApp", app);
    let rules = ["assigned-profile-missing", "assigned-permission-set-missing"];
    assert_eq!(said(&project, &rules), ["assigned-permission-set-missing?", "assigned-profile-missing?"]);
}

#[test]
fn an_external_client_app_without_a_policy_is_no_pass() {
    let project = Project::new().file("App.eca", component("ExternalClientApplication", "<label>App</label>")).file(
        "App.ecaOauth",
        part("ExtlClntAppOauthSettings", "App", "<commaSeparatedOauthScopes>Api, RefreshToken</commaSeparatedOauthScopes>"),
    );
    let rules = ["external-client-app-policy-missing", "any-user-may-self-authorize", "refresh-token-scope-missing"];
    assert_eq!(said(&project, &rules), ["any-user-may-self-authorize?", "external-client-app-policy-missing"]);
}

#[test]
fn the_severities_and_effects_of_the_core() {
    let project = Project::new();
    let rules = project.run(&["rules", "list", "--format", "json"]).json();
    let of = |id: &str| {
        let rule = rules["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap().clone();
        format!("{} {}", rule["severity"].as_str().unwrap(), rule["effect"].as_str().unwrap())
    };
    assert_eq!(of("refresh-token-scope-missing"), "high broken");
    assert!(of("refresh-token-scope-absent").starts_with("medium"));
    assert_eq!(of("admin-approved-with-nobody-assigned"), "high broken");
    assert_eq!(of("any-user-may-self-authorize"), "high unsafe");
    assert_eq!(of("assertion-app-self-authorize"), "high broken");
}
