//! How much an audit asks for.

use std::fmt;

/// A selection of rules; each holds the ones before it. Ordered: `Minimal` is the smallest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// What breaks an app or opens the org.
    Minimal,
    /// What most orgs should heed.
    #[default]
    Recommended,
    /// Hygiene and style as well.
    Strict,
}

impl Preset {
    /// All presets, the smallest first.
    pub const ALL: [Self; 3] = [Self::Minimal, Self::Recommended, Self::Strict];

    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Recommended => "recommended",
            Self::Strict => "strict",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
