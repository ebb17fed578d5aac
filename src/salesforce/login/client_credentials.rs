//! The OAuth 2.0 client credentials flow: the app itself logs in, as its run-as user.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Login, LoginError, advice, file, host};
use crate::salesforce::transport::TokenEndpoint;
use crate::salesforce::{Error, Options, Session};

/// The variable of the consumer secret.
pub const SECRET_VARIABLE: &str = "ORGWARDEN_CLIENT_SECRET";

/// Client credentials of an app and the org they are for.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    // A consumer key is no secret, but it is not to be shown whole.
    client_id: SecretString,
    client_secret: SecretString,
    my_domain: Url,
}

impl ClientCredentials {
    /// The app with the consumer key `client_id`, in the org at `my_domain`.
    ///
    /// # Errors
    ///
    /// A value is empty, or the URL is not that of an org.
    pub fn new(client_id: &str, client_secret: SecretString, my_domain: &str) -> Result<Self, LoginError> {
        const URL_OPTION: &str = "--login-url";
        let client_id = file::not_empty("--client-id", "it must hold the consumer key of the app", client_id)?;
        if client_secret.expose_secret().trim().is_empty() {
            return Err(LoginError::NotSet {
                name: SECRET_VARIABLE.to_owned(),
                advice: "it must hold the consumer secret of the app",
            });
        }
        let my_domain = host::instance(URL_OPTION, my_domain)?;
        if host::is_central(&my_domain) {
            let problem = "client credentials are taken at an org's own host alone, as no user tells which org is meant; \
                           write its My Domain URL, such as https://acme.my.salesforce.com";
            return Err(LoginError::Url { setting: URL_OPTION.to_owned(), problem });
        }
        Ok(Self { client_id: client_id.into(), client_secret, my_domain })
    }

    /// The consumer secret from a file, or without one from `ORGWARDEN_CLIENT_SECRET`. White space around it is dropped.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is empty, or the variable is not set.
    pub fn secret(get: impl Fn(&str) -> Option<String>, path: Option<&Path>) -> Result<SecretString, LoginError> {
        const ADVICE: &str = "it must hold the consumer secret of the app; name a file that holds it, or set the variable";
        let (name, secret) = match path {
            Some(path) => (path.display().to_string(), file::read_text("the consumer secret", path)?),
            None => (SECRET_VARIABLE.to_owned(), get(SECRET_VARIABLE).unwrap_or_default().into()),
        };
        match secret.expose_secret().trim() {
            "" => Err(LoginError::NotSet { name, advice: ADVICE }),
            secret => Ok(secret.into()),
        }
    }

    async fn ask(&self) -> Result<Session, Error> {
        let (id, secret) = (self.client_id.expose_secret(), self.client_secret.expose_secret());
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let answer = TokenEndpoint::new(Options::default())
            .request(&self.my_domain, &form)
            .await
            .map_err(|e| advice::explain(e, &[secret]))?;
        let instance_url = host::of_answer(&self.my_domain, &answer.instance_url)?;
        Ok(Session { instance_url, access_token: answer.access_token, username: None })
    }
}

impl Login for ClientCredentials {
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        Box::pin(self.ask())
    }
}
