//! How much of the org a token of an app opens.

use super::declare::{Declared, OfApp, fact, known};
use super::view::AppView;
use crate::inventory::Fact;
use crate::inventory::blast_radius::BlastLevel;
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// How much of the org a token of the app opens.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact(
        "app.blast_radius.level",
        Type::Choice(BlastLevel::WORDS),
        "How much of the org a token of the app opens: its scopes, times what its users may do. Unknown where there may be more than `least`.",
        level,
    ),
    fact("app.blast_radius.least", Type::Choice(BlastLevel::WORDS), "The level that is certain, where there may be more.", |s| {
        known(s.blast_radius().least.as_str())
    }),
    fact("app.blast_radius.reasons", Type::Texts, "What makes the level: the widest scope, the most powerful user.", |s| {
        known(Value::List(s.blast_radius().reasons.iter().map(|reason| Item::text(reason.as_str(), None)).collect()))
    }),
];

fn level(s: &AppView<'_>) -> FactValue {
    let radius = s.blast_radius();
    match (radius.level(), &radius.unknown) {
        (None, Some(reason)) => Fact::unknown(reason.clone()),
        (level, _) => known(level.unwrap_or(radius.least).as_str()),
    }
}
