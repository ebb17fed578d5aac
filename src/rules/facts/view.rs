//! What facts are read from: one subject and what there is around it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::declare::known;
use super::live::Live;
use super::org_view::OrgView;
use crate::access::blast_radius::blast_radius;
use crate::access::contract::{self, Use};
use crate::access::preflight::Subject;
use crate::inventory::app::{App, AppKind, CertificateRole};
use crate::inventory::blast_radius::BlastRadius;
use crate::inventory::contract::{Contract, Expectations, GovernanceKey};
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
    /// The apps that act as one user, by source and user name in lower case.
    acting_as: BTreeMap<(usize, String), Vec<&'a App>>,
    /// Why apps of a source may act as one user that nobody can tell.
    acting_unknown: BTreeMap<usize, Reason>,
    /// The facts about each folder of settings, made once for all apps.
    of_settings: Vec<Facts>,
    /// The facts about each source that has no settings; empty for the others.
    of_sources: Vec<Facts>,
}

/// Facts by their paths.
type Facts = Vec<(&'static str, FactValue)>;

/// How much an app opens.
impl Context<'_> {
    /// The blast radius of an app of the inventory.
    #[must_use]
    pub fn blast_radius(&self, app: &App) -> BlastRadius {
        blast_radius(app, self.inventory, self.live(app.source).map(Live::indexed))
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
            acting_as: BTreeMap::new(),
            acting_unknown: BTreeMap::new(),
            of_settings: Vec::new(),
            of_sources: Vec::new(),
        };
        inventory.apps.iter().for_each(|app| context.add(app));
        context.of_settings = (0..inventory.settings.len()).map(|index| context.of_settings(index)).collect();
        context.of_sources = (0..inventory.sources.len()).map(|source| context.of_source(source)).collect();
        context
    }

    fn of_settings(&self, index: usize) -> Facts {
        let Some(settings) = self.inventory.settings.get(index) else { return Facts::new() };
        facts_of(&OrgView { settings: Some(settings), index: Some(index), ..self.org(settings.source) })
    }

    fn of_source(&self, source: usize) -> Facts {
        let has_settings = self.inventory.settings.iter().any(|settings| settings.source == source);
        if has_settings { Facts::new() } else { facts_of(&self.org(source)) }
    }

    /// A source as an org, without its settings.
    fn org(&self, source: usize) -> OrgView<'_> {
        OrgView { settings: None, index: None, source, inventory: self.inventory, live: self.live.get(&source) }
    }

    /// The facts about a folder of settings.
    pub(super) fn facts_of_settings(&self, index: usize) -> impl Iterator<Item = (&'static str, FactValue)> {
        self.of_settings.get(index).into_iter().flatten().cloned()
    }

    /// The facts about a source without settings.
    pub(super) fn facts_of_source(&self, source: usize) -> impl Iterator<Item = (&'static str, FactValue)> {
        self.of_sources.get(source).into_iter().flatten().cloned()
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
        match self.acts_as(app) {
            Ok(Some(user)) => self.acting_as.entry((app.source, user.to_lowercase())).or_default().push(app),
            Ok(None) => {}
            Err(reason) => {
                let reason = || format!("whom {} acts as is not known: {reason}", app.name).into();
                self.acting_unknown.entry(app.source).or_insert_with(reason);
            }
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

    /// The one user an app acts as, by name; none where it acts as nobody or as several. That is the run-as user, or of a live org the only
    /// one who is assigned to the app.
    pub(super) fn acts_as(&self, app: &'a App) -> Result<Option<&'a str>, Reason> {
        if app.flows.client_credentials.value() != Some(&false) {
            let user = app.flows.client_credentials_user.state.as_ref().map_err(Reason::clone)?;
            if !user.trim().is_empty() {
                return Ok(Some(user.trim()));
            }
        }
        self.live.get(&app.source).map_or(Ok(None), |live| live.only_user(app))
    }

    /// The apps that act as the same user as this one, itself among them.
    pub(super) fn acting_alike(&self, source: usize, user: &str) -> &[&'a App] {
        self.acting_as.get(&(source, user.to_lowercase())).map_or(&[], Vec::as_slice)
    }

    /// Why further apps of a source may act as some user; none where that is known of all.
    pub(super) fn acting_unknown(&self, source: usize) -> Option<Reason> {
        let unread = || self.live.get(&source).and_then(|live| live.indexed().org.more_apps.clone());
        self.acting_unknown.get(&source).cloned().or_else(unread)
    }

    pub(super) fn same_certificate(&self, app: &'a App) -> &[&'a App] {
        oauth_fingerprint(app).and_then(|fingerprint| self.certificates.get(fingerprint)).map_or(&[], Vec::as_slice)
    }

    /// How many apps of a tree name a permission set.
    pub(super) fn apps_with_permission_set(&self, tree: usize, name: &'a str) -> usize {
        self.permission_sets.get(&(tree, name)).map_or(0, BTreeSet::len)
    }
}

/// Everything that is known of an org, live or of files.
fn facts_of(view: &OrgView<'_>) -> Facts {
    let of_live = view.live.into_iter().flat_map(Live::facts);
    super::of_org_view(view).chain(of_live).collect()
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
