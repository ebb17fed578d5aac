//! What the running user may not see.

use orgwarden::collect::Collected;
use serde_json::json;

use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault, Running};
use crate::live::{Judged, audit, collect, differences, judge};
use crate::scripted::hasty;

/// What an auditor has who sees everything but client secrets.
const AUDITOR: [&str; 8] = [
    "ApiEnabled",
    "AssignPermissionSets",
    "CustomizeApplication",
    "ExternalClientAppAdmin",
    "ManageRemoteAccess",
    "ManageUsers",
    "ModifyMetadata",
    "ViewSetup",
];

/// Acme, asked by somebody whose permissions can be taken away without changing what the org is like for others.
fn by_auditor() -> FakeOrg {
    let mut org = acme();
    org.profile("Auditor", "Salesforce", &AUDITOR);
    org.user = org.add_user("abel.auditor@acme.example.com", "Abel Auditor", "Auditor");
    org
}

fn judged(org: &Running) -> Judged {
    judge(&collect(org, hasty())).of_apps()
}

#[test]
fn a_permission_that_is_missing_makes_no_verdict_on_an_app_better() {
    let whole = judged(&by_auditor().start());
    assert_eq!(whole.gaps, "");
    for permission in AUDITOR {
        let mut org = by_auditor();
        org.take_permission(permission);
        assert_eq!(judged(&org.start()).better_than(&whole), [""; 0], "without {permission}");
    }
}

#[test]
fn without_customize_application_only_own_tokens_are_seen_and_that_is_told() {
    let mut org = by_auditor();
    org.take_permission("CustomizeApplication");
    let org = org.start();
    let tokens = || collect(&org, hasty()).inventory.sources[0].org.clone().unwrap().tokens;
    let seen = tokens();
    assert_eq!(seen.rows.len(), 0);
    assert!(seen.more.unwrap().contains("Customize Application is missing"));
    assert!(audit(&org, &[]).run.err.contains("Customize Application is missing"));

    // A token of one's own is no sign that the others are seen.
    org.set(|org| {
        let row = json!({"AppName": "Survey Tool", "UserId": org.user, "CreatedDate": "2026-05-01T08:15:00.000+0000"});
        org.insert("OauthToken", row);
    });
    let seen = tokens();
    assert_eq!(seen.rows.len(), 1);
    assert!(seen.more.is_some());
}

#[test]
fn without_modify_metadata_nobody_knows_what_apps_may_do() {
    let mut org = by_auditor();
    org.take_permission("ModifyMetadata");
    let org = org.start();
    let heard = audit(&org, &[]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("Modify Metadata Through Metadata API Functions"), "{}", heard.gaps());
    // The rows of apps are still read.
    for app in ["Survey_Tool", "Order_Hub"] {
        assert_eq!(heard.verdict("pkce-not-required", app), "unknown", "{app}");
    }
    assert_eq!(heard.report["summary"]["apps"], 13);
    let refused = org.received().iter().filter(|request| request.path.starts_with("/services/Soap")).count();
    assert_eq!(refused, 1);
}

#[test]
fn without_api_enabled_nothing_is_known() {
    let mut org = by_auditor();
    org.take_permission("ApiEnabled");
    let heard = audit(&org.start(), &[]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("API_DISABLED_FOR_ORG"), "{}", heard.gaps());
}

/// Acme with so many apps that one retrieve job is better than many reads.
fn retrieved() -> FakeOrg {
    let mut org = acme();
    for number in 0..90 {
        let name = format!("Kiosk_{number}");
        org.component("ConnectedApp", &name, "", "<contactEmail>kiosk@acme.internal</contactEmail><label>Kiosk</label>");
    }
    org
}

#[test]
fn a_retrieve_job_that_fails_is_made_up_for_by_reading() {
    let org = retrieved().start();
    let right = json!(collect(&org, hasty()).inventory.apps);
    let jobs = |org: &Running| org.received().iter().filter(|it| it.body.contains("retrieveRequest")).count();
    assert!(jobs(&org) > 0);
    org.set(|org| org.retrieve.failure = Some(("UNKNOWN_EXCEPTION".to_owned(), "An unexpected error occurred".to_owned())));
    let mut options = hasty();
    let collected = collect(&org, options.clone());
    let apps = |collected: &Collected| json!(collected.inventory.apps);
    assert_eq!(differences(&apps(&collected), &right), [""; 0]);
    assert!(collected.diagnostics.iter().any(|it| it.label.contains("UNKNOWN_EXCEPTION")), "{:#?}", collected.diagnostics);

    // Never done.
    org.set(|org| (org.retrieve.failure, org.retrieve.endless) = (None, true));
    options.retrieve_patience = std::time::Duration::from_millis(20);
    let collected = collect(&org, options.clone());
    assert_eq!(differences(&apps(&collected), &right), [""; 0]);

    // And the components cannot be read, either.
    org.set(|org| org.fault(Fault::soap("UNKNOWN_EXCEPTION", "An unexpected error occurred").body("readMetadata>")));
    let judged = judge(&collect(&org, options));
    assert_eq!(judged.code, 3);
    assert!(judged.gaps.contains("ConnectedApp cannot be read"), "{}", judged.gaps);
}

#[test]
fn several_polls_and_another_layout_of_the_zip_are_as_good() {
    let org = retrieved().start();
    let right = json!(collect(&org, hasty()).inventory);
    org.set(|org| (org.retrieve.polls, org.retrieve.other_layout) = (3, true));
    assert_eq!(differences(&json!(collect(&org, hasty()).inventory), &right), [""; 0]);
}
