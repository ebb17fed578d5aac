//! Sessions that end. A way in that can give another session gives one more, once; a token that was handed in is all there is.

use serde_json::Value;

use crate::fake_org::faults::Action;
use crate::fake_org::seed::acme;
use crate::fake_org::{Fault, Running};
use crate::live::{Audit, audit, audit_by, differences};

const KEY_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-pkcs8.pem");

fn through_app(org: &Running, arguments: &[&str]) -> Audit {
    let secret = ("ORGWARDEN_CLIENT_SECRET", "FAKE-CLIENT-SECRET-DO-NOT-LEAK".to_owned());
    audit_by(org, &[secret], &[&["--client-id", "FakeConsumerKey0001", "--login-url", &org.url()], arguments].concat())
}

fn by_client_credentials(org: &Running) -> Audit {
    through_app(org, &[])
}

fn by_jwt_bearer(org: &Running) -> Audit {
    through_app(org, &["--username", "ada.admin@acme.example.com", "--jwt-key-file", KEY_FILE])
}

/// How many sessions the org has given.
fn log_ins(org: &Running) -> usize {
    org.received().iter().filter(|request| request.path == "/services/oauth2/token").count()
}

#[test]
fn an_expired_session_is_replaced_once_and_nothing_is_missing() {
    // The first of what an audit asks, something in the midst of it, and the Metadata API, which says it in its own way.
    let first = || Fault::new(Action::EndSessions).on("userinfo").first(1);
    let midst = || Fault::new(Action::EndSessions).on("/composite").only(2);
    let metadata = || Fault::new(Action::EndSessions).on("/services/Soap").only(3);
    let ways = [(by_client_credentials as fn(&Running) -> Audit, vec![first(), metadata()]), (by_jwt_bearer, vec![midst()])];
    for (enter, faults) in ways {
        let org = acme().start();
        let right = enter(&org).report;
        for fault in faults {
            let before = log_ins(&org);
            org.set(|org| org.faults = vec![fault]);
            assert_eq!(differences(&enter(&org).report, &right), [""; 0]);
            assert_eq!(log_ins(&org) - before, 2);
        }
    }
}

#[test]
fn a_token_that_expires_leaves_a_gap_and_no_loop() {
    let org = acme().start();
    audit(&org, &[]);
    let usual = org.received().len();
    for fault in [
        Fault::new(Action::EndSessions).on("/composite").only(2),
        Fault::new(Action::EndSessions).on("/services/Soap").only(2),
        Fault::new(Action::EndSessions).on("/services/Soap").only(6),
    ] {
        let org = acme().start();
        org.set(|org| org.fault(fault));
        let heard = audit(&org, &[]);
        assert_eq!(heard.run.code, 3);
        assert!(heard.gaps().contains("the session is not valid"), "{}", heard.gaps());
        // The questions of a composite request are asked alone once more, and nothing after that.
        assert!(org.received().len() <= 2 * usual, "{} requests instead of {usual}", org.received().len());
    }
}

#[test]
fn a_session_that_never_works_is_told_once() {
    let mut org = acme();
    org.end_sessions();
    let org = org.start();
    let heard = audit(&org, &[]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("could not be audited: the session is not valid"), "{}", heard.gaps());
    assert!(heard.run.err.contains("log in again"), "{}", heard.run.err);
    assert_eq!(heard.report["summary"]["apps"], 0);
    assert!(org.received().len() <= 3, "{:#?}", org.received());

    // New sessions that are no better.
    let mut org = acme();
    org.fault(Fault::error(401, "INVALID_SESSION_ID", "Session expired or invalid").on("/services/data/v"));
    let org = org.start();
    let heard = through_app(&org, &[]);
    assert_eq!((heard.run.code, log_ins(&org)), (3, 2), "{}", heard.gaps());
}

#[test]
fn a_log_in_that_is_refused_is_a_gap() {
    let mut org = acme();
    org.client.refusal = Some(("invalid_grant".to_owned(), "user hasn't approved this consumer".to_owned()));
    let org = org.start();
    let heard = by_jwt_bearer(&org);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("user hasn't approved this consumer"), "{}", heard.gaps());
    assert_eq!(org.received().len(), 1);
}

#[test]
fn tokens_of_the_wrong_kind_are_not_renewed() {
    let mut org = acme();
    let text = "This session is not valid for use with the REST API";
    org.fault(Fault::error(401, "INVALID_SESSION_ID", text).on("/services/data/v"));
    let org = org.start();
    let heard = through_app(&org, &[]);
    assert_eq!((heard.run.code, log_ins(&org)), (3, 1));
    assert!(heard.gaps().contains(text), "{}", heard.gaps());
}

#[test]
fn tokens_in_jwt_format_open_the_metadata_api_from_68_on() {
    let mut org = acme();
    org.use_jwt_tokens();
    let org = org.start();
    let right = audit(&org, &["--api-version", "68.0"]);
    assert_eq!(right.gaps(), "");
    org.set(|org| org.record.received.clear());

    let heard = audit(&org, &["--api-version", "66.0"]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("no access tokens in JWT format below API version 68.0"), "{}", heard.gaps());
    assert_eq!(heard.verdict("full-scope", "Survey_Tool"), "unknown");
    assert!(!org.received().iter().any(|request| request.path.starts_with("/services/Soap")));
    assert_ne!(heard.report["unknown"], Value::Null);
}
