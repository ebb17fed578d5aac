//! An expression as it is evaluated: checked, with facts by number and patterns compiled.

use std::ops::Range;

use regex::Regex;

use crate::rules::check::Quantifier;
use crate::rules::facts::FactId;

/// A node of an expression.
///
/// Conditions are CEL, of which the check lets a small, typed part through. That part is evaluated from this tree and not by the interpreter of
/// the `cel` crate, which looks up every name and operator as a text each time; `benches/README.md` has the figures, and
/// `tests/rules_engine.rs` holds the two against each other.
#[derive(Clone, Debug)]
pub(in crate::rules) enum Node {
    Bool(bool),
    Int(i64),
    Text(Box<str>),
    List(Box<[Self]>),
    Fact(FactId),
    /// `has()` of a fact.
    HasFact(FactId),
    /// `item`, or the element of a loop: counted from the outermost.
    Variable(usize),
    /// A field of an object.
    Field(Box<Self>, Box<str>),
    /// `has()` of a field.
    HasField(Box<Self>, Box<str>),
    Not(Box<Self>),
    And(Box<Joined>),
    Or(Box<Joined>),
    /// `condition ? yes : no`.
    Choose(Box<[Self; 3]>),
    Compare(Comparison, Box<[Self; 2]>),
    /// `element in list`.
    In(Box<[Self; 2]>),
    Arithmetic(Arithmetic, Box<[Self; 2]>),
    Negate(Box<Self>),
    Size(Box<Self>),
    LowerAscii(Box<Self>),
    Search(Search, Box<[Self; 2]>),
    Matches(Box<Self>, Regex),
    /// Whether a condition holds for elements of a list.
    Quantify(Quantifier, Box<Loop>),
    /// `filter` and `map`.
    Collect(Box<Loop>),
}

impl Node {
    /// Shows this node and all below it.
    pub(in crate::rules) fn visit<'n>(&'n self, see: &mut impl FnMut(&'n Self)) {
        see(self);
        match self {
            Self::Bool(_) | Self::Int(_) | Self::Text(_) | Self::Fact(_) | Self::HasFact(_) | Self::Variable(_) => {}
            Self::List(nodes) => nodes.iter().for_each(|node| node.visit(see)),
            Self::Field(of, _)
            | Self::HasField(of, _)
            | Self::Matches(of, _)
            | Self::Not(of)
            | Self::Negate(of)
            | Self::Size(of)
            | Self::LowerAscii(of) => of.visit(see),
            Self::And(joined) | Self::Or(joined) => [&joined.left, &joined.right].into_iter().for_each(|node| node.visit(see)),
            Self::Choose(parts) => parts.iter().for_each(|node| node.visit(see)),
            Self::Compare(_, sides) | Self::Arithmetic(_, sides) | Self::Search(_, sides) | Self::In(sides) => {
                sides.iter().for_each(|node| node.visit(see));
            }
            Self::Quantify(_, each) | Self::Collect(each) => {
                let parts = [Some(&each.list), each.condition.as_ref(), Some(&each.each)];
                parts.into_iter().flatten().for_each(|node| node.visit(see));
            }
        }
    }
}

/// Two conditions and where the operator between them stands.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Joined {
    pub(in crate::rules) left: Node,
    pub(in crate::rules) right: Node,
    pub(in crate::rules) operator: Range<usize>,
}

/// What is done with each element of a list.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Loop {
    pub(in crate::rules) list: Node,
    /// Which elements count; all without one.
    pub(in crate::rules) condition: Option<Node>,
    /// What is made of an element.
    pub(in crate::rules) each: Node,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is done with two numbers; texts and lists can be added, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
}

/// Where a text is looked for in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Search {
    Start,
    End,
    Anywhere,
}
