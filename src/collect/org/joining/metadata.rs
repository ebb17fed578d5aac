//! Metadata and rows made one, and what depends on both.

use std::collections::{BTreeMap, BTreeSet};

use super::Joining;
use crate::collect::ProfilesToRead;
use crate::collect::component::settings::{self, SettingsFiles};
use crate::collect::org::apps::{self, Origins};
use crate::collect::org::ask::{Answer, ask, data, told};
use crate::collect::org::bodies::{Bodies, type_name};
use crate::collect::org::{ip_ranges, people, questions};
use crate::collect::tree::recognise::FileKind;
use crate::inventory::org::{Id, SetKind};
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Fact, Reason};
use crate::source::Api as ToldBy;

/// The abilities of users are asked for where few have an app: an integration has one user or a handful.
const FEW_USERS: usize = 5;
/// Users whose permissions are asked for at most.
const MOST_USERS_LOOKED_INTO: usize = 3_000;

impl Joining<'_> {
    /// Joins the metadata with the rows.
    pub(in crate::collect::org) fn apps(&mut self, mut bodies: Bodies) {
        self.problems.append(&mut bodies.problems);
        if let (Some(reason), Err(_)) = (bodies.unlisted(FileKind::ExternalClientApp), &self.rows.external) {
            self.gap("External Client Apps could not be looked for", reason);
        }
        self.org.more_apps = self.more_apps(&bodies);
        self.org.whole_parts = apps::whole_parts(&bodies);
        self.no_metadata = bodies.refused().cloned();
        let client = self.client;
        let (by_data, by_tooling) =
            (move |object: &str| data(object, client), move |object: &str| told(ToldBy::Tooling, object, client));
        let origins = Origins { data: &by_data, tooling: &by_tooling };
        (self.apps, self.orphans) = apps::join(&bodies, &self.rows, &self.schema, client.version().0, &origins);
        self.tell_installed();
        let granted = data("SetupEntityAccess", client);
        for app in &mut self.apps {
            self.grants.apply(app, &self.org, &granted);
        }
        self.settings = vec![self.settings_of(&bodies)];
    }

    /// An app that no list says the origin of is from a package where it has a namespace that is not the org's own.
    fn tell_installed(&mut self) {
        // Without the org's own record its namespace is not known.
        if self.org.identity.name.is_empty() {
            return;
        }
        let own = self.org.identity.namespace.as_str();
        for app in &mut self.apps {
            let is_foreign = !app.namespace().is_empty() && app.namespace() != own;
            if let Some(in_org) = app.in_org.as_mut().filter(|in_org| is_foreign && in_org.installed.state.is_err()) {
                in_org.installed = Fact::known(true);
            }
        }
    }

    /// Why there may be more apps: one of the lists of them failed or was cut off.
    fn more_apps(&self, bodies: &Bodies) -> Option<Reason> {
        let kinds = [FileKind::ConnectedApp, FileKind::ExternalClientApp];
        let unlisted = kinds.into_iter().filter(|kind| !bodies.absent.contains(kind)).find_map(|kind| bodies.unlisted(kind));
        unlisted.or(self.rows.connected.as_ref().err()).cloned().or_else(|| self.rows.connected.as_ref().ok()?.more.clone())
    }

    fn settings_of(&self, bodies: &Bodies) -> OrgSettings {
        let of = |kind: FileKind| bodies.read.iter().find(|body| body.kind == kind).map(|body| &body.record);
        let files = SettingsFiles {
            connected_apps: of(FileKind::ConnectedAppSettings),
            external_client_apps: of(FileKind::ExternalClientAppSettings),
            oauth: of(FileKind::OauthOidcSettings),
            security: of(FileKind::SecuritySettings),
        };
        let mut settings = settings::read(&files, 0, &self.request.name, Some(self.client.version().0));
        for (kind, why) in bodies.settings_unread() {
            settings::forget(&mut settings, type_name(kind), &why);
        }
        settings
    }

    /// What depends on both sides: run-as users, the abilities of the few who use an app, the IP ranges of profiles.
    pub(in crate::collect::org) async fn rest(&mut self) {
        let asked_for = self.request.user_names();
        let run_as = self.apps.iter().filter_map(|app| app.flows.client_credentials_user.value());
        let run_as: BTreeSet<String> =
            run_as.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty() && !asked_for.contains(name)).collect();
        let names: Vec<String> = run_as.into_iter().collect();
        let few = self.users_to_look_into();
        let ids: Vec<Id> = few.iter().cloned().collect();
        let visible = self.schema.visible_permissions().unwrap_or_default();
        let questions = vec![
            questions::users_named(&names),
            questions::powers_of("Assignee.Username", &names, &visible),
            questions::powers_of("AssigneeId", &ids, &visible),
        ];
        let profiles = self.profiles_of(&asked_for);
        let of_profiles = ip_ranges::of_profiles(self.client, self.request, &self.apps, &profiles, self.no_metadata.as_ref());
        let (round, ranges) = tokio::join!(ask(self.client, questions), of_profiles);
        let mut round = round.into_iter();
        let mut next = || round.next().unwrap_or_else(|| Ok(Answer::default()));
        let (run_as_users, run_as_powers, few_powers) = (next(), next(), next());
        let visible = self.org.visible_permissions.clone();
        people::add_permissions(&mut self.org, &few, &few_powers, &visible);
        self.users_named(&names, run_as_users, &run_as_powers);
        let (profiles, problems) = ranges;
        self.profiles = profiles;
        self.problems.extend(problems);
    }

    /// The profiles of users who were asked for by name, by their names in Setup; all that have active users, where rules ask for all.
    fn profiles_of(&self, users: &BTreeSet<String>) -> BTreeSet<String> {
        let named = self.org.users.values().filter(|user| !users.is_empty() && users.contains(&user.username.to_lowercase()));
        let named = named.map(|user| user.profile_name.clone()).filter(|name| !name.is_empty());
        if self.request.profiles != ProfilesToRead::All {
            return named.collect();
        }
        named.chain(self.org.profiles_in_use().map(|(_, profile)| profile.name.clone())).collect()
    }

    /// Active users who can do nothing but call APIs.
    fn api_only_users(&self) -> BTreeSet<Id> {
        let (mut sets, mut profiles) = (BTreeSet::new(), BTreeSet::new());
        for (id, set) in self.org.api_only_sets() {
            match &set.kind {
                SetKind::OfProfile { profile } => profiles.insert(profile),
                SetKind::Regular | SetKind::OfGroup { .. } => sets.insert(id),
            };
        }
        let assigned = self.org.assignments.rows.iter().filter(|row| row.active && sets.contains(&row.permission_set));
        let of_profile = self.org.users.iter().filter(|(_, user)| user.active && profiles.contains(&user.profile));
        assigned.map(|row| &row.user).chain(of_profile.map(|(id, _)| id)).cloned().collect()
    }

    /// Users of permission sets and profiles that few have, whose permissions nobody has asked for yet.
    fn users_to_look_into(&self) -> BTreeSet<Id> {
        let mut by_set: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
        for assigned in self.org.assignments.rows.iter().filter(|assigned| assigned.active) {
            by_set.entry(&assigned.permission_set).or_default().insert(&assigned.user);
        }
        let mut by_profile: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
        for (id, user) in self.org.users.iter().filter(|(_, user)| user.active) {
            by_profile.entry(&user.profile).or_default().insert(id);
        }
        let few = by_set.into_values().chain(by_profile.into_values()).filter(|users| users.len() <= FEW_USERS).flatten();
        // Non-human identities are looked into however many there are.
        let api_only = self.api_only_users();
        let unknown = few
            .chain(api_only.iter())
            .filter(|id| self.org.users.get(*id).is_some_and(|user| user.active && user.permissions.state.is_err()));
        unknown.take(MOST_USERS_LOOKED_INTO).cloned().collect()
    }
}
