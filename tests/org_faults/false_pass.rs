//! The worst an auditor can do is to call something good because it was not seen. Whatever is taken away from what it sees of Acme, every
//! verdict that was `fail` or `unknown` stays one of the two; or the app is gone from the report, and a gap says so.

use std::sync::OnceLock;

use crate::fake_org::faults::Action;
use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault};
use crate::live::{Judged, collect, judge};
use crate::scripted::hasty;

/// The verdicts on Acme as it is.
fn whole() -> &'static Judged {
    static WHOLE: OnceLock<Judged> = OnceLock::new();
    WHOLE.get_or_init(|| judged(|_| {}))
}

fn judged(change: impl FnOnce(&mut FakeOrg)) -> Judged {
    let mut org = acme();
    change(&mut org);
    let mut options = hasty();
    // A second attempt would bring what the first one did not.
    options.retry.attempts = 0;
    judge(&collect(&org.start(), options))
}

/// Changes Acme in each of these ways and tells what got better by it.
fn better<T: std::fmt::Debug>(cases: impl IntoIterator<Item = T>, change: impl Fn(&mut FakeOrg, &T)) -> Vec<String> {
    let mut better = Vec::new();
    for case in cases {
        let judged = judged(|org| change(org, &case));
        better.extend(judged.better_than(whole()).into_iter().map(|verdict| format!("{case:?}: {verdict}")));
    }
    better
}

/// What the queries of a whole audit ask: objects, and columns of objects.
fn asked() -> (Vec<String>, Vec<(String, String)>) {
    let org = acme().start();
    collect(&org, hasty());
    let queries = org.record().queries;
    let (mut objects, mut columns) = (Vec::new(), Vec::new());
    for table in acme().objects.iter() {
        let of_table: Vec<&String> = queries.iter().filter(|query| query.contains(&format!("FROM {}", table.name))).collect();
        let words = |query: &str| -> Vec<String> { query.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect() };
        let is_asked = |name: &String| of_table.iter().any(|query| words(query).contains(name));
        columns.extend(table.fields.iter().filter(|field| is_asked(&field.name)).map(|field| (table.name.clone(), field.name.clone())));
        objects.push(table.name.clone());
    }
    (objects, columns)
}

#[test]
fn acme_has_enough_to_lose() {
    assert!(whole().open() > 50, "{whole:#?}", whole = whole());
    assert_eq!(whole().gaps, "");
}

#[test]
fn an_object_that_is_not_there() {
    assert_eq!(better(asked().0, |org, object| org.hide_object(object)), [""; 0]);
}

#[test]
fn an_object_that_is_refused() {
    let refuse = |org: &mut FakeOrg, object: &String| org.refuse(object, 403, "INSUFFICIENT_ACCESS", "not for you");
    assert_eq!(better(asked().0, refuse), [""; 0]);
}

#[test]
fn an_object_that_is_described_and_cannot_be_queried() {
    let refuse = |org: &mut FakeOrg, object: &String| {
        // Without composite requests each query goes alone.
        org.fault(Fault::error(404, "NOT_FOUND", "The requested resource does not exist").on("/composite"));
        org.fault(Fault::error(400, "QUERY_TIMEOUT", "Your query request was running for too long").on(&format!("FROM {object}")));
    };
    assert_eq!(better(asked().0, refuse), [""; 0]);
}

#[test]
fn a_column_that_is_not_there() {
    assert_eq!(better(asked().1, |org, (object, column)| org.hide_column(object, column)), [""; 0]);
}

#[test]
fn one_request_that_fails() {
    let requests = 1..=requests();
    assert_eq!(better(requests, |org, number| org.fault(Fault::html(200).only(*number))), [""; 0]);
}

#[test]
fn a_session_that_ends_at_any_request() {
    let requests = 1..=requests();
    assert_eq!(better(requests, |org, number| org.fault(Fault::new(Action::EndSessions).only(*number))), [""; 0]);
}

fn requests() -> u64 {
    let org = acme().start();
    collect(&org, hasty());
    org.received().len().try_into().unwrap()
}
