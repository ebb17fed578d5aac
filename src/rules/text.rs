//! Values of facts as text, for messages and evidence.

use std::collections::BTreeMap;

use super::value::{Item, ItemValue, Value};

/// What stands for an absent fact or an empty list.
pub(super) const NOTHING: &str = "none";

impl Value {
    /// The value in words: lists joined by commas, `none` for what is absent or empty.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Text(text) => text.to_string(),
            Self::List(items) => join(items.iter().map(Item::text_of)),
            Self::Absent => NOTHING.to_owned(),
        }
    }
}

impl Item {
    /// The element in words; of an object what names it: its URL, its range, its name, its subject, its user or profile, or its first text.
    #[must_use]
    pub fn text_of(&self) -> String {
        match &self.value {
            ItemValue::Text(text) => text.to_string(),
            ItemValue::Object(fields) => name_of(fields),
        }
    }
}

/// Joins the elements of a list.
pub(super) fn join(elements: impl Iterator<Item = String>) -> String {
    let elements: Vec<String> = elements.collect();
    if elements.is_empty() { NOTHING.to_owned() } else { elements.join(", ") }
}

fn name_of(fields: &BTreeMap<&'static str, Value>) -> String {
    let text = |name: &str| match fields.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    };
    if let (Some(start), Some(end)) = (text("start"), text("end")) {
        let range = format!("{start}-{end}");
        return text("profile").map_or_else(|| range.clone(), |profile| format!("{profile} ({range})"));
    }
    if let Some(named) = ["user", "app", "holder", "profile"].into_iter().find_map(text) {
        return match measure(fields) {
            Some(measure) => format!("{named} ({measure})"),
            None => named,
        };
    }
    ["url", "name", "subject"].into_iter().chain(fields.keys().copied()).find_map(text).unwrap_or_default()
}

/// What is most worth knowing of a user, an app or a holder beside the name; of a request that is refused the flow and why.
fn measure(fields: &BTreeMap<&'static str, Value>) -> Option<String> {
    let number = |field: &'static str, of: &str| match fields.get(field) {
        Some(Value::Int(1)) => Some(format!("1 {of}")),
        Some(Value::Int(number)) => Some(format!("{number} {of}s")),
        _ => None,
    };
    let text = |field: &'static str| match fields.get(field) {
        Some(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    let refusal = || Some(format!("{}: {}", text("flow")?, text("because")?));
    number("active_users", "active user")
        .or_else(|| number("users", "user"))
        .or_else(|| number("days", "day"))
        .or_else(|| text("permission"))
        .or_else(|| text("permissions"))
        .or_else(refusal)
        .or_else(|| number("tokens", "token"))
}

impl Value {
    /// The value as JSON; an absent one is `null`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Text(text) => text.as_ref().into(),
            Self::List(items) => items.iter().map(|item| item.value.to_json()).collect(),
            Self::Absent => serde_json::Value::Null,
        }
    }
}

impl ItemValue {
    fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_ref().into(),
            Self::Object(fields) => fields
                .iter()
                .filter(|(_, value)| **value != Value::Absent)
                .map(|(name, value)| ((*name).to_owned(), value.to_json()))
                .collect(),
        }
    }
}
