//! Writing SOQL: literals, lists, URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a URL: what RFC 3986 calls unreserved, and the comma, which queries are full of.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// Longest encoded query, in bytes. The org takes 16,384 for URI and headers together; tokens in JWT format need a part of it.
pub const LONGEST_ENCODED: usize = 8_000;

/// A text as a SOQL literal, with its quotes.
#[must_use]
pub fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// The queries it takes to ask for all values: `{prefix} IN ('…','…')`, none longer than `max_encoded` bytes in a URL unless a
/// single value is. No values, no query.
#[must_use]
pub fn in_lists(prefix: &str, values: &[String], max_encoded: usize) -> Vec<String> {
    let frame = encode(prefix).len() + encode(" IN ()").len();
    let mut queries = Vec::new();
    let (mut list, mut length) = (String::new(), frame);
    for value in values {
        let literal = literal(value);
        let more = encode(&literal).len() + 1;
        if !list.is_empty() && length + more > max_encoded {
            queries.push(format!("{prefix} IN ({list})"));
            list.clear();
            length = frame;
        }
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&literal);
        length += more;
    }
    if !list.is_empty() {
        queries.push(format!("{prefix} IN ({list})"));
    }
    queries
}

/// A text as part of a URL.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
