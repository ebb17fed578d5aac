//! Settings of an org, as far as a source states them.

use serde::{Deserialize, Serialize};

use super::ip_range::IpRange;
use super::{Fact, Origin};

/// What the settings files of one tree say about apps. A file that is not there makes its facts unknown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrgSettings {
    /// Index into [`super::Inventory::sources`].
    pub source: usize,
    /// Folder that holds the settings, as shown.
    pub folder: String,
    /// Whether `OauthOidc.settings` is there.
    pub oauth_present: bool,
    /// `blockOAuthUnPwFlow`.
    pub block_username_password: Fact<bool>,
    /// `blockOAuthUsrAgtFlow`.
    pub block_user_agent: Fact<bool>,
    /// `oAuthCdCrdtFlowEnable`.
    pub code_credentials: Fact<bool>,
    /// `isPkceRequired`.
    pub pkce_required: Fact<bool>,
    /// `enableAdminApprovedAppsOnly`, where stated.
    pub admin_approved_only: Fact<Option<bool>>,
    /// `enableAdminApprovedAppsOnlyForExternalUser`, where stated.
    pub admin_approved_only_external: Fact<Option<bool>>,
    /// `enableConsumerSecretApiAccess`, where stated.
    pub secret_in_metadata_api: Fact<Option<bool>>,
    /// `enableClientSecretInRestApiAccess`, where stated.
    pub secret_in_rest_api: Fact<Option<bool>>,
    /// `sessionSettings.enforceIpRangesEveryRequest`, where stated.
    pub ip_ranges_every_request: Fact<Option<bool>>,
    /// `sessionSettings.sessionTimeout` in minutes, where stated.
    pub session_timeout_minutes: Fact<Option<i64>>,
    /// Whether `Security.settings` is there.
    #[serde(default)]
    pub security_present: bool,
    /// Settings that protect sessions and are stated to be off, by their names in `sessionSettings`.
    #[serde(default)]
    pub session_protections_off: Fact<Vec<(String, Origin)>>,
    /// Those that are stated to be on.
    #[serde(default)]
    pub session_protections_on: Fact<Vec<(String, Origin)>>,
    /// `networkAccess.ipRanges`: the trusted IP ranges of the org.
    #[serde(default)]
    pub trusted_ip_ranges: Fact<Vec<(IpRange, Origin)>>,
    /// `singleSignOnSettings.isLoginWithSalesforceCredentialsDisabled`, where stated.
    #[serde(default)]
    pub password_log_in_disabled: Fact<Option<bool>>,
}

impl OrgSettings {
    /// API Access Control, which is one switch for employees and one for customers and partners.
    #[must_use]
    pub const fn api_access_control(&self, external: bool) -> &Fact<Option<bool>> {
        if external { &self.admin_approved_only_external } else { &self.admin_approved_only }
    }
}
