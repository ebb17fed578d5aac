//! Which objects and columns this org has for this user: a query that names another one would fail as a whole.

use std::collections::BTreeMap;

use super::powers;
use crate::salesforce::{Api, Client, Describe, Error};

/// Objects of the Data API whose columns differ between orgs and versions.
const DESCRIBED: &[&str] = &[
    "AppMenuItem",
    "ConnectedApplication",
    "ExternalClientApplication",
    "ExtlClntAppOauthPlcyCnfg",
    "ExtlClntAppOauthSettings",
    "ExtlClntAppPlcyCnfg",
    "OauthToken",
    "Organization",
    "PermissionSet",
    "PermissionSetAssignment",
    "PermissionSetGroup",
    "Profile",
    "SetupEntityAccess",
    "User",
    "UserLicense",
    "UserLogin",
];

/// What the org says of its objects.
#[derive(Debug)]
pub(super) struct Schema {
    data: BTreeMap<&'static str, Result<Describe, Error>>,
    connected_application_in_tooling: Option<Result<Describe, Error>>,
    /// Whether every column is taken to exist: for a plan, which asks nobody.
    imagined: bool,
}

impl Schema {
    /// Asks for it: two calls.
    pub(super) async fn read(client: &Client) -> Self {
        let (data, tooling) = tokio::join!(client.describes(DESCRIBED), client.describe(Api::Tooling, "ConnectedApplication"));
        Self {
            data: DESCRIBED.iter().copied().zip(data).collect(),
            connected_application_in_tooling: Some(tooling),
            imagined: false,
        }
    }

    /// A schema that has everything.
    pub(super) const fn imagined() -> Self {
        Self { data: BTreeMap::new(), connected_application_in_tooling: None, imagined: true }
    }

    /// The objects whose columns are asked for.
    pub(super) const fn described() -> &'static [&'static str] {
        DESCRIBED
    }

    /// Why nothing at all can be asked: the session is not valid.
    pub(super) fn refused(&self) -> Option<&Error> {
        let invalid = |error: &&Error| matches!(error, Error::SessionInvalid(_));
        self.data.values().filter_map(|described| described.as_ref().err()).find(invalid)
    }

    /// Why an object is not there; none where it is, or where nobody asked.
    pub(super) fn missing(&self, object: &str) -> Option<&Error> {
        self.data.get(object)?.as_ref().err()
    }

    /// `SELECT` of the columns that exist, followed by `rest`. What is `needed` is selected in any case, so that its absence is an error
    /// and not a silence.
    pub(super) fn select(&self, object: &'static str, needed: &[&str], wanted: &[&str], rest: &str) -> String {
        let described = self.data.get(object).and_then(|described| described.as_ref().ok());
        self.select_of(described, object, needed, wanted, rest)
    }

    /// The same for `ConnectedApplication` of the Tooling API; none where it is not there.
    pub(super) fn select_connected_applications_in_tooling(&self, needed: &[&str], wanted: &[&str]) -> Option<String> {
        let described = match &self.connected_application_in_tooling {
            Some(described) => Some(described.as_ref().ok()?),
            None => None,
        };
        Some(self.select_of(described, "ConnectedApplication", needed, wanted, ""))
    }

    /// The permissions that are columns of `PermissionSet`; an error where nobody can tell.
    pub(super) fn visible_permissions(&self) -> Result<Vec<&'static str>, Option<&Error>> {
        if self.imagined {
            return Ok(powers::all().collect());
        }
        match self.data.get("PermissionSet") {
            Some(Ok(described)) => Ok(powers::all().filter(|permission| described.has(&powers::column(permission))).collect()),
            Some(Err(error)) => Err(Some(error)),
            None => Err(None),
        }
    }

    /// The columns of an object whose names begin so.
    pub(super) fn columns_named(&self, object: &str, prefix: &str) -> Vec<String> {
        let described = self.data.get(object).and_then(|described| described.as_ref().ok());
        let fields = described.into_iter().flat_map(|described| &described.fields);
        fields.filter(|field| field.name.starts_with(prefix)).map(|field| field.name.clone()).collect()
    }

    /// The labels and values of a picklist column, to decode what comes as a number or a label.
    pub(super) fn picklist(&self, object: &str, column: &str) -> &[(String, String)] {
        let described = self.data.get(object).and_then(|described| described.as_ref().ok());
        let field = described.and_then(|described| described.fields.iter().find(|field| field.name == column));
        field.map_or(&[], |field| &field.picklist)
    }

    fn select_of(&self, described: Option<&Describe>, object: &str, needed: &[&str], wanted: &[&str], rest: &str) -> String {
        // The column of a relationship path such as `Profile.Name` is its reference, `ProfileId`; its object has to be there, too.
        let exists = |column: &&&str| {
            self.imagined
                || described.is_some_and(|described| match column.split_once('.') {
                    Some((relationship, _)) => described.has(&format!("{relationship}Id")) && self.missing(relationship).is_none(),
                    None => described.has(column),
                })
        };
        let columns: Vec<&str> = needed.iter().chain(wanted.iter().filter(exists)).copied().collect();
        format!("SELECT {} FROM {object}{}{rest}", columns.join(", "), if rest.is_empty() { "" } else { " " })
    }
}
