//! `orgwarden preview`: who would lose an app if Permitted Users were changed.

mod document;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use self::document::app_document;
use super::apps::WantedApps;
use super::read::{Input, Read, Wants};
use super::terminal::View;
use super::{ListFormat, Mistakes, Outcome, PolicyChoice, setup};
use crate::access::LiveOrg;
use crate::access::preview::{Change, NoSuchName, Of, Preview};
use crate::collect::Collected;
use crate::diagnostic::did_you_mean;
use crate::inventory::app::App;
use crate::inventory::oauth::PermittedUsers;
use crate::policy::Applied;
use crate::report::inventory::gaps;
use crate::report::preview::{self as report, Document, SCHEMA};
use crate::report::untrusted;

/// Tell who would lose an app if Permitted Users were changed, and who keeps it through what.
///
/// Nothing is changed: the app is looked at as it would be. Who uses it today follows from its tokens and from whom it runs as; the users
/// that the contract of the policy names are tried before and after, by its flows. Files do not tell of users: of them the assignments and the
/// contract's flows alone can be told. Exit codes: 0 nobody who uses the app loses it; 1 somebody does, or a user of the contract would be
/// refused by the change; 2 usage or configuration error; 3 cannot tell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden preview --app Survey_Tool --permitted-users admin-approved -o prod\n  \
                        orgwarden preview --app Survey_Tool --permitted-users admin-approved --add-permission-set Survey_Users -o prod\n  \
                        orgwarden preview --all --permitted-users admin-approved --snapshot prod.snapshot.gz --format csv")]
pub(super) struct PreviewArgs {
    /// Full name of the app, or a glob.
    #[arg(long, value_name = "APP", required_unless_present = "all")]
    app: Option<String>,
    /// Every app that has another value today.
    #[arg(long, conflicts_with_all = ["app", "permission_sets", "profiles"])]
    all: bool,
    /// What Permitted Users would be set to.
    #[arg(long, value_name = "VALUE", value_enum)]
    permitted_users: Permitted,
    /// Also assign the app to this permission set, by API name or label; may be given more than once.
    #[arg(long = "add-permission-set", value_name = "NAME")]
    permission_sets: Vec<String>,
    /// Also assign the app to this profile; may be given more than once.
    #[arg(long = "add-profile", value_name = "NAME")]
    profiles: Vec<String>,
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    /// Answer as of this day (YYYY-MM-DD) instead of today: decides which certificates and assignments have ended.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// How to print the answer.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
}

/// The values of Permitted Users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Permitted {
    /// Only users whose profile or permission set is assigned to the app.
    AdminApproved,
    /// Any user, after approving the app.
    SelfAuthorize,
}

/// Formats of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables that fit the terminal.
    Table,
    /// Everything, for programs; `orgwarden/preview-v1`.
    Json,
    /// A line for each user, for spreadsheets.
    Csv,
}

/// What was read, and what is expected of it.
struct Known<'a> {
    collected: &'a Collected,
    applied: Applied<'a>,
    today: Date,
}

pub(super) fn run(args: &PreviewArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    let change = args.change()?;
    let policy = setup::contracts(&args.policy, args.mistakes, &args.input.paths(), view);
    let Some(policy) = policy else { return Ok(Outcome::Misuse) };
    let wanted = match args.app.as_deref().map(|written| WantedApps::read(written, view)) {
        Some(None) => return Ok(Outcome::Misuse),
        wanted => wanted.flatten(),
    };
    let users = policy.value.users();
    let wants =
        Wants { users: &users, permission_sets: &change.permission_sets, profile_users: &change.profiles, ..Wants::default() };
    let plan_format = if args.format == Format::Json { ListFormat::Json } else { ListFormat::Table };
    let Read { collected, source, .. } = match args.input.read_or_plan(wants, plan_format, view)? {
        Ok(read) => read,
        Err(outcome) => return Ok(outcome),
    };
    let apps = match &wanted {
        Some(wanted) => match wanted.of(&collected, args.input.is_files(), view) {
            Ok(apps) => apps,
            Err(outcome) => return Ok(outcome),
        },
        None => collected.inventory.apps.iter().filter(|app| concerns(app, &change)).collect(),
    };
    let known = Known {
        collected: &collected,
        applied: setup::applied(&policy.value, &collected.inventory, view),
        today: args.today.unwrap_or(view.today()),
    };
    let previews = match known.previews(&apps, &change) {
        Ok(previews) => previews,
        Err(error) => return Ok(no_such_name(&error, view)),
    };
    let documents = apps.iter().zip(&previews).map(|(app, preview)| app_document(app, preview, &change, &collected.inventory));
    let document = Document {
        schema: SCHEMA,
        source,
        change: report::Change {
            permitted_users: change.permitted_users.as_str(),
            permission_sets: change.permission_sets.clone(),
            profiles: change.profiles.clone(),
        },
        apps: documents.collect(),
        gaps: gaps(&collected.diagnostics),
    };
    args.print(&document, view)?;
    if apps.is_empty() {
        let value = if change.permitted_users == PermittedUsers::AdminApproved { "self-authorize" } else { "admin-approved" };
        view.note(&format!("no app of the source has Permitted Users {value}: there is nothing to change"));
    }
    let short_of_apps = args.all && collected.has_gaps();
    let incomplete = short_of_apps || !known.applied.diagnostics.is_empty();
    Ok(if collected.not_found.is_empty() { policy.outcome(outcome(&previews, incomplete)) } else { Outcome::Misuse })
}

/// Whether the change makes a difference to an app, or may make one.
fn concerns(app: &App, change: &Change) -> bool {
    app.oauth.configured.value() != Some(&false) && app.access.permitted_users.value() != Some(&change.permitted_users)
}

impl Known<'_> {
    fn previews(&self, apps: &[&App], change: &Change) -> Result<Vec<Preview>, NoSuchName> {
        let inventory = &self.collected.inventory;
        // Each org is indexed once, however many of its apps are asked about.
        let orgs = LiveOrg::each(inventory);
        let preview = |app: &&App| {
            let live = orgs.get(app.source).and_then(Option::as_ref);
            let contract = self.applied.of(app.source).contract_for(&app.name);
            Of { inventory, app, live, contract, today: self.today }.preview(change)
        };
        apps.iter().map(preview).collect()
    }
}

impl PreviewArgs {
    fn change(&self) -> Result<Change> {
        let permitted_users = match self.permitted_users {
            Permitted::AdminApproved => PermittedUsers::AdminApproved,
            Permitted::SelfAuthorize => PermittedUsers::SelfAuthorize,
        };
        if permitted_users == PermittedUsers::SelfAuthorize && !(self.permission_sets.is_empty() && self.profiles.is_empty()) {
            bail!(
                "with --permitted-users self-authorize nobody needs an assignment: leave --add-permission-set and --add-profile out"
            );
        }
        Ok(Change { permitted_users, permission_sets: self.permission_sets.clone(), profiles: self.profiles.clone() })
    }

    fn print(&self, document: &Document, view: &View<'_>) -> Result<()> {
        let text = match self.format {
            Format::Json => return view.json(document),
            Format::Table => report::render(document, view.out_style),
            Format::Csv => report::csv(document),
        };
        view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
    }
}

fn no_such_name(error: &NoSuchName, view: &View<'_>) -> Outcome {
    view.error(&error.to_string());
    if let Some(near) = did_you_mean(&error.name, error.known.iter().map(String::as_str)) {
        view.note(&format!("help: did you mean `{}`?", untrusted::line(near)));
    }
    // One that was not read may have the name.
    if error.more.is_some() { Outcome::Incomplete } else { Outcome::Misuse }
}

/// Somebody who loses the app is worse than what cannot be told.
fn outcome(previews: &[Preview], incomplete: bool) -> Outcome {
    if previews.iter().any(Preview::breaks) {
        Outcome::Findings
    } else if incomplete || previews.iter().any(Preview::is_open) {
        Outcome::Incomplete
    } else {
        Outcome::Clean
    }
}
