//! P1: does the app stand for OAuth at all, and is it switched on?

use super::Person;
use super::forecast::{Step, Topic};
use super::trial::Trial;
use crate::access::errors::Cause;
use crate::inventory::flow::Flow;

const STEP: Step = Step::AppResolution;

pub(super) fn run(trial: &mut Trial<'_, '_>, _: &Person<'_>) {
    if !trial.request.flow.takes_app() {
        return;
    }
    let app = trial.app();
    let what = "whether it is an OAuth app";
    if trial.known(&app.oauth.configured, STEP, Topic::App, what, "the app's OAuth settings") == Some(false) {
        let because = format!("{} has no OAuth settings.", app.name);
        trial.fail(STEP, Cause::NoOauthSettings, because, &app.oauth.configured.origins);
    }
    let what = "whether the app is switched on";
    if trial.known(&app.enabled, STEP, Topic::App, what, "the app's policies") == Some(false) {
        let because = format!("The policies of {} block it or switch it off.", app.name);
        trial.fail(STEP, Cause::AppBlocked, because, &app.enabled.origins);
    }
    if trial.subject.live.is_some() {
        trial.premise("nobody has blocked the app on the Connected Apps OAuth Usage page, which no API tells");
    } else {
        trial.premise("the org has the app as the files have it, installed and not blocked");
    }
    if trial.is_external_client_app() {
        of_external_client_app(trial);
    }
}

/// What External Client Apps cannot do, or nobody knows that they can.
fn of_external_client_app(trial: &mut Trial<'_, '_>) {
    match trial.request.flow {
        Flow::UsernamePassword => {
            let because = format!("{} is an External Client App.", trial.app().name);
            trial.fail(STEP, Cause::NotForExternalClientApps, because, &[]);
        }
        Flow::SamlBearer => trial.undecided(
            STEP,
            Topic::AppKind,
            "whether External Client Apps take SAML bearer assertions",
            "their certificate is documented for the JWT bearer flow alone".into(),
            "Use the JWT bearer flow, or try it in a sandbox.",
        ),
        _ => {}
    }
}
