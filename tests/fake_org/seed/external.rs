//! External Client Apps: rows, metadata in all its parts, assignments.

use serde_json::json;

use super::super::org::FakeOrg;

/// An External Client App in short.
struct App<'a> {
    name: &'a str,
    label: &'a str,
    scopes: &'a [(&'a str, &'a str)],
    enabled: bool,
    /// Elements of the policies, after the name of the app.
    policy: String,
    /// Columns of the policies.
    columns: serde_json::Value,
    /// Elements of the global settings.
    global: &'a str,
    granted: &'a [&'a str],
}

pub(super) fn add(org: &mut FakeOrg) {
    let erp = org.id("PermissionSet", "Name", "ERP_Integration");
    add_app(
        org,
        &App {
            name: "Order_Hub",
            label: "Order Hub",
            scopes: &[("Api", "API"), ("RefreshToken", "REFRESH_TOKEN")],
            enabled: true,
            // The id of a permission set where others have its name.
            policy: format!(
                "<commaSeparatedPermissionSet>{erp}</commaSeparatedPermissionSet>\
                 <clientCredentialsFlowUser>erp.integration@acme.example.com</clientCredentialsFlowUser>\
                 <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>\
                 <ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\
                 <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>\
                 <refreshTokenPolicyType>SpecificInactivity</refreshTokenPolicyType>\
                 <refreshTokenValidityPeriod>30</refreshTokenValidityPeriod><refreshTokenValidityUnit>Days</refreshTokenValidityUnit>\
                 <requiredSessionLevel>STANDARD</requiredSessionLevel>"
            ),
            columns: json!({"PermittedUsersPolicyType": "AdminApprovedPreAuthorized", "IpRelaxationPolicyType": "0",
                "RefreshTokenPolicyType": "SpecificInactivity", "RefreshTokenValidityPeriod": 30, "RefreshTokenValidityUnit": "0",
                "RequiredSessionLevel": "STANDARD", "IsClientCredentialsFlowEnabled": true,
                "ClientCredentialsFlowUser": "erp.integration@acme.example.com"}),
            global: "<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled><isPkceRequired>true</isPkceRequired>\
                     <isRefreshTokenRotationEnabled>true</isRefreshTokenRotationEnabled>",
            granted: &["ERP_Integration"],
        },
    );
    add_app(
        org,
        &App {
            name: "Analytics_Feed",
            label: "Analytics Feed",
            scopes: &[("Api", "API"), ("RefreshToken", "REFRESH_TOKEN"), ("Web", "WEB")],
            enabled: true,
            policy: "<clientCredentialsFlowUser>legacy.feed@acme.example.com</clientCredentialsFlowUser>\
                     <isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>\
                     <ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\
                     <permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>\
                     <refreshTokenPolicyType>SpecificLifetime</refreshTokenPolicyType>\
                     <refreshTokenValidityPeriod>365</refreshTokenValidityPeriod><refreshTokenValidityUnit>Days</refreshTokenValidityUnit>\
                     <requiredSessionLevel>STANDARD</requiredSessionLevel>"
                .to_owned(),
            columns: json!({"PermittedUsersPolicyType": "AllSelfAuthorized", "IpRelaxationPolicyType": "0",
                "RefreshTokenPolicyType": "SpecificLifetime", "RefreshTokenValidityPeriod": 365, "RefreshTokenValidityUnit": "0",
                "RequiredSessionLevel": "STANDARD", "IsClientCredentialsFlowEnabled": true,
                "ClientCredentialsFlowUser": "legacy.feed@acme.example.com"}),
            global: "<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled><isPkceRequired>true</isPkceRequired>",
            granted: &[],
        },
    );
    add_app(
        org,
        &App {
            name: "Chat_Assistant",
            label: "Chat Assistant",
            scopes: &[("Api", "API"), ("Chatbot", "CHATBOT_API")],
            enabled: false,
            policy: "<commaSeparatedPermissionSet>Contractors</commaSeparatedPermissionSet>\
                     <commaSeparatedProfile>Sales Operations</commaSeparatedProfile>\
                     <ipRelaxationPolicyType>Bypass</ipRelaxationPolicyType>\
                     <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>\
                     <refreshTokenPolicyType>Zero</refreshTokenPolicyType>"
                .to_owned(),
            columns: json!({"PermittedUsersPolicyType": "AdminApprovedPreAuthorized", "IpRelaxationPolicyType": "2",
                "RefreshTokenPolicyType": "Zero"}),
            global: "<isPkceRequired>true</isPkceRequired>",
            granted: &["Contractors", "Sales Operations"],
        },
    );
}

fn add_app(org: &mut FakeOrg, app: &App) {
    let (name, label) = (app.name, app.label);
    let created = "2026-01-05T09:00:00.000+0000";
    let id = org.insert(
        "ExternalClientApplication",
        json!({"DeveloperName": name, "MasterLabel": label, "Language": "en_US", "ContactEmail": "sales-tools@acme.internal",
               "DistributionState": "Local", "ManagedType": "Local", "Version": "1.0", "CreatedDate": created}),
    );
    let mut settings = json!({"DeveloperName": format!("{name}_oauth"), "MasterLabel": format!("{name}_oauth"), "ExternalClientApplicationId": id});
    for (_, column) in app.scopes {
        settings[format!("OauthScopes{column}")] = json!(true);
    }
    let settings = org.insert("ExtlClntAppOauthSettings", settings);
    // The name Salesforce gives: not the app's.
    let policy_name = format!("{name}_defaultPolicy");
    let mut columns = app.columns.clone();
    columns["DeveloperName"] = json!(policy_name);
    columns["MasterLabel"] = json!(policy_name);
    columns["ExternalClientApplicationId"] = json!(id);
    columns["ExtlClntAppOauthSettingsId"] = json!(settings);
    let policy = org.insert("ExtlClntAppOauthPlcyCnfg", columns);
    let status = if app.enabled { "Enabled" } else { "Disabled" };
    let switches = org.insert(
        "ExtlClntAppPlcyCnfg",
        json!({"DeveloperName": policy_name, "MasterLabel": policy_name, "ExternalClientApplicationId": id, "IsEnabled": app.enabled,
               "OauthPluginStatus": status, "SamlPluginStatus": "Notinstalled", "MobilePluginStatus": "Notinstalled"}),
    );
    let of_app = format!("<externalClientApplication>{name}</externalClientApplication>");
    org.component(
        "ExternalClientApplication",
        name,
        &id,
        &format!(
            "<contactEmail>sales-tools@acme.internal</contactEmail><description>{label} of Acme</description>\
             <distributionState>Local</distributionState><isProtected>false</isProtected><label>{label}</label>\
             <managedType>Local</managedType><orgScopedExternalApp>00D000000000001EAA:{name}</orgScopedExternalApp>"
        ),
    );
    let host = name.to_lowercase().replace('_', "-");
    org.component(
        "ExtlClntAppGlobalOauthSettings",
        &format!("{name}_glbloauth"),
        "",
        &format!(
            "<callbackUrl>https://{host}.acme.internal/oauth/callback</callbackUrl><consumerKey>FakeKey{}NotARealOne</consumerKey>{of_app}\
             <label>{name}_glbloauth</label>{}",
            name.replace('_', ""),
            app.global
        ),
    );
    let scopes: Vec<&str> = app.scopes.iter().map(|(word, _)| *word).collect();
    org.component(
        "ExtlClntAppOauthSettings",
        &format!("{name}_oauth"),
        &settings,
        &format!("<commaSeparatedOauthScopes>{}</commaSeparatedOauthScopes>{of_app}<label>{name}_oauth</label>", scopes.join(", ")),
    );
    org.component(
        "ExtlClntAppOauthConfigurablePolicies",
        &policy_name,
        &policy,
        &format!("{of_app}<label>{policy_name}</label>{}", app.policy),
    );
    org.component(
        "ExtlClntAppConfigurablePolicies",
        &policy_name,
        &switches,
        &format!(
            "{of_app}<isEnabled>{0}</isEnabled><isOauthPluginEnabled>{0}</isOauthPluginEnabled><label>{policy_name}</label>",
            app.enabled
        ),
    );
    for holder in app.granted {
        org.grant_app(holder, &id, "ExternalClientApplication");
    }
    org.usage.push(json!({"identifier": id, "developerName": name, "label": label}));
}
