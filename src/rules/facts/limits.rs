//! Tokens, sessions, network and certificates of an app.

use super::declare::{Declared, OfApp, fact, item, list, maybe, objects, optional, plain, text};
use super::objects::{CERTIFICATE, IP_RANGE, certificates, ip_range};
use super::view::paths;
use crate::inventory::oauth::{IpRelaxation, RefreshTokenPolicy, SessionAction, SessionLevel};
use crate::rules::schema::Type;

/// Tokens, sessions, network and certificates.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact("app.tokens.refresh_policy", Type::Choice(RefreshTokenPolicy::KINDS), "When refresh tokens end.", |s| {
        s.app.tokens.refresh_policy.map(|policy| policy.kind().into())
    }),
    fact(
        "app.tokens.refresh_policy_text",
        Type::Text,
        "The same in the form of connected app metadata, such as `specific_lifetime:90:DAYS`.",
        |s| s.app.tokens.refresh_policy.map(|policy| policy.to_string().into()),
    ),
    maybe(
        "app.tokens.refresh_days",
        Type::Int,
        "Lifetime or idle period in days (a month counts 31); absent for other policies.",
        |s| s.app.tokens.refresh_policy.map(|policy| policy.days().into()),
    ),
    fact("app.tokens.rotation", Type::Bool, "Refresh token rotation on.", |s| plain(&s.app.tokens.rotation)),
    fact("app.tokens.secret_required_for_refresh", Type::Bool, "Whether refreshing needs the consumer secret.", |s| {
        plain(&s.app.tokens.secret_required_for_refresh)
    }),
    fact("app.tokens.secret_optional", Type::Bool, "Whether the web server flow works without the consumer secret.", |s| {
        plain(&s.app.tokens.secret_optional)
    }),
    fact(
        "app.tokens.pkce_required",
        Type::Bool,
        "PKCE mandatory on the app. Default false for connected apps, true for External Client Apps.",
        |s| plain(&s.app.tokens.pkce_required),
    ),
    fact("app.tokens.introspect_all", Type::Bool, "Whether the app may introspect every token of the org.", |s| {
        plain(&s.app.tokens.introspect_all)
    }),
    fact("app.tokens.jwt_access_tokens", Type::Bool, "Access tokens are JWTs (`isNamedUserJwtEnabled`).", |s| {
        plain(&s.app.tokens.jwt_access_tokens)
    }),
    maybe(
        "app.tokens.jwt_timeout_minutes",
        Type::Int,
        "Custom lifetime of JWT access tokens in minutes; absent where none is stated.",
        |s| optional(&s.app.tokens.jwt_timeout_minutes),
    ),
    fact(
        "app.tokens.rotates_credentials_on_deploy",
        Type::Texts,
        "`shouldRotateConsumerKey`, `shouldRotateConsumerSecret` where true: each deployment changes the credential.",
        |s| list(&s.app.tokens.rotates_credentials_on_deploy, |all| all.iter().map(|(name, origin)| item(name, origin)).collect()),
    ),
    maybe("app.tokens.id_token_minutes", Type::Int, "Lifetime of ID tokens in minutes; absent where none is stated.", |s| {
        optional(&s.app.tokens.id_token_minutes)
    }),
    maybe(
        "app.session.timeout_minutes",
        Type::Int,
        "Session timeout in minutes; absent where unset (then the user's profile decides, then the org).",
        |s| optional(&s.app.session.timeout_minutes),
    ),
    fact("app.session.level", Type::Choice(SessionLevel::WORDS), "Session level asked for.", |s| {
        s.app.session.level.map(|level| level.as_str().into())
    }),
    fact("app.session.action", Type::Choice(SessionAction::WORDS), "What happens when the level is not met.", |s| {
        s.app.session.action.map(|action| action.as_str().into())
    }),
    fact("app.network.ip_relaxation", Type::Choice(IpRelaxation::WORDS), "IP Relaxation.", |s| {
        s.app.network.ip_relaxation.map(|relaxation| relaxation.as_str().into())
    }),
    fact(
        "app.network.ip_relaxation_text",
        Type::Text,
        "The same as the metadata writes it; the documented default where it does not.",
        |s| text(&s.app.network.ip_relaxation_text),
    ),
    fact("app.network.ip_ranges", Type::Objects(IP_RANGE), "`ipRanges`, `trustedIpRanges`, `tokenIpRanges`.", |s| {
        objects(&s.app.network.ip_ranges, ip_range)
    }),
    fact(
        "app.certificate_present",
        Type::Bool,
        "Whether the OAuth configuration has a certificate: that is what switches JWT and SAML bearer on.",
        |s| plain(&s.app.flows.certificate),
    ),
    fact("app.certificates", Type::Objects(CERTIFICATE), "The app's certificates.", certificates),
    fact("app.certificate_shared_with", Type::Texts, "Paths of other apps with the same OAuth certificate.", |s| {
        paths(s.context.same_certificate(s.app), s.app).with_origins(s.app.flows.certificate.origins.clone())
    }),
];
