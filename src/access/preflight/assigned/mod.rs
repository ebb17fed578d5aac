//! Is the user assigned to the app, and through what?

mod of_files;
mod of_org;

use self::of_files::{by_name, is_called};
use self::of_org::{held, is_named, of_paths, of_user};
use super::{Person, Subject, Topic};
use crate::access::{Path, Via, Way};
use crate::inventory::Reason;
use crate::inventory::app::Assignment;
use crate::inventory::profile::standard;

/// Whether somebody is assigned to an app.
#[derive(Clone, Debug, Default)]
pub struct Assigned {
    /// The ways that count, such as "the permission set `ERP_Sync`".
    pub ways: Vec<String>,
    /// Why nobody, or not this user, is assigned, as a sentence; none where that is not certain.
    pub why_not: Option<String>,
    /// The ways that have ended, such as "the assignment through the permission set `ERP_Sync` ended on 2026-05-01", where no other counts.
    pub ended: Vec<String>,
    /// What keeps it from being certain.
    pub doubt: Option<Doubt>,
    /// What is not confirmed about the ways.
    pub reservations: Vec<String>,
    /// When the ways end, as sentences; empty where one does not.
    pub ends: Vec<String>,
}

/// A question about assignments without an answer.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// What it is about.
    pub topic: Topic,
    /// The question, as a clause that begins with "whether".
    pub what: String,
    /// Why it has no answer.
    pub reason: Reason,
    /// How to get one, as an imperative sentence.
    pub supply: String,
}

/// How many names a sentence lists.
const MOST_NAMES: usize = 5;

pub(super) fn assigned(subject: &Subject<'_>, person: &Person<'_>) -> Assigned {
    match (&subject.audience, person) {
        (Some(audience), Person::User { id, user }) => of_user(audience, id, user, subject.today),
        (Some(audience), Person::Holding { profile, permission_sets }) => {
            let holds = |path: &Path<'_, '_>| match path.way.via {
                Via::Profile { name, .. } => profile.as_deref().is_some_and(|held| same_profile(held, name)),
                via => permission_sets.iter().any(|held| is_named(audience, &via, held)),
            };
            held(audience, holds)
        }
        (Some(audience), Person::Anybody(_)) => of_paths(audience),
        (None, Person::Anybody(_)) => by_name(subject, |_| true, |_| true),
        (None, Person::Holding { profile, permission_sets }) => {
            let has_profile = |it: &Assignment| profile.as_deref().is_some_and(|held| is_called(it, held));
            by_name(subject, has_profile, |it| permission_sets.iter().any(|held| is_called(it, held)))
        }
        (_, Person::Unread { name, reason, supply }) => {
            let nobody = match &subject.audience {
                Some(audience) => of_paths(audience),
                None => by_name(subject, |_| true, |_| true),
            };
            match nobody.why_not {
                Some(_) => nobody,
                None => {
                    doubtful(Topic::Assignment, format!("whether {name} is assigned to the app"), reason.clone(), supply.clone())
                }
            }
        }
        (None, Person::User { user, .. }) => doubtful(
            Topic::Assignment,
            format!("whether {} is assigned to the app", user.username),
            "the org told nothing of the app but its metadata".into(),
            "Grant the auditing user what `orgwarden doctor` names.".to_owned(),
        ),
        (_, Person::Missing(_) | Person::NoOne) => Assigned::default(),
    }
}

fn doubtful(topic: Topic, what: String, reason: Reason, supply: String) -> Assigned {
    Assigned { doubt: Some(Doubt { topic, what, reason, supply }), ..Assigned::default() }
}

/// Why nobody has an app.
const NOTHING: &str = "The app admits assigned users alone, and no profile or permission set is assigned to it.";

fn is_none_of(ways: &[String]) -> String {
    format!("The app admits assigned users alone, and what the user is said to hold is not among {}.", named(ways))
}

fn same_profile(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other.trim()) || standard(one).zip(standard(other)).is_some_and(|(one, other)| one.name == other.name)
}

/// A way in words.
pub(super) fn called(way: &Way<'_>) -> String {
    match way.via {
        Via::Profile { name, .. } => format!("the profile {name}"),
        Via::PermissionSet { name, .. } => format!("the permission set {name}"),
        Via::Group { name, .. } => format!("the permission set group {name}"),
    }
}

fn named(ways: &[String]) -> String {
    let shown = ways.get(..MOST_NAMES.min(ways.len())).unwrap_or_default().join(", ");
    if ways.len() > MOST_NAMES { format!("{shown} and {} more", ways.len() - MOST_NAMES) } else { shown }
}
