//! One row for each assignment and each holder of tokens.

use super::{About, App, AskedUser, Document, Path, Reservation, Token, UsedApp, User, UserPath};
use crate::report::untrusted;

const COLUMNS: [&str; 20] = [
    "org",
    "app_kind",
    "app",
    "permitted_users",
    "admits",
    "path_kind",
    "path",
    "granted_by",
    "path_active_users",
    "effective",
    "user",
    "state",
    "profile",
    "license",
    "user_type",
    "expires",
    "tokens",
    "last_used",
    "reservations",
    "origin",
];

/// A row; what does not apply is empty.
#[derive(Default)]
struct Row<'a> {
    about: Option<&'a About>,
    org: &'a str,
    path_kind: &'a str,
    path: &'a str,
    granted_by: &'a [String],
    active_users: String,
    effective: &'a str,
    user: Option<&'a User>,
    expires: &'a str,
    tokens: String,
    last_used: &'a str,
    reservations: Vec<&'a str>,
    origin: &'a str,
}

/// The document as CSV (RFC 4180). `path_kind` is `self-authorize` where anybody may approve the app, and `token` for holders of tokens.
#[must_use]
pub fn csv(document: &Document) -> String {
    let mut out = COLUMNS.join(",");
    out.push('\n');
    document.apps.iter().for_each(|app| push_app(&mut out, app));
    document.users.iter().for_each(|asked| push_user(&mut out, asked));
    out
}

fn push_app(out: &mut String, app: &App) {
    let of_app = || Row { about: Some(&app.about), org: app.about.org.as_deref().unwrap_or_default(), ..Row::default() };
    if app.about.admits == "anybody" {
        push(out, &Row { path_kind: "self-authorize", active_users: app.active_users.text(), effective: "true", ..of_app() });
    }
    for path in &app.paths {
        let of_path = || path_row(path, of_app());
        if path.holders.is_empty() {
            push(out, &of_path());
        }
        for holder in &path.holders {
            let mut row = of_path();
            row.user = Some(&holder.user);
            row.expires = holder.expires.as_deref().unwrap_or_default();
            row.reservations.extend(words(&holder.reservations));
            if holder.ended {
                row.effective = "false";
            }
            push(out, &row);
        }
    }
    for token in &app.tokens {
        push(out, &token_row(token, of_app()));
    }
}

fn path_row<'a>(path: &'a Path, of_app: Row<'a>) -> Row<'a> {
    Row {
        path_kind: path.kind,
        path: &path.name,
        granted_by: &path.granted_by,
        active_users: path.active_users.text(),
        effective: yes_no(path.effective),
        reservations: words(&path.reservations).collect(),
        origin: path.origin.as_deref().unwrap_or_default(),
        ..of_app
    }
}

fn token_row<'a>(token: &'a Token, of_app: Row<'a>) -> Row<'a> {
    Row {
        path_kind: "token",
        user: Some(&token.user),
        tokens: token.tokens.to_string(),
        last_used: token.last_used.as_deref().unwrap_or_default(),
        ..of_app
    }
}

fn push_user(out: &mut String, asked: &AskedUser) {
    for app in &asked.apps {
        let of_app = || Row { about: Some(&app.about), org: &asked.org, user: asked.found.as_ref(), ..Row::default() };
        if app.access == "may-approve" {
            push(out, &Row { path_kind: "self-authorize", effective: "true", ..of_app() });
        }
        for path in &app.paths {
            push(out, &user_path_row(path, of_app()));
        }
        if app.tokens > 0 {
            push(out, &tokens_row(app, of_app()));
        }
        if app.access == "unknown" && app.paths.is_empty() {
            push(out, &Row { path_kind: "unknown", ..of_app() });
        }
    }
}

fn user_path_row<'a>(path: &'a UserPath, of_app: Row<'a>) -> Row<'a> {
    Row {
        path_kind: path.kind,
        path: &path.name,
        granted_by: &path.granted_by,
        effective: yes_no(path.effective),
        expires: path.expires.as_deref().unwrap_or_default(),
        reservations: words(&path.reservations).collect(),
        ..of_app
    }
}

fn tokens_row<'a>(app: &'a UsedApp, of_app: Row<'a>) -> Row<'a> {
    let last_used = app.last_used.as_deref().unwrap_or_default();
    Row { path_kind: "token", tokens: app.tokens.to_string(), last_used, ..of_app }
}

fn push(out: &mut String, row: &Row<'_>) {
    let Some(about) = row.about else { return };
    let user = row.user;
    let of_user = |read: fn(&User) -> Option<&str>| user.and_then(read).unwrap_or_default();
    let (granted_by, reservations) = (row.granted_by.join("; "), row.reservations.join("; "));
    let cells: [&str; COLUMNS.len()] = [
        row.org,
        about.kind,
        &about.name,
        about.permitted_users,
        about.admits,
        row.path_kind,
        row.path,
        &granted_by,
        &row.active_users,
        row.effective,
        of_user(|user| Some(&user.user)),
        of_user(|user| Some(user.state)),
        of_user(|user| user.profile.as_deref()),
        of_user(|user| user.license.as_deref()),
        of_user(|user| user.user_type.as_deref()),
        row.expires,
        &row.tokens,
        row.last_used,
        &reservations,
        row.origin,
    ];
    out.push_str(&cells.map(untrusted::csv_cell).join(","));
    out.push('\n');
}

fn words(reservations: &[Reservation]) -> impl Iterator<Item = &str> {
    reservations.iter().map(|reservation| reservation.word)
}

const fn yes_no(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    }
}
