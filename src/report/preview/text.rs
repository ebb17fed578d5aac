//! The preview for people: for each app who loses it, of whom it cannot be told, who keeps it, and what the contract's users get.

use std::fmt::Write as _;

use super::{App, Change, ContractUser, Document, Outcome, User};
use crate::report::style::{BOLD, DIM, ERROR, HELP, Style, WARNING, hang};
use crate::report::table::table;
use crate::report::untrusted;

/// All apps, one after the other.
#[must_use]
pub fn render(document: &Document, style: Style) -> String {
    let mut out = String::new();
    for app in &document.apps {
        one(&mut out, app, &document.change, style);
    }
    out
}

fn one(out: &mut String, app: &App, change: &Change, style: Style) {
    header(out, app, change, style);
    groups(out, app, style);
    contract(out, app, style);
    others(out, app, change, style);
    out.push('\n');
}

fn header(out: &mut String, app: &App, change: &Change, style: Style) {
    let subject = &app.subject;
    let name = style.paint(BOLD, &untrusted::line(&subject.name));
    let org = if subject.org.is_empty() { String::new() } else { format!(" in {}", subject.org) };
    let _ = writeln!(out, "{} {name}{}", subject.kind.replace('-', " "), untrusted::line(&org));
    let today = match (app.today, &app.today_unknown) {
        (Some(today), _) => today.to_owned(),
        (None, Some(reason)) => format!("unknown ({reason})"),
        (None, None) => "unknown".to_owned(),
    };
    hang(out, style, "  Permitted Users: ", DIM, &format!("{today} today, {} after the change", change.permitted_users));
    if change.permitted_users == "admin-approved" {
        let assigned = match (&app.assigned, &app.assigned_unknown) {
            (Some(assigned), _) if assigned.is_empty() => "nothing".to_owned(),
            (Some(assigned), _) => assigned.join(", "),
            (None, reason) => format!("unknown{}", reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default()),
        };
        hang(out, style, "  assigned after it: ", DIM, &assigned);
    }
    out.push('\n');
}

fn groups(out: &mut String, app: &App, style: Style) {
    for (outcome, title, why, look) in [
        (Outcome::Loses, "Lose access, from the next refresh or log-in on", "why", ERROR),
        (Outcome::CannotTell, "Cannot tell", "what and why", WARNING),
        (Outcome::Gains, "Gain access", "through", HELP),
        (Outcome::Keeps, "Keep access", "through", HELP),
        (Outcome::Outside, "Have no access today either", "why", DIM),
    ] {
        let users: Vec<&User> = app.users.iter().filter(|user| user.outcome == outcome).collect();
        if users.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", style.paint(look, &format!("{title} ({})", users.len())));
        let rows: Vec<Vec<String>> = users.into_iter().map(row).collect();
        out.push_str(&table(&["tokens", "last used", "user", why], &rows, style.width));
        out.push('\n');
    }
    if let Some(reason) = &app.blocked_unknown {
        hang(out, style, "Cannot tell whether the app is blocked or switched off: ", WARNING, &untrusted::line(reason));
        out.push('\n');
    }
    match &app.more_users {
        Some(reason) if app.users.is_empty() => hang(out, style, "Cannot tell who uses the app: ", WARNING, reason),
        Some(reason) => hang(out, style, "Cannot tell who else uses the app: ", WARNING, reason),
        None if app.users.is_empty() => hang(out, style, "", DIM, "Nobody holds a token of the app."),
        None if app.users.iter().any(|user| matches!(user.outcome, Outcome::Loses | Outcome::CannotTell)) => return,
        None => hang(out, style, "", HELP, "Nobody who is known to use the app loses it."),
    }
    out.push('\n');
}

fn row(user: &User) -> Vec<String> {
    let tokens = match (user.runs_as, user.tokens) {
        (true, 0) => "runs as".to_owned(),
        (true, tokens) => format!("{tokens}, runs as"),
        (false, tokens) => tokens.to_string(),
    };
    let name = if user.frozen { format!("{} (frozen)", user.user) } else { user.user.clone() };
    let last_used = user.last_used.as_deref().map_or("never", |moment| moment.get(..10).unwrap_or(moment));
    // The first column of a table is kept narrow, and user names are long.
    vec![tokens, last_used.to_owned(), name, user.why()]
}

fn contract(out: &mut String, app: &App, style: Style) {
    if let Some(reason) = &app.contract_unknown {
        hang(out, style, "Cannot tell of the users of the contract: ", WARNING, reason);
        out.push('\n');
    }
    if app.contract_users.is_empty() {
        return;
    }
    let broken = app.contract_users.iter().filter(|it| it.breaks).count();
    let title = format!("Users of the contract ({} of {} break)", broken, app.contract_users.len());
    let _ = writeln!(out, "{}", style.paint(if broken > 0 { ERROR } else { BOLD }, &title));
    let rows: Vec<Vec<String>> = app.contract_users.iter().map(contract_row).collect();
    out.push_str(&table(&["flow", "today", "after", "user", "answer or reason"], &rows, style.width));
    if app.subject.org.is_empty() {
        let of_files =
            "By files: to a user who is assigned, is active and, where users authorize the app themselves, has approved it.";
        hang(out, style, "", DIM, of_files);
    }
    out.push('\n');
}

fn contract_row(it: &ContractUser) -> Vec<String> {
    let answer = it.error.clone().or_else(|| it.reason.clone()).unwrap_or_default();
    vec![it.flow.to_owned(), in_words(it.today).to_owned(), in_words(it.after).to_owned(), it.user.clone(), answer]
}

fn in_words(verdict: &str) -> &'static str {
    match verdict {
        "would-issue" => "issued",
        "would-refuse" => "refused",
        _ => "cannot tell",
    }
}

fn others(out: &mut String, app: &App, change: &Change, style: Style) {
    if change.permitted_users == "self-authorize" {
        let who = match app.anybody_of {
            Some(users) => format!("Any of the {users} active users of the org may authorize the app after the change."),
            None => "Any user of the org may authorize the app after the change.".to_owned(),
        };
        hang(out, style, "", DIM, &who);
        let headless = "Flows without a page, such as JWT bearer, then need an approval of the user's own, with a refresh token.";
        hang(out, style, "", DIM, headless);
    } else {
        match (app.assigned_without_use, &app.assigned_without_use_unknown) {
            (Some(users), _) => {
                hang(out, style, "", DIM, &format!("Assigned after the change and not among the users of today: {users} active."));
            }
            // What keeps it from being known was said of the users.
            (None, reason) if *reason == app.more_users => {}
            (None, Some(reason)) => {
                hang(out, style, "", DIM, &format!("How many are assigned and do not use the app is not known: {reason}."));
            }
            (None, None) => {}
        }
    }
    if app.log_ins.is_none() && !app.subject.org.is_empty() {
        hang(
            out,
            style,
            "",
            DIM,
            "Log-ins were not read: users without a token, of bearer flows for instance, are not among these. --usage counts them.",
        );
    }
    if let Some(log_ins) = &app.log_ins {
        let day = log_ins.last.get(..10).unwrap_or(&log_ins.last);
        let text = match log_ins.count {
            0 => "No log-ins with the app in the last 90 days.".to_owned(),
            count => format!("Log-ins in the last 90 days: {count} of {} users, the latest on {day}.", log_ins.users),
        };
        hang(out, style, "", DIM, &text);
    }
}
