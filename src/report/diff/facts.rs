//! Facts that changed, a line each.

use serde_json::Value;

use crate::compare::FactChange;

/// What names an object of a list.
const NAMES: [&str; 7] = ["url", "name", "subject", "user", "app", "holder", "start"];

/// A line for each fact: `path: before -> after`, of a list only what is on one side alone. Facts that one side does not know for the same reason
/// share a line.
pub(super) fn lines(changes: &[FactChange]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut unknown: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for change in changes {
        let (side, reason) = match (&change.before, &change.after) {
            (Ok(before), Ok(after)) => {
                lines.push(format!("{}: {}", change.path, both(before, after)));
                continue;
            }
            (Err(reason), _) => ("before", reason.as_ref()),
            (_, Err(reason)) => ("after", reason.as_ref()),
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

fn both(before: &Value, after: &Value) -> String {
    let (Value::Array(old), Value::Array(new)) = (before, after) else { return format!("{} -> {}", text(before), text(after)) };
    let gone: Vec<&Value> = old.iter().filter(|item| !new.contains(item)).collect();
    let come: Vec<&Value> = new.iter().filter(|item| !old.contains(item)).collect();
    let names = |items: &[&Value]| items.iter().map(|item| text(item)).collect::<Vec<_>>();
    let (old_names, new_names) = (names(&gone), names(&come));
    // Two things of one name differ in something else, which is worth seeing.
    let told = |items: &[&Value], own: &[String], others: &[String], sign: &str| {
        let one = |(item, name): (&&Value, &String)| if others.contains(name) { item.to_string() } else { name.clone() };
        let texts: Vec<String> = items.iter().zip(own).map(one).map(|text| format!("{sign} {text}")).collect();
        texts
    };
    [told(&gone, &old_names, &new_names, "-"), told(&come, &new_names, &old_names, "+")].concat().join(", ")
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
