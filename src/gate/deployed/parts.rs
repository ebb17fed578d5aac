//! What the two sides of an External Client App say of switches that two of its parts have together.

use crate::inventory::Reason;

pub(super) use crate::inventory::part::Switch as Half;

/// Two switches, both of which must be on; none where one is not stated and the other is not off.
pub(super) fn both(one: &Result<Option<bool>, Reason>, other: &Result<Option<bool>, Reason>) -> Result<Option<bool>, Reason> {
    match (one, other) {
        (Ok(Some(false)), _) | (_, Ok(Some(false))) => Ok(Some(false)),
        (Err(reason), _) | (_, Err(reason)) => Err(reason.clone()),
        (Ok(Some(true)), Ok(Some(true))) => Ok(Some(true)),
        (Ok(None), _) | (_, Ok(None)) => Ok(None),
    }
}
