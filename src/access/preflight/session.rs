//! P8 and P9: the session level the app asks for, and the org's API Access Control.

use super::Person;
use super::forecast::{Step, Topic};
use super::trial::Trial;
use crate::access::USE_ANY_API_CLIENT;
use crate::access::errors::Cause;
use crate::inventory::Fact;
use crate::inventory::oauth::{PermittedUsers, SessionLevel};
use crate::inventory::org::is_external;

/// P8.
pub(super) fn level(trial: &mut Trial<'_, '_>, _: &Person<'_>) {
    const STEP: Step = Step::SessionPolicy;
    let flow = trial.request.flow;
    if !flow.takes_app() {
        return;
    }
    let level = trial.app().session.level.clone();
    if flow.is_refresh() {
        // The approval that the refresh token came from had a page.
        if level.value() == Some(&SessionLevel::HighAssurance) {
            trial.reserve(
                "That a refresh token works on where the app asks for a high assurance session is likely, and not confirmed.",
            );
        }
        return;
    }
    let what = "whether the app asks for a high assurance session";
    match trial.known(&level, STEP, Topic::SessionLevel, what, "the app's policies") {
        Some(SessionLevel::HighAssurance) if flow.is_headless() => {
            let because = format!("{} asks for a high assurance session, for which the flow has no page.", trial.app().name);
            trial.fail(STEP, Cause::HighAssuranceWithoutScreen, because, &level.origins);
        }
        Some(SessionLevel::HighAssurance) if flow.is_interactive() => {
            trial.premise("the user verifies their identity as the app's high assurance session asks for");
        }
        Some(SessionLevel::HighAssurance) => trial.undecided(
            STEP,
            Topic::SessionLevel,
            &format!("what an app that asks for a high assurance session is answered in the {}", flow.title()),
            "the flow has no page of Salesforce's to verify an identity on".into(),
            "Take the high assurance session away from the app's policies.",
        ),
        Some(SessionLevel::Unrecognised) => trial.undecided(
            STEP,
            Topic::SessionLevel,
            what,
            "the level is a word that is not documented".into(),
            "Look at the session policies of the app in Setup.",
        ),
        Some(SessionLevel::Unset | SessionLevel::Low | SessionLevel::Standard) | None => {}
    }
}

/// P9.
pub(super) fn api_access_control(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    const STEP: Step = Step::ApiAccessControl;
    let control = match trial.subject.settings {
        Some(settings) => settings.api_access_control(is_outside(person)).clone(),
        None if trial.subject.live.is_some() => Fact::unknown("the settings of the org could not be read"),
        None => Fact::known(None),
    };
    let takes_app = trial.request.flow.takes_app();
    if takes_app && trial.app().access.permitted_users.value() == Some(&PermittedUsers::AdminApproved) {
        return;
    }
    let what = "whether API Access Control is on in the org";
    match trial.known(&control, STEP, Topic::ApiAccessControl, what, "settings/ConnectedApp.settings") {
        Some(Some(true)) if !takes_app => trial.undecided(
            STEP,
            Topic::ApiAccessControl,
            "how API Access Control, which is on, treats a session without an app",
            "that is not confirmed".into(),
            "Use a flow with an app.",
        ),
        Some(Some(true)) => approved_apps_only(trial, person, &control),
        Some(None) => trial.premise("API Access Control is off in the org, as it is where Salesforce Support has not enabled it"),
        Some(Some(false)) if takes_app => for_employees(trial, person),
        Some(Some(false)) | None => {}
    }
}

/// Customers and partners have a switch of their own: where only theirs is on, it matters whether the user is one.
fn for_employees(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    let external = trial.subject.settings.and_then(|settings| settings.admin_approved_only_external.value().copied().flatten());
    if external == Some(true) && !matches!(person, Person::User { .. }) {
        trial.premise("the user is neither customer nor partner, for whom API Access Control is on");
    }
}

/// Whether the user is a customer or partner, for whom the org has a switch of its own.
fn is_outside(person: &Person<'_>) -> bool {
    matches!(person, Person::User { user, .. } if is_external(&user.user_type))
}

fn approved_apps_only(trial: &mut Trial<'_, '_>, person: &Person<'_>, control: &Fact<Option<bool>>) {
    const STEP: Step = Step::ApiAccessControl;
    let permission = match (person, trial.subject.live) {
        (Person::User { id, user }, Some(live)) => live.graph.permission(id, user, USE_ANY_API_CLIENT),
        (Person::Unread { reason, .. }, Some(_)) => Fact::unknown(reason.clone()),
        _ => Fact::known(false),
    };
    match permission.state {
        Ok(true) => trial
            .reserve(format!("{} has Use Any API Client, so that API Access Control does not keep the app out.", person.called())),
        Ok(false) => {
            let because = format!("API Access Control is on, and {} is not admin-approved.", trial.app().name);
            trial.fail(STEP, Cause::ApiAccessControl, because, &control.origins);
            if !matches!(person, Person::User { .. }) {
                trial.reserve("A user who has Use Any API Client is let in all the same.");
            }
        }
        Err(reason) => trial.undecided(
            STEP,
            Topic::ApiAccessControl,
            &format!("whether {} may use any API client, which API Access Control, being on, asks for here", person.called()),
            reason,
            "Set Permitted Users of the app to admin-approved.",
        ),
    }
}
