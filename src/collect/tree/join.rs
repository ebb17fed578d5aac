//! Parts to apps, apps to a model.

use std::collections::BTreeMap;

use super::connected_app::{self, Groups};
use super::external_client_app::{self, Parts};
use super::project::{Root, root_of};
use super::recognise::{FileKind, PARTS, full_name};
use super::{credential, recognise};
use crate::inventory::app::{App, AppKind, PartKind};
use crate::inventory::template::holds_variable;
use crate::inventory::{Fact, Origin, OrphanPart};
use crate::metadata::{Record, Stated};
use crate::source::Location;
use crate::source::xml::Element;

/// A component that was read.
pub(super) struct Component {
    pub(super) kind: FileKind,
    pub(super) record: Record,
}

/// The apps among the components, and the parts that have no app.
pub(super) fn apps(components: &[Component], roots: &[Root]) -> (Vec<App>, Vec<OrphanPart>) {
    let headers: Vec<&Component> = components.iter().filter(|component| component.kind == FileKind::ExternalClientApp).collect();
    let mut by_name: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (index, header) in headers.iter().enumerate() {
        by_name.entry((root_of(roots, header.record.path()), name_of(&header.record))).or_default().push(index);
    }
    let mut parts: BTreeMap<usize, Vec<(PartKind, &Record)>> = BTreeMap::new();
    let mut orphans = Vec::new();
    for component in components {
        let FileKind::Part(index) = component.kind else { continue };
        let Some(part) = PARTS.get(index) else { continue };
        match header_of(&component.record, &headers, &by_name, roots) {
            Some(header) => parts.entry(header).or_default().push((part.kind, &component.record)),
            None => orphans.push(orphan(part, &component.record, roots)),
        }
    }
    let connected = components
        .iter()
        .filter(|component| component.kind == FileKind::ConnectedApp)
        .map(|component| connected(&component.record, roots));
    let external =
        headers.iter().enumerate().map(|(index, header)| external(&header.record, parts.remove(&index).unwrap_or_default(), roots));
    let mut apps: Vec<App> = connected.chain(external).collect();
    apps.sort_by(|a, b| a.location.path().cmp(b.location.path()));
    (apps, orphans)
}

/// The header a part belongs to: the one it names, in its own tree. Where one tree holds the apps of several orgs the nearest folder wins.
fn header_of(
    part: &Record,
    headers: &[&Component],
    by_name: &BTreeMap<(usize, String), Vec<usize>>,
    roots: &[Root],
) -> Option<usize> {
    let app = part.text("externalClientApplication").value()?.clone();
    let named_so = by_name.get(&(root_of(roots, part.path()), app))?;
    let nearness = |index: usize| headers.get(index).map(|header| shared_folders(part.path(), header.record.path()));
    named_so.iter().copied().max_by_key(|index| (nearness(*index), std::cmp::Reverse(*index)))
}

fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// Full name of a component: the file says it where it was read through the API, else the file name does.
fn name_of(record: &Record) -> String {
    record.text("fullName").value().cloned().unwrap_or_else(|| full_name(record.path()))
}

fn orphan(part: &recognise::PartType, record: &Record, roots: &[Root]) -> OrphanPart {
    let tree = root_of(roots, record.path());
    let app = match record.text("externalClientApplication") {
        Stated::Value(app, origin) => Fact::read(app, origin),
        Stated::Absent(origin) => Fact::read(String::new(), origin),
        Stated::Unusable(reason, origin) => Fact::unknown(reason).with_origins(vec![origin]),
    };
    OrphanPart {
        metadata_type: part.metadata_type.name,
        app,
        location: start_of(record),
        tree,
        path_in_tree: roots.get(tree).map(|root| root.path_within(record.path())).unwrap_or_default(),
    }
}

fn connected(record: &Record, roots: &[Root]) -> App {
    let groups = connected_app::read(record, api_version(record, roots));
    assemble(AppKind::ConnectedApp, record, &[], groups, roots)
}

fn external(header: &Record, parts: Vec<(PartKind, &Record)>, roots: &[Root]) -> App {
    let parts = Parts { header, others: parts, api_version: api_version(header, roots) };
    let groups = external_client_app::read(&parts);
    assemble(AppKind::ExternalClientApp, header, &parts.others, groups, roots)
}

fn api_version(record: &Record, roots: &[Root]) -> Option<u16> {
    roots.get(root_of(roots, record.path())).and_then(|root| root.tree.api_version)
}

fn assemble(kind: AppKind, record: &Record, parts: &[(PartKind, &Record)], groups: Groups, roots: &[Root]) -> App {
    let tree = root_of(roots, record.path());
    let root = roots.get(tree);
    let mut by_kind: BTreeMap<PartKind, Vec<Location>> = BTreeMap::new();
    for (part, record) in parts {
        by_kind.entry(*part).or_default().push(start_of(record));
    }
    App {
        kind,
        name: name_of(record),
        location: start_of(record),
        tree,
        path_in_tree: root.map(|root| root.path_within(record.path())).unwrap_or_default(),
        in_package_directory: root.is_none_or(|root| root.in_package_directory(record.path())),
        parts: by_kind,
        label: plain_text(record, "label"),
        description: plain_text(record, "description"),
        contact_email: plain_text(record, "contactEmail"),
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
        elements: std::iter::once(record).chain(parts.iter().map(|(_, record)| *record)).flat_map(stated_elements).collect(),
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
fn start_of(record: &Record) -> Location {
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

/// Adds to each connected app the custom scopes that name it: `OauthCustomScope` is the only link between the two.
pub(super) fn custom_scopes(apps: &mut [App], components: &[Component], roots: &[Root]) {
    for component in components.iter().filter(|component| component.kind == FileKind::OauthCustomScope) {
        let record = &component.record;
        let tree = root_of(roots, record.path());
        let name = record.text("developerName").value().cloned().unwrap_or_else(|| full_name(record.path()));
        for (app_name, origin) in record.texts("assignedTo/connectedApp") {
            let named = apps.iter_mut().filter(|app| app.kind == AppKind::ConnectedApp && app.tree == tree && app.name == app_name);
            named.for_each(|app| add_scope(app, &name, &origin));
        }
    }
}

fn add_scope(app: &mut App, name: &str, origin: &Origin) {
    if let Ok(scopes) = &mut app.oauth.custom_scopes.state {
        scopes.push((name.to_owned(), origin.clone()));
        app.oauth.custom_scopes.origins.push(origin.clone());
    }
}
