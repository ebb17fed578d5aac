//! Errors in JSON: the object of a token endpoint, the list of an API, or such a thing in the middle of a log.

use serde_json::Value;

use super::{Said, said_by};
use crate::access::errors::wording::straight;

/// Places of a text where JSON is looked for. Braces of a log that begin nothing cost little, but not nothing.
const PLACES: usize = 256;
/// How deep an error may lie in other values.
const DEPTH: usize = 8;

/// What the JSON in a text says; quotes that an editor made curly count as straight where the text makes no sense otherwise.
pub(super) fn read(text: &str) -> Vec<Said> {
    let said = scan(text);
    if said.is_empty() && text.contains(['\u{201c}', '\u{201d}']) {
        // An apostrophe is not touched: it cannot end a string of JSON.
        let straightened: String = text.chars().map(|c| if straight(c) == '"' { '"' } else { c }).collect();
        return scan(&straightened);
    }
    said
}

fn scan(text: &str) -> Vec<Said> {
    let mut found = Vec::new();
    let mut rest = text;
    for _ in 0..PLACES {
        let Some(start) = rest.find(['{', '[']) else { break };
        let json = rest.get(start..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
        let value = values.next();
        let length = if let Some(Ok(value)) = value {
            collect(&value, DEPTH, &mut found);
            values.byte_offset()
        } else {
            1
        };
        rest = json.get(length..).unwrap_or_default();
    }
    found
}

fn collect(value: &Value, depth: usize, found: &mut Vec<Said>) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(object) => {
            let texts = object.iter().filter_map(|(key, value)| value.as_str().map(|value| (key.as_str(), value)));
            found.push(said_by(texts));
            object.values().for_each(|value| collect(value, deeper, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, deeper, found)),
        _ => {}
    }
}
