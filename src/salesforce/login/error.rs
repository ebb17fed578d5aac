//! What is wrong with a way of logging in before anything is sent.

use std::io;
use std::path::PathBuf;

/// A mistake in arguments, environment or files. Of what was written there, nothing is repeated but names of orgs: it may be a secret
/// in the wrong place.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// An environment variable or option that is needed is missing or empty.
    #[error("{name} is not set; {advice}")]
    NotSet {
        /// Its name.
        name: String,
        /// What it is for.
        advice: &'static str,
    },
    /// What was given as an access token is none.
    #[error("{from} holds no access token: {problem}")]
    AccessToken {
        /// Where it comes from.
        from: String,
        /// What is wrong, and what to do.
        problem: &'static str,
    },
    /// A URL that cannot be used.
    #[error("{setting} cannot be used: {problem}")]
    Url {
        /// The option or variable.
        setting: String,
        /// What is wrong, and what to do.
        problem: &'static str,
    },
    /// A file or standard input that cannot be read.
    #[error("cannot read {what} from {}: {cause}", .path.display())]
    File {
        /// What it should hold.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// A key file that holds no private RSA key.
    #[error("{} cannot sign: {problem}", .path.display())]
    PrivateKey {
        /// The key file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: &'static str,
    },
    /// A text that holds no SFDX auth URL.
    #[error("{from} holds no SFDX auth URL: {problem}")]
    AuthUrl {
        /// Where it comes from.
        from: String,
        /// What is wrong, and what to do.
        problem: &'static str,
    },
    /// A name of an org that cannot be passed on to the Salesforce CLI.
    #[error("`{name}` cannot be the alias or user name of an org: {problem}; `sf org list` shows those there are")]
    OrgName {
        /// The name.
        name: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A configuration file of the Salesforce CLI that says no default org because it cannot be understood.
    #[error("cannot tell the default org from {}: {problem}; correct the file, or name the org with --target-org", .path.display())]
    Configuration {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: &'static str,
    },
}
