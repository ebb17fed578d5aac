//! Those who have to do with an app: the users of a table of all users, the tokens of an app that is not installed.

use std::collections::BTreeSet;

use crate::access::preflight::Subject;
use crate::cli::terminal::View;
use crate::collect::Collected;
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

/// Says of an app that is used without being installed what is known of such apps. Whether it is one.
pub(super) fn tell_of_uninstalled(name: &str, collected: &Collected, view: &View<'_>) -> bool {
    let orgs = collected.inventory.sources.iter().filter_map(|source| source.org.as_deref());
    let is_it = |other: &str| other.trim().eq_ignore_ascii_case(name.trim());
    let used = orgs.into_iter().any(|org| {
        org.tokens.rows.iter().any(|token| token.app.is_none() && is_it(&token.app_name))
            || org.used_apps.rows.iter().any(|app| is_it(&app.name) || is_it(&app.label))
    });
    if used {
        view.note(
            "note: the org has tokens of an app of that name and the app is not installed, so that nothing can be read of it. Users without the \
             permission Approve Uninstalled Connected Apps are refused, and the device flow is blocked for everybody.\n\
             help: install it in Setup > Connected Apps OAuth Usage and ask again; `orgwarden explain app-not-installed` tells more",
        );
    }
    used
}
