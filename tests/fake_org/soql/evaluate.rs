//! Which rows a query finds, in which order; groups and their aggregates.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::super::error::ApiError;
use super::super::table::{Cell, Table};
use super::filter::{Test, key};
use super::resolve::{Column, Scope};
use super::{Function, Item, Order, Path, Query};

/// What a query amounts to, before it is written down.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// Numbers of rows of the object.
    Rows(Vec<u32>),
    /// `COUNT()`.
    Count(usize),
    /// `AggregateResult` rows.
    Groups(Vec<Value>),
}

/// Asks a query. `today` is what date literals such as `LAST_N_DAYS:30` count from.
pub(crate) fn find(scope: Scope, query: &Query, today: &str) -> Result<Found, ApiError> {
    let table = scope.table(query)?;
    let test = query.filter.as_ref().map(|filter| Test::new(scope, query, table, filter, today)).transpose()?;
    let rows = table.rows.iter().enumerate().filter(|(_, row)| test.as_ref().is_none_or(|test| test.holds(row)));
    let mut rows: Vec<usize> = rows.map(|(number, _)| number).collect();
    if table.name == "OauthToken" {
        if !scope.permissions.iter().any(|permission| permission == "CustomizeApplication") {
            // Only one's own, and not a word about it.
            let user = table.position("UserId").unwrap_or_default();
            rows.retain(|row| table.rows[*row][user].text() == Some(scope.user));
        }
        // At most so many are ever told, whatever there is.
        rows.truncate(2500);
    }
    if let [Item::CountRows] = query.select.as_slice() {
        return Ok(Found::Count(rows.len().min(query.limit.unwrap_or(usize::MAX))));
    }
    let aggregates = query.select.iter().any(|item| matches!(item, Item::Aggregate { .. } | Item::CountRows));
    if aggregates || !query.group.is_empty() {
        return groups(scope, query, table, &rows).map(Found::Groups);
    }
    for item in &query.select {
        if let Item::Field { path, .. } = item {
            scope.column(query, table, path)?;
        }
    }
    sort(scope, query, table, &mut rows)?;
    let rows = rows.into_iter().skip(query.offset).take(query.limit.unwrap_or(usize::MAX));
    Ok(Found::Rows(rows.filter_map(|number| u32::try_from(number).ok()).collect()))
}

fn sort<'a>(scope: Scope<'a>, query: &Query, table: &'a Table, rows: &mut [usize]) -> Result<(), ApiError> {
    let column = |order: &Order| match &order.item {
        Item::Field { path, .. } => Ok((scope.column(query, table, path)?, order.clone())),
        _ => Err(not_grouped(query, &query.from)),
    };
    let orders: Vec<(Column, Order)> = query.order.iter().map(column).collect::<Result<_, _>>()?;
    rows.sort_by(|a, b| {
        let each = orders.iter().map(|(column, order)| {
            let value = |row: &usize| column.value(&table.rows[*row]);
            ordering(value(a), value(b), order)
        });
        each.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

/// Nulls come first unless it is asked otherwise, in either direction.
fn ordering(a: &Cell, b: &Cell, order: &Order) -> Ordering {
    let by_null = (*a != Cell::Null).cmp(&(*b != Cell::Null));
    if by_null != Ordering::Equal {
        return if order.nulls_last { by_null.reverse() } else { by_null };
    }
    let by_value = by_value(a, b);
    if order.descending { by_value.reverse() } else { by_value }
}

fn by_value(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Number(a), Cell::Number(b)) => a.cmp(b),
        (Cell::Bool(a), Cell::Bool(b)) => a.cmp(b),
        (Cell::Text(a), Cell::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        _ => Ordering::Equal,
    }
}

/// A selected expression of a query with groups.
enum Output<'a> {
    Grouped(usize),
    Aggregate(Function, Column<'a>),
}

fn groups(scope: Scope, query: &Query, table: &Table, rows: &[usize]) -> Result<Vec<Value>, ApiError> {
    let by: Vec<Column> = query.group.iter().map(|path| groupable(scope, query, table, path)).collect::<Result<_, _>>()?;
    let outputs = outputs(scope, query, table)?;
    let mut places: HashMap<Vec<Option<String>>, usize> = HashMap::new();
    let mut groups: Vec<(Vec<Option<String>>, Vec<usize>)> = Vec::new();
    for row in rows {
        let group: Vec<Option<String>> = by.iter().map(|column| key(column, column.value(&table.rows[*row]))).collect();
        let place = *places.entry(group.clone()).or_insert_with(|| {
            groups.push((group, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(*row);
    }
    if by.is_empty() && groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    // Salesforce promises no order; tests want one.
    groups.sort();
    let mut results: Vec<Value> = Vec::new();
    for (_, members) in &groups {
        let mut result = Map::new();
        result.insert("attributes".to_owned(), json!({"type": "AggregateResult"}));
        for (name, output) in &outputs {
            let value = match output {
                Output::Grouped(position) => {
                    members.first().map_or(Value::Null, |row| by[*position].value(&table.rows[*row]).json())
                }
                Output::Aggregate(function, column) => aggregate(*function, column, table, members),
            };
            result.insert(name.clone(), value);
        }
        results.push(Value::Object(result));
    }
    let results: Vec<Value> = results.into_iter().skip(query.offset).take(query.limit.unwrap_or(usize::MAX)).collect();
    if results.len() > 2000 {
        let text = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch";
        return Err(ApiError::new(400, "EXCEEDED_ID_LIMIT", text));
    }
    Ok(results)
}

fn outputs<'a>(scope: Scope<'a>, query: &Query, table: &'a Table) -> Result<Vec<(String, Output<'a>)>, ApiError> {
    let mut outputs: Vec<(String, Output)> = Vec::new();
    let mut unnamed = 0;
    for item in &query.select {
        let output = match item {
            Item::CountRows => return Err(not_grouped(query, &query.from)),
            Item::Field { path, alias } => {
                let position = query.group.iter().position(|group| group.text.eq_ignore_ascii_case(&path.text));
                let position = position.ok_or_else(|| not_grouped(query, path))?;
                let last = path.text.rsplit('.').next().unwrap_or_default();
                let name = alias.clone().unwrap_or_else(|| last.to_owned());
                if outputs.iter().any(|(other, _)| *other == name) {
                    return Err(ApiError::at("MALFORMED_QUERY", &query.text, path.at, format!("duplicate alias: {name}")));
                }
                (name, Output::Grouped(position))
            }
            Item::Aggregate { function, path, alias } => {
                let column = scope.column(query, table, path)?;
                let name = alias.clone().unwrap_or_else(|| {
                    unnamed += 1;
                    format!("expr{}", unnamed - 1)
                });
                (name, Output::Aggregate(*function, column))
            }
        };
        outputs.push(output);
    }
    Ok(outputs)
}

fn aggregate(function: Function, column: &Column, table: &Table, members: &[usize]) -> Value {
    let values = members.iter().map(|row| column.value(&table.rows[*row])).filter(|cell| **cell != Cell::Null);
    match function {
        Function::Count => Value::from(values.count()),
        Function::CountDistinct => Value::from(values.filter_map(|cell| key(column, cell)).collect::<HashSet<_>>().len()),
        Function::Min => values.min_by(|a, b| by_value(a, b)).map_or(Value::Null, Cell::json),
        Function::Max => values.max_by(|a, b| by_value(a, b)).map_or(Value::Null, Cell::json),
        Function::Sum => Value::from(values.map(|cell| if let Cell::Number(number) = cell { *number } else { 0 }).sum::<i64>()),
    }
}

fn groupable<'a>(scope: Scope<'a>, query: &Query, table: &'a Table, path: &Path) -> Result<Column<'a>, ApiError> {
    let column = scope.column(query, table, path)?;
    if column.field.groupable {
        return Ok(column);
    }
    let text = format!("field '{}' can not be grouped in a query call", path.text);
    Err(ApiError::at("MALFORMED_QUERY", &query.text, path.at, text))
}

fn not_grouped(query: &Query, path: &Path) -> ApiError {
    ApiError::at("MALFORMED_QUERY", &query.text, path.at, format!("Field must be grouped or aggregated: {}", path.text))
}
