//! Who would grant an app: the names that its file lists, looked up in the org.

use std::collections::BTreeSet;

use crate::inventory::app::{App, Assignment, Resolution};
use crate::inventory::org::{Id, Org, PermissionSet, ProfileRow, Seen, SetKind, short};
use crate::inventory::profile::{comparable, standard};
use crate::inventory::user_permissions::HolderKind;
use crate::inventory::{Fact, Reason};

/// The org whose permission sets grant apps. What a deployment brings of them is added.
pub(super) struct Grants<'o> {
    pub(super) org: &'o mut Org,
    /// The permission sets that grant some app before the deployment, by short id: who holds these was read.
    pub(super) granting: &'o BTreeSet<String>,
}

/// What becomes of the assignments of one kind.
enum Listed {
    /// The file says which there are.
    Stated(Vec<Id>),
    /// It does not, and there were none.
    None,
    /// It does not, and whether those of the org stay is not documented.
    Open(Reason),
}

impl Grants<'_> {
    /// Replaces the grants of an app by those that its file lists.
    pub(super) fn apply(&mut self, earlier: Option<&App>, app: &mut App) {
        let profiles = self.listed(HolderKind::Profile, earlier, app);
        let sets = self.listed(HolderKind::PermissionSet, earlier, app);
        let mut granted = Seen::all(Vec::new());
        for listed in [&profiles, &sets] {
            match listed {
                Listed::Stated(ids) => granted.rows.extend(ids.iter().cloned()),
                Listed::None => {}
                Listed::Open(reason) => granted.more = granted.more.take().or_else(|| Some(reason.clone())),
            }
        }
        let unread = granted.rows.iter().find_map(|id| self.unread(id));
        granted.more = granted.more.take().or(unread);
        if let Listed::Open(reason) = profiles {
            app.access.profiles = Fact::unknown(reason);
        }
        if let Listed::Open(reason) = sets {
            app.access.permission_sets = Fact::unknown(reason);
        }
        if let Some(in_org) = &mut app.in_org {
            in_org.granted_by = granted;
        }
    }

    fn listed(&mut self, kind: HolderKind, earlier: Option<&App>, app: &mut App) -> Listed {
        let is_emptied = app.access.emptied.iter().any(|(of, _)| *of == kind);
        let list = match kind {
            HolderKind::Profile => &mut app.access.profiles,
            HolderKind::PermissionSet => &mut app.access.permission_sets,
        };
        match &mut list.state {
            Ok(named) if !named.is_empty() => Listed::Stated(named.iter_mut().filter_map(|it| self.resolve(kind, it)).collect()),
            Ok(_) if is_emptied => Listed::Stated(Vec::new()),
            Ok(_) => self.kept(kind, earlier),
            Err(reason) => Listed::Open(reason.clone()),
        }
    }

    /// What is left of assignments that a file does not mention.
    fn kept(&self, kind: HolderKind, earlier: Option<&App>) -> Listed {
        let Some(granted) = earlier.and_then(|earlier| earlier.in_org.as_ref()).map(|in_org| &in_org.granted_by) else {
            return Listed::None;
        };
        let is_of_kind = |id: &&Id| self.kind_of(id).is_none_or(|of| of == kind);
        let word = kind.as_str().replace('-', " ");
        match (&granted.more, granted.rows.iter().find(is_of_kind)) {
            (Some(reason), _) => Listed::Open(reason.clone()),
            (None, None) => Listed::None,
            (None, Some(_)) => Listed::Open(
                format!("the file lists no {word}, and it is not documented whether the app keeps those it has in the org").into(),
            ),
        }
    }

    fn kind_of(&self, id: &str) -> Option<HolderKind> {
        let set = self.org.permission_sets.iter().find(|(own, _)| short(own) == short(id));
        set.map(|(_, set)| match set.kind {
            SetKind::OfProfile { .. } => HolderKind::Profile,
            SetKind::Regular | SetKind::OfGroup { .. } => HolderKind::PermissionSet,
        })
    }

    /// Looks a name up, and calls it as the org does. What the org lacks and the deployment brings is added, without users.
    fn resolve(&mut self, kind: HolderKind, assignment: &mut Assignment) -> Option<Id> {
        let name = assignment.name.trim().to_owned();
        let found = match kind {
            HolderKind::Profile => self.profile(&name),
            HolderKind::PermissionSet => self.permission_set(&name),
        };
        if let Some((id, name, label)) = found {
            assignment.name.clone_from(&name);
            assignment.resolution = Resolution::Found { full_name: name, label: Some(label) };
            return Some(id);
        }
        let is_standard = kind == HolderKind::Profile && standard(&name).is_some();
        if let Some(full_name) = assignment.resolution.full_name().filter(|_| !is_standard) {
            return Some(self.add(kind, full_name.to_owned()));
        }
        assignment.resolution = match &self.org.more_permission_sets {
            Some(reason) => Resolution::Unknown(format!("`{name}` could not be looked up: {reason}").into()),
            None => Resolution::Missing,
        };
        None
    }

    fn permission_set(&self, name: &str) -> Option<(Id, String, String)> {
        let of_sets = || self.org.permission_sets.iter().filter(|(_, set)| !matches!(set.kind, SetKind::OfProfile { .. }));
        let by_name = of_sets().find(|(id, set)| set.name.eq_ignore_ascii_case(name) || short(id) == short(name));
        let found = by_name.or_else(|| of_sets().find(|(_, set)| set.is_called(name)));
        found.map(|(id, set)| (id.clone(), set.name.clone(), set.label.clone()))
    }

    /// The permission set that a profile owns.
    fn profile(&self, name: &str) -> Option<(Id, String, String)> {
        let wanted = comparable(name);
        let found = self.org.permission_sets.iter().find(|(_, set)| match &set.kind {
            SetKind::OfProfile { profile } => comparable(&set.name) == wanted || short(profile) == short(name),
            SetKind::Regular | SetKind::OfGroup { .. } => false,
        });
        found.map(|(id, set)| (id.clone(), set.name.clone(), set.label.clone()))
    }

    /// A permission set or profile that the deployment creates. Nobody has it yet.
    fn add(&mut self, kind: HolderKind, name: String) -> Id {
        // No id of Salesforce's has this form, so that nothing refers to it.
        let id = format!("new{:012}", self.org.permission_sets.len());
        let set_kind = match kind {
            HolderKind::PermissionSet => SetKind::Regular,
            HolderKind::Profile => {
                let row = ProfileRow { name: name.clone(), license: String::new(), user_type: "Standard".to_owned() };
                self.org.profiles.insert(id.clone(), row);
                self.org.active_users_by_profile.insert(id.clone(), 0);
                SetKind::OfProfile { profile: id.clone() }
            }
        };
        let (label, permissions) = (name.clone(), BTreeSet::new());
        let set = PermissionSet { name, label, kind: set_kind, requires_activation: false, permissions };
        self.org.permission_sets.insert(id.clone(), set);
        self.org.permission_sets_looked_up.insert(id.clone());
        id
    }

    /// Why the users of a permission set may not all have been read: those of sets that grant no app are read only where they are asked for.
    fn unread(&self, id: &Id) -> Option<Reason> {
        let set = self.org.permission_sets.get(id)?;
        let is_read = matches!(set.kind, SetKind::OfProfile { .. })
            || self.org.permission_sets_looked_up.contains(id)
            || self.granting.contains(short(id));
        (!is_read).then(|| format!("who holds the permission set {} was not read", set.name).into())
    }
}
