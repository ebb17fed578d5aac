//! The conditions that preflight can find, by name. What is said of each is in the catalogue.

use crate::inventory::words::words;

words! {
    /// A condition that preflight can find, in the order of its steps. The letters and numbers are those of the error table of the
    /// authorization reference, section 2.2.
    Cause {
        /// A12: client credentials at a host that is not the org's My Domain.
        NotMyDomain = "not-my-domain",
        /// A13: `scope` at the token endpoint, for a flow that takes none there.
        ScopeParameterNotSupported = "scope-parameter-not-supported",
        /// B6: a scope that Salesforce does not know.
        ScopeInvalid = "scope-invalid",
        /// B5: a scope that the app does not have.
        ScopeNotOnApp = "scope-not-on-app",
        /// A1: the host serves other orgs, where the consumer key means nothing.
        AppUnknownOnHost = "app-unknown-on-host",
        /// A5, A6: the host serves other orgs, which do not have the External Client App.
        ExternalClientAppElsewhere = "external-client-app-not-installed",
        /// The app has no OAuth settings.
        NoOauthSettings = "no-oauth-settings",
        /// A8: the session policy blocks the app, or the app is switched off.
        AppBlocked = "app-switched-off",
        /// External Client Apps cannot do the flow.
        NotForExternalClientApps = "flow-not-for-external-client-apps",
        /// A15: the org blocks the username-password flow.
        UsernamePasswordBlocked = "username-password-flow-blocked",
        /// A16: the org blocks the user-agent flow.
        UserAgentBlocked = "user-agent-flow-blocked",
        /// A9: the app has the flow switched off.
        FlowOff = "flow-switched-off",
        /// A10: the app has client credentials switched off.
        ClientCredentialsOff = "client-credentials-off",
        /// The org has the authorization code and credentials flow switched off.
        CodeCredentialsOffInOrg = "code-credentials-off-in-org",
        /// F3: a hybrid app with JWT access tokens and rotation.
        HybridConflict = "hybrid-jwt-rotation-conflict",
        /// A11: client credentials without a run-as user.
        NoRunAsUser = "no-run-as-user",
        /// B1: the redirect URI is none of the app's callback URLs.
        RedirectUriMismatch = "redirect-uri-mismatch",
        /// F1: the refresh token has ended or never was.
        RefreshTokenEnded = "refresh-token-ended",
        /// C1: no certificate, or one that verifies nothing.
        InvalidAssertion = "invalid-assertion",
        /// C4: nobody in the org has that user name.
        UserUnknown = "user-unknown",
        /// D1: the user is inactive.
        UserInactive = "user-inactive",
        /// D2: the user is frozen.
        UserFrozen = "user-frozen",
        /// D3: the address is outside the login IP ranges of the profile.
        IpRestricted = "ip-restricted",
        /// B5: the user may only use APIs and cannot log in on a page.
        ApiOnlyUserOnPage = "api-only-user-on-page",
        /// E1: nobody has approved the app for the user.
        NotApproved = "user-has-not-approved",
        /// E4, E5: the app admits assigned users only, and the user is not.
        NotAdminApproved = "user-not-admin-approved",
        /// E2, E3: an assertion flow without the refresh scope.
        RefreshScopeMissing = "refresh-scope-missing",
        /// A14: client credentials without a usable scope.
        NoValidScopes = "no-valid-scopes",
        /// E8: high assurance on a flow without a screen.
        HighAssuranceWithoutScreen = "high-assurance-without-screen",
        /// E6: API Access Control is on, and the app is not approved.
        ApiAccessControl = "api-access-control",
    }
}
