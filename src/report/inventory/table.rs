//! The inventory for terminals.

use super::{Document, Entry};
use crate::inventory::blast_radius::BlastLevel;
use crate::report::table::table as fitted;

/// Columns of the table, each with the width of terminal from which on there is room for it without breaking words everywhere.
const COLUMNS: [(&str, usize); 16] = [
    ("app", 0),
    ("owner", 125),
    ("blast radius", 110),
    ("kind", 125),
    ("scopes", 0),
    ("permitted users", 0),
    ("assigned", 0),
    ("IP", 145),
    ("refresh token", 135),
    ("flows", 0),
    ("PKCE", 155),
    ("certificate until", 175),
    ("callbacks", 190),
    ("missing parts", 205),
    ("label", 225),
    ("file", 275),
];

/// The apps as a table of as many columns as the width has room for; the other formats have all of them.
#[must_use]
pub fn table(document: &Document, width: usize) -> String {
    // Nobody misses the column where the policy names no owner.
    let owned = document.apps.iter().any(|app| !app.owner.is_empty());
    let fits = |(name, from): &(&str, usize)| width >= *from && (owned || *name != "owner");
    let shown = |column: usize| COLUMNS.get(column).is_some_and(fits);
    let several = document.source.orgs.len() > 1;
    let org = |text: String| several.then_some(text);
    let headers: Vec<&str> = COLUMNS.iter().filter(|column| fits(column)).map(|(name, _)| *name).collect();
    let headers: Vec<&str> = several.then_some("org").into_iter().chain(headers).collect();
    let row = |app: &Entry| {
        let cells = table_row(app).into_iter().enumerate().filter(|(column, _)| shown(*column)).map(|(_, cell)| cell);
        org(app.org.clone().unwrap_or_default()).into_iter().chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = document.apps.iter().map(row).collect();
    fitted(&headers, &rows, width)
}

fn table_row(app: &Entry) -> Vec<String> {
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "unknown".to_owned());
    let assigned = match (&app.profiles, &app.permission_sets) {
        (Some(profiles), Some(permission_sets)) => [profiles.as_slice(), permission_sets].concat().join(", "),
        _ => "unknown".to_owned(),
    };
    let oauth = app.oauth != Some(false);
    let if_oauth = |text: String| if oauth { text } else { String::new() };
    let scopes = match (oauth, app.saml) {
        (true, _) => or_unknown(app.scopes.as_ref().map(|scopes| scopes.join(", "))),
        (false, Some(true)) => "SAML, no OAuth".to_owned(),
        (false, _) => "no OAuth".to_owned(),
    };
    let pkce = app.pkce_required.map(|required| if required { "required" } else { "optional" }.to_owned());
    vec![
        app.name.clone(),
        app.owner.clone(),
        match app.blast_radius {
            Some(level) => level.to_owned(),
            None if app.blast_radius_least == BlastLevel::None.as_str() => "unknown".to_owned(),
            None => format!("{}+", app.blast_radius_least),
        },
        // The first word tells: connected app, External Client App.
        app.kind.split('-').next().unwrap_or(app.kind).to_owned(),
        scopes,
        if_oauth(app.permitted_users.to_owned()),
        assigned,
        if_oauth(or_unknown(app.ip_relaxation.map(str::to_owned))),
        // Breakable at the colons of `specific_lifetime:90:DAYS`.
        if_oauth(or_unknown(app.refresh_token_policy.as_ref().map(|policy| policy.replace(':', " ")))),
        app.flows.join(", "),
        if_oauth(or_unknown(pkce)),
        app.certificate_expires.clone().unwrap_or_default(),
        if_oauth(or_unknown(app.callback_count.map(|count| count.to_string()))),
        app.missing_parts.join(", "),
        app.label.clone().unwrap_or_default(),
        app.path.clone(),
    ]
}
