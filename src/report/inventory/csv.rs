//! The inventory for spreadsheets.

use serde_json::Value;

use super::Document;
use crate::report::untrusted;

/// The apps as CSV (RFC 4180): a column for each key, lists separated by line breaks, cells that cannot become formulas.
#[must_use]
pub fn csv(document: &Document) -> String {
    let rows: Vec<Value> = document.apps.iter().filter_map(|app| serde_json::to_value(app).ok()).collect();
    let empty = serde_json::Map::new();
    // More columns where there are orgs, so that lists of files keep theirs.
    let of_orgs: &[&str] = if document.source.orgs.is_empty() { &[] } else { &["org", "installed", "inspectable"] };
    let keys: Vec<&str> = of_orgs.iter().chain(HEADERS).copied().collect();
    let mut text = keys.join(",") + "\r\n";
    for row in &rows {
        let row = row.as_object().unwrap_or(&empty);
        let cells: Vec<String> = keys.iter().map(|key| untrusted::csv_cell(&cell(row.get(*key)))).collect();
        text += &(cells.join(",") + "\r\n");
    }
    text
}

/// The columns of the CSV form, which are the keys of an [`Entry`].
const HEADERS: &[&str] = &[
    "kind",
    "name",
    "label",
    "path",
    "namespace",
    "description",
    "contact_email",
    "enabled",
    "in_package_directory",
    "oauth",
    "saml",
    "scopes",
    "custom_scopes",
    "permitted_users",
    "profiles",
    "permission_sets",
    "ip_relaxation",
    "ip_ranges",
    "refresh_token_policy",
    "refresh_token_rotation",
    "flows",
    "client_credentials_user",
    "pkce_required",
    "secret_optional",
    "secret_required_for_refresh",
    "has_certificate",
    "certificate_expires",
    "callback_urls",
    "callback_count",
    "start_url",
    "session_timeout_minutes",
    "consumer_key",
    "consumer_secret",
    "blast_radius",
    "blast_radius_least",
    "missing_parts",
    "defaulted",
    "unknown",
    "owner",
    "criticality",
    "vendor",
];

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join("\n"),
        Some(Value::Object(fields)) => {
            fields.iter().map(|(key, value)| format!("{key}: {}", cell(Some(value)))).collect::<Vec<_>>().join("\n")
        }
        Some(other) => other.to_string(),
    }
}
