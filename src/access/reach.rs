//! Whom an app's assignments reach, indexed to ask about many users.

use std::collections::HashSet;

use super::audience::{Audience, Via};
use crate::inventory::org::{User, short};
use crate::inventory::{Fact, Reason};

/// The profiles and users that assignments reach which have not ended.
#[derive(Debug)]
pub struct Reach<'s> {
    profiles: HashSet<&'s str>,
    users: HashSet<&'s str>,
    /// Users all of whose assignments were read.
    whole: HashSet<&'s str>,
    /// Why there may be further ways.
    more_ways: Option<&'s Reason>,
    /// Why there may be further assignments.
    more_assignments: Option<&'s Reason>,
}

impl Audience<'_> {
    /// The index. A user nobody could read elsewhere says nothing of another one, so only what is missing of the lists counts.
    #[must_use]
    pub fn reach(&self) -> Reach<'_> {
        let mut reach = Reach {
            profiles: HashSet::new(),
            users: HashSet::new(),
            whole: self.org.users_with_all_assignments.iter().map(|id| short(id)).collect(),
            more_ways: self.more_ways(),
            more_assignments: None,
        };
        for way in self.ways() {
            if let Via::Profile { id, .. } = way.via {
                reach.profiles.insert(short(id));
                continue;
            }
            reach.users.extend(way.holders.iter().filter(|holder| !holder.ended).map(|holder| short(holder.id)));
            reach.more_assignments = self.org.assignments.more.as_ref();
        }
        reach
    }
}

impl Reach<'_> {
    /// Whether a user is assigned to the app. The users of a profile are known by their profile, however many were read; for one who could
    /// not be read that is not known.
    #[must_use]
    pub fn reaches(&self, id: &str, user: Option<&User>) -> Fact<bool> {
        if self.users.contains(short(id)) || user.is_some_and(|user| self.profiles.contains(short(&user.profile))) {
            return Fact::known(true);
        }
        let unread = self.more_assignments.filter(|_| !self.whole.contains(short(id)));
        match self.more_ways.or(unread) {
            Some(reason) => Fact::unknown(reason.clone()),
            None if user.is_none() && !self.profiles.is_empty() => {
                Fact::unknown(format!("the profile of the user {id} could not be read"))
            }
            None => Fact::known(false),
        }
    }
}
