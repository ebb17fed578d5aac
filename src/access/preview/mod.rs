//! What would become of an app's users if Permitted Users were changed, and permission sets or profiles assigned with it.
//!
//! ```text
//!  App ─ Change ─▶ App as it would be ─┐
//!   └───────────── both held against ──┴─▶ the same org: who uses it today ─▶ keeps · gains · loses · cannot tell
//! ```
//!
//! The app is copied with the change made, and asked the same questions as ever. Salesforce cuts off everybody who is not assigned when an app
//! is switched to admin-approved, whatever tokens they hold.

mod change;
mod people;

use jiff::civil::Date;

pub use self::change::{Change, NoSuchName};
pub use self::people::{Fate, LogIns, Person};

use super::LiveOrg;
use super::contract::{self, Outcome};
use super::preflight::Subject;
use crate::inventory::app::App;
use crate::inventory::contract::Contract;
use crate::inventory::flow::Flow;
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::{Fact, Inventory, Reason};

/// What would become of the users of an app.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Permitted Users today.
    pub today: Fact<PermittedUsers>,
    /// Why it is not known whether the app is blocked or switched off, which would mean that nobody keeps it; none where it is.
    pub blocking: Option<Reason>,
    /// Who uses the app today, by user name; nobody for an app of files.
    pub people: Vec<Person>,
    /// Why there may be users who are not among them; none where these are all.
    pub more: Option<Reason>,
    /// The profiles and permission sets that would be assigned, as "the profile Sales"; the reason where they are not known.
    pub assigned: Result<Vec<String>, Reason>,
    /// Active users who would be assigned and are not among the users of today. Where users authorize the app themselves, nobody is counted.
    pub assigned_without_use: Fact<u64>,
    /// Active users of the org: all of them may authorize the app where users may do so themselves.
    pub active_users: Fact<u64>,
    /// The log-ins of the app; none where they were not read.
    pub log_ins: Option<LogIns>,
    /// The requests that the app's contract says must succeed; the reason where its flows are not known.
    pub contract: Result<Vec<ContractUse>, Reason>,
}

/// A user of a contract and a flow, before and after.
#[derive(Clone, Debug)]
pub struct ContractUse {
    /// The user name.
    pub user: String,
    /// The flow.
    pub flow: Flow,
    /// What would come of a request today.
    pub today: Outcome,
    /// What would come of it after the change.
    pub after: Outcome,
}

/// An app to look ahead for.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Everything that was read.
    pub inventory: &'a Inventory,
    /// The app.
    pub app: &'a App,
    /// The org it is in; none for an app of files.
    pub live: Option<&'a LiveOrg<'a>>,
    /// What is expected of it.
    pub contract: Option<&'a Contract>,
    /// Decides which certificates have expired.
    pub today: Date,
}

impl Of<'_> {
    /// What would become of the app's users.
    ///
    /// # Errors
    ///
    /// The org has no permission set or profile of a name that the change has.
    pub fn preview(&self, change: &Change) -> Result<Preview, NoSuchName> {
        let changed = change.made(self)?;
        let subject = |app| Subject::new(self.inventory, app, self.live, self.today);
        let (today, after) = (subject(self.app), subject(&changed));
        let (people, more) = people::of(&today, &after, self.inventory.settings_of(self.app));
        let log_ins = people::log_ins(&today);
        let unseen = log_ins.as_ref().and_then(|log_ins| log_ins.of_others(&people).or_else(|| log_ins.more.clone()));
        Ok(Preview {
            today: self.app.access.permitted_users.clone(),
            blocking: self.app.enabled.state.as_ref().err().cloned(),
            assigned_without_use: people::assigned_without_use(&after, &people, more.as_ref()),
            more: more.or(unseen),
            people,
            assigned: assigned(&changed),
            active_users: self
                .live
                .map_or_else(|| Fact::unknown("files do not tell of users"), |live| live.org.active_users.clone()),
            log_ins,
            contract: self.contract.map_or_else(|| Ok(Vec::new()), |contract| contract_uses(&today, &after, contract)),
        })
    }
}

/// What an app is assigned to, in words.
fn assigned(app: &App) -> Result<Vec<String>, Reason> {
    let (profiles, sets) = (&app.access.profiles, &app.access.permission_sets);
    let names = |all: &[crate::inventory::app::Assignment], kind: &str| -> Vec<String> {
        all.iter().map(|it| format!("the {kind} {}", it.name)).collect()
    };
    let profiles = profiles.state.as_ref().map_err(Clone::clone)?;
    let sets = sets.state.as_ref().map_err(Clone::clone)?;
    Ok([names(profiles, "profile"), names(sets, "permission set")].concat())
}

fn contract_uses(today: &Subject<'_>, after: &Subject<'_>, contract: &Contract) -> Result<Vec<ContractUse>, Reason> {
    // Flows and users are the same on both sides, so that the lists are.
    let pairs = contract::uses(today, contract)?.into_iter().zip(contract::uses(after, contract)?);
    Ok(pairs
        .map(|(today, after)| ContractUse {
            user: today.user.value.clone(),
            flow: today.flow,
            today: today.outcome,
            after: after.outcome,
        })
        .collect())
}

impl ContractUse {
    /// Whether it works today, as far as is known, and would be refused after the change.
    #[must_use]
    pub const fn breaks(&self) -> bool {
        !matches!(self.today, Outcome::Refused(_)) && matches!(self.after, Outcome::Refused(_))
    }
}

impl Preview {
    /// Whether somebody who uses the app would lose it, or a request that the contract wants to succeed would no longer do so.
    #[must_use]
    pub fn breaks(&self) -> bool {
        let uses = self.contract.iter().flatten();
        self.people.iter().any(|person| matches!(person.fate, Fate::Loses(_))) || uses.into_iter().any(ContractUse::breaks)
    }

    /// Whether something that matters could not be told.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let open_use = |it: &ContractUse| matches!(it.after, Outcome::CannotTell(_));
        self.more.is_some()
            || self.blocking.is_some()
            || self.today.state.is_err()
            || self.people.iter().any(|person| matches!(person.fate, Fate::CannotTell(_)))
            || self.contract.as_ref().map_or(true, |uses| uses.iter().any(open_use))
    }
}
