//! Errors in XML: a SOAP fault, or the answer of a token endpoint that was asked for XML.
//!
//! What is pasted is seldom a whole document, so it is not parsed: an element is a name in brackets and the text up to the next bracket.

use std::borrow::Cow;

use quick_xml::escape::unescape;

use super::{Said, said_by};

/// The names that carry errors.
const NAMES: [&str; 6] = ["error", "error_description", "exceptionCode", "exceptionMessage", "faultcode", "faultstring"];

/// What the elements of a text say, as one.
pub(super) fn read(text: &str) -> Vec<Said> {
    let elements: Vec<(&str, String)> = text.split('<').skip(1).filter_map(element).collect();
    let mut said = said_by(elements.iter().map(|(name, value)| (*name, value.as_str())));
    // A fault says both in its text, `INVALID_SESSION_ID: Session expired or invalid`, and its code with a prefix.
    if let Some((code, rest)) = said.description.as_deref().and_then(|text| text.split_once(": ")).filter(|(code, _)| is_code(code))
    {
        (said.error, said.description) = (Some(code.to_owned()), Some(rest.to_owned()));
    } else if let Some((_, code)) = said.error.as_deref().and_then(|code| code.split_once(':')) {
        said.error = Some(code.to_owned());
    }
    vec![said]
}

/// Name without prefix and text of an element, of which `text` begins after the bracket.
fn element(text: &str) -> Option<(&str, String)> {
    let (tag, value) = text.split_once('>')?;
    let name = tag.split_ascii_whitespace().next()?;
    let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
    let text = || unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned);
    NAMES.contains(&name).then(|| (name, text()))
}

fn is_code(text: &str) -> bool {
    text.contains('_') && text.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
}
