//! The apps a command is about, by full name or glob.

use super::Outcome;
use super::terminal::View;
use crate::collect::Collected;
use crate::diagnostic::did_you_mean;
use crate::inventory::app::App;
use crate::policy::AppPattern;
use crate::report::untrusted;

/// The apps that are meant, or what a run amounts to where there are none, which has been said.
pub(super) enum Choice<'a> {
    /// At least one app.
    Apps(Vec<&'a App>),
    /// None.
    None(Outcome),
}

/// A pattern for app names; none where it is no glob, which has been said.
pub(super) fn pattern(written: &str, view: &View<'_>) -> Option<AppPattern> {
    AppPattern::new(written).map_err(|error| view.error(&format!("`{written}` is no app name or glob: {error}"))).ok()
}

/// Picks the apps of a name or glob.
pub(super) fn choose<'a>(
    written: &str,
    pattern: &AppPattern,
    collected: &'a Collected,
    of_files: bool,
    view: &View<'_>,
) -> Choice<'a> {
    let inventory = &collected.inventory;
    let apps: Vec<&App> = inventory.apps.iter().filter(|app| pattern.matches(&app.name)).collect();
    if !apps.is_empty() {
        return Choice::Apps(apps);
    }
    view.error(&format!("no app of the source is named `{written}`"));
    let names: Vec<&str> = inventory.apps.iter().map(|app| app.name.as_str()).collect();
    if let Some(near) = did_you_mean(written, names) {
        view.note(&format!("help: did you mean `{}`?", untrusted::line(near)));
    }
    // An org may have the app and not have told.
    Choice::None(if collected.has_gaps() && !of_files { Outcome::Incomplete } else { Outcome::Misuse })
}
