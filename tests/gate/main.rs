//! `orgwarden gate` as a team meets it: what a deployment introduces, and what it comes to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../support/acme.rs"]
mod acme;
#[path = "../fake_org/mod.rs"]
mod fake_org;
#[path = "../support/mod.rs"]
mod support;

mod access;
mod findings;
mod hazards;
mod holders;
mod onto_org;
mod people;
mod pipeline;
mod repository;
mod revisions;
mod users;

use support::{component, connected_app, oauth, sfdx_project};

/// Where the app of the tests lies.
const PORTAL: &str = "force-app/Portal.connectedApp-meta.xml";

/// An app that lets in the users of these permission sets.
fn app(scopes: &[&str], permission_sets: &[&str]) -> String {
    let scopes: String = scopes.iter().map(|scope| ["<scopes>", scope, "</scopes>"].concat()).collect();
    let sets: String = permission_sets.iter().map(|set| ["<permissionSetName>", set, "</permissionSetName>"].concat()).collect();
    connected_app(&format!("{}{sets}", oauth(&format!("<isAdminApproved>true</isAdminApproved>{scopes}"))))
}

/// The same, where any user may authorize it.
fn open_app(scopes: &[&str]) -> String {
    app(scopes, &[]).replace("<isAdminApproved>true", "<isAdminApproved>false")
}

/// The files of a project besides its apps.
fn project() -> Vec<(&'static str, String)> {
    vec![
        ("sfdx-project.json", sfdx_project(&["force-app"], "66.0")),
        ("force-app/Sales.permissionset-meta.xml", component("PermissionSet", "<label>Sales</label>")),
        ("force-app/Service.permissionset-meta.xml", component("PermissionSet", "<label>Service</label>")),
    ]
}

/// A project with one app in it.
fn with_portal(text: String) -> Vec<(&'static str, String)> {
    [project(), vec![(PORTAL, text)]].concat()
}
