//! Is the user assigned to the app, and through what?

use jiff::civil::Date;

use super::{Person, Subject, Topic};
use crate::access::reservation::day;
use crate::access::{Audience, Holder, Path, Via, Way};
use crate::inventory::app::{Assignment, Resolution};
use crate::inventory::org::User;
use crate::inventory::profile::standard;
use crate::inventory::{Fact, Reason};

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

/// A user of an org. What ended between the day a snapshot was taken and `today` has ended.
fn of_user(audience: &Audience<'_>, id: &str, user: &User, today: Date) -> Assigned {
    let name = &user.username;
    let today = today.to_string();
    let is_past = |date: &str| day(date) < today.as_str();
    let mut found = Assigned::default();
    let mut ended = Vec::new();
    let mut endless = false;
    for path in audience.paths() {
        let Some(holder) = path.holder(id, user) else { continue };
        if holder.ended || holder.expires.is_some_and(is_past) {
            ended.push(end(&path, holder.expires));
        } else if let Some(doubt) = doubt_of(&path, name) {
            found.doubt.get_or_insert(doubt);
        } else {
            match holder.expires {
                Some(date) => {
                    found.ends.push(format!("The assignment of {name} through {} ends on {}.", called(path.way), day(date)));
                }
                None => endless = true,
            }
            found.add(&path);
        }
    }
    if endless {
        found.ends.clear();
    }
    if !found.ways.is_empty() {
        found.doubt = None;
    }
    if !found.ways.is_empty() || found.doubt.is_some() {
        return found;
    }
    match audience.reaches(id, user).state {
        Err(reason) => unread(format!("whether {name} is assigned to the app"), reason),
        Ok(_) => Assigned { why_not: Some(not_assigned(audience, name, &ended)), ended, ..found },
    }
}

fn not_assigned(audience: &Audience<'_>, name: &str, ended: &[String]) -> String {
    let ways: Vec<String> = audience.ways().map(called).collect();
    let has = if ways.is_empty() {
        "The app admits assigned users alone, and no profile or permission set is assigned to it".to_owned()
    } else {
        format!("The app admits assigned users alone, and {name} holds nothing of what is assigned to it ({})", named(&ways))
    };
    if ended.is_empty() { format!("{has}.") } else { format!("{has}: {}.", ended.join("; ")) }
}

fn end(path: &Path<'_, '_>, date: Option<&str>) -> String {
    match date {
        Some(date) => format!("the assignment through {} ended on {}", called(path.way), day(date)),
        None => format!("the assignment through {} has ended", called(path.way)),
    }
}

/// Why a path may give nothing.
fn doubt_of(path: &Path<'_, '_>, name: &str) -> Option<Doubt> {
    let way = called(path.way);
    if path.requires_activation {
        return Some(Doubt {
            topic: Topic::Activation,
            what: format!("whether a session of {name} has activated {way}"),
            reason: "it grants nothing until a session activates it".into(),
            supply: "Assign a permission set that needs no activation.".to_owned(),
        });
    }
    let muting = path.way.via.muting();
    (!muting.is_empty()).then(|| Doubt {
        topic: Topic::Muting,
        what: format!("whether the muting permission set {} takes the app away from {way}", muting.join(", ")),
        reason: "whether muting permission sets mute access to apps is not documented".into(),
        supply: "Assign the permission set to the user directly.".to_owned(),
    })
}

/// Somebody who has the app through a path that active users are on.
fn of_paths(audience: &Audience<'_>) -> Assigned {
    let paths = audience.paths();
    let mut found = Assigned::default();
    let mut uncounted = None;
    for path in &paths {
        match &path.way.active_users.state {
            Ok(0) => {}
            Err(reason) if !path.way.holders.iter().any(Holder::is_active) => drop(uncounted.get_or_insert_with(|| reason.clone())),
            _ => found.count(path),
        }
    }
    found.or_not(uncounted.as_ref().or(audience.more_ways()), || {
        let all: Vec<String> = paths.iter().map(|path| called(path.way)).collect();
        if all.is_empty() {
            NOTHING.to_owned()
        } else {
            format!("The app admits assigned users alone, and no active user has {}.", named(&all))
        }
    })
}

/// Somebody active who is said to hold what makes these paths.
fn held(audience: &Audience<'_>, holds: impl Fn(&Path<'_, '_>) -> bool) -> Assigned {
    let paths = audience.paths();
    let mut found = Assigned::default();
    paths.iter().filter(|path| holds(path)).for_each(|path| found.count(path));
    found.or_not(audience.more_ways(), || {
        let all: Vec<String> = paths.iter().map(|path| called(path.way)).collect();
        if all.is_empty() { NOTHING.to_owned() } else { is_none_of(&all) }
    })
}

/// Why nobody has an app.
const NOTHING: &str = "The app admits assigned users alone, and no profile or permission set is assigned to it.";

fn is_none_of(ways: &[String]) -> String {
    format!("The app admits assigned users alone, and what the user is said to hold is not among {}.", named(ways))
}

/// Whether a permission set or group has a name or label. Letter case does not matter.
fn is_named(audience: &Audience<'_>, via: &Via<'_>, name: &str) -> bool {
    let set = || audience.org.permission_sets.get(via.id());
    via.name().eq_ignore_ascii_case(name.trim()) || set().is_some_and(|set| set.is_called(name))
}

impl Assigned {
    /// Counts a path, unless it may give nothing.
    fn count(&mut self, path: &Path<'_, '_>) {
        match doubt_of(path, "the user") {
            Some(doubt) => drop(self.doubt.get_or_insert(doubt)),
            None => self.add(path),
        }
    }

    /// What was found. Where that is nothing: not known, if there may be more ways; else `why_not`.
    fn or_not(mut self, more: Option<&Reason>, why_not: impl FnOnce() -> String) -> Self {
        if !self.ways.is_empty() {
            self.doubt = None;
        } else if let Some(reason) = more {
            return unread("whether an active user is assigned to the app".to_owned(), reason.clone());
        } else if self.doubt.is_none() {
            self.why_not = Some(why_not());
        }
        self
    }

    /// Counts a path, with what is not confirmed of it.
    fn add(&mut self, path: &Path<'_, '_>) {
        let way = called(path.way);
        if matches!(path.way.via, Via::Group { .. }) {
            self.reservations
                .push(format!("That {way} gives access to the app like a permission set of its own is likely, and not confirmed."));
        }
        if path.way.via.is_out_of_date() {
            self.reservations.push(format!("{} is not up to date: what it grants may lag behind what is in it.", capital(&way)));
        }
        self.ways.push(way);
    }
}

fn unread(what: String, reason: Reason) -> Assigned {
    doubtful(Topic::Assignment, what, reason, "Grant the auditing user what `orgwarden doctor` names.".to_owned())
}

/// By the names that the app's metadata lists.
fn by_name(subject: &Subject<'_>, has_profile: impl Fn(&Assignment) -> bool, has_set: impl Fn(&Assignment) -> bool) -> Assigned {
    let access = &subject.app.access;
    let listed = |fact: &Fact<Vec<Assignment>>| fact.value().cloned().unwrap_or_default();
    let (profiles, sets) = (listed(&access.profiles), listed(&access.permission_sets));
    let of = |kind: &str, it: &Assignment| format!("the {kind} {}", it.name);
    let held: Vec<(&Assignment, String)> = profiles
        .iter()
        .filter(|it| has_profile(it))
        .map(|it| (it, of("profile", it)))
        .chain(sets.iter().filter(|it| has_set(it)).map(|it| (it, of("permission set", it))))
        .collect();
    let there: Vec<String> =
        held.iter().filter(|(it, _)| it.resolution != Resolution::Missing).map(|(_, name)| name.clone()).collect();
    if !there.is_empty() {
        return Assigned { ways: there, ..Assigned::default() };
    }
    let unknown = [&access.profiles.state, &access.permission_sets.state].into_iter().find_map(|state| state.as_ref().err());
    if let Some(reason) = unknown {
        let supply = "Add the app's policies to the source, or ask the org with --target-org.".to_owned();
        return doubtful(Topic::Assignment, "what the app is assigned to".to_owned(), reason.clone(), supply);
    }
    if let Some((_, name)) = held.first() {
        let what = format!("whether {name} exists in the org");
        let reason = "the source has others of its kind and not this one".into();
        return doubtful(
            Topic::Assignment,
            what,
            reason,
            "Correct the name in the app, or ask the org with --target-org.".to_owned(),
        );
    }
    let all: Vec<String> =
        profiles.iter().map(|it| of("profile", it)).chain(sets.iter().map(|it| of("permission set", it))).collect();
    let why_not = if all.is_empty() { NOTHING.to_owned() } else { is_none_of(&all) };
    Assigned { why_not: Some(why_not), ..Assigned::default() }
}

fn is_called(assignment: &Assignment, held: &str) -> bool {
    let names = match &assignment.resolution {
        Resolution::Found { full_name, label } => [Some(full_name.as_str()), label.as_deref()],
        _ => [None, None],
    };
    let mut names = names.into_iter().flatten().chain([assignment.name.as_str()]);
    names.any(|name| name.eq_ignore_ascii_case(held.trim())) || same_profile(&assignment.name, held)
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

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
