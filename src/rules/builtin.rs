//! The rules that are part of the program.

use std::sync::Arc;

use super::RuleSet;
use super::load::load_without_examples;
use crate::builtin::EmbeddedFile;
use crate::diagnostic::Diagnostic;
use crate::source::SourceText;

/// Path and text of every file under `rules/`, made by `build.rs`.
static FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));

/// The built-in rules and manual checks in the order of their ids, and what is wrong with their files: nothing, a test sees to that.
///
/// Every command needs them before it does anything else, so what few commands need (their examples) is left for later.
#[must_use]
pub fn builtin() -> (RuleSet, Vec<Diagnostic>) {
    load_without_examples(builtin_files())
}

/// The files of the built-in rules, by path.
pub fn builtin_files() -> impl Iterator<Item = Arc<SourceText>> {
    FILES.iter().map(|(path, text)| SourceText::new(*path, *text))
}
