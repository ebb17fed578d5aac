//! The files of a zip, as if it were a folder.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::files::{Body, SourceFile, unreadable};
use super::package::{self, Limits};
use super::recognise::FileKind;
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// Whether a file is a zip: by its first bytes, so that a package by another name is one too.
pub(super) fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"PK\x03\x04"
        || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// The files of a zip that matter, shown as `package.zip/folder/file`.
pub(super) fn files(path: &Path, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<SourceFile> {
    let file = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) => {
            diagnostics.push(unreadable(shown, &error));
            return Vec::new();
        }
    };
    let name_of = |entry: &str| entry.rsplit('/').next().unwrap_or(entry).to_owned();
    let wanted = |entry: &str| FileKind::of_name(&name_of(entry)).is_some();
    match package::read(file, &Limits::default(), wanted) {
        Ok((entries, problems)) => {
            for problem in problems {
                diagnostics.push(Diagnostic::error(problem.reason).at(Location::file(format!("{shown}/{}", problem.name))));
            }
            let source = |entry: package::Entry| {
                let kind = FileKind::of_name(&name_of(&entry.name))?;
                Some(SourceFile { shown: format!("{shown}/{}", entry.name), kind, body: Body::Memory(entry.bytes.into()) })
            };
            entries.into_iter().filter_map(source).collect()
        }
        Err(error) => {
            diagnostics.push(Diagnostic::error(error.to_string()).at(Location::file(shown)));
            Vec::new()
        }
    }
}
