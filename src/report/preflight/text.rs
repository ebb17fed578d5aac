//! One forecast for people: the verdict, why, what to do, and how sure that is.

use std::fmt::Write as _;

use annotate_snippets::Level as Colour;

use super::{Answer, App, Condition, Forecast, Issue};
use crate::inventory::Origin;
use crate::report::excerpt::{self, Mark};
use crate::report::style::{ARROW, BOLD, DIM, ERROR, HELP, Style, WARNING, hang, hang_from};
use crate::report::untrusted;

/// Salesforce's servers do not learn of a change at once.
const JUST_CHANGED: &str = "Was the app just changed? It takes some minutes, 2 to 10 are usual, until the login servers know.";
/// Places of a condition that are shown.
const PLACES: usize = 3;

/// The forecasts of an app, one after the other.
#[must_use]
pub fn render(app: &App, style: Style) -> String {
    app.forecasts.iter().map(|forecast| one(app, forecast, style)).collect()
}

fn one(app: &App, forecast: &Forecast, style: Style) -> String {
    let mut out = String::new();
    header(&mut out, app, forecast, style);
    verdict(&mut out, forecast, style);
    for condition in &forecast.conditions {
        push_condition(&mut out, condition, style);
    }
    remedies(&mut out, forecast, style);
    undecided(&mut out, forecast, style);
    if let Some(issue) = &forecast.issue {
        push_issue(&mut out, issue, style);
    }
    // A token that is refused needs no more conditions.
    if forecast.issue.is_some() {
        list(&mut out, "provided that", &forecast.premises, style);
    }
    list(&mut out, "not confirmed", &forecast.reservations, style);
    if forecast.verdict != "cannot-tell" && forecast.takes_app {
        hang(&mut out, style, "", DIM, JUST_CHANGED);
    }
    out
}

fn header(out: &mut String, app: &App, forecast: &Forecast, style: Style) {
    let whom = forecast.user.as_ref().map(|user| format!(" for {}", untrusted::line(user))).unwrap_or_default();
    named(out, app, &format!(", {}{whom}", forecast.flow_title), style);
    out.push('\n');
}

/// What stands above the table of an app.
#[must_use]
pub fn heading(app: &App, style: Style) -> String {
    let mut out = String::new();
    let titles: Vec<&str> = app.forecasts.iter().map(|forecast| forecast.flow_title).collect();
    let flow = match titles.as_slice() {
        [first, rest @ ..] if rest.iter().all(|title| title == first) => format!(", {first}"),
        _ => String::new(),
    };
    named(&mut out, app, &flow, style);
    out
}

/// The app and, beside its name, what is asked about it; below it, where it is.
fn named(out: &mut String, app: &App, about: &str, style: Style) {
    let subject = &app.subject;
    let name = style.paint(BOLD, &untrusted::line(&subject.name));
    let _ = writeln!(out, "{} {name}{about}", subject.kind.replace('-', " "));
    let org = if subject.org.is_empty() { String::new() } else { format!(" in {}", subject.org) };
    let _ = writeln!(out, "{}", style.paint(DIM, &untrusted::line(&format!("{}{org}", subject.path))));
}

fn verdict(out: &mut String, forecast: &Forecast, style: Style) {
    match (forecast.verdict, &forecast.error) {
        ("would-issue", _) => {
            let _ = writeln!(out, "{}", style.paint(HELP, "A token would be issued."));
        }
        ("cannot-tell", _) => {
            let _ = writeln!(out, "{}", style.paint(WARNING, "Whether a token would be issued cannot be told."));
        }
        (_, Some(answer)) => {
            let _ = writeln!(out, "{}", style.paint(ERROR, "The token would be refused:"));
            hang(out, style, "  ", BOLD, &untrusted::line(&answer.literal()));
            hang(out, style, "  ", DIM, &sureness(answer));
        }
        (_, None) => {
            let _ = writeln!(out, "{}", style.paint(ERROR, "The token would be refused; what Salesforce answers was never seen."));
        }
    }
    out.push('\n');
}

/// Where an answer arrives, how sure it is, and why.
fn sureness(answer: &Answer) -> String {
    format!("{}; confidence {}: {}", answer.place, answer.confidence, answer.basis)
}

fn push_condition(out: &mut String, condition: &Condition, style: Style) {
    hang_from(out, style, condition.id, ERROR, &untrusted::line(&format!(": {}", condition.because)));
    let marks: Vec<Mark<'_>> =
        condition.origins.iter().take(PLACES).enumerate().map(|(index, origin)| mark(origin, index == 0)).collect();
    if !marks.is_empty() {
        out.push_str(&excerpt::render(&marks, &Colour::ERROR, style));
    }
    for (index, answer) in condition.answers.iter().enumerate() {
        let heading = if index == 0 { "  answer: " } else { "  or: " };
        hang(out, style, heading, ARROW, &untrusted::line(&format!("{} ({})", answer.literal(), answer.confidence)));
    }
    if condition.answers.is_empty() {
        hang(out, style, "  answer: ", ARROW, "its text was never seen");
    }
    out.push('\n');
}

fn mark(origin: &Origin, primary: bool) -> Mark<'_> {
    let label = if origin.is_stated() { "" } else { "missing here" };
    Mark { location: origin.location(), label: label.to_owned(), primary, missing: !origin.is_stated() }
}

fn remedies(out: &mut String, forecast: &Forecast, style: Style) {
    if forecast.remedies.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", style.paint(BOLD, "what to change"));
    for (index, remedy) in forecast.remedies.iter().enumerate() {
        let heading = format!("  {}. ", index + 1);
        hang(out, style, &heading, HELP, &format!("{} ({})", remedy.title, remedy.conditions.join(", ")));
        hang(out, style, "     in Setup: ", HELP, &remedy.setup);
        if let Some(metadata) = &remedy.metadata {
            hang(out, style, "     in metadata: ", HELP, metadata);
        }
    }
    out.push('\n');
}

fn undecided(out: &mut String, forecast: &Forecast, style: Style) {
    for undecided in &forecast.undecided {
        hang(out, style, "cannot tell ", WARNING, &untrusted::line(&format!("{}: {}", undecided.what, undecided.reason)));
        hang(out, style, "  help: ", HELP, &untrusted::line(&undecided.supply));
    }
    if !forecast.undecided.is_empty() {
        out.push('\n');
    }
}

fn push_issue(out: &mut String, issue: &Issue, style: Style) {
    let mut lines = Vec::new();
    if !issue.access.is_empty() {
        lines.push(("access", issue.access.join("; ")));
    }
    let unknown =
        |reason: &Option<String>| reason.as_ref().map_or_else(|| "not known".to_owned(), |reason| format!("not known: {reason}"));
    lines.push((
        "scopes",
        match &issue.scopes {
            Some(scopes) if scopes.is_empty() => "none".to_owned(),
            Some(scopes) => scopes.join(", "),
            None => unknown(&issue.scopes_unknown),
        },
    ));
    lines.push((
        "refresh token",
        match issue.refresh_token {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => unknown(&issue.refresh_token_unknown),
        },
    ));
    for (name, text) in lines {
        hang(out, style, &format!("  {name}: "), BOLD, &untrusted::line(&text));
    }
    for limit in &issue.limits {
        hang(out, style, "  limit: ", BOLD, &untrusted::line(limit));
    }
    out.push('\n');
}

fn list(out: &mut String, heading: &str, texts: &[String], style: Style) {
    if texts.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", style.paint(BOLD, heading));
    for text in texts {
        hang(out, style, "  - ", DIM, &untrusted::line(text));
    }
    out.push('\n');
}
