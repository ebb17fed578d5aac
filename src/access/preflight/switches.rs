//! P2: do the org and the app have the flow switched on?

use super::forecast::{Step, Topic};
use super::trial::Trial;
use super::{Person, Who};
use crate::access::errors::{Cause, Confidence};
use crate::inventory::Fact;
use crate::inventory::flow::Flow;

const STEP: Step = Step::FlowEnabled;

pub(super) fn run(trial: &mut Trial<'_, '_>, _: &Person<'_>) {
    let switches = &trial.app().flows;
    match trial.request.flow {
        Flow::UserAgent | Flow::HybridUserAgent => user_agent(trial),
        Flow::UsernamePassword => username_password(trial),
        Flow::Device => stated(trial, &switches.device, "Device Flow"),
        Flow::TokenExchange => {
            stated(trial, &switches.token_exchange, "Token Exchange Flow");
            trial.premise("an Apex token exchange handler is enabled for the app and accepts the identity provider's token");
        }
        Flow::ClientCredentials => client_credentials(trial),
        Flow::CodeCredentials => code_credentials(trial),
        Flow::AssetToken => {
            let because = format!("{} has no asset token settings.", trial.app().name);
            must_be_on(trial, &switches.asset_token, Cause::FlowOff, because);
            trial.premise("the client holds an access token of the user and an actor token that the org accepts");
        }
        Flow::SamlAssertion => {
            trial.reserve(
                "No app takes part in the SAML assertion flow: the token is that of a log-in, and nothing about an app limits it.",
            );
            trial.undecided(
                STEP,
                Topic::SingleSignOn,
                "whether the org's single sign-on accepts the assertion",
                "the single sign-on settings of the org are not read".into(),
                "Try the assertion in Setup > Single Sign-On Settings > SAML Assertion Validator.",
            );
        }
        Flow::WebServer | Flow::JwtBearer | Flow::SamlBearer | Flow::RefreshToken | Flow::HybridWebServer | Flow::HybridRefresh => {
        }
    }
    if trial.request.flow.is_hybrid() {
        hybrid(trial);
    }
}

fn user_agent(trial: &mut Trial<'_, '_>) {
    let blocked = trial.setting(|settings| &settings.block_user_agent, "OauthOidc.settings");
    must_not_be_blocked(trial, &blocked, Cause::UserAgentBlocked, "The org blocks the user-agent flow.");
}

fn username_password(trial: &mut Trial<'_, '_>) {
    let blocked = trial.setting(|settings| &settings.block_username_password, "OauthOidc.settings");
    must_not_be_blocked(trial, &blocked, Cause::UsernamePasswordBlocked, "The org blocks the username-password flow.");
}

fn must_not_be_blocked(trial: &mut Trial<'_, '_>, blocked: &Fact<bool>, cause: Cause, because: &str) {
    let what = format!("whether the org allows the {}", trial.request.flow.title());
    if trial.known(blocked, STEP, Topic::OrgSwitch, &what, "settings/OauthOidc.settings") == Some(true) {
        trial.fail(STEP, cause, because, &blocked.origins);
    }
}

fn must_be_on(trial: &mut Trial<'_, '_>, switch: &Fact<bool>, cause: Cause, because: impl Into<String>) {
    let what = format!("whether the app has the {} switched on", trial.request.flow.title());
    if trial.known(switch, STEP, Topic::AppSwitch, &what, "the app's OAuth settings") == Some(false) {
        trial.fail(STEP, cause, because, &switch.origins);
    }
}

/// A switch that counts only where metadata states it.
fn stated(trial: &mut Trial<'_, '_>, switch: &Fact<Option<bool>>, name: &str) {
    let what = format!("whether the app has the {} switched on", trial.request.flow.title());
    match trial.known(switch, STEP, Topic::AppSwitch, &what, "the app's OAuth settings") {
        Some(Some(false)) => {
            let because = format!("{} has {name} switched off.", trial.app().name);
            trial.fail(STEP, Cause::FlowOff, because, &switch.origins);
        }
        Some(None) => trial.undecided(
            STEP,
            Topic::AppSwitch,
            &what,
            "its metadata does not state it, and the default is not documented".into(),
            format!("Look for Enable {name} in the OAuth settings of the app in Setup."),
        ),
        Some(Some(true)) | None => {}
    }
}

fn client_credentials(trial: &mut Trial<'_, '_>) {
    if !matches!(trial.request.who, Who::Anybody) {
        trial.reserve("Client credentials are always for the app's run-as user; the user that was asked about does not matter.");
    }
    let switches = &trial.app().flows;
    let because = format!("{} has the client credentials flow switched off.", trial.app().name);
    must_be_on(trial, &switches.client_credentials, Cause::ClientCredentialsOff, because);
    let user = &switches.client_credentials_user;
    let name = trial.known(user, STEP, Topic::RunAsUser, "which user the app runs as", "the app's policies");
    if name.is_some_and(|name| name.trim().is_empty()) {
        let because = format!("{} names no user to run as.", trial.app().name);
        trial.fail(Step::ClientProof, Cause::NoRunAsUser, because, &user.origins);
    }
}

fn code_credentials(trial: &mut Trial<'_, '_>) {
    let in_org = trial.setting(|settings| &settings.code_credentials, "OauthOidc.settings");
    let what = "whether the org has the authorization code and credentials flow switched on";
    if trial.known(&in_org, STEP, Topic::OrgSwitch, what, "settings/OauthOidc.settings") == Some(false) {
        let because = "The org has the authorization code and credentials flow switched off.";
        trial.fail(STEP, Cause::CodeCredentialsOffInOrg, because, &in_org.origins);
    }
    let because = format!("{} has the authorization code and credentials flow switched off.", trial.app().name);
    must_be_on(trial, &trial.app().flows.code_credentials, Cause::FlowOff, because);
    trial.doubt(Cause::FlowOff, Confidence::Low, "The flow begins at another endpoint than those whose answer was seen.");
}

/// JWT access tokens and rotation together are refused.
fn hybrid(trial: &mut Trial<'_, '_>) {
    let tokens = &trial.app().tokens;
    match (&tokens.jwt_access_tokens.state, &tokens.rotation.state) {
        (Ok(false), _) | (_, Ok(false)) => {}
        (Ok(true), Ok(true)) => {
            let because = format!("{} has both JWT access tokens and refresh token rotation on.", trial.app().name);
            let origins = [tokens.jwt_access_tokens.origins.clone(), tokens.rotation.origins.clone()].concat();
            trial.fail(STEP, Cause::HybridConflict, because, &origins);
        }
        (Err(reason), _) | (_, Err(reason)) => trial.undecided(
            STEP,
            Topic::AppSwitch,
            "whether JWT access tokens and refresh token rotation are both on, which hybrid flows refuse",
            reason.clone(),
            trial.to_read("the app's OAuth settings"),
        ),
    }
}
