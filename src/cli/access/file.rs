//! What an app is assigned to, as its files say. Users are not known from files.

use super::unknown::Unknown;
use crate::access::Admission;
use crate::inventory::app::{App, Assignment, Resolution};
use crate::report::access as document;
use crate::report::access::{About, Knowledge, Number};

/// The app's entry in the document.
pub(super) fn of_file(app: &App, about: About) -> document::App {
    let admission = Admission::of(app);
    let mut unknown = Unknown::default();
    if let Admission::Unknown(reason) = &admission {
        unknown.add("whether users must be assigned to the app", reason);
    }
    if let (Err(reason), false) = (&app.enabled.state, matches!(admission, Admission::Nobody)) {
        unknown.add("whether the app is blocked or switched off", reason);
    }
    let mut paths = Vec::new();
    for (kind, what, list) in
        [("profile", "profiles", &app.access.profiles), ("permission-set", "permission sets", &app.access.permission_sets)]
    {
        match &list.state {
            Ok(list) => paths.extend(list.iter().map(|assignment| of_assignment(kind, assignment, &admission))),
            Err(reason) => unknown.add(&format!("which {what} are assigned"), reason),
        }
    }
    document::App {
        about,
        active_users: Number::UNKNOWN,
        active_users_seen: None,
        frozen_users_seen: None,
        users: Knowledge::Unknown,
        paths,
        tokens: Vec::new(),
        unknown: unknown.sentences(),
    }
}

fn of_assignment(kind: &'static str, assignment: &Assignment, admission: &Admission) -> document::Path {
    let reservation = match &assignment.resolution {
        Resolution::Found { .. } => None,
        Resolution::Missing => Some(("missing", "the source has none of that name".to_owned())),
        Resolution::Unknown(reason) => Some(("not-found-out", format!("not looked up: {reason}"))),
    };
    document::Path {
        kind,
        name: assignment.name.clone(),
        granted_by: Vec::new(),
        license: None,
        user_type: None,
        effective: admission.assignments_count(),
        active_users: Number::UNKNOWN,
        frozen_users_seen: 0,
        reservations: reservation.into_iter().map(|(word, text)| document::Reservation { word, text }).collect(),
        origin: Some(assignment.origin.location().to_string()),
        holders: Vec::new(),
    }
}
