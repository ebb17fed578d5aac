//! An org and its apps, prepared for the facts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::access::{Audience, LiveOrg, Via};
use crate::inventory::app::App;
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::org::{LogInUse, TokenUse};
use crate::inventory::{Fact, Inventory, Origin, Profile, Reason};
use crate::rules::value::{FactValue, Item, ItemValue, Value};
use crate::source::{Answer, Api, Location};

/// A live org, indexed.
pub(in crate::rules::facts) struct Live<'a> {
    pub(super) indexed: LiveOrg<'a>,
    pub(super) today: Date,
    version: Option<u16>,
    /// The profiles whose login restrictions were read, by name.
    profiles: BTreeMap<&'a str, &'a Profile>,
    /// The user names that apps run as, in lower case.
    run_as: BTreeSet<String>,
    /// The facts about the org, made once for all its apps.
    facts: Vec<(&'static str, FactValue)>,
}

impl<'a> Live<'a> {
    /// Indexes the org that a source is; none for a tree.
    pub(in crate::rules::facts) fn new(inventory: &'a Inventory, source: usize, today: Date) -> Option<Self> {
        let indexed = LiveOrg::new(inventory, source)?;
        let version = inventory.sources.get(source)?.api_version;
        let profiles = inventory.profiles.iter().filter(|profile| profile.source == source);
        let profiles = profiles.map(|profile| (profile.name.as_str(), profile)).collect();
        let run_as =
            inventory.apps.iter().filter(|app| app.source == source).filter_map(|app| app.flows.client_credentials_user.value());
        let run_as = run_as.map(|user| user.trim().to_lowercase()).filter(|user| !user.is_empty()).collect();
        let mut live = Self { indexed, today, version, profiles, run_as, facts: Vec::new() };
        let declared = super::OF_ORG.iter().flat_map(|table| table.iter());
        live.facts = declared.map(|declared| (declared.fact.path, (declared.read)(&live))).collect();
        Some(live)
    }

    /// The org, indexed.
    pub(in crate::rules::facts) const fn indexed(&self) -> &LiveOrg<'a> {
        &self.indexed
    }

    /// The facts about the org itself.
    pub(in crate::rules::facts) fn facts(&self) -> impl Iterator<Item = (&'static str, FactValue)> {
        self.facts.iter().cloned()
    }

    /// Whether an app runs as this user.
    pub(super) fn is_run_as(&self, username: &str) -> bool {
        self.run_as.contains(&username.to_lowercase())
    }

    /// What a profile says of where and when its users may log in.
    ///
    /// # Errors
    ///
    /// The profile was not read.
    pub(super) fn login_restrictions(&self, profile: &str) -> Result<&'a Profile, Reason> {
        let read = self.profiles.get(profile).copied();
        read.ok_or_else(|| format!("the login restrictions of the profile `{profile}` were not read").into())
    }

    /// Why the login restrictions of a profile that has users are not among these; none where all are.
    pub(in crate::rules::facts) fn unread_profile<'p>(&self, read: impl Iterator<Item = &'p Profile>) -> Option<Reason> {
        let read: BTreeSet<&str> = read.map(|profile| profile.name.as_str()).collect();
        if let Err(reason) = &self.indexed.org.active_users.state {
            return Some(reason.clone());
        }
        if self.indexed.org.profiles.is_empty() {
            return Some("the profiles of the org could not be read".into());
        }
        let unread = self.indexed.org.profiles_in_use().find(|(_, profile)| !read.contains(profile.name.as_str()));
        unread.map(|(_, profile)| format!("the login restrictions of the profile `{}` were not read", profile.name).into())
    }

    /// The only active user who is assigned to an app, by name; none where everybody may use it, where profiles grant it, and where there
    /// are none or several.
    ///
    /// # Errors
    ///
    /// Why there may be one.
    pub(in crate::rules::facts) fn only_user(&self, app: &'a App) -> Result<Option<&'a str>, Reason> {
        if app.access.permitted_users.value() == Some(&PermittedUsers::SelfAuthorize) {
            return Ok(None);
        }
        let audience = self.indexed.graph.audience_of(app);
        if audience.ways().any(|way| matches!(way.via, Via::Profile { .. })) {
            return Ok(None);
        }
        let active: BTreeMap<&str, &str> = audience
            .holders()
            .filter(|(_, holder)| holder.is_active())
            .filter_map(|(_, holder)| Some((holder.id, holder.user?.username.as_str())))
            .collect();
        let mut users = active.into_values();
        match (users.next(), users.next(), audience.more_users()) {
            (_, Some(_), _) => Ok(None),
            (_, None, Some(reason)) => Err(reason.clone()),
            (only, None, None) => Ok(only),
        }
    }

    /// An object of the Data API that facts are from.
    pub(super) fn object(&self, name: &str) -> Vec<Origin> {
        self.told(Api::Data, name)
    }

    /// An object of any API that facts are from.
    pub(super) fn told(&self, api: Api, name: &str) -> Vec<Origin> {
        let answer = self.version.map(|version| Answer { api, version });
        answer.map(|answer| Origin::Stated(Location::object(name, answer))).into_iter().collect()
    }

    /// A list whose every element is worth saying: known when it holds something, or when it is whole.
    pub(super) fn found(&self, items: Vec<Item>, more: Option<Reason>, object: &str) -> FactValue {
        match more {
            Some(reason) if items.is_empty() => Fact::unknown(reason),
            _ => Fact::known(Value::List(items)),
        }
        .with_origins(self.object(object))
    }

    /// A list that rules pick from: known only when it is whole.
    pub(super) fn whole(&self, items: Vec<Item>, more: Option<Reason>, object: &str) -> FactValue {
        more.map_or_else(|| Fact::known(Value::List(items)), Fact::unknown).with_origins(self.object(object))
    }

    /// A value with the object it is from.
    pub(super) fn value(&self, value: impl Into<Value>, object: &str) -> FactValue {
        Fact::known(value.into()).with_origins(self.object(object))
    }

    /// A user's name; the id where the user could not be read.
    pub(super) fn name_of<'u>(&self, user: &'u str) -> &'u str
    where
        'a: 'u,
    {
        self.indexed.graph.user(user).map_or(user, |(_, user)| &user.username)
    }
}

/// An app of a live org.
pub(in crate::rules::facts) struct View<'a> {
    pub(super) app: &'a App,
    pub(super) live: &'a Live<'a>,
    pub(super) audience: Audience<'a>,
}

impl<'a> View<'a> {
    pub(in crate::rules::facts) fn new(app: &'a App, live: &'a Live<'a>) -> Self {
        Self { app, live, audience: live.indexed.graph.audience_of(app) }
    }

    /// The tokens of the app, and why there may be more.
    pub(super) fn tokens(&self) -> (Vec<&'a TokenUse>, Option<Reason>) {
        self.live.indexed.usage.tokens(self.app)
    }

    /// The log-ins of the app; none where they were not asked for.
    pub(super) fn log_ins(&self) -> Option<(Vec<&'a LogInUse>, Option<Reason>)> {
        self.live.indexed.usage.log_ins(self.app)
    }
}

/// An element of a list of objects.
pub(super) fn entry(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Item {
    Item { value: ItemValue::Object(fields.into_iter().collect()), origin: None }
}

/// A number as conditions have it.
pub(super) fn int(number: impl TryInto<i64>) -> Value {
    Value::Int(number.try_into().unwrap_or(i64::MAX))
}
