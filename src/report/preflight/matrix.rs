//! Many forecasts at a glance: one line for each flow, or for each user.

use super::{App, Forecast};
use crate::report::table::table;

/// A line for each flow.
#[must_use]
pub fn of_flows(app: &App, width: usize) -> String {
    let row = |forecast: &Forecast| vec![forecast.flow.to_owned(), token(forecast).to_owned(), answer(forecast), why(forecast)];
    let rows: Vec<Vec<String>> = app.forecasts.iter().map(row).collect();
    table(&["flow", "token", "answer", "why"], &rows, width)
}

/// A line for each user.
#[must_use]
pub fn of_users(app: &App, width: usize) -> String {
    // The first column of a table is kept narrow, and user names are long.
    let row = |forecast: &Forecast| {
        vec![token(forecast).to_owned(), forecast.user.clone().unwrap_or_default(), answer(forecast), why(forecast)]
    };
    let rows: Vec<Vec<String>> = app.forecasts.iter().map(row).collect();
    table(&["token", "user", "answer", "why"], &rows, width)
}

fn token(forecast: &Forecast) -> &'static str {
    match forecast.verdict {
        "would-issue" => "issued",
        "cannot-tell" => "cannot tell",
        _ => "refused",
    }
}

fn answer(forecast: &Forecast) -> String {
    match (&forecast.error, forecast.conditions.is_empty()) {
        (Some(answer), _) => format!("{} ({})", answer.literal(), answer.confidence),
        (None, false) => "never seen".to_owned(),
        (None, true) => String::new(),
    }
}

/// The conditions or the open questions; of a token that is issued, the access.
fn why(forecast: &Forecast) -> String {
    if !forecast.conditions.is_empty() {
        return forecast.conditions.iter().map(|condition| condition.id).collect::<Vec<_>>().join(", ");
    }
    if !forecast.undecided.is_empty() {
        return forecast.undecided.iter().map(|undecided| undecided.what.as_str()).collect::<Vec<_>>().join("; ");
    }
    forecast.issue.as_ref().map(|issue| issue.access.join("; ")).unwrap_or_default()
}
