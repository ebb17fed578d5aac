//! What facts are read from: one subject and what there is around it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::declare::known;
use super::live::Live;
use crate::access::blast_radius::blast_radius;
use crate::access::contract::{self, Use};
use crate::access::preflight::Subject;
use crate::inventory::app::{App, AppKind, CertificateRole};
use crate::inventory::blast_radius::BlastRadius;
use crate::inventory::contract::{Contract, Expectations, GovernanceKey};
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Fact, Inventory, Origin, Reason};
use crate::rules::value::{FactValue, Item, Value};

/// The inventory with what has to be known of all apps to say something of one.
pub struct Context<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) today: Date,
    names: BTreeMap<(AppKind, usize, &'a str), Vec<&'a App>>,
    keys: BTreeMap<[u8; 32], Vec<&'a App>>,
    certificates: BTreeMap<&'a str, Vec<&'a App>>,
    permission_sets: BTreeMap<(usize, &'a str), BTreeSet<&'a str>>,
    /// The sources that are live orgs.
    live: BTreeMap<usize, Live<'a>>,
}

/// How much an app opens.
impl Context<'_> {
    /// The blast radius of an app of the inventory.
    #[must_use]
    pub fn blast_radius(&self, app: &App) -> BlastRadius {
        blast_radius(app, self.live(app.source).map(Live::indexed))
    }
}

impl<'a> Context<'a> {
    /// Prepares an inventory. `today` decides which certificates have expired and how long ago things were.
    #[must_use]
    pub fn new(inventory: &'a Inventory, today: Date) -> Self {
        let mut context = Self {
            inventory,
            today,
            names: BTreeMap::new(),
            keys: BTreeMap::new(),
            certificates: BTreeMap::new(),
            permission_sets: BTreeMap::new(),
            live: (0..inventory.sources.len()).filter_map(|source| Some((source, Live::new(inventory, source, today)?))).collect(),
        };
        inventory.apps.iter().for_each(|app| context.add(app));
        context
    }

    /// The day of the audit.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    fn add(&mut self, app: &'a App) {
        self.names.entry((app.kind, app.source, &app.name)).or_default().push(app);
        if let Some(Some(key)) = app.oauth.consumer_key.value() {
            self.keys.entry(key.digest).or_default().push(app);
        }
        if let Some(fingerprint) = oauth_fingerprint(app) {
            self.certificates.entry(fingerprint).or_default().push(app);
        }
        for set in app.access.permission_sets.value().into_iter().flatten() {
            self.permission_sets.entry((app.source, &set.name)).or_default().insert(&app.name);
        }
    }

    /// The live org that a source is; none for a tree.
    pub(super) fn live(&self, source: usize) -> Option<&Live<'a>> {
        self.live.get(&source)
    }

    pub(super) fn same_name(&self, app: &'a App) -> &[&'a App] {
        self.names.get(&(app.kind, app.source, app.name.as_str())).map_or(&[], Vec::as_slice)
    }

    pub(super) fn same_key(&self, app: &App) -> &[&'a App] {
        let key = app.oauth.consumer_key.value().and_then(Option::as_ref);
        key.and_then(|key| self.keys.get(&key.digest)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn same_certificate(&self, app: &'a App) -> &[&'a App] {
        oauth_fingerprint(app).and_then(|fingerprint| self.certificates.get(fingerprint)).map_or(&[], Vec::as_slice)
    }

    /// How many apps of a tree name a permission set.
    pub(super) fn apps_with_permission_set(&self, tree: usize, name: &'a str) -> usize {
        self.permission_sets.get(&(tree, name)).map_or(0, BTreeSet::len)
    }
}

fn oauth_fingerprint(app: &App) -> Option<&str> {
    let certificates = app.certificates.value()?;
    let oauth = certificates.iter().find(|entry| entry.role == CertificateRole::OAuth)?;
    oauth.certificate.details.as_ref().ok().map(|details| details.fingerprint.as_str())
}

/// The paths of the other apps of a group, as a list.
pub(super) fn paths(group: &[&App], app: &App) -> FactValue {
    let others = group.iter().filter(|other| other.location != app.location);
    let items =
        others.map(|other| Item::text(other.location.path().as_ref(), Some(Origin::Stated(other.location.clone())))).collect();
    known(Value::List(items))
}

/// An app with its contract.
pub(super) struct AppView<'a> {
    pub(super) app: &'a App,
    pub(super) context: &'a Context<'a>,
    pub(super) contract: Option<&'a Contract>,
    /// Whether every app has to have a contract.
    pub(super) contract_required: bool,
    /// What would come of the requests of the contract's users: several facts tell of it.
    uses: OnceCell<Result<Vec<Use<'a>>, Reason>>,
    blast_radius: OnceCell<BlastRadius>,
}

impl<'a> AppView<'a> {
    pub(super) const fn new(app: &'a App, expectations: Expectations<'a>, context: &'a Context<'a>) -> Self {
        let Expectations { contract, contract_required } = expectations;
        Self { app, context, contract, contract_required, uses: OnceCell::new(), blast_radius: OnceCell::new() }
    }

    /// How much of the org a token of the app opens.
    pub(super) fn blast_radius(&self) -> &BlastRadius {
        self.blast_radius.get_or_init(|| self.context.blast_radius(self.app))
    }

    /// What would come of the requests of the contract's users, or why that is not known. Without users there are none.
    pub(super) fn uses(&self) -> Result<&[Use<'a>], &Reason> {
        let uses = self.uses.get_or_init(|| {
            let Some(contract) = self.contract.filter(|contract| !contract.users.is_empty()) else { return Ok(Vec::new()) };
            let live = self.context.live(self.app.source).map(Live::indexed);
            let subject = Subject::new(self.context.inventory, self.app, live, self.context.today);
            contract::uses(&subject, contract)
        });
        uses.as_deref()
    }
}

/// The settings that are valid for a subject; none where its tree has none.
pub(super) struct OrgView<'a> {
    pub(super) settings: Option<&'a OrgSettings>,
    pub(super) root: &'a str,
    /// Whether it is a live org: there settings exist, read or not.
    pub(super) live: bool,
}

impl<'a> OrgView<'a> {
    pub(super) fn folder(&self) -> &'a str {
        self.settings.map_or(self.root, |settings| &settings.folder)
    }

    pub(super) fn fact<T: Copy + Into<Value>>(&self, read: impl Fn(&OrgSettings) -> &Fact<T>, file: &str) -> FactValue {
        match self.settings {
            Some(settings) => read(settings).map(|value| (*value).into()),
            None if self.live => Fact::unknown("the settings of the org could not be read"),
            None => Fact::unknown(format!("{file} is not in the source")),
        }
    }

    pub(super) fn stated<T: Copy + Into<Value>>(&self, read: impl Fn(&OrgSettings) -> &Fact<Option<T>>) -> FactValue {
        match self.settings {
            Some(settings) => read(settings).map(|value| (*value).into()),
            None if self.live => Fact::unknown("the settings of the org could not be read"),
            None => known(Value::Absent),
        }
    }
}

/// A contract and what it is about in an audit.
#[derive(Clone, Debug)]
pub struct PatternView<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// Number of apps of the audit that its name or glob matches, whether or not another contract wins for some of them.
    pub apps: usize,
    /// Whether an app that it matches can be expected in the audit.
    pub app_expected: Fact<bool>,
    /// What the policy wants every contract to say.
    pub required: &'a [GovernanceKey],
}
