//! `orgwarden.yaml` as someone wrote it, with the place of every value.
//!
//! Only the shape is held to here. Words are kept as text, so that `validate` can report all the wrong ones at once
//! instead of stopping at the first. The doc comments of the fields are what an editor shows, through `json_schema`.

mod contract;
mod shape;

use schemars::JsonSchema;

pub(super) use self::contract::{CertificateEntry, ContractEntry, RefreshTokenEntry, ScopesEntry, SessionEntry};
use self::shape::given;
pub(super) use self::shape::{FilesEntry, NamesEntry};
use super::json_schema;
use crate::source::yaml::Spanned;

/// What this org expects of the apps it lets in.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "orgwarden policy")]
pub(in crate::policy) struct PolicyFile {
    /// A policy file that this one builds on, or several: paths relative to this file. What is said here wins, entry by entry.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::files")]
    pub(in crate::policy) extends: Option<Spanned<FilesEntry>>,
    /// What is expected of which app. An exact name wins over globs; between globs the first wins.
    #[serde(default)]
    #[schemars(with = "Vec<ContractEntry>")]
    pub(in crate::policy) contracts: Option<Vec<ContractEntry>>,
    /// How much audits ask: `minimal`, `recommended` (the default), `strict` or `auditor`. `--preset` wins.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::preset")]
    pub(in crate::policy) preset: Option<Spanned<String>>,
    /// Rules switched off, or given another severity, for everything.
    #[serde(default)]
    #[schemars(with = "Vec<SwitchEntry>")]
    pub(in crate::policy) rules: Option<Vec<SwitchEntry>>,
    /// Findings that are accepted for now, with a reason, a name and a last day.
    #[serde(default)]
    #[schemars(with = "Vec<WaiverEntry>")]
    pub(in crate::policy) waivers: Option<Vec<WaiverEntry>>,
    /// What is expected of some orgs beyond that, or instead of it: of production, of sandboxes, of one org.
    #[serde(default)]
    #[schemars(with = "Vec<EnvironmentEntry>")]
    pub(in crate::policy) environments: Option<Vec<EnvironmentEntry>>,
    /// Whether apps that no contract is about are findings: `report`, or `allow`, which is the default.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::unlisted_apps")]
    pub(in crate::policy) unlisted_apps: Option<Spanned<String>>,
    /// What every contract has to say; without it is a finding.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::governance_keys")]
    pub(in crate::policy) require_in_contracts: Option<Spanned<Vec<Spanned<String>>>>,
    /// Whether waivers may be without `expires`.
    #[serde(default)]
    pub(in crate::policy) endless_waivers: bool,
    /// Whether waivers in comments of metadata files count.
    #[serde(default = "yes")]
    pub(in crate::policy) inline_waivers: bool,
}

const fn yes() -> bool {
    true
}

/// What is expected of some orgs. An entry stands in for the one for everything about the same app, rule or finding.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "environment")]
pub(in crate::policy) struct EnvironmentEntry {
    /// How it is called, in reports and by `--environment`.
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) name: Spanned<String>,
    /// The orgs that belong to it: `production`, `sandbox`, an id, an alias or user name, a domain, or a glob of these. Without it the name.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::orgs")]
    pub(in crate::policy) orgs: Option<Spanned<Vec<Spanned<String>>>>,
    /// Contracts for these orgs.
    #[serde(default)]
    #[schemars(with = "Vec<ContractEntry>")]
    pub(in crate::policy) contracts: Option<Vec<ContractEntry>>,
    /// Switches for these orgs.
    #[serde(default)]
    #[schemars(with = "Vec<SwitchEntry>")]
    pub(in crate::policy) rules: Option<Vec<SwitchEntry>>,
    /// Waivers for these orgs.
    #[serde(default)]
    #[schemars(with = "Vec<WaiverEntry>")]
    pub(in crate::policy) waivers: Option<Vec<WaiverEntry>>,
}

/// A rule switched off, or given another severity.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "switch", extend("anyOf" = [{ "required": ["severity"] }, { "required": ["enabled"] }]))]
pub(in crate::policy) struct SwitchEntry {
    /// The rule's id.
    #[schemars(with = "String")]
    pub(in crate::policy) rule: Spanned<String>,
    /// The severity its findings get.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::severity")]
    pub(in crate::policy) severity: Option<Spanned<String>>,
    /// Whether it runs.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(in crate::policy) enabled: Option<Spanned<bool>>,
}

/// A waiver in a comment of a metadata file. What it is about is the element it stands beside.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct InlineWaiverEntry {
    pub(in crate::policy) rule: Spanned<String>,
    pub(in crate::policy) reason: Spanned<String>,
    pub(in crate::policy) owner: Spanned<String>,
    #[serde(default, deserialize_with = "given")]
    pub(in crate::policy) ticket: Option<Spanned<String>>,
    #[serde(default, deserialize_with = "given")]
    pub(in crate::policy) expires: Option<Spanned<String>>,
    #[serde(default, deserialize_with = "given")]
    pub(in crate::policy) status: Option<Spanned<String>>,
}

/// Findings of a rule that are accepted for now.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "waiver")]
pub(in crate::policy) struct WaiverEntry {
    /// The rule's id.
    #[schemars(with = "String")]
    pub(in crate::policy) rule: Spanned<String>,
    /// Full name of the app, or a glob as in contracts; for rules about apps, which need it.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) app: Option<Spanned<String>>,
    /// For other rules: name of what they are about, or a glob; without it everything they are about.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) subject: Option<Spanned<String>>,
    /// Accept these values of one fact of the evidence alone; with another one it is a finding.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::accepted_values")]
    pub(in crate::policy) evidence: Option<Spanned<Vec<Spanned<String>>>>,
    /// Why it is accepted.
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) reason: Spanned<String>,
    /// Who answers for it: a person or a team.
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) owner: Spanned<String>,
    /// Where it is discussed.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) ticket: Option<Spanned<String>>,
    /// The last day it is accepted, as YYYY-MM-DD. May be left out with `endless-waivers` only.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::day")]
    pub(in crate::policy) expires: Option<Spanned<String>>,
    /// What is going to become of the finding; `accepted` if not given.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "json_schema::status")]
    pub(in crate::policy) status: Option<Spanned<String>>,
}
