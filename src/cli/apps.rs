//! Which apps a command is about: those of a full name or a glob.

use super::Outcome;
use super::terminal::View;
use crate::collect::Collected;
use crate::diagnostic::did_you_mean;
use crate::inventory::app::App;
use crate::policy::AppPattern;
use crate::report::untrusted;

/// A full name or a glob, as it was written.
pub(super) struct WantedApps<'a> {
    written: &'a str,
    pattern: AppPattern,
}

impl<'a> WantedApps<'a> {
    /// Reads a full name or a glob. `None` where it is neither, which has been told.
    pub(super) fn read(written: &'a str, view: &View<'_>) -> Option<Self> {
        match AppPattern::new(written) {
            Ok(pattern) => Some(Self { written, pattern }),
            Err(error) => {
                view.error(&format!("`{written}` is no app name or glob: {error}"));
                None
            }
        }
    }

    /// The apps that go by it.
    ///
    /// # Errors
    ///
    /// What the run amounts to where there are none, which has been told.
    pub(super) fn of<'i>(&self, collected: &'i Collected, is_files: bool, view: &View<'_>) -> Result<Vec<&'i App>, Outcome> {
        let all = &collected.inventory.apps;
        let apps: Vec<&App> = all.iter().filter(|app| self.pattern.matches(&app.name)).collect();
        if !apps.is_empty() {
            return Ok(apps);
        }
        view.error(&format!("no app of the source is named `{}`", self.written));
        if let Some(near) = did_you_mean(self.written, all.iter().map(|app| app.name.as_str())) {
            view.note(&format!("help: did you mean `{}`?", untrusted::line(near)));
        }
        if is_used_uninstalled(self.written, collected) {
            view.note(UNINSTALLED);
            return Err(Outcome::Incomplete);
        }
        // An org may have the app and not have told.
        Err(if collected.has_gaps() && !is_files { Outcome::Incomplete } else { Outcome::Misuse })
    }
}

/// What is known of an app that is used without being installed.
const UNINSTALLED: &str = "note: the org has tokens of an app of that name and the app is not installed, so that nothing can be read of it. Users \
                           without the permission Approve Uninstalled Connected Apps are refused, and the device flow is blocked for everybody.\n\
                           help: install it in Setup > Connected Apps OAuth Usage and ask again; `orgwarden explain app-not-installed` tells more";

/// Whether a name is that of an app that users of an org have tokens of, and that the org does not have.
fn is_used_uninstalled(name: &str, collected: &Collected) -> bool {
    let is_it = |other: &str| other.trim().eq_ignore_ascii_case(name.trim());
    let mut orgs = collected.inventory.sources.iter().filter_map(|source| source.org.as_deref());
    orgs.any(|org| {
        org.tokens.rows.iter().any(|token| token.app.is_none() && is_it(&token.app_name))
            || org.used_apps.rows.iter().any(|app| is_it(&app.name) || is_it(&app.label))
    })
}
