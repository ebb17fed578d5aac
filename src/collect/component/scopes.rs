//! Scopes as both kinds of app state them.

use crate::inventory::app::AppScope;
use crate::inventory::oauth::KnownScope;
use crate::inventory::{Fact, Origin};

/// The scopes of an app: each once, by its OAuth name. `RefreshToken` and `OfflineAccess` are one scope.
pub(super) fn read(declared: &Fact<Vec<(String, Origin)>>) -> Fact<Vec<AppScope>> {
    declared.map(|words| {
        let mut scopes: Vec<AppScope> = Vec::new();
        for (word, origin) in words {
            let known = KnownScope::from_metadata(word);
            let name = known.map_or(word.as_str(), |known| known.name());
            if !scopes.iter().any(|scope| scope.declared == *word) {
                scopes.push(AppScope {
                    name: name.to_owned(),
                    declared: word.clone(),
                    known: known.is_some(),
                    origin: origin.clone(),
                });
            }
        }
        scopes
    })
}
