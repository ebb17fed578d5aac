//! Which flows an app is for: declared by its contract, or following from its certificate and switches.
//!
//! A callback URL tells nothing: it is mandatory for every app.

use std::sync::Arc;

use super::declare::either;
use super::view::AppView;
use crate::inventory::app::FlowSwitches;
use crate::inventory::callback::Callback;
use crate::inventory::contract::Located;
use crate::inventory::flow::Flow;
use crate::inventory::{Fact, Origin};

/// The flows the contract declares.
pub(super) fn declared<'a>(s: &AppView<'a>) -> Option<&'a Located<Vec<Located<Flow>>>> {
    s.contract.and_then(|contract| contract.flows.as_ref())
}

/// The declared flows, or else the enabled ones.
pub(super) fn used(s: &AppView<'_>) -> Fact<Vec<Flow>> {
    match declared(s) {
        Some(flows) => Fact::read(flows.value.iter().map(|flow| flow.value).collect(), Origin::Stated(flows.location.clone())),
        None => s.app.flows.enabled(),
    }
}

/// Whether anything tells what the app is for.
pub(super) fn are_known(s: &AppView<'_>) -> Fact<bool> {
    match declared(s) {
        Some(flows) => Fact::read(true, Origin::Stated(flows.location.clone())),
        None => any_enabled(&s.app.flows, |_| true),
    }
}

/// Whether a flow of some kind is used.
pub(super) fn any_used(s: &AppView<'_>, wanted: impl Fn(Flow) -> bool) -> Fact<bool> {
    match declared(s) {
        Some(flows) => Fact::read(flows.value.iter().any(|flow| wanted(flow.value)), Origin::Stated(flows.location.clone())),
        None => any_enabled(&s.app.flows, wanted),
    }
}

/// Whether the app takes JWT or SAML bearer requests.
pub(super) fn bearer_assertion(s: &AppView<'_>) -> Fact<bool> {
    any_used(s, |flow| matches!(flow, Flow::JwtBearer | Flow::SamlBearer))
}

/// Whether client credentials is all the app is for.
pub(super) fn client_credentials_only(s: &AppView<'_>) -> Fact<bool> {
    if let Some(flows) = declared(s) {
        let only = !flows.value.is_empty() && flows.value.iter().all(|flow| flow.value == Flow::ClientCredentials);
        return Fact::read(only, Origin::Stated(flows.location.clone()));
    }
    let others = either(
        &any_enabled(&s.app.flows, |flow| flow != Flow::ClientCredentials),
        &s.app.oauth.callbacks.map(|callbacks| redirects(callbacks)),
    );
    match (&s.app.flows.client_credentials.state, &others.state) {
        (Ok(false), _) => s.app.flows.client_credentials.clone(),
        (Ok(true), _) => others.map(|others| !others),
        (Err(_), Ok(true)) => others.map(|_| false),
        (Err(reason), _) => Fact::unknown(Arc::clone(reason)),
    }
}

/// Whether a switch of some kind of flow is on: decided by one that is known to be on, whatever the others are.
fn any_enabled(switches: &FlowSwitches, wanted: impl Fn(Flow) -> bool) -> Fact<bool> {
    let wanted = switches.each().into_iter().filter(|(flow, _)| wanted(*flow));
    wanted.fold(Fact::known(false), |any, (_, switch)| either(&any, &switch))
}

/// Whether a callback is a redirect target of the app's own.
pub(super) fn redirects(callbacks: &[(Callback, Origin)]) -> bool {
    callbacks.iter().any(|(callback, _)| !callback.placeholder && !callback.invalid)
}
