//! The static check of an expression: names, types, limits. An expression that passes cannot fail at run time because of a
//! typo, and the check tells which facts it reads.
//!
//! Mistakes are [`Problem`]s with a byte range of the expression; who knows the file turns them into diagnostics.

mod call;
mod macros;
mod path;
mod place;
mod ty;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use cel::Program;
use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue};
use regex::Regex;

use super::schema::{FactType, Field, SourceKind, SubjectKind};
pub(in crate::rules) use macros::{Macro, Quantifier, Yields, recognise};
pub(super) use path::no_such_fact;
use place::Places;
pub use ty::Ty;

/// A mistake in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the expression it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub title: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Something optional that a condition asks `has()` of.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    /// An optional fact.
    Fact(&'static str),
    /// An optional field of the objects of a list.
    Field(&'static Field),
}

impl PartialEq for Guard {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fact(left), Self::Fact(right)) => left == right,
            // Two kinds of objects may have fields that read alike, so it must be the very same entry of the schema.
            (Self::Field(left), Self::Field(right)) => std::ptr::eq(*left, *right),
            _ => false,
        }
    }
}

/// What an expression may use.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// What the rule is about, which decides the facts it may read.
    pub subject: SubjectKind,
    /// The only kind of source the rule is for, which decides whether it may read what only an org knows.
    pub source: Option<SourceKind>,
    /// The type of `item`, where there is one.
    pub item: Option<Ty>,
    /// What other conditions of the rule ask `has()` of. `None`: nothing need be asked, as absent is said in words.
    pub guards: Option<&'a [Guard]>,
}

/// What the check found out about an expression without mistakes.
#[derive(Debug)]
pub struct Checked {
    /// Its type.
    pub ty: Ty,
    /// Paths of the facts it reads.
    pub facts: BTreeSet<&'static str>,
    /// What it asks `has()` of.
    pub guards: Vec<Guard>,
    /// The patterns of its `matches()`.
    pub patterns: Vec<(String, Regex)>,
}

/// What is wrong with reading a fact in a rule for this kind of source, and what to do; none where nothing is.
pub(super) fn not_of_source(fact: &FactType, source: Option<SourceKind>) -> Option<(String, String)> {
    let help = match source {
        _ if !fact.org_only => return None,
        Some(SourceKind::Org) => return None,
        Some(SourceKind::Files) => "a rule with `source: files` cannot read it".to_owned(),
        None => "add `source: org` to the rule".to_owned(),
    };
    Some((format!("only live orgs know `{}`", fact.path), help))
}

/// Checks a parsed expression.
///
/// # Errors
///
/// All mistakes, in the order they stand.
pub fn check(text: &str, program: &Program, scope: &Scope<'_>) -> Result<Checked, Vec<Problem>> {
    let mut checker = Checker {
        places: Places { text, info: program.source_info() },
        roots: scope.subject.roots(),
        source: scope.source,
        variables: scope.item.iter().map(|ty| ("item".to_owned(), ty.clone())).collect(),
        comprehensions: 0,
        facts: BTreeSet::new(),
        guards: Vec::new(),
        optional_reads: Vec::new(),
        patterns: Vec::new(),
        problems: Vec::new(),
    };
    let ty = checker.value(program.expression());
    checker.check_guards(scope.guards);
    if checker.problems.is_empty() {
        return Ok(Checked { ty, facts: checker.facts, guards: checker.guards, patterns: checker.patterns });
    }
    checker.problems.sort_by_key(|problem| problem.range.start);
    Err(checker.problems)
}

/// More levels take ten times as long each, and nobody can read them.
const MOST_NESTED_COMPREHENSIONS: usize = 2;

struct Checker<'a> {
    places: Places<'a>,
    roots: &'static [&'static str],
    source: Option<SourceKind>,
    /// Innermost last.
    variables: Vec<(String, Ty)>,
    comprehensions: usize,
    facts: BTreeSet<&'static str>,
    guards: Vec<Guard>,
    /// What is read, where its name stands, and the whole path that leads to it.
    optional_reads: Vec<(Guard, Range<usize>, Range<usize>)>,
    patterns: Vec<(String, Regex)>,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    /// The type of an expression that must have a value: anything but a group of facts.
    fn value(&mut self, expr: &IdedExpr) -> Ty {
        match self.any(expr) {
            Ty::Group(path) => {
                let help = path::facts_of_group(&path);
                self.refuse(self.places.extent(expr), format!("`{path}` is a group of facts, not a value"), Some(help))
            }
            ty => ty,
        }
    }

    fn any(&mut self, expr: &IdedExpr) -> Ty {
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Ident(name) => self.name(expr, name),
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => self.call(expr, call),
            Expr::List(list) => self.list(&list.elements),
            Expr::Comprehension(comprehension) => self.comprehension(expr, comprehension),
            Expr::Map(_) => self.unsupported(expr, "map literals"),
            Expr::Struct(_) => self.unsupported(expr, "object literals"),
            Expr::Unspecified => self.unsupported(expr, "empty expressions"),
        }
    }

    fn literal(&mut self, expr: &IdedExpr, literal: &LiteralValue) -> Ty {
        match literal {
            LiteralValue::Boolean(_) => Ty::Bool,
            LiteralValue::Int(_) => Ty::Int,
            LiteralValue::String(_) => Ty::Text,
            LiteralValue::Null => {
                let help = "ask `has()` whether an optional fact is there".to_owned();
                self.refuse(self.places.of(expr), "conditions have no `null`", Some(help))
            }
            LiteralValue::Double(_) => self.unsupported(expr, "fractional numbers"),
            LiteralValue::UInt(_) => self.unsupported(expr, "unsigned numbers"),
            LiteralValue::Bytes(_) => self.unsupported(expr, "byte strings"),
        }
    }

    fn list(&mut self, elements: &[IdedExpr]) -> Ty {
        let mut all = Ty::Any;
        for element in elements {
            let ty = self.value(element);
            if !all.fits(&ty) {
                self.refuse(self.places.extent(element), format!("the list holds {all} and {ty}"), None);
                return Ty::List(Box::new(Ty::Any));
            }
            all = all.join(ty);
        }
        Ty::List(Box::new(all))
    }

    fn comprehension(&mut self, expr: &IdedExpr, comprehension: &ComprehensionExpr) -> Ty {
        let range = self.value(&comprehension.iter_range);
        let element = match &range {
            Ty::Any => Ty::Any,
            Ty::List(element) => (**element).clone(),
            other => {
                let title = format!("this needs a list; it has {other}");
                self.refuse(self.places.extent(&comprehension.iter_range), title, None)
            }
        };
        let Some(found) = recognise(comprehension) else { return self.unsupported(expr, "this kind of loop") };
        if self.roots.contains(&comprehension.iter_var.as_str()) {
            let title = format!("`{}` is already the name of a group of facts", comprehension.iter_var);
            return self.refuse(self.places.of(expr), title, Some("use another name for the element".to_owned()));
        }
        if self.comprehensions == MOST_NESTED_COMPREHENSIONS {
            let title = format!("more than {MOST_NESTED_COMPREHENSIONS} nested loops over lists");
            return self.refuse(self.places.of(expr), title, None);
        }
        self.comprehensions += 1;
        self.variables.push((comprehension.iter_var.clone(), element));
        if let Some(condition) = found.condition {
            self.expect(condition, &Ty::Bool);
        }
        let ty = match found.yields {
            Yields::Bool(_) => Ty::Bool,
            Yields::ListOf(each) => Ty::List(Box::new(self.value(each))),
        };
        self.variables.pop();
        self.comprehensions -= 1;
        ty
    }

    /// Checks `expr` and that its type fits `wanted`.
    fn expect(&mut self, expr: &IdedExpr, wanted: &Ty) {
        let found = self.value(expr);
        if !found.fits(wanted) {
            self.refuse(self.places.extent(expr), format!("this must be {wanted}; it is {found}"), None);
        }
    }

    /// Every optional thing that is read must be asked for somewhere.
    fn check_guards(&mut self, others: Option<&[Guard]>) {
        let Some(others) = others else { return };
        for (guard, place, whole) in std::mem::take(&mut self.optional_reads) {
            if !self.guards.contains(&guard) && !others.contains(&guard) {
                let written = self.places.text.get(whole).unwrap_or_default();
                self.refuse(place, format!("`{written}` may be absent"), Some(format!("ask `has({written})` first")));
            }
        }
    }

    fn unsupported(&mut self, expr: &IdedExpr, what: &str) -> Ty {
        self.refuse(self.places.of(expr), format!("conditions do not support {what}"), None)
    }

    fn refuse(&mut self, range: Range<usize>, title: impl Into<String>, help: Option<String>) -> Ty {
        self.problems.push(Problem { range, title: title.into(), help });
        Ty::Any
    }
}
