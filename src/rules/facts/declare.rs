//! How a fact is declared, and the few ways to make one from the model.

use std::sync::Arc;

use super::org_view::OrgView;
use super::view::{AppView, PatternView};
use super::waiver::WaiverView;
use crate::inventory::flow::Flow;
use crate::inventory::key_file::KeyFile;
use crate::inventory::{Fact, Origin, OrphanPart};
use crate::rules::schema::{FactType, Type};
use crate::rules::value::{FactValue, Item, ItemValue, Value};

/// A fact with the function that reads it.
pub(super) struct Declared<R> {
    pub(super) fact: FactType,
    pub(super) read: R,
}

pub(super) type OfApp = fn(&AppView<'_>) -> FactValue;
pub(super) type OfOrg = fn(&OrgView<'_>) -> FactValue;
pub(super) type OfPart = fn(&OrphanPart) -> FactValue;
pub(super) type OfKeyFile = fn(&KeyFile) -> FactValue;
pub(super) type OfPattern = fn(&PatternView<'_>) -> FactValue;
pub(super) type OfWaiver = fn(&WaiverView<'_>) -> FactValue;

/// A fact that is always there, known or unknown.
pub(super) const fn fact<R: Copy>(path: &'static str, ty: Type, doc: &'static str, read: R) -> Declared<R> {
    Declared { fact: FactType { path, ty, optional: false, org_only: false, doc }, read }
}

/// A fact that may be absent, so that a condition must ask `has()` first.
pub(super) const fn maybe<R: Copy>(path: &'static str, ty: Type, doc: &'static str, read: R) -> Declared<R> {
    Declared { fact: FactType { path, ty, optional: true, org_only: false, doc }, read }
}

/// A fact of live orgs that is always there, known or unknown.
pub(super) const fn live<R: Copy>(path: &'static str, ty: Type, doc: &'static str, read: R) -> Declared<R> {
    Declared { fact: FactType { path, ty, optional: false, org_only: true, doc }, read }
}

/// A fact of live orgs that may be absent.
pub(super) const fn live_maybe<R: Copy>(path: &'static str, ty: Type, doc: &'static str, read: R) -> Declared<R> {
    Declared { fact: FactType { path, ty, optional: true, org_only: true, doc }, read }
}

/// A value that follows from no single place.
pub(super) fn known(value: impl Into<Value>) -> FactValue {
    Fact::known(value.into())
}

pub(super) fn plain(fact: &Fact<bool>) -> FactValue {
    fact.map(|value| (*value).into())
}

pub(super) fn text(fact: &Fact<String>) -> FactValue {
    fact.map(|value| value.as_str().into())
}

pub(super) fn optional<T: Copy + Into<Value>>(fact: &Fact<Option<T>>) -> FactValue {
    fact.map(|value| (*value).into())
}

pub(super) fn list<T>(fact: &Fact<T>, items: impl FnOnce(&T) -> Vec<Item>) -> FactValue {
    fact.map(|value| Value::List(items(value)))
}

pub(super) fn item(text: impl AsRef<str>, origin: &Origin) -> Item {
    Item::text(text.as_ref(), Some(origin.clone()))
}

pub(super) fn words(fact: &Fact<Vec<Flow>>) -> FactValue {
    fact.map(|flows| Value::List(flows.iter().map(|flow| Item::text(flow.as_str(), None)).collect()))
}

/// A list of objects, each with its own place.
pub(super) fn objects<T>(fact: &Fact<Vec<(T, Origin)>>, fields: impl Fn(&T) -> Vec<(&'static str, Value)>) -> FactValue {
    fact.map(|all| Value::List(all.iter().map(|(value, origin)| object(fields(value), origin)).collect()))
}

pub(super) fn object(fields: Vec<(&'static str, Value)>, origin: &Origin) -> Item {
    Item { value: ItemValue::Object(fields.into_iter().collect()), origin: Some(origin.clone()) }
}

/// `a || b` of facts: true where one is known to be true, whatever the other is.
pub(super) fn either(a: &Fact<bool>, b: &Fact<bool>) -> Fact<bool> {
    let origins = [a.origins.clone(), b.origins.clone()].concat();
    match (&a.state, &b.state) {
        (Ok(true), _) => a.clone(),
        (_, Ok(true)) => b.clone(),
        (Ok(false), Ok(false)) => Fact::known(false).with_origins(origins),
        (Err(reason), _) | (_, Err(reason)) => Fact::unknown(Arc::clone(reason)).with_origins(origins),
    }
}
