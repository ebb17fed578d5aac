//! The API client: REST, SOAP and login against one org. Knows nothing of audits.
//!
//! The client talks to the org's own host and nothing else, sends nothing that could change the org, and keeps tokens in
//! [`secrecy`] types. Contract: Salesforce's REST, Metadata and Tooling API developer guides.

pub mod error;
pub mod login;
pub mod observe;
pub mod session;
pub mod transport;
pub mod version;

pub use error::Error;
pub use session::Session;
pub use version::ApiVersion;

/// Which API a question goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Api {
    /// REST Data API, `/services/data/vXX.0/query`.
    Data,
    /// REST Tooling API, `/services/data/vXX.0/tooling/query`.
    Tooling,
}
