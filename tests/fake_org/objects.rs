//! The sObjects an org has, and their columns.
//!
//! A column is written `Name`, `Name:boolean`, `Name:int`, `Name:date`, `Name:dateTime`, `Name:picklist(A|B)`, `Name:>Object.Relationship`
//! or `Name:>Object` where nothing can be followed. `-` in front: not to be filtered by; `@tooling` or `@data` behind: in one API only.

use std::collections::BTreeMap;

use super::table::{Field, Kind, Table};

/// The objects of an org, found without regard to case.
#[derive(Clone, Debug)]
pub(crate) struct Objects(BTreeMap<String, Table>);

impl Objects {
    pub(crate) fn new() -> Self {
        Self(all().into_iter().map(|table| (table.name.to_ascii_lowercase(), table)).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Table> {
        self.0.get(&name.to_ascii_lowercase())
    }

    /// An object that must be there.
    pub(crate) fn table(&mut self, name: &str) -> &mut Table {
        self.0.get_mut(&name.to_ascii_lowercase()).unwrap_or_else(|| panic!("no such object: {name}"))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Table> {
        self.0.values()
    }
}

/// Permissions that `PermissionSet` and `Profile` have a column for, without the prefix `Permissions`.
pub(crate) const PERMISSIONS: [&str; 27] = [
    "ApiEnabled",
    "ApiUserOnly",
    "AssignPermissionSets",
    "AuthorApex",
    "BypassMFAForUiLogins",
    "CanApproveUninstalledApps",
    "ClientSecretRotation",
    "CustomizeApplication",
    "ExternalClientAppAdmin",
    "ExternalClientAppDeveloper",
    "ExternalClientAppViewer",
    "ManageAuthProviders",
    "ManageInternalUsers",
    "ManageLoginAccessPolicies",
    "ManageProfilesPermissionsets",
    "ManageRemoteAccess",
    "ManageSessionPermissionSets",
    "ManageUsers",
    "ModifyAllData",
    "ModifyMetadata",
    "UseAnyApiAuth",
    "UseAnyApiClient",
    "ViewAllData",
    "ViewClientSecret",
    "ViewSetup",
    "ManageSandboxes",
    "EditTask",
];

/// Columns of `ExtlClntAppOauthSettings` that stand for scopes, without the prefix `OauthScopes`.
pub(crate) const SCOPES: &str = "SSO API WEB FULL CHATTER_REST_API VF REFRESH_TOKEN OFFLINE_ACCESS OPENID PROFILE EMAIL ADDRESS PHONE \
    CUSTOM_PERMISSIONS WAVE_REST_API ECLAIR_REST_API PARDOT_API LIGHTNING CONTENT CDP_INGEST_API CDP_PROFILE_API CDP_QUERY_API CHATBOT_API \
    CDP_SEGMENT_API CDP_IDENTITYRESOLUTION_API CDP_CALCULATED_INSIGHT_API FORGOT_PASSWORD USER_REGISTRATION_API SFAP_API INTERACTION_API CDP_API \
    EINSTEIN_GPT_API PWDLESS_LOGIN_API MCP_API SCRT_API HUB_API";

const AUDIT: &str = "CreatedDate:dateTime CreatedById:>User.CreatedBy LastModifiedDate:dateTime LastModifiedById:>User.LastModifiedBy \
    SystemModstamp:dateTime";

/// Name, key prefix, the APIs that have it, permissions one of which makes it visible, columns after `Id`.
type Definition = (&'static str, &'static str, &'static str, &'static str, &'static str);

const SETUP: &str = "ViewSetup ManageSessionPermissionSets AssignPermissionSets ManageProfilesPermissionsets";

const OBJECTS: [Definition; 28] = [
    (
        "Organization",
        "00D",
        "data",
        "",
        "Name OrganizationType InstanceName NamespacePrefix IsSandbox:boolean TrialExpirationDate:dateTime CreatedDate:dateTime",
    ),
    (
        "User",
        "005",
        "data tooling",
        "",
        "Username Name FirstName LastName Email Alias IsActive:boolean ProfileId:>Profile.Profile UserType:picklist(Standard|PowerPartner|\
         PowerCustomerSuccess|CustomerSuccess|Guest|CspLitePortal|CsnOnly|SelfService|AutomatedProcess|CloudIntegrationUser) FederationIdentifier \
         LastLoginDate:dateTime UserRoleId:>UserRole CreatedDate:dateTime SystemModstamp:dateTime",
    ),
    ("UserLogin", "10Q", "data", "", "UserId:>User IsFrozen:boolean IsPasswordLocked:boolean LastModifiedDate:dateTime"),
    ("UserLicense", "100", "data", "", "Name MasterLabel LicenseDefinitionKey TotalLicenses:int UsedLicenses:int Status"),
    (
        "PermissionSetLicense",
        "0PL",
        "data",
        "",
        "DeveloperName MasterLabel PermissionSetLicenseKey TotalLicenses:int UsedLicenses:int Status",
    ),
    (
        "Profile",
        "00e",
        "data tooling",
        "",
        "Name UserType UserLicenseId:>UserLicense.UserLicense IsSsoEnabled:boolean Description CreatedDate:dateTime SystemModstamp:dateTime \
         {permissions}",
    ),
    (
        "PermissionSet",
        "0PS",
        "data tooling",
        SETUP,
        "Name Label NamespacePrefix Description IsCustom:boolean IsOwnedByProfile:boolean ProfileId:>Profile.Profile \
         PermissionSetGroupId:>PermissionSetGroup.PermissionSetGroup Type:picklist(Regular|Standard|Session|Profile|Group) \
         LicenseId:>PermissionSetLicense.License HasActivationRequired:boolean PsgCount:int {audit} {permissions}",
    ),
    (
        "PermissionSetGroup",
        "0PG",
        "data tooling",
        SETUP,
        "DeveloperName MasterLabel NamespacePrefix Description Language Status:picklist(Updated|Outdated|Updating|Failed) \
         HasActivationRequired:boolean {audit}",
    ),
    (
        "PermissionSetGroupComponent",
        "0PM",
        "data tooling",
        SETUP,
        "PermissionSetGroupId:>PermissionSetGroup.PermissionSetGroup PermissionSetId:>PermissionSet.PermissionSet SystemModstamp:dateTime",
    ),
    (
        "MutingPermissionSet",
        "0QM",
        "data tooling",
        SETUP,
        "DeveloperName MasterLabel Description Language NamespacePrefix {audit} {permissions}",
    ),
    (
        "PermissionSetAssignment",
        "0Pa",
        "data tooling",
        "ViewSetup AssignPermissionSets ManageUsers",
        "AssigneeId:>User.Assignee PermissionSetId:>PermissionSet.PermissionSet PermissionSetGroupId:>PermissionSetGroup.PermissionSetGroup \
         ExpirationDate:dateTime IsActive:boolean IsRevoked:boolean SystemModstamp:dateTime",
    ),
    (
        "SetupEntityAccess",
        "0J0",
        "data",
        "ViewSetup",
        "ParentId:>PermissionSet.Parent SetupEntityId:>ConnectedApplication SetupEntityType:picklist(ApexClass|ApexPage|ConnectedApplication|\
         CustomPermission|ExternalClientApplication|TabSet) SystemModstamp:dateTime",
    ),
    (
        "ConnectedApplication",
        "0H4",
        "data tooling",
        "",
        "Name {audit} StartUrl MobileStartUrl MobileSessionTimeout PinLength OptionsAllowAdminApprovedUsersOnly:boolean \
         RefreshTokenValidityPeriod:int OptionsRefreshTokenValidityMetric:boolean OptionsHasSessionLevelPolicy:boolean OptionsIsInternal:boolean \
         OptionsFullContentPushNotifications:boolean OptionsCodeCredentialGuestEnabled:boolean OptionsTokenExchangeManageBitEnabled:boolean \
         OptionsAppIssueJwtTokenEnabled:boolean@data OptionsAllowExpiredUvidJWT:boolean@data UvidTimeout NamedUserUvidTimeout \
         DeveloperName@tooling ContactEmail@tooling ContactPhone@tooling Description@tooling IconUrl@tooling InfoUrl@tooling LogoUrl@tooling \
         Version@tooling ExecutionUserId:>User@tooling ConnAppPluginClassId:>ApexClass@tooling SessionPolicyAction@tooling \
         SessionTimeout@tooling SamlLoginInformation@tooling",
    ),
    (
        "ExternalClientApplication",
        "0xI",
        "data tooling",
        "",
        "DeveloperName MasterLabel Language NamespacePrefix {audit} ContactEmail ContactPhone Description \
         DistributionState:picklist(Local|Packaged|Managed|AutoInstalled) ManagedType:picklist(Local|Global) OrgScopedExternalApp IconUrl InfoUrl \
         LogoUrl Version IsDeleted:boolean ManageableState@tooling ManagedCollection@data ManagedSetupPointer@data",
    ),
    (
        "ExtlClntAppOauthPlcyCnfg",
        "0yI",
        "data tooling",
        "",
        "DeveloperName MasterLabel Language NamespacePrefix {audit} ExternalClientApplicationId:>ExternalClientApplication.ExternalClientApplication \
         ExtlClntAppOauthSettingsId:>ExtlClntAppOauthSettings PermittedUsersPolicyType:picklist(AdminApprovedPreAuthorized|AllSelfAuthorized) \
         IpRelaxationPolicyType:picklist(0=Enforce|1=Bypass_2factor|2=Bypass|3=Enforce_RelaxRefresh) \
         RefreshTokenPolicyType:picklist(Infinite|Zero|SpecificLifetime|SpecificInactivity) RefreshTokenValidityPeriod:int \
         RefreshTokenValidityUnit:picklist(0=Days|1=Hours|2=Months) RequiredSessionLevel:picklist(LOW|STANDARD|HIGH_ASSURANCE) \
         PolicyAction:picklist(Block|RaiseSessionLevel) SessionTimeoutInMinutes:int IsClientCredentialsFlowEnabled:boolean ClientCredentialsFlowUser \
         IsGuestCodeCredFlowEnabled:boolean IsTokenExchangeFlowEnabled:boolean NamedUserJwtTimeout:int NamedUserJwtSessionTimeoutType \
         GuestJwtTimeout:int GuestJwtSessionTimeoutType ApexHandlerId:>ApexClass ExecuteHandlerAsId:>User SingleLogoutUrl StartUrl",
    ),
    (
        "ExtlClntAppOauthSettings",
        "0xJ",
        "data tooling",
        "",
        "DeveloperName MasterLabel Language NamespacePrefix {audit} ExternalClientApplicationId:>ExternalClientApplication.ExternalClientApplication \
         {scopes} ExtlClntAppOauthOptionsFirstPartyAppEnabled:boolean OauthLink SingleLogoutUrl ManageableState@tooling",
    ),
    (
        "ExtlClntAppOauthIpRange",
        "0yR",
        "data tooling",
        "",
        "ExtlClntAppOauthSettingsId:>ExtlClntAppOauthSettings.ExtlClntAppOauthSettings StartIpAddress EndIpAddress Description {audit}",
    ),
    (
        "ExtlClntAppPlcyCnfg",
        "0yC",
        "data tooling",
        "",
        "DeveloperName MasterLabel Language NamespacePrefix {audit} ExternalClientApplicationId:>ExternalClientApplication.ExternalClientApplication \
         IsEnabled:boolean OauthPluginStatus:picklist(Disabled|Enabled|Notinstalled) SamlPluginStatus:picklist(Disabled|Enabled|Notinstalled) \
         MobilePluginStatus:picklist(Disabled|Enabled|Notinstalled) PushPluginStatus:picklist(Disabled|Enabled|Notinstalled) \
         NotifPluginStatus:picklist(Disabled|Enabled|Notinstalled) CanvasPluginStatus:picklist(Disabled|Enabled|Notinstalled) StartPage StartUrl",
    ),
    (
        "ExtlClntAppOauthConsumer",
        "0yK",
        "data tooling",
        "",
        "DeveloperName MasterLabel {audit} ExternalClientApplicationId:>ExternalClientApplication.ExternalClientApplication \
         ExtlClntAppOauthSettingsId:>ExtlClntAppOauthSettings.ExtlClntAppOauthSettings",
    ),
    (
        "OauthToken",
        "0CQ",
        "data",
        "",
        "AppName AppMenuItemId:>AppMenuItem.AppMenuItem UserId:>User.User CreatedDate:dateTime LastUsedDate:dateTime UseCount:int -AccessToken \
         -RequestToken -DeleteToken",
    ),
    (
        "AppMenuItem",
        "0DS",
        "data",
        "",
        "ApplicationId:>ConnectedApplication Name Label NamespacePrefix \
         Type:picklist(ConnectedApplication|ExternalClientApplication|TabSet|ServiceProvider|Network) IsUsingAdminAuthorization:boolean \
         IsAccessible:boolean IsVisible:boolean StartUrl SystemModstamp:dateTime",
    ),
    (
        "LoginHistory",
        "0Ya",
        "data",
        "",
        "UserId:>User LoginTime:dateTime LoginType:picklist(Application|Remote Access 2.0|Other Apex API|SAML Idp Initiated SSO) LoginSubType \
         -Application -Status -ApiType -ApiVersion -ClientVersion SourceIp LoginUrl -Browser -Platform AuthenticationServiceId NetworkId",
    ),
    (
        "SetupAuditTrail",
        "0Ym",
        "data tooling",
        "ViewSetup",
        "Action CreatedDate:dateTime CreatedById:>User.CreatedBy -Section -Display -DelegateUser -ResponsibleNamespacePrefix",
    ),
    (
        "InstalledMobileApp",
        "0GX",
        "data",
        "",
        "ConnectedApplicationId:>ConnectedApplication.ConnectedApplication Name Status UserId:>User.User Version",
    ),
    (
        "OauthCustomScope",
        "0OS",
        "data",
        "ManageRemoteAccess",
        "DeveloperName MasterLabel Description IsPublic:boolean NamespacePrefix {audit}",
    ),
    ("OauthCustomScopeApp", "0OA", "data", "ManageRemoteAccess", "OauthCustomScopeId:>OauthCustomScope.OauthCustomScope {audit}"),
    ("SecurityHealthCheck", "0HC", "tooling", "ViewSetup", "DurableId CustomBaselineId Score"),
    (
        "SessionPermSetActivation",
        "0SA",
        "data",
        SETUP,
        "PermissionSetId:>PermissionSet.PermissionSet UserId:>User.User Description {audit}",
    ),
];

/// All sObjects, without rows.
fn all() -> Vec<Table> {
    OBJECTS.iter().map(table).collect()
}

fn table((name, prefix, apis, needs, columns): &Definition) -> Table {
    let permissions: Vec<String> = PERMISSIONS.iter().map(|name| format!("Permissions{name}:boolean")).collect();
    let scopes: Vec<String> = SCOPES.split_whitespace().map(|name| format!("OauthScopes{name}:boolean")).collect();
    let columns = columns
        .replace("{audit}", AUDIT)
        .replace("{permissions}", &permissions.join(" "))
        .replace("{scopes}", &scopes.join(" "))
        // The only value with spaces in it.
        .replace("Remote Access 2.0", "Remote~Access~2.0")
        .replace("Other Apex API", "Other~Apex~API")
        .replace("SAML Idp Initiated SSO", "SAML~Idp~Initiated~SSO");
    let id = Field {
        name: "Id".to_owned(),
        kind: Kind::Id,
        filterable: true,
        groupable: true,
        data: true,
        tooling: true,
        hidden: false,
    };
    let fields = std::iter::once(id).chain(columns.split_whitespace().map(field)).collect();
    let mut table = Table::new(name, prefix, fields);
    (table.data, table.tooling) = (apis.contains("data"), apis.contains("tooling"));
    table.needs = needs.split_whitespace().map(str::to_owned).collect();
    // Documented as always null.
    if *name == "OauthToken" { table.without_ids() } else { table }
}

fn field(column: &str) -> Field {
    let (column, only) = column.split_once('@').map_or((column, None), |(column, api)| (column, Some(api)));
    let (column, filterable) = column.strip_prefix('-').map_or((column, true), |column| (column, false));
    let (name, kind) = column.split_once(':').unwrap_or((column, ""));
    Field {
        name: name.to_owned(),
        kind: kind_of(kind),
        filterable,
        // Check boxes can be grouped since API 18; long text cannot.
        groupable: !matches!(name, "Description" | "AccessToken" | "RequestToken" | "DeleteToken") && kind != "dateTime",
        data: only != Some("tooling"),
        tooling: only != Some("data"),
        hidden: false,
    }
}

fn kind_of(text: &str) -> Kind {
    if let Some(target) = text.strip_prefix('>') {
        let (to, relationship) = target.split_once('.').map_or((target, None), |(to, name)| (to, Some(name.to_owned())));
        return Kind::Reference { to: to.to_owned(), relationship };
    }
    if let Some(values) = text.strip_prefix("picklist(").and_then(|rest| rest.strip_suffix(')')) {
        return Kind::Picklist(values.split('|').map(|value| value.replace('~', " ")).collect());
    }
    match text {
        "" => Kind::Text,
        "boolean" => Kind::Bool,
        "int" => Kind::Int,
        "date" => Kind::Date,
        "dateTime" => Kind::DateTime,
        other => panic!("no such kind of column: {other}"),
    }
}
