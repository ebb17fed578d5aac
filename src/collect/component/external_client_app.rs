//! An External Client App: from the header and its parts to the model.
//!
//! Meaning and defaults of the elements: Metadata API Developer Guide, the `ExtlClntApp…` types. The defaults are not those of connected
//! apps; PKCE is the other way round. What the pages do not say about absent elements is unknown.

use std::collections::BTreeMap;

use super::connected_app::{Groups, action, callbacks, certificate, ip_ranges, level, present, url};
use super::credential;
use super::names::{commas, emptied, list_of_names, urls};
use super::reader::Absent::{Documented, Undocumented};
use super::reader::{Reader, both, joined};
use crate::inventory::app::{
    Access, AppCertificate, CertificateRole, FlowSwitches, Network, OAuth, PartKind, Saml, Session, Tokens,
};
use crate::inventory::callback::{AppUrl, UrlRole};
use crate::inventory::oauth::{IpRelaxation, PermittedUsers, RefreshTokenPolicy, SessionAction};
use crate::inventory::{Fact, Origin, Reason};
use crate::metadata::Record;

/// The records of one app, by part.
pub(super) struct Parts<'a> {
    /// None where the source has parts of the app alone.
    pub(super) header: Option<&'a Record>,
    pub(super) others: &'a [(PartKind, &'a Record)],
    pub(super) api_version: Option<u16>,
    /// Why a part is not there, where that is known.
    pub(super) missing: &'a BTreeMap<PartKind, Reason>,
}

impl<'a> Parts<'a> {
    fn of(&self, kind: PartKind) -> Vec<&'a Record> {
        self.others.iter().filter(|(part, _)| *part == kind).map(|(_, record)| *record).collect()
    }

    fn reader(&self, kind: PartKind) -> Reader<'a> {
        Reader::new(self.of(kind), self.why_missing(kind), self.api_version)
    }

    fn why_missing(&self, kind: PartKind) -> Reason {
        self.missing.get(&kind).cloned().unwrap_or_else(|| format!("its {} not in the source", names(kind)).into())
    }
}

/// A part as a clause begins with it.
pub(in crate::collect) const fn names(kind: PartKind) -> &'static str {
    match kind {
        PartKind::OauthSettings => "OAuth settings (ExtlClntAppOauthSettings) are",
        PartKind::GlobalOauthSettings => "global OAuth settings (ExtlClntAppGlobalOauthSettings) are",
        PartKind::OauthPolicies => "OAuth policies (ExtlClntAppOauthConfigurablePolicies) are",
        PartKind::Policies => "policies (ExtlClntAppConfigurablePolicies) are",
        PartKind::OauthSecuritySettings => "OAuth security settings (ExtlClntAppOauthSecuritySettings) are",
        PartKind::SamlPolicies => "SAML policies (ExtlClntAppSamlConfigurablePolicies) are",
        PartKind::Other => "other parts are",
    }
}

/// Why nothing is known of what the header says.
pub(super) const NO_HEADER: &str = "its header (ExternalClientApplication) is not in the source";

/// Readers for the parts an OAuth audit needs.
struct Readers<'a> {
    header: Reader<'a>,
    settings: Reader<'a>,
    global: Reader<'a>,
    policies: Reader<'a>,
    plugins: Reader<'a>,
    saml: Reader<'a>,
}

pub(super) fn read(parts: &Parts<'_>) -> Groups {
    let from = Readers {
        header: Reader::new(parts.header.into_iter().collect(), NO_HEADER, parts.api_version),
        settings: parts.reader(PartKind::OauthSettings),
        global: parts.reader(PartKind::GlobalOauthSettings),
        policies: parts.reader(PartKind::OauthPolicies),
        plugins: parts.reader(PartKind::Policies),
        saml: parts.reader(PartKind::SamlPolicies),
    };
    Groups {
        enabled: enabled(&from),
        handler: from.policies.text("apexHandler"),
        handler_user: from.policies.text("executeHandlerAs"),
        urls: app_urls(&from, parts.header.is_some()),
        saml: saml(parts, &from),
        oauth: oauth(parts, &from),
        flows: flows(&from),
        access: access(&from.policies),
        tokens: tokens(&from),
        session: Session {
            timeout_minutes: from.policies.optional_integer("sessionTimeoutInMinutes"),
            level: level(&from.policies, "requiredSessionLevel"),
            action: action(&from.policies, "policyAction"),
        },
        network: network(parts, &from.policies),
        certificates: certificates(parts, &from),
    }
}

/// The app and its OAuth plug-in are on unless a policy says otherwise.
fn enabled(from: &Readers<'_>) -> Fact<bool> {
    let on =
        both(&from.plugins.boolean("isEnabled", Documented(true)), &from.plugins.boolean("isOauthPluginEnabled", Documented(true)));
    both(&on, &action(&from.policies, "policyAction").map(|action| *action != SessionAction::Block))
}

/// An app is an OAuth app when any of its OAuth parts is there. With none there, only a policy that turns the plug-in off tells.
fn configured(parts: &Parts<'_>, from: &Readers<'_>) -> Fact<bool> {
    let stated: Vec<Origin> = parts
        .others
        .iter()
        .filter(|(kind, _)| matches!(kind, PartKind::OauthSettings | PartKind::GlobalOauthSettings | PartKind::OauthPolicies))
        .map(|(_, record)| Origin::Stated(crate::source::Location::new(record.source(), record.root().name_span)))
        .collect();
    if !stated.is_empty() {
        return Fact::known(true).with_origins(stated);
    }
    let plugin = from.plugins.boolean("isOauthPluginEnabled", Documented(true));
    match plugin.value() {
        Some(false) => plugin,
        _ => Fact::unknown("none of its OAuth parts is in the source"),
    }
}

fn oauth(parts: &Parts<'_>, from: &Readers<'_>) -> OAuth {
    let scopes = from.settings.parts("commaSeparatedOauthScopes", commas);
    OAuth {
        configured: configured(parts, from),
        scopes: super::scopes::read(&scopes),
        custom_scopes: from.settings.parts("commaSeparatedCustomScopes", commas),
        consumer_secret: credential::secret(&from.global, "consumerSecret"),
        consumer_key: credential::key(&from.global, "consumerKey"),
        callbacks: from.global.parts("callbackUrl", urls).map(|urls| callbacks(urls)),
    }
}

fn flows(from: &Readers<'_>) -> FlowSwitches {
    let (global, policies) = (&from.global, &from.policies);
    FlowSwitches {
        certificate: present(&global.text("certificate")),
        client_credentials: both(
            &global.boolean("isClientCredentialsFlowEnabled", Documented(false)),
            &policies.boolean("isClientCredentialsFlowEnabled", Documented(false)),
        ),
        client_credentials_user: policies.text("clientCredentialsFlowUser"),
        device: global.where_stated("isDeviceFlowEnabled"),
        token_exchange: token_exchange(
            &global.where_stated("isTokenExchangeEnabled"),
            &policies.where_stated("isTokenExchangeFlowEnabled"),
        ),
        secret_required_for_token_exchange: global.boolean("isSecretRequiredForTokenExchange", Undocumented),
        code_credentials: global.boolean("isCodeCredFlowEnabled", Documented(false)),
        code_credentials_post_only: global.boolean("isCodeCredPostOnly", Documented(false)),
        guest_code_credentials: policies.boolean("isGuestCodeCredFlowEnabled", Documented(false)).map(|on| Some(*on)),
        asset_token: present(&global.text("assetTokenSigningCertificate")),
    }
}

/// Two switches, both of which must be on. One that is off settles it, even where the other is not known.
fn token_exchange(global: &Fact<Option<bool>>, policy: &Fact<Option<bool>>) -> Fact<Option<bool>> {
    let off = |fact: &Fact<Option<bool>>| fact.value() == Some(&Some(false));
    match (&global.state, &policy.state) {
        _ if off(global) => global.clone(),
        _ if off(policy) => policy.clone(),
        (Ok(Some(true)), state) => {
            Fact { state: state.clone(), origins: global.origins.iter().chain(&policy.origins).cloned().collect() }
        }
        _ => global.clone(),
    }
}

fn access(policies: &Reader<'_>) -> Access {
    let permitted_users = policies.text_or("permittedUsersPolicyType", &Undocumented);
    Access {
        permitted_users: and_then(&permitted_users, |word| match word.as_str() {
            "AdminApprovedPreAuthorized" => Ok(PermittedUsers::AdminApproved),
            "AllSelfAuthorized" => Ok(PermittedUsers::SelfAuthorize),
            other => Err(format!("`{other}` is not a value of permittedUsersPolicyType that this version knows").into()),
        }),
        profiles: list_of_names(&policies.parts("commaSeparatedProfile", commas)),
        permission_sets: list_of_names(&policies.parts("commaSeparatedPermissionSet", commas)),
        emptied: emptied(policies, "commaSeparatedProfile", "commaSeparatedPermissionSet"),
    }
}

fn tokens(from: &Readers<'_>) -> Tokens {
    let (global, policies) = (&from.global, &from.policies);
    let rotated = |path: &str| {
        let stated = global.where_stated(path);
        let is_true = stated.value() == Some(&Some(true));
        let list = stated.map(|_| if is_true { vec![(path.to_owned(), stated.origins.first().cloned())] } else { Vec::new() });
        list.map(|list| list.iter().filter_map(|(path, origin)| Some((path.clone(), origin.clone()?))).collect::<Vec<_>>())
    };
    Tokens {
        refresh_policy: refresh_policy(policies),
        rotation: global.boolean("isRefreshTokenRotationEnabled", Undocumented),
        secret_required_for_refresh: global.boolean("isSecretRequiredForRefreshToken", Documented(true)),
        secret_optional: global.boolean("isConsumerSecretOptional", Documented(false)),
        pkce_required: global.boolean("isPkceRequired", Documented(true)),
        introspect_all: global.boolean("isIntrospectAllTokens", Documented(false)),
        jwt_access_tokens: global.boolean("isNamedUserJwtEnabled", Documented(false)),
        jwt_timeout_minutes: policies.optional_integer("namedUserJwtTimeout"),
        rotates_credentials_on_deploy: joined([rotated("shouldRotateConsumerKey"), rotated("shouldRotateConsumerSecret")]),
        id_token_minutes: global.optional_integer("idTokenConfig/idTokenValidityInMinutes"),
    }
}

/// Three elements that mean one thing.
fn refresh_policy(policies: &Reader<'_>) -> Fact<RefreshTokenPolicy> {
    let kind = policies.text_or("refreshTokenPolicyType", &Undocumented);
    let period = policies.text("refreshTokenValidityPeriod");
    let unit = policies.text("refreshTokenValidityUnit");
    let stated = |fact: &Fact<String>| fact.value().filter(|text| !text.is_empty()).cloned();
    let mut policy =
        kind.map(|kind| RefreshTokenPolicy::from_external_client_app(kind, stated(&period).as_deref(), stated(&unit).as_deref()));
    for fact in [period, unit] {
        policy.origins.extend(fact.origins.into_iter().filter(Origin::is_stated));
        if let (Ok(RefreshTokenPolicy::Unrecognised(_)), Err(reason)) = (&policy.state, fact.state) {
            policy.state = Err(reason);
        }
    }
    policy
}

fn network(parts: &Parts<'_>, policies: &Reader<'_>) -> Network {
    let written = policies.text_or("ipRelaxationPolicyType", &Undocumented);
    let ranges = |kind: PartKind, path: &str| -> Vec<_> {
        parts.of(kind).into_iter().flat_map(|record| ip_ranges(record, path, "startIpAddress", "endIpAddress")).collect()
    };
    let trusted = if parts.of(PartKind::OauthSettings).is_empty() {
        Fact::unknown(parts.why_missing(PartKind::OauthSettings))
    } else {
        Fact::known(ranges(PartKind::OauthSettings, "trustedIpRanges"))
    };
    Network {
        ip_relaxation: written.map(|written| IpRelaxation::from_metadata(written)),
        ip_relaxation_text: written,
        ip_ranges: joined([trusted, Fact::known(ranges(PartKind::OauthSecuritySettings, "tokenIpRanges"))]),
    }
}

/// Of an app without a header the URLs in the parts that are there, which is all that can be asked of it.
fn app_urls(from: &Readers<'_>, has_header: bool) -> Fact<Vec<(AppUrl, Origin)>> {
    // A part that is not there has no URL to judge; that it is missing is a finding of its own.
    let optional = |fact: Fact<Vec<(AppUrl, Origin)>>| if fact.state.is_ok() { fact } else { Fact::known(Vec::new()) };
    let of_header = |fact| if has_header { fact } else { optional(fact) };
    joined([
        optional(url(&from.policies, "startUrl", UrlRole::Start)),
        optional(url(&from.plugins, "startUrl", UrlRole::Start)),
        optional(url(&from.settings, "singleLogoutUrl", UrlRole::Logout)),
        optional(url(&from.policies, "singleLogoutUrl", UrlRole::Logout)),
        of_header(url(&from.header, "infoUrl", UrlRole::Info)),
        of_header(url(&from.header, "logoUrl", UrlRole::Logo)),
    ])
}

fn saml(parts: &Parts<'_>, from: &Readers<'_>) -> Saml {
    if parts.of(PartKind::SamlPolicies).is_empty() {
        return Saml { configured: Fact::known(false), signing_algorithm: Fact::known(String::new()) };
    }
    Saml { configured: from.saml.has("acsUrl").map(|_| true), signing_algorithm: from.saml.text("signingAlgorithmType") }
}

fn certificates(parts: &Parts<'_>, from: &Readers<'_>) -> Fact<Vec<AppCertificate>> {
    let oauth = certificate(&from.global, "certificate", CertificateRole::OAuth);
    if parts.of(PartKind::SamlPolicies).is_empty() {
        return oauth;
    }
    joined([
        oauth,
        certificate(&from.saml, "certificate", CertificateRole::Saml),
        certificate(&from.saml, "encryptionCertificate", CertificateRole::SamlEncryption),
    ])
}

fn and_then<T, U>(fact: &Fact<T>, read: impl FnOnce(&T) -> Result<U, Reason>) -> Fact<U> {
    let mapped = fact.map(read);
    Fact { state: mapped.state.and_then(|inner| inner), origins: mapped.origins }
}
