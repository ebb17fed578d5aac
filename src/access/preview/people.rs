//! Who uses an app today, and what becomes of them.

use std::collections::BTreeMap;

use crate::access::preflight::{Assigned, Subject};
use crate::access::{Admission, TokenHolder, USE_ANY_API_CLIENT};
use crate::inventory::app::App;
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::org::{User, is_external, short};
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Fact, Reason};

/// A user of an app, by what the org tells: who holds a token of it, and whom it runs as.
#[derive(Clone, Debug)]
pub struct Person {
    /// User name; the id of a user who could not be read.
    pub name: String,
    /// Whether the user is frozen and can use nothing until that is undone.
    pub frozen: bool,
    /// How many tokens of the app the user holds.
    pub tokens: u64,
    /// When the last of them was used, as Salesforce writes it; none for never.
    pub last_used: Option<String>,
    /// Whether client credentials of the app run as the user.
    pub runs_as: bool,
    /// What becomes of the user.
    pub fate: Fate,
}

/// What becomes of a user's access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is access today and there would be none: why not.
    Loses(String),
    /// There is access today and would be: through what.
    Keeps(Vec<String>),
    /// There is no access today and there would be: through what.
    Gains(Vec<String>),
    /// There is no access today, nor would there be: why not.
    Outside(String),
    /// It could not be told: what and why.
    CannotTell(String),
}

/// Log-ins of an app. The history is read by application and does not tell whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogIns {
    /// How many.
    pub count: u64,
    /// Of how many users, at least.
    pub users: u64,
    /// The latest, as Salesforce writes it.
    pub last: String,
    /// Why there may be more; none where these are all.
    pub more: Option<Reason>,
}

/// Whether a user has an app.
enum Access {
    Has(Vec<String>),
    HasNot(String),
    Unknown(String),
}

/// Those who hold tokens of the app, and the user it runs as; and why there may be more.
pub(super) fn of(today: &Subject<'_>, after: &Subject<'_>, settings: Option<&OrgSettings>) -> (Vec<Person>, Option<Reason>) {
    let Some(live) = today.live() else { return (Vec::new(), Some("files do not tell of users and tokens".into())) };
    let audience = live.graph.audience_of(today.app());
    let (holders, more) = live.token_holders(today.app(), &audience);
    let mut people: BTreeMap<&str, Person> = holders.iter().map(|holder| (short(holder.id), Person::holding(holder))).collect();
    let (run_as, unread) = run_as(today.app());
    let more = more.or(unread);
    if let Some(name) = run_as {
        let id = live.graph.user_named(name).or_else(|| live.graph.user(name)).map_or(name, |(id, _)| short(id));
        people.entry(id).or_insert_with(|| Person::new(live.graph.user(id).map_or(id, |(_, user)| &user.username))).runs_as = true;
    }
    for (id, person) in &mut people {
        match live.graph.user(id) {
            Some((id, user)) => {
                person.frozen = user.frozen.value() == Some(&true);
                person.fate = fate(today, after, settings, id, user);
            }
            None => person.fate = Fate::CannotTell(format!("what the user may use: {}", live.graph.unread(id))),
        }
    }
    let mut people: Vec<Person> = people.into_values().collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    (people, more)
}

/// Whom client credentials of an app run as, unless they are off, and why there may be somebody who is not known.
///
/// A user who is named while nobody knows whether they are on counts: nothing else is that user there for.
fn run_as(app: &App) -> (Option<&str>, Option<Reason>) {
    let switches = &app.flows;
    if switches.client_credentials.value() == Some(&false) {
        return (None, None);
    }
    match &switches.client_credentials_user.state {
        Ok(name) => (Some(name.trim()).filter(|name| !name.is_empty()), None),
        Err(reason) => (None, Some(format!("whether client credentials of the app run as a user is not known: {reason}").into())),
    }
}

impl Person {
    fn new(name: &str) -> Self {
        let fate = Fate::CannotTell("what the user may use".to_owned());
        Self { name: name.to_owned(), frozen: false, tokens: 0, last_used: None, runs_as: false, fate }
    }

    fn holding(holder: &TokenHolder<'_>) -> Self {
        let last_used = holder.last_used.map(str::to_owned);
        Self { tokens: holder.tokens, last_used, ..Self::new(holder.name()) }
    }
}

fn fate(today: &Subject<'_>, after: &Subject<'_>, settings: Option<&OrgSettings>, id: &str, user: &User) -> Fate {
    if !user.active {
        return Fate::Outside("inactive: none of the user's tokens opens anything".to_owned());
    }
    // With tokens in their hands and nothing known against it they have access today.
    let before = access(today, None, id, user);
    let unread = || Fact::unknown("the settings of the org could not be read");
    let control = settings.map_or_else(unread, |settings| settings.api_access_control(is_external(&user.user_type)).clone());
    match (before, access(after, Some(&control), id, user)) {
        (Access::HasNot(_), Access::Has(ways)) => Fate::Gains(ways),
        (_, Access::Has(ways)) => Fate::Keeps(ways),
        (Access::HasNot(_), Access::HasNot(why)) => Fate::Outside(why),
        (_, Access::HasNot(why)) => Fate::Loses(why),
        (_, Access::Unknown(what)) => Fate::CannotTell(what),
    }
}

/// Whether the user has the app, as far as Permitted Users decides it, and API Access Control where it is given.
fn access(subject: &Subject<'_>, control: Option<&Fact<Option<bool>>>, id: &str, user: &User) -> Access {
    match Admission::of(subject.app()) {
        Admission::Nobody => Access::HasNot("the policies of the app block it or switch it off".to_owned()),
        Admission::Unknown(reason) => Access::Unknown(format!("whether users may authorize the app themselves: {reason}")),
        Admission::Anybody => self_authorize(subject, control, id, user),
        Admission::Assigned => {
            let Assigned { ways, why_not, ended, doubt, ends, .. } = subject.assigned(id, user);
            match (why_not, doubt) {
                // What the app is assigned to is told once, for all of them.
                (Some(_), _) if ended.is_empty() => Access::HasNot("not assigned".to_owned()),
                (Some(_), _) => Access::HasNot(format!("not assigned: {}", ended.join("; "))),
                (None, Some(doubt)) => Access::Unknown(format!("{}: {}", doubt.what, doubt.reason)),
                (None, None) => Access::Has(ways.into_iter().chain(ends).collect()),
            }
        }
    }
}

fn self_authorize(subject: &Subject<'_>, control: Option<&Fact<Option<bool>>>, id: &str, user: &User) -> Access {
    match (control.map(|control| &control.state), subject.live()) {
        (Some(Ok(Some(true))), Some(live)) => match live.graph.permission(id, user, USE_ANY_API_CLIENT).state {
            Ok(true) => Access::Has(vec!["the user has Use Any API Client".to_owned()]),
            Ok(false) => {
                let name = &user.username;
                Access::HasNot(format!(
                    "API Access Control is on and admits approved apps alone, and {name} lacks Use Any API Client"
                ))
            }
            Err(reason) => {
                Access::Unknown(format!("whether the user may use any API client, as API Access Control asks for: {reason}"))
            }
        },
        (Some(Err(reason)), _) => Access::Unknown(format!("whether API Access Control is on: {reason}")),
        _ => Access::Has(vec!["users may authorize the app themselves".to_owned()]),
    }
}

/// Active users who would be assigned and do not use the app today.
pub(super) fn assigned_without_use(after: &Subject<'_>, people: &[Person], more: Option<&Reason>) -> Fact<u64> {
    if after.app().access.permitted_users.value() != Some(&PermittedUsers::AdminApproved) {
        return Fact::known(0);
    }
    if let Some(reason) = more {
        return Fact::unknown(reason.clone());
    }
    let Some(audience) = after.audience() else { return Fact::unknown("the org told nothing of the app but its metadata") };
    // Somebody of whom it is not known whether it counts makes the number wrong.
    let unknown = people.iter().find_map(|person| match &person.fate {
        Fate::CannotTell(what) => Some(Reason::from(what.as_str())),
        _ => None,
    });
    let using = people.iter().filter(|person| matches!(person.fate, Fate::Keeps(_) | Fate::Gains(_))).count() as u64;
    match unknown {
        Some(reason) => Fact::unknown(reason),
        None => audience.active_users().map(|users| users.saturating_sub(using)),
    }
}

/// The log-ins of the app, where they were read.
pub(super) fn log_ins(today: &Subject<'_>) -> Option<LogIns> {
    let (rows, more) = today.live()?.usage.log_ins(today.app())?;
    Some(LogIns {
        count: rows.iter().map(|row| row.count).sum(),
        // By its name and by its label they may be the same users.
        users: rows.iter().map(|row| row.users).max().unwrap_or_default(),
        last: rows.iter().map(|row| row.last.as_str()).max().unwrap_or_default().to_owned(),
        more,
    })
}

impl LogIns {
    /// Why there are users beside these, where there must be.
    pub(super) fn of_others(&self, people: &[Person]) -> Option<Reason> {
        let known = people.len() as u64;
        let others = self.users.saturating_sub(known);
        (others > 0).then(|| {
            format!(
                "{} users logged in with the app in the last 90 days and {known} are known to use it: the log-in history does not tell who they are",
                self.users
            )
            .into()
        })
    }
}
