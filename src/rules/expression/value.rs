//! What an expression is while it is evaluated.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::rules::text::join;
use crate::rules::value::{Item, ItemValue, Value};

/// A value; texts and lists are borrowed from the facts or from the expression where they can be.
#[derive(Clone, Debug)]
pub(in crate::rules) enum Val<'v> {
    Bool(bool),
    Int(i64),
    Text(Cow<'v, str>),
    /// A list that a fact is.
    Items(&'v [Item]),
    /// A list that was made.
    List(Vec<Self>),
    Object(&'v Item),
}

impl<'v> Val<'v> {
    /// The value of a fact or field; none where it is absent.
    pub(super) fn of(value: &'v Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::List(items) => Self::Items(items),
            Value::Absent => return None,
        })
    }

    pub(super) fn of_item(item: &'v Item) -> Self {
        match &item.value {
            ItemValue::Text(text) => Self::Text(Cow::Borrowed(text)),
            ItemValue::Object(_) => Self::Object(item),
        }
    }

    /// Number of elements; none for what is no list.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::Items(items) => Some(items.len()),
            Self::List(list) => Some(list.len()),
            _ => None,
        }
    }

    /// An element of a list.
    pub(super) fn element(&self, index: usize) -> Option<Self> {
        match self {
            Self::Items(items) => items.get(index).map(Self::of_item),
            Self::List(list) => list.get(index).cloned(),
            _ => None,
        }
    }

    /// The elements of a list.
    pub(super) fn elements(&self) -> impl Iterator<Item = Self> {
        (0..).map_while(|index| self.element(index))
    }

    /// Whether two values are the same. Objects never are: the check lets none be compared.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            _ => {
                self.len().is_some()
                    && self.len() == other.len()
                    && self.elements().zip(other.elements()).all(|(left, right)| left.is(&right))
            }
        }
    }

    /// The order of numbers and of texts; nothing else has one.
    pub(super) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// The value in words, as messages say it.
    pub(in crate::rules) fn in_words(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Text(text) => text.to_string(),
            Self::Object(item) => item.text_of(),
            Self::Items(_) | Self::List(_) => join(self.elements().map(|element| element.in_words())),
        }
    }
}
