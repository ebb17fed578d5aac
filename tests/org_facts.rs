//! What rules know of a live org: the facts about its apps and about itself, and the verdicts on them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeSet;

use jiff::civil::date;
use orgwarden::collect::{ProfilesToRead, tree};
use orgwarden::inventory::contract::Expectations;
use orgwarden::inventory::org::{
    AppInOrg, Assigned, Holder, Identity, LogInUse, Org, PermissionSet, ProfileRow, Seen, SetKind, TokenUse, User,
};
use orgwarden::inventory::{Fact, Inventory, Reason};
use orgwarden::policy::{Policy, verdicts};
use orgwarden::rules::facts::{Context, of_app, of_source};
use orgwarden::rules::value::{FactSet, FactValue, Value};
use orgwarden::rules::{builtin, with_stack};
use orgwarden::source::{Answer, Api, Location};
use support::{Project, connected_app, oauth};

const APP: &str = "0H4app";

/// The app Portal, read from a file, put into an org: what differs is only what the org adds.
fn inventory(org: Org) -> Inventory {
    let admin_approved = "<isAdminApproved>true</isAdminApproved><isClientCredentialEnabled>true</isClientCredentialEnabled>\
                          <oauthClientCredentialUser>erp@acme.example.com</oauthClientCredentialUser><scopes>Api</scopes>";
    let project = Project::new().file("Portal.connectedApp", connected_app(&oauth(admin_approved)));
    let request = tree::Request { paths: &[project.path("")], force_ignore: true, profiles: ProfilesToRead::None, also: &[] };
    let mut inventory = tree::collect(&request).inventory;
    inventory.sources[0].name = String::from("acme");
    inventory.sources[0].api_version = Some(66);
    inventory.sources[0].org = Some(Box::new(org));
    inventory.apps[0].in_org = Some(AppInOrg {
        id: Some(APP.to_owned()),
        body: Fact::known(true),
        installed: Fact::known(false),
        granted_by: Seen::all(vec!["0PSerp".to_owned()]),
    });
    inventory
}

/// Ada is an administrator, Cy has left, Erp is the integration user.
fn acme() -> Org {
    let mut org = Org { active_users: Fact::known(200), ..Org::default() };
    org.identity = Identity { id: "00Dacme".to_owned(), name: "Acme".to_owned(), sandbox: true, ..Identity::default() };
    for (id, name, active, profile) in
        [("005A", "ada", true, "00eADM"), ("005C", "cy", false, "00eSTD"), ("005E", "erp", true, "00eINT")]
    {
        org.users.insert(id.to_owned(), user(name, active, profile));
    }
    for (id, name, user_type) in
        [("00eADM", "System Administrator", "Standard"), ("00eSTD", "Sales", "Standard"), ("00eINT", "Help Centre", "Guest")]
    {
        let row = ProfileRow { name: name.to_owned(), license: "Salesforce".to_owned(), user_type: user_type.to_owned() };
        org.profiles.insert(id.to_owned(), row);
    }
    for (id, name, kind) in [
        ("0PSerp", "ERP_Sync", SetKind::Regular),
        ("0PSadm", "System Administrator", SetKind::OfProfile { profile: "00eADM".to_owned() }),
        ("0PSint", "Help Centre", SetKind::OfProfile { profile: "00eINT".to_owned() }),
    ] {
        let set = PermissionSet {
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            requires_activation: false,
            permissions: BTreeSet::new(),
        };
        org.permission_sets.insert(id.to_owned(), set);
    }
    org
}

fn user(name: &str, active: bool, profile: &str) -> User {
    User {
        username: format!("{name}@acme.example.com"),
        active,
        frozen: Fact::known(false),
        user_type: "Standard".to_owned(),
        profile: profile.to_owned(),
        profile_name: String::new(),
        license: "Salesforce".to_owned(),
        permissions: Fact::known(BTreeSet::from(["ApiEnabled".to_owned()])),
    }
}

fn assigned(user: &str, expires: Option<&str>) -> Assigned {
    Assigned {
        user: user.to_owned(),
        permission_set: "0PSerp".to_owned(),
        group: None,
        expires: expires.map(str::to_owned),
        active: true,
    }
}

fn token(app: Option<&str>, name: &str, user: &str, last_used: Option<&str>) -> TokenUse {
    TokenUse {
        app_name: name.to_owned(),
        app: app.map(str::to_owned),
        user: user.to_owned(),
        tokens: 1,
        uses: 1,
        first: Some("2025-01-01T08:00:00.000+0000".to_owned()),
        last_used: last_used.map(str::to_owned),
    }
}

/// The facts about the app, on 1 June 2026.
fn facts(org: Org) -> FactSet {
    let inventory = inventory(org);
    of_app(&inventory.apps[0], Expectations::default(), &Context::new(&inventory, date(2026, 6, 1)))
}

/// A fact in words.
fn said(facts: &FactSet, path: &str) -> String {
    match &facts.get(path).unwrap_or_else(|| panic!("{path} was not collected")).state {
        Ok(value) => value.to_text(),
        Err(reason) => format!("unknown: {reason}"),
    }
}

fn all_of(facts: &FactSet, wanted: &[(&str, &str)]) {
    for (path, words) in wanted {
        assert_eq!(said(facts, path), *words, "{path}");
    }
}

const CUT: &str = "only 2,500 tokens were read";

#[test]
fn files_know_nothing_of_it() {
    let mut inventory = inventory(acme());
    inventory.sources[0].org = None;
    inventory.apps[0].in_org = None;
    let facts = of_app(&inventory.apps[0], Expectations::default(), &Context::new(&inventory, date(2026, 6, 1)));
    assert_eq!(facts.get("app.access.active_users"), None);
    all_of(&facts, &[("app.installed", "false"), ("app.record_only", "false")]);
}

#[test]
fn who_can_use_the_app() {
    let mut org = acme();
    org.assignments = Seen::all(vec![assigned("005E", Some("2026-06-13T00:00:00.000+0000")), assigned("005C", None)]);
    all_of(
        &facts(org),
        &[
            ("app.access.active_users", "1"),
            ("app.access.active_users_percent", "0"),
            ("app.access.expiring", "erp@acme.example.com (12 days)"),
            ("app.access.users_without_api", "none"),
            ("app.access.inactive_only", "false"),
            ("app.access.external_profiles", "none"),
            ("app.access.permission_sets_without_active_users", "none"),
            ("app.run_as.authorized", "true"),
            ("app.run_as.api_enabled", "true"),
            ("app.run_as.api_only", "false"),
        ],
    );
    all_of(&facts(acme()), &[("app.access.permission_sets_without_active_users", "ERP_Sync"), ("app.run_as.authorized", "false")]);
}

#[test]
fn guests_are_not_of_the_company() {
    let mut org = acme();
    org.active_users_by_profile.insert("00eINT".to_owned(), 1);
    let mut inventory = inventory(org);
    inventory.apps[0].in_org.as_mut().unwrap().granted_by = Seen::all(vec!["0PSint".to_owned()]);
    let facts = of_app(&inventory.apps[0], Expectations::default(), &Context::new(&inventory, date(2026, 6, 1)));
    all_of(&facts, &[("app.access.external_profiles", "Help Centre"), ("app.access.active_users", "1")]);
}

#[test]
fn an_end_matters_only_where_nothing_lasts_longer() {
    let soon = Some("2026-06-13T00:00:00.000+0000");
    for (assignments, expiring) in [
        (vec![assigned("005E", soon)], "erp@acme.example.com (12 days)"),
        (vec![assigned("005E", soon), assigned("005E", None)], "none"),
        (vec![assigned("005E", Some("2026-06-03T00:00:00.000+0000")), assigned("005E", soon)], "erp@acme.example.com (12 days)"),
        (vec![assigned("005E", Some("2027-01-01T00:00:00.000+0000"))], "none"),
        (vec![assigned("005C", soon)], "none"),
        (vec![assigned("005E", Some("next week"))], "unknown: `next week` is no date that this version can read"),
    ] {
        let mut org = acme();
        org.assignments = Seen::all(assignments.clone());
        assert_eq!(said(&facts(org), "app.access.expiring"), expiring, "{assignments:?}");
    }
}

#[test]
fn the_run_as_user_is_judged_by_what_the_org_says() {
    let mut org = acme();
    org.users.get_mut("005E").unwrap().permissions =
        Fact::known(BTreeSet::from(["ViewAllData".to_owned(), "ViewSetup".to_owned()]));
    all_of(
        &facts(org),
        &[("app.run_as.powers", "ViewAllData"), ("app.run_as.powerful", "true"), ("app.run_as.administrator", "false")],
    );

    let mut gone = acme();
    gone.users.remove("005E");
    all_of(
        &facts(gone.clone()),
        &[("app.run_as.found", "false"), ("app.run_as.active", "unknown: the app has no user to run as in the org")],
    );
    gone.more_users = Some("users could not be read".into());
    all_of(&facts(gone), &[("app.run_as.found", "unknown: users could not be read")]);
}

#[test]
fn tokens_belong_to_an_app_by_id_and_where_they_have_none_by_name() {
    let mut org = acme();
    org.tokens = Seen::all(vec![
        token(Some(APP), "Portal", "005A", Some("2026-05-31T10:00:00.000+0000")),
        token(None, "portal", "005C", None),
        token(Some("0H4other"), "Portal", "005E", None),
        token(None, "My Data-Loader", "005E", Some("2026-05-30T10:00:00.000+0000")),
        token(None, "Data Loader", "005E", None),
    ]);
    org.active_users = Fact::known(3);
    let inventory = inventory(org);
    let context = Context::new(&inventory, date(2026, 6, 1));
    all_of(
        &of_app(&inventory.apps[0], Expectations::default(), &context),
        &[
            ("app.tokens.count", "2"),
            ("app.tokens.of_inactive_users", "cy@acme.example.com (1 token)"),
            ("app.tokens.of_powerful_users", "ada@acme.example.com (System Administrator)"),
            ("app.tokens.stale", "cy@acme.example.com (1 token)"),
            ("app.tokens.many_per_user", "none"),
            ("app.used_days", "1"),
        ],
    );
    all_of(
        &of_source(0, &context),
        &[
            ("org.name", "Acme"),
            ("org.path", "acme"),
            ("org.tokens.not_installed", "Data Loader (1 user), My Data-Loader (1 user)"),
            ("org.tokens.imitations", "My Data-Loader (1 user)"),
        ],
    );
}

#[test]
fn tokens_without_an_id_belong_to_nobody_for_sure_where_two_apps_have_the_name() {
    let mut org = acme();
    org.tokens = Seen::all(vec![token(None, "Portal", "005C", None)]);
    let mut inventory = inventory(org);
    let mut twin = inventory.apps[0].clone();
    twin.name = "Portal_Old".to_owned();
    inventory.apps.push(twin);
    let facts = of_app(&inventory.apps[1], Expectations::default(), &Context::new(&inventory, date(2026, 6, 1)));
    let unknown = "unknown: several apps are called `portal`, and tokens do not say whose they are";
    all_of(&facts, &[("app.tokens.of_inactive_users", unknown), ("org.tokens.not_installed", "none")]);
}

#[test]
fn nobody_left_to_use_it() {
    type Change = fn(&mut Org);
    let frozen = |org: &mut Org| org.users.get_mut("005E").unwrap().frozen = Fact::known(true);
    let cases: [(Change, &str); 4] = [
        (|org| org.assignments = Seen::all(vec![assigned("005C", None)]), "true"),
        (|org| org.assignments = Seen::all(vec![assigned("005E", None)]), "true"),
        (|org| org.assignments = Seen::all(vec![assigned("005E", None), assigned("005A", None)]), "false"),
        (|org| org.assignments.more = Some("assignments cut off".into()), "unknown: assignments cut off"),
    ];
    for (change, inactive_only) in cases {
        let mut org = acme();
        frozen(&mut org);
        change(&mut org);
        assert_eq!(said(&facts(org), "app.access.inactive_only"), inactive_only);
    }
    let mut org = acme();
    org.active_users_by_profile.insert("00eADM".to_owned(), 0);
    org.users.remove("005A");
    let mut inventory = inventory(org);
    inventory.apps[0].in_org.as_mut().unwrap().granted_by = Seen::all(vec!["0PSadm".to_owned()]);
    let facts = of_app(&inventory.apps[0], Expectations::default(), &Context::new(&inventory, date(2026, 6, 1)));
    all_of(&facts, &[("app.access.inactive_only", "true")]);
}

#[test]
fn a_short_answer_leaves_what_was_found_and_nothing_else() {
    let mut org = acme();
    org.tokens =
        Seen { rows: vec![token(Some(APP), "Portal", "005C", Some("2026-05-31T10:00:00.000+0000"))], more: Some(CUT.into()) };
    let unknown = format!("unknown: {CUT}");
    all_of(
        &facts(org),
        &[
            ("app.tokens.of_inactive_users", "cy@acme.example.com (1 day)"),
            ("app.tokens.count", &unknown),
            ("app.tokens.stale", &unknown),
            ("app.tokens.of_powerful_users", &unknown),
            ("app.used_days", &unknown),
            ("app.used_days_seen", "1"),
            ("org.tokens.not_installed", &unknown),
        ],
    );
}

#[test]
fn dates_that_cannot_be_read_are_never_a_pass() {
    for (written, stale) in [
        ("2026-05-31T10:00:00.000+0000", "none"),
        ("2026-05-31T10:00:00Z", "none"),
        ("2026-03-03", "none"),
        ("2026-03-02", "erp@acme.example.com (91 days)"),
        ("yesterday", "unknown: `yesterday` is no date that this version can read"),
    ] {
        let mut org = acme();
        org.tokens = Seen::all(vec![token(Some(APP), "Portal", "005E", Some(written))]);
        assert_eq!(said(&facts(org), "app.tokens.stale"), stale, "{written}");
    }
}

#[test]
fn log_ins_count_as_use_where_they_were_read() {
    let mut org = acme();
    org.tokens = Seen::all(Vec::new());
    all_of(&facts(org.clone()), &[("org.log_ins_read", "false"), ("app.used_days", "none")]);
    let last = "2026-05-22T10:00:00.000+0000".to_owned();
    org.log_ins = Some(Seen::all(vec![LogInUse { application: "Portal".to_owned(), count: 4, users: 1, last }]));
    all_of(&facts(org), &[("org.log_ins_read", "true"), ("app.used_days", "10")]);
}

#[test]
fn holders_beside_administrators() {
    let holder = |permission: &str, permission_set: &str, active_users: Fact<u64>| Holder {
        permission: permission.to_owned(),
        permission_set: permission_set.to_owned(),
        active_users,
    };
    let mut org = acme();
    org.holders.rows = vec![
        holder("CanApproveUninstalledApps", "0PSadm", Fact::known(3)),
        holder("CanApproveUninstalledApps", "0PSint", Fact::known(0)),
        holder("UseAnyApiClient", "0PSerp", Fact::unknown("not counted")),
    ];
    org.holders.more = Some(Reason::from("profiles could not be read"));
    all_of(
        &facts(org),
        &[
            ("org.holders.use_any_api_client", "ERP_Sync (UseAnyApiClient)"),
            ("org.holders.approve_uninstalled_apps", "unknown: profiles could not be read"),
            ("org.permission_holders", "unknown: profiles could not be read"),
        ],
    );
}

/// The scope `api` of the app meets the user it runs as and whoever has the permission set that grants it.
#[test]
fn the_blast_radius_of_an_app_is_that_of_its_most_powerful_user() {
    let having = |id: &str, permissions: &[&str], org: &mut Org| {
        let permissions = permissions.iter().map(|&name| name.to_owned()).collect();
        org.users.get_mut(id).unwrap().permissions = Fact::known(permissions);
    };
    let told = |change: &dyn Fn(&mut Org)| {
        let mut org = acme();
        change(&mut org);
        let facts = facts(org);
        (said(&facts, "app.blast_radius.level"), said(&facts, "app.blast_radius.least"))
    };
    let assign = |user: &str, org: &mut Org| org.assignments.rows.push(assigned(user, None));
    let unknown = |why: &str| format!("unknown: {why}");
    for (what, change, level, least) in [
        ("an ordinary user to run as", &(|_: &mut Org| {}) as &dyn Fn(&mut Org), "partial".to_owned(), "partial"),
        ("one who sees everything", &|org| having("005E", &["ApiEnabled", "ViewAllData"], org), "all-data".to_owned(), "all-data"),
        ("one who writes code", &|org| having("005E", &["ApiEnabled", "AuthorApex"], org), "org".to_owned(), "org"),
        ("one who may not use APIs", &|org| having("005E", &["ModifyAllData"], org), "none".to_owned(), "none"),
        ("an administrator who is assigned", &|org| assign("005A", org), "org".to_owned(), "org"),
        ("one who has left", &|org| assign("005C", org), "partial".to_owned(), "partial"),
        ("assignments that were not all read", &|org| org.assignments.more = Some(Reason::from(CUT)), unknown(CUT), "partial"),
        (
            "a user to run as whose permissions nobody read",
            &|org| org.users.get_mut("005E").unwrap().permissions = Fact::unknown("hidden"),
            unknown("hidden"),
            "none",
        ),
    ] {
        assert_eq!(told(change), (level, least.to_owned()), "{what}");
    }
}

#[test]
fn an_app_without_metadata_says_why() {
    let mut inventory = inventory(acme());
    inventory.apps[0].in_org.as_mut().unwrap().body = Fact::unknown("the Metadata API does not give it");
    let facts = of_app(&inventory.apps[0], Expectations::default(), &Context::new(&inventory, date(2026, 6, 1)));
    all_of(&facts, &[("app.record_only", "true"), ("app.record_only_reason", "the Metadata API does not give it")]);
}

#[test]
fn facts_name_the_object_they_are_from() {
    let facts = facts(acme());
    let origin = |fact: &FactValue| fact.origins[0].location().to_string();
    assert_eq!(origin(facts.get("org.name").unwrap()), "Organization (Data API 66.0)");
    assert_eq!(origin(facts.get("app.tokens.count").unwrap()), "OauthToken (Data API 66.0)");
    assert_eq!(facts.get("org.sandbox").unwrap().state, Ok(Value::Bool(true)));
}

/// Without its settings an org is still judged; and a rule for the other kind of source never speaks.
#[test]
fn rules_are_asked_about_their_kind_of_source() {
    let mut org = acme();
    org.tokens = Seen::all(vec![token(None, "Ticket Portal", "005E", None), token(Some(APP), "Portal", "005C", None)]);
    let rules = builtin().0.rules;
    let found = |inventory: &Inventory| -> BTreeSet<String> {
        let context = Context::new(inventory, date(2026, 6, 1));
        let judged = with_stack(|| verdicts(inventory, &rules, &Policy::default(), &context));
        judged.findings.into_iter().map(|finding| format!("{}: {}", finding.subject.name, finding.rule)).collect()
    };
    let mut inventory = inventory(org);
    inventory.apps[0].in_package_directory = false;
    let file = inventory.apps[0].location.clone();
    inventory.apps[0].location = Location::object("ConnectedApp/Portal", Answer { api: Api::Metadata, version: 66 });
    let live = found(&inventory);
    for wanted in
        ["acme: used-but-not-installed", "Portal: tokens-of-inactive-users", "Portal: permission-set-without-active-users"]
    {
        assert!(live.contains(wanted), "{wanted} is not in {live:#?}");
    }
    assert!(!live.contains("Portal: app-outside-package-directory"));
    // What a deployment is going to bring is of both.
    inventory.apps[0].location = file;
    assert!(found(&inventory).contains("Portal: app-outside-package-directory"));
    inventory.sources[0].org = None;
    let of_files = found(&inventory);
    assert!(of_files.contains("Portal: app-outside-package-directory"), "{of_files:#?}");
    assert!(!of_files.contains("Portal: tokens-of-inactive-users"));
}

/// An org in which Erp can do nothing but call APIs.
fn with_an_integration_user(powers: &[&str]) -> Org {
    let mut org = acme();
    org.visible_permissions = Fact::known(["ApiEnabled", "ApiUserOnly"].map(str::to_owned).into());
    org.permission_sets.get_mut("0PSint").unwrap().permissions = BTreeSet::from(["ApiUserOnly".to_owned()]);
    let permissions = powers.iter().chain(&["ApiUserOnly"]).map(|&name| name.to_owned()).collect();
    org.users.get_mut("005E").unwrap().permissions = Fact::known(permissions);
    org.active_users = Fact::known(3);
    org
}

/// A fact about the org itself, with no app that runs as anybody.
fn of_org(org: Org, path: &str) -> String {
    let mut inventory = inventory(org);
    inventory.apps.clear();
    said(&of_source(0, &Context::new(&inventory, date(2026, 6, 1))), path)
}

#[test]
fn integration_users_with_much_power() {
    type Change = fn(&mut Org);
    let nothing: Change = |_| {};
    let cases: [(&[&str], Change, &str); 6] = [
        (&["ViewAllData"], nothing, "erp@acme.example.com (ViewAllData)"),
        (&["ViewAllData", "AuthorApex"], nothing, "erp@acme.example.com (AuthorApex, ViewAllData)"),
        (&["ApiEnabled"], nothing, "none"),
        (&["ViewAllData"], |org| org.users.get_mut("005E").unwrap().active = false, "none"),
        (
            &[],
            |org| org.large_profiles = BTreeSet::from(["00eINT".to_owned()]),
            "unknown: a profile with API Only User has too many users to list",
        ),
        (
            &[],
            |org| org.users.get_mut("005E").unwrap().permissions = Fact::unknown("permissions cut off"),
            "unknown: permissions cut off",
        ),
    ];
    for (powers, change, expected) in cases {
        let mut org = with_an_integration_user(powers);
        change(&mut org);
        assert_eq!(of_org(org, "org.powerful_integration_users"), expected);
    }
    // Whom an app runs as is told of with the app.
    let inventory = inventory(with_an_integration_user(&["ViewAllData"]));
    let facts = of_source(0, &Context::new(&inventory, date(2026, 6, 1)));
    all_of(&facts, &[("org.powerful_integration_users", "none")]);
}

#[test]
fn profiles_in_use() {
    let mut org = with_an_integration_user(&[]);
    org.active_users_by_profile = [("00eADM".to_owned(), 2), ("00eSTD".to_owned(), 0), ("00eINT".to_owned(), 1)].into();
    org.permission_sets.get_mut("0PSint").unwrap().permissions.insert("ApiEnabled".to_owned());
    org.permission_sets.get_mut("0PSadm").unwrap().permissions.insert("ApiEnabled".to_owned());
    for (path, words) in [
        ("org.standard_profiles_in_use", "System Administrator (2 active users)"),
        ("org.holders.api_enabled", "Help Centre (1 active user)"),
        // Only one of the profiles with users was read, and it says nothing of it.
        (
            "org.profiles.broad_login_ip_ranges",
            "unknown: the login restrictions of the profile `System Administrator` were not read",
        ),
    ] {
        assert_eq!(of_org(org.clone(), path), words, "{path}");
    }
    org.active_users = Fact::unknown("users could not be counted");
    for path in ["org.standard_profiles_in_use", "org.holders.api_enabled", "org.profiles.broad_login_ip_ranges"] {
        assert_eq!(of_org(org.clone(), path), "unknown: users could not be counted", "{path}");
    }
}
