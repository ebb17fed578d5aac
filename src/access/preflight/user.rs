//! P5: is the user there, active, and let in from where the request comes?

use super::Person;
use super::forecast::{Step, Topic};
use super::trial::Trial;
use crate::access::errors::Cause;
use crate::access::{API_ONLY, LiveOrg};
use crate::inventory::ip_range::IpRange;
use crate::inventory::oauth::IpRelaxation;
use crate::inventory::org::User;
use crate::inventory::profile::standard;
use crate::inventory::{Fact, Profile, Reason};

const STEP: Step = Step::UserState;

/// A licence whose users are integrations: they cannot log in on a page.
const INTEGRATION_LICENSE: &str = "Salesforce Integration";

pub(super) fn run(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    match person {
        Person::User { id, user } => state(trial, id, user),
        Person::Missing(name) => {
            let because = format!("The org has no user named {name}.");
            trial.fail(Step::Assertion, Cause::UserUnknown, because, &[]);
            return;
        }
        Person::Unread { name, reason, supply } => {
            trial.undecided(STEP, Topic::User, &format!("whether {name} is an active user"), reason.clone(), supply);
        }
        Person::Anybody(_) | Person::Holding { .. } => {
            trial.premise(format!("{} is active and not frozen", person.called()));
        }
        Person::NoOne => return,
    }
    address(trial, person);
}

fn state(trial: &mut Trial<'_, '_>, id: &str, user: &User) {
    let name = &user.username;
    if !user.active {
        trial.fail(STEP, Cause::UserInactive, format!("{name} is inactive."), &[]);
    }
    let what = format!("whether {name} is frozen");
    match &user.frozen.state {
        Ok(true) => trial.fail(STEP, Cause::UserFrozen, format!("{name} is frozen."), &[]),
        Ok(false) => {}
        Err(reason) => trial.undecided(STEP, Topic::User, &what, reason.clone(), "Let the auditing user read UserLogin."),
    }
    if trial.request.flow.is_interactive()
        && let Some(live) = trial.subject.live
    {
        can_log_in_on_a_page(trial, live, id, user);
    }
}

fn can_log_in_on_a_page(trial: &mut Trial<'_, '_>, live: &LiveOrg<'_>, id: &str, user: &User) {
    let name = &user.username;
    if user.license.eq_ignore_ascii_case(INTEGRATION_LICENSE) {
        let because = format!("{name} has the licence {}, whose users cannot log in on a page.", user.license);
        trial.fail(STEP, Cause::ApiOnlyUserOnPage, because, &[]);
        return;
    }
    match live.graph.permission(id, user, API_ONLY).state {
        Ok(true) => {
            let because = format!("{name} has API Only User and cannot log in on a page.");
            trial.fail(STEP, Cause::ApiOnlyUserOnPage, because, &[]);
        }
        Ok(false) => {}
        Err(reason) => trial.undecided(
            STEP,
            Topic::User,
            &format!("whether {name} may log in on a page, which API Only User forbids"),
            reason,
            "Ask about the user alone, with --user, or let the auditing user see all permissions.",
        ),
    }
}

/// How strictly the login IP ranges of a profile apply to a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ranges {
    Apply,
    DoNotApply,
    /// Documentation and reports contradict each other.
    Disputed,
}

fn ranges(trial: &Trial<'_, '_>) -> Result<Ranges, Reason> {
    let flow = trial.request.flow;
    if !flow.takes_app() {
        return Ok(Ranges::Apply);
    }
    match &trial.app().network.ip_relaxation.state {
        Ok(IpRelaxation::EnforceRelaxRefresh) if flow.is_refresh() => Ok(Ranges::DoNotApply),
        Ok(IpRelaxation::Enforce | IpRelaxation::EnforceRelaxRefresh) => Ok(Ranges::Apply),
        Ok(IpRelaxation::Bypass | IpRelaxation::RelaxForActivatedDevices) => Ok(Ranges::Disputed),
        Ok(IpRelaxation::Unrecognised) => Err("the app's IP Relaxation is a value that is not documented".into()),
        Err(reason) => Err(reason.clone()),
    }
}

fn address(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    let profile = profile(trial, person);
    if let Some(profile) = profile
        && profile.has_login_hours.value() == Some(&true)
    {
        trial.premise(format!("the request comes within the login hours of the profile {}", profile.name));
    }
    let of_profile = match profile {
        Some(profile) => profile.login_ip_ranges.clone(),
        None => Fact::unknown("the login IP ranges of the user's profile were not read"),
    };
    match (trial.request.source_ip, &of_profile.state) {
        (_, Ok(ranges)) if ranges.is_empty() => {}
        (None, Ok(ranges)) => {
            let name = profile.map_or("", |profile| &profile.name);
            trial.premise(format!("the request comes from the login IP ranges of the profile {name} ({})", list(ranges)));
        }
        (None, Err(_)) => {
            trial.premise(format!("login IP ranges and login hours of the profile of {} let the request in", person.called()));
        }
        (Some(ip), Err(reason)) => trial.undecided(
            STEP,
            Topic::SourceIp,
            &format!("whether {ip} is within the login IP ranges of the profile of {}", person.called()),
            reason.clone(),
            "Name the user with --user and --target-org, or the profile with --profile and its file in the source.",
        ),
        (Some(ip), Ok(allowed)) => from(trial, ip, allowed, profile.map_or("", |profile| &profile.name)),
    }
}

/// A request from an address, where the profile has ranges.
fn from(trial: &mut Trial<'_, '_>, ip: std::net::IpAddr, allowed: &[IpRange], profile: &str) {
    if allowed.iter().any(|range| range.contains(ip) == Some(true)) {
        return;
    }
    let outside = format!("{ip} is outside the login IP ranges of the profile {profile} ({})", list(allowed));
    let unreadable = allowed.iter().any(|range| range.invalid).then(|| Reason::from("one of the ranges cannot be read"));
    let (reason, supply) = match (unreadable, ranges(trial)) {
        (None, Ok(Ranges::Apply)) => {
            let origins = trial.app().network.ip_relaxation.origins.clone();
            trial.fail(STEP, Cause::IpRestricted, format!("{outside}, and the app's policies enforce them."), &origins);
            return;
        }
        (_, Ok(Ranges::DoNotApply)) => return,
        (Some(reason), _) | (None, Err(reason)) => (reason, "Put the ranges of the profile right."),
        (None, Ok(Ranges::Disputed)) => (
            "documentation says that the app's IP Relaxation lifts them, and reports say that they were enforced all the same"
                .into(),
            "Add the address to the profile, or send the request from within its ranges.",
        ),
    };
    trial.undecided(STEP, Topic::SourceIp, &format!("whether a request is let in although {outside}"), reason, supply);
}

/// The profile of the user, where the source has it.
fn profile<'a>(trial: &Trial<'_, 'a>, person: &Person<'_>) -> Option<&'a Profile> {
    let name = match person {
        Person::User { user, .. } => Some(user.profile_name.as_str()),
        Person::Holding { profile, .. } => profile.as_deref(),
        _ => None,
    }?;
    let full_name = standard(name).map_or(name, |profile| profile.name);
    let is_it = |profile: &&&Profile| {
        profile.name == name || profile.name == full_name || standard(&profile.name).is_some_and(|it| it.name == full_name)
    };
    trial.subject.profiles.iter().find(is_it).copied()
}

fn list(ranges: &[IpRange]) -> String {
    let shown: Vec<String> = ranges.iter().take(3).map(|range| format!("{}-{}", range.start, range.end)).collect();
    let more = if ranges.len() > shown.len() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
