//! What conditions see: values that may be unknown, each with the places it was read from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::facts::FactId;
use crate::inventory::{Fact, Origin, Reason};

/// A value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// CEL `bool`.
    Bool(bool),
    /// CEL `int`.
    Int(i64),
    /// CEL `string`.
    Text(Arc<str>),
    /// CEL `list`.
    List(Vec<Item>),
    /// An optional fact that is not there: `has()` is false.
    Absent,
}

/// One element of a list fact, with its own place where it has one, so that a finding can point at just this element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The element itself.
    pub value: ItemValue,
    /// Where it was read.
    pub origin: Option<Origin>,
}

/// The value of a list element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemValue {
    /// A text.
    Text(Arc<str>),
    /// An object; its fields are named by the schema ([`super::schema::Type::Objects`]). Every field of the schema is present,
    /// optional ones perhaps as [`Value::Absent`].
    Object(BTreeMap<&'static str, Value>),
}

/// A fact as conditions see it.
pub type FactValue = Fact<Value>;

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

impl Item {
    /// A text with its place.
    pub fn text(value: impl Into<Arc<str>>, origin: Option<Origin>) -> Self {
        Self { value: ItemValue::Text(value.into()), origin }
    }
}

/// All facts of one subject, by full path (`app.oauth.scopes`).
///
/// Built from an inventory by [`super::facts`], or from the example of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactSet {
    /// By [`FactId::index`].
    facts: Vec<Option<FactValue>>,
}

/// Nothing was collected yet.
impl Default for FactSet {
    fn default() -> Self {
        Self { facts: vec![None; FactId::count()] }
    }
}

impl FactSet {
    /// Adds a fact, replacing one of the same path. A path that no table of [`super::facts`] declares is no fact: nothing can read it.
    pub fn insert(&mut self, path: &str, fact: FactValue) {
        if let Some(place) = FactId::of(path).and_then(|id| self.facts.get_mut(id.index())) {
            *place = Some(fact);
        }
    }

    /// The fact at a full path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&FactValue> {
        FactId::of(path).and_then(|id| self.at(id))
    }

    /// The value of a fact.
    #[must_use]
    pub fn at(&self, id: FactId) -> Option<&FactValue> {
        self.facts.get(id.index())?.as_ref()
    }

    /// All facts, in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &FactValue)> {
        FactId::by_path().filter_map(|id| Some((id.fact().path, self.at(id)?)))
    }

    /// Makes a fact unknown, whatever it was.
    pub fn forget(&mut self, path: &str, reason: impl Into<Reason>) {
        self.insert(path, Fact::unknown(reason));
    }
}
