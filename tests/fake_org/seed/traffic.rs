//! Who uses what: tokens, logins, the usage list.

use std::collections::HashSet;

use serde_json::json;

use super::super::org::FakeOrg;

/// App by label, user, first use, last use, number of uses.
type Token = (&'static str, &'static str, &'static str, Option<&'static str>, i64);

const TOKENS: [Token; 10] = [
    ("ERP Sync", "erp.integration", "2026-03-01", Some("2026-05-31"), 4210),
    // Not used for 200 days.
    ("ERP Sync", "boris.builder", "2025-10-01", Some("2025-11-13"), 3),
    ("Survey Tool", "amira", "2026-04-01", Some("2026-05-30"), 12),
    // An administrator on an app that everybody may authorize.
    ("Survey Tool", "boris.builder", "2026-05-01", Some("2026-05-20"), 2),
    // Somebody who has left.
    ("Survey Tool", "wanda.gone", "2025-12-01", Some("2026-01-15"), 40),
    ("Team Calendar", "bruno", "2026-05-02", Some("2026-05-31"), 88),
    ("Team Calendar", "carla", "2026-05-02", None, 0),
    ("Vendor", "dario", "2026-02-02", Some("2026-05-28"), 19),
    // Nobody has installed this one.
    ("Quick Exporter", "elena", "2026-05-10", Some("2026-05-27"), 7),
    ("Quick Exporter", "felix", "2026-05-11", Some("2026-05-29"), 5),
];

/// User, application, status, day.
const LOGINS: [(&str, &str, &str, &str); 7] = [
    ("erp.integration", "ERP Sync", "Success", "2026-05-31"),
    ("erp.integration", "ERP Sync", "Success", "2026-05-30"),
    ("amira", "Survey Tool", "Success", "2026-05-30"),
    ("elena", "Quick Exporter", "Success", "2026-05-27"),
    ("wanda.gone", "Survey Tool", "Failed: User is inactive", "2026-05-02"),
    ("bruno", "Browser", "Success", "2026-05-31"),
    ("greta", "Browser", "Invalid Password", "2026-05-31"),
];

/// Moment, user, action, section, what Setup shows. The texts are inventions: those of Salesforce are not documented.
const SETUP_CHANGES: [(&str, Option<&str>, &str, &str, &str); 5] = [
    (
        "2026-05-29T14:02:11.000+0000",
        Some("boris.builder"),
        "changedConnectedApp",
        "Connected Apps",
        "Changed connected app ERP Sync",
    ),
    ("2026-05-12T08:30:00.000+0000", None, "changedConnectedApp", "Connected Apps", "Updated the policies of ERP_Sync"),
    (
        "2026-05-30T10:00:00.000+0000",
        Some("boris.builder"),
        "createdConnectedApp",
        "Connected Apps",
        "Created connected app Survey Tool",
    ),
    ("2026-05-31T10:00:00.000+0000", Some("boris.builder"), "changedUser", "Manage Users", "Changed the ERP Synchronisation user"),
    // Longer ago than the trail goes back.
    (
        "2025-10-01T10:00:00.000+0000",
        Some("boris.builder"),
        "changedConnectedApp",
        "Connected Apps",
        "Changed connected app ERP Sync",
    ),
];

pub(super) fn add(org: &mut FakeOrg) {
    for (moment, user, action, section, display) in SETUP_CHANGES {
        let user = user.map(|user| user_id(org, user));
        let row = json!({"CreatedDate": moment, "CreatedById": user, "Action": action, "Section": section, "Display": display});
        org.insert("SetupAuditTrail", row);
    }
    for (app, user, created, last_used, uses) in TOKENS {
        let user = user_id(org, user);
        let item = org
            .objects
            .get("AppMenuItem")
            .and_then(|table| table.find("Label", app))
            .and_then(|row| row[0].text())
            .map(str::to_owned);
        org.insert(
            "OauthToken",
            json!({"AppName": app, "AppMenuItemId": item, "UserId": user, "CreatedDate": moment(created),
                   "LastUsedDate": last_used.map(moment), "UseCount": uses, "AccessToken": "00D000000000001!FAKE-TOKEN-OF-SOMEBODY",
                   "DeleteToken": "FAKE-TOKEN-DELETE"}),
        );
    }
    for (user, application, status, day) in LOGINS {
        let user = user_id(org, user);
        let remote = application != "Browser";
        org.insert(
            "LoginHistory",
            json!({"UserId": user, "LoginTime": moment(day), "LoginType": if remote { "Remote Access 2.0" } else { "Application" },
                   "Application": application, "Status": status, "SourceIp": "203.0.113.7", "LoginUrl": "acme.example.com",
                   "ApiType": remote.then_some("REST")}),
        );
    }
    org.insert("SecurityHealthCheck", json!({"DurableId": "fake", "CustomBaselineId": null, "Score": "71"}));
    org.usage.push(json!({"identifier": "0CiFAKE00000001AAA", "developerName": "Quick_Exporter", "label": "Quick Exporter"}));
    count_users(org);
}

/// How many users have tokens of each app of the usage list.
fn count_users(org: &mut FakeOrg) {
    for entry in &mut org.usage {
        let users: HashSet<&str> = TOKENS.iter().filter(|(app, ..)| entry["label"] == *app).map(|(_, user, ..)| *user).collect();
        entry["userCount"] = json!(users.len());
    }
}

fn user_id(org: &FakeOrg, name: &str) -> String {
    org.id("User", "Username", &format!("{name}@acme.example.com"))
}

fn moment(day: &str) -> String {
    format!("{day}T08:15:00.000+0000")
}
