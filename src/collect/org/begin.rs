//! The first two calls: which API version to speak, and as whom.

use super::Request;
use super::questions::Myself;
use crate::diagnostic::Diagnostic;
use crate::salesforce::{ApiVersion, Client, Error, UserInfo};

/// Below this there are no policies in the metadata of connected apps.
const OLDEST: ApiVersion = ApiVersion(49);
/// Below this External Client Apps have other types, or none that are documented.
const OLDEST_FOR_EXTERNAL_CLIENT_APPS: ApiVersion = ApiVersion(60);

/// From here on the policies of External Client Apps name profiles.
const FIRST_WITH_PROFILES_OF_POLICIES: ApiVersion = ApiVersion(62);

/// The client at the version to speak, and who asks.
pub(super) struct Begun {
    pub(super) client: Client,
    pub(super) myself: Option<Myself>,
    pub(super) organization: Option<String>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Asks for the versions and for the user. Without versions nothing else can be asked.
pub(super) async fn begin(client: &Client, request: &Request) -> Result<Begun, Diagnostic> {
    let (versions, user) = tokio::join!(client.versions(), who(client));
    let versions = versions.map_err(|error| unreachable_org(request, client, &error))?;
    let version =
        choose(&versions, request.api_version).map_err(|problem| Diagnostic::error(format!("{}: {problem}", request.name)))?;
    let mut problems = Vec::new();
    if version < OLDEST_FOR_EXTERNAL_CLIENT_APPS {
        let title = format!(
            "{}: External Client Apps are not looked at: API version {version} has no documented types for them",
            request.name
        );
        problems.push(Diagnostic::error(title).help("ask at 62.0 or later"));
    } else if version < FIRST_WITH_PROFILES_OF_POLICIES {
        let title = format!("{}: policies of External Client Apps name no profiles at API version {version}", request.name);
        problems.push(Diagnostic::warning(title).help("ask at 62.0 or later"));
    }
    if let Err(error) = &user {
        // An invalid session fails here first, and everything after it.
        if matches!(error, Error::SessionInvalid(_)) {
            return Err(unreachable_org(request, client, error));
        }
        let title = format!("{}: who is asking is not known, nor what that user may see", request.name);
        problems.push(Diagnostic::warning(title).label(error.to_string()));
    }
    let (myself, organization) = match user {
        Ok(user) => (Some(Myself::Id(user.user_id)), Some(user.organization_id)),
        Err(_) => (client.username().map(Myself::Name), None),
    };
    Ok(Begun { client: client.at(version), myself, organization, problems })
}

/// Who asks. The identity service has one word for a session that has ended and for one that was never good for it. The REST API tells
/// them apart, and a session that has ended is replaced on the way.
async fn who(client: &Client) -> Result<UserInfo, Error> {
    match client.user_info().await {
        Err(error) if error.code() == Some("Bad_OAuth_Token") => match client.at(OLDEST).limits().await {
            Err(invalid @ Error::SessionInvalid(_)) => Err(invalid),
            _ => client.user_info().await,
        },
        user => user,
    }
}

/// The newest version both sides know, or the one that was asked for.
fn choose(offered: &[ApiVersion], wanted: Option<ApiVersion>) -> Result<ApiVersion, String> {
    let newest = offered.iter().max().copied().ok_or("the org offers no API version")?;
    let version = match wanted {
        Some(wanted) if !offered.contains(&wanted) => {
            return Err(format!("the org does not offer API version {wanted}; its newest is {newest}"));
        }
        Some(wanted) => wanted,
        None => newest.min(ApiVersion::NEWEST_KNOWN),
    };
    if version < OLDEST {
        return Err(format!("API version {version} tells too little of apps; ask at {OLDEST} or later"));
    }
    Ok(version)
}

/// An org that answers nothing at all.
pub(super) fn unreachable_org(request: &Request, client: &Client, error: &Error) -> Diagnostic {
    let title = format!("{} ({}) could not be audited", request.name, client.host());
    let help = match error {
        Error::SessionInvalid(_) => "log in again, for example with `sf org login web`",
        Error::CallCeiling(_) => "allow more calls with --max-api-calls",
        _ => "check the host, the network and the status of the instance, and try again",
    };
    Diagnostic::error(title).label(error.to_string()).help(help)
}
