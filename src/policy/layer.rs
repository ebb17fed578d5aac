//! One list of contracts, rules and waivers laid over another: an environment over what goes for everything, a file over the one it extends.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{AppPattern, Switches, ValidWaiver};
use crate::inventory::contract::Contract;

/// Contracts, switches and waivers that go together.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    pub(super) contracts: Vec<ValidContract>,
    pub(super) switches: Switches,
    pub(super) waivers: Vec<ValidWaiver>,
}

/// A contract that makes sense, with what is needed to use it.
#[derive(Clone, Debug)]
pub struct ValidContract {
    /// What is expected.
    pub contract: Contract,
    /// Of which apps.
    pub matcher: AppPattern,
    /// Rules switched for these apps only.
    pub switches: Switches,
    /// Where it goes for.
    pub reach: Reach,
}

/// Where an entry of the policy goes for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The environment it is for; none for everything.
    pub environment: Option<Arc<str>>,
    /// Whether it stands in a file that the policy extends, which is about more than one audit.
    pub extended: bool,
}

impl Layer {
    /// This layer over another: an entry takes the place of the one about the same app, rule or finding, as a whole, and the others of
    /// `under` follow.
    #[must_use]
    pub(super) fn over(mut self, under: &Self) -> Self {
        let apps: BTreeSet<&str> = self.contracts.iter().map(ValidContract::name).collect();
        let contracts: Vec<_> = under.contracts.iter().filter(|entry| !apps.contains(entry.name())).cloned().collect();
        let names: BTreeSet<String> = self.waivers.iter().map(|entry| entry.waiver.name()).collect();
        let waivers: Vec<_> = under.waivers.iter().filter(|entry| !names.contains(&entry.waiver.name())).cloned().collect();
        self.contracts.extend(contracts);
        self.waivers.extend(waivers);
        self.switches = self.switches.over(&under.switches);
        self
    }

    /// The same with every entry changed as to where it goes for.
    #[must_use]
    pub(super) fn reaching(mut self, change: impl Fn(&mut Reach)) -> Self {
        self.contracts.iter_mut().for_each(|entry| change(&mut entry.reach));
        self.waivers.iter_mut().for_each(|entry| change(&mut entry.reach));
        self
    }
}

impl ValidContract {
    /// The name or glob it has under `app`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.contract.pattern.value
    }
}
