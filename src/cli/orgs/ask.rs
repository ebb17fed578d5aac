//! Asking orgs, several at once. The one place with an asynchronous runtime.

use std::cmp::Reverse;
use std::sync::Arc;

use anyhow::Context as _;
use futures_util::{StreamExt as _, stream};

use super::options::OrgChoice;
use super::progress::Progress;
use super::target::{self, Target};
use super::verbose::Lines;
use crate::cli::terminal::View;
use crate::collect::org::{self, Checkup, Request};
use crate::collect::{Collected, ProfilesToRead};
use crate::diagnostic::Diagnostic;
use crate::inventory::{Inventory, Source};
use crate::salesforce::login::AuthUrl;
use crate::salesforce::observe::Observer;
use crate::salesforce::{Client, Error, Options, Usage};

/// Orgs that are asked at the same time: each way in may start a program, and each org has its own limits.
const AT_ONCE: usize = 6;

/// What is wanted of the orgs.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Wanted<'a> {
    /// Which orgs, and how to ask.
    pub(in crate::cli) choice: &'a OrgChoice,
    /// Whether to read the log-in history.
    pub(in crate::cli) usage: bool,
    /// Which profiles to read the login IP ranges of.
    pub(in crate::cli) profiles: ProfilesToRead,
    /// User names to look up.
    pub(in crate::cli) users: &'a [String],
    /// Permission sets to read the assignments of.
    pub(in crate::cli) permission_sets: &'a [String],
    /// Whether to read the Setup Audit Trail.
    pub(in crate::cli) setup_changes: bool,
    /// Profiles to read the users of.
    pub(in crate::cli) profile_users: &'a [String],
}

/// What came of it.
pub(in crate::cli) struct Asked {
    /// What was read and what not, in the order of the orgs.
    pub(in crate::cli) collected: Collected,
    /// What it cost, by org; orgs that could not be logged in to are not among them.
    pub(in crate::cli) cost: Vec<(String, Usage)>,
}

impl Wanted<'_> {
    /// The question to one org.
    pub(super) fn request(self, name: String) -> Request {
        Request {
            name,
            usage: self.usage,
            profiles: self.profiles,
            users: self.users.to_vec(),
            permission_sets: self.permission_sets.to_vec(),
            setup_changes: self.setup_changes,
            profile_users: self.profile_users.to_vec(),
            api_version: self.choice.api_version,
        }
    }
}

/// Reads the inventories of the orgs. One that cannot be reached is a gap, and the others are still read.
///
/// # Errors
///
/// What is wrong on this side: the options, the environment, a file, the Salesforce CLI.
pub(in crate::cli) fn collect(wanted: Wanted<'_>, view: &View<'_>) -> anyhow::Result<Asked> {
    let read = |client: Client, request: Request| async move { org::collect(&client, &request).await };
    let orgs = ask(wanted, view, read)?;
    let mut asked = Asked { collected: Collected::default(), cost: Vec::new() };
    for org in orgs {
        let mut collected = org.answer.unwrap_or_else(|error| unreachable(&org.name, &error));
        if collected.inventory.sources.is_empty() {
            collected.inventory.sources.push(Source { name: org.name.clone(), unread: true, ..Source::default() });
        }
        asked.collected.append(collected);
        asked.cost.extend(org.cost.map(|cost| (org.name, cost)));
    }
    // What is missing first; a snapshot keeps them apart.
    asked.collected.diagnostics.sort_by_key(|problem| Reverse(problem.level));
    Ok(asked)
}

/// What the user of each org can see, by the org's name; or why the org could not be asked.
///
/// # Errors
///
/// As for [`collect`].
pub(in crate::cli) fn check_up(wanted: Wanted<'_>, view: &View<'_>) -> anyhow::Result<Vec<(String, Result<Checkup, Error>)>> {
    let check = |client: Client, request: Request| async move { org::check_up(&client, &request).await };
    Ok(ask(wanted, view, check)?.into_iter().map(|org| (org.name, org.answer)).collect())
}

/// One org's answer.
struct Answered<T> {
    name: String,
    answer: Result<T, Error>,
    cost: Option<Usage>,
}

/// An org one is logged in to, or why not.
struct Entered {
    target: Target,
    client: Result<Client, Error>,
}

fn ask<T, F: Future<Output = T>>(
    wanted: Wanted<'_>,
    view: &View<'_>,
    question: impl Fn(Client, Request) -> F,
) -> anyhow::Result<Vec<Answered<T>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot prepare asking")?;
    runtime.block_on(async {
        let targets = target::targets(wanted.choice, view).await?;
        let watch = Watch::new(wanted.choice, targets.len() > 1, view);
        let entering = stream::iter(targets.into_iter().map(|target| enter(target, wanted.choice, &watch)));
        let entered: Vec<Entered> = entering.buffered(AT_ONCE).collect().await;
        // A mistake on this side ends the run before an API call is made.
        if let Some(error) = entered.iter().find_map(|org| org.client.as_ref().err().filter(|error| error.is_misuse())) {
            anyhow::bail!("{error}");
        }
        let rotating: Vec<Arc<AuthUrl>> = entered.iter().filter_map(|org| org.target.auth_url.clone()).collect();
        let asking = stream::iter(entered.into_iter().map(|org| answer(org, wanted, &question)));
        let answered = asking.buffered(AT_ONCE).collect().await;
        watch.end();
        if rotating.iter().any(|login| login.rotated()) {
            view.note(
                "warning: Salesforce has exchanged the refresh token of the SFDX auth URL (refresh token rotation): the URL that was \
                 read works no more; write it anew with `sf org auth show-sfdx-auth-url`",
            );
        }
        Ok(answered)
    })
}

async fn enter(mut target: Target, choice: &OrgChoice, watch: &Watch) -> Entered {
    let observer = watch.observer(&target.name);
    let options = Options { max_api_calls: choice.max_api_calls, observer, ..Options::default() };
    let client = Client::connect(Arc::clone(&target.login), options).await;
    if let (true, Ok(client)) = (target.nameless, &client) {
        target.name = client.host();
    }
    Entered { target, client }
}

async fn answer<T, F: Future<Output = T>>(
    org: Entered,
    wanted: Wanted<'_>,
    question: impl Fn(Client, Request) -> F,
) -> Answered<T> {
    let name = org.target.name;
    match org.client {
        Err(error) => Answered { name, answer: Err(error), cost: None },
        Ok(client) => {
            let answer = question(client.clone(), wanted.request(name.clone())).await;
            Answered { name, answer: Ok(answer), cost: Some(client.usage()) }
        }
    }
}

/// An org that could not be logged in to.
fn unreachable(name: &str, error: &Error) -> Collected {
    let problem = Diagnostic::error(format!("{name} could not be audited: no session"))
        .label(error.to_string())
        .help("nothing is known of this org; log in again, then run the same command");
    let source = Source { name: name.to_owned(), unread: true, ..Source::default() };
    Collected {
        inventory: Inventory { sources: vec![source], ..Inventory::default() },
        diagnostics: vec![problem],
        ..Collected::default()
    }
}

/// What is shown while the orgs are asked.
enum Watch {
    Nothing,
    Lines { several: bool },
    Progress(Progress),
}

impl Watch {
    fn new(choice: &OrgChoice, several: bool, view: &View<'_>) -> Self {
        if choice.verbose {
            Self::Lines { several }
        } else if view.shows_progress() {
            Self::Progress(Progress::default())
        } else {
            Self::Nothing
        }
    }

    fn observer(&self, org: &str) -> Arc<dyn Observer> {
        match self {
            Self::Nothing => Arc::new(crate::salesforce::observe::Silent),
            Self::Lines { several } => Arc::new(Lines::new(several.then_some(org))),
            Self::Progress(progress) => progress.of(org),
        }
    }

    fn end(self) {
        if let Self::Progress(progress) = self {
            progress.end();
        }
    }
}
