//! Names of scopes as people write them in a policy.

use crate::diagnostic::did_you_mean;
use crate::inventory::oauth::{KNOWN_SCOPES, KnownScope};

/// What a written scope turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeName {
    /// A scope this version knows, by its OAuth name, however it was spelled.
    Known(&'static str),
    /// Not a known scope, but nearly this one: a slip of the pen.
    Nearly(&'static str),
    /// Like none that is known. Salesforce adds scopes with every release, so that it may well exist.
    Unknown,
}

pub(super) fn recognise(written: &str) -> ScopeName {
    if let Some(scope) = KnownScope::from_any_name(written) {
        return ScopeName::Known(scope.name());
    }
    let spellings = KNOWN_SCOPES.iter().flat_map(|scope| {
        // OAuth names first: of two that are equally near the first is suggested.
        [scope.oauth, Some(scope.metadata), scope.external_client_app].into_iter().flatten()
    });
    did_you_mean(written, spellings.chain(["offline_access"]))
        .and_then(KnownScope::from_any_name)
        .map_or(ScopeName::Unknown, |scope| ScopeName::Nearly(scope.name()))
}
