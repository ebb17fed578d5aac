//! Text with `{expressions}`.

use std::ops::Range;

use super::check::{Problem, Scope, not_of_source};
use super::expression::{Evaluation, Expression, Stopped};
use super::facts;
use super::text::NOTHING;
use super::value::{FactSet, Value};
use crate::inventory::Reason;

/// What stands for a value that cannot be told.
const UNKNOWN: &str = "unknown";

/// A text with expressions in braces; `{{` and `}}` stand for braces.
#[derive(Clone, Debug)]
pub struct Message {
    text: Box<str>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// Nearly all expressions in messages are just a fact; these need not be compiled.
    Fact(&'static str),
    Expression(Expression),
}

impl Message {
    /// Compiles and checks a message.
    ///
    /// # Errors
    ///
    /// Every mistake in it, with its place in `text`.
    pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Problem>> {
        Self::read(text, scope, Expression::compile)
    }

    /// A message that is known to be sound, compiled when it is needed.
    pub(super) fn deferred(text: &str, scope: &Scope<'_>) -> Result<Self, Vec<Problem>> {
        Self::read(text, scope, |written, scope| Ok(Expression::deferred(written, scope)))
    }

    fn read(
        text: &str,
        scope: &Scope<'_>,
        compile: impl Fn(&str, &Scope<'_>) -> Result<Expression, Vec<Problem>>,
    ) -> Result<Self, Vec<Problem>> {
        let (mut parts, mut problems) = (Vec::new(), Vec::new());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text)),
                Piece::Expression(range) => match compile_part(text, range, scope, &compile) {
                    Ok(part) => parts.push(part),
                    Err(mistakes) => problems.extend(mistakes),
                },
                Piece::Stray(range, title) => {
                    let help = Some("write `{{` or `}}` for a brace".to_owned());
                    problems.push(Problem { range, title: title.to_owned(), help });
                }
            }
        }
        if problems.is_empty() { Ok(Self { text: text.into(), parts }) } else { Err(problems) }
    }

    /// The message as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The message about the subject with these facts.
    #[must_use]
    pub fn render(&self, facts: &FactSet) -> String {
        self.parts.iter().map(|part| part.render(facts)).collect()
    }
    /// The same as a value to write somewhere: whatever is unknown or absent leaves it unknown.
    ///
    /// # Errors
    ///
    /// What is not known, and why.
    pub fn value(&self, facts: &FactSet) -> Result<String, Reason> {
        self.parts.iter().map(|part| part.value(facts)).collect()
    }
}

impl Part {
    fn value(&self, facts: &FactSet) -> Result<String, Reason> {
        let absent = |name: &str| Reason::from(format!("`{name}` is not stated"));
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Fact(path) => match facts.get(path).map(|fact| &fact.state) {
                Some(Ok(Value::Absent)) | None => Err(absent(path)),
                Some(Ok(value)) => Ok(value.to_text()),
                Some(Err(reason)) => Err(reason.clone()),
            },
            Self::Expression(expression) => {
                expression.evaluate(facts, None, Evaluation::value).map(|value| value.in_words()).map_err(|stopped| match stopped {
                    Stopped::Absent(name) => absent(&name),
                    Stopped::Unknown(reason) => reason,
                    Stopped::Failed(error) => format!("internal error: {error}").into(),
                })
            }
        }
    }

    fn render(&self, facts: &FactSet) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Fact(path) => match facts.get(path).and_then(|fact| fact.value()) {
                Some(value) => value.to_text(),
                None => UNKNOWN.to_owned(),
            },
            Self::Expression(expression) => match expression.evaluate(facts, None, Evaluation::value) {
                Ok(value) => value.in_words(),
                Err(Stopped::Absent(_)) => NOTHING.to_owned(),
                Err(Stopped::Unknown(_) | Stopped::Failed(_)) => UNKNOWN.to_owned(),
            },
        }
    }
}

fn compile_part(
    text: &str,
    range: Range<usize>,
    scope: &Scope<'_>,
    compile: impl Fn(&str, &Scope<'_>) -> Result<Expression, Vec<Problem>>,
) -> Result<Part, Vec<Problem>> {
    let written = text.get(range.clone()).unwrap_or_default();
    let root = written.split('.').next().unwrap_or_default();
    if scope.subject.roots().contains(&root)
        && let Some(fact) = facts::find(written)
    {
        return match not_of_source(fact, scope.source) {
            Some((title, help)) => Err(vec![Problem { range, title, help: Some(help) }]),
            None => Ok(Part::Fact(fact.path)),
        };
    }
    let shift = |problem: Problem| Problem { range: range.start + problem.range.start..range.start + problem.range.end, ..problem };
    // An absent fact is said in words, so a message need not ask `has()`.
    let scope = Scope { guards: None, ..scope.clone() };
    compile(written, &scope).map(Part::Expression).map_err(|problems| problems.into_iter().map(shift).collect())
}

enum Piece {
    Text(String),
    Expression(Range<usize>),
    Stray(Range<usize>, &'static str),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let doubled = letters.peek().is_some_and(|(_, next)| *next == letter);
        match letter {
            '{' | '}' if doubled => {
                letters.next();
                plain.push(letter);
            }
            '}' => pieces.push(Piece::Stray(at..at + 1, "this brace closes nothing")),
            '{' => {
                let Some(end) = end_of_expression(text, at + 1) else {
                    pieces.push(Piece::Stray(at..at + 1, "this brace is never closed"));
                    return pieces;
                };
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Expression(at + 1..end));
                while letters.next_if(|(next, _)| *next <= end).is_some() {}
            }
            other => plain.push(other),
        }
    }
    pieces.push(Piece::Text(plain));
    pieces
}

/// The brace that closes the expression beginning at `start`; braces in its texts do not count.
fn end_of_expression(text: &str, start: usize) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in text.get(start..)?.char_indices() {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '}') => return Some(start + at),
            _ => {}
        }
    }
    None
}
