//! Everything that can be asked of an org. There are no words here for changing one.

use url::Url;

use super::soap::Operation;
use super::transport::origin;
use super::{ApiVersion, Error};

/// A request. Nothing else can be sent with a session: reading is all there is, by construction.
pub(super) enum Request {
    /// GET of a REST resource.
    Get(RestPath),
    /// POST to the composite resource. Its parts are all GET.
    Composite(ApiVersion, Vec<RestPath>),
    /// POST of a SOAP operation that reads.
    Soap(ApiVersion, Operation),
}

impl Request {
    pub(super) fn method(&self) -> &'static str {
        if matches!(self, Self::Get(_)) { "GET" } else { "POST" }
    }

    /// Path and query.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Get(path) => path.as_str().to_owned(),
            Self::Composite(version, _) => format!("/services/data/v{version}/composite"),
            Self::Soap(version, _) => format!("/services/Soap/m/{version}"),
        }
    }
}

/// Path and query of a REST resource that is only ever read.
///
/// The OAuth endpoints are no such thing: a GET of `/services/oauth2/revoke` ends a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RestPath(String);

impl RestPath {
    /// The list of API versions.
    pub(super) fn versions() -> Self {
        Self("/services/data".to_owned())
    }

    /// Who is logged in.
    pub(super) fn user_info() -> Self {
        Self("/services/oauth2/userinfo".to_owned())
    }

    /// A resource of one API version. `resource` is written by this program, encoded where it needs to be.
    pub(super) fn of(version: ApiVersion, resource: &str) -> Self {
        Self(format!("/services/data/v{version}/{resource}"))
    }

    /// What the org pointed to, if it is a REST resource on the same host. The host as such is dropped.
    pub(super) fn given(base: &Url, target: &str) -> Result<Self, Error> {
        let url = base.join(target).map_err(|_| Error::Unreadable("a link in the answer is no URL".to_owned()))?;
        if url.origin() != base.origin() {
            return Err(Error::ForeignHost(origin(&url)));
        }
        let path = url.path();
        if path != "/services/data" && !path.starts_with("/services/data/") && path != "/services/oauth2/userinfo" {
            return Err(Error::Unreadable("a link in the answer leads out of the REST API".to_owned()));
        }
        Ok(Self(url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
