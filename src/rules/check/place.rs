//! Where in its text an expression stands.
//!
//! The parser keeps one token per node: for a selection the dot, for a call the operator or the opening parenthesis, for an
//! expanded macro the parenthesis too. What people want underlined is found from these.

use std::ops::Range;

use cel::common::ast::{CallExpr, Expr, IdedExpr, SelectExpr, SourceInfo};

/// The text of an expression together with the places of its nodes.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) text: &'a str,
    pub(super) info: &'a SourceInfo,
}

impl Places<'_> {
    /// The token the parser keeps for a node, as a byte range.
    fn token(&self, id: u64) -> Range<usize> {
        let end = self.text.len();
        self.info.offset_for(id).map_or(0..end, |(start, stop)| (start as usize).min(end)..(stop as usize + 1).min(end))
    }

    /// What to underline for a mistake in `expr` itself.
    pub(super) fn of(&self, expr: &IdedExpr) -> Range<usize> {
        match &expr.expr {
            Expr::Call(call) => self.name_of_call(expr.id, call),
            Expr::Select(select) => self.field(select),
            Expr::Comprehension(_) => self.name_before_parenthesis(expr.id),
            _ => self.token(expr.id),
        }
    }

    /// The whole of an expression, as far as its nodes tell.
    pub(super) fn extent(&self, expr: &IdedExpr) -> Range<usize> {
        let parts = match &expr.expr {
            Expr::Call(call) => {
                call.target.iter().map(|target| self.extent(target)).chain(call.args.iter().map(|arg| self.extent(arg))).collect()
            }
            Expr::Select(select) => vec![self.extent(&select.operand)],
            Expr::Comprehension(comprehension) => vec![self.extent(&comprehension.iter_range)],
            Expr::List(list) => list.elements.iter().map(|element| self.extent(element)).collect(),
            _ => Vec::new(),
        };
        parts.into_iter().fold(self.of(expr), |all, part| all.start.min(part.start)..all.end.max(part.end))
    }

    /// The field's name in a selection or in `has()`.
    pub(super) fn field(&self, select: &SelectExpr) -> Range<usize> {
        let from = self.extent(&select.operand).end;
        let found = self.text.get(from..).and_then(|rest| rest.find(&select.field));
        found.map_or(from..from, |at| from + at..from + at + select.field.len())
    }

    fn name_of_call(&self, id: u64, call: &CallExpr) -> Range<usize> {
        if self.text.get(self.token(id)).is_some_and(|token| token == "(") {
            self.name_before(id, &call.func_name)
        } else {
            self.token(id)
        }
    }

    fn name_before(&self, id: u64, name: &str) -> Range<usize> {
        let end = self.token(id).start;
        let before = self.text.get(..end).unwrap_or_default().trim_end();
        if before.ends_with(name) { before.len() - name.len()..before.len() } else { self.token(id) }
    }

    fn name_before_parenthesis(&self, id: u64) -> Range<usize> {
        let before = self.text.get(..self.token(id).start).unwrap_or_default().trim_end();
        let name = before.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        name.len()..before.len()
    }
}
