//! Errors in form encoding: a body, or the query or fragment of an address.

use url::form_urlencoded;

use super::{Said, said_by};

/// What the addresses and form-encoded parts of a text say.
pub(super) fn read(text: &str) -> Vec<Said> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>'));
    parts.filter_map(|part| said_in(part.trim_matches('\''))).collect()
}

fn said_in(part: &str) -> Option<Said> {
    // An address inside another one, such as the page that a login would have led to, is encoded once more.
    let decoded = part.contains("error%3D").then(|| percent_encoding::percent_decode_str(part).decode_utf8_lossy());
    let part = decoded.as_deref().unwrap_or(part);
    let has_error =
        |query: &&str| query.split('&').any(|pair| pair.starts_with("error=") || pair.starts_with("error_description="));
    let query = part.split(['?', '#']).find(has_error)?;
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    Some(said_by(pairs.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))))
}
