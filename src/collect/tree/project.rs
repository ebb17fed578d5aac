//! The trees of a run: SFDX projects and metadata-format folders, their API version and packageDirectories.

use std::io;
use std::path::Path;

use serde::Deserialize;

use super::files::{SourceFile, absolute};
use super::git::Revision;
use super::recognise::FileKind;
use crate::diagnostic::Diagnostic;
use crate::inventory::Source;
use crate::source::Location;
use crate::source::xml::{self, Keep};

/// The name of a project file.
const NAME: &str = "sfdx-project.json";

/// What `sfdx-project.json` says that matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SfdxProject {
    package_directories: Vec<PackageDirectory>,
    source_api_version: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PackageDirectory {
    path: String,
}

/// A tree with what decides which files belong to it.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) source: Source,
    /// Folders of the packageDirectories as shown; `None` where there is no SFDX project.
    pub(super) package_directories: Option<Vec<String>>,
}

impl Root {
    /// A plain folder.
    pub(super) fn plain(root: &str) -> Self {
        Self { source: Source { name: root.to_owned(), ..Source::default() }, package_directories: None }
    }

    /// The path of a file below the root.
    pub(super) fn path_within(&self, shown: &str) -> String {
        below(shown, &self.source.name).unwrap_or(shown).to_owned()
    }

    /// Whether a file lies in a packageDirectory; true where there is no project.
    pub(super) fn in_package_directory(&self, shown: &str) -> bool {
        self.package_directories.as_ref().is_none_or(|folders| folders.iter().any(|folder| below(shown, folder).is_some()))
    }
}

/// The part of a shown path below a shown folder, if it lies there.
pub(super) fn below<'a>(shown: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return (!shown.starts_with('/')).then_some(shown);
    }
    shown.strip_prefix(folder)?.strip_prefix('/')
}

/// The trees among the files, deepest first, so that the first one a file lies in is its own.
pub(super) fn roots(files: &[SourceFile], audited: &[String], diagnostics: &mut Vec<Diagnostic>) -> Vec<Root> {
    let mut roots: Vec<Root> = Vec::new();
    for file in files {
        let root = match file.kind {
            FileKind::SfdxProject => read_project(file, diagnostics),
            FileKind::Manifest => manifest_root(file),
            _ => None,
        };
        roots.extend(root);
    }
    // A manifest inside a project (usually `manifest/package.xml`) says nothing about where the metadata is.
    let projects: Vec<String> =
        roots.iter().filter(|root| root.package_directories.is_some()).map(|root| root.source.name.clone()).collect();
    roots.retain(|root| {
        root.package_directories.is_some()
            || !projects.iter().any(|project| *project == root.source.name || below(&root.source.name, project).is_some())
    });
    for folder in audited {
        if !roots.iter().any(|root| root.source.name == *folder) {
            roots.push(Root::plain(folder));
        }
    }
    roots.sort_by(|a, b| depth(&b.source.name).cmp(&depth(&a.source.name)).then_with(|| a.source.name.cmp(&b.source.name)));
    roots.dedup_by(|later, earlier| later.source.name == earlier.source.name);
    roots
}

/// The tree a file belongs to: index into the trees.
pub(super) fn root_of(roots: &[Root], shown: &str) -> usize {
    roots.iter().position(|root| below(shown, &root.source.name).is_some()).unwrap_or(roots.len().saturating_sub(1))
}

/// The text of the project file above a folder that is audited in part, such as `force-app` alone.
pub(super) fn enclosing_project(folder: &Path) -> Option<io::Result<String>> {
    let path = absolute(folder).ancestors().skip(1).map(|ancestor| ancestor.join(NAME)).find(|path| path.is_file())?;
    Some(std::fs::read_to_string(path))
}

/// The same in a revision.
pub(super) fn enclosing_project_in(revision: &Revision, folder: &str) -> Option<io::Result<String>> {
    let read = |above: &Path| revision.file(&above.join(NAME).to_string_lossy());
    let bytes = Path::new(folder).ancestors().skip(1).find_map(read)?;
    Some(bytes.and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other)))
}

/// The API version of an enclosing project, whose folders do not matter because only a part of them is audited.
///
/// # Errors
///
/// A project file that cannot be read: without its version nobody can tell which absent elements have their defaults.
pub(super) fn enclosing_api_version(text: io::Result<String>) -> Result<Option<u16>, Diagnostic> {
    let problem = |why: String| {
        Diagnostic::error(format!("the project file above cannot be read: {why}"))
            .at(Location::file("../sfdx-project.json"))
            .help("its sourceApiVersion is not known; absent elements are taken for their defaults")
    };
    let text = text.map_err(|error| problem(error.to_string()))?;
    let project: SfdxProject =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| problem(error.to_string()))?;
    Ok(project.source_api_version.as_deref().and_then(major))
}

fn depth(folder: &str) -> usize {
    if folder.is_empty() { 0 } else { folder.split('/').count() }
}

fn read_project(file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Root> {
    let root = file.folder();
    let text = file.text().map_err(|problem| diagnostics.push(problem)).ok()?;
    match serde_json::from_str::<SfdxProject>(text.text().trim_start_matches('\u{feff}')) {
        Ok(project) => Some(Root {
            source: Source {
                name: root.to_owned(),
                api_version: project.source_api_version.as_deref().and_then(major),
                ..Source::default()
            },
            package_directories: Some(project.package_directories.iter().map(|package| join(root, &package.path)).collect()),
        }),
        Err(error) => {
            let offset = text.line_start(error.line()) + error.column().saturating_sub(1);
            diagnostics.push(
                Diagnostic::error(format!("is not a project file that can be read: {error}"))
                    .at(Location::new(&text, crate::source::Span::at(offset)))
                    .help("its packageDirectories and sourceApiVersion are not known; all apps of the folder are audited"),
            );
            None
        }
    }
}

/// The root of a metadata-format folder, which is where its `package.xml` lies. A manifest that cannot be read is reported elsewhere.
fn manifest_root(file: &SourceFile) -> Option<Root> {
    let text = file.text().ok()?;
    let root = xml::parse(&text, Keep::TopLevel(&["version"])).ok()?;
    let version = root.children_named("version").next().and_then(|version| major(version.trimmed()));
    Some(Root {
        source: Source { name: file.folder().to_owned(), api_version: version, ..Source::default() },
        package_directories: None,
    })
}

/// `force-app`, `./force-app/`, `src\\sfdx` below a root; `.` is the root itself.
fn join(root: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let mut joined: Vec<&str> = root.split('/').filter(|_| !root.is_empty()).collect();
    joined.extend(parts);
    joined.join("/")
}

fn major(version: &str) -> Option<u16> {
    version.trim().split('.').next()?.parse().ok()
}
