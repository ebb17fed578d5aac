//! The `ConnectedApp` metadata type.
//!
//! Names, order, types and cardinality are those of Salesforce's Metadata API WSDL 66.0. `since` is the first API version whose WSDL
//! has the element (nothing for 47 and earlier). Elements of later versions are listed in their alphabetical place.

use super::types::{ComplexType, Kind, many, one, required};

/// WSDL type `ConnectedApp`.
pub static CONNECTED_APP: ComplexType = ComplexType {
    name: "ConnectedApp",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        many("attributes", Kind::Complex(&CONNECTED_APP_ATTRIBUTE)),
        one("canvas", Kind::Complex(&CANVAS_METADATA)),
        one("canvasConfig", Kind::Complex(&CONNECTED_APP_CANVAS_CONFIG)),
        required("contactEmail", Kind::Text),
        one("contactPhone", Kind::Text),
        one("description", Kind::Text),
        one("iconUrl", Kind::Text),
        one("infoUrl", Kind::Text),
        many("ipRanges", Kind::Complex(&CONNECTED_APP_IP_RANGE)),
        required("label", Kind::Text),
        one("logoUrl", Kind::Text),
        one("mobileAppConfig", Kind::Complex(&CONNECTED_APP_MOBILE_DETAIL_CONFIG)),
        one("mobileStartUrl", Kind::Text),
        one("oauthConfig", Kind::Complex(&CONNECTED_APP_OAUTH_CONFIG)),
        one("oauthPolicy", Kind::Complex(&CONNECTED_APP_OAUTH_POLICY)).since(49),
        many("permissionSetName", Kind::Text).since(46),
        one("plugin", Kind::Text),
        one("pluginExecutionUser", Kind::Text).since(46),
        many("profileName", Kind::Text).since(46),
        one("samlConfig", Kind::Complex(&CONNECTED_APP_SAML_CONFIG)),
        one("sessionPolicy", Kind::Complex(&CONNECTED_APP_SESSION_POLICY)).since(49),
        one("startUrl", Kind::Text),
    ],
};

/// WSDL type `ConnectedAppAttribute`.
pub static CONNECTED_APP_ATTRIBUTE: ComplexType = ComplexType {
    name: "ConnectedAppAttribute",
    closed: true,
    elements: &[required("formula", Kind::Text), required("key", Kind::Text)],
};

/// WSDL type `CanvasMetadata`.
pub static CANVAS_METADATA: ComplexType = ComplexType {
    name: "CanvasMetadata",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("accessMethod", Kind::Text),
        one("canvasOptions", Kind::Text),
        required("canvasUrl", Kind::Text),
        one("lifecycleClass", Kind::Text),
        one("locationOptions", Kind::Text),
        one("samlInitiationMethod", Kind::Text),
    ],
};

/// WSDL type `ConnectedAppCanvasConfig`.
pub static CONNECTED_APP_CANVAS_CONFIG: ComplexType = ComplexType {
    name: "ConnectedAppCanvasConfig",
    closed: true,
    elements: &[
        required("accessMethod", Kind::Enum(ACCESS_METHOD)),
        required("canvasUrl", Kind::Text),
        one("lifecycleClass", Kind::Text),
        many("locations", Kind::Enum(CANVAS_LOCATION_OPTIONS)),
        many("options", Kind::Enum(CANVAS_OPTIONS)),
        one("samlInitiationMethod", Kind::Enum(SAML_INITIATION_METHOD)),
    ],
};

/// WSDL type `ConnectedAppIpRange`.
pub static CONNECTED_APP_IP_RANGE: ComplexType = ComplexType {
    name: "ConnectedAppIpRange",
    closed: true,
    elements: &[one("description", Kind::Text), required("end", Kind::Text), required("start", Kind::Text)],
};

/// WSDL type `ConnectedAppMobileDetailConfig`.
pub static CONNECTED_APP_MOBILE_DETAIL_CONFIG: ComplexType = ComplexType {
    name: "ConnectedAppMobileDetailConfig",
    closed: true,
    elements: &[
        one("applicationBinaryFile", Kind::Text),
        one("applicationBinaryFileName", Kind::Text),
        one("applicationBundleIdentifier", Kind::Text),
        one("applicationFileLength", Kind::Int),
        one("applicationIconFile", Kind::Text),
        one("applicationIconFileName", Kind::Text),
        one("applicationInstallUrl", Kind::Text),
        required("devicePlatform", Kind::Enum(DEVICE_PLATFORM_TYPE)),
        one("deviceType", Kind::Enum(DEVICE_TYPE)),
        one("minimumOsVersion", Kind::Text),
        one("privateApp", Kind::Bool),
        required("version", Kind::Text),
    ],
};

/// WSDL type `ConnectedAppOauthConfig`.
pub static CONNECTED_APP_OAUTH_CONFIG: ComplexType = ComplexType {
    name: "ConnectedAppOauthConfig",
    closed: true,
    elements: &[
        one("assetTokenConfig", Kind::Complex(&CONNECTED_APP_OAUTH_ASSET_TOKEN)).since(49),
        required("callbackUrl", Kind::Text),
        one("certificate", Kind::Text),
        one("consumerKey", Kind::Text),
        one("consumerSecret", Kind::Text),
        one("idTokenConfig", Kind::Complex(&CONNECTED_APP_OAUTH_ID_TOKEN)).since(43),
        one("isAdminApproved", Kind::Bool).since(46),
        one("isClientCredentialEnabled", Kind::Bool).since(56),
        one("isCodeCredentialEnabled", Kind::Bool).since(57),
        one("isCodeCredentialPostOnly", Kind::Bool).since(57),
        one("isConsumerSecretOptional", Kind::Bool).since(49),
        one("isDeviceFlowEnabled", Kind::Bool).since(68),
        one("isDPopEnabled", Kind::Bool).since(68),
        one("isEnforceRefreshTokenTTL", Kind::Bool).since(68),
        one("isIntrospectAllTokens", Kind::Bool).since(49),
        one("isIpBindingEnabled", Kind::Bool).since(68),
        one("isNamedUserJwtEnabled", Kind::Bool).since(58),
        one("isPkceRequired", Kind::Bool).since(59),
        one("isPKImTLSEnabled", Kind::Bool).since(68),
        one("isRefreshTokenRotationEnabled", Kind::Bool).since(60),
        one("isSecretRequiredForRefreshToken", Kind::Bool).since(51),
        one("isSecretRequiredForTokenExchange", Kind::Bool).since(60),
        one("isTokenExchangeEnabled", Kind::Bool).since(60),
        one("oauthClientCredentialUser", Kind::Text).since(56),
        many("scopes", Kind::Enum(CONNECTED_APP_OAUTH_ACCESS_SCOPE)),
        one("singleLogoutUrl", Kind::Text),
    ],
};

/// WSDL type `ConnectedAppOauthPolicy`.
pub static CONNECTED_APP_OAUTH_POLICY: ComplexType = ComplexType {
    name: "ConnectedAppOauthPolicy",
    closed: true,
    elements: &[
        required("ipRelaxation", Kind::Text).since(49),
        one("isTokenExchangeFlowEnabled", Kind::Bool).since(60),
        required("refreshTokenPolicy", Kind::Text).since(49),
        one("singleLogoutUrl", Kind::Text).since(49),
    ],
};

/// WSDL type `ConnectedAppSamlConfig`.
pub static CONNECTED_APP_SAML_CONFIG: ComplexType = ComplexType {
    name: "ConnectedAppSamlConfig",
    closed: true,
    elements: &[
        required("acsUrl", Kind::Text),
        one("certificate", Kind::Text),
        one("encryptionCertificate", Kind::Text),
        one("encryptionType", Kind::Enum(SAML_ENCRYPTION_TYPE)),
        required("entityUrl", Kind::Text),
        one("issuer", Kind::Text),
        one("samlIdpSLOBindingEnum", Kind::Enum(SAML_IDP_SLO_BINDING)),
        one("samlNameIdFormat", Kind::Enum(SAML_NAME_ID_FORMAT_TYPE)),
        one("samlSigningAlgoType", Kind::Enum(SAML_SIGNING_ALGO_TYPE)).since(50),
        one("samlSloUrl", Kind::Text),
        one("samlSubjectCustomAttr", Kind::Text),
        required("samlSubjectType", Kind::Enum(SAML_SUBJECT_TYPE)),
    ],
};

/// WSDL type `ConnectedAppSessionPolicy`.
pub static CONNECTED_APP_SESSION_POLICY: ComplexType = ComplexType {
    name: "ConnectedAppSessionPolicy",
    closed: true,
    elements: &[
        one("policyAction", Kind::Text).since(49),
        one("sessionLevel", Kind::Text).since(49),
        one("sessionTimeout", Kind::Int).since(49),
    ],
};

/// WSDL type `ConnectedAppOauthAssetToken`.
pub static CONNECTED_APP_OAUTH_ASSET_TOKEN: ComplexType = ComplexType {
    name: "ConnectedAppOauthAssetToken",
    closed: true,
    elements: &[
        required("assetAudiences", Kind::Text),
        required("assetIncludeAttributes", Kind::Bool),
        required("assetIncludeCustomPerms", Kind::Bool),
        required("assetSigningCertId", Kind::Text),
        required("assetValidityPeriod", Kind::Int),
    ],
};

/// WSDL type `ConnectedAppOauthIdToken`.
pub static CONNECTED_APP_OAUTH_ID_TOKEN: ComplexType = ComplexType {
    name: "ConnectedAppOauthIdToken",
    closed: true,
    elements: &[
        one("idTokenAudience", Kind::Text),
        one("idTokenIncludeAttributes", Kind::Bool),
        one("idTokenIncludeCustomPerms", Kind::Bool),
        one("idTokenIncludeStandardClaims", Kind::Bool),
        one("idTokenValidity", Kind::Int),
    ],
};

/// WSDL type `AccessMethod`.
pub(super) static ACCESS_METHOD: &[&str] = &["Get", "Post"];

/// WSDL type `CanvasLocationOptions`.
pub(super) static CANVAS_LOCATION_OPTIONS: &[&str] = &[
    "None",
    "Chatter",
    "UserProfile",
    "Visualforce",
    "Aura",
    "Publisher",
    "ChatterFeed",
    "ServiceDesk",
    "OpenCTI",
    "AppLauncher",
    "MobileNav",
    "PageLayout",
];

/// WSDL type `CanvasOptions`.
pub(super) static CANVAS_OPTIONS: &[&str] = &["HideShare", "HideHeader", "PersonalEnabled"];

/// WSDL type `SamlInitiationMethod`.
pub(super) static SAML_INITIATION_METHOD: &[&str] = &["None", "IdpInitiated", "SpInitiated"];

/// WSDL type `DevicePlatformType`.
static DEVICE_PLATFORM_TYPE: &[&str] = &["ios", "android"];

/// WSDL type `DeviceType`.
static DEVICE_TYPE: &[&str] = &["phone", "tablet", "minitablet"];

/// WSDL type `ConnectedAppOauthAccessScope`.
static CONNECTED_APP_OAUTH_ACCESS_SCOPE: &[&str] = &[
    "Basic",
    "Api",
    "Web",
    "Full",
    "Chatter",
    "CustomApplications",
    "RefreshToken",
    "OpenID",
    "Profile",
    "Email",
    "Address",
    "Phone",
    "OfflineAccess",
    "CustomPermissions",
    "Wave",
    "Eclair",
    "Pardot",
    "Lightning",
    "Content",
    "CDPIngest",
    "CDPProfile",
    "CDPQuery",
    "Chatbot",
    "CDPSegment",
    "CDPIdentityResolution",
    "CDPCalculatedInsight",
    "ForgotPassword",
    "UserRegistration",
    "SFAP",
    "Interaction",
    "CDP",
    "EinsteinGPT",
    "PwdlessLogin",
    "MCP",
    "SCRT",
    "DataCloudUserClaims",
    "A2A",
    "CmdbDiscovery",
    "SemanticLayer",
];

/// WSDL type `SamlEncryptionType`.
static SAML_ENCRYPTION_TYPE: &[&str] = &["AES_128", "AES_256", "Triple_Des"];

/// WSDL type `SamlIdpSLOBinding`.
static SAML_IDP_SLO_BINDING: &[&str] = &["RedirectBinding", "PostBinding"];

/// WSDL type `SamlNameIdFormatType`.
static SAML_NAME_ID_FORMAT_TYPE: &[&str] = &["Unspecified", "EmailAddress", "Persistent", "Transient"];

/// WSDL type `SamlSigningAlgoType`.
static SAML_SIGNING_ALGO_TYPE: &[&str] = &["SHA1", "SHA256"];

/// WSDL type `SamlSubjectType`.
static SAML_SUBJECT_TYPE: &[&str] =
    &["Username", "FederationId", "UserId", "SpokeId", "CustomAttribute", "PersistentId", "CustomAttr", "PersistentID"];
