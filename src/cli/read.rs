//! What a command is about: files, live orgs or a snapshot, read into one inventory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;

use super::orgs::{self, Extent, OrgChoice, Wanted, plan};
use super::terminal::View;
use super::{ListFormat, Outcome};
use crate::collect::tree::{self, absolute};
use crate::collect::{Collected, ProfilesToRead, snapshot};
use crate::report::{Source, untrusted};
use crate::rules::Rule;
use crate::salesforce::Usage;

/// A fact that is read from the profiles that apps are assigned to, which are opened only if a rule asks for it.
const OF_ASSIGNED_PROFILES: &str = "app.access.profiles_without_login_ip_ranges";

/// Facts that are read from all profiles, by the beginnings of their paths.
const OF_ALL_PROFILES: &[&str] = &["app.run_as.login_", "org.profiles."];

/// Facts that files tell in profiles and permission sets, and an org without them.
const OF_ALL_HOLDERS: &str = "org.holders.";

/// What to read.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// SFDX projects, metadata folders, zips of one, or single metadata files [default: .].
    #[arg(value_name = "PATH", help_heading = "Input")]
    paths: Vec<PathBuf>,
    /// Also read what .forceignore leaves out.
    #[arg(long, help_heading = "Input")]
    no_forceignore: bool,
    /// What `orgwarden snapshot` has saved of an org.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    orgs: OrgChoice,
    #[command(flatten)]
    extent: Extent,
}

/// What a command wants to know beyond apps and their settings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wants<'a> {
    /// Rules, which may ask for what the profiles hold that apps are assigned to.
    pub(super) rules: &'a [Rule],
    /// Users of a live org, by user name. Files know none, and a snapshot has those it was taken with.
    pub(super) users: &'a [String],
    /// Profiles of a tree, by label or file name, whether apps are assigned to them or not.
    pub(super) profiles: &'a [String],
    /// Permission sets of a live org to read the assignments of although no app is assigned to them, by API name or label.
    pub(super) permission_sets: &'a [String],
    /// Whether to read the Setup Audit Trail of a live org.
    pub(super) setup_changes: bool,
    /// Profiles of a live org to read the users of although no app is assigned to them, by name.
    pub(super) profile_users: &'a [String],
    /// Whether to read what all profiles and permission sets of a tree grant, though no rule asks for it.
    pub(super) holders: bool,
}

impl<'a> Wants<'a> {
    /// What rules ask for, and the users whom contracts name.
    pub(super) fn of_rules(rules: &'a [Rule], users: &'a [String]) -> Self {
        Self { rules, users, ..Self::default() }
    }

    /// The profiles to read of an org.
    pub(super) fn profiles_of_org(&self) -> ProfilesToRead {
        if self.asks_for(|fact| OF_ALL_PROFILES.iter().any(|beginning| fact.starts_with(beginning))) {
            ProfilesToRead::All
        } else if self.asks_for(|fact| fact == OF_ASSIGNED_PROFILES) {
            ProfilesToRead::Assigned
        } else {
            ProfilesToRead::None
        }
    }

    /// The profiles, and perhaps permission sets, to open of a tree.
    pub(super) fn profiles_of_tree(&self) -> ProfilesToRead {
        let asked = self.holders || self.asks_for(|fact| fact.starts_with(OF_ALL_HOLDERS));
        if asked { ProfilesToRead::All } else { self.profiles_of_org() }
    }

    /// What to ask an org.
    pub(super) fn of_org(self, choice: &'a OrgChoice, usage: bool) -> Wanted<'a> {
        Wanted {
            choice,
            usage,
            profiles: self.profiles_of_org(),
            users: self.users,
            permission_sets: self.permission_sets,
            profile_users: self.profile_users,
            setup_changes: self.setup_changes,
        }
    }

    fn asks_for(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.rules.iter().any(|rule| rule.facts().iter().any(|fact| wanted(fact)))
    }
}

/// What was read, and what can be said of the reading.
pub(super) struct Read {
    /// The facts and the gaps.
    pub(super) collected: Collected,
    /// What it was read from.
    pub(super) source: Source,
    /// API calls, by org.
    pub(super) cost: Vec<(String, Usage)>,
}

impl Input {
    /// The paths to read, where files are meant.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        if self.paths.is_empty() { vec![PathBuf::from(".")] } else { self.paths.clone() }
    }

    /// Whether a source is named, and not only the current directory meant.
    pub(super) fn is_given(&self) -> bool {
        !self.paths.is_empty() || self.snapshot.is_some() || self.orgs.names_an_org()
    }

    /// Whether files are meant, and not an org or a snapshot of one.
    pub(super) fn is_files(&self) -> bool {
        !self.orgs.names_an_org() && self.snapshot.is_none()
    }

    /// Whether a snapshot is meant.
    pub(super) const fn is_snapshot(&self) -> bool {
        self.snapshot.is_some()
    }

    /// Whether a policy in this folder is about all there is to read, or about more.
    pub(super) fn is_whole(&self, folder: Option<&Path>) -> bool {
        !self.is_files() || self.paths().iter().any(|path| Some(absolute(path).as_path()) == folder)
    }

    /// Refuses what does not go together.
    ///
    /// # Errors
    ///
    /// What does not, and what to do.
    pub(super) fn check(&self) -> Result<()> {
        let (names_an_org, has_paths) = (self.orgs.names_an_org(), !self.paths.is_empty());
        let snapshot = self.snapshot.is_some();
        if names_an_org && (has_paths || snapshot) {
            let other = if has_paths { "files" } else { "a snapshot" };
            bail!("a live org and {other} were asked for: one run reads one kind of source; run the command once for each");
        }
        if snapshot && has_paths {
            bail!("a snapshot and files were asked for: one run reads one kind of source; run the command once for each");
        }
        if self.no_forceignore && !self.is_files() {
            bail!("--no-forceignore is about files, and an org was asked for");
        }
        let about_orgs = self.extent.given().or_else(|| self.orgs.how_to_ask());
        if let (false, Some(option)) = (names_an_org, about_orgs) {
            let hint = if snapshot { "a snapshot is not asked anything" } else { "name one with --target-org" };
            bail!("{option} is about live orgs, and none was asked for: {hint}");
        }
        Ok(())
    }

    /// Prints the calls that reading would take, where that is all that is wanted.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written.
    pub(super) fn plan(&self, wants: Wants<'_>, format: ListFormat, view: &View<'_>) -> Result<Option<Outcome>> {
        if self.extent.plan { plan::run(self.wanted(wants), format, view).map(Some) } else { Ok(None) }
    }

    /// Reads and tells on standard error what was odd and what it has cost; or prints the calls that it would take, where that is all that is
    /// wanted, and says what that amounts to.
    ///
    /// # Errors
    ///
    /// As for [`Self::read`]; standard output cannot be written.
    pub(super) fn read_or_plan(&self, wants: Wants<'_>, format: ListFormat, view: &View<'_>) -> Result<Result<Read, Outcome>> {
        if let Some(outcome) = self.plan(wants, format, view)? {
            return Ok(Err(outcome));
        }
        let read = self.read(wants, view)?;
        view.diagnostics(&read.collected.diagnostics);
        tell_cost(&read.cost, view);
        Ok(Ok(read))
    }

    /// Reads, opening profiles only if something asks for what they hold.
    ///
    /// # Errors
    ///
    /// A mistake on this side, which keeps anything from being read.
    pub(super) fn read(&self, wants: Wants<'_>, view: &View<'_>) -> Result<Read> {
        if let Some(path) = &self.snapshot {
            let saved = snapshot::read(path)?;
            view.note(&format!("the snapshot was taken on {}", saved.taken.strftime("%Y-%m-%d at %H:%M UTC")));
            return Ok(Read { source: Source::of_orgs(&saved.collected.inventory), collected: saved.collected, cost: Vec::new() });
        }
        if self.orgs.names_an_org() {
            let asked = orgs::collect(self.wanted(wants), view)?;
            return Ok(Read { source: Source::of_orgs(&asked.collected.inventory), collected: asked.collected, cost: asked.cost });
        }
        let collected = self.read_tree(wants, &BTreeMap::new());
        let source = Source::of_paths(self.paths().iter().map(|path| path.to_string_lossy().into_owned()).collect());
        Ok(Read { collected, source, cost: Vec::new() })
    }

    /// Reads files, as if some had other texts: by their paths as shown.
    pub(super) fn read_tree(&self, wants: Wants<'_>, texts: &BTreeMap<String, String>) -> Collected {
        let request = tree::Request {
            paths: &self.paths(),
            force_ignore: !self.no_forceignore,
            profiles: wants.profiles_of_tree(),
            also: wants.profiles,
        };
        tree::collect_with(&request, texts)
    }

    fn wanted<'a>(&'a self, wants: Wants<'a>) -> Wanted<'a> {
        wants.of_org(&self.orgs, self.extent.usage)
    }
}

/// Tells what the orgs' answers have cost.
pub(super) fn tell_cost(cost: &[(String, Usage)], view: &View<'_>) {
    for (org, usage) in cost {
        let org = if cost.len() > 1 { format!("{org}: ") } else { String::new() };
        let calls = if usage.calls == 1 { "1 API call".to_owned() } else { format!("{} API calls", grouped(usage.calls.into())) };
        let daily = match (usage.daily_used, usage.daily_max) {
            (Some(used), Some(max)) => format!(" (daily {} of {})", grouped(used), grouped(max)),
            _ => String::new(),
        };
        view.note(&untrusted::line(&format!("{org}{calls} used{daily}")));
    }
}

/// `10060` as `10,060`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
