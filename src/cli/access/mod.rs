//! `orgwarden access`: who can use an app, or what a user can use, and by which paths.

mod app;
mod file;
mod unknown;
mod user;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::apps::WantedApps;
use super::read::{Input, Read, Wants};
use super::terminal::View;
use super::{ListFormat, Outcome};
use crate::access::{Admission, LiveOrg};
use crate::collect::Collected;
use crate::diagnostic::did_you_mean;
use crate::inventory::Inventory;
use crate::inventory::app::App;
use crate::report::access::{self as document, About, Document, Number};
use crate::report::inventory::gaps;
use crate::report::{Source, untrusted};

/// Tell who can use an app, or what a user can use, and by which paths.
///
/// The paths are profiles, permission sets and permission set groups that the app is assigned to. Exit codes: 0 complete; 2 usage or
/// configuration error; 3 something could not be read or decided.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden access ERP_Sync -o prod\n  orgwarden access --user ada@acme.example.com -o prod\n  \
                  orgwarden access 'ERP_*' --snapshot prod.snapshot.gz --format csv\n  \
                  orgwarden access ERP_Sync -o prod --format mermaid"
)]
pub(super) struct AccessArgs {
    /// Full name of an app, or a glob; with --user it may be left out.
    #[arg(required_unless_present = "user")]
    app: Option<String>,
    /// Tell what this user of a live org can use, by user name.
    #[arg(long, value_name = "USERNAME", value_parser = NonEmptyStringValueParser::new())]
    user: Option<String>,
    /// Exit with 0 instead of 3 when something could not be read or decided.
    #[arg(long)]
    allow_unknown: bool,
    #[command(flatten)]
    input: Input,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
}

/// Formats of who can use what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: how many by which path, then who.
    Table,
    /// For programs; `orgwarden/access-v1`.
    Json,
    /// For spreadsheets: a row for each assignment.
    Csv,
    /// A graph for Graphviz.
    Dot,
    /// A graph for Markdown.
    Mermaid,
}

/// The orgs of an inventory, by source.
type Orgs<'a> = BTreeMap<usize, LiveOrg<'a>>;

pub(super) fn run(args: &AccessArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    let is_files = args.input.is_files();
    if args.user.is_some() && is_files {
        bail!(
            "files do not tell of users: name an org with --target-org, or a snapshot that was taken with `orgwarden snapshot --user`"
        );
    }
    let wanted = match &args.app {
        None => None,
        Some(app) => match WantedApps::read(app, view) {
            None => return Ok(Outcome::Misuse),
            wanted => wanted,
        },
    };
    let wants = Wants { users: args.user.as_slice(), ..Wants::default() };
    let plan_format = if args.format == Format::Json { ListFormat::Json } else { ListFormat::Table };
    let Read { collected, source, .. } = match args.input.read_or_plan(wants, plan_format, view)? {
        Ok(read) => read,
        Err(outcome) => return Ok(outcome),
    };
    let apps = match wanted.map(|wanted| wanted.of(&collected, is_files, view)) {
        Some(Err(outcome)) => return Ok(outcome),
        Some(Ok(apps)) => apps,
        None => collected.inventory.apps.iter().collect(),
    };
    let orgs = orgs(&collected.inventory);
    let document = match &args.user {
        None => about_apps(&apps, source, &orgs, &collected),
        Some(user) => about_user(user, &apps, source, &orgs, &collected),
    };
    if let Some(user) = &args.user
        && let Some(outcome) = nobody(user, &document, &orgs, &collected, view)
    {
        return Ok(outcome);
    }
    print(&document, args.format, view)?;
    tell(&document, args, view);
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    let short = collected.has_gaps() || document.unknown().next().is_some();
    Ok(if short && !args.allow_unknown { Outcome::Incomplete } else { Outcome::Clean })
}

fn orgs(inventory: &Inventory) -> Orgs<'_> {
    (0..inventory.sources.len()).filter_map(|source| Some((source, LiveOrg::new(inventory, source)?))).collect()
}

fn about_apps(apps: &[&App], source: Source, orgs: &Orgs<'_>, collected: &Collected) -> Document {
    let entry = |app: &&App| {
        let about = about(app, &collected.inventory);
        match orgs.get(&app.source) {
            Some(live) => app::of_org(app, about, live),
            None => file::of_file(app, about),
        }
    };
    let apps = apps.iter().map(entry).collect();
    Document { schema: document::SCHEMA_ID, source, apps, users: Vec::new(), gaps: gaps(&collected.diagnostics) }
}

fn about_user(name: &str, apps: &[&App], source: Source, orgs: &Orgs<'_>, collected: &Collected) -> Document {
    let inventory = &collected.inventory;
    let of_org = |(source, live): (&usize, &LiveOrg<'_>)| {
        let of_source: Vec<(&App, About)> =
            apps.iter().filter(|app| app.source == *source).map(|app| (*app, about(app, inventory))).collect();
        user::of_org(name, inventory.org_name(*source).unwrap_or_default(), of_source, live)
    };
    let users = orgs.iter().map(of_org).collect();
    Document { schema: document::SCHEMA_ID, source, apps: Vec::new(), users, gaps: gaps(&collected.diagnostics) }
}

fn about(app: &App, inventory: &Inventory) -> About {
    About {
        kind: app.kind.as_str(),
        name: app.name.clone(),
        label: app.label.value().cloned(),
        path: app.location.path().to_string(),
        org: inventory.org_name(app.source).map(str::to_owned),
        permitted_users: app.access.permitted_users.value().map_or("unknown", |users| users.as_str()),
        admits: Admission::of(app).as_str(),
    }
}

/// What the run amounts to where no org has the user, which is told.
fn nobody(user: &str, document: &Document, orgs: &Orgs<'_>, collected: &Collected, view: &View<'_>) -> Option<Outcome> {
    let nowhere = document.users.iter().all(|asked| asked.exists == Some(false));
    if !nowhere || (orgs.is_empty() && collected.has_gaps()) {
        return None;
    }
    view.error(&format!("no user is named `{user}`"));
    let names = orgs.values().flat_map(|live| live.org.users.values()).map(|user| user.username.as_str());
    if let Some(near) = did_you_mean(user, names) {
        view.note(&format!("help: did you mean `{}`?", untrusted::line(near)));
    }
    // Another org may have the user and not have told.
    Some(if collected.has_gaps() { Outcome::Incomplete } else { Outcome::Misuse })
}

fn print(document: &Document, format: Format, view: &View<'_>) -> Result<()> {
    let text = match format {
        Format::Json => return view.json(document),
        Format::Table => document::table(document, view.out_style),
        Format::Csv => document::csv(document),
        Format::Dot => document::dot(document),
        Format::Mermaid => document::mermaid(document),
    };
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}

/// What the formats that are no list of sentences leave out.
fn tell(document: &Document, args: &AccessArgs, view: &View<'_>) {
    if args.input.is_files() {
        view.note("note: files do not tell who has a profile or a permission set; ask the org, with --target-org");
    }
    if matches!(args.format, Format::Csv | Format::Dot | Format::Mermaid) {
        for reason in document.unknown() {
            view.note(&format!("not known: {}", untrusted::line(reason)));
        }
    }
    if matches!(args.format, Format::Dot | Format::Mermaid) {
        match document::drawn_as_numbers(document) {
            0 => {}
            many => view.note(&format!(
                "note: {many} {} more than {} users, drawn as a number; --format csv lists all",
                if many == 1 { "path has" } else { "paths have" },
                document::MOST_DRAWN
            )),
        }
    }
}

/// A number that is known or not.
fn number(fact: Option<u64>) -> Number {
    fact.map_or(Number::UNKNOWN, Number::Known)
}
