//! Facts that files state, and the switches of those that several make.

use serde_json::Value as Json;

use super::{Check, Lost, Paths, Thing, UNREAD, Untold, What};
use crate::compare::declared::{Held, hold, is_compared, stated};
use crate::compare::of_inventory::{NOT_COMPARED, value};
use crate::compare::switches;
use crate::finding::Subject;
use crate::inventory::Origin;
use crate::inventory::app::App;
use crate::rules::value::{FactSet, FactValue, Item, Value};

/// Lists of which an org may have more elements than the files that declare some: other components add to them.
const OPEN_LISTS: [&str; 5] = [
    "app.certificates",
    "app.oauth.custom_scopes",
    "app.urls",
    "org.security.session_protections_off",
    "org.security.session_protections_on",
];

impl Check<'_> {
    /// The facts that files state, but for what stands in parts that are missing.
    pub(super) fn facts(&mut self, subject: &Subject, root: &str, (written, missing): (&FactSet, &Paths), there: &FactSet) {
        let is_fact = |path: &str| is_compared(path) && !NOT_COMPARED.contains(&path) && !switches::make(subject.kind, path);
        let is_asked = |path: &str| path.starts_with(root) && is_fact(path);
        let is_there = |fact: &FactValue| stated(fact).any(|origin| !missing.contains(origin.location().path()));
        for (path, fact) in written.iter().filter(|(path, fact)| is_asked(path) && is_there(fact)) {
            let untold = FactValue::unknown("the org does not tell of it");
            self.fact(subject, path, fact, there.get(path).unwrap_or(&untold));
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

    /// The switches that files state, each by itself.
    pub(super) fn switches(&mut self, subject: &Subject, app: &App, there: &App, missing: &Paths) {
        for of_fact in switches::of(app.kind) {
            let switch = &of_fact.switch;
            let place = of_fact.place(app).filter(|place| !missing.contains(place.location().path()));
            let Some(place) = place else { continue };
            let thing = |on: bool| {
                let what = What::Switch(of_fact.path, switch.element, on);
                Thing { subject: subject.clone(), what, place: Some(place.clone()) }
            };
            match (switch.stated(app), of_fact.in_org(there)) {
                (Ok(None), _) => {}
                (Err(reason), _) => {
                    let what = What::Fact(of_fact.path, Json::Null);
                    self.out.untold.push(Untold { thing: Thing { what, ..thing(true) }, reason });
                }
                (Ok(Some(on)), Err(reason)) => self.out.untold.push(Untold { thing: thing(on), reason }),
                (Ok(Some(on)), Ok(of_org)) => match hold(subject.kind, switch.element, &on.into(), &of_org) {
                    Held::Different(_, there) => self.out.lost.push(Lost { thing: thing(on), there, known: None }),
                    Held::Untold(reason) => self.out.untold.push(Untold { thing: thing(on), reason }),
                    Held::Same | Held::Template => self.out.arrived += 1,
                },
            }
        }
    }
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
