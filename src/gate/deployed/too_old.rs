//! Settings that the metadata of a deployment is too old to have: the org keeps what it has of them.

use crate::inventory::Fact;
use crate::inventory::app::App;

/// Takes from the org what the file of a connected app cannot state in its API version.
pub(super) fn keep(earlier: &App, deployed: &mut App) {
    let (old, new) = (earlier, deployed);
    stay(&old.enabled, &mut new.enabled);
    stay(&old.handler, &mut new.handler);
    stay(&old.handler_user, &mut new.handler_user);
    stay(&old.certificates, &mut new.certificates);
    stay(&old.saml.signing_algorithm, &mut new.saml.signing_algorithm);
    stay(&old.oauth.scopes, &mut new.oauth.scopes);
    stay(&old.oauth.callbacks, &mut new.oauth.callbacks);
    stay(&old.access.permitted_users, &mut new.access.permitted_users);
    stay(&old.access.profiles, &mut new.access.profiles);
    stay(&old.access.permission_sets, &mut new.access.permission_sets);
    stay(&old.flows.certificate, &mut new.flows.certificate);
    stay(&old.flows.client_credentials, &mut new.flows.client_credentials);
    stay(&old.flows.client_credentials_user, &mut new.flows.client_credentials_user);
    stay(&old.flows.code_credentials, &mut new.flows.code_credentials);
    stay(&old.flows.code_credentials_post_only, &mut new.flows.code_credentials_post_only);
    stay(&old.flows.asset_token, &mut new.flows.asset_token);
    stay(&old.tokens.refresh_policy, &mut new.tokens.refresh_policy);
    stay(&old.tokens.rotation, &mut new.tokens.rotation);
    stay(&old.tokens.secret_required_for_refresh, &mut new.tokens.secret_required_for_refresh);
    stay(&old.tokens.secret_optional, &mut new.tokens.secret_optional);
    stay(&old.tokens.pkce_required, &mut new.tokens.pkce_required);
    stay(&old.tokens.introspect_all, &mut new.tokens.introspect_all);
    stay(&old.tokens.jwt_access_tokens, &mut new.tokens.jwt_access_tokens);
    stay(&old.tokens.id_token_minutes, &mut new.tokens.id_token_minutes);
    stay(&old.session.timeout_minutes, &mut new.session.timeout_minutes);
    stay(&old.session.level, &mut new.session.level);
    stay(&old.session.action, &mut new.session.action);
    stay(&old.network.ip_relaxation, &mut new.network.ip_relaxation);
    stay(&old.network.ip_relaxation_text, &mut new.network.ip_relaxation_text);
}

/// A fact that is unknown although nothing of it is stated is one of an element that the metadata is too old for: the absence of the others that
/// are read above means something.
fn stay<T: Clone>(old: &Fact<T>, new: &mut Fact<T>) {
    if new.state.is_err() && !new.origins.is_empty() && new.origins.iter().all(|origin| !origin.is_stated()) {
        *new = old.clone();
    }
}
