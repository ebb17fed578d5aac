use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Origin;

/// Why something is not known, as a clause that reads well after "unknown:".
pub type Reason = Arc<str>;

/// Something the inventory knows, or does not know and can say why; never a guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value, or the reason why there is none.
    pub state: Result<T, Reason>,
    /// The places it was read from, in file order. Empty where the fact follows from no single place.
    pub origins: Vec<Origin>,
}

/// Nobody looked.
impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::unknown("not asked")
    }
}

impl<T> Fact<T> {
    /// A known value without a place.
    pub const fn known(value: T) -> Self {
        Self { state: Ok(value), origins: Vec::new() }
    }

    /// A known value and where it was read.
    pub fn read(value: T, origin: Origin) -> Self {
        Self { state: Ok(value), origins: vec![origin] }
    }

    /// Something that could not be known, and why.
    pub fn unknown(reason: impl Into<Reason>) -> Self {
        Self { state: Err(reason.into()), origins: Vec::new() }
    }

    /// The same fact with these places.
    #[must_use]
    pub fn with_origins(mut self, origins: Vec<Origin>) -> Self {
        self.origins = origins;
        self
    }

    /// The value, where it is known.
    pub fn value(&self) -> Option<&T> {
        self.state.as_ref().ok()
    }

    /// The fact that follows from this one, with the same places.
    pub fn map<U>(&self, derive: impl FnOnce(&T) -> U) -> Fact<U> {
        Fact { state: self.state.as_ref().map(derive).map_err(Arc::clone), origins: self.origins.clone() }
    }

    /// Whether a file states it, as opposed to a default that stands in for an absent element.
    pub fn is_stated(&self) -> bool {
        self.state.is_ok() && self.origins.iter().all(Origin::is_stated)
    }
}
