//! What a branch began with, and where something on disk is in its repository.

use std::path::Path;

use super::{Git, GitError};

/// The commit that a branch is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its id.
    pub commit: String,
    /// What it is.
    pub kind: BaseKind,
}

/// What the commit is that a branch is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    /// The last one that `HEAD` has in common with the revision that was named.
    MergeBase,
    /// `HEAD` itself: the revision that was named has all of its commits.
    Head,
    /// The revision that was named: it has no commit in common with `HEAD`, as far as the repository knows.
    Unrelated {
        /// Whether the repository is a shallow clone, which does not know all commits.
        shallow: bool,
    },
}

impl Base {
    /// What `HEAD` of the repository that a folder is in has in common with a revision.
    ///
    /// # Errors
    ///
    /// There is no git, no repository, or no such revision.
    pub fn of(folder: &Path, name: &str) -> Result<Self, GitError> {
        let git = Git { folder };
        git.assert_repository()?;
        let no_revision = || GitError::NoRevision { folder: folder.to_owned(), revision: name.to_owned() };
        if name.is_empty() || name.starts_with('-') {
            return Err(no_revision());
        }
        let tip = git.commit(name)?.ok_or_else(no_revision)?;
        let head = git.commit("HEAD")?;
        let shared = match &head {
            Some(head) => git.merge_base(&tip, head)?,
            None => None,
        };
        Ok(match shared {
            Some(commit) if Some(&commit) == head.as_ref() => Self { commit, kind: BaseKind::Head },
            Some(commit) => Self { commit, kind: BaseKind::MergeBase },
            None => Self { commit: tip, kind: BaseKind::Unrelated { shallow: git.is_shallow()? } },
        })
    }
}

/// The path of a folder or file from the root of the repository that it is in, with `/` on every system; empty for the root.
///
/// # Errors
///
/// There is no git, no repository, or one without a work tree.
pub fn path_in_repository(path: &Path) -> Result<String, GitError> {
    let (folder, file) = if path.is_dir() { (path, None) } else { (path.parent().unwrap_or(Path::new("")), path.file_name()) };
    let git = Git { folder };
    git.assert_repository()?;
    let said = git.output(["rev-parse", "--show-prefix"])?;
    let said = said.map_err(|said| GitError::NoRepository { folder: folder.to_owned(), said })?;
    let prefix = String::from_utf8_lossy(&said).trim_end_matches(['\r', '\n']).to_owned();
    Ok(match file {
        Some(file) => format!("{prefix}{}", file.to_string_lossy()),
        None => prefix.trim_end_matches('/').to_owned(),
    })
}

impl Git<'_> {
    /// The id of a commit; none where there is none of this name.
    fn commit(self, name: &str) -> Result<Option<String>, GitError> {
        let said = self.output(["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        Ok(said.ok().map(|id| String::from_utf8_lossy(&id).trim().to_owned()))
    }

    /// The best common ancestor of two commits; none where they have none.
    fn merge_base(self, one: &str, other: &str) -> Result<Option<String>, GitError> {
        match self.output(["merge-base", one, other])? {
            Ok(id) => Ok(Some(String::from_utf8_lossy(&id).trim().to_owned())),
            // It ends with 1 and says nothing where there is none.
            Err(said) if said.is_empty() => Ok(None),
            Err(said) => Err(GitError::Failed { command: "merge-base".to_owned(), said }),
        }
    }

    fn is_shallow(self) -> Result<bool, GitError> {
        let said = self.output(["rev-parse", "--is-shallow-repository"])?;
        Ok(said.is_ok_and(|said| said.starts_with(b"true")))
    }
}
