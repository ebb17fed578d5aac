//! Which files a request means.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::files::{SourceFile, folder_of};
use super::git::Revision;
use super::recognise::FileKind;
use super::{Request, archive, peek, project, walk};
use crate::collect::Collected;
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// The files of a request.
pub(super) struct Found {
    pub(super) files: Vec<SourceFile>,
    /// The audited folders, as shown.
    pub(super) folders: Vec<String>,
    /// API version of the project that encloses an audited folder.
    pub(super) enclosing_version: BTreeMap<String, u16>,
}

/// Folders, zips and files on disk.
pub(super) fn on_disk(request: &Request<'_>, collected: &mut Collected) -> Found {
    let mut found = Found { files: Vec::new(), folders: Vec::new(), enclosing_version: BTreeMap::new() };
    for path in request.paths {
        let shown = walk::shown_root(path);
        if path.is_dir() {
            let walked = walk::folder(path, &shown);
            collected.files_seen += walked.seen;
            collected.diagnostics.extend(walked.diagnostics);
            found.files.extend(walked.files);
            found.add_folder(project::enclosing_project(path), shown, &mut collected.diagnostics);
        } else if path.exists() {
            collected.files_seen += 1;
            let folder = folder_of(&shown).to_owned();
            if archive::is_zip(path) {
                found.files.extend(archive::files(path, &shown, &mut collected.diagnostics));
                found.folders.push(shown);
            } else {
                found.files.push(walk::file(path, &shown));
                let project = project::enclosing_project(path.parent().unwrap_or(Path::new("")));
                found.add_folder(project, folder, &mut collected.diagnostics);
            }
        } else {
            collected.diagnostics.push(Diagnostic::error(format!("{} does not exist", path.display())));
            collected.not_found.push(path.clone());
        }
    }
    found
}

/// Files and folders of a revision in git.
pub(super) fn in_revision(revision: &Arc<Revision>, request: &Request<'_>, collected: &mut Collected) -> Found {
    let mut found = Found { files: Vec::new(), folders: Vec::new(), enclosing_version: BTreeMap::new() };
    for path in request.paths {
        let shown = walk::shown_root(path);
        if !revision.has(&shown) {
            collected.diagnostics.push(Diagnostic::error(format!("{shown} does not exist in the revision")));
            collected.not_found.push(path.clone());
            continue;
        }
        let listed = revision.files(&shown);
        collected.files_seen += listed.seen;
        collected.diagnostics.extend(listed.diagnostics);
        let is_file = listed.files.iter().any(|file| file.shown == shown);
        found.files.extend(listed.files);
        let folder = if is_file { folder_of(&shown).to_owned() } else { shown };
        let project = project::enclosing_project_in(revision, &folder);
        found.add_folder(project, folder, &mut collected.diagnostics);
    }
    found
}

impl Found {
    /// A folder that is audited, with the text of the project file above it.
    fn add_folder(&mut self, project: Option<io::Result<String>>, shown: String, diagnostics: &mut Vec<Diagnostic>) {
        match project.map(project::enclosing_api_version) {
            Some(Ok(Some(version))) => {
                self.enclosing_version.insert(shown.clone(), version);
            }
            Some(Err(problem)) => diagnostics.push(problem),
            Some(Ok(None)) | None => {}
        }
        self.folders.push(shown);
    }
}

/// Files whose names say nothing are named by their root elements; those that are no metadata are dropped. One that was asked for by name
/// and is no metadata is a mistake to be told of.
pub(super) fn name_by_root(files: &mut Vec<SourceFile>, request: &Request<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let asked: BTreeSet<String> = request.paths.iter().map(|path| walk::shown_root(path)).collect();
    files.retain_mut(|file| {
        if file.kind != FileKind::SomeXml {
            return true;
        }
        match peek::root_name(file) {
            Ok(Some(kind)) => {
                file.kind = kind;
                true
            }
            Ok(None) => {
                if asked.contains(&file.shown) {
                    let problem =
                        Diagnostic::error("is not a metadata file this version knows").at(Location::file(file.shown.as_str()));
                    diagnostics
                        .push(problem.help("its suffix or its root element must name a metadata type, such as ConnectedApp"));
                }
                false
            }
            Err(problem) => {
                diagnostics.push(problem);
                false
            }
        }
    });
}
