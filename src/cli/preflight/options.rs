//! The options about a request.

use std::net::IpAddr;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use url::Url;

use crate::access::preflight::{Request, Who};
use crate::diagnostic::did_you_mean;
use crate::inventory::flow::Flow;
use crate::inventory::oauth::KnownScope;

/// What is known of a request beside the flow and the user.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub(in crate::cli) struct RequestOptions {
    /// Scopes that the request asks for, by their OAuth names, separated by spaces or commas; may be given more than once.
    #[arg(long, value_name = "SCOPES")]
    scope: Vec<String>,
    /// The redirect URI of the request.
    #[arg(long, value_name = "URI", value_parser = NonEmptyStringValueParser::new())]
    redirect_uri: Option<String>,
    /// The host the request goes to, such as login.salesforce.com, or its URL.
    #[arg(long, value_name = "HOST", value_parser = host)]
    login_host: Option<String>,
    /// The IP address the request comes from.
    #[arg(long, value_name = "ADDRESS")]
    source_ip: Option<IpAddr>,
    /// Whether the user has approved the app before, with a refresh token [default: what the org's tokens tell].
    #[arg(long, value_name = "ANSWER", value_enum)]
    prior_approval: Option<Answer>,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Answer {
    Yes,
    No,
}

impl RequestOptions {
    /// Whether anything is said of the request.
    pub(in crate::cli) fn is_given(&self) -> bool {
        !self.scope.is_empty()
            || self.redirect_uri.is_some()
            || self.login_host.is_some()
            || self.source_ip.is_some()
            || self.prior_approval.is_some()
    }

    /// The request that is meant.
    pub(in crate::cli) fn request(&self, flow: Flow, who: Who) -> Request {
        let scopes: Vec<String> = self
            .scope
            .iter()
            .flat_map(|scopes| scopes.split([' ', ',']))
            .filter(|scope| !scope.is_empty())
            .map(|scope| KnownScope::from_any_name(scope).map_or_else(|| scope.to_owned(), |known| known.name().to_owned()))
            .collect();
        Request {
            flow,
            who,
            scopes: Some(scopes).filter(|scopes| !scopes.is_empty()),
            redirect_uri: self.redirect_uri.clone(),
            login_host: self.login_host.clone(),
            source_ip: self.source_ip,
            prior_approval: self.prior_approval.map(|answer| answer == Answer::Yes),
        }
    }
}

/// A flow by its name or its grant type.
pub(in crate::cli) fn flow(word: &str) -> Result<Flow, String> {
    Flow::from_name_or_request(word).ok_or_else(|| match did_you_mean(word, Flow::WORDS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match Flow::ALL.iter().find(|flow| flow.as_str().starts_with(word)) {
            Some(flow) => format!("did you mean `{flow}`?"),
            None => format!("it can be one of {}, or a grant_type", Flow::WORDS.join(", ")),
        },
    })
}

/// A host, also where it is written as a URL.
fn host(written: &str) -> Result<String, String> {
    let written = written.trim();
    let url = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
    let parsed = Url::parse(&url).map_err(|error| error.to_string())?;
    let host = parsed.host_str().map(|host| host.trim_end_matches('.')).filter(|host| !host.is_empty()).ok_or("it has no host")?;
    Ok(parsed.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
