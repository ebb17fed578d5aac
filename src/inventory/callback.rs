//! Callback URLs and the other URLs of an app: parsed, and told apart by where they lead.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use url::{Host, Url};

use super::template::holds_variable;

/// Names set aside for documentation and tests (RFC 2606, RFC 6761), with everything below them.
const EXAMPLE_DOMAINS: &[&str] = &["example.com", "example.org", "example.net", "example", "test", "invalid"];

/// Tunnels and free hosting for tries: whoever asks next gets the name, and the codes sent to it.
const TUNNEL_DOMAINS: &[&str] =
    &["ngrok.io", "ngrok-free.app", "ngrok-free.dev", "ngrok.app", "ngrok.dev", "trycloudflare.com", "herokuapp.com"];

/// Pages of tools that show a code or token to whoever is trying OAuth out.
const TOOL_HOSTS: &[&str] = &["oauth.pstmn.io", "getpostman.com", "www.getpostman.com", "workbench.developerforce.com"];

/// Salesforce's login hosts. Nothing on them is an app's own: `/services/oauth2/success` and `callback` are the usual stopgaps
/// for apps that never redirect.
const SALESFORCE_HOSTS: &[&str] = &["login.salesforce.com", "test.salesforce.com", "www.salesforce.com"];

/// One callback URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and they combine freely")]
pub struct Callback {
    /// As written, without white space around it.
    pub url: String,
    /// In lower case; empty where the URL has none.
    pub scheme: String,
    /// In lower case, international names in their ASCII form, IPv6 in brackets; empty where there is none or a template
    /// variable stands for it.
    pub host: String,
    /// localhost, 127.0.0.0/8 or `[::1]`.
    pub loopback: bool,
    /// http to a host that is not loopback.
    pub clear_text: bool,
    /// A scheme other than http and https.
    pub custom_scheme: bool,
    /// Holds `*`, a fragment or `..`.
    pub pattern: bool,
    /// A template variable, an example host, a tunnel, or the page of a tool or of Salesforce itself.
    pub placeholder: bool,
    /// Not a URL with a scheme. False where a template variable stands in it: what it becomes is not known.
    pub invalid: bool,
}

impl Callback {
    /// Reads one URL. Never fails: what is no URL is `invalid`.
    #[must_use]
    pub fn parse(written: &str) -> Self {
        let written = written.trim();
        let template = holds_variable(written);
        let scheme = scheme_of(written).map(str::to_ascii_lowercase).unwrap_or_default();
        let url = if scheme.is_empty() { None } else { Url::parse(written).ok() };
        let host = url.as_ref().and_then(Url::host);
        let loopback = host.as_ref().is_some_and(is_loopback);
        let host = host.map(|host| host.to_string().to_lowercase()).filter(|host| !holds_variable(host)).unwrap_or_default();
        Self {
            clear_text: scheme == "http" && !host.is_empty() && !loopback,
            custom_scheme: !matches!(scheme.as_str(), "" | "http" | "https"),
            pattern: written.contains('*') || written.contains("..") || written.contains('#'),
            placeholder: template || is_placeholder(&host),
            invalid: url.is_none() && !template,
            url: written.to_owned(),
            scheme,
            host,
            loopback,
        }
    }
}

/// The URLs of a connected app's `callbackUrl`: one a line. Each comes with its bytes in `text`, without white space around
/// it; empty lines are left out.
pub fn split_lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    split(text, |character| matches!(character, '\n' | '\r'))
}

/// The URLs of an External Client App's `callbackUrl`: separated by line breaks, other white space or commas. Each comes with
/// its bytes in `text`.
pub fn split_list(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    split(text, |character| character.is_whitespace() || character == ',')
}

fn split(text: &str, separates: fn(char) -> bool) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    text.split_inclusive(separates).filter_map(move |piece| {
        let indent = piece.len() - piece.trim_start().len();
        let url = piece.trim_end_matches(separates).trim();
        let at = start + indent;
        start += piece.len();
        (!url.is_empty()).then_some((at..at + url.len(), url))
    })
}

/// What a URL of an app, other than a callback, is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UrlRole {
    /// `startUrl`: where the App Launcher leads.
    Start,
    /// `mobileStartUrl`.
    MobileStart,
    /// `singleLogoutUrl`, `logoutUrl`.
    Logout,
    /// `infoUrl`.
    Info,
    /// `logoUrl`, `iconUrl`.
    Logo,
}

impl UrlRole {
    /// The word conditions and output use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::MobileStart => "mobile-start",
            Self::Logout => "logout",
            Self::Info => "info",
            Self::Logo => "logo",
        }
    }
}

/// A URL of an app that is no callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppUrl {
    /// What it is for.
    pub role: UrlRole,
    /// As written, without white space around it.
    pub url: String,
    /// Whether the scheme is https, or it is a path without host, which stays in the org.
    pub https: bool,
}

impl AppUrl {
    /// Reads one URL. Never fails: what is no URL is not https.
    #[must_use]
    pub fn parse(role: UrlRole, written: &str) -> Self {
        let url = written.trim();
        let scheme = scheme_of(url);
        let https = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) && Url::parse(url).is_ok();
        Self { role, url: url.to_owned(), https: https || is_path(url) }
    }
}

/// `//host/x` has a host, and browsers read `/\host` the same way.
fn is_path(url: &str) -> bool {
    url.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']))
}

/// What stands before the first colon, where it can be a scheme (RFC 3986 section 3.1). In `localhost:3000/x` it is a host:
/// no scheme is followed by a port.
fn scheme_of(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once(':')?;
    let well_formed = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.'));
    let port = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = !port.is_empty() && port.chars().all(|digit| digit.is_ascii_digit());
    (well_formed && !is_port).then_some(scheme)
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        // The host of a custom scheme is not looked at by the URL parser, so an address in it is still text.
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn is_placeholder(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let below = |domain: &&str| host.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    EXAMPLE_DOMAINS.iter().chain(TUNNEL_DOMAINS).any(below) || TOOL_HOSTS.contains(&host) || SALESFORCE_HOSTS.contains(&host)
}
