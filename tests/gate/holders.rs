//! What holds access for others: permission set groups, profiles and settings that a deployment brings to an org.

use std::path::Path;

use orgwarden::collect::ProfilesToRead;
use orgwarden::collect::snapshot;
use orgwarden::collect::tree::Request;
use orgwarden::collect::tree::deployment::{self, Manifests};
use orgwarden::gate::deployed::as_deployed;
use orgwarden::inventory::Inventory;

use crate::onto_org::snapshot as saved;
use crate::support::{Project, component};

const GROUP: &str = "src/permissionsetgroups/Field_Team.permissionsetgroup";

fn group(sets: &[&str]) -> String {
    let sets: String = sets.iter().map(|set| ["<permissionSets>", set, "</permissionSets>"].concat()).collect();
    component("PermissionSetGroup", &format!("<label>Field Team</label>{sets}<status>Updated</status>"))
}

fn org() -> Inventory {
    snapshot::read(Path::new(&saved())).unwrap().collected.inventory
}

fn deployed(org: &Inventory, project: &Project) -> Inventory {
    let paths = [project.path("src")];
    let request = Request { paths: &paths, force_ignore: true, profiles: ProfilesToRead::All, also: &[] };
    as_deployed(org, deployment::collect(&request, Manifests::default())).inventory
}

#[test]
fn who_is_in_a_group_gains_and_loses_what_is_put_into_it_and_taken_out() {
    let gate = |sets: &[&str]| {
        let project = Project::new().file(GROUP, group(sets));
        let limits = ["--fail-on", "never", "--max-gain", "1", "--forbid-loss", "--today", "2026-06-01"];
        let run = project.run(&[&["gate", "src", "--snapshot", &saved()], &limits[..]].concat());
        (run.code, run.out)
    };
    let (code, out) = gate(&["Field_Reports"]);
    assert_eq!(code, 0, "{out}");
    let (code, out) = gate(&["Field_Reports", "ERP_Integration"]);
    assert!(code == 1 && out.contains("felix@acme.example.com"), "{out}");
    let (code, out) = gate(&[]);
    assert!(code == 1 && out.contains("is lost to"), "{out}");
}

#[test]
fn who_gains_an_app_by_a_group_that_was_not_read_is_not_known() {
    let mut org = org();
    for group in &mut org.sources[0].org.as_mut().unwrap().groups.rows {
        group.permission_sets.clear();
    }
    let after = deployed(&org, &Project::new().file(GROUP, group(&["ERP_Integration"])));
    let app = |name: &str| after.apps.iter().find(|app| app.name == name).unwrap().in_org.as_ref().unwrap();
    let why = app("ERP_Sync").granted_by.more.as_deref();
    assert_eq!(why, Some("who is in the permission set group Field_Team was not read"));
    assert_eq!(app("Contractor_Portal").granted_by.more, None);
}

#[test]
fn a_protection_that_a_file_does_not_name_is_what_it_is_in_the_org() {
    let of = |elements: &str| {
        let security = component("SecuritySettings", &format!("<sessionSettings>{elements}</sessionSettings>"));
        let after = deployed(&org(), &Project::new().file("src/settings/Security.settings", security));
        let names = |list: &orgwarden::inventory::Fact<Vec<(String, orgwarden::inventory::Origin)>>| {
            let mut names: Vec<String> = list.value().unwrap().iter().map(|(name, _)| name.clone()).collect();
            names.sort();
            names
        };
        (names(&after.settings[0].session_protections_off), names(&after.settings[0].session_protections_on))
    };
    let (off, on) = of("");
    assert!(on.contains(&"lockSessionsToDomain".to_owned()), "{off:?} {on:?}");
    let (off_now, on_now) = of("<lockSessionsToDomain>false</lockSessionsToDomain>");
    assert_eq!(off_now.len() + on_now.len(), off.len() + on.len());
    assert!(off_now.contains(&"lockSessionsToDomain".to_owned()) && off.iter().all(|name| off_now.contains(name)), "{off_now:?}");
}

#[test]
fn log_in_ranges_that_a_profile_states_are_those_of_its_users() {
    let ranges = "<loginIpRanges><endAddress>203.0.113.9</endAddress><startAddress>203.0.113.1</startAddress></loginIpRanges>";
    let (before, path) = (org(), "src/profiles/Sales Operations.profile");
    let of = |org: &Inventory| {
        let profile = org.profiles.iter().find(|profile| profile.name == "Sales Operations").unwrap();
        profile.login_ip_ranges.value().map(Vec::len)
    };
    let after = |elements: &str| of(&deployed(&before, &Project::new().file(path, component("Profile", elements))));
    assert_eq!((of(&before), after(""), after(&ranges.repeat(2))), (Some(1), Some(1), Some(2)));
}
