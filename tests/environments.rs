//! What goes for some orgs only, and policies that build on others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/acme.rs"]
mod acme;
mod fake_org;
mod support;

use std::io::ErrorKind::NotFound;
use std::sync::LazyLock;

use acme::Acme;
use jiff::civil::date;
use orgwarden::collect::{ProfilesToRead, tree};
use orgwarden::finding::Finding;
use orgwarden::inventory::org::{AppInOrg, Identity, Org, Seen};
use orgwarden::inventory::{Fact, Inventory, Source};
use orgwarden::policy::{Policy, verdicts};
use orgwarden::rules::facts::Context;
use orgwarden::rules::{Rule, builtin, with_stack};
use orgwarden::source::SourceText;
use support::{Project, Run, connected_app, oauth};

const PRODUCTION: &str = "00D000000000001AAA";
const SANDBOX: &str = "00D000000000002AAA";

/// An org: the name it was asked for by, its id, whether it is a sandbox, its apps.
type Audited<'a> = (&'a str, &'a str, bool, &'a [&'a str]);

/// The built-in rules, loaded once.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| builtin().0.rules);

/// What an audit of orgs says.
struct Judged {
    /// `org: rule name`, waived ones in brackets.
    said: Vec<String>,
    /// What could not be told of the orgs.
    problems: Vec<String>,
}

/// Audits orgs, each app of which is open to everybody.
fn judge(policy: &Policy, orgs: &[Audited<'_>]) -> Judged {
    let mut inventory = Inventory::default();
    for (name, id, sandbox, apps) in orgs {
        let folder = apps.iter().fold(Project::new().file("README", ""), |folder, app| {
            folder.file(&format!("{app}.connectedApp"), connected_app(&oauth("<scopes>Full</scopes>")))
        });
        let paths = [folder.path("")];
        let request = tree::Request { paths: &paths, force_ignore: true, profiles: ProfilesToRead::None, also: &[] };
        let mut read = tree::collect(&request).inventory;
        let host = format!("{name}.my.salesforce.com");
        let identity = Identity { id: (*id).to_owned(), sandbox: *sandbox, host, ..Identity::default() };
        let org = Org { identity, ..Org::default() };
        read.sources = vec![Source { name: (*name).to_owned(), api_version: Some(66), org: Some(Box::new(org)), unread: false }];
        for app in &mut read.apps {
            let (body, installed) = (Fact::known(true), Fact::known(false));
            app.in_org = Some(AppInOrg { id: None, body, installed, granted_by: Seen::default() });
        }
        inventory.append(read);
    }
    let context = Context::new(&inventory, date(2026, 6, 1));
    let verdicts = with_stack(|| verdicts(&inventory, &RULES, policy, &context));
    let name = |finding: &Finding| format!("{}: {} {}", finding.subject.org, finding.rule, finding.subject.name);
    let waived = verdicts.waived.iter().map(|waived| format!("({})", name(&waived.finding)));
    let mut said: Vec<String> = verdicts.findings.iter().map(name).chain(waived).collect();
    said.sort();
    let problems = verdicts.diagnostics.iter();
    Judged { said, problems: problems.map(|it| format!("{}: {}", it.location.as_ref().unwrap(), it.title)).collect() }
}

impl Judged {
    /// What these rules say.
    fn by(&self, rules: &[&str]) -> Vec<&str> {
        let of = |said: &&str| rules.iter().any(|rule| said.contains(&format!(": {rule} ")));
        self.said.iter().map(String::as_str).filter(of).collect()
    }
}

fn policy(text: &str) -> Policy {
    let known = RULES.iter().map(|rule| (rule.id(), rule.applies_to())).collect();
    let (policy, problems) = Policy::load(&SourceText::new("orgwarden.yaml", text), &known, &|_| Err(NotFound.into()));
    assert_eq!(problems, []);
    policy
}

/// What an audit of files says by these rules: `rule name`, waived ones in brackets.
fn said(run: &Run, rules: &[&str]) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let said = findings.filter(|finding| rules.contains(&finding["rule"].as_str().unwrap()));
    said.map(|finding| format!("{} {}", text(&finding["rule"]), text(&finding["subject"]["name"]))).collect()
}

const USERS: &str = "contract-permitted-users-differ";

#[test]
fn an_org_belongs_to_the_first_environment_that_holds_it() {
    let contract = "contracts: [{app: Portal, permitted-users: admin-approved}]";
    // the environments, whether the contract goes for prod (production) and for uat (sandbox)
    let table = [
        (format!("{{name: production, {contract}}}"), true, false),
        (format!("{{name: sandbox, {contract}}}"), false, true),
        (format!("{{name: live, orgs: [production], {contract}}}"), true, false),
        (format!("{{name: uat, {contract}}}"), false, true),
        (format!("{{name: UAT, {contract}}}"), false, true),
        (format!("{{name: 'u*', {contract}}}"), false, true),
        (format!("{{name: x, orgs: [other, PROD], {contract}}}"), true, false),
        (format!("{{name: x, orgs: [{PRODUCTION}], {contract}}}"), true, false),
        (format!("{{name: x, orgs: [{}], {contract}}}", &SANDBOX[..15]), false, true),
        (format!("{{name: x, orgs: [uat.my.salesforce.com], {contract}}}"), false, true),
        (format!("{{name: x, orgs: ['*.my.salesforce.com'], {contract}}}"), true, true),
        (format!("{{name: x, orgs: [nobody], {contract}}}"), false, false),
        // The first one wins.
        (format!("{{name: uat}}, {{name: sandbox, {contract}}}"), false, false),
        (format!("{{name: sandbox, {contract}}}, {{name: uat}}"), false, true),
    ];
    for (environments, in_production, in_sandbox) in table {
        let orgs: [Audited<'_>; 2] = [("prod", PRODUCTION, false, &["Portal"]), ("uat", SANDBOX, true, &["Portal"])];
        let judged = judge(&policy(&format!("environments: [{environments}]")), &orgs);
        let expected = [("prod", in_production), ("uat", in_sandbox)];
        let expected: Vec<String> =
            expected.iter().filter(|(_, goes)| *goes).map(|(org, _)| format!("{org}: {USERS} Portal")).collect();
        assert_eq!(judged.by(&[USERS]), expected, "{environments}");
    }
}

#[test]
fn an_environment_adds_to_what_goes_for_everything_and_takes_its_place() {
    let text = "
contracts:
  - {app: Portal, permitted-users: self-authorize}
  - {app: 'E*', permitted-users: admin-approved}
rules:
  - {rule: full-scope, severity: low}
waivers:
  - {rule: contract-permitted-users-differ, app: ERP, reason: everywhere, owner: O, expires: 2026-12-31}
environments:
  - name: production
    contracts:
      - {app: Portal, permitted-users: admin-approved}
      - {app: Shop, permitted-users: admin-approved}
    rules:
      - {rule: full-scope, enabled: false}
    waivers:
      - {rule: contract-permitted-users-differ, app: Shop, reason: production, owner: O, expires: 2026-12-31}
";
    let apps: &[&str] = &["Portal", "ERP", "Shop"];
    let judged = judge(&policy(text), &[("prod", PRODUCTION, false, apps), ("uat", SANDBOX, true, apps)]);
    assert_eq!(
        judged.by(&[USERS, "waiver-unused", "contract-without-app"]),
        [
            "(prod: contract-permitted-users-differ ERP)",
            "(prod: contract-permitted-users-differ Shop)",
            "(uat: contract-permitted-users-differ ERP)",
            "prod: contract-permitted-users-differ Portal",
        ]
    );
    assert_eq!(judged.by(&["full-scope"]), ["uat: full-scope ERP", "uat: full-scope Portal", "uat: full-scope Shop"]);
}

#[test]
fn what_is_meant_for_an_org_that_is_not_audited_is_not_told_as_unused() {
    let text = "
contracts: [{app: Everywhere}]
waivers:
  - {rule: full-scope, app: Everywhere, reason: R, owner: O, expires: 2026-12-31}
  - {rule: org-session-timeout-long, subject: uat, reason: R, owner: O, expires: 2026-12-31}
environments:
  - name: production
    contracts: [{app: Gone}]
    waivers: [{rule: full-scope, app: Gone, reason: R, owner: O, expires: 2026-12-31}]
  - name: sandbox
    contracts: [{app: Trial}]
    waivers: [{rule: full-scope, app: Trial, reason: R, owner: O, expires: 2026-12-31}]
";
    let policy = policy(text);
    let of = |orgs: &[Audited<'_>]| {
        let judged = judge(&policy, orgs);
        judged.by(&["contract-without-app", "waiver-unused"]).join(", ")
    };
    let (prod, uat): (Audited<'_>, Audited<'_>) =
        (("prod", PRODUCTION, false, &["Everywhere"]), ("test", SANDBOX, true, &["Everywhere", "Trial"]));
    let without = |app: &str| format!(": contract-without-app {app}, : waiver-unused full-scope of {app}");
    assert_eq!(of(&[prod]), without("Gone"));
    assert_eq!(of(&[uat]), "");
    // Several orgs in one run: what one of them has is there.
    assert_eq!(of(&[prod, uat]), without("Gone"));
    assert_eq!(of(&[("dev", SANDBOX, true, &["Everywhere"])]), without("Trial"));
    // What goes for everything is expected in any of them.
    assert_eq!(of(&[("dev", SANDBOX, true, &["Trial"])]), without("Everywhere"));
}

#[test]
fn an_org_whose_kind_is_not_told_is_a_gap() {
    let policy =
        policy("environments: [{name: uat}, {name: production, contracts: [{app: Portal, permitted-users: admin-approved}]}]");
    let prod: &[Audited<'_>] = &[("prod", "", false, &["Portal"])];
    let judged = judge(&policy, prod);
    assert_eq!(judged.by(&[USERS]), Vec::<&str>::new());
    assert_eq!(judged.problems, ["orgwarden.yaml:1:36: cannot tell whether prod belongs to the environment `production`"]);
    // An alias tells without the org's help.
    assert_eq!(judge(&policy, &[("uat", "", false, &["Portal"])]).problems, Vec::<String>::new());
    let chosen = judge(&policy.in_environment("production").unwrap(), prod);
    assert_eq!((chosen.problems.as_slice(), chosen.by(&[USERS])), (&[][..], vec![&*format!("prod: {USERS} Portal")]));
}

/// Of an org that could not be read nobody knows whether it has what the policy is about.
#[test]
fn what_may_be_in_an_org_that_could_not_be_read_is_undecided() {
    let text = "
contracts: [{app: Portal}, {app: Shop}]
waivers: [{rule: full-scope, app: Portal, reason: R, owner: O, expires: 2026-12-31}, {rule: full-scope, app: Shop, reason: R, owner: O, expires: 2026-12-31}]
";
    let acme = Acme::new();
    acme.folder.write("orgwarden.yaml", text);
    let nobody = [("SF_ACCESS_TOKEN", "00D000000000001!AAAA".to_owned()), ("SF_ORG_INSTANCE_URL", "http://127.0.0.1:1".to_owned())];
    let report = acme::run(&acme.folder, &["audit", "--org-from-env", "--format", "json", "--max-api-calls", "1"], &nobody).json();
    assert_eq!(report["findings"], serde_json::json!([]));
    let undecided = report["unknown"].as_array().unwrap().iter();
    let undecided: Vec<String> =
        undecided.map(|it| format!("{}: {}", it["rule"].as_str().unwrap(), it["reason"].as_str().unwrap())).collect();
    let (app, finding) = (
        "127.0.0.1:1, which may have such an app, could not be read",
        "127.0.0.1:1, which may have the finding, could not be read",
    );
    assert_eq!(
        undecided,
        [
            format!("contract-without-app: {app}"),
            format!("contract-without-app: {app}"),
            format!("waiver-unused: {finding}"),
            format!("waiver-unused: {finding}"),
        ]
    );
}

#[test]
fn an_org_is_asked_what_it_is() {
    let acme = Acme::new();
    let contract = "contracts: [{app: '*', owner: O}]";
    acme.folder.write("orgwarden.yaml", format!("environments: [{{name: sandbox}}, {{name: production, {contract}}}]"));
    let owner = |args: &[&str]| {
        let run = acme.run(&[&["inventory", "--org-from-env", "--format", "json"], args].concat());
        run.json()["apps"][0]["owner"].as_str().map(str::to_owned)
    };
    assert_eq!(owner(&[]), Some("O".to_owned()));
    assert_eq!(owner(&["--environment", "sandbox"]), None);
    let audited = |args: &[&str]| {
        let report = acme.run(&[&["audit", "--org-from-env", "--format", "json"], args].concat()).json();
        report["source"]["orgs"][0]["environment"].as_str().map(str::to_owned)
    };
    assert_eq!(audited(&[]), Some("production".to_owned()));
    assert_eq!(audited(&["--environment", "sandbox"]), Some("sandbox".to_owned()));
    assert_eq!(audited(&["--no-policy"]), None);
}

#[test]
fn files_belong_to_the_environment_that_is_chosen() {
    let policy = "environments: [{name: production, contracts: [{app: Portal, permitted-users: admin-approved, owner: O}]}]";
    let project = Project::new().file("orgwarden.yaml", policy).file("Portal.connectedApp", connected_app(&oauth("")));
    let audit = |args: &[&str]| project.run(&[&["audit", "--format", "json", "--fail-on", "never"], args].concat());
    let none = audit(&[]);
    assert_eq!(said(&none, &[USERS]), Vec::<String>::new());
    assert!(
        none.err.contains("files belong to none of the policy's environments (production); --environment NAME chooses one"),
        "{}",
        none.err
    );
    let chosen = audit(&["--environment", "production"]);
    assert_eq!(said(&chosen, &[USERS]), [format!("{USERS} Portal")]);
    assert!(!chosen.err.contains("belong"), "{}", chosen.err);
    assert_eq!(project.inventory(&["--environment", "production"]).0["apps"][0]["owner"], "O");
    let facts = project.run(&["facts", "Portal", "--format", "json", "--environment", "production"]);
    assert_eq!(facts.json()["apps"][0]["facts"]["contract.owner"]["value"], "O");

    let wrong = audit(&["--environment", "prodution"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("the policy has no environment `prodution`\nhelp: did you mean `production`?"), "{}", wrong.err);

    project.write("orgwarden.yaml", "environments: [\n");
    let broken = audit(&["--environment", "production"]);
    assert!(
        broken.code == 2 && broken.err.contains("orgwarden.yaml:") && !broken.err.contains("has no environment"),
        "{}",
        broken.err
    );
    assert_eq!(audit(&["--environment", "production", "--no-policy"]).code, 2);
}

// Policies that build on others

/// A file: its path, its text.
type File<'a> = (&'a str, &'a str);

/// The contracts that are in effect: the owners of apps A, B and C.
fn owners(files: &[File<'_>], policy: &str) -> Vec<String> {
    let mut project = Project::new();
    for app in ["A", "B", "C"] {
        project = project.file(&format!("{app}.connectedApp"), connected_app(&oauth("")));
    }
    for (path, text) in files {
        project = project.file(path, text);
    }
    let run = project.run(&["inventory", "--format", "json", "--policy", policy]);
    assert_eq!(run.code, 0, "{}", run.err);
    let owner = |app: &serde_json::Value| app["owner"].as_str().unwrap_or("-").to_owned();
    run.json()["apps"].as_array().unwrap().iter().map(owner).collect()
}

#[test]
fn the_nearer_file_wins_entry_by_entry() {
    let own = "contracts: [{app: A, owner: own}]";
    let base = "contracts: [{app: A, owner: base}, {app: B, owner: base}]";
    let other = "contracts: [{app: B, owner: other}, {app: C, owner: other}]";
    // files, the policy, the owners
    let table: [(&[File<'_>], &str, [&str; 3]); 6] = [
        (
            &[("p.yaml", "extends: base.yaml\ncontracts: [{app: A, owner: own}]"), ("base.yaml", base)],
            "p.yaml",
            ["own", "base", "-"],
        ),
        // Paths are relative to the file that has them.
        (
            &[("x/y/p.yaml", "extends: ../base.yaml"), ("x/base.yaml", "extends: z/other.yaml"), ("x/z/other.yaml", other)],
            "x/y/p.yaml",
            ["-", "other", "other"],
        ),
        // Of several the last is the nearest.
        (
            &[("p.yaml", "extends: [base.yaml, other.yaml]"), ("base.yaml", base), ("other.yaml", other)],
            "p.yaml",
            ["base", "other", "other"],
        ),
        (
            &[("p.yaml", "extends: [other.yaml, base.yaml]"), ("base.yaml", base), ("other.yaml", other)],
            "p.yaml",
            ["base", "base", "other"],
        ),
        // One that two of them build on is no circle.
        (
            &[
                ("p.yaml", "extends: [one.yaml, two.yaml]"),
                ("one.yaml", "extends: base.yaml"),
                ("two.yaml", "extends: base.yaml"),
                ("base.yaml", base),
            ],
            "p.yaml",
            ["base", "base", "-"],
        ),
        // Between globs the nearest is first; an exact name wins wherever it stands.
        (
            &[
                ("p.yaml", "extends: base.yaml\ncontracts: [{app: '[AC]', owner: glob}]"),
                ("base.yaml", "contracts: [{app: '*', owner: far}, {app: A, owner: exact}]"),
            ],
            "p.yaml",
            ["exact", "far", "glob"],
        ),
    ];
    for (files, policy, expected) in table {
        assert_eq!(owners(files, policy), expected, "{files:?}");
    }
    assert_eq!(owners(&[("p.yaml", own)], "p.yaml"), ["own", "-", "-"]);
}

#[test]
fn switches_and_environments_are_inherited() {
    let shared = "
rules: [{rule: full-scope, enabled: false}, {rule: missing-or-generic-contact, enabled: false}]
unlisted-apps: report
environments: [{name: production, contracts: [{app: Portal, permitted-users: admin-approved}], rules: [{rule: app-without-contract, enabled: false}]}]
";
    let own = "
extends: shared.yaml
rules: [{rule: full-scope, severity: low}]
environments: [{name: production, contracts: [{app: Shop, permitted-users: admin-approved}]}]
";
    let apps = |project: Project| {
        project
            .file("Portal.connectedApp", connected_app(&oauth("<scopes>Full</scopes>")))
            .file("Shop.connectedApp", connected_app(&oauth("")))
    };
    let project = apps(Project::new().file("orgwarden.yaml", own).file("shared.yaml", shared));
    let all = ["app-without-contract", USERS, "full-scope", "missing-or-generic-contact"];
    let audit = |args: &[&str]| said(&project.run(&[&["audit", "--format", "json"], args].concat()), &all);
    assert_eq!(audit(&[]), ["app-without-contract Portal", "full-scope Portal", "app-without-contract Shop"]);
    assert_eq!(
        audit(&["--environment", "production"]),
        [format!("{USERS} Portal"), "full-scope Portal".to_owned(), format!("{USERS} Shop")]
    );
    project.write("orgwarden.yaml", format!("{own}\nunlisted-apps: allow"));
    assert_eq!(audit(&[]), ["full-scope Portal"]);
}

/// A shared file is about more than one audit.
#[test]
fn entries_of_a_shared_file_need_not_be_of_use() {
    let shared =
        "contracts: [{app: Elsewhere}]\nwaivers: [{rule: full-scope, app: Elsewhere, reason: R, owner: O, expires: 2026-12-31}]";
    let rules = &["contract-without-app", "waiver-unused"];
    let project = Project::new()
        .file("shared.yaml", shared)
        .file("orgwarden.yaml", "extends: shared.yaml")
        .file("A.connectedApp", connected_app(""));
    let audit = |args: &[&str]| said(&project.run(&[&["audit", "--format", "json"], args].concat()), rules);
    assert_eq!(audit(&[]), Vec::<String>::new());
    assert_eq!(audit(&["--policy", "shared.yaml"]), ["contract-without-app Elsewhere", "waiver-unused full-scope of Elsewhere"]);
}

#[test]
fn what_is_wrong_with_extends_is_told_with_its_place() {
    let diagnostics = |files: &[File<'_>]| {
        let project = files.iter().fold(Project::new(), |project, (path, text)| project.file(path, text));
        let run = project.run(&["audit"]);
        assert_eq!(run.code, 2, "{}", run.err);
        run.diagnostics()
    };
    let relative = "paths are relative to the file that has the `extends`";
    assert_eq!(
        diagnostics(&[("orgwarden.yaml", "extends: [shared/a.yaml, 'https://example.com/b.yaml', '']\nflow: []\n")]),
        [
            "orgwarden.yaml:2:1: error: unknown key `flow` (it can be one of: extends, contracts, preset, rules, waivers, environments, unlisted-apps, require-in-contracts, endless-waivers, inline-waivers)"
        ]
    );
    assert_eq!(
        diagnostics(&[("orgwarden.yaml", "extends: [shared/a.yaml, 'https://example.com/b.yaml', '']\ncontracts: [{app: '[A'}]\n")]),
        [
            format!("orgwarden.yaml:1:11: error: `shared/a.yaml` cannot be read: No such file or directory (os error 2) ({relative})"),
            "orgwarden.yaml:1:26: error: `https://example.com/b.yaml` is no file (policies are read from files alone: keep a copy beside this one)".to_owned(),
            "orgwarden.yaml:1:56: error: the name of a file is empty (write the path of a policy file, relative to this one)".to_owned(),
            "orgwarden.yaml:2:19: error: `[A` is not a glob: unclosed character class; missing ']' (`*`, `?`, `[ab]` and `{one,two}` have a meaning)".to_owned(),
        ]
    );
    assert_eq!(
        diagnostics(&[("orgwarden.yaml", "extends: x/a.yaml"), ("x/a.yaml", "extends: ../orgwarden.yaml")]),
        ["x/a.yaml:1:10: error: a policy extends itself: orgwarden.yaml, x/a.yaml, orgwarden.yaml (take one of the `extends` out)"]
    );
    let chain: Vec<(String, String)> =
        (0..9).map(|number| (format!("{number}.yaml"), format!("extends: {}.yaml", number + 1))).collect();
    let mut files: Vec<File<'_>> = chain.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("orgwarden.yaml", "extends: 0.yaml"));
    assert_eq!(
        diagnostics(&files),
        ["6.yaml:1:10: error: more than 8 policies extend each other in a row (let a nearer one extend the last of them)"]
    );
    // Mistakes of what is extended are told at their places.
    assert_eq!(
        diagnostics(&[("orgwarden.yaml", "extends: a.yaml"), ("a.yaml", "contracts: [{app: A, flows: [devise]}]")]),
        ["a.yaml:1:30: error: unknown flow `devise` (did you mean `device`?)"]
    );
}
