//! The files of the catalogue as written; [`super::catalogue`] puts them together.

use serde::Deserialize;

use super::{Answer, Condition, Confidence, FlowWord, Remedy};

/// A condition, its remedies by their ids.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ConditionEntry {
    pub(super) id: String,
    title: String,
    #[serde(default)]
    flows: Vec<FlowWord>,
    #[serde(default)]
    answers: Vec<Answer>,
    #[serde(default = "sure")]
    refusal: Confidence,
    meaning: String,
    basis: String,
    confirm: String,
    remedies: Vec<String>,
    #[serde(default)]
    references: Vec<String>,
}

/// Most conditions are known to have their effect, whatever is known of the answer.
const fn sure() -> Confidence {
    Confidence::High
}

/// The conditions that share a text, the most likely first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct SharedText {
    pub(super) text: String,
    pub(super) conditions: Vec<Likely>,
}

/// A condition that can be behind a text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Likely {
    pub(super) id: String,
    /// Why it can be, where the condition itself has no answer with the text.
    #[serde(default)]
    pub(super) basis: Option<String>,
}

impl ConditionEntry {
    /// The condition with the remedies it names, or the id of a remedy that does not exist.
    pub(super) fn resolve(self, group: &str, remedies: &[Remedy]) -> Result<Condition, String> {
        let find = |id: String| remedies.iter().find(|remedy| remedy.id == id).cloned().ok_or(id);
        Ok(Condition {
            group: group.to_owned(),
            id: self.id,
            title: self.title,
            flows: self.flows,
            answers: self.answers,
            refusal: self.refusal,
            meaning: self.meaning,
            basis: self.basis,
            confirm: self.confirm,
            remedies: self.remedies.into_iter().map(find).collect::<Result<_, _>>()?,
            references: self.references,
        })
    }
}
