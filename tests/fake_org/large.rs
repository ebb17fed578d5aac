//! Orgs of any size, for measuring.

use std::sync::Arc;

use serde_json::json;

use super::org::FakeOrg;
use super::table::{Cell, Table, make_id};

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) apps: usize,
    pub(crate) permission_sets: usize,
    pub(crate) users: usize,
    /// Users who are assigned one of the permission sets.
    pub(crate) assigned: usize,
}

/// An org with connected apps that admit the members of permission sets. Rows that many objects share share their text, too.
pub(crate) fn large(size: Size) -> FakeOrg {
    let mut org = FakeOrg::new();
    org.profile("Standard User", "Salesforce", &["ApiEnabled", "EditTask"]);
    let sets: Vec<String> =
        (0..size.permission_sets).map(|n| org.permission_set(&format!("Set_{n}"), &format!("Set {n}"), &[])).collect();
    apps(&mut org, size, &sets);
    users(&mut org, size, &sets);
    org
}

fn apps(org: &mut FakeOrg, size: Size, sets: &[String]) {
    for n in 0..size.apps {
        let (name, label) = (format!("App_{n}"), format!("App {n}"));
        let id = org.insert(
            "ConnectedApplication",
            json!({"Name": label, "DeveloperName": name, "ContactEmail": "sales-tools@acme.internal",
                   "OptionsAllowAdminApprovedUsersOnly": true, "RefreshTokenValidityPeriod": 30, "OptionsRefreshTokenValidityMetric": true}),
        );
        let item = org.insert(
            "AppMenuItem",
            json!({"ApplicationId": id, "Name": name, "Label": label, "Type": "ConnectedApplication", "IsUsingAdminAuthorization": true}),
        );
        let set = n.checked_rem(sets.len());
        if let Some(set) = set {
            let access = json!({"ParentId": sets[set], "SetupEntityId": id, "SetupEntityType": "ConnectedApplication"});
            org.insert("SetupEntityAccess", access);
        }
        let assigned: String = set.map(|set| format!("<permissionSetName>Set_{set}</permissionSetName>")).unwrap_or_default();
        let body = format!(
            "<contactEmail>sales-tools@acme.internal</contactEmail><label>{label}</label><oauthConfig>\
             <callbackUrl>https://app-{n}.acme.internal/oauth/callback</callbackUrl><consumerKey>FakeKeyOfApp{n}</consumerKey>\
             <isAdminApproved>true</isAdminApproved><isPkceRequired>true</isPkceRequired><scopes>Api</scopes><scopes>RefreshToken</scopes>\
             </oauthConfig><oauthPolicy><ipRelaxation>ENFORCE</ipRelaxation>\
             <refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy></oauthPolicy>{assigned}"
        );
        org.component("ConnectedApp", &name, &id, &body);
        org.insert(
            "OauthToken",
            json!({"AppName": label, "AppMenuItemId": item, "UserId": org.user, "CreatedDate": "2026-03-01T08:00:00.000+0000",
                   "LastUsedDate": "2026-05-31T08:00:00.000+0000", "UseCount": 12}),
        );
        org.usage.push(json!({"identifier": id, "developerName": name, "label": label}));
    }
}

fn users(org: &mut FakeOrg, size: Size, sets: &[String]) {
    let profile: Arc<str> = org.id("Profile", "Name", "Standard User").into();
    let profile_set: Arc<str> = org.id("PermissionSet", "ProfileId", &profile).into();
    let sets: Vec<Arc<str>> = sets.iter().map(|id| id.as_str().into()).collect();
    let (standard, login): (Arc<str>, Arc<str>) = ("Standard".into(), "2026-05-29T07:30:00.000+0000".into());
    for n in 0..size.users {
        // The administrator is the first user.
        let id: Arc<str> = make_id("005", n + 2).into();
        let username: Arc<str> = format!("user{n}@acme.example.com").into();
        let text = |text: &Arc<str>| Cell::Text(Arc::clone(text));
        add(
            org.objects.table("User"),
            &[
                ("Id", text(&id)),
                ("Username", text(&username)),
                ("Name", text(&username)),
                ("Email", text(&username)),
                ("IsActive", Cell::Bool(n % 50 != 0)),
                ("ProfileId", text(&profile)),
                ("UserType", text(&standard)),
                ("LastLoginDate", text(&login)),
            ],
        );
        add(org.objects.table("UserLogin"), &[("UserId", text(&id))]);
        let assigned = (n < size.assigned).then(|| n.checked_rem(sets.len())).flatten().map(|set| text(&sets[set]));
        for set in [Some(text(&profile_set)), assigned].into_iter().flatten() {
            let row = [("AssigneeId", text(&id)), ("PermissionSetId", set), ("IsActive", Cell::Bool(true))];
            add(org.objects.table("PermissionSetAssignment"), &row);
        }
    }
}

fn add(table: &mut Table, values: &[(&str, Cell)]) {
    let mut row: Vec<Cell> = table.fields.iter().map(super::table::Field::missing).collect();
    for (name, value) in values {
        let position = table.position(name).unwrap_or_else(|| panic!("{} has no column {name}", table.name));
        row[position] = value.clone();
    }
    table.push(row);
}
