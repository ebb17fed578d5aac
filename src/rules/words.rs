//! Words of rule files that come from a closed list.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::finding::Severity;
use crate::source::SourceText;
use crate::source::yaml::{Spanned, locate};

/// The value of a word, or a diagnostic that names the key and suggests another word.
pub(super) fn word<T: Copy>(
    source: &Arc<SourceText>,
    written: &Spanned<String>,
    key: &str,
    words: &[(&'static str, T)],
    problems: &mut Vec<Diagnostic>,
) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == written.value).map(|(_, value)| *value);
    if found.is_none() {
        let names = || words.iter().map(|(word, _)| *word);
        let help = match did_you_mean(&written.value, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it can be one of: {}", names().collect::<Vec<_>>().join(", ")),
        };
        problems.push(Diagnostic::error(format!("unknown {key} `{}`", written.value)).at(locate(source, written)).help(help));
    }
    found
}

/// The severity of a word.
pub(super) fn severity_of(source: &Arc<SourceText>, written: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> Option<Severity> {
    word(source, written, "severity", &Severity::ALL.map(|severity| (severity.as_str(), severity)), problems)
}
