//! Putting a changed text in the place of the one it was made from.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file has another text by now.
    #[error("{} was changed since it was read; nothing was written to it", .0.display())]
    Changed(PathBuf),
    /// There is no such file: it is in a zip.
    #[error("{} is no file of its own, as in a zip, and is not rewritten: unpack it first", .0.display())]
    NoFile(PathBuf),
    /// A link leads out of what is to be fixed.
    #[error("{} is a link to {}, which is not in what was asked to be fixed", .path.display(), .target.display())]
    Elsewhere {
        /// The link.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// A file that is to be made belongs into a folder that was not asked for.
    #[error("{} would be made in {}, which is not in what was asked to be fixed: name the folder above", .path.display(), .folder.display())]
    MadeElsewhere {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// It cannot be read or written.
    #[error("{} cannot be written: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Replaces a file that still has the text `before` by one that has the text `after`, at once: whoever opens it finds one of the two, whole.
/// A link is followed to a file in one of the `asked` folders, so that it stays a link; permissions stay.
///
/// # Errors
///
/// Why the file is as it was.
pub fn replace(path: &Path, asked: &[PathBuf], before: &str, after: &str) -> Result<(), WriteError> {
    let failed = |source: io::Error| WriteError::Io { path: path.to_owned(), source };
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotADirectory | io::ErrorKind::NotFound) => {
            return Err(WriteError::NoFile(path.to_owned()));
        }
        Err(error) => return Err(failed(error)),
    };
    if !is_within(&target, asked) || !target.is_file() {
        return Err(WriteError::Elsewhere { path: path.to_owned(), target });
    }
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(failed(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only")));
    }
    let folder = target.parent().ok_or_else(|| failed(io::Error::other("it lies in no folder")))?;
    let mut new = tempfile::Builder::new().prefix(".orgwarden-").tempfile_in(folder).map_err(failed)?;
    new.write_all(after.as_bytes()).map_err(failed)?;
    new.as_file().set_permissions(permissions).map_err(failed)?;
    new.as_file().sync_all().map_err(failed)?;
    // As late as can be, so that nearly nothing can come in between.
    if fs::read(&target).map_err(failed)? != before.as_bytes() {
        return Err(WriteError::Changed(path.to_owned()));
    }
    new.persist(&target).map_err(|error| failed(error.error))?;
    sync(folder);
    Ok(())
}

/// Makes a file that is not there, and its folder, in one of the `asked` folders.
///
/// # Errors
///
/// Why there is no such file, or why it is another.
pub fn create(path: &Path, asked: &[PathBuf], text: &str) -> Result<(), WriteError> {
    let failed = |source: io::Error| WriteError::Io { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let above = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let target = fs::canonicalize(above).map_err(failed)?;
    if !is_within(&target, asked) {
        return Err(WriteError::MadeElsewhere { path: path.to_owned(), folder: target });
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    sync(folder);
    Ok(())
}

/// Whether a path without links lies in one of these folders; where a file was asked for, in its folder.
fn is_within(target: &Path, asked: &[PathBuf]) -> bool {
    let folder_of = |path: &PathBuf| {
        let path = fs::canonicalize(path).ok()?;
        if path.is_dir() { Some(path) } else { path.parent().map(Path::to_owned) }
    };
    asked.iter().filter_map(folder_of).any(|folder| target.starts_with(folder))
}

/// Makes the new name last; where folders cannot be opened, that is left to the system.
fn sync(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
}
