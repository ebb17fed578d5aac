//! What goes wrong between here and the org.

use std::sync::Arc;

/// Why a question was not answered. No variant holds a token, and texts from the server are kept short.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// No connection, or it broke, after all retries.
    #[error("no answer from {host}: {cause}")]
    Network {
        /// Whom it was sent to.
        host: String,
        /// What went wrong, without URLs.
        cause: Arc<str>,
    },
    /// Salesforce refused, with one of its own error codes.
    #[error("{code}: {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Salesforce's code, such as `INVALID_TYPE`; for OAuth its `error`.
        code: String,
        /// Salesforce's text, shortened.
        message: String,
    },
    /// The session has expired or is of the wrong kind, and no new one is to be had.
    #[error("the session is not valid: {0}")]
    SessionInvalid(String),
    /// Something answered that is not what the API promises: an HTML page, a truncated body, a wrong shape.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
    /// A URL from the server points to another host; the credentials stay here.
    #[error("the answer points to {0}, which is not the host of the org; not followed")]
    ForeignHost(String),
    /// A URL that no credentials may be sent to: neither https nor this machine.
    #[error("{0} is not https; credentials are sent over https only, or over http to this machine")]
    Insecure(String),
    /// The ceiling of `--max-api-calls` is reached.
    #[error("the ceiling of {0} API calls is reached")]
    CallCeiling(u32),
    /// SOAP refuses access tokens in JWT format at this API version.
    #[error("the Metadata API takes no access tokens in JWT format below API version 68.0, and this is {0}")]
    JwtOverSoap(super::ApiVersion),
    /// A way of logging in outside of OAuth, such as the Salesforce CLI, gave no session. Says what to do.
    #[error("{0}")]
    Login(String),
    /// A way of logging in that cannot work before something on this machine is changed: no Salesforce CLI, no such alias. Says what.
    #[error("{0}")]
    Setup(String),
    /// A retrieve job failed or did not end in time.
    #[error("the retrieve job did not deliver: {0}")]
    Retrieve(String),
}

impl Error {
    /// Salesforce's error code, where it gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Whether it is a mistake on this side, which no other day and no other session would mend.
    #[must_use]
    pub const fn is_misuse(&self) -> bool {
        matches!(self, Self::Setup(_) | Self::Insecure(_))
    }

    /// Whether the object, column or resource does not exist in this org or is hidden from this user.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self.code(),
            Some(
                "INVALID_TYPE"
                    | "INVALID_FIELD"
                    | "NOT_FOUND"
                    | "INSUFFICIENT_ACCESS"
                    | "FUNCTIONALITY_NOT_ENABLED"
                    | "INVALID_TYPE_FOR_OPERATION"
            )
        )
    }
}
