//! `orgwarden.yaml`: what this org expects of which app. Verdicts become findings here, once.
//!
//! A file is read as written (`file`), checked whole (`validate`), laid over those it extends (`extend`, `layer`) and from then on asked through
//! [`Policy`], which never has to wonder whether something was given. What goes for some orgs only is laid over the rest once ([`Applied`]). What a contract means is [`crate::inventory::contract`]; how an app is held against
//! it is [`crate::inventory::expectation`], where rules can reach it.

mod apply;
pub mod baseline;
pub mod discover;
mod environment;
mod extend;
mod file;
mod inline;
mod json_schema;
mod judge;
mod layer;
mod pattern;
mod scope;
mod selection;
mod switches;
mod threshold;
mod validate;
mod waiver;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use apply::finding;
pub use environment::Applied;
pub use extend::Open;
pub use json_schema::json_schema;
pub use judge::{Tally, Verdicts, app_subject, org_subject, verdicts};
pub use layer::{Reach, ValidContract};
pub use pattern::AppPattern;
pub use selection::{AuditPreset, Selection};
pub use switches::{Setting, Switches};
pub use threshold::FailOn;
pub use waiver::ValidWaiver;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, RuleInfo};
use crate::inventory::Inventory;
use crate::inventory::contract::{Contract, Expectations, Governance, GovernanceKey};
use crate::rules::schema::SubjectKind;
use crate::source::SourceText;
use environment::Environment;
use layer::Layer;
use validate::Valid;

/// What an org expects, checked.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    source: Option<Arc<SourceText>>,
    layer: Layer,
    unlisted_reported: bool,
    required: Vec<GovernanceKey>,
    inline_waivers: InlineWaivers,
    of_a_part: bool,
    preset: Option<AuditPreset>,
    selection: Selection,
    /// The environment it is for; none for the policy of everything.
    environment: Option<Arc<str>>,
    /// The environments, each with the policy for its orgs.
    environments: Vec<(Environment, Policy)>,
}

/// Whether waivers in metadata files count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InlineWaivers {
    /// They do.
    Accepted {
        /// Also without a last day.
        endless: bool,
    },
    /// None of them does.
    Refused,
}

impl Default for InlineWaivers {
    fn default() -> Self {
        Self::Accepted { endless: false }
    }
}

/// What the policy says of the rules, for one app or for everything else.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    of_contract: Option<&'a Switches>,
    of_all: &'a Switches,
    selection: &'a Selection,
}

impl Settings<'_> {
    /// What it says of a rule.
    #[must_use]
    pub fn of(self, rule_id: &str) -> Setting {
        self.switch(rule_id).unwrap_or_default()
    }

    /// What becomes of a rule in this audit: as [`Self::of`], but off where the rule is not among those that are asked and nothing switches it
    /// on.
    #[must_use]
    pub fn asked(self, rule: &RuleInfo) -> Setting {
        if !self.selection.has_tag(rule) {
            return Setting::Off;
        }
        let of_selection = || if self.selection.has(rule) { Setting::AsItIs } else { Setting::Off };
        self.switch(&rule.id).unwrap_or_else(of_selection)
    }

    fn switch(self, rule_id: &str) -> Option<Setting> {
        self.of_contract.and_then(|switches| switches.get(rule_id)).or_else(|| self.of_all.get(rule_id))
    }
}

impl Policy {
    /// The policy of an org that has none: nothing is expected, every rule is as it is.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a policy and those it extends, which `open` reads by their paths. `rules` are the ids of the rules that can be switched and waived,
    /// with what each is about.
    ///
    /// Every mistake of a file is reported, in the order of the file, except that one in its shape (no YAML, an unknown key, a
    /// list where a text belongs) hides what a look at the rest would find. With an error among the diagnostics the policy is
    /// not to be used; what it holds then is what was left without mistakes.
    #[must_use]
    pub fn load(source: &Arc<SourceText>, rules: &BTreeMap<&str, SubjectKind>, open: Open<'_>) -> (Self, Vec<Diagnostic>) {
        Self::read(source, Some(rules), open)
    }

    /// Reads a policy for what its contracts say alone, where no rule is going to run: whether the rules that it switches and waives exist is
    /// not looked at. Otherwise as [`Self::load`].
    #[must_use]
    pub fn load_contracts(source: &Arc<SourceText>, open: Open<'_>) -> (Self, Vec<Diagnostic>) {
        Self::read(source, None, open)
    }

    fn read(source: &Arc<SourceText>, rules: Option<&BTreeMap<&str, SubjectKind>>, open: Open<'_>) -> (Self, Vec<Diagnostic>) {
        let (valid, diagnostics) = extend::read(source, rules, open);
        let Valid { preset, layer, environments, unlisted_reported, required, endless_waivers, no_inline_waivers } = valid;
        let mut policy = Self {
            source: Some(Arc::clone(source)),
            preset,
            layer,
            unlisted_reported: unlisted_reported.unwrap_or_default(),
            required: required.unwrap_or_default(),
            inline_waivers: match (no_inline_waivers, endless_waivers) {
                (true, _) => InlineWaivers::Refused,
                (false, endless) => InlineWaivers::Accepted { endless },
            },
            ..Self::default()
        };
        let with = |environment: Environment| {
            let layer = environment.layer.clone().over(&policy.layer);
            let name = Some(Arc::clone(&environment.name.value));
            (environment, Self { layer, environment: name, ..policy.clone() })
        };
        let environments = environments.into_iter().map(with).collect();
        policy.environments = environments;
        (policy, diagnostics)
    }

    /// The names of the environments, in the order of the file.
    #[must_use]
    pub fn environments(&self) -> Vec<&str> {
        self.environments.iter().map(|(environment, _)| &*environment.name.value).collect()
    }

    /// The environment it is for; none for the policy of everything.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// What goes in the environment of this name, for every source; none where there is no such environment.
    #[must_use]
    pub fn in_environment(&self, name: &str) -> Option<Self> {
        self.environments.iter().find(|(environment, _)| *environment.name.value == *name).map(|(_, policy)| policy.clone())
    }

    /// The same policy, where only a part of the apps it is about is audited. That a contract matches no app tells nothing then.
    #[must_use]
    pub fn of_a_part(self) -> Self {
        let environments = self.environments.into_iter().map(|(environment, policy)| (environment, policy.of_a_part())).collect();
        Self { of_a_part: true, environments, ..self }
    }

    /// The same policy with the waivers that stand in comments of the audited files, unless it will have none of them. Each that has mistakes,
    /// or is not wanted, is a warning: it accepts nothing.
    #[must_use]
    pub fn with_inline_waivers(mut self, inventory: &Inventory, rules: &BTreeMap<&str, SubjectKind>) -> (Self, Vec<Diagnostic>) {
        let InlineWaivers::Accepted { endless } = self.inline_waivers else { return (self, inline::unwanted(inventory)) };
        let (waivers, diagnostics) = inline::waivers(inventory, rules, endless);
        for (_, policy) in &mut self.environments {
            policy.layer.waivers.extend(waivers.iter().cloned());
        }
        self.layer.waivers.extend(waivers);
        (self, diagnostics)
    }

    /// Whether all the apps it is about are audited.
    #[must_use]
    pub const fn is_of_all(&self) -> bool {
        !self.of_a_part
    }

    /// The preset it asks for; none where it does not say.
    #[must_use]
    pub const fn preset(&self) -> Option<AuditPreset> {
        self.preset
    }

    /// The same policy, where only these rules are asked, and those that it switches on.
    #[must_use]
    pub fn asking(self, selection: Selection) -> Self {
        let with = |(environment, policy): (Environment, Self)| (environment, policy.asking(selection.clone()));
        let environments = self.environments.into_iter().map(with).collect();
        Self { selection, environments, ..self }
    }

    /// The rules that are asked, but for those that are switched.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The file it was read from.
    #[must_use]
    pub const fn source(&self) -> Option<&Arc<SourceText>> {
        self.source.as_ref()
    }

    /// The contracts, in the order of the file.
    #[must_use]
    pub fn contracts(&self) -> &[ValidContract] {
        &self.layer.contracts
    }

    /// What is expected of the app of this full name. A contract that names it exactly wins over globs; between globs the first
    /// of the file wins.
    #[must_use]
    pub fn contract_for(&self, app_name: &str) -> Option<&Contract> {
        self.valid_contract_for(app_name).map(|valid| &valid.contract)
    }

    /// What is expected of the app of this full name.
    #[must_use]
    pub fn expectations_of(&self, app_name: &str) -> Expectations<'_> {
        Expectations { contract: self.contract_for(app_name), contract_required: self.unlisted_reported }
    }

    /// Who answers for the app of this full name.
    #[must_use]
    pub fn governance_of(&self, app_name: &str) -> Governance {
        self.contract_for(app_name).map(|contract| contract.governance.clone()).unwrap_or_default()
    }

    /// What every contract has to say of an app.
    #[must_use]
    pub fn required(&self) -> &[GovernanceKey] {
        &self.required
    }

    /// The user names in all contracts, those of environments among them, each once, whatever its letter case, in the order of the file.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let everywhere = std::iter::once(&self.layer);
        let layers = everywhere.chain(self.environments.iter().map(|(environment, _)| &environment.layer));
        let users = layers.flat_map(|layer| &layer.contracts).flat_map(|valid| &valid.contract.users);
        users.filter(|user| seen.insert(user.value.to_lowercase())).map(|user| user.value.clone()).collect()
    }

    /// What the policy says of a rule: for the app of this name, or, without one, for everything else rules are about. The
    /// switch of the app's contract wins over the one for everything, as a whole: `enabled: true` there means the rule's own
    /// severity.
    #[must_use]
    pub fn setting(&self, rule_id: &str, app_name: Option<&str>) -> Setting {
        self.settings(app_name).of(rule_id)
    }

    /// The same for all rules: whoever asks about many looks for the contract once.
    #[must_use]
    pub fn settings(&self, app_name: Option<&str>) -> Settings<'_> {
        let contract = app_name.and_then(|name| self.valid_contract_for(name));
        Settings { of_contract: contract.map(|valid| &valid.switches), of_all: &self.layer.switches, selection: &self.selection }
    }

    /// Whether a rule is asked of anything, in any environment.
    #[must_use]
    pub fn may_ask(&self, rule: &RuleInfo) -> bool {
        let Layer { contracts, switches, .. } = &self.layer;
        let mut lists = contracts.iter().map(|valid| &valid.switches).chain([switches]);
        let switches_on = |switches: &Switches| switches.get(&rule.id).is_some_and(|setting| setting != Setting::Off);
        self.selection.has(rule)
            || (self.selection.has_tag(rule) && lists.any(switches_on))
            || self.environments.iter().any(|(_, policy)| policy.may_ask(rule))
    }

    /// Whether a rule is not asked because nobody chose it, as opposed to being switched off.
    fn leaves_out(&self, rule: &RuleInfo) -> bool {
        !self.selection.has(rule) && (!self.selection.has_tag(rule) || self.layer.switches.get(&rule.id).is_none())
    }

    /// The waivers, in the order of the file.
    #[must_use]
    pub fn waivers(&self) -> &[ValidWaiver] {
        &self.layer.waivers
    }

    /// The waiver that a finding falls under on a day; expired ones hold no more. One that names the subject exactly wins over globs;
    /// otherwise the first of the file wins.
    #[must_use]
    pub fn waiver_for(&self, finding: &Finding, today: Date) -> Option<&ValidWaiver> {
        let mut holding = self.layer.waivers.iter().filter(|valid| !valid.waiver.expired(today) && valid.is_about(finding));
        let first = holding.next()?;
        if first.is_exact() {
            return Some(first);
        }
        holding.find(|valid| valid.is_exact()).or(Some(first))
    }

    fn valid_contract_for(&self, app_name: &str) -> Option<&ValidContract> {
        let mut matching = self.layer.contracts.iter().filter(|valid| valid.matcher.matches(app_name));
        let first = matching.next()?;
        if first.matcher.is_exact() {
            return Some(first);
        }
        matching.find(|valid| valid.matcher.is_exact()).or(Some(first))
    }
}
