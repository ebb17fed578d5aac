//! What the names on an app's list are: profiles and permission sets of the same tree.
//!
//! Both lists hold labels, in real files at least. A profile's label is its file name, except for Salesforce's own profiles; a permission
//! set's label stands in its file, so that permission sets are opened where a file name does not settle it, and only then.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::thread;

use memchr::memmem;

use super::files::SourceFile;
use super::recognise::{FileKind, full_name};
use crate::collect::component::profile::{LOGIN, Restrictions};
use crate::diagnostic::Diagnostic;
use crate::inventory::app::{App, Assignment, Resolution};
use crate::inventory::profile::standard;
use crate::inventory::user_permissions::HolderKind;
use crate::inventory::{Origin, Profile};
use crate::source::Location;
use crate::source::xml::Keep;

/// The profiles, permission sets and groups of one tree, by full name.
#[derive(Default)]
pub(super) struct Directory<'a> {
    profiles: BTreeMap<String, &'a SourceFile>,
    permission_sets: BTreeMap<String, &'a SourceFile>,
    groups: BTreeMap<String, &'a SourceFile>,
    /// Full names of permission sets by label; made when a name is not a full name.
    labels: Option<BTreeMap<String, String>>,
    group_labels: Option<BTreeMap<String, String>>,
}

impl<'a> Directory<'a> {
    /// Adds a file, if it is of a kind that apps are assigned to.
    pub(super) fn add(&mut self, file: &'a SourceFile) {
        let names = match file.kind {
            FileKind::Profile => &mut self.profiles,
            FileKind::PermissionSet => &mut self.permission_sets,
            FileKind::PermissionSetGroup => &mut self.groups,
            _ => return,
        };
        names.entry(full_name(&file.shown)).or_insert(file);
    }

    /// Looks up everything an app is assigned to.
    pub(super) fn resolve(&mut self, app: &mut App, diagnostics: &mut Vec<Diagnostic>) {
        if let Ok(profiles) = &mut app.access.profiles.state {
            for assignment in profiles {
                assignment.resolution = self.profile(&assignment.name);
            }
        }
        if let Ok(permission_sets) = &mut app.access.permission_sets.state {
            for assignment in permission_sets {
                assignment.resolution = self.permission_set(assignment, diagnostics);
            }
        }
    }

    fn profile(&self, name: &str) -> Resolution {
        if self.profiles.contains_key(name) {
            return found(name, None);
        }
        if let Some(profile) = standard(name) {
            return found(profile.name, None);
        }
        if is_id(name, "00e") {
            return Resolution::Unknown(format!("`{name}` is an id, and the source has names only").into());
        }
        if self.profiles.is_empty() {
            return Resolution::Unknown("the source holds no profiles".into());
        }
        // A standard profile can be renamed, and file systems may not keep letter case.
        match self.profiles.keys().find(|known| known.eq_ignore_ascii_case(name)) {
            Some(known) => found(known, None),
            None => Resolution::Missing,
        }
    }

    fn permission_set(&mut self, assignment: &Assignment, diagnostics: &mut Vec<Diagnostic>) -> Resolution {
        let name = assignment.name.as_str();
        if let Some(file) = self.permission_sets.get(name) {
            // The one file is read because a contract may name the permission set by its label.
            let label = label(file).unwrap_or_else(|problem| {
                diagnostics.push(problem);
                None
            });
            return found(name, label);
        }
        if is_id(name, "0PS") {
            return Resolution::Unknown(format!("`{name}` is an id, and the source has names only").into());
        }
        if self.permission_sets.is_empty() {
            return Resolution::Unknown("the source holds no permission sets".into());
        }
        let labels = self.labels.get_or_insert_with(|| labels(&self.permission_sets, diagnostics));
        if let Some(full_name) = labels.get(name) {
            return found(full_name, Some(name.to_owned()));
        }
        if let Some((namespace, _)) = name.split_once("__") {
            return Resolution::Unknown(format!("`{name}` belongs to the package {namespace}, which is not in the source").into());
        }
        let group_labels = self.group_labels.get_or_insert_with(|| self::labels(&self.groups, diagnostics));
        if self.groups.contains_key(name) || group_labels.contains_key(name) {
            let reason = format!("`{name}` is a permission set group, and whether an app can be assigned to one is not documented");
            return Resolution::Unknown(reason.into());
        }
        Resolution::Missing
    }

    /// All profiles and permission sets, by full name.
    pub(super) fn holders(&self) -> impl Iterator<Item = (HolderKind, &str, &'a SourceFile)> {
        let profiles = self.profiles.iter().map(|(name, file)| (HolderKind::Profile, name.as_str(), *file));
        profiles.chain(self.permission_sets.iter().map(|(name, file)| (HolderKind::PermissionSet, name.as_str(), *file)))
    }

    /// The full names of the profiles that apps of this tree are assigned to.
    pub(super) fn assigned_profiles(source: usize, apps: &[App]) -> BTreeSet<String> {
        let of_tree = apps.iter().filter(|app| app.source == source);
        let assigned = of_tree.flat_map(|app| app.access.profiles.value().into_iter().flatten());
        assigned.filter_map(|assignment| assignment.resolution.full_name()).map(str::to_owned).collect()
    }

    /// The full names of the profiles of this tree that go by these labels, full names or file names.
    pub(super) fn profiles_named(&self, names: &[String]) -> BTreeSet<String> {
        let of_name = |name: &String| {
            let labelled = self.profile(name.trim()).full_name().map(str::to_owned);
            labelled.filter(|name| self.profiles.contains_key(name)).or_else(|| {
                let of_file = full_name(name.trim());
                self.profiles.contains_key(&of_file).then_some(of_file)
            })
        };
        names.iter().filter_map(of_name).collect()
    }

    /// Reads profiles by their full names. Those that the tree does not have are not among them.
    pub(super) fn read_profiles(&self, source: usize, names: &BTreeSet<String>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Profile> {
        let files: Vec<(&str, &SourceFile)> =
            names.iter().filter_map(|name| Some((name.as_str(), *self.profiles.get(name)?))).collect();
        let read = |(name, file): &(&str, &SourceFile)| {
            let mut problems = Vec::new();
            let Restrictions { ip_ranges, has_hours } = restrictions(file, &mut problems);
            let profile = Profile { source, name: (*name).to_owned(), login_ip_ranges: ip_ranges, has_login_hours: has_hours };
            (profile, problems)
        };
        let (profiles, problems): (Vec<Profile>, Vec<Vec<Diagnostic>>) = shared_out(&files, read).into_iter().unzip();
        diagnostics.extend(problems.into_iter().flatten());
        profiles
    }
}

/// Reads files on all processors: there can be hundreds of profiles of half a megabyte each.
pub(super) fn shared_out<T: Sync, U: Send>(items: &[T], read: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> =
            items.chunks(share).map(|items| scope.spawn(|| items.iter().map(&read).collect::<Vec<U>>())).collect();
        let results = workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        results.flatten().collect()
    })
}

fn found(full_name: &str, label: Option<String>) -> Resolution {
    Resolution::Found { full_name: full_name.to_owned(), label }
}

/// Where and when the users of a profile may log in. A profile can be several megabytes, and most say nothing of it: the words are looked
/// for before the XML is read.
fn restrictions(file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) -> Restrictions {
    let absent = Origin::Absent(Location::file(file.shown.as_str()));
    let read = match file.holds_any(LOGIN) {
        Ok(false) => return Restrictions::none(&absent),
        Ok(true) => file.xml(Keep::TopLevel(LOGIN)),
        Err(diagnostic) => Err(diagnostic),
    };
    match read {
        Ok((text, root)) => Restrictions::read(&root, |span| Origin::Stated(Location::without_text(&text, span)), &absent),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            Restrictions::unknown(&format!("{} could not be read", file.shown))
        }
    }
}

/// Full names by label. Where two components have one label, the first by name is taken: either makes the name known.
fn labels(files: &BTreeMap<String, &SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for (name, file) in files {
        match label(file) {
            Ok(Some(label)) => {
                labels.entry(label).or_insert_with(|| name.clone());
            }
            Ok(None) => {}
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    labels
}

/// The label of a component. Nearly always it can be cut out of the bytes; where it might not be plain text, the XML is read.
fn label(file: &SourceFile) -> Result<Option<String>, Diagnostic> {
    let bytes = file.bytes()?;
    let start = memmem::find(&bytes, b"<label>").map(|at| at + b"<label>".len());
    let rest = start.and_then(|start| bytes.get(start..));
    let inner = rest.and_then(|rest| rest.get(..memchr::memchr(b'<', rest)?).filter(|inner| is_closed(rest, inner.len())));
    match inner.and_then(|inner| std::str::from_utf8(inner).ok()) {
        Some(text) if !text.contains('&') && memmem::find(&bytes, b"<!--").is_none() => Ok(Some(text.trim().to_owned())),
        _ => {
            let (_, root) = file.xml(Keep::TopLevel(&["label"]))?;
            Ok(root.children.first().map(|label| label.trimmed().to_owned()))
        }
    }
}

fn is_closed(rest: &[u8], at: usize) -> bool {
    rest.get(at..).is_some_and(|end| end.starts_with(b"</label>"))
}

/// A Salesforce id of a type: its prefix and 12 or 15 more letters and digits.
fn is_id(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| matches!(rest.len(), 12 | 15) && rest.chars().all(|c| c.is_ascii_alphanumeric()))
}
