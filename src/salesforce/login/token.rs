//! A token that somebody else has got.

use std::future::Future;
use std::pin::Pin;

use secrecy::SecretString;
use url::Url;

use super::{Login, LoginError, access_token, host};
use crate::salesforce::{Error, Session};

/// The variables of the access token, the present name first.
const TOKEN_VARIABLES: [&str; 2] = ["SF_ACCESS_TOKEN", "SFDX_ACCESS_TOKEN"];
/// The variables of the org's URL, the present name first.
const INSTANCE_VARIABLES: [&str; 2] = ["SF_ORG_INSTANCE_URL", "SFDX_INSTANCE_URL"];

/// An access token and the org it is for, handed in: by a pipeline, or by whoever ran `sf org auth show-access-token`.
#[derive(Clone, Debug)]
pub struct HandedIn {
    session: Session,
}

impl HandedIn {
    /// A token for the org at `instance_url`, which may be any URL of the org's user interface, too.
    ///
    /// # Errors
    ///
    /// The text is no token, or the URL none that a token may be sent to.
    pub fn new(token: &str, instance_url: &str) -> Result<Self, LoginError> {
        Self::named([TOKEN_VARIABLES[0], token], [INSTANCE_VARIABLES[0], instance_url])
    }

    /// From `SF_ACCESS_TOKEN` and `SF_ORG_INSTANCE_URL`, or their older names `SFDX_ACCESS_TOKEN` and `SFDX_INSTANCE_URL`.
    ///
    /// # Errors
    ///
    /// One of them is not set, or as for [`HandedIn::new`].
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self, LoginError> {
        let token = first_set(&get, TOKEN_VARIABLES, "it must hold an access token of the org")?;
        let instance = first_set(&get, INSTANCE_VARIABLES, "it must hold the org's URL, such as https://acme.my.salesforce.com")?;
        Self::named([token.0, &token.1], [instance.0, &instance.1])
    }

    /// The org's host.
    #[must_use]
    pub fn instance_url(&self) -> &Url {
        &self.session.instance_url
    }

    fn named([token_from, token]: [&str; 2], [url_from, url]: [&str; 2]) -> Result<Self, LoginError> {
        let access_token: SecretString =
            access_token::read(token).map_err(|problem| LoginError::AccessToken { from: token_from.to_owned(), problem })?;
        let instance_url = host::instance(url_from, url)?;
        if host::is_central(&instance_url) {
            let problem =
                "it is where one logs in, and serves no org; write the org's My Domain URL, such as https://acme.my.salesforce.com";
            return Err(LoginError::Url { setting: url_from.to_owned(), problem });
        }
        Ok(Self { session: Session { instance_url, access_token, username: None } })
    }
}

impl Login for HandedIn {
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        Box::pin(async { Ok(self.session.clone()) })
    }

    fn can_renew(&self) -> bool {
        false
    }
}

fn first_set(
    get: impl Fn(&str) -> Option<String>,
    names: [&'static str; 2],
    advice: &'static str,
) -> Result<(&'static str, String), LoginError> {
    names
        .into_iter()
        .find_map(|name| get(name).filter(|value| !value.trim().is_empty()).map(|value| (name, value)))
        .ok_or_else(|| LoginError::NotSet { name: names[0].to_owned(), advice })
}
