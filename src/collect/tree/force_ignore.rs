//! `.forceignore`: what the Salesforce CLI would not deploy or retrieve is left out, and said.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::files::{Body, SourceFile, absolute};
use super::git::Revision;
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// The name of such a file.
const NAME: &str = ".forceignore";

/// The `.forceignore` files of a run. As in the Salesforce CLI, for each file the nearest one at or above it decides.
#[derive(Debug, Default)]
pub(super) struct ForceIgnore {
    by_folder: BTreeMap<PathBuf, Option<Gitignore>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl ForceIgnore {
    /// Why a file is left out, naming the pattern and its file; `None` where it is not.
    pub(super) fn reason(&mut self, file: &SourceFile) -> Option<String> {
        let (path, revision) = match &file.body {
            Body::Disk(path) => (absolute(path), None),
            Body::Object { revision, .. } => (PathBuf::from(&file.shown), Some(revision.as_ref())),
            Body::Memory(_) => return None,
        };
        let ignore = self.nearest(path.parent()?, revision)?;
        match ignore.matched_path_or_any_parents(&path, false) {
            Match::Ignore(glob) => Some(format!("`{}` in .forceignore", glob.original())),
            Match::None | Match::Whitelist(_) => None,
        }
    }

    fn nearest(&mut self, folder: &Path, revision: Option<&Revision>) -> Option<&Gitignore> {
        let holder = folder.ancestors().find(|folder| self.look(folder, revision))?.to_owned();
        self.by_folder.get(&holder)?.as_ref()
    }

    /// Whether a folder has a `.forceignore`; read at most once.
    fn look(&mut self, folder: &Path, revision: Option<&Revision>) -> bool {
        if let Some(known) = self.by_folder.get(folder) {
            return known.is_some();
        }
        let path = folder.join(NAME);
        let ignore = match revision {
            None => path.is_file().then(|| self.read(folder, &path)),
            Some(revision) => revision.file(&path.to_string_lossy()).map(|bytes| self.read_bytes(folder, &path, bytes)),
        };
        let found = ignore.is_some();
        self.by_folder.insert(folder.to_owned(), ignore);
        found
    }

    fn read(&mut self, folder: &Path, path: &Path) -> Gitignore {
        let mut builder = GitignoreBuilder::new(folder);
        if let Some(error) = builder.add(path) {
            let here = std::env::current_dir().unwrap_or_default();
            let shown = path.strip_prefix(here).unwrap_or(path).to_string_lossy();
            // The error names the file once more, with its whole path.
            let text = error.to_string().replace(path.to_string_lossy().as_ref(), "line");
            self.unusable(&shown, &text);
        }
        builder.build().unwrap_or_else(|_| Gitignore::empty())
    }

    fn read_bytes(&mut self, folder: &Path, path: &Path, bytes: io::Result<Vec<u8>>) -> Gitignore {
        let shown = path.to_string_lossy();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other));
        let text = text.unwrap_or_else(|error| {
            self.unusable(&shown, &error.to_string());
            String::new()
        });
        let mut builder = GitignoreBuilder::new(folder);
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if let Err(error) = builder.add_line(None, line) {
                self.unusable(&shown, &format!("line {}: {error}", index + 1));
            }
        }
        builder.build().unwrap_or_else(|_| Gitignore::empty())
    }

    fn unusable(&mut self, shown: &str, why: &str) {
        let problem = Diagnostic::warning(format!("holds a pattern that cannot be used: {why}"));
        self.diagnostics.push(problem.at(Location::file(shown)));
    }
}
