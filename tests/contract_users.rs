//! The users whom a contract names: who of them would be refused a token, by files, by an org and by a snapshot of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/acme.rs"]
mod acme;
mod fake_org;
mod support;

use acme::run_on;
use fake_org::FakeOrg;
use fake_org::seed::acme;
use serde_json::{Value, json};
use support::{Project, connected_app, oauth};

const CERTIFICATE: &str = include_str!("data/certificates/rsa-2048.pem");
const RULE: &str = "contract-user-cannot-authorize";
const ERP: &str = "erp.integration@acme.example.com";

/// `refused` or `unknown` with what is said, `-` where there is nothing to say of the rule.
fn said(report: &Value) -> String {
    let of = |list: &str| {
        let all = report[list].as_array().unwrap();
        all.iter().find(|it| it["rule"] == RULE).cloned()
    };
    match (of("findings"), of("unknown")) {
        (Some(finding), _) => format!("refused: {}", finding["evidence"][0]["value"].as_str().unwrap()),
        (None, Some(unknown)) => format!("unknown: {}", unknown["reason"].as_str().unwrap()),
        (None, None) => "-".to_owned(),
    }
}

fn contract(more: &str) -> String {
    format!("contracts: [{{app: Portal, users: [erp@acme.example.com], {more}}}]")
}

/// The facts about the users of the contract, and what the rule says.
fn of_files(contract_says: &str, elements: &str) -> String {
    let project =
        Project::new().file("orgwarden.yaml", contract(contract_says)).file("Portal.connectedApp", connected_app(elements));
    let run = project.run(&["audit", "--format", "json", "--fail-on", "never"]);
    let said = said(&run.json());
    said.split(';').next().unwrap().to_owned()
}

#[test]
fn files_tell_what_fails_for_everybody() {
    let certificate = format!("<certificate>{}</certificate>", CERTIFICATE.trim());
    let app = |oauth_elements: &str, more: &str| format!("{}{more}", oauth(&format!("{certificate}{oauth_elements}")));
    let approved = "<isAdminApproved>true</isAdminApproved>";
    let scopes = "<scopes>Api</scopes><scopes>RefreshToken</scopes>";
    let assigned = "<permissionSetName>ERP</permissionSetName>";
    let jwt = "flows: [jwt-bearer]";
    let (good, who) = (format!("{approved}{scopes}"), "erp@acme.example.com");
    for (name, flows, elements, wanted) in [
        ("everything is there", jwt, app(&good, assigned), "-".to_owned()),
        (
            "nobody is assigned",
            jwt,
            app(&good, ""),
            format!(
                "refused: {who} (jwt-bearer: The app admits assigned users alone, and no profile or permission set is assigned to it.)"
            ),
        ),
        (
            "the refresh scope is missing",
            jwt,
            app(&format!("{approved}<scopes>Api</scopes>"), assigned),
            format!("refused: {who} (jwt-bearer: The app's scopes (api) lack refresh_token.)"),
        ),
        (
            "the flow is off",
            "flows: [client-credentials, jwt-bearer]",
            app(&good, assigned),
            format!(
                "refused: {who} (client-credentials: Portal has the client credentials flow switched off. Portal names no user to run as.)"
            ),
        ),
        // That the user has approved the app is for an org to tell.
        ("users approve it themselves", jwt, app(scopes, ""), "-".to_owned()),
        ("a flow that an org can block", "flows: [user-agent]", app(&good, assigned), "-".to_owned()),
        ("a first flow gives the refresh token", "flows: [web-server, refresh-token]", app(&good, assigned), "-".to_owned()),
        (
            "it runs as somebody else",
            "flows: [client-credentials]",
            app(
                &format!(
                    "{good}<isClientCredentialEnabled>true</isClientCredentialEnabled><oauthClientCredentialUser>other@acme.example.com</oauthClientCredentialUser>"
                ),
                assigned,
            ),
            format!(
                "refused: {who} (client-credentials: Client credentials give tokens of Portal for other@acme.example.com alone.)"
            ),
        ),
        // Without flows, those that the certificate enables; there are two of them.
        (
            "no flows are declared",
            "flows: []",
            app(&good, ""),
            format!(
                "refused: {who} (jwt-bearer: The app admits assigned users alone, and no profile or permission set is assigned to it.)"
            ),
        ),
        (
            "no flows are known",
            "permitted-users: admin-approved",
            format!("{}{assigned}", oauth(&good)),
            "unknown: the contract names users and no flows, and no certificate or switch of the app tells which are meant"
                .to_owned(),
        ),
    ] {
        assert_eq!(of_files(flows, &elements), wanted, "{name}");
    }
}

#[test]
fn an_external_client_app_whose_settings_are_not_in_the_source_is_undecided() {
    let project = Project::new()
        .file("orgwarden.yaml", contract("flows: [jwt-bearer]"))
        .file("externalClientApps/Portal.eca", support::component("ExternalClientApplication", "<label>Portal</label>"))
        .file(
            "extlClntAppOauthSettings/Portal_oauth.ecaOauth",
            support::part(
                "ExtlClntAppOauthSettings",
                "Portal",
                "<commaSeparatedOauthScopes>Api,RefreshToken</commaSeparatedOauthScopes>",
            ),
        );
    let report = project.run(&["audit", "--format", "json", "--fail-on", "never"]).json();
    let said = said(&report);
    assert!(said.starts_with("unknown: erp@acme.example.com, jwt-bearer: cannot tell whether "), "{said}");
}

#[test]
fn a_contract_without_users_has_nothing_to_say() {
    let project = Project::new()
        .file("orgwarden.yaml", "contracts: [{app: Portal, flows: [jwt-bearer]}]")
        .file("Portal.connectedApp", connected_app(&oauth("")));
    assert_eq!(said(&project.run(&["audit", "--format", "json", "--fail-on", "never"]).json()), "-");
}

// Orgs

/// Acme with an app that only holders of the permission set ERP Integration can use, by JWT bearer.
fn org() -> FakeOrg {
    let mut org = acme();
    let id = org.insert(
        "ConnectedApplication",
        json!({"Name": "Portal", "DeveloperName": "Portal", "OptionsAllowAdminApprovedUsersOnly": true}),
    );
    org.component(
        "ConnectedApp",
        "Portal",
        &id,
        &format!(
            "<contactEmail>portal@acme.internal</contactEmail><label>Portal</label><oauthConfig>\
             <callbackUrl>https://portal.acme.internal/cb</callbackUrl><certificate>{}</certificate>\
             <isAdminApproved>true</isAdminApproved><scopes>Api</scopes><scopes>RefreshToken</scopes></oauthConfig>\
             <permissionSetName>ERP_Integration</permissionSetName>",
            CERTIFICATE.trim()
        ),
    );
    org.grant_app("ERP_Integration", &id, "ConnectedApplication");
    // Somebody no app leads to.
    org.add_user("nadia.new@acme.example.com", "Nadia New", "Standard User");
    org
}

fn policy(user: &str, flows: &str) -> String {
    format!("contracts: [{{app: Portal, flows: [{flows}], users: ['{user}']}}]")
}

#[test]
fn an_org_tells_of_each_user() {
    let running = org().start();
    let folder = Project::new();
    for (user, flows, wanted) in [
        (ERP, "jwt-bearer", "-".to_owned()),
        ("ERP.Integration@ACME.example.com", "jwt-bearer", "-".to_owned()),
        (
            "amira@acme.example.com",
            "jwt-bearer",
            "(jwt-bearer: The app admits assigned users alone, and amira@acme.example.com holds nothing of what is assigned to it (the permission set ERP_Integration).)"
                .to_owned(),
        ),
        (
            "legacy.feed@acme.example.com",
            "jwt-bearer",
            "(jwt-bearer: legacy.feed@acme.example.com is inactive. The app admits assigned users alone, and legacy.feed@acme.example.com holds \
             nothing of what is assigned to it (the permission set ERP_Integration).)"
                .to_owned(),
        ),
        ("nobody@acme.example.com", "jwt-bearer", "(jwt-bearer: The org has no user named nobody@acme.example.com.)".to_owned()),
        (
            ERP,
            "client-credentials",
            "(client-credentials: Portal has the client credentials flow switched off. Portal names no user to run as.)".to_owned(),
        ),
        // An API-only user on a page.
        (
            ERP,
            "jwt-bearer, web-server",
            format!("(web-server: {ERP} has the licence Salesforce Integration, whose users cannot log in on a page.)"),
        ),
    ] {
        folder.write("orgwarden.yaml", policy(user, flows));
        let heard = run_on(&folder, &running, &["audit", "--org-from-env", "--format", "json", "--fail-on", "never"]);
        let wanted = if wanted == "-" { wanted } else { format!("refused: {user} {wanted}") };
        assert_eq!(said(&heard.json()), wanted, "{user} {flows}: {}", heard.err);
    }
}

#[test]
fn the_finding_names_user_and_flow_and_points_at_the_contract() {
    let running = org().start();
    let folder = Project::new().file("orgwarden.yaml", policy("amira@acme.example.com", "jwt-bearer"));
    let report = run_on(&folder, &running, &["audit", "--org-from-env", "--format", "json"]).json();
    let finding = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == RULE).unwrap().clone();
    assert_eq!((&finding["severity"], &finding["effect"]), (&json!("high"), &json!("broken")));
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.starts_with("Portal refuses users whom its contract names: amira@acme.example.com by jwt-bearer ("),
        "{message}"
    );
    let origin = &finding["evidence"][0]["origin"];
    assert_eq!((&origin["path"], &origin["line"], &origin["column"]), (&json!("orgwarden.yaml"), &json!(1), &json!(56)));
}

#[test]
fn users_of_contracts_are_looked_up_and_nobody_else() {
    let running = acme().start();
    let folder = Project::new().file("orgwarden.yaml", "contracts: [{app: Other, users: [nobody@acme.example.com]}]");
    let asked = |args: &[&str]| {
        let planned = run_on(&folder, &running, &[args, &["--plan", "--org-from-env"]].concat());
        assert_eq!(planned.code, 0, "{}", planned.err);
        planned.out.contains("the user named")
    };
    assert!(asked(&["audit"]) && asked(&["facts", "ERP_Sync"]) && asked(&["snapshot"]));
    assert!(!asked(&["audit", "--no-policy"]) && !asked(&["snapshot", "--no-policy"]));
}

#[test]
fn a_snapshot_answers_for_the_users_it_was_taken_with() {
    let running = org().start();
    let folder = Project::new().file("orgwarden.yaml", policy("nadia.new@acme.example.com", "jwt-bearer"));
    let taken = run_on(&folder, &running, &["snapshot", "--org-from-env", "-O", "with.gz"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert_eq!(run_on(&folder, &running, &["snapshot", "--org-from-env", "-O", "without.gz", "--no-policy"]).code, 0);
    // Rules of one's own are none of its business.
    folder.write("own.yaml", "contracts: [{app: Portal, rules: [{rule: of-our-own, enabled: false}]}]");
    assert_eq!(run_on(&folder, &running, &["snapshot", "--org-from-env", "-O", "own.gz", "--policy", "own.yaml"]).code, 0);
    let facts = run_on(&folder, &running, &["facts", "Portal", "--org-from-env", "--policy", "own.yaml"]);
    assert_ne!(facts.code, 2, "{}", facts.err);
    let audit = |file: &str| said(&folder.run(&["audit", "--snapshot", file, "--format", "json", "--fail-on", "never"]).json());
    assert!(
        audit("with.gz").starts_with("refused: nadia.new@acme.example.com (jwt-bearer: The app admits"),
        "{}",
        audit("with.gz")
    );
    let open =
        "unknown: nadia.new@acme.example.com, jwt-bearer: cannot tell whether nadia.new@acme.example.com is an active user: ";
    assert!(audit("own.gz").starts_with(open), "{}", audit("own.gz"));
    assert_eq!(audit("without.gz"), audit("own.gz"));
}

#[test]
fn a_policy_with_mistakes_keeps_a_snapshot_from_being_taken() {
    let running = acme().start();
    let folder = Project::new().file("orgwarden.yaml", "contracts: [{app: Portal, users: ['']}]");
    let taken = run_on(&folder, &running, &["snapshot", "--org-from-env", "-O", "a.gz"]);
    assert_eq!(taken.code, 2, "{}", taken.err);
    assert!(taken.err.contains("the name of a user is empty"), "{}", taken.err);
    assert!(!folder.path("a.gz").exists());
}
