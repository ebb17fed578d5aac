//! `orgwarden preflight`: would Salesforce issue a token?

mod document;
mod options;
mod people;

use anyhow::{Result, bail};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use jiff::civil::Date;

pub(super) use self::document::document as app_document;
pub(super) use self::options::{RequestOptions, flow};
use super::apps::WantedApps;
use super::read::{Input, Read, Wants};
use super::terminal::View;
use super::{ListFormat, Outcome};
use crate::access::LiveOrg;
use crate::access::errors::catalogue;
use crate::access::preflight::{Forecast, Request, Subject, Verdict, Who};
use crate::inventory::flow::Flow;
use crate::report::inventory::gaps;
use crate::report::preflight::{self as report, Document, SCHEMA};

/// Tell whether Salesforce would issue a token for an app, a user and an OAuth flow, and if not, why.
///
/// Nothing is sent to the token endpoint: the answer follows from configuration. All failing conditions are told, with what Salesforce
/// would answer and how sure that is. From files the user is somebody who is assigned to the app; --profile and --permission-set say what a
/// user holds, and a live org or a snapshot knows its users. Exit codes: 0 would issue; 1 would refuse; 2 usage or configuration error;
/// 3 cannot tell. Of several answers the worst decides: 1 before 3 before 0.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden preflight --app ERP_Sync --flow saml-bearer\n  \
                        orgwarden preflight --app ERP_Sync --flow jwt-bearer --user erp@acme.example.com -o prod\n  \
                        orgwarden preflight --app ERP_Sync --all-flows --snapshot prod.snapshot.gz\n  \
                        orgwarden preflight --app ERP_Sync --flow web-server --all-users -o prod")]
pub(super) struct PreflightArgs {
    /// Full name of the app, or a glob.
    #[arg(long, value_name = "APP")]
    app: String,
    /// The OAuth flow, by its name (such as saml-bearer) or its grant type.
    #[arg(long, value_name = "FLOW", value_parser = flow, required_unless_present = "all_flows")]
    flow: Option<Flow>,
    /// A line for each flow.
    #[arg(long, conflicts_with_all = ["flow", "all_users"])]
    all_flows: bool,
    #[command(flatten)]
    person: PersonChoice,
    /// A line for each user who is assigned to the app or holds a token of it.
    #[arg(long, conflicts_with_all = ["user", "profile", "permission_set"])]
    all_users: bool,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    input: Input,
    /// Answer as of this day (YYYY-MM-DD) instead of today: decides which certificates and assignments have ended.
    #[arg(long, value_name = "DATE", help_heading = "Request")]
    today: Option<Date>,
    /// How to print the answer.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Text, value_enum, help_heading = "Output")]
    format: Format,
}

/// Whom a token is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "User")]
pub(super) struct PersonChoice {
    /// The user the token is for, by user name. Client credentials are always for the app's run-as user.
    #[arg(long, value_name = "USERNAME", value_parser = NonEmptyStringValueParser::new())]
    pub(super) user: Option<String>,
    /// The profile of the user, in the place of a user.
    #[arg(long, value_name = "PROFILE", conflicts_with = "user")]
    profile: Option<String>,
    /// A permission set that the user holds, in the place of a user; may be given more than once.
    #[arg(long, value_name = "NAME", conflicts_with = "user")]
    permission_set: Vec<String>,
}

/// Formats of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `orgwarden/preflight-v1`.
    Json,
}

impl PersonChoice {
    /// Whom that means.
    pub(super) fn who(&self) -> Who {
        match &self.user {
            Some(name) => Who::Named(name.clone()),
            None if self.profile.is_none() && self.permission_set.is_empty() => Who::Anybody,
            None => Who::Holding { profile: self.profile.clone(), permission_sets: self.permission_set.clone() },
        }
    }

    /// Whether anything is said of it.
    pub(super) fn is_given(&self) -> bool {
        self.who() != Who::Anybody
    }

    /// What must be read to know.
    pub(super) fn wants(&self) -> Wants<'_> {
        Wants { users: self.user.as_slice(), profiles: self.profile.as_slice(), ..Wants::default() }
    }
}

pub(super) fn run(args: &PreflightArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    if args.all_users && args.input.is_files() {
        bail!(
            "--all-users is about the users of an org, and files do not tell of them: name an org with --target-org, or a --snapshot"
        );
    }
    let Some(wanted) = WantedApps::read(&args.app, view) else { return Ok(Outcome::Misuse) };
    let wants = args.person.wants();
    let plan_format = if args.format == Format::Json { ListFormat::Json } else { ListFormat::Table };
    let Read { collected, source, .. } = match args.input.read_or_plan(wants, plan_format, view)? {
        Ok(read) => read,
        Err(outcome) => return Ok(outcome),
    };
    let apps = match wanted.of(&collected, args.input.is_files(), view) {
        Ok(apps) => apps,
        Err(outcome) => return Ok(outcome),
    };
    let catalogue = catalogue()?;
    let today = args.today.unwrap_or(view.today());
    // Each org is indexed once, however many of its apps are asked about.
    let orgs = LiveOrg::each(&collected.inventory);
    let mut documents = Vec::new();
    let mut forecasts: Vec<Forecast> = Vec::new();
    let mut short = Vec::new();
    for app in apps {
        let live = orgs.get(app.source).and_then(Option::as_ref);
        let subject = Subject::new(&collected.inventory, app, live, today);
        let of_app: Vec<Forecast> = args.requests(&subject, &mut short).iter().map(|request| subject.forecast(request)).collect();
        documents.push(app_document(&collected.inventory, app, &of_app, catalogue));
        forecasts.extend(of_app);
    }
    let document = Document { schema: SCHEMA, source, apps: documents, gaps: gaps(&collected.diagnostics) };
    args.print(&document, view)?;
    for reason in &short {
        view.note(&format!("warning: not all users are listed: {reason}"));
    }
    Ok(if collected.not_found.is_empty() { outcome(&forecasts, !short.is_empty()) } else { Outcome::Misuse })
}

impl PreflightArgs {
    /// The requests to try for an app. `short` gets the reasons why users may be missing.
    fn requests(&self, subject: &Subject<'_>, short: &mut Vec<String>) -> Vec<Request> {
        let request = |flow: Flow, who: Who| self.request.request(flow, who);
        let flows = match self.flow {
            Some(flow) => vec![flow],
            None => Flow::ALL.to_vec(),
        };
        if !self.all_users {
            return flows.into_iter().map(|flow| request(flow, self.person.who())).collect();
        }
        let people::People { names, more } = people::of(subject);
        short.extend(more.map(|reason| reason.to_string()));
        flows
            .iter()
            .flat_map(|flow| names.iter().map(|name| request(*flow, Who::Named(name.clone()))).collect::<Vec<_>>())
            .collect()
    }

    fn print(&self, document: &Document, view: &View<'_>) -> Result<()> {
        if self.format == Format::Json {
            return view.json(document);
        }
        let mut text = String::new();
        for app in &document.apps {
            if self.all_flows || self.all_users {
                text.push_str(&report::heading(app, view.out_style));
                let width = view.out_style.width;
                text.push_str(&if self.all_flows { report::of_flows(app, width) } else { report::of_users(app, width) });
                text.push('\n');
            } else {
                text.push_str(&report::render(app, view.out_style));
            }
        }
        Ok(view.results(|out| write!(out, "{text}"))?)
    }
}

/// Of several answers the worst.
pub(super) fn outcome(forecasts: &[Forecast], incomplete: bool) -> Outcome {
    match forecasts.iter().map(Forecast::verdict).max() {
        Some(Verdict::WouldRefuse) => Outcome::Findings,
        Some(Verdict::CannotTell) => Outcome::Incomplete,
        _ if incomplete => Outcome::Incomplete,
        _ => Outcome::Clean,
    }
}
