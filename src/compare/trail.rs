//! Lines of the Setup Audit Trail that may be about an app. Their texts are not documented: that one names an app proves nothing.

use crate::finding::Subject;
use crate::inventory::org::SetupChange;

/// What lines about apps speak of, in lower case and without spaces.
const ABOUT_APPS: [&str; 3] = ["connectedapp", "externalclientapp", "oauth"];

/// The lines that name an app by its label or full name, as whole words, in their order.
///
/// A name of one plain word may mean anything: then the line has to speak of apps as well.
pub fn about<'t>(lines: &'t [SetupChange], app: &Subject) -> impl Iterator<Item = &'t SetupChange> {
    let names: Vec<String> =
        [&app.name, &app.label].into_iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect();
    lines.iter().filter(move |line| {
        let display = line.display.to_lowercase();
        names.iter().any(|name| holds_words(&display, name) && (!is_plain(name) || speaks_of_apps(line)))
    })
}

fn is_plain(name: &str) -> bool {
    name.chars().all(char::is_alphabetic)
}

fn speaks_of_apps(line: &SetupChange) -> bool {
    [&line.section, &line.action, &line.display].into_iter().any(|text| {
        let text: String = text.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
        ABOUT_APPS.iter().any(|word| text.contains(word))
    })
}

/// Whether a text holds a name that no letter, digit or underscore goes on from.
fn holds_words(text: &str, name: &str) -> bool {
    let goes_on = |neighbour: Option<char>| neighbour.is_some_and(|character| character.is_alphanumeric() || character == '_');
    text.match_indices(name).any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
        !goes_on(before) && !goes_on(after)
    })
}
