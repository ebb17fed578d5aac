//! Login IP ranges of the profiles that apps are assigned to.
//!
//! `readMetadata` would bring whole profiles, megabytes of field permissions; `retrieve` brings of a profile only what the other components
//! of the job touch, its user permissions and its login settings (API contract, section 3.1).

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use super::ask::unreadable;
use super::retrieved;
use crate::diagnostic::Diagnostic;
use crate::inventory::app::App;
use crate::inventory::oauth::IpRelaxation;
use crate::inventory::profile::standard;
use crate::inventory::{Fact, Origin, Profile, Reason};
use crate::salesforce::{Client, Error, Package};
use crate::source::xml::{self, Keep};
use crate::source::{Answer, Api, Location, SourceText};

/// The profiles whose ranges matter: those of apps that enforce IP restrictions. Asked for only if a rule wants to know.
pub(super) async fn of_profiles(client: &Client, request: &Request, apps: &[App]) -> (Vec<Profile>, Vec<Diagnostic>) {
    let enforcing = apps.iter().filter(|app| {
        let relaxed = [IpRelaxation::Bypass, IpRelaxation::RelaxForActivatedDevices];
        app.network.ip_relaxation.value().is_some_and(|relaxation| !relaxed.contains(relaxation))
    });
    let names: BTreeSet<&str> =
        enforcing.flat_map(|app| app.access.profiles.value().into_iter().flatten()).map(|profile| profile.name.as_str()).collect();
    if !request.profiles || names.is_empty() {
        return (Vec::new(), Vec::new());
    }
    // Setup's name to metadata's: they differ for Salesforce's own profiles.
    let wanted: BTreeMap<String, &str> =
        names.iter().map(|name| (standard(name).map_or(*name, |profile| profile.name).to_owned(), *name)).collect();
    match retrieve(client, wanted.keys().cloned().collect()).await {
        Ok(ranges) => {
            let of = |(full, name): (&String, &&str)| {
                let missing = || Fact::unknown(format!("the org did not deliver the profile `{name}`"));
                profile(name, ranges.get(full).cloned().unwrap_or_else(missing))
            };
            (wanted.iter().map(of).collect(), Vec::new())
        }
        Err(reason) => {
            let problem = Diagnostic::error("the login IP ranges of profiles could not be read").label(reason.to_string());
            (names.into_iter().map(|name| profile(name, Fact::unknown(reason.clone()))).collect(), vec![problem])
        }
    }
}

fn profile(name: &str, has_login_ip_ranges: Fact<bool>) -> Profile {
    Profile { source: 0, name: name.to_owned(), has_login_ip_ranges }
}

/// Whether each profile has ranges, by full name.
async fn retrieve(client: &Client, names: Vec<String>) -> Result<BTreeMap<String, Fact<bool>>, Reason> {
    let package = Package { types: vec![("Profile".to_owned(), names)] };
    let retrieved = client.retrieve(&package).await.map_err(|error: Error| unreadable("Profile", &error))?;
    let is_profile = |name: &str| name.ends_with(".profile");
    let (files, _) = retrieved::files(&retrieved, is_profile)
        .map_err(|error| Reason::from(format!("the retrieved zip cannot be read: {error}")))?;
    let read = files.into_iter().map(|file| {
        let ranges = ranges(&file.full_name, file.bytes, client);
        (file.full_name, ranges)
    });
    Ok(read.collect())
}

fn ranges(name: &str, bytes: Vec<u8>, client: &Client) -> Fact<bool> {
    let answer = Answer { api: Api::Metadata, version: client.version().0 };
    let Ok(xml) = String::from_utf8(bytes) else { return Fact::unknown(format!("the profile `{name}` is not UTF-8")) };
    let text = SourceText::answered(format!("Profile/{name}"), xml, answer);
    match xml::parse(&text, Keep::TopLevel(&["loginIpRanges"])) {
        Ok(root) => Fact::read(!root.children.is_empty(), Origin::Stated(Location::object(format!("Profile/{name}"), answer))),
        Err(error) => Fact::unknown(format!("the profile `{name}` cannot be read: {error}")),
    }
}
