//! Ways to a session. Secrets come from files, the environment or standard input, never from an argument.

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
