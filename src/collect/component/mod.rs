//! From components of the Metadata API to the model, wherever they were read: in a tree or from an org.

mod connected_app;
mod credential;
pub(super) mod external_client_app;
mod names;
pub(super) mod profile;
mod reader;
mod scopes;
pub(super) mod settings;

use std::collections::BTreeMap;

use self::connected_app::Groups;
use self::external_client_app::Parts;
use crate::inventory::app::{App, AppKind, PartKind};
use crate::inventory::template::holds_variable;
use crate::inventory::{Fact, Reason};
use crate::metadata::{Record, Stated};
use crate::source::Location;
use crate::source::xml::Element;

/// Where a component stands in its source.
pub(super) struct Standing {
    /// Index into the sources of the inventory.
    pub(super) source: usize,
    /// The API version its metadata is of.
    pub(super) api_version: Option<u16>,
    /// Full name.
    pub(super) name: String,
    pub(super) path_in_source: String,
    pub(super) in_package_directory: bool,
}

/// A connected app.
pub(super) fn connected_app(record: &Record, standing: Standing) -> App {
    let groups = connected_app::read(record, standing.api_version);
    let texts = Texts::of(Some(record));
    assemble(AppKind::ConnectedApp, (start_of(record), &[record]), &[], (texts, groups), standing)
}

/// An External Client App: its header and the parts that name it.
///
/// `missing` tells why parts are not there, where that is known.
pub(super) fn external_client_app(
    header: &Record,
    parts: &[(PartKind, &Record)],
    missing: &BTreeMap<PartKind, Reason>,
    standing: Standing,
) -> App {
    let groups =
        external_client_app::read(&Parts { header: Some(header), others: parts, api_version: standing.api_version, missing });
    let texts = Texts::of(Some(header));
    assemble(AppKind::ExternalClientApp, (start_of(header), &[header]), parts, (texts, groups), standing)
}

/// An External Client App of which the source has parts alone; none where it has none of these either.
pub(super) fn parts_of_external_client_app(parts: &[(PartKind, &Record)], standing: Standing) -> Option<App> {
    let (_, first) = parts.first()?;
    let place = start_of(first);
    let missing = BTreeMap::new();
    let groups =
        external_client_app::read(&Parts { header: None, others: parts, api_version: standing.api_version, missing: &missing });
    Some(assemble(AppKind::ExternalClientApp, (place, &[]), parts, (Texts::of(None), groups), standing))
}

/// What the file of an app itself says in words.
struct Texts {
    label: Fact<String>,
    description: Fact<String>,
    contact_email: Fact<String>,
}

impl Texts {
    fn of(record: Option<&Record>) -> Self {
        let text = |path| record.map_or_else(|| Fact::unknown(external_client_app::NO_HEADER), |record| plain_text(record, path));
        Self { label: text("label"), description: text("description"), contact_email: text("contactEmail") }
    }
}

/// `own` is the place of the app and its own file, where it has one.
fn assemble(
    kind: AppKind,
    own: (Location, &[&Record]),
    parts: &[(PartKind, &Record)],
    (texts, groups): (Texts, Groups),
    standing: Standing,
) -> App {
    let mut by_kind: BTreeMap<PartKind, Vec<Location>> = BTreeMap::new();
    for (part, record) in parts {
        by_kind.entry(*part).or_default().push(start_of(record));
    }
    let (location, own) = own;
    App {
        kind,
        name: standing.name,
        location,
        source: standing.source,
        path_in_source: standing.path_in_source,
        in_package_directory: standing.in_package_directory,
        in_org: None,
        parts: by_kind,
        label: texts.label,
        description: texts.description,
        contact_email: texts.contact_email,
        enabled: groups.enabled,
        handler: groups.handler,
        handler_user: groups.handler_user,
        urls: groups.urls,
        saml: groups.saml,
        oauth: groups.oauth,
        flows: groups.flows,
        access: groups.access,
        tokens: groups.tokens,
        session: groups.session,
        network: groups.network,
        certificates: groups.certificates,
        elements: own.iter().copied().chain(parts.iter().map(|(_, record)| *record)).flat_map(stated_elements).collect(),
    }
}

/// A text every API version has; empty where the file has none.
fn plain_text(record: &Record, path: &str) -> Fact<String> {
    match record.text(path) {
        Stated::Value(text, origin) => Fact::read(text, origin),
        Stated::Absent(origin) => Fact::read(String::new(), origin),
        Stated::Unusable(reason, origin) => Fact::unknown(reason).with_origins(vec![origin]),
    }
}

/// The name in the root element's start tag: the file, as a place.
pub(super) fn start_of(record: &Record) -> Location {
    Location::new(record.source(), record.root().name_span)
}

/// Every value of a file, credentials left out.
fn stated_elements(record: &Record) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(record.root(), record.metadata_type().name.to_owned(), &mut found);
    found
}

fn collect(element: &Element, path: String, found: &mut Vec<(String, String)>) {
    if element.children.is_empty() && !element.trimmed().is_empty() {
        found.push((path, safe_value(&element.name, element.trimmed())));
        return;
    }
    for child in &element.children {
        collect(child, format!("{path}/{}", child.name), found);
    }
}

fn safe_value(name: &str, text: &str) -> String {
    if holds_variable(text) {
        text.to_owned()
    } else if credential::is_secret(name, text) {
        "(not kept)".to_owned()
    } else if name == "consumerKey" {
        credential::shortened(text)
    } else if name.to_ascii_lowercase().ends_with("certificate") {
        "(certificate)".to_owned()
    } else {
        text.to_owned()
    }
}

/// Adds a custom scope to the connected apps of its source that it names: `OauthCustomScope` is the only link between the two.
pub(super) fn add_custom_scope(apps: &mut [App], scope: &Record, name: &str, source: usize) {
    for (app_name, origin) in scope.texts("assignedTo/connectedApp") {
        let named = apps.iter_mut().filter(|app| app.kind == AppKind::ConnectedApp && app.source == source && app.name == app_name);
        for app in named {
            if let Ok(scopes) = &mut app.oauth.custom_scopes.state {
                scopes.push((name.to_owned(), origin.clone()));
                app.oauth.custom_scopes.origins.push(origin.clone());
            }
        }
    }
}
