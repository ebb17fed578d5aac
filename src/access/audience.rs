//! The users of one app, and the ways they come by it.

use std::collections::{BTreeSet, HashSet};

use crate::inventory::org::{Group, Org, PermissionSet, ProfileRow, User, short};
use crate::inventory::{Fact, Reason};

/// Who can use an app, provided that it admits only users who are assigned to it.
#[derive(Clone, Debug)]
pub struct Audience<'a> {
    /// The permission sets that grant the app.
    pub grants: Vec<Grant<'a>>,
    /// Why further permission sets may grant it; none where these are all.
    pub more: Option<Reason>,
    /// The org, which tells whose assignments were read and whose may not have been.
    pub(super) org: &'a Org,
}

/// A permission set that grants an app.
#[derive(Clone, Debug)]
pub struct Grant<'a> {
    /// Its id.
    pub id: &'a str,
    /// The permission set; none where it could not be read.
    pub set: Option<&'a PermissionSet>,
    /// The ways it leads to users.
    pub ways: Vec<Way<'a>>,
    /// Why there may be further ways; none where these are all.
    pub more: Option<Reason>,
}

/// A way from an app to users.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// What the users hold.
    pub via: Via<'a>,
    /// It grants nothing until a session activates it.
    pub requires_activation: bool,
    /// The users who were seen, with their assignments, ended ones among them.
    pub holders: Vec<Holder<'a>>,
    /// How many active users it has.
    pub active_users: Fact<u64>,
    /// Why there may be further holders; none where these are all.
    pub more: Option<Reason>,
}

/// What a user holds that grants an app.
#[derive(Clone, Copy, Debug)]
pub enum Via<'a> {
    /// A profile.
    Profile {
        /// Its id.
        id: &'a str,
        /// Its name.
        name: &'a str,
        /// The profile; none where it could not be read.
        row: Option<&'a ProfileRow>,
    },
    /// A permission set.
    PermissionSet {
        /// Its id.
        id: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// A permission set group.
    Group {
        /// Its id.
        id: &'a str,
        /// Its name.
        name: &'a str,
        /// The group; none where it could not be read.
        group: Option<&'a Group>,
    },
}

/// A user and the assignment.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// The user's id.
    pub id: &'a str,
    /// The user; none where it could not be read.
    pub user: Option<&'a User>,
    /// When the assignment ends, as Salesforce writes it; none for one without end.
    pub expires: Option<&'a str>,
    /// The assignment has ended.
    pub ended: bool,
}

impl<'a> Via<'a> {
    /// The name of the profile, permission set or group.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        match self {
            Self::Profile { name, .. } | Self::PermissionSet { name, .. } | Self::Group { name, .. } => name,
        }
    }

    /// The id of the profile, permission set or group.
    #[must_use]
    pub const fn id(&self) -> &'a str {
        match self {
            Self::Profile { id, .. } | Self::PermissionSet { id, .. } | Self::Group { id, .. } => id,
        }
    }

    /// What it is, in the words of conditions.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Profile { .. } => "profile",
            Self::PermissionSet { .. } => "permission-set",
            Self::Group { .. } => "group",
        }
    }

    /// The muting permission sets on the way. It is not documented whether one takes away access to an app, so the way counts.
    #[must_use]
    pub fn muting(&self) -> &'a [String] {
        match self {
            Self::Group { group: Some(group), .. } => &group.muting,
            _ => &[],
        }
    }

    /// Whether the group has a status other than `Updated`: what it grants may lag behind what is in it.
    #[must_use]
    pub fn is_out_of_date(&self) -> bool {
        matches!(self, Self::Group { group: Some(group), .. } if group.is_out_of_date())
    }
}

impl Holder<'_> {
    /// Whether the assignment counts and its user is active. Frozen users are active.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !self.ended && self.user.is_some_and(|user| user.active)
    }
}

impl<'a> Audience<'a> {
    /// Every way.
    pub fn ways(&self) -> impl Iterator<Item = &Way<'a>> {
        self.grants.iter().flat_map(|grant| &grant.ways)
    }

    /// Every assignment that has not ended, with its way.
    pub fn holders(&self) -> impl Iterator<Item = (&Way<'a>, &Holder<'a>)> {
        self.ways().flat_map(|way| way.holders.iter().filter(|holder| !holder.ended).map(move |holder| (way, holder)))
    }

    /// How many active users were seen, each counted once; there may be more.
    #[must_use]
    pub fn active_users_seen(&self) -> u64 {
        let mut profiles = BTreeSet::new();
        let mut users = HashSet::new();
        let mut counted = 0;
        for way in self.ways() {
            if let (Via::Profile { id, .. }, Some(active)) = (way.via, way.active_users.value())
                && profiles.insert(short(id))
            {
                counted += active;
            }
        }
        // Users of a profile that was counted are in that number.
        let uncounted = |way: &&Way<'a>| !matches!(way.via, Via::Profile { id, .. } if profiles.contains(short(id)));
        for holder in self.ways().filter(uncounted).flat_map(|way| &way.holders) {
            let fresh = holder.user.is_some_and(|user| !profiles.contains(short(&user.profile)));
            if fresh && holder.is_active() {
                users.insert(short(holder.id));
            }
        }
        counted + users.len() as u64
    }

    /// How many active users there are, each counted once.
    #[must_use]
    pub fn active_users(&self) -> Fact<u64> {
        let uncounted = self.ways().find_map(|way| way.active_users.state.as_ref().err());
        match self.more_ways().or(uncounted) {
            Some(reason) => Fact::unknown(reason.clone()),
            None => Fact::known(self.active_users_seen()),
        }
    }

    /// Whether a user is assigned to the app, by an assignment that has not ended. For many users ask [`Self::reach`].
    #[must_use]
    pub fn reaches(&self, id: &str, user: &User) -> Fact<bool> {
        self.reach().reaches(id, Some(user))
    }

    /// Why there may be ways that were not seen; none where all were.
    #[must_use]
    pub fn more_ways(&self) -> Option<&Reason> {
        self.more.as_ref().or_else(|| self.grants.iter().find_map(|grant| grant.more.as_ref()))
    }

    /// Why there may be users that were not seen; none where all were.
    #[must_use]
    pub fn more_users(&self) -> Option<&Reason> {
        self.more_ways().or_else(|| self.ways().find_map(|way| way.more.as_ref()))
    }
}

impl Grant<'_> {
    /// How many active users it has, by all its ways, each counted once.
    #[must_use]
    pub fn active_users(&self) -> Fact<u64> {
        if let [way] = self.ways.as_slice() {
            return match &self.more {
                Some(reason) => Fact::unknown(reason.clone()),
                None => way.active_users.clone(),
            };
        }
        let unknown = self.more.as_ref().or_else(|| self.ways.iter().find_map(|way| way.active_users.state.as_ref().err()));
        let active = self.ways.iter().flat_map(|way| &way.holders).filter(|holder| holder.is_active());
        unknown.map_or_else(|| Fact::known(count(active.map(|holder| holder.id))), |reason| Fact::unknown(reason.clone()))
    }
}

/// How many different users there are.
pub(super) fn count<'u>(ids: impl Iterator<Item = &'u str>) -> u64 {
    ids.map(short).collect::<HashSet<_>>().len() as u64
}
