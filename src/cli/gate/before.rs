//! The state before a deployment, and the state after it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;

use super::onto_org::{OntoOrg, Saved};
use crate::cli::manifests::ManifestChoice;
use crate::cli::orgs::OrgChoice;
use crate::cli::read::Wants;
use crate::cli::terminal::View;
use crate::collect::tree::git::{Base, BaseKind, Revision, path_in_repository};
use crate::collect::{Collected, tree};
use crate::gate;
use crate::policy::Policy;
use crate::report::Source;

/// Digits of a commit's id that are told.
const SHORT_ID: usize = 10;

/// What the state after is compared with.
#[derive(Debug, Args)]
#[command(next_help_heading = "State before")]
pub(super) struct BeforeChoice {
    /// SOURCE as it was where this branch began: at the merge base of HEAD and this branch, tag or commit.
    #[arg(long, value_name = "GIT_REF")]
    base: Option<String>,
    /// What `orgwarden snapshot` has saved of the org that SOURCE is going to be deployed to.
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    manifests: ManifestChoice,
    #[command(flatten)]
    orgs: OrgChoice,
}

/// Where the state before comes from.
pub(super) enum Before<'a> {
    /// A revision of the repository that the source is in.
    Git {
        /// As it was named.
        reference: String,
        base: Base,
        revision: Arc<Revision>,
        /// The source, from the root of the repository.
        path: String,
    },
    /// The org that the source is going to be deployed to.
    Org(Box<OntoOrg<'a>>),
}

/// How a source is read, and what is wanted to know.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) force_ignore: bool,
    pub(super) wants: Wants<'a>,
}

impl Reading<'_> {
    pub(super) fn request<'p>(&self, paths: &'p [PathBuf]) -> tree::Request<'p> {
        tree::Request { paths, force_ignore: self.force_ignore, profiles: self.wants.profiles_of_tree(), also: &[] }
    }
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
    /// There is no such source, repository, revision or snapshot, or not one state before is named.
    pub(super) fn find(&self, source: &Path) -> Result<Before<'_>> {
        if !source.exists() {
            bail!("{} does not exist", source.display());
        }
        let named = [self.base.is_some(), self.snapshot.is_some(), self.orgs.names_an_org()];
        match named.iter().filter(|named| **named).count() {
            0 => bail!("nothing to compare with was named: --base GIT_REF, --snapshot FILE or --target-org ALIAS"),
            1 => {}
            _ => bail!("a deployment is compared with one state before: name one of --base, --snapshot and an org"),
        }
        if let (false, Some(option)) = (self.orgs.names_an_org(), self.orgs.how_to_ask()) {
            bail!("{option} is about live orgs, and none was asked for: name one with --target-org");
        }
        let Some(reference) = self.base.clone() else {
            let saved = self.snapshot.as_deref().map(Saved::read).transpose()?;
            return Ok(Before::Org(Box::new(OntoOrg::new(saved, &self.orgs, &self.manifests)?)));
        };
        if let Some(option) = self.manifests.given() {
            bail!("{option} says what of SOURCE is deployed to an org, and --base compares all of it with a revision");
        }
        if source.is_file() && source.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            bail!("{} is a zip, which --base cannot find in a revision: name the folder that it is made from", source.display());
        }
        let folder = if source.is_dir() { source } else { source.parent().unwrap_or(Path::new("")) };
        let path = path_in_repository(source)?;
        let base = Base::of(folder, &reference)?;
        let revision = Arc::new(Revision::open(folder, &base.commit)?);
        Ok(Before::Git { reference, base, revision, path })
    }
}

impl Before<'_> {
    /// Whether a policy in this folder is about all there is to read, or about more: an org has everything.
    pub(super) fn is_whole(&self, policy: Option<&Path>, source: &Path) -> bool {
        matches!(self, Self::Org(_)) || policy == Some(source)
    }

    /// What is to be told of a policy that is not what it was. Both states are judged by it as it is.
    pub(super) fn about_policy(&self, policy: &Policy) -> Option<String> {
        let Self::Git { revision, .. } = self else { return None };
        let text = policy.source()?;
        let path = path_in_repository(Path::new(&**text.name())).ok()?;
        let was = revision.file(&path).map(|was| was.map(|was| String::from_utf8_lossy(&was).replace('\r', "")));
        let what = match was {
            Some(Ok(was)) if was.trim_start_matches('\u{feff}') == text.text().trim_start_matches('\u{feff}').replace('\r', "") => {
                return None;
            }
            Some(_) => "changes",
            None => "is new",
        };
        Some(format!(
            "The policy {} {what} as well. Both states are judged by it as it is now: what it excuses or switches off now is not told as \
             introduced.",
            text.name()
        ))
    }

    /// Reads both states. None where the org could not be read, which has been shown.
    ///
    /// # Errors
    ///
    /// A manifest cannot be read, or a mistake on this side keeps the org from being asked.
    pub(super) fn states(self, source: &Path, reading: Reading<'_>, view: &View<'_>) -> Result<Option<States>> {
        let (reference, base, revision, path) = match self {
            Self::Git { reference, base, revision, path } => (reference, base, revision, path),
            Self::Org(onto) => return onto.states(source, reading, view),
        };
        let (here, there) = ([source.to_owned()], [PathBuf::from(&path)]);
        let after = tree::collect(&reading.request(&here));
        let collected =
            if revision.has(&path) { tree::collect_revision(&revision, &reading.request(&there)) } else { Collected::default() };
        let name = named(&reference, &base);
        let mut notes: Vec<String> = about(&reference, base.kind).into_iter().collect();
        if !revision.has(&path) {
            notes.push(format!(
                "{} is not in {name}, so that everything is new. If it had another name there, name a folder that holds both.",
                source.display()
            ));
        }
        let source = Source::of_paths(vec![source.to_string_lossy().into_owned()]);
        Ok(Some(States { before: gate::Before { name, collected, notes }, after, source }))
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
