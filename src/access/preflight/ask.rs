//! What is asked of preflight.

use std::net::IpAddr;

use crate::inventory::flow::Flow;

/// A request for a token.
#[derive(Clone, Debug)]
pub struct Request {
    /// The flow.
    pub flow: Flow,
    /// Whom the token is for.
    pub who: Who,
    /// Scopes the request asks for, by their OAuth names; none where it has no `scope`.
    pub scopes: Option<Vec<String>>,
    /// `redirect_uri`; none where it is not told.
    pub redirect_uri: Option<String>,
    /// The host the request goes to, in lower case; none where it is not told.
    pub login_host: Option<String>,
    /// The address it comes from; none where it is not told.
    pub source_ip: Option<IpAddr>,
    /// Whether the user has approved the app earlier, with a refresh token, where somebody states it; none to go by the source.
    pub prior_approval: Option<bool>,
}

/// Whom a token is for. Client credentials are always for the user the app runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody active who holds what the app is assigned to: what is asked about is the app.
    Anybody,
    /// A user, by user name.
    Named(String),
    /// Somebody active who holds these, by the names the source has for them.
    Holding {
        /// The profile; none where it is not told.
        profile: Option<String>,
        /// Permission sets.
        permission_sets: Vec<String>,
    },
}

impl Request {
    /// A request of which nothing is told but the flow and the user.
    #[must_use]
    pub const fn new(flow: Flow, who: Who) -> Self {
        Self { flow, who, scopes: None, redirect_uri: None, login_host: None, source_ip: None, prior_approval: None }
    }
}
