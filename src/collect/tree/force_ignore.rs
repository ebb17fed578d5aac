//! `.forceignore`: what the Salesforce CLI would not deploy or retrieve is left out, and said.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::files::absolute;
use super::files::{Body, SourceFile};
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// The `.forceignore` files of a run. As in the Salesforce CLI, for each file the nearest one at or above it decides.
#[derive(Debug, Default)]
pub(super) struct ForceIgnore {
    by_folder: BTreeMap<PathBuf, Option<Gitignore>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl ForceIgnore {
    /// Why a file is left out, naming the pattern and its file; `None` where it is not.
    pub(super) fn reason(&mut self, file: &SourceFile) -> Option<String> {
        let Body::Disk(path) = &file.body else { return None };
        let path = absolute(path);
        let ignore = self.nearest(path.parent()?)?;
        match ignore.matched_path_or_any_parents(&path, false) {
            Match::Ignore(glob) => Some(format!("`{}` in .forceignore", glob.original())),
            Match::None | Match::Whitelist(_) => None,
        }
    }

    fn nearest(&mut self, folder: &Path) -> Option<&Gitignore> {
        let holder = folder.ancestors().find(|folder| self.look(folder))?.to_owned();
        self.by_folder.get(&holder)?.as_ref()
    }

    /// Whether a folder has a `.forceignore`; read at most once.
    fn look(&mut self, folder: &Path) -> bool {
        if let Some(known) = self.by_folder.get(folder) {
            return known.is_some();
        }
        let path = folder.join(".forceignore");
        let ignore = path.is_file().then(|| self.read(folder, &path));
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
            self.diagnostics.push(
                Diagnostic::warning(format!("holds a pattern that cannot be used: {text}")).at(Location::file(shown.as_ref())),
            );
        }
        builder.build().unwrap_or_else(|_| Gitignore::empty())
    }
}
