//! The OAuth 2.0 JWT bearer flow: a private key, whose certificate the app has, signs for a user.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use super::{Login, LoginError, advice, file, host, private_key};
use crate::salesforce::transport::TokenEndpoint;
use crate::salesforce::{Error, Options, Session};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const DEFAULT_LOGIN_URL: &str = "https://login.salesforce.com";
/// How long an assertion is valid; Salesforce's guides say three minutes at most, one of them five.
const VALID_FOR: Duration = Duration::from_mins(3);

/// What the JWT bearer flow needs.
#[derive(Clone, Copy)]
pub struct JwtSettings<'a> {
    /// Consumer key of the app.
    pub client_id: &'a str,
    /// User name to log in as.
    pub username: &'a str,
    /// File with the private RSA key in PEM form.
    pub key_file: &'a Path,
    /// Where to log in; without it at `https://login.salesforce.com`.
    pub login_url: Option<&'a str>,
    /// The org's own host, where known: another place to log in at.
    pub my_domain: Option<&'a str>,
    /// The one `aud` to use (`SF_AUDIENCE_URL`); without it those that fit the hosts are tried.
    pub audience: Option<&'a str>,
}

/// A user for whom a key signs.
#[derive(Debug)]
pub struct JwtBearer {
    // A consumer key is no secret, but it is not to be shown whole.
    client_id: SecretString,
    username: String,
    key: EncodingKey,
    attempts: Vec<Attempt>,
}

/// A host to ask, and for whom the assertion says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Attempt {
    host: Url,
    audience: String,
}

/// What a host said, in the end.
struct Refusal<'a> {
    host: &'a Url,
    error: Error,
    blames_audience: bool,
}

impl JwtBearer {
    /// Reads the key and settles where to ask.
    ///
    /// # Errors
    ///
    /// A value is empty, a URL is not usable, or the file holds no private RSA key.
    pub fn new(settings: &JwtSettings<'_>) -> Result<Self, LoginError> {
        let client_id = file::not_empty("--client-id", "it must hold the consumer key of the app", settings.client_id)?;
        let username = file::not_empty("--username", "it must hold the user name to log in as", settings.username)?;
        let login_url = host::login("--login-url", settings.login_url.unwrap_or(DEFAULT_LOGIN_URL))?;
        let my_domain = settings.my_domain.map(|url| host::instance("--instance-url", url)).transpose()?;
        Ok(Self {
            client_id: client_id.into(),
            username: username.to_owned(),
            key: private_key::read(settings.key_file)?,
            attempts: attempts(&login_url, my_domain.as_ref(), settings.audience.map(str::trim).filter(|text| !text.is_empty())),
        })
    }

    /// Asks one host after the other, with one audience after the other, as long as another can make a difference.
    async fn ask(&self) -> Result<Session, Error> {
        let endpoint = TokenEndpoint::new(Options::default());
        let mut refused: Option<Refusal<'_>> = None;
        for attempt in &self.attempts {
            // The host has understood the assertion and refuses the user or the app: no audience changes that.
            if refused.as_ref().is_some_and(|last| *last.host == attempt.host && !last.blames_audience) {
                continue;
            }
            let assertion = self.assertion(&attempt.audience)?;
            let assertion = assertion.expose_secret();
            let error = match self.try_one(&endpoint, &attempt.host, assertion).await {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            let (is_refusal, blames_audience) = (matches!(error, Error::Refused { .. }), blames_audience(&error));
            let error = advice::explain(error, &[assertion]);
            if !is_refusal {
                return Err(error);
            }
            // What one host says about the user tells more than that another is the wrong one.
            if refused.is_none() || !blames_audience {
                refused = Some(Refusal { host: &attempt.host, error, blames_audience });
            }
        }
        Err(refused.map_or_else(|| Error::Login("there is no host to log in at".to_owned()), |refusal| refusal.error))
    }

    async fn try_one(&self, endpoint: &TokenEndpoint, login_url: &Url, assertion: &str) -> Result<Session, Error> {
        let form = [("grant_type", GRANT_TYPE), ("assertion", assertion)];
        let answer = endpoint.request(login_url, &form).await?;
        let instance_url = host::of_answer(login_url, &answer.instance_url)?;
        Ok(Session { instance_url, access_token: answer.access_token, username: Some(self.username.clone()) })
    }

    fn assertion(&self, audience: &str) -> Result<SecretString, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let claims = Claims {
            iss: self.client_id.expose_secret(),
            sub: &self.username,
            aud: audience,
            exp: now.saturating_add(VALID_FOR).as_secs(),
        };
        // The key has signed before, when it was read.
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key)
            .map(SecretString::from)
            .map_err(|_| Error::Login("the private key does not sign".to_owned()))
    }
}

impl Login for JwtBearer {
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        Box::pin(self.ask())
    }
}

/// The claims Salesforce asks for; `aud` is one text, no list.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
}

/// The given login host for itself, then for the central host it belongs to, then the org's own host.
fn attempts(login_url: &Url, my_domain: Option<&Url>, audience: Option<&str>) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut add = |host: &Url, fitting: String| {
        let attempt = Attempt { host: host.clone(), audience: audience.map_or(fitting, str::to_owned) };
        if !attempts.contains(&attempt) {
            attempts.push(attempt);
        }
    };
    add(login_url, host::audience(login_url));
    if let Some(central) = host::central(login_url) {
        add(login_url, central.to_owned());
    }
    if let Some(my_domain) = my_domain {
        add(my_domain, host::audience(my_domain));
    }
    attempts
}

/// Whether Salesforce complains of the `aud` of the assertion: "audience is invalid", "Audience validation failed".
fn blames_audience(error: &Error) -> bool {
    matches!(error, Error::Refused { message, .. } if message.to_lowercase().contains("audience"))
}
