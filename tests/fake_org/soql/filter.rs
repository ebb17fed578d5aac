//! WHERE.

use std::collections::HashSet;

use super::super::error::ApiError;
use super::super::table::{Cell, Kind, Table};
use super::evaluate::{Found, find};
use super::lexer::ESCAPE;
use super::resolve::{Column, Scope};
use super::{Condition, Literal, Operator, Path, Query, Values};

/// A condition whose names are resolved and whose values are ready to be compared.
pub(super) enum Test<'a> {
    And(Vec<Test<'a>>),
    Or(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Compare(Column<'a>, Operator, Operand),
    In { column: Column<'a>, negated: bool, keys: HashSet<String>, null: bool },
}

pub(super) enum Operand {
    Null,
    /// Comparable text: ids cut to 15 characters, other text in lower case.
    Key(String),
    Number(i64),
    /// A span of time: start, and the first moment that is no longer in it.
    Span(String, String),
}

impl<'a> Test<'a> {
    /// Checks a condition against the object it is about. `today` is a date such as `2026-06-01`.
    pub(super) fn new(
        scope: Scope<'a>,
        query: &Query,
        table: &'a Table,
        condition: &Condition,
        today: &str,
    ) -> Result<Self, ApiError> {
        let build = |condition: &Condition| Self::new(scope, query, table, condition, today);
        let column = |path: &Path| {
            let column = scope.column(query, table, path)?;
            if column.field.filterable { Ok(column) } else { Err(not_filterable(query, path)) }
        };
        Ok(match condition {
            Condition::And(parts) => Self::And(parts.iter().map(build).collect::<Result<_, _>>()?),
            Condition::Or(parts) => Self::Or(parts.iter().map(build).collect::<Result<_, _>>()?),
            Condition::Not(part) => Self::Not(Box::new(build(part)?)),
            Condition::Compare { path, operator, value } => {
                let column = column(path)?;
                let operand = operand(query, path, &column, value, today)?;
                Self::Compare(column, *operator, operand)
            }
            Condition::In { path, negated, values } => {
                let column = column(path)?;
                let (mut keys, mut null) = (HashSet::new(), false);
                match values {
                    Values::List(list) => {
                        for literal in list {
                            match operand(query, path, &column, literal, today)? {
                                Operand::Null => null = true,
                                Operand::Key(key) => drop(keys.insert(key)),
                                Operand::Number(number) => drop(keys.insert(number.to_string())),
                                Operand::Span(start, _) => drop(keys.insert(start)),
                            }
                        }
                    }
                    Values::Query(inner) => keys = semi_join(scope, inner, today)?,
                }
                Self::In { column, negated: *negated, keys, null }
            }
        })
    }

    pub(super) fn holds(&self, row: &'a [Cell]) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(row)),
            Self::Not(part) => !part.holds(row),
            Self::Compare(column, operator, operand) => compare(column, column.value(row), *operator, operand),
            Self::In { column, negated, keys, null } => {
                let found = match key(column, column.value(row)) {
                    None => *null,
                    Some(key) => keys.contains(&key),
                };
                found != *negated
            }
        }
    }
}

fn semi_join(scope: Scope, inner: &Query, today: &str) -> Result<HashSet<String>, ApiError> {
    let table = scope.table(inner)?;
    let [super::Item::Field { path, .. }] = inner.select.as_slice() else {
        let text = "semi join sub-selects must select exactly one column";
        return Err(ApiError::at("MALFORMED_QUERY", &inner.text, inner.from.at, text));
    };
    let column = scope.column(inner, table, path)?;
    if !column.field.is_id() {
        let text = format!(
            "The selected field '{}' in the subquery and the left operand field should be of type ID or reference",
            path.text
        );
        return Err(ApiError::at("INVALID_FIELD", &inner.text, path.at, text));
    }
    let Found::Rows(rows) = find(scope, inner, today)? else { return Ok(HashSet::new()) };
    Ok(rows.iter().filter_map(|row| key(&column, column.value(&table.rows[*row as usize]))).collect())
}

/// Comparable text of a value: ids are told apart by 15 characters, other text without regard to case.
pub(super) fn key(column: &Column, cell: &Cell) -> Option<String> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Bool(value) => value.to_string(),
        Cell::Number(value) => value.to_string(),
        Cell::Text(text) if column.field.is_id() => text.chars().take(15).collect(),
        Cell::Text(text) if column.field.kind == Kind::DateTime => text.chars().take(19).collect(),
        Cell::Text(text) => text.to_lowercase(),
    })
}

fn compare(column: &Column, cell: &Cell, operator: Operator, operand: &Operand) -> bool {
    let value = key(column, cell);
    let (low, high) = match operand {
        Operand::Null => return value.is_none() == (operator == Operator::Equal),
        Operand::Number(number) => {
            let Cell::Number(value) = cell else { return operator == Operator::NotEqual };
            return ordered(operator, value, number, number);
        }
        Operand::Key(key) => (key, key),
        Operand::Span(start, end) => (start, end),
    };
    let Some(value) = value else { return operator == Operator::NotEqual };
    match (operator, operand) {
        (Operator::Like, _) => like(&value.chars().collect::<Vec<_>>(), &low.chars().collect::<Vec<_>>()),
        (Operator::Equal, Operand::Span(..)) => *low <= value && value < *high,
        (Operator::NotEqual, Operand::Span(..)) => value < *low || *high <= value,
        (Operator::Greater, Operand::Span(..)) => value >= *high,
        (Operator::AtMost, Operand::Span(..)) => value < *high,
        _ => ordered(operator, &value, low, high),
    }
}

fn ordered<T: PartialOrd>(operator: Operator, value: &T, low: &T, high: &T) -> bool {
    match operator {
        Operator::Equal => value == low,
        Operator::NotEqual => value != low,
        Operator::Less => value < low,
        Operator::AtMost => value <= high,
        Operator::Greater => value > high,
        Operator::AtLeast => value >= low,
        Operator::Like => false,
    }
}

fn like(text: &[char], pattern: &[char]) -> bool {
    if let [ESCAPE, literal, pattern @ ..] = pattern {
        return text.split_first().is_some_and(|(c, text)| c == literal && like(text, pattern));
    }
    match (text.split_first(), pattern.split_first()) {
        (_, Some(('%', rest))) => like(text, rest) || text.split_first().is_some_and(|(_, text)| like(text, pattern)),
        (Some((_, text)), Some(('_', rest))) => like(text, rest),
        (Some((a, text)), Some((b, rest))) => a == b && like(text, rest),
        (None, None) => true,
        _ => false,
    }
}

/// The value of a literal, if the column's type takes it.
fn operand(query: &Query, path: &Path, column: &Column, literal: &Literal, today: &str) -> Result<Operand, ApiError> {
    let day = |days: i64| -> String {
        let today: jiff::civil::Date = today.parse().expect("today is a date");
        today.saturating_add(jiff::Span::new().days(days)).to_string()
    };
    let is_id = column.field.is_id();
    Ok(match (literal, &column.field.kind) {
        (Literal::Null, _) => Operand::Null,
        (Literal::Bool(value), Kind::Bool) => Operand::Key(value.to_string()),
        (Literal::Number(number), Kind::Int) => Operand::Number(*number),
        (Literal::Text(text), _) if is_id => {
            if !matches!(text.len(), 15 | 18) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(ApiError::at(
                    "INVALID_QUERY_FILTER_OPERATOR",
                    &query.text,
                    path.at,
                    format!("invalid ID field: {text}"),
                ));
            }
            Operand::Key(text.chars().take(15).collect())
        }
        (Literal::Text(text), Kind::Text | Kind::Picklist(_)) => Operand::Key(text.to_lowercase()),
        (Literal::Date(date), Kind::Date) => Operand::Key(date.clone()),
        (Literal::DateTime(time), Kind::DateTime) => Operand::Key(time.clone()),
        (Literal::Days(from, to), Kind::Date | Kind::DateTime) => Operand::Span(day(*from), day(*to)),
        (_, kind) => {
            let (kind, quotes) = match kind {
                Kind::Text | Kind::Picklist(_) | Kind::Id | Kind::Reference { .. } => ("string", "should be enclosed in quotes"),
                Kind::Bool => ("boolean", "should not be enclosed in quotes"),
                Kind::Int => ("int", "should not be enclosed in quotes"),
                Kind::Date => ("date", "should not be enclosed in quotes"),
                Kind::DateTime => ("dateTime", "should not be enclosed in quotes"),
            };
            let text = format!("value of filter criterion for field '{}' must be of type {kind} and {quotes}", path.text);
            return Err(ApiError::at("INVALID_FIELD", &query.text, path.at, text));
        }
    })
}

fn not_filterable(query: &Query, path: &Path) -> ApiError {
    let name = path.text.rsplit('.').next().unwrap_or_default();
    ApiError::at("INVALID_FIELD", &query.text, path.at, format!("field '{name}' can not be filtered in a query call"))
}
