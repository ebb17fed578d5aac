//! The metadata types an External Client App is made of.
//!
//! Names, order, types and cardinality are those of Salesforce's Metadata API WSDL 66.0. `since` is the first API version whose WSDL
//! has the element (nothing for 47 and earlier). Elements of later versions are listed in their alphabetical place.

use super::connected_app::{ACCESS_METHOD, CANVAS_LOCATION_OPTIONS, CANVAS_OPTIONS, SAML_INITIATION_METHOD};
use super::types::{ComplexType, Kind, many, one, required};

/// WSDL type `ExternalClientApplication`.
pub static EXTERNAL_CLIENT_APPLICATION: ComplexType = ComplexType {
    name: "ExternalClientApplication",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("contactEmail", Kind::Text).since(56),
        one("contactPhone", Kind::Text).since(57),
        one("description", Kind::Text).since(56),
        one("distributionState", Kind::Enum(EXTL_CLNT_APP_DIST_STATE)).since(57),
        one("iconUrl", Kind::Text).since(56),
        one("infoUrl", Kind::Text).since(56),
        one("isProtected", Kind::Bool).since(56),
        one("label", Kind::Text).since(57),
        one("logoUrl", Kind::Text).since(56),
        one("managedType", Kind::Enum(EXTL_CLNT_APP_MANAGED_TYPE)).since(60),
        one("orgScopedExternalApp", Kind::Text).since(56),
    ],
};

/// WSDL type `ExtlClntAppOauthSettings`.
pub static EXTL_CLNT_APP_OAUTH_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppOauthSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("areAttributesIncludedInAssetToken", Kind::Bool).since(61),
        one("areCustomPermsIncludedInAssetToken", Kind::Bool).since(61),
        one("assetTokenAudiences", Kind::Text).since(61),
        one("assetTokenSigningCertificate", Kind::Text).since(61),
        one("assetTokenValidity", Kind::Int).since(61),
        one("clientAssertionCertificate", Kind::Text).since(62),
        one("commaSeparatedCustomScopes", Kind::Text).since(61),
        one("commaSeparatedOauthScopes", Kind::Text).since(58),
        many("customAttributes", Kind::Complex(&EXTL_CLNT_APP_OAUTH_SETTINGS_ATTRIBUTE)).since(59),
        required("externalClientApplication", Kind::Text).since(57),
        one("isFirstPartyAppEnabled", Kind::Bool).since(62),
        one("label", Kind::Text).since(57),
        one("oauthLink", Kind::Text).since(57),
        one("singleLogoutUrl", Kind::Text).since(57),
        many("trustedIpRanges", Kind::Complex(&EXTL_CLNT_APP_OAUTH_IP_RANGE)).since(58),
    ],
};

/// WSDL type `ExtlClntAppGlobalOauthSettings`.
pub static EXTL_CLNT_APP_GLOBAL_OAUTH_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppGlobalOauthSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("callbackUrl", Kind::Text).since(58),
        one("certificate", Kind::Text).since(60),
        one("consumerKey", Kind::Text).since(58),
        one("consumerSecret", Kind::Text).since(58),
        required("externalClientApplication", Kind::Text).since(58),
        one("idTokenConfig", Kind::Complex(&EXTERNAL_APP_ID_TOKEN_CONFIG)).since(58),
        one("isClientCredentialsFlowEnabled", Kind::Bool).since(60),
        one("isCodeCredFlowEnabled", Kind::Bool).since(61),
        one("isCodeCredPostOnly", Kind::Bool).since(61),
        one("isConsumerSecretOptional", Kind::Bool).since(58),
        one("isDeviceFlowEnabled", Kind::Bool).since(60),
        one("isDPopEnabled", Kind::Bool).since(68),
        one("isEnforceRefreshTokenTTL", Kind::Bool).since(67),
        one("isIntrospectAllTokens", Kind::Bool).since(58),
        one("isMtlsEnabled", Kind::Bool).since(68),
        one("isNamedUserJwtEnabled", Kind::Bool).since(61),
        one("isPkceRequired", Kind::Bool).since(59),
        one("isRefreshTokenRotationEnabled", Kind::Bool).since(60),
        one("isSecretRequiredForRefreshToken", Kind::Bool).since(58),
        one("isSecretRequiredForTokenExchange", Kind::Bool).since(60),
        one("isTokenExchangeEnabled", Kind::Bool).since(60),
        one("label", Kind::Text).since(58),
        one("shouldRotateConsumerKey", Kind::Bool).since(59),
        one("shouldRotateConsumerSecret", Kind::Bool).since(59),
    ],
};

/// WSDL type `ExtlClntAppOauthConfigurablePolicies`.
pub static EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES: ComplexType = ComplexType {
    name: "ExtlClntAppOauthConfigurablePolicies",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("apexHandler", Kind::Text).since(61),
        one("clientCredentialsFlowUser", Kind::Text).since(60),
        one("commaSeparatedCustomScopes", Kind::Text).since(61),
        one("commaSeparatedPermissionSet", Kind::Text).since(58),
        one("commaSeparatedProfile", Kind::Text).since(62),
        many("customAttributes", Kind::Complex(&EXTL_CLNT_APP_OAUTH_POLICIES_ATTRIBUTE)).since(59),
        one("executeHandlerAs", Kind::Text).since(61),
        required("externalClientApplication", Kind::Text).since(57),
        one("guestJwtSessionTimeoutType", Kind::Enum(JWT_SESSION_TIMEOUT_TYPE)).since(65),
        one("guestJwtTimeout", Kind::Int).since(61),
        one("ipRelaxationPolicyType", Kind::Text).since(57),
        one("isClientCredentialsFlowEnabled", Kind::Bool).since(60),
        one("isGuestCodeCredFlowEnabled", Kind::Bool).since(61),
        one("isNamedUserJwtEnabled", Kind::Bool).since(61),
        one("isTokenExchangeFlowEnabled", Kind::Bool).since(60),
        one("label", Kind::Text).since(57),
        one("namedUserJwtSessionTimeoutType", Kind::Enum(JWT_SESSION_TIMEOUT_TYPE)).since(65),
        one("namedUserJwtTimeout", Kind::Int).since(61),
        one("permittedUsersPolicyType", Kind::Enum(PERMITTED_USERS_POLICY_TYPE)).since(57),
        one("policyAction", Kind::Enum(POLICY_ACTION)).since(58),
        one("refreshTokenPolicyType", Kind::Enum(REFRESH_TOKEN_POLICY_TYPE)).since(57),
        one("refreshTokenValidityPeriod", Kind::Int).since(57),
        one("refreshTokenValidityUnit", Kind::Text).since(57),
        one("requiredSessionLevel", Kind::Enum(SESSION_SECURITY_LEVEL)).since(58),
        one("sessionTimeoutInMinutes", Kind::Int).since(58),
        one("singleLogoutUrl", Kind::Text).since(57),
        one("startUrl", Kind::Text).since(57),
    ],
};

/// WSDL type `ExtlClntAppConfigurablePolicies`.
pub static EXTL_CLNT_APP_CONFIGURABLE_POLICIES: ComplexType = ComplexType {
    name: "ExtlClntAppConfigurablePolicies",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("externalClientApplication", Kind::Text).since(60),
        one("isAttestPluginEnabled", Kind::Bool).since(68),
        one("isCanvasPluginEnabled", Kind::Bool).since(65),
        required("isEnabled", Kind::Bool).since(60),
        one("isMobilePluginEnabled", Kind::Bool).since(62),
        one("isNotificationPluginEnabled", Kind::Bool).since(61),
        one("isOauthPluginEnabled", Kind::Bool).since(60),
        one("isPushPluginEnabled", Kind::Bool).since(62),
        one("isSamlPluginEnabled", Kind::Bool).since(63),
        one("label", Kind::Text).since(60),
        one("startPage", Kind::Enum(EXTL_CLNT_APP_START_PAGE)).since(62),
        one("startUrl", Kind::Text).since(62),
    ],
};

/// WSDL type `ExtlClntAppSamlConfigurablePolicies`.
pub static EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES: ComplexType = ComplexType {
    name: "ExtlClntAppSamlConfigurablePolicies",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("acsUrl", Kind::Text),
        one("certificate", Kind::Text),
        one("commaSeparatedPermissionSet", Kind::Text),
        one("commaSeparatedProfile", Kind::Text),
        many("customAttributes", Kind::Complex(&EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES_ATTRIBUTE)),
        one("encryptionCertificate", Kind::Text),
        one("encryptionType", Kind::Enum(EXTL_CLNT_APP_SAML_ENCRYPT_TYPE)),
        required("entityUrl", Kind::Text),
        required("externalClientApplication", Kind::Text),
        one("issuer", Kind::Text),
        one("label", Kind::Text),
        one("nameIdFormat", Kind::Enum(EXTL_CLNT_APP_NAME_ID_FORMAT_TYPE)),
        one("signingAlgorithmType", Kind::Enum(EXTL_CLNT_APP_SAML_SIGN_ALGO_TYPE)),
        one("singleLogoutBindingType", Kind::Enum(EXTL_CLNT_APP_SAML_BINDING_TYPE)),
        one("singleLogoutUrl", Kind::Text),
        one("subjectCustomAttribute", Kind::Text),
        one("subjectType", Kind::Enum(EXTL_CLNT_APP_SAML_SUBJECT_TYPE)),
    ],
};

/// WSDL type `ExtlClntAppMobileSettings`.
pub static EXTL_CLNT_APP_MOBILE_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppMobileSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("externalClientApplication", Kind::Text),
        required("isScreenLockEnabled", Kind::Bool),
        one("label", Kind::Text),
    ],
};

/// WSDL type `ExtlClntAppMobileConfigurablePolicies`.
pub static EXTL_CLNT_APP_MOBILE_CONFIGURABLE_POLICIES: ComplexType = ComplexType {
    name: "ExtlClntAppMobileConfigurablePolicies",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("externalClientApplication", Kind::Text),
        one("label", Kind::Text),
        required("screenLockTimeout", Kind::Enum(SCREEN_LOCK_TIMEOUT)),
    ],
};

/// WSDL type `ExtlClntAppNotificationSettings`.
pub static EXTL_CLNT_APP_NOTIFICATION_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppNotificationSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("externalClientApplication", Kind::Text),
        one("label", Kind::Text),
        many("notificationTypes", Kind::Complex(&EXTL_CLNT_APP_NOTIFICATION_TYPE)),
    ],
};

/// WSDL type `ExtlClntAppPushSettings`.
pub static EXTL_CLNT_APP_PUSH_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppPushSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("androidPushConfig", Kind::Complex(&EXTL_CLNT_APP_ANDROID_PUSH_CONFIG)),
        one("applePushConfig", Kind::Complex(&EXTL_CLNT_APP_APPLE_PUSH_CONFIG)),
        required("externalClientApplication", Kind::Text),
        one("label", Kind::Text),
        one("pushConfigLink", Kind::Text),
        required("pushServiceType", Kind::Enum(PUSH_SERVICE_TYPE)),
    ],
};

/// WSDL type `ExtlClntAppPushConfigurablePolicies`.
pub static EXTL_CLNT_APP_PUSH_CONFIGURABLE_POLICIES: ComplexType = ComplexType {
    name: "ExtlClntAppPushConfigurablePolicies",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("externalClientApplication", Kind::Text),
        required("isFullContent", Kind::Bool),
        one("label", Kind::Text),
    ],
};

/// WSDL type `ExtlClntAppCanvasSettings`.
pub static EXTL_CLNT_APP_CANVAS_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppCanvasSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("accessMethod", Kind::Enum(ACCESS_METHOD)),
        many("canvasLocationOptions", Kind::Enum(CANVAS_LOCATION_OPTIONS)),
        many("canvasOptions", Kind::Enum(CANVAS_OPTIONS)),
        required("canvasUrl", Kind::Text),
        required("externalClientApplication", Kind::Text),
        one("label", Kind::Text),
        one("lifeCycleHandler", Kind::Text),
        one("samlInitiationMethod", Kind::Enum(SAML_INITIATION_METHOD)),
    ],
};

/// WSDL type `ExtlClntAppAttestSettings`.
pub static EXTL_CLNT_APP_ATTEST_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppAttestSettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("attestConfigLink", Kind::Text),
        required("attestServiceType", Kind::Enum(ATTEST_SERVICE_TYPE)),
        required("externalClientApplication", Kind::Text),
        one("label", Kind::Text),
    ],
};

/// WSDL type `ExtlClntAppAttestConfigurablePolicies`.
pub static EXTL_CLNT_APP_ATTEST_CONFIGURABLE_POLICIES: ComplexType = ComplexType {
    name: "ExtlClntAppAttestConfigurablePolicies",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        required("attestEnforceLevel", Kind::Enum(ATTEST_ENFORCE_LEVEL)),
        required("externalClientApplication", Kind::Text),
        one("label", Kind::Text),
    ],
};

/// WSDL type `ExtlClntAppOauthSettingsAttribute`.
pub static EXTL_CLNT_APP_OAUTH_SETTINGS_ATTRIBUTE: ComplexType = ComplexType {
    name: "ExtlClntAppOauthSettingsAttribute",
    closed: true,
    elements: &[required("formula", Kind::Text), required("key", Kind::Text)],
};

/// WSDL type `ExtlClntAppOauthIpRange`.
pub static EXTL_CLNT_APP_OAUTH_IP_RANGE: ComplexType = ComplexType {
    name: "ExtlClntAppOauthIpRange",
    closed: true,
    elements: &[one("description", Kind::Text), required("endIpAddress", Kind::Text), required("startIpAddress", Kind::Text)],
};

/// WSDL type `ExternalAppIdTokenConfig`.
pub static EXTERNAL_APP_ID_TOKEN_CONFIG: ComplexType = ComplexType {
    name: "ExternalAppIdTokenConfig",
    closed: true,
    elements: &[
        one("idTokenAudience", Kind::Text),
        one("idTokenIncludeAttributes", Kind::Bool),
        one("idTokenIncludeCustomPermissions", Kind::Bool),
        one("idTokenIncludeStandardClaims", Kind::Bool),
        one("idTokenValidityInMinutes", Kind::Int),
    ],
};

/// WSDL type `ExtlClntAppOauthPoliciesAttribute`.
pub static EXTL_CLNT_APP_OAUTH_POLICIES_ATTRIBUTE: ComplexType = ComplexType {
    name: "ExtlClntAppOauthPoliciesAttribute",
    closed: true,
    elements: &[required("formula", Kind::Text), required("key", Kind::Text)],
};

/// WSDL type `ExtlClntAppSamlConfigurablePoliciesAttribute`.
pub static EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES_ATTRIBUTE: ComplexType = ComplexType {
    name: "ExtlClntAppSamlConfigurablePoliciesAttribute",
    closed: true,
    elements: &[required("formula", Kind::Text), required("key", Kind::Text)],
};

/// WSDL type `ExtlClntAppNotificationType`.
pub static EXTL_CLNT_APP_NOTIFICATION_TYPE: ComplexType = ComplexType {
    name: "ExtlClntAppNotificationType",
    closed: true,
    elements: &[required("notificationType", Kind::Text), one("pushByDefault", Kind::Bool)],
};

/// WSDL type `ExtlClntAppAndroidPushConfig`.
pub static EXTL_CLNT_APP_ANDROID_PUSH_CONFIG: ComplexType = ComplexType {
    name: "ExtlClntAppAndroidPushConfig",
    closed: true,
    elements: &[required("fcmProject", Kind::Text), required("serviceAccount", Kind::Text)],
};

/// WSDL type `ExtlClntAppApplePushConfig`.
pub static EXTL_CLNT_APP_APPLE_PUSH_CONFIG: ComplexType = ComplexType {
    name: "ExtlClntAppApplePushConfig",
    closed: true,
    elements: &[
        one("applicationBundle", Kind::Text),
        one("certificate", Kind::Text),
        required("environment", Kind::Enum(APPLE_PUSH_ENVIRONMENT_TYPE)),
        one("keyIdentifier", Kind::Text),
        one("password", Kind::Text),
        one("signingKey", Kind::Text),
        one("teamIdentifier", Kind::Text),
    ],
};

/// WSDL type `ExtlClntAppDistState`.
static EXTL_CLNT_APP_DIST_STATE: &[&str] = &["Local", "Packaged", "Managed", "AutoInstalled"];

/// WSDL type `ExtlClntAppManagedType`.
static EXTL_CLNT_APP_MANAGED_TYPE: &[&str] = &["Local", "Global"];

/// WSDL type `JWTSessionTimeoutType`.
static JWT_SESSION_TIMEOUT_TYPE: &[&str] = &["UserSession", "Custom"];

/// WSDL type `PermittedUsersPolicyType`.
static PERMITTED_USERS_POLICY_TYPE: &[&str] = &["AllSelfAuthorized", "AdminApprovedPreAuthorized"];

/// WSDL type `PolicyAction`.
static POLICY_ACTION: &[&str] = &["Block", "RaiseSessionLevel"];

/// WSDL type `RefreshTokenPolicyType`.
static REFRESH_TOKEN_POLICY_TYPE: &[&str] = &["Infinite", "Zero", "SpecificLifetime", "SpecificInactivity"];

/// WSDL type `SessionSecurityLevel`.
static SESSION_SECURITY_LEVEL: &[&str] = &["LOW", "STANDARD", "HIGH_ASSURANCE"];

/// WSDL type `ExtlClntAppStartPage`.
static EXTL_CLNT_APP_START_PAGE: &[&str] = &["None", "Custom", "OAuth", "SAML"];

/// WSDL type `ExtlClntAppSamlEncryptType`.
static EXTL_CLNT_APP_SAML_ENCRYPT_TYPE: &[&str] = &["AES_128", "AES_256"];

/// WSDL type `ExtlClntAppNameIdFormatType`.
static EXTL_CLNT_APP_NAME_ID_FORMAT_TYPE: &[&str] = &["Unspecified", "EmailAddress", "Persistent", "Transient"];

/// WSDL type `ExtlClntAppSamlSignAlgoType`.
static EXTL_CLNT_APP_SAML_SIGN_ALGO_TYPE: &[&str] = &["SHA1", "SHA256"];

/// WSDL type `ExtlClntAppSamlBindingType`.
static EXTL_CLNT_APP_SAML_BINDING_TYPE: &[&str] = &["RedirectBinding", "PostBinding"];

/// WSDL type `ExtlClntAppSamlSubjectType`.
static EXTL_CLNT_APP_SAML_SUBJECT_TYPE: &[&str] =
    &["Username", "FederationId", "UserId", "SpokeId", "CustomAttribute", "PersistentId"];

/// WSDL type `ScreenLockTimeout`.
static SCREEN_LOCK_TIMEOUT: &[&str] = &["Never", "One", "Five", "Ten", "Thirty", "Sixty", "OneTwenty", "OneEighty", "TwoForty"];

/// WSDL type `PushServiceType`.
static PUSH_SERVICE_TYPE: &[&str] = &["Apple", "Android"];

/// WSDL type `AttestServiceType`.
static ATTEST_SERVICE_TYPE: &[&str] = &["Apple", "Android"];

/// WSDL type `AttestEnforceLevel`.
static ATTEST_ENFORCE_LEVEL: &[&str] = &["None", "ClientControlled", "Strict"];

/// WSDL type `ApplePushEnvironmentType`.
static APPLE_PUSH_ENVIRONMENT_TYPE: &[&str] = &["Sandbox", "Production"];

/// `ExtlClntAppOauthSecuritySettings`: later than WSDL 66.0, from Salesforce's own type packages.
pub static EXTL_CLNT_APP_OAUTH_SECURITY_SETTINGS: ComplexType = ComplexType {
    name: "ExtlClntAppOauthSecuritySettings",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text),
        required("externalClientApplication", Kind::Text).since(67),
        one("label", Kind::Text).since(67),
        one("tlsClientAuthCertParamType", Kind::Enum(TLS_CLIENT_AUTH_CERT_PARAM_TYPE)).since(68),
        one("tlsClientAuthCertParamValue", Kind::Text).since(68),
        many("tokenIpRanges", Kind::Complex(&EXTL_CLNT_APP_OAUTH_IP_RANGE)).since(67),
    ],
};

/// Values of `tlsClientAuthCertParamType`.
static TLS_CLIENT_AUTH_CERT_PARAM_TYPE: &[&str] = &[
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
    "tls_client_auth_san_spiffe",
];
