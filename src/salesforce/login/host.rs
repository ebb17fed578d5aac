//! Hosts of Salesforce: which one serves the API, and to which one a token may go.

use url::Url;

use super::LoginError;
use crate::salesforce::Error;
use crate::salesforce::transport::{acceptable, is_loopback};

/// Hosts of the user interface, and what stands at the same place in the name of the API's host.
const SETUP_HOSTS: [(&str, &str); 2] =
    [(".lightning.force.com", ".my.salesforce.com"), (".my.salesforce-setup.com", ".my.salesforce.com")];
/// Domains under which Salesforce alone hands out API hosts.
const SALESFORCE_DOMAINS: [&str; 6] =
    [".salesforce.com", ".salesforce.mil", ".crmforce.mil", ".cloudforce.com", ".database.com", ".sfcrmproducts.cn"];

/// The org of a URL somebody copied from anywhere in it: its API host alone, without path.
///
/// # Errors
///
/// No URL, one with credentials in it, or one that is neither https nor loopback.
pub(super) fn instance(setting: &str, text: &str) -> Result<Url, LoginError> {
    let mut url = login(setting, text)?;
    url.set_path("");
    Ok(url)
}

/// A URL to log in at. The path stays: sites of Experience Cloud have one.
///
/// # Errors
///
/// As for [`instance`].
pub(super) fn login(setting: &str, text: &str) -> Result<Url, LoginError> {
    let wrong = |problem| LoginError::Url { setting: setting.to_owned(), problem };
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong("it is empty; write a URL such as https://acme.my.salesforce.com"));
    }
    let url = if text.contains("://") { Url::parse(text).ok() } else { bare(text) };
    let mut url = url.ok_or_else(|| wrong("it does not read as a URL; write one such as https://acme.my.salesforce.com"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it has a user name or password in it; give the URL alone"));
    }
    url.set_query(None);
    url.set_fragment(None);
    acceptable(&url)
        .map_err(|_| wrong("credentials are sent over https alone, or to a loopback address; begin it with https://"))?;
    Ok(api_host(url))
}

/// The URL of a host written without scheme: https, but http for a loopback address, which has no certificate.
pub(super) fn bare(host: &str) -> Option<Url> {
    let mut url = Url::parse(&format!("https://{host}")).ok()?;
    if is_loopback(&url) {
        url.set_scheme("http").ok()?;
    }
    Some(url)
}

/// The API host that came with a token from `asked`: a host of Salesforce or the one that was asked, nothing else. A loopback address
/// may send to another one, as a stand-in for Salesforce has several ports.
///
/// # Errors
///
/// [`Error::Unreadable`] or [`Error::ForeignHost`].
pub(super) fn of_answer(asked: &Url, instance_url: &str) -> Result<Url, Error> {
    let mut url = Url::parse(instance_url.trim())
        .map_err(|_| Error::Unreadable("the instance_url that came with the token is no URL".to_owned()))?;
    acceptable(&url)?;
    let trusted = is_salesforce(&url) || url.origin() == asked.origin() || (is_loopback(&url) && is_loopback(asked));
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if !trusted || has_credentials {
        return Err(Error::ForeignHost(url.host_str().unwrap_or_default().to_owned()));
    }
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Ok(api_host(url))
}

/// Whether this is one of the two hosts every org shares, which know no org before the user is known.
pub(super) fn is_central(url: &Url) -> bool {
    matches!(url.host_str(), Some("login.salesforce.com" | "test.salesforce.com"))
}

/// The central login URL for the org at `url`, where there is one: that for sandboxes and scratch orgs, or that for all others.
///
/// None for hosts of others, which could use an assertion made out to it in the user's name.
pub(super) fn central(url: &Url) -> Option<&'static str> {
    if is_central(url) || !(is_salesforce(url) || is_loopback(url)) {
        return None;
    }
    let host = url.host_str().unwrap_or_default();
    // Before enhanced domains the instance stood in the host name, and those of sandboxes begin with `cs`.
    let on_sandbox_instance = host.split('.').any(|label| {
        label.strip_prefix("cs").is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
    });
    let is_sandbox = host.contains("--") || host.contains(".sandbox.") || host.contains(".scratch.") || on_sandbox_instance;
    Some(if is_sandbox { "https://test.salesforce.com" } else { "https://login.salesforce.com" })
}

/// The URL as Salesforce compares it in `aud`: without slash at the end.
pub(super) fn audience(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

fn api_host(mut url: Url) -> Url {
    let derived = url.host_str().and_then(|host| {
        SETUP_HOSTS.iter().find_map(|(setup, api)| host.strip_suffix(setup).map(|domain| format!("{domain}{api}")))
    });
    if let Some(host) = derived
        && url.set_host(Some(&host)).is_ok()
    {
        url.set_path("");
    }
    url
}

fn is_salesforce(url: &Url) -> bool {
    url.host_str().is_some_and(|host| SALESFORCE_DOMAINS.iter().any(|domain| host.ends_with(domain)))
}
