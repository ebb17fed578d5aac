//! OAuth words: scopes and the policies of an app.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::period::Period;
use super::words::words;

/// One scope: how the metadata types spell it and what it is called in OAuth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownScope {
    /// Value of the WSDL enum `ConnectedAppOauthAccessScope`.
    pub metadata: &'static str,
    /// The word in `commaSeparatedOauthScopes` of an External Client App, where it differs.
    pub external_client_app: Option<&'static str>,
    /// The runtime name. `None` where Salesforce's spelling is not confirmed; the metadata value stands in for it then.
    pub oauth: Option<&'static str>,
}

const fn scope(metadata: &'static str, oauth: &'static str) -> KnownScope {
    KnownScope { metadata, external_client_app: None, oauth: Some(oauth) }
}

const fn unconfirmed(metadata: &'static str) -> KnownScope {
    KnownScope { metadata, external_client_app: None, oauth: None }
}

/// Every scope of Metadata API 66.0 and the later ones seen in Salesforce's own type packages.
///
/// `OfflineAccess` is listed under `refresh_token`: the two are one scope, and Salesforce folds the first into the second when
/// metadata is retrieved.
pub const KNOWN_SCOPES: &[KnownScope] = &[
    scope("Basic", "id"),
    scope("Api", "api"),
    scope("Web", "web"),
    scope("Full", "full"),
    scope("Chatter", "chatter_api"),
    scope("CustomApplications", "visualforce"),
    scope("RefreshToken", "refresh_token"),
    scope("OfflineAccess", "refresh_token"),
    scope("OpenID", "openid"),
    scope("Profile", "profile"),
    scope("Email", "email"),
    scope("Address", "address"),
    scope("Phone", "phone"),
    scope("CustomPermissions", "custom_permissions"),
    scope("Wave", "wave_api"),
    scope("Eclair", "eclair_api"),
    scope("Pardot", "pardot_api"),
    scope("Lightning", "lightning"),
    scope("Content", "content"),
    scope("CDPIngest", "cdp_ingest_api"),
    scope("CDPProfile", "cdp_profile_api"),
    scope("CDPQuery", "cdp_query_api"),
    scope("Chatbot", "chatbot_api"),
    scope("CDPSegment", "cdp_segment_api"),
    scope("CDPIdentityResolution", "cdp_identityresolution_api"),
    scope("CDPCalculatedInsight", "cdp_calculated_insight_api"),
    scope("ForgotPassword", "forgot_password"),
    scope("UserRegistration", "user_registration_api"),
    KnownScope { metadata: "SFAP", external_client_app: Some("SFApiPlatform"), oauth: Some("sfap_api") },
    scope("Interaction", "interaction_api"),
    scope("CDP", "cdp_api"),
    scope("EinsteinGPT", "einstein_gpt_api"),
    scope("PwdlessLogin", "pwdless_login_api"),
    scope("MCP", "mcp_api"),
    scope("SCRT", "scrt_api"),
    scope("DataCloudUserClaims", "data_cloud_user_claims"),
    unconfirmed("A2A"),
    unconfirmed("CmdbDiscovery"),
    unconfirmed("SemanticLayer"),
];

/// The scope that a connected app's scope comes back as when its metadata is retrieved: one stands for all of a user's identity (Metadata API
/// Developer Guide, `ConnectedAppOauthConfig`).
#[must_use]
pub fn as_retrieved(scope: &str) -> &str {
    match scope {
        "address" | "email" | "phone" | "profile" => "id",
        other => other,
    }
}

impl KnownScope {
    /// The scope that metadata spells `written` (either kind of app; letter case does not matter).
    #[must_use]
    pub fn from_metadata(written: &str) -> Option<&'static Self> {
        KNOWN_SCOPES.iter().find(|scope| {
            scope.metadata.eq_ignore_ascii_case(written)
                || scope.external_client_app.is_some_and(|word| word.eq_ignore_ascii_case(written))
        })
    }

    /// The scope of a runtime name, `offline_access` included, or of a metadata value: what people write in a policy.
    #[must_use]
    pub fn from_any_name(written: &str) -> Option<&'static Self> {
        let written = if written.eq_ignore_ascii_case("offline_access") { "refresh_token" } else { written };
        KNOWN_SCOPES
            .iter()
            .find(|scope| scope.oauth.is_some_and(|name| name.eq_ignore_ascii_case(written)))
            .or_else(|| Self::from_metadata(written))
    }

    /// The name conditions, policies and output use.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.oauth.unwrap_or(self.metadata)
    }
}

words! {
    /// Permitted Users of an app: `oauthConfig.isAdminApproved`, `permittedUsersPolicyType`.
    PermittedUsers {
        /// Only users whose profile or permission set is assigned to the app.
        AdminApproved = "admin-approved",
        /// Any user of the org, after approving the app once.
        SelfAuthorize = "self-authorize",
    }
}

words! {
    /// IP Relaxation: `oauthPolicy.ipRelaxation`, `ipRelaxationPolicyType`.
    IpRelaxation {
        /// Enforce IP restrictions.
        Enforce = "enforce",
        /// Relax IP restrictions for activated devices.
        RelaxForActivatedDevices = "bypass-2factor",
        /// Relax IP restrictions.
        Bypass = "bypass",
        /// Enforce IP restrictions, but relax for refresh tokens.
        EnforceRelaxRefresh = "enforce-relaxrefresh",
        /// A value Salesforce does not document; never taken for a safe one.
        Unrecognised = "unrecognised",
    }
}

impl IpRelaxation {
    /// Reads the value of either metadata type; letter case does not matter.
    #[must_use]
    pub fn from_metadata(written: &str) -> Self {
        match written.trim().to_ascii_uppercase().as_str() {
            "ENFORCE" => Self::Enforce,
            "BYPASS_2FACTOR" => Self::RelaxForActivatedDevices,
            "BYPASS" => Self::Bypass,
            "ENFORCE_RELAXREFRESH" => Self::EnforceRelaxRefresh,
            _ => Self::Unrecognised,
        }
    }
}

/// Unit of a refresh token's validity period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeriodUnit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Months.
    Months,
}

impl PeriodUnit {
    /// Reads `HOURS` or `Hours`; letter case does not matter.
    #[must_use]
    pub fn from_metadata(written: &str) -> Option<Self> {
        match written.trim().to_ascii_uppercase().as_str() {
            "HOURS" => Some(Self::Hours),
            "DAYS" => Some(Self::Days),
            "MONTHS" => Some(Self::Months),
            _ => None,
        }
    }

    /// The word people use.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Months => "months",
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "HOURS",
            Self::Days => "DAYS",
            Self::Months => "MONTHS",
        }
    }
}

/// When a refresh token ends: `oauthPolicy.refreshTokenPolicy`, or `refreshTokenPolicyType` with period and unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefreshTokenPolicy {
    /// Valid until revoked.
    Infinite,
    /// Expired at once.
    Zero,
    /// Ends a fixed time after it was issued.
    Lifetime(u32, PeriodUnit),
    /// Ends after a time without use.
    Inactivity(u32, PeriodUnit),
    /// A form Salesforce does not document, kept as written; never taken for a safe one.
    Unrecognised(String),
}

impl RefreshTokenPolicy {
    /// Reads the string of a connected app (grammar: `salesforce-api`, `ConnectedAppOauthPolicy`). The words are read without
    /// regard to letter case.
    #[must_use]
    pub fn from_connected_app(written: &str) -> Self {
        let written = written.trim();
        let parts: Vec<&str> = written.split(':').map(str::trim).collect();
        let kind = parts.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        match (kind.as_str(), &parts[..]) {
            ("infinite", [_]) => Self::Infinite,
            ("zero", [_]) => Self::Zero,
            ("specific_lifetime" | "specific_inactivity", [_, count, unit]) => {
                Self::limited(kind == "specific_lifetime", count, unit).unwrap_or_else(|| Self::Unrecognised(written.to_owned()))
            }
            _ => Self::Unrecognised(written.to_owned()),
        }
    }

    /// Reads the three elements of an External Client App's OAuth policy.
    #[must_use]
    pub fn from_external_client_app(kind: &str, period: Option<&str>, unit: Option<&str>) -> Self {
        let unrecognised = || Self::Unrecognised([Some(kind), period, unit].into_iter().flatten().collect::<Vec<_>>().join(" "));
        match kind.trim().to_ascii_lowercase().as_str() {
            "infinite" => Self::Infinite,
            "zero" => Self::Zero,
            kind @ ("specificlifetime" | "specificinactivity") => {
                Self::limited(kind == "specificlifetime", period.unwrap_or_default(), unit.unwrap_or_default())
                    .unwrap_or_else(unrecognised)
            }
            _ => unrecognised(),
        }
    }

    fn limited(lifetime: bool, count: &str, unit: &str) -> Option<Self> {
        let count = count.trim().parse::<u32>().ok().filter(|count| *count > 0)?;
        let unit = PeriodUnit::from_metadata(unit)?;
        Some(if lifetime { Self::Lifetime(count, unit) } else { Self::Inactivity(count, unit) })
    }

    /// The words for the kind of policy in conditions.
    pub const KINDS: &'static [&'static str] = &["infinite", "zero", "lifetime", "inactivity", "unrecognised"];

    /// The kind of policy, one of [`Self::KINDS`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Infinite => "infinite",
            Self::Zero => "zero",
            Self::Lifetime(..) => "lifetime",
            Self::Inactivity(..) => "inactivity",
            Self::Unrecognised(_) => "unrecognised",
        }
    }

    /// The period after which tokens end, by their age or by lying unused.
    #[must_use]
    pub const fn period(&self) -> Option<Period> {
        match self {
            Self::Lifetime(count, unit) | Self::Inactivity(count, unit) => Some(Period { count: *count, unit: *unit }),
            _ => None,
        }
    }

    /// The period in days, rounded up; a month counts 31 days, its longest.
    #[must_use]
    pub fn days(&self) -> Option<i64> {
        self.period().map(|period| i64::try_from(period.hours().div_ceil(24)).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for RefreshTokenPolicy {
    /// The form a connected app's metadata has, for both kinds of app.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Infinite => f.write_str("infinite"),
            Self::Zero => f.write_str("zero"),
            Self::Lifetime(count, unit) => write!(f, "specific_lifetime:{count}:{}", unit.as_str()),
            Self::Inactivity(count, unit) => write!(f, "specific_inactivity:{count}:{}", unit.as_str()),
            Self::Unrecognised(written) => f.write_str(written),
        }
    }
}

words! {
    /// Session level an app asks for: `sessionPolicy.sessionLevel`, `requiredSessionLevel`.
    SessionLevel {
        /// Not stated.
        Unset = "unset",
        /// LOW.
        Low = "low",
        /// STANDARD.
        Standard = "standard",
        /// `HIGH_ASSURANCE`.
        HighAssurance = "high-assurance",
        /// Anything else.
        Unrecognised = "unrecognised",
    }
}

impl SessionLevel {
    /// Reads the value of either metadata type. The literal form in connected apps is not documented for certain, so letter
    /// case, spaces and underscores do not matter.
    #[must_use]
    pub fn from_metadata(written: &str) -> Self {
        let letters: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
        match letters.to_ascii_uppercase().as_str() {
            "LOW" => Self::Low,
            "STANDARD" => Self::Standard,
            "HIGHASSURANCE" => Self::HighAssurance,
            _ => Self::Unrecognised,
        }
    }
}

words! {
    /// What happens when the session level is not met: `policyAction`.
    SessionAction {
        /// Not stated.
        Unset = "unset",
        /// Users are blocked.
        Block = "block",
        /// The session level is raised.
        RaiseSessionLevel = "raise-session-level",
        /// Multi-factor authentication is asked for.
        StepUpMfa = "step-up-mfa",
        /// Anything else.
        Unrecognised = "unrecognised",
    }
}

impl SessionAction {
    /// Reads the value of either metadata type; letter case does not matter.
    #[must_use]
    pub fn from_metadata(written: &str) -> Self {
        match written.trim().to_ascii_lowercase().as_str() {
            "block" => Self::Block,
            "raisesessionlevel" => Self::RaiseSessionLevel,
            "stepupmfa" => Self::StepUpMfa,
            _ => Self::Unrecognised,
        }
    }
}
