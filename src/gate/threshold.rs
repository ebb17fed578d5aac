//! Limits on what a deployment may do to access.

use super::contract_users::ContractUser;
use super::deployment::{AccessEffect, Movement};

/// The limits that are set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// How many may gain an app, summed over all apps; none for any number.
    pub max_gain: Option<usize>,
    /// Whether nobody may lose an app.
    pub forbid_loss: bool,
}

/// A limit, and whether it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// As on the command line, such as `--max-gain 5`.
    pub name: String,
    /// Whether it is kept.
    pub state: LimitState,
    /// Why, with numbers and names, as clauses.
    pub because: Vec<String>,
}

/// Whether a limit is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitState {
    /// It is.
    Kept,
    /// It is not.
    Crossed,
    /// Nothing is known to cross it, and something could not be told.
    CannotTell,
}

impl LimitState {
    /// The words used in output.
    pub const WORDS: &'static [&'static str] = &["kept", "crossed", "cannot-tell"];

    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Crossed => "crossed",
            Self::CannotTell => "cannot-tell",
        }
    }
}

impl Limits {
    /// Holds what a deployment does against the limits.
    pub(super) fn judge(self, access: &[AccessEffect], users: &[ContractUser]) -> Vec<Threshold> {
        let gain = self.max_gain.map(|limit| max_gain(limit, access));
        gain.into_iter().chain(self.forbid_loss.then(|| forbid_loss(access, users))).collect()
    }
}

fn max_gain(limit: usize, access: &[AccessEffect]) -> Threshold {
    let name = format!("--max-gain {limit}");
    let opened: Vec<String> =
        access.iter().filter(|it| it.opens()).map(|it| format!("any user of the org may use {}", it.subject.name)).collect();
    let gains: usize = access.iter().filter_map(AccessEffect::gains).sum();
    let counted = of_access(access, gains);
    if !opened.is_empty() || gains > limit {
        let numbers = (gains > limit).then(|| format!("{counted} gain an app, at most {limit} may"));
        return Threshold { name, state: LimitState::Crossed, because: opened.into_iter().chain(numbers).collect() };
    }
    let doubts = doubts(access, Movement::Gain);
    let state = if doubts.is_empty() { LimitState::Kept } else { LimitState::CannotTell };
    Threshold { name, state, because: std::iter::once(format!("{counted} gain an app")).chain(doubts).collect() }
}

/// `3 users`, or of files `2 profiles and permission sets`, whose users nobody knows.
fn of_access(access: &[AccessEffect], gains: usize) -> String {
    let by_holders = access.iter().any(|it| it.users.is_none() && !it.gained.is_empty());
    let by_users = access.iter().any(|it| it.users.as_ref().is_some_and(|users| !users.gained.is_empty()));
    let what = match (by_users, by_holders) {
        (true, true) => "users, and profiles and permission sets whose users are not known,",
        (false, true) => "profiles and permission sets (whose users are not known)",
        _ if gains == 1 => "user",
        _ => "users",
    };
    format!("{gains} {what}")
}

fn forbid_loss(access: &[AccessEffect], users: &[ContractUser]) -> Threshold {
    let name = "--forbid-loss".to_owned();
    let refused = users.iter().filter(|it| it.is_lost()).map(|it| format!("{} refuses {}", it.subject.name, it.request()));
    let lost: Vec<String> = access.iter().filter(|it| it.is_lost()).map(loss).chain(refused).collect();
    if !lost.is_empty() {
        return Threshold { name, state: LimitState::Crossed, because: lost };
    }
    let of_user = |it: &ContractUser| {
        it.doubt().map(|doubt| format!("cannot tell whether {} refuses {}: {doubt}", it.subject.name, it.request()))
    };
    let doubts: Vec<String> = doubts(access, Movement::Loss).into_iter().chain(users.iter().filter_map(of_user)).collect();
    let state = if doubts.is_empty() { LimitState::Kept } else { LimitState::CannotTell };
    let because = if doubts.is_empty() { vec!["nobody loses an app".to_owned()] } else { doubts };
    Threshold { name, state, because }
}

fn loss(effect: &AccessEffect) -> String {
    let mut who: Vec<String> = Vec::new();
    if effect.closes() {
        who.push(if effect.after.is_some() { "any user who is not assigned" } else { "any user of the org" }.to_owned());
    }
    who.extend(effect.lost.iter().map(|it| format!("{} {}", it.kind.replace('-', " "), it.name)));
    if let Some(users) = effect.users.as_ref().filter(|users| !users.lost.is_empty()) {
        let count = users.lost.len();
        who.push(format!("{count} {}", if count == 1 { "user" } else { "users" }));
    }
    format!("{} is lost to {}", effect.subject.name, who.join(", "))
}

fn doubts(access: &[AccessEffect], movement: Movement) -> Vec<String> {
    let of_app = |it: &AccessEffect| {
        let about = it.doubts.iter().filter(|doubt| doubt.about.is_none_or(|about| about == movement));
        about.map(|doubt| format!("cannot tell of {} {}", it.subject.name, doubt.text)).collect::<Vec<_>>()
    };
    access.iter().flat_map(of_app).collect()
}
