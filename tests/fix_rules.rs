//! The fixes of the built-in rules, on metadata that the rule fails on: the fix is made, and the finding is gone.
#![allow(clippy::format_push_string, clippy::format_collect, reason = "short test code; speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeSet;

use support::Project;

/// A case: the rule, the metadata, and what contracts say.
enum Case {
    /// Elements of `oauthConfig`, and those beside it.
    Connected(&'static str, &'static str, &'static str, &'static str),
    /// Elements of the OAuth settings, the global ones and the policies; an empty text for a part that states nothing, and [`NONE`] for no such part.
    External(&'static str, [&'static str; 3], &'static str),
    /// Settings by their names and elements.
    Settings(&'static str, &'static str, &'static str),
}
use Case::{Connected as Ca, External as Eca, Settings};

/// No such part.
const NONE: &str = "none";
/// What a connected app has where a case names no address.
const OAUTH: &str = "<callbackUrl>https://a.acme.internal/cb</callbackUrl>";

#[rustfmt::skip]
const CASES: &[Case] = &[
    Ca("admin-approved-with-nobody-assigned", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "", "permission-sets: { at-least: [Own] }"),
    Eca("admin-approved-with-nobody-assigned", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "", "<permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>"], "permission-sets: { at-least: [Own] }"),
    Ca("assertion-app-self-authorize", "<certificate>MII</certificate><scopes>RefreshToken</scopes>", "", "permission-sets: { at-least: [Own] }"),
    Eca("any-user-may-self-authorize", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "", "<permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>"], "permission-sets: { at-least: [Own] }"),
    Ca("code-credentials-outside-post-body", "<isCodeCredentialEnabled>true</isCodeCredentialEnabled><scopes>Api</scopes>", "", ""),
    Eca("code-credentials-outside-post-body", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "<isCodeCredFlowEnabled>true</isCodeCredFlowEnabled>", ""], ""),
    Ca("contract-flow-unavailable", "<scopes>Api</scopes>", "", "flows: [code-credentials]"),
    Ca("contract-flow-undeclared", "<isCodeCredentialEnabled>true</isCodeCredentialEnabled><scopes>Api</scopes>", "", "flows: [web-server]"),
    Eca("contract-flow-undeclared", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "<isDeviceFlowEnabled>true</isDeviceFlowEnabled>", "<permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>"], "flows: [web-server]"),
    Ca("contract-high-assurance-missing", "<scopes>Api</scopes>", "", "session: { high-assurance: true }"),
    Eca("contract-high-assurance-missing", ["", "", "<requiredSessionLevel>STANDARD</requiredSessionLevel>"], "session: { high-assurance: true }"),
    Ca("contract-high-assurance-unexpected", "<scopes>Api</scopes>", "<sessionPolicy><sessionLevel>HIGH_ASSURANCE</sessionLevel></sessionPolicy>", "session: { high-assurance: false }"),
    Ca("contract-ip-relaxation-looser", "<scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>BYPASS</ipRelaxation><refreshTokenPolicy>zero</refreshTokenPolicy></oauthPolicy>", "ip-relaxation: enforce-relaxrefresh"),
    Eca("contract-ip-relaxation-looser", ["", "", "<ipRelaxationPolicyType>Bypass</ipRelaxationPolicyType>"], "ip-relaxation: enforce"),
    Ca("contract-ip-relaxation-stricter", "<scopes>Api</scopes>", "", "ip-relaxation: bypass-2factor"),
    Ca("contract-permission-set-missing", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<permissionSetName>Own</permissionSetName>", "permission-sets: { at-least: [Own, Other] }"),
    Ca("contract-permission-set-unexpected", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<permissionSetName>A</permissionSetName><permissionSetName>Own</permissionSetName>", "permission-sets: { exactly: [Own] }"),
    Eca("contract-permission-set-unexpected", ["", "", "<commaSeparatedPermissionSet>A, Own</commaSeparatedPermissionSet><permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>"], "permission-sets: { exactly: [Own] }"),
    Ca("contract-permitted-users-differ", "<scopes>Api</scopes>", "", "permitted-users: admin-approved, permission-sets: { at-least: [Own] }"),
    Ca("contract-profile-missing", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<permissionSetName>Own</permissionSetName>", "profiles: { at-least: [Portal] }"),
    Ca("contract-profile-unexpected", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<permissionSetName>Own</permissionSetName><profileName>Sales</profileName>", "profiles: { exactly: [] }"),
    Ca("contract-refresh-token-idles-too-long", "<scopes>Api</scopes><scopes>RefreshToken</scopes>", "", "refresh-token: { max-idle: 12 hours }"),
    Ca("contract-refresh-token-lives-too-long", "<scopes>Api</scopes><scopes>RefreshToken</scopes>", "", "refresh-token: { max-lifetime: 90 days }"),
    Eca("contract-refresh-token-lives-too-long", ["<commaSeparatedOauthScopes>Api,RefreshToken</commaSeparatedOauthScopes>", "", "<refreshTokenPolicyType>Infinite</refreshTokenPolicyType>"], "refresh-token: { max-lifetime: 3 months }"),
    Ca("contract-scope-forbidden", "<scopes>Api</scopes><scopes>Full</scopes>", "", "scopes: { forbid: [full] }"),
    Eca("contract-scope-forbidden", ["<commaSeparatedOauthScopes>Api, SFApiPlatform</commaSeparatedOauthScopes>", "", ""], "scopes: { forbid: [sfap_api] }"),
    Ca("contract-scope-unexpected", "<scopes>Api</scopes><scopes>Web</scopes>", "", "scopes: { allow: [api] }"),
    Ca("contract-session-too-long", "<scopes>Api</scopes>", "", "session: { max-minutes: 30 }"),
    Eca("credentials-rotated-on-each-deployment", ["", "<shouldRotateConsumerSecret>true</shouldRotateConsumerSecret>", ""], ""),
    Eca("device-flow-enabled", ["<commaSeparatedOauthScopes>Api, RefreshToken</commaSeparatedOauthScopes>", "<isDeviceFlowEnabled>true</isDeviceFlowEnabled>", ""], ""),
    Eca("guest-code-credentials", ["", "", "<isGuestCodeCredFlowEnabled>true</isGuestCodeCredFlowEnabled>"], ""),
    Ca("high-assurance-on-headless-app", "<certificate>MII</certificate><isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<sessionPolicy><policyAction>RaiseSessionLevel</policyAction><sessionLevel>HIGH_ASSURANCE</sessionLevel></sessionPolicy>", "flows: [jwt-bearer]"),
    Ca("id-token-lives-long", "<idTokenConfig><idTokenValidity>600</idTokenValidity></idTokenConfig><scopes>Api</scopes>", "", ""),
    Ca("ip-relaxation-unrecognised", "<scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>RELAX</ipRelaxation><refreshTokenPolicy>zero</refreshTokenPolicy></oauthPolicy>", ""),
    Ca("ip-restrictions-relaxed-for-devices", "<scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>BYPASS_2FACTOR</ipRelaxation><refreshTokenPolicy>zero</refreshTokenPolicy></oauthPolicy>", ""),
    Eca("long-lived-jwt-access-tokens", ["", "<isNamedUserJwtEnabled>true</isNamedUserJwtEnabled>", "<namedUserJwtTimeout>600</namedUserJwtTimeout>"], ""),
    Ca("no-oauth-scopes", "", "", "scopes: { require: [api] }"),
    Ca("refresh-token-expires-at-once", "<scopes>Api</scopes><scopes>RefreshToken</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>zero</refreshTokenPolicy></oauthPolicy>", ""),
    Ca("refresh-token-policy-unrecognised", "<scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>soon</refreshTokenPolicy></oauthPolicy>", ""),
    Ca("refresh-token-scope-missing-for-flow", "<scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy></oauthPolicy>", "flows: [web-server, refresh-token]"),
    Ca("token-exchange-without-secret", "<isSecretRequiredForTokenExchange>false</isSecretRequiredForTokenExchange><isTokenExchangeEnabled>true</isTokenExchangeEnabled><scopes>Api</scopes>", "", ""),
    Ca("redundant-scopes", "<scopes>OfflineAccess</scopes><scopes>RefreshToken</scopes>", "", ""),
    Ca("system-administrator-assigned", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<profileName>System Administrator</profileName>", "permission-sets: { at-least: [Own] }"),
    Eca("consumer-secret-in-source", ["", "<consumerSecret>NOT-A-REAL-SECRET</consumerSecret>", ""], ""),
    Eca("refresh-without-secret", ["<commaSeparatedOauthScopes>Api, RefreshToken</commaSeparatedOauthScopes>", "<callbackUrl>https://a.acme.internal/cb</callbackUrl><isSecretRequiredForRefreshToken>false</isSecretRequiredForRefreshToken>", ""], ""),
    Ca("access-through-profiles", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<profileName>Sales Custom</profileName>", "permission-sets: { at-least: [Own] }"),
    Eca("access-through-profiles", ["", "", "<commaSeparatedProfile>Sales Custom,Ops Custom</commaSeparatedProfile><permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>"], "permission-sets: { at-least: [Own] }"),
    Ca("standard-profile-assigned", "<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<profileName>Standard</profileName>", "permission-sets: { at-least: [Own] }"),
    Ca("assignments-without-admin-approval", "<scopes>Api</scopes>", "<permissionSetName>Own</permissionSetName>", ""),
    Ca("client-credentials-without-usable-scope", "<isClientCredentialEnabled>true</isClientCredentialEnabled><oauthClientCredentialUser>a@acme.example</oauthClientCredentialUser><scopes>RefreshToken</scopes>", "", ""),
    Ca("full-scope", "<scopes>Full</scopes><scopes>Api</scopes>", "", ""),
    Eca("full-scope", ["<commaSeparatedOauthScopes>Full,Api</commaSeparatedOauthScopes>", "", ""], ""),
    Ca("login-app-with-data-scopes", "<scopes>Api</scopes><scopes>OpenID</scopes>", "<description>Login only</description>", ""),
    Ca("refresh-token-scope-absent", "<isRefreshTokenRotationEnabled>true</isRefreshTokenRotationEnabled><scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy></oauthPolicy>", ""),
    Ca("refresh-token-scope-missing", "<certificate>MII</certificate><isAdminApproved>true</isAdminApproved><scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy></oauthPolicy><permissionSetName>Own</permissionSetName>", ""),
    Ca("refresh-token-scope-unneeded", "<isClientCredentialEnabled>true</isClientCredentialEnabled><oauthClientCredentialUser>a@acme.example</oauthClientCredentialUser><scopes>Api</scopes><scopes>RefreshToken</scopes>", "", "flows: [client-credentials]"),
    Eca("special-purpose-scopes", ["<commaSeparatedOauthScopes>Api, ForgotPassword</commaSeparatedOauthScopes>", "", ""], ""),
    Ca("web-scope-on-server-app", "<callbackUrl>https://login.salesforce.com/services/oauth2/success</callbackUrl><certificate>MII</certificate><scopes>Api</scopes><scopes>Web</scopes>", "", "flows: [jwt-bearer]"),
    Ca("custom-scheme-without-pkce", "<callbackUrl>acmefield://oauth/done</callbackUrl><scopes>Api</scopes>", "", ""),
    Eca("custom-scheme-without-pkce", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "<callbackUrl>acmefield://oauth/done</callbackUrl><isPkceRequired>false</isPkceRequired>", ""], ""),
    Ca("contract-scope-missing", "<scopes>Api</scopes>", "", "scopes: { require: [api, web] }"),
    Ca("saml-sha1", "<scopes>Api</scopes>", "<samlConfig><acsUrl>https://a.acme.internal/acs</acsUrl><entityUrl>https://a.acme.internal</entityUrl><samlNameIdFormat>Unspecified</samlNameIdFormat><samlSigningAlgoType>SHA1</samlSigningAlgoType><samlSubjectType>Username</samlSubjectType></samlConfig>", ""),
    Eca("external-client-app-policy-missing", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "", NONE], "permission-sets: { at-least: [Own] }"),
    Ca("pkce-not-required", "<scopes>Api</scopes>", "", ""),
    Ca("ip-restrictions-bypassed", "<scopes>Api</scopes>", "<oauthPolicy><ipRelaxation>BYPASS</ipRelaxation><refreshTokenPolicy>zero</refreshTokenPolicy></oauthPolicy>", ""),
    Ca("ip-restrictions-relaxed-on-refresh", "<scopes>Api</scopes><scopes>RefreshToken</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE_RELAXREFRESH</ipRelaxation><refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy></oauthPolicy>", ""),
    Ca("code-exchange-without-secret-or-pkce", "<isConsumerSecretOptional>true</isConsumerSecretOptional><scopes>Api</scopes>", "", ""),
    Ca("introspects-all-tokens", "<isIntrospectAllTokens>true</isIntrospectAllTokens><scopes>Api</scopes>", "", ""),
    Ca("no-refresh-token-rotation", "<scopes>Api</scopes><scopes>RefreshToken</scopes>", "", ""),
    Ca("privileged-app-without-high-assurance", "<isAdminApproved>true</isAdminApproved><scopes>Full</scopes>", "<permissionSetName>Own</permissionSetName>", ""),
    Ca("refresh-token-lives-too-long", "<scopes>Api</scopes><scopes>RefreshToken</scopes>", "<oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation><refreshTokenPolicy>specific_lifetime:400:DAYS</refreshTokenPolicy></oauthPolicy>", ""),
    Eca("refresh-token-never-expires", ["<commaSeparatedOauthScopes>Api,RefreshToken</commaSeparatedOauthScopes>", "", "<refreshTokenPolicyType>Infinite</refreshTokenPolicyType>"], ""),
    Eca("session-timeout-long-or-unset", ["<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>", "", "<sessionTimeoutInMinutes>480</sessionTimeoutInMinutes>"], ""),
    Settings("consumer-secrets-readable-by-rest-api", "ExternalClientApp", "<enableClientSecretInRestApiAccess>true</enableClientSecretInRestApiAccess>"),
    Settings("org-session-timeout-long", "Security", "<sessionSettings><sessionTimeout>TwelveHours</sessionTimeout></sessionSettings>"),
    Settings("ip-ranges-checked-at-login-only", "Security", "<sessionSettings><enforceIpRangesEveryRequest>false</enforceIpRangesEveryRequest></sessionSettings>"),
    Settings("password-log-in-allowed", "Security", "<singleSignOnSettings><isLoginWithSalesforceCredentialsDisabled>false</isLoginWithSalesforceCredentialsDisabled></singleSignOnSettings>"),
    Settings("pkce-not-required-org-wide", "OauthOidc", "<isPkceRequired>false</isPkceRequired>"),
    Settings("user-agent-flow-not-blocked", "OauthOidc", "<blockOAuthUsrAgtFlow>false</blockOAuthUsrAgtFlow>"),
    Settings("api-access-control-off", "ConnectedApp", "<enableAdminApprovedAppsOnly>false</enableAdminApprovedAppsOnly>"),
    Settings("api-access-control-off-for-external-users", "ConnectedApp", "<enableAdminApprovedAppsOnlyForExternalUser>false</enableAdminApprovedAppsOnlyForExternalUser>"),
    Settings("consumer-secrets-readable-by-metadata-api", "ExternalClientApp", "<enableConsumerSecretApiAccess>true</enableConsumerSecretApiAccess>"),
    Settings("headless-login-without-app", "OauthOidc", "<oAuthCdCrdtFlowEnable>true</oAuthCdCrdtFlowEnable>"),
    Settings("username-password-flow-not-blocked", "OauthOidc", ""),
    Settings("session-protections-off", "Security", "<sessionSettings><forceRelogin>false</forceRelogin><requireHttpOnly>false</requireHttpOnly></sessionSettings>"),
];

fn document(ty: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{ty} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n{body}\n</{ty}>\n"
    )
}

fn project(case: &Case) -> (&'static str, Project) {
    let config = r#"{"packageDirectories":[{"path":"app","default":true}],"sourceApiVersion":"68.0"}"#;
    let project = Project::new().file("sfdx-project.json", config);
    let under_contract = |contract: &str| {
        if !contract.is_empty() {
            project.write("orgwarden.yaml", format!("contracts:\n  - {{ app: App, {contract} }}\n"));
        }
    };
    match case {
        Ca(rule, oauth, outer, contract) => {
            under_contract(contract);
            let address = if oauth.contains("<callbackUrl>") { "" } else { OAUTH };
            let body = format!(
                "<contactEmail>a@acme.example</contactEmail><label>App</label><oauthConfig>{address}{oauth}</oauthConfig>{outer}"
            );
            project.write("app/connectedApps/App.connectedApp-meta.xml", document("ConnectedApp", &body));
            (rule, project)
        }
        Eca(rule, parts, contract) => {
            under_contract(contract);
            let header = "<contactEmail>a@acme.example</contactEmail><label>App</label>";
            project.write("app/externalClientApps/App.eca-meta.xml", document("ExternalClientApplication", header));
            let kinds = [
                ("ExtlClntAppOauthSettings", "ecaOauth"),
                ("ExtlClntAppGlobalOauthSettings", "ecaGlblOauth"),
                ("ExtlClntAppOauthConfigurablePolicies", "ecaOauthPlcy"),
            ];
            for ((ty, suffix), body) in kinds.into_iter().zip(parts).filter(|(_, body)| **body != NONE) {
                let body = format!("{body}<externalClientApplication>App</externalClientApplication>");
                project.write(&format!("app/parts/App.{suffix}-meta.xml"), document(ty, &body));
            }
            (rule, project)
        }
        Settings(rule, name, body) => {
            project.write(&format!("app/settings/{name}.settings-meta.xml"), document(&format!("{name}Settings"), body));
            (rule, project)
        }
    }
}

#[test]
fn every_fix_has_a_case() {
    let rule = |case: &Case| match case {
        Ca(rule, ..) | Eca(rule, ..) | Settings(rule, ..) => *rule,
    };
    let tried: BTreeSet<&str> = CASES.iter().map(rule).collect();
    let (set, _) = orgwarden::rules::builtin();
    let fixed: BTreeSet<&str> = set.rules.iter().filter(|rule| rule.fix().is_some()).map(orgwarden::rules::Rule::id).collect();
    assert_eq!(tried, fixed);
}

/// What is wrong with the fix of a case; nothing where it is made, and a second run has nothing left to do.
fn failure(case: &Case) -> Option<String> {
    let (rule, project) = project(case);
    let args = ["fix", "--rule", rule, "--preset", "strict", "--unsafe", "--write", "--today", "2026-11-26"];
    let run = project.run(&args);
    if run.code != 0 || !(run.out.contains("Fixed") && run.out.contains(rule)) {
        return Some(format!("{rule}: {}\n{}{}\n", run.code, run.out, run.err));
    }
    let again = project.run(&args);
    let is_settled = !again.out.contains(rule) && again.err.contains("0 fixed");
    (!is_settled).then(|| format!("{rule}, again: {}{}\n", again.out, again.err))
}

#[test]
fn each_fix_puts_right_what_its_rule_finds() {
    // Each case waits for the program twice, so that they go side by side.
    let failures: Vec<String> = std::thread::scope(|scope| {
        let halves = CASES.chunks(CASES.len().div_ceil(2));
        let threads: Vec<_> =
            halves.map(|cases| scope.spawn(move || cases.iter().filter_map(failure).collect::<String>())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failures.concat().is_empty(), "{}", failures.concat());
}

#[test]
fn mistakes_in_a_fix_are_told_where_they_are() {
    let head = "id: mine\ntitle: t\nseverity: low\neffect: unsafe\napplies-to: app\nwhy: w\nwhen: app.oauth.configured\ncheck: app.tokens.rotation\n\
                message: m\nremediation: { metadata: m }\nfix:\n";
    let rest = "examples:\n  - { name: a, facts: { app.oauth.configured: true }, verdict: fail }\n  \
                - { name: b, facts: { app.oauth.configured: true, app.tokens.rotation: true }, verdict: pass }\n";
    for (fix, said) in [
        ("  connected-app: [{ remove: label }]\n", "`safe`"),
        ("  safe: s\n", "a fix has steps"),
        (
            "  safe: s\n  connected-app: [{ set: oauthConfig/isPkceRequred, to: \"true\" }]\n",
            "did you mean `oauthConfig/isPkceRequired`?",
        ),
        ("  safe: s\n  connected-app: [{ set: oauthConfig/isPkceRequired, to: \"on\" }]\n", "is true or false"),
        ("  safe: s\n  connected-app: [{ add: oauthConfig/scopes, value: apix }]\n", "`apix` is no scope"),
        ("  safe: s\n  connected-app: [{ set: permissionSetName, to: a }]\n", "can have several entries"),
        ("  safe: s\n  connected-app: [{ add: permissionSetName, each: app.label }]\n", "`app.label` is none"),
        ("  safe: s\n  connected-app: [{ remove: label, when: app.nope }]\n", "there is no fact `app.nope`"),
        ("  safe: s\n  external-client-app: [{ set: label, to: x }]\n", "the key `in` is missing"),
        ("  safe: s\n  org: [{ in: OauthOidcSettings, set: isPkceRequired, to: \"true\" }]\n", "the rule is about app"),
    ] {
        let project = Project::new().file("mine/mine.yaml", format!("{head}{fix}{rest}"));
        let run = project.run(&["rules", "test", "--rules", "mine"]);
        let err = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(run.code, 2, "{fix}{}", run.err);
        assert!(err.contains(said) && err.contains("mine/mine.yaml:1"), "{fix}{}", run.err);
    }
}
