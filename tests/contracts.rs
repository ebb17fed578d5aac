//! Contracts as a user meets them: what an app says, what its contract says, and the findings where the two differ.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use serde_json::{Value, json};
use support::{Project, component, connected_app, oauth, part};

const RSA_2048: &str = include_str!("data/certificates/rsa-2048.pem");

/// What an audit says against contracts: ids of rules, with a question mark where one could not be decided.
fn said(report: &Value) -> Vec<String> {
    let is_ours =
        |it: &&Value| ["contract-", "app-without-contract"].iter().any(|start| it["rule"].as_str().unwrap().starts_with(start));
    let of = |list: &str, mark: &str| -> Vec<String> {
        let entries = report[list].as_array().unwrap().iter().filter(is_ours);
        entries.map(|it| format!("{}{mark}", it["rule"].as_str().unwrap())).collect()
    };
    [of("findings", ""), of("unknown", "?")].concat()
}

fn audit(project: &Project) -> Value {
    project.run(&["audit", "--format", "json", "--fail-on", "never"]).json()
}

/// A project with one app and a contract that says this of it.
fn project(contract_says: &str, app: &str) -> Project {
    Project::new().file("orgwarden.yaml", format!("contracts: [{{app: Portal, {contract_says}}}]")).file("Portal.connectedApp", app)
}

fn with_policy(elements: &str) -> String {
    connected_app(&format!("{}<oauthPolicy>{elements}</oauthPolicy>", oauth("<scopes>Api</scopes><scopes>RefreshToken</scopes>")))
}

/// Each row is a contract, an app and what is said of it; all in one audit, under names of their own.
fn of_table(table: &[(&str, String, &[&str])]) {
    let name = |row: usize| format!("App_{row}");
    let contracts: Vec<String> =
        (0..).zip(table).map(|(row, (says, ..))| format!("  - {{app: {}, {says}}}\n", name(row))).collect();
    let mut project = Project::new().file("orgwarden.yaml", format!("contracts:\n{}", contracts.concat()));
    for (row, (_, app, _)) in (0..).zip(table) {
        project = project.file(&format!("{}.connectedApp", name(row)), app);
    }
    let report = audit(&project);
    for (row, (contract, app, expected)) in (0..).zip(table) {
        let of_row = |list: &str| -> Vec<Value> {
            let all = report[list].as_array().unwrap().iter();
            all.filter(|it| it["subject"]["name"] == name(row)).cloned().collect()
        };
        let report = json!({ "findings": of_row("findings"), "unknown": of_row("unknown") });
        assert_eq!(said(&report), *expected, "{contract}\n{app}");
    }
}

#[test]
fn ip_relaxation_is_looser_or_stricter() {
    let app = |word: &str| with_policy(&format!("<ipRelaxation>{word}</ipRelaxation>"));
    let (looser, stricter) = ("contract-ip-relaxation-looser", "contract-ip-relaxation-stricter");
    of_table(&[
        ("ip-relaxation: enforce", app("ENFORCE"), &[]),
        ("ip-relaxation: enforce", with_policy(""), &[]),
        ("ip-relaxation: enforce", app("BYPASS"), &[looser]),
        ("ip-relaxation: enforce", app("ENFORCE_RELAXREFRESH"), &[looser]),
        ("ip-relaxation: enforce-relaxrefresh", app("BYPASS_2FACTOR"), &[looser]),
        ("ip-relaxation: bypass-2factor", app("ENFORCE_RELAXREFRESH"), &[looser]),
        ("ip-relaxation: bypass-2factor", app("BYPASS"), &[looser]),
        ("ip-relaxation: bypass-2factor", app("ENFORCE"), &[stricter]),
        ("ip-relaxation: bypass", app("ENFORCE_RELAXREFRESH"), &[stricter]),
        ("ip-relaxation: bypass", app("BYPASS"), &[]),
        ("ip-relaxation: enforce", app("OPEN_SESAME"), &["contract-ip-relaxation-looser?", "contract-ip-relaxation-stricter?"]),
        ("owner: O", app("OPEN_SESAME"), &[]),
    ]);
}

#[test]
fn refresh_tokens_live_or_idle_too_long() {
    let app = |word: &str| with_policy(&format!("<refreshTokenPolicy>{word}</refreshTokenPolicy>"));
    let (lives, idles) = ("contract-refresh-token-lives-too-long", "contract-refresh-token-idles-too-long");
    let (lifetime, idle) = ("refresh-token: {max-lifetime: 90 days}", "refresh-token: {max-idle: 30 days}");
    of_table(&[
        (lifetime, app("specific_lifetime:90:DAYS"), &[]),
        (lifetime, app("specific_lifetime:91:DAYS"), &[lives]),
        (lifetime, app("specific_lifetime:3:MONTHS"), &[lives]),
        ("refresh-token: {max-lifetime: 3 months}", app("specific_lifetime:3:MONTHS"), &[]),
        ("refresh-token: {max-lifetime: 3 months}", app("specific_lifetime:93:DAYS"), &[]),
        ("refresh-token: {max-lifetime: 1 day}", app("specific_lifetime:24:HOURS"), &[]),
        ("refresh-token: {max-lifetime: 1 day}", app("specific_lifetime:25:HOURS"), &[lives]),
        // A token in use never ends by an idle limit.
        (lifetime, app("specific_inactivity:1:DAYS"), &[lives]),
        (lifetime, app("infinite"), &[lives]),
        (lifetime, app("zero"), &[]),
        (lifetime, with_policy(""), &[lives]),
        ("refresh-token: {max-lifetime: 0 hours}", app("zero"), &[]),
        ("refresh-token: {max-lifetime: 0 hours}", app("specific_lifetime:1:HOURS"), &[lives]),
        (idle, app("specific_inactivity:30:DAYS"), &[]),
        (idle, app("specific_inactivity:31:DAYS"), &[idles]),
        // A token that ends by its age does not lie unused for longer.
        (idle, app("specific_lifetime:30:DAYS"), &[]),
        (idle, app("specific_lifetime:31:DAYS"), &[idles]),
        (idle, app("infinite"), &[idles]),
        (idle, app("zero"), &[]),
        ("refresh-token: {max-lifetime: 90 days, max-idle: 30 days}", app("infinite"), &[idles, lives]),
        (lifetime, app("for_a_while"), &["contract-refresh-token-lives-too-long?"]),
        (idle, app("for_a_while"), &["contract-refresh-token-idles-too-long?"]),
        // An app without refresh tokens.
        (lifetime, connected_app(&oauth("<scopes>Api</scopes>")), &[]),
    ]);
}

#[test]
fn sessions_are_too_long_or_of_another_level() {
    let app = |elements: &str| connected_app(&format!("{}<sessionPolicy>{elements}</sessionPolicy>", oauth("")));
    let minutes = |minutes: &str| app(&format!("<sessionTimeout>{minutes}</sessionTimeout>"));
    let level = |level: &str| app(&format!("<policyAction>RaiseSessionLevel</policyAction><sessionLevel>{level}</sessionLevel>"));
    of_table(&[
        ("session: {max-minutes: 60}", minutes("60"), &[]),
        ("session: {max-minutes: 60}", minutes("61"), &["contract-session-too-long"]),
        ("session: {max-minutes: 60}", connected_app(&oauth("")), &["contract-session-too-long"]),
        ("session: {high-assurance: true}", level("HIGH_ASSURANCE"), &[]),
        ("session: {high-assurance: true}", level("STANDARD"), &["contract-high-assurance-missing"]),
        ("session: {high-assurance: true}", connected_app(&oauth("")), &["contract-high-assurance-missing"]),
        ("session: {high-assurance: false}", level("HIGH_ASSURANCE"), &["contract-high-assurance-unexpected"]),
        ("session: {high-assurance: false}", connected_app(&oauth("")), &[]),
        (
            "session: {high-assurance: true}",
            level("SOMETHING"),
            &["contract-high-assurance-missing?", "contract-high-assurance-unexpected?"],
        ),
    ]);
}

#[test]
fn callbacks_lead_where_the_contract_says() {
    let app = |urls: &str| connected_app(&format!("<oauthConfig><callbackUrl>{urls}</callbackUrl></oauthConfig>"));
    let unexpected: &[&str] = &["contract-callback-unexpected"];
    of_table(&[
        ("callbacks: [portal.acme.internal]", app("https://portal.acme.internal:8443/cb"), &[]),
        ("callbacks: [PORTAL.acme.internal]", app("https://Portal.ACME.internal/cb"), &[]),
        ("callbacks: [portal.acme.internal]", app("https://portal.acme.internal/cb\nhttps://evil.test/cb"), unexpected),
        ("callbacks: [portal.acme.internal]", app("https://portal.acme.internal.evil.test/cb"), unexpected),
        ("callbacks: ['*.acme.internal']", app("https://a.b.acme.internal/cb"), &[]),
        ("callbacks: ['*.acme.internal']", app("https://acme.internal/cb"), unexpected),
        ("callbacks: ['*.acme.internal']", app("https://evilacme.internal/cb"), unexpected),
        ("callbacks: []", app("https://portal.acme.internal/cb"), unexpected),
        ("callbacks: [localhost, '[::1]']", app("http://localhost:1717/cb\nhttp://[::1]:1717/cb"), &[]),
        ("callbacks: [localhost]", app("http://[::1]:1717/cb"), unexpected),
        // The host of a custom scheme is nobody's.
        ("callbacks: ['com.acme.app:']", app("com.acme.app://oauth/done"), &[]),
        ("callbacks: [oauth]", app("com.acme.app://oauth/done"), unexpected),
        ("callbacks: [portal.acme.internal]", app("https://{HOST}/cb"), &["contract-callback-unexpected?"]),
        ("callbacks: [portal.acme.internal]", app("https://{HOST}/cb\nhttps://evil.test/cb"), unexpected),
        ("callbacks: [portal.acme.internal]", app("https://portal.acme.internal/{PATH}"), &[]),
        ("callbacks: [portal.acme.internal]", app("nonsense"), unexpected),
    ]);
}

/// The certificates end in 2120; the audit is of 2026-06-01.
#[test]
fn certificates_end_too_soon_or_have_short_keys() {
    let certificate = |text: &str| connected_app(&oauth(&format!("<certificate>{text}</certificate>")));
    let (ends, short) = ("contract-certificate-ends-too-soon", "contract-certificate-key-too-short");
    let ec = include_str!("data/certificates/ec-p256.pem").trim();
    of_table(&[
        ("certificate: {min-days: 30, min-key-bits: 2048}", certificate(RSA_2048.trim()), &[]),
        ("certificate: {min-days: 40000}", certificate(RSA_2048.trim()), &[ends]),
        ("certificate: {min-key-bits: 2049}", certificate(RSA_2048.trim()), &[short]),
        ("certificate: {min-key-bits: 2048}", certificate(ec), &["contract-certificate-key-too-short?"]),
        ("certificate: {min-days: 30}", certificate("not one"), &["contract-certificate-ends-too-soon?"]),
        ("certificate: {min-days: 30, min-key-bits: 2048}", connected_app(&oauth("")), &[]),
    ]);
}

#[test]
fn an_app_that_must_not_be_there_is_a_finding_and_its_contract_is_none() {
    of_table(&[("expect: absent", connected_app(""), &["contract-app-present"])]);
    let project = Project::new()
        .file("orgwarden.yaml", "contracts: [{app: Retired, expect: absent}, {app: '*', owner: O}]\nrequire-in-contracts: [owner]")
        .file("Portal.connectedApp", connected_app(""));
    assert_eq!(said(&audit(&project)), Vec::<String>::new());
}

/// A contract that says nothing of a setting is not undecided because that is not known.
#[test]
fn what_a_contract_does_not_say_is_never_undecided() {
    let app = component("ExternalClientApplication", "<label>Portal</label>");
    let settings = part("ExtlClntAppOauthSettings", "Portal", "<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>");
    let of = |contract: &str| {
        let project = Project::new()
            .file("orgwarden.yaml", format!("contracts: [{{app: Portal, {contract}}}]"))
            .file("Portal.eca", &app)
            .file("Portal_oauth.ecaOauth", &settings);
        said(&audit(&project))
    };
    assert_eq!(of("owner: O"), Vec::<String>::new());
    assert_eq!(of("profiles: {at-least: []}"), Vec::<String>::new());
    assert_eq!(of("permission-sets: [A]"), ["contract-permission-set-missing?", "contract-permission-set-unexpected?"]);
    assert_eq!(of("ip-relaxation: enforce"), ["contract-ip-relaxation-looser?", "contract-ip-relaxation-stricter?"]);
}

#[test]
fn contracts_say_what_the_policy_asks_them_to() {
    let of = |top: &str, contract: &str| {
        let text = format!("{top}\ncontracts: [{{app: Portal, {contract}}}]");
        said(&audit(&Project::new().file("orgwarden.yaml", text).file("Portal.connectedApp", connected_app(""))))
    };
    let all = "require-in-contracts: [owner, criticality, vendor]";
    assert_eq!(of("", "rules: []"), Vec::<String>::new());
    assert_eq!(of(all, "rules: []"), ["contract-without-criticality", "contract-without-owner", "contract-without-vendor"]);
    assert_eq!(of(all, "owner: O, criticality: high, vendor: V"), Vec::<String>::new());
    assert_eq!(of("require-in-contracts: [vendor]", "owner: O"), ["contract-without-vendor"]);
    assert_eq!(of("require-in-contracts: [owner]", "vendor: V"), ["contract-without-owner"]);
}

#[test]
fn apps_that_no_contract_is_about_are_told_where_the_policy_wants_that() {
    let of =
        |policy: &str| said(&audit(&Project::new().file("orgwarden.yaml", policy).file("Portal.connectedApp", connected_app(""))));
    assert_eq!(of(""), Vec::<String>::new());
    assert_eq!(of("unlisted-apps: allow"), Vec::<String>::new());
    assert_eq!(of("unlisted-apps: report"), ["app-without-contract"]);
    assert_eq!(of("unlisted-apps: report\ncontracts: [{app: 'P*'}]"), Vec::<String>::new());
}

#[test]
fn owner_criticality_and_vendor_are_shown_with_what_is_about_the_app() {
    let project = project(
        "owner: identity@acme.example.com, criticality: critical, vendor: Acme",
        &connected_app(&oauth("<scopes>Full</scopes>")),
    );
    let report = audit(&project);
    let schema = jsonschema::validator_for(&orgwarden::report::json::schema()).unwrap();
    assert!(schema.is_valid(&report));
    let finding = &report["findings"][0];
    assert_eq!(finding["subject"]["owner"], "identity@acme.example.com");
    assert_eq!(finding["subject"]["criticality"], "critical");
    assert_eq!(finding["subject"]["vendor"], "Acme");
    let pretty = project.run(&["audit"]).out;
    assert!(pretty.contains("\nowner identity@acme.example.com, criticality critical, vendor Acme\n"), "{pretty}");
    let sarif = project.run(&["audit", "--format", "sarif"]).json();
    let properties = &sarif["runs"][0]["results"][0]["properties"];
    assert_eq!(properties["owner"], "identity@acme.example.com");
    assert_eq!(properties["criticality"], "critical");

    let (inventory, _) = project.inventory(&[]);
    let app = &inventory["apps"][0];
    assert_eq!(
        [&app["owner"], &app["criticality"], &app["vendor"]],
        [&json!("identity@acme.example.com"), &json!("critical"), &json!("Acme")]
    );
    assert!(project.run(&["inventory", "--format", "csv"]).out.contains("identity@acme.example.com,critical,Acme"));
    assert!(project.inventory(&["--no-policy"]).0["apps"][0]["owner"].is_null());
}

#[test]
fn a_finding_shows_the_place_of_the_app_and_of_the_contract() {
    let app = with_policy("<ipRelaxation>BYPASS</ipRelaxation>");
    let report = audit(&project("ip-relaxation: enforce", &app));
    let finding = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "contract-ip-relaxation-looser").unwrap();
    assert_eq!(finding["message"], "Portal has the IP Relaxation bypass; its contract says enforce");
    let places: Vec<&Value> = finding["evidence"].as_array().unwrap().iter().map(|it| &it["origin"]["path"]).collect();
    assert_eq!(places, ["Portal.connectedApp", "orgwarden.yaml"]);
}
