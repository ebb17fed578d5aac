//! Finds the files of a folder that matter, by their names alone.
//!
//! All folders are walked, in parallel; no file is opened here. Not walked: version control (`.git`, `.hg`, `.svn`), the caches of the
//! Salesforce CLI (`.sf`, `.sfdx`) and `node_modules`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{WalkBuilder, WalkState};

use super::files::{Body, SourceFile, unreadable};
use super::recognise::FileKind;
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// Folders that hold no metadata of the project.
pub(super) const NOT_WALKED: [&str; 6] = [".git", ".hg", ".svn", ".sf", ".sfdx", "node_modules"];

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In order of their shown paths.
    pub(super) files: Vec<SourceFile>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How many files there are in all.
    pub(super) seen: usize,
}

/// Walks a folder. `shown` is how the folder itself is shown; empty for the current directory.
pub(super) fn folder(root: &Path, shown: &str) -> Found {
    let found = Mutex::new(Found::default());
    let walker = WalkBuilder::new(root)
        .standard_filters(false)
        .follow_links(true)
        .filter_entry(|entry| entry.depth() == 0 || !NOT_WALKED.iter().any(|name| entry.file_name() == *name))
        .build_parallel();
    walker.run(|| {
        let mut batch = Batch { shared: &found, own: Found::default() };
        Box::new(move |entry| {
            batch.own.take(entry, root, shown);
            WalkState::Continue
        })
    });
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.files.sort_by(|a, b| a.shown.cmp(&b.shown));
    found.diagnostics.sort_by_key(|diagnostic| diagnostic.location.as_ref().map(|location| location.path().to_string()));
    found
}

/// A single file. It is recognised by its name, or by its root element when it is read.
pub(super) fn file(path: &Path, shown: &str) -> SourceFile {
    let kind = FileKind::of_name(&name_of(path)).unwrap_or(FileKind::SomeXml);
    SourceFile { shown: shown.to_owned(), kind, body: Body::Disk(path.to_owned()) }
}

/// What one thread found, handed over when the thread ends: no lock per file.
struct Batch<'a> {
    shared: &'a Mutex<Found>,
    own: Found,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut shared = self.shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shared.files.append(&mut self.own.files);
        shared.diagnostics.append(&mut self.own.diagnostics);
        shared.seen += self.own.seen;
    }
}

impl Found {
    fn take(&mut self, entry: Result<ignore::DirEntry, ignore::Error>, root: &Path, shown: &str) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return self.problem(&error, root, shown),
        };
        // A name that is not UTF-8 is read all the same, and shown with a mark in place of what is not.
        let kind = FileKind::of_name(&entry.file_name().to_string_lossy());
        if entry.file_type().is_none_or(|kind| !kind.is_file()) {
            if entry.depth() > 0 && kind.is_some_and(FileKind::is_app) {
                let place = Location::file(shown_path(entry.path(), root, shown));
                self.diagnostics.push(
                    Diagnostic::error("is not a file, although its name is that of an app's file")
                        .at(place)
                        .help("rename it, or put the file back that was here"),
                );
            }
            return;
        }
        self.seen += 1;
        if let Some(kind) = kind {
            self.files.push(SourceFile { shown: shown_path(entry.path(), root, shown), kind, body: Body::Disk(entry.into_path()) });
        }
    }

    /// A folder that cannot be opened, a link that points nowhere, a loop of links. A broken link whose name is none of ours is nobody's
    /// business.
    fn problem(&mut self, error: &ignore::Error, root: &Path, shown: &str) {
        let path = path_of(error);
        let place = path.as_deref().map_or_else(|| shown.to_owned(), |path| shown_path(path, root, shown));
        if let Some(ancestor) = loop_of(error) {
            self.diagnostics.push(
                Diagnostic::error(format!("is a symbolic link to a folder that holds it, {}", shown_path(&ancestor, root, shown)))
                    .at(Location::file(place))
                    .help("what the link leads to is read where it is; remove the link, or audit the folder without it"),
            );
            return;
        }
        let is_link = path.as_deref().is_some_and(Path::is_symlink);
        let matters = path.as_deref().is_none_or(|path| FileKind::of_name(&name_of(path)).is_some_and(FileKind::is_metadata));
        if is_link && !matters {
            return;
        }
        let diagnostic = match error.io_error() {
            Some(error) => unreadable(&place, error),
            None => Diagnostic::error(format!("cannot be read: {error}")).at(Location::file(place)),
        };
        self.diagnostics.push(diagnostic);
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn loop_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::Loop { ancestor, .. } => Some(ancestor.clone()),
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            loop_of(err)
        }
        _ => None,
    }
}

/// How a path below `root` is shown.
fn shown_path(path: &Path, root: &Path, shown: &str) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let mut result = shown.to_owned();
    for part in below.components() {
        if !result.is_empty() && !result.ends_with('/') {
            result.push('/');
        }
        result.push_str(&part.as_os_str().to_string_lossy());
    }
    if result.is_empty() { ".".to_owned() } else { result }
}

/// How a path that someone typed is shown: as typed, with `/`, without `./` and `/` at its ends; empty for the current directory.
pub(super) fn shown_root(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut rest = text.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    let rest = if rest.len() > 1 { rest.trim_end_matches('/') } else { rest };
    if rest == "." { String::new() } else { rest.to_owned() }
}
