//! Ways to a session. Secrets come from files, the environment or standard input, never from an argument.

mod access_token;
mod advice;
pub mod auth_url;
pub mod cli;
pub mod client_credentials;
pub mod default_org;
mod error;
mod file;
mod host;
pub mod jwt_bearer;
mod private_key;
pub mod token;

pub use auth_url::AuthUrl;
pub use cli::SalesforceCli;
pub use client_credentials::ClientCredentials;
pub use default_org::{DefaultOrg, NamedBy, default_org};
pub use error::LoginError;
pub use jwt_bearer::{JwtBearer, JwtSettings};
pub use token::HandedIn;

use std::future::Future;
use std::pin::Pin;

use super::{Error, Session};

/// A way to a session, asked once at the start and once more when the session has expired.
pub trait Login: Send + Sync {
    /// Gets a new session.
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>>;

    /// Whether a second session can differ from the first: false for a token that was handed in.
    fn can_renew(&self) -> bool {
        true
    }
}
