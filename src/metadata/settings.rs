//! Settings and other types that bear on apps.
//!
//! Names, order, types and cardinality are those of Salesforce's Metadata API WSDL 66.0. `since` is the first API version whose WSDL
//! has the element (nothing for 47 and earlier). Elements of later versions are listed in their alphabetical place.

use super::types::{ComplexType, Kind, many, one, required};

/// WSDL type `ConnectedAppSettings`.
pub static CONNECTED_APP_SETTINGS: ComplexType = ComplexType {
    name: "ConnectedAppSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("enableAdminApprovedAppsOnly", Kind::Bool),
        one("enableAdminApprovedAppsOnlyForExternalUser", Kind::Bool).since(48),
        one("enableSkipUserProvisioningWizardWelcomePage", Kind::Bool),
    ],
};

/// WSDL type `OauthOidcSettings`.
pub static OAUTH_OIDC_SETTINGS: ComplexType = ComplexType {
    name: "OauthOidcSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("agentAuthLinking", Kind::Bool).since(65),
        one("blockOAuthUnPwFlow", Kind::Bool).since(57),
        one("blockOAuthUsrAgtFlow", Kind::Bool).since(57),
        one("enableHdlessFgtPswFlow", Kind::Bool).since(57),
        one("isPkceRequired", Kind::Bool).since(59),
        one("oAuthCdCrdtFlowEnable", Kind::Bool).since(57),
    ],
};

/// WSDL type `ExternalClientAppSettings`.
pub static EXTERNAL_CLIENT_APP_SETTINGS: ComplexType = ComplexType {
    name: "ExternalClientAppSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("enableClientSecretInRestApiAccess", Kind::Bool).since(60),
        one("enableConsumerSecretApiAccess", Kind::Bool).since(57),
        one("enableExternalClientApps", Kind::Bool).since(58),
        one("enablePackageEcaOauthFromDevOrg", Kind::Bool).since(60),
    ],
};

/// WSDL type `SecuritySettings`.
pub static SECURITY_SETTINGS: ComplexType = ComplexType {
    name: "SecuritySettings",
    closed: false,
    elements: &[
        one("networkAccess", Kind::Complex(&NETWORK_ACCESS)),
        one("sessionSettings", Kind::Complex(&SESSION_SETTINGS_READ)),
        one("singleSignOnSettings", Kind::Complex(&SINGLE_SIGN_ON_SETTINGS_READ)),
    ],
};

/// WSDL type `NetworkAccess`.
static NETWORK_ACCESS: ComplexType =
    ComplexType { name: "NetworkAccess", closed: true, elements: &[many("ipRanges", Kind::Complex(&IP_RANGE))] };

/// WSDL type `IpRange`.
static IP_RANGE: ComplexType = ComplexType {
    name: "IpRange",
    closed: true,
    elements: &[one("description", Kind::Text), one("end", Kind::Text), one("start", Kind::Text)],
};

/// WSDL type `OauthCustomScope`.
pub static OAUTH_CUSTOM_SCOPE: ComplexType = ComplexType {
    name: "OauthCustomScope",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        many("assignedTo", Kind::Complex(&OAUTH_CUSTOM_SCOPE_APP)).since(49),
        required("description", Kind::Text),
        required("developerName", Kind::Text),
        one("isProtected", Kind::Bool),
        one("isPublic", Kind::Bool),
        required("masterLabel", Kind::Text),
    ],
};

/// WSDL type `AppMenu`.
pub static APP_MENU: ComplexType = ComplexType {
    name: "AppMenu",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        many("appMenuItems", Kind::Complex(&APP_MENU_ITEM)),
    ],
};

/// WSDL type `OauthCustomScopeApp`.
pub static OAUTH_CUSTOM_SCOPE_APP: ComplexType =
    ComplexType { name: "OauthCustomScopeApp", closed: true, elements: &[required("connectedApp", Kind::Text)] };

/// WSDL type `AppMenuItem`.
pub static APP_MENU_ITEM: ComplexType =
    ComplexType { name: "AppMenuItem", closed: true, elements: &[required("name", Kind::Text), required("type", Kind::Text)] };

/// The part of WSDL type `SessionSettings` that bears on apps.
static SESSION_SETTINGS_READ: ComplexType = ComplexType {
    name: "SessionSettings",
    closed: false,
    elements: &[
        one("enablePostForSessions", Kind::Bool),
        one("enforceIpRangesEveryRequest", Kind::Bool),
        one("forceLogoutOnSessionTimeout", Kind::Bool),
        one("forceRelogin", Kind::Bool),
        one("lockSessionsToDomain", Kind::Bool),
        one("requireHttpOnly", Kind::Bool),
        one("sessionTimeout", Kind::Text),
    ],
};

/// The part of WSDL type `SingleSignOnSettings` that bears on logging in.
static SINGLE_SIGN_ON_SETTINGS_READ: ComplexType = ComplexType {
    name: "SingleSignOnSettings",
    closed: false,
    elements: &[one("isLoginWithSalesforceCredentialsDisabled", Kind::Bool)],
};
