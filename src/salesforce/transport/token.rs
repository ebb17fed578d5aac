//! The OAuth token endpoint: the one place outside the API that is written to.

use std::fmt;

use reqwest::header::{ACCEPT, LOCATION};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{Answer, Transport, acceptable, origin, quote};
use crate::salesforce::observe::Call;
use crate::salesforce::retry::{Failure, Passing, Pauses, retry_after};
use crate::salesforce::{Error, Options};

/// Longest answer of a token endpoint, in bytes.
const LONGEST: usize = 1 << 20;

/// Parameters that may be shown.
const PUBLIC: [&str; 3] = ["grant_type", "client_id", "username"];

/// Asks OAuth token endpoints. What is asked for tokens does not count as an API call.
#[derive(Clone, Debug)]
pub struct TokenEndpoint {
    options: Options,
}

/// What a token endpoint gave.
#[derive(Clone)]
pub struct TokenAnswer {
    /// Access token.
    pub access_token: SecretString,
    /// Where the API is; [`acceptable`].
    pub instance_url: String,
    /// Identity URL, which holds the ids of org and user.
    pub id: Option<String>,
    /// New refresh token, where the old one has been replaced.
    pub refresh_token: Option<SecretString>,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAnswer").field("instance_url", &self.instance_url).finish_non_exhaustive()
    }
}

impl TokenEndpoint {
    /// Asks with the time limits, retries and observer of these options.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// Posts a form to `{login_url}/services/oauth2/token`.
    ///
    /// A request is sent again only where the server has not seen it or said that it could not serve it: a refresh token
    /// may be good for one use, and using it twice can end both.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with OAuth's `error` as code; [`Error::Insecure`] if `login_url` or the answer's `instance_url` is
    /// not [`acceptable`]; [`Error::ForeignHost`] for a redirect, which is never followed; else what came in between.
    pub async fn request(&self, login_url: &Url, form: &[(&str, &str)]) -> Result<TokenAnswer, Error> {
        let transport = Transport::new(login_url, &self.options)?;
        let mut url = login_url.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.set_path(&format!("{}/services/oauth2/token", login_url.path().trim_end_matches('/')));
        let call = Call { method: "POST", path: url.path().to_owned(), what: "an access token".to_owned() };
        let mut pauses = Pauses::new(self.options.retry);
        loop {
            match attempt(&transport, &url, form, &call).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Expired(text)) => return Err(Error::SessionInvalid(text)),
                Err(Failure::Passing(failure)) => {
                    let Some(pause) = pauses.next(&failure) else { return Err(failure.error) };
                    transport.retrying(&call, &failure.error, pause);
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

/// The answer on the wire.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    instance_url: String,
    id: Option<String>,
    refresh_token: Option<String>,
}

/// An OAuth error object.
#[derive(Deserialize)]
struct Denied {
    error: String,
    #[serde(default)]
    error_description: String,
}

async fn attempt(transport: &Transport, url: &Url, form: &[(&str, &str)], call: &Call) -> Result<TokenAnswer, Failure> {
    let request = transport.http().post(url.clone()).header(ACCEPT, "application/json").form(form).build();
    let request = request.map_err(|error| Failure::Final(super::broken(&transport.host, error).error))?;
    match transport.send(request, call, LONGEST).await {
        Ok(answer) => read(url, form, &answer),
        Err(broken) if broken.unsent && broken.passing => Err(Failure::passing(broken.error)),
        Err(broken) => Err(Failure::Final(broken.error)),
    }
}

fn read(url: &Url, form: &[(&str, &str)], answer: &Answer) -> Result<TokenAnswer, Failure> {
    let host = super::host(url);
    match answer.status {
        200 => granted(&host, &answer.body).map_err(Failure::Final),
        300..=399 => {
            let target = answer.headers.get(LOCATION).and_then(|target| target.to_str().ok()).and_then(|to| url.join(to).ok());
            Err(Failure::Final(match target {
                Some(target) => Error::ForeignHost(origin(&target)),
                None => Error::Unreadable(format!("HTTP {} from the token endpoint of {host}", answer.status)),
            }))
        }
        status => {
            // Whatever was sent may be echoed; all of it is secret but these.
            let sent: Vec<&str> = form.iter().filter(|(name, _)| !PUBLIC.contains(name)).map(|(_, value)| *value).collect();
            let error = match serde_json::from_slice::<Denied>(&answer.body) {
                Ok(denied) => {
                    Error::Refused { status, code: quote(&denied.error, &sent), message: quote(&denied.error_description, &sent) }
                }
                Err(_) => Error::Unreadable(format!("HTTP {status} without an OAuth error from the token endpoint of {host}")),
            };
            Err(match status {
                420 | 429 | 502..=504 => Failure::Passing(Passing { error, after: retry_after(&answer.headers), once: false }),
                _ => Failure::Final(error),
            })
        }
    }
}

fn granted(host: &str, body: &[u8]) -> Result<TokenAnswer, Error> {
    // The cause could quote the body, and the body holds a token.
    let unreadable = |what: &str| Error::Unreadable(format!("{what} in the answer of the token endpoint of {host}"));
    let granted: Granted = serde_json::from_slice(body).map_err(|_| unreadable("no token"))?;
    if granted.access_token.is_empty() {
        return Err(unreadable("an empty token"));
    }
    let instance = Url::parse(&granted.instance_url).map_err(|_| unreadable("no usable instance_url"))?;
    acceptable(&instance)?;
    Ok(TokenAnswer {
        access_token: granted.access_token.into(),
        instance_url: granted.instance_url,
        id: granted.id,
        refresh_token: granted.refresh_token.map(SecretString::from),
    })
}
