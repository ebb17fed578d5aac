//! The rules that are part of the program.

use super::{Rule, load};
use crate::diagnostic::Diagnostic;
use crate::source::SourceText;

/// Path and text of every file under `rules/`, made by `build.rs`.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));

/// The built-in rules in the order of their ids, and what is wrong with their files: nothing, a test sees to that.
#[must_use]
pub fn builtin() -> (Vec<Rule>, Vec<Diagnostic>) {
    load(FILES.iter().map(|(path, text)| SourceText::new(*path, *text)), &[])
}
