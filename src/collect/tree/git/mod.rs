//! The files of a revision of a git repository, as if it were a folder.
//!
//! They come out of git's objects: nothing is checked out, and neither work tree nor index is looked at. `git ls-tree` names the files, and
//! one `git cat-file --batch` hands out those that are opened. (`git archive` would leave out what `.gitattributes` says.) Symbolic links are
//! not followed and submodules are not entered, because what they lead to may be no part of the revision.

mod base;

pub use self::base::{Base, BaseKind, path_in_repository};

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::files::{Body, MAX_FILE_BYTES, SourceFile, too_large};
use super::recognise::FileKind;
use super::walk::{Found, NOT_WALKED};
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// Why a revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git`.
    #[error("git was not found: revisions are read by the program `git`, which must be installed and on the path")]
    NotInstalled,
    /// `git` could not be run.
    #[error("git cannot be run: {0}")]
    NotRunning(#[source] io::Error),
    /// The folder is in no repository that git reads.
    #[error("{} is in no git repository that can be read: {said}", .folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
        /// What git says.
        said: String,
    },
    /// The repository has no such revision.
    #[error(
        "the git repository of {} has no revision `{revision}`: look at `git branch --all` and `git tag`; a shallow clone has to fetch it first",
        .folder.display()
    )]
    NoRevision {
        /// The folder.
        folder: PathBuf,
        /// The revision, as written.
        revision: String,
    },
    /// A command failed for another reason.
    #[error("`git {command}` failed: {said}")]
    Failed {
        /// The command.
        command: String,
        /// What git says.
        said: String,
    },
}

/// A revision of a repository: its files, and the program that hands them out.
pub struct Revision {
    name: String,
    work_tree: Option<PathBuf>,
    /// In order of their paths.
    entries: Vec<Entry>,
    objects: Mutex<Objects>,
}

/// Something in a revision.
#[derive(Debug)]
struct Entry {
    path: String,
    kind: EntryKind,
    id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryKind {
    File,
    Link,
    Submodule,
}

/// A `git cat-file --batch` that runs.
struct Objects {
    program: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Revision {
    /// Opens a revision of the repository that a folder is in. `name` is whatever git takes for one: a branch, a tag, `HEAD~1`, an id.
    ///
    /// # Errors
    ///
    /// There is no git, no repository, or no such revision.
    pub fn open(folder: &Path, name: &str) -> Result<Self, GitError> {
        let git = Git { folder };
        git.assert_repository()?;
        let no_revision = || GitError::NoRevision { folder: folder.to_owned(), revision: name.to_owned() };
        if name.is_empty() || name.starts_with('-') {
            return Err(no_revision());
        }
        let tree = git.output(["rev-parse", "--verify", "--quiet", &format!("{name}^{{tree}}")])?.map_err(|_| no_revision())?;
        let tree = String::from_utf8_lossy(&tree).trim().to_owned();
        let listed = git.output(["ls-tree", "-r", "-z", "--full-tree", &tree])?;
        let listed = listed.map_err(|said| GitError::Failed { command: format!("ls-tree {name}"), said })?;
        let mut entries: Vec<Entry> = listed.split(|byte| *byte == 0).filter_map(Entry::read).collect();
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        let top = git.output(["rev-parse", "--show-toplevel"])?.ok();
        let work_tree = top.map(|top| PathBuf::from(String::from_utf8_lossy(&top).trim_end_matches(['\r', '\n'])));
        Ok(Self { name: name.to_owned(), work_tree, entries, objects: Mutex::new(git.objects()?) })
    }

    /// The root of the work tree; none where the repository has none.
    #[must_use]
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// Whether the revision has a file or folder of this path from its root; an empty path is the root.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        path.is_empty() || self.entries.iter().any(|entry| is_below(&entry.path, path))
    }

    /// The content of a file; none where there is none of this path.
    pub fn file(&self, path: &str) -> Option<io::Result<Vec<u8>>> {
        let at = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        let entry = self.entries.get(at).filter(|entry| entry.kind == EntryKind::File)?;
        Some(self.object(&entry.id))
    }

    /// The content of an object.
    pub(super) fn object(&self, id: &str) -> io::Result<Vec<u8>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner).read(id)
    }

    /// The files at or below a path that matter, as [`super::walk::folder`] finds them. They are shown by their paths in the revision.
    pub(super) fn files(self: &Arc<Self>, root: &str) -> Found {
        let mut found = Found::default();
        for entry in self.entries.iter().filter(|entry| is_below(&entry.path, root)) {
            let below = entry.path.strip_prefix(root).unwrap_or(&entry.path);
            if below.split('/').any(|part| NOT_WALKED.contains(&part)) {
                continue;
            }
            let kind = FileKind::of_name(entry.path.rsplit('/').next().unwrap_or_default());
            let kind = if entry.path == root { kind.or(Some(FileKind::SomeXml)) } else { kind };
            let problem = |title: &str| Diagnostic::error(title).at(Location::file(entry.path.as_str()));
            match entry.kind {
                EntryKind::File => {
                    found.seen += 1;
                    let file = |kind| {
                        let body = Body::Object { revision: Arc::clone(self), id: entry.id.clone() };
                        SourceFile { shown: entry.path.clone(), kind, body }
                    };
                    found.files.extend(kind.map(file));
                }
                EntryKind::Submodule => found.diagnostics.push(
                    problem("is a submodule, whose files are in another repository")
                        .help("name a folder beside it, as in git:REV:force-app, or look at the submodule's own repository"),
                ),
                EntryKind::Link if kind.is_some_and(|kind| kind != FileKind::SomeXml) => {
                    found.diagnostics.push(problem("is a symbolic link, and links are not followed in a revision"));
                }
                EntryKind::Link => {}
            }
        }
        found
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revision").field("name", &self.name).field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Entry {
    /// `100644 blob <id>\t<path>`. A path that is not UTF-8 is shown with a mark in place of what is not, as on disk.
    fn read(line: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(line);
        let (about, path) = text.split_once('\t')?;
        let mut words = about.split(' ');
        let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
        let kind = match mode {
            "120000" => EntryKind::Link,
            "160000" => EntryKind::Submodule,
            _ => EntryKind::File,
        };
        Some(Self { path: path.to_owned(), kind, id: id.to_owned() })
    }
}

/// Whether a path is another one or lies below it.
fn is_below(path: &str, root: &str) -> bool {
    root.is_empty() || path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The program, in a folder.
#[derive(Clone, Copy)]
struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    fn assert_repository(self) -> Result<(), GitError> {
        let said = self.output(["rev-parse", "--git-dir"])?;
        said.map(drop).map_err(|said| GitError::NoRepository { folder: self.folder.to_owned(), said })
    }

    /// It neither writes, nor asks anybody, nor fetches what a partial clone has not.
    fn command(self) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(if self.folder.as_os_str().is_empty() { Path::new(".") } else { self.folder });
        command.envs([("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_NO_LAZY_FETCH", "1"), ("LC_ALL", "C")]);
        command
    }

    /// What a command prints, or what it says where it fails.
    fn output<const N: usize>(self, arguments: [impl AsRef<OsStr>; N]) -> Result<Result<Vec<u8>, String>, GitError> {
        let Output { status, stdout, stderr } =
            self.command().args(arguments).stdin(Stdio::null()).output().map_err(not_started)?;
        let said = String::from_utf8_lossy(&stderr);
        Ok(if status.success() { Ok(stdout) } else { Err(said.trim().trim_start_matches("fatal: ").to_owned()) })
    }

    fn objects(self) -> Result<Objects, GitError> {
        let mut command = self.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = command.spawn().map_err(not_started)?;
        match (program.stdin.take(), program.stdout.take()) {
            (Some(questions), Some(answers)) => Ok(Objects { program, questions, answers: BufReader::new(answers) }),
            _ => Err(GitError::NotRunning(io::ErrorKind::BrokenPipe.into())),
        }
    }
}

fn not_started(error: io::Error) -> GitError {
    if error.kind() == io::ErrorKind::NotFound { GitError::NotInstalled } else { GitError::NotRunning(error) }
}

impl Objects {
    /// Asks for an object. The answer is a line, `<id> blob <size>` or `<id> missing`, and then the content and a line end.
    fn read(&mut self, id: &str) -> io::Result<Vec<u8>> {
        self.questions.write_all(format!("{id}\n").as_bytes())?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let size = line.trim_end().rsplit(' ').next().unwrap_or_default();
        if size == "missing" {
            return Err(io::Error::other("the repository does not have its content, as in a partial clone: fetch it first"));
        }
        let Ok(size) = size.parse::<u64>() else { return Err(io::Error::other("git ended before it was read")) };
        let mut content = (&mut self.answers).take(size.saturating_add(1));
        if size > MAX_FILE_BYTES {
            io::copy(&mut content, &mut io::sink())?;
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default().saturating_add(1));
        content.read_to_end(&mut bytes)?;
        bytes.pop();
        if bytes.len() as u64 == size { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl Drop for Objects {
    /// It only reads, so that nothing is lost by ending it; it has ended when this is over.
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
