//! A rule file as written: keys and places, no meaning yet. [`super::validate`] turns it into a [`super::Rule`].

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::source::yaml::Spanned;

/// Everything a rule file can say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RuleFile {
    pub(super) id: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) severity: Spanned<String>,
    #[serde(default)]
    pub(super) severity_if: Vec<SeverityIf>,
    pub(super) effect: Spanned<String>,
    pub(super) applies_to: Spanned<String>,
    pub(super) source: Option<Spanned<String>>,
    pub(super) preset: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) tags: Vec<Spanned<String>>,
    pub(super) why: Spanned<String>,
    pub(super) manual: Option<Spanned<ManualEntry>>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) check: Option<Spanned<String>>,
    pub(super) message: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) evidence: Vec<EvidenceEntry>,
    pub(super) remediation: Option<Spanned<RemediationEntry>>,
    pub(super) fix: Option<Spanned<FixEntry>>,
    #[serde(default)]
    pub(super) controls: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) references: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) examples: Vec<ExampleEntry>,
}

/// A check that is made by hand, instead of a condition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ManualEntry {
    #[serde(rename = "where")]
    pub(super) place: Spanned<String>,
    pub(super) look_at: Spanned<String>,
    pub(super) right: Spanned<String>,
}

/// Another severity where a condition holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeverityIf {
    pub(super) severity: Spanned<String>,
    pub(super) when: Spanned<String>,
}

/// A fact to show with a finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceEntry {
    pub(super) fact: Spanned<String>,
    #[serde(rename = "where")]
    pub(super) keep: Option<Spanned<String>>,
    pub(super) missing: Option<Spanned<String>>,
}

/// How to put it right.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemediationEntry {
    #[serde(default)]
    pub(super) setup: AdviceEntry,
    #[serde(default)]
    pub(super) metadata: AdviceEntry,
}

/// How to change the metadata so that the rule holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FixEntry {
    pub(super) safe: Option<Spanned<String>>,
    #[serde(rename = "unsafe")]
    pub(super) not_safe: Option<Spanned<String>>,
    pub(super) needs: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) connected_app: Vec<Spanned<StepEntry>>,
    #[serde(default)]
    pub(super) external_client_app: Vec<Spanned<StepEntry>>,
    #[serde(default)]
    pub(super) org: Vec<Spanned<StepEntry>>,
}

/// One change of a fix.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct StepEntry {
    #[serde(rename = "in")]
    pub(super) holder: Option<Spanned<String>>,
    pub(super) set: Option<Spanned<String>>,
    pub(super) add: Option<Spanned<String>>,
    pub(super) remove: Option<Spanned<String>>,
    pub(super) to: Option<Spanned<String>>,
    pub(super) value: Option<Spanned<String>>,
    pub(super) each: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
}

/// What to do: a text, or one for each kind of app.
#[derive(Debug)]
pub(super) enum AdviceEntry {
    Same(String),
    ByKind(AdviceByKind),
}

/// What to do, for each kind of app.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AdviceByKind {
    #[serde(default)]
    pub(super) connected_app: String,
    #[serde(default)]
    pub(super) external_client_app: String,
}

impl Default for AdviceEntry {
    fn default() -> Self {
        Self::Same(String::new())
    }
}

impl<'de> Deserialize<'de> for AdviceEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AdviceVisitor)
    }
}

struct AdviceVisitor;

impl<'de> Visitor<'de> for AdviceVisitor {
    type Value = AdviceEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or one each for connected-app and external-client-app")
    }

    fn visit_str<E>(self, value: &str) -> Result<AdviceEntry, E> {
        Ok(AdviceEntry::Same(value.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<AdviceEntry, A::Error> {
        AdviceByKind::deserialize(MapAccessDeserializer::new(access)).map(AdviceEntry::ByKind)
    }
}

/// A subject made up to show what the rule says of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleEntry {
    pub(super) name: Spanned<String>,
    pub(super) facts: Option<Spanned<Node>>,
    #[serde(default)]
    pub(super) unknown: Vec<Spanned<String>>,
    pub(super) verdict: Spanned<String>,
    pub(super) severity: Option<Spanned<String>>,
    pub(super) message: Option<Spanned<String>>,
}

/// Any YAML value, with the places of all it holds.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Float,
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a fact")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(i64::try_from(value).map_or(Node::Float, Node::Int))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Float)
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }
}
