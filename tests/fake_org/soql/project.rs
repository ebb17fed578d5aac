//! Rows as JSON: attributes, and relationships nested with their own.

use serde_json::{Map, Value, json};

use super::super::error::ApiError;
use super::super::table::{Cell, Table};
use super::resolve::{Column, Scope};
use super::{Item, Query};

/// Writes rows of a query. `base` is the path of the API's sObject resources, such as `/services/data/v66.0/sobjects`.
pub(crate) fn render(scope: Scope, query: &Query, rows: &[u32], base: &str) -> Result<Vec<Value>, ApiError> {
    let table = scope.table(query)?;
    let mut shape = Shape { table, columns: Vec::new(), parents: Vec::new() };
    for item in &query.select {
        if let Item::Field { path, .. } = item {
            let column = scope.column(query, table, path)?;
            shape.add(&column, 0);
        }
    }
    // A row may have gone between two pages.
    let rows = rows.iter().filter_map(|row| table.rows.get(*row as usize));
    Ok(rows.map(|row| shape.write(row, base)).collect())
}

/// What is selected of one object on the way.
struct Shape<'a> {
    table: &'a Table,
    columns: Vec<usize>,
    parents: Vec<(String, usize, Shape<'a>)>,
}

impl<'a> Shape<'a> {
    fn add(&mut self, column: &Column<'a>, step: usize) {
        let Some((reference, table, name)) = column.steps.get(step) else {
            self.columns.push(column.position);
            return;
        };
        let place = self.parents.iter().position(|(other, ..)| other == name).unwrap_or_else(|| {
            self.parents.push((name.clone(), *reference, Shape { table, columns: Vec::new(), parents: Vec::new() }));
            self.parents.len() - 1
        });
        self.parents[place].2.add(column, step + 1);
    }

    fn write(&self, row: &[Cell], base: &str) -> Value {
        let mut object = Map::new();
        let id = row[0].text().unwrap_or("000000000000000AAA");
        object.insert("attributes".to_owned(), json!({"type": self.table.name, "url": format!("{base}/{}/{id}", self.table.name)}));
        for position in &self.columns {
            object.insert(self.table.fields[*position].name.clone(), row[*position].json());
        }
        for (name, reference, shape) in &self.parents {
            let parent = row[*reference].text().and_then(|id| shape.table.row(id));
            object.insert(name.clone(), parent.map_or(Value::Null, |row| shape.write(row, base)));
        }
        Value::Object(object)
    }
}
