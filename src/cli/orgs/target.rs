//! From the options to the orgs: who is meant, and a way to log in to each.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use url::Url;

use super::options::{DEFAULT_ORG, FROM_ENVIRONMENT, OrgChoice};
use crate::cli::terminal::View;
use crate::report::untrusted;
use crate::salesforce::login::cli::{ListedOrg, Program, list_orgs};
use crate::salesforce::login::{
    AuthUrl, ClientCredentials, HandedIn, JwtBearer, JwtSettings, Login, LoginError, SalesforceCli, default_org,
};

/// An org to ask.
pub(super) struct Target {
    /// The alias or user name it was asked for by; where there is none, what stands for it until its host is known.
    pub(super) name: String,
    /// Whether the host is a better name.
    pub(super) nameless: bool,
    /// The way in.
    pub(super) login: Arc<dyn Login>,
    /// The same way, where it is an auth URL: Salesforce may exchange its refresh token.
    pub(super) auth_url: Option<Arc<AuthUrl>>,
}

/// The orgs that are asked for, in order, each once.
///
/// # Errors
///
/// What is wrong with the options, the environment or a file, fit to be shown.
pub(super) async fn targets(choice: &OrgChoice, view: &View<'_>) -> anyhow::Result<Vec<Target>> {
    if choice.org_from_env {
        return Ok(vec![from_environment()?]);
    }
    if let Some(client_id) = &choice.client_id {
        return Ok(vec![through_app(client_id, choice)?]);
    }
    if let Some(path) = &choice.sfdx_url_file {
        return Ok(vec![through_auth_url(path)?]);
    }
    if choice.all_orgs {
        let listed = list_orgs(&Program::default()).await.context("cannot tell which orgs there are")?;
        anyhow::ensure!(
            !listed.is_empty(),
            "the Salesforce CLI is logged in to no org; log in with `sf org login web --alias ALIAS`"
        );
        return listed_once(listed).into_iter().map(|name| through_cli(&name)).collect();
    }
    let mut names: Vec<String> = Vec::new();
    let none_named = [DEFAULT_ORG.to_owned()];
    let asked = if choice.target_org.is_empty() { &none_named[..] } else { &choice.target_org };
    for name in asked {
        let name = if name == DEFAULT_ORG { named_by_default(view)? } else { name.clone() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.iter().map(|name| if name == FROM_ENVIRONMENT { from_environment() } else { through_cli(name) }).collect()
}

fn from_environment() -> anyhow::Result<Target> {
    let login = HandedIn::from_environment(variable)?;
    let name = host_of(login.instance_url());
    Ok(Target { name, nameless: false, login: Arc::new(login), auth_url: None })
}

fn through_app(client_id: &str, choice: &OrgChoice) -> anyhow::Result<Target> {
    let login_url = choice.login_url.as_deref();
    if let (Some(key_file), Some(username)) = (&choice.jwt_key_file, &choice.username) {
        let audience = variable("SF_AUDIENCE_URL");
        let settings = JwtSettings { client_id, username, key_file, login_url, my_domain: None, audience: audience.as_deref() };
        let login = JwtBearer::new(&settings)?;
        return Ok(Target { name: username.clone(), nameless: false, login: Arc::new(login), auth_url: None });
    }
    let secret = ClientCredentials::secret(variable, choice.client_secret_file.as_deref())?;
    let login = ClientCredentials::new(client_id, secret, login_url.unwrap_or_default())?;
    let name =
        login_url.and_then(|url| Url::parse(url).ok()).map_or_else(|| "the org of --login-url".to_owned(), |url| host_of(&url));
    Ok(Target { name, nameless: true, login: Arc::new(login), auth_url: None })
}

fn through_auth_url(path: &Path) -> anyhow::Result<Target> {
    let login = if path == Path::new("-") { AuthUrl::from_standard_input(io::stdin().lock()) } else { AuthUrl::from_file(path) };
    let login = Arc::new(login?);
    let name = "the org of the SFDX auth URL".to_owned();
    Ok(Target { name, nameless: true, login: Arc::clone(&login) as Arc<dyn Login>, auth_url: Some(login) })
}

fn through_cli(name: &str) -> anyhow::Result<Target> {
    let login = SalesforceCli::new(Program::default(), name)?;
    Ok(Target { name: name.trim().to_owned(), nameless: false, login: Arc::new(login), auth_url: None })
}

/// The default org, told to whoever may have thought of another.
fn named_by_default(view: &View<'_>) -> anyhow::Result<String> {
    let here = env::current_dir().context("cannot tell the current directory")?;
    let found = default_org(variable, &here, env::home_dir().as_deref()).map_err(|error: LoginError| anyhow::anyhow!(error))?;
    let org = found.context(
        "no org is named and there is no default: name one with --target-org ALIAS, or set one with `sf config set target-org ALIAS` \
         or SF_TARGET_ORG; `sf org list` shows those there are, and --org-from-env takes the one of SF_ACCESS_TOKEN",
    )?;
    view.note(&untrusted::line(&format!("the default org is {} ({})", org.name, org.from)));
    Ok(org.name)
}

/// One name for each org, though several users may be logged in to it: of two the one whose connection works.
fn listed_once(listed: Vec<ListedOrg>) -> Vec<String> {
    let works = |org: &ListedOrg| org.connected_status.as_deref() == Some("Connected");
    let mut kept: Vec<ListedOrg> = Vec::new();
    let mut place_of: BTreeMap<String, usize> = BTreeMap::new();
    for org in listed {
        let known = org.org_id.as_ref().and_then(|id| place_of.get(id)).copied();
        match known.and_then(|place| kept.get_mut(place)) {
            Some(earlier) if works(&org) && !works(earlier) => *earlier = org,
            Some(_) => {}
            None => {
                place_of.extend(org.org_id.clone().map(|id| (id, kept.len())));
                kept.push(org);
            }
        }
    }
    kept.into_iter().map(|org| org.alias.unwrap_or(org.username)).collect()
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}
