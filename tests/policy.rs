//! The policy file from outside: what it may say, what is wrong with it, and what follows from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a test that cannot go on should stop
#![allow(clippy::type_complexity)] // tables of cases are read by row; names for their types would not help

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use insta::assert_snapshot;
use orgwarden::compare::fingerprint;
use orgwarden::diagnostic::{Diagnostic, Level};
use orgwarden::finding::{Advice, Advised, Effect, Evidence, Finding, Preset, RuleInfo, Severity, Subject, Waived};
use orgwarden::inventory::contract::{Contract, Criticality, Expected, Governance, Located};
use orgwarden::inventory::expectation;
use orgwarden::inventory::flow::Flow;
use orgwarden::inventory::host::HostPattern;
use orgwarden::inventory::oauth::{IpRelaxation, PermittedUsers};
use orgwarden::inventory::waiver::Status;
use orgwarden::policy::{FailOn, Policy, Setting, discover, finding, json_schema};
use orgwarden::rules::schema::SubjectKind;
use orgwarden::source::SourceText;
use proptest::prelude::*;

const RULES: [(&str, SubjectKind); 6] = [
    ("app-without-description", SubjectKind::App),
    ("contract-without-app", SubjectKind::Contract),
    ("full-scope", SubjectKind::App),
    ("refresh-token-never-expires", SubjectKind::App),
    ("username-password-flow-not-blocked", SubjectKind::Org),
    ("waiver-unused", SubjectKind::Waiver),
];

fn load(text: &str) -> (Policy, Vec<Diagnostic>) {
    Policy::load(&SourceText::new("orgwarden.yaml", text), &BTreeMap::from(RULES), &empty)
}

/// What a policy extends says nothing.
#[expect(clippy::unnecessary_wraps, reason = "as a file is opened")]
fn empty(_: &Path) -> io::Result<String> {
    Ok(String::new())
}

fn valid(text: &str) -> Policy {
    let (policy, diagnostics) = load(text);
    assert_eq!(show(&diagnostics), "");
    policy
}

fn mistakes(text: &str) -> String {
    show(&load(text).1)
}

fn show(diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let place = diagnostic.location.as_ref().map(|location| format!("{location}: ")).unwrap_or_default();
        let level = if diagnostic.level == Level::Error { "error" } else { "warning" };
        let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}{level}: {}{help}", place.trim_start_matches("orgwarden.yaml:"), diagnostic.title)
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn example_of_the_documentation() -> Vec<String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy.md")).unwrap();
    let blocks = page.split("```yaml\n").skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn values<T: Clone>(list: &[Located<T>]) -> Vec<T> {
    list.iter().map(|entry| entry.value.clone()).collect()
}

// Reading

#[test]
fn everything_a_contract_can_say_is_read_with_its_place() {
    let examples = example_of_the_documentation();
    let policy = valid(&examples[0]);
    let contract = policy.contract_for("ERP_Sync").unwrap();
    let flows = contract.flows.as_ref().unwrap();
    assert_eq!(values(&flows.value), [Flow::JwtBearer]);
    assert_eq!(flows.value[0].location.to_string(), "orgwarden.yaml:6:13");
    assert_eq!(contract.permitted_users.as_ref().unwrap().value, PermittedUsers::AdminApproved);
    assert_eq!(values(&contract.scopes.require), ["api", "refresh_token"]);
    assert_eq!(values(&contract.scopes.allow.as_ref().unwrap().value), ["web"]);
    assert_eq!(values(&contract.scopes.forbid), ["full"]);
    assert_eq!(contract.profiles.as_ref().unwrap().value, Expected::Exactly(vec![]));
    let Expected::AtLeast(sets) = &contract.permission_sets.as_ref().unwrap().value else { panic!("at least") };
    assert_eq!(
        (values(sets), sets[0].location.to_string()),
        (vec!["ERP_Integration".to_owned()], "orgwarden.yaml:14:18".to_owned())
    );
    assert_eq!(values(&contract.users), ["erp.integration@acme.example.com"]);
    assert_eq!(contract.users[0].location.to_string(), "orgwarden.yaml:15:13");
    let governance = Governance {
        owner: "integration@acme.example.com".to_owned(),
        criticality: Some(Criticality::High),
        vendor: "Acme IT".to_owned(),
    };
    assert_eq!(contract.governance, governance);
    assert_eq!(contract.ip_relaxation.as_ref().unwrap().value, IpRelaxation::Enforce);
    let limits = &contract.refresh_token;
    assert_eq!(
        [&limits.max_lifetime, &limits.max_idle].map(|limit| limit.as_ref().unwrap().value.to_string()),
        ["90 days", "1 month"]
    );
    let session = &contract.session;
    assert_eq!((session.max_minutes.as_ref().unwrap().value, session.high_assurance.as_ref().unwrap().value), (60, false));
    let hosts = contract.callbacks.as_ref().unwrap().value.iter().map(HostPattern::as_str);
    assert_eq!(hosts.collect::<Vec<_>>(), ["erp.acme.example.com", "*.erp.acme.example.com"]);
    let certificate = &contract.certificate;
    assert_eq!((certificate.min_days.as_ref().unwrap().value, certificate.min_key_bits.as_ref().unwrap().value), (60, 2048));
    assert!(policy.contract_for("Fax_Gateway").unwrap().absent.is_some());
    assert_eq!(policy.contracts().len(), 4);
    assert_eq!(policy.environments(), ["production"]);
}

#[test]
fn every_example_of_the_documentation_loads_and_fits_the_schema() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let examples = example_of_the_documentation();
    assert_eq!(examples.len(), 6);
    for example in examples {
        valid(&example);
        let value: serde_json::Value = serde_saphyr::from_str(&example).unwrap();
        assert!(schema.is_valid(&value), "{example}");
    }
}

#[test]
fn a_file_without_contracts_expects_nothing() {
    for text in
        ["", "\n", "# later\n", "{}", "contracts: []\nrules: []\nwaivers: []\n", "contracts:\nrules:\nwaivers:\n", "\u{feff}"]
    {
        assert!(valid(text).contract_for("ERP_Sync").is_none(), "{text:?}");
    }
    assert!(Policy::none().contract_for("ERP_Sync").is_none());
    assert!(Policy::none().source().is_none());
}

#[test]
fn what_a_contract_does_not_mention_it_does_not_judge() {
    let policy = valid("contracts: [{app: A}]");
    let Contract { pattern: _, governance, absent, flows, permitted_users, scopes, profiles, permission_sets, users, .. } =
        policy.contract_for("A").unwrap();
    assert!(*governance == Governance::default() && absent.is_none());
    assert!(flows.is_none() && permitted_users.is_none() && profiles.is_none() && permission_sets.is_none() && users.is_empty());
    assert!(scopes.require.is_empty() && scopes.allow.is_none() && scopes.forbid.is_empty());
}

#[test]
fn scopes_get_their_oauth_names_and_repeats_go() {
    let policy =
        valid("contracts: [{app: A, scopes: {require: [RefreshToken, OfflineAccess, offline_access, API, Basic, ' web ']}}]");
    assert_eq!(values(&policy.contract_for("A").unwrap().scopes.require), ["refresh_token", "api", "id", "web"]);
}

#[test]
fn a_list_of_names_means_exactly_these() {
    for spelling in ["[Sales]", "{exactly: [Sales]}"] {
        let policy = valid(&format!("contracts: [{{app: A, profiles: {spelling}}}]"));
        let Expected::Exactly(names) = &policy.contract_for("A").unwrap().profiles.as_ref().unwrap().value else { panic!("exact") };
        assert_eq!(values(names), ["Sales"]);
    }
}

#[test]
fn users_are_trimmed_and_there_once_whatever_the_letter_case() {
    let policy = valid("contracts: [{app: A, users: [' erp@acme.example.com ', ERP@Acme.example.com, ada@acme.example.com]}]");
    assert_eq!(values(&policy.contract_for("A").unwrap().users), ["erp@acme.example.com", "ada@acme.example.com"]);
}

#[test]
fn the_users_of_all_contracts_are_listed_once() {
    let text =
        "contracts: [{app: B, users: [b@acme.example.com, A@acme.example.com]}, {app: A, users: [a@acme.example.com]}, {app: C}]";
    assert_eq!(valid(text).users(), ["b@acme.example.com", "A@acme.example.com"]);
    assert!(Policy::none().users().is_empty());
}

#[test]
fn contracts_can_be_read_without_knowing_the_rules() {
    let text = "contracts: [{app: A, users: [a@acme.example.com], rules: [{rule: of-our-own, enabled: false}]}]";
    let read = |text: &str| Policy::load_contracts(&SourceText::new("orgwarden.yaml", text), &empty);
    let (policy, problems) = read(text);
    assert_eq!((show(&problems).as_str(), policy.users()), ("", vec!["a@acme.example.com".to_owned()]));
    assert_eq!(mistakes(text), "1:66: error: unknown rule `of-our-own` (no rule has an id like it)");
    assert_eq!(
        show(&read("contracts: [{app: A, flows: [devise]}]").1),
        "1:30: error: unknown flow `devise` (did you mean `device`?)"
    );
}

#[test]
fn a_user_is_named() {
    assert_snapshot!(mistakes("contracts:\n  - app: A\n    users: ['', erp, ' ']\n"), @r"
    3:13: error: the name of a user is empty (write the name, or leave the entry out)
    3:17: warning: `erp` does not look like a user name (user names of Salesforce look like e-mail addresses; it is looked up as written)
    3:22: error: the name of a user is empty (write the name, or leave the entry out)
    ");
}

// Mistakes

#[test]
fn all_mistakes_are_reported_in_the_order_of_the_file() {
    assert_snapshot!(mistakes(
        "contracts:
  - app: ERP_Sync
    flows: [jwt-bearr, web-server, fax]
    permitted-users: admin-aproved
    scopes:
      require: [api, refresh_tokn, RefreshToken, quantum_entangled_things]
      allow: [web]
      forbid: [refresh_token, web, '']
    profiles: ['']
    permission-sets: {at-least: [' ']}
    rules:
      - rule: full-scop
        enabled: false
      - rule: full-scope
        severity: hihg
        enabled: false
      - rule: full-scope
        severity: low
  - app: '[ERP'
  - app: ''
  - app: ERP_Sync
rules:
  - rule: app-without-description
  - rule: something-quite-different
    severity: urgent
"
    ), @r"
    3:13: error: unknown flow `jwt-bearr` (did you mean `jwt-bearer`?)
    3:36: error: unknown flow `fax` (it can be one of: web-server, user-agent, jwt-bearer, saml-bearer, refresh-token, device, username-password, client-credentials, token-exchange, code-credentials, hybrid-web-server, hybrid-user-agent, hybrid-refresh, asset-token)
    4:22: error: unknown value for Permitted Users `admin-aproved` (did you mean `admin-approved`?)
    6:22: error: unknown scope `refresh_tokn` (did you mean `refresh_token`?)
    6:50: warning: this version does not know the scope `quantum_entangled_things` (it is compared as written; if Salesforce has no such scope, no app can have it)
    8:16: error: the scope `refresh_token` is under `forbid` and under `require` (`require` names it in line 6; keep one of the two)
    8:31: error: the scope `web` is under `forbid` and under `allow` (`allow` names it in line 7; keep one of the two)
    8:36: error: the name of a scope is empty (write the name, or leave the entry out)
    9:16: error: the name of a profile is empty (write the name, or leave the entry out)
    10:34: error: the name of a permission set is empty (write the name, or leave the entry out)
    12:15: error: unknown rule `full-scop` (did you mean `full-scope`?)
    15:19: error: unknown severity `hihg` (did you mean `high`?)
    16:18: error: the rule `full-scope` is switched off and has a severity (keep one of the two)
    17:15: error: the rule `full-scope` is switched twice (the first time in line 14; make one of the two)
    19:10: error: `[ERP` is not a glob: unclosed character class; missing ']' (`*`, `?`, `[ab]` and `{one,two}` have a meaning)
    20:10: error: the name of an app is empty (`*` stands for every app)
    21:10: error: a second contract for `ERP_Sync` (the first one is in line 2; make one of the two)
    23:11: error: nothing is said about the rule `app-without-description` (add `enabled: false` or a `severity`)
    24:11: error: unknown rule `something-quite-different` (no rule has an id like it)
    25:15: error: unknown severity `urgent` (it can be one of: critical, high, medium, low, info)
    ");
}

#[test]
fn a_mistake_of_shape_is_reported_with_its_place() {
    let table = [
        ("contract: []", "1:1: error: unknown key `contract` (did you mean `contracts`?)"),
        ("contracts:\n  - app: A\n    flow: [device]\n", "3:5: error: unknown key `flow` (did you mean `flows`?)"),
        ("contracts:\n  - flows: []\n", "2:5: error: the key `app` is missing"),
        ("contracts:\n  - app: A\n    app: B\n", "3:5: error: the key `app` is given twice"),
        ("contracts:\n  - app: A\n    flows:\n", "3:10: error: a list is expected here (`[]` is the empty list)"),
        ("contracts:\n  - app: A\n    permitted-users:\n", "3:20: error: a text is expected here"),
        ("contracts:\n  - app: A\n    scopes:\n", "3:11: error: keys with values are expected here"),
        ("contracts:\n  - app: A\n    scopes:\n      require:\n", "4:14: error: a list is expected here (`[]` is the empty list)"),
        ("contracts:\n  - app: A\n    scopes: {requires: []}\n", "3:14: error: unknown key `requires` (did you mean `require`?)"),
        ("contracts:\n  - app: A\n    profiles:\n", "3:13: error: a list of names is expected here; `[]` is the empty list"),
        (
            "contracts:\n  - app: A\n    profiles: {at-lest: [Sales]}\n",
            "3:16: error: unknown key `at-lest` (did you mean `at-least`?)",
        ),
        ("contracts:\n  - app: A\n    profiles: {}\n", "3:15: error: `exactly` or `at-least` is missing; write `[]` for none"),
        (
            "contracts:\n  - app: A\n    profiles: {exactly: [], at-least: []}\n",
            "3:15: error: `exactly` and `at-least` exclude each other",
        ),
        ("rules:\n  - rule: full-scope\n    enabled: perhaps\n", "3:14: error: true or false is expected here"),
        ("rules:\n  - rule: full-scope\n    enabled:\n", "3:12: error: true or false is expected here"),
        ("rules: []\nwaivers:\n  - rule: full-scope: x\n", "3:21: error: mapping values are not allowed in this context"),
        ("contracts:\n  - app: A\n    session: {max-minutes: an hour}\n", "3:28: error: a whole number is expected here"),
        ("contracts:\n  - app: A\n    session:\n", "3:12: error: keys with values are expected here"),
        ("contracts:\n  - app: A\n    owner:\n", "3:10: error: a text is expected here"),
        ("extends:\n", "1:8: error: the name of a file is expected here"),
        ("extends: {a: b}\n", "1:10: error: invalid type: map, expected the name of a file, or a list of such names"),
        ("environments: [{orgs: [a]}]\n", "1:17: error: the key `name` is missing"),
        (
            "a: b\n---\nc: d\n",
            "1:1: error: unknown key `a` (it can be one of: extends, contracts, preset, rules, waivers, environments, unlisted-apps, require-in-contracts, endless-waivers, inline-waivers)",
        ),
        ("just words", "1:1: error: keys with values are expected here"),
    ];
    for (text, expected) in table {
        assert_eq!(mistakes(text), expected, "{text}");
    }
}

#[test]
fn every_mistake_about_owners_limits_and_environments_is_reported() {
    assert_snapshot!(mistakes(
        "contracts:
  - app: A
    expect: gone
    owner: ' '
    criticality: hihg
    vendor: ''
    ip-relaxation: unrecognised
    refresh-token: {max-lifetime: 90, max-idle: forty days}
    session: {max-minutes: 0}
    callbacks: ['https://a.example.com/cb', 'a.example.com:8443', 'häuser.example.com', '*example.com', '', 'com.example.app:', '[::1]']
    certificate: {min-days: -1, min-key-bits: 2048}
  - app: B
    expect: absent
    owner: O
    session: {high-assurance: true}
environments:
  - name: ''
  - name: '[a'
  - name: '[b'
    orgs: [production, '[c', ' ']
  - name: uat
    orgs: []
    contracts: [{app: B, flows: [devise]}]
    rules: [{rule: full-scop, enabled: false}]
    waivers: [{rule: full-scope, app: A, reason: R, owner: O}]
  - name: uat
unlisted-apps: repot
require-in-contracts: [owner, vendr]
"
    ), @r"
    3:13: error: unknown expectation `gone` (it can be one of: absent)
    4:12: error: the `owner` is empty (write a name, or leave the key out)
    5:18: error: unknown criticality `hihg` (did you mean `high`?)
    6:13: error: the `vendor` is empty (write a name, or leave the key out)
    7:20: error: unknown IP Relaxation `unrecognised` (it can be one of: enforce, bypass-2factor, bypass, enforce-relaxrefresh)
    8:35: error: `90` is not a length of time (write a number of hours, days or months, such as `90 days`)
    8:49: error: `forty days` is not a length of time (write a number of hours, days or months, such as `90 days`)
    9:28: error: `max-minutes` is 0 (write a number from 1 on, or leave the key out)
    10:17: error: `https://a.example.com/cb` is not a host: it is more than a host (write the host alone, in ASCII, such as portal.example.com or *.example.com, or a scheme of your own such as com.example.app:)
    10:45: error: `a.example.com:8443` is not a host: a port is not compared (write the host alone, in ASCII, such as portal.example.com or *.example.com, or a scheme of your own such as com.example.app:)
    10:67: error: `häuser.example.com` is not a host: it holds a character that no host has (write the host alone, in ASCII, such as portal.example.com or *.example.com, or a scheme of your own such as com.example.app:)
    10:89: warning: `*example.com` is also evilexample.com (write `example.com` and `*.example.com` for a domain and what is below it)
    10:105: error: the name of a host is empty (write the name, or leave the entry out)
    11:29: error: `min-days` is -1 (write a number from 1 on, or leave the key out)
    13:13: error: an app that must not be there cannot have `session` (take `expect: absent` or `session` out)
    17:11: error: the name of an environment is empty (write the name, or leave the entry out)
    18:11: error: `[a` is not a glob: unclosed character class; missing ']' (`*`, `?`, `[ab]` and `{one,two}` have a meaning)
    20:24: error: `[c` is not a glob: unclosed character class; missing ']' (`*`, `?`, `[ab]` and `{one,two}` have a meaning)
    20:30: error: the name of an org is empty (write the name, or leave the entry out)
    22:11: error: no org is named (name orgs, or leave `orgs` out for those that go by the name of the environment)
    23:34: error: unknown flow `devise` (did you mean `device`?)
    24:20: error: unknown rule `full-scop` (did you mean `full-scope`?)
    25:22: error: the waiver of `full-scope` does not end (add `expires: YYYY-MM-DD`, its last day, or let waivers be without end with `endless-waivers: true`)
    26:11: error: a second environment `uat` (the first one is in line 21; make one of the two)
    27:16: error: unknown value for `unlisted-apps` `repot` (did you mean `report`?)
    28:31: error: unknown key of contracts `vendr` (did you mean `vendor`?)
    ");
}

#[test]
fn an_unknown_scope_is_only_a_warning_and_kept() {
    let (policy, diagnostics) = load("contracts: [{app: A, scopes: {allow: [quantum_entangled_things]}}]");
    assert_eq!(diagnostics.iter().map(|diagnostic| diagnostic.level).collect::<Vec<_>>(), [Level::Warning]);
    let allow = policy.contract_for("A").unwrap().scopes.allow.clone().unwrap();
    assert_eq!(values(&allow.value), ["quantum_entangled_things"]);
}

// Waivers

#[test]
fn everything_a_waiver_can_say_is_read() {
    let policy = valid(
        "waivers:
  - rule: full-scope
    app: 'ERP_*'
    evidence: [full]
    reason: ' Moves to a smaller scope '
    owner: identity@acme.example.com
    ticket: SEC-7
    expires: 2026-12-31
    status: will-fix
",
    );
    let waiver = &policy.waivers()[0].waiver;
    assert_eq!((waiver.rule.value.as_str(), waiver.rule.location.to_string().as_str()), ("full-scope", "orgwarden.yaml:2:11"));
    assert_eq!(waiver.about.as_ref().unwrap().value, "ERP_*");
    assert_eq!((waiver.evidence.as_slice(), waiver.reason.as_str()), (&["full".to_owned()][..], "Moves to a smaller scope"));
    assert_eq!(
        (waiver.owner.as_str(), waiver.ticket.as_str(), waiver.status),
        ("identity@acme.example.com", "SEC-7", Status::WillFix)
    );
    let expires = waiver.expires.as_ref().unwrap();
    assert_eq!((expires.value.to_string().as_str(), expires.location.to_string().as_str()), ("2026-12-31", "orgwarden.yaml:8:14"));
    assert_eq!(waiver.name(), "full-scope of ERP_* with full");
}

#[test]
fn a_waiver_says_no_more_than_it_has_to() {
    let policy = valid(
        "endless-waivers: true
waivers:
  - {rule: full-scope, app: A, reason: R, owner: O}
  - {rule: username-password-flow-not-blocked, reason: R, owner: O}
  - {rule: contract-without-app, subject: 'B_*', reason: R, owner: O}
",
    );
    let named: Vec<String> = policy.waivers().iter().map(|valid| valid.waiver.name()).collect();
    assert_eq!(named, ["full-scope of A", "username-password-flow-not-blocked", "contract-without-app of B_*"]);
    let waiver = &policy.waivers()[0].waiver;
    assert_eq!((waiver.status, waiver.ticket.as_str(), &waiver.expires), (Status::Accepted, "", &None));
    assert!(!waiver.expired("9999-12-31".parse().unwrap()));
}

#[test]
fn every_mistake_of_a_waiver_is_reported() {
    assert_snapshot!(mistakes(
        "waivers:
  - {rule: full-scop, app: A, reason: R, owner: O, expires: 2026-12-31}
  - {rule: full-scope, app: '[A', reason: ' ', owner: '', ticket: '', expires: 2026-02-30, status: fixed, evidence: []}
  - {rule: full-scope, app: A, reason: R, owner: O}
  - {rule: full-scope, app: A, reason: S, owner: O, expires: 31.12.2026}
  - {rule: full-scope, app: A, evidence: [full], reason: R, owner: O, expires: 2026-1-1}
  - {rule: full-scope, reason: R, owner: O, expires: 2026-12-31}
  - {rule: full-scope, app: B, subject: A, reason: R, owner: O, expires: 2026-12-31, status: wontfix}
  - {rule: username-password-flow-not-blocked, app: A, reason: R, owner: O, expires: 2026-12-31}
  - {rule: waiver-unused, reason: R, owner: O, expires: 2026-12-31}
"
    ), @r"
    2:12: error: unknown rule `full-scop` (did you mean `full-scope`?)
    3:29: error: `[A` is not a glob: unclosed character class; missing ']' (`*`, `?`, `[ab]` and `{one,two}` have a meaning)
    3:43: error: the `reason` is empty (a waiver is shown with it wherever it counts)
    3:55: error: the `owner` is empty (a waiver is shown with it wherever it counts)
    3:67: error: the `ticket` is empty (a waiver is shown with it wherever it counts)
    3:80: error: `2026-02-30` is not a day (write YYYY-MM-DD, such as 2026-12-31)
    3:100: error: unknown status `fixed` (it can be one of: accepted, will-fix, false-positive)
    3:117: error: no value is accepted (name the values, or leave `evidence` out to accept any)
    4:12: error: the waiver of `full-scope` does not end (add `expires: YYYY-MM-DD`, its last day, or let waivers be without end with `endless-waivers: true`)
    5:12: error: a second waiver for the findings of `full-scope of A` (the first one is in line 4; make one of the two)
    5:62: error: `31.12.2026` is not a day (write YYYY-MM-DD, such as 2026-12-31)
    6:80: error: `2026-1-1` is not a day (write YYYY-MM-DD, such as 2026-12-31)
    7:12: error: the waiver of `full-scope` does not say for which app (name the app, or a glob, under `app`)
    8:41: error: the rule `full-scope` is about apps, not about a `subject` (name the app, or a glob, under `app`)
    8:94: error: unknown status `wontfix` (it can be one of: accepted, will-fix, false-positive)
    9:53: error: the rule `username-password-flow-not-blocked` is not about apps, but about orgs (leave `app` out, or name what the rule is about under `subject`)
    10:12: error: the rule `waiver-unused` is about waivers and cannot be waived (renew or remove the waiver it complains of, or switch the rule off under `rules`)
    ");
}

#[test]
fn a_waiver_of_a_wrong_shape_is_reported_with_its_place() {
    let table = [
        ("waivers: [{rule: full-scope, app: A, owner: O}]", "1:38: error: the key `reason` is missing"),
        ("waivers: [{rule: full-scope, app: A, reason: R}]", "1:38: error: the key `owner` is missing"),
        (
            "waivers:\n  - rule: full-scope\n    until: 2026-12-31\n",
            "3:5: error: unknown key `until` (it can be one of: rule, app, subject, evidence, reason, owner, ticket, expires, status)",
        ),
        ("waivers:\n  - rule: full-scope\n    evidence: full\n", "3:15: error: a list is expected here (`[]` is the empty list)"),
        ("waivers:\n  - rule: full-scope\n    expires:\n", "3:12: error: a text is expected here"),
        ("endless-waivers: perhaps", "1:18: error: true or false is expected here"),
    ];
    for (text, expected) in table {
        assert_eq!(mistakes(text), expected, "{text}");
    }
}

/// The finding of a rule on the app of a name, with these facts and values.
fn found(rule: &str, app: &str, evidence: &[(&str, &str)]) -> Finding {
    let info = RuleInfo { id: rule.to_owned(), ..info() };
    let evidence = evidence.iter().map(|(fact, value)| Evidence {
        fact: (*fact).to_owned(),
        value: (*value).to_owned(),
        missing: None,
        origin: None,
    });
    let subject = Subject { name: app.to_owned(), ..subject() };
    finding(&info, Severity::High, subject, "a message".to_owned(), evidence.collect())
}

#[test]
fn a_waiver_is_about_a_rule_on_the_apps_of_a_name() {
    let scopes = [("app.oauth.scopes", "full")];
    // what the waiver names, the rule, the app, whether it is about it
    let table = [
        ("rule: full-scope, app: ERP_Sync", "full-scope", "ERP_Sync", true),
        ("rule: full-scope, app: ERP_Sync", "full-scope", "erp_sync", false),
        ("rule: full-scope, app: ERP_Sync", "full-scope", "ERP_Sync2", false),
        ("rule: full-scope, app: ERP_Sync", "app-without-description", "ERP_Sync", false),
        ("rule: full-scope, app: 'ERP_*'", "full-scope", "ERP_Load", true),
        ("rule: full-scope, app: 'ERP_*'", "full-scope", "CRM_Load", false),
        ("rule: full-scope, app: '*'", "full-scope", "anything at all", true),
        ("rule: username-password-flow-not-blocked", "username-password-flow-not-blocked", "prod", true),
        ("rule: username-password-flow-not-blocked, subject: uat", "username-password-flow-not-blocked", "prod", false),
        ("rule: username-password-flow-not-blocked, subject: 'u*'", "username-password-flow-not-blocked", "uat", true),
        // The name of a contract is a glob, which is not always a name that it matches.
        ("rule: contract-without-app, subject: '{A,B}_[xy]'", "contract-without-app", "{A,B}_[xy]", true),
    ];
    for (named, rule, app, expected) in table {
        let policy = valid(&format!("waivers: [{{{named}, reason: R, owner: O, expires: 2026-12-31}}]"));
        let waiver = policy.waiver_for(&found(rule, app, &scopes), "2026-06-01".parse().unwrap());
        assert_eq!(waiver.is_some(), expected, "{named} on {rule} of {app}");
    }
}

#[test]
fn a_waiver_with_values_is_about_these_and_no_others() {
    let (url, kind) = ("app.oauth.callbacks", "app.kind");
    // accepted values, evidence, whether it is accepted
    let table: [(&str, &[(&str, &str)], bool); 8] = [
        ("[http://a]", &[(url, "http://a")], true),
        ("[http://a]", &[(url, "http://b")], false),
        ("[http://a]", &[(url, "http://a/b")], false),
        ("[http://a]", &[(url, "http://a"), (url, "http://b")], false),
        ("[http://a, http://b]", &[(url, "http://b"), (url, "http://a")], true),
        ("[http://a, http://b]", &[(url, "http://b")], true),
        ("[http://a]", &[(kind, "connected-app"), (url, "http://a")], true),
        ("[http://a]", &[], false),
    ];
    for (values, evidence, expected) in table {
        let policy = valid(&format!(
            "waivers: [{{rule: full-scope, app: A, evidence: {values}, reason: R, owner: O, expires: 2026-12-31}}]"
        ));
        let waiver = policy.waiver_for(&found("full-scope", "A", evidence), "2026-06-01".parse().unwrap());
        assert_eq!(waiver.is_some(), expected, "{values} {evidence:?}");
    }
}

#[test]
fn a_waiver_holds_to_the_end_of_its_last_day() {
    let policy = valid("waivers: [{rule: full-scope, app: A, reason: R, owner: O, expires: 2026-06-01}]");
    let waiver = &policy.waivers()[0].waiver;
    for (today, days_left, holds) in
        [("2026-05-31", 1, true), ("2026-06-01", 0, true), ("2026-06-02", -1, false), ("2027-06-01", -365, false)]
    {
        let today = today.parse().unwrap();
        assert_eq!((waiver.days_left(today), waiver.expired(today)), (Some(days_left), !holds), "{today}");
        assert_eq!(policy.waiver_for(&found("full-scope", "A", &[]), today).is_some(), holds, "{today}");
    }
}

#[test]
fn of_several_waivers_the_one_with_the_exact_name_counts_then_the_first_that_holds() {
    let policy = valid(
        "waivers:
  - {rule: full-scope, app: 'A*', reason: over, owner: O, expires: 2026-01-01}
  - {rule: full-scope, app: '*', reason: any, owner: O, expires: 2026-12-31}
  - {rule: full-scope, app: 'B*', reason: glob, owner: O, expires: 2026-12-31}
  - {rule: full-scope, app: AB, reason: exact, owner: O, ticket: SEC-1, expires: 2026-08-01, status: false-positive}
",
    );
    let reason = |app: &str, today: &str| {
        policy.waiver_for(&found("full-scope", app, &[]), today.parse().unwrap()).map(|valid| valid.waiver.reason.clone())
    };
    for (app, today, expected) in [
        ("AB", "2026-06-01", Some("exact")),
        ("AB", "2026-09-01", Some("any")),
        ("AC", "2026-06-01", Some("any")),
        ("BC", "2026-06-01", Some("any")),
        ("AB", "2027-01-01", None),
    ] {
        assert_eq!(reason(app, today).as_deref(), expected, "{app} {today}");
    }
    let finding = found("full-scope", "AB", &[]);
    let waived = policy.waivers()[3].apply(finding.clone());
    let expected = Waived {
        finding,
        reason: "exact".to_owned(),
        owner: "O".to_owned(),
        ticket: "SEC-1".to_owned(),
        status: Status::FalsePositive,
        until: "2026-08-01".to_owned(),
        inline: false,
    };
    assert_eq!(waived, expected);
}

// Precedence

#[test]
fn an_exact_name_wins_over_globs_and_the_first_glob_over_the_next() {
    let policy = valid("contracts: [{app: '*'}, {app: 'ERP_*'}, {app: ERP_Sync}, {app: '{ERP,CRM}_?ync'}]");
    let pattern = |name: &str| policy.contract_for(name).unwrap().pattern.value.clone();
    assert_eq!([pattern("ERP_Sync"), pattern("ERP_Load"), pattern("CRM_Sync")], ["ERP_Sync", "*", "*"]);
}

#[test]
fn names_are_case_sensitive() {
    let policy = valid("contracts: [{app: ERP_Sync}, {app: 'Web_[A-Z]*'}]");
    for (name, found) in [("ERP_Sync", true), ("erp_sync", false), ("Web_Shop", true), ("Web_shop", false), ("ERP_Sync2", false)] {
        assert_eq!(policy.contract_for(name).is_some(), found, "{name}");
    }
}

#[test]
fn the_switch_of_a_contract_wins_over_the_one_for_everything() {
    let policy = valid(
        "contracts:
  - app: ERP_*
    rules: [{rule: full-scope, enabled: true}, {rule: refresh-token-never-expires, severity: low}]
  - app: ERP_Sync
    rules: [{rule: full-scope, severity: critical}]
  - app: Quiet
    rules: [{rule: refresh-token-never-expires, enabled: false}]
rules:
  - {rule: full-scope, enabled: false}
  - {rule: app-without-description, severity: info}
",
    );
    let (never_expires, full, description) = ("refresh-token-never-expires", "full-scope", "app-without-description");
    let table = [
        (full, None, Setting::Off),
        (full, Some("Other"), Setting::Off),
        (full, Some("ERP_Load"), Setting::AsItIs),
        (full, Some("ERP_Sync"), Setting::Severity(Severity::Critical)),
        (never_expires, None, Setting::AsItIs),
        (never_expires, Some("ERP_Load"), Setting::Severity(Severity::Low)),
        (never_expires, Some("ERP_Sync"), Setting::AsItIs), // only the contract that applies is asked
        (never_expires, Some("Quiet"), Setting::Off),
        (description, Some("Quiet"), Setting::Severity(Severity::Info)),
    ];
    for (rule, app, expected) in table {
        assert_eq!(policy.setting(rule, app), expected, "{rule} {app:?}");
    }
    assert_eq!(Setting::AsItIs.severity(Severity::High), Some(Severity::High));
    assert_eq!(Setting::Severity(Severity::Low).severity(Severity::High), Some(Severity::Low));
    assert_eq!(Setting::Off.severity(Severity::High), None);
}

// Expectations

#[test]
fn scopes_are_missing_forbidden_or_surplus() {
    // scopes of the contract, scopes of the app, missing, forbidden, surplus
    let table: [(&str, &[&str], &[&str], &[&str], &[&str]); 9] = [
        ("{}", &["full"], &[], &[], &[]),
        ("{require: [api, refresh_token]}", &["api", "refresh_token", "full"], &[], &[], &[]),
        ("{require: [api, refresh_token]}", &["api"], &["refresh_token"], &[], &[]),
        ("{require: [api]}", &[], &["api"], &[], &[]),
        ("{require: [api], allow: [web]}", &["web", "api"], &[], &[], &[]),
        ("{require: [api], allow: [web]}", &["web", "full"], &["api"], &[], &["full"]),
        ("{require: [api], allow: []}", &["api", "web"], &[], &[], &["web"]),
        ("{forbid: [full]}", &["api", "full"], &[], &["full"], &[]),
        ("{allow: [api], forbid: [full]}", &["full", "id"], &[], &["full"], &["full", "id"]),
    ];
    for (written, present, missing, forbidden, surplus) in table {
        let policy = valid(&format!("contracts: [{{app: A, scopes: {written}}}]"));
        let difference = expectation::scopes(&policy.contract_for("A").unwrap().scopes, present);
        let named = |indices: &[usize]| indices.iter().map(|index| present[*index]).collect::<Vec<_>>();
        assert_eq!(values(&difference.missing), missing, "{written} {present:?}");
        assert_eq!(named(&difference.forbidden), forbidden, "{written} {present:?}");
        assert_eq!(named(&difference.surplus), surplus, "{written} {present:?}");
    }
}

#[test]
fn assignments_are_missing_or_surplus() {
    // expected, assigned (with all names of each), missing, surplus
    let table: [(&str, &[&[&str]], &[&str], &[usize]); 10] = [
        ("[]", &[], &[], &[]),
        ("[]", &[&["Sales"]], &[], &[0]),
        ("[Sales]", &[], &["Sales"], &[]),
        ("[Sales]", &[&["Sales"]], &[], &[]),
        ("[Sales]", &[&["sales"]], &["Sales"], &[0]),
        ("[Sales, Support]", &[&["Support"], &["Guest"]], &["Sales"], &[1]),
        ("[ERP_Integration]", &[&["ERP Integration", "ERP_Integration"]], &[], &[]),
        ("[System Administrator]", &[&[" Admin ", "System Administrator"]], &[], &[]),
        ("{at-least: [Sales]}", &[&["Guest"], &["Sales"]], &[], &[]),
        ("{at-least: [Sales, Support]}", &[&["Guest"]], &["Sales", "Support"], &[]),
    ];
    for (written, assigned, missing, surplus) in table {
        let policy = valid(&format!("contracts: [{{app: A, profiles: {written}}}]"));
        let expected = &policy.contract_for("A").unwrap().profiles.as_ref().unwrap().value;
        let assigned: Vec<Vec<String>> = assigned.iter().map(|names| names.iter().map(|&name| name.to_owned()).collect()).collect();
        let difference = expectation::assignments(expected, &assigned);
        assert_eq!(values(&difference.missing), missing, "{written} {assigned:?}");
        assert_eq!(difference.surplus, surplus, "{written} {assigned:?}");
    }
}

#[test]
fn flows_are_unavailable_or_surplus() {
    use Flow::{ClientCredentials, CodeCredentials, Device, JwtBearer, SamlBearer, TokenExchange};
    let certificate = [JwtBearer, SamlBearer];
    // declared, enabled, unavailable, surplus
    let table: [(&str, &[Flow], &[Flow], &[Flow]); 12] = [
        ("[]", &[], &[], &[]),
        ("[]", &certificate, &[], &certificate),
        ("[]", &[Device, TokenExchange], &[], &[Device, TokenExchange]),
        ("[jwt-bearer]", &certificate, &[], &[]),
        ("[saml-bearer]", &certificate, &[], &[]),
        ("[jwt-bearer, saml-bearer]", &certificate, &[], &[]),
        ("[jwt-bearer]", &[], &[JwtBearer], &[]),
        ("[client-credentials]", &certificate, &[ClientCredentials], &certificate),
        ("[device, code-credentials]", &[CodeCredentials], &[Device], &[]),
        ("[client-credentials]", &[ClientCredentials, Device], &[], &[Device]),
        // no switch: neither unavailable nor surplus
        (
            "[web-server, user-agent, refresh-token, username-password, hybrid-web-server, hybrid-user-agent, hybrid-refresh, asset-token]",
            &[],
            &[],
            &[],
        ),
        (
            "[]",
            &[Flow::WebServer, Flow::UserAgent, Flow::RefreshToken, Flow::UsernamePassword, Flow::HybridRefresh, Flow::AssetToken],
            &[],
            &[],
        ),
    ];
    for (written, enabled, unavailable, surplus) in table {
        let policy = valid(&format!("contracts: [{{app: A, flows: {written}}}]"));
        let declared = &policy.contract_for("A").unwrap().flows.as_ref().unwrap().value;
        let difference = expectation::flows(declared, enabled);
        assert_eq!(values(&difference.unavailable), unavailable, "{written} {enabled:?}");
        assert_eq!(difference.surplus, surplus, "{written} {enabled:?}");
    }
}

// Schema

#[test]
fn the_schema_knows_keys_and_words() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let table = [
        ("{}", true),
        ("contracts: [{app: A, flows: [], permitted-users: self-authorize, scopes: {allow: [brand_new]}}]", true),
        ("contracts: [{app: A, profiles: {exactly: []}, permission-sets: [X]}]", true),
        ("contracts: [{app: A, rules: [{rule: full-scope, severity: low}]}]", true),
        ("contracts: [{}]", false),
        ("contracts: [{app: A, flow: []}]", false),
        ("contracts: [{app: A, flows: [fax]}]", false),
        ("contracts: [{app: A, flows: }]", false),
        ("contracts: [{app: A, permitted-users: anyone}]", false),
        ("contracts: [{app: A, profiles: {exactly: [], at-least: []}}]", false),
        ("contracts: [{app: A, permission-sets: X}]", false),
        ("contracts: [{app: A, users: [erp@acme.example.com]}]", true),
        ("contracts: [{app: A, users: []}]", true),
        ("contracts: [{app: A, users: erp@acme.example.com}]", false),
        ("contracts: [{app: A, users: }]", false),
        ("contracts: [{app: A, users: ['']}]", false),
        ("rules: [{rule: full-scope, severity: urgent}]", false),
        (
            "waivers: [{rule: full-scope, app: A, reason: R, owner: O, expires: 2026-12-31, status: will-fix, ticket: T, evidence: [full]}]",
            true,
        ),
        ("endless-waivers: true\nwaivers: [{rule: full-scope, subject: A, reason: R, owner: O}]", true),
        ("waivers: [{rule: full-scope, app: A, owner: O}]", false),
        ("waivers: [{rule: full-scope, app: A, reason: R}]", false),
        ("waivers: [{rule: full-scope, app: A, reason: '', owner: O}]", false),
        ("waivers: [{rule: full-scope, app: A, reason: R, owner: O, expires: tomorrow}]", false),
        ("waivers: [{rule: full-scope, app: A, reason: R, owner: O, status: fixed}]", false),
        ("waivers: [{rule: full-scope, app: A, reason: R, owner: O, evidence: full}]", false),
        ("waivers: [{rule: full-scope, app: A, reason: R, owner: O, evidence: []}]", false),
        ("endless-waivers: perhaps", false),
        (
            "contracts: [{app: A, owner: O, criticality: high, vendor: V, ip-relaxation: enforce, refresh-token: {max-lifetime: 90 days, max-idle: 1 Month}, \
             session: {max-minutes: 60, high-assurance: false}, callbacks: [a.example.com], certificate: {min-days: 30, min-key-bits: 2048}}]",
            true,
        ),
        ("contracts: [{app: A, expect: absent}]", true),
        ("contracts: [{app: A, expect: present}]", false),
        ("contracts: [{app: A, owner: ''}]", false),
        ("contracts: [{app: A, criticality: urgent}]", false),
        ("contracts: [{app: A, ip-relaxation: unrecognised}]", false),
        ("contracts: [{app: A, refresh-token: {max-lifetime: 90}}]", false),
        ("contracts: [{app: A, refresh-token: {max-idle: a year}}]", false),
        ("contracts: [{app: A, refresh-token: {min-idle: 1 day}}]", false),
        ("contracts: [{app: A, session: {max-minutes: 0}}]", false),
        ("contracts: [{app: A, session: {high-assurance: perhaps}}]", false),
        ("contracts: [{app: A, callbacks: ['']}]", false),
        ("contracts: [{app: A, certificate: {min-days: soon}}]", false),
        ("extends: a.yaml", true),
        ("extends: [a.yaml, b.yaml]", true),
        ("extends: ''", false),
        ("extends: {file: a.yaml}", false),
        ("environments: [{name: production}, {name: x, orgs: [sandbox, uat], contracts: [], rules: [], waivers: []}]", true),
        ("environments: [{orgs: [sandbox]}]", false),
        ("environments: [{name: x, orgs: []}]", false),
        ("environments: [{name: x, environments: []}]", false),
        ("unlisted-apps: report", true),
        ("unlisted-apps: deny", false),
        ("require-in-contracts: [owner, criticality, vendor]", true),
        ("require-in-contracts: [flows]", false),
        ("rules: [{severity: low}]", false),
        ("rules: [{rule: full-scope}]", false),
    ];
    for (text, valid) in table {
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        assert_eq!(schema.is_valid(&value), valid, "{text}");
    }
}

#[test]
fn the_schema_explains_every_key() {
    let schema = json_schema();
    let definitions = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for (key, property) in definitions.flat_map(|definition| definition["properties"].as_object().unwrap()) {
        assert!(property["description"].is_string(), "{key}");
        assert!(property.get("default").is_none_or(|default| !default.is_null()), "{key}");
    }
}

// Where the file is

fn find(start: &str, existing: &[&str]) -> Result<Option<PathBuf>, discover::BothSpellings> {
    discover::find(Path::new(start), |path| existing.iter().any(|there| Path::new(there) == path))
}

#[test]
fn the_nearest_policy_of_the_repository_is_found() {
    let table: [(&[&str], Option<&str>); 6] = [
        (&[], None),
        (&["/w/p/app/orgwarden.yaml", "/w/p/orgwarden.yaml"], Some("/w/p/app/orgwarden.yaml")),
        (&["/w/p/orgwarden.yml", "/w/p/.git"], Some("/w/p/orgwarden.yml")),
        (&["/w/orgwarden.yaml", "/w/p/.git"], None),
        (&["/orgwarden.yaml"], Some("/orgwarden.yaml")),
        (&["/w/p/app/orgwarden.yml", "/w/p/orgwarden.yaml"], Some("/w/p/app/orgwarden.yml")),
    ];
    for (existing, expected) in table {
        assert_eq!(find("/w/p/app", existing).unwrap(), expected.map(PathBuf::from), "{existing:?}");
    }
}

#[test]
fn two_spellings_in_one_directory_are_an_error() {
    let error = find("/w/p", &["/w/p/orgwarden.yml", "/w/p/orgwarden.yaml"]).unwrap_err();
    assert_eq!(error.to_string(), "both /w/p/orgwarden.yaml and /w/p/orgwarden.yml exist; keep one of them");
    assert!(find("/w/p", &["/w/orgwarden.yml", "/w/p/orgwarden.yaml"]).unwrap().is_some());
}

#[test]
fn candidates_end_at_the_root_of_the_repository() {
    let paths: Vec<PathBuf> = discover::candidates(Path::new("/w/p/app"), |path| path == Path::new("/w/p/.git")).collect();
    let expected = ["/w/p/app/orgwarden.yaml", "/w/p/app/orgwarden.yml", "/w/p/orgwarden.yaml", "/w/p/orgwarden.yml"];
    assert_eq!(paths, expected.map(PathBuf::from));
}

// Findings

fn subject() -> Subject {
    Subject {
        kind: "connected-app",
        name: "ERP_Sync".to_owned(),
        label: "ERP Sync".to_owned(),
        path: "../org/force-app/ERP_Sync.connectedApp-meta.xml".to_owned(),
        path_in_source: "force-app/ERP_Sync.connectedApp-meta.xml".to_owned(),
        org: String::new(),
        governance: Governance::default(),
        org_id: String::new(),
    }
}

fn info() -> RuleInfo {
    RuleInfo {
        id: "full-scope".to_owned(),
        title: "App asks for everything".to_owned(),
        why: String::new(),
        category: "scopes".to_owned(),
        severity: Severity::High,
        effect: Effect::Unsafe,
        preset: Preset::default(),
        tags: vec![],
        remediation: Advised { setup: Advice::Same("Remove it".to_owned()), metadata: Advice::Same(String::new()) },
        controls: BTreeMap::new(),
        references: vec![],
    }
}

#[test]
fn a_fingerprint_is_of_the_rule_and_the_subject_and_of_nothing_that_changes_while_they_stay() {
    let same = fingerprint("full-scope", &subject());
    // printf 'full-scope\0connected-app\0ERP_Sync' | sha256sum
    assert_eq!(same, "9416516e6ac4a8e3e41b7d6d0fdcefb2f7432fa705e1b4fb935a9ce0b5ace56f");
    let in_org = Subject { org: "prod".to_owned(), org_id: "00D000000000001".to_owned(), ..subject() };
    for unchanged in [
        Subject { path: "elsewhere.xml".to_owned(), path_in_source: "apps/elsewhere.xml".to_owned(), ..subject() },
        Subject { label: "Renamed in Setup".to_owned(), ..subject() },
        in_org.clone(),
    ] {
        assert_eq!(fingerprint("full-scope", &unchanged), same);
    }
    for changed in [Subject { kind: "external-client-app", ..subject() }, Subject { name: "ERP".to_owned(), ..subject() }] {
        assert_ne!(fingerprint("full-scope", &changed), same);
    }
    assert_ne!(fingerprint("another-rule", &subject()), same);
    // Everybody calls an org as they like, and one app can lack its header in several parts.
    let org = |name: &str| fingerprint("r", &Subject { kind: "org", name: name.to_owned(), ..in_org.clone() });
    assert_eq!(org("prod"), org("production"));
    let part = |label: &str| fingerprint("r", &Subject { kind: "external-client-app-part", label: label.to_owned(), ..subject() });
    assert_ne!(part("ExtlClntAppOauthSettings"), part("ExtlClntAppGlobalOauthSettings"));
}

#[test]
fn a_finding_has_the_severity_of_the_policy_and_the_rest_of_the_rule() {
    let info = info();
    let evidence = vec![Evidence { fact: "app.oauth.scopes".to_owned(), value: "full".to_owned(), missing: None, origin: None }];
    let finding = finding(&info, Severity::Low, subject(), "ERP Sync has the full scope".to_owned(), evidence.clone());
    assert_eq!((finding.rule.as_str(), finding.title.as_str()), ("full-scope", "App asks for everything"));
    assert_eq!((finding.severity, finding.effect), (Severity::Low, Effect::Unsafe));
    assert_eq!((finding.evidence, finding.remediation.setup.as_str()), (evidence, "Remove it"));
    assert_eq!(finding.fingerprint, fingerprint("full-scope", &subject()));
}

#[test]
fn the_threshold_is_reached_from_its_severity_on() {
    let table = [("critical", 1), ("high", 2), ("medium", 3), ("low", 4), ("info", 5), ("never", 0)];
    for (word, count) in table {
        let threshold = FailOn::from_str(word, false).unwrap();
        let reached: Vec<bool> = Severity::ALL.into_iter().map(|severity| threshold.reaches(severity)).collect();
        assert_eq!(reached, [0, 1, 2, 3, 4].map(|index| index < count), "{word}");
    }
    assert_eq!(FailOn::default(), FailOn::Medium);
    assert!(FailOn::from_str("urgent", false).is_err());
}

// Anything at all

/// Pieces of policies, so that random text is often nearly one.
const PIECES: &[&str] = &[
    "contracts",
    "rules",
    "app",
    "flows",
    "scopes",
    "require",
    "allow",
    "forbid",
    "profiles",
    "at-least",
    "rule",
    "severity",
    "enabled",
    "permitted-users",
    "extends",
    "environments",
    "name",
    "orgs",
    "refresh-token",
    "max-idle",
    "90 days",
    "callbacks",
    "waivers",
    "subject",
    "evidence",
    "reason",
    "owner",
    "expires",
    "2026-12-31",
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    "\"",
    "*",
    "&a ",
    "*a",
    "<<: ",
    "|",
    ">-",
    "# ",
    "---\n",
    "ERP_Sync",
    "api",
    "full",
    "low",
    "false",
    "ä",
    "\u{feff}",
    "\t",
    "\\",
    "!!binary ",
    "~",
    "",
];

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        load(&text);
    }

    #[test]
    fn text_made_of_pieces_never_panics(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        load(&pieces.concat());
    }

    #[test]
    fn arbitrary_names_and_words_never_panic(app in any::<String>(), flow in any::<String>(), scope in any::<String>(), rule in any::<String>()) {
        let text = serde_json::json!({
            "contracts": [{ "app": app, "flows": [flow], "scopes": { "require": [scope] } }],
            "rules": [{ "rule": rule, "enabled": false }],
        });
        let (_, diagnostics) = load(&text.to_string());
        prop_assert!(diagnostics.iter().all(|diagnostic| diagnostic.location.is_some()));
    }
}
