//! A contract as someone wrote it.

use schemars::JsonSchema;

use super::super::json_schema;
use super::SwitchEntry;
use super::shape::{NamesEntry, given};
use crate::source::yaml::Spanned;

/// What is expected of the apps of a name. What is not mentioned is not judged.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "contract")]
pub(in crate::policy) struct ContractEntry {
    /// Full name of the app, or a glob: `*`, `?`, `[ab]`, `{one,two}`. Upper and lower case are different.
    #[schemars(with = "String")]
    pub(in crate::policy) app: Spanned<String>,
    /// `absent`: no such app may be there.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::expect")]
    pub(in crate::policy) expect: Option<Spanned<String>>,
    /// Who answers for the app: a person or a team.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) owner: Option<Spanned<String>>,
    /// How much depends on the app.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::criticality")]
    pub(in crate::policy) criticality: Option<Spanned<String>>,
    /// Who makes the app.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) vendor: Option<Spanned<String>>,
    /// The flows the app is for, and no others; `[]` for none.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::flows")]
    pub(in crate::policy) flows: Option<Spanned<Vec<Spanned<String>>>>,
    /// Permitted Users.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::permitted_users")]
    pub(in crate::policy) permitted_users: Option<Spanned<String>>,
    /// What is expected of the scopes, by their OAuth names.
    #[serde(default)]
    pub(in crate::policy) scopes: ScopesEntry,
    /// Assigned profiles, by label or file name: exactly these, or `at-least` these.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::names")]
    pub(in crate::policy) profiles: Option<Spanned<NamesEntry>>,
    /// Assigned permission sets, by label or API name: exactly these, or `at-least` these.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::names")]
    pub(in crate::policy) permission_sets: Option<Spanned<NamesEntry>>,
    /// User names of those who must be able to use the app, by its flows.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::texts")]
    pub(in crate::policy) users: Option<Spanned<Vec<Spanned<String>>>>,
    /// IP Relaxation.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::ip_relaxation")]
    pub(in crate::policy) ip_relaxation: Option<Spanned<String>>,
    /// How long refresh tokens may be good for.
    #[serde(default)]
    pub(in crate::policy) refresh_token: RefreshTokenEntry,
    /// What is expected of sessions.
    #[serde(default)]
    pub(in crate::policy) session: SessionEntry,
    /// Hosts that callback URLs may lead to, and no others; `*` stands for any number of characters.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::texts")]
    pub(in crate::policy) callbacks: Option<Spanned<Vec<Spanned<String>>>>,
    /// What is expected of the app's certificates.
    #[serde(default)]
    pub(in crate::policy) certificate: CertificateEntry,
    /// Rules switched off, or given another severity, for these apps only. Wins over the switches for everything.
    #[serde(default)]
    pub(in crate::policy) rules: Vec<SwitchEntry>,
}

/// Expectations about scopes.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "scopes")]
pub(in crate::policy) struct ScopesEntry {
    /// Must be there.
    #[serde(default)]
    #[schemars(schema_with = "json_schema::scopes")]
    pub(in crate::policy) require: Vec<Spanned<String>>,
    /// May be there. If given, nothing but these and the required ones may.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::scopes")]
    pub(in crate::policy) allow: Option<Spanned<Vec<Spanned<String>>>>,
    /// Must not be there.
    #[serde(default)]
    #[schemars(schema_with = "json_schema::scopes")]
    pub(in crate::policy) forbid: Vec<Spanned<String>>,
}

/// How long refresh tokens may be good for, as `90 days`, `12 hours`, `3 months`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "refresh-token")]
pub(in crate::policy) struct RefreshTokenEntry {
    /// From issue to end, however much the token is used.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::period")]
    pub(in crate::policy) max_lifetime: Option<Spanned<String>>,
    /// From the last use to the end.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::period")]
    pub(in crate::policy) max_idle: Option<Spanned<String>>,
}

/// What is expected of sessions.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "session")]
pub(in crate::policy) struct SessionEntry {
    /// The app has a session timeout of its own, of at most so many minutes.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "i64", range(min = 1))]
    pub(in crate::policy) max_minutes: Option<Spanned<i64>>,
    /// Whether the app asks for a high-assurance session.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(in crate::policy) high_assurance: Option<Spanned<bool>>,
}

/// What is expected of the app's certificates.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "certificate")]
pub(in crate::policy) struct CertificateEntry {
    /// Days that must be left.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "i64", range(min = 1))]
    pub(in crate::policy) min_days: Option<Spanned<i64>>,
    /// Least size of an RSA key, in bits.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "i64", range(min = 1))]
    pub(in crate::policy) min_key_bits: Option<Spanned<i64>>,
}
