//! Settings files: from `Settings` metadata to the model.

use super::connected_app::ip_ranges;
use super::reader::Absent::Documented;
use super::reader::Reader;
use crate::inventory::ip_range::IpRange;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Fact, Origin, Reason};
use crate::metadata::{Record, Stated};

/// Settings of `sessionSettings` that protect sessions when they are on, all recommended by Salesforce's Health Check or hardening pages.
const SESSION_PROTECTIONS: &[&str] =
    &["enablePostForSessions", "forceLogoutOnSessionTimeout", "forceRelogin", "lockSessionsToDomain", "requireHttpOnly"];

/// The settings files of one folder.
#[derive(Default)]
pub(in crate::collect) struct SettingsFiles<'a> {
    pub(in crate::collect) connected_apps: Option<&'a Record>,
    pub(in crate::collect) external_client_apps: Option<&'a Record>,
    pub(in crate::collect) oauth: Option<&'a Record>,
    pub(in crate::collect) security: Option<&'a Record>,
}

pub(in crate::collect) fn read(files: &SettingsFiles<'_>, source: usize, folder: &str, api_version: Option<u16>) -> OrgSettings {
    let reader = |record: Option<_>, name: &str| {
        Reader::new(record.into_iter().collect(), Reason::from(format!("{name}.settings is not in the source")), api_version)
    };
    let oauth = reader(files.oauth, "OauthOidc");
    let connected_apps = reader(files.connected_apps, "ConnectedApp");
    let external_client_apps = reader(files.external_client_apps, "ExternalClientApp");
    let security = reader(files.security, "Security");
    let off = Documented(false);
    OrgSettings {
        source,
        folder: folder.to_owned(),
        oauth_present: files.oauth.is_some(),
        block_username_password: oauth.boolean("blockOAuthUnPwFlow", off),
        block_user_agent: oauth.boolean("blockOAuthUsrAgtFlow", off),
        code_credentials: oauth.boolean("oAuthCdCrdtFlowEnable", off),
        pkce_required: oauth.boolean("isPkceRequired", off),
        admin_approved_only: stated(files.connected_apps, connected_apps.where_stated("enableAdminApprovedAppsOnly")),
        admin_approved_only_external: stated(
            files.connected_apps,
            connected_apps.where_stated("enableAdminApprovedAppsOnlyForExternalUser"),
        ),
        secret_in_metadata_api: stated(
            files.external_client_apps,
            external_client_apps.where_stated("enableConsumerSecretApiAccess"),
        ),
        secret_in_rest_api: stated(
            files.external_client_apps,
            external_client_apps.where_stated("enableClientSecretInRestApiAccess"),
        ),
        ip_ranges_every_request: stated(files.security, security.where_stated("sessionSettings/enforceIpRangesEveryRequest")),
        session_timeout_minutes: stated(files.security, security.text("sessionSettings/sessionTimeout").map(|word| minutes(word))),
        security_present: files.security.is_some(),
        session_protections_off: files.security.map_or_else(|| Fact::known(Vec::new()), |it| session_protections(it, false)),
        session_protections_on: files.security.map_or_else(|| Fact::known(Vec::new()), |it| session_protections(it, true)),
        trusted_ip_ranges: files.security.map_or_else(|| Fact::known(Vec::new()), trusted_ip_ranges),
        password_log_in_disabled: stated(
            files.security,
            security.where_stated("singleSignOnSettings/isLoginWithSalesforceCredentialsDisabled"),
        ),
    }
}

/// Settings that an org was asked for and did not deliver are unknown, also where a tree without them would simply not state them.
pub(in crate::collect) fn forget(settings: &mut OrgSettings, file: &str, why: &Reason) {
    let unknown = || Fact::unknown(why.clone());
    match file {
        "ConnectedAppSettings" => {
            settings.admin_approved_only = unknown();
            settings.admin_approved_only_external = unknown();
        }
        "ExternalClientAppSettings" => {
            settings.secret_in_metadata_api = unknown();
            settings.secret_in_rest_api = unknown();
        }
        "OauthOidcSettings" => {
            // A tree may do without them, an org always has them: rules are about them, and cannot decide.
            settings.oauth_present = true;
            for fact in [
                &mut settings.block_username_password,
                &mut settings.block_user_agent,
                &mut settings.code_credentials,
                &mut settings.pkce_required,
            ] {
                *fact = Fact::unknown(why.clone());
            }
        }
        _ => {
            settings.security_present = true;
            settings.ip_ranges_every_request = unknown();
            settings.password_log_in_disabled = unknown();
            settings.session_timeout_minutes = Fact::unknown(why.clone());
            settings.session_protections_off = Fact::unknown(why.clone());
            settings.session_protections_on = Fact::unknown(why.clone());
            settings.trusted_ip_ranges = Fact::unknown(why.clone());
        }
    }
}

/// What only counts where it is stated is simply not stated where its file is not there.
fn stated<T>(record: Option<&Record>, fact: Fact<Option<T>>) -> Fact<Option<T>> {
    if record.is_some() { fact } else { Fact::known(None) }
}

/// The protections that the settings state to be on, or off. One that is no boolean may be either.
fn session_protections(security: &Record, on: bool) -> Fact<Vec<(String, Origin)>> {
    let mut stated = Vec::new();
    for name in SESSION_PROTECTIONS {
        match security.boolean(&format!("sessionSettings/{name}")) {
            Stated::Value(value, origin) if value == on => stated.push(((*name).to_owned(), origin)),
            Stated::Value(..) | Stated::Absent(_) => {}
            Stated::Unusable(reason, origin) => return Fact::unknown(reason).with_origins(vec![origin]),
        }
    }
    let origins = stated.iter().map(|(_, origin)| origin.clone()).collect();
    Fact::known(stated).with_origins(origins)
}

fn trusted_ip_ranges(security: &Record) -> Fact<Vec<(IpRange, Origin)>> {
    let ranges = ip_ranges(security, "networkAccess/ipRanges", "start", "end");
    let origins = ranges.iter().map(|(_, origin)| origin.clone()).collect();
    Fact::known(ranges).with_origins(origins)
}

/// WSDL type `SessionTimeout`.
fn minutes(word: &str) -> Option<i64> {
    Some(match word {
        "FifteenMinutes" => 15,
        "ThirtyMinutes" => 30,
        "SixtyMinutes" => 60,
        "NinetyMinutes" => 90,
        "TwoHours" => 120,
        "FourHours" => 240,
        "EightHours" => 480,
        "TwelveHours" => 720,
        "TwentyFourHours" => 1440,
        _ => return None,
    })
}
