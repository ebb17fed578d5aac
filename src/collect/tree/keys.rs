//! Files that can hold private keys, beside the metadata they open an org with.

use super::files::SourceFile;
use super::project::{Root, root_of};
use super::recognise::FileKind;
use crate::diagnostic::Diagnostic;
use crate::inventory::key_file::{KeyFile, KeyFormat};
use crate::source::Location;

/// What ends the line before a private key, whatever its algorithm.
const PRIVATE: &[&str] = &["PRIVATE KEY-----"];

/// What only an encrypted private key says.
const ENCRYPTED: &[&str] = &["ENCRYPTED PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED"];

/// The format a file name tells.
pub(super) fn format_of(suffix: &str) -> Option<KeyFormat> {
    let is_one_of = |suffixes: &[&str]| suffixes.iter().any(|known| suffix.eq_ignore_ascii_case(known));
    if is_one_of(&["pem", "key"]) {
        Some(KeyFormat::Pem)
    } else if is_one_of(&["p12", "pfx"]) {
        Some(KeyFormat::Pkcs12)
    } else if is_one_of(&["jks", "keystore"]) {
        Some(KeyFormat::JavaKeystore)
    } else {
        None
    }
}

/// The key files of all trees. One that cannot be read is a diagnostic.
pub(super) fn read(files: &[SourceFile], roots: &[Root], diagnostics: &mut Vec<Diagnostic>) -> Vec<KeyFile> {
    let mut found = Vec::new();
    for file in files {
        let FileKind::KeyFile(format) = file.kind else { continue };
        match protection(file, format) {
            Ok((private, encrypted)) => {
                let source = root_of(roots, &file.shown);
                found.push(KeyFile {
                    source,
                    location: Location::file(file.shown.as_str()),
                    path_in_source: roots.get(source).map(|root| root.path_within(&file.shown)).unwrap_or_default(),
                    format,
                    private,
                    encrypted,
                });
            }
            Err(problem) => diagnostics.push(problem),
        }
    }
    found
}

/// Whether a file holds a private key, and whether a password protects it.
fn protection(file: &SourceFile, format: KeyFormat) -> Result<(bool, bool), Diagnostic> {
    match format {
        KeyFormat::Pem => {
            let private = file.holds_any(PRIVATE)?;
            Ok((private, private && file.holds_any(ENCRYPTED)?))
        }
        KeyFormat::Pkcs12 | KeyFormat::JavaKeystore => Ok((true, true)),
    }
}
