//! Who holds tokens of an app, and whether they are assigned to it.

use std::collections::BTreeMap;

use super::{Audience, LiveOrg};
use crate::inventory::app::App;
use crate::inventory::org::{TokenUse, User, short};
use crate::inventory::{Fact, Reason};

/// A user who holds tokens of an app.
#[derive(Clone, Debug)]
pub struct TokenHolder<'a> {
    /// The user's id.
    pub id: &'a str,
    /// The user; none where it could not be read.
    pub user: Option<&'a User>,
    /// Number of tokens.
    pub tokens: u64,
    /// When the first was issued, as Salesforce writes it.
    pub first: Option<&'a str>,
    /// When one was used last, as Salesforce writes it; none for never.
    pub last_used: Option<&'a str>,
    /// Whether the user is assigned to the app.
    pub assigned: Fact<bool>,
}

impl<'a> LiveOrg<'a> {
    /// The holders of the tokens of an app, by user name, and why there may be more.
    #[must_use]
    pub fn token_holders(&self, app: &App, audience: &Audience<'a>) -> (Vec<TokenHolder<'a>>, Option<Reason>) {
        let (rows, more) = self.usage.tokens(app);
        let mut holders: BTreeMap<&str, TokenHolder<'a>> = BTreeMap::new();
        let reach = (!rows.is_empty()).then(|| audience.reach());
        for row in rows {
            if let Some(known) = holders.get_mut(short(&row.user)) {
                known.add(row);
                continue;
            }
            let user = self.graph.user(&row.user).map(|(_, user)| user);
            let assigned = reach.as_ref().map_or_else(Fact::default, |reach| reach.reaches(&row.user, user));
            holders.insert(short(&row.user), TokenHolder::of(row, user, assigned));
        }
        let mut holders: Vec<TokenHolder<'a>> = holders.into_values().collect();
        holders.sort_by(|one, other| one.name().cmp(other.name()));
        (holders, more)
    }
}

impl<'a> TokenHolder<'a> {
    fn of(row: &'a TokenUse, user: Option<&'a User>, assigned: Fact<bool>) -> Self {
        let TokenUse { tokens, first, last_used, .. } = row;
        Self { id: &row.user, user, tokens: *tokens, first: first.as_deref(), last_used: last_used.as_deref(), assigned }
    }

    fn add(&mut self, row: &'a TokenUse) {
        self.tokens += row.tokens;
        self.first = self.first.into_iter().chain(row.first.as_deref()).min();
        self.last_used = self.last_used.max(row.last_used.as_deref());
    }

    /// The user name, or the id where that is all there is.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.user.map_or(self.id, |user| &user.username)
    }
}
