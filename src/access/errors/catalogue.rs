//! The catalogue, put together from what is built in.

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

use super::file::{ConditionEntry, SharedText};
use super::wording::plain;
use super::{Answer, Cause, Condition, Remedy};
use crate::builtin::{self, BuiltinError, EmbeddedFile};

/// The remedies that conditions name.
const REMEDIES: &str = "errors/remedies.yaml";
/// The order of conditions that share a text.
const CAUSES: &str = "errors/causes.yaml";

/// Every known condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    pub(super) conditions: Vec<Condition>,
    /// The texts that several conditions share.
    pub(super) shared: Vec<SharedText>,
    /// Every text of answers and of those shared: plain, and as it is written.
    pub(super) texts: Vec<(String, String)>,
}

/// Path and text of every file under `errors/`, made by `build.rs`.
static FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/builtin_errors.rs"));

/// The built-in catalogue, read once.
///
/// # Errors
///
/// What is wrong with its files, which the tests of this crate rule out.
pub fn catalogue() -> Result<&'static Catalogue, &'static BuiltinError> {
    static CATALOGUE: LazyLock<Result<Catalogue, BuiltinError>> = LazyLock::new(read);
    CATALOGUE.as_ref()
}

fn read() -> Result<Catalogue, BuiltinError> {
    let remedies: Vec<Remedy> = list(REMEDIES)?;
    let mut conditions: Vec<Condition> = Vec::new();
    for (file, _) in FILES.iter().filter(|(file, _)| ![REMEDIES, CAUSES].contains(file)) {
        let group = file.trim_start_matches("errors/").trim_end_matches(".yaml");
        for entry in list::<ConditionEntry>(file)? {
            let problem = |problem| BuiltinError { file, problem };
            if conditions.iter().any(|condition| condition.id == entry.id) {
                return Err(problem(format!("there are two conditions `{}`", entry.id)));
            }
            let id = entry.id.clone();
            let resolved = entry.resolve(group, &remedies);
            conditions
                .push(resolved.map_err(|remedy| problem(format!("`{id}` names the remedy `{remedy}`, which does not exist")))?);
        }
    }
    let mut catalogue = Catalogue { conditions, shared: list(CAUSES)?, texts: Vec::new() };
    let answered = catalogue.answers().filter_map(|(_, answer)| answer.text());
    let texts = answered.chain(catalogue.shared.iter().map(|shared| shared.text.as_str()));
    catalogue.texts = texts.map(|text| (plain(text), text.to_owned())).collect();
    catalogue.check_shared().map_err(|problem| BuiltinError { file: CAUSES, problem })?;
    Ok(catalogue)
}

/// What a built-in file lists.
fn list<T: DeserializeOwned>(file: &'static str) -> Result<Vec<T>, BuiltinError> {
    let text = FILES.iter().find(|(path, _)| *path == file).map_or("", |(_, text)| *text);
    builtin::list((file, text))
}

impl Catalogue {
    /// All conditions, in the order of their files.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// A condition by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.id == id)
    }

    /// What is said of a condition that preflight has found.
    #[must_use]
    pub fn of(&self, cause: Cause) -> Option<&Condition> {
        self.get(cause.as_str())
    }

    /// Every answer with its condition.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&Condition, &Answer)> {
        self.conditions.iter().flat_map(|condition| condition.answers.iter().map(move |answer| (condition, answer)))
    }

    /// Every shared text names conditions that exist and can have it, and none that has it is left out.
    fn check_shared(&self) -> Result<(), String> {
        for shared in &self.shared {
            let text = shared.text.as_str();
            for likely in &shared.conditions {
                let condition = self.get(&likely.id).ok_or_else(|| format!("there is no condition `{}`", likely.id))?;
                if has_text(condition, text) == likely.basis.is_some() {
                    return Err(format!(
                        "`{}` needs a basis where no answer of the condition has the text, and only there",
                        likely.id
                    ));
                }
            }
            let is_named = |condition: &Condition| shared.conditions.iter().any(|likely| likely.id == condition.id);
            if let Some(left_out) = self.conditions.iter().find(|condition| has_text(condition, text) && !is_named(condition)) {
                return Err(format!("`{}` has the text \"{}\" and is not named there", left_out.id, shared.text));
            }
        }
        Ok(())
    }
}

/// Whether Salesforce can answer a condition with a text.
fn has_text(condition: &Condition, text: &str) -> bool {
    condition.answers.iter().any(|answer| answer.text() == Some(text))
}
