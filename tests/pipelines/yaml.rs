//! Files of the repository, and YAML in them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A path in the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

pub(crate) fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn parse(yaml: &str) -> Value {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

pub(crate) fn file(name: &str) -> Value {
    parse(&text(name))
}

/// The items of a list, none where there is no list.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The keys and values of a map, none where there is no map.
pub(crate) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// Every string in a document with the key that it belongs to, however deep.
pub(crate) fn strings(value: &Value) -> Vec<(String, String)> {
    fn visit(key: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) => found.push((key.to_owned(), text.clone())),
            Value::Array(items) => items.iter().for_each(|item| visit(key, item, found)),
            Value::Object(map) => map.iter().for_each(|(key, value)| visit(key, value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit("", value, &mut found);
    found
}
