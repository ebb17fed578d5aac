//! Settings of an org and its apps as a whole, parts without a header, key files, contracts.

use super::declare::{Declared, OfKeyFile, OfOrg, OfPart, OfPattern, fact, item, known, maybe, object, text};
use super::objects::{IP_RANGE, ip_range};
use super::org_view::OrgView;
use super::view::PatternView;
use crate::inventory::app::App;
use crate::inventory::contract::GovernanceKey;
use crate::inventory::key_file::KeyFormat;
use crate::inventory::{Fact, Origin};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// Settings of the org.
pub(super) static ORG: &[Declared<OfOrg>] = &[
    fact(
        "org.path",
        Type::Text,
        "Folder of the settings or root of the tree; of a live org the alias or user name it was asked for by.",
        |s| known(s.folder()),
    ),
    fact("org.oauth.present", Type::Bool, "Whether the source has the OAuth settings (`OauthOidc.settings`).", |s| {
        match s.settings {
            None if s.live.is_some() => Fact::unknown("the settings of the org could not be read"),
            settings => known(settings.is_some_and(|settings| settings.oauth_present)),
        }
    }),
    fact("org.oauth.block_username_password", Type::Bool, "`blockOAuthUnPwFlow`. Unknown without these settings.", |s| {
        s.fact(|settings| &settings.block_username_password, "OauthOidc.settings")
    }),
    fact("org.oauth.block_user_agent", Type::Bool, "`blockOAuthUsrAgtFlow`. Unknown without these settings.", |s| {
        s.fact(|settings| &settings.block_user_agent, "OauthOidc.settings")
    }),
    fact("org.oauth.code_credentials", Type::Bool, "`oAuthCdCrdtFlowEnable`. Unknown without these settings.", |s| {
        s.fact(|settings| &settings.code_credentials, "OauthOidc.settings")
    }),
    fact(
        "org.oauth.pkce_required",
        Type::Bool,
        "`isPkceRequired`: PKCE for every app of the org. Unknown without these settings.",
        |s| s.fact(|settings| &settings.pkce_required, "OauthOidc.settings"),
    ),
    fact(
        "org.oauth.pkce_required_stated",
        Type::Bool,
        "Whether the source states that the whole org requires PKCE; false also where a tree says nothing.",
        pkce_required_stated,
    ),
    maybe(
        "org.connected_apps.admin_approved_only",
        Type::Bool,
        "API Access Control (`enableAdminApprovedAppsOnly`); absent where the settings do not state it, which may mean that the feature is not available.",
        |s| s.stated(|settings| &settings.admin_approved_only),
    ),
    maybe("org.connected_apps.admin_approved_only_external", Type::Bool, "The same for external users.", |s| {
        s.stated(|settings| &settings.admin_approved_only_external)
    }),
    maybe(
        "org.external_client_apps.secret_in_metadata_api",
        Type::Bool,
        "`enableConsumerSecretApiAccess`; absent where not stated.",
        |s| s.stated(|settings| &settings.secret_in_metadata_api),
    ),
    maybe(
        "org.external_client_apps.secret_in_rest_api",
        Type::Bool,
        "`enableClientSecretInRestApiAccess`; absent where not stated.",
        |s| s.stated(|settings| &settings.secret_in_rest_api),
    ),
    maybe(
        "org.security.ip_ranges_every_request",
        Type::Bool,
        "`sessionSettings.enforceIpRangesEveryRequest`; absent where not stated.",
        |s| s.stated(|settings| &settings.ip_ranges_every_request),
    ),
    maybe(
        "org.security.session_timeout_minutes",
        Type::Int,
        "`sessionSettings.sessionTimeout` in minutes; absent where not stated.",
        |s| s.stated(|settings| &settings.session_timeout_minutes),
    ),
    fact("org.security.present", Type::Bool, "Whether the source has the security settings (`Security.settings`).", |s| {
        match s.settings {
            None if s.live.is_some() => Fact::unknown("the settings of the org could not be read"),
            settings => known(settings.is_some_and(|settings| settings.security_present)),
        }
    }),
    fact(
        "org.security.session_protections_off",
        Type::Texts,
        "Settings of `sessionSettings` that protect sessions and are stated to be off: `enablePostForSessions`, `forceLogoutOnSessionTimeout`, `forceRelogin`, `lockSessionsToDomain`, `requireHttpOnly`.",
        |s| s.list(|settings| &settings.session_protections_off, |(name, origin)| item(name, origin)),
    ),
    fact("org.security.session_protections_on", Type::Texts, "The same that are stated to be on.", |s| {
        s.list(|settings| &settings.session_protections_on, |(name, origin)| item(name, origin))
    }),
    fact(
        "org.security.trusted_ip_ranges",
        Type::Objects(IP_RANGE),
        "`networkAccess/ipRanges`: the trusted IP ranges of the org, from where users need not verify their device.",
        |s| s.list(|settings| &settings.trusted_ip_ranges, |(range, origin)| object(ip_range(range), origin)),
    ),
    maybe(
        "org.security.password_log_in_disabled",
        Type::Bool,
        "`singleSignOnSettings.isLoginWithSalesforceCredentialsDisabled`; absent where not stated.",
        |s| s.stated(|settings| &settings.password_log_in_disabled),
    ),
    fact(
        "org.apps.code_credentials",
        Type::Texts,
        "Apps of the source whose authorization code and credentials flow is on. Unknown where there are none and one could not be read.",
        |s| apps(s, |app| app.flows.code_credentials.clone()),
    ),
];

/// The apps that something is known to be true of. Where it is of none, one of which it is not known is what matters.
fn apps(s: &OrgView<'_>, wanted: impl Fn(&App) -> Fact<bool>) -> FactValue {
    let (mut items, mut unknown) = (Vec::new(), s.live.and_then(|live| live.indexed().org.more_apps.clone()));
    for app in s.apps() {
        match wanted(app).state {
            Ok(true) => items.push(Item::text(app.name.as_str(), Some(Origin::Stated(app.location.clone())))),
            Ok(false) => {}
            Err(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    match unknown {
        Some(reason) if items.is_empty() => Fact::unknown(reason),
        _ => Fact::known(Value::List(items)),
    }
}

/// What a tree does not say may be said elsewhere, so that it is no statement; of an org it is not known.
fn pkce_required_stated(s: &OrgView<'_>) -> FactValue {
    let stated = s.settings.map(|settings| &settings.pkce_required);
    match stated.map(|required| &required.state) {
        Some(Ok(required)) => known(*required),
        Some(Err(reason)) if s.live.is_some() => Fact::unknown(reason.clone()),
        None if s.live.is_some() => Fact::unknown("the settings of the org could not be read"),
        _ => known(false),
    }
}

/// A part without a header.
pub(super) static PART: &[Declared<OfPart>] = &[
    fact("part.type", Type::Text, "Metadata type of the part.", |s| known(s.metadata_type.as_str())),
    fact("part.app", Type::Text, "Full name of the app it belongs to.", |s| text(&s.app)),
    fact("part.path", Type::Text, "The part's file.", |s| known(s.location.path().as_ref())),
    fact(
        "part.of_installed_package",
        Type::Bool,
        "Whether the app's name has a namespace, so that its header lies in an installed package.",
        |s| s.app.map(|app| app.contains("__").into()),
    ),
];

/// A file that can hold a private key.
pub(super) static KEY_FILE: &[Declared<OfKeyFile>] = &[
    fact("key.path", Type::Text, "The file.", |s| known(s.location.path().as_ref())),
    fact("key.format", Type::Choice(KeyFormat::WORDS), "How it holds keys.", |s| known(s.format.as_str())),
    fact(
        "key.private",
        Type::Bool,
        "Whether it holds a private key. PKCS#12 files and Java keystores count as holding one: that is what they are made for.",
        |s| Fact::read(s.private.into(), Origin::Stated(s.location.clone())),
    ),
    fact("key.encrypted", Type::Bool, "Whether a password protects it, as one does PKCS#12 files and Java keystores.", |s| {
        known(s.encrypted)
    }),
];

/// A contract.
pub(super) static PATTERN: &[Declared<OfPattern>] = &[
    fact("pattern.app", Type::Text, "The app name or glob of the contract.", |s| at_pattern(s, s.contract.pattern.value.as_str())),
    fact("pattern.matched_apps", Type::Int, "Number of apps of the audit it matches.", |s| {
        at_pattern(s, i64::try_from(s.apps).unwrap_or(i64::MAX))
    }),
    fact(
        "pattern.app_expected",
        Type::Bool,
        "Whether the audit can be expected to have an app that it matches: not where it says that none may be there, where only a part of what the \
         policy is about is audited, or where it stands in a file that the policy extends. Unknown where an org of the audit could not be read, which \
         may have one.",
        |s| {
            s.app_expected
                .map(|expected| (*expected).into())
                .with_origins(vec![Origin::Stated(s.contract.pattern.location.clone())])
        },
    ),
    fact(
        "pattern.missing",
        Type::Choices(GovernanceKey::WORDS),
        "What the policy wants every contract to say (`require-in-contracts`) and this one does not. A contract of an app that must not be there need \
         not say it.",
        |s| {
            let keys = s.required.iter().filter(|key| s.contract.absent.is_none() && !s.contract.governance.says(**key));
            let place = Origin::Stated(s.contract.pattern.location.clone());
            Fact::read(Value::List(keys.map(|key| item(key.as_str(), &place)).collect()), place.clone())
        },
    ),
];

fn at_pattern(s: &PatternView<'_>, value: impl Into<Value>) -> FactValue {
    Fact::read(value.into(), Origin::Stated(s.contract.pattern.location.clone()))
}
