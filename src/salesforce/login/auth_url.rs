//! The SFDX auth URL, `force://<client id>:<client secret>:<refresh token>@<host>`, and the refresh token flow.

use std::future::Future;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::advice;
use super::{Login, LoginError, access_token, file, host};
use crate::salesforce::transport::{TokenEndpoint, acceptable};
use crate::salesforce::{Error, Options, Session};

const WHAT: &str = "the SFDX auth URL";

/// A refresh token with its app and host.
#[derive(Debug)]
pub struct AuthUrl {
    // A consumer key is no secret, but it is not to be shown whole.
    client_id: SecretString,
    client_secret: Option<SecretString>,
    host: Url,
    refresh_token: Mutex<SecretString>,
    rotated: AtomicBool,
}

impl AuthUrl {
    /// From the URL itself, or from the JSON that `sf org auth show-sfdx-auth-url --json` or, in older versions,
    /// `sf org display --verbose --json` writes. White space around is dropped. `from` says where the text comes from.
    ///
    /// # Errors
    ///
    /// The text holds no such URL.
    pub fn from_text(from: &str, text: &str) -> Result<Self, LoginError> {
        let text = text.trim();
        let parsed = if text.starts_with('{') { in_json(text).and_then(|url| parse(url.expose_secret())) } else { parse(text) };
        parsed.map_err(|problem| LoginError::AuthUrl { from: from.to_owned(), problem })
    }

    /// From a file that holds either.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or as for [`AuthUrl::from_text`].
    pub fn from_file(path: &Path) -> Result<Self, LoginError> {
        let text = file::read_text(WHAT, path)?;
        Self::from_text(&path.display().to_string(), text.expose_secret())
    }

    /// From a reader, which is meant to be standard input.
    ///
    /// # Errors
    ///
    /// As for [`AuthUrl::from_file`].
    pub fn from_standard_input(reader: impl Read) -> Result<Self, LoginError> {
        const STANDARD_INPUT: &str = "standard input";
        let text =
            file::text_of(reader).map_err(|cause| LoginError::File { what: WHAT, path: PathBuf::from(STANDARD_INPUT), cause })?;
        Self::from_text(STANDARD_INPUT, text.expose_secret())
    }

    /// Whether Salesforce has exchanged the refresh token for another: the auth URL that was read works no more, and whoever keeps
    /// it should be told. The new one serves this run alone.
    #[must_use]
    pub fn rotated(&self) -> bool {
        self.rotated.load(Ordering::Relaxed)
    }

    async fn ask(&self) -> Result<Session, Error> {
        // Held during the request: of two at a time, the second would be made with a token that the first has used up.
        let mut current = self.refresh_token.lock().await;
        let token = current.expose_secret();
        let mut form =
            vec![("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", self.client_id.expose_secret())];
        let mut secrets = vec![token];
        if let Some(secret) = &self.client_secret {
            form.push(("client_secret", secret.expose_secret()));
            secrets.push(secret.expose_secret());
        }
        let answer =
            TokenEndpoint::new(Options::default()).request(&self.host, &form).await.map_err(|e| advice::explain(e, &secrets))?;
        if let Some(new) = answer.refresh_token
            && new.expose_secret() != current.expose_secret()
        {
            *current = new;
            self.rotated.store(true, Ordering::Relaxed);
        }
        let instance_url = host::of_answer(&self.host, &answer.instance_url)?;
        Ok(Session { instance_url, access_token: answer.access_token, username: None })
    }
}

impl Login for AuthUrl {
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        Box::pin(self.ask())
    }
}

/// Either the answer of a command, or its result alone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CliAnswer {
    result: Option<CliResult>,
    sfdx_auth_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CliResult {
    sfdx_auth_url: Option<String>,
}

fn in_json(text: &str) -> Result<SecretString, &'static str> {
    // What serde says of a wrong value repeats the value.
    let answer: CliAnswer = serde_json::from_str(text).map_err(|_| "it is not the JSON of the Salesforce CLI")?;
    let url = answer.result.and_then(|result| result.sfdx_auth_url).or(answer.sfdx_auth_url);
    url.map(SecretString::from).ok_or(
        "its JSON has no `result.sfdxAuthUrl`; write it with `sf org auth show-sfdx-auth-url --target-org ALIAS --json`, or in older \
         versions of the CLI with `sf org display --target-org ALIAS --verbose --json`. An org that was logged in to with a key has none",
    )
}

fn parse(text: &str) -> Result<AuthUrl, &'static str> {
    const FORM: &str = "it must read force://<client id>:<client secret or nothing>:<refresh token>@<host>";
    let text = text.trim();
    if access_token::is_redacted(text) {
        return Err("the Salesforce CLI writes `[REDACTED]` in its place since version 2.136.8; \
                    write it with `sf org auth show-sfdx-auth-url --target-org ALIAS --json`");
    }
    let rest = text.strip_prefix("force://").ok_or(FORM)?;
    let (credentials, host) = rest.split_once('@').ok_or(FORM)?;
    let mut parts = credentials.split(':');
    let (Some(client_id), Some(client_secret), Some(refresh_token), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(FORM);
    };
    if client_id.is_empty() || refresh_token.is_empty() || ![client_id, client_secret, refresh_token].into_iter().all(is_part) {
        return Err(FORM);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
    let host = Some(host).filter(|host| !host.is_empty() && host.chars().all(allowed)).and_then(host::bare).ok_or(FORM)?;
    acceptable(&host).map_err(|_| FORM)?;
    Ok(AuthUrl {
        client_id: client_id.into(),
        client_secret: Some(client_secret).filter(|secret| !secret.is_empty()).map(SecretString::from),
        host,
        refresh_token: Mutex::new(refresh_token.into()),
        rotated: AtomicBool::new(false),
    })
}

/// Letters, digits, `_`, `.`, `-`, and up to two `=` at the end.
fn is_part(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() - body.len() <= 2 && body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}
