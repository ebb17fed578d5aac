//! Many forecasts at a glance: one line for each flow, or for each user.

use super::{App, Forecast};
use crate::report::table::table;

/// A line for each flow.
#[must_use]
pub fn of_flows(app: &App, width: usize) -> String {
    let rows: Vec<Vec<String>> = app.forecasts.iter().map(|forecast| row(forecast.flow.to_owned(), forecast)).collect();
    table(&["flow", "token", "answer", "why"], &rows, width)
}

/// A line for each user.
#[must_use]
pub fn of_users(app: &App, width: usize) -> String {
    let rows: Vec<Vec<String>> = app
        .forecasts
        .iter()
        .map(|forecast| row(forecast.user.clone().unwrap_or_else(|| "anybody else".to_owned()), forecast))
        .collect();
    table(&["user", "token", "answer", "why"], &rows, width)
}

fn row(name: String, forecast: &Forecast) -> Vec<String> {
    let verdict = match forecast.verdict {
        "would-issue" => "issued",
        "cannot-tell" => "cannot tell",
        _ => "refused",
    };
    let answer = match (&forecast.error, forecast.conditions.is_empty()) {
        (Some(answer), _) => format!("{} ({})", answer.literal(), answer.confidence),
        (None, false) => "never seen".to_owned(),
        (None, true) => String::new(),
    };
    vec![name, verdict.to_owned(), answer, why(forecast)]
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
