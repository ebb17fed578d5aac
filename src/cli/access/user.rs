//! What a user of a live org can use.

use super::app::{of_user, reservations};
use super::unknown::Unknown;
use crate::access::{Admission, Holder, LiveOrg, Lookup, Path, Reservation};
use crate::inventory::app::App;
use crate::inventory::org::{User, short};
use crate::report::access as document;
use crate::report::access::About;

/// The user in one org, with these apps of it.
pub(super) fn of_org(name: &str, org: &str, apps: Vec<(&App, About)>, live: &LiveOrg<'_>) -> document::AskedUser {
    let mut asked = document::AskedUser {
        org: org.to_owned(),
        asked: name.trim().to_owned(),
        exists: None,
        found: None,
        apps: Vec::new(),
        unknown: Vec::new(),
    };
    match live.graph.look_up(name) {
        Lookup::Absent => asked.exists = Some(false),
        Lookup::Unknown(reason) => asked.unknown.push(format!("whether there is a user named `{}`: {reason}", asked.asked)),
        Lookup::Found { id, user } => {
            asked.exists = Some(true);
            asked.found = Some(of_user(id, Some(user)));
            let mut unknown = Unknown::default();
            if let Err(reason) = &user.frozen.state {
                unknown.add("whether the user is frozen", reason);
            }
            asked.apps = apps.into_iter().filter_map(|(app, about)| used(app, about, id, user, live, &mut unknown)).collect();
            asked.unknown = unknown.sentences();
        }
    }
    asked
}

/// An app as the user's; none where the user has nothing to do with it.
fn used(app: &App, about: About, id: &str, user: &User, live: &LiveOrg<'_>, unknown: &mut Unknown) -> Option<document::UsedApp> {
    let admission = Admission::of(app);
    let audience = live.graph.audience_of(app);
    let paths: Vec<document::UserPath> =
        audience.paths().iter().filter_map(|path| Some(of_path(path, &path.holder(id, user)?, &admission))).collect();
    let (rows, more_tokens) = live.usage.tokens(app);
    let rows: Vec<_> = rows.into_iter().filter(|row| short(&row.user) == short(id)).collect();
    let reaches = audience.reaches(id, user);
    let access = match (&admission, &reaches.state) {
        (Admission::Assigned, Ok(true)) => "assigned",
        (Admission::Anybody, _) if user.active => "may-approve",
        (Admission::Assigned, Ok(false)) | (Admission::Nobody | Admission::Anybody, _) => "none",
        (Admission::Assigned, Err(_)) | (Admission::Unknown(_), _) => "unknown",
    };
    let name = &app.name;
    match (&admission, &reaches.state) {
        (Admission::Assigned, Err(reason)) => unknown.add(&format!("whether the user is assigned to {name}"), reason),
        (Admission::Unknown(reason), _) => unknown.add(&format!("whether users must be assigned to {name}"), reason),
        _ => {}
    }
    if let (Err(reason), false) = (&app.enabled.state, access == "none") {
        unknown.add(&format!("whether {name} is blocked or switched off"), reason);
    }
    if let Some(reason) = &more_tokens {
        unknown.add(&format!("whether the user holds more tokens of {name}"), reason);
    }
    let entry = document::UsedApp {
        about,
        access,
        paths,
        tokens: rows.iter().map(|row| row.tokens).sum(),
        last_used: rows.iter().filter_map(|row| row.last_used.clone()).max(),
    };
    let concerned = entry.access != "none" || !entry.paths.is_empty() || entry.tokens > 0;
    concerned.then_some(entry)
}

fn of_path(path: &Path<'_, '_>, holder: &Holder<'_>, admission: &Admission) -> document::UserPath {
    let mut all = path.reservations();
    all.retain(|reservation| *reservation != Reservation::ByNumber);
    for reservation in holder.reservations() {
        if !all.contains(&reservation) {
            all.push(reservation);
        }
    }
    document::UserPath {
        kind: path.way.via.kind(),
        name: path.way.via.name().to_owned(),
        granted_by: path.granted_by.iter().map(|&set| set.to_owned()).collect(),
        effective: if holder.ended { Some(false) } else { admission.assignments_count() },
        expires: holder.expires.map(str::to_owned),
        reservations: reservations(&all),
    }
}
