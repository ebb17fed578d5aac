//! The paths from an app to users as people think of them: each profile, permission set and group once, whatever permission sets of it
//! grant the app.

use std::collections::BTreeMap;

use super::audience::{Audience, Grant, Holder, Via, Way, count};
use super::reservation::Reservation;
use crate::inventory::org::{User, short};
use crate::inventory::{Fact, Reason};

/// A path to an app.
#[derive(Debug)]
pub struct Path<'s, 'a> {
    /// What the users hold, and the users. Where several permission sets make the path, one of them: its users are the same.
    pub way: &'s Way<'a>,
    /// The permission sets of a group that grant the app, by name; empty where the profile, permission set or group does so itself.
    pub granted_by: Vec<&'a str>,
    /// It grants nothing until a session activates it: true of every permission set that makes the path.
    pub requires_activation: bool,
    /// It is a profile of so many users that they were counted and not read.
    pub by_number: bool,
}

impl<'a> Audience<'a> {
    /// The paths, by kind (profiles, permission sets, groups), then name.
    #[must_use]
    pub fn paths(&self) -> Vec<Path<'_, 'a>> {
        let mut paths: BTreeMap<(u8, &str, &str), Path<'_, 'a>> = BTreeMap::new();
        for (grant, way) in self.grants.iter().flat_map(|grant| grant.ways.iter().map(move |way| (grant, way))) {
            let key = (rank(&way.via), way.via.name(), short(way.via.id()));
            let path = paths.entry(key).or_insert_with(|| Path {
                way,
                granted_by: Vec::new(),
                requires_activation: true,
                by_number: self.is_known_by_number(way),
            });
            path.requires_activation &= way.requires_activation;
            path.granted_by.extend(set_in_group(grant, way));
        }
        paths.into_values().collect()
    }

    fn is_known_by_number(&self, way: &Way<'_>) -> bool {
        let Via::Profile { id, .. } = way.via else { return false };
        way.active_users.state.is_ok() && self.org.large_profiles.iter().any(|large| short(large) == short(id))
    }

    /// Why something about its users is not known; empty where everything is. Users who were counted and not read are known.
    #[must_use]
    pub fn unknown(&self) -> Vec<Reason> {
        let ways = self.more.iter().chain(self.grants.iter().filter_map(|grant| grant.more.as_ref())).cloned();
        let of_paths = self.paths().into_iter().flat_map(|path| path.unknown());
        let mut reasons: Vec<Reason> = Vec::new();
        for reason in ways.chain(of_paths) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// How many active users were seen who are frozen, each counted once.
    #[must_use]
    pub fn frozen_users_seen(&self) -> u64 {
        count(self.ways().flat_map(|way| &way.holders).filter(|holder| holder.is_frozen()).map(|holder| holder.id))
    }
}

impl<'a> Path<'_, 'a> {
    /// What is to be kept in mind of it.
    #[must_use]
    pub fn reservations(&self) -> Vec<Reservation<'a>> {
        let via = self.way.via;
        let user_type = match via {
            Via::Profile { row: Some(row), .. } => Reservation::of_user_type(&row.user_type),
            _ => None,
        };
        let stale = match via {
            Via::Group { group: Some(group), .. } if group.is_out_of_date() => Some(Reservation::OutOfDate(&group.status)),
            _ => None,
        };
        let muted = (!via.muting().is_empty()).then_some(Reservation::Muted(via.muting()));
        let activation = self.requires_activation.then_some(Reservation::NeedsActivation);
        let by_number = self.by_number.then_some(Reservation::ByNumber);
        [user_type, activation, muted, stale, by_number].into_iter().flatten().collect()
    }

    /// How many active users were seen who are frozen, each counted once.
    #[must_use]
    pub fn frozen_users_seen(&self) -> u64 {
        count(self.way.holders.iter().filter(|holder| holder.is_frozen()).map(|holder| holder.id))
    }

    /// The assignment by which a user is on the path; for a profile the user. One that has not ended before one that has.
    #[must_use]
    pub fn holder(&self, id: &'a str, user: &'a User) -> Option<Holder<'a>> {
        if let Via::Profile { id: profile, .. } = self.way.via {
            let has = short(profile) == short(&user.profile);
            return has.then_some(Holder { id, user: Some(user), expires: None, ended: false });
        }
        let own = self.way.holders.iter().filter(|holder| short(holder.id) == short(id));
        own.min_by_key(|holder| holder.ended).copied()
    }

    /// Why something about its users is not known.
    fn unknown(&self) -> Vec<Reason> {
        let users = self.way.active_users.state.as_ref().err().or(self.way.more.as_ref().filter(|_| !self.by_number));
        let frozen = self.way.holders.iter().filter(|holder| holder.is_active());
        let frozen = frozen.filter_map(|holder| holder.user).find_map(|user| user.frozen.state.as_ref().err());
        users.into_iter().chain(frozen).cloned().collect()
    }
}

impl<'a> Holder<'a> {
    /// Whether the assignment counts, and its active user is known to be frozen and so cannot log in.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.is_active() && self.user.is_some_and(|user| user.frozen.value() == Some(&true))
    }

    /// What is to be kept in mind of the assignment and its user.
    #[must_use]
    pub fn reservations(&self) -> Vec<Reservation<'a>> {
        let end = match (self.ended, self.expires) {
            (true, date) => Some(Reservation::Ended(date)),
            (false, date) => date.map(Reservation::Expires),
        };
        let user_type = self.user.and_then(|user| Reservation::of_user_type(&user.user_type));
        end.into_iter().chain(user_type).collect()
    }

    /// The state of the user: whether somebody can log in.
    #[must_use]
    pub fn state(&self) -> UserState {
        UserState::of(self.user)
    }
}

/// Whether a user can log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// Active, and not known to be frozen.
    Active,
    /// Active and frozen: cannot log in.
    Frozen,
    /// Not active: cannot log in.
    Inactive,
    /// The user could not be read.
    Unknown,
}

impl UserState {
    /// The state of a user; none for one who could not be read.
    #[must_use]
    pub fn of(user: Option<&User>) -> Self {
        match user.map(|user| (user.active, &user.frozen)) {
            None => Self::Unknown,
            Some((false, _)) => Self::Inactive,
            Some((true, Fact { state: Ok(true), .. })) => Self::Frozen,
            Some((true, _)) => Self::Active,
        }
    }

    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Inactive => "inactive",
            Self::Unknown => "unknown",
        }
    }
}

const fn rank(via: &Via<'_>) -> u8 {
    match via {
        Via::Profile { .. } => 0,
        Via::PermissionSet { .. } => 1,
        Via::Group { .. } => 2,
    }
}

/// The permission set in a group that grants the app, where it is not the group's own.
fn set_in_group<'a>(grant: &Grant<'a>, way: &Way<'a>) -> Option<&'a str> {
    let in_group = matches!(way.via, Via::Group { .. }) && grant.ways.len() > 1;
    in_group.then(|| grant.set.map_or(grant.id, |set| &set.name))
}
