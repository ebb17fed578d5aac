//! P0: is the request shaped as the flow wants it: the host it goes to, the scopes it asks for?

use super::Person;
use super::forecast::{Step, Topic};
use super::scopes::{Cover, covers};
use super::trial::Trial;
use crate::access::errors::{Cause, Confidence};
use crate::inventory::flow::Flow;
use crate::inventory::oauth::KnownScope;
use crate::inventory::org::Org;

const STEP: Step = Step::RequestShape;

const AT_OTHER_HOSTS: &str = "Assertions that went to hosts of other orgs were also answered `audience is invalid` and `user hasn't approved this consumer`.";

pub(super) fn run(trial: &mut Trial<'_, '_>, _: &Person<'_>) {
    host(trial);
    scopes(trial);
}

/// What a host of Salesforce's serves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Serves {
    /// `login.salesforce.com`: production orgs.
    Production,
    /// `test.salesforce.com`: sandboxes.
    Sandboxes,
    /// `*.my.salesforce.com`: one org.
    MyDomain,
    /// Pages of one org, at which no token is to be had: `*.lightning.force.com`, `*.salesforce-setup.com`.
    Pages,
    /// An Experience Cloud site, or no host of Salesforce's.
    Other,
}

fn serves(host: &str) -> Serves {
    match host {
        "login.salesforce.com" => Serves::Production,
        "test.salesforce.com" => Serves::Sandboxes,
        _ if host.ends_with(".my.salesforce.com") => Serves::MyDomain,
        _ if host.ends_with(".lightning.force.com") || host.ends_with(".salesforce-setup.com") => Serves::Pages,
        _ => Serves::Other,
    }
}

fn host(trial: &mut Trial<'_, '_>) {
    let flow = trial.request.flow;
    let Some(host) = trial.request.login_host.as_deref() else {
        if flow == Flow::ClientCredentials {
            trial.premise("the request goes to the org's My Domain (https://MyDomainName.my.salesforce.com)");
        }
        return;
    };
    let serves = serves(host);
    if flow == Flow::ClientCredentials {
        client_credentials_host(trial, host, serves);
    }
    if flow.takes_app()
        && let Some(because) = trial.subject.live.and_then(|live| of_another_org(host, serves, live.org))
    {
        // The key of an External Client App is known everywhere; that of a connected app is not.
        let cause = if trial.is_external_client_app() { Cause::ExternalClientAppElsewhere } else { Cause::AppUnknownOnHost };
        trial.fail(STEP, cause, because, &[]);
        if flow.is_assertion() {
            trial.doubt(Cause::AppUnknownOnHost, Confidence::Medium, AT_OTHER_HOSTS);
        }
    }
    let shared = matches!(serves, Serves::Production | Serves::Sandboxes);
    if flow.is_assertion() && trial.is_external_client_app() && shared {
        trial.reserve(format!(
            "External Client Apps were reported to be refused at {host} as host or audience, where the My Domain works; whether that holds \
             everywhere is not confirmed."
        ));
    }
}

fn client_credentials_host(trial: &mut Trial<'_, '_>, host: &str, serves: Serves) {
    let is_of_org = trial.subject.live.is_some_and(|live| live.org.identity.host.eq_ignore_ascii_case(host));
    match serves {
        Serves::MyDomain => {}
        Serves::Production | Serves::Sandboxes | Serves::Pages => {
            trial.fail(STEP, Cause::NotMyDomain, format!("The request goes to {host}, which is not the org's My Domain."), &[]);
        }
        Serves::Other if is_of_org => {}
        Serves::Other => trial.undecided(
            STEP,
            Topic::LoginHost,
            &format!("whether {host} is the org's My Domain"),
            "client credentials requests are answered there alone".into(),
            "Send the request to https://MyDomainName.my.salesforce.com.",
        ),
    }
}

/// Why a host does not serve an org, where that is certain.
fn of_another_org(host: &str, serves: Serves, org: &Org) -> Option<String> {
    if org.identity.id.is_empty() {
        return None;
    }
    let own = org.identity.host.to_ascii_lowercase();
    match (serves, org.identity.sandbox) {
        (Serves::Production, true) => Some(format!("{host} serves production orgs, and this org is a sandbox.")),
        (Serves::Sandboxes, false) => Some(format!("{host} serves sandboxes, and this org is none.")),
        (Serves::MyDomain, _) if own.ends_with(".my.salesforce.com") && own != host => {
            Some(format!("{host} is not the My Domain of this org, which is {own}."))
        }
        _ => None,
    }
}

/// What becomes of a `scope` parameter.
fn scopes(trial: &mut Trial<'_, '_>) {
    let Some(asked) = trial.request.scopes.as_deref().filter(|asked| !asked.is_empty()) else { return };
    let flow = trial.request.flow;
    match flow {
        Flow::JwtBearer | Flow::ClientCredentials | Flow::RefreshToken | Flow::HybridRefresh => trial.fail(
            STEP,
            Cause::ScopeParameterNotSupported,
            format!("The request has a scope parameter, which the token endpoint does not take in the {}.", flow.title()),
            &[],
        ),
        Flow::WebServer
        | Flow::UserAgent
        | Flow::Device
        | Flow::HybridWebServer
        | Flow::HybridUserAgent
        | Flow::CodeCredentials
        | Flow::TokenExchange => asked_of_app(trial, asked),
        Flow::SamlBearer | Flow::SamlAssertion | Flow::UsernamePassword | Flow::AssetToken => trial.undecided(
            STEP,
            Topic::RequestedScopes,
            "whether the token endpoint takes a scope parameter here",
            format!("that is not known of the {}", flow.title()).into(),
            "Leave the scope parameter out and set the scopes on the app.",
        ),
    }
}

/// Whether the app has the scopes that are asked for.
fn asked_of_app(trial: &mut Trial<'_, '_>, asked: &[String]) {
    for scope in asked.iter().filter(|scope| KnownScope::from_any_name(scope).is_none()) {
        without_known_name(trial, scope);
    }
    let scopes = trial.app().oauth.scopes.clone();
    let what = "whether the app has the scopes that are asked for";
    let Some(present) = trial.known(&scopes, STEP, Topic::RequestedScopes, what, "the app's OAuth settings") else { return };
    let present: Vec<&str> = present.iter().map(|scope| scope.name.as_str()).collect();
    for scope in asked.iter().filter_map(|scope| KnownScope::from_any_name(scope)) {
        match covers(&present, scope.name()) {
            Cover::Yes => {}
            Cover::No => trial.fail(
                STEP,
                Cause::ScopeNotOnApp,
                format!("The request asks for {}, and the app's scopes ({}) do not include it.", scope.name(), list(&present)),
                &scopes.origins,
            ),
            Cover::Perhaps => trial.undecided(
                STEP,
                Topic::RequestedScopes,
                &format!("whether the app's scopes include {}", scope.name()),
                "the id scope stands for a group of identity scopes, whose members are not all confirmed".into(),
                format!("Add {} to the app, or leave it out of the request.", scope.name()),
            ),
        }
    }
}

/// A scope that Salesforce does not know, unless it is one of the app's own or newer than this program.
fn without_known_name(trial: &mut Trial<'_, '_>, scope: &str) {
    let oauth = &trial.app().oauth;
    let custom = oauth.custom_scopes.map(|custom| custom.iter().any(|(name, _)| name == scope));
    let listed = oauth.scopes.value().is_some_and(|scopes| scopes.iter().any(|it| it.name == scope));
    match custom.state {
        _ if listed => {}
        Ok(true) => {}
        Ok(false) => {
            trial.fail(STEP, Cause::ScopeInvalid, format!("This version knows no scope `{scope}`, nor does the app have it."), &[]);
            trial.doubt(Cause::ScopeInvalid, Confidence::Medium, "Salesforce may know scopes that this version does not.");
        }
        Err(reason) => {
            let supply = trial.to_read("the custom scopes of the org");
            trial.undecided(STEP, Topic::RequestedScopes, &format!("whether the app has a custom scope `{scope}`"), reason, supply);
        }
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
