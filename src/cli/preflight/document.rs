//! From forecasts to the document that is printed.

use crate::access::errors::{self, Catalogue, Cause};
use crate::access::preflight::{self, Failing, Forecast, Said, Verdict};
use crate::inventory::Inventory;
use crate::inventory::app::{App, AppKind};
use crate::policy::app_subject;
use crate::report::preflight as report;

/// The forecasts of an app as a document.
pub(in crate::cli) fn document(inventory: &Inventory, app: &App, forecasts: &[Forecast], catalogue: &Catalogue) -> report::App {
    let forecasts = forecasts.iter().map(|forecast| forecast_document(forecast, app.kind, catalogue)).collect();
    report::App { subject: app_subject(app, inventory), forecasts }
}

/// One forecast as a document.
fn forecast_document(forecast: &Forecast, kind: AppKind, catalogue: &Catalogue) -> report::Forecast {
    let conditions: Vec<report::Condition> =
        forecast.failing.iter().map(|failing| condition(failing, forecast, catalogue)).collect();
    let would_issue = forecast.verdict() != Verdict::WouldRefuse;
    report::Forecast {
        flow: forecast.flow.as_str(),
        flow_title: forecast.flow.title(),
        takes_app: forecast.flow.takes_app(),
        user: forecast.user.clone(),
        verdict: forecast.verdict().as_str(),
        error: conditions.first().and_then(|condition| condition.answers.first()).cloned(),
        remedies: remedies(&forecast.failing, kind, catalogue),
        conditions,
        undecided: forecast.undecided.iter().map(undecided).collect(),
        premises: forecast.premises.clone(),
        reservations: forecast.reservations.clone(),
        issue: would_issue.then(|| issue(&forecast.issue)),
    }
}

fn condition(failing: &Failing, forecast: &Forecast, catalogue: &Catalogue) -> report::Condition {
    report::Condition {
        id: failing.cause.as_str(),
        step: failing.step.as_str(),
        title: catalogue.of(failing.cause).map_or_else(String::new, |condition| condition.title.clone()),
        because: failing.because.clone(),
        answers: forecast.answers(failing, catalogue).map(answer).collect(),
        origins: failing.origins.clone(),
    }
}

fn answer(said: Said<'_>) -> report::Answer {
    report::Answer {
        error: said.answer.error.clone(),
        description: said.answer.description.clone(),
        place: said.answer.place.as_str(),
        confidence: said.confidence.as_str(),
        basis: said.basis.to_owned(),
    }
}

/// The remedies of all conditions, each once, in the order of the conditions.
fn remedies(failing: &[Failing], kind: AppKind, catalogue: &Catalogue) -> Vec<report::Remedy> {
    let mut all: Vec<report::Remedy> = Vec::new();
    let of = |cause: Cause| catalogue.of(cause).map_or(&[][..], |condition| &condition.remedies);
    for failing in failing {
        let id = failing.cause.as_str();
        for remedy in of(failing.cause) {
            match all.iter_mut().find(|earlier| earlier.title == remedy.title) {
                Some(earlier) if earlier.conditions.contains(&id) => {}
                Some(earlier) => earlier.conditions.push(id),
                None => all.push(report::Remedy {
                    title: remedy.title.clone(),
                    setup: setup(remedy, kind).clone(),
                    metadata: metadata(remedy, kind).cloned(),
                    conditions: vec![id],
                }),
            }
        }
    }
    // What helps most comes first; an alternative for one condition last.
    all.sort_by_key(|remedy| std::cmp::Reverse(remedy.conditions.len()));
    all
}

fn setup(remedy: &errors::Remedy, kind: AppKind) -> &String {
    let of_external = remedy.setup_external_client_app.as_ref().filter(|_| kind == AppKind::ExternalClientApp);
    of_external.unwrap_or(&remedy.setup)
}

fn metadata(remedy: &errors::Remedy, kind: AppKind) -> Option<&String> {
    match kind {
        AppKind::ConnectedApp => remedy.connected_app.as_ref(),
        AppKind::ExternalClientApp => remedy.external_client_app.as_ref(),
    }
}

fn undecided(undecided: &preflight::Undecided) -> report::Undecided {
    report::Undecided {
        about: undecided.topic.as_str(),
        what: undecided.what.clone(),
        reason: undecided.reason.to_string(),
        supply: undecided.supply.clone(),
    }
}

fn issue(issue: &preflight::Issue) -> report::Issue {
    let unknown = || "not looked into".into();
    let scopes = issue.scopes.clone().unwrap_or_else(|| Err(unknown()));
    let refresh_token = issue.refresh_token.clone().unwrap_or_else(|| Err(unknown()));
    report::Issue {
        access: issue.access.clone(),
        scopes_unknown: scopes.as_ref().err().map(ToString::to_string),
        scopes: scopes.ok(),
        refresh_token_unknown: refresh_token.as_ref().err().map(ToString::to_string),
        refresh_token: refresh_token.ok(),
        limits: issue.limits.clone(),
    }
}
