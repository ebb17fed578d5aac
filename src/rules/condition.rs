//! Conditions: compiled and checked once, evaluated over the facts of many subjects.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::{panic, thread};

use cel::common::types::CelBool;
use cel::common::value::CowVal;
use cel::{Context, ExecutionError, ParseErrors, Program, Value as CelValue};

use super::check::{Checked, Guard, Problem, Scope, Ty, check};
use super::functions::{Patterns, add_patterns, environment};
use super::schema::{SourceKind, SubjectKind};
use super::value::{FactSet, Item};
use super::{binding, check};
use crate::inventory::Reason;

/// Longest condition, in bytes. Chains of operators are not limited by the parser's depth limit, but need stack for every link.
pub const LONGEST_CONDITION: usize = 2_000;

/// Enough for the longest chain that fits into [`LONGEST_CONDITION`] bytes, in debug builds too.
const STACK: usize = 64 << 20;

thread_local! {
    static HAS_STACK: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on a thread with a stack deep enough for any condition.
///
/// Loading and judging do this by themselves; whoever loads or judges many rules wraps the whole in one call, so that one
/// thread is made and not thousands.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if HAS_STACK.get() {
        return work();
    }
    let mut work = Some(work);
    let result = thread::scope(|scope| {
        let on_thread = || {
            HAS_STACK.set(true);
            work.take().map(|work| work())
        };
        let spawned = thread::Builder::new().name("rules".to_owned()).stack_size(STACK).spawn_scoped(scope, on_thread);
        spawned.ok().and_then(|thread| thread.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)))
    });
    match (result, work) {
        (Some(result), _) => result,
        // No thread could be made. The stack at hand does for all but absurd conditions.
        (None, Some(work)) => work(),
        (None, None) => unreachable!("work that was taken has a result"),
    }
}

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
        match expression.compiled() {
            Ok(compiled) if !compiled.ty.is_bool() => {
                let title = format!("a condition must be true or false; this is {}", compiled.ty);
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
        &self.0.text
    }

    /// Paths of the facts it reads, in alphabetical order.
    pub fn facts(&self) -> impl Iterator<Item = &'static str> {
        self.0.compiled().ok().into_iter().flat_map(|compiled| compiled.facts.iter().copied())
    }

    /// What it asks `has()` of.
    #[must_use]
    pub fn guards(&self) -> &[Guard] {
        self.0.compiled().map_or(&[], |compiled| &compiled.guards)
    }

    /// What it says of the subject with these facts.
    #[must_use]
    pub fn holds(&self, facts: &FactSet) -> Truth {
        self.holds_for(facts, None)
    }

    /// The same with `item`, an element of a list fact.
    #[must_use]
    pub fn holds_for(&self, facts: &FactSet, item: Option<&Item>) -> Truth {
        let result = self.0.evaluate(facts, item, |value| value.downcast_ref::<CelBool>().map(|bool| *bool.inner()));
        match result {
            Ok(Some(true)) => Truth::True,
            Ok(Some(false)) => Truth::False,
            Ok(None) => Truth::Unknown("internal error: the condition is neither true nor false".into()),
            Err(Stopped::Unknown(reason)) => Truth::Unknown(reason),
            Err(Stopped::Absent(name)) => {
                Truth::Unknown(format!("internal error: the rule reads `{name}` where it is absent").into())
            }
            Err(Stopped::Failed(error)) => Truth::Unknown(format!("internal error: {error}").into()),
        }
    }
}

/// Why an expression has no value.
#[derive(Clone, Debug)]
pub(super) enum Stopped {
    /// It reads an unknown fact that matters.
    Unknown(Reason),
    /// It reads an optional fact or field that is absent.
    Absent(Arc<String>),
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
    program: Arc<Program>,
    ty: Ty,
    facts: BTreeSet<&'static str>,
    guards: Arc<[Guard]>,
    patterns: Patterns,
}

impl Expression {
    pub(super) fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Problem>> {
        if text.len() > LONGEST_CONDITION {
            let title = format!("a condition can have {LONGEST_CONDITION} bytes at most; this has {}", text.len());
            return Err(vec![Problem { range: 0..text.len(), title, help: None }]);
        }
        let expression = Self::deferred(text, scope);
        with_stack(|| {
            let program = environment().compile(text).map_err(|errors| explain(text, &errors))?;
            let Checked { ty, facts, guards, patterns } = check(text, &program, scope)?;
            let compiled = Compiled { program: Arc::new(program), ty, facts, guards: guards.into(), patterns: patterns.into() };
            Ok(Self { compiled: compiled.into(), ..expression })
        })
    }

    /// An expression that is known to be sound, compiled when it is needed. Every command waits for the built-in rules, and most of
    /// their messages and evidence are never asked for; tests compile them all.
    pub(super) fn deferred(text: &str, scope: &Scope<'_>) -> Self {
        Self { text: text.into(), subject: scope.subject, item: scope.item.clone(), compiled: OnceLock::new() }
    }

    fn compiled(&self) -> Result<&Compiled, Stopped> {
        if let Some(compiled) = self.compiled.get() {
            return Ok(compiled);
        }
        // What guards there are, and whether the rule is for orgs, was checked when the rule was tested.
        let source = Some(SourceKind::Org);
        let scope = Scope { subject: self.subject, source, item: self.item.clone(), guards: None };
        let whole = Self::compile(&self.text, &scope).map_err(|problems| {
            Stopped::Failed(problems.into_iter().map(|problem| problem.title).collect::<Vec<_>>().join("; "))
        })?;
        let compiled = whole.compiled.into_inner().ok_or_else(|| Stopped::Failed("nothing was compiled".to_owned()))?;
        Ok(self.compiled.get_or_init(|| compiled))
    }

    /// Evaluates and lets `read` make something of the value, which borrows from the evaluation.
    pub(super) fn evaluate<T: Send>(
        &self,
        facts: &FactSet,
        item: Option<&Item>,
        read: impl FnOnce(CowVal<'_, '_>) -> T + Send,
    ) -> Result<T, Stopped> {
        with_stack(|| {
            let compiled = self.compiled()?;
            let mut context = Context::with_env(Arc::clone(environment()));
            binding::bind(&mut context, self.subject.roots(), facts, item);
            if !compiled.patterns.is_empty() {
                add_patterns(&mut context, &compiled.patterns);
            }
            let value = CelValue::resolve_val(compiled.program.expression(), &context).map_err(stopped)?;
            Ok(read(value))
        })
    }
}

fn stopped(error: ExecutionError) -> Stopped {
    match error {
        ExecutionError::FunctionError { function, message } if function == binding::UNKNOWN => Stopped::Unknown(message.into()),
        ExecutionError::NoSuchKey(name) => Stopped::Absent(name),
        other => Stopped::Failed(other.to_string()),
    }
}

/// The parser's messages list every token it could have gone on with; the place and its first half say enough.
fn explain(text: &str, errors: &ParseErrors) -> Vec<check::Problem> {
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
