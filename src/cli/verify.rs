//! `orgwarden verify`: what of a declared configuration did not arrive in an org.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use super::manifests::ManifestChoice;
use super::orgs::{self, OrgChoice};
use super::read::{Wants, tell_cost};
use super::terminal::View;
use super::{Outcome, trail};
use crate::collect::tree::Request;
use crate::collect::tree::deployment::{self, Deployment};
use crate::collect::{Collected, ProfilesToRead, snapshot};
use crate::compare::arrival::{self, Arrivals, Declared, Deleted};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{ORG, Subject};
use crate::inventory::Origin;
use crate::policy::app_subject;
use crate::report::verify::{self as report, Verification};
use crate::rules::facts::Context;

/// Tell what of a declared configuration did not arrive in an org, after a deployment.
///
/// What the files state is held against the org, one by one: settings of apps, assignments, settings of the org, deletions. What they do not state
/// is not asked for; spellings that Salesforce changes are no loss. Secrets are never compared. Exit codes: 0 all arrived; 1 something did not; 2
/// usage error; 3 the org, or a file, does not tell of something.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden verify force-app -o prod\n  orgwarden verify package.zip -o prod --format json\n  \
                        orgwarden verify force-app --manifest package.xml --snapshot prod.snapshot.gz")]
pub(super) struct VerifyArgs {
    /// What was deployed: SFDX projects, metadata folders, zips of one, or single metadata files [default: .].
    #[arg(value_name = "PATH", help_heading = "Input")]
    paths: Vec<PathBuf>,
    /// Also read what .forceignore leaves out.
    #[arg(long, help_heading = "Input")]
    no_forceignore: bool,
    #[command(flatten)]
    manifests: ManifestChoice,
    /// What `orgwarden snapshot` has saved of the org.
    #[arg(long, value_name = "FILE", help_heading = "Org")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    orgs: OrgChoice,
    /// Exit with 0 instead of 3 when something cannot be told.
    #[arg(long)]
    allow_unknown: bool,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
}

/// Formats of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables that fit the terminal.
    Table,
    /// Everything, for programs; `orgwarden/verify-v1`.
    Json,
    /// For pull requests.
    Markdown,
}

pub(super) fn run(args: &VerifyArgs, view: &View<'_>) -> Result<Outcome> {
    args.check()?;
    let Deployment { collected, deleted, .. } = match args.deployment() {
        Ok(deployment) => deployment,
        Err(problem) => {
            view.diagnostics(&[problem]);
            return Ok(Outcome::Misuse);
        }
    };
    view.diagnostics(&collected.diagnostics);
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    let org = args.org(view)?;
    // What an org does not tell matters where something declared depends on it, and is told there.
    let warnings: Vec<Diagnostic> = org.diagnostics.iter().filter(|it| it.level == Level::Error).cloned().collect();
    view.diagnostics(&warnings);
    let deleted: Vec<Deleted> = deleted.into_iter().filter_map(of_app).collect();
    let today = view.today();
    let (declared, there) = (Context::new(&collected.inventory, today), Context::new(&org.inventory, today));
    let declared = Declared {
        inventory: &collected.inventory,
        context: &declared,
        partial: &collected.partial,
        deleted: &deleted,
        subject: &|app| app_subject(app, &collected.inventory),
    };
    let arrivals = arrival::arrivals(&declared, &org.inventory, &there);
    let name = org.inventory.sources.first().map(|source| source.name.clone()).unwrap_or_default();
    let trails: Vec<_> =
        org.inventory.org(0).and_then(|org| org.setup_changes.clone()).map(|lines| (name.clone(), lines)).into_iter().collect();
    let verification = Verification {
        source: args.named(),
        org: name,
        trail: trail::of(&trails, lost_apps(&arrivals)),
        gaps: collected.diagnostics.iter().filter(|it| it.level == Level::Error).count(),
        arrivals,
    };
    args.print(&verification, view)?;
    Ok(args.outcome(&verification))
}

/// The apps of which something did not arrive.
fn lost_apps(arrivals: &Arrivals) -> impl Iterator<Item = &Subject> {
    arrivals.lost.iter().map(|lost| &lost.thing.subject).filter(|subject| subject.kind != ORG)
}

/// A deletion of an app or of a part of one.
fn of_app(deleted: deployment::Deleted) -> Option<Deleted> {
    let deployment::Deleted { metadata_type, name, location, .. } = deleted;
    let is_of_app =
        matches!(metadata_type.as_str(), "ConnectedApp" | "ExternalClientApplication") || metadata_type.starts_with("ExtlClntApp");
    is_of_app.then(|| Deleted { metadata_type, name, place: Origin::Stated(location) })
}

impl VerifyArgs {
    fn check(&self) -> Result<()> {
        let live = self.orgs.names_an_org();
        if live && self.snapshot.is_some() {
            bail!("a live org and a snapshot were named: name one of the two");
        }
        if !live && self.snapshot.is_none() {
            bail!("no org is named to verify in: name one with --target-org ALIAS, or a snapshot of one with --snapshot FILE");
        }
        if self.orgs.names_several() {
            bail!("several orgs were named: a source is verified in one; run the command once for each");
        }
        if let (false, Some(option)) = (live, self.orgs.how_to_ask()) {
            bail!("{option} is about live orgs, and a snapshot is not asked anything");
        }
        Ok(())
    }

    /// What was deployed.
    fn deployment(&self) -> Result<Deployment, Diagnostic> {
        let manifests = self.manifests.read()?;
        let here = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &here[..] } else { &self.paths };
        let request = Request { paths, force_ignore: !self.no_forceignore, profiles: ProfilesToRead::None, also: &[] };
        Ok(deployment::collect(&request, manifests.borrowed()))
    }

    fn org(&self, view: &View<'_>) -> Result<Collected> {
        let Some(path) = &self.snapshot else {
            let wants = Wants { setup_changes: true, ..Wants::default() };
            let asked = orgs::collect(wants.of_org(&self.orgs, false), view)?;
            tell_cost(&asked.cost, view);
            return Ok(asked.collected);
        };
        let saved = snapshot::read(path)?;
        view.note(&format!("the snapshot was taken on {}", saved.taken.strftime("%Y-%m-%d at %H:%M UTC")));
        if saved.collected.inventory.sources.len() > 1 {
            bail!("{} has several orgs: a source is verified in one; take a snapshot of it alone", path.display());
        }
        Ok(saved.collected)
    }

    fn named(&self) -> String {
        let names: Vec<_> = self.paths.iter().map(|path| path.to_string_lossy()).collect();
        if names.is_empty() { ".".to_owned() } else { names.join(", ") }
    }

    fn print(&self, verification: &Verification, view: &View<'_>) -> Result<()> {
        let text = match self.format {
            Format::Json => return view.json(&report::json(verification)),
            Format::Table => report::table(verification, view.out_style),
            Format::Markdown => report::markdown(verification),
        };
        view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
    }

    /// What did not arrive counts before what cannot be told.
    fn outcome(&self, it: &Verification) -> Outcome {
        let unread = it.trail.as_ref().is_some_and(crate::report::trail::Trail::is_unread);
        if !it.arrivals.lost.is_empty() {
            Outcome::Findings
        } else if !self.allow_unknown && (it.gaps > 0 || unread || !it.arrivals.untold.is_empty()) {
            Outcome::Incomplete
        } else {
            Outcome::Clean
        }
    }
}
