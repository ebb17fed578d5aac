//! Where and when the users of a deployment's profiles may log in.

use super::ORG;
use crate::inventory::profile::comparable;
use crate::inventory::{Fact, Profile};

/// Lays what profiles restrict over what those of the org do. What a file does not state stays: whether restrictions that a file does not mention
/// are taken away is not documented. A profile that was not read of the org is not known, whatever its file adds.
pub(super) fn lay(source: Vec<Profile>, after: &mut [Profile]) {
    for deployed in source {
        let own = after.iter_mut().filter(|profile| profile.source == ORG);
        for profile in own.filter(|profile| comparable(&profile.name) == comparable(&deployed.name)) {
            take(&deployed.login_ip_ranges, &mut profile.login_ip_ranges);
            take(&deployed.has_login_hours, &mut profile.has_login_hours);
        }
    }
}

fn take<T: Clone>(new: &Fact<T>, old: &mut Fact<T>) {
    if new.is_stated() || new.state.is_err() {
        *old = new.clone();
    }
}
