//! Who uses an app: the tokens and log-ins that are its, told by id or, where there is none, by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::inventory::Reason;
use crate::inventory::app::App;
use crate::inventory::org::{LogInUse, Org, TokenUse, short};

/// The tokens and log-ins of an org, by app.
#[derive(Debug)]
pub struct Usage<'a> {
    org: &'a Org,
    /// By the app's id.
    tokens: HashMap<&'a str, Vec<&'a TokenUse>>,
    /// By name in lower case: those of apps without an id.
    nameless: BTreeMap<String, Vec<&'a TokenUse>>,
    /// How many apps of the org have a name or label, in lower case.
    names: HashMap<String, usize>,
    log_ins: HashMap<String, Vec<&'a LogInUse>>,
}

impl<'a> Usage<'a> {
    /// Indexes an org and its apps.
    pub fn new(org: &'a Org, apps: impl Iterator<Item = &'a App>) -> Self {
        let mut usage =
            Self { org, tokens: HashMap::new(), nameless: BTreeMap::new(), names: HashMap::new(), log_ins: HashMap::new() };
        for name in apps.flat_map(names_of) {
            *usage.names.entry(name).or_default() += 1;
        }
        for row in &org.tokens.rows {
            match &row.app {
                Some(app) => usage.tokens.entry(short(app)).or_default().push(row),
                None => usage.nameless.entry(row.app_name.trim().to_lowercase()).or_default().push(row),
            }
        }
        for row in org.log_ins.iter().flat_map(|seen| &seen.rows) {
            usage.log_ins.entry(row.application.trim().to_lowercase()).or_default().push(row);
        }
        usage
    }

    /// The tokens of an app, and why there may be more.
    ///
    /// Tokens tell their app by id, through its menu item. Those that do not are the app's where no other app has the name.
    #[must_use]
    pub fn tokens(&self, app: &App) -> (Vec<&'a TokenUse>, Option<Reason>) {
        let id = app.in_org.as_ref().and_then(|in_org| in_org.id.as_deref());
        let by_id = id.and_then(|id| self.tokens.get(short(id))).into_iter().flatten();
        let by_name = self.own_names(app).into_iter().filter_map(|name| self.nameless.get(&name)).flatten();
        let more = self.org.tokens.more.clone().or_else(|| {
            let untold = id.is_none() && !self.tokens.is_empty();
            untold.then(|| "the org gives no id of the app, by which tokens tell what they are for".into())
        });
        let shared = names_of(app)
            .into_iter()
            .find(|name| self.nameless.contains_key(name) && self.names.get(name).is_some_and(|apps| *apps > 1));
        let more = more.or_else(|| {
            shared.map(|name| format!("several apps are called `{name}`, and tokens do not say whose they are").into())
        });
        (by_id.chain(by_name).copied().collect(), more)
    }

    /// The log-ins of an app, told by its name, and why there may be more; none where they were not asked for.
    #[must_use]
    pub fn log_ins(&self, app: &App) -> Option<(Vec<&'a LogInUse>, Option<Reason>)> {
        let asked = self.org.log_ins.as_ref()?;
        let rows = self.own_names(app).into_iter().filter_map(|name| self.log_ins.get(&name)).flatten().copied().collect();
        Some((rows, asked.more.clone()))
    }

    /// Tokens of apps without an id whose name no app of the org has, by that name.
    pub fn tokens_of_no_app(&self) -> impl Iterator<Item = &[&'a TokenUse]> {
        self.nameless.iter().filter(|(name, _)| !self.names.contains_key(*name)).map(|(_, rows)| rows.as_slice())
    }

    /// The names of an app that no other app of the org has, in lower case.
    fn own_names(&self, app: &App) -> BTreeSet<String> {
        names_of(app).into_iter().filter(|name| self.names.get(name) == Some(&1)).collect()
    }
}

fn names_of(app: &App) -> BTreeSet<String> {
    let label = app.label.value().map_or("", String::as_str);
    [app.name.as_str(), label].into_iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
}
