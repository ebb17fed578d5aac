//! The state before a deployment, and the state after it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;

use crate::collect::tree::git::{Base, BaseKind, Revision, path_in_repository};
use crate::collect::{Collected, ProfilesToRead, tree};
use crate::gate;
use crate::report::Source;

/// Digits of a commit's id that are told.
const SHORT_ID: usize = 10;

/// What the state after is compared with.
#[derive(Debug, Args)]
#[command(next_help_heading = "State before")]
#[group(required = true, multiple = false)]
pub(super) struct BeforeChoice {
    /// SOURCE as it was where this branch began: at the merge base of HEAD and this branch, tag or commit.
    #[arg(long, value_name = "GIT_REF")]
    base: Option<String>,
}

/// Where the state before comes from.
pub(super) enum Before {
    /// A revision of the repository that the source is in.
    Git {
        /// As it was named.
        reference: String,
        base: Base,
        revision: Arc<Revision>,
        /// The source, from the root of the repository.
        path: String,
    },
}

/// How a source is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) force_ignore: bool,
    pub(super) profiles: ProfilesToRead,
}

/// What is compared.
pub(super) struct States {
    pub(super) before: gate::Before,
    pub(super) after: Collected,
    /// What the state after is of.
    pub(super) source: Source,
}

impl BeforeChoice {
    /// Finds the state before a source is deployed.
    ///
    /// # Errors
    ///
    /// There is no such source, repository or revision.
    pub(super) fn find(&self, source: &Path) -> Result<Before> {
        if !source.exists() {
            bail!("{} does not exist", source.display());
        }
        let Some(reference) = self.base.clone() else { bail!("nothing to compare with was named: --base GIT_REF") };
        let folder = if source.is_dir() { source } else { source.parent().unwrap_or(Path::new("")) };
        let path = path_in_repository(source)?;
        let base = Base::of(folder, &reference)?;
        let revision = Arc::new(Revision::open(folder, &base.commit)?);
        Ok(Before::Git { reference, base, revision, path })
    }
}

impl Before {
    /// Reads both states.
    pub(super) fn states(&self, source: &Path, reading: Reading) -> States {
        let request = |paths| tree::Request { paths, force_ignore: reading.force_ignore, profiles: reading.profiles, also: &[] };
        let Self::Git { reference, base, revision, path } = self;
        let (here, there) = ([source.to_owned()], [PathBuf::from(path)]);
        let after = tree::collect(&request(&here));
        let collected = if revision.has(path) { tree::collect_revision(revision, &request(&there)) } else { Collected::default() };
        let mut notes: Vec<String> = about(reference, base.kind).into_iter().collect();
        if !revision.has(path) {
            notes.push(format!("{} is not in {}, so that everything is new.", source.display(), named(reference, base)));
        }
        States {
            before: gate::Before { name: named(reference, base), collected, notes },
            after,
            source: Source::of_paths(vec![source.to_string_lossy().into_owned()]),
        }
    }
}

fn named(reference: &str, base: &Base) -> String {
    let id = base.commit.get(..SHORT_ID).unwrap_or(&base.commit);
    match base.kind {
        BaseKind::MergeBase => format!("merge base of {reference} and HEAD ({id})"),
        BaseKind::Head => format!("HEAD ({id})"),
        BaseKind::Unrelated { .. } => format!("{reference} ({id})"),
    }
}

/// What to know of the commit that is compared with.
fn about(reference: &str, kind: BaseKind) -> Option<String> {
    match kind {
        BaseKind::MergeBase => None,
        BaseKind::Head => Some(format!(
            "{reference} has all commits of HEAD, so that only what is not committed is compared. To gate what is on {reference} already, name \
             what is deployed now, such as a tag or HEAD~1."
        )),
        BaseKind::Unrelated { shallow: true } => Some(format!(
            "This is a shallow clone that does not know where HEAD and {reference} part, so that {reference} itself is compared with: what \
             changed there since looks undone here. Fetch more with `git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout."
        )),
        BaseKind::Unrelated { shallow: false } => {
            Some(format!("HEAD and {reference} have no commit in common, so that {reference} itself is compared with."))
        }
    }
}
