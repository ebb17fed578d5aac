//! What output needs to know of rules.

use std::collections::BTreeMap;

use super::{Effect, Preset, Remediation, Severity, Subject};
use crate::inventory::app::AppKind;

/// What output needs to know of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// Its folder under `rules/`.
    pub category: String,
    /// Its own severity, before the policy.
    pub severity: Severity,
    /// Broken or unsafe.
    pub effect: Effect,
    /// The smallest preset it belongs to.
    pub preset: Preset,
    /// Ids of its tags.
    pub tags: Vec<String>,
    /// How to put it right.
    pub remediation: Advised,
    /// Ids in published benchmarks, by benchmark (`sbs`, `asvs`, `cwe`, …).
    pub controls: BTreeMap<String, Vec<String>>,
    /// Pages to read.
    pub references: Vec<String>,
}

/// How a check is made by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The page of Setup.
    pub place: String,
    /// What to look at there.
    pub look_at: String,
    /// What is right.
    pub right: String,
}

/// What to do, in one text or one for each kind of app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// The same for every subject.
    Same(String),
    /// Different for the two kinds of app; empty where there is nothing to do for one of them.
    ByKind {
        /// For connected apps.
        connected_app: String,
        /// For External Client Apps.
        external_client_app: String,
    },
}

impl Advice {
    /// The advice for a subject.
    #[must_use]
    pub fn for_subject(&self, subject: &Subject) -> &str {
        match self {
            Self::Same(text) => text,
            Self::ByKind { connected_app, .. } if subject.kind == AppKind::ConnectedApp.as_str() => connected_app,
            Self::ByKind { external_client_app, .. } => external_client_app,
        }
    }

    /// All of it, for documentation.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Same(text) => text.clone(),
            Self::ByKind { connected_app, external_client_app } => {
                let kinds = [("Connected app", connected_app), ("External Client App", external_client_app)];
                let lines = kinds.into_iter().filter(|(_, text)| !text.is_empty()).map(|(kind, text)| format!("{kind}: {text}"));
                lines.collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.to_text().is_empty()
    }
}

/// How to put right what a rule finds, for every kind of subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advised {
    /// Steps in Setup.
    pub setup: Advice,
    /// What the metadata must say.
    pub metadata: Advice,
}

impl Advised {
    /// No advice.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { setup: Advice::Same(String::new()), metadata: Advice::Same(String::new()) }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.setup.is_empty() && self.metadata.is_empty()
    }

    /// The advice for one subject.
    #[must_use]
    pub fn for_subject(&self, subject: &Subject) -> Remediation {
        Remediation { setup: self.setup.for_subject(subject).to_owned(), metadata: self.metadata.for_subject(subject).to_owned() }
    }
}
