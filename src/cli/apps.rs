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
        // An org may have the app and not have told.
        Err(if collected.has_gaps() && !is_files { Outcome::Incomplete } else { Outcome::Misuse })
    }
}
