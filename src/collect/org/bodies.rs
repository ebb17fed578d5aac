//! Bodies of metadata: what there is (`listMetadata`), and what it says (`readMetadata` or `retrieve`).

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::ask::unreadable;
use super::retrieved;
use crate::collect::tree::recognise::{FileKind, PARTS};
use crate::diagnostic::Diagnostic;
use crate::inventory::Reason;
use crate::inventory::app::PartKind;
use crate::metadata::Record;
use crate::salesforce::{Client, Component, Error, FileProperties, Package, Retrieved};
use crate::source::xml::{self, Keep};
use crate::source::{Answer, Api, Location, SourceText};

/// Types a `listMetadata` call may ask for.
const TYPES_PER_LIST: usize = 3;
/// Names a `readMetadata` call may ask for.
const NAMES_PER_READ: usize = 10;
/// `readMetadata` answers at once and costs a call for ten components of one type; `retrieve` takes all types in one job, but has to be
/// polled for, and Salesforce may let it wait for seconds. Up to this many calls reading is the faster way and not much dearer.
const MOST_READS: usize = 10;
/// Files a `retrieve` job may have (API contract, section 5.10), with room for what Salesforce adds.
const MOST_FILES: usize = 9_000;

/// The settings that bear on apps: kind, type, full name.
const SETTINGS: &[(FileKind, &str, &str)] = &[
    (FileKind::ConnectedAppSettings, "ConnectedAppSettings", "ConnectedApp"),
    (FileKind::ExternalClientAppSettings, "ExternalClientAppSettings", "ExternalClientApp"),
    (FileKind::OauthOidcSettings, "OauthOidcSettings", "OauthOidc"),
    (FileKind::SecuritySettings, "SecuritySettings", "Security"),
];

/// How many calls listing and reading take, for a plan.
pub(super) fn lists() -> usize {
    kinds().len().div_ceil(TYPES_PER_LIST)
}

/// A component with its full name.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) kind: FileKind,
    pub(super) full_name: String,
    pub(super) record: Record,
}

/// Everything the Metadata API told.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// What there is, by kind; a reason where it could not be listed.
    pub(super) listed: BTreeMap<FileKind, Result<Vec<FileProperties>, Reason>>,
    /// Kinds the org does not have at this API version.
    pub(super) absent: BTreeSet<FileKind>,
    /// What was read.
    pub(super) read: Vec<Body>,
    /// Why components of a kind were not read, where they were asked for.
    pub(super) unread: BTreeMap<FileKind, Reason>,
    /// What went wrong.
    pub(super) problems: Vec<Diagnostic>,
}

/// Kinds of components that make an app, settings apart.
pub(super) fn kinds() -> Vec<FileKind> {
    let parts = PARTS.iter().enumerate().filter(|(_, part)| part.kind != PartKind::Other);
    let parts = parts.map(|(index, _)| FileKind::Part(index));
    [FileKind::ConnectedApp, FileKind::ExternalClientApp, FileKind::OauthCustomScope].into_iter().chain(parts).collect()
}

pub(super) fn type_name(kind: FileKind) -> &'static str {
    kind.metadata_type().map_or("", |ty| ty.name)
}

impl Bodies {
    /// Lists and reads everything.
    pub(super) async fn collect(client: &Client) -> Self {
        let mut bodies = Self::default();
        let kinds = match client.describe_metadata().await {
            Ok(types) => {
                let names: BTreeSet<&str> = types.iter().map(|ty| ty.xml_name.as_str()).collect();
                bodies.missing_types(&names, client);
                kinds().into_iter().filter(|kind| names.contains(type_name(*kind))).collect::<Vec<_>>()
            }
            Err(error) => {
                bodies.nothing(&error);
                return bodies;
            }
        };
        bodies.list(client, &kinds).await;
        let wanted = bodies.wanted();
        let reads: usize = wanted.iter().map(|(_, names)| names.len().div_ceil(NAMES_PER_READ)).sum::<usize>() + SETTINGS.len();
        if reads > MOST_READS {
            bodies.retrieve_all(client, wanted).await;
        } else {
            bodies.read_all(client, wanted).await;
        }
        bodies
    }

    /// Names of one kind that were listed.
    pub(super) fn names(&self, kind: FileKind) -> impl Iterator<Item = &FileProperties> {
        self.listed.get(&kind).and_then(|listed| listed.as_ref().ok()).into_iter().flatten()
    }

    /// Why the Metadata API told nothing at all; none where it told something.
    pub(super) fn refused(&self) -> Option<&Reason> {
        self.read.is_empty().then(|| self.unread.get(&FileKind::SecuritySettings)).flatten()
    }

    /// Why nothing of a kind is known; none where it was listed.
    pub(super) fn unlisted(&self, kind: FileKind) -> Option<&Reason> {
        self.listed.get(&kind).and_then(|listed| listed.as_ref().err())
    }

    /// Why components of a kind may be there and are not known; none where all were read, and where the org does not have the type.
    pub(super) fn unread_reason(&self, kind: FileKind) -> Option<Reason> {
        let unlisted = || self.unlisted(kind).filter(|_| !self.absent.contains(&kind));
        let incomplete = || {
            let listed: Vec<&FileProperties> = self.names(kind).collect();
            let got = self.read.iter().filter(|body| body.kind == kind).count();
            (got < listed.len()).then(|| Reason::from(format!("{got} of {} {} were read", listed.len(), type_name(kind))))
        };
        self.unread.get(&kind).or_else(unlisted).cloned().or_else(incomplete)
    }

    /// Settings that were not read, with the reason.
    pub(super) fn settings_unread(&self) -> Vec<(FileKind, Reason)> {
        let missing = SETTINGS.iter().filter(|(kind, ..)| !self.read.iter().any(|body| body.kind == *kind));
        let why = |kind: &FileKind, name: &str| {
            let silent = || Reason::from(format!("the org did not deliver the settings `{name}`"));
            self.unread.get(kind).cloned().unwrap_or_else(silent)
        };
        missing.map(|(kind, _, name)| (*kind, why(kind, name))).collect()
    }

    fn nothing(&mut self, error: &Error) {
        let reason = unreadable("Metadata API", error);
        self.problems.push(gap("the Metadata API answers nothing", &reason));
        for kind in kinds().into_iter().chain(SETTINGS.iter().map(|(kind, ..)| *kind)) {
            self.listed.insert(kind, Err(reason.clone()));
            self.unread.insert(kind, reason.clone());
        }
    }

    fn missing_types(&mut self, names: &BTreeSet<&str>, client: &Client) {
        for kind in kinds().into_iter().filter(|kind| !names.contains(type_name(*kind))) {
            let reason = format!("this org has no metadata type {} at API version {}", type_name(kind), client.version());
            if kind == FileKind::ConnectedApp {
                // Every org has this type; where it is not named, something is wrong with the answer.
                self.problems.push(gap("connected apps cannot be listed", &reason.as_str().into()));
            } else {
                self.absent.insert(kind);
            }
            self.listed.insert(kind, Err(reason.into()));
        }
    }

    async fn list(&mut self, client: &Client, kinds: &[FileKind]) {
        let answers = join_all(kinds.chunks(TYPES_PER_LIST).map(|chunk| list_some(client, chunk))).await;
        for (kind, answer) in answers.into_iter().flatten() {
            let answer = answer.map_err(|error| {
                let reason = unreadable(type_name(kind), &error);
                self.problems.push(gap(&format!("{} cannot be listed", type_name(kind)), &reason));
                reason
            });
            self.listed.insert(kind, answer);
        }
    }

    fn wanted(&self) -> Vec<(FileKind, Vec<String>)> {
        let listed = self.listed.iter().filter_map(|(kind, listed)| Some((*kind, listed.as_ref().ok()?)));
        listed.map(|(kind, listed)| (kind, listed.iter().map(|it| it.full_name.clone()).collect())).collect()
    }

    async fn read_all(&mut self, client: &Client, wanted: Vec<(FileKind, Vec<String>)>) {
        let settings = SETTINGS.iter().map(|(kind, ty, name)| (*kind, *ty, vec![(*name).to_owned()]));
        let components = wanted.into_iter().flat_map(|(kind, names)| {
            let chunks: Vec<_> = names.chunks(NAMES_PER_READ).map(|names| (kind, type_name(kind), names.to_vec())).collect();
            chunks
        });
        let reads = components.chain(settings).map(|(kind, ty, names)| async move {
            let answer = client.read_metadata(ty, &names).await;
            (kind, names, answer)
        });
        let mut refused = Vec::new();
        for (kind, names, answer) in join_all(reads).await {
            match answer {
                Ok(components) => components.into_iter().for_each(|component| self.add(client, kind, component)),
                Err(error) if error.is_unavailable() => refused.push((kind, names, error)),
                Err(error) => self.not_read(kind, &error),
            }
        }
        self.retrieve_refused(client, refused).await;
    }

    /// Not every type can be read; those that cannot may still be retrieved (API contract, section 5.6).
    async fn retrieve_refused(&mut self, client: &Client, refused: Vec<(FileKind, Vec<String>, Error)>) {
        if refused.is_empty() {
            return;
        }
        let is_settings = |kind: FileKind| SETTINGS.iter().any(|(settings, ..)| *settings == kind);
        let name = |kind| if is_settings(kind) { "Settings" } else { type_name(kind) };
        let types = refused.iter().map(|(kind, names, _)| (name(*kind).to_owned(), names.clone())).collect();
        if let Ok(retrieved) = client.retrieve(&Package { types }).await {
            self.unpack(client, &retrieved);
        }
        for (kind, _, error) in refused {
            if !self.read.iter().any(|body| body.kind == kind) {
                self.not_read(kind, &error);
            }
        }
    }

    fn not_read(&mut self, kind: FileKind, error: &Error) {
        let ty = type_name(kind);
        let reason = unreadable(ty, error);
        if self.unread.insert(kind, reason.clone()).is_none() {
            self.problems.push(gap(&format!("{ty} cannot be read"), &reason));
        }
    }

    async fn retrieve_all(&mut self, client: &Client, wanted: Vec<(FileKind, Vec<String>)>) {
        let mut failed = None;
        for package in packages(&wanted) {
            match client.retrieve(&package).await {
                Ok(retrieved) => self.unpack(client, &retrieved),
                Err(error) => failed = Some(error),
            }
        }
        let Some(error) = failed else { return };
        let reason = unreadable("the retrieve job", &error);
        if !is_about_the_job(&error) {
            self.problems.push(gap("components cannot be retrieved", &reason));
            let kinds = wanted.iter().map(|(kind, _)| *kind).chain(SETTINGS.iter().map(|(kind, ..)| *kind));
            self.unread.extend(kinds.map(|kind| (kind, reason.clone())));
            return;
        }
        // A job can fail over one component; reading them one type at a time still brings the others.
        self.problems.push(Diagnostic::warning("the retrieve job failed; components are read ten at a time").label(&*reason));
        let got: BTreeSet<(FileKind, String)> = self.read.iter().map(|body| (body.kind, body.full_name.clone())).collect();
        let rest = wanted.into_iter().map(|(kind, mut names)| {
            names.retain(|name| !got.contains(&(kind, name.clone())));
            (kind, names)
        });
        self.read_all(client, rest.collect()).await;
    }

    /// The files of a zip. Messages name what was asked for and not delivered; its absence is told where it matters.
    fn unpack(&mut self, client: &Client, retrieved: &Retrieved) {
        let wanted = |name: &str| FileKind::of_name(file_name(name)).is_some_and(|kind| kind.metadata_type().is_some());
        let files = match retrieved::files(retrieved, wanted) {
            Ok((files, problems)) => {
                let problems = problems.into_iter();
                self.problems.extend(problems.map(|it| Diagnostic::error(format!("{}: {}", it.name, it.reason))));
                files
            }
            Err(error) => {
                self.problems.push(Diagnostic::error(format!("the retrieved zip cannot be read: {error}")));
                return;
            }
        };
        for file in files {
            let Some(kind) = FileKind::of_name(file_name(&file.path)) else { continue };
            match String::from_utf8(file.bytes) {
                Ok(xml) => {
                    self.add(client, kind, Component { full_name: file.full_name, metadata_type: String::new(), xml });
                }
                Err(_) => self.problems.push(Diagnostic::error(format!("{} is not UTF-8", file.path))),
            }
        }
        let messages: Vec<&str> = retrieved.messages.iter().map(|message| message.problem.as_str()).collect();
        if !messages.is_empty() {
            // What is missing makes facts unknown, each with its reason; the org's own words are worth one warning.
            let said = format!("the retrieve job says: {}", messages.join("; "));
            self.problems.push(Diagnostic::warning("not everything was delivered").label(said));
        }
    }

    fn add(&mut self, client: &Client, kind: FileKind, component: Component) {
        let Some(ty) = kind.metadata_type() else { return };
        let object = format!("{}/{}", ty.name, component.full_name);
        let answer = Answer { api: Api::Metadata, version: client.version().0 };
        let text = SourceText::answered(object.as_str(), component.xml, answer);
        match xml::parse(&text, Keep::All) {
            Ok(root) => {
                let record = Record::new(text, root, ty);
                self.problems.extend(record.oddities());
                self.read.push(Body { kind, full_name: component.full_name, record });
            }
            Err(error) => {
                let title = format!("its metadata cannot be read: {error}");
                self.problems.push(Diagnostic::error(title).at(Location::object(object, answer)));
            }
        }
    }
}

async fn list_some(client: &Client, kinds: &[FileKind]) -> Vec<(FileKind, Result<Vec<FileProperties>, Error>)> {
    let names: Vec<&str> = kinds.iter().map(|kind| type_name(*kind)).collect();
    match client.list_metadata(&names).await {
        Ok(listed) => {
            let of = |kind: &FileKind| listed.iter().filter(|it| it.metadata_type == type_name(*kind)).cloned().collect();
            kinds.iter().map(|kind| (*kind, Ok(of(kind)))).collect()
        }
        // One type that is refused makes the whole call fail.
        Err(error) if error.is_unavailable() && kinds.len() > 1 => {
            let each = kinds.iter().map(|kind| async move { (*kind, client.list_metadata(&[type_name(*kind)]).await) });
            join_all(each).await
        }
        Err(error) => kinds.iter().map(|kind| (*kind, Err(error.clone()))).collect(),
    }
}

/// Whether other calls may succeed where a job failed.
fn is_about_the_job(error: &Error) -> bool {
    matches!(error, Error::Retrieve(_)) || error.code().is_some_and(|code| code != "REQUEST_LIMIT_EXCEEDED")
}

/// What to retrieve, in as few jobs as the limit of files allows; the settings come with the first.
fn packages(wanted: &[(FileKind, Vec<String>)]) -> Vec<Package> {
    let settings = SETTINGS.iter().map(|(_, _, name)| (*name).to_owned()).collect();
    let mut packages = vec![Package { types: vec![("Settings".to_owned(), settings)] }];
    let mut room = MOST_FILES;
    for (kind, names) in wanted {
        let mut rest = names.as_slice();
        while !rest.is_empty() {
            if room == 0 {
                packages.push(Package { types: Vec::new() });
                room = MOST_FILES;
            }
            let (now, later) = rest.split_at(rest.len().min(room));
            if let Some(package) = packages.last_mut() {
                package.types.push((type_name(*kind).to_owned(), now.to_vec()));
            }
            room -= now.len();
            rest = later;
        }
    }
    packages
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn gap(what: &str, reason: &Reason) -> Diagnostic {
    Diagnostic::error(what).label(reason.to_string())
}
