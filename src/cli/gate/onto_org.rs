//! An org as it is, and as it would be with the source deployed to it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use super::before::{Reading, States};
use crate::cli::manifests::{ManifestChoice, NamedManifests};
use crate::cli::orgs::{self, OrgChoice, Wanted};
use crate::cli::read::tell_cost;
use crate::cli::terminal::View;
use crate::collect::tree::deployment::{self, Deployment};
use crate::collect::{Collected, snapshot};
use crate::diagnostic::Level;
use crate::gate::{self, deployed};
use crate::inventory::Fact;
use crate::inventory::app::Assignment;
use crate::report::Source;

/// The org that a source is going to be deployed to, and the manifests of the deployment.
pub(super) struct OntoOrg<'a> {
    saved: Option<Saved>,
    orgs: &'a OrgChoice,
    manifests: NamedManifests,
}

/// A snapshot that was read.
pub(super) struct Saved {
    path: PathBuf,
    taken: String,
    collected: Collected,
}

impl Saved {
    /// Reads a snapshot.
    ///
    /// # Errors
    ///
    /// It cannot be read, is none, or one of a form that this version does not know.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let saved = snapshot::read(path)?;
        let taken = saved.taken.strftime("%Y-%m-%d").to_string();
        Ok(Self { path: path.to_owned(), taken, collected: saved.collected })
    }
}

impl<'a> OntoOrg<'a> {
    /// Reads the manifests.
    ///
    /// # Errors
    ///
    /// One of them cannot be read or is none.
    pub(super) fn new(saved: Option<Saved>, orgs: &'a OrgChoice, choice: &ManifestChoice) -> Result<Self> {
        let manifests = choice.read().map_err(|problem| {
            let place = problem.location.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
            anyhow!("{place}{}", problem.title).context("what is deployed cannot be told")
        })?;
        Ok(Self { saved, orgs, manifests })
    }

    /// Reads both states. None where the org could not be read, which has been shown.
    ///
    /// # Errors
    ///
    /// A mistake on this side keeps the org from being asked.
    pub(super) fn states(self, source: &Path, reading: Reading<'_>, view: &View<'_>) -> Result<Option<States>> {
        let paths = [source.to_owned()];
        let deployment = deployment::collect(&reading.request(&paths), self.manifests.borrowed());
        let (of_snapshot, org) = match self.saved {
            Some(Saved { path, taken, collected }) => (Some((path, taken)), collected),
            None => (None, ask(self.orgs, &deployment, reading, view)?),
        };
        let [told] = org.inventory.sources.as_slice() else {
            bail!("a deployment goes to one org, and {} were named", org.inventory.sources.len());
        };
        if told.org.is_none() {
            view.diagnostics(&org.diagnostics);
            return Ok(None);
        }
        let name = match of_snapshot {
            Some((path, taken)) => format!("{} as of {taken} ({})", told.name, path.display()),
            None => told.name.clone(),
        };
        let orgs = Source::of_orgs(&org.inventory).orgs;
        let Collected { inventory, diagnostics, .. } = org;
        let mut after = deployed::as_deployed(&inventory, deployment);
        // What could not be read of the org is not known of what becomes of it.
        after.diagnostics.extend(diagnostics.into_iter().filter(|it| it.level == Level::Error));
        let source = Source { paths: vec![source.to_string_lossy().into_owned()], orgs };
        let collected = Collected { inventory, ..Collected::default() };
        Ok(Some(States { before: gate::Before { name, collected, notes: Vec::new() }, after, source }))
    }
}

/// Asks the org for all that an audit wants to know, and for the users of what the deployment assigns.
fn ask(choice: &OrgChoice, deployment: &Deployment, reading: Reading<'_>, view: &View<'_>) -> Result<Collected> {
    let apps = deployment.collected.inventory.apps.iter().chain(&deployment.collected.partial);
    let (mut profiles, mut permission_sets) = (BTreeSet::new(), BTreeSet::new());
    for app in apps {
        profiles.extend(names(&app.access.profiles));
        permission_sets.extend(names(&app.access.permission_sets));
    }
    let (profiles, permission_sets): (Vec<String>, Vec<String>) =
        (profiles.into_iter().collect(), permission_sets.into_iter().collect());
    let wanted = Wanted {
        setup_changes: false,
        choice,
        usage: false,
        profiles: reading.wants.profiles_of_org(),
        users: reading.wants.users,
        permission_sets: &permission_sets,
        profile_users: &profiles,
    };
    let asked = orgs::collect(wanted, view)?;
    tell_cost(&asked.cost, view);
    Ok(asked.collected)
}

fn names(list: &Fact<Vec<Assignment>>) -> impl Iterator<Item = String> + use<'_> {
    list.value().into_iter().flatten().map(|assignment| assignment.name.clone())
}
