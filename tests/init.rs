//! `orgwarden init`: a policy of what is there, which the next audit agrees with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/acme.rs"]
mod acme;
mod fake_org;
mod support;

use std::fs;
use std::path::Path;

use acme::Acme;
use insta::assert_snapshot;
use orgwarden::source::{SourceText, yaml};
use proptest::prelude::*;
use serde_json::Value;
use support::{Project, Run, component, connected_app, oauth, part};

const RSA_2048: &str = include_str!("data/certificates/rsa-2048.pem");
const EC: &str = include_str!("data/certificates/ec-p256.pem");

/// Verdicts of an audit about contracts, and all others; findings with their messages, what is undecided with its reasons.
fn verdicts(run: &Run) -> (Vec<String>, Vec<String>) {
    let report = run.json();
    let said = |list: &str, text: &str| -> Vec<String> {
        let all = report[list].as_array().unwrap().iter();
        let line = |it: &Value| format!("{} {} {}", it["rule"].as_str().unwrap(), it["subject"]["path"], it[text]);
        all.map(line).collect()
    };
    [said("findings", "message"), said("unknown", "reason")].concat().into_iter().partition(|it| it.starts_with("contract-"))
}

/// An audit after `init` says nothing of contracts, warns of nothing in the policy, and says of everything else what it said before.
fn agrees(run: impl Fn(&[&str]) -> Run) {
    let before = run(&["audit", "--format", "json", "--no-policy"]);
    let written = run(&["init"]);
    assert!(matches!(written.code, 0 | 3), "{}", written.err);
    let after = run(&["audit", "--format", "json", "--policy", "orgwarden.yaml"]);
    assert_ne!(after.code, 2, "{}", after.err);
    assert_eq!(after.diagnostics(), before.diagnostics());
    let (about_contracts, others) = verdicts(&after);
    assert_eq!(about_contracts, Vec::<String>::new());
    let earlier = verdicts(&before).1;
    let only = |one: &[String], other: &[String]| one.iter().filter(|it| !other.contains(it)).cloned().collect::<Vec<_>>();
    let gone: Vec<String> = only(&earlier, &others);
    // A scope that a contract agrees to is no surprise any more.
    let unexplained: Vec<&String> = gone.iter().filter(|it| !it.starts_with("special-purpose-scopes ")).collect();
    assert_eq!((only(&others, &earlier), unexplained), (vec![], vec![]));
}

fn agrees_on(project: &Project) {
    agrees(|args| project.run(args));
}

#[test]
fn the_policy_of_the_example_agrees_with_it() {
    let project = copy_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/acme")));
    fs::remove_file(project.path("orgwarden.yaml")).unwrap();
    agrees_on(&project);
}

#[test]
fn the_policy_of_an_org_and_of_its_snapshot_agrees_with_it() {
    let acme = Acme::new();
    assert_ne!(acme.run(&["snapshot", "--org-from-env", "-O", "acme.gz"]).code, 2);
    agrees(|args| acme.folder.run(&[args, &["--snapshot", "acme.gz"]].concat()));
    let of_snapshot = fs::read_to_string(acme.folder.path("orgwarden.yaml")).unwrap();
    acme.run(&["init", "--org-from-env", "--force"]);
    assert_eq!(fs::read_to_string(acme.folder.path("orgwarden.yaml")).unwrap(), of_snapshot);
}

fn copy_of(folder: &Path) -> Project {
    let mut project = Project::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                project = project.file(path.strip_prefix(folder).unwrap().to_str().unwrap(), fs::read(&path).unwrap());
            }
        }
    }
    project
}

/// Everything a contract can say of an app, and what the rules say of it.
#[test]
fn a_contract_says_what_the_app_is_like() {
    let elements = format!(
        "<callbackUrl>https://portal.acme.internal/cb\nhttp://[::1]:1717/cb</callbackUrl><certificate>{}</certificate>\
         <isAdminApproved>true</isAdminApproved><scopes>Api</scopes><scopes>RefreshToken</scopes>",
        RSA_2048.trim()
    );
    let app = connected_app(&format!(
        "<oauthConfig>{elements}</oauthConfig>\
         <oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>specific_lifetime:90:DAYS</refreshTokenPolicy></oauthPolicy>\
         <permissionSetName>Portal: all</permissionSetName><permissionSetName>Portal_API</permissionSetName><profileName>Admin</profileName>\
         <sessionPolicy><policyAction>RaiseSessionLevel</policyAction><sessionLevel>STANDARD</sessionLevel><sessionTimeout>60</sessionTimeout></sessionPolicy>"
    ));
    let project = Project::new().file("Portal.connectedApp", app);
    let run = project.run(&["init", "--output-file", "-", "--today", "2026-06-01"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let contract = run.out.split("contracts:\n").nth(1).unwrap();
    let without_findings: Vec<&str> = contract.lines().filter(|line| !line.starts_with("  # ") || line.contains('(')).collect();
    assert_snapshot!(without_findings.join("\n"), @r##"
    # Portal (connected app, Portal.connectedApp)
    - app: Portal
      # owner: owner@example.com
      permitted-users: admin-approved
      scopes: { require: [api, refresh_token], allow: [] }
      profiles: [Admin]
      permission-sets: ["Portal: all", Portal_API]
      ip-relaxation: enforce
      refresh-token: { max-lifetime: 90 days }
      callbacks: [portal.acme.internal, "[::1]"]
      session: { max-minutes: 60, high-assurance: false }
      certificate: { min-key-bits: 2048 }
      # left out: flows (on are jwt-bearer, saml-bearer, and only you know whether the callback URLs are for web-server)
    "##);
    let worst_first =
        "\n  # high system-administrator-assigned: Portal is assigned to the System Administrator profile\n  # medium ";
    assert!(contract.contains(worst_first), "{contract}");
    assert!(run.out.starts_with("# yaml-language-server: $schema=./orgwarden.schema.json\n"));
}

#[test]
fn what_is_not_known_is_left_out_and_why() {
    let project = Project::new().file("Portal.eca", component("ExternalClientApplication", "<label>Portal</label>")).file(
        "Portal_oauth.ecaOauth",
        part("ExtlClntAppOauthSettings", "Portal", "<commaSeparatedOauthScopes>Api, Telepathy</commaSeparatedOauthScopes>"),
    );
    let run = project.run(&["init", "-O", "-", "--today", "2026-06-01"]);
    let left_out: Vec<&str> = run.out.lines().filter_map(|line| line.trim_start().strip_prefix("# left out: ")).collect();
    assert_snapshot!(left_out.join("\n"), @r"
    flows, callbacks, min-key-bits (its global OAuth settings (ExtlClntAppGlobalOauthSettings) are not in the source)
    permitted-users, profiles, permission-sets, ip-relaxation, refresh-token, max-minutes, high-assurance (its OAuth policies (ExtlClntAppOauthConfigurablePolicies) are not in the source)
    scopes (this version does not know the scope `Telepathy`)
    ");
}

#[test]
fn apps_of_one_name_have_one_contract_that_fits_all_of_them() {
    let app = |scope: &str| connected_app(&oauth(&format!("<isAdminApproved>true</isAdminApproved><scopes>{scope}</scopes>")));
    let project = Project::new().file("a/Portal.connectedApp", app("Api")).file("b/Portal.connectedApp", app("Web"));
    let run = project.run(&["init", "-O", "-"]);
    assert_eq!(run.out.matches("- app: Portal").count(), 1);
    assert!(run.out.contains("permitted-users: admin-approved"), "{}", run.out);
    assert!(run.out.contains("# left out: scopes (the apps of this name differ in it)"), "{}", run.out);
    agrees_on(&project);
}

#[test]
fn a_file_that_exists_is_not_written_over_by_accident() {
    let project = Project::new().file("orgwarden.yaml", "contracts: []").file("Portal.connectedApp", connected_app(""));
    let refused = project.run(&["init"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("orgwarden.yaml exists; --force writes over it"), "{}", refused.err);
    assert_eq!(fs::read_to_string(project.path("orgwarden.yaml")).unwrap(), "contracts: []");
    assert_eq!(project.run(&["init", "--force"]).code, 0);
    assert!(fs::read_to_string(project.path("orgwarden.yaml")).unwrap().contains("- app: Portal"));
    assert_eq!(project.run(&["init", "-O", "-"]).code, 0);
    assert_eq!(project.run(&["init", "-O", "no/such/folder.yaml"]).code, 2);
}

#[test]
fn the_schema_is_written_where_the_first_line_looks_for_it() {
    let project = Project::new().file("Portal.connectedApp", connected_app(""));
    assert_eq!(project.run(&["init", "-O", "p/x.yaml"]).code, 2);
    fs::create_dir(project.path("p")).unwrap();
    assert_eq!(project.run(&["init", "-O", "p/x.yaml", "--with-schema"]).code, 0);
    let schema = fs::read_to_string(project.path("p/orgwarden.schema.json")).unwrap();
    assert_eq!(schema, project.run(&["schema", "policy"]).out);
    let policy: Value = serde_saphyr::from_str(&fs::read_to_string(project.path("p/x.yaml")).unwrap()).unwrap();
    assert!(jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap().is_valid(&policy));
    assert_eq!(project.run(&["init", "-O", "p/y.yaml", "--with-schema"]).code, 2);
    assert_eq!(project.run(&["init", "-O", "-", "--with-schema"]).code, 2);
}

#[test]
fn without_apps_there_is_a_policy_without_contracts() {
    let project = Project::new().file("README", "");
    assert!(project.run(&["init", "-O", "-"]).out.ends_with("\ncontracts: []\n"));
    assert_eq!(project.run(&["init", "no-such-folder"]).code, 2);
    assert_eq!(project.run(&["init"]).code, 0);
    assert_eq!(project.run(&["audit", "--format", "json"]).json()["findings"], serde_json::json!([]));
}

// Anything at all

/// One of these, or nothing.
fn maybe(element: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::option::of(prop::sample::select(values))
        .prop_map(move |value| value.map(|value| format!("<{element}>{value}</{element}>")).unwrap_or_default())
}

/// Some of these.
fn some(element: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(values), 0..3)
        .prop_map(move |values| values.iter().map(|value| format!("<{element}>{value}</{element}>")).collect::<Vec<_>>().concat())
}

fn certificate() -> impl Strategy<Value = String> {
    let texts =
        [String::new(), RSA_2048.trim().to_owned(), EC.trim().to_owned(), "{CERTIFICATE}".to_owned(), "nonsense".to_owned()];
    prop::sample::select(texts.to_vec())
        .prop_map(|text| if text.is_empty() { text } else { format!("<certificate>{text}</certificate>") })
}

fn app() -> impl Strategy<Value = String> {
    let names =
        &["Admin", "Sales: all", " - x", "'", "[a]", "&quot;b&quot;", "null", "12", "tr\u{e4}ge", " ", "#c", "a, b", "\u{202e}x"];
    let config = (
        some(
            "callbackUrl",
            &[
                "https://a.acme.internal/cb",
                "http://[::1]:1/",
                "com.acme.app://x",
                "https://{HOST}/cb",
                "oops",
                "https://*.acme.internal/",
            ],
        ),
        certificate(),
        maybe("isAdminApproved", &["true", "false"]),
        maybe("isClientCredentialEnabled", &["true", "false"]),
        maybe("isCodeCredentialEnabled", &["true", "false"]),
        some("scopes", &["Api", "RefreshToken", "OfflineAccess", "Full", "Web", "Refreshtokn", "Telepathy"]),
    );
    let policies = (
        maybe("ipRelaxation", &["ENFORCE", "BYPASS", "BYPASS_2FACTOR", "ENFORCE_RELAXREFRESH", "WHATEVER"]),
        maybe("refreshTokenPolicy", &["infinite", "zero", "specific_lifetime:90:DAYS", "specific_inactivity:3:MONTHS", "some_day"]),
    );
    let sessions = (
        maybe("policyAction", &["RaiseSessionLevel", "Block"]),
        maybe("sessionLevel", &["STANDARD", "HIGH_ASSURANCE", "LOFTY"]),
        maybe("sessionTimeout", &["15", "1440", "0"]),
    );
    let assigned = (some("permissionSetName", names), some("profileName", names));
    let saml = maybe("samlConfig", &["<acsUrl>https://a.acme.internal</acsUrl><entityUrl>https://a.acme.internal</entityUrl>"]);
    (any::<bool>(), config, policies, sessions, assigned, saml).prop_map(|(has_oauth, config, policies, sessions, assigned, saml)| {
        let oauth = if has_oauth {
            format!("<oauthConfig>{}{}{}{}{}{}</oauthConfig>", config.0, config.1, config.2, config.3, config.4, config.5)
        } else {
            String::new()
        };
        component(
            "ConnectedApp",
            &format!(
                "<contactEmail>a: #b@example.com</contactEmail><label>L\u{85}# &lt;- app: x</label>{oauth}<oauthPolicy>{}{}</oauthPolicy>{}{}{saml}\
                 <sessionPolicy>{}{}{}</sessionPolicy>",
                policies.0, policies.1, assigned.0, assigned.1, sessions.0, sessions.1, sessions.2
            ),
        )
    })
}

/// An External Client App named `NAME`, some of its parts not in the source: their suffixes and texts.
fn external() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let global = (
        some("callbackUrl", &["https://a.acme.internal/cb", "oops"]),
        certificate(),
        maybe("isClientCredentialsFlowEnabled", &["true", "false"]),
        maybe("isDeviceFlowEnabled", &["true", "false"]),
    );
    let policies = (
        maybe("ipRelaxationPolicyType", &["Enforce", "Bypass", "Whatever"]),
        maybe("permittedUsersPolicyType", &["AdminApprovedPreAuthorized", "AllSelfAuthorized", "Whoever"]),
        maybe("refreshTokenPolicyType", &["Infinite", "Zero", "SpecificLifetime", "SpecificInactivity"]),
        maybe("refreshTokenValidityPeriod", &["30", "0"]),
        maybe("refreshTokenValidityUnit", &["Hours", "Days", "Months"]),
        maybe("commaSeparatedProfile", &["Admin, Sales", " , ", ""]),
        maybe("sessionTimeoutInMinutes", &["15"]),
        maybe("requiredSessionLevel", &["STANDARD", "HIGH_ASSURANCE"]),
    );
    let scopes = maybe("commaSeparatedOauthScopes", &["Api, RefreshToken", "Api, Telepathy", ""]);
    let there = prop::array::uniform3(any::<bool>());
    (global, policies, scopes, there).prop_map(|(global, policies, scopes, [has_global, has_policies, has_scopes])| {
        let header = component("ExternalClientApplication", "<label>NAME</label>");
        let global = part("ExtlClntAppGlobalOauthSettings", "NAME", &[global.0, global.1, global.2, global.3].concat());
        let (ip, users, kind, period, unit, profiles, timeout, level) = policies;
        let policies = [ip, users, kind, period, unit, profiles, timeout, level].concat();
        let policies = part("ExtlClntAppOauthConfigurablePolicies", "NAME", &policies);
        let scopes = part("ExtlClntAppOauthSettings", "NAME", &scopes);
        let parts = [
            (true, "eca", header),
            (has_global, "ecaGlblOauth", global),
            (has_policies, "ecaOauthPlcy", policies),
            (has_scopes, "ecaOauth", scopes),
        ];
        parts.into_iter().filter(|(there, ..)| *there).map(|(_, suffix, text)| (suffix, text)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn the_policy_of_any_apps_agrees_with_them(
        apps in prop::collection::vec(("[ -~\u{e4}\u{2028}\u{85}\u{1f600}]{1,12}", app()), 1..20),
        external in prop::collection::vec(external(), 0..8),
    ) {
        let project = apps.iter().enumerate().fold(Project::new(), |project, (index, (name, app))| {
            // In folders of their own, so that two can have one name.
            project.file(&format!("{index}/{}.connectedApp", name.replace('/', "")), app)
        });
        for (index, parts) in external.iter().enumerate() {
            for (suffix, text) in parts {
                project.write(&format!("eca/E{index}.{suffix}"), text.replace("NAME", &format!("E{index}")));
            }
        }
        agrees_on(&project);
    }
}

proptest! {
    #[test]
    fn any_text_is_spelt_so_that_it_is_read_again(texts in prop::collection::vec(any::<String>(), 1..4)) {
        let spelt: Vec<_> = texts.iter().map(|text| yaml::scalar(text)).collect();
        for list in [format!("[{}]", spelt.join(", ")), format!("- {}\n", spelt.join("\n- "))] {
            prop_assert_eq!(&yaml::parse::<Vec<String>>(&SourceText::new("list", list)).unwrap(), &texts);
        }
    }
}

#[test]
fn words_that_mean_something_else_are_quoted() {
    for text in [
        "",
        " a",
        "a ",
        "true",
        "No",
        "null",
        "~",
        "12",
        "1e3",
        "0x1F",
        "a: b",
        "a #b",
        "- a",
        "[a",
        "*a",
        "&a",
        "!a",
        "|",
        "2026-01-01",
        "a\tb",
    ] {
        let spelt = yaml::scalar(text);
        assert!(spelt.starts_with('"'), "{text}");
        let read = yaml::parse::<Vec<String>>(&SourceText::new("list", format!("[{spelt}]"))).unwrap();
        assert_eq!(read, [text]);
    }
    for text in ["ERP_Sync", "System Administrator", "ns__App", "portal.acme.internal", "erp@acme.example.com"] {
        assert_eq!(yaml::scalar(text), text);
    }
}
