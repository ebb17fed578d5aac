//! Expressions: parsed as CEL, checked, and turned into what is evaluated.

mod evaluate;
mod explain;
mod lower;
mod node;
mod value;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use cel::{ParseErrors, Program};

pub(super) use evaluate::Evaluation;
pub use explain::Part;
pub(super) use node::{Comparison, Node};
pub(super) use value::Val;

use super::check::{Checked, Guard, Problem, Scope, Ty, check};
use super::schema::{SourceKind, SubjectKind};
use super::value::{FactSet, Item};
use super::with_stack;
use crate::inventory::Reason;

/// Longest condition, in bytes. Chains of operators are not limited by the parser's depth limit, but need stack for every link.
pub const LONGEST_CONDITION: usize = 2_000;

/// Why an expression has no value.
#[derive(Clone, Debug)]
pub(super) enum Stopped {
    /// It reads an unknown fact that matters.
    Unknown(Reason),
    /// It reads an optional fact or field that is absent.
    Absent(Reason),
    /// Anything else; a mistake of this program, since the check lets no such expression through.
    Failed(String),
}

/// An expression of any type.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    text: Box<str>,
    subject: SubjectKind,
    /// Type of `item`, where the expression is about the elements of a list.
    item: Option<Ty>,
    compiled: OnceLock<Compiled>,
}

/// What evaluation needs of an expression, and what the check found out about it.
#[derive(Clone, Debug)]
struct Compiled {
    node: Arc<Node>,
    ty: Ty,
    facts: BTreeSet<&'static str>,
    guards: Arc<[Guard]>,
}

impl Expression {
    /// Parses and checks an expression.
    ///
    /// # Errors
    ///
    /// Every mistake in it, with its place in `text`.
    pub(super) fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Problem>> {
        let expression = Self::deferred(text, scope);
        let compiled = with_stack(|| compile(text, scope))?;
        Ok(Self { compiled: compiled.into(), ..expression })
    }

    /// An expression that is known to be sound, compiled when it is needed. Every command waits for the built-in rules, and most of
    /// their messages and evidence are never asked for; tests compile them all.
    pub(super) fn deferred(text: &str, scope: &Scope<'_>) -> Self {
        Self { text: text.into(), subject: scope.subject, item: scope.item.clone(), compiled: OnceLock::new() }
    }

    /// The expression as written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Its type; none where it cannot be compiled.
    pub(super) fn ty(&self) -> Option<&Ty> {
        self.compiled().ok().map(|compiled| &compiled.ty)
    }

    /// Paths of the facts it reads, in alphabetical order.
    pub(super) fn facts(&self) -> impl Iterator<Item = &'static str> {
        self.compiled().ok().into_iter().flat_map(|compiled| compiled.facts.iter().copied())
    }

    /// What it asks `has()` of.
    pub(super) fn guards(&self) -> &[Guard] {
        self.compiled().map_or(&[], |compiled| &compiled.guards)
    }

    /// What is evaluated; none where it cannot be compiled.
    pub(super) fn node(&self) -> Option<&Node> {
        self.compiled().ok().map(|compiled| &*compiled.node)
    }

    fn compiled(&self) -> Result<&Compiled, Stopped> {
        if let Some(compiled) = self.compiled.get() {
            return Ok(compiled);
        }
        // What guards there are, and whether the rule is for orgs, was checked when the rule was tested.
        let source = Some(SourceKind::Org);
        let scope = Scope { subject: self.subject, source, item: self.item.clone(), guards: None };
        let compiled = with_stack(|| compile(&self.text, &scope)).map_err(|problems| {
            Stopped::Failed(problems.into_iter().map(|problem| problem.title).collect::<Vec<_>>().join("; "))
        })?;
        Ok(self.compiled.get_or_init(|| compiled))
    }

    /// Evaluates over the facts of a subject, in the way `read` asks for.
    pub(super) fn evaluate<'v, T: Send>(
        &'v self,
        facts: &'v FactSet,
        item: Option<&'v Item>,
        read: impl FnOnce(&mut Evaluation<'v>, &'v Node) -> Result<T, Stopped> + Send,
    ) -> Result<T, Stopped> {
        with_stack(|| {
            let compiled = self.compiled()?;
            read(&mut Evaluation::new(facts, item), &compiled.node)
        })
    }
}

fn compile(text: &str, scope: &Scope<'_>) -> Result<Compiled, Vec<Problem>> {
    let whole = |title: String| vec![Problem { range: 0..text.len(), title, help: None }];
    if text.len() > LONGEST_CONDITION {
        return Err(whole(format!("a condition can have {LONGEST_CONDITION} bytes at most; this has {}", text.len())));
    }
    let program = Program::compile(text).map_err(|errors| explain(text, &errors))?;
    let Checked { ty, facts, guards, patterns } = check(text, &program, scope)?;
    let node = lower::lower(&program, scope.item.is_some(), &patterns);
    let node = node.ok_or_else(|| whole("conditions do not support this".to_owned()))?;
    Ok(Compiled { node: Arc::new(node), ty, facts, guards: guards.into() })
}

/// The parser's messages list every token it could have gone on with; the place and its first half say enough.
fn explain(text: &str, errors: &ParseErrors) -> Vec<Problem> {
    let first = errors.errors.first();
    let (line, column) = first.map_or((1, 1), |error| error.pos);
    let line_start: usize = text.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or_default()).map(str::len).sum();
    let column = usize::try_from(column - 1).unwrap_or_default();
    let start =
        text.get(line_start..).and_then(|rest| rest.char_indices().nth(column)).map_or(text.len(), |(at, _)| line_start + at);
    let message = first.map_or("", |error| error.msg.as_str());
    let message = message.split(" expecting ").next().unwrap_or(message);
    let unexpected = message.split_once('\'').and_then(|(_, rest)| rest.rsplit_once('\'')).map(|(token, _)| token.trim());
    let title = match unexpected {
        Some("<EOF>") => "the condition ends too early".to_owned(),
        Some(token) => format!("the condition cannot be read: `{token}` is unexpected here"),
        None => format!("the condition cannot be read: {message}"),
    };
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    vec![Problem { range: start..start + width, title, help: None }]
}
