//! Rule files to rules.

use std::ffi::OsStr;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::{panic, thread};

use super::file::RuleFile;
use super::validate::{Sound, WithExamples};
use super::{Entry, Example, Rule, RuleSet, example, validate, with_stack};
use crate::diagnostic::Diagnostic;
use crate::source::yaml::{self, locate};
use crate::source::{Location, SourceText};

/// Makes rules and manual checks of rule files, in the order of their ids.
///
/// The name of a text is its path: the stem is the rule's id, the folder its category. `others` is what there is
/// already; its ids are taken. A file with mistakes gives diagnostics and no rule; the other files go on.
pub fn load(files: impl IntoIterator<Item = Arc<SourceText>>, others: &RuleSet) -> (RuleSet, Vec<Diagnostic>) {
    gather(all(files, whole), others)
}

/// The same for files that a test has found to be sound: examples, half of the text, are only read when someone asks for them.
pub(super) fn load_without_examples(files: impl IntoIterator<Item = Arc<SourceText>>) -> (RuleSet, Vec<Diagnostic>) {
    gather(all(files, head), &RuleSet::default())
}

/// The examples of a rule whose file was loaded without them.
pub(super) fn examples(rule: &Rule) -> Vec<Example> {
    let Some(source) = rule.location().text() else { return Vec::new() };
    let file = yaml::parse::<RuleFile>(source);
    // What is wrong with them was told when the file was loaded whole.
    let read = |file: RuleFile| example::read_all(source, &file.examples, rule.applies_to(), &mut Vec::new());
    file.map(read).unwrap_or_default()
}

fn gather(loaded: Vec<Loaded>, others: &RuleSet) -> (RuleSet, Vec<Diagnostic>) {
    let mut set = RuleSet::default();
    let mut problems = Vec::new();
    for result in loaded {
        let (sound, warnings) = match result {
            Ok(sound) => sound,
            Err(mistakes) => {
                problems.extend(mistakes);
                continue;
            }
        };
        problems.extend(warnings);
        let added = match &sound {
            Sound::Rule(rule) => Entry::Rule(rule),
            Sound::Manual(check) => Entry::Manual(check),
        };
        let id = &added.info().id;
        if let Some(other) = set.get(id).or_else(|| others.get(id)) {
            problems.push(taken(added, other));
            continue;
        }
        match sound {
            Sound::Rule(rule) => set.rules.push(*rule),
            Sound::Manual(check) => set.manual.push(*check),
        }
    }
    set.sort();
    (set, problems)
}

/// What a file holds with warnings about it, or its mistakes.
type Loaded = Result<(Sound, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Fewer files than this are not worth a thread.
const FILES_PER_THREAD: usize = 8;

/// Every command loads the built-in rules before it does anything, so they are shared out: a file takes 100 to 300 µs, most of
/// it reading YAML.
fn all(files: impl IntoIterator<Item = Arc<SourceText>>, one: fn(&Arc<SourceText>) -> Loaded) -> Vec<Loaded> {
    let files: Vec<_> = files.into_iter().collect();
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = files.len().div_ceil(FILES_PER_THREAD).min(cores);
    if threads < 2 {
        return with_stack(|| files.iter().map(one).collect());
    }
    thread::scope(|scope| {
        let share = move |files: &[Arc<SourceText>]| with_stack(|| files.iter().map(one).collect::<Vec<_>>());
        let workers: Vec<_> = files.chunks(files.len().div_ceil(threads)).map(|files| scope.spawn(move || share(files))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))).collect()
    })
}

fn whole(source: &Arc<SourceText>) -> Loaded {
    read(source, source, WithExamples::Yes)
}

fn head(source: &Arc<SourceText>) -> Loaded {
    // The key is the last of every built-in rule; the test that loads them whole would find one where it is not.
    match source.text().split_once("\nexamples:") {
        Some((head, _)) => read(source, &SourceText::new(Arc::clone(source.name()), head), WithExamples::No),
        None => whole(source),
    }
}

/// Reads `text`, which is `source` or its beginning, so that places in the one are places in the other.
fn read(source: &Arc<SourceText>, text: &Arc<SourceText>, with_examples: WithExamples) -> Loaded {
    let file: RuleFile = yaml::parse(text).map_err(|problem| {
        // Not every mistake has a place of its own.
        let located = problem.location.is_some();
        vec![if located { problem } else { problem.at(Location::file(Arc::clone(source.name()))) }]
    })?;
    let path = Path::new(&**source.name());
    let part = |part: Option<&OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let Some(stem) = part(path.file_stem()) else {
        return Err(vec![Diagnostic::error("the file has no name to be the rule's id").at(locate(source, &file.id))]);
    };
    let category = part(path.parent().and_then(Path::file_name)).unwrap_or_else(|| "custom".to_owned());
    validate::validate(source, &category, &stem, &file, with_examples)
}

fn taken(entry: Entry<'_>, other: Entry<'_>) -> Diagnostic {
    Diagnostic::error(format!("there is another rule `{}`", entry.info().id))
        .at(entry.location().clone())
        .help(format!("it is in {}; give this one a name of its own", other.location().path()))
}
