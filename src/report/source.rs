//! What was audited, as all documents for programs say it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inventory::{self, Inventory};

/// What was audited: trees of files, or orgs. What there is none of is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The paths, as given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The orgs, in the order they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orgs: Vec<OrgSource>,
}

/// An org that was audited. What it did not tell is left out; one that could not be reached has a name alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Org")]
pub struct OrgSource {
    /// The alias or user name it was asked for by.
    pub name: String,
    /// `Organization.Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Version of the APIs it was asked in, such as `66.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Whether it is a sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<bool>,
    /// `OrganizationType`, such as `Enterprise Edition`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
}

impl Source {
    /// Trees, by their paths.
    #[must_use]
    pub fn of_paths(paths: Vec<String>) -> Self {
        Self { paths, ..Self::default() }
    }

    /// The sources of an inventory that was read from orgs.
    #[must_use]
    pub fn of_orgs(inventory: &Inventory) -> Self {
        Self { orgs: inventory.sources.iter().map(OrgSource::from).collect(), ..Self::default() }
    }
}

impl From<&inventory::Source> for OrgSource {
    fn from(source: &inventory::Source) -> Self {
        let api_version = source.api_version.map(|version| format!("{version}.0"));
        let Some(org) = &source.org else { return Self { name: source.name.clone(), api_version, ..Self::default() } };
        let identity = &org.identity;
        let told = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            name: source.name.clone(),
            id: told(&identity.id),
            host: told(&identity.host),
            api_version,
            // Without an id nothing of `Organization` was read, and the switch is a default.
            sandbox: told(&identity.id).map(|_| identity.sandbox),
            edition: told(&identity.edition),
        }
    }
}
