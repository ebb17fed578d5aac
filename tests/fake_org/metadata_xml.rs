//! Metadata types: their elements in the WSDL's order, and since which API version each is there.
//!
//! A nested type stands after a colon, the first version after an `@`; without one the element is as old as its type.

use roxmltree::{Document, Node};

use super::xml::escape;

/// Name, elements.
const TYPES: [(&str, &str); 44] = [
    (
        "ConnectedApp",
        "attributes:ConnectedAppAttribute canvas:CanvasMetadata canvasConfig:ConnectedAppCanvasConfig contactEmail \
         contactPhone description iconUrl infoUrl ipRanges:ConnectedAppIpRange label logoUrl \
         mobileAppConfig:ConnectedAppMobileDetailConfig mobileStartUrl oauthConfig:ConnectedAppOauthConfig \
         oauthPolicy:ConnectedAppOauthPolicy@49 permissionSetName plugin pluginExecutionUser profileName \
         samlConfig:ConnectedAppSamlConfig sessionPolicy:ConnectedAppSessionPolicy@49 startUrl",
    ),
    ("ConnectedAppAttribute", "formula key"),
    ("CanvasMetadata", "accessMethod canvasOptions canvasUrl lifecycleClass locationOptions samlInitiationMethod"),
    ("ConnectedAppCanvasConfig", "accessMethod canvasUrl lifecycleClass locations options samlInitiationMethod"),
    ("ConnectedAppIpRange", "description end start"),
    (
        "ConnectedAppMobileDetailConfig",
        "applicationBinaryFile applicationBinaryFileName applicationBundleIdentifier applicationFileLength \
         applicationIconFile applicationIconFileName applicationInstallUrl devicePlatform deviceType minimumOsVersion \
         privateApp version",
    ),
    (
        "ConnectedAppOauthConfig",
        "assetTokenConfig:ConnectedAppOauthAssetToken@49 callbackUrl certificate consumerKey consumerSecret \
         idTokenConfig:ConnectedAppOauthIdToken isAdminApproved isClientCredentialEnabled@56 isCodeCredentialEnabled@57 \
         isCodeCredentialPostOnly@57 isConsumerSecretOptional@49 isDPopEnabled@68 isDeviceFlowEnabled@68 \
         isEnforceRefreshTokenTTL@68 isIntrospectAllTokens@49 isIpBindingEnabled@68 isNamedUserJwtEnabled@58 \
         isPKImTLSEnabled@68 isPkceRequired@59 isRefreshTokenRotationEnabled@60 isSecretRequiredForRefreshToken@51 \
         isSecretRequiredForTokenExchange@60 isTokenExchangeEnabled@60 oauthClientCredentialUser@56 scopes \
         singleLogoutUrl",
    ),
    (
        "ConnectedAppOauthAssetToken",
        "assetAudiences assetIncludeAttributes assetIncludeCustomPerms assetSigningCertId assetValidityPeriod",
    ),
    (
        "ConnectedAppOauthIdToken",
        "idTokenAudience idTokenIncludeAttributes idTokenIncludeCustomPerms idTokenIncludeStandardClaims \
         idTokenValidity",
    ),
    ("ConnectedAppOauthPolicy", "ipRelaxation isTokenExchangeFlowEnabled@60 refreshTokenPolicy singleLogoutUrl"),
    (
        "ConnectedAppSamlConfig",
        "acsUrl certificate encryptionCertificate encryptionType entityUrl issuer samlIdpSLOBindingEnum \
         samlNameIdFormat samlSigningAlgoType@50 samlSloUrl samlSubjectCustomAttr samlSubjectType",
    ),
    ("ConnectedAppSessionPolicy", "policyAction sessionLevel sessionTimeout"),
    (
        "ExternalClientApplication",
        "contactEmail contactPhone description distributionState iconUrl infoUrl isProtected label logoUrl \
         managedType@60 orgScopedExternalApp",
    ),
    (
        "ExtlClntAppGlobalOauthSettings",
        "callbackUrl certificate@60 consumerKey consumerSecret externalClientApplication \
         idTokenConfig:ExternalAppIdTokenConfig isClientCredentialsFlowEnabled@60 isCodeCredFlowEnabled@61 \
         isCodeCredPostOnly@61 isConsumerSecretOptional isDPopEnabled@68 isDeviceFlowEnabled@60 \
         isEnforceRefreshTokenTTL@67 isIntrospectAllTokens isMtlsEnabled@68 isNamedUserJwtEnabled@61 isPkceRequired \
         isRefreshTokenRotationEnabled@60 isSecretRequiredForRefreshToken isSecretRequiredForTokenExchange@60 \
         isTokenExchangeEnabled@60 label shouldRotateConsumerKey shouldRotateConsumerSecret",
    ),
    (
        "ExternalAppIdTokenConfig",
        "idTokenAudience idTokenIncludeAttributes idTokenIncludeCustomPermissions@61 idTokenIncludeStandardClaims \
         idTokenValidityInMinutes",
    ),
    (
        "ExtlClntAppOauthSettings",
        "areAttributesIncludedInAssetToken@61 areCustomPermsIncludedInAssetToken@61 assetTokenAudiences@61 \
         assetTokenSigningCertificate@61 assetTokenValidity@61 clientAssertionCertificate@62 \
         commaSeparatedCustomScopes@61 commaSeparatedOauthScopes customAttributes:ExtlClntAppOauthSettingsAttribute \
         externalClientApplication isFirstPartyAppEnabled@62 label oauthLink singleLogoutUrl \
         trustedIpRanges:ExtlClntAppOauthIpRange",
    ),
    ("ExtlClntAppOauthSettingsAttribute", "formula key"),
    ("ExtlClntAppOauthIpRange", "description endIpAddress startIpAddress"),
    (
        "ExtlClntAppOauthConfigurablePolicies",
        "apexHandler@61 clientCredentialsFlowUser@60 commaSeparatedCustomScopes@61 commaSeparatedPermissionSet \
         commaSeparatedProfile@62 customAttributes:ExtlClntAppOauthPoliciesAttribute executeHandlerAs@61 \
         externalClientApplication guestJwtSessionTimeoutType@65 guestJwtTimeout@61 ipRelaxationPolicyType \
         isClientCredentialsFlowEnabled@60 isGuestCodeCredFlowEnabled@61 isTokenExchangeFlowEnabled@60 label \
         namedUserJwtSessionTimeoutType@65 namedUserJwtTimeout@61 permittedUsersPolicyType policyAction \
         refreshTokenPolicyType refreshTokenValidityPeriod refreshTokenValidityUnit requiredSessionLevel \
         sessionTimeoutInMinutes singleLogoutUrl startUrl",
    ),
    ("ExtlClntAppOauthPoliciesAttribute", "formula key"),
    (
        "ExtlClntAppConfigurablePolicies",
        "externalClientApplication isAttestPluginEnabled@68 isCanvasPluginEnabled@65 isEnabled isMobilePluginEnabled@62 \
         isNotificationPluginEnabled@61 isOauthPluginEnabled isPushPluginEnabled@62 isSamlPluginEnabled@63 label \
         startPage@62 startUrl@62",
    ),
    (
        "ExtlClntAppSamlConfigurablePolicies",
        "acsUrl certificate commaSeparatedPermissionSet commaSeparatedProfile \
         customAttributes:ExtlClntAppSamlConfigurablePoliciesAttribute encryptionCertificate encryptionType entityUrl \
         externalClientApplication issuer label nameIdFormat signingAlgorithmType singleLogoutBindingType \
         singleLogoutUrl subjectCustomAttribute subjectType",
    ),
    ("ExtlClntAppSamlConfigurablePoliciesAttribute", "formula key"),
    (
        "ConnectedAppSettings",
        "enableAdminApprovedAppsOnly enableAdminApprovedAppsOnlyForExternalUser@48 \
         enableSkipUserProvisioningWizardWelcomePage",
    ),
    ("OauthOidcSettings", "agentAuthLinking@65 blockOAuthUnPwFlow blockOAuthUsrAgtFlow isPkceRequired@59 oAuthCdCrdtFlowEnable"),
    (
        "ExternalClientAppSettings",
        "enableClientSecretInRestApiAccess@60 enableConsumerSecretApiAccess enablePackageEcaOauthFromDevOrg@60",
    ),
    ("OauthCustomScope", "assignedTo:OauthCustomScopeApp@49 description developerName isProtected isPublic masterLabel"),
    ("OauthCustomScopeApp", "connectedApp"),
    (
        "OauthTokenExchangeHandler",
        "description developerName enablements:OauthTokenExchHandlerApp isAccessTokenSupported \
         isContactCreationAllowed@65 isEnabled isIdTokenSupported isJwtSupported isProtected isRefreshTokenSupported \
         isSaml2Supported isUserCreationAllowed masterLabel tokenHandlerApex",
    ),
    ("OauthTokenExchHandlerApp", "apexExecutionUser connectedApp externalClientApp isDefault"),
    (
        "CustomPermission",
        "connectedApp description externalClientApplication isLicensed label \
         requiredPermission:CustomPermissionDependencyRequired",
    ),
    ("CustomPermissionDependencyRequired", "customPermission dependency"),
    (
        "SecuritySettings",
        "networkAccess:NetworkAccess passwordPolicies:PasswordPolicies sessionSettings:SessionSettings \
         singleSignOnSettings:SingleSignOnSettings",
    ),
    ("SingleSignOnSettings", "enableSamlLogin isLoginWithSalesforceCredentialsDisabled"),
    ("NetworkAccess", "ipRanges:IpRange"),
    ("IpRange", "description end start"),
    ("PasswordPolicies", "complexity expiration minimumPasswordLength"),
    (
        "SessionSettings",
        "enableLightningLogin enforceIpRangesEveryRequest forceLogoutOnSessionTimeout forceRelogin lockSessionsToDomain \
         lockSessionsToIp requireHttpOnly sessionTimeout",
    ),
    (
        "Profile",
        "custom description loginHours:ProfileLoginHours loginIpRanges:ProfileLoginIpRange userLicense userPermissions:ProfileUserPermission",
    ),
    (
        "ProfileLoginHours",
        "fridayEnd fridayStart mondayEnd mondayStart saturdayEnd saturdayStart sundayEnd sundayStart thursdayEnd thursdayStart \
         tuesdayEnd tuesdayStart wednesdayEnd wednesdayStart",
    ),
    ("ProfileLoginIpRange", "description endAddress startAddress"),
    ("ProfileUserPermission", "enabled name"),
    ("PermissionSet", "description hasActivationRequired label license userPermissions:PermissionSetUserPermission"),
    ("PermissionSetUserPermission", "enabled name"),
];

/// Writes the elements of a component as an API version has them: in the WSDL's order, without what came later.
///
/// `body` is what stands within the root element, in any order. Panics at an element the WSDL does not know.
pub(crate) fn render(kind: &str, body: &str, version: u32) -> String {
    let text = format!("<root>{body}</root>");
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{kind}: {error}"));
    write(kind, document.root_element(), version)
}

fn write(kind: &str, parent: Node, version: u32) -> String {
    let elements: Vec<&str> = elements(kind).split_whitespace().collect();
    let name_of = |element: &str| element.split([':', '@']).next().unwrap_or_default().to_owned();
    for child in parent.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        assert!(elements.iter().any(|element| name_of(element) == name), "{kind} has no element {name}");
    }
    let mut out = String::new();
    for element in elements {
        let (element, since) = element.split_once('@').map_or((element, 0), |(name, since)| (name, since.parse().unwrap_or(0)));
        let (name, nested) = element.split_once(':').map_or((element, None), |(name, nested)| (name, Some(nested)));
        if since > version {
            continue;
        }
        for child in parent.children().filter(|child| child.is_element() && child.tag_name().name() == name) {
            let inner = match nested {
                Some(nested) => write(nested, child, version),
                None => escape(child.text().unwrap_or_default()),
            };
            out.push_str(&format!("<{name}>{inner}</{name}>"));
        }
    }
    out
}

fn elements(kind: &str) -> &'static str {
    TYPES.iter().find(|(name, _)| *name == kind).unwrap_or_else(|| panic!("no such metadata type: {kind}")).1
}
