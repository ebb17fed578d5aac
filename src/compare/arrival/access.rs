//! Consumer keys and assignments.

use serde_json::Value as Json;

use super::{Check, Lost, Paths, Thing, Untold, What};
use crate::compare::access::{AccessSide, Assigned};
use crate::compare::of_inventory::named;
use crate::finding::Subject;
use crate::inventory::Origin;
use crate::inventory::app::{App, Assignment};
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::user_permissions::HolderKind;

/// Metadata API Developer Guide, `ConnectedApp`: `profileName`, `permissionSetName`.
const NOT_ADMIN_APPROVED: &str = "assignments are valid only together with isAdminApproved true, which these files do not state";
/// The same page.
const EMPTY_ELEMENT: &str = "an empty element takes all assignments of its kind away when it is deployed";
/// Metadata API Developer Guide, `ConnectedAppOauthConfig`.
const KEY_AT_CREATION: &str = "a consumer key is taken only when the app is created, and never changes afterwards";

impl Check<'_> {
    /// Keys are known by their digests alone.
    pub(super) fn key(&mut self, subject: &Subject, app: &App, (there, missing): (&App, &Paths)) {
        let Some(Some(key)) = app.oauth.consumer_key.value() else { return };
        let place = app.oauth.consumer_key.origins.iter().find(|origin| origin.is_stated()).cloned();
        if place.as_ref().is_some_and(|place: &Origin| missing.contains(place.location().path())) {
            return;
        }
        let thing = Thing { subject: subject.clone(), what: What::ConsumerKey(key.shortened.to_string()), place };
        match &there.oauth.consumer_key.state {
            Ok(Some(other)) if other.digest == key.digest => self.out.arrived += 1,
            Ok(Some(other)) => {
                let there = Json::from(&*other.shortened);
                self.out.lost.push(Lost { thing, there, known: Some(KEY_AT_CREATION) });
            }
            Ok(None) => self.out.untold.push(Untold { thing, reason: "the org does not return the consumer key".into() }),
            Err(reason) => self.out.untold.push(Untold { thing, reason: reason.clone() }),
        }
    }

    pub(super) fn assignments(&mut self, subject: &Subject, app: &App, there: &AccessSide) {
        let admin_approved = app.access.permitted_users.value() == Some(&PermittedUsers::AdminApproved);
        let known = (!admin_approved).then_some(NOT_ADMIN_APPROVED);
        for (kind, list) in [("profile", &app.access.profiles), ("permission-set", &app.access.permission_sets)] {
            for assignment in list.value().into_iter().flatten() {
                let what = What::Assigned(kind, assignment.name.clone());
                let thing = Thing { subject: subject.clone(), what, place: Some(assignment.origin.clone()) };
                if there.assigned.iter().any(|other| of_files(kind, assignment).is(other)) {
                    self.out.arrived += 1;
                } else if let Some(reason) = &there.more {
                    self.out.untold.push(Untold { thing, reason: reason.clone() });
                } else {
                    self.out.lost.push(Lost { thing, there: names(there, kind), known });
                }
            }
        }
        for (holder, origin) in &app.access.emptied {
            let kind = if *holder == HolderKind::Profile { "profile" } else { "permission-set" };
            let thing = Thing { subject: subject.clone(), what: What::NoneAssigned(kind), place: Some(origin.clone()) };
            match (&names(there, kind), &there.more) {
                (Json::Array(names), None) if names.is_empty() => self.out.arrived += 1,
                (Json::Array(names), Some(reason)) if names.is_empty() => {
                    self.out.untold.push(Untold { thing, reason: reason.clone() });
                }
                (names, _) => self.out.lost.push(Lost { thing, there: names.clone(), known: Some(EMPTY_ELEMENT) }),
            }
        }
    }
}

fn of_files(kind: &'static str, assignment: &Assignment) -> Assigned {
    named(kind, &assignment.name, assignment.resolution.full_name(), None)
}

/// The names of what is assigned of a kind.
fn names(access: &AccessSide, kind: &str) -> Json {
    access.assigned.iter().filter(|it| it.kind == kind).map(|it| Json::from(it.name.as_str())).collect()
}
