//! What only a live org knows: who holds which permission set, which tokens are out, who may do what.
//!
//! Fields and their meaning: Object Reference of each sObject named. An answer that may be short (a limit, a user who does not see
//! everything) is a [`Seen`] that says so: what is in it is true, what is not in it is not known.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::part::PartKind;
use super::{Fact, Reason};

/// A Salesforce id in its 18-character form where Salesforce gave that.
pub type Id = String;

/// The first 15 characters of an id: what two forms of one id have in common.
#[must_use]
pub fn short(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

/// `UserType` of guests, customers and partners, in lower case.
const EXTERNAL: &[&str] = &["cspliteportal", "customersuccess", "guest", "powercustomersuccess", "powerpartner", "selfservice"];

/// `PermissionsApiUserOnly`: the user can do nothing but call APIs.
pub const API_ONLY: &str = "ApiUserOnly";

/// Whether a `UserType` is of people who are not of the company: guests, customers, partners.
#[must_use]
pub fn is_external(user_type: &str) -> bool {
    EXTERNAL.contains(&user_type.to_ascii_lowercase().as_str())
}

/// Whether a `UserType` is of guests.
#[must_use]
pub fn is_guest(user_type: &str) -> bool {
    user_type.eq_ignore_ascii_case("Guest")
}

/// Rows that were seen, and whether they are all there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    /// What was seen.
    pub rows: Vec<T>,
    /// Why there may be more; none where these are all.
    pub more: Option<Reason>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: None }
    }
}

impl<T> Seen<T> {
    /// All rows there are.
    #[must_use]
    pub const fn all(rows: Vec<T>) -> Self {
        Self { rows, more: None }
    }

    /// Nothing was seen, and why.
    pub fn nothing(reason: impl Into<Reason>) -> Self {
        Self { rows: Vec::new(), more: Some(reason.into()) }
    }

    /// The rows, where they are all there are.
    ///
    /// # Errors
    ///
    /// Why there may be more.
    pub fn complete(&self) -> Result<&[T], &Reason> {
        match &self.more {
            None => Ok(&self.rows),
            Some(reason) => Err(reason),
        }
    }
}

/// A live org.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Org {
    /// Who it is.
    pub identity: Identity,
    /// The user the questions were asked as.
    pub asked_as: AskedAs,
    /// Why the org may have more apps than were read; none where these are all.
    #[serde(default)]
    pub more_apps: Option<Reason>,
    /// Parts of External Client Apps that were all delivered: an app without one of them has none.
    #[serde(default)]
    pub whole_parts: BTreeSet<PartKind>,
    /// `PermissionSet`, by id, those owned by profiles and groups among them.
    pub permission_sets: BTreeMap<Id, PermissionSet>,
    /// Why there may be more permission sets; none where these are all.
    pub more_permission_sets: Option<Reason>,
    /// `Profile`, by id.
    pub profiles: BTreeMap<Id, ProfileRow>,
    /// `PermissionSetGroup` that hold a permission set apps refer to.
    pub groups: Seen<Group>,
    /// `PermissionSetAssignment` of the permission sets and groups that apps refer to.
    pub assignments: Seen<Assigned>,
    /// Permission sets whose assignments are among [`Self::assignments`] because they were asked for by name, not because they grant an app.
    #[serde(default)]
    pub permission_sets_looked_up: BTreeSet<Id>,
    /// `User`, by id: those behind the assignments and the tokens, the run-as users, and those who were asked for by name.
    pub users: BTreeMap<Id, User>,
    /// Why users may be missing from [`Self::users`] that something refers to; none where all that were looked for are there, but for
    /// those that do not exist.
    #[serde(default)]
    pub more_users: Option<Reason>,
    /// The user names that were looked up and answered, in lower case: who of them is not among [`Self::users`] does not exist.
    #[serde(default)]
    pub users_looked_up: BTreeSet<String>,
    /// Users all of whose assignments to these permission sets and groups are in [`Self::assignments`], also where those of others may be
    /// missing.
    #[serde(default)]
    pub users_with_all_assignments: BTreeSet<Id>,
    /// Active users of each profile that apps are assigned to, by profile id: 0 where it has none. A profile that is not here was not
    /// counted.
    pub active_users_by_profile: BTreeMap<Id, u64>,
    /// Active users of the org.
    pub active_users: Fact<u64>,
    /// Users of profiles that apps are assigned to are among [`Self::users`] only up to a number; these profiles have more.
    pub large_profiles: BTreeSet<Id>,
    /// `OauthToken`, by app and user.
    pub tokens: Seen<TokenUse>,
    /// `LoginHistory` by application; only where it was asked for.
    pub log_ins: Option<Seen<LogInUse>>,
    /// Who holds the permissions that let others in, by permission set and profile.
    pub holders: Seen<Holder>,
    /// Which of the permissions that matter are columns of `PermissionSet` in this org for this user: of the others nothing is known.
    pub visible_permissions: Fact<BTreeSet<String>>,
    /// Apps that the OAuth usage resource lists and that have no row: used, and not installed here.
    pub used_apps: Seen<UsedApp>,
    /// `SecurityHealthCheck.Score` in percent, if readable.
    pub health_check_score: Fact<i64>,
    /// `SetupAuditTrail`, the latest first; only where it was asked for, and in no snapshot.
    #[serde(skip)]
    pub setup_changes: Option<Seen<SetupChange>>,
}

impl Org {
    /// The permission sets, those of profiles and groups among them, whose users can do nothing but call APIs.
    pub fn api_only_sets(&self) -> impl Iterator<Item = (&Id, &PermissionSet)> {
        self.permission_sets.iter().filter(|(_, set)| set.permissions.contains(API_ONLY))
    }

    /// The profiles that have active users, as far as these were counted, with how many.
    pub fn profiles_in_use(&self) -> impl Iterator<Item = (u64, &ProfileRow)> {
        let counted = |id: &Id| self.active_users_by_profile.get(id).copied().filter(|users| *users > 0);
        self.profiles.iter().filter_map(move |(id, profile)| Some((counted(id)?, profile)))
    }
}

/// Who an org is: `Organization`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `Id`.
    pub id: Id,
    /// `Name`.
    pub name: String,
    /// `IsSandbox`.
    pub sandbox: bool,
    /// `OrganizationType`, such as `Enterprise Edition`.
    pub edition: String,
    /// `InstanceName`.
    pub instance: String,
    /// `NamespacePrefix`; empty for none.
    pub namespace: String,
    /// The host the questions went to.
    pub host: String,
}

/// The user the questions were asked as.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAs {
    /// `User.Id`; empty where not known.
    pub id: Id,
    /// `User.Username`; empty where not known.
    pub username: String,
    /// The permissions the user has, as far as they matter here, by the names of section 3.5 of the API contract, such as
    /// `CustomizeApplication`.
    pub permissions: Fact<BTreeSet<String>>,
}

/// What a permission set is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetKind {
    /// One that admins assign.
    Regular,
    /// The hidden one of a profile.
    OfProfile {
        /// The profile's id.
        profile: Id,
    },
    /// The aggregate of a permission set group.
    OfGroup {
        /// The group's id.
        group: Id,
    },
}

/// A permission set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionSet {
    /// API name with namespace; for the set of a profile the profile's name.
    pub name: String,
    /// Label; for the set of a profile the profile's name.
    pub label: String,
    /// What it is for.
    pub kind: SetKind,
    /// `HasActivationRequired`: grants nothing until a session activates it.
    pub requires_activation: bool,
    /// The powerful permissions it grants, such as `ModifyAllData`.
    pub permissions: BTreeSet<String>,
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRow {
    /// `Name`, which is what Setup shows.
    pub name: String,
    /// `UserLicense.Name`.
    pub license: String,
    /// `UserType`, such as `Standard`, `Guest`, `PowerCustomerSuccess`.
    pub user_type: String,
}

/// A permission set group and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// `Id`.
    pub id: Id,
    /// `DeveloperName`.
    pub name: String,
    /// `Status`: `Updated`, or a word for an aggregate that is out of date.
    pub status: String,
    /// Permission sets in it.
    pub permission_sets: Vec<Id>,
    /// Muting permission sets in it, by name. Whether one takes away access to an app is not documented.
    pub muting: Vec<String>,
}

impl PermissionSet {
    /// Whether it is one that admins assign, of this API name or label. Letter case does not matter.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        matches!(self.kind, SetKind::Regular) && [&self.name, &self.label].into_iter().any(|own| own.to_lowercase() == name)
    }
}

impl Group {
    /// Whether what it grants may lag behind what is in it.
    #[must_use]
    pub fn is_out_of_date(&self) -> bool {
        !self.status.is_empty() && !self.status.eq_ignore_ascii_case("Updated")
    }
}

/// A user's assignment to a permission set or group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// `AssigneeId`.
    pub user: Id,
    /// `PermissionSetId`.
    pub permission_set: Id,
    /// `PermissionSetGroupId`, where the assignment is to a group.
    pub group: Option<Id>,
    /// `ExpirationDate` as Salesforce writes it; none for an assignment without end.
    pub expires: Option<String>,
    /// `IsActive`: false once expired.
    pub active: bool,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// `Username`.
    pub username: String,
    /// `IsActive`.
    pub active: bool,
    /// `UserLogin.IsFrozen`.
    pub frozen: Fact<bool>,
    /// `UserType`.
    pub user_type: String,
    /// `ProfileId`.
    pub profile: Id,
    /// `Profile.Name`.
    pub profile_name: String,
    /// `Profile.UserLicense.Name`.
    pub license: String,
    /// The powerful permissions of the user, through profile and permission sets; unknown where nobody looked.
    pub permissions: Fact<BTreeSet<String>>,
}

/// Tokens of one user for one app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUse {
    /// `AppName`.
    pub app_name: String,
    /// The app it belongs to, through `AppMenuItem.ApplicationId`; none where the app has no menu item.
    pub app: Option<Id>,
    /// `UserId`.
    pub user: Id,
    /// Number of rows.
    pub tokens: u64,
    /// Sum of `UseCount`.
    pub uses: u64,
    /// The earliest `CreatedDate`, as Salesforce writes it.
    pub first: Option<String>,
    /// The latest `LastUsedDate`, as Salesforce writes it; none for never.
    pub last_used: Option<String>,
}

/// An app of the OAuth usage resource (`/apps/oauth/usage`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedApp {
    /// `identifier`.
    pub id: Id,
    /// `developerName`.
    pub name: String,
    /// `label`.
    pub label: String,
}

/// A line of the Setup Audit Trail: `SetupAuditTrail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupChange {
    /// `CreatedDate`, as Salesforce writes it.
    pub date: String,
    /// `CreatedBy.Username`; none where Salesforce itself made the change.
    pub by: Option<String>,
    /// `DelegateUser`: who was logged in as that user, if somebody was.
    pub delegate: Option<String>,
    /// `Section` of Setup.
    pub section: String,
    /// `Action`, a word for the kind of change.
    pub action: String,
    /// `Display`: what Setup shows. Its texts are not documented.
    pub display: String,
}

/// Log-ins by application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogInUse {
    /// `Application`.
    pub application: String,
    /// Number of log-ins.
    pub count: u64,
    /// Number of users.
    pub users: u64,
    /// The latest `LoginTime`.
    pub last: String,
}

/// A permission set or profile that grants a powerful permission, and how many active users have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The permission, such as `UseAnyApiClient`.
    pub permission: String,
    /// Id of the permission set that grants it.
    pub permission_set: Id,
    /// Active users assigned to it; unknown where they could not be counted.
    pub active_users: Fact<u64>,
}

/// What an org knows of one app beside its metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppInOrg {
    /// Id of its row (`ConnectedApplication.Id`, `ExternalClientApplication.Id`), which assignments and tokens refer to; none where it
    /// has no row.
    pub id: Option<Id>,
    /// Whether the body of its metadata was read; the reason where not.
    pub body: Fact<bool>,
    /// Whether it comes from an installed package.
    pub installed: Fact<bool>,
    /// `SetupEntityAccess.ParentId`: the permission sets, those of profiles among them, that grant the app.
    pub granted_by: Seen<Id>,
}
