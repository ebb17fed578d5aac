//! Facts that changed, as rows of a table.

use serde_json::Value;

use crate::compare::FactChange;

/// What names an object of a list.
const NAMES: [&str; 7] = ["url", "name", "subject", "user", "app", "holder", "start"];

/// A row for each fact: path, before, after. Of a list only what is on one side alone. Facts that one side does not know for the same reason share
/// a row.
pub(super) fn rows(changes: &[FactChange]) -> Vec<[String; 3]> {
    let mut rows = Vec::new();
    let mut unknown: Vec<(Vec<&str>, String, String)> = Vec::new();
    for change in changes {
        let (before, after) = match (&change.before, &change.after) {
            (Ok(before), Ok(after)) => {
                let (before, after) = both(before, after);
                rows.push([change.path.to_owned(), before, after]);
                continue;
            }
            (Err(reason), _) => (format!("unknown: {reason}"), "known".to_owned()),
            (_, Err(reason)) => ("known".to_owned(), format!("unknown: {reason}")),
        };
        match unknown.iter_mut().find(|(_, one, other)| *one == before && *other == after) {
            Some((paths, ..)) => paths.push(change.path),
            None => unknown.push((vec![change.path], before, after)),
        }
    }
    rows.extend(unknown.into_iter().map(|(paths, before, after)| [paths.join(", "), before, after]));
    rows
}

fn both(before: &Value, after: &Value) -> (String, String) {
    let (Value::Array(old), Value::Array(new)) = (before, after) else { return (text(before), text(after)) };
    let gone: Vec<&Value> = old.iter().filter(|item| !new.contains(item)).collect();
    let come: Vec<&Value> = new.iter().filter(|item| !old.contains(item)).collect();
    let names = |items: &[&Value]| items.iter().map(|item| text(item)).collect::<Vec<_>>();
    let (old_names, new_names) = (names(&gone), names(&come));
    // Two things of one name differ in something else, which is worth seeing.
    let told = |items: &[&Value], own: &[String], others: &[String], sign: &str| {
        let one = |(item, name): (&&Value, &String)| if others.contains(name) { item.to_string() } else { name.clone() };
        items.iter().zip(own).map(one).map(|text| format!("{sign} {text}")).collect::<Vec<_>>().join(", ")
    };
    (told(&gone, &old_names, &new_names, "-"), told(&come, &new_names, &old_names, "+"))
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
