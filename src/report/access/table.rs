//! For people: how many use an app by which path, then who.

use std::fmt::Write as _;

use super::{About, App, AskedUser, Document, Holder, Knowledge, Number, Path, Token, UsedApp, User, day, told};
use crate::report::style::{BOLD, Style, WARNING, hang};
use crate::report::table::table as rows_of;
use crate::report::untrusted;

const PLAIN: anstyle::Style = anstyle::Style::new();

/// Users of one path that are listed at most.
const MOST_LISTED: usize = 50;

/// The document for a terminal.
#[must_use]
pub fn table(document: &Document, style: Style) -> String {
    let mut out = String::new();
    for app in &document.apps {
        push_app(&mut out, app, style);
    }
    for asked in &document.users {
        push_asked(&mut out, asked, style);
    }
    out
}

fn push_app(out: &mut String, app: &App, style: Style) {
    begin(out, style, &format!("{} {}", app.about.kind, app.about.name));
    push_place(out, &app.about, style);
    hang(out, style, "Permitted Users: ", PLAIN, &permitted(&app.about));
    hang(out, style, "Users: ", PLAIN, &users(app));
    if !app.paths.is_empty() {
        let by_file = app.users == Knowledge::Unknown;
        let headers: &[&str] = if by_file { &["Assigned", "Name", "Mind", "Where"] } else { &["Path", "Name", "Active", "Mind"] };
        let rows: Vec<Vec<String>> = app.paths.iter().map(|path| path_row(path, by_file)).collect();
        // Writing to a String cannot fail.
        let _ = write!(out, "\n{}", rows_of(headers, &rows, style.width));
    }
    for path in app.paths.iter().filter(|path| !path.holders.is_empty()) {
        push_list(
            out,
            &format!("{} {}", path.kind, path.name),
            &["State", "User", "Profile", "Mind"],
            &path.holders,
            holder_row,
            style,
        );
    }
    let loose: Vec<&Token> = app.loose_tokens().collect();
    let title = if app.about.admits == "assigned" { "Tokens of users without a path" } else { "Tokens" };
    if !loose.is_empty() {
        push_list(out, title, &["State", "User", "Tokens", "Last used", "Mind"], &loose, |token| token_row(token, app), style);
    }
    push_unknown(out, &app.unknown, style);
}

fn push_asked(out: &mut String, asked: &AskedUser, style: Style) {
    begin(out, style, &asked.asked);
    hang(out, style, "Org: ", PLAIN, &asked.org);
    if let Some(user) = &asked.found {
        hang(out, style, "User: ", PLAIN, &about_user(user));
    }
    let can = asked.apps.iter().filter(|app| matches!(app.access, "assigned" | "may-approve")).count();
    let _ = match asked.exists {
        Some(true) if asked.found.as_ref().is_some_and(|user| user.state != "active") => {
            writeln!(out, "Apps the user could use, if able to log in: {can}")
        }
        Some(true) => writeln!(out, "Apps the user can use: {can}"),
        Some(false) => writeln!(out, "The org has no such user."),
        None => writeln!(out, "Whether the org has such a user is not known."),
    };
    if !asked.apps.is_empty() {
        let rows: Vec<Vec<String>> = asked.apps.iter().flat_map(used_rows).collect();
        let _ = write!(out, "\n{}", rows_of(&["Access", "App", "Path", "Tokens", "Mind"], &rows, style.width));
    }
    push_unknown(out, &asked.unknown, style);
}

/// Begins with a name, an empty line after what stands before.
fn begin(out: &mut String, style: Style, name: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&style.paint(BOLD, &untrusted::line(name)));
    out.push('\n');
}

fn push_place(out: &mut String, about: &About, style: Style) {
    match &about.org {
        Some(org) => hang(out, style, "Org: ", PLAIN, org),
        None => hang(out, style, "File: ", PLAIN, &about.path),
    }
}

fn permitted(about: &About) -> String {
    let what = match about.admits {
        "assigned" => "only users who are assigned can use the app",
        "anybody" => "any active user of the org may approve the app once; assignments have no effect",
        "nobody" => "nobody can use the app, which is blocked or switched off",
        _ => "who can use the app is not known",
    };
    format!("{}; {what}", about.permitted_users)
}

fn users(app: &App) -> String {
    if app.users == Knowledge::Unknown {
        return "unknown: files do not tell of users".to_owned();
    }
    let number = match (app.active_users, app.active_users_seen) {
        (Number::Known(number), _) if app.about.admits == "anybody" => format!("the {number} active users of the org"),
        (Number::Known(number), _) => format!("{number} active, each counted once"),
        (Number::Unknown(_), Some(seen)) => format!("unknown; {seen} active seen"),
        (Number::Unknown(_), None) => "unknown".to_owned(),
    };
    match app.frozen_users_seen {
        Some(frozen) if frozen > 0 => format!("{number}; {frozen} of them frozen, who cannot log in"),
        _ => number,
    }
}

fn path_row(path: &Path, by_file: bool) -> Vec<String> {
    let through = (!path.granted_by.is_empty()).then(|| format!("with {}", path.granted_by.join(", ")));
    let no_effect = (path.effective == Some(false)).then(|| "no effect".to_owned());
    let told = Some(told(&path.reservations)).filter(|told| !told.is_empty());
    let mind = joined([through, no_effect, told]);
    if by_file {
        // The folder stands in the title, or beside that.
        let place = path.origin.as_deref().and_then(|origin| origin.rsplit('/').next()).unwrap_or_default();
        return vec![path.kind.to_owned(), path.name.clone(), mind, place.to_owned()];
    }
    let active = match path.frozen_users_seen {
        0 => path.active_users.text(),
        frozen => format!("{} ({frozen} frozen)", path.active_users.text()),
    };
    vec![path.kind.to_owned(), path.name.clone(), active, mind]
}

fn holder_row(holder: &Holder) -> Vec<String> {
    let User { user, state, profile, .. } = &holder.user;
    vec![(*state).to_owned(), user.clone(), profile.clone().unwrap_or_default(), told(&holder.reservations)]
}

fn token_row(token: &Token, app: &App) -> Vec<String> {
    let used = token.last_used.as_deref().map_or("never", day);
    let mind = match token.assigned {
        Some(true) if app.about.admits == "unknown" => "assigned",
        None => "not known whether assigned",
        _ => "",
    };
    let User { user, state, .. } = &token.user;
    vec![(*state).to_owned(), user.clone(), token.tokens.to_string(), used.to_owned(), mind.to_owned()]
}

/// The app once, and a row for each path.
fn used_rows(app: &UsedApp) -> Vec<Vec<String>> {
    let access = match app.access {
        "may-approve" => "may approve it",
        other => other,
    };
    let last_used = app.last_used.as_deref().map_or_else(|| "never used".to_owned(), |moment| format!("used {}", day(moment)));
    let tokens = if app.tokens == 0 { String::new() } else { format!("{} ({last_used})", app.tokens) };
    let first = [access.to_owned(), app.about.name.clone()];
    if app.paths.is_empty() {
        return vec![first.into_iter().chain([String::new(), tokens, String::new()]).collect()];
    }
    let row = |(index, path): (usize, &super::UserPath)| {
        let first = if index == 0 { first.clone() } else { Default::default() };
        let tokens = if index == 0 { tokens.clone() } else { String::new() };
        let through = (!path.granted_by.is_empty()).then(|| format!("with {}", path.granted_by.join(", ")));
        let ended = path.reservations.iter().any(|reservation| reservation.word == "ended");
        let no_effect = (path.effective == Some(false) && !ended).then(|| "no effect".to_owned());
        let told = Some(told(&path.reservations)).filter(|told| !told.is_empty());
        let mind = joined([through, no_effect, told]);
        first.into_iter().chain([format!("{} {}", path.kind, path.name), tokens, mind]).collect()
    };
    app.paths.iter().enumerate().map(row).collect()
}

fn about_user(user: &User) -> String {
    let profile = user.profile.as_ref().map(|profile| format!("profile {profile}"));
    let license = user.license.as_ref().map(|license| format!("licence {license}"));
    let user_type = user.user_type.as_ref().map(|user_type| format!("user type {user_type}"));
    let state = if user.state == "active" { "active".to_owned() } else { format!("{}, so cannot log in", user.state) };
    [Some(state), profile, license, user_type].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A title with the number of entries, and their table: the first of them where there are many.
fn push_list<T>(out: &mut String, title: &str, headers: &[&str], items: &[T], row: impl Fn(&T) -> Vec<String>, style: Style) {
    let rows: Vec<Vec<String>> = items.iter().take(MOST_LISTED).map(row).collect();
    let _ = write!(out, "\n{} ({})\n{}", untrusted::line(title), items.len(), rows_of(headers, &rows, style.width));
    if let Some(more @ 1..) = items.len().checked_sub(MOST_LISTED) {
        let _ = writeln!(out, "and {more} more: --format csv lists all");
    }
}

fn push_unknown(out: &mut String, unknown: &[String], style: Style) {
    for reason in unknown {
        out.push('\n');
        hang(out, style, "Not known: ", WARNING, reason);
    }
}

fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
