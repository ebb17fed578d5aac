//! The types of expressions.

use std::fmt;

use crate::rules::schema::{Field, Type};

/// The type of an expression in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// true or false.
    Bool,
    /// A whole number.
    Int,
    /// Any text.
    Text,
    /// A text out of a closed list.
    Choice(&'static [&'static str]),
    /// The OAuth name of a scope.
    Scope,
    /// A list.
    List(Box<Self>),
    /// An element of a list of objects.
    Object(&'static [Field]),
    /// Part of a fact's path, such as `app.oauth`: no value by itself.
    Group(String),
    /// The element of an empty list, or an expression that was refused already: fits everywhere, so that one mistake is
    /// reported once.
    Any,
}

impl Ty {
    /// The type of the elements, where this is a list.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) => Some(element),
            _ => None,
        }
    }

    /// Whether it can be a condition.
    #[must_use]
    pub const fn is_bool(&self) -> bool {
        matches!(self, Self::Bool | Self::Any)
    }

    /// Whether it is a text of any sort.
    pub(super) const fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Choice(_) | Self::Scope | Self::Any)
    }

    /// Whether values of the two can be equal at all.
    pub(super) fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) | (Self::Bool, Self::Bool) | (Self::Int, Self::Int) => true,
            (Self::List(left), Self::List(right)) => left.fits(right),
            _ => self.is_text() && other.is_text(),
        }
    }

    /// The type of a list or a conditional that holds both; [`Self::fits`] must be true.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, only) | (only, Self::Any) => only,
            (left, right) if left == right => left,
            (Self::List(left), Self::List(right)) => Self::List(Box::new(left.join(*right))),
            _ => Self::Text,
        }
    }
}

impl From<Type> for Ty {
    fn from(ty: Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::Int => Self::Int,
            Type::Text => Self::Text,
            Type::Choice(words) => Self::Choice(words),
            Type::Texts => Self::List(Box::new(Self::Text)),
            Type::Scopes => Self::List(Box::new(Self::Scope)),
            Type::Choices(words) => Self::List(Box::new(Self::Choice(words))),
            Type::Objects(fields) => Self::List(Box::new(Self::Object(fields))),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("true or false"),
            Self::Int => f.write_str("a number"),
            Self::Text | Self::Choice(_) | Self::Scope => f.write_str("a text"),
            Self::List(element) => match **element {
                Self::Object(_) => f.write_str("a list of objects"),
                Self::Int => f.write_str("a list of numbers"),
                Self::Text | Self::Choice(_) | Self::Scope => f.write_str("a list of texts"),
                _ => f.write_str("a list"),
            },
            Self::Object(_) => f.write_str("an object"),
            Self::Group(path) => write!(f, "`{path}`, which is a group of facts"),
            Self::Any => f.write_str("anything"),
        }
    }
}
