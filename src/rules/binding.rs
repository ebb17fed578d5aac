//! Facts as CEL sees them.
//!
//! Facts are not copied into CEL maps: a fact that is unknown must answer with an error that carries the reason, because CEL's
//! `&&`, `||`, `exists` and `all` absorb errors exactly as three-valued logic wants (`false && unknown` is false).

use std::collections::BTreeMap;

use cel::common::traits::Indexer;
use cel::common::types::{CelBool, CelInt, CelList, CelString, Type};
use cel::common::value::{CowVal, Val};
use cel::{Context, ExecutionError};

use super::facts;
use super::value::{FactSet, Item, ItemValue, Value};

/// `function` of the error an unknown fact answers with. No function of conditions has this name.
pub(super) const UNKNOWN: &str = "@unknown";

/// The field of an object that is its [`Item::text_of`]. Cannot be written in a condition.
pub(super) const TEXT_OF_OBJECT: &str = "@text";

/// Gives `context` the groups of facts with these names, and `item` where there is one.
pub(super) fn bind<'f>(context: &mut Context<'_, 'f>, roots: &[&str], facts: &'f FactSet, item: Option<&'f Item>) {
    for root in roots {
        context.add_variable_as_val(*root, Box::new(Group { facts, path: (*root).to_owned() }));
    }
    if let Some(item) = item {
        context.add_variable_as_val("item", element(item));
    }
}

static GROUP: Type = Type::new_unspecified_type("facts");
static OBJECT: Type = Type::new_unspecified_type("object");

/// Part of the path of facts, such as `app.oauth`.
#[derive(Debug)]
struct Group<'f> {
    facts: &'f FactSet,
    path: String,
}

impl<'f> Group<'f> {
    fn child<'v>(&self, name: &str) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        'f: 'v,
    {
        let path = format!("{}.{name}", self.path);
        let Some(fact) = self.facts.get(&path) else {
            // The check of the condition has made sure that the path leads somewhere.
            if facts::types().any(|fact| fact.path == path) {
                return Err(ExecutionError::InternalError(format!("`{path}` was not collected")));
            }
            return Ok(Box::new(Self { facts: self.facts, path }));
        };
        match &fact.state {
            Ok(value) => known(value).ok_or_else(|| ExecutionError::no_such_key(&path)),
            Err(reason) => Err(ExecutionError::function_error(UNKNOWN, reason)),
        }
    }
}

impl Val for Group<'_> {
    fn get_type(&self) -> &Type {
        &GROUP
    }

    fn cel_type() -> &'static Type {
        &GROUP
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(Self { facts: self.facts, path: self.path.clone() })
    }
}

impl Indexer for Group<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.child(name(index)?).map(CowVal::Owned)
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.child(name(index)?)
    }
}

/// An object of a list fact.
#[derive(Clone, Copy, Debug)]
struct Object<'f> {
    item: &'f Item,
    fields: &'f BTreeMap<&'static str, Value>,
}

impl<'f> Object<'f> {
    fn field<'v>(self, name: &str) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        'f: 'v,
    {
        if name == TEXT_OF_OBJECT {
            return Ok(Box::new(CelString::from(self.item.text_of())));
        }
        self.fields.get(name).and_then(known).ok_or_else(|| ExecutionError::no_such_key(name))
    }
}

impl Val for Object<'_> {
    fn get_type(&self) -> &Type {
        &OBJECT
    }

    fn cel_type() -> &'static Type {
        &OBJECT
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Indexer for Object<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.field(name(index)?).map(CowVal::Owned)
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.field(name(index)?)
    }
}

/// A value that is there; texts are borrowed.
fn known<'v>(value: &'v Value) -> Option<Box<dyn Val + 'v>> {
    Some(match value {
        Value::Bool(value) => Box::new(CelBool::from(*value)),
        Value::Int(value) => Box::new(CelInt::from(*value)),
        Value::Text(text) => Box::new(CelString::from(&**text)),
        Value::List(items) => Box::new(CelList::from(items.iter().map(element).collect::<Vec<_>>())),
        Value::Absent => return None,
    })
}

fn element<'v>(item: &'v Item) -> Box<dyn Val + 'v> {
    match &item.value {
        ItemValue::Text(text) => Box::new(CelString::from(&**text)),
        ItemValue::Object(fields) => Box::new(Object { item, fields }),
    }
}

fn name(index: &dyn Val) -> Result<&str, ExecutionError> {
    index
        .downcast_ref::<CelString<'_>>()
        .map(CelString::inner)
        .ok_or_else(|| ExecutionError::InternalError("a field's name is no text".to_owned()))
}
