//! API versions.

use std::fmt;
use std::str::FromStr;

/// An API version; Salesforce counts in whole numbers and writes `66.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion(pub u16);

impl ApiVersion {
    /// The newest version this program knows the types of.
    pub const NEWEST_KNOWN: Self = Self(68);
    /// The first version from which SOAP takes access tokens in JWT format.
    pub const JWT_OVER_SOAP: Self = Self(68);
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.0", self.0)
    }
}

/// Not an API version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no API version; write a number such as 66.0")]
pub struct NoVersion(String);

impl FromStr for ApiVersion {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let digits = text.strip_prefix('v').unwrap_or(text);
        let digits = digits.strip_suffix(".0").unwrap_or(digits);
        digits.parse().map(Self).map_err(|_| NoVersion(text.to_owned()))
    }
}
