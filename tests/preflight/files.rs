//! What files tell of a request, step by step: tables written from the authorization reference.

use crate::support::{Project, component, connected_app, part};
use crate::{CERTIFICATE, said};

const EXPIRED: &str = include_str!("../data/certificates/expired.pem");
const EC: &str = include_str!("../data/certificates/ec-p256.pem");

/// An app that is right for most flows: admin-approved, assigned, with its scopes; `oauth` are more elements of its OAuth settings.
fn project(oauth: &str) -> Project {
    app(&format!(
        "<oauthConfig><callbackUrl>https://erp.acme.internal/cb\nacme://done</callbackUrl>{oauth}<isAdminApproved>true</isAdminApproved>\
         <scopes>Api</scopes><scopes>RefreshToken</scopes></oauthConfig><permissionSetName>ERP</permissionSetName>"
    ))
}

fn app(elements: &str) -> Project {
    Project::new().file("app/erp.connectedApp-meta.xml", connected_app(elements))
}

fn ask(project: &Project, flow: &str, more: &[&str]) -> String {
    said(&project.run(&[&["preflight", "--app", "erp", "--flow", flow, "--format", "json"], more].concat()))
}

fn certificate(pem: &str) -> String {
    format!("<certificate>{}</certificate>", pem.trim())
}

#[test]
fn requests_have_a_shape() {
    const NO_SCOPE: &str = "would-refuse | scope-parameter-not-supported | invalid_request: scope parameter not supported (high)";
    let jwt = project(&certificate(CERTIFICATE));
    let client_credentials = project(
        "<isClientCredentialEnabled>true</isClientCredentialEnabled>\
         <oauthClientCredentialUser>erp@acme.example.com</oauthClientCredentialUser>",
    );
    for (project, flow, options, expected) in [
        (&jwt, "jwt-bearer", &["--scope", "api"][..], NO_SCOPE),
        (&client_credentials, "client-credentials", &["--scope", "api"], NO_SCOPE),
        (&jwt, "saml-bearer", &["--scope", "api"], "cannot-tell | requested-scopes"),
        (&jwt, "web-server", &["--scope", "api refresh_token"], "would-issue"),
        (
            &jwt,
            "web-server",
            &["--scope", "api,web"],
            "would-refuse | scope-not-on-app | OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication. Please \
             try again. (medium)",
        ),
        (&client_credentials, "client-credentials", &["--login-host", "acme.my.salesforce.com"], "would-issue"),
        (
            &client_credentials,
            "client-credentials",
            &["--login-host", "https://login.salesforce.com/services/oauth2/token"],
            "would-refuse | not-my-domain | invalid_grant: request not supported on this domain (high)",
        ),
        (&client_credentials, "client-credentials", &["--login-host", "portal.acme.example.com"], "cannot-tell | login-host"),
    ] {
        assert_eq!(ask(project, flow, options), expected, "{flow} {options:?}");
    }
}

#[test]
fn clients_must_prove_themselves() {
    const INVALID: &str = "would-refuse | invalid-assertion | invalid_grant: invalid assertion (high)";
    for (what, oauth, flow, options, expected) in [
        ("no certificate", String::new(), "jwt-bearer", &[][..], INVALID),
        ("an expired one", certificate(EXPIRED), "jwt-bearer", &[], INVALID),
        ("no RSA key", certificate(EC), "jwt-bearer", &[], INVALID),
        ("no RSA key, which only JWT is known to want", certificate(EC), "saml-bearer", &[], "cannot-tell | certificate"),
        ("what is no certificate", certificate("ERP_Certificate"), "jwt-bearer", &[], "cannot-tell | certificate"),
        ("a template variable", certificate("${CERTIFICATE}"), "jwt-bearer", &[], "would-issue"),
        ("a callback", String::new(), "web-server", &["--redirect-uri", "acme://done"], "would-issue"),
        (
            "a slash too many",
            String::new(),
            "web-server",
            &["--redirect-uri", "https://erp.acme.internal/cb/"],
            "would-refuse | redirect-uri-mismatch | redirect_uri_mismatch: redirect_uri must match configuration (high)",
        ),
    ] {
        assert_eq!(ask(&project(&oauth), flow, options), expected, "{what}");
    }
}

#[test]
fn session_policies_and_switches_stand_in_the_way() {
    let oauth = |more: &str| {
        format!(
            "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl>{}<isAdminApproved>true</isAdminApproved>\
             <scopes>Api</scopes><scopes>RefreshToken</scopes></oauthConfig>{more}<permissionSetName>ERP</permissionSetName>",
            certificate(CERTIFICATE)
        )
    };
    let level =
        "<sessionPolicy><policyAction>RaiseSessionLevel</policyAction><sessionLevel>HIGH_ASSURANCE</sessionLevel></sessionPolicy>";
    let block = "<sessionPolicy><policyAction>Block</policyAction></sessionPolicy>";
    for (what, elements, flow, expected) in [
        ("high assurance without a page", oauth(level), "jwt-bearer", "would-refuse | high-assurance-without-screen"),
        ("high assurance with a page", oauth(level), "web-server", "would-issue"),
        ("high assurance, and nobody knows", oauth(level), "code-credentials", "would-refuse | flow-switched-off"),
        ("blocked", oauth(block), "jwt-bearer", "would-refuse | app-switched-off"),
        ("a switch that files do not state", oauth(""), "device", "cannot-tell | app-switch"),
        ("an org switch that is not in the files", oauth(""), "username-password", "cannot-tell | org-switch"),
    ] {
        let project = app(&elements).file(
            "app/settings/ConnectedApp.settings-meta.xml",
            component("ConnectedAppSettings", "<enableAdminApprovedAppsOnly>false</enableAdminApprovedAppsOnly>"),
        );
        let said = ask(&project, flow, &[]);
        // The switch of the org is not in the files.
        let said = said.strip_suffix(" | unsupported_grant_type: grant type not supported (low)").unwrap_or(&said);
        assert_eq!(said, expected, "{what}");
    }
}

#[test]
fn api_access_control_keeps_out_what_is_not_approved() {
    let app = |approved: bool| {
        app(&format!(
            "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl><isAdminApproved>{approved}</isAdminApproved>\
             <scopes>Api</scopes></oauthConfig><profileName>Sales</profileName>"
        ))
        .file(
            "app/settings/ConnectedApp.settings-meta.xml",
            component("ConnectedAppSettings", "<enableAdminApprovedAppsOnly>true</enableAdminApprovedAppsOnly>"),
        )
    };
    assert_eq!(ask(&app(true), "web-server", &[]), "would-issue");
    let said = ask(&app(false), "web-server", &[]);
    assert!(said.starts_with("would-refuse | api-access-control"), "{said}");
}

#[test]
fn login_ip_ranges_of_the_profile_let_requests_in() {
    const OUTSIDE: &[&str] = &["--profile", "Sales", "--source-ip", "198.51.100.7"];
    let project = |relaxation: &str| {
        app(&format!(
            "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl><isAdminApproved>true</isAdminApproved>\
             <scopes>Api</scopes><scopes>RefreshToken</scopes></oauthConfig>\
             <oauthPolicy><ipRelaxation>{relaxation}</ipRelaxation></oauthPolicy><profileName>Sales</profileName>"
        ))
        .file(
            "app/profiles/Sales.profile-meta.xml",
            component(
                "Profile",
                "<custom>true</custom><loginIpRanges><endAddress>203.0.113.20</endAddress>\
                 <startAddress>203.0.113.10</startAddress></loginIpRanges>",
            ),
        )
    };
    for (relaxation, flow, options, expected) in [
        ("ENFORCE", "web-server", &["--profile", "Sales", "--source-ip", "203.0.113.12"][..], "would-issue"),
        ("ENFORCE", "web-server", OUTSIDE, "would-refuse | ip-restricted | invalid_grant: ip restricted (high)"),
        ("BYPASS", "web-server", OUTSIDE, "cannot-tell | source-ip"),
        ("ENFORCE_RELAXREFRESH", "web-server", OUTSIDE, "would-refuse | ip-restricted | invalid_grant: ip restricted (high)"),
        (
            "ENFORCE_RELAXREFRESH",
            "refresh-token",
            &["--profile", "Sales", "--source-ip", "198.51.100.7", "--prior-approval", "yes"],
            "would-issue",
        ),
        ("ENFORCE", "web-server", &["--source-ip", "198.51.100.7"], "cannot-tell | source-ip"),
    ] {
        assert_eq!(ask(&project(relaxation), flow, options), expected, "{relaxation} {flow} {options:?}");
    }
}

#[test]
fn external_client_apps_are_asked_the_same() {
    let project = |global: bool| {
        let project = Project::new()
            .file("app/erp.eca-meta.xml", component("ExternalClientApplication", "<label>ERP</label>"))
            .file(
                "app/a.ecaOauth-meta.xml",
                part("ExtlClntAppOauthSettings", "erp", "<commaSeparatedOauthScopes>Api, RefreshToken</commaSeparatedOauthScopes>"),
            )
            .file(
                "app/b.ecaOauthPlcy-meta.xml",
                part(
                    "ExtlClntAppOauthConfigurablePolicies",
                    "erp",
                    "<commaSeparatedPermissionSet>ERP</commaSeparatedPermissionSet>\
                     <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>",
                ),
            );
        let project = project.file(
            "app/d.ecaPlcy-meta.xml",
            part(
                "ExtlClntAppConfigurablePolicies",
                "erp",
                "<isEnabled>true</isEnabled><isOauthPluginEnabled>true</isOauthPluginEnabled>",
            ),
        );
        if !global {
            return project;
        }
        let global = format!("<callbackUrl>https://erp.acme.internal/cb</callbackUrl>{}", certificate(CERTIFICATE));
        project.file("app/c.ecaGlblOauth-meta.xml", part("ExtlClntAppGlobalOauthSettings", "erp", &global))
    };
    for (global, flow, expected) in [
        (true, "jwt-bearer", "would-issue"),
        // Where the certificate is not in the files nobody knows that there is one.
        (false, "jwt-bearer", "cannot-tell | certificate"),
        // The certificate is documented for JWT alone.
        (true, "saml-bearer", "cannot-tell | app-kind"),
    ] {
        assert_eq!(ask(&project(global), flow, &[]), expected, "{flow}");
    }
    let said = ask(&project(true), "username-password", &[]);
    assert!(said.starts_with("would-refuse | flow-not-for-external-client-apps"), "{said}");
}

#[test]
fn policies_that_nobody_can_read_are_not_taken_for_granted() {
    let app = |policies: &str| {
        app(&format!(
            "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl><isAdminApproved>true</isAdminApproved><scopes>Api</scopes>\
             <scopes>RefreshToken</scopes><assetTokenConfig><assetAudiences>acme</assetAudiences><assetIncludeAttributes>true\
             </assetIncludeAttributes><assetIncludeCustomPerms>true</assetIncludeCustomPerms><assetSigningCertId>x</assetSigningCertId>\
             <assetValidityPeriod>60</assetValidityPeriod></assetTokenConfig></oauthConfig>{policies}\
             <permissionSetName>ERP</permissionSetName>"
        ))
    };
    let policy = |policy: &str| {
        format!("<oauthPolicy><ipRelaxation>BYPASS</ipRelaxation><refreshTokenPolicy>{policy}</refreshTokenPolicy></oauthPolicy>")
    };
    let level = "<sessionPolicy><sessionLevel>HIGH_ASSURANCE</sessionLevel></sessionPolicy>";
    let had = &["--prior-approval", "yes"][..];
    for (policies, flow, options, expected) in [
        (policy("infinite"), "refresh-token", had, "would-issue"),
        (policy("some_day"), "refresh-token", had, "cannot-tell | refresh-policy"),
        // That it is no cause is not confirmed, and the token has had its approval.
        (level.to_owned(), "refresh-token", had, "would-issue"),
        (String::new(), "asset-token", &[], "would-issue"),
        (level.to_owned(), "asset-token", &[], "cannot-tell | session-level"),
    ] {
        assert_eq!(ask(&app(&policies), flow, options), expected, "{flow}: {policies}");
    }
}
