//! Parts to apps, apps to a model.

use std::collections::BTreeMap;

use super::project::{Root, root_of};
use super::recognise;
use super::recognise::{FileKind, PARTS, full_name};
use crate::collect::component::{self, Standing, start_of};
use crate::inventory::app::{App, PartKind};
use crate::inventory::{Fact, OrphanPart};
use crate::metadata::{Record, Stated};

/// A component that was read.
pub(super) struct Component {
    pub(super) kind: FileKind,
    pub(super) record: Record,
}

/// What components come to.
pub(super) struct Joined {
    /// The apps.
    pub(super) apps: Vec<App>,
    /// The parts that have no app.
    pub(super) orphans: Vec<OrphanPart>,
    /// The same parts, by the app that they name.
    pub(super) partial: Vec<App>,
}

/// The apps among the components, and the parts that have no app.
pub(super) fn apps(components: &[Component], roots: &[Root]) -> Joined {
    let headers: Vec<&Component> = components.iter().filter(|component| component.kind == FileKind::ExternalClientApp).collect();
    let mut by_name: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (index, header) in headers.iter().enumerate() {
        by_name.entry((root_of(roots, header.record.path()), name_of(&header.record))).or_default().push(index);
    }
    let mut parts: BTreeMap<usize, Vec<(PartKind, &Record)>> = BTreeMap::new();
    let mut orphans = Vec::new();
    let mut without_header: BTreeMap<(usize, String), Vec<(PartKind, &Record)>> = BTreeMap::new();
    for component in components {
        let FileKind::Part(index) = component.kind else { continue };
        let Some(part) = PARTS.get(index) else { continue };
        if let Some(header) = header_of(&component.record, &headers, &by_name, roots) {
            parts.entry(header).or_default().push((part.kind, &component.record));
            continue;
        }
        orphans.push(orphan(part, &component.record, roots));
        if let Some(app) = component.record.text("externalClientApplication").value() {
            let key = (root_of(roots, component.record.path()), app.clone());
            without_header.entry(key).or_default().push((part.kind, &component.record));
        }
    }
    let connected = components
        .iter()
        .filter(|component| component.kind == FileKind::ConnectedApp)
        .map(|component| connected(&component.record, roots));
    let external = headers
        .iter()
        .enumerate()
        .map(|(index, header)| external(&header.record, &parts.remove(&index).unwrap_or_default(), roots));
    let mut apps: Vec<App> = connected.chain(external).collect();
    apps.sort_by(|a, b| a.location.path().cmp(b.location.path()));
    let partial = without_header.into_iter().filter_map(|((_, name), parts)| partial(name, &parts, roots)).collect();
    Joined { apps, orphans, partial }
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
    let source = root_of(roots, record.path());
    let app = match record.text("externalClientApplication") {
        Stated::Value(app, origin) => Fact::read(app, origin),
        Stated::Absent(origin) => Fact::read(String::new(), origin),
        Stated::Unusable(reason, origin) => Fact::unknown(reason).with_origins(vec![origin]),
    };
    OrphanPart {
        metadata_type: part.metadata_type.name.to_owned(),
        app,
        location: start_of(record),
        source,
        path_in_source: roots.get(source).map(|root| root.path_within(record.path())).unwrap_or_default(),
    }
}

fn connected(record: &Record, roots: &[Root]) -> App {
    component::connected_app(record, standing(record, roots))
}

fn external(header: &Record, parts: &[(PartKind, &Record)], roots: &[Root]) -> App {
    component::external_client_app(header, parts, &BTreeMap::new(), standing(header, roots))
}

fn partial(app: String, parts: &[(PartKind, &Record)], roots: &[Root]) -> Option<App> {
    let (_, first) = parts.first()?;
    component::parts_of_external_client_app(parts, Standing { name: app, ..standing(first, roots) })
}

fn standing(record: &Record, roots: &[Root]) -> Standing {
    let source = root_of(roots, record.path());
    let root = roots.get(source);
    Standing {
        source,
        api_version: root.and_then(|root| root.source.api_version),
        name: name_of(record),
        path_in_source: root.map(|root| root.path_within(record.path())).unwrap_or_default(),
        in_package_directory: root.is_none_or(|root| root.in_package_directory(record.path())),
    }
}

/// Adds to each connected app the custom scopes of its tree that name it.
pub(super) fn custom_scopes(apps: &mut [App], components: &[Component], roots: &[Root]) {
    for component in components.iter().filter(|component| component.kind == FileKind::OauthCustomScope) {
        let record = &component.record;
        let name = record.text("developerName").value().cloned().unwrap_or_else(|| full_name(record.path()));
        component::add_custom_scope(apps, record, &name, root_of(roots, record.path()));
    }
}
