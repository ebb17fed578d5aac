//! The tokens that users of an app have, and when it was used.

use std::collections::{BTreeMap, BTreeSet};

use super::days;
use super::view::{View, entry, int};
use super::{Declared, OfAppOfOrg};
use crate::inventory::org::{TokenUse, User, short};
use crate::inventory::{Fact, Reason};
use crate::rules::facts::declare::{live, live_maybe};
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Item, Value};

/// Tokens and use.
pub(super) static FACTS: &[Declared<OfAppOfOrg>] = &[
    live("app.tokens.count", Type::Int, "OAuth tokens that users have for the app (`OauthToken`).", |s| {
        counted(s, |rows| rows.iter().map(|row| row.tokens).sum())
    }),
    live("app.tokens.users", Type::Int, "Users who have tokens for the app.", |s| {
        counted(s, |rows| rows.iter().map(|row| short(&row.user)).collect::<BTreeSet<_>>().len() as u64)
    }),
    live(
        "app.tokens.of_inactive_users",
        Type::Objects(TOKEN),
        "Tokens of users who are inactive or frozen, by user.",
        of_inactive_users,
    ),
    live(
        "app.tokens.stale",
        Type::Objects(TOKEN),
        "Tokens that were not used for more than 90 days, by user; those never used count from the day they were given.",
        stale,
    ),
    live(
        "app.tokens.of_powerful_users",
        Type::Objects(POWERFUL_TOKEN),
        "Tokens of active users who are administrators or may read or change all data, by user.",
        of_powerful_users,
    ),
    live("app.tokens.many_per_user", Type::Objects(TOKEN), "Users who have five tokens or more for the app.", many_per_user),
    live_maybe(
        "app.used_days",
        Type::Int,
        "Days since the app was last used, by its tokens and, with `--usage`, by log-ins; absent for never. Unknown where not all of these could be read.",
        |s| used(s, true),
    ),
    live_maybe(
        "app.used_days_seen",
        Type::Int,
        "Days since the last use that was seen; absent where none was. Known also where not everything could be read: the last use may be later.",
        |s| used(s, false),
    ),
];

/// Tokens of a user.
static TOKEN: &[Field] = &[
    Field { name: "user", ty: Type::Text, optional: false, doc: "User name; the id of a user who could not be read." },
    Field { name: "tokens", ty: Type::Int, optional: false, doc: "How many." },
    Field {
        name: "days",
        ty: Type::Int,
        optional: true,
        doc: "Days since the last use; absent for never, and where the date is unreadable.",
    },
];

/// Tokens of a user who may do much.
static POWERFUL_TOKEN: &[Field] = &[
    Field { name: "user", ty: Type::Text, optional: false, doc: "User name." },
    Field {
        name: "permission",
        ty: Type::Text,
        optional: false,
        doc: "`ModifyAllData` or `ViewAllData`; `System Administrator` for the profile.",
    },
    Field { name: "tokens", ty: Type::Int, optional: false, doc: "How many." },
];

/// What a token must not open for everybody who is talked into approving an app.
const ALL_DATA: &[&str] = &["ModifyAllData", "ViewAllData"];

/// How long a token that is used at all goes without use.
const STALE: i64 = 90;

/// How many approvals of one app by one user Salesforce keeps.
const MOST_APPROVALS: u64 = 5;

const TOKENS: &str = "OauthToken";

fn counted(s: &View<'_>, count: impl Fn(&[&TokenUse]) -> u64) -> FactValue {
    let (rows, more) = s.tokens();
    more.map_or_else(|| Fact::known(int(count(&rows))), Fact::unknown).with_origins(s.live.object(TOKENS))
}

fn token(s: &View<'_>, row: &TokenUse) -> Item {
    let used = row.last_used.as_deref().and_then(|date| days::since(date, s.live.today).ok());
    entry([("user", s.live.name_of(&row.user).into()), ("tokens", int(row.tokens)), ("days", used.into())])
}

fn of_inactive_users(s: &View<'_>) -> FactValue {
    pick(s, |row, user| match user {
        Some(User { active: false, .. }) => Ok(Some(token(s, row))),
        Some(user) => match &user.frozen.state {
            Ok(frozen) => Ok(frozen.then(|| token(s, row))),
            Err(reason) => Err(reason.clone()),
        },
        None => Err(s.live.indexed.graph.unread(&row.user)),
    })
}

fn stale(s: &View<'_>) -> FactValue {
    pick(s, |row, _| {
        let Some(date) = row.last_used.as_deref().or(row.first.as_deref()) else {
            return Err("the org does not say when the tokens were given".into());
        };
        days::since(date, s.live.today).map(|days| (days > STALE).then(|| token(s, row)))
    })
}

fn of_powerful_users(s: &View<'_>) -> FactValue {
    pick(s, |row, user| {
        let Some(user) = user else { return Err(s.live.indexed.graph.unread(&row.user)) };
        let with = |permission: &'static str| {
            entry([("user", user.username.as_str().into()), ("permission", permission.into()), ("tokens", int(row.tokens))])
        };
        if !user.active {
            return Ok(None);
        }
        let administrator = s.live.indexed.graph.is_administrator(user);
        if administrator.value() == Some(&true) {
            return Ok(Some(with("System Administrator")));
        }
        let powers = s.live.indexed.graph.powers(&row.user, user);
        match (ALL_DATA.iter().find(|name| powers.seen.contains(name)), powers.more, administrator.state) {
            (Some(name), ..) => Ok(Some(with(name))),
            (None, Some(reason), _) | (None, None, Err(reason)) => Err(reason),
            (None, None, Ok(_)) => Ok(None),
        }
    })
}

fn many_per_user(s: &View<'_>) -> FactValue {
    let (rows, more) = s.tokens();
    let mut by_user: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &rows {
        *by_user.entry(&row.user).or_default() += row.tokens;
    }
    let many = by_user.into_iter().filter(|(_, tokens)| *tokens >= MOST_APPROVALS);
    let items =
        many.map(|(user, tokens)| entry([("user", s.live.name_of(user).into()), ("tokens", int(tokens)), ("days", Value::Absent)]));
    s.live.found(items.collect(), more, TOKENS)
}

/// The tokens that are wrong in a way, each of which is worth saying.
fn pick(s: &View<'_>, wrong: impl Fn(&TokenUse, Option<&User>) -> Result<Option<Item>, Reason>) -> FactValue {
    let (rows, mut more) = s.tokens();
    let mut items = Vec::new();
    for row in rows {
        match wrong(row, s.live.indexed.graph.user(&row.user).map(|(_, user)| user)) {
            Ok(item) => items.extend(item),
            Err(reason) => more = more.or(Some(reason)),
        }
    }
    s.live.found(items, more, TOKENS)
}

fn used(s: &View<'_>, all: bool) -> FactValue {
    let (rows, mut more) = s.tokens();
    let mut dates: Vec<&str> = rows.iter().filter_map(|row| row.last_used.as_deref()).collect();
    if let Some((log_ins, not_all)) = s.log_ins() {
        dates.extend(log_ins.iter().map(|row| row.last.as_str()));
        more = more.or(not_all);
    }
    let mut last: Option<i64> = None;
    for date in dates {
        match days::since(date, s.live.today) {
            Ok(days) => last = Some(last.map_or(days, |last| last.min(days))),
            Err(reason) => more = more.or(Some(reason)),
        }
    }
    match more {
        Some(reason) if all => Fact::unknown(reason),
        _ => s.live.value(last, TOKENS),
    }
}
