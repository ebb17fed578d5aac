//! Which of the conditions behind an error an app and a user meet.

use std::cmp::Reverse;

use anyhow::{Result, bail};
use clap::Args;
use jiff::civil::Date;

use crate::access::LiveOrg;
use crate::access::errors::{Catalogue, Cause, Confidence, catalogue};
use crate::access::preflight::{Failing, Forecast, Subject};
use crate::cli::apps::WantedApps;
use crate::cli::preflight::{PersonChoice, RequestOptions, app_document, flow, outcome};
use crate::cli::read::{Input, Read};
use crate::cli::terminal::View;
use crate::cli::{ListFormat, Outcome};
use crate::inventory::flow::Flow;
use crate::report::explain::Explanation;
use crate::report::preflight as report;

/// The app and the user that got the error.
#[derive(Debug, Args)]
#[command(next_help_heading = "Diagnosis")]
pub(super) struct DiagnosisArgs {
    /// Full name of the app that got the error, or a glob.
    #[arg(long, value_name = "APP")]
    app: Option<String>,
    /// The flow that got it, by its name or its grant type [default: the flows that give it].
    #[arg(long, value_name = "FLOW", value_parser = flow, requires = "app")]
    flow: Option<Flow>,
    #[command(flatten)]
    person: PersonChoice,
    #[command(flatten)]
    request: RequestOptions,
    #[command(flatten)]
    input: Input,
    /// Answer as of this day (YYYY-MM-DD) instead of today: decides which certificates have expired.
    #[arg(long, value_name = "DATE", requires = "app", help_heading = "Diagnosis")]
    today: Option<Date>,
}

/// What was found.
pub(super) struct Found {
    /// What preflight says of each app.
    pub(super) apps: Vec<report::App>,
    /// What that amounts to.
    pub(super) outcome: Outcome,
}

impl DiagnosisArgs {
    /// The app that is asked about.
    pub(super) fn app(&self) -> Option<&str> {
        self.app.as_deref()
    }

    /// Refuses a source without an app.
    ///
    /// # Errors
    ///
    /// What does not go together, and what to do.
    pub(super) fn check(&self) -> Result<()> {
        if self.app.is_none() && (self.input.is_given() || self.person.is_given() || self.request.is_given()) {
            bail!("a source, a user or a request was given, and no app: say with --app which app got the error");
        }
        self.input.check()
    }
}

/// Tries the flows that give an error on an app. What a run amounts to that found no app has been said.
pub(super) fn of(app: &str, explanation: &Explanation, args: &DiagnosisArgs, view: &View<'_>) -> Result<Result<Found, Outcome>> {
    let Some(wanted) = WantedApps::read(app, view) else { return Ok(Err(Outcome::Misuse)) };
    let Read { collected, .. } = match args.input.read_or_plan(args.person.wants(), ListFormat::Table, view)? {
        Ok(read) => read,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let apps = match wanted.of(&collected, args.input.is_files(), view) {
        Ok(apps) => apps,
        Err(outcome) => return Ok(Err(outcome)),
    };
    let catalogue = catalogue()?;
    let (orgs, today) = (LiveOrg::each(&collected.inventory), args.today.unwrap_or(view.today()));
    let mut found = Found { apps: Vec::new(), outcome: Outcome::Clean };
    let mut forecasts = Vec::new();
    for app in apps {
        let live = orgs.get(app.source).and_then(Option::as_ref);
        let subject = Subject::new(&collected.inventory, app, live, today);
        let of_app = of_app(&subject, explanation, args, catalogue, view);
        found.apps.push(app_document(&collected.inventory, app, &of_app, catalogue));
        forecasts.extend(of_app);
    }
    if forecasts.iter().all(|forecast| Fit::of(forecast, explanation) == Fit::Not) {
        view.note("note: by its configuration the app does not give this error; what is not found is listed at the end");
    }
    found.outcome = if collected.not_found.is_empty() { outcome(&forecasts, false) } else { Outcome::Misuse };
    Ok(Ok(found))
}

/// The forecasts of an app, of the flow that was named or else of those that give the error: the ones that explain it best.
fn of_app(
    subject: &Subject<'_>,
    explanation: &Explanation,
    args: &DiagnosisArgs,
    catalogue: &Catalogue,
    view: &View<'_>,
) -> Vec<Forecast> {
    let gives = |flow: &&Flow| explanation.flows.iter().any(|other| other.id == flow.as_str());
    let flows: Vec<Flow> = match args.flow {
        Some(flow) => vec![flow],
        None => Flow::ALL.iter().filter(gives).copied().collect(),
    };
    let mut all: Vec<(Fit, Forecast)> = flows
        .into_iter()
        .map(|flow| subject.forecast(&args.request.request(flow, args.person.who())))
        .map(|forecast| (Fit::of(&forecast, explanation), forecast))
        .collect();
    let best = all.iter().map(|(fit, _)| *fit).max();
    all.retain(|(fit, _)| Some(*fit) == best);
    // The flow that gives the error most surely comes first.
    all.sort_by_key(|(_, forecast)| Reverse(sureness(forecast, catalogue)));
    once(all.into_iter().map(|(_, forecast)| forecast).collect(), view)
}

/// How sure the most likely answer is.
fn sureness(forecast: &Forecast, catalogue: &Catalogue) -> Option<Confidence> {
    let first = forecast.failing.first()?;
    forecast.answers(first, catalogue).next().map(|said| said.confidence)
}

/// Forecasts that fail for the same causes are told once; the flows of the others are said.
fn once(forecasts: Vec<Forecast>, view: &View<'_>) -> Vec<Forecast> {
    let causes = |forecast: &Forecast| -> Vec<Cause> { forecast.failing.iter().map(|failing| failing.cause).collect() };
    let mut told: Vec<Forecast> = Vec::new();
    for forecast in forecasts {
        match told.iter().find(|earlier| !earlier.failing.is_empty() && causes(earlier) == causes(&forecast)) {
            Some(earlier) => view.note(&format!(
                "note: the {} fails for the same causes as the {}; --flow asks about one alone",
                forecast.flow.title(),
                earlier.flow.title()
            )),
            None => told.push(forecast),
        }
    }
    told
}

/// How well a forecast explains an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Nothing behind the error is known to fail.
    Not,
    /// Something behind the error fails, and something else before it.
    Later,
    /// What fails first is behind the error.
    First,
}

impl Fit {
    fn of(forecast: &Forecast, explanation: &Explanation) -> Self {
        let is_behind = |failing: &Failing| explanation.conditions.iter().any(|condition| condition.id == failing.cause.as_str());
        match forecast.failing.iter().position(is_behind) {
            Some(0) => Self::First,
            Some(_) => Self::Later,
            None => Self::Not,
        }
    }
}
