//! Credentials in files: seen, never kept.

use sha2::{Digest, Sha256};

use super::reader::Reader;
use crate::inventory::Fact;
use crate::inventory::app::{ConsumerKey, Secret};
use crate::inventory::credential::{is_named_so, is_switch};
use crate::inventory::template::holds_variable;

/// Whether the text of an element is never kept, whatever file it is in: a credential, or the binary of a mobile app.
pub(super) fn is_secret(element: &str, text: &str) -> bool {
    element == "applicationBinaryFile" || is_named_so(element) && !is_switch(text)
}

/// Whether there is a consumer secret.
pub(super) fn secret(file: &Reader<'_>, path: &str) -> Fact<Secret> {
    file.text(path).map(|text| match text.as_str() {
        "" => Secret::Absent,
        text if holds_variable(text) => Secret::Placeholder,
        _ => Secret::Present,
    })
}

/// The consumer key, if there is one that is no template variable.
pub(super) fn key(file: &Reader<'_>, path: &str) -> Fact<Option<ConsumerKey>> {
    file.text(path).map(|text| (!text.is_empty() && !holds_variable(text)).then(|| consumer_key(text)))
}

fn consumer_key(text: &str) -> ConsumerKey {
    ConsumerKey { digest: Sha256::digest(text).into(), shortened: shortened(text).into() }
}

/// Enough of a consumer key to recognise it by, not enough to use it.
pub(super) fn shortened(key: &str) -> String {
    format!("{}…", key.chars().take(8).collect::<String>())
}
