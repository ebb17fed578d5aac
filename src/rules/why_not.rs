//! Why a rule does not apply to a subject.

use super::check::Scope;
use super::schema::SourceKind;
use super::value::FactSet;
use super::{Condition, Rule, Truth, with_stack};

/// Why `rule` does not apply to the subject with these facts, from this kind of source: the parts of its `when` that do not hold, as they
/// are written, or the kind of source it is for.
#[must_use]
pub fn why_not(rule: &Rule, source: Option<SourceKind>, facts: &FactSet) -> String {
    if !rule.is_for(source) {
        return match rule.source() {
            Some(SourceKind::Files) => "it is for files".to_owned(),
            _ => "it is for live orgs".to_owned(),
        };
    }
    let Some(when) = rule.when() else { return String::new() };
    let false_parts = with_stack(|| {
        let parts = rule.when_parts.get_or_init(|| parts_of(rule, when));
        let is_false = |part: &&Condition| part.holds(facts) == Truth::False;
        parts.iter().filter(is_false).map(|part| in_line(part.text())).collect::<Vec<_>>()
    });
    // Parts that are false only together.
    let told = if false_parts.is_empty() { vec![in_line(when.text())] } else { false_parts };
    told.iter().map(|part| format!("`{part}` is false")).collect::<Vec<_>>().join(", ")
}

/// The parts of a condition that must all hold, each as a condition of its own.
fn parts_of(rule: &Rule, when: &Condition) -> Vec<Condition> {
    let scope = Scope { subject: rule.applies_to(), source: rule.source(), item: None, guards: None };
    conjuncts(when.text()).into_iter().map(|part| Condition::deferred(part, &scope)).collect()
}

/// The operands of the outermost `&&`; the whole where there is none, or where a weaker operator is outermost.
fn conjuncts(text: &str) -> Vec<&str> {
    let text = without_parentheses(text.trim());
    let mut ends = Vec::new();
    for (at, character) in outermost(text) {
        match character {
            '?' => return vec![text],
            '|' if text.get(at..).is_some_and(|rest| rest.starts_with("||")) => return vec![text],
            '&' if text.get(at..).is_some_and(|rest| rest.starts_with("&&")) => ends.push(at),
            _ => {}
        }
    }
    if ends.is_empty() {
        return vec![text];
    }
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 2));
    let parts = starts.zip(ends.iter().copied().chain([text.len()])).filter_map(|(start, end)| text.get(start..end));
    parts.flat_map(conjuncts).collect()
}

/// The text inside parentheses that enclose all of it.
fn without_parentheses(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    // The first parenthesis is closed by the last one where nothing is outside of them.
    match inner {
        Some(inner) if outermost(text).count() == 0 => without_parentheses(inner.trim()),
        _ => text,
    }
}

/// The characters that stand in no parentheses, brackets, braces and quotes, with their places.
fn outermost(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    text.char_indices().filter(move |(_, character)| {
        if let Some(end) = quote {
            let ends = *character == end && !escaped;
            escaped = *character == '\\' && !escaped;
            quote = quote.filter(|_| !ends);
            return false;
        }
        match character {
            '"' | '\'' => quote = Some(*character),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => return depth == 0,
        }
        false
    })
}

/// A condition on one line.
fn in_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
