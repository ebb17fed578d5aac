//! The REST API: versions, queries, describe, limits, usage.

use serde_json::{Map, Value, json};

use super::composite;
use super::error::ApiError;
use super::org::{Cursor, FakeOrg};
use super::record::Received;
use super::reply::Reply;
use super::soql::{self, Found};
use super::table::{Field, Kind, Table};

/// Beyond this many bytes of URI, and of URI with headers, requests are refused.
const LONGEST_URI: usize = 16_384;

/// A resource asked for: by a request of its own, or by a part of a composite one.
pub(super) struct Ask<'a> {
    pub(super) method: &'a str,
    /// With the query, still encoded: `/services/data/v66.0/query?q=…`.
    pub(super) url: &'a str,
    pub(super) body: &'a str,
    /// Rows of a page, as the request would like.
    pub(super) batch_size: Option<usize>,
}

/// Answers a request, counts it and says what is left of the daily calls.
pub(super) fn answer(org: &mut FakeOrg, request: &Received) -> Reply {
    let url = if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) };
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if url.len() > LONGEST_URI {
        return Reply::new(414, "text/html", "<html><body>URI Too Long</body></html>");
    }
    if url.len() + headers > LONGEST_URI {
        return Reply::new(431, "text/html", "<html><body>Request Header Fields Too Large</body></html>");
    }
    if request.path.trim_end_matches('/') == "/services/data" {
        return Reply::json(200, &versions(org));
    }
    let token = request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    if !token.is_some_and(|token| org.knows(token)) {
        return refused(&ApiError::new(401, "INVALID_SESSION_ID", "Session expired or invalid"));
    }
    let options = request.header("sforce-query-options").unwrap_or_default();
    let batch_size = options.split(',').find_map(|option| option.trim().strip_prefix("batchSize=")?.parse().ok());
    org.record.calls += 1;
    if org.is_used_up() {
        return refused(&ApiError::new(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    }
    if !org.permissions().iter().any(|held| held == "ApiEnabled") {
        return refused(&ApiError::new(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"));
    }
    let ask = Ask { method: &request.method, url: &url, body: &request.body, batch_size };
    let mut reply = match resource(org, &ask) {
        Ok(body) => Reply::json(200, &body),
        Err(error) => refused(&error),
    };
    let (used, most) = org.calls;
    reply.headers.push(("sforce-limit-info".to_owned(), format!("api-usage={}/{most}", used + org.record.calls)));
    reply
}

/// The body of one resource.
pub(super) fn resource(org: &mut FakeOrg, ask: &Ask) -> Result<Value, ApiError> {
    let (path, query) = ask.url.split_once('?').unwrap_or((ask.url, ""));
    let path = path.strip_prefix("/services/data/").unwrap_or(path);
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let [version, segments @ ..] = segments.as_slice() else { return Err(not_found()) };
    let version = version_of(org, version)?;
    let base = format!("/services/data/v{version}.0");
    let (tooling, segments) = match segments {
        ["tooling", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    match (ask.method, segments) {
        ("POST", ["composite"]) => return composite::composite(org, ask),
        ("POST", ["composite", "batch"]) => return composite::batch(org, ask),
        ("GET", _) => {}
        (method, _) => {
            org.record.writes.push(format!("{method} {}", ask.url));
            let text = format!("HTTP Method '{method}' not allowed. Allowed are GET");
            return Err(ApiError::new(405, "METHOD_NOT_ALLOWED", text));
        }
    }
    let prefix = if tooling { format!("{base}/tooling") } else { base };
    match segments {
        [] => Ok(
            json!({"query": format!("{prefix}/query"), "sobjects": format!("{prefix}/sobjects"), "limits": format!("{prefix}/limits")}),
        ),
        ["query"] => {
            let text = parameter(query, "q").ok_or_else(|| ApiError::new(400, "MALFORMED_QUERY", "q parameter is required"))?;
            open(org, &text, tooling, &prefix, ask.batch_size)
        }
        ["query", locator] => more(org, locator, tooling, &prefix, ask.batch_size),
        ["sobjects"] => {
            let permissions = org.permissions();
            let scope = org.scope(tooling, &permissions);
            let names =
                org.objects.iter().filter(|table| scope.visible(&table.name).is_some()).map(|table| json!({"name": table.name}));
            Ok(json!({"sobjects": names.collect::<Vec<_>>()}))
        }
        ["sobjects", name, "describe"] => describe(org, name, tooling),
        ["sobjects", name, id] => row(org, name, id, tooling, &prefix),
        ["limits"] if !tooling => {
            let (used, most) = org.calls;
            let left = most.saturating_sub(used + org.record.calls);
            Ok(json!({"DailyApiRequests": {"Max": most, "Remaining": left}, "DataStorageMB": {"Max": 1024, "Remaining": 800}}))
        }
        ["apps", "oauth", "usage"] if version >= 59 && !tooling => usage(org, query, &prefix),
        ["chatter", "users", "me"] if !tooling => {
            let user = me(org);
            Ok(
                json!({"id": org.user, "username": user["Username"], "name": user["Name"], "email": user["Email"], "isActive": true}),
            )
        }
        _ => Err(not_found()),
    }
}

/// Columns of the running user.
pub(super) fn me(org: &FakeOrg) -> Map<String, Value> {
    let Some(table) = org.objects.get("User") else { return Map::new() };
    table
        .row(&org.user)
        .map(|row| table.fields.iter().zip(row).map(|(field, cell)| (field.name.clone(), cell.json())).collect())
        .unwrap_or_default()
}

/// A parameter of a query string, decoded.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| decode(value)).next()
}

/// Percent signs and plus signs resolved.
pub(super) fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

fn refused(error: &ApiError) -> Reply {
    Reply::json(error.status, &error.body())
}

fn not_found() -> ApiError {
    ApiError::new(404, "NOT_FOUND", "The requested resource does not exist")
}

fn version_of(org: &FakeOrg, text: &str) -> Result<u32, ApiError> {
    if text == "latest" {
        return Ok(*org.versions.end());
    }
    let number =
        text.strip_prefix('v').and_then(|text| text.strip_suffix(".0")).and_then(|text| text.parse().ok()).ok_or_else(not_found)?;
    match number {
        _ if org.versions.contains(&number) => Ok(number),
        7..=30 => Err(ApiError::new(410, "GONE", "The requested resource is no longer available")),
        _ => Err(not_found()),
    }
}

fn versions(org: &FakeOrg) -> Value {
    let release = |version: u32| {
        let year = 26 + (i64::from(version) - 66).div_euclid(3);
        match version % 3 {
            0 => format!("Spring '{year:02}"),
            1 => format!("Summer '{year:02}"),
            _ => format!("Winter '{:02}", year + 1),
        }
    };
    let entry = |version| json!({"label": release(version), "url": format!("/services/data/v{version}.0"), "version": format!("{version}.0")});
    org.versions.clone().map(entry).collect()
}

fn open(org: &mut FakeOrg, text: &str, tooling: bool, prefix: &str, batch_size: Option<usize>) -> Result<Value, ApiError> {
    org.record.queries.push(text.to_owned());
    let query = soql::parse(text)?;
    note_secrets(org, &query);
    if let Some(refusal) = org.refusal(&query.from.text) {
        return Err(refusal.clone());
    }
    let permissions = org.permissions();
    let found = soql::find(org.scope(tooling, &permissions), &query, &org.today)?;
    let locator = format!("01g{:012}AAA", org.cursors.len() + 1);
    org.cursors.insert(locator.clone(), Cursor { query, found, tooling });
    page(org, &locator, 0, prefix, batch_size)
}

/// Columns with secrets must never be selected, not even to be thrown away.
fn note_secrets(org: &mut FakeOrg, query: &soql::Query) {
    for item in &query.select {
        let (soql::Item::Field { path, .. } | soql::Item::Aggregate { path, .. }) = item else { continue };
        let column = path.text.rsplit('.').next().unwrap_or_default();
        if ["AccessToken", "RequestToken", "DeleteToken"].iter().any(|secret| column.eq_ignore_ascii_case(secret)) {
            org.record.secrets.push(format!("{}.{column}", query.from.text));
        }
    }
}

fn more(org: &mut FakeOrg, locator: &str, tooling: bool, prefix: &str, batch_size: Option<usize>) -> Result<Value, ApiError> {
    let gone = || ApiError::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let (locator, from) = locator.rsplit_once('-').ok_or_else(gone)?;
    let from = from.parse().map_err(|_| gone())?;
    let known = org.cursors.get(locator).is_some_and(|cursor| cursor.tooling == tooling);
    if known { page(org, locator, from, prefix, batch_size) } else { Err(gone()) }
}

fn page(org: &FakeOrg, locator: &str, from: usize, prefix: &str, batch_size: Option<usize>) -> Result<Value, ApiError> {
    let Some(cursor) = org.cursors.get(locator) else { return Err(not_found()) };
    let size = batch_size.map_or(org.page_size, |size| size.clamp(200, 2000).min(org.page_size));
    let (total, records) = match &cursor.found {
        Found::Count(count) => (*count, Vec::new()),
        Found::Groups(groups) => (groups.len(), groups.clone()),
        Found::Rows(rows) => {
            let permissions = org.permissions();
            let scope = org.scope(cursor.tooling, &permissions);
            let rows_of_page: Vec<u32> = rows.iter().skip(from).take(size).copied().collect();
            (rows.len(), soql::render(scope, &cursor.query, &rows_of_page, &format!("{prefix}/sobjects"))?)
        }
    };
    let next = from + records.len();
    let done = !matches!(cursor.found, Found::Rows(_)) || next >= total;
    let mut body = json!({"totalSize": total, "done": done});
    if cursor.tooling {
        body["size"] = json!(records.len());
        body["entityTypeName"] = json!(cursor.query.from.text);
    }
    if !done {
        body["nextRecordsUrl"] = json!(format!("{}{prefix}/query/{locator}-{next}", org.links_to));
    }
    body["records"] = Value::Array(records);
    Ok(body)
}

fn row(org: &FakeOrg, name: &str, id: &str, tooling: bool, prefix: &str) -> Result<Value, ApiError> {
    let permissions = org.permissions();
    let scope = org.scope(tooling, &permissions);
    let table = scope.visible(name).ok_or_else(not_found)?;
    let row = table.row(id).ok_or_else(not_found)?;
    let mut body = json!({"attributes": {"type": table.name, "url": format!("{prefix}/sobjects/{}/{id}", table.name)}});
    for (field, cell) in table.fields.iter().zip(row).filter(|(field, _)| scope.shows(field)) {
        body[&field.name] = cell.json();
    }
    Ok(body)
}

fn usage(org: &FakeOrg, query: &str, prefix: &str) -> Result<Value, ApiError> {
    let number = |name: &str, otherwise: usize| parameter(query, name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (page, size) = (number("page", 0), number("pageSize", 100));
    if !(1..=100).contains(&size) {
        return Err(ApiError::new(400, "INVALID_PAGE_SIZE", "pageSize must be between 1 and 100"));
    }
    let url = |page: usize| format!("{prefix}/apps/oauth/usage?page={page}&pageSize={size}");
    let apps: Vec<&Value> = org.usage.iter().skip(page * size).take(size).collect();
    let next = (org.usage.len() > (page + 1) * size).then(|| format!("{}{}", org.links_to, url(page + 1)));
    Ok(json!({"apps": apps, "currentPageUrl": url(page), "nextPageUrl": next}))
}

fn describe(org: &FakeOrg, name: &str, tooling: bool) -> Result<Value, ApiError> {
    if let Some(refusal) = org.refusal(name) {
        return Err(refusal.clone());
    }
    let permissions = org.permissions();
    let scope = org.scope(tooling, &permissions);
    let table = scope.visible(name).ok_or_else(not_found)?;
    let fields: Vec<Value> = table.fields.iter().filter(|field| scope.shows(field)).map(described).collect();
    Ok(
        json!({"name": table.name, "label": table.name, "queryable": true, "retrieveable": true, "createable": false, "updateable": false,
              "keyPrefix": table.rows.first().and_then(|row| row[0].text()).map(|id| &id[..3]), "fields": fields,
              "childRelationships": children(table)}),
    )
}

fn described(field: &Field) -> Value {
    let values: Vec<Value> = match &field.kind {
        Kind::Picklist(values) => values.iter().map(|value| choice(value)).collect(),
        _ => Vec::new(),
    };
    let (to, relationship) = match &field.kind {
        Kind::Reference { to, relationship } => (vec![to.clone()], relationship.clone()),
        _ => (Vec::new(), None),
    };
    json!({"name": field.name, "label": field.name, "type": field.described_type(), "filterable": field.filterable,
           "groupable": field.groupable, "sortable": field.filterable, "nillable": true, "picklistValues": values, "referenceTo": to,
           "relationshipName": relationship})
}

/// Value and label of a picklist entry, written `value=label` where they differ.
fn choice(entry: &str) -> Value {
    let (value, label) = entry.split_once('=').unwrap_or((entry, entry));
    json!({"value": value, "label": label, "active": true, "defaultValue": false, "validFor": null})
}

fn children(table: &Table) -> Vec<Value> {
    let has_access = ["PermissionSet", "ConnectedApplication", "ExternalClientApplication"].contains(&table.name.as_str());
    let field = if table.name == "PermissionSet" { "ParentId" } else { "SetupEntityId" };
    let child = json!({"childSObject": "SetupEntityAccess", "field": field, "relationshipName": "SetupEntityAccessItems"});
    has_access.then_some(child).into_iter().collect()
}
