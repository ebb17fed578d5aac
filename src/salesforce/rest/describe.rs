//! What an object looks like to this user.

use serde::Deserialize;

use super::super::request::RestPath;
use super::super::{Api, Client, Error};
use super::json;

/// An object as this user may see it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Describe {
    /// API name.
    pub name: String,
    /// Its fields; those hidden from the user are missing.
    pub fields: Vec<FieldDescribe>,
    /// Whether it can be queried.
    #[serde(default)]
    pub queryable: bool,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct FieldDescribe {
    /// API name.
    pub name: String,
    /// Type, such as `reference` or `picklist`.
    pub ty: String,
    /// Whether it may stand in `WHERE`.
    pub filterable: bool,
    /// Whether it may stand in `GROUP BY`.
    pub groupable: bool,
    /// Values and labels of a picklist.
    pub picklist: Vec<(String, String)>,
}

impl Describe {
    /// Whether the user sees a field of this name. Names are compared as SOQL does, without case.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.field(field).is_some()
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldDescribe> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

impl Client {
    /// Describes an object.
    ///
    /// # Errors
    ///
    /// [`Error`]; an object that is not there, or hidden from this user, is [`Error::Refused`] with `NOT_FOUND`.
    pub async fn describe(&self, api: Api, object: &str) -> Result<Describe, Error> {
        let what = format!("describe {object}");
        self.get(describe_path(self, api, object), &what, |answer| json(answer, &what)).await
    }
}

/// Where an object is described.
pub(super) fn describe_path(client: &Client, api: Api, object: &str) -> RestPath {
    let resource = match api {
        Api::Data => "sobjects",
        Api::Tooling => "tooling/sobjects",
    };
    RestPath::of(client.version(), &format!("{resource}/{}/describe", super::super::soql::encode(object)))
}

/// A field on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    name: String,
    #[serde(rename = "type", default)]
    ty: String,
    #[serde(default)]
    filterable: bool,
    #[serde(default)]
    groupable: bool,
    picklist_values: Option<Vec<Choice>>,
}

#[derive(Deserialize)]
struct Choice {
    value: Option<String>,
    label: Option<String>,
}

impl From<Wire> for FieldDescribe {
    fn from(wire: Wire) -> Self {
        let Wire { name, ty, filterable, groupable, picklist_values } = wire;
        let choice = |choice: Choice| {
            let value = choice.value?;
            let label = choice.label.unwrap_or_else(|| value.clone());
            Some((value, label))
        };
        let picklist = picklist_values.into_iter().flatten().filter_map(choice).collect();
        Self { name, ty, filterable, groupable, picklist }
    }
}
