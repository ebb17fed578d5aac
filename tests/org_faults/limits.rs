//! Limits: the org's, ours, and those of what Salesforce shows.

use serde_json::json;

use crate::fake_org::seed::acme;
use crate::live::{audit, collect, judge};
use crate::scripted::hasty;

#[test]
fn when_the_calls_of_the_day_are_used_up_nothing_is_asked_twice() {
    let mut org = acme();
    org.calls = (100_000, 100_000);
    let org = org.start();
    let heard = audit(&org, &[]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("REQUEST_LIMIT_EXCEEDED"), "{}", heard.gaps());
    let mut asked: Vec<String> =
        org.received().iter().map(|it| format!("{} {}?{} {}", it.method, it.path, it.query, it.body)).collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all);
}

#[test]
fn when_they_are_used_up_in_the_middle_no_verdict_gets_better() {
    let org = acme().start();
    let whole = judge(&collect(&org, hasty()));
    for left in (0..whole_calls()).step_by(5) {
        let mut org = acme();
        org.calls = (100_000 - left, 100_000);
        let judged = judge(&collect(&org.start(), hasty()));
        assert!(judged.code == 3 && judged.gaps.contains("REQUEST_LIMIT_EXCEEDED"), "{left} calls left: {}", judged.gaps);
        assert_eq!(judged.better_than(&whole), [""; 0], "{left} calls left");
    }
}

fn whole_calls() -> u64 {
    let org = acme().start();
    collect(&org, hasty());
    org.record().calls
}

#[test]
fn no_more_calls_are_made_than_allowed() {
    let org = acme().start();
    let whole = judge(&collect(&org, hasty()));
    let usual = org.received().len();
    for most in (0..usual).step_by(5) {
        org.set(|org| org.record.received.clear());
        let mut options = hasty();
        options.max_api_calls = Some(u32::try_from(most).unwrap());
        let judged = judge(&collect(&org, options));
        assert!(org.received().len() <= most, "{} calls instead of {most}", org.received().len());
        assert_eq!(judged.code, 3, "{most} calls");
        assert!(judged.gaps.contains("the ceiling of"), "{most} calls: {}", judged.gaps);
        assert_eq!(judged.better_than(&whole), [""; 0], "{most} calls");
    }
    let heard = audit(&org, &["--max-api-calls", "7"]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("the ceiling of 7 API calls is reached"), "{}", heard.gaps());
    assert!(heard.run.err.contains("7 API calls used"), "{}", heard.run.err);
}

#[test]
fn as_many_tokens_as_are_ever_shown_may_not_be_all() {
    let org = acme().start();
    let tokens = || collect(&org, hasty()).inventory.sources[0].org.clone().unwrap().tokens;
    assert_eq!(tokens().more, None);
    org.set(|org| {
        let user = org.id("User", "Username", "amira@acme.example.com");
        for _ in 0..2_500 {
            org.insert(
                "OauthToken",
                json!({"AppName": "Survey Tool", "UserId": user, "CreatedDate": "2026-05-01T08:15:00.000+0000"}),
            );
        }
    });
    assert!(tokens().more.unwrap().contains("2500 tokens at most"));
    assert!(audit(&org, &[]).run.err.contains("not all tokens are seen"));
}
