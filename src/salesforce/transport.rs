//! Requests over HTTPS.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use url::{Host, Url};

use super::Error;

/// Where tokens are asked for.
pub struct TokenEndpoint {
    client: reqwest::Client,
}

/// A token, as the endpoint answered.
#[derive(Debug)]
pub struct TokenAnswer {
    /// OAuth access token.
    pub access_token: SecretString,
    /// The org's own host as the server wrote it; not yet judged.
    pub instance_url: String,
    /// Identity URL, which holds the ids of org and user.
    pub id: Option<String>,
    /// A new refresh token, with rotation.
    pub refresh_token: Option<SecretString>,
}

impl TokenEndpoint {
    /// A client that follows no redirects.
    ///
    /// # Errors
    ///
    /// TLS cannot be set up.
    pub fn new() -> Result<Self, Error> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_mins(1)).build();
        client.map(|client| Self { client }).map_err(|e| network("TLS", &e))
    }

    /// Posts a form to `{login_url}/services/oauth2/token`.
    ///
    /// # Errors
    ///
    /// No connection, a refusal, or an answer that is none.
    pub async fn request(&self, login_url: &Url, form: &[(&str, &str)]) -> Result<TokenAnswer, Error> {
        acceptable(login_url)?;
        let host = login_url.host_str().unwrap_or_default();
        let url = format!("{}/services/oauth2/token", login_url.as_str().trim_end_matches('/'));
        let answer = self.client.post(url).form(form).send().await.map_err(|e| network(host, &e))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|e| network(host, &e))?;
        if status.is_success() {
            let wire: Wire = serde_json::from_slice(&body).map_err(|_| Error::Unreadable("no token answer".to_owned()))?;
            return Ok(TokenAnswer {
                access_token: wire.access_token.into(),
                instance_url: wire.instance_url,
                id: wire.id,
                refresh_token: wire.refresh_token.map(Into::into),
            });
        }
        let refusal: Refusal = serde_json::from_slice(&body).map_err(|_| Error::Unreadable(format!("status {status}")))?;
        Err(Error::Refused { status: status.as_u16(), code: refusal.error, message: refusal.error_description })
    }
}

/// Whether credentials may be sent there: https, or http for loopback addresses alone.
///
/// # Errors
///
/// They may not.
pub fn acceptable(url: &Url) -> Result<(), Error> {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" if url.has_host() => Ok(()),
        "http" if loopback => Ok(()),
        _ => Err(Error::ForeignHost(url.host_str().unwrap_or_default().to_owned())),
    }
}

fn network(host: &str, error: &reqwest::Error) -> Error {
    let cause = if error.is_timeout() { "timed out" } else { "connection failed" };
    Error::Network { host: host.to_owned(), cause: cause.into() }
}

#[derive(Deserialize)]
struct Wire {
    access_token: String,
    instance_url: String,
    id: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}
