//! Conditions: expressions that are true or false of a subject.

use super::check::{Guard, Problem, Scope};
use super::expression::{Evaluation, Expression, Node, Part, Stopped};
use super::value::{FactSet, Item};
use crate::inventory::Reason;

/// What a condition says of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be told, and why.
    Unknown(Reason),
}

/// A condition of a rule: an expression that is true or false.
#[derive(Clone, Debug)]
pub struct Condition(Expression);

impl Condition {
    /// Compiles and checks a condition.
    ///
    /// # Errors
    ///
    /// Every mistake in it, with its place in `text`.
    pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Problem>> {
        let expression = Expression::compile(text, scope)?;
        match expression.ty() {
            Some(ty) if !ty.is_bool() => {
                let title = format!("a condition must be true or false; this is {ty}");
                Err(vec![Problem { range: 0..text.len(), title, help: None }])
            }
            _ => Ok(Self(expression)),
        }
    }

    /// A condition that is known to be sound, compiled when it is needed.
    pub(super) fn deferred(text: &str, scope: &Scope<'_>) -> Self {
        Self(Expression::deferred(text, scope))
    }

    /// The condition as written.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Paths of the facts it reads, in alphabetical order.
    pub fn facts(&self) -> impl Iterator<Item = &'static str> {
        self.0.facts()
    }

    /// What it asks `has()` of.
    #[must_use]
    pub fn guards(&self) -> &[Guard] {
        self.0.guards()
    }

    /// What it says of the subject with these facts.
    #[must_use]
    pub fn holds(&self, facts: &FactSet) -> Truth {
        self.holds_for(facts, None)
    }

    /// The same with `item`, an element of a list fact.
    #[must_use]
    pub fn holds_for(&self, facts: &FactSet, item: Option<&Item>) -> Truth {
        self.0.evaluate(facts, item, Evaluation::truth).into()
    }

    /// The parts of it that decided what it says of the subject with these facts, each with what it read.
    #[must_use]
    pub fn decisive_parts(&self, facts: &FactSet) -> Vec<Part> {
        self.0.decisive_parts(facts)
    }

    /// What is evaluated; none where it cannot be compiled.
    pub(super) fn node(&self) -> Option<&Node> {
        self.0.node()
    }
}

impl From<Result<bool, Stopped>> for Truth {
    fn from(result: Result<bool, Stopped>) -> Self {
        match result {
            Ok(true) => Self::True,
            Ok(false) => Self::False,
            Err(Stopped::Unknown(reason)) => Self::Unknown(reason),
            Err(Stopped::Absent(name)) => {
                Self::Unknown(format!("internal error: the rule reads `{name}` where it is absent").into())
            }
            Err(Stopped::Failed(error)) => Self::Unknown(format!("internal error: {error}").into()),
        }
    }
}
