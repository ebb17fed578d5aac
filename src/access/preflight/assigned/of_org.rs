//! An app of an org: assigned over the paths from it to its users.

use jiff::civil::Date;

use super::{Assigned, Doubt, NOTHING, called, doubtful, is_none_of, named};
use crate::access::preflight::Topic;
use crate::access::reservation::day;
use crate::access::{Audience, Holder, Path, Via};
use crate::inventory::Reason;
use crate::inventory::org::User;

/// A user of an org. What ended between the day a snapshot was taken and `today` has ended.
pub(super) fn of_user(audience: &Audience<'_>, id: &str, user: &User, today: Date) -> Assigned {
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
pub(super) fn of_paths(audience: &Audience<'_>) -> Assigned {
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
pub(super) fn held(audience: &Audience<'_>, holds: impl Fn(&Path<'_, '_>) -> bool) -> Assigned {
    let paths = audience.paths();
    let mut found = Assigned::default();
    paths.iter().filter(|path| holds(path)).for_each(|path| found.count(path));
    found.or_not(audience.more_ways(), || {
        let all: Vec<String> = paths.iter().map(|path| called(path.way)).collect();
        if all.is_empty() { NOTHING.to_owned() } else { is_none_of(&all) }
    })
}

/// Whether a permission set or group has a name or label. Letter case does not matter.
pub(super) fn is_named(audience: &Audience<'_>, via: &Via<'_>, name: &str) -> bool {
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

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
