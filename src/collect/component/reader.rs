//! From what files state to facts: defaults, API versions, missing parts, several files for one part.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::inventory::{Fact, Origin, Reason};
use crate::metadata::{Record, Stated};

/// Reads facts from the records of one part of an app. Usually there is one record; an External Client App can have several policies, and
/// where they disagree a fact is unknown.
pub(super) struct Reader<'a> {
    records: Vec<&'a Record>,
    /// Why there is nothing to read, where there are no records.
    missing: Reason,
    api_version: Option<u16>,
}

/// What an absent element means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Absent<T> {
    /// Salesforce documents this default.
    Documented(T),
    /// Salesforce does not say.
    Undocumented,
}

use Absent::{Documented, Undocumented};

impl<'a> Reader<'a> {
    pub(super) fn new(records: Vec<&'a Record>, missing: impl Into<Reason>, api_version: Option<u16>) -> Self {
        Self { records, missing: missing.into(), api_version }
    }

    /// Whether any record has the element, empty or not.
    pub(super) fn has(&self, path: &str) -> Fact<bool> {
        self.merge(|record| {
            let elements = record.elements(path);
            match elements.first() {
                Some(element) => Fact::read(true, Origin::Stated(record.place(element))),
                None => Fact::read(false, record.missing(path)),
            }
        })
    }

    /// The same of an element that metadata can be too old to have.
    pub(super) fn has_section(&self, path: &str) -> Fact<bool> {
        self.merge(|record| match record.elements(path).first() {
            Some(element) => Fact::read(true, Origin::Stated(record.place(element))),
            None if self.too_new(record, path) => Fact::unknown(self.newer(record, path)).with_origins(vec![record.missing(path)]),
            None => Fact::read(false, record.missing(path)),
        })
    }

    /// An empty element at a path where there is none that is not: what has a meaning of its own in a list.
    pub(super) fn emptied(&self, path: &str) -> Option<Origin> {
        let elements = self.records.iter().flat_map(|record| record.elements(path).into_iter().map(move |it| (record, it)));
        let mut empty = None;
        for (record, element) in elements {
            if !element.trimmed().is_empty() {
                return None;
            }
            empty.get_or_insert_with(|| Origin::Stated(record.place(element)));
        }
        empty
    }

    pub(super) fn boolean(&self, path: &str, default: Absent<bool>) -> Fact<bool> {
        self.merge(|record| self.settle(record, path, record.boolean(path), default))
    }

    /// A number that may be absent, which then means something of its own.
    pub(super) fn optional_integer(&self, path: &str) -> Fact<Option<i64>> {
        self.merge(|record| self.settle(record, path, wrap(record.integer(path)), Documented(None)))
    }

    /// A text; empty where the file has none.
    pub(super) fn text(&self, path: &str) -> Fact<String> {
        self.text_or(path, &Documented(String::new()))
    }

    pub(super) fn text_or(&self, path: &str, default: &Absent<String>) -> Fact<String> {
        self.merge(|record| self.settle(record, path, record.text(path), clone(default)))
    }

    /// A boolean that counts only where a file states it. Unlike the others it is not unknown where the metadata is too old to state it.
    pub(super) fn where_stated(&self, path: &str) -> Fact<Option<bool>> {
        self.merge(|record| match wrap(record.boolean(path)) {
            Stated::Value(value, origin) => Fact::read(value, origin),
            Stated::Absent(origin) => Fact::read(None, origin),
            Stated::Unusable(reason, origin) => Fact::unknown(reason).with_origins(vec![origin]),
        })
    }

    /// All texts at a path. None stated: an empty list whose origin is the place where one would stand.
    pub(super) fn texts(&self, path: &str) -> Fact<Vec<(String, Origin)>> {
        self.list(path, |record| record.texts(path), |record, _| record.missing(path))
    }

    /// All texts that are stated at a path; what metadata is too old to state is simply not there.
    pub(super) fn stated_texts(&self, path: &str) -> Fact<Vec<(String, Origin)>> {
        let stated = Reader { records: self.records.clone(), missing: Arc::clone(&self.missing), api_version: None };
        stated.texts(path)
    }

    /// The parts of the texts at a path.
    pub(super) fn parts(&self, path: &str, split: impl Fn(&str) -> Vec<Range<usize>>) -> Fact<Vec<(String, Origin)>> {
        // What is missing from a list in one element belongs at the end of it.
        self.list(path, |record| record.parts(path, &split), Record::after)
    }

    /// A list with the places of its elements and, last of all, the place where one more would stand.
    fn list(
        &self,
        path: &str,
        read: impl Fn(&Record) -> Vec<(String, Origin)>,
        one_more: impl Fn(&Record, &Origin) -> Origin,
    ) -> Fact<Vec<(String, Origin)>> {
        if self.records.is_empty() {
            return Fact::unknown(Arc::clone(&self.missing));
        }
        let lists: Vec<Vec<(String, Origin)>> = self.records.iter().map(|record| read(record)).collect();
        // In whatever order: none of these lists has one.
        let names = |list: &Vec<(String, Origin)>| list.iter().map(|(text, _)| text.clone()).collect::<BTreeSet<_>>();
        if lists.windows(2).any(|pair| matches!(pair, [a, b] if names(a) != names(b))) {
            return Fact::unknown(self.disagreement(path));
        }
        let list = lists.into_iter().next().unwrap_or_default();
        match self.records.first() {
            Some(record) if list.is_empty() && self.too_new(record, path) => {
                Fact::unknown(self.newer(record, path)).with_origins(vec![record.missing(path)])
            }
            Some(record) if list.is_empty() => Fact::read(list, record.missing(path)),
            record => {
                let mut origins: Vec<Origin> = list.iter().map(|(_, origin)| origin.clone()).collect();
                origins.extend(record.zip(list.last()).map(|(record, (_, last))| one_more(record, last)));
                Fact::known(list).with_origins(origins)
            }
        }
    }

    /// The fact of each record, made one.
    fn merge<T: PartialEq>(&self, read: impl Fn(&Record) -> Fact<T>) -> Fact<T> {
        let mut merged: Option<Fact<T>> = None;
        for record in &self.records {
            let fact = read(record);
            merged = Some(match merged {
                None => fact,
                Some(mut earlier) if earlier.state == fact.state => {
                    earlier.origins.extend(fact.origins);
                    earlier
                }
                Some(earlier) => Fact::unknown(self.disagreement("")).with_origins([earlier.origins, fact.origins].concat()),
            });
        }
        merged.unwrap_or_else(|| Fact::unknown(Arc::clone(&self.missing)))
    }

    fn settle<T>(&self, record: &Record, path: &str, stated: Stated<T>, default: Absent<T>) -> Fact<T> {
        match (stated, default) {
            (Stated::Unusable(reason, origin), _) => Fact::unknown(reason).with_origins(vec![origin]),
            (Stated::Absent(origin), _) if self.too_new(record, path) => {
                Fact::unknown(self.newer(record, path)).with_origins(vec![origin])
            }
            (Stated::Value(value, origin), _) | (Stated::Absent(origin), Documented(value)) => Fact::read(value, origin),
            (Stated::Absent(origin), Undocumented) => {
                Fact::unknown(format!("`{path}` is absent, and Salesforce does not document what that means"))
                    .with_origins(vec![origin])
            }
        }
    }

    /// An element that is younger than the metadata's API version is never there, whatever the org has.
    fn too_new(&self, record: &Record, path: &str) -> bool {
        self.api_version.is_some_and(|version| version < record.since(path))
    }

    fn newer(&self, record: &Record, path: &str) -> Reason {
        let version = self.api_version.unwrap_or_default();
        format!("`{path}` exists from API version {}.0 on, and this metadata is of {version}.0", record.since(path)).into()
    }

    fn disagreement(&self, path: &str) -> Reason {
        let files: Vec<&str> = self.records.iter().map(|record| record.path().as_ref()).collect();
        let what = if path.is_empty() { "this setting".to_owned() } else { format!("`{path}`") };
        format!("several files disagree about {what}: {}", files.join(", ")).into()
    }
}

fn wrap<T>(stated: Stated<T>) -> Stated<Option<T>> {
    match stated {
        Stated::Absent(origin) => Stated::Absent(origin),
        Stated::Value(value, origin) => Stated::Value(Some(value), origin),
        Stated::Unusable(reason, origin) => Stated::Unusable(reason, origin),
    }
}

fn clone<T: Clone>(default: &Absent<T>) -> Absent<T> {
    match default {
        Documented(value) => Documented(value.clone()),
        Undocumented => Undocumented,
    }
}

/// `a && b` of facts: false where one is known to be false, whatever the other is.
pub(super) fn both(a: &Fact<bool>, b: &Fact<bool>) -> Fact<bool> {
    let origins = [a.origins.clone(), b.origins.clone()].concat();
    match (&a.state, &b.state) {
        // Where both are off, the place is the one that a file states.
        (Ok(false), Ok(false)) if !a.is_stated() && b.is_stated() => b.clone(),
        (Ok(false), _) => a.clone(),
        (_, Ok(false)) => b.clone(),
        (Ok(true), Ok(true)) => Fact::known(true).with_origins(origins),
        (Err(reason), _) | (_, Err(reason)) => Fact::unknown(Arc::clone(reason)).with_origins(origins),
    }
}

/// The texts of several facts in one list; unknown where one of them is.
pub(super) fn joined<T: Clone>(facts: impl IntoIterator<Item = Fact<Vec<T>>>) -> Fact<Vec<T>> {
    let mut all = Fact::known(Vec::new());
    for fact in facts {
        all.origins.extend(fact.origins);
        match (&mut all.state, fact.state) {
            (Ok(list), Ok(more)) => list.extend(more),
            (Ok(_), Err(reason)) => all.state = Err(reason),
            (Err(_), _) => {}
        }
    }
    all
}
