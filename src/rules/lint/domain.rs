//! The values of a fact that can make a difference to conditions.

use std::collections::BTreeMap;

use crate::rules::Condition;
use crate::rules::example::blank;
use crate::rules::expression::{Comparison, Node};
use crate::rules::facts::FactId;
use crate::rules::schema::{Field, Type};
use crate::rules::value::{Item, ItemValue, Value};

/// More combinations than this are not tried; facts with many values are unknown then.
const MOST_COMBINATIONS: usize = 1_000;

/// A text that no condition names.
const ANY_OTHER: &str = "\u{0}";

/// The values of a fact that can make a difference.
pub(super) struct Domain(Vec<Value>);

impl Domain {
    pub(super) fn values(&self) -> &[Value] {
        &self.0
    }
}

/// How a fact is read.
struct Reads {
    id: FactId,
    /// How often other than by `has()`.
    count: usize,
    /// How often it is only compared with something written down.
    compared: usize,
    literals: Vec<Value>,
}

/// The facts that conditions read of which a few values stand for all, by path.
pub(super) fn of_facts(conditions: &[&Condition]) -> BTreeMap<&'static str, Domain> {
    let mut reads: BTreeMap<&'static str, Reads> = BTreeMap::new();
    for condition in conditions {
        let Some(node) = condition.node() else { continue };
        node.visit(&mut |node| note(node, &mut reads));
    }
    reads.into_iter().filter_map(|(path, reads)| Some((path, domain(&reads)?))).collect()
}

/// As many of the domains as can all be combined, those with fewest values first.
pub(super) fn affordable<'d>(domains: &'d BTreeMap<&'static str, Domain>) -> Vec<(&'static str, &'d Domain)> {
    let mut by_size: Vec<(&'static str, &Domain)> = domains.iter().map(|(path, domain)| (*path, domain)).collect();
    by_size.sort_by_key(|(_, domain)| domain.0.len());
    let mut combinations = 1;
    by_size.retain(|(_, domain)| {
        combinations *= domain.0.len();
        combinations <= MOST_COMBINATIONS
    });
    by_size
}

fn note(node: &Node, reads: &mut BTreeMap<&'static str, Reads>) {
    match node {
        Node::Fact(id) => of(*id, reads).count += 1,
        Node::HasFact(id) => drop(of(*id, reads)),
        Node::Compare(comparison, sides) => match &**sides {
            [Node::Fact(id), literal] | [literal, Node::Fact(id)] => {
                compared(*id, *comparison, std::slice::from_ref(literal), reads);
            }
            _ => {}
        },
        Node::In(sides) => {
            if let [Node::Fact(id), Node::List(literals)] = &**sides {
                compared(*id, Comparison::Equal, literals, reads);
            }
        }
        _ => {}
    }
}

fn of<'r>(id: FactId, reads: &'r mut BTreeMap<&'static str, Reads>) -> &'r mut Reads {
    reads.entry(id.fact().path).or_insert(Reads { id, count: 0, compared: 0, literals: Vec::new() })
}

/// Notes that a fact is compared with these, if they are all written down and of a kind that a few values can stand for.
fn compared(id: FactId, comparison: Comparison, with: &[Node], reads: &mut BTreeMap<&'static str, Reads>) {
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let literals: Option<Vec<Value>> = with
        .iter()
        .map(|node| match node {
            Node::Int(value) => Some(Value::Int(*value)),
            Node::Text(text) if equality => Some((**text).into()),
            _ => None,
        })
        .collect();
    if let Some(literals) = literals {
        let reads = of(id, reads);
        reads.compared += 1;
        reads.literals.extend(literals);
    }
}

fn domain(reads: &Reads) -> Option<Domain> {
    let fact = reads.id.fact();
    let mut values = match finite(fact.ty) {
        Some(values) => values,
        None if reads.count == 0 => vec![blank(fact.ty, false)],
        None if reads.count == reads.compared => around(&reads.literals),
        None => return None,
    };
    values.extend(fact.optional.then_some(Value::Absent));
    Some(Domain(values))
}

/// All values of a type, where it has few.
fn finite(ty: Type) -> Option<Vec<Value>> {
    match ty {
        Type::Bool => Some(vec![false.into(), true.into()]),
        Type::Choice(words) => Some(words.iter().map(|word| (*word).into()).collect()),
        _ => None,
    }
}

/// The literals themselves and what is beside them: no comparison tells any other value from one of these.
fn around(literals: &[Value]) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for literal in literals {
        let near = match literal {
            Value::Int(value) => vec![value.saturating_sub(1).into(), (*value).into(), value.saturating_add(1).into()],
            other => vec![other.clone(), ANY_OTHER.into()],
        };
        values.extend(near);
    }
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

/// Elements of a list that stand for all, as far as a condition on `item` can tell them apart; none where they would be too many.
pub(super) fn items_of(list: Type, keep: &Condition) -> Option<Vec<Item>> {
    let (mut whole, mut fields) = (0_usize, Vec::new());
    keep.node()?.visit(&mut |node| match node {
        // `item` is the outermost variable.
        Node::Variable(0) => whole += 1,
        Node::Field(of, name) | Node::HasField(of, name) if matches!(**of, Node::Variable(0)) => fields.push(&**name),
        _ => {}
    });
    match list {
        Type::Objects(of) if whole == fields.len() => objects(of, &fields),
        Type::Choices(words) => Some(words.iter().map(|word| Item::text(*word, None)).collect()),
        _ if whole == 0 => Some(vec![Item::text(ANY_OTHER, None)]),
        _ => None,
    }
}

/// Objects with every combination of the fields that are read; the others are blank.
fn objects(all: &[Field], read: &[&str]) -> Option<Vec<Item>> {
    let mut objects: Vec<BTreeMap<&'static str, Value>> =
        vec![all.iter().map(|field| (field.name, blank(field.ty, field.optional))).collect()];
    for field in all.iter().filter(|field| read.contains(&field.name)) {
        let mut values = finite(field.ty)?;
        values.extend(field.optional.then_some(Value::Absent));
        let with = |object: &BTreeMap<&'static str, Value>, value: &Value| {
            let mut object = object.clone();
            object.insert(field.name, value.clone());
            object
        };
        objects = objects.iter().flat_map(|object| values.iter().map(|value| with(object, value)).collect::<Vec<_>>()).collect();
        if objects.len() > MOST_COMBINATIONS {
            return None;
        }
    }
    Some(objects.into_iter().map(|object| Item { value: ItemValue::Object(object), origin: None }).collect())
}
