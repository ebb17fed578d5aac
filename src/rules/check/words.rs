//! Literals compared with texts out of a closed list.

use crate::diagnostic::did_you_mean;
use crate::inventory::oauth::{KNOWN_SCOPES, KnownScope};

use super::Ty;

/// What is wrong with comparing `literal` with a value of type `ty`: what to say, and what to do about it.
pub(super) fn refuse(ty: &Ty, literal: &str) -> Option<(String, Option<String>)> {
    match ty {
        Ty::Choice(words) => refuse_choice(words, literal),
        Ty::Scope => refuse_scope(literal),
        _ => None,
    }
}

fn refuse_choice(words: &[&'static str], literal: &str) -> Option<(String, Option<String>)> {
    if words.contains(&literal) {
        return None;
    }
    let help = match did_you_mean(literal, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it can be one of: {}", words.join(", ")),
    };
    Some((format!("this is never {literal:?}"), Some(help)))
}

/// A scope the tool does not know may be a custom one, so only what is nearly a known name is refused.
fn refuse_scope(literal: &str) -> Option<(String, Option<String>)> {
    if KNOWN_SCOPES.iter().any(|scope| scope.name() == literal) {
        return None;
    }
    if let Some(scope) = KnownScope::from_any_name(literal) {
        let title = format!("{literal:?} is not the OAuth name of this scope");
        return Some((title, Some(format!("conditions use the OAuth name: `{}`", scope.name()))));
    }
    let near = did_you_mean(literal, KNOWN_SCOPES.iter().map(KnownScope::name))?;
    Some((format!("no scope is called {literal:?}"), Some(format!("did you mean `{near}`?"))))
}
