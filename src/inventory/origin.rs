use serde::{Deserialize, Serialize};

use crate::source::Location;

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A file says it, here.
    Stated(Location),
    /// The file does not say it; this is where the element would belong. The value is the documented default.
    Absent(Location),
}

impl Origin {
    /// The place in a file.
    #[must_use]
    pub const fn location(&self) -> &Location {
        match self {
            Self::Stated(location) | Self::Absent(location) => location,
        }
    }

    /// Whether the file says it itself.
    #[must_use]
    pub const fn is_stated(&self) -> bool {
        matches!(self, Self::Stated(_))
    }
}
