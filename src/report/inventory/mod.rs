//! The inventory as a document: every app with its settings, for programs, spreadsheets and terminals.

mod csv;
mod entry;
mod table;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;

pub use self::csv::csv;
use self::entry::entry;
pub use self::table::table;
use super::Source;
use crate::diagnostic::{Diagnostic, LeftOut, Level};
use crate::inventory::Inventory;
use crate::inventory::app::App;
use crate::inventory::blast_radius::{BlastLevel, BlastRadius};
use crate::inventory::contract::Governance;

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

/// The document of an inventory; `known_of` tells what else is known of an app.
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
