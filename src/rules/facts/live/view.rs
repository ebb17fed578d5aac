//! An org and its apps, prepared for the facts.

use jiff::civil::Date;

use crate::access::{Audience, LiveOrg};
use crate::inventory::app::App;
use crate::inventory::org::{LogInUse, TokenUse};
use crate::inventory::{Fact, Inventory, Origin, Reason};
use crate::rules::value::{FactValue, Item, ItemValue, Value};
use crate::source::{Answer, Api, Location};

/// A live org, indexed.
pub(in crate::rules::facts) struct Live<'a> {
    pub(super) indexed: LiveOrg<'a>,
    pub(super) today: Date,
    version: Option<u16>,
    /// The facts about the org, made once for all its apps.
    facts: Vec<(&'static str, FactValue)>,
}

impl<'a> Live<'a> {
    /// Indexes the org that a source is; none for a tree.
    pub(in crate::rules::facts) fn new(inventory: &'a Inventory, source: usize, today: Date) -> Option<Self> {
        let indexed = LiveOrg::new(inventory, source)?;
        let version = inventory.sources.get(source)?.api_version;
        let mut live = Self { indexed, today, version, facts: Vec::new() };
        live.facts = super::OF_ORG.iter().map(|declared| (declared.fact.path, (declared.read)(&live))).collect();
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
