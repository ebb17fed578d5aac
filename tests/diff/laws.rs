//! What every comparison keeps to, whatever the sides are.

use std::collections::{BTreeMap, BTreeSet};

use orgwarden::compare::declared::{DERIVED, is_compared};
use orgwarden::compare::{
    AccessSide, Admission, AppSide, Assigned, Difference, Earlier, Found, Open, Scope, Side, UsersSide, compare, fingerprint,
};
use orgwarden::finding::{Severity, Subject};
use orgwarden::inventory::contract::Governance;
use proptest::prelude::*;
use serde_json::json;

const RULES: [&str; 3] = ["full-scope", "pkce-not-required", "app-unused"];
const APPS: [&str; 4] = ["A", "B", "C", "D"];
const FACTS: [&str; 2] = ["app.oauth.scopes", "app.enabled"];

fn subject(name: &str, place: &str) -> Subject {
    Subject {
        kind: "connected-app",
        name: name.to_owned(),
        label: name.to_owned(),
        path: place.to_owned(),
        path_in_source: place.to_owned(),
        org: String::new(),
        org_id: String::new(),
        governance: Governance::default(),
    }
}

/// What one verdict can be.
#[derive(Clone, Debug)]
enum Verdict {
    Pass,
    Fail(Severity, bool),
    Unknown,
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let severity = prop::sample::select(Severity::ALL.to_vec());
    prop_oneof![
        Just(Verdict::Pass),
        (severity, any::<bool>()).prop_map(|(severity, waived)| Verdict::Fail(severity, waived)),
        Just(Verdict::Unknown)
    ]
}

fn admission() -> impl Strategy<Value = Admission> {
    prop_oneof![Just(Admission::Assigned), Just(Admission::Anybody), Just(Admission::Nobody), Just(Admission::Unknown("?".into()))]
}

fn reason() -> impl Strategy<Value = Option<std::sync::Arc<str>>> {
    prop_oneof![Just(None), Just(Some("not all was seen".into()))]
}

fn access() -> impl Strategy<Value = AccessSide> {
    let sets = prop::collection::btree_set(prop::sample::select(vec!["Sales", "Service"]), 0..3);
    let users = prop::collection::btree_set(prop::sample::select(vec!["ada", "bob", "eve"]), 0..4);
    (admission(), sets, reason(), users, reason()).prop_map(|(admission, sets, more, users, more_users)| AccessSide {
        admission,
        assigned: sets
            .into_iter()
            .map(|name| Assigned { kind: "permission-set", name: name.to_owned(), aliases: BTreeSet::from([name.to_lowercase()]) })
            .collect(),
        more,
        users: Some(UsersSide {
            org: "00D".to_owned(),
            users: users.into_iter().map(|name| (name.to_owned(), format!("{name}@acme.example.com"))).collect(),
            more: more_users,
        }),
    })
}

/// What a side says of one app.
#[derive(Clone, Debug)]
struct Case {
    there: bool,
    folder: String,
    key: Option<u8>,
    facts: Vec<Option<u8>>,
    access: AccessSide,
    verdicts: Vec<Verdict>,
}

fn case() -> impl Strategy<Value = Case> {
    let facts = prop::collection::vec(prop::option::of(0_u8..3), FACTS.len());
    let verdicts = prop::collection::vec(verdict(), RULES.len());
    (any::<bool>(), "[xy]", prop::option::of(0_u8..3), facts, access(), verdicts)
        .prop_map(|(there, folder, key, facts, access, verdicts)| Case { there, folder, key, facts, access, verdicts })
}

/// A side with some of the apps, in some folders, with some keys, facts and verdicts.
fn side() -> impl Strategy<Value = Side> {
    prop::collection::vec(case(), APPS.len()).prop_map(|cases| {
        let rules = RULES.iter().map(|rule| (*rule).to_owned()).collect();
        let scope = Scope { rules: Some(rules), ..Scope::default() };
        let mut side = Side { scopes: vec![scope], apps: Some(Vec::new()), ..Side::default() };
        for (name, case) in APPS.into_iter().zip(cases).filter(|(_, case)| case.there) {
            add(&mut side, subject(name, &format!("{}/{name}", case.folder)), case);
        }
        side
    })
}

fn add(side: &mut Side, subject: Subject, case: Case) {
    for (rule, verdict) in RULES.into_iter().zip(case.verdicts) {
        let (rule, fingerprint) = (rule.to_owned(), fingerprint(rule, &subject));
        let subject = subject.clone();
        match verdict {
            Verdict::Pass => {}
            Verdict::Unknown => side.undecided.push(Open { rule, subject, reason: "?".into(), fingerprint }),
            Verdict::Fail(severity, waived) => {
                let (message, place) = (String::new(), subject.path.clone());
                side.findings.push(Found { rule, severity, subject, message, place, values: Vec::new(), waived, fingerprint });
            }
        }
    }
    let fact = |value: Option<u8>| value.map(|value| json!(value)).ok_or_else(|| "?".into());
    side.apps.as_mut().unwrap().push(AppSide {
        subject,
        key: case.key.map(|key| [key; 32]),
        callbacks: None,
        facts: FACTS.into_iter().zip(case.facts).map(|(path, value)| (path, fact(value))).collect::<BTreeMap<_, _>>(),
        written: BTreeMap::new(),
        switches: BTreeMap::new(),
        beyond_files: None,
        access: Some(case.access),
    });
}

/// `rule app`, in order.
fn names<'a>(found: impl IntoIterator<Item = &'a Found>) -> Vec<String> {
    let mut names: Vec<String> = found.into_iter().map(|it| format!("{} {} {}", it.rule, it.subject.name, it.severity)).collect();
    names.sort();
    names
}

fn new(difference: &Difference) -> Vec<String> {
    names(difference.findings.new.iter().filter(|it| it.earlier == Earlier::Absent).map(|it| &it.found))
}

/// A side about several orgs, each with one finding, and one about the policy itself.
fn of_orgs(orgs: &[&str]) -> Side {
    let mut side = Side::default();
    let found = |subject: Subject| {
        let (rule, fingerprint) = (RULES[0].to_owned(), fingerprint(RULES[0], &subject));
        let (message, place) = (String::new(), String::new());
        Found { rule, severity: Severity::High, subject, message, place, values: Vec::new(), waived: false, fingerprint }
    };
    for org in orgs {
        side.scopes.push(Scope { id: (*org).to_owned(), name: format!("{org} here"), ..Scope::default() });
        side.findings.push(found(Subject { org: format!("{org} here"), org_id: (*org).to_owned(), ..subject("A", "") }));
    }
    side.findings.push(found(Subject { kind: "contract", ..subject("A*", "") }));
    side
}

/// What is there of an org on one side only is not fixed; what is said of the policy is in none of the orgs.
#[test]
fn orgs_are_compared_by_their_ids() {
    for (before, after, new, doubts, unchanged) in [
        (&["00D1", "00D2"][..], &["00D2", "00D1"][..], 0, 0, 3),
        (&["00D1", "00D2"], &["00D2"], 0, 1, 2),
        (&["00D1"], &["00D1", "00D2"], 1, 0, 2),
        // One org on each side is compared with the other, whatever they are.
        (&["00D1"], &["00D2"], 0, 0, 2),
    ] {
        let difference = compare(&of_orgs(before), &of_orgs(after));
        let it = &difference.findings;
        assert_eq!(
            (it.new.len(), it.doubts.len(), it.unchanged, it.fixed.len()),
            (new, doubts, unchanged, 0),
            "{before:?} {after:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_differs_from_itself(side in side()) {
        let difference = compare(&side, &side);
        let it = &difference.findings;
        prop_assert!(it.new.is_empty() && it.fixed.is_empty() && it.worse.is_empty() && it.better.is_empty());
        prop_assert!(it.doubts.is_empty() && it.waived.is_empty() && it.became_unknown.is_empty() && it.became_known.is_empty());
        prop_assert_eq!(it.unchanged, side.findings.iter().filter(|it| !it.waived).count());
        prop_assert_eq!(it.still_unknown, side.undecided.len());
        let apps = difference.apps.as_ref().unwrap();
        prop_assert!(apps.added.is_empty() && apps.removed.is_empty() && apps.renamed.is_empty() && apps.changed.is_empty());
        prop_assert!(!difference.is_open());
    }

    #[test]
    fn the_way_back_is_the_mirror_of_the_way(before in side(), after in side()) {
        let (way, back) = (compare(&before, &after), compare(&after, &before));
        prop_assert_eq!(new(&way), names(&back.findings.fixed));
        prop_assert_eq!(new(&back), names(&way.findings.fixed));
        // What was undecided before and fails after is new; the other way round nobody can tell that it is fixed.
        let surprises = way.findings.new.iter().filter(|it| matches!(it.earlier, Earlier::Undecided(_))).map(|it| &it.found);
        prop_assert_eq!(names(surprises), names(back.findings.doubts.iter().map(|it| &it.found)));
        prop_assert_eq!(way.findings.worse.len(), back.findings.better.len());
        prop_assert_eq!(way.findings.unchanged, back.findings.unchanged);
        let (apps, apps_back) = (way.apps.unwrap(), back.apps.unwrap());
        let added: Vec<&Subject> = apps.added.iter().map(|(subject, _)| subject).collect();
        prop_assert_eq!(added, apps_back.removed.iter().collect::<Vec<_>>());
        prop_assert_eq!(apps.renamed.len(), apps_back.renamed.len());
        prop_assert_eq!(apps.changed.len(), apps_back.changed.len());
        for (change, mirror) in apps.changed.iter().zip(&apps_back.changed) {
            prop_assert_eq!(change.facts.len(), mirror.facts.len());
            prop_assert_eq!(&change.access.gained, &mirror.access.lost);
            prop_assert_eq!(&change.access.users_gained, &mirror.access.users_lost);
        }
    }

    /// Nothing is said to be fixed or lost that the second side does not know.
    #[test]
    fn nothing_is_fixed_by_not_knowing(before in side(), after in side()) {
        let mut blind = after.clone();
        blind.gaps = 1;
        blind.undecided.extend(before.findings.iter().map(|it| Open {
            rule: it.rule.clone(),
            subject: it.subject.clone(),
            reason: "nothing could be read".into(),
            fingerprint: it.fingerprint.clone(),
        }));
        blind.findings.clear();
        blind.apps = Some(Vec::new());
        let difference = compare(&before, &blind);
        prop_assert_eq!(names(&difference.findings.fixed), Vec::<String>::new());
        prop_assert!(difference.apps.unwrap().removed.is_empty());
    }
}

#[test]
fn what_is_not_compared_is_a_fact() {
    let paths: BTreeSet<&str> = orgwarden::rules::facts::types().map(|fact| fact.path).collect();
    let misspelt: Vec<&str> = orgwarden::compare::NOT_COMPARED.into_iter().filter(|path| !paths.contains(path)).collect();
    assert_eq!(misspelt, Vec::<&str>::new());
}

/// What is left out of a comparison of files and an org is left out for a reason, and not by a slip.
#[test]
fn what_is_derived_is_a_fact() {
    let paths: BTreeSet<&str> = orgwarden::rules::facts::types().map(|fact| fact.path).collect();
    let idle: Vec<&&str> = DERIVED.iter().filter(|beginning| !paths.iter().any(|path| path.starts_with(**beginning))).collect();
    assert_eq!(idle, Vec::<&&str>::new());
    assert!(is_compared("app.access.permitted_users") && !is_compared("app.access.profiles"));
}
