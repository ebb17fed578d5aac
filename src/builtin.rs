//! Lists of data that are part of the program: files that `build.rs` embeds.

use serde::de::DeserializeOwned;
use thiserror::Error;

/// Path and text of an embedded file.
pub type EmbeddedFile = (&'static str, &'static str);

/// A built-in file cannot be read: a mistake of the build, which the tests of this crate rule out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the built-in file {file} cannot be read: {problem}")]
pub struct BuiltinError {
    /// Its path.
    pub file: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// What an embedded file lists.
///
/// # Errors
///
/// The file is not a YAML list of such entries.
pub fn list<T: DeserializeOwned>((file, text): EmbeddedFile) -> Result<Vec<T>, BuiltinError> {
    serde_saphyr::from_str(text).map_err(|error| BuiltinError { file, problem: error.to_string() })
}
