//! Licences, profiles, permission sets, users, and who is assigned what.

use serde_json::json;

use super::super::org::FakeOrg;

/// Active employees with a profile of the sales people.
const SALES: [&str; 18] = [
    "Amira", "Bruno", "Carla", "Dario", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Kaja", "Leon", "Mina", "Nils",
    "Olga", "Pavel", "Rosa", "Samir",
];

pub(super) fn add(org: &mut FakeOrg) {
    for (name, key) in [("Salesforce Integration", "INTEGRATION"), ("Salesforce Platform", "AUL")] {
        org.insert("UserLicense", json!({"Name": name, "MasterLabel": name, "LicenseDefinitionKey": key, "Status": "Active"}));
    }
    org.profile("Standard User", "Salesforce", &["ApiEnabled", "EditTask"]);
    org.profile("Sales Operations", "Salesforce", &["ApiEnabled", "EditTask"]);
    org.profile("Finance Clerk", "Salesforce Platform", &["EditTask"]);
    org.profile("Minimum Access - API Only Integrations", "Salesforce Integration", &["ApiEnabled", "ApiUserOnly"]);
    permission_sets(org);
    login_restrictions(org);
    users(org);
    assignments(org);
    group(org);
}

/// Where and when the users of profiles may log in, which only their metadata tells.
fn login_restrictions(org: &mut FakeOrg) {
    let anywhere = "<loginIpRanges><endAddress>255.255.255.255</endAddress><startAddress>0.0.0.0</startAddress></loginIpRanges>";
    let office_hours = "<loginHours><mondayEnd>1080</mondayEnd><mondayStart>480</mondayStart></loginHours>";
    for (name, says) in [
        ("Admin", ""),
        ("Standard", ""),
        ("Sales Operations", anywhere),
        ("Finance Clerk", ""),
        ("Minimum Access - API Only Integrations", office_hours),
    ] {
        org.component(
            "Profile",
            name,
            "",
            &format!("<custom>{}</custom>{says}", name == "Sales Operations" || name == "Finance Clerk"),
        );
    }
}

fn permission_sets(org: &mut FakeOrg) {
    org.permission_set("ERP_Integration", "ERP Integration", &["ApiEnabled"]);
    org.permission_set("Portal_Guests", "Portal Guests", &[]);
    org.permission_set("Former_Staff_Tools", "Former Staff Tools", &[]);
    org.permission_set("Everyone_Base", "Everyone", &[]);
    org.permission_set("Contractors", "Contractors", &[]);
    org.permission_set("Field_Reports", "Field Reports", &[]);
    org.permission_set("App_Approvers", "App Approvers", &["CanApproveUninstalledApps"]);
    org.permission_set("Any_Api_Client", "Any API Client", &["UseAnyApiClient"]);
    org.permission_set("Data_Stewards", "Data Stewards", &["ManageUsers", "ModifyAllData", "ViewAllData"]);
    org.permission_set("Bulk_Loading", "Bulk Loading", &["ViewAllData"]);
    let session = org.permission_set("Payout_Session", "Payouts (session)", &[]);
    let sets = org.objects.table("PermissionSet");
    sets.update(("Id", &session), "HasActivationRequired", &json!(true));
    sets.update(("Id", &session), "Type", &json!("Session"));
}

fn users(org: &mut FakeOrg) {
    org.add_user("boris.builder@acme.example.com", "Boris Builder", "System Administrator");
    for name in SALES {
        org.add_user(&address(name), &format!("{name} Sales"), "Sales Operations");
    }
    for name in ["Tilda", "Ugo", "Vera"] {
        org.add_user(&address(name), &format!("{name} Ledger"), "Finance Clerk");
    }
    org.add_user("erp.integration@acme.example.com", "ERP Integration", "Minimum Access - API Only Integrations");
    org.add_user("warehouse.export@acme.example.com", "Warehouse Export", "System Administrator");
    org.add_user("legacy.feed@acme.example.com", "Legacy Feed", "Minimum Access - API Only Integrations");
    org.add_user("bulk.loader@acme.example.com", "Bulk Loader", "Minimum Access - API Only Integrations");
    org.add_user("wanda.gone@acme.example.com", "Wanda Gone", "Sales Operations");
    org.add_user("xaver.gone@acme.example.com", "Xaver Gone", "Standard User");
    let frozen = org.add_user("yara.frozen@acme.example.com", "Yara Frozen", "Standard User");
    for username in ["legacy.feed", "wanda.gone", "xaver.gone"] {
        let username = format!("{username}@acme.example.com");
        org.objects.table("User").update(("Username", &username), "IsActive", &json!(false));
    }
    org.objects.table("UserLogin").update(("UserId", &frozen), "IsFrozen", &json!(true));
}

fn assignments(org: &mut FakeOrg) {
    org.assign("ERP_Integration", "erp.integration@acme.example.com");
    org.assign("Former_Staff_Tools", "wanda.gone@acme.example.com");
    org.assign("Former_Staff_Tools", "xaver.gone@acme.example.com");
    org.assign_until("Contractors", &address("Tilda"), Some("2026-06-10T00:00:00.000+0000"));
    org.assign_until("Contractors", &address("Ugo"), Some("2026-05-01T00:00:00.000+0000"));
    org.assign("Contractors", &address("Vera"));
    let everyone = SALES.into_iter().chain(["Tilda", "Ugo", "Vera"]).map(address);
    for username in everyone.chain(["ada.admin@acme.example.com".to_owned(), "boris.builder@acme.example.com".to_owned()]) {
        org.assign("Everyone_Base", &username);
    }
    for name in ["Amira", "Bruno", "Carla"] {
        org.assign("App_Approvers", &address(name));
    }
    for name in ["Dario", "Elena"] {
        org.assign("Any_Api_Client", &address(name));
    }
    org.assign("Payout_Session", &address("Vera"));
    org.assign("Data_Stewards", &address("Mina"));
    org.assign("Bulk_Loading", "bulk.loader@acme.example.com");
}

/// A group of which users are members, with a set and a muting set in it.
fn group(org: &mut FakeOrg) {
    let group = org.insert(
        "PermissionSetGroup",
        json!({"DeveloperName": "Field_Team", "MasterLabel": "Field Team", "Language": "en_US", "Status": "Updated"}),
    );
    let aggregate = org.insert(
        "PermissionSet",
        json!({"Name": "Field_Team", "Label": "Field Team", "Type": "Group", "IsCustom": true, "PermissionSetGroupId": group}),
    );
    let muting = org.insert(
        "MutingPermissionSet",
        json!({"DeveloperName": "Field_Team_Muting", "MasterLabel": "Field Team Muting", "Language": "en_US", "PermissionsViewAllData": true}),
    );
    for member in [org.id("PermissionSet", "Name", "Field_Reports"), muting] {
        org.insert("PermissionSetGroupComponent", json!({"PermissionSetGroupId": group, "PermissionSetId": member}));
    }
    for name in ["Felix", "Greta"] {
        let user = org.id("User", "Username", &address(name));
        org.insert(
            "PermissionSetAssignment",
            json!({"AssigneeId": user, "PermissionSetId": aggregate, "PermissionSetGroupId": group, "IsActive": true}),
        );
    }
}

fn address(name: &str) -> String {
    format!("{}@acme.example.com", name.to_lowercase())
}
