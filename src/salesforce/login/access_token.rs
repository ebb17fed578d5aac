//! Whether a text can be an access token.

use secrecy::SecretString;

/// What newer versions of the Salesforce CLI (2.136.8 and later) put where the token was.
const REDACTED: &str = "[REDACTED]";

/// The token in a text, without the white space around it.
///
/// The shape is not checked further: besides opaque tokens (`00D…!…`) and JWT there are session ids of older forms.
///
/// # Errors
///
/// What the text is instead, and what to do; the text itself is not repeated.
pub(super) fn read(text: &str) -> Result<SecretString, &'static str> {
    let token = text.trim();
    if token.is_empty() {
        Err("it is empty")
    } else if is_redacted(token) {
        Err("the Salesforce CLI writes `[REDACTED]` in its place since version 2.136.8; \
             take the token from `sf org auth show-access-token --target-org ALIAS --json`")
    } else if token.starts_with("force://") {
        Err("it is an SFDX auth URL; give it as a file or on standard input instead")
    } else if token.chars().any(char::is_whitespace) {
        Err("there is white space within it; give the token alone, without `Bearer` and without line breaks")
    } else if !token.chars().all(|c| c.is_ascii_graphic()) {
        Err("it holds characters that no token has")
    } else {
        Ok(token.into())
    }
}

/// Whether the Salesforce CLI has hidden the secret.
pub(super) fn is_redacted(text: &str) -> bool {
    text.trim_start().starts_with(REDACTED)
}
