//! The org's state, and everything a test can set of it, before the start and later.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Value, json};

use super::error::ApiError;
use super::faults::Fault;
use super::metadata::Component;
use super::oauth::Client;
use super::objects::{Objects, PERMISSIONS};
use super::record::Record;
use super::retrieve::{Job, Settings as RetrieveSettings};
use super::server::Running;
use super::soql::{Found, Query, Scope};
use super::table::{Cell, Kind};

/// An org. Fields may be set at will; methods do what takes more than one.
pub(crate) struct FakeOrg {
    pub(crate) objects: Objects,
    pub(crate) components: Vec<Component>,
    /// Metadata types this org does not have, whatever the version.
    pub(crate) hidden_types: Vec<String>,
    /// API versions on offer.
    pub(crate) versions: RangeInclusive<u32>,
    /// Rows of a page of a query.
    pub(crate) page_size: usize,
    /// The day that `LAST_N_DAYS` and the like count from.
    pub(crate) today: String,
    /// `User.Id` of whom tokens belong to.
    pub(crate) user: String,
    /// Rows of the Connected Apps OAuth Usage resource.
    pub(crate) usage: Vec<Value>,
    /// Calls of the last 24 hours before the first of ours, and how many there may be.
    pub(crate) calls: (u64, u64),
    /// Access tokens are in JWT format.
    pub(crate) jwt_tokens: bool,
    /// What the token endpoint accepts.
    pub(crate) client: Client,
    /// `instance_url` of the token endpoint, if it is not the org's own.
    pub(crate) instance_url: Option<String>,
    /// Stands before `nextRecordsUrl` and `nextPageUrl`, which should be paths: an address such as `https://elsewhere.example.com`.
    pub(crate) links_to: String,
    pub(crate) retrieve: RetrieveSettings,
    /// The global OAuth settings of External Client Apps can be read without `ViewClientSecret`.
    pub(crate) global_settings_readable: bool,
    pub(crate) faults: Vec<Fault>,
    /// A pause before every answer.
    pub(crate) delay: Duration,
    pub(crate) record: Record,
    /// Objects that every question about is refused, and how.
    refusals: BTreeMap<String, ApiError>,
    pub(super) own_url: String,
    pub(super) cursors: BTreeMap<String, Cursor>,
    pub(super) jobs: BTreeMap<String, Job>,
    sessions: Vec<String>,
    issued: usize,
    /// Permissions of the running user since the last change: found by a walk through all assignments.
    pub(super) held: OnceCell<Vec<String>>,
}

/// An open query.
pub(super) struct Cursor {
    pub(super) query: Query,
    pub(super) found: Found,
    pub(super) tooling: bool,
}

impl FakeOrg {
    /// An org named Acme with one user, an administrator who may see everything but client secrets.
    pub(crate) fn new() -> Self {
        let mut org = Self {
            objects: Objects::new(),
            components: Vec::new(),
            hidden_types: Vec::new(),
            versions: 31..=68,
            page_size: 2000,
            today: "2026-06-01".to_owned(),
            user: String::new(),
            usage: Vec::new(),
            calls: (1200, 100_000),
            jwt_tokens: false,
            client: Client::default(),
            instance_url: None,
            links_to: String::new(),
            retrieve: RetrieveSettings::default(),
            global_settings_readable: false,
            faults: Vec::new(),
            delay: Duration::ZERO,
            record: Record::default(),
            refusals: BTreeMap::new(),
            own_url: String::new(),
            cursors: BTreeMap::new(),
            jobs: BTreeMap::new(),
            sessions: Vec::new(),
            issued: 0,
            held: OnceCell::new(),
        };
        org.insert(
            "Organization",
            json!({"Name": "Acme", "OrganizationType": "Enterprise Edition", "InstanceName": "FAKE1", "IsSandbox": false,
                   "CreatedDate": "2019-03-04T08:00:00.000+0000"}),
        );
        org.insert(
            "UserLicense",
            json!({"Name": "Salesforce", "MasterLabel": "Salesforce", "LicenseDefinitionKey": "SFDC", "Status": "Active"}),
        );
        let kept = ["ViewClientSecret", "UseAnyApiAuth", "UseAnyApiClient", "BypassMFAForUiLogins", "ApiUserOnly"];
        let permissions: Vec<&str> = PERMISSIONS.into_iter().filter(|permission| !kept.contains(permission)).collect();
        org.profile("System Administrator", "Salesforce", &permissions);
        org.user = org.add_user("ada.admin@acme.example.com", "Ada Admin", "System Administrator");
        org.issue_token();
        org
    }

    /// Starts answering on a free port.
    pub(crate) fn start(self) -> Running {
        self.start_on(0).expect("a free port")
    }

    /// Starts answering on a port of the loopback address.
    pub(crate) fn start_on(self, port: u16) -> std::io::Result<Running> {
        Running::start(self, port)
    }

    /// Adds a row and returns its id.
    pub(crate) fn insert(&mut self, object: &str, row: Value) -> String {
        self.objects.table(object).insert(&row)
    }

    /// The id of the first row with this value, which must be there.
    pub(crate) fn id(&self, object: &str, column: &str, value: &str) -> String {
        let row = self.objects.get(object).and_then(|table| table.find(column, value));
        row.and_then(|row| row[0].text()).unwrap_or_else(|| panic!("no {object} with {column} = {value}")).to_owned()
    }

    /// A profile with the permission set it owns. The licence must be there.
    pub(crate) fn profile(&mut self, name: &str, licence: &str, permissions: &[&str]) -> String {
        let licence = self.id("UserLicense", "Name", licence);
        let mut row = json!({"Name": name, "UserType": "Standard", "UserLicenseId": licence});
        grant(&mut row, permissions);
        let id = self.insert("Profile", row);
        let hidden = format!("X{id}");
        let mut set = json!({"Name": hidden, "Label": hidden, "IsOwnedByProfile": true, "IsCustom": false, "ProfileId": id, "Type": "Profile"});
        grant(&mut set, permissions);
        self.insert("PermissionSet", set);
        id
    }

    /// A permission set of one's own.
    pub(crate) fn permission_set(&mut self, name: &str, label: &str, permissions: &[&str]) -> String {
        let mut set = json!({"Name": name, "Label": label, "IsCustom": true, "Type": "Regular", "SystemModstamp": "2026-01-10T09:00:00.000+0000"});
        grant(&mut set, permissions);
        self.insert("PermissionSet", set)
    }

    /// An active user who has a profile and is not frozen.
    pub(crate) fn add_user(&mut self, username: &str, name: &str, profile: &str) -> String {
        let profile = self.id("Profile", "Name", profile);
        let row = json!({"Username": username, "Name": name, "Email": username, "Alias": name.split(' ').next(), "IsActive": true,
            "ProfileId": profile, "UserType": "Standard", "LastLoginDate": "2026-05-29T07:30:00.000+0000",
            "CreatedDate": "2024-02-01T09:00:00.000+0000"});
        let user = self.insert("User", row);
        self.insert("UserLogin", json!({"UserId": user, "IsFrozen": false, "IsPasswordLocked": false}));
        // The profile shows among the assignments, too.
        let set = self.id("PermissionSet", "ProfileId", &profile);
        self.insert("PermissionSetAssignment", json!({"AssigneeId": user, "PermissionSetId": set, "IsActive": true}));
        user
    }

    /// Assigns a permission set to a user.
    pub(crate) fn assign(&mut self, set: &str, username: &str) {
        self.assign_until(set, username, None);
    }

    /// Assigns a permission set until a moment such as `2026-06-10T00:00:00.000+0000`.
    pub(crate) fn assign_until(&mut self, set: &str, username: &str, expiration: Option<&str>) {
        let set = self.id("PermissionSet", "Name", set);
        let user = self.id("User", "Username", username);
        let active = expiration.is_none_or(|until| until > self.today.as_str());
        let row = json!({"AssigneeId": user, "PermissionSetId": set, "ExpirationDate": expiration, "IsActive": active});
        self.insert("PermissionSetAssignment", row);
    }

    /// Lets a permission set, by name, or a profile, by name, use an app.
    pub(crate) fn grant_app(&mut self, holder: &str, app: &str, kind: &str) {
        let profile = self
            .objects
            .get("Profile")
            .and_then(|table| table.find("Name", holder))
            .and_then(|row| row[0].text())
            .map(str::to_owned);
        let parent = match profile {
            Some(profile) => self.id("PermissionSet", "ProfileId", &profile),
            None => self.id("PermissionSet", "Name", holder),
        };
        self.insert("SetupEntityAccess", json!({"ParentId": parent, "SetupEntityId": app, "SetupEntityType": kind}));
    }

    /// Takes a permission from everything the running user has it by.
    pub(crate) fn take_permission(&mut self, permission: &str) {
        let sets = self.sets_of_user();
        let column = format!("Permissions{permission}");
        for set in sets {
            self.objects.table("PermissionSet").update(("Id", &set), &column, &json!(false));
        }
        // A profile says the same as the set it owns.
        let user = self.objects.get("User").and_then(|table| Some((table, table.row(&self.user)?)));
        let profile = user.and_then(|(table, row)| row[table.position("ProfileId")?].text().map(str::to_owned));
        if let Some(profile) = profile {
            self.objects.table("Profile").update(("Id", &profile), &column, &json!(false));
        }
    }

    /// As if the object did not exist: `INVALID_TYPE`.
    pub(crate) fn hide_object(&mut self, object: &str) {
        self.objects.table(object).hidden = true;
    }

    /// As if the column did not exist: `INVALID_FIELD`.
    pub(crate) fn hide_column(&mut self, object: &str, column: &str) {
        let table = self.objects.table(object);
        let position = table.position(column).unwrap_or_else(|| panic!("{object} has no column {column}"));
        table.fields[position].hidden = true;
    }

    /// Refuses every query and describe of an object, within composite requests as well.
    pub(crate) fn refuse(&mut self, object: &str, status: u16, code: &str, message: &str) {
        self.refusals.insert(object.to_ascii_lowercase(), ApiError::new(status, code, message));
    }

    /// Gives the columns in dispute, IP relaxation and the unit of refresh token periods, names where they have numbers.
    pub(crate) fn name_policy_columns(&mut self) {
        for column in ["IpRelaxationPolicyType", "RefreshTokenValidityUnit"] {
            let table = self.objects.table("ExtlClntAppOauthPlcyCnfg");
            let position = table.position(column).unwrap_or_default();
            let Kind::Picklist(entries) = table.fields[position].kind.clone() else { continue };
            for (number, name) in entries.iter().filter_map(|entry| entry.split_once('=')) {
                table.update((column, number), column, &json!(name));
            }
            let names = entries.iter().map(|entry| entry.rsplit('=').next().unwrap_or_default().to_owned());
            table.fields[position].kind = Kind::Picklist(names.collect());
        }
    }

    /// Adds a fault; faults added earlier come first.
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Changes the form of tokens, and gives out one of it.
    pub(crate) fn use_jwt_tokens(&mut self) {
        self.jwt_tokens = true;
        self.end_sessions();
        self.issue_token();
    }

    /// A token that is good at the moment, or one that was.
    pub(crate) fn token(&self) -> String {
        self.sessions.last().cloned().unwrap_or_else(|| "00D000000000001!FAKE-TOKEN-EXPIRED".to_owned())
    }

    /// Ends all sessions.
    pub(crate) fn end_sessions(&mut self) {
        self.sessions.clear();
    }

    /// Gives out a new token, good until sessions end.
    pub(crate) fn issue_token(&mut self) -> String {
        self.issued += 1;
        let token = if self.jwt_tokens {
            // {"alg":"RS256","typ":"JWT"} and {"sub":"uid:005"}
            format!("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1aWQ6MDA1In0.FAKE-TOKEN-{}", self.issued)
        } else {
            format!("00D000000000001!FAKE-TOKEN-{}", self.issued)
        };
        self.sessions.push(token.clone());
        token
    }

    pub(crate) fn knows(&self, token: &str) -> bool {
        self.sessions.iter().any(|known| known == token)
    }

    /// Whether the calls of the day are used up.
    pub(super) fn is_used_up(&self) -> bool {
        self.calls.0 + self.record.calls > self.calls.1
    }

    pub(super) fn refusal(&self, object: &str) -> Option<&ApiError> {
        self.refusals.get(&object.to_ascii_lowercase())
    }

    /// Names of the running user's permissions, from all sets assigned.
    pub(super) fn permissions(&self) -> Vec<String> {
        self.held.get_or_init(|| self.find_permissions()).clone()
    }

    fn find_permissions(&self) -> Vec<String> {
        let Some(table) = self.objects.get("PermissionSet") else { return Vec::new() };
        let rows: Vec<&[Cell]> = self.sets_of_user().iter().filter_map(|id| table.row(id)).collect();
        let held = PERMISSIONS.iter().filter(|name| {
            let column = table.position(&format!("Permissions{name}"));
            column.is_some_and(|column| rows.iter().any(|row| row[column] == Cell::Bool(true)))
        });
        held.map(|name| (*name).to_owned()).collect()
    }

    /// What queries are asked of.
    pub(super) fn scope<'a>(&'a self, tooling: bool, permissions: &'a [String]) -> Scope<'a> {
        Scope { objects: &self.objects, tooling, permissions, user: &self.user }
    }

    fn sets_of_user(&self) -> Vec<String> {
        let Some(table) = self.objects.get("PermissionSetAssignment") else { return Vec::new() };
        let (Some(user), Some(set)) = (table.position("AssigneeId"), table.position("PermissionSetId")) else { return Vec::new() };
        let own = table.rows.iter().filter(|row| row[user].text() == Some(&self.user));
        own.filter_map(|row| row[set].text().map(str::to_owned)).collect()
    }
}

fn grant(row: &mut Value, permissions: &[&str]) {
    for permission in permissions {
        row[format!("Permissions{permission}")] = Value::Bool(true);
    }
}
