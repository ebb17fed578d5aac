//! Rules switched off, or given another severity.

use std::collections::BTreeMap;

use crate::finding::Severity;

/// What the policy says of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// It runs, at its own severity.
    #[default]
    AsItIs,
    /// It runs, and its findings have this severity.
    Severity(Severity),
    /// It does not run.
    Off,
}

impl Setting {
    /// The severity of the findings of a rule whose own severity is `own`; none where the rule is off.
    #[must_use]
    pub const fn severity(self, own: Severity) -> Option<Severity> {
        match self {
            Self::AsItIs => Some(own),
            Self::Severity(severity) => Some(severity),
            Self::Off => None,
        }
    }
}

/// The settings of one list of the policy, by rule id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switches(BTreeMap<String, Setting>);

impl Switches {
    /// What the list says of a rule; none where it does not mention it.
    #[must_use]
    pub fn get(&self, rule_id: &str) -> Option<Setting> {
        self.0.get(rule_id).copied()
    }

    /// These settings, and those of the other list about rules that are not among them.
    #[must_use]
    pub(super) fn over(mut self, under: &Self) -> Self {
        for (rule, setting) in &under.0 {
            self.0.entry(rule.clone()).or_insert(*setting);
        }
        self
    }
}

impl FromIterator<(String, Setting)> for Switches {
    fn from_iter<I: IntoIterator<Item = (String, Setting)>>(settings: I) -> Self {
        Self(settings.into_iter().collect())
    }
}
