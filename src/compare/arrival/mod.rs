//! Whether what files declare has arrived in an org: what a deployment may have lost on the way.
//!
//! Only what files state is asked for. What the org has besides is its own affair, and told by a comparison of both.

mod access;
mod deletion;
mod facts;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::of_inventory::access_of_org;
use crate::access::LiveOrg;
use crate::finding::{ORG, Subject};
use crate::inventory::app::{App, AppKind};
use crate::inventory::contract::{Expectations, Governance};
use crate::inventory::{Inventory, Origin, Reason};
use crate::rules::facts::{self as app_facts, Context};

/// What a deployment declares.
pub struct Declared<'a> {
    /// What its files say.
    pub inventory: &'a Inventory,
    /// The same, for facts.
    pub context: &'a Context<'a>,
    /// External Client Apps of which it has parts alone.
    pub partial: &'a [App],
    /// The apps, and parts of apps, that it deletes.
    pub deleted: &'a [Deleted],
    /// How an app is named.
    pub subject: &'a dyn Fn(&App) -> Subject,
}

/// A component that is to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Its metadata type.
    pub metadata_type: String,
    /// Its full name.
    pub name: String,
    /// Where that is said.
    pub place: Origin,
}

/// What became of what was declared.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    /// How many things arrived.
    pub arrived: usize,
    /// What did not.
    pub lost: Vec<Lost>,
    /// Of what the org does not tell.
    pub untold: Vec<Untold>,
}

/// Something declared.
#[derive(Clone, Debug)]
pub struct Thing {
    /// What it is about: an app, or the org.
    pub subject: Subject,
    /// What of it.
    pub what: What,
    /// Where it is declared.
    pub place: Option<Origin>,
}

/// What can be declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The app itself.
    App,
    /// A part of an External Client App: its metadata type.
    Part(&'static str),
    /// A switch in a part, which makes a fact together with others: the fact, the element, and whether it is on.
    Switch(&'static str, &'static str, bool),
    /// A fact, and its value; of a list the elements that are missing, where it may have others.
    Fact(&'static str, Json),
    /// The consumer key, in short.
    ConsumerKey(String),
    /// An assignment: `profile` or `permission-set`, and its name.
    Assigned(&'static str, String),
    /// That no profile, or permission set, is assigned.
    NoneAssigned(&'static str),
    /// That a component is gone: its metadata type.
    Gone(String),
}

/// Something that did not arrive.
#[derive(Clone, Debug)]
pub struct Lost {
    /// What.
    pub thing: Thing,
    /// What the org has in its place; null for nothing.
    pub there: Json,
    /// What is known of the platform that explains it.
    pub known: Option<&'static str>,
}

/// Something of which the org does not tell.
#[derive(Clone, Debug)]
pub struct Untold {
    /// What.
    pub thing: Thing,
    /// Why not.
    pub reason: Reason,
}

const UNREAD: &str = "the org could not be read";

/// Salesforce's announcement for Spring '26.
const NO_NEW_CONNECTED_APPS: &str =
    "since Spring '26 orgs create no new connected apps, unless Salesforce Support has enabled it; existing ones can be deployed";
/// Holds what is declared against an org: `org` is the inventory of one org.
#[must_use]
pub fn arrivals(declared: &Declared<'_>, org: &Inventory, context: &Context<'_>) -> Arrivals {
    let live = LiveOrg::each(org).into_iter().next().flatten();
    let mut check = Check { declared, org, context, live, out: Arrivals::default() };
    for app in declared.inventory.apps.iter().chain(declared.partial) {
        check.app(app);
    }
    check.settings();
    for deleted in declared.deleted {
        check.deleted(deleted);
    }
    check.out
}

/// Paths of files.
type Paths = BTreeSet<Arc<str>>;

struct Check<'a> {
    declared: &'a Declared<'a>,
    org: &'a Inventory,
    context: &'a Context<'a>,
    live: Option<LiveOrg<'a>>,
    out: Arrivals,
}

impl Check<'_> {
    /// An app of the org by its kind and full name. In an org with a namespace of its own names may have that in front.
    fn find(&self, kind: AppKind, name: &str) -> Option<&App> {
        let qualified = self.qualified(name);
        let is_it = |app: &&App| app.kind == kind && (app.name == name || Some(&app.name) == qualified.as_ref());
        self.org.apps.iter().find(is_it)
    }

    /// A name with the namespace of the org in front; none where it has none.
    fn qualified(&self, name: &str) -> Option<String> {
        let namespace = self.live.as_ref().map(|live| live.org.identity.namespace.as_str()).filter(|it| !it.is_empty());
        namespace.map(|namespace| format!("{namespace}__{name}"))
    }

    /// Why the org may have an app that was not seen; none where it has not.
    fn unseen(&self) -> Option<Reason> {
        match &self.live {
            None => Some(UNREAD.into()),
            Some(live) => live.org.more_apps.clone(),
        }
    }

    fn app(&mut self, app: &App) {
        let subject = (self.declared.subject)(app);
        let place = Some(Origin::Stated(app.location.clone()));
        let thing = Thing { subject: subject.clone(), what: What::App, place };
        let Some(there) = self.find(app.kind, &app.name).cloned() else {
            let known = (app.kind == AppKind::ConnectedApp).then_some(NO_NEW_CONNECTED_APPS);
            return self.missing(thing, Json::Null, known);
        };
        self.out.arrived += 1;
        let missing = self.parts(&subject, app, &there);
        let written = app_facts::of_app(app, Expectations::default(), self.declared.context);
        let in_org = app_facts::of_app(&there, Expectations::default(), self.context);
        self.facts(&subject, "app.", (&written, &missing), &in_org);
        self.switches(&subject, app, &there, &missing);
        self.key(&subject, app, (&there, &missing));
        let access = self.live.as_ref().map(|live| access_of_org(&there, live));
        if let Some(access) = access {
            self.assignments(&subject, app, &access);
        }
    }

    /// Parts that the org does not have, by the paths of their files: what these say is not asked for one by one.
    fn parts(&mut self, subject: &Subject, app: &App, there: &App) -> Paths {
        let is_read = there.in_org.as_ref().is_some_and(|in_org| in_org.body.value() == Some(&true));
        let whole = self.live.as_ref().filter(|_| is_read).map(|live| &live.org.whole_parts);
        let mut missing = Paths::new();
        for (part, places) in &app.parts {
            let Some(metadata_type) = part.metadata_type() else { continue };
            if there.parts.contains_key(part) {
                self.out.arrived += 1;
            } else if whole.is_some_and(|whole| whole.contains(part)) {
                let place = places.first().cloned().map(Origin::Stated);
                let thing = Thing { subject: subject.clone(), what: What::Part(metadata_type), place };
                self.out.lost.push(Lost { thing, there: Json::Null, known: None });
                missing.extend(places.iter().map(|place| Arc::clone(place.path())));
            }
        }
        missing
    }

    /// Something that is not in the org, unless nobody knows.
    fn missing(&mut self, thing: Thing, there: Json, known: Option<&'static str>) {
        match self.unseen() {
            Some(reason) => self.out.untold.push(Untold { thing, reason }),
            None => self.out.lost.push(Lost { thing, there, known }),
        }
    }

    /// Settings files, each folder of them.
    fn settings(&mut self) {
        let of_org = if self.org.settings.is_empty() {
            app_facts::of_source(0, self.context)
        } else {
            app_facts::of_settings(0, self.context)
        };
        for index in 0..self.declared.inventory.settings.len() {
            let subject = self.org_subject();
            let written = app_facts::of_settings(index, self.declared.context);
            self.facts(&subject, "org.", (&written, &Paths::new()), &of_org);
        }
    }

    fn org_subject(&self) -> Subject {
        let name = self.org.sources.first().map(|source| source.name.clone()).unwrap_or_default();
        Subject {
            kind: ORG,
            path: name.clone(),
            org: name.clone(),
            name,
            label: String::new(),
            path_in_source: String::new(),
            org_id: self.org.org_id(0),
            governance: Governance::default(),
        }
    }
}
