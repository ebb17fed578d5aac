//! Secrets and settings from files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use secrecy::SecretString;
use secrecy::zeroize::Zeroize;

use super::LoginError;

/// No key, secret or answer of the Salesforce CLI is anywhere near as long; a device or a wrong file may be.
const LONGEST: u64 = 1024 * 1024;
/// What nearly all of them fit in.
const USUAL: usize = 64 * 1024;

/// The text of a file that holds a secret. `what` says which, for the error.
///
/// # Errors
///
/// [`LoginError::File`].
pub(super) fn read_text(what: &'static str, path: &Path) -> Result<SecretString, LoginError> {
    File::open(path).and_then(text_of).map_err(|cause| LoginError::File { what, path: path.to_owned(), cause })
}

/// The whole text of a reader, which must be UTF-8 and of a sensible length.
///
/// # Errors
///
/// Reading failed, or the text is neither.
pub(super) fn text_of(reader: impl Read) -> io::Result<SecretString> {
    // Large enough for any real secret: a buffer that grows leaves its content behind in memory.
    let mut bytes = Vec::with_capacity(USUAL);
    let read = reader.take(LONGEST + 1).read_to_end(&mut bytes);
    let too_long = u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST);
    if read.is_err() || too_long {
        bytes.zeroize();
    }
    read?;
    if too_long {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is far too long"));
    }
    String::from_utf8(bytes).map(SecretString::from).map_err(|error| {
        error.into_bytes().zeroize();
        io::Error::new(io::ErrorKind::InvalidData, "it is no text")
    })
}

/// A setting without the white space around it.
///
/// # Errors
///
/// [`LoginError::NotSet`].
pub(super) fn not_empty<'a>(name: &str, advice: &'static str, value: &'a str) -> Result<&'a str, LoginError> {
    match value.trim() {
        "" => Err(LoginError::NotSet { name: name.to_owned(), advice }),
        value => Ok(value),
    }
}
