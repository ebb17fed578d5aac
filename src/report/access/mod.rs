//! Who can use which app, as a document, and in the forms it is written in.

mod csv;
mod dot;
mod drawing;
mod mermaid;
mod table;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;

use super::Source;
use super::inventory::Gap;

pub use csv::csv;
pub use dot::dot;
pub use drawing::{MOST_DRAWN, drawn_as_numbers};
pub use mermaid::mermaid;
pub use table::table;

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/access-v1";

/// `access --format json`: `apps` where an app was asked about, `users` where a user was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Document {
    /// Always `orgwarden/access-v1`.
    pub schema: &'static str,
    /// What was read.
    pub source: Source,
    /// The apps that were asked about, in order of their paths.
    pub apps: Vec<App>,
    /// The user that was asked about, in each org.
    pub users: Vec<AskedUser>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// An app and everybody who can use it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct App {
    /// Which app.
    #[serde(flatten)]
    pub about: About,
    /// How many active users can use it, each counted once: those assigned, or all of the org where any may approve it. Frozen users, who
    /// cannot log in, are among them.
    pub active_users: Number,
    /// How many of them were seen; there may be more where `active_users` is unknown. Left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_users_seen: Option<u64>,
    /// How many of those assigned were seen to be frozen. Left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen_users_seen: Option<u64>,
    /// `known`, or `unknown`: files do not tell of users.
    pub users: Knowledge,
    /// The profiles, permission sets and groups through which users are assigned, by kind, then name.
    pub paths: Vec<Path>,
    /// Who holds tokens of it, by user name. Empty for what files say.
    pub tokens: Vec<Token>,
    /// What is not known of all this, as sentences without full stop.
    pub unknown: Vec<String>,
}

/// Which app, and whom it lets in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct About {
    /// `connected-app` or `external-client-app`.
    pub kind: &'static str,
    /// Full name.
    pub name: String,
    /// What Setup shows.
    pub label: Option<String>,
    /// The app's file; of an org the component, as `ConnectedApp/ERP_Sync`.
    pub path: String,
    /// The org it is in, by the name in `source.orgs`; left out for what files say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// `admin-approved`, `self-authorize` or `unknown`.
    pub permitted_users: &'static str,
    /// Whom it lets in: `assigned` users alone; `anybody` who is an active user of the org, after approving it once; `nobody`, because it is
    /// blocked or switched off; `unknown`.
    pub admits: &'static str,
}

/// A profile, permission set or group through which users are assigned to an app.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Path {
    /// `profile`, `permission-set` or `group`.
    pub kind: &'static str,
    /// Its name; in files as the app names it.
    pub name: String,
    /// Permission sets of the group that grant the app; empty where the path itself is granted it.
    pub granted_by: Vec<String>,
    /// User licence of a profile.
    pub license: Option<String>,
    /// User type of a profile, such as `Standard` or `Guest`.
    pub user_type: Option<String>,
    /// Whether it lets anybody in: not where anybody may approve the app, nor where it is blocked; `null` where that is not known.
    pub effective: Option<bool>,
    /// How many active users it has, frozen ones among them.
    pub active_users: Number,
    /// How many of them were seen to be frozen.
    pub frozen_users_seen: u64,
    /// What is to be kept in mind.
    pub reservations: Vec<Reservation>,
    /// Where it is assigned, as `file:line:column`; left out for what an org says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The assignments that were read, by user name.
    pub holders: Vec<Holder>,
}

/// Why a path or an assignment may not be what it looks like.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reservation {
    /// `needs-activation`, `muted`, `out-of-date`, `guest`, `external`, `by-number`, `ended`, `expires`; in files `missing`, `not-found-out`.
    pub word: &'static str,
    /// The same as a clause.
    pub text: String,
}

/// A user's assignment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holder {
    /// The user.
    #[serde(flatten)]
    pub user: User,
    /// When the assignment ends or ended, as Salesforce writes it.
    pub expires: Option<String>,
    /// Whether it has ended.
    pub ended: bool,
    /// What is to be kept in mind.
    pub reservations: Vec<Reservation>,
}

/// A user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct User {
    /// User name; the id of a user who could not be read.
    pub user: String,
    /// `User.Id`.
    pub id: String,
    /// `active`; `frozen` or `inactive`, who cannot log in; `unknown` where the user could not be read.
    pub state: &'static str,
    /// Name of the profile.
    pub profile: Option<String>,
    /// User licence.
    pub license: Option<String>,
    /// User type, such as `Standard` or `Guest`.
    pub user_type: Option<String>,
}

/// A user who holds tokens of an app.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Token {
    /// The user.
    #[serde(flatten)]
    pub user: User,
    /// How many tokens.
    pub tokens: u64,
    /// When the first was issued, as Salesforce writes it.
    pub first: Option<String>,
    /// When one was used last; `null` for never.
    pub last_used: Option<String>,
    /// Whether the user is assigned to the app; `null` where that is not known.
    pub assigned: Option<bool>,
}

/// The user that was asked about, in one org.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AskedUser {
    /// The org.
    pub org: String,
    /// The user name that was asked about.
    pub asked: String,
    /// Whether the org has the user; `null` where that is not known.
    pub exists: Option<bool>,
    /// The user, if there is one.
    pub found: Option<User>,
    /// The apps the user can use, holds tokens of, or may be able to use, in order of their paths.
    pub apps: Vec<UsedApp>,
    /// What is not known of all this, as sentences without full stop.
    pub unknown: Vec<String>,
}

/// An app of a user.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UsedApp {
    /// Which app.
    #[serde(flatten)]
    pub about: About,
    /// `assigned`; `may-approve`, as any active user of the org may; `none`, which leaves tokens or paths without effect; `unknown`.
    pub access: &'static str,
    /// The paths that lead to the user, ended assignments among them.
    pub paths: Vec<UserPath>,
    /// Number of tokens the user holds of it.
    pub tokens: u64,
    /// When one was used last; `null` for never.
    pub last_used: Option<String>,
}

/// A path to the user.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserPath {
    /// `profile`, `permission-set` or `group`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Permission sets of the group that grant the app; empty where the path itself is granted it.
    pub granted_by: Vec<String>,
    /// Whether it lets the user in: not where anybody may approve the app, where it is blocked, or once it has ended; `null` where that is
    /// not known.
    pub effective: Option<bool>,
    /// When the assignment ends or ended, as Salesforce writes it.
    pub expires: Option<String>,
    /// What is to be kept in mind.
    pub reservations: Vec<Reservation>,
}

/// A number, or `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Number {
    /// It is known.
    Known(u64),
    /// It is not.
    Unknown(Unknown),
}

/// The word `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// The word.
    Unknown,
}

/// Whether something is known at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Knowledge {
    /// It is.
    Known,
    /// It is not.
    Unknown,
}

impl Document {
    /// What is not known, of all that was asked about, in order.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let of_apps = self.apps.iter().flat_map(|app| &app.unknown);
        of_apps.chain(self.users.iter().flat_map(|user| &user.unknown)).map(String::as_str)
    }
}

impl Number {
    /// A number that is not known.
    pub const UNKNOWN: Self = Self::Unknown(Unknown::Unknown);

    /// The number as text.
    fn text(self) -> String {
        match self {
            Self::Known(number) => number.to_string(),
            Self::Unknown(_) => "unknown".to_owned(),
        }
    }
}

impl App {
    /// The tokens that want telling: of users who are not assigned, or of all where assignments have no effect.
    fn loose_tokens(&self) -> impl Iterator<Item = &Token> {
        let all = self.about.admits != "assigned";
        self.tokens.iter().filter(move |token| all || token.assigned != Some(true))
    }
}

/// JSON Schema of the document.
#[must_use]
pub fn schema() -> Value {
    schema_for!(Document).to_value()
}

/// Reservations as one text.
fn told(reservations: &[Reservation]) -> String {
    reservations.iter().map(|reservation| reservation.text.as_str()).collect::<Vec<_>>().join("; ")
}

/// The day of a moment as Salesforce writes it.
fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}
