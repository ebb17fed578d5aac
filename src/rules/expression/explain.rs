//! Which part of a condition decided, and what it read.

use std::ops::Range;

use super::{Evaluation, Expression, Node, Stopped};
use crate::rules::condition::Truth;
use crate::rules::facts::FactId;
use crate::rules::value::{FactSet, Value};

/// A part of a condition that decided what the whole says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// It as written, on one line.
    pub text: String,
    /// What it says.
    pub truth: Truth,
    /// The facts it reads with their values in words, in the order it reads them.
    pub facts: Vec<(&'static str, String)>,
}

impl Expression {
    /// The parts that decided: of `a && b` that is false, those that are false, and so on down to parts without `&&` and `||`.
    pub(in crate::rules) fn decisive_parts(&self, facts: &FactSet) -> Vec<Part> {
        let mut explanation = Explanation { text: self.text(), facts, parts: Vec::new() };
        let _: Result<(), Stopped> = self.evaluate(facts, None, |_, node| {
            explanation.explain(node, explanation.without_parentheses(0..self.text().len()));
            Ok(())
        });
        explanation.parts
    }
}

struct Explanation<'v> {
    text: &'v str,
    facts: &'v FactSet,
    parts: Vec<Part>,
}

impl<'v> Explanation<'v> {
    /// Adds what decided about a node that is written at `range`.
    fn explain(&mut self, node: &'v Node, range: Range<usize>) {
        let truth = self.truth(node);
        let (Node::And(joined) | Node::Or(joined)) = node else {
            return self.parts.push(Part { text: self.slice(range), truth, facts: self.facts_of(node) });
        };
        let sides = [(&joined.left, range.start..joined.operator.start), (&joined.right, joined.operator.end..range.end)];
        for (side, range) in sides {
            // Reasons may differ where both sides are unknown; both matter then.
            if std::mem::discriminant(&self.truth(side)) == std::mem::discriminant(&truth) {
                self.explain(side, self.without_parentheses(range));
            }
        }
    }

    fn truth(&self, node: &'v Node) -> Truth {
        Truth::from(Evaluation::new(self.facts, None).truth(node))
    }

    fn facts_of(&self, node: &Node) -> Vec<(&'static str, String)> {
        let mut read: Vec<FactId> = Vec::new();
        node.visit(&mut |node| {
            if let Node::Fact(id) | Node::HasFact(id) = node
                && !read.contains(id)
            {
                read.push(*id);
            }
        });
        read.into_iter().map(|id| (id.fact().path, self.in_words(id))).collect()
    }

    fn in_words(&self, id: FactId) -> String {
        match self.facts.at(id).map(|fact| &fact.state) {
            Some(Ok(Value::Absent)) => "absent".to_owned(),
            Some(Ok(value)) => value.to_text(),
            Some(Err(reason)) => format!("unknown: {reason}"),
            None => "not collected".to_owned(),
        }
    }

    fn slice(&self, range: Range<usize>) -> String {
        self.text.get(range).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A range without white space and parentheses around all of it, so that operators inside are at its top level.
    fn without_parentheses(&self, range: Range<usize>) -> Range<usize> {
        let written = self.text.get(range.clone()).unwrap_or_default();
        let trimmed = written.trim();
        let start = range.start + (written.len() - written.trim_start().len());
        let range = start..start + trimmed.len();
        if trimmed.starts_with('(') && closes_last(trimmed) {
            self.without_parentheses(range.start + 1..range.end - 1)
        } else {
            range
        }
    }
}

/// Whether the parenthesis that a text begins with is closed by its last letter. Parentheses in its texts do not count.
fn closes_last(text: &str) -> bool {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}
