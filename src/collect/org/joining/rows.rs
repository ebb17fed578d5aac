//! What the Data, Tooling and Connect APIs tell: who the org is, its permission sets, the people behind apps, their tokens.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Answers, Joining};
use crate::collect::org::ask::{Answer, Question, ask, data, told, unreadable};
use crate::collect::org::grants::Grants;
use crate::collect::org::questions::{self, Myself};
use crate::collect::org::row::Row;
use crate::collect::org::{directory, people, setup_changes, tokens};
use crate::diagnostic::Diagnostic;
use crate::inventory::org::{Id, Identity, Seen, SetKind};
use crate::inventory::profile::comparable;
use crate::inventory::{Fact, Reason};
use crate::salesforce::Api;
use crate::source::Api as ToldBy;

/// A profile with more active users than this is known by their number alone.
const MOST_USERS_OF_A_PROFILE: u64 = 2_000;

impl Joining<'_> {
    /// Everything that does not depend on metadata: the rows of apps, permission sets, assignments, users, tokens.
    pub(in crate::collect::org) async fn people(&mut self) {
        let mut questions = questions::first(&self.schema, self.client.version(), self.begun.myself.as_ref(), self.request.usage);
        questions.extend(self.request.setup_changes.then(questions::setup_changes));
        let (rows, tooling, health, used) = tokio::join!(
            self.ask_named(questions),
            self.connected_applications_in_tooling(),
            self.client.query::<Value>(Api::Tooling, "SELECT Score FROM SecurityHealthCheck"),
            self.client.oauth_usage(),
        );
        let mut answers = rows;
        self.rows.in_tooling = tooling;
        self.org.health_check_score = match health {
            Ok(rows) => {
                let score = rows.rows.into_iter().next().and_then(Row::new).and_then(|row| row.text("Score")?.parse().ok());
                let origin = told(ToldBy::Tooling, "SecurityHealthCheck", self.client);
                score.map_or_else(|| Fact::unknown("the Health Check has no score"), |score| Fact::read(score, origin))
            }
            Err(error) => Fact::unknown(unreadable("SecurityHealthCheck", &error)),
        };
        self.org.used_apps = match used {
            Ok(entries) => {
                let entries: Vec<Row> = entries.into_iter().filter_map(|entry| Row::new(Value::Object(entry))).collect();
                Seen::all(tokens::used_apps(&entries))
            }
            Err(error) => Seen::nothing(unreadable("the OAuth usage of apps", &error)),
        };
        self.identity(&mut answers);
        self.directory(&mut answers);
        self.asked_as(&mut answers);
        self.use_of_apps(&mut answers);
        self.assignments(&mut answers).await;
        self.rows.connected = self.needed("ConnectedApplication", answers.take("ConnectedApplication"));
        // Whether its absence matters is decided beside the metadata, which may list External Client Apps.
        self.rows.external = answers.take("ExternalClientApplication");
        self.rows.policies = answers.optional("ExtlClntAppOauthPlcyCnfg");
        self.rows.switches = answers.optional("ExtlClntAppPlcyCnfg");
        self.rows.scopes = answers.optional("ExtlClntAppOauthSettings");
    }

    async fn ask_named(&self, questions: Vec<Question>) -> Answers {
        // What was not described is asked for all the same, with the columns it must have: a query says better why it is not answered.
        let names: Vec<&'static str> = questions.iter().map(|question| question.object).collect();
        Answers(names.into_iter().zip(ask(self.client, questions).await).collect())
    }

    async fn connected_applications_in_tooling(&self) -> Option<Answer> {
        let soql = self.schema.select_connected_applications_in_tooling(&["Id"], questions::IN_TOOLING)?;
        let rows = self.client.query::<Value>(Api::Tooling, &soql).await.ok()?;
        let mut answer = Answer::default();
        answer.add("ConnectedApplication", rows);
        Some(answer)
    }

    fn identity(&mut self, answers: &mut Answers) {
        let answer = self.needed("Organization", answers.take("Organization"));
        let row = answer.ok().and_then(|answer| answer.rows.into_iter().next()).unwrap_or_default();
        self.org.identity = Identity {
            id: row.text("Id").or_else(|| self.begun.organization.clone()).unwrap_or_default(),
            name: row.word("Name"),
            sandbox: row.flag("IsSandbox") == Some(true),
            edition: row.word("OrganizationType"),
            instance: row.word("InstanceName"),
            namespace: row.word("NamespacePrefix"),
            host: self.client.host(),
        };
    }

    fn directory(&mut self, answers: &mut Answers) {
        let visible = self.schema.visible_permissions().map_err(Option::<&_>::cloned);
        self.org.visible_permissions = match &visible {
            Ok(visible) => Fact::known(visible.iter().map(|permission| (*permission).to_owned()).collect()),
            Err(error) => {
                Fact::unknown(error.as_ref().map_or_else(|| "not asked".into(), |error| unreadable("PermissionSet", error)))
            }
        };
        let profiles = self.needed("Profile", answers.take("Profile"));
        self.org.profiles = directory::profiles(&profiles);
        let sets = self.needed("PermissionSet", answers.take("PermissionSet"));
        (self.org.permission_sets, self.org.more_permission_sets) =
            directory::permission_sets(sets, &visible.unwrap_or_default(), &self.org.profiles);
        self.org.groups = directory::groups(
            answers.take("PermissionSetGroup"),
            answers.take("PermissionSetGroupComponent"),
            answers.take("MutingPermissionSet"),
            &self.org.permission_sets,
        );
        if let Some(reason) = self.org.groups.more.clone() {
            self.gap("permission set groups could not be read", &reason);
        }
    }

    /// Who the running user is and what that user may see.
    fn asked_as(&mut self, answers: &mut Answers) {
        let row = answers.take(questions::MYSELF).ok().and_then(|answer| answer.rows.into_iter().next());
        let id = match &self.begun.myself {
            Some(Myself::Id(id)) => id.clone(),
            _ => row.as_ref().map(|row| row.word("Id")).unwrap_or_default(),
        };
        self.org.asked_as.id = id;
        self.org.asked_as.username = match &row {
            Some(row) => row.word("Username"),
            None => self.client.username().unwrap_or_default(),
        };
        let sets = answers.take(questions::MY_SETS);
        self.org.asked_as.permissions = match (row, sets, &self.org.visible_permissions.state) {
            (Some(row), Ok(sets), Ok(_)) => {
                let assigned: Vec<Id> = sets.rows.iter().filter_map(|row| row.text("PermissionSetId")).collect();
                let own_sets = directory::own_sets(&self.org);
                let own = own_sets.get(&row.word("ProfileId"));
                Fact { state: directory::permissions_of(&self.org, assigned.iter().chain(own)), origins: Vec::new() }
            }
            _ => Fact::unknown("the permissions of the running user could not be read"),
        };
    }

    fn use_of_apps(&mut self, answers: &mut Answers) {
        self.rows.menu = answers.take("AppMenuItem");
        self.org.tokens = tokens::tokens(answers.take("OauthToken"), &self.rows.menu, &self.org.asked_as);
        if let Some(reason) = &self.org.tokens.more {
            self.problems.push(Diagnostic::warning("not all tokens are seen").label(reason.to_string()));
        }
        if self.request.setup_changes {
            self.org.setup_changes = Some(setup_changes::read(answers.take("SetupAuditTrail")));
        }
        if self.request.usage {
            self.org.log_ins = Some(tokens::log_ins(self.needed("LoginHistory", answers.take("LoginHistory"))));
        }
    }

    /// The people behind the grants and the tokens: one round of questions.
    async fn assignments(&mut self, answers: &mut Answers) {
        let can_view_setup = self.org.asked_as.permissions.value().map(|permissions| permissions.contains("ViewSetup"));
        let can_view_setup = can_view_setup.filter(|_| self.sees("ViewSetup"));
        let grants = self.needed("SetupEntityAccess", answers.take("SetupEntityAccess"));
        self.grants = Grants::read(grants, can_view_setup);
        self.frozen = people::frozen(answers.take("UserLogin"));
        let active_users = self.needed("User", answers.take("User")).map(|answer| directory::counts(&answer, "ProfileId"));
        self.org.active_users = match &active_users {
            Ok(counts) => Fact::read(counts.values().sum(), data("User", self.client)),
            Err(reason) => Fact::unknown(reason.clone()),
        };
        if let Ok(counted) = &active_users {
            // Profiles without active users are no group of the answer.
            let of = |profile: &Id| (profile.clone(), counted.get(profile).copied().unwrap_or_default());
            self.org.active_users_by_profile = self.org.profiles.keys().map(of).chain(counted.clone()).collect();
        }

        let (mut sets, mut profiles) = self.granting();
        self.look_up_permission_sets(&mut sets);
        self.look_up_profiles(&mut profiles);
        self.look_up_api_only(&mut sets, &mut profiles);
        let groups = self.groups_with(&sets);
        let owners: BTreeSet<Id> = self.org.tokens.rows.iter().map(|token| token.user.clone()).collect();
        let owners: Vec<Id> = owners.into_iter().collect();
        let names: Vec<String> = self.request.user_names().into_iter().collect();
        let visible = self.schema.visible_permissions().unwrap_or_default();
        let questions = vec![
            questions::assignments(&sets, &groups),
            questions::users_of_profiles(&profiles),
            questions::holders(&directory::powerful_sets(&self.org)),
            questions::users(&owners),
            questions::powers_of("AssigneeId", &owners, &visible),
            questions::users_named(&names),
            questions::assignments_of(&names),
            questions::powers_of("Assignee.Username", &names, &visible),
        ];
        let mut round = ask(self.client, questions).await.into_iter();
        let mut next = || round.next().unwrap_or_else(|| Ok(Answer::default()));
        let (assigned, of_profiles, holding, owning, powers) = (next(), next(), next(), next(), next());
        let (users, assigned_to_users, powers_of_users) = (next(), next(), next());
        let assigned = self.needed("PermissionSetAssignment", assigned);
        people::add_assignments(&mut self.org, assigned, &self.frozen);
        for users in [self.needed("User", of_profiles), self.needed("User", owning)].iter().flatten() {
            people::add_users(&mut self.org, users, &self.frozen);
        }
        self.org.holders = directory::holders(&self.org, &holding, &active_users);
        let visible = self.org.visible_permissions.clone();
        people::add_permissions(&mut self.org, &owners.into_iter().collect(), &powers, &visible);
        let users = self.users_named(&names, users, &powers_of_users);
        if let Ok(answer) = self.needed("PermissionSetAssignment", assigned_to_users) {
            people::add_assignments_of(&mut self.org, &users, &answer, &sets, &groups);
        }
    }

    /// Users who were asked for by name, and what they may do. Returns the ids of those there are.
    pub(super) fn users_named(
        &mut self,
        names: &[String],
        users: Result<Answer, Reason>,
        powers: &Result<Answer, Reason>,
    ) -> BTreeSet<Id> {
        let users = self.needed("User", users);
        let found = people::add_users_named(&mut self.org, names, users, &self.frozen);
        let visible = self.org.visible_permissions.clone();
        people::add_permissions(&mut self.org, &found, powers, &visible);
        found
    }

    fn sees(&self, permission: &str) -> bool {
        self.org.visible_permissions.value().is_some_and(|visible| visible.contains(permission))
    }

    /// Permission sets that grant apps, and profiles that do and are small enough to list their users.
    fn granting(&mut self) -> (Vec<Id>, Vec<Id>) {
        let (mut sets, mut profiles) = (Vec::new(), Vec::new());
        for id in self.grants.sets() {
            match self.org.permission_sets.get(&id).map(|set| &set.kind) {
                Some(SetKind::OfProfile { profile }) => profiles.push(profile.clone()),
                _ => sets.push(id),
            }
        }
        profiles.retain(|profile| self.is_small(profile));
        (sets, profiles)
    }

    /// Whether the users of a profile are few enough to list. A large one is remembered.
    fn is_small(&mut self, profile: &Id) -> bool {
        let users = self.org.active_users_by_profile.get(profile).copied().unwrap_or_default();
        if users > MOST_USERS_OF_A_PROFILE {
            self.org.large_profiles.insert(profile.clone());
        }
        users <= MOST_USERS_OF_A_PROFILE
    }

    /// Adds what makes users non-human identities, whether it grants an app or not.
    fn look_up_api_only(&mut self, sets: &mut Vec<Id>, profiles: &mut Vec<Id>) {
        let (mut more_sets, mut more_profiles) = (Vec::new(), Vec::new());
        for (id, set) in self.org.api_only_sets() {
            match &set.kind {
                SetKind::OfProfile { profile } => more_profiles.push(profile.clone()),
                SetKind::Regular | SetKind::OfGroup { .. } => more_sets.push(id.clone()),
            }
        }
        more_profiles.retain(|profile| self.is_small(profile));
        profiles.extend(more_profiles);
        profiles.sort_unstable();
        profiles.dedup();
        self.org.permission_sets_looked_up.extend(more_sets.iter().cloned());
        sets.extend(more_sets);
        sets.sort_unstable();
        sets.dedup();
    }

    /// Adds the permission sets that were asked for by name to those whose assignments are read.
    fn look_up_permission_sets(&mut self, sets: &mut Vec<Id>) {
        let names = &self.request.permission_sets;
        let called = self.org.permission_sets.iter().filter(|(_, set)| names.iter().any(|name| set.is_called(name)));
        self.org.permission_sets_looked_up = called.map(|(id, _)| id.clone()).collect();
        sets.extend(self.org.permission_sets_looked_up.iter().cloned());
        sets.sort_unstable();
        sets.dedup();
    }

    /// Adds the profiles whose users were asked for by name.
    fn look_up_profiles(&mut self, profiles: &mut Vec<Id>) {
        let asked: BTreeSet<String> = self.request.profile_users.iter().map(|name| comparable(name)).collect();
        let called = self.org.profiles.iter().filter(|(_, profile)| asked.contains(&comparable(&profile.name)));
        let mut called: Vec<Id> = called.map(|(id, _)| id.clone()).collect();
        called.retain(|profile| self.is_small(profile));
        profiles.extend(called);
        profiles.sort_unstable();
        profiles.dedup();
    }

    fn groups_with(&self, sets: &[Id]) -> Vec<Id> {
        let granting: BTreeSet<&Id> = sets.iter().collect();
        let holding = self.org.groups.rows.iter().filter(|group| group.permission_sets.iter().any(|set| granting.contains(set)));
        holding.map(|group| group.id.clone()).collect()
    }
}
