//! P10: what would be issued.

use super::assigned::assigned;
use super::scopes::{FILTERED, REFRESH};
use super::{Forecast, Issue, Person, Request, Subject};
use crate::access::API_ENABLED;
use crate::inventory::Reason;
use crate::inventory::flow::Flow;
use crate::inventory::oauth::{IpRelaxation, PermittedUsers, RefreshTokenPolicy};
use crate::inventory::org::short;

/// Approvals of one app that a user keeps (Salesforce Help; one more revokes one).
const MOST_APPROVALS: u64 = 5;

pub(super) fn of(subject: &Subject<'_>, request: &Request, person: &Person<'_>, forecast: &Forecast) -> Issue {
    if !forecast.failing.is_empty() {
        return Issue::default();
    }
    let refresh_token = refresh_token(subject, request);
    let mut limits = Vec::new();
    let access = access(subject, request, person, &mut limits);
    lifetime(subject, request, &mut limits);
    if refresh_token == Ok(true) {
        limits.extend(refresh_policy(subject));
    }
    of_user(subject, person, &mut limits);
    network(subject, request, &mut limits);
    Issue { access, scopes: Some(scopes(subject, request)), refresh_token: Some(refresh_token), limits }
}

fn access(subject: &Subject<'_>, request: &Request, person: &Person<'_>, limits: &mut Vec<String>) -> Vec<String> {
    if !request.flow.takes_app() {
        return vec!["no app takes part".to_owned()];
    }
    match subject.app.access.permitted_users.value() {
        Some(PermittedUsers::AdminApproved) => {
            let assigned = assigned(subject, person);
            limits.extend(assigned.ends);
            assigned.ways
        }
        Some(PermittedUsers::SelfAuthorize) if request.flow == Flow::ClientCredentials => {
            vec!["the app runs as a user and admits any".to_owned()]
        }
        Some(PermittedUsers::SelfAuthorize) => vec!["users may authorize the app themselves".to_owned()],
        None => Vec::new(),
    }
}

fn has_refresh_scope(subject: &Subject<'_>) -> Result<bool, Reason> {
    let scopes = subject.app.oauth.scopes.map(|scopes| scopes.iter().any(|scope| scope.name == REFRESH));
    scopes.state
}

/// Whether the scope is on the app and among those that are asked for. Asking for none is asking for all.
fn asks_for_refresh(subject: &Subject<'_>, request: &Request) -> Result<bool, Reason> {
    let asked = request.scopes.as_ref().is_none_or(|asked| asked.iter().any(|scope| scope == REFRESH));
    has_refresh_scope(subject).map(|has| has && asked)
}

fn refresh_token(subject: &Subject<'_>, request: &Request) -> Result<bool, Reason> {
    match request.flow {
        Flow::JwtBearer | Flow::SamlBearer | Flow::SamlAssertion | Flow::ClientCredentials => Ok(false),
        Flow::WebServer | Flow::Device | Flow::CodeCredentials | Flow::HybridWebServer => asks_for_refresh(subject, request),
        Flow::UserAgent | Flow::HybridUserAgent => match (asks_for_refresh(subject, request), &request.scopes) {
            (Ok(true), Some(_)) => Err("that takes a callback URL such as one with a scheme of the app's own".into()),
            (Ok(_), _) => Ok(false),
            (unknown, _) => unknown,
        },
        Flow::RefreshToken | Flow::HybridRefresh => subject.app.tokens.rotation.state.clone(),
        Flow::UsernamePassword | Flow::TokenExchange | Flow::AssetToken => {
            Err(format!("that is not documented for the {}", request.flow.title()).into())
        }
    }
}

fn scopes(subject: &Subject<'_>, request: &Request) -> Result<Vec<String>, Reason> {
    let of_app = || -> Result<Vec<String>, Reason> {
        let scopes = subject.app.oauth.scopes.state.as_ref().map_err(Clone::clone)?;
        let custom = subject.app.oauth.custom_scopes.state.as_ref().map_err(Clone::clone)?;
        Ok(scopes.iter().map(|scope| scope.name.clone()).chain(custom.iter().map(|(name, _)| name.clone())).collect())
    };
    match request.flow {
        Flow::ClientCredentials => {
            of_app().map(|all| all.into_iter().filter(|scope| !FILTERED.contains(&scope.as_str())).collect())
        }
        Flow::JwtBearer | Flow::SamlBearer | Flow::TokenExchange => match subject.app.access.permitted_users.value() {
            Some(PermittedUsers::AdminApproved) => request.scopes.clone().map_or_else(of_app, Ok),
            _ => Err("those that the user has approved".into()),
        },
        Flow::WebServer
        | Flow::UserAgent
        | Flow::Device
        | Flow::CodeCredentials
        | Flow::HybridWebServer
        | Flow::HybridUserAgent => request.scopes.clone().map_or_else(of_app, Ok),
        Flow::RefreshToken | Flow::HybridRefresh => Err("those that came with the refresh token".into()),
        Flow::SamlAssertion => Err("no app limits them".into()),
        Flow::UsernamePassword | Flow::AssetToken => Err(format!("that is not documented for the {}", request.flow.title()).into()),
    }
}

fn lifetime(subject: &Subject<'_>, request: &Request, limits: &mut Vec<String>) {
    if !request.flow.takes_app() {
        return;
    }
    let tokens = &subject.app.tokens;
    let is_jwt = tokens.jwt_access_tokens.value() == Some(&true);
    if is_jwt {
        limits.push("The access token is a JWT: it cannot be revoked, and the SOAP API does not take it.".to_owned());
    }
    match (tokens.jwt_timeout_minutes.value(), subject.app.session.timeout_minutes.value()) {
        (Some(Some(minutes)), _) if is_jwt => limits.push(format!("The access token ends after {minutes} minutes.")),
        (_, Some(Some(minutes))) if !is_jwt => {
            limits.push(format!("The access token ends after {minutes} minutes without use, by the app's session timeout."));
        }
        (_, Some(None)) if !is_jwt => {
            limits.push("The access token ends by the session timeout of the user's profile or of the org.".to_owned());
        }
        _ => {}
    }
}

fn refresh_policy(subject: &Subject<'_>) -> Option<String> {
    Some(match subject.app.tokens.refresh_policy.value()? {
        RefreshTokenPolicy::Infinite => "The refresh token is valid until it is revoked.".to_owned(),
        RefreshTokenPolicy::Zero => {
            "The refresh token has ended by the time it is used: the app's policy expires it at once.".to_owned()
        }
        policy @ (RefreshTokenPolicy::Lifetime(..) | RefreshTokenPolicy::Inactivity(..)) => {
            format!("The refresh token ends by the app's policy {policy}.")
        }
        RefreshTokenPolicy::Unrecognised(_) => return None,
    })
}

fn of_user(subject: &Subject<'_>, person: &Person<'_>, limits: &mut Vec<String>) {
    let (Person::User { id, user }, Some(live)) = (person, subject.live) else { return };
    let name = &user.username;
    match live.graph.permission(id, user, API_ENABLED).state {
        Ok(true) => {}
        Ok(false) => limits.push(format!(
            "{name} lacks API Enabled: API calls are refused with API_CURRENTLY_DISABLED; whether a token is issued before is not confirmed."
        )),
        Err(reason) => limits.push(format!("Whether {name} has API Enabled is not known: {reason}.")),
    }
    let (tokens, _) = live.usage.tokens(subject.app);
    let held: u64 = tokens.iter().filter(|token| short(&token.user) == short(id)).map(|token| token.tokens).sum();
    if held >= MOST_APPROVALS {
        limits.push(format!("{name} holds {held} approvals of the app; of more than {MOST_APPROVALS} Salesforce revokes one."));
    }
}

fn network(subject: &Subject<'_>, request: &Request, limits: &mut Vec<String>) {
    if request.flow.takes_app() && subject.app.network.ip_relaxation.value() == Some(&IpRelaxation::Enforce) {
        limits.push("The app enforces IP restrictions: login IP ranges of the user's profile hold for the token.".to_owned());
    }
}
