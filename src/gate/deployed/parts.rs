//! What the two sides of an External Client App say of switches that two of its parts have together.

use crate::inventory::app::{App, PartKind};
use crate::inventory::{Fact, Reason};

/// A switch in one part of an app.
pub(super) struct Half<'a> {
    /// The part that has the switch.
    pub(super) part: PartKind,
    /// Its element, as [`App::elements`] has it.
    pub(super) element: &'a str,
    /// What an absent element means; none where that is not documented.
    pub(super) default: Option<bool>,
}

impl Half<'_> {
    /// The switch, as far as it is known; none where it is not stated. `together` is what the two parts of `app` come to: where that is true, so
    /// is each of the switches, whether its part was read or not.
    pub(super) fn of<T>(&self, app: &App, together: &Fact<T>, is_on: impl Fn(&T) -> bool) -> Result<Option<bool>, Reason> {
        if !app.parts.contains_key(&self.part) {
            return match &together.state {
                Ok(on) if is_on(on) => Ok(Some(true)),
                Ok(_) => Err(format!("what `{}` is in the org could not be read", self.element).into()),
                Err(reason) => Err(reason.clone()),
            };
        }
        let mut stated = app.elements.iter().filter(|(path, _)| path == self.element).map(|(_, text)| text.as_str());
        let Some(first) = stated.next() else { return Ok(self.default) };
        if stated.any(|other| other != first) {
            return Err(format!("several files disagree about `{}`", self.element).into());
        }
        match first {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            other => Err(format!("`{other}` is neither true nor false").into()),
        }
    }
}

/// Two switches, both of which must be on; none where one is not stated and the other is not off.
pub(super) fn both(one: &Result<Option<bool>, Reason>, other: &Result<Option<bool>, Reason>) -> Result<Option<bool>, Reason> {
    match (one, other) {
        (Ok(Some(false)), _) | (_, Ok(Some(false))) => Ok(Some(false)),
        (Err(reason), _) | (_, Err(reason)) => Err(reason.clone()),
        (Ok(Some(true)), Ok(Some(true))) => Ok(Some(true)),
        (Ok(None), _) | (_, Ok(None)) => Ok(None),
    }
}
