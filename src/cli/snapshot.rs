//! `orgwarden snapshot`: saves what was read from orgs, to be audited again without asking.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::orgs::{self, Extent, OrgChoice, Wanted, plan};
use super::read::tell_cost;
use super::terminal::View;
use super::{ListFormat, Mistakes, Outcome, PolicyChoice, setup};
use crate::collect::{ProfilesToRead, snapshot};

/// Save what an org tells, without secrets, to audit it offline.
///
/// Without an org named it is the default org of the Salesforce CLI. What could not be read is saved, too: the audit of the snapshot
/// says the same as an audit of the org. Exit codes: 0 everything was read; 2 usage or configuration error; 3 something could not be
/// read.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden snapshot -o prod -O prod.snapshot.gz\n  orgwarden audit --snapshot prod.snapshot.gz"
)]
pub(super) struct SnapshotArgs {
    /// The file to write: gzipped JSON, for its owner alone.
    #[arg(short = 'O', long, value_name = "FILE", required_unless_present = "plan", help_heading = "Output")]
    output_file: Option<PathBuf>,
    /// Also save this user, by user name, to ask `orgwarden access` about later; may be given more than once.
    ///
    /// Saved anyway are those whom the apps lead to (the users assigned, the owners of tokens, those whom apps run as) and those whom the
    /// contracts of the policy name.
    #[arg(long = "user", value_name = "USERNAME", value_parser = NonEmptyStringValueParser::new(), help_heading = "Org")]
    users: Vec<String>,
    /// Exit with 0 instead of 3 when something could not be read.
    #[arg(long)]
    allow_unknown: bool,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    #[command(flatten)]
    orgs: OrgChoice,
    #[command(flatten)]
    extent: Extent,
}

pub(super) fn run(args: &SnapshotArgs, view: &View<'_>) -> Result<Outcome> {
    let policy = setup::contracts(&args.policy, args.mistakes, &[PathBuf::from(".")], view);
    let Some(policy) = policy else { return Ok(Outcome::Misuse) };
    let users: Vec<String> = args.users.iter().cloned().chain(policy.value.users()).collect();
    // Rules come later, and may want to know of profiles.
    let wanted = Wanted {
        choice: &args.orgs,
        usage: args.extent.usage,
        profiles: ProfilesToRead::All,
        users: &users,
        permission_sets: &[],
        setup_changes: false,
        profile_users: &[],
    };
    let Some(path) = args.output_file.as_ref().filter(|_| !args.extent.plan) else {
        return plan::run(wanted, ListFormat::Table, view);
    };
    let asked = orgs::collect(wanted, view)?;
    view.diagnostics(&asked.collected.diagnostics);
    snapshot::write(path, &asked.collected, view.now())?;
    let apps = asked.collected.inventory.apps.len();
    view.note(&format!("{apps} {} saved to {}", if apps == 1 { "app" } else { "apps" }, path.display()));
    tell_cost(&asked.cost, view);
    let gaps = asked.collected.has_gaps() && !args.allow_unknown;
    Ok(policy.outcome(if gaps { Outcome::Incomplete } else { Outcome::Clean }))
}
