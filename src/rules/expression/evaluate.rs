//! An expression and the facts of a subject to a value.
//!
//! What is unknown is no value but a reason to stop, and `&&`, `||`, `exists` and `all` go on where the rest decides: `false && unknown` is
//! false. So says CEL of errors, and it is three-valued logic.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::node::{Arithmetic, Comparison, Joined, Loop, Node, Search};
use super::{Stopped, Val};
use crate::rules::check::Quantifier;
use crate::rules::facts::FactId;
use crate::rules::value::{FactSet, Item, ItemValue, Value};

type Result<T> = std::result::Result<T, Stopped>;

/// An evaluation over the facts of one subject.
pub(in crate::rules) struct Evaluation<'v> {
    facts: &'v FactSet,
    /// `item` and the elements of the loops around a node, outermost first.
    variables: Vec<Val<'v>>,
}

impl<'v> Evaluation<'v> {
    /// Over these facts; `item` is an element of a list fact.
    pub(in crate::rules) fn new(facts: &'v FactSet, item: Option<&'v Item>) -> Self {
        Self { facts, variables: item.map(Val::of_item).into_iter().collect() }
    }

    /// The value of a node.
    pub(in crate::rules) fn value(&mut self, node: &'v Node) -> Result<Val<'v>> {
        Ok(match node {
            Node::Bool(value) => Val::Bool(*value),
            Node::Int(value) => Val::Int(*value),
            Node::Text(text) => Val::Text(Cow::Borrowed(text)),
            Node::List(elements) => Val::List(elements.iter().map(|element| self.value(element)).collect::<Result<_>>()?),
            Node::Fact(id) => Val::of(self.fact(*id)?).ok_or_else(|| Stopped::Absent(id.fact().path.into()))?,
            Node::Variable(index) => self.variables.get(*index).cloned().ok_or_else(|| wrong("a variable has no value"))?,
            Node::Field(object, name) => {
                let object = self.value(object)?;
                Val::of(field(&object, name)?).ok_or_else(|| Stopped::Absent((**name).into()))?
            }
            Node::Choose(parts) => {
                let [condition, yes, no] = &**parts;
                if self.truth(condition)? { self.value(yes)? } else { self.value(no)? }
            }
            Node::Arithmetic(operator, sides) => {
                let [left, right] = &**sides;
                arithmetic(*operator, self.value(left)?, self.value(right)?)?
            }
            Node::Negate(of) => Val::Int(self.int(of)?.checked_neg().ok_or_else(too_large)?),
            Node::Size(of) => Val::Int(size(&self.value(of)?)?),
            Node::LowerAscii(of) => Val::Text(Cow::Owned(self.text(of)?.to_ascii_lowercase())),
            Node::Collect(each) => Val::List(self.collect(each)?),
            _ => Val::Bool(self.truth(node)?),
        })
    }

    /// Whether a node holds.
    pub(in crate::rules) fn truth(&mut self, node: &'v Node) -> Result<bool> {
        match node {
            Node::Not(condition) => self.truth(condition).map(|holds| !holds),
            Node::And(both) => self.joined(both, false),
            Node::Or(either) => self.joined(either, true),
            Node::HasFact(id) => Ok(*self.fact(*id)? != Value::Absent),
            Node::HasField(object, name) => {
                let object = self.value(object)?;
                Ok(*field(&object, name)? != Value::Absent)
            }
            Node::Compare(comparison, sides) => {
                let [left, right] = &**sides;
                compare(*comparison, &self.value(left)?, &self.value(right)?)
            }
            Node::In(sides) => {
                let [element, list] = &**sides;
                let (element, list) = (self.value(element)?, self.value(list)?);
                Ok(list.elements().any(|other| other.is(&element)))
            }
            Node::Search(search, sides) => {
                let [text, wanted] = &**sides;
                let (text, wanted) = (self.text(text)?, self.text(wanted)?);
                Ok(match search {
                    Search::Start => text.starts_with(&*wanted),
                    Search::End => text.ends_with(&*wanted),
                    Search::Anywhere => text.contains(&*wanted),
                })
            }
            Node::Matches(text, pattern) => Ok(pattern.is_match(&self.text(text)?)),
            Node::Quantify(quantifier, each) => self.quantify(*quantifier, each),
            other => match self.value_of_bool(other)? {
                Val::Bool(holds) => Ok(holds),
                _ => Err(wrong("a condition is neither true nor false")),
            },
        }
    }

    /// The value of a node that is no operator of logic: what [`Self::truth`] leaves to [`Self::value`].
    fn value_of_bool(&mut self, node: &'v Node) -> Result<Val<'v>> {
        match node {
            Node::Bool(_) | Node::Fact(_) | Node::Variable(_) | Node::Field(..) | Node::Choose(_) => self.value(node),
            _ => Err(wrong("a condition is neither true nor false")),
        }
    }

    /// `&&` and `||`: one side that is `decisive` decides, whatever the other is.
    fn joined(&mut self, joined: &'v Joined, decisive: bool) -> Result<bool> {
        let left = self.truth(&joined.left);
        if left.as_ref().is_ok_and(|left| *left == decisive) {
            return Ok(decisive);
        }
        let right = self.truth(&joined.right)?;
        if right == decisive { Ok(decisive) } else { left }
    }

    fn quantify(&mut self, quantifier: Quantifier, each: &'v Loop) -> Result<bool> {
        let list = self.value(&each.list)?;
        let decisive = match quantifier {
            Quantifier::Some => true,
            Quantifier::All => false,
            Quantifier::One => return self.holds_for_one(&list, each),
        };
        let mut all = Ok(!decisive);
        for element in list.elements() {
            match self.with(element, |this| this.truth(&each.each)) {
                Ok(holds) if holds == decisive => return Ok(decisive),
                Ok(_) => {}
                stopped @ Err(_) => all = stopped,
            }
        }
        all
    }

    fn holds_for_one(&mut self, list: &Val<'v>, each: &'v Loop) -> Result<bool> {
        let mut count = 0_usize;
        for element in list.elements() {
            count += usize::from(self.with(element, |this| this.truth(&each.each))?);
        }
        Ok(count == 1)
    }

    fn collect(&mut self, each: &'v Loop) -> Result<Vec<Val<'v>>> {
        let list = self.value(&each.list)?;
        let mut collected = Vec::new();
        for element in list.elements() {
            let made = self.with(element, |this| match &each.condition {
                Some(condition) if !this.truth(condition)? => Ok(None),
                _ => this.value(&each.each).map(Some),
            })?;
            collected.extend(made);
        }
        Ok(collected)
    }

    /// Does something with an element as the innermost variable.
    fn with<T>(&mut self, element: Val<'v>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.variables.push(element);
        let result = work(self);
        self.variables.pop();
        result
    }

    fn fact(&self, id: FactId) -> Result<&'v Value> {
        let fact = self.facts.at(id).ok_or_else(|| wrong(&format!("`{}` was not collected", id.fact().path)))?;
        fact.state.as_ref().map_err(|reason| Stopped::Unknown(reason.clone()))
    }

    fn text(&mut self, node: &'v Node) -> Result<Cow<'v, str>> {
        match self.value(node)? {
            Val::Text(text) => Ok(text),
            _ => Err(wrong("a text was expected")),
        }
    }

    fn int(&mut self, node: &'v Node) -> Result<i64> {
        match self.value(node)? {
            Val::Int(int) => Ok(int),
            _ => Err(wrong("a number was expected")),
        }
    }
}

fn field<'v>(object: &Val<'v>, name: &str) -> Result<&'v Value> {
    let Val::Object(Item { value: ItemValue::Object(fields), .. }) = object else { return Err(wrong("an object was expected")) };
    fields.get(name).ok_or_else(|| wrong(&format!("an object has no `{name}`")))
}

fn compare(comparison: Comparison, left: &Val<'_>, right: &Val<'_>) -> Result<bool> {
    let order = || left.order(right).ok_or_else(|| wrong("values without an order are compared"));
    Ok(match comparison {
        Comparison::Equal => left.is(right),
        Comparison::NotEqual => !left.is(right),
        Comparison::Less => order()? == Ordering::Less,
        Comparison::LessOrEqual => order()? != Ordering::Greater,
        Comparison::Greater => order()? == Ordering::Greater,
        Comparison::GreaterOrEqual => order()? != Ordering::Less,
    })
}

fn arithmetic<'v>(operator: Arithmetic, left: Val<'v>, right: Val<'v>) -> Result<Val<'v>> {
    match (operator, left, right) {
        (Arithmetic::Add, Val::Text(left), Val::Text(right)) => Ok(Val::Text(left + right)),
        (operator, Val::Int(left), Val::Int(right)) => {
            let result = match operator {
                Arithmetic::Add => left.checked_add(right),
                Arithmetic::Subtract => left.checked_sub(right),
                Arithmetic::Multiply => left.checked_mul(right),
            };
            result.map(Val::Int).ok_or_else(too_large)
        }
        (Arithmetic::Add, left, right) if left.len().is_some() && right.len().is_some() => {
            Ok(Val::List(left.elements().chain(right.elements()).collect()))
        }
        _ => Err(wrong("values that are no numbers are reckoned with")),
    }
}

/// The elements of a list, or the characters of a text.
fn size(of: &Val<'_>) -> Result<i64> {
    let size = match of {
        Val::Text(text) => text.chars().count(),
        list => list.len().ok_or_else(|| wrong("something without a size was measured"))?,
    };
    i64::try_from(size).map_err(|_| too_large())
}

/// Something the check lets no expression do; a mistake of this program.
fn wrong(what: &str) -> Stopped {
    Stopped::Failed(what.to_owned())
}

fn too_large() -> Stopped {
    Stopped::Failed("a number is too large".to_owned())
}
