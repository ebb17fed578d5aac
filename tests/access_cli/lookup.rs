//! Users who are looked up by name: whoever there is is found, with all that is known of those the apps lead to.

use orgwarden::collect::Collected;
use orgwarden::inventory::Fact;
use orgwarden::inventory::org::{Org, User};

use crate::fake_org::large::{Size, large};
use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault};
use crate::live::Reader;
use crate::scripted::hasty;

fn look_up(org: FakeOrg, users: &[&str]) -> Collected {
    let running = org.start();
    let mut options = hasty();
    options.retry.attempts = 0;
    Reader::of(&running, options).collect_with_users(users)
}

fn org(collected: &Collected) -> &Org {
    collected.inventory.org(0).unwrap()
}

fn named<'a>(org: &'a Org, name: &str) -> Option<(&'a String, &'a User)> {
    org.users.iter().find(|(_, user)| user.username == name)
}

#[test]
fn a_user_without_any_assignment_is_found_whatever_the_letter_case() {
    let xaver = "xaver.gone@acme.example.com";
    let mut acme = acme();
    acme.add_user("nadia.new@acme.example.com", "Nadia New", "Standard User");
    let collected = look_up(acme, &[" Nadia.NEW@acme.example.com", "nadia.new@acme.example.com", xaver]);
    let org = org(&collected);
    assert!(!collected.has_gaps(), "{:?}", collected.diagnostics);
    let (id, nadia) = named(org, "nadia.new@acme.example.com").unwrap();
    assert_eq!((nadia.active, &nadia.frozen, nadia.profile_name.as_str()), (true, &Fact::known(false), "Standard User"));
    assert_eq!(nadia.permissions.value().unwrap().iter().collect::<Vec<_>>(), ["ApiEnabled"], "by the profile");
    assert!(org.assignments.rows.iter().all(|row| row.user != *id));
    assert!(org.users_with_all_assignments.contains(id));
    assert!(!named(org, xaver).unwrap().1.active, "users who have left are users");
}

#[test]
fn who_was_looked_up_and_is_not_there_does_not_exist() {
    let collected = look_up(acme(), &["Nobody@acme.example.com"]);
    let org = org(&collected);
    assert!(!collected.has_gaps() && org.more_users.is_none());
    assert!(org.users_looked_up.contains("nobody@acme.example.com"));
    assert!(named(org, "nobody@acme.example.com").is_none());
    // Whom apps run as is looked up as well.
    assert!(org.users_looked_up.contains("erp.integration@acme.example.com"), "{:?}", org.users_looked_up);
}

#[test]
fn a_question_that_fails_leaves_open_who_exists() {
    let mut acme = acme();
    acme.fault(Fault::error(404, "NOT_FOUND", "The requested resource does not exist").on("/composite"));
    acme.fault(Fault::error(400, "QUERY_TIMEOUT", "Your query request was running for too long").on("amira"));
    let collected = look_up(acme, &["nobody@acme.example.com", "amira@acme.example.com"]);
    let org = org(&collected);
    assert!(collected.has_gaps());
    assert!(org.more_users.as_ref().unwrap().contains("too long"));
    assert!(!org.users_looked_up.contains("nobody@acme.example.com"));
    assert!(org.users_with_all_assignments.is_empty());
}

#[test]
fn assignments_of_a_user_are_whole_although_there_are_too_many_to_read() {
    let size = Size { apps: 1, permission_sets: 1, users: 10_050, assigned: 10_050 };
    let collected = look_up(large(size), &["user10049@acme.example.com"]);
    let org = org(&collected);
    assert!(org.assignments.more.is_some());
    let (id, _) = named(org, "user10049@acme.example.com").unwrap();
    assert!(org.users_with_all_assignments.contains(id));
    assert_eq!(org.assignments.rows.iter().filter(|row| row.user == *id).count(), 1);
}

#[test]
fn what_a_user_is_assigned_is_there_once() {
    let names = ["vera@acme.example.com", "felix@acme.example.com", "erp.integration@acme.example.com"];
    let (without, with) = (look_up(acme(), &[]), look_up(acme(), &names));
    assert_eq!(org(&without).assignments, org(&with).assignments);
    assert_eq!(org(&with).users_with_all_assignments.len(), 3);
}

#[test]
fn the_profile_of_a_user_tells_where_and_when_to_log_in() {
    let mut acme = acme();
    acme.component_named("Profile", "Finance Clerk").body =
        "<loginHours><mondayEnd>1020</mondayEnd><mondayStart>480</mondayStart></loginHours>\
         <loginIpRanges><endAddress>203.0.113.63</endAddress><startAddress>203.0.113.0</startAddress></loginIpRanges>"
            .to_owned();
    let collected = look_up(acme, &["tilda@acme.example.com"]);
    let profile = collected.inventory.profiles.iter().find(|profile| profile.name == "Finance Clerk").unwrap();
    let ranges = profile.login_ip_ranges.value().unwrap();
    assert_eq!(ranges.iter().map(|range| range.contains("203.0.113.9".parse().unwrap())).collect::<Vec<_>>(), [Some(true)]);
    assert_eq!(profile.has_login_hours.value(), Some(&true));
    assert!(!profile.login_ip_ranges.origins.is_empty());
}
