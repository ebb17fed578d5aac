//! An org and its apps, prepared for the facts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use crate::access::{Audience, Graph};
use crate::inventory::app::App;
use crate::inventory::org::{AppInOrg, LogInUse, Org, TokenUse, short};
use crate::inventory::{Fact, Inventory, Origin, Reason};
use crate::rules::value::{FactValue, Item, ItemValue, Value};
use crate::source::{Answer, Api, Location};

/// A live org, indexed.
pub(in crate::rules::facts) struct Live<'a> {
    pub(super) org: &'a Org,
    pub(super) graph: Graph<'a>,
    pub(super) today: Date,
    version: Option<u16>,
    /// By the app's id.
    tokens: HashMap<&'a str, Vec<&'a TokenUse>>,
    /// By name in lower case: those of apps without an id.
    nameless: BTreeMap<String, Vec<&'a TokenUse>>,
    /// How many apps of the org have a name or label, in lower case.
    names: HashMap<String, usize>,
    log_ins: HashMap<String, Vec<&'a LogInUse>>,
    /// The facts about the org, made once for all its apps.
    facts: Vec<(&'static str, FactValue)>,
}

impl<'a> Live<'a> {
    /// Indexes the org that a source is; none for a tree.
    pub(in crate::rules::facts) fn new(inventory: &'a Inventory, source: usize, today: Date) -> Option<Self> {
        let org = inventory.org(source)?;
        let about = inventory.sources.get(source)?;
        let mut live = Self {
            org,
            graph: Graph::new(org),
            today,
            version: about.api_version,
            tokens: HashMap::new(),
            nameless: BTreeMap::new(),
            names: HashMap::new(),
            log_ins: HashMap::new(),
            facts: Vec::new(),
        };
        for app in inventory.apps.iter().filter(|app| app.source == source) {
            for name in names_of(app) {
                *live.names.entry(name).or_default() += 1;
            }
        }
        for row in &org.tokens.rows {
            match &row.app {
                Some(app) => live.tokens.entry(short(app)).or_default().push(row),
                None => live.nameless.entry(row.app_name.trim().to_lowercase()).or_default().push(row),
            }
        }
        for row in org.log_ins.iter().flat_map(|seen| &seen.rows) {
            live.log_ins.entry(row.application.trim().to_lowercase()).or_default().push(row);
        }
        live.facts = super::OF_ORG.iter().map(|declared| (declared.fact.path, (declared.read)(&live))).collect();
        Some(live)
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
        self.graph.user(user).map_or(user, |(_, user)| &user.username)
    }

    /// Tokens of apps without an id whose name no app of the org has, by that name.
    pub(super) fn tokens_of_no_app(&self) -> impl Iterator<Item = &[&'a TokenUse]> {
        self.nameless.iter().filter(|(name, _)| !self.names.contains_key(*name)).map(|(_, rows)| rows.as_slice())
    }
}

/// An app of a live org.
pub(in crate::rules::facts) struct View<'a> {
    pub(super) app: &'a App,
    pub(super) in_org: Option<&'a AppInOrg>,
    pub(super) live: &'a Live<'a>,
    pub(super) audience: Audience<'a>,
}

impl<'a> View<'a> {
    pub(in crate::rules::facts) fn new(app: &'a App, live: &'a Live<'a>) -> Self {
        let nothing = || Audience { grants: Vec::new(), more: Some("the org told nothing of the app but its metadata".into()) };
        let in_org = app.in_org.as_ref();
        let audience = in_org.map_or_else(nothing, |in_org| live.graph.audience(in_org));
        Self { app, in_org, live, audience }
    }

    /// The tokens of the app, and why there may be more.
    ///
    /// Tokens tell their app by id, through its menu item. Those that do not are the app's where no other app has the name.
    pub(super) fn tokens(&self) -> (Vec<&'a TokenUse>, Option<Reason>) {
        let id = self.in_org.and_then(|in_org| in_org.id.as_deref());
        let by_id = id.and_then(|id| self.live.tokens.get(short(id))).into_iter().flatten();
        let by_name = self.own_names().into_iter().filter_map(|name| self.live.nameless.get(&name)).flatten();
        let more = self.live.org.tokens.more.clone().or_else(|| {
            let untold = id.is_none() && !self.live.tokens.is_empty();
            untold.then(|| "the org gives no id of the app, by which tokens tell what they are for".into())
        });
        let shared = names_of(self.app)
            .into_iter()
            .find(|name| self.live.nameless.contains_key(name) && self.live.names.get(name).is_some_and(|apps| *apps > 1));
        let more = more.or_else(|| {
            shared.map(|name| format!("several apps are called `{name}`, and tokens do not say whose they are").into())
        });
        (by_id.chain(by_name).copied().collect(), more)
    }

    /// The log-ins of the app, told by its name; none where they were not asked for.
    pub(super) fn log_ins(&self) -> Option<(Vec<&'a LogInUse>, Option<Reason>)> {
        let asked = self.live.org.log_ins.as_ref()?;
        let rows = self.own_names().into_iter().filter_map(|name| self.live.log_ins.get(&name)).flatten().copied().collect();
        Some((rows, asked.more.clone()))
    }

    /// The names of the app that no other app of the org has, in lower case.
    fn own_names(&self) -> BTreeSet<String> {
        names_of(self.app).into_iter().filter(|name| self.live.names.get(name) == Some(&1)).collect()
    }
}

fn names_of(app: &App) -> BTreeSet<String> {
    let label = app.label.value().map_or("", String::as_str);
    [app.name.as_str(), label].into_iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
}

/// An element of a list of objects.
pub(super) fn entry(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Item {
    Item { value: ItemValue::Object(fields.into_iter().collect()), origin: None }
}

/// A number as conditions have it.
pub(super) fn int(number: impl TryInto<i64>) -> Value {
    Value::Int(number.try_into().unwrap_or(i64::MAX))
}
