//! How what is judged is named in findings.

use crate::finding::{self, Subject};
use crate::inventory::app::App;
use crate::inventory::contract::Governance;
use crate::inventory::key_file::KeyFile;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Inventory, OrphanPart};

/// How an app is named in findings.
#[must_use]
pub fn app_subject(app: &App, inventory: &Inventory) -> Subject {
    Subject {
        kind: app.kind.as_str(),
        name: app.name.clone(),
        label: app.label.value().cloned().unwrap_or_default(),
        path: app.location.path().to_string(),
        path_in_source: in_source(&app.path_in_source, app.source, inventory),
        org: org_name(app.source, inventory),
        org_id: inventory.org_id(app.source),
        governance: Governance::default(),
    }
}

/// How a part without a header is named in findings.
pub(in crate::policy) fn part_subject(part: &OrphanPart, inventory: &Inventory) -> Subject {
    Subject {
        kind: finding::PART,
        name: part.app.value().filter(|app| !app.is_empty()).cloned().unwrap_or_else(|| part.metadata_type.clone()),
        label: part.metadata_type.clone(),
        path: part.location.path().to_string(),
        path_in_source: in_source(&part.path_in_source, part.source, inventory),
        org: org_name(part.source, inventory),
        org_id: inventory.org_id(part.source),
        governance: Governance::default(),
    }
}

pub(super) fn key_subject(file: &KeyFile) -> Subject {
    Subject {
        kind: finding::KEY_FILE,
        name: file.path_in_source.clone(),
        label: String::new(),
        path: file.location.path().to_string(),
        path_in_source: file.path_in_source.clone(),
        org: String::new(),
        org_id: String::new(),
        governance: Governance::default(),
    }
}

/// A source without settings: a live org that did not deliver them, or a tree of which profiles and permission sets are known.
pub(super) fn source_subject(source: usize, inventory: &Inventory) -> Subject {
    if inventory.org(source).is_some() {
        return live_subject(source, inventory);
    }
    let root = inventory.sources.get(source).map_or("", |source| source.name.as_str());
    let path = if root.is_empty() { "." } else { root };
    Subject {
        kind: finding::ORG,
        name: ".".to_owned(),
        label: String::new(),
        path: path.to_owned(),
        path_in_source: ".".to_owned(),
        org: String::new(),
        org_id: String::new(),
        governance: Governance::default(),
    }
}

fn live_subject(index: usize, inventory: &Inventory) -> Subject {
    let name = org_name(index, inventory);
    let org = inventory.org(index);
    Subject {
        kind: finding::ORG,
        label: org.map(|org| org.identity.name.clone()).unwrap_or_default(),
        path: name.clone(),
        path_in_source: String::new(),
        org: name.clone(),
        org_id: inventory.org_id(index),
        name,
        governance: Governance::default(),
    }
}

/// How an org, live or of a folder of settings, is named in findings.
#[must_use]
pub fn org_subject(settings: &OrgSettings, inventory: &Inventory) -> Subject {
    if inventory.org(settings.source).is_some() {
        return live_subject(settings.source, inventory);
    }
    let folder = inventory.folder_in_source(settings);
    Subject {
        kind: finding::ORG,
        name: folder.to_owned(),
        label: String::new(),
        path: settings.folder.clone(),
        path_in_source: folder.to_owned(),
        org: String::new(),
        org_id: String::new(),
        governance: Governance::default(),
    }
}

/// What the orgs and the settings of files go by.
pub(super) fn org_names(inventory: &Inventory) -> Vec<String> {
    let of_settings = inventory.settings.iter().map(|settings| org_subject(settings, inventory).name);
    let without = inventory.sources_without_settings().map(|source| source_subject(source, inventory).name);
    of_settings.chain(without).collect()
}

/// The name of the org a source is; empty for a tree.
fn org_name(source: usize, inventory: &Inventory) -> String {
    inventory.org_name(source).unwrap_or_default().to_owned()
}

/// Where something stands in its tree; empty for an org, which has no folders.
fn in_source(path: &str, source: usize, inventory: &Inventory) -> String {
    if inventory.org(source).is_some() { String::new() } else { path.replace('\\', "/") }
}
