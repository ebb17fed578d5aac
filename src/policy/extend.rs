//! Policies that build on others: `extends`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::file::{FilesEntry, PolicyFile};
use super::validate::{Valid, validate};
use crate::diagnostic::Diagnostic;
use crate::inventory::contract::Located;
use crate::rules::schema::SubjectKind;
use crate::source::yaml::{self, Spanned, locate};
use crate::source::{Location, SourceText};

/// Reads a file that a policy extends, by its path as seen from the current directory.
pub type Open<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

/// Policies that may extend each other in a row.
const DEEPEST: usize = 8;

/// Reads a policy and all it extends.
pub(super) fn read(
    source: &Arc<SourceText>,
    rules: Option<&BTreeMap<&str, SubjectKind>>,
    open: Open<'_>,
) -> (Valid, Vec<Diagnostic>) {
    let mut reader = Reader { rules, open, diagnostics: Vec::new() };
    let valid = reader.file(source, &[]);
    (valid, reader.diagnostics)
}

struct Reader<'a> {
    rules: Option<&'a BTreeMap<&'a str, SubjectKind>>,
    open: Open<'a>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A file over what it extends. `chain` are the files that lead to it, the first one first.
    fn file(&mut self, source: &Arc<SourceText>, chain: &[PathBuf]) -> Valid {
        let mut file: PolicyFile = match yaml::parse(source) {
            Ok(file) => file,
            Err(problem) => {
                self.diagnostics.push(problem);
                return Valid::default();
            }
        };
        let extends = file.extends.take().map(|extends| names(source, extends)).unwrap_or_default();
        let chain = [chain, &[normal(Path::new(&**source.name()))]].concat();
        let mut extended = Vec::new();
        let (own, mut problems) = validate(source, self.rules, file);
        for name in &extends {
            match self.open(name, &chain) {
                Ok(text) => extended.push(text),
                Err(problem) => problems.push(*problem),
            }
        }
        problems.sort_by_key(|problem| problem.location.as_ref().map(|location| location.span().start));
        self.diagnostics.extend(problems);
        // Of several the last is the nearest.
        extended.iter().rev().fold(own, |near, text| near.over(self.file(text, &chain)))
    }

    fn open(&self, name: &Located<String>, chain: &[PathBuf]) -> Result<Arc<SourceText>, Box<Diagnostic>> {
        let refused = |title: String, help: &str| Err(Box::new(Diagnostic::error(title).at(name.location.clone()).help(help)));
        if name.value.is_empty() {
            return refused("the name of a file is empty".to_owned(), "write the path of a policy file, relative to this one");
        }
        if name.value.contains("://") {
            return refused(
                format!("`{}` is no file", name.value),
                "policies are read from files alone: keep a copy beside this one",
            );
        }
        let folder = chain.last().and_then(|file| file.parent()).unwrap_or(Path::new(""));
        let path = normal(&folder.join(&name.value));
        if let Some(first) = chain.iter().position(|file| *file == path) {
            let circle: Vec<String> = chain.iter().skip(first).chain([&path]).map(|file| file.display().to_string()).collect();
            return refused(format!("a policy extends itself: {}", circle.join(", ")), "take one of the `extends` out");
        }
        if chain.len() >= DEEPEST {
            let title = format!("more than {DEEPEST} policies extend each other in a row");
            return refused(title, "let a nearer one extend the last of them");
        }
        match (self.open)(&path) {
            Ok(text) => Ok(SourceText::new(path.to_string_lossy().as_ref(), text)),
            Err(error) => {
                let title = format!("`{}` cannot be read: {error}", path.display());
                refused(title, "paths are relative to the file that has the `extends`")
            }
        }
    }
}

/// The files, each with its place.
fn names(source: &Arc<SourceText>, extends: Spanned<FilesEntry>) -> Vec<Located<String>> {
    let place: Location = locate(source, &extends);
    match extends.value {
        FilesEntry::One(name) => vec![Located { value: name.trim().to_owned(), location: place }],
        FilesEntry::Several(names) => {
            let located = |name: Spanned<String>| {
                let location = locate(source, &name);
                Located { value: name.value.trim().to_owned(), location }
            };
            names.into_iter().map(located).collect()
        }
    }
}

/// A path without `.` and without `..` after a folder, so that two ways to one file look the same.
fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut normal, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            part => normal.push(part),
        }
        normal
    })
}
