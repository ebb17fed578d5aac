//! From names with dots to columns.

use super::super::error::ApiError;
use super::super::objects::Objects;
use super::super::table::{Cell, Field, Table};
use super::{Path, Query};

/// What a query is asked of.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) objects: &'a Objects,
    pub(crate) tooling: bool,
    /// The running user's permissions, and who that is.
    pub(crate) permissions: &'a [String],
    pub(crate) user: &'a str,
}

/// The way from a row to a value.
#[derive(Clone)]
pub(super) struct Column<'a> {
    /// Reference columns with the tables they lead to.
    pub(super) steps: Vec<(usize, &'a Table, String)>,
    pub(super) position: usize,
    pub(super) field: &'a Field,
}

impl<'a> Scope<'a> {
    /// The table, if the running user may know of it.
    pub(super) fn table(self, query: &Query) -> Result<&'a Table, ApiError> {
        self.visible(&query.from.text).ok_or_else(|| {
            let name = &query.from.text;
            let advice = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference \
                          your WSDL or the describe call for the appropriate names.";
            ApiError::at("INVALID_TYPE", &query.text, query.from.at, format!("sObject type '{name}' is not supported. {advice}"))
        })
    }

    /// A table by name, unless it is hidden, not in this API or beyond the user's permissions.
    pub(crate) fn visible(self, name: &str) -> Option<&'a Table> {
        let table = self.objects.get(name)?;
        let in_api = if self.tooling { table.tooling } else { table.data };
        let allowed = table.needs.is_empty() || table.needs.iter().any(|need| self.permissions.contains(need));
        (in_api && allowed && !table.hidden).then_some(table)
    }

    pub(crate) fn shows(self, field: &Field) -> bool {
        !field.hidden && if self.tooling { field.tooling } else { field.data }
    }

    pub(super) fn column(self, query: &Query, table: &'a Table, path: &Path) -> Result<Column<'a>, ApiError> {
        let refuse = |message: String| ApiError::at("INVALID_FIELD", &query.text, path.at, message);
        let mut table = table;
        let mut steps = Vec::new();
        let mut names = path.text.split('.').peekable();
        // A path may begin with the object's own name.
        if names.peek().is_some_and(|name| name.eq_ignore_ascii_case(&table.name)) && path.text.contains('.') {
            names.next();
        }
        while let Some(name) = names.next() {
            if names.peek().is_none() {
                let found = table.position(name).filter(|position| self.shows(&table.fields[*position]));
                let position = found.ok_or_else(|| refuse(no_such_column(name, &table.name)))?;
                return Ok(Column { steps, position, field: &table.fields[position] });
            }
            let followed = table.relationship(name).filter(|(position, ..)| self.shows(&table.fields[*position]));
            let next = followed.and_then(|(position, to, relationship)| Some((position, self.visible(to)?, relationship)));
            let (position, to, relationship) = next.ok_or_else(|| refuse(no_such_relationship(name)))?;
            steps.push((position, to, relationship.to_owned()));
            table = to;
        }
        Err(refuse(no_such_column("", &table.name)))
    }
}

impl<'a> Column<'a> {
    /// The value in a row; null if the way there ends early.
    pub(super) fn value(&self, row: &'a [Cell]) -> &'a Cell {
        let mut row = row;
        for (position, table, _) in &self.steps {
            match row[*position].text().and_then(|id| table.row(id)) {
                Some(next) => row = next,
                None => return &Cell::Null,
            }
        }
        &row[self.position]
    }
}

fn no_such_column(name: &str, table: &str) -> String {
    format!(
        "No such column '{name}' on entity '{table}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom \
         field name. Please reference your WSDL or the describe call for the appropriate names."
    )
}

fn no_such_relationship(name: &str) -> String {
    format!(
        "Didn't understand relationship '{name}' in field path. If you are attempting to use a custom relationship, be sure to append the \
         '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
    )
}
