//! Baselines: the verdicts of an audit, recorded, so that only what is new since then counts.
//!
//! A baseline holds findings and verdicts that could not be decided. Neither becomes a pass by it: they are told as ever, marked as known, and
//! only the exit code leaves them out. What the policy waives is not recorded: when the waiver ends, the finding is new.

mod file;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use file::SCHEMA_ID;

use super::judge::part_subject;
use super::{Policy, Verdicts};
use crate::compare::baseline::{Absent, Baselined, Fate, Recorded, mark, may_be_same_org};
use crate::compare::{fingerprint, values_of};
use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, KEY_FILE, ORG, PART, Subject, Undecided};
use crate::inventory::app::App;
use crate::inventory::{Inventory, OrphanPart};
use crate::rules::Rule;
use crate::rules::schema::{SourceKind, SubjectKind};
use crate::source::SourceText;

/// Recorded verdicts.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    recorded: Vec<Recorded>,
}

/// What was audited, and by what: whether a recorded verdict that is not there can be told to be gone.
#[derive(Clone, Copy)]
pub struct Audited<'a> {
    /// What was read.
    pub inventory: &'a Inventory,
    /// The rules that ran.
    pub rules: &'a [Rule],
    /// What the policy made of them.
    pub policy: &'a Policy,
    /// Whether something could not be read.
    pub has_gaps: bool,
}

impl Baseline {
    /// The baseline of an audit that found this. Whatever an earlier baseline says of it is of no account.
    #[must_use]
    pub fn of(findings: &[Finding], unknown: &[Undecided]) -> Self {
        let findings = findings.iter().map(|it| Recorded {
            severity: Some(it.severity),
            values: values_of(&it.evidence),
            ..recorded(&it.rule, &it.subject, &it.fingerprint)
        });
        let unknown = unknown.iter().map(|it| recorded(&it.rule, &it.subject, &it.fingerprint));
        Self { recorded: findings.chain(unknown).collect() }
    }

    /// The same, where apps have other names than when it was recorded: what it has of an app is taken for recorded of what that is called now.
    #[must_use]
    pub fn renamed<'s>(mut self, names: impl IntoIterator<Item = (&'s Subject, &'s Subject)>) -> Self {
        for (before, after) in names {
            let of_it =
                |it: &&mut Recorded| it.kind == before.kind && it.name == before.own_name() && it.path == before.path_in_source;
            for it in self.recorded.iter_mut().filter(of_it) {
                *it = Recorded {
                    severity: it.severity,
                    values: std::mem::take(&mut it.values),
                    ..recorded(&it.rule, after, &fingerprint(&it.rule, after))
                };
            }
        }
        self
    }

    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// The file is no baseline, or one of a form that this version does not know; with the place of the mistake.
    pub fn read(text: &Arc<SourceText>) -> Result<Self, Diagnostic> {
        file::read(text).map(|recorded| Self { recorded })
    }

    /// The file that [`Self::read`] reads: the same bytes for the same verdicts, in whatever order they come.
    #[must_use]
    pub fn to_text(&self) -> String {
        file::write(&self.recorded)
    }

    /// How many findings and how many undecided verdicts it holds.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let findings = self.recorded.iter().filter(|it| it.severity.is_some()).count();
        (findings, self.recorded.len() - findings)
    }

    /// Tells of each verdict whether the baseline has it, and what became of those that it has and the audit has not.
    #[must_use]
    pub fn apply(&self, path: String, verdicts: &mut Verdicts, audited: Audited<'_>) -> Baselined {
        let waived = verdicts.waived.iter_mut().map(|waived| &mut waived.finding);
        let mut findings: Vec<&mut Finding> = verdicts.findings.iter_mut().chain(waived).collect();
        let mut unknown: Vec<&mut Undecided> = verdicts.unknown.iter_mut().collect();
        let absent = mark(&self.recorded, &mut findings, &mut unknown);
        let absent = absent.into_iter().map(|it| Absent { recorded: it.clone(), fate: audited.fate(it, verdicts) });
        Baselined { path, absent: absent.collect() }
    }
}

/// A verdict that could not be decided.
fn recorded(rule: &str, subject: &Subject, fingerprint: &str) -> Recorded {
    Recorded {
        rule: rule.to_owned(),
        kind: subject.kind.to_owned(),
        name: subject.own_name().into_owned(),
        path: subject.path_in_source.clone(),
        org: subject.org_id.clone(),
        severity: None,
        values: Vec::new(),
        fingerprint: fingerprint.to_owned(),
    }
}

impl Audited<'_> {
    fn fate(&self, gone: &Recorded, verdicts: &Verdicts) -> Fate {
        let is_it =
            |fingerprint: &str, subject: &Subject| fingerprint == gone.fingerprint && may_be_same_org(&subject.org_id, &gone.org);
        if verdicts.unknown.iter().any(|it| is_it(&it.fingerprint, &it.subject)) || !self.asks(gone) {
            return Fate::CannotTell;
        }
        match (self.has_subject(gone), self.has_gaps) {
            (true, _) => Fate::Fixed,
            (false, true) => Fate::CannotTell,
            (false, false) => Fate::Gone,
        }
    }

    /// The sources that the verdict may be of: trees, and the org it was in.
    fn sources<'s>(&'s self, of: &'s Recorded) -> impl Iterator<Item = usize> + 's {
        let inventory = self.inventory;
        (0..inventory.sources.len()).filter(move |source| may_be_same_org(&inventory.org_id(*source), &of.org))
    }

    /// Whether the rule was asked about such a subject in one of the sources.
    fn asks(&self, of: &Recorded) -> bool {
        let Some(rule) = self.rules.iter().find(|rule| rule.id() == of.rule) else { return false };
        let app = (rule.applies_to() == SubjectKind::App).then_some(of.name.as_str());
        if self.policy.setting(rule.id(), app).severity(rule.info().severity).is_none() {
            return false;
        }
        let of_policy = matches!(rule.applies_to(), SubjectKind::Contract | SubjectKind::Waiver);
        let kind = |source| if self.inventory.org(source).is_some() { SourceKind::Org } else { SourceKind::Files };
        if of_policy { self.policy.is_of_all() } else { self.sources(of).any(|source| rule.is_for(Some(kind(source)))) }
    }

    /// Whether one of the sources has the subject. Where something could not be read, one of the same name elsewhere may be another one.
    fn has_subject(&self, of: &Recorded) -> bool {
        let sources: BTreeSet<usize> = self.sources(of).collect();
        let inventory = self.inventory;
        match of.kind.as_str() {
            ORG => {
                let with_settings = inventory.settings.iter().map(|it| it.source);
                with_settings.chain(inventory.sources_without_settings()).any(|source| sources.contains(&source))
            }
            KEY_FILE => inventory.key_files.iter().any(|file| sources.contains(&file.source) && file.path_in_source == of.name),
            PART => {
                let name = |part: &OrphanPart| part_subject(part, inventory).own_name() == of.name;
                inventory.orphans.iter().any(|part| sources.contains(&part.source) && name(part))
            }
            kind if kind == SubjectKind::Contract.as_str() || kind == SubjectKind::Waiver.as_str() => true,
            kind => {
                let is_there = |app: &App| !self.has_gaps || of.path.is_empty() || app.path_in_source.replace('\\', "/") == of.path;
                let is_it = |app: &App| app.kind.as_str() == kind && app.name == of.name && is_there(app);
                inventory.apps.iter().any(|app| sources.contains(&app.source) && is_it(app))
            }
        }
    }
}

/// The JSON Schema (2020-12) of a baseline.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    file::json_schema()
}
