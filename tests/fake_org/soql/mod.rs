//! A small SOQL interpreter: what an auditor asks, with the refusals Salesforce has for what it does not allow.

mod evaluate;
mod filter;
mod lexer;
mod parse;
mod project;
mod resolve;

pub(crate) use evaluate::{Found, find};
pub(crate) use parse::parse;
pub(crate) use project::render;
pub(crate) use resolve::Scope;

/// A parsed query.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) text: String,
    pub(crate) select: Vec<Item>,
    pub(crate) from: Path,
    pub(crate) filter: Option<Condition>,
    pub(crate) group: Vec<Path>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

/// A name with dots, and where it stands in the text.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) text: String,
    pub(crate) at: usize,
}

/// What is selected.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Field {
        path: Path,
        alias: Option<String>,
    },
    /// `COUNT()`: only the number.
    CountRows,
    Aggregate {
        function: Function,
        path: Path,
        alias: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    CountDistinct,
    Min,
    Max,
    Sum,
}

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare { path: Path, operator: Operator, value: Literal },
    In { path: Path, negated: bool, values: Values },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Like,
}

#[derive(Clone, Debug)]
pub(crate) enum Values {
    List(Vec<Literal>),
    Query(Box<Query>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    Date(String),
    /// In UTC, to the second: `2026-06-01T12:00:00`.
    DateTime(String),
    /// A named span of days: from so many days after today, to so many, the end not included.
    Days(i64, i64),
}

#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) item: Item,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}
