//! Facts that changed, a line each.

use serde_json::Value;

use super::words::Words;
use crate::compare::{FactChange, When};

/// What names an object of a list.
const NAMES: [&str; 7] = ["url", "name", "subject", "user", "app", "holder", "start"];

/// A line for each fact: `path: before -> after`, of a list only what is on one side alone. Facts that one side does not know for the same reason
/// share a line.
pub(super) fn lines(changes: &[FactChange], words: Words) -> Vec<String> {
    let mut lines = Vec::new();
    let mut unknown: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for change in changes {
        let (side, reason) = match (&change.before, &change.after) {
            (Ok(before), Ok(after)) => {
                lines.push(format!("{}: {}", change.path, both(before, after, words)));
                continue;
            }
            (Err(reason), _) => (words.on(When::Before), reason.as_ref()),
            (_, Err(reason)) => (words.on(When::After), reason.as_ref()),
        };
        match unknown.iter_mut().find(|(when, why, _)| *when == side && *why == reason) {
            Some((.., paths)) => paths.push(change.path),
            None => unknown.push((side, reason, vec![change.path])),
        }
    }
    let told =
        |(side, reason, paths): (&str, &str, Vec<&str>)| format!("Not known {side}, because {reason}: {}.", paths.join(", "));
    lines.extend(unknown.into_iter().map(told));
    lines
}

/// What the files leave out and the org has otherwise than by default, in one line.
pub(super) fn left_out(changes: &[FactChange], words: Words) -> Option<String> {
    let of_org = |change: &FactChange| {
        let side = if words.source() == Some(When::Before) { &change.after } else { &change.before };
        side.as_ref().ok().map(|value| format!("{} {}", change.path, listed(value)))
    };
    let told: Vec<String> = changes.iter().filter_map(of_org).collect();
    (!told.is_empty()).then(|| format!("Set in the org, and left out of the source: {}.", told.join("; ")))
}

fn listed(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => text(other),
    }
}

fn both(before: &Value, after: &Value, words: Words) -> String {
    let (Value::Array(old), Value::Array(new)) = (before, after) else {
        return if words.is_drift() {
            format!("{} {}, {} {}", text(before), words.on(When::Before), text(after), words.on(When::After))
        } else {
            format!("{} -> {}", text(before), text(after))
        };
    };
    let gone: Vec<&Value> = old.iter().filter(|item| !new.contains(item)).collect();
    let come: Vec<&Value> = new.iter().filter(|item| !old.contains(item)).collect();
    let names = |items: &[&Value]| items.iter().map(|item| text(item)).collect::<Vec<_>>();
    let (old_names, new_names) = (names(&gone), names(&come));
    // Two things of one name differ in something else, which is worth seeing.
    let told = |items: &[&Value], own: &[String], others: &[String], sign: &str| {
        let one = |(item, name): (&&Value, &String)| if others.contains(name) { item.to_string() } else { name.clone() };
        let texts: Vec<String> = items.iter().zip(own).map(one).map(|text| format!("{sign}{text}")).collect();
        texts
    };
    if words.is_drift() {
        let alone =
            |texts: Vec<String>, when| (!texts.is_empty()).then(|| format!("{} {} alone", texts.join(", "), words.on(when)));
        let before = alone(told(&gone, &old_names, &new_names, ""), When::Before);
        let after = alone(told(&come, &new_names, &old_names, ""), When::After);
        return [before, after].into_iter().flatten().collect::<Vec<_>>().join("; ");
    }
    [told(&gone, &old_names, &new_names, "- "), told(&come, &new_names, &old_names, "+ ")].concat().join(", ")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let name = NAMES.iter().find_map(|name| fields.get(*name)).and_then(Value::as_str);
            name.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}
