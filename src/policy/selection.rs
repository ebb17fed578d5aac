//! Which rules an audit asks: those of a preset, or with a tag.

use clap::ValueEnum;

use crate::finding::{Preset, RuleInfo};

/// The argument of `--preset`, and the value of `preset` in the policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AuditPreset {
    /// What breaks an app or opens the org.
    Minimal,
    /// What most orgs should heed.
    #[default]
    Recommended,
    /// All rules, hygiene and style among them.
    Strict,
    /// All rules, why those that do not apply do not, and the manual checks.
    Auditor,
}

impl AuditPreset {
    /// All of them, with their words.
    pub const WORDS: [(&'static str, Self); 4] =
        [("minimal", Self::Minimal), ("recommended", Self::Recommended), ("strict", Self::Strict), ("auditor", Self::Auditor)];

    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Recommended => "recommended",
            Self::Strict => "strict",
            Self::Auditor => "auditor",
        }
    }

    /// The greatest preset of rules it has.
    const fn greatest(self) -> Preset {
        match self {
            Self::Minimal => Preset::Minimal,
            Self::Recommended => Preset::Recommended,
            Self::Strict | Self::Auditor => Preset::Strict,
        }
    }
}

/// Which rules an audit asks, but for what the policy switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    preset: AuditPreset,
    tags: Vec<String>,
}

/// Every rule.
impl Default for Selection {
    fn default() -> Self {
        Self { preset: AuditPreset::Strict, tags: Vec::new() }
    }
}

impl Selection {
    /// The rules of a preset; with tags only those that have one of them.
    #[must_use]
    pub const fn new(preset: AuditPreset, tags: Vec<String>) -> Self {
        Self { preset, tags }
    }

    /// The preset.
    #[must_use]
    pub const fn preset(&self) -> AuditPreset {
        self.preset
    }

    /// Whether the reasons are wanted for which rules do not apply.
    #[must_use]
    pub fn explains(&self) -> bool {
        self.preset == AuditPreset::Auditor
    }

    /// Whether the preset and the tags have a rule.
    #[must_use]
    pub fn has(&self, rule: &RuleInfo) -> bool {
        self.has_tag(rule) && rule.preset <= self.preset.greatest()
    }

    /// Whether a rule has one of the tags, where some are asked for. What is on another subject no policy can bring in.
    pub(super) fn has_tag(&self, rule: &RuleInfo) -> bool {
        self.tags.is_empty() || rule.tags.iter().any(|tag| self.tags.contains(tag))
    }
}
