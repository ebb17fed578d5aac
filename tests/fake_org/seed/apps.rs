//! Connected apps: rows, metadata, menu items, assignments.

use serde_json::json;

use super::super::org::FakeOrg;

const CERTIFICATE: &str = include_str!("../../data/certificates/rsa-2048.pem");

/// A connected app in short.
#[derive(Default)]
struct App<'a> {
    name: &'a str,
    label: &'a str,
    scopes: &'a [&'a str],
    admin_approved: bool,
    /// More elements of `oauthConfig`.
    oauth: &'a str,
    /// More elements of the app.
    more: &'a str,
    /// As in the metadata; the default is no limit.
    refresh: Option<&'a str>,
    permission_sets: &'a [&'a str],
    profiles: &'a [&'a str],
}

pub(super) fn add(org: &mut FakeOrg) {
    for app in [
        App { name: "Survey_Tool", label: "Survey Tool", scopes: &["Full", "RefreshToken"], ..App::default() },
        App {
            name: "ERP_Sync",
            label: "ERP Sync",
            scopes: &["Api", "RefreshToken"],
            admin_approved: true,
            oauth: "<isPkceRequired>true</isPkceRequired><isRefreshTokenRotationEnabled>true</isRefreshTokenRotationEnabled>",
            more: "<ipRanges><description>ERP egress</description><start>203.0.113.10</start><end>203.0.113.20</end></ipRanges>\
                   <sessionPolicy><sessionTimeout>60</sessionTimeout></sessionPolicy>",
            refresh: Some("specific_inactivity:30:DAYS"),
            permission_sets: &["ERP_Integration"],
            ..App::default()
        },
        App {
            name: "Payroll_Bridge",
            label: "Payroll Bridge",
            scopes: &["Api"],
            admin_approved: true,
            oauth: &format!("<certificate>{}</certificate>", CERTIFICATE.trim()),
            refresh: Some("zero"),
            permission_sets: &["Portal_Guests"],
            ..App::default()
        },
        App {
            name: "Warehouse_Export",
            label: "Warehouse Export",
            scopes: &["Api"],
            admin_approved: true,
            oauth: "<isClientCredentialEnabled>true</isClientCredentialEnabled>\
                    <oauthClientCredentialUser>warehouse.export@acme.example.com</oauthClientCredentialUser>",
            refresh: Some("zero"),
            profiles: &["System Administrator"],
            ..App::default()
        },
        App {
            name: "Old_Importer",
            label: "Old Importer",
            scopes: &["Api", "RefreshToken"],
            admin_approved: true,
            more: "<sessionPolicy><policyAction>Block</policyAction></sessionPolicy>",
            refresh: Some("specific_lifetime:30:DAYS"),
            permission_sets: &["Former_Staff_Tools"],
            ..App::default()
        },
        App {
            name: "Contractor_Portal",
            label: "Contractor Portal",
            scopes: &["Api", "Web", "RefreshToken"],
            admin_approved: true,
            refresh: Some("specific_lifetime:7:DAYS"),
            permission_sets: &["Contractors", "Payout_Session"],
            ..App::default()
        },
        App {
            name: "Team_Calendar",
            label: "Team Calendar",
            scopes: &["Api", "RefreshToken"],
            admin_approved: true,
            refresh: Some("specific_inactivity:14:DAYS"),
            permission_sets: &["Everyone_Base"],
            ..App::default()
        },
        App {
            name: "Field_Reports",
            label: "Field Reports",
            scopes: &["Api", "RefreshToken"],
            admin_approved: true,
            refresh: Some("specific_inactivity:14:DAYS"),
            permission_sets: &["Field_Reports"],
            ..App::default()
        },
    ] {
        connected_app(org, &app);
    }
    // Installed from packages: one that is listed but comes without content, one that is not even listed.
    let vendor = installed(org, "Vendor", "Vendor", "ns", true);
    org.component(
        "ConnectedApp",
        "ns__Vendor",
        &vendor,
        "<contactEmail>hello@vendor.example.com</contactEmail><label>Vendor</label>",
    )
    .readable = false;
    installed(org, "Connector", "Mailbox Connector", "mailbox", false);
    let scope =
        json!({"DeveloperName": "Payouts", "MasterLabel": "Payouts", "Description": "May release payouts", "IsPublic": false});
    let scope = org.insert("OauthCustomScope", scope);
    org.component(
        "OauthCustomScope",
        "Payouts",
        &scope,
        "<assignedTo><connectedApp>ERP_Sync</connectedApp></assignedTo><description>May release payouts</description>\
         <developerName>Payouts</developerName><isProtected>false</isProtected><isPublic>false</isPublic><masterLabel>Payouts</masterLabel>",
    );
}

fn connected_app(org: &mut FakeOrg, app: &App) {
    let refresh = app.refresh.unwrap_or("infinite");
    let (period, inactivity) = period(refresh);
    let blocked = app.more.contains("<policyAction>Block");
    let id = org.insert(
        "ConnectedApplication",
        json!({"Name": app.label, "DeveloperName": app.name, "ContactEmail": "sales-tools@acme.internal",
               "OptionsAllowAdminApprovedUsersOnly": app.admin_approved, "RefreshTokenValidityPeriod": period,
               "OptionsRefreshTokenValidityMetric": inactivity, "SessionPolicyAction": blocked.then_some("Block"),
               "CreatedDate": "2025-03-01T09:00:00.000+0000", "LastModifiedDate": "2026-02-01T09:00:00.000+0000"}),
    );
    menu_item(org, &id, app.name, app.label, None, app.admin_approved);
    let scopes: String = app.scopes.iter().map(|scope| format!("<scopes>{scope}</scopes>")).collect();
    let sets: String = app.permission_sets.iter().map(|name| format!("<permissionSetName>{name}</permissionSetName>")).collect();
    let profiles: String = app.profiles.iter().map(|name| format!("<profileName>{name}</profileName>")).collect();
    let host = app.name.to_lowercase().replace('_', "-");
    let body = format!(
        "<contactEmail>sales-tools@acme.internal</contactEmail><description>{} of Acme</description><label>{}</label><oauthConfig>\
         <callbackUrl>https://{host}.acme.internal/oauth/callback</callbackUrl><consumerKey>FakeKey{}NotARealOne</consumerKey>\
         <isAdminApproved>{}</isAdminApproved>{}{scopes}</oauthConfig><oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation>\
         <refreshTokenPolicy>{refresh}</refreshTokenPolicy></oauthPolicy>{sets}{profiles}{}",
        app.label,
        app.label,
        app.name.replace('_', ""),
        app.admin_approved,
        app.oauth,
        app.more,
    );
    org.component("ConnectedApp", app.name, &id, &body);
    for holder in app.permission_sets.iter().chain(app.profiles) {
        org.grant_app(holder, &id, "ConnectedApplication");
    }
}

fn installed(org: &mut FakeOrg, name: &str, label: &str, namespace: &str, admin_approved: bool) -> String {
    let id = org.insert(
        "ConnectedApplication",
        json!({"Name": label, "DeveloperName": name, "OptionsAllowAdminApprovedUsersOnly": admin_approved, "Version": "3.1",
               "CreatedDate": "2025-07-01T09:00:00.000+0000"}),
    );
    menu_item(org, &id, name, label, Some(namespace), admin_approved);
    if admin_approved {
        org.grant_app("Sales Operations", &id, "ConnectedApplication");
    }
    id
}

fn menu_item(org: &mut FakeOrg, app: &str, name: &str, label: &str, namespace: Option<&str>, admin_approved: bool) {
    org.insert(
        "AppMenuItem",
        json!({"ApplicationId": app, "Name": name, "Label": label, "NamespacePrefix": namespace, "Type": "ConnectedApplication",
               "IsUsingAdminAuthorization": admin_approved, "IsAccessible": true, "IsVisible": true}),
    );
    org.usage.push(json!({"identifier": app, "developerName": name, "label": label}));
}

/// What SOQL shows of a refresh token policy: a number without its unit, and whether it counts inactivity.
fn period(policy: &str) -> (Option<i64>, bool) {
    let number = policy.split(':').nth(1).and_then(|number| number.parse().ok());
    (number, policy.starts_with("specific_inactivity"))
}
