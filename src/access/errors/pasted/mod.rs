//! What a pasted text says: every `error` and `error_description` that it may hold, whatever it is wrapped in.
//!
//! The text is somebody's terminal, log or address bar. It may hold tokens, assertions and secrets beside the error, so nothing leaves here
//! but the values of the few names that carry errors.

mod form;
mod json;
mod xml;

/// Bytes of a text that are looked at. An error is short; what is longer is a log that the error stands at the end or the beginning of.
const LONGEST: usize = 256 * 1024;

/// What a part of the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// `error`, `errorCode` or a fault code.
    pub(super) error: Option<String>,
    /// `error_description`, `message` or a fault string.
    pub(super) description: Option<String>,
}

/// The text cut to what is looked at: of a long log its end.
pub(super) fn cut(text: &str) -> &str {
    let start = text.ceil_char_boundary(text.len().saturating_sub(LONGEST));
    text.get(start..).unwrap_or_default()
}

/// Everything the text says in a form of errors: those with a code first, otherwise in order of their form and place.
pub(super) fn read(text: &str) -> Vec<Said> {
    let mut said = json::read(text);
    said.extend(xml::read(text));
    said.extend(form::read(text));
    for said in &mut said {
        // An API without words for an error repeats the code.
        if said.description == said.error {
            said.description = None;
        }
    }
    said.retain(|said| said.error.is_some() || said.description.is_some());
    said.sort_by_key(|said| said.error.is_none());
    said
}

/// What name-value pairs say, in the names of OAuth, of the REST API and of SOAP: the first of these that says something.
fn said_by<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Said {
    let pairs: Vec<(&str, &str)> = pairs.filter(|(_, value)| !value.trim().is_empty()).collect();
    let value_of = |names: [&str; 4]| {
        let of = |name: &str| pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        names.into_iter().find_map(of).map(|(_, value)| (*value).to_owned())
    };
    Said {
        error: value_of(["error", "errorCode", "exceptionCode", "faultcode"]),
        description: value_of(["error_description", "message", "exceptionMessage", "faultstring"]),
    }
}
