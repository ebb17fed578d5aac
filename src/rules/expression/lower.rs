//! From a parsed expression that the check let through to what is evaluated.

use std::ops::Range;

use cel::Program;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};
use regex::Regex;

use super::node::{Arithmetic, Comparison, Joined, Loop, Node, Search};
use crate::rules::check::{Macro, Yields, recognise};
use crate::rules::facts::FactId;

/// The expression as a tree to evaluate; none where it holds something the check lets no expression hold. `patterns` are those of its `matches()`.
pub(super) fn lower(program: &Program, has_item: bool, patterns: &[(String, Regex)]) -> Option<Node> {
    let variables = if has_item { vec!["item".to_owned()] } else { Vec::new() };
    Lowering { program, variables, patterns }.node(program.expression())
}

struct Lowering<'a> {
    program: &'a Program,
    /// Names of the variables, outermost first.
    variables: Vec<String>,
    patterns: &'a [(String, Regex)],
}

impl Lowering<'_> {
    fn node(&mut self, expr: &IdedExpr) -> Option<Node> {
        match &expr.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => Some(Node::Bool(*value.inner())),
            Expr::Literal(LiteralValue::Int(value)) => Some(Node::Int(*value.inner())),
            Expr::Literal(LiteralValue::String(text)) => Some(Node::Text(text.inner().into())),
            Expr::List(list) => list.elements.iter().map(|element| self.node(element)).collect::<Option<_>>().map(Node::List),
            Expr::Ident(name) => self.variable(name).map(Node::Variable),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(expr.id, call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            _ => None,
        }
    }

    fn boxed(&mut self, expr: &IdedExpr) -> Option<Box<Node>> {
        self.node(expr).map(Box::new)
    }

    fn two(&mut self, left: &IdedExpr, right: &IdedExpr) -> Option<Box<[Node; 2]>> {
        Some(Box::new([self.node(left)?, self.node(right)?]))
    }

    /// The number of a variable; the innermost of its name.
    fn variable(&self, name: &str) -> Option<usize> {
        self.variables.iter().rposition(|variable| variable == name)
    }

    fn select(&mut self, select: &SelectExpr) -> Option<Node> {
        let path = self.path(&select.operand.expr).map(|group| format!("{group}.{}", select.field));
        if let Some(path) = path {
            return FactId::of(&path).map(if select.test { Node::HasFact } else { Node::Fact });
        }
        let object = self.boxed(&select.operand)?;
        let name = select.field.as_str().into();
        Some(if select.test { Node::HasField(object, name) } else { Node::Field(object, name) })
    }

    /// The path of facts that a chain of names is; none where it begins with a variable.
    fn path(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Ident(name) if self.variable(name).is_none() => Some(name.clone()),
            Expr::Select(select) if !select.test => {
                self.path(&select.operand.expr).map(|group| format!("{group}.{}", select.field))
            }
            _ => None,
        }
    }

    fn call(&mut self, id: u64, call: &CallExpr) -> Option<Node> {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::LOGICAL_AND, None, [left, right]) => self.joined(id, left, right).map(Node::And),
            (operators::LOGICAL_OR, None, [left, right]) => self.joined(id, left, right).map(Node::Or),
            (operators::LOGICAL_NOT, None, [operand]) => self.boxed(operand).map(Node::Not),
            (operators::NEGATE, None, [operand]) => self.boxed(operand).map(Node::Negate),
            (operators::CONDITIONAL, None, [condition, yes, no]) => {
                Some(Node::Choose(Box::new([self.node(condition)?, self.node(yes)?, self.node(no)?])))
            }
            (operators::IN, None, [element, list]) => self.two(element, list).map(Node::In),
            ("size", Some(of), []) | ("size", None, [of]) => self.boxed(of).map(Node::Size),
            ("lowerAscii", Some(of), []) => self.boxed(of).map(Node::LowerAscii),
            ("matches", Some(text), [pattern]) => Some(Node::Matches(self.boxed(text)?, self.pattern(pattern)?)),
            (name, Some(text), [wanted]) => Some(Node::Search(search(name)?, self.two(text, wanted)?)),
            (name, None, [left, right]) => match comparison(name) {
                Some(comparison) => Some(Node::Compare(comparison, self.two(left, right)?)),
                None => Some(Node::Arithmetic(arithmetic(name)?, self.two(left, right)?)),
            },
            _ => None,
        }
    }

    fn joined(&mut self, id: u64, left: &IdedExpr, right: &IdedExpr) -> Option<Box<Joined>> {
        let operator = self.place(id);
        Some(Box::new(Joined { left: self.node(left)?, right: self.node(right)?, operator }))
    }

    /// The token of an operator, as a byte range.
    fn place(&self, id: u64) -> Range<usize> {
        self.program.source_info().offset_for(id).map_or(0..0, |(start, last)| start as usize..last as usize + 1)
    }

    fn pattern(&self, pattern: &IdedExpr) -> Option<Regex> {
        let Expr::Literal(LiteralValue::String(text)) = &pattern.expr else { return None };
        self.patterns.iter().find(|(written, _)| written == text.inner()).map(|(_, regex)| regex.clone())
    }

    fn comprehension(&mut self, comprehension: &ComprehensionExpr) -> Option<Node> {
        let Macro { yields, condition } = recognise(comprehension)?;
        let list = self.node(&comprehension.iter_range)?;
        self.variables.push(comprehension.iter_var.clone());
        let node = match (yields, condition) {
            (Yields::ListOf(each), condition) => {
                let condition = condition.map(|condition| self.node(condition));
                let each = self.node(each);
                condition
                    .map_or(Some(None), |condition| condition.map(Some))
                    .zip(each)
                    .map(|(condition, each)| Node::Collect(Box::new(Loop { list, condition, each })))
            }
            (Yields::Bool(quantifier), Some(condition)) => {
                self.node(condition).map(|each| Node::Quantify(quantifier, Box::new(Loop { list, condition: None, each })))
            }
            (Yields::Bool(_), None) => None,
        };
        self.variables.pop();
        node
    }
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic(operator: &str) -> Option<Arithmetic> {
    Some(match operator {
        operators::ADD => Arithmetic::Add,
        operators::SUBSTRACT => Arithmetic::Subtract,
        operators::MULTIPLY => Arithmetic::Multiply,
        _ => return None,
    })
}

fn search(function: &str) -> Option<Search> {
    Some(match function {
        "startsWith" => Search::Start,
        "endsWith" => Search::End,
        "contains" => Search::Anywhere,
        _ => return None,
    })
}
