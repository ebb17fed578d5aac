//! sObjects as tables: columns of described types, rows of small cells.
//!
//! A row is a slice of cells and not a JSON object, so that an org of 100,000 users takes tens of megabytes.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Bool(bool),
    Number(i64),
    /// Shared, since many rows say the same.
    Text(Arc<str>),
}

/// What a column holds, as describe says it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Id,
    Text,
    Bool,
    Int,
    Date,
    DateTime,
    Picklist(Vec<String>),
    /// An id of this object, with the name of the relationship that leads there. No name: polymorphic, not to be followed.
    Reference {
        to: String,
        relationship: Option<String>,
    },
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) filterable: bool,
    pub(crate) groupable: bool,
    pub(crate) data: bool,
    pub(crate) tooling: bool,
    pub(crate) hidden: bool,
}

/// An sObject.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) data: bool,
    pub(crate) tooling: bool,
    pub(crate) hidden: bool,
    /// One of these permissions makes it visible; none named: everybody sees it.
    pub(crate) needs: Vec<String>,
    pub(crate) fields: Vec<Field>,
    pub(crate) rows: Vec<Box<[Cell]>>,
    prefix: String,
    has_ids: bool,
    by_id: HashMap<[u8; 15], u32>,
}

impl Cell {
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::from(*value),
            Self::Number(value) => Value::from(*value),
            Self::Text(value) => Value::from(&**value),
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl Field {
    pub(crate) fn is_id(&self) -> bool {
        matches!(self.kind, Kind::Id | Kind::Reference { .. })
    }

    /// The type as describe spells it.
    pub(crate) fn described_type(&self) -> &'static str {
        match self.kind {
            Kind::Id => "id",
            Kind::Text => "string",
            Kind::Bool => "boolean",
            Kind::Int => "int",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::Picklist(_) => "picklist",
            Kind::Reference { .. } => "reference",
        }
    }

    /// What stands in a row that says nothing of it: check boxes are never null.
    pub(crate) fn missing(&self) -> Cell {
        if self.kind == Kind::Bool { Cell::Bool(false) } else { Cell::Null }
    }
}

impl Table {
    pub(crate) fn new(name: &str, prefix: &str, fields: Vec<Field>) -> Self {
        Self {
            name: name.to_owned(),
            data: true,
            tooling: false,
            hidden: false,
            needs: Vec::new(),
            fields,
            rows: Vec::new(),
            prefix: prefix.to_owned(),
            has_ids: true,
            by_id: HashMap::new(),
        }
    }

    /// Rows have no id that a query could tell: `OauthToken`.
    pub(crate) fn without_ids(mut self) -> Self {
        self.has_ids = false;
        self
    }

    /// Position of a column, whatever its spelling in upper and lower case.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The column that leads to another object under this relationship name.
    pub(crate) fn relationship(&self, name: &str) -> Option<(usize, &str, &str)> {
        self.fields.iter().enumerate().find_map(|(position, field)| match &field.kind {
            Kind::Reference { to, relationship: Some(relationship) } if relationship.eq_ignore_ascii_case(name) => {
                Some((position, to.as_str(), relationship.as_str()))
            }
            _ => None,
        })
    }

    /// Adds a row of JSON and returns its id. Panics at a column that the object does not have.
    pub(crate) fn insert(&mut self, row: &Value) -> String {
        let mut cells: Vec<Cell> = self.fields.iter().map(Field::missing).collect();
        for (name, value) in row.as_object().expect("a row is an object") {
            let position = self.position(name).unwrap_or_else(|| panic!("{} has no column {name}", self.name));
            cells[position] = cell(value);
        }
        self.push(cells)
    }

    /// Adds a row of cells in the order of the columns.
    pub(crate) fn push(&mut self, mut cells: Vec<Cell>) -> String {
        let number = self.rows.len();
        let id = match cells[0].text() {
            Some(id) => id.to_owned(),
            None => make_id(&self.prefix, number + 1),
        };
        if self.has_ids {
            cells[0] = Cell::Text(id.as_str().into());
            self.by_id.extend(key(&id).zip(u32::try_from(number).ok()));
        }
        self.rows.push(cells.into_boxed_slice());
        id
    }

    /// The row of an id of 15 or 18 characters.
    pub(crate) fn row(&self, id: &str) -> Option<&[Cell]> {
        let number = self.by_id.get(&key(id)?)?;
        self.rows.get(*number as usize).map(|row| &**row)
    }

    /// The first row with this value in this column.
    pub(crate) fn find(&self, column: &str, value: &str) -> Option<&[Cell]> {
        let position = self.position(column)?;
        self.rows.iter().find(|row| row[position].text() == Some(value)).map(|row| &**row)
    }

    /// Changes a column of all rows that have a value in another column; returns how many.
    pub(crate) fn update(&mut self, (column, value): (&str, &str), set: &str, to: &Value) -> usize {
        let place = |name: &str| self.position(name).unwrap_or_else(|| panic!("{} has no column {name}", self.name));
        let (by, what) = (place(column), place(set));
        let matching = self.rows.iter_mut().filter(|row| row[by].text() == Some(value));
        matching.map(|row| row[what] = cell(to)).count()
    }

    /// Removes the rows with this value in this column; returns how many.
    pub(crate) fn delete(&mut self, column: &str, value: &str) -> usize {
        let by = self.position(column).unwrap_or_else(|| panic!("{} has no column {column}", self.name));
        let before = self.rows.len();
        self.rows.retain(|row| row[by].text() != Some(value));
        let ids = self.rows.iter().enumerate().filter(|_| self.has_ids);
        self.by_id = ids.filter_map(|(number, row)| Some((key(row[0].text()?)?, u32::try_from(number).ok()?))).collect();
        before - self.rows.len()
    }
}

/// An id of 18 characters: prefix, number and the three characters that tell upper from lower case.
pub(crate) fn make_id(prefix: &str, number: usize) -> String {
    let id = format!("{prefix}{number:0width$}", width = 15 - prefix.len());
    let suffix = id.as_bytes().chunks(5).map(|chunk| {
        let bits = chunk.iter().rev().fold(0, |bits, byte| bits << 1 | usize::from(byte.is_ascii_uppercase()));
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits])
    });
    id.chars().chain(suffix).collect()
}

/// What tells ids apart: their first 15 characters.
fn key(id: &str) -> Option<[u8; 15]> {
    id.as_bytes().first_chunk().copied()
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(value) => Cell::Bool(*value),
        Value::Number(value) => Cell::Number(value.as_i64().expect("a whole number")),
        Value::String(value) => Cell::Text(value.as_str().into()),
        other => panic!("no cell can hold {other}"),
    }
}
