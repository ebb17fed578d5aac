//! P7: the scopes of the app that a flow cannot do without, and what one scope has of another.

use super::Person;
use super::forecast::{Step, Topic};
use super::trial::Trial;
use crate::access::errors::{Cause, Confidence};
use crate::inventory::flow::Flow;

const STEP: Step = Step::Scopes;

/// The scope without which no approval holds a refresh token.
pub(super) const REFRESH: &str = "refresh_token";
/// Scopes that client credentials tokens never get.
pub(super) const FILTERED: &[&str] = &["full", "web", REFRESH];
/// Scopes of hybrid apps beside the refresh scope.
const OF_HYBRID_APPS: &[&str] = &["lightning", "content", "visualforce", "web"];
/// What the id scope stands for, as far as is known.
const OF_IDENTITY: &[&str] = &["openid", "profile", "email", "address", "phone"];

/// Whether scopes include one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    Yes,
    No,
    Perhaps,
}

/// Whether these scopes of an app include one that is asked for: `full` has all but the refresh token, `api` has Chatter, `web` has
/// Visualforce.
pub(super) fn covers(present: &[&str], asked: &str) -> Cover {
    let has = |scope: &str| present.contains(&scope);
    let wider = match asked {
        "chatter_api" => has("api"),
        "visualforce" => has("web"),
        _ => false,
    };
    if has(asked) || wider || (has("full") && asked != REFRESH) {
        Cover::Yes
    } else if OF_IDENTITY.contains(&asked) && has("id") {
        Cover::Perhaps
    } else {
        Cover::No
    }
}

pub(super) fn run(trial: &mut Trial<'_, '_>, _: &Person<'_>) {
    let flow = trial.request.flow;
    if !flow.needs_refresh_scope() && !matches!(flow, Flow::ClientCredentials | Flow::TokenExchange) {
        return;
    }
    let scopes = trial.app().oauth.scopes.clone();
    let what = format!("whether the app has the scopes of the {}", flow.title());
    let Some(present) = trial.known(&scopes, STEP, Topic::Scopes, &what, "the app's OAuth settings") else { return };
    let names: Vec<&str> = present.iter().map(|scope| scope.name.as_str()).collect();
    let origins = &scopes.origins;
    let lacks_refresh = !names.contains(&REFRESH);
    let because =
        || format!("The app's scopes ({}) lack {REFRESH}.", if names.is_empty() { "none".to_owned() } else { names.join(", ") });
    match flow {
        Flow::ClientCredentials => {
            let custom = trial.app().oauth.custom_scopes.map(|custom| !custom.is_empty());
            let filtered = names.iter().all(|name| FILTERED.contains(name));
            if let (true, Err(reason)) = (filtered, &custom.state) {
                let supply = trial.to_read("the custom scopes of the org");
                let what = "whether the app has a custom scope, without which no scope is left to client credentials";
                trial.undecided(STEP, Topic::Scopes, what, reason.clone(), supply);
            } else if filtered && custom.value() == Some(&false) {
                let because = format!("Client credentials tokens never get {}, and the app has no other scope.", FILTERED.join(", "));
                trial.fail(STEP, Cause::NoValidScopes, because, origins);
            }
        }
        Flow::TokenExchange if lacks_refresh => trial.undecided(
            STEP,
            Topic::RefreshScope,
            "whether token exchange works without the refresh_token scope",
            "it goes by the approval rule of the bearer flows, which need the scope; that it needs it too is likely and not confirmed".into(),
            "Add the refresh_token scope to the app.",
        ),
        Flow::RefreshToken | Flow::HybridRefresh if lacks_refresh => trial.undecided(
            STEP,
            Topic::RefreshScope,
            "whether a refresh token from the time before the app lost the scope still works",
            "no new one can come: the app has no refresh_token scope".into(),
            "Add the refresh_token scope to the app and let the user authorize it again.",
        ),
        _ if flow.needs_refresh_scope() && lacks_refresh => {
            trial.fail(STEP, Cause::RefreshScopeMissing, because(), origins);
            if flow.is_hybrid() {
                trial.doubt(Cause::RefreshScopeMissing, Confidence::Low, "What hybrid flows answer without the scope was never seen.");
            }
            if flow.is_assertion() {
                doubt(trial);
            }
        }
        _ => {}
    }
    if matches!(flow, Flow::HybridWebServer | Flow::HybridUserAgent)
        && !names.iter().any(|name| OF_HYBRID_APPS.contains(name) || *name == "full")
    {
        trial.undecided(
            STEP,
            Topic::Scopes,
            "what a hybrid app without any of the scopes lightning, content, visualforce and web is answered",
            "the flow is documented with them".into(),
            "Add the scopes that the hybrid app needs.",
        );
    }
}

/// Which of two texts comes where both the scope and the access are missing, or where access could not be decided, was hardly seen.
fn doubt(trial: &mut Trial<'_, '_>) {
    const BOTH: &str = "The refresh_token scope is missing as well, and which of the two is answered is not confirmed.";
    const OPEN: &str = "Whether the user is assigned could not be told, and that may be answered first.";
    match trial.request.flow {
        Flow::SamlBearer => {
            let once = "The refresh_token scope is missing as well; one first-hand report of both has this text.";
            trial.doubt(Cause::NotApproved, Confidence::Medium, once);
        }
        _ => trial.doubt(Cause::NotApproved, Confidence::Low, BOTH),
    }
    trial.doubt(Cause::NotAdminApproved, Confidence::Low, BOTH);
    if trial.is_open(Step::AppAccess) {
        trial.doubt(Cause::RefreshScopeMissing, Confidence::Low, OPEN);
    }
}
