//! `orgwarden.yaml`: what this org expects of which app. Verdicts become findings here, once.
//!
//! A file is read as written (`file`), checked whole (`validate`) and from then on asked through [`Policy`], which never has
//! to wonder whether something was given. What a contract means is [`crate::inventory::contract`]; how an app is held against
//! it is [`crate::inventory::expectation`], where rules can reach it.

mod apply;
pub mod discover;
mod file;
mod json_schema;
mod judge;
mod pattern;
mod scope;
mod selection;
mod switches;
mod threshold;
mod validate;
mod waiver;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use apply::{finding, fingerprint};
pub use json_schema::json_schema;
pub use judge::{Tally, Verdicts, app_subject, verdicts};
pub use pattern::AppPattern;
pub use selection::{AuditPreset, Selection};
pub use switches::{Setting, Switches};
pub use threshold::FailOn;
pub use waiver::ValidWaiver;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::finding::{Finding, RuleInfo};
use crate::inventory::contract::{Contract, Located};
use crate::rules::schema::SubjectKind;
use crate::source::{SourceText, yaml};
use validate::Valid;

/// What an org expects, checked.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    source: Option<Arc<SourceText>>,
    contracts: Vec<ValidContract>,
    switches: Switches,
    waivers: Vec<ValidWaiver>,
    of_a_part: bool,
    preset: Option<AuditPreset>,
    selection: Selection,
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
}

/// How many apps a contract is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternMatches<'a> {
    /// The contract's name or glob.
    pub pattern: &'a Located<String>,
    /// Number of app names it matches, whether or not another contract wins for some of them.
    pub apps: usize,
}

impl Policy {
    /// The policy of an org that has none: nothing is expected, every rule is as it is.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a policy. `rules` are the ids of the rules that can be switched and waived, with what each is about.
    ///
    /// Every mistake of the file is reported, in the order of the file, except that one in its shape (no YAML, an unknown key, a
    /// list where a text belongs) hides what a look at the rest would find. With an error among the diagnostics the policy is
    /// not to be used; what it holds then is what was left without mistakes.
    #[must_use]
    pub fn load(source: &Arc<SourceText>, rules: &BTreeMap<&str, SubjectKind>) -> (Self, Vec<Diagnostic>) {
        Self::read(source, Some(rules))
    }

    /// Reads a policy for what its contracts say alone, where no rule is going to run: whether the rules that it switches and waives exist is
    /// not looked at. Otherwise as [`Self::load`].
    #[must_use]
    pub fn load_contracts(source: &Arc<SourceText>) -> (Self, Vec<Diagnostic>) {
        Self::read(source, None)
    }

    fn read(source: &Arc<SourceText>, rules: Option<&BTreeMap<&str, SubjectKind>>) -> (Self, Vec<Diagnostic>) {
        let (Valid { contracts, switches, waivers, preset }, diagnostics) = match yaml::parse(source) {
            Ok(file) => validate::validate(source, rules, file),
            Err(diagnostic) => (Valid::default(), vec![diagnostic]),
        };
        let source = Some(Arc::clone(source));
        (Self { source, contracts, switches, waivers, preset, ..Self::default() }, diagnostics)
    }

    /// The same policy, where only a part of the apps it is about is audited. That a contract matches no app tells nothing then.
    #[must_use]
    pub fn of_a_part(self) -> Self {
        Self { of_a_part: true, ..self }
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
        Self { selection, ..self }
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
        &self.contracts
    }

    /// What is expected of the app of this full name. A contract that names it exactly wins over globs; between globs the first
    /// of the file wins.
    #[must_use]
    pub fn contract_for(&self, app_name: &str) -> Option<&Contract> {
        self.valid_contract_for(app_name).map(|valid| &valid.contract)
    }

    /// The user names in all contracts, each once, whatever its letter case, in the order of the file.
    #[must_use]
    pub fn users(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let users = self.contracts.iter().flat_map(|valid| &valid.contract.users);
        users.filter(|user| seen.insert(user.value.to_lowercase())).map(|user| user.value.clone()).collect()
    }

    /// What the policy says of a rule: for the app of this name, or, without one, for everything else rules are about. The
    /// switch of the app's contract wins over the one for everything, as a whole: `enabled: true` there means the rule's own
    /// severity.
    #[must_use]
    pub fn setting(&self, rule_id: &str, app_name: Option<&str>) -> Setting {
        self.switch(rule_id, app_name).unwrap_or_default()
    }

    /// What becomes of a rule in this audit, for the app of this name or for everything else: as [`Self::setting`], but off where the rule
    /// is not among those that are asked and nothing switches it on.
    #[must_use]
    pub fn asked(&self, rule: &RuleInfo, app_name: Option<&str>) -> Setting {
        if !self.selection.has_tag(rule) {
            return Setting::Off;
        }
        let of_selection = || if self.selection.has(rule) { Setting::AsItIs } else { Setting::Off };
        self.switch(&rule.id, app_name).unwrap_or_else(of_selection)
    }

    /// Whether a rule is asked of anything.
    #[must_use]
    pub fn may_ask(&self, rule: &RuleInfo) -> bool {
        let lists = self.contracts.iter().map(|valid| &valid.switches).chain([&self.switches]);
        let switches_on = |switches: &Switches| switches.get(&rule.id).is_some_and(|setting| setting != Setting::Off);
        self.selection.has(rule) || (self.selection.has_tag(rule) && lists.into_iter().any(switches_on))
    }

    /// Whether a rule is not asked because nobody chose it, as opposed to being switched off.
    fn leaves_out(&self, rule: &RuleInfo) -> bool {
        !self.selection.has(rule) && (!self.selection.has_tag(rule) || self.switch(&rule.id, None).is_none())
    }

    fn switch(&self, rule_id: &str, app_name: Option<&str>) -> Option<Setting> {
        app_name
            .and_then(|name| self.valid_contract_for(name))
            .and_then(|valid| valid.switches.get(rule_id))
            .or_else(|| self.switches.get(rule_id))
    }

    /// The waivers, in the order of the file.
    #[must_use]
    pub fn waivers(&self) -> &[ValidWaiver] {
        &self.waivers
    }

    /// The waiver that a finding falls under on a day; expired ones hold no more. One that names the subject exactly wins over globs;
    /// otherwise the first of the file wins.
    #[must_use]
    pub fn waiver_for(&self, finding: &Finding, today: Date) -> Option<&ValidWaiver> {
        let mut holding = self.waivers.iter().filter(|valid| !valid.waiver.expired(today) && valid.is_about(finding));
        let first = holding.next()?;
        if first.is_exact() {
            return Some(first);
        }
        holding.find(|valid| valid.is_exact()).or(Some(first))
    }

    /// How many of these app names each contract matches, in the order of the file.
    pub fn match_counts(&self, names: &[impl AsRef<str>]) -> Vec<PatternMatches<'_>> {
        let count = |matcher: &AppPattern| names.iter().filter(|name| matcher.matches(name.as_ref())).count();
        self.contracts
            .iter()
            .map(|valid| PatternMatches { pattern: &valid.contract.pattern, apps: count(&valid.matcher) })
            .collect()
    }

    fn valid_contract_for(&self, app_name: &str) -> Option<&ValidContract> {
        let mut matching = self.contracts.iter().filter(|valid| valid.matcher.matches(app_name));
        let first = matching.next()?;
        if first.matcher.is_exact() {
            return Some(first);
        }
        matching.find(|valid| valid.matcher.is_exact()).or(Some(first))
    }
}
