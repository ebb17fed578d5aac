//! Rows of SOQL answers, read defensively: what is not as documented is simply not there.

use serde_json::{Map, Value};

/// A row of a query; relationships are objects inside.
#[derive(Clone, Debug, Default)]
pub(super) struct Row(Map<String, Value>);

impl Row {
    /// A row, if the value is one.
    pub(super) fn new(value: Value) -> Option<Self> {
        match value {
            Value::Object(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    fn at(&self, path: &str) -> Option<&Value> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let mut value = self.0.get(first)?;
        for name in rest.iter().flat_map(|rest| rest.split('.')) {
            value = value.as_object()?.get(name)?;
        }
        Some(value).filter(|value| !value.is_null())
    }

    /// The text of a column such as `Parent.Profile.Name`. Numbers are texts too: some picklists answer with either.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        match self.at(path)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The same, empty where there is none.
    pub(super) fn word(&self, path: &str) -> String {
        self.text(path).unwrap_or_default()
    }

    /// The boolean of a column.
    pub(super) fn flag(&self, path: &str) -> Option<bool> {
        self.at(path)?.as_bool()
    }

    /// The count of a column, which is never negative.
    pub(super) fn count(&self, path: &str) -> Option<u64> {
        self.at(path)?.as_u64()
    }
}
