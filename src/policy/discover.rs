//! Where the policy file is looked for. Paths only: whoever calls says which of them exist, and reads.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// The names the policy file can have, the usual one first.
pub const FILE_NAMES: [&str; 2] = ["orgwarden.yaml", "orgwarden.yml"];

/// Two policy files in one directory: nobody can tell which one is meant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("both {} and {} exist; keep one of them", .0.display(), .1.display())]
pub struct BothSpellings(pub PathBuf, pub PathBuf);

/// The paths a policy file can have for an audit of the directory `start`, the nearest first.
///
/// The search ends with the directory that holds `.git`, the root of the repository, or with the root of the file system; a
/// policy above the repository is someone else's. `start` should be absolute, so that it has all its parents, and must not end
/// in a file name.
pub fn candidates(start: &Path, exists: impl Fn(&Path) -> bool) -> impl Iterator<Item = PathBuf> {
    directories(start, exists).flat_map(|directory| FILE_NAMES.map(|name| directory.join(name)))
}

/// The policy file for an audit of the directory `start`: that of the nearest directory that has one, along
/// [`candidates`].
///
/// # Errors
///
/// The nearest directory has both spellings.
pub fn find(start: &Path, exists: impl Fn(&Path) -> bool) -> Result<Option<PathBuf>, BothSpellings> {
    for directory in directories(start, &exists) {
        let [usual, short] = FILE_NAMES.map(|name| directory.join(name));
        match (exists(&usual), exists(&short)) {
            (true, true) => return Err(BothSpellings(usual, short)),
            (true, false) => return Ok(Some(usual)),
            (false, true) => return Ok(Some(short)),
            (false, false) => {}
        }
    }
    Ok(None)
}

fn directories(start: &Path, exists: impl Fn(&Path) -> bool) -> impl Iterator<Item = &Path> {
    let mut ancestors = start.ancestors();
    let mut at_root = false;
    std::iter::from_fn(move || {
        if at_root {
            return None;
        }
        let directory = ancestors.next()?;
        // In a worktree or submodule `.git` is a file, so that existing is what counts.
        at_root = exists(&directory.join(".git"));
        Some(directory)
    })
}
