//! Which files say what of a source is deployed, as `sf project deploy start` is told.

use std::path::PathBuf;

use clap::Args;

use crate::collect::tree::Manifest;
use crate::collect::tree::deployment::Manifests;
use crate::diagnostic::Diagnostic;

/// The files that are named.
#[derive(Debug, Args)]
#[command(next_help_heading = "Deployment to an org")]
pub(super) struct ManifestChoice {
    /// The package.xml of the deployment, which names what of the source is deployed [default: all of it; of a package what its own package.xml
    /// names].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// What the deployment deletes first [default: of a package the destructiveChanges files beside its package.xml].
    #[arg(long, value_name = "FILE")]
    pre_destructive_changes: Option<PathBuf>,
    /// What the deployment deletes last.
    #[arg(long, value_name = "FILE")]
    post_destructive_changes: Option<PathBuf>,
}

/// What stands in them.
pub(super) struct NamedManifests {
    manifest: Option<Manifest>,
    delete_first: Option<Manifest>,
    delete_last: Option<Manifest>,
}

impl ManifestChoice {
    /// An option that is given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            (&self.manifest, "--manifest"),
            (&self.pre_destructive_changes, "--pre-destructive-changes"),
            (&self.post_destructive_changes, "--post-destructive-changes"),
        ];
        given.into_iter().find(|(path, _)| path.is_some()).map(|(_, option)| option)
    }

    /// Reads the files.
    ///
    /// # Errors
    ///
    /// One of them cannot be read or is no manifest.
    pub(super) fn read(&self) -> Result<NamedManifests, Diagnostic> {
        let read = |path: &Option<PathBuf>| path.as_deref().map(Manifest::read).transpose();
        Ok(NamedManifests {
            manifest: read(&self.manifest)?,
            delete_first: read(&self.pre_destructive_changes)?,
            delete_last: read(&self.post_destructive_changes)?,
        })
    }
}

impl NamedManifests {
    pub(super) const fn borrowed(&self) -> Manifests<'_> {
        Manifests {
            manifest: self.manifest.as_ref(),
            delete_first: self.delete_first.as_ref(),
            delete_last: self.delete_last.as_ref(),
        }
    }
}
