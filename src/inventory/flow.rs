//! The ways to ask Salesforce for a token.

use super::words::words;

words! {
    /// A way to ask for a token (reference: "OAuth Authorization Flows" in Salesforce Help).
    Flow {
        /// Authorization code, with or without PKCE.
        WebServer = "web-server",
        /// Implicit grant.
        UserAgent = "user-agent",
        /// RFC 7523 assertion.
        JwtBearer = "jwt-bearer",
        /// RFC 7522 assertion.
        SamlBearer = "saml-bearer",
        /// The assertion of the org's single sign-on; no app takes part.
        SamlAssertion = "saml-assertion",
        /// A refresh token for a new access token.
        RefreshToken = "refresh-token",
        /// A code typed on another device.
        Device = "device",
        /// Resource owner password.
        UsernamePassword = "username-password",
        /// Key and secret alone, as a run-as user.
        ClientCredentials = "client-credentials",
        /// RFC 8693: an identity provider's token for a Salesforce token.
        TokenExchange = "token-exchange",
        /// Salesforce's headless variation of the authorization code flow.
        CodeCredentials = "code-credentials",
        /// Authorization code for hybrid apps.
        HybridWebServer = "hybrid-web-server",
        /// Implicit grant for hybrid apps.
        HybridUserAgent = "hybrid-user-agent",
        /// A refresh token of a hybrid app.
        HybridRefresh = "hybrid-refresh",
        /// A token that names a device.
        AssetToken = "asset-token",
    }
}

impl Flow {
    /// Whether the flow fails without the `refresh_token` scope on the app: the assertion flows look for an approval that
    /// carries it, and refreshing or hybrid tokens need one to exist.
    #[must_use]
    pub const fn needs_refresh_scope(self) -> bool {
        self.is_assertion() || self.is_refresh() || matches!(self, Self::HybridWebServer | Self::HybridUserAgent)
    }

    /// Whether the flow has no screen on which a user could approve the app or step up.
    #[must_use]
    pub const fn is_headless(self) -> bool {
        self.is_assertion() || matches!(self, Self::ClientCredentials | Self::TokenExchange)
    }

    /// Whether a person logs in on a page of Salesforce's, where a missing approval is asked for.
    #[must_use]
    pub const fn is_interactive(self) -> bool {
        matches!(self, Self::WebServer | Self::UserAgent | Self::Device | Self::HybridWebServer | Self::HybridUserAgent)
    }

    /// Whether the client proves itself by an assertion that the app's certificate verifies.
    #[must_use]
    pub const fn is_assertion(self) -> bool {
        matches!(self, Self::JwtBearer | Self::SamlBearer)
    }

    /// Whether a refresh token is what the client comes with.
    #[must_use]
    pub const fn is_refresh(self) -> bool {
        matches!(self, Self::RefreshToken | Self::HybridRefresh)
    }

    /// Whether the request is for hybrid apps.
    #[must_use]
    pub const fn is_hybrid(self) -> bool {
        matches!(self, Self::HybridWebServer | Self::HybridUserAgent | Self::HybridRefresh)
    }

    /// Whether an app takes part: a contract about one can declare the flow.
    #[must_use]
    pub const fn takes_app(self) -> bool {
        !matches!(self, Self::SamlAssertion)
    }

    /// Salesforce's name of the flow, for sentences.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::WebServer => "web server flow",
            Self::UserAgent => "user-agent flow",
            Self::JwtBearer => "JWT bearer flow",
            Self::SamlBearer => "SAML bearer assertion flow",
            Self::SamlAssertion => "SAML assertion flow",
            Self::RefreshToken => "refresh token flow",
            Self::Device => "device flow",
            Self::UsernamePassword => "username-password flow",
            Self::ClientCredentials => "client credentials flow",
            Self::TokenExchange => "token exchange flow",
            Self::CodeCredentials => "authorization code and credentials flow",
            Self::HybridWebServer => "hybrid web server flow",
            Self::HybridUserAgent => "hybrid user-agent flow",
            Self::HybridRefresh => "hybrid refresh token flow",
            Self::AssetToken => "asset token flow",
        }
    }

    /// What a request of the flow says: its `grant_type`, and the `response_type` of a first half. Where two flows share a value, it means
    /// the one that comes first.
    #[must_use]
    pub const fn request_words(self) -> &'static [&'static str] {
        match self {
            Self::WebServer => &["authorization_code", "code"],
            Self::UserAgent => &["token"],
            Self::JwtBearer => &["urn:ietf:params:oauth:grant-type:jwt-bearer"],
            Self::SamlBearer => &["urn:ietf:params:oauth:grant-type:saml2-bearer"],
            Self::SamlAssertion => &["assertion"],
            Self::RefreshToken => &["refresh_token"],
            Self::Device => &["device", "device_code"],
            Self::UsernamePassword => &["password"],
            Self::ClientCredentials => &["client_credentials"],
            Self::TokenExchange | Self::AssetToken => &["urn:ietf:params:oauth:grant-type:token-exchange"],
            Self::CodeCredentials => &["code_credentials"],
            Self::HybridWebServer => &["hybrid_auth_code"],
            Self::HybridUserAgent => &["hybrid_token"],
            Self::HybridRefresh => &["hybrid_refresh"],
        }
    }

    /// The flow of its name, or of what a request says. Letter case does not matter.
    #[must_use]
    pub fn from_name_or_request(word: &str) -> Option<Self> {
        let word = word.trim();
        let requests = |flow: &&Self| flow.request_words().iter().any(|said| said.eq_ignore_ascii_case(word));
        let named = Self::ALL.iter().find(|flow| flow.as_str().eq_ignore_ascii_case(word));
        named.or_else(|| Self::ALL.iter().find(requests)).copied()
    }
}
