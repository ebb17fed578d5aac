//! Rule files to rules.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::{panic, thread};

use super::file::RuleFile;
use super::{Rule, validate, with_stack};
use crate::diagnostic::Diagnostic;
use crate::source::yaml::{self, locate};
use crate::source::{Location, SourceText};

/// Makes rules of rule files, in the order of their ids.
///
/// The name of a text is its path: the stem is the rule's id, the folder its category. `others` are the rules there are
/// already; their ids are taken. A file with mistakes gives diagnostics and no rule; the other files go on.
pub fn load(files: impl IntoIterator<Item = Arc<SourceText>>, others: &[Rule]) -> (Vec<Rule>, Vec<Diagnostic>) {
    let files: Vec<_> = files.into_iter().collect();
    let mut rules: Vec<Rule> = Vec::new();
    let mut problems = Vec::new();
    for result in all(&files) {
        match result {
            Ok(rule) => match rules.iter().chain(others).find(|other| other.id() == rule.id()) {
                Some(other) => problems.push(taken(&rule, other)),
                None => rules.push(rule),
            },
            Err(mistakes) => problems.extend(mistakes),
        }
    }
    rules.sort_by(|left, right| left.id().cmp(right.id()));
    (rules, problems)
}

type Loaded = Result<Rule, Vec<Diagnostic>>;

/// Fewer files than this are not worth a thread.
const FILES_PER_THREAD: usize = 8;

/// Every command loads the built-in rules before it does anything, so they are shared out: a file takes some 150 µs, most of
/// it reading YAML.
fn all(files: &[Arc<SourceText>]) -> Vec<Loaded> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = files.len().div_ceil(FILES_PER_THREAD).min(cores);
    if threads < 2 {
        return with_stack(|| files.iter().map(one).collect());
    }
    thread::scope(|scope| {
        let share = |files: &'_ [Arc<SourceText>]| with_stack(|| files.iter().map(one).collect::<Vec<_>>());
        let workers: Vec<_> = files.chunks(files.len().div_ceil(threads)).map(|files| scope.spawn(move || share(files))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))).collect()
    })
}

fn one(source: &Arc<SourceText>) -> Loaded {
    let file: RuleFile = yaml::parse(source).map_err(|problem| {
        // A missing key has no place of its own.
        let located = problem.location.is_some();
        vec![if located { problem } else { problem.at(Location::file(Arc::clone(source.name()))) }]
    })?;
    let path = Path::new(&**source.name());
    let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let Some(stem) = part(path.file_stem()) else {
        return Err(vec![Diagnostic::error("the file has no name to be the rule's id").at(locate(source, &file.id))]);
    };
    let category = part(path.parent().and_then(Path::file_name)).unwrap_or_else(|| "custom".to_owned());
    validate::validate(source, &category, &stem, &file)
}

fn taken(rule: &Rule, other: &Rule) -> Diagnostic {
    Diagnostic::error(format!("there is another rule `{}`", rule.id()))
        .at(rule.location().clone())
        .help(format!("it is in {}; give this one a name of its own", other.location().path()))
}
