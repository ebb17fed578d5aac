//! The Salesforce CLI as keeper of sessions.

mod list;
mod program;

pub use list::{ListedOrg, list_orgs};
pub use program::Program;

use std::future::Future;
use std::pin::Pin;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use self::program::Failure;
use super::{Login, LoginError, access_token, host};
use crate::salesforce::{Error, Session};

/// How the CLI names the error when it does not know an alias or user name.
const UNKNOWN_ORG: [&str; 2] = ["NamedOrgNotFoundError", "NoAuthInfoFound"];

/// An org the Salesforce CLI is logged in to, under its alias or user name.
#[derive(Debug)]
pub struct SalesforceCli {
    program: Program,
    target: String,
    /// The org, once it is known and the token has to be asked for apart.
    known: Mutex<Option<Org>>,
}

/// What `sf org display` says of an org besides the token.
#[derive(Clone, Debug)]
struct Org {
    instance_url: Url,
    username: Option<String>,
    trouble: Option<String>,
}

impl SalesforceCli {
    /// The org with this alias or user name.
    ///
    /// # Errors
    ///
    /// [`LoginError::OrgName`]: the CLI would take it for something else.
    pub fn new(program: Program, target: &str) -> Result<Self, LoginError> {
        let target = target.trim();
        let problem = if target.is_empty() {
            "it is empty"
        } else if target.starts_with('-') {
            "it begins with a hyphen, as an option does"
        } else if target.chars().any(char::is_control) {
            "it holds control characters"
        } else {
            return Ok(Self { program, target: target.to_owned(), known: Mutex::new(None) });
        };
        Err(LoginError::OrgName { name: target.escape_debug().to_string(), problem })
    }

    async fn ask(&self) -> Result<Session, Error> {
        let mut known = self.known.lock().await;
        if let Some(org) = &*known {
            return self.show_token(org).await;
        }
        let display: Display = self.run(&["org", "display"]).await.map_err(|failure| self.explain(&failure, None))?;
        let org = self.org(&display)?;
        match display.access_token.filter(|token| !token.trim().is_empty() && !access_token::is_redacted(token)) {
            // Before version 2.136.8 the CLI shows the token here, renewed.
            Some(token) => self.session(&org, token),
            None => self.show_token(known.insert(org)).await,
        }
    }

    /// Asks for the token alone, which renews it first.
    async fn show_token(&self, org: &Org) -> Result<Session, Error> {
        let shown: Shown =
            self.run(&["org", "auth", "show-access-token"]).await.map_err(|failure| self.explain(&failure, Some(org)))?;
        self.session(org, shown.access_token)
    }

    async fn run<T: for<'de> Deserialize<'de>>(&self, command: &[&str]) -> Result<T, Failure> {
        self.program.run(command.iter().copied().chain(["--target-org", &self.target, "--json"])).await
    }

    fn org(&self, display: &Display) -> Result<Org, Error> {
        let instance_url = host::instance("instanceUrl", display.instance_url.as_deref().unwrap_or_default())
            .map_err(|error| Error::Setup(format!("`sf org display` gives no host for the org `{}`: {error}", self.target)))?;
        let trouble = display.connected_status.as_deref().filter(|status| *status != "Connected").map(program::presentable);
        Ok(Org { instance_url, username: display.username.clone(), trouble })
    }

    fn session(&self, org: &Org, token: String) -> Result<Session, Error> {
        let token = SecretString::from(token);
        let access_token = access_token::read(token.expose_secret()).map_err(|problem| {
            no_session(&format!("the Salesforce CLI gives no access token for the org `{}`: {problem}", self.target), Some(org))
        })?;
        Ok(Session { instance_url: org.instance_url.clone(), access_token, username: org.username.clone() })
    }

    fn explain(&self, failure: &Failure, org: Option<&Org>) -> Error {
        let target = &self.target;
        let (name, message) = match failure {
            Failure::Answered { name, message } => (name, message),
            Failure::NotInstalled | Failure::NotStarted(_) => return Error::Setup(failure.to_string()),
            _ => return no_session(&failure.to_string(), org),
        };
        let unknown = UNKNOWN_ORG.contains(&name.as_str());
        let look = if unknown { "`sf org list` shows the orgs there are; " } else { "" };
        let what = format!(
            "the Salesforce CLI has no session for the org `{target}`: {message} ({name}); \
             {look}log in with `sf org login web --alias {target}`"
        );
        if unknown { Error::Setup(what) } else { no_session(&what, org) }
    }
}

impl Login for SalesforceCli {
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        Box::pin(self.ask())
    }
}

/// The part of `sf org display --json` that matters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Display {
    access_token: Option<String>,
    instance_url: Option<String>,
    username: Option<String>,
    connected_status: Option<String>,
}

/// The result of `sf org auth show-access-token --json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    access_token: String,
}

/// The error, with what the CLI says about the connection, which is often the cause.
fn no_session(what: &str, org: Option<&Org>) -> Error {
    Error::Login(match org.and_then(|org| org.trouble.as_ref()) {
        Some(trouble) => format!("{what}; the status of its connection is: {trouble}"),
        None => what.to_owned(),
    })
}
