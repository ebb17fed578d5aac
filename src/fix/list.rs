//! Comma-separated lists, as External Client Apps have them.

/// The items of a list, white space around them dropped.
pub(super) fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// The list with an item at its end, separated as the list separates; none where it has the item.
pub(super) fn with(list: &str, item: &str) -> Option<String> {
    if items(list).any(|it| it == item) {
        return None;
    }
    let list = list.trim().trim_end_matches([',', ' ']);
    if list.is_empty() {
        return Some(item.to_owned());
    }
    Some(format!("{list}{}{item}", separator(list)))
}

/// The list without an item; none where it does not have it.
pub(super) fn without(list: &str, item: &str) -> Option<String> {
    let kept: Vec<&str> = items(list).filter(|it| *it != item).collect();
    (kept.len() < items(list).count()).then(|| kept.join(separator(list)))
}

/// Salesforce writes a space after each comma. A list of one tells nothing else.
fn separator(list: &str) -> &'static str {
    match list.find(',') {
        Some(at) if list.get(at + 1..).is_some_and(|rest| !rest.starts_with(' ')) => ",",
        _ => ", ",
    }
}
