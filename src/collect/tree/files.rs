//! The files of a run: where each lies, how it is shown, how its bytes are had.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use memchr::memmem;

use super::git::Revision;
use super::recognise::FileKind;
use crate::diagnostic::Diagnostic;
use crate::source::xml::{self, Element, Keep};
use crate::source::{Location, SourceText};

/// No metadata file that says anything about apps comes near this; a larger one is a mistake or an attack.
pub(super) const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// How much of a file is searched at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// A file that was recognised.
#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    /// Path as shown, with `/` between its parts.
    pub(super) shown: String,
    pub(super) kind: FileKind,
    pub(super) body: Body,
}

/// Where a file's bytes are.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Disk(PathBuf),
    /// An entry of a zip, already unpacked within limits.
    Memory(Arc<[u8]>),
    /// An object of a git repository.
    Object {
        revision: Arc<Revision>,
        id: String,
    },
}

impl SourceFile {
    /// A file that its name says something of.
    pub(super) fn named(shown: &str, body: Body) -> Option<Self> {
        let kind = FileKind::of_name(shown.rsplit('/').next().unwrap_or(shown))?;
        Some(Self { shown: shown.to_owned(), kind, body })
    }

    /// The folder it is shown in; empty for the current directory.
    pub(super) fn folder(&self) -> &str {
        folder_of(&self.shown)
    }

    /// Whether two that are shown alike are one.
    pub(super) fn is_same_file(&self, other: &Self) -> bool {
        match (&self.body, &other.body) {
            (Body::Disk(one), Body::Disk(two)) => absolute(one) == absolute(two),
            (Body::Memory(_), Body::Memory(_)) | (Body::Object { .. }, Body::Object { .. }) => true,
            _ => false,
        }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Diagnostic> {
        match &self.body {
            Body::Memory(bytes) => Ok(bytes.to_vec()),
            Body::Disk(path) => read_limited(path).map_err(|error| unreadable(&self.shown, &error)),
            Body::Object { revision, id } => revision.object(id).map_err(|error| unreadable(&self.shown, &error)),
        }
    }

    /// Whether one of these words stands anywhere in it; the file is not kept while they are looked for.
    pub(super) fn holds_any(&self, words: &[&str]) -> Result<bool, Diagnostic> {
        match &self.body {
            Body::Memory(bytes) => Ok(holds_any(bytes, words)),
            Body::Object { .. } => self.bytes().map(|bytes| holds_any(&bytes, words)),
            Body::Disk(path) => {
                File::open(path).and_then(|file| search(file, words)).map_err(|error| unreadable(&self.shown, &error))
            }
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> Result<Arc<SourceText>, Diagnostic> {
        match xml::decode(self.bytes()?) {
            Ok(text) => Ok(SourceText::new(self.shown.as_str(), text)),
            Err(error) => {
                Err(Diagnostic::error(error.to_string()).at(Location::file(self.shown.as_str())).help("save the file as UTF-8"))
            }
        }
    }

    /// Its text and elements.
    pub(super) fn xml(&self, keep: Keep<'_>) -> Result<(Arc<SourceText>, Element), Diagnostic> {
        let text = self.text()?;
        match xml::parse(&text, keep) {
            Ok(root) => Ok((text, root)),
            Err(error) => Err(error.diagnostic(&text)),
        }
    }
}

fn holds_any(bytes: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| memmem::find(bytes, word.as_bytes()).is_some())
}

/// The folder of a shown path; empty for the current directory.
pub(super) fn folder_of(shown: &str) -> &str {
    shown.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What to say of a file or folder that could not be read.
pub(super) fn unreadable(shown: &str, error: &io::Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(format!("cannot be read: {}", plain(error))).at(Location::file(shown));
    match error.kind() {
        io::ErrorKind::PermissionDenied => diagnostic.help("give the user that runs the audit permission to read it"),
        io::ErrorKind::NotFound => diagnostic.help("a symbolic link may point nowhere, or the file was removed while it was read"),
        _ => diagnostic,
    }
}

/// Looks for words in pieces of a file, each of which begins with the end of the one before, in case a word lies across.
fn search(mut file: File, words: &[&str]) -> io::Result<bool> {
    let finders: Vec<memmem::Finder<'_>> = words.iter().map(|word| memmem::Finder::new(*word)).collect();
    let longest = words.iter().map(|word| word.len()).max().unwrap_or_default();
    let mut buffer = vec![0; PIECE_BYTES];
    let mut kept = 0;
    loop {
        let read = match file.read(buffer.get_mut(kept..).unwrap_or_default()) {
            Ok(0) => return Ok(false),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let filled = kept + read;
        let piece = buffer.get(..filled).unwrap_or_default();
        if finders.iter().any(|finder| finder.find(piece).is_some()) {
            return Ok(true);
        }
        kept = filled.min(longest.saturating_sub(1));
        buffer.copy_within(filled - kept..filled, 0);
    }
}

/// Reads a file that is not larger than metadata can be. A file that changes its length meanwhile is read to its new end, within the limit.
fn read_limited(path: &PathBuf) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

pub(super) fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {} MiB", MAX_FILE_BYTES / (1024 * 1024)))
}

/// The message without the operating system's error number, which tells users nothing.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// A path from the root of the file system, without `.` and `..`, so that its ancestors are the folders it lies in. Links are not followed:
/// a folder lies where it is named, not where a link leads.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => {
                absolute.pop();
            }
            Component::CurDir => {}
            other => absolute.push(other),
        }
    }
    absolute
}
