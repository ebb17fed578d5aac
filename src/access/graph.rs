//! The assignments of one org, indexed once so that asking about each of many apps is cheap.

use std::collections::{BTreeSet, HashMap};

use super::audience::{Audience, Grant, Holder, Via, Way, count};
use crate::inventory::app::App;
use crate::inventory::org::{AppInOrg, Assigned, Group, Id, Org, PermissionSet, ProfileRow, SetKind, User, short};
use crate::inventory::{Fact, Reason};

/// What became of looking for a user.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// There is one.
    Found {
        /// The user's id.
        id: &'a str,
        /// The user.
        user: &'a User,
    },
    /// The org has no such user.
    Absent,
    /// There may be one.
    Unknown(Reason),
}

/// The assignments of an org. Ids are compared by what their two forms have in common.
#[derive(Debug)]
pub struct Graph<'a> {
    org: &'a Org,
    users: HashMap<&'a str, (&'a str, &'a User)>,
    users_by_name: HashMap<String, (&'a str, &'a User)>,
    users_of_profile: HashMap<&'a str, Vec<(&'a str, &'a User)>>,
    sets: HashMap<&'a str, (&'a str, &'a PermissionSet)>,
    set_of_profile: HashMap<&'a str, &'a PermissionSet>,
    profiles: HashMap<&'a str, &'a ProfileRow>,
    active_users_of_profile: HashMap<&'a str, u64>,
    large_profiles: BTreeSet<&'a str>,
    set_of_group: HashMap<&'a str, (&'a str, &'a PermissionSet)>,
    groups: HashMap<&'a str, &'a Group>,
    groups_with: HashMap<&'a str, BTreeSet<&'a str>>,
    of_set: HashMap<&'a str, Vec<&'a Assigned>>,
    of_group: HashMap<&'a str, Vec<&'a Assigned>>,
    of_user: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Graph<'a> {
    /// Indexes an org.
    #[must_use]
    pub fn new(org: &'a Org) -> Self {
        let mut graph = Self {
            org,
            users: org.users.iter().map(|(id, user)| (short(id), (id.as_str(), user))).collect(),
            users_by_name: org.users.iter().map(|(id, user)| (user.username.to_lowercase(), (id.as_str(), user))).collect(),
            users_of_profile: HashMap::new(),
            sets: org.permission_sets.iter().map(|(id, set)| (short(id), (id.as_str(), set))).collect(),
            set_of_profile: HashMap::new(),
            profiles: org.profiles.iter().map(|(id, row)| (short(id), row)).collect(),
            active_users_of_profile: org.active_users_by_profile.iter().map(|(id, users)| (short(id), *users)).collect(),
            large_profiles: org.large_profiles.iter().map(|id| short(id)).collect(),
            set_of_group: HashMap::new(),
            groups: org.groups.rows.iter().map(|group| (short(&group.id), group)).collect(),
            groups_with: HashMap::new(),
            of_set: HashMap::new(),
            of_group: HashMap::new(),
            of_user: HashMap::new(),
        };
        for (id, user) in &org.users {
            graph.users_of_profile.entry(short(&user.profile)).or_default().push((id, user));
        }
        for (id, set) in &org.permission_sets {
            match &set.kind {
                SetKind::OfProfile { profile } => drop(graph.set_of_profile.insert(short(profile), set)),
                SetKind::OfGroup { group } => drop(graph.set_of_group.insert(short(group), (id, set))),
                SetKind::Regular => {}
            }
        }
        for group in &org.groups.rows {
            for set in &group.permission_sets {
                graph.groups_with.entry(short(set)).or_default().insert(&group.id);
            }
        }
        for row in &org.assignments.rows {
            match &row.group {
                Some(group) => {
                    graph.of_group.entry(short(group)).or_default().push(row);
                    // Mostly the group's own permission set, which does no harm; a set that is in the group, if an org ever says so.
                    graph.groups_with.entry(short(&row.permission_set)).or_default().insert(group);
                }
                None => graph.of_set.entry(short(&row.permission_set)).or_default().push(row),
            }
            if row.active {
                graph.of_user.entry(short(&row.user)).or_default().push(short(&row.permission_set));
            }
        }
        graph
    }

    /// The org.
    #[must_use]
    pub const fn org(&self) -> &'a Org {
        self.org
    }

    /// Who can use an app.
    #[must_use]
    pub fn audience(&self, app: &'a AppInOrg) -> Audience<'a> {
        let mut seen = BTreeSet::new();
        let sets = app.granted_by.rows.iter().filter(|id| seen.insert(short(id)));
        Audience { grants: sets.map(|id| self.grant(id)).collect(), more: app.granted_by.more.clone(), org: self.org }
    }

    /// Who can use an app, as far as the org told.
    #[must_use]
    pub fn audience_of(&self, app: &'a App) -> Audience<'a> {
        let untold = || {
            let more = Some("the org told nothing of the app but its metadata".into());
            Audience { grants: Vec::new(), more, org: self.org }
        };
        app.in_org.as_ref().map_or_else(untold, |in_org| self.audience(in_org))
    }

    /// A user by id.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<(&'a str, &'a User)> {
        self.users.get(short(id)).copied()
    }

    /// A user by name. Letter case does not matter in user names.
    #[must_use]
    pub fn user_named(&self, name: &str) -> Option<(&'a str, &'a User)> {
        self.users_by_name.get(&name.trim().to_lowercase()).copied()
    }

    /// Looks for a user by name, and says whether one who is not there exists.
    #[must_use]
    pub fn look_up(&self, name: &str) -> Lookup<'a> {
        if let Some((id, user)) = self.user_named(name) {
            return Lookup::Found { id, user };
        }
        if self.org.users_looked_up.contains(&name.trim().to_lowercase()) {
            return Lookup::Absent;
        }
        let unasked = || format!("nobody has looked up `{}` in this org", name.trim()).into();
        Lookup::Unknown(self.org.more_users.clone().unwrap_or_else(unasked))
    }

    /// A permission set by id.
    #[must_use]
    pub fn permission_set(&self, id: &str) -> Option<&'a PermissionSet> {
        self.sets.get(short(id)).map(|(_, set)| *set)
    }

    /// A profile by id.
    #[must_use]
    pub fn profile(&self, id: &str) -> Option<&'a ProfileRow> {
        self.profiles.get(short(id)).copied()
    }

    pub(super) fn set_of_profile(&self, profile: &str) -> Option<&'a PermissionSet> {
        self.set_of_profile.get(profile).copied()
    }

    pub(super) fn sets_of_user(&self, user: &str) -> impl Iterator<Item = &'a PermissionSet> {
        self.of_user.get(user).into_iter().flatten().filter_map(|id| self.permission_set(id))
    }

    /// The ways a permission set leads to users.
    fn grant(&self, id: &'a str) -> Grant<'a> {
        let Some(set) = self.permission_set(id) else {
            let reason = format!("the permission set {id}, which grants the app, could not be read");
            let more = self.org.more_permission_sets.clone().unwrap_or_else(|| reason.into());
            return Grant { id, set: None, ways: self.assigned_ways(id, None), more: Some(more) };
        };
        let ways = match &set.kind {
            SetKind::OfProfile { profile } => vec![self.profile_way(profile, set)],
            SetKind::OfGroup { group } => vec![self.group_way(group, Some(set))],
            SetKind::Regular => self.assigned_ways(id, Some(set)),
        };
        let more = match &set.kind {
            SetKind::Regular => self.org.groups.more.clone(),
            SetKind::OfProfile { .. } | SetKind::OfGroup { .. } => None,
        };
        Grant { id, set: Some(set), ways, more }
    }

    /// A permission set itself, and each group that it is in.
    fn assigned_ways(&self, id: &'a str, set: Option<&'a PermissionSet>) -> Vec<Way<'a>> {
        let via = Via::PermissionSet { id, name: set.map_or(id, |set| &set.name) };
        let direct = self.way(via, set, self.of_set.get(short(id)).into_iter().flatten().copied());
        let groups = self.groups_with.get(short(id)).into_iter().flatten();
        let mut ways = vec![direct];
        ways.extend(groups.map(|group| self.group_way(group, set)));
        ways
    }

    /// The users of a group: its rows name the group, and older ones only its own permission set.
    fn group_way(&self, id: &'a str, set: Option<&'a PermissionSet>) -> Way<'a> {
        let group = self.groups.get(short(id)).copied();
        let own = self.set_of_group.get(short(id)).copied();
        let by_set = own.and_then(|(own, _)| self.of_set.get(short(own))).into_iter().flatten();
        let by_group = self.of_group.get(short(id)).into_iter().flatten();
        let name = group.map_or_else(|| own.map_or(id, |(_, set)| set.label.as_str()), |group| &group.name);
        let mut way = self.way(Via::Group { id, name, group }, set, by_group.chain(by_set).copied());
        way.requires_activation |= own.is_some_and(|(_, set)| set.requires_activation);
        way
    }

    fn way(&self, via: Via<'a>, set: Option<&'a PermissionSet>, rows: impl Iterator<Item = &'a Assigned>) -> Way<'a> {
        let holders: Vec<Holder<'a>> = rows
            .map(|row| Holder {
                id: &row.user,
                user: self.user(&row.user).map(|(_, user)| user),
                expires: row.expires.as_deref(),
                ended: !row.active,
            })
            .collect();
        let unread = holders.iter().find(|holder| holder.user.is_none() && !holder.ended);
        let unread = unread.map(|holder| self.unread(holder.id));
        let more = self.org.assignments.more.clone().or(unread);
        let active_users = match &more {
            Some(reason) => Fact::unknown(reason.clone()),
            None => Fact::known(count(holders.iter().filter(|holder| holder.is_active()).map(|holder| holder.id))),
        };
        Way { via, requires_activation: set.is_some_and(|set| set.requires_activation), holders, active_users, more }
    }

    /// The users of a profile. There can be too many to read, so how many are active is a number of its own.
    fn profile_way(&self, id: &'a Id, set: &'a PermissionSet) -> Way<'a> {
        let users = self.users_of_profile.get(short(id)).into_iter().flatten();
        let holders: Vec<Holder<'a>> =
            users.map(|(id, user)| Holder { id, user: Some(user), expires: None, ended: false }).collect();
        let row = self.profile(id);
        let name = row.map_or(&set.name, |row| &row.name);
        let counted = self.active_users_of_profile.get(short(id)).copied();
        let active_users = counted
            .map_or_else(|| Fact::unknown(format!("the active users of the profile `{name}` were not counted")), Fact::known);
        let listed = holders.iter().filter(|holder| holder.is_active()).count() as u64;
        let unlisted = self.large_profiles.contains(short(id)) || counted.is_none_or(|counted| counted > listed);
        let more = unlisted.then(|| Reason::from(format!("not all users of the profile `{name}` were read")));
        Way { via: Via::Profile { id, name, row }, requires_activation: set.requires_activation, holders, active_users, more }
    }

    /// Why a user that something refers to is not there.
    #[must_use]
    pub fn unread(&self, id: &str) -> Reason {
        self.org.more_users.clone().unwrap_or_else(|| format!("the user {id} could not be read").into())
    }
}
