//! A session with an org.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// An access token and the org it is for.
#[derive(Clone, Debug)]
pub struct Session {
    /// The org's own host, the only one the token is ever sent to.
    pub instance_url: Url,
    /// OAuth access token or session id.
    pub access_token: SecretString,
    /// User name, where the way of logging in tells it.
    pub username: Option<String>,
}

impl Session {
    /// Whether the token is in JWT format: three parts, the first of them JSON in base64url.
    #[must_use]
    pub fn is_jwt(&self) -> bool {
        use base64::Engine as _;
        let token = self.access_token.expose_secret();
        let parts: Vec<&str> = token.split('.').collect();
        let [header, _, _] = parts.as_slice() else { return false };
        let decoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header.trim_end_matches('='));
        decoded.is_ok_and(|bytes| serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes).is_ok())
    }
}
