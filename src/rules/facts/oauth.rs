//! OAuth settings of an app, and its flows.

use super::declare::{Declared, OfApp, fact, item, known, list, maybe, objects, optional, plain, text, words};
use super::flows;
use super::objects::{CALLBACK, callback};
use super::view::{AppView, paths};
use crate::inventory::app::AppScope;
use crate::inventory::flow::Flow;
use crate::inventory::{Fact, Origin};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// OAuth settings and flows.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact(
        "app.oauth.configured",
        Type::Bool,
        "Whether it is an OAuth app at all: `oauthConfig`, or any OAuth part of an External Client App.",
        |s| plain(&s.app.oauth.configured),
    ),
    fact(
        "app.oauth.scopes",
        Type::Scopes,
        "OAuth names of the scopes. RefreshToken and OfflineAccess are both `refresh_token`; `full` does not include it.",
        |s| list(&s.app.oauth.scopes, |scopes| scope_names(scopes)),
    ),
    fact("app.oauth.declared_scopes", Type::Texts, "The scopes as the metadata spells them.", |s| {
        list(&s.app.oauth.scopes, |scopes| scopes.iter().map(|scope| item(&scope.declared, &scope.origin)).collect())
    }),
    fact("app.oauth.unknown_scopes", Type::Texts, "Scopes this version does not know, as the metadata spells them.", |s| {
        list(&s.app.oauth.scopes, |scopes| {
            scopes.iter().filter(|scope| !scope.known).map(|scope| item(&scope.declared, &scope.origin)).collect()
        })
    }),
    fact(
        "app.oauth.custom_scopes",
        Type::Texts,
        "OauthCustomScope names: `commaSeparatedCustomScopes`, and custom scopes of the source that name the app.",
        |s| list(&s.app.oauth.custom_scopes, |scopes| scopes.iter().map(|(name, origin)| item(name, origin)).collect()),
    ),
    fact(
        "app.oauth.consumer_secret",
        Type::Choice(&["absent", "placeholder", "present"]),
        "Whether the metadata holds a consumer secret. A `placeholder` is a template variable such as `{SECRET}`.",
        |s| s.app.oauth.consumer_secret.map(|secret| secret.as_str().into()),
    ),
    fact("app.oauth.consumer_key_shared_with", Type::Texts, "Paths of other apps with the same consumer key.", |s| {
        paths(s.context.same_key(s.app), s.app).with_origins(s.app.oauth.consumer_key.origins.clone())
    }),
    fact("app.oauth.callbacks", Type::Objects(CALLBACK), "The callback URLs, one by one.", |s| {
        objects(&s.app.oauth.callbacks, callback)
    }),
    fact(
        "app.oauth.redirects",
        Type::Bool,
        "Whether a callback is a redirect target of its own (not a placeholder or a tool's), so that the web server flow is plausible.",
        |s| s.app.oauth.callbacks.map(|callbacks| flows::redirects(callbacks).into()),
    ),
    fact("app.flows.declared", Type::Bool, "Whether the policy's contract declares the flows.", |s| {
        known(flows::declared(s).is_some())
    }),
    fact(
        "app.flows.known",
        Type::Bool,
        "Whether the flows are declared, or follow from a certificate or a flow switch. A callback URL alone tells nothing: it is mandatory.",
        |s| flows::are_known(s).map(|known| (*known).into()),
    ),
    fact(
        "app.flows.used",
        Type::Choices(Flow::WORDS),
        "The declared flows; where none are declared, those that a certificate or a flow switch enables (a certificate counts as jwt-bearer and saml-bearer).",
        |s| words(&flows::used(s)),
    ),
    fact(
        "app.flows.enabled",
        Type::Choices(Flow::WORDS),
        "The flows that a certificate or a flow switch enables, whatever is declared.",
        |s| words(&s.app.flows.enabled()),
    ),
    fact(
        "app.flows.bearer_assertion",
        Type::Bool,
        "Whether the app takes JWT or SAML bearer requests: declared, or (undeclared) a certificate is present.",
        |s| flows::bearer_assertion(s).map(|known| (*known).into()),
    ),
    fact(
        "app.flows.client_credentials",
        Type::Bool,
        "Client credentials flow on. For an External Client App both switches must be on.",
        |s| plain(&s.app.flows.client_credentials),
    ),
    fact(
        "app.flows.client_credentials_only",
        Type::Bool,
        "Whether client credentials is the only flow used and no callback makes the web server flow plausible.",
        |s| flows::client_credentials_only(s).map(|known| (*known).into()),
    ),
    fact("app.flows.client_credentials_user", Type::Text, "User name the client credentials flow runs as; empty for none.", |s| {
        text(&s.app.flows.client_credentials_user)
    }),
    fact(
        "app.acts_as",
        Type::Text,
        "The one user the app acts as: whom the client credentials flow runs as, or of a live org the only active user whom permission sets assign to it; empty where it is none or several.",
        |s| match s.context.acts_as(s.app) {
            Ok(user) => known(user.unwrap_or_default()),
            Err(reason) => Fact::unknown(reason),
        },
    ),
    fact(
        "app.shared_user_with",
        Type::Texts,
        "Other apps that act as the same user, those of the same vendor's namespace not among them. Unknown where there are none and one could not be told.",
        shared_user_with,
    ),
    maybe(
        "app.flows.device",
        Type::Bool,
        "Device flow on; absent where the source does not state it (for connected apps the switch is in metadata only since a late API version).",
        |s| optional(&s.app.flows.device),
    ),
    maybe(
        "app.flows.token_exchange",
        Type::Bool,
        "Token exchange on; for an External Client App both switches must be on. Absent where the source does not state it; the default is not documented.",
        |s| optional(&s.app.flows.token_exchange),
    ),
    fact(
        "app.flows.secret_required_for_token_exchange",
        Type::Bool,
        "`isSecretRequiredForTokenExchange`; unknown when absent, its default is not documented.",
        |s| plain(&s.app.flows.secret_required_for_token_exchange),
    ),
    fact("app.flows.code_credentials", Type::Bool, "Authorization code and credentials flow on.", |s| {
        plain(&s.app.flows.code_credentials)
    }),
    fact("app.flows.code_credentials_post_only", Type::Bool, "Credentials accepted in the POST body only.", |s| {
        plain(&s.app.flows.code_credentials_post_only)
    }),
    maybe(
        "app.flows.guest_code_credentials",
        Type::Bool,
        "Guest variant of the code and credentials flow; absent for connected apps of files, whose metadata does not have the switch.",
        |s| optional(&s.app.flows.guest_code_credentials),
    ),
    fact(
        "app.flows.headless",
        Type::Bool,
        "Whether a used flow has no screen: JWT or SAML bearer, client credentials, token exchange.",
        |s| flows::any_used(s, Flow::is_headless).map(|known| (*known).into()),
    ),
    fact(
        "app.flows.needs_refresh_scope",
        Type::Bool,
        "Whether a used flow fails without the refresh_token scope on the app: JWT or SAML bearer, refresh token, hybrid.",
        |s| flows::any_used(s, Flow::needs_refresh_scope).map(|known| (*known).into()),
    ),
];

/// Other apps that act as the same user. An app of which nobody can tell may be one of them, unless there is another: that one is worth saying.
fn shared_user_with(s: &AppView<'_>) -> FactValue {
    let user = match s.context.acts_as(s.app) {
        Ok(Some(user)) => user,
        Ok(None) => return known(Value::List(Vec::new())),
        Err(reason) => return Fact::unknown(reason),
    };
    let namespace = s.app.namespace();
    let others = s
        .context
        .acting_alike(s.app.source, user)
        .iter()
        .filter(|other| other.location != s.app.location && (namespace.is_empty() || other.namespace() != namespace));
    let items: Vec<Item> = others.map(|other| item(&other.name, &Origin::Stated(other.location.clone()))).collect();
    match s.context.acting_unknown(s.app.source) {
        Some(reason) if items.is_empty() => Fact::unknown(reason),
        _ => Fact::known(Value::List(items)).with_origins(s.app.flows.client_credentials_user.origins.clone()),
    }
}

/// Scopes by their OAuth names, each once: two spellings of one scope are one.
fn scope_names(scopes: &[AppScope]) -> Vec<Item> {
    let first = |index: usize, scope: &AppScope| !scopes.iter().take(index).any(|earlier| earlier.name == scope.name);
    scopes
        .iter()
        .enumerate()
        .filter(|(index, scope)| first(*index, scope))
        .map(|(_, scope)| item(&scope.name, &scope.origin))
        .collect()
}
