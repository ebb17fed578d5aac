//! What goes wrong on the way: a passing trouble is waited for, a lasting one is a gap.

use std::time::Duration;

use orgwarden::collect::Collected;
use orgwarden::salesforce::Options;
use serde_json::Value;

use crate::fake_org::faults::Action;
use crate::fake_org::seed::acme;
use crate::fake_org::{Fault, Running};
use crate::live::{audit, collect, differences, judge};
use crate::scripted::hasty;

/// Each way something can be amiss, for the requests that a test chooses.
fn troubles() -> Vec<(&'static str, Fault)> {
    vec![
        ("503", Fault::error(503, "SERVER_UNAVAILABLE", "maintenance")),
        ("503 in its own words", Fault::answer(503, "")),
        ("429", Fault::error(429, "REQUEST_THROTTLED", "later").header("retry-after", "0")),
        ("an unknown exception", Fault::error(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. 12345-6789 (-1)")),
        ("a lock", Fault::error(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access")),
        ("a connection that is cut", Fault::new(Action::Cut)),
        ("half an answer", Fault::new(Action::Truncate)),
        ("a maintenance page with status 200", Fault::html(200)),
        ("a maintenance page with status 503", Fault::html(503)),
        ("nothing", Fault::answer(200, "")),
    ]
}

/// A place in the audit, by a part of the request's target.
const PLACES: [&str; 6] = ["/services/data?", "/composite", "/tooling/query", "/oauth/usage", "/services/Soap", "/describe"];

fn inventory(collected: &Collected) -> Value {
    serde_json::to_value(&collected.inventory).unwrap()
}

fn with(org: &Running, fault: Fault, options: Options) -> Collected {
    org.set(|org| org.faults = vec![fault]);
    collect(org, options)
}

#[test]
fn what_passes_changes_nothing() {
    let org = acme().start();
    let right = inventory(&collect(&org, hasty()));
    // Each trouble somewhere, and one of them everywhere.
    for ((trouble, fault), place) in troubles().into_iter().zip(PLACES.into_iter().cycle()) {
        let collected = with(&org, fault.on(place).first(1), hasty());
        assert_eq!((differences(&inventory(&collected), &right), collected.has_gaps()), (vec![], false), "{trouble} at {place}");
    }
    for place in PLACES {
        let collected = with(&org, Fault::html(200).on(place).first(1), hasty());
        assert_eq!((differences(&inventory(&collected), &right), collected.has_gaps()), (vec![], false), "at {place}");
    }
}

#[test]
fn what_lasts_is_a_gap_and_no_verdict_gets_better_by_it() {
    let org = acme().start();
    let whole = judge(&collect(&org, hasty()));
    for place in PLACES {
        let judged = judge(&with(&org, Fault::html(200).on(place), hasty()));
        assert_eq!((judged.code, judged.better_than(&whole)), (3, vec![]), "at {place}");
    }
    for (trouble, fault) in troubles() {
        let judged = judge(&with(&org, fault, hasty()));
        assert!(judged.gaps.starts_with("acme (") && judged.code == 3, "{trouble}: {}", judged.gaps);
    }
}

#[test]
fn a_slow_body_is_not_waited_for_without_end() {
    let mut options = hasty();
    // Long enough for whatever is not slow on purpose, on a busy machine, too.
    options.read_timeout = Duration::from_secs(1);
    let org = acme().start();
    let right = inventory(&collect(&org, hasty()));
    let slow = || Fault::new(Action::Slow(Duration::from_hours(1))).on("/oauth/usage");
    assert_eq!(differences(&inventory(&with(&org, slow().first(1), options.clone())), &right), [""; 0]);

    options.retry.attempts = 0;
    let collected = with(&org, slow(), options);
    let reason = collected.inventory.sources[0].org.as_ref().unwrap().used_apps.more.clone().unwrap();
    assert!(reason.contains("timed out"), "{reason}");
}

#[test]
fn the_program_waits_as_long_as_it_is_told_if_that_is_not_too_long() {
    let org = acme().start();
    let right = audit(&org, &[]);
    for status in [429, 503] {
        let fault = Fault::error(status, "SERVER_UNAVAILABLE", "later").header("retry-after", "0").on("/composite").first(1);
        org.set(|org| org.faults = vec![fault]);
        let heard = audit(&org, &[]);
        assert_eq!(differences(&heard.report, &right.report), [""; 0]);
        assert!(heard.run.err.contains("again in "), "{}", heard.run.err);
    }
    let fault =
        Fault::error(503, "SERVER_UNAVAILABLE", "maintenance until tomorrow").header("retry-after", "86400").on("/services/Soap");
    org.set(|org| org.faults = vec![fault]);
    let heard = audit(&org, &[]);
    assert_eq!((heard.run.code, heard.verdict("full-scope", "Survey_Tool")), (3, "unknown"));
    assert!(heard.gaps().contains("maintenance until tomorrow"), "{}", heard.gaps());
}

#[test]
fn a_maintenance_page_is_called_one() {
    let org = acme().start();
    let judged = judge(&with(&org, Fault::html(200), hasty()));
    assert!(judged.gaps.contains("an HTML page"), "{}", judged.gaps);
    let judged = judge(&with(&org, Fault::html(200).on("/services/Soap"), hasty()));
    assert!(judged.gaps.contains("the Metadata API answers nothing"), "{}", judged.gaps);
}
