//! Who can use an app of a live org: every way from the app to users, and what is known of them when an answer was short.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use orgwarden::access::{Audience, Graph, Holder, Lookup, Reservation};
use orgwarden::inventory::Fact;
use orgwarden::inventory::org::{AppInOrg, Assigned, Group, Org, PermissionSet, ProfileRow, Seen, SetKind, User};

/// An org of five users. Ada and Bob are active, Cy is inactive, Di is frozen, Ed has the profile Operations.
fn acme() -> Org {
    let mut org = Org { active_users: Fact::known(10), ..Org::default() };
    for (id, name, active, frozen, profile) in [
        ("005A", "ada", true, false, "00eSTD"),
        ("005B", "bob", true, false, "00eSTD"),
        ("005C", "cy", false, false, "00eSTD"),
        ("005D", "di", true, true, "00eSTD"),
        ("005E", "ed", true, false, "00eOPS"),
    ] {
        org.users.insert(id.to_owned(), user(name, active, frozen, profile));
    }
    for (id, name, kind) in [
        ("0PSerp", "ERP_Sync", SetKind::Regular),
        ("0PSops", "Operations", SetKind::OfProfile { profile: "00eOPS".to_owned() }),
        ("0PSagg", "Integration", SetKind::OfGroup { group: "0PGint".to_owned() }),
    ] {
        org.permission_sets.insert(id.to_owned(), permission_set(name, kind));
    }
    let operations =
        ProfileRow { name: "Operations".to_owned(), license: "Salesforce".to_owned(), user_type: "Standard".to_owned() };
    org.profiles.insert("00eOPS".to_owned(), operations);
    org.active_users_by_profile.insert("00eOPS".to_owned(), 1);
    org
}

fn user(name: &str, active: bool, frozen: bool, profile: &str) -> User {
    User {
        username: format!("{name}@acme.example.com"),
        active,
        frozen: Fact::known(frozen),
        user_type: "Standard".to_owned(),
        profile: profile.to_owned(),
        profile_name: "Standard User".to_owned(),
        license: "Salesforce".to_owned(),
        permissions: Fact::unknown("nobody looked"),
    }
}

fn permission_set(name: &str, kind: SetKind) -> PermissionSet {
    PermissionSet { name: name.to_owned(), label: name.to_owned(), kind, requires_activation: false, permissions: BTreeSet::new() }
}

fn assigned(user: &str, permission_set: &str) -> Assigned {
    Assigned { user: user.to_owned(), permission_set: permission_set.to_owned(), group: None, expires: None, active: true }
}

/// As Salesforce writes it: the row of a group names the group's own permission set.
fn in_group(user: &str) -> Assigned {
    Assigned { group: Some("0PGint".to_owned()), ..assigned(user, "0PSagg") }
}

/// The group Integration, which holds `ERP_Sync`.
fn group() -> Group {
    Group {
        id: "0PGint".to_owned(),
        name: "Integration".to_owned(),
        status: "Updated".to_owned(),
        permission_sets: vec!["0PSerp".to_owned()],
        muting: Vec::new(),
    }
}

fn app(granted_by: &[&str]) -> AppInOrg {
    AppInOrg {
        id: Some("0H4app".to_owned()),
        body: Fact::known(true),
        installed: Fact::known(false),
        granted_by: Seen::all(granted_by.iter().map(|&id| id.to_owned()).collect()),
    }
}

/// `kind name: users`, one way a line; ended assignments in brackets.
fn ways(audience: &Audience<'_>) -> Vec<String> {
    let holders = |way: &orgwarden::access::Way<'_>| {
        let names = way.holders.iter().map(|holder| {
            let name = holder.user.map_or(holder.id, |user| user.username.split('@').next().unwrap());
            if holder.ended { format!("[{name}]") } else { name.to_owned() }
        });
        names.collect::<Vec<_>>().join(" ")
    };
    audience.ways().map(|way| format!("{} {}: {}", way.via.kind(), way.via.name(), holders(way))).collect()
}

#[test]
fn every_way_is_followed() {
    struct Case {
        what: &'static str,
        assignments: Vec<Assigned>,
        granted_by: Vec<&'static str>,
        ways: Vec<&'static str>,
        active: u64,
    }
    let ended = Assigned { active: false, ..assigned("005A", "0PSerp") };
    let cases = [
        Case {
            what: "nobody",
            assignments: vec![],
            granted_by: vec!["0PSerp"],
            ways: vec!["permission-set ERP_Sync: ", "group Integration: "],
            active: 0,
        },
        Case {
            what: "directly",
            assignments: vec![assigned("005A", "0PSerp")],
            granted_by: vec!["0PSerp"],
            ways: vec!["permission-set ERP_Sync: ada", "group Integration: "],
            active: 1,
        },
        Case {
            what: "through a group that the permission set is in",
            assignments: vec![in_group("005B")],
            granted_by: vec!["0PSerp"],
            ways: vec!["permission-set ERP_Sync: ", "group Integration: bob"],
            active: 1,
        },
        Case {
            what: "through the group's own permission set",
            assignments: vec![in_group("005B")],
            granted_by: vec!["0PSagg"],
            ways: vec!["group Integration: bob"],
            active: 1,
        },
        Case {
            what: "both ways at once, counted once",
            assignments: vec![assigned("005A", "0PSerp"), in_group("005A"), in_group("005B")],
            granted_by: vec!["0PSerp", "0PSagg"],
            ways: vec!["permission-set ERP_Sync: ada", "group Integration: ada bob", "group Integration: ada bob"],
            active: 2,
        },
        Case {
            what: "an assignment that has ended",
            assignments: vec![ended],
            granted_by: vec!["0PSerp"],
            ways: vec!["permission-set ERP_Sync: [ada]", "group Integration: "],
            active: 0,
        },
        Case {
            what: "an inactive user does not count, a frozen one does",
            assignments: vec![assigned("005C", "0PSerp"), assigned("005D", "0PSerp")],
            granted_by: vec!["0PSerp"],
            ways: vec!["permission-set ERP_Sync: cy di", "group Integration: "],
            active: 1,
        },
        Case {
            what: "a profile: its users, not rows of its hidden permission set",
            assignments: vec![assigned("005E", "0PSops")],
            granted_by: vec!["0PSops"],
            ways: vec!["profile Operations: ed"],
            active: 1,
        },
        Case {
            what: "a profile and a permission set that its user has, counted once",
            assignments: vec![assigned("005E", "0PSerp"), assigned("005A", "0PSerp")],
            granted_by: vec!["0PSops", "0PSerp"],
            ways: vec!["profile Operations: ed", "permission-set ERP_Sync: ed ada", "group Integration: "],
            active: 2,
        },
        Case {
            what: "not granted at all",
            assignments: vec![assigned("005A", "0PSerp")],
            granted_by: vec![],
            ways: vec![],
            active: 0,
        },
    ];
    for case in cases {
        let mut org = acme();
        org.groups = Seen::all(vec![group()]);
        org.assignments = Seen::all(case.assignments);
        let app = app(&case.granted_by);
        let graph = Graph::new(&org);
        let audience = graph.audience(&app);
        assert_eq!(ways(&audience), case.ways, "{}", case.what);
        assert_eq!(audience.active_users(), Fact::known(case.active), "{}", case.what);
    }
}

#[test]
fn ids_of_15_and_18_characters_are_the_same() {
    let mut org = acme();
    org.permission_sets.insert("0PS000000000001AAA".to_owned(), permission_set("Reports", SetKind::Regular));
    org.users.insert("005000000000001AAA".to_owned(), user("fay", true, false, "00eSTD"));
    org.assignments = Seen::all(vec![assigned("005000000000001", "0PS000000000001")]);
    let app = app(&["0PS000000000001"]);
    let graph = Graph::new(&org);
    assert_eq!(ways(&graph.audience(&app)), ["permission-set Reports: fay"]);
}

#[test]
fn what_is_special_about_a_way_is_marked() {
    let mut org = acme();
    let old = Group { status: "Outdated".to_owned(), muting: vec!["Quiet".to_owned()], ..group() };
    org.groups = Seen::all(vec![old]);
    org.permission_sets.get_mut("0PSagg").unwrap().requires_activation = true;
    org.assignments = Seen::all(vec![in_group("005A")]);
    let app = app(&["0PSerp"]);
    let graph = Graph::new(&org);
    let audience = graph.audience(&app);
    let [direct, through] = audience.ways().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((direct.requires_activation, direct.via.is_out_of_date(), direct.via.muting().len()), (false, false, 0));
    assert_eq!((through.requires_activation, through.via.is_out_of_date(), through.via.muting().len()), (true, true, 1));
    // It is not documented that muting takes away access to an app, so whoever comes this way counts.
    assert_eq!(audience.active_users(), Fact::known(1));
}

/// A path on one line: `kind name <sets of the group> active/frozen [reservations]: user[reservations] …`.
fn paths(audience: &Audience<'_>) -> Vec<String> {
    let words = |all: Vec<Reservation<'_>>| match all.iter().map(Reservation::as_str).collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        words => format!("[{}]", words.join(" ")),
    };
    let told = |path: &orgwarden::access::Path<'_, '_>| {
        let via = path.way.via;
        let sets = if path.granted_by.is_empty() { String::new() } else { format!(" <{}>", path.granted_by.join(" ")) };
        let active = path.way.active_users.value().map_or_else(|| "?".to_owned(), u64::to_string);
        let frozen = path.frozen_users_seen();
        let name = |holder: &Holder<'_>| holder.user.map_or(holder.id, |user| user.username.split('@').next().unwrap()).to_owned();
        let users = path.way.holders.iter().map(|holder| format!(" {}{}", name(holder), words(holder.reservations())));
        format!(
            "{} {}{sets} {active}/{frozen} {}:{}",
            via.kind(),
            via.name(),
            words(path.reservations()),
            users.collect::<String>()
        )
    };
    audience.paths().iter().map(told).collect()
}

/// An org that differs from Acme, which has the group Integration, in one thing.
struct PathCase {
    what: &'static str,
    assignments: Vec<Assigned>,
    granted_by: &'static [&'static str],
    change: fn(&mut Org),
    paths: &'static [&'static str],
}

fn check(cases: impl IntoIterator<Item = PathCase>) {
    for case in cases {
        let mut org = acme();
        org.groups = Seen::all(vec![group()]);
        org.assignments = Seen::all(case.assignments);
        (case.change)(&mut org);
        let app = app(case.granted_by);
        let graph = Graph::new(&org);
        assert_eq!(paths(&graph.audience(&app)), case.paths, "{}", case.what);
        assert!(graph.audience(&app).unknown().is_empty(), "{}", case.what);
    }
}

fn nothing(_: &mut Org) {}

fn no_group(org: &mut Org) {
    org.groups.rows.clear();
}

#[test]
fn permission_sets_and_profiles_are_paths_with_what_to_keep_in_mind() {
    let until = |ended: bool| Assigned {
        expires: Some("2026-06-10T00:00:00.000+0000".to_owned()),
        active: !ended,
        ..assigned("005A", "0PSerp")
    };
    let of_set = |what, assignments, paths| PathCase { what, assignments, granted_by: &["0PSerp"], change: no_group, paths };
    let activated = |org: &mut Org| {
        no_group(org);
        org.permission_sets.get_mut("0PSerp").unwrap().requires_activation = true;
    };
    check([
        of_set("direct", vec![assigned("005A", "0PSerp")], &["permission-set ERP_Sync 1/0 : ada"]),
        of_set("expired", vec![until(true)], &["permission-set ERP_Sync 0/0 : ada[ended]"]),
        of_set("expiring", vec![until(false)], &["permission-set ERP_Sync 1/0 : ada[expires]"]),
        of_set(
            "inactive and frozen",
            vec![assigned("005C", "0PSerp"), assigned("005D", "0PSerp")],
            &["permission-set ERP_Sync 1/1 : cy di"],
        ),
        PathCase {
            change: activated,
            ..of_set("activation", vec![assigned("005A", "0PSerp")], &["permission-set ERP_Sync 1/0 [needs-activation]: ada"])
        },
        PathCase { granted_by: &["0PSops"], ..of_set("profile", vec![], &["profile Operations 1/0 : ed"]) },
    ]);
    for (user_type, word) in [("Guest", "[guest]"), ("PowerPartner", "[external]"), ("Standard", "")] {
        let mut org = acme();
        org.profiles.get_mut("00eOPS").unwrap().user_type = user_type.to_owned();
        let app = app(&["0PSops"]);
        let graph = Graph::new(&org);
        assert_eq!(paths(&graph.audience(&app)), [format!("profile Operations 1/0 {word}: ed")]);
    }
}

#[test]
fn a_group_is_a_path_once_whatever_of_it_grants_the_app() {
    let of_group =
        |what, paths| PathCase { what, assignments: vec![in_group("005B")], granted_by: &["0PSerp"], change: nothing, paths };
    check([
        of_group("group", &["permission-set ERP_Sync 0/0 :", "group Integration <ERP_Sync> 1/0 : bob"]),
        PathCase {
            change: |org| org.groups.rows[0].muting.push("Quiet".to_owned()),
            ..of_group("muting", &["permission-set ERP_Sync 0/0 :", "group Integration <ERP_Sync> 1/0 [muted]: bob"])
        },
        PathCase {
            change: |org| org.groups.rows[0].status = "Failed".to_owned(),
            ..of_group("out of date", &["permission-set ERP_Sync 0/0 :", "group Integration <ERP_Sync> 1/0 [out-of-date]: bob"])
        },
        PathCase { granted_by: &["0PSagg"], ..of_group("aggregate", &["group Integration 1/0 : bob"]) },
        PathCase {
            granted_by: &["0PSerp", "0PSagg"],
            ..of_group("set and aggregate", &["permission-set ERP_Sync 0/0 :", "group Integration <ERP_Sync> 1/0 : bob"])
        },
        PathCase {
            granted_by: &["0PSerp", "0PSagg"],
            change: |org| org.permission_sets.get_mut("0PSerp").unwrap().requires_activation = true,
            ..of_group(
                "one of two sets needs activation",
                &["permission-set ERP_Sync 0/0 [needs-activation]:", "group Integration <ERP_Sync> 1/0 : bob"],
            )
        },
        PathCase {
            change: |org| org.permission_sets.get_mut("0PSagg").unwrap().requires_activation = true,
            ..of_group(
                "the group needs activation",
                &["permission-set ERP_Sync 0/0 :", "group Integration <ERP_Sync> 1/0 [needs-activation]: bob"],
            )
        },
        PathCase {
            granted_by: &["0PSerp", "0PSops"],
            ..of_group(
                "in the order of kinds",
                &["profile Operations 1/0 : ed", "permission-set ERP_Sync 0/0 :", "group Integration <ERP_Sync> 1/0 : bob"],
            )
        },
    ]);
}

#[test]
fn what_is_not_known_of_paths_is_named_and_a_counted_profile_is_known() {
    let mut org = acme();
    org.active_users_by_profile.insert("00eOPS".to_owned(), 40_000);
    let app = app(&["0PSops", "0PSerp"]);
    assert_eq!(Graph::new(&org).audience(&app).unknown(), ["not all users of the profile `Operations` were read".into()]);
    org.large_profiles.insert("00eOPS".to_owned());
    let graph = Graph::new(&org);
    assert!(graph.audience(&app).unknown().is_empty());
    assert!(paths(&graph.audience(&app))[0].starts_with("profile Operations 40000/0 [by-number]"));
    org.assignments = Seen { rows: vec![assigned("005A", "0PSerp")], more: Some("cut off".into()) };
    org.users.get_mut("005A").unwrap().frozen = Fact::unknown("nobody can tell who is frozen");
    let unknown = Graph::new(&org).audience(&app).unknown();
    assert_eq!(unknown, ["cut off".into(), "nobody can tell who is frozen".into()]);
}

#[test]
fn users_are_there_or_not_or_nobody_looked() {
    let mut org = acme();
    org.users_looked_up.insert("gone@acme.example.com".to_owned());
    let look_up = |org: &Org, name: &str| match Graph::new(org).look_up(name) {
        Lookup::Found { id, .. } => id.to_owned(),
        Lookup::Absent => "absent".to_owned(),
        Lookup::Unknown(reason) => reason.to_string(),
    };
    assert_eq!(look_up(&org, " ADA@acme.example.com "), "005A");
    assert_eq!(look_up(&org, "Gone@acme.example.com"), "absent");
    assert_eq!(look_up(&org, "new@acme.example.com"), "nobody has looked up `new@acme.example.com` in this org");
    org.more_users = Some("User could not be read".into());
    assert_eq!(look_up(&org, "gone@acme.example.com"), "absent", "that question was answered");
    assert_eq!(look_up(&org, "new@acme.example.com"), "User could not be read");
}

#[test]
fn a_profile_of_many_users_is_a_number() {
    let mut org = acme();
    org.active_users_by_profile.insert("00eOPS".to_owned(), 40_000);
    org.large_profiles.insert("00eOPS".to_owned());
    org.assignments = Seen::all(vec![assigned("005A", "0PSerp"), assigned("005E", "0PSerp")]);
    let app = app(&["0PSops", "0PSerp"]);
    let graph = Graph::new(&org);
    let audience = graph.audience(&app);
    // Ed has the profile, Ada has not.
    assert_eq!(audience.active_users(), Fact::known(40_001));
    assert!(audience.more_users().is_some(), "a list of them would not be whole");
    assert_eq!(audience.reaches("005E", &org.users["005E"]), Fact::known(true));
    assert_eq!(audience.reaches("005B", &org.users["005B"]), Fact::known(false));
}

#[test]
fn short_answers_leave_counts_unknown_and_what_was_found_found() {
    type Shorten = fn(&mut Org, &mut AppInOrg);
    let cases: [(&str, Shorten); 6] = [
        ("grants cut off", |_, app| app.granted_by.more = Some("grants cut off".into())),
        ("groups cut off", |org, _| org.groups.more = Some("groups cut off".into())),
        ("assignments cut off", |org, _| org.assignments.more = Some("assignments cut off".into())),
        ("the user 005X could not be read", |org, _| org.assignments.rows.push(assigned("005X", "0PSerp"))),
        ("the permission set 0PSxyz, which grants the app, could not be read", |_, app| {
            app.granted_by.rows.push("0PSxyz".to_owned());
        }),
        ("the active users of the profile `Operations` were not counted", |org, app| {
            app.granted_by.rows.push("0PSops".to_owned());
            org.active_users_by_profile = BTreeMap::new();
        }),
    ];
    for (reason, shorten) in cases {
        let mut org = acme();
        org.assignments = Seen::all(vec![assigned("005A", "0PSerp")]);
        let mut app = app(&["0PSerp"]);
        shorten(&mut org, &mut app);
        let graph = Graph::new(&org);
        let audience = graph.audience(&app);
        assert_eq!(audience.active_users(), Fact::unknown(reason));
        assert!(audience.active_users_seen() >= 1, "{reason}");
        assert_eq!(audience.reaches("005A", &org.users["005A"]), Fact::known(true), "{reason}");
    }
}

#[test]
fn whoever_was_asked_for_by_name_is_known_however_short_the_list_of_all_is() {
    let mut org = acme();
    org.assignments = Seen { rows: vec![assigned("005A", "0PSerp")], more: Some("there are more".into()) };
    org.users_with_all_assignments.extend(["005A".to_owned(), "005B".to_owned()]);
    let app = app(&["0PSerp"]);
    let graph = Graph::new(&org);
    let audience = graph.audience(&app);
    let reaches = |id: &str| audience.reaches(id, &org.users[id]);
    assert_eq!(reaches("005A"), Fact::known(true));
    assert_eq!(reaches("005B"), Fact::known(false));
    assert_eq!(reaches("005D"), Fact::unknown("there are more"));
}

#[test]
fn nobody_is_only_known_where_everything_was_read() {
    let mut org = acme();
    org.assignments = Seen::nothing("the user may not see assignments");
    let app = app(&["0PSerp"]);
    let graph = Graph::new(&org);
    let audience = graph.audience(&app);
    assert_eq!(audience.reaches("005A", &org.users["005A"]), Fact::unknown("the user may not see assignments"));
    assert_eq!(audience.grants[0].active_users(), Fact::unknown("the user may not see assignments"));
}

#[test]
fn permissions_are_known_from_the_user_or_from_what_grants_them() {
    let mut org = acme();
    org.permission_sets.get_mut("0PSops").unwrap().permissions = BTreeSet::from(["ApiEnabled".to_owned()]);
    org.permission_sets.get_mut("0PSerp").unwrap().permissions = BTreeSet::from(["ViewAllData".to_owned()]);
    org.users.get_mut("005B").unwrap().permissions = Fact::known(BTreeSet::from(["ModifyAllData".to_owned()]));
    org.assignments = Seen::all(vec![assigned("005E", "0PSerp")]);
    let graph = Graph::new(&org);
    let has = |id: &str, permission| graph.permission(id, &org.users[id], permission);
    assert_eq!(has("005E", "ApiEnabled"), Fact::known(true), "by the profile");
    assert_eq!(has("005E", "ViewAllData"), Fact::known(true), "by a permission set");
    assert_eq!(has("005E", "AuthorApex"), Fact::unknown("nobody looked"));
    assert_eq!(has("005B", "ModifyAllData"), Fact::known(true));
    assert_eq!(has("005B", "ApiEnabled"), Fact::known(false), "all permissions of the user are known");
    let powers = graph.powers("005E", &org.users["005E"]);
    assert_eq!((powers.seen, powers.more.is_some()), (vec!["ViewAllData"], true));
}
