//! A step of a fix as changes to one file.

use super::change::Change;
use super::list;
use crate::inventory::Reason;
use crate::inventory::oauth::KnownScope;
use crate::inventory::template::holds_variable;
use crate::metadata::Record;
use crate::rules::Truth;
use crate::rules::fix::{Action, Step, Value, holds_scopes, is_comma_separated};
use crate::rules::value::{FactSet, ItemValue, Value as FactValue};

/// The texts of a step for a subject, where it concerns that; a step that takes an element away has one that is none.
///
/// # Errors
///
/// What is not known, and why.
pub(super) fn texts(step: &Step, facts: &FactSet) -> Result<Option<Vec<Option<String>>>, Reason> {
    match step.when.as_ref().map(|when| when.holds(facts)) {
        Some(Truth::False) => return Ok(None),
        Some(Truth::Unknown(reason)) => return Err(reason),
        Some(Truth::True) | None => {}
    }
    match &step.value {
        Value::Any => Ok(Some(vec![None])),
        Value::Text(text) => Ok(Some(vec![Some(text.value(facts)?)])),
        Value::Each(path) => match facts.get(path).map(|fact| &fact.state) {
            Some(Ok(FactValue::List(items))) => {
                let text = |value: &ItemValue| match value {
                    ItemValue::Text(text) => Some(text.to_string()),
                    ItemValue::Object(_) => None,
                };
                Ok(Some(items.iter().filter_map(|item| text(&item.value)).map(Some).collect()))
            }
            Some(Err(reason)) => Err(reason.clone()),
            Some(Ok(_)) | None => Ok(None),
        },
    }
}

/// The changes to a file that carry out a step with one of its texts.
///
/// # Errors
///
/// A scope that metadata has no word for, as far as this version knows.
pub(super) fn changes(step: &Step, text: Option<&str>, record: &Record) -> Result<Vec<Change>, Reason> {
    let path = &step.path;
    let Some(text) = text else { return Ok(vec![Change::Remove { path: path.clone(), text: None }]) };
    if holds_scopes(path) {
        return scope(step, text, record);
    }
    Ok(vec![one(step.action, path, text)])
}

fn one(action: Action, path: &str, text: &str) -> Change {
    let (path, text) = (path.to_owned(), text.to_owned());
    match (action, is_comma_separated(&path)) {
        (Action::Set, _) => Change::Set { path, text },
        (Action::Add, false) => Change::Add { path, text },
        (Action::Add, true) => Change::AddItem { path, item: text },
        (Action::Remove, false) => Change::Remove { path, text: Some(text) },
        (Action::Remove, true) => Change::RemoveItem { path, item: text },
    }
}

/// A scope has one name and may have several words: each of those that the file has goes, and none comes where it has one. A step that names
/// a word of metadata is about that word alone.
fn scope(step: &Step, name: &str, record: &Record) -> Result<Vec<Change>, Reason> {
    let is_list = is_comma_separated(&step.path);
    let elements = record.elements(&step.path);
    let words =
        elements.iter().flat_map(|element| if is_list { list::items(&element.text).collect() } else { vec![element.trimmed()] });
    let is_it = |word: &str| word == name || KnownScope::from_metadata(word).is_some_and(|known| known.name() == name);
    let there = words.filter(|word| is_it(word));
    match step.action {
        Action::Add => {
            if let Some(word) = there.into_iter().next() {
                // Nothing comes, but that it is there is what is wanted.
                return Ok(vec![one(Action::Add, &step.path, word)]);
            }
            let known = KnownScope::from_any_name(name)
                .ok_or_else(|| Reason::from(format!("this version does not know how metadata writes the scope `{name}`")))?;
            let word = known.external_client_app.filter(|_| is_list).unwrap_or(known.metadata);
            Ok(vec![one(Action::Add, &step.path, word)])
        }
        Action::Set | Action::Remove => Ok(there.map(|word| one(Action::Remove, &step.path, word)).collect()),
    }
}

/// Whether a person or a program fills in what a change would replace.
///
/// # Errors
///
/// The template variable's element.
pub(super) fn is_editable(record: &Record, change: &Change) -> Result<(), Reason> {
    let (Change::Set { path, .. } | Change::AddItem { path, .. } | Change::RemoveItem { path, .. }) = change else { return Ok(()) };
    if record.elements(path).iter().any(|element| holds_variable(element.trimmed())) {
        return Err(format!("`{path}` holds a template variable, which is filled in elsewhere").into());
    }
    Ok(())
}
