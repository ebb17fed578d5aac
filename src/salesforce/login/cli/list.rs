//! The orgs the Salesforce CLI is logged in to.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::program::Program;
use crate::salesforce::Error;

/// An org the Salesforce CLI knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOrg {
    /// User name, by which it is asked for.
    pub username: String,
    /// Alias, where it has one.
    pub alias: Option<String>,
    /// Id of the org; several users may be logged in to the same one.
    pub org_id: Option<String>,
    /// Its host.
    pub instance_url: Option<String>,
    /// `Connected`, or what is wrong with the connection.
    pub connected_status: Option<String>,
}

/// All orgs of `sf org list`, each user once, by user name. Scratch orgs that have expired or are deleted exist no more and are left
/// out; an org with a broken connection is not, so that the audit can say that it could not be read.
///
/// # Errors
///
/// [`Error::Login`]: the CLI cannot be run or gives no list.
pub async fn list_orgs(program: &Program) -> Result<Vec<ListedOrg>, Error> {
    let lists: Lists = program.run(["org", "list", "--json"]).await.map_err(|failure| Error::Login(failure.to_string()))?;
    let mut orgs = BTreeMap::new();
    for org in lists.all().filter(|org| !org.is_gone()) {
        let Some(username) = org.username else {
            return Err(Error::Login("`sf org list` lists an org without user name; name the orgs with --target-org".to_owned()));
        };
        orgs.entry(username.clone()).or_insert(ListedOrg {
            username,
            alias: org.alias.filter(|alias| !alias.is_empty()),
            org_id: org.org_id,
            instance_url: org.instance_url,
            connected_status: org.connected_status.as_deref().map(super::program::presentable),
        });
    }
    Ok(orgs.into_values().collect())
}

/// The lists of `sf org list --json`. They overlap: Dev Hubs and sandboxes stand among `nonScratchOrgs`, too. What is now `other` was
/// `regularOrgs`, and before that there were only the first two.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Lists {
    non_scratch_orgs: Vec<Entry>,
    scratch_orgs: Vec<Entry>,
    sandboxes: Vec<Entry>,
    dev_hubs: Vec<Entry>,
    other: Vec<Entry>,
    regular_orgs: Vec<Entry>,
}

impl Lists {
    fn all(self) -> impl Iterator<Item = Entry> {
        let lists = [self.non_scratch_orgs, self.scratch_orgs, self.sandboxes, self.dev_hubs, self.other, self.regular_orgs];
        lists.into_iter().flatten()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    username: Option<String>,
    alias: Option<String>,
    org_id: Option<String>,
    instance_url: Option<String>,
    connected_status: Option<String>,
    /// `true`, `false` or `"unknown"`.
    is_expired: Option<Value>,
    /// Of scratch orgs: `Active`, `Deleted`, `Expired` …
    status: Option<String>,
}

impl Entry {
    fn is_gone(&self) -> bool {
        self.is_expired == Some(Value::Bool(true)) || matches!(self.status.as_deref(), Some("Deleted" | "Expired"))
    }
}
