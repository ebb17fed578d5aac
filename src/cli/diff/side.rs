//! The sides of a comparison: recognised by what they are, and read.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use crate::cli::orgs::{self, OrgChoice};
use crate::cli::read::{Wants, tell_cost};
use crate::cli::terminal::View;
use crate::collect::tree::git::Revision;
use crate::collect::{Collected, snapshot, tree};
use crate::compare;
use crate::inventory::Inventory;
use crate::report::diff::SideKind;
use crate::report::read;

/// How a revision of a git repository begins.
const GIT: &str = "git:";
/// How a live org begins.
const ORG: &str = "org:";
/// How gzip begins, which is what a snapshot is in.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What was named as a side.
pub(super) enum Named {
    /// Files on disk.
    Files(PathBuf),
    /// A path in a revision of a git repository.
    Git { revision: Arc<Revision>, path: PathBuf },
    /// A live org.
    Org(Box<OrgChoice>),
    /// A snapshot of an org.
    Snapshot(PathBuf),
    /// A JSON report.
    Report(PathBuf),
}

/// A side as it was asked for.
pub(super) struct Side {
    pub(super) named: Named,
    /// How it was written; none for an org that other options name.
    pub(super) written: Option<String>,
}

/// How sides are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) force_ignore: bool,
    /// What rules and policy want to know.
    pub(super) wants: Wants<'a>,
}

/// What a side holds.
pub(super) enum Content {
    /// What there is to audit.
    Inventory(Box<Collected>),
    /// An audit that somebody else made.
    Audited(compare::Side),
}

impl Content {
    /// What there is to audit.
    pub(super) fn inventory(&self) -> Option<&Inventory> {
        match self {
            Self::Inventory(collected) => Some(&collected.inventory),
            Self::Audited(_) => None,
        }
    }
}

impl Named {
    /// Recognises a side. `how` is how orgs are asked.
    ///
    /// # Errors
    ///
    /// There is nothing of this name.
    pub(super) fn of(written: &str, repository: &Path, how: &OrgChoice) -> Result<Self> {
        if let Some(alias) = written.strip_prefix(ORG) {
            return Ok(Self::Org(Box::new(how.named(alias))));
        }
        if let Some(revision) = written.strip_prefix(GIT) {
            let (name, path) = revision.split_once(':').unwrap_or((revision, ""));
            let revision = Arc::new(Revision::open(repository, name)?);
            let path = path.trim_start_matches("./").trim_end_matches('/');
            if !revision.has(path) {
                bail!("the revision `{name}` has no file or folder `{path}`: write the path from the root of the repository");
            }
            return Ok(Self::Git { revision, path: PathBuf::from(path) });
        }
        let path = PathBuf::from(written);
        if !path.exists() {
            bail!(
                "{written} does not exist; a revision of a git repository is written {GIT}{written}, and a live org {ORG}{written}"
            );
        }
        if path.is_dir() {
            return Ok(Self::Files(path));
        }
        Ok(match beginning(&path).with_context(|| format!("{written} cannot be read"))?.as_slice() {
            start if start.starts_with(&GZIP) => Self::Snapshot(path),
            start if start.trim_ascii_start().starts_with(b"{") && !is_project(&path) => Self::Report(path),
            _ => Self::Files(path),
        })
    }

    pub(super) const fn kind(&self) -> SideKind {
        match self {
            Self::Files(_) => SideKind::Files,
            Self::Git { .. } => SideKind::Git,
            Self::Org(_) => SideKind::Org,
            Self::Snapshot(_) => SideKind::Snapshot,
            Self::Report(_) => SideKind::Report,
        }
    }

    /// Where the policy is looked for: for a revision at its place in the work tree.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Files(path) => Some(path.clone()),
            Self::Git { revision, path } => Some(revision.work_tree()?.join(path)),
            Self::Org(_) | Self::Snapshot(_) | Self::Report(_) => None,
        }
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// It is not what it seemed to be, or of a form that this version does not know; a way into an org cannot be gone.
    pub(super) fn read(&self, reading: Reading<'_>, view: &View<'_>) -> Result<Content> {
        let profiles = reading.wants.profiles_of_tree();
        let request = |paths| tree::Request { paths, force_ignore: reading.force_ignore, profiles, also: &[] };
        let collected = match self {
            Self::Files(path) => tree::collect(&request(std::slice::from_ref(path))),
            Self::Git { revision, path } => tree::collect_revision(revision, &request(std::slice::from_ref(path))),
            Self::Org(choice) => {
                let asked = orgs::collect(reading.wants.of_org(choice, false), view)?;
                tell_cost(&asked.cost, view);
                asked.collected
            }
            Self::Snapshot(path) => snapshot::read(path)?.collected,
            Self::Report(path) => {
                let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
                let side = read::side(&text).with_context(|| format!("{} cannot be compared", path.display()))?;
                return Ok(Content::Audited(side));
            }
        };
        Ok(Content::Inventory(Box::new(collected)))
    }
}

/// The first bytes of a file, past a byte order mark.
fn beginning(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(256).read_to_end(&mut bytes)?;
    Ok(bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes))
}

/// The one file in JSON that a tree is read from.
fn is_project(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "sfdx-project.json")
}
