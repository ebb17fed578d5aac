//! Credentials in the lines of a file: found by the names of their elements, so that no excerpt shows them.
//!
//! The file may be anything, broken XML too, so it is not parsed: an element is a credential where its name looks like one, to its end tag.

use crate::inventory::credential::{is_named_so, is_switch};
use crate::source::Span;

/// How far before a shown place an element may begin that holds it. Longer than any credential.
const LOOK_BACK: usize = 64 * 1024;
/// What the first and the last line of a private key hold.
const PRIVATE_KEY: &str = "PRIVATE KEY-----";
/// Characters of a consumer key that are shown: enough to recognise it by.
const KEY_SHOWN: usize = 8;

/// The credentials within a part of a text, in order.
pub(super) fn credentials(text: &str, shown: Span) -> Vec<Span> {
    let from = text.floor_char_boundary(shown.start.saturating_sub(LOOK_BACK));
    let mut found = Vec::new();
    let mut at = from;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('<')).map(|open| at + open + 1).filter(|open| *open < shown.end)
    {
        at = open;
        let rest = text.get(open..).unwrap_or_default();
        let name_end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'))).unwrap_or(rest.len());
        let name = rest.get(..name_end).unwrap_or_default();
        let is_key = name.to_ascii_lowercase().ends_with("consumerkey");
        // A certificate is public. What else stands in its place need not be.
        let is_certificate = name.to_ascii_lowercase().ends_with("certificate");
        if !is_key && !is_certificate && !is_named_so(name) {
            continue;
        }
        let Some(tag_end) = rest.find('>') else { continue };
        let value = rest.get(tag_end + 1..).unwrap_or_default();
        let value = value.get(..value.find("</").unwrap_or(value.len())).unwrap_or_default();
        if is_plain(value.trim()) || is_certificate && !value.contains(PRIVATE_KEY) {
            continue;
        }
        let kept = if is_key { value.char_indices().nth(KEY_SHOWN).map_or(value.len(), |(end, _)| end) } else { 0 };
        found.push(Span::new(open + tag_end + 1 + kept, open + tag_end + 1 + value.len()));
        at = open + tag_end + 1 + value.len();
    }
    found
}

/// What stands in the place of a credential.
const HIDDEN: &str = "‹not shown›";

/// A text without its credentials, the rest of a consumer key among them.
pub(super) fn without_credentials(text: &str) -> String {
    without(text, credentials(text, Span::new(0, text.len())))
}

/// A text without its secrets; consumer keys, which are none, stay.
pub(super) fn without_secrets(text: &str) -> String {
    let is_key = |span: &Span| {
        let before = text.get(..span.start).unwrap_or_default();
        let tag = before.rfind('<').and_then(|at| before.get(at..)).unwrap_or_default();
        tag.split('>').next().is_some_and(|tag| tag.to_ascii_lowercase().contains("consumerkey"))
    };
    without(text, credentials(text, Span::new(0, text.len())).into_iter().filter(|span| !is_key(span)))
}

fn without(text: &str, hidden: impl IntoIterator<Item = Span>) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for span in hidden {
        shown.push_str(text.get(at..span.start).unwrap_or_default());
        shown.push_str(HIDDEN);
        at = span.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}

/// What stands in elements with such names and is no credential: nothing, a switch, a template variable, other elements.
fn is_plain(value: &str) -> bool {
    let holds_elements = value.starts_with('<') && !value.starts_with("<!");
    is_switch(value) || value.starts_with("${") || value.starts_with('{') || holds_elements
}
