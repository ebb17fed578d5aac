//! Everybody who can use an app of a live org.

use super::number;
use super::unknown::Unknown;
use crate::access::{Admission, Audience, Holder, LiveOrg, Path, Reservation, TokenHolder, UserState, Via};
use crate::inventory::app::App;
use crate::inventory::org::User;
use crate::inventory::{Fact, Reason};
use crate::report::access as document;
use crate::report::access::{About, Knowledge};

/// The app's entry in the document.
pub(super) fn of_org(app: &App, about: About, live: &LiveOrg<'_>) -> document::App {
    let admission = Admission::of(app);
    let audience = live.graph.audience_of(app);
    let (holders, more_tokens) = live.token_holders(app, &audience);
    let active = active_users(&admission, &audience, live);
    let seen = match (&admission, active.value()) {
        (Admission::Nobody, _) => 0,
        (Admission::Anybody, Some(all)) => *all,
        _ => audience.active_users_seen(),
    };
    document::App {
        active_users: number(active.value().copied()),
        active_users_seen: Some(seen),
        frozen_users_seen: Some(audience.frozen_users_seen()),
        users: Knowledge::Known,
        paths: audience.paths().iter().map(|path| of_path(path, &admission)).collect(),
        unknown: unknown(app, &admission, &audience, &active, &holders, more_tokens.as_ref()),
        tokens: holders.iter().map(token).collect(),
        about,
    }
}

fn active_users(admission: &Admission, audience: &Audience<'_>, live: &LiveOrg<'_>) -> Fact<u64> {
    match admission {
        Admission::Assigned => audience.active_users(),
        Admission::Anybody => live.org.active_users.clone(),
        Admission::Nobody => Fact::known(0),
        Admission::Unknown(reason) => Fact::unknown(reason.clone()),
    }
}

/// Everything that is not known and matters to whom the app lets in.
fn unknown(
    app: &App,
    admission: &Admission,
    audience: &Audience<'_>,
    active: &Fact<u64>,
    holders: &[TokenHolder<'_>],
    more_tokens: Option<&Reason>,
) -> Vec<String> {
    let mut unknown = Unknown::default();
    let undecided = holders.iter().find_map(|holder| holder.assigned.state.as_ref().err());
    if let Admission::Unknown(reason) = admission {
        unknown.add("whether users must be assigned to the app", reason);
    }
    if let (Err(reason), false) = (&app.enabled.state, matches!(admission, Admission::Nobody)) {
        unknown.add("whether the app is blocked or switched off", reason);
    }
    if matches!(admission, Admission::Assigned | Admission::Unknown(_)) {
        for reason in audience.unknown() {
            unknown.add("who is assigned, or who of them can log in", &reason);
        }
    }
    if let (Err(reason), Admission::Anybody) = (&active.state, admission) {
        unknown.add("how many active users the org has", reason);
    }
    if let Some(reason) = more_tokens {
        unknown.add("whether others hold tokens", reason);
    }
    if let (Some(reason), Admission::Assigned) = (undecided, admission) {
        unknown.add("whether holders of tokens are assigned", reason);
    }
    unknown.sentences()
}

fn of_path(path: &Path<'_, '_>, admission: &Admission) -> document::Path {
    let row = match path.way.via {
        Via::Profile { row, .. } => row,
        _ => None,
    };
    let told = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let mut holders: Vec<&Holder<'_>> = path.way.holders.iter().filter(|_| !path.by_number).collect();
    holders.sort_by_key(|holder| (name(holder), holder.ended, holder.expires));
    document::Path {
        kind: path.way.via.kind(),
        name: path.way.via.name().to_owned(),
        granted_by: path.granted_by.iter().map(|&set| set.to_owned()).collect(),
        license: row.and_then(|row| told(&row.license)),
        user_type: row.and_then(|row| told(&row.user_type)),
        effective: admission.assignments_count(),
        active_users: number(path.way.active_users.value().copied()),
        frozen_users_seen: path.frozen_users_seen(),
        reservations: reservations(&path.reservations()),
        origin: None,
        holders: holders.into_iter().map(of_holder).collect(),
    }
}

fn name<'a>(holder: &Holder<'a>) -> &'a str {
    holder.user.map_or(holder.id, |user| &user.username)
}

fn of_holder(holder: &Holder<'_>) -> document::Holder {
    document::Holder {
        user: of_user(holder.id, holder.user),
        expires: holder.expires.map(str::to_owned),
        ended: holder.ended,
        reservations: reservations(&holder.reservations()),
    }
}

/// A user of the document; by the id alone where it could not be read.
pub(super) fn of_user(id: &str, user: Option<&User>) -> document::User {
    let told = |read: fn(&User) -> &String| user.map(read).filter(|text| !text.is_empty()).cloned();
    document::User {
        user: user.map_or_else(|| id.to_owned(), |user| user.username.clone()),
        id: id.to_owned(),
        state: UserState::of(user).as_str(),
        profile: told(|user| &user.profile_name),
        license: told(|user| &user.license),
        user_type: told(|user| &user.user_type),
    }
}

pub(super) fn reservations(all: &[Reservation<'_>]) -> Vec<document::Reservation> {
    all.iter().map(|it| document::Reservation { word: it.as_str(), text: it.text() }).collect()
}

fn token(holder: &TokenHolder<'_>) -> document::Token {
    document::Token {
        user: of_user(holder.id, holder.user),
        tokens: holder.tokens,
        first: holder.first.map(str::to_owned),
        last_used: holder.last_used.map(str::to_owned),
        assigned: holder.assigned.value().copied(),
    }
}
