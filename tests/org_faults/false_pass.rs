//! The worst an auditor can do is to call something good because it was not seen. Whatever is taken away from what it sees of Acme, every
//! verdict that was `fail` or `unknown` stays one of the two; or the app is gone from the report, and a gap says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::OnceLock;

use crate::fake_org::faults::Action;
use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault};
use crate::live::{Judged, Reader, collect, judge};
use crate::scripted::hasty;

/// The verdicts on Acme as it is, and what they took.
struct Whole {
    judged: Judged,
    queries: Vec<String>,
    requests: u64,
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let org = acme().start();
        let judged = judge(&collect(&org, hasty()));
        let record = org.record();
        Whole { judged, queries: record.queries, requests: record.received.len().try_into().unwrap() }
    })
}

/// Changes Acme in each of these ways and tells which verdicts get better by it.
fn better<T: Debug>(cases: impl IntoIterator<Item = T>, change: impl Fn(&mut FakeOrg, &T)) -> Vec<String> {
    let running = acme().start();
    let mut options = hasty();
    // A second attempt would bring what the first one did not.
    options.retry.attempts = 0;
    let reader = Reader::of(&running, options);
    let mut better = Vec::new();
    for case in cases {
        let mut org = acme();
        change(&mut org, &case);
        running.replace(org);
        let verdicts = whole().judged.judge_less(&reader.collect()).better_than(&whole().judged);
        better.extend(verdicts.into_iter().map(|verdict| format!("{case:?}: {verdict}")));
    }
    better
}

/// Objects that are asked for.
fn objects() -> Vec<String> {
    let is_asked = |name: &str| whole().queries.iter().any(|query| words(query).any(|word| word == name));
    acme().objects.iter().map(|table| table.name.clone()).filter(|name| is_asked(name)).collect()
}

/// An object with columns of it.
type Columns = (String, Vec<String>);

/// Columns that are asked for, by object. Those that come in great number go together.
fn columns() -> BTreeSet<Columns> {
    let mut columns = BTreeSet::new();
    for table in acme().objects.iter() {
        let from = format!("FROM {}", table.name);
        let queries: Vec<&String> = whole().queries.iter().filter(|query| query.contains(&from)).collect();
        let asked = |name: &str| queries.iter().any(|query| words(query).any(|word| word == name));
        let mut names: Vec<String> = table.fields.iter().map(|field| field.name.clone()).filter(|name| asked(name)).collect();
        for prefix in ["Permissions", "OauthScopes"] {
            let many: Vec<String> = names.extract_if(.., |name| name.starts_with(prefix)).collect();
            columns.extend((!many.is_empty()).then(|| (table.name.clone(), many)));
        }
        columns.extend(names.into_iter().map(|name| (table.name.clone(), vec![name])));
    }
    columns
}

fn words(query: &str) -> impl Iterator<Item = &str> {
    query.split(|c: char| !c.is_ascii_alphanumeric())
}

#[test]
fn acme_has_enough_to_lose() {
    let Whole { judged, requests, .. } = whole();
    assert_eq!((judged.open() > 50, judged.gaps.as_str(), *requests > 20), (true, "", true));
    assert!(objects().len() > 15 && columns().len() > 50);
}

#[test]
fn an_object_that_is_not_there() {
    assert_eq!(better(objects(), |org, object| org.hide_object(object)), [""; 0]);
}

#[test]
fn an_object_that_is_described_and_cannot_be_queried() {
    let refuse = |org: &mut FakeOrg, object: &String| {
        // Without composite requests each query goes alone.
        org.fault(Fault::error(404, "NOT_FOUND", "The requested resource does not exist").on("/composite"));
        org.fault(Fault::error(400, "QUERY_TIMEOUT", "Your query request was running for too long").on(&format!("FROM {object}")));
    };
    assert_eq!(better(objects(), refuse), [""; 0]);
}

#[test]
fn a_column_that_is_not_there() {
    let all: Vec<_> = columns().into_iter().collect();
    // Two at a time, which saves half the time: by the alphabet the first half tells of apps and the second of who may use them.
    let (apps, people) = all.split_at(all.len().div_ceil(2));
    let pairs = apps.iter().enumerate().map(|(at, column)| (column, people.get(at)));
    let hide = |org: &mut FakeOrg, (one, other): &(&Columns, Option<&Columns>)| {
        for (object, column) in
            std::iter::once(*one).chain(*other).flat_map(|(object, names)| names.iter().map(move |name| (object, name)))
        {
            org.hide_column(object, column);
        }
    };
    assert_eq!(better(pairs, hide), [""; 0]);
}

#[test]
fn a_component_that_is_not_delivered() {
    let mut seen = BTreeMap::new();
    // Some of each kind: they are all read the same way.
    let few = acme().components.into_iter().filter(|component| {
        let of_kind = seen.entry(component.kind.clone()).or_insert(0);
        *of_kind += 1;
        *of_kind <= 2
    });
    let names: Vec<(String, String)> = few.map(|component| (component.kind, component.full_name)).collect();
    let keep = |org: &mut FakeOrg, (kind, name): &(String, String)| org.component_named(kind, name).readable = false;
    assert_eq!(better(names, keep), [""; 0]);
}

#[test]
fn one_request_that_fails() {
    assert_eq!(better(1..=whole().requests, |org, number| org.fault(Fault::html(200).only(*number))), [""; 0]);
}

#[test]
fn a_session_that_ends_in_the_middle() {
    let end = |org: &mut FakeOrg, number: &u64| org.fault(Fault::new(Action::EndSessions).only(*number));
    assert_eq!(better((1..=whole().requests).step_by(4), end), [""; 0]);
}

#[test]
fn metadata_types_that_the_org_does_not_have() {
    let kinds = ["ExternalClientApplication", "ExtlClntAppOauthConfigurablePolicies", "ExtlClntAppOauthSettings"];
    let hide = |org: &mut FakeOrg, kind: &&str| org.hidden_types.push((*kind).to_owned());
    assert_eq!(better(kinds, hide), [""; 0]);
}
