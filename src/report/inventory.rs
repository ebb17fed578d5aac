//! The inventory as a document: every app with its settings, for programs, spreadsheets and terminals.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;

use super::{Source, untrusted};
use crate::diagnostic::{Diagnostic, LeftOut, Level};
use crate::inventory::app::{App, CertificateRole, PartKind};
use crate::inventory::blast_radius::{BlastLevel, BlastRadius};
use crate::inventory::contract::{Criticality, Governance};
use crate::inventory::{Fact, Inventory, Origin};

/// `inventory --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Document {
    /// Always `orgwarden/inventory-v1`.
    pub schema: &'static str,
    /// What was read.
    pub source: Source,
    /// The apps, in order of their paths.
    pub apps: Vec<Entry>,
    /// Parts of External Client Apps whose header is not in the source.
    pub orphan_parts: Vec<Orphan>,
    /// Apps that menus and manifests name and that have no file.
    pub mentioned: Vec<Mentioned>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// App files left out on purpose.
    pub left_out: Vec<Left>,
}

/// One app. A setting that is not known is `null` (or `unknown`, for Permitted Users), and `unknown` says why; one that the source does not
/// state has its documented default, and `defaulted` names it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Entry {
    /// `connected-app` or `external-client-app`.
    pub kind: &'static str,
    /// Full name.
    pub name: String,
    /// What Setup shows.
    pub label: Option<String>,
    /// Who answers for it, by its contract in the policy; left out where that does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// How much depends on it, by its contract; left out where that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criticality: Option<&'static str>,
    /// Who makes it, by its contract; left out where that does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vendor: String,
    /// The app's file; of an org the component, as `ConnectedApp/ERP_Sync`.
    pub path: String,
    /// The org it is in, by the name in `source.orgs`; left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// Whether it comes from an installed package; left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installed: Option<bool>,
    /// Whether its metadata could be read; left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inspectable: Option<bool>,
    /// Namespace prefix.
    pub namespace: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Contact.
    pub contact_email: Option<String>,
    /// Whether anybody can use the app.
    pub enabled: Option<bool>,
    /// Whether the file lies in a packageDirectory of its project; true where there is no project.
    pub in_package_directory: bool,
    /// Whether it is an OAuth app.
    pub oauth: Option<bool>,
    /// Whether it is a SAML service provider.
    pub saml: Option<bool>,
    /// OAuth names of the scopes, each once, in the order of the file.
    pub scopes: Option<Vec<String>>,
    /// Custom scopes.
    pub custom_scopes: Option<Vec<String>>,
    /// `admin-approved`, `self-authorize` or `unknown`.
    pub permitted_users: &'static str,
    /// Assigned profiles, as the file names them.
    pub profiles: Option<Vec<String>>,
    /// Assigned permission sets, as the file names them.
    pub permission_sets: Option<Vec<String>>,
    /// `enforce`, `bypass`, `bypass-2factor`, `enforce-relaxrefresh` or `unrecognised`.
    pub ip_relaxation: Option<&'static str>,
    /// IP ranges, as `first-last`.
    pub ip_ranges: Option<Vec<String>>,
    /// In the form of connected app metadata: `infinite`, `zero`, `specific_lifetime:90:DAYS`, …
    pub refresh_token_policy: Option<String>,
    /// Refresh token rotation.
    pub refresh_token_rotation: Option<bool>,
    /// Flows that a certificate or a switch enables.
    pub flows: Vec<&'static str>,
    /// User the client credentials flow runs as.
    pub client_credentials_user: Option<String>,
    /// PKCE mandatory.
    pub pkce_required: Option<bool>,
    /// Web server flow works without the consumer secret.
    pub secret_optional: Option<bool>,
    /// Refreshing needs the consumer secret.
    pub secret_required_for_refresh: Option<bool>,
    /// Whether the OAuth configuration has a certificate.
    pub has_certificate: Option<bool>,
    /// Last day of the OAuth certificate, `YYYY-MM-DD`.
    pub certificate_expires: Option<String>,
    /// Callback URLs.
    pub callback_urls: Option<Vec<String>>,
    /// How many there are.
    pub callback_count: Option<usize>,
    /// Start URL.
    pub start_url: Option<String>,
    /// Session timeout in minutes.
    pub session_timeout_minutes: Option<i64>,
    /// The first characters of the consumer key.
    pub consumer_key: Option<String>,
    /// Whether the file holds a consumer secret: `absent`, `placeholder` or `present`.
    pub consumer_secret: Option<&'static str>,
    /// How much of the org a token of the app opens: `none`, `identity`, `partial`, `all-data` or `org`.
    pub blast_radius: Option<&'static str>,
    /// The level that is certain, where there may be more.
    pub blast_radius_least: &'static str,
    /// Parts of an External Client App that are not in the source.
    pub missing_parts: Vec<&'static str>,
    /// Keys whose value the source does not state: the documented default stands there.
    pub defaulted: Vec<&'static str>,
    /// Keys whose value is not known, and why.
    pub unknown: BTreeMap<&'static str, String>,
}

/// A part without a header.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Orphan {
    /// Metadata type.
    #[serde(rename = "type")]
    pub metadata_type: String,
    /// The app it names.
    pub app: Option<String>,
    /// Its file.
    pub path: String,
    /// The org it is in; left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
}

/// An app without a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Mentioned {
    /// `connected-app` or `external-client-app`.
    pub kind: &'static str,
    /// Full name.
    pub name: String,
    /// `app-menu`, `manifest` or `destructive-changes`.
    pub by: &'static str,
    /// The file that names it.
    pub path: String,
}

/// Something that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gap {
    /// What.
    pub what: String,
    /// Why not.
    pub reason: String,
}

/// A file left out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Left {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// What is known of an app besides what its metadata says.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who answers for it, by its contract in the policy.
    pub governance: Governance,
    /// How much of the org a token of it opens.
    pub blast_radius: BlastRadius,
}

/// The document of an inventory. `governance` tells who answers for an app.
#[must_use]
pub fn document(
    source: Source,
    inventory: &Inventory,
    known_of: impl Fn(&App) -> Known,
    diagnostics: &[Diagnostic],
    left_out: &[LeftOut],
) -> Document {
    let entry = |app: &App| entry(app, known_of(app), inventory.org_name(app.source).map(str::to_owned));
    let orphans = inventory.orphans.iter().map(|part| Orphan {
        metadata_type: part.metadata_type.clone(),
        app: part.app.value().filter(|app| !app.is_empty()).cloned(),
        path: part.location.path().to_string(),
        org: inventory.org_name(part.source).map(str::to_owned),
    });
    let mentioned = inventory.mentioned.iter().map(|mention| Mentioned {
        kind: mention.kind.as_str(),
        name: mention.name.clone(),
        by: mention.by.as_str(),
        path: mention.location.path().to_string(),
    });
    Document {
        schema: "orgwarden/inventory-v1",
        source,
        apps: inventory.apps.iter().map(entry).collect(),
        orphan_parts: orphans.collect(),
        mentioned: mentioned.collect(),
        gaps: gaps(diagnostics),
        left_out: left_out.iter().map(|file| Left { path: file.path.clone(), reason: file.reason.clone() }).collect(),
    }
}

impl Document {
    /// The apps that open most of the org first; apps alike stay in their order.
    pub fn sort_by_blast_radius(&mut self) {
        self.apps.sort_by_key(|app| Reverse(BlastLevel::from_word(app.blast_radius_least)));
    }
}

/// What could not be read.
#[must_use]
pub fn gaps(diagnostics: &[Diagnostic]) -> Vec<Gap> {
    let gaps = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
    gaps.map(|Diagnostic { title, location, label, .. }| match location {
        // Without a place the title names the thing, and the label says more.
        None if label.is_empty() => Gap { what: title.clone(), reason: title.clone() },
        None => Gap { what: title.clone(), reason: label.clone() },
        Some(place) if label.is_empty() => Gap { what: place.to_string(), reason: title.clone() },
        Some(place) => Gap { what: place.to_string(), reason: format!("{title}: {label}") },
    })
    .collect()
}

/// JSON Schema of the document.
#[must_use]
pub fn schema() -> Value {
    schema_for!(Document).to_value()
}

/// Collects what is known while noting what is defaulted and what is unknown.
#[derive(Default)]
struct Notes {
    defaulted: Vec<&'static str>,
    unknown: BTreeMap<&'static str, String>,
}

impl Notes {
    fn take<T, U>(&mut self, key: &'static str, fact: &Fact<T>, read: impl FnOnce(&T) -> U) -> Option<U> {
        match &fact.state {
            Ok(value) => {
                if fact.origins.first().is_some_and(|origin| !origin.is_stated()) {
                    self.defaulted.push(key);
                }
                Some(read(value))
            }
            Err(reason) => {
                self.unknown.insert(key, reason.to_string());
                None
            }
        }
    }

    /// A text or list that is simply not there has no default to speak of.
    fn plain<T, U>(&mut self, key: &'static str, fact: &Fact<T>, read: impl FnOnce(&T) -> U) -> Option<U> {
        let value = self.take(key, fact, read);
        self.defaulted.retain(|noted| *noted != key);
        value
    }
}

fn entry(app: &App, known: Known, org: Option<String>) -> Entry {
    let Known { governance, blast_radius: radius } = known;
    let mut notes = Notes::default();
    if let Some(reason) = &radius.unknown {
        notes.unknown.insert("blast_radius", reason.to_string());
    }
    let names = |list: &Vec<(String, Origin)>| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let non_empty = |text: Option<String>| text.filter(|text| !text.is_empty());
    let flows = app.flows.each();
    Entry {
        kind: app.kind.as_str(),
        name: app.name.clone(),
        label: non_empty(notes.plain("label", &app.label, Clone::clone)),
        owner: governance.owner,
        criticality: governance.criticality.map(Criticality::as_str),
        vendor: governance.vendor,
        path: app.location.path().to_string(),
        org,
        installed: app.in_org.as_ref().and_then(|it| notes.plain("installed", &it.installed, |installed| *installed)),
        inspectable: app.in_org.as_ref().map(|it| it.body.value() == Some(&true)),
        namespace: Some(app.namespace().to_owned()).filter(|namespace| !namespace.is_empty()),
        description: non_empty(notes.plain("description", &app.description, Clone::clone)),
        contact_email: non_empty(notes.plain("contact_email", &app.contact_email, Clone::clone)),
        enabled: notes.plain("enabled", &app.enabled, |enabled| *enabled),
        in_package_directory: app.in_package_directory,
        oauth: notes.plain("oauth", &app.oauth.configured, |configured| *configured),
        saml: notes.plain("saml", &app.saml.configured, |configured| *configured),
        scopes: notes.plain("scopes", &app.oauth.scopes, |scopes| unique(scopes.iter().map(|scope| scope.name.clone()))),
        custom_scopes: notes.plain("custom_scopes", &app.oauth.custom_scopes, names),
        permitted_users: notes.take("permitted_users", &app.access.permitted_users, |users| users.as_str()).unwrap_or("unknown"),
        profiles: notes.plain("profiles", &app.access.profiles, |all| all.iter().map(|entry| entry.name.clone()).collect()),
        permission_sets: notes
            .plain("permission_sets", &app.access.permission_sets, |all| all.iter().map(|entry| entry.name.clone()).collect()),
        ip_relaxation: notes.take("ip_relaxation", &app.network.ip_relaxation, |relaxation| relaxation.as_str()),
        ip_ranges: notes.plain("ip_ranges", &app.network.ip_ranges, |ranges| {
            ranges.iter().map(|(range, _)| format!("{}-{}", range.start, range.end)).collect()
        }),
        refresh_token_policy: notes.take("refresh_token_policy", &app.tokens.refresh_policy, ToString::to_string),
        refresh_token_rotation: notes.take("refresh_token_rotation", &app.tokens.rotation, |rotation| *rotation),
        flows: flows.iter().filter(|(_, on)| on.value() == Some(&true)).map(|(flow, _)| flow.as_str()).collect(),
        client_credentials_user: non_empty(notes.plain(
            "client_credentials_user",
            &app.flows.client_credentials_user,
            Clone::clone,
        )),
        pkce_required: notes.take("pkce_required", &app.tokens.pkce_required, |required| *required),
        secret_optional: notes.take("secret_optional", &app.tokens.secret_optional, |optional| *optional),
        secret_required_for_refresh: notes.take(
            "secret_required_for_refresh",
            &app.tokens.secret_required_for_refresh,
            |required| *required,
        ),
        has_certificate: notes.plain("has_certificate", &app.flows.certificate, |present| *present),
        certificate_expires: certificate_expires(app),
        callback_urls: notes
            .plain("callback_urls", &app.oauth.callbacks, |all| all.iter().map(|(callback, _)| callback.url.clone()).collect()),
        callback_count: app.oauth.callbacks.value().map(Vec::len),
        start_url: app
            .urls
            .value()
            .into_iter()
            .flatten()
            .find(|(url, _)| url.role.as_str() == "start")
            .map(|(url, _)| url.url.clone()),
        session_timeout_minutes: notes.plain("session_timeout_minutes", &app.session.timeout_minutes, |minutes| *minutes).flatten(),
        consumer_key: notes
            .plain("consumer_key", &app.oauth.consumer_key, |key| key.as_ref().map(|key| key.shortened.to_string()))
            .flatten(),
        consumer_secret: notes.plain("consumer_secret", &app.oauth.consumer_secret, |secret| secret.as_str()),
        blast_radius: radius.level().map(BlastLevel::as_str),
        blast_radius_least: radius.least.as_str(),
        missing_parts: PartKind::NEEDED.iter().filter(|(part, _)| !app.has_part(*part)).map(|(_, word)| *word).collect(),
        defaulted: notes.defaulted,
        unknown: notes.unknown,
    }
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    names.for_each(|name| {
        if !unique.contains(&name) {
            unique.push(name);
        }
    });
    unique
}

fn certificate_expires(app: &App) -> Option<String> {
    let certificates = app.certificates.value()?;
    let oauth = certificates.iter().find(|entry| entry.role == CertificateRole::OAuth)?;
    oauth.certificate.details.as_ref().ok().map(|details| details.not_after.to_string())
}

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
    super::table::table(&headers, &rows, width)
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
