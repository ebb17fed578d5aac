//! Where and when users may log in: the profiles that have users, or that apps are assigned to, and those of the users who were looked up.
//!
//! `readMetadata` would bring whole profiles, megabytes of field permissions; `retrieve` brings of a profile only what the other components
//! of the job touch, its user permissions and its login settings (API contract, section 3.1).

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use super::ask::unreadable;
use super::retrieved;
use crate::collect::ProfilesToRead;
use crate::collect::component::profile::{LOGIN, Restrictions};
use crate::diagnostic::Diagnostic;
use crate::inventory::app::App;
use crate::inventory::oauth::IpRelaxation;
use crate::inventory::profile::standard;
use crate::inventory::{Origin, Profile, Reason};
use crate::salesforce::{Client, Error, Package};
use crate::source::xml::{self, Keep};
use crate::source::{Answer, Api, Location, SourceText};

/// The profiles whose restrictions matter: those of apps that enforce IP restrictions, if a rule wants to know, and these besides. Where the
/// Metadata API has refused already, nobody is asked again.
pub(super) async fn of_profiles(
    client: &Client,
    request: &Request,
    apps: &[App],
    also: &BTreeSet<String>,
    refused: Option<&Reason>,
) -> (Vec<Profile>, Vec<Diagnostic>) {
    let enforcing = apps.iter().filter(|app| {
        let relaxed = [IpRelaxation::Bypass, IpRelaxation::RelaxForActivatedDevices];
        request.profiles != ProfilesToRead::None
            && app.network.ip_relaxation.value().is_some_and(|relaxation| !relaxed.contains(relaxation))
    });
    let assigned = enforcing.flat_map(|app| app.access.profiles.value().into_iter().flatten());
    let names: BTreeSet<&str> = assigned.map(|profile| profile.name.as_str()).chain(also.iter().map(String::as_str)).collect();
    if names.is_empty() {
        return (Vec::new(), Vec::new());
    }
    if let Some(reason) = refused {
        return (names.into_iter().map(|name| profile(name, Restrictions::unknown(reason))).collect(), Vec::new());
    }
    // Setup's name to metadata's: they differ for Salesforce's own profiles.
    let wanted: BTreeMap<String, &str> =
        names.iter().map(|name| (standard(name).map_or(*name, |profile| profile.name).to_owned(), *name)).collect();
    match retrieve(client, wanted.keys().cloned().collect()).await {
        Ok(mut ranges) => {
            let of = |(full, name): (&String, &&str)| {
                let missing = || Restrictions::unknown(&format!("the org did not deliver the profile `{name}`"));
                profile(name, ranges.remove(full).unwrap_or_else(missing))
            };
            (wanted.iter().map(of).collect(), Vec::new())
        }
        Err(reason) => {
            let problem = Diagnostic::error("the login IP ranges of profiles could not be read").label(reason.to_string());
            (names.into_iter().map(|name| profile(name, Restrictions::unknown(&reason))).collect(), vec![problem])
        }
    }
}

fn profile(name: &str, restrictions: Restrictions) -> Profile {
    let Restrictions { ip_ranges, has_hours } = restrictions;
    Profile { source: 0, name: name.to_owned(), login_ip_ranges: ip_ranges, has_login_hours: has_hours }
}

/// What each profile says, by full name.
async fn retrieve(client: &Client, names: Vec<String>) -> Result<BTreeMap<String, Restrictions>, Reason> {
    let package = Package { types: vec![("Profile".to_owned(), names)] };
    let retrieved = client.retrieve(&package).await.map_err(|error: Error| unreadable("Profile", &error))?;
    let is_profile = |name: &str| name.ends_with(".profile");
    let (files, _) = retrieved::files(&retrieved, is_profile)
        .map_err(|error| Reason::from(format!("the retrieved zip cannot be read: {error}")))?;
    let read = files.into_iter().map(|file| {
        let restrictions = restrictions(&file.full_name, file.bytes, client);
        (file.full_name, restrictions)
    });
    Ok(read.collect())
}

fn restrictions(name: &str, bytes: Vec<u8>, client: &Client) -> Restrictions {
    let answer = Answer { api: Api::Metadata, version: client.version().0 };
    let Ok(xml) = String::from_utf8(bytes) else { return Restrictions::unknown(&format!("the profile `{name}` is not UTF-8")) };
    let object = || Origin::Stated(Location::object(format!("Profile/{name}"), answer));
    let text = SourceText::answered(format!("Profile/{name}"), xml, answer);
    match xml::parse(&text, Keep::TopLevel(LOGIN)) {
        Ok(root) => Restrictions::read(&root, |_| object(), &object()),
        Err(error) => Restrictions::unknown(&format!("the profile `{name}` cannot be read: {error}")),
    }
}
