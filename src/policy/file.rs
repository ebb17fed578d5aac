//! `orgwarden.yaml` as someone wrote it, with the place of every value.
//!
//! Only the shape is held to here. Words are kept as text, so that [`super::validate`] can report all the wrong ones at once
//! instead of stopping at the first. The doc comments of the fields are what an editor shows, through [`super::json_schema`].

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json_schema;
use crate::source::yaml::Spanned;

/// What this org expects of the apps it lets in.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "orgwarden policy")]
pub(super) struct PolicyFile {
    /// What is expected of which app. An exact name wins over globs; between globs the first wins.
    #[serde(default)]
    #[schemars(with = "Vec<ContractEntry>")]
    pub(super) contracts: Option<Vec<ContractEntry>>,
    /// How much audits ask: `minimal`, `recommended` (the default), `strict` or `auditor`. `--preset` wins.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::preset")]
    pub(super) preset: Option<Spanned<String>>,
    /// Rules switched off, or given another severity, for everything.
    #[serde(default)]
    #[schemars(with = "Vec<SwitchEntry>")]
    pub(super) rules: Option<Vec<SwitchEntry>>,
    /// Findings that are accepted for now, with a reason, a name and a last day.
    #[serde(default)]
    #[schemars(with = "Vec<WaiverEntry>")]
    pub(super) waivers: Option<Vec<WaiverEntry>>,
    /// Whether waivers may be without `expires`.
    #[serde(default, rename = "endless-waivers")]
    pub(super) endless_waivers: bool,
}

/// What is expected of the apps of a name. What is not mentioned is not judged.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "contract")]
pub(super) struct ContractEntry {
    /// Full name of the app, or a glob: `*`, `?`, `[ab]`, `{one,two}`. Upper and lower case are different.
    #[schemars(with = "String")]
    pub(super) app: Spanned<String>,
    /// The flows the app is for, and no others; `[]` for none.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::flows")]
    pub(super) flows: Option<Spanned<Vec<Spanned<String>>>>,
    /// Permitted Users.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::permitted_users")]
    pub(super) permitted_users: Option<Spanned<String>>,
    /// What is expected of the scopes, by their OAuth names.
    #[serde(default)]
    pub(super) scopes: ScopesEntry,
    /// Assigned profiles, by label or file name: exactly these, or `at-least` these.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::names")]
    pub(super) profiles: Option<Spanned<NamesEntry>>,
    /// Assigned permission sets, by label or API name: exactly these, or `at-least` these.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::names")]
    pub(super) permission_sets: Option<Spanned<NamesEntry>>,
    /// User names of those who must be able to use the app, by its flows.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::users")]
    pub(super) users: Option<Spanned<Vec<Spanned<String>>>>,
    /// Rules switched off, or given another severity, for these apps only. Wins over the switches for everything.
    #[serde(default)]
    pub(super) rules: Vec<SwitchEntry>,
}

/// Expectations about scopes.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "scopes")]
pub(super) struct ScopesEntry {
    /// Must be there.
    #[serde(default)]
    #[schemars(schema_with = "json_schema::scopes")]
    pub(super) require: Vec<Spanned<String>>,
    /// May be there. If given, nothing but these and the required ones may.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::scopes")]
    pub(super) allow: Option<Spanned<Vec<Spanned<String>>>>,
    /// Must not be there.
    #[serde(default)]
    #[schemars(schema_with = "json_schema::scopes")]
    pub(super) forbid: Vec<Spanned<String>>,
}

/// A rule switched off, or given another severity.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "switch", extend("anyOf" = [{ "required": ["severity"] }, { "required": ["enabled"] }]))]
pub(super) struct SwitchEntry {
    /// The rule's id.
    #[schemars(with = "String")]
    pub(super) rule: Spanned<String>,
    /// The severity its findings get.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::severity")]
    pub(super) severity: Option<Spanned<String>>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) enabled: Option<Spanned<bool>>,
}

/// Findings of a rule that are accepted for now.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "waiver")]
pub(super) struct WaiverEntry {
    /// The rule's id.
    #[schemars(with = "String")]
    pub(super) rule: Spanned<String>,
    /// Full name of the app, or a glob as in contracts; for rules about apps, which need it.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(super) app: Option<Spanned<String>>,
    /// For other rules: name of what they are about, or a glob; without it everything they are about.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(super) subject: Option<Spanned<String>>,
    /// Accept these values of one fact of the evidence alone; with another one it is a finding.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::accepted_values")]
    pub(super) evidence: Option<Spanned<Vec<Spanned<String>>>>,
    /// Why it is accepted.
    #[schemars(with = "String", length(min = 1))]
    pub(super) reason: Spanned<String>,
    /// Who answers for it: a person or a team.
    #[schemars(with = "String", length(min = 1))]
    pub(super) owner: Spanned<String>,
    /// Where it is discussed.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(super) ticket: Option<Spanned<String>>,
    /// The last day it is accepted, as YYYY-MM-DD. May be left out with `endless-waivers` only.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::day")]
    pub(super) expires: Option<Spanned<String>>,
    /// What is going to become of the finding; `accepted` if not given.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::status")]
    pub(super) status: Option<Spanned<String>>,
}

/// Names of profiles or permission sets: a plain list, `{exactly: […]}` or `{at-least: […]}`.
#[derive(Debug)]
pub(super) enum NamesEntry {
    Exactly(Vec<Spanned<String>>),
    AtLeast(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for NamesEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

/// The keys of [`NamesEntry`].
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "kebab-case")]
enum NamesKey {
    Exactly,
    AtLeast,
}

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = NamesEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names, or `exactly` or `at-least` with a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<NamesEntry, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = seq.next_element()? {
            names.push(name);
        }
        Ok(NamesEntry::Exactly(names))
    }

    fn visit_unit<E: Error>(self) -> Result<NamesEntry, E> {
        Err(E::custom("a list of names is expected here; `[]` is the empty list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NamesEntry, A::Error> {
        let mut entry = None;
        while let Some(key) = map.next_key::<NamesKey>()? {
            if entry.is_some() {
                return Err(A::Error::custom("`exactly` and `at-least` exclude each other"));
            }
            let names = map.next_value()?;
            entry = Some(match key {
                NamesKey::Exactly => NamesEntry::Exactly(names),
                NamesKey::AtLeast => NamesEntry::AtLeast(names),
            });
        }
        entry.ok_or_else(|| A::Error::custom("`exactly` or `at-least` is missing; write `[]` for none"))
    }
}

/// Reads a value whose key is there. A key with nothing after it is a mistake: someone meant to expect something, and `None`
/// would quietly expect nothing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
