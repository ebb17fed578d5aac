//! The users a table of all users is about.

use std::collections::BTreeSet;

use crate::access::preflight::Subject;
use crate::inventory::Reason;

/// Users who have something to do with an app.
pub(super) struct People {
    /// Their user names, in order.
    pub(super) names: BTreeSet<String>,
    /// Why there may be more.
    pub(super) more: Option<Reason>,
}

/// Those who are or were assigned to the app, those who hold tokens of it, and the user it runs as.
pub(super) fn of(subject: &Subject<'_>) -> People {
    let (Some(audience), Some(live)) = (subject.audience(), subject.live()) else {
        return People { names: BTreeSet::new(), more: Some("the org told nothing of the app but its metadata".into()) };
    };
    let holders = audience.ways().flat_map(|way| &way.holders).map(|holder| holder.id);
    let (tokens, more_tokens) = live.usage.tokens(subject.app());
    let owners = tokens.iter().map(|token| token.user.as_str());
    let run_as = subject.app().flows.client_credentials_user.value().filter(|name| !name.trim().is_empty());
    let mut more = audience.more_users().cloned().or(more_tokens);
    let mut names: BTreeSet<String> = run_as.into_iter().map(|name| name.trim().to_owned()).collect();
    for id in holders.chain(owners) {
        match live.graph.user(id) {
            Some((_, user)) => drop(names.insert(user.username.clone())),
            None => more = more.or_else(|| Some(live.graph.unread(id))),
        }
    }
    People { names, more }
}
