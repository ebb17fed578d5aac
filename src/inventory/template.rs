//! Template variables: what deployment scripts replace in metadata before it is deployed.

/// Whether a template variable stands somewhere in the text, so that what will be deployed is not known. The spellings
/// known are `{X}`, `{{X}}`, `${X}`, `%X%` and `__X__`.
#[must_use]
pub fn holds_variable(text: &str) -> bool {
    holds_braces(text) || holds_underscores(text) || holds_percents(text)
}

fn holds_braces(text: &str) -> bool {
    let closed = |rest: &str| rest.split_once('}').is_some_and(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace));
    text.split('{').skip(1).any(closed)
}

fn holds_underscores(text: &str) -> bool {
    let mut pieces = text.split("__").skip(1).peekable();
    while let Some(name) = pieces.next() {
        if pieces.peek().is_some() && is_name(name) {
            return true;
        }
    }
    false
}

/// `%X%`, told from percent-encoding: what follows the closing `%` must not make it an encoded byte.
fn holds_percents(text: &str) -> bool {
    let mut pieces = text.split('%').skip(1).peekable();
    while let (Some(name), Some(after)) = (pieces.next(), pieces.peek()) {
        let encoded = after.len() > 1 && after.chars().take(2).all(|digit| digit.is_ascii_hexdigit());
        if is_name(name) && name.len() > 2 && !encoded {
            return true;
        }
    }
    false
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}
