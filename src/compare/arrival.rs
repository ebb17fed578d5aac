//! Whether what files declare has arrived in an org: what a deployment may have lost on the way.
//!
//! Only what files state is asked for. What the org has besides is its own affair, and told by a comparison of both.

use serde_json::Value as Json;

use super::access::{AccessSide, Assigned};
use super::declared::{Held, hold, is_compared, is_declared};
use super::of_inventory::{NOT_COMPARED, access_of_org, named, value};
use crate::access::LiveOrg;
use crate::finding::{ORG, Subject};
use crate::inventory::app::{App, AppKind, Assignment};
use crate::inventory::contract::{Expectations, Governance};
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::user_permissions::HolderKind;
use crate::inventory::{Inventory, Origin, Reason};
use crate::rules::facts::{self, Context};
use crate::rules::value::{FactSet, FactValue, Item, Value};

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

/// Lists of which an org may have more elements than the files that declare some: other components add to them.
const OPEN_LISTS: [&str; 5] = [
    "app.certificates",
    "app.oauth.custom_scopes",
    "app.urls",
    "org.security.session_protections_off",
    "org.security.session_protections_on",
];

const UNREAD: &str = "the org could not be read";

/// Facts that two switches of an External Client App make: one in its policies, one in its global OAuth settings, which may be in no file.
const OF_TWO_SWITCHES: [&str; 2] = ["app.flows.client_credentials", "app.flows.token_exchange"];

/// Metadata API Developer Guide, `ConnectedApp`: `profileName`, `permissionSetName`.
const NOT_ADMIN_APPROVED: &str = "assignments are valid only together with isAdminApproved true, which these files do not state";
/// The same page.
const EMPTY_ELEMENT: &str = "an empty element takes all assignments of its kind away when it is deployed";
/// Salesforce's announcement for Spring '26.
const NO_NEW_CONNECTED_APPS: &str =
    "since Spring '26 orgs create no new connected apps, unless Salesforce Support has enabled it; existing ones can be deployed";
/// Metadata API Developer Guide, `ConnectedAppOauthConfig`.
const KEY_AT_CREATION: &str = "a consumer key is taken only when the app is created, and never changes afterwards";

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
        let namespace = self.live.as_ref().map(|live| live.org.identity.namespace.as_str()).filter(|it| !it.is_empty());
        let qualified = namespace.map(|namespace| format!("{namespace}__{name}"));
        let is_it = |app: &&App| app.kind == kind && (app.name == name || Some(&app.name) == qualified.as_ref());
        self.org.apps.iter().find(is_it)
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
        let written = facts::of_app(app, Expectations::default(), self.declared.context);
        let in_org = facts::of_app(&there, Expectations::default(), self.context);
        self.facts(&subject, "app.", &written, &in_org);
        self.key(&subject, app, &there);
        let access = self.live.as_ref().map(|live| access_of_org(&there, live));
        if let Some(access) = access {
            self.assignments(&subject, app, &access);
        }
    }

    /// Something that is not in the org, unless nobody knows.
    fn missing(&mut self, thing: Thing, there: Json, known: Option<&'static str>) {
        match self.unseen() {
            Some(reason) => self.out.untold.push(Untold { thing, reason }),
            None => self.out.lost.push(Lost { thing, there, known }),
        }
    }

    fn facts(&mut self, subject: &Subject, root: &str, written: &FactSet, there: &FactSet) {
        let is_asked = |path: &str| path.starts_with(root) && is_compared(path) && !NOT_COMPARED.contains(&path);
        for (path, fact) in written.iter().filter(|(path, fact)| is_asked(path) && is_declared(fact)) {
            if let Some(of_org) = there.get(path) {
                self.fact(subject, path, fact, of_org);
            }
        }
    }

    fn fact(&mut self, subject: &Subject, path: &'static str, fact: &FactValue, of_org: &FactValue) {
        let thing = |value: Json, place: Option<Origin>| Thing { subject: subject.clone(), what: What::Fact(path, value), place };
        let stated = fact.origins.iter().find(|origin| origin.is_stated()).cloned();
        if self.live.is_none() {
            let declared = fact.value().map(value).unwrap_or_default();
            return self.out.untold.push(Untold { thing: thing(declared, stated), reason: UNREAD.into() });
        }
        let (written, there) = match (&fact.state, &of_org.state) {
            (Ok(written), Ok(there)) => (written, there),
            // Where it is on, both switches are.
            (Err(_), Ok(Value::Bool(true))) if OF_TWO_SWITCHES.contains(&path) => return self.out.arrived += 1,
            (Ok(written), Err(reason)) => {
                let place = stated.or_else(|| first_item(written));
                return self.out.untold.push(Untold { thing: thing(value(written), place), reason: reason.clone() });
            }
            (Err(reason), _) => return self.out.untold.push(Untold { thing: thing(Json::Null, stated), reason: reason.clone() }),
        };
        let there = value(there);
        let (declared, place) = match written {
            Value::List(items) => {
                let missing: Vec<&Item> = items.iter().filter(|item| !is_in(&item_json(item), &there)).collect();
                let first = missing.first().and_then(|item| item.origin.clone()).or_else(|| first_item(written)).or(stated);
                let declared =
                    if OPEN_LISTS.contains(&path) { missing.into_iter().map(item_json).collect() } else { value(written) };
                (declared, first)
            }
            other => (value(other), stated),
        };
        if OPEN_LISTS.contains(&path) && declared.as_array().is_some_and(Vec::is_empty) {
            return self.out.arrived += 1;
        }
        match hold(subject.kind, path, &declared, &there) {
            Held::Same => self.out.arrived += 1,
            Held::Different(value, there) => self.out.lost.push(Lost { thing: thing(value, place), there, known: None }),
            Held::Untold(reason) => self.out.untold.push(Untold { thing: thing(declared, place), reason }),
            Held::Template => {
                let reason = "the source has a template variable in its place".into();
                self.out.untold.push(Untold { thing: thing(declared, place), reason });
            }
        }
    }

    /// Keys are known by their digests alone.
    fn key(&mut self, subject: &Subject, app: &App, there: &App) {
        let Some(Some(key)) = app.oauth.consumer_key.value() else { return };
        let place = app.oauth.consumer_key.origins.iter().find(|origin| origin.is_stated()).cloned();
        let thing = Thing { subject: subject.clone(), what: What::ConsumerKey(key.shortened.to_string()), place };
        match &there.oauth.consumer_key.state {
            Ok(Some(other)) if other.digest == key.digest => self.out.arrived += 1,
            Ok(Some(other)) => {
                let there = Json::from(&*other.shortened);
                self.out.lost.push(Lost { thing, there, known: Some(KEY_AT_CREATION) });
            }
            Ok(None) => self.out.untold.push(Untold { thing, reason: "the org does not return the consumer key".into() }),
            Err(reason) => self.out.untold.push(Untold { thing, reason: reason.clone() }),
        }
    }

    fn assignments(&mut self, subject: &Subject, app: &App, there: &AccessSide) {
        let admin_approved = app.access.permitted_users.value() == Some(&PermittedUsers::AdminApproved);
        let known = (!admin_approved).then_some(NOT_ADMIN_APPROVED);
        for (kind, list) in [("profile", &app.access.profiles), ("permission-set", &app.access.permission_sets)] {
            for assignment in list.value().into_iter().flatten() {
                let what = What::Assigned(kind, assignment.name.clone());
                let thing = Thing { subject: subject.clone(), what, place: Some(assignment.origin.clone()) };
                if there.assigned.iter().any(|other| of_files(kind, assignment).is(other)) {
                    self.out.arrived += 1;
                } else if let Some(reason) = &there.more {
                    self.out.untold.push(Untold { thing, reason: reason.clone() });
                } else {
                    self.out.lost.push(Lost { thing, there: names(there, kind), known });
                }
            }
        }
        for (holder, origin) in &app.access.emptied {
            let kind = if *holder == HolderKind::Profile { "profile" } else { "permission-set" };
            let thing = Thing { subject: subject.clone(), what: What::NoneAssigned(kind), place: Some(origin.clone()) };
            match (&names(there, kind), &there.more) {
                (Json::Array(names), None) if names.is_empty() => self.out.arrived += 1,
                (Json::Array(names), Some(reason)) if names.is_empty() => {
                    self.out.untold.push(Untold { thing, reason: reason.clone() });
                }
                (names, _) => self.out.lost.push(Lost { thing, there: names.clone(), known: Some(EMPTY_ELEMENT) }),
            }
        }
    }

    /// Settings files, each folder of them.
    fn settings(&mut self) {
        let of_org =
            if self.org.settings.is_empty() { facts::of_source(0, self.context) } else { facts::of_settings(0, self.context) };
        for index in 0..self.declared.inventory.settings.len() {
            let subject = self.org_subject();
            let written = facts::of_settings(index, self.declared.context);
            self.facts(&subject, "org.", &written, &of_org);
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

    fn deleted(&mut self, deleted: &Deleted) {
        let kind = match deleted.metadata_type.as_str() {
            "ConnectedApp" => AppKind::ConnectedApp,
            _ => AppKind::ExternalClientApp,
        };
        let is_app = matches!(deleted.metadata_type.as_str(), "ConnectedApp" | "ExternalClientApplication");
        // What is deleted first and brought anew afterwards has to be there.
        if is_app && self.declared.inventory.apps.iter().any(|app| app.kind == kind && app.name == deleted.name) {
            return;
        }
        let component = format!("{}/{}", deleted.metadata_type, deleted.name);
        let is_part = |app: &&App| app.parts.values().flatten().any(|place| **place.path() == *component);
        let there = if is_app { self.find(kind, &deleted.name) } else { self.org.apps.iter().find(is_part) };
        let name = there.map_or_else(|| deleted.name.clone(), |app| app.name.clone());
        let subject = Subject { kind: kind.as_str(), name, ..self.org_subject() };
        let is_there = there.is_some();
        let thing = Thing { subject, what: What::Gone(deleted.metadata_type.clone()), place: Some(deleted.place.clone()) };
        match self.unseen() {
            _ if is_there => self.out.lost.push(Lost { thing, there: Json::from(component), known: None }),
            Some(reason) => self.out.untold.push(Untold { thing, reason }),
            None => self.out.arrived += 1,
        }
    }
}

fn of_files(kind: &'static str, assignment: &Assignment) -> Assigned {
    named(kind, &assignment.name, assignment.resolution.full_name(), None)
}

/// The names of what is assigned of a kind.
fn names(access: &AccessSide, kind: &str) -> Json {
    access.assigned.iter().filter(|it| it.kind == kind).map(|it| Json::from(it.name.as_str())).collect()
}

fn first_item(value: &Value) -> Option<Origin> {
    let Value::List(items) = value else { return None };
    items.iter().find_map(|item| item.origin.clone())
}

fn item_json(item: &Item) -> Json {
    match Value::List(vec![item.clone()]).to_json() {
        Json::Array(mut items) => items.pop().unwrap_or_default(),
        other => other,
    }
}

fn is_in(item: &Json, list: &Json) -> bool {
    list.as_array().is_some_and(|items| items.contains(item))
}
