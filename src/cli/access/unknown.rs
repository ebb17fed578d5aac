//! What is not known, and why.

use crate::inventory::Reason;

/// What is not known, by reason.
#[derive(Default)]
pub(super) struct Unknown(Vec<(Reason, Vec<String>)>);

impl Unknown {
    /// Something that is not known, as a clause such as "whether the user is frozen".
    pub(super) fn add(&mut self, what: &str, reason: &Reason) {
        let place = self.0.iter().position(|(known, _)| known == reason);
        match place.and_then(|place| self.0.get_mut(place)) {
            None => self.0.push((reason.clone(), vec![what.to_owned()])),
            Some((_, all)) if all.iter().any(|known| known == what) => {}
            Some((_, all)) => all.push(what.to_owned()),
        }
    }

    /// A sentence for each reason, without full stop.
    pub(super) fn sentences(self) -> Vec<String> {
        self.0.into_iter().map(|(reason, what)| format!("{}: {reason}", what.join("; "))).collect()
    }
}
