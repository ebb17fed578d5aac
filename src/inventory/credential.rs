//! Which elements of metadata hold credentials.

/// Parts of the names of elements that hold credentials, in lower case.
const NAMES: [&str; 5] = ["secr", "password", "signingkey", "serviceaccount", "privatekey"];

/// Whether an element's name says that its text is a credential. Misspelt names count too: what a typing mistake makes unknown is still a
/// secret.
#[must_use]
pub fn is_named_so(element: &str) -> bool {
    let name = element.to_ascii_lowercase();
    NAMES.iter().any(|part| name.contains(part))
}

/// Whether the text of such an element is none after all: nothing, or a switch such as `isConsumerSecretOptional`.
#[must_use]
pub fn is_switch(text: &str) -> bool {
    matches!(text.trim(), "" | "true" | "false")
}
