//! The options of an audit about baselines.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::terminal::View;
use crate::diagnostic::Diagnostic;
use crate::policy::baseline::Baseline;
use crate::report::Report;
use crate::source::{Location, SourceText};

/// What is known already, and what is to be known from now on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Baseline")]
pub(super) struct BaselineOptions {
    /// Count only what this baseline does not have towards the exit code.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what this audit finds as a baseline; may be the same file.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
}

/// A baseline and the file it was read from.
pub(super) struct Known {
    pub(super) path: String,
    pub(super) baseline: Baseline,
}

impl BaselineOptions {
    /// Reads the baseline, if one is named.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is none.
    pub(super) fn read(&self) -> Result<Option<Known>, Diagnostic> {
        let Some(path) = &self.baseline else { return Ok(None) };
        let shown = path.to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| {
            let problem = Diagnostic::error(format!("the baseline cannot be read: {error}")).at(Location::file(shown.as_str()));
            problem.help("write one with `orgwarden audit --write-baseline FILE`")
        })?;
        let baseline = Baseline::read(&SourceText::new(shown.as_str(), text))?;
        Ok(Some(Known { path: shown, baseline }))
    }

    /// Writes what an audit has found, if that is wanted, and says how much it is. Whether it was written.
    pub(super) fn write(&self, report: &Report, view: &View<'_>) -> bool {
        let Some(path) = &self.write_baseline else { return true };
        let baseline = Baseline::of(&report.findings, &report.unknown);
        // Names in it may hold anything, and it is looked at on terminals.
        if let Err(error) = fs::write(path, crate::report::untrusted::json(&baseline.to_text()).as_bytes()) {
            view.error(&format!("cannot write {}: {error}", path.display()));
            return false;
        }
        let (findings, unknown) = baseline.counts();
        let of = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let (findings, unknown) = (of(findings, "finding", "findings"), of(unknown, "undecided verdict", "undecided verdicts"));
        view.note(&format!("{findings} and {unknown} written to {} as known", path.display()));
        if report.gaps() > 0 {
            view.note("warning: the audit is incomplete: what could not be read is not in the baseline, and is new once it can");
        }
        true
    }
}
