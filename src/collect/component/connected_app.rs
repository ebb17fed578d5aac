//! A connected app: from `ConnectedApp` metadata to the model.
//!
//! Meaning and defaults of the elements: Metadata API Developer Guide, `ConnectedApp`. The defaults are not those of External Client Apps.

use super::credential;
use super::names::{emptied, lines, list_of_names};
use super::reader::Absent::{Documented, Undocumented};
use super::reader::{Reader, joined};
use crate::inventory::app::{Access, AppCertificate, CertificateRole, FlowSwitches, Network, OAuth, Saml, Session, Tokens};
use crate::inventory::callback::{AppUrl, Callback, UrlRole};
use crate::inventory::certificate::Certificate;
use crate::inventory::ip_range::IpRange;
use crate::inventory::oauth::{IpRelaxation, PermittedUsers, RefreshTokenPolicy, SessionAction, SessionLevel};
use crate::inventory::{Fact, Origin};
use crate::metadata::Record;

/// The groups of facts that the two kinds of app have in common.
pub(super) struct Groups {
    pub(super) enabled: Fact<bool>,
    pub(super) handler: Fact<String>,
    pub(super) handler_user: Fact<String>,
    pub(super) urls: Fact<Vec<(AppUrl, Origin)>>,
    pub(super) saml: Saml,
    pub(super) oauth: OAuth,
    pub(super) flows: FlowSwitches,
    pub(super) access: Access,
    pub(super) tokens: Tokens,
    pub(super) session: Session,
    pub(super) network: Network,
    pub(super) certificates: Fact<Vec<AppCertificate>>,
}

pub(super) fn read(record: &Record, api_version: Option<u16>) -> Groups {
    let file = Reader::new(vec![record], "", api_version);
    Groups {
        enabled: action(&file, "sessionPolicy/policyAction").map(|action| *action != SessionAction::Block),
        handler: file.text("plugin"),
        handler_user: file.text("pluginExecutionUser"),
        urls: urls(&file),
        saml: Saml { configured: file.has("samlConfig"), signing_algorithm: file.text("samlConfig/samlSigningAlgoType") },
        oauth: oauth(&file),
        flows: flows(&file),
        access: access(&file),
        tokens: tokens(&file),
        session: Session {
            timeout_minutes: file.optional_integer("sessionPolicy/sessionTimeout"),
            level: level(&file, "sessionPolicy/sessionLevel"),
            action: action(&file, "sessionPolicy/policyAction"),
        },
        network: network(&file, record),
        certificates: certificates(&file),
    }
}

fn oauth(file: &Reader<'_>) -> OAuth {
    OAuth {
        configured: file.has("oauthConfig"),
        scopes: super::scopes::read(&file.texts("oauthConfig/scopes")),
        custom_scopes: Fact::known(Vec::new()),
        consumer_secret: credential::secret(file, "oauthConfig/consumerSecret"),
        consumer_key: credential::key(file, "oauthConfig/consumerKey"),
        callbacks: file.parts("oauthConfig/callbackUrl", lines).map(|urls| callbacks(urls)),
    }
}

pub(super) fn callbacks(urls: &[(String, Origin)]) -> Vec<(Callback, Origin)> {
    urls.iter().map(|(url, origin)| (Callback::parse(url), origin.clone())).collect()
}

fn flows(file: &Reader<'_>) -> FlowSwitches {
    let off = Documented(false);
    FlowSwitches {
        certificate: present(&file.text("oauthConfig/certificate")),
        client_credentials: file.boolean("oauthConfig/isClientCredentialEnabled", off),
        client_credentials_user: file.text("oauthConfig/oauthClientCredentialUser"),
        device: file.where_stated("oauthConfig/isDeviceFlowEnabled"),
        token_exchange: file.where_stated("oauthConfig/isTokenExchangeEnabled"),
        secret_required_for_token_exchange: file.boolean("oauthConfig/isSecretRequiredForTokenExchange", Undocumented),
        code_credentials: file.boolean("oauthConfig/isCodeCredentialEnabled", off),
        code_credentials_post_only: file.boolean("oauthConfig/isCodeCredentialPostOnly", off),
        // Only the record in an org has the switch.
        guest_code_credentials: Fact::known(None),
        asset_token: file.has_section("oauthConfig/assetTokenConfig"),
    }
}

fn access(file: &Reader<'_>) -> Access {
    let permitted_users = file.boolean("oauthConfig/isAdminApproved", Documented(false));
    Access {
        permitted_users: permitted_users
            .map(|approved| if *approved { PermittedUsers::AdminApproved } else { PermittedUsers::SelfAuthorize }),
        profiles: list_of_names(&file.parts("profileName", lines)),
        permission_sets: list_of_names(&file.parts("permissionSetName", lines)),
        emptied: emptied(file, "profileName", "permissionSetName"),
    }
}

fn tokens(file: &Reader<'_>) -> Tokens {
    let off = Documented(false);
    Tokens {
        refresh_policy: file
            .text_or("oauthPolicy/refreshTokenPolicy", &Documented("infinite".to_owned()))
            .map(|written| RefreshTokenPolicy::from_connected_app(written)),
        rotation: file.boolean("oauthConfig/isRefreshTokenRotationEnabled", off),
        secret_required_for_refresh: file.boolean("oauthConfig/isSecretRequiredForRefreshToken", Documented(true)),
        secret_optional: file.boolean("oauthConfig/isConsumerSecretOptional", off),
        pkce_required: file.boolean("oauthConfig/isPkceRequired", off),
        introspect_all: file.boolean("oauthConfig/isIntrospectAllTokens", off),
        jwt_access_tokens: file.boolean("oauthConfig/isNamedUserJwtEnabled", off),
        jwt_timeout_minutes: Fact::known(None),
        rotates_credentials_on_deploy: Fact::known(Vec::new()),
        id_token_minutes: file.optional_integer("oauthConfig/idTokenConfig/idTokenValidity"),
    }
}

fn network(file: &Reader<'_>, record: &Record) -> Network {
    let written = file.text_or("oauthPolicy/ipRelaxation", &Documented("ENFORCE".to_owned()));
    Network {
        ip_relaxation: written.map(|written| IpRelaxation::from_metadata(written)),
        ip_relaxation_text: written,
        ip_ranges: Fact::known(ip_ranges(record, "ipRanges", "start", "end")),
    }
}

/// The IP ranges of a record; the two kinds of app name their ends differently.
pub(super) fn ip_ranges(record: &Record, path: &str, start: &str, end: &str) -> Vec<(IpRange, Origin)> {
    let text = |range: &crate::source::xml::Element, name: &str| {
        range.children.iter().find(|child| child.name == name).map(|child| child.trimmed().to_owned()).unwrap_or_default()
    };
    record
        .elements(path)
        .into_iter()
        .map(|range| (IpRange::parse(&text(range, start), &text(range, end)), Origin::Stated(record.place(range))))
        .collect()
}

fn urls(file: &Reader<'_>) -> Fact<Vec<(AppUrl, Origin)>> {
    joined([
        url(file, "startUrl", UrlRole::Start),
        url(file, "mobileStartUrl", UrlRole::MobileStart),
        url(file, "oauthConfig/singleLogoutUrl", UrlRole::Logout),
        url(file, "oauthPolicy/singleLogoutUrl", UrlRole::Logout),
        url(file, "infoUrl", UrlRole::Info),
        url(file, "logoUrl", UrlRole::Logo),
    ])
}

/// The URL at a path, if there is one.
pub(super) fn url(file: &Reader<'_>, path: &str, role: UrlRole) -> Fact<Vec<(AppUrl, Origin)>> {
    let texts = file.stated_texts(path);
    let urls = texts.map(|urls| urls.iter().map(|(url, origin)| (AppUrl::parse(role, url), origin.clone())).collect::<Vec<_>>());
    if urls.value().is_some_and(|urls| !urls.is_empty()) { urls } else { Fact { origins: Vec::new(), ..urls } }
}

fn certificates(file: &Reader<'_>) -> Fact<Vec<AppCertificate>> {
    joined([
        certificate(file, "oauthConfig/certificate", CertificateRole::OAuth),
        certificate(file, "samlConfig/certificate", CertificateRole::Saml),
        certificate(file, "samlConfig/encryptionCertificate", CertificateRole::SamlEncryption),
    ])
}

/// The certificate at a path, if there is one.
pub(super) fn certificate(file: &Reader<'_>, path: &str, role: CertificateRole) -> Fact<Vec<AppCertificate>> {
    let read =
        |(text, origin): &(String, Origin)| AppCertificate { role, certificate: Certificate::read(text), origin: origin.clone() };
    let certificates = file.texts(path).map(|texts| texts.iter().map(read).collect::<Vec<_>>());
    if certificates.value().is_some_and(|found| !found.is_empty()) {
        certificates
    } else {
        Fact { origins: Vec::new(), ..certificates }
    }
}

/// Whether a text is there at all.
pub(super) fn present(text: &Fact<String>) -> Fact<bool> {
    text.map(|text| !text.is_empty())
}

pub(super) fn level(file: &Reader<'_>, path: &str) -> Fact<SessionLevel> {
    file.text(path).map(|text| if text.is_empty() { SessionLevel::Unset } else { SessionLevel::from_metadata(text) })
}

pub(super) fn action(file: &Reader<'_>, path: &str) -> Fact<SessionAction> {
    file.text(path).map(|text| if text.is_empty() { SessionAction::Unset } else { SessionAction::from_metadata(text) })
}
