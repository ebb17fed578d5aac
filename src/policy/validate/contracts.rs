//! Contracts: what is expected of apps.

use std::collections::BTreeMap;

use super::super::file::{ContractEntry, NamesEntry, ScopesEntry};
use super::super::scope::{ScopeName, recognise};
use super::super::{Reach, ValidContract};
use super::Validator;
use crate::diagnostic::Diagnostic;
use crate::inventory::contract::{Contract, Criticality, Expected, Governance, Located, ScopeExpectation};
use crate::inventory::flow::Flow;
use crate::inventory::oauth::PermittedUsers;
use crate::source::Location;
use crate::source::yaml::{Spanned, locate};

/// The word under `expect`.
pub(in crate::policy) const ABSENT: &str = "absent";

/// Why an owner or a vendor has to be more than nothing.
const NAMED: &str = "write a name, or leave the key out";

impl Validator<'_> {
    /// The contracts without those that are wrong.
    pub(super) fn contracts(&mut self, entries: Vec<ContractEntry>) -> Vec<ValidContract> {
        let mut lines = BTreeMap::new();
        let mut contracts = Vec::new();
        for entry in entries {
            let mistakes = self.mistakes();
            let pattern = Located { value: entry.app.value.clone(), location: locate(self.source, &entry.app) };
            if let Some(line) = lines.get(&pattern.value) {
                let title = format!("a second contract for `{}`", pattern.value);
                self.error(&pattern, title, format!("the first one is in line {line}; make one of the two"));
            } else {
                lines.insert(pattern.value.clone(), pattern.location.position().line);
            }
            let contract = self.contract(pattern, entry);
            // A contract with a word less would say something else.
            let is_sound = self.mistakes() == mistakes;
            contracts.extend(contract.filter(|_| is_sound));
        }
        contracts
    }

    fn contract(&mut self, pattern: Located<String>, entry: ContractEntry) -> Option<ValidContract> {
        let matcher = self.matcher(&pattern);
        let absent = self.absent(&entry);
        let contract = Contract {
            governance: Governance {
                owner: entry.owner.map(|owner| self.said("owner", owner, NAMED)).unwrap_or_default(),
                criticality: entry.criticality.and_then(|word| self.criticality(word)),
                vendor: entry.vendor.map(|vendor| self.said("vendor", vendor, NAMED)).unwrap_or_default(),
            },
            absent,
            flows: entry.flows.map(|flows| self.flows(flows)),
            permitted_users: entry.permitted_users.and_then(|word| self.permitted_users(word)),
            scopes: self.scopes(entry.scopes),
            profiles: entry.profiles.map(|names| self.expected("a profile", names)),
            permission_sets: entry.permission_sets.map(|names| self.expected("a permission set", names)),
            users: entry.users.map(|users| self.users(users.value)).unwrap_or_default(),
            ip_relaxation: entry.ip_relaxation.and_then(|word| self.ip_relaxation(word)),
            refresh_token: self.refresh_token(entry.refresh_token),
            session: self.session(entry.session),
            callbacks: entry.callbacks.map(|hosts| self.callbacks(hosts)),
            certificate: self.certificate(entry.certificate),
            pattern,
        };
        let switches = self.switches(entry.rules);
        matcher.map(|matcher| ValidContract { contract, matcher, switches, reach: Reach::default() })
    }

    /// Where the contract says that the app must not be there: then it can expect nothing else of it.
    fn absent(&mut self, entry: &ContractEntry) -> Option<Location> {
        let absent = self.word("expectation", entry.expect.clone()?, |word| (word == ABSENT).then_some(()), &[ABSENT])?;
        if let Some(key) = first_expectation(entry) {
            let title = format!("an app that must not be there cannot have `{key}`");
            self.error(&absent, title, format!("take `expect: {ABSENT}` or `{key}` out"));
        }
        Some(absent.location)
    }

    fn criticality(&mut self, word: Spanned<String>) -> Option<Criticality> {
        self.word("criticality", word, Criticality::from_word, Criticality::WORDS).map(|criticality| criticality.value)
    }

    fn flows(&mut self, flows: Spanned<Vec<Spanned<String>>>) -> Located<Vec<Located<Flow>>> {
        let location = locate(self.source, &flows);
        let of_apps: Vec<&str> = Flow::ALL.iter().filter(|flow| flow.takes_app()).map(|flow| flow.as_str()).collect();
        let from_word = |word: &str| Flow::from_word(word).filter(|flow| flow.takes_app());
        let flows = flows.value.into_iter().filter_map(|word| self.word("flow", word, from_word, &of_apps)).collect();
        Located { value: without_repeats(flows), location }
    }

    fn permitted_users(&mut self, word: Spanned<String>) -> Option<Located<PermittedUsers>> {
        self.word("value for Permitted Users", word, PermittedUsers::from_word, PermittedUsers::WORDS)
    }

    fn scopes(&mut self, entry: ScopesEntry) -> ScopeExpectation {
        let require = self.scope_names(entry.require);
        let forbid = self.scope_names(entry.forbid);
        let allow = entry.allow.map(|allow| {
            let location = locate(self.source, &allow);
            Located { value: self.scope_names(allow.value), location }
        });
        let allowed = allow.as_ref().map_or(&[][..], |allow| &allow.value);
        for (list, key) in [(&require[..], "require"), (allowed, "allow")] {
            for forbidden in &forbid {
                if let Some(wanted) = list.iter().find(|wanted| wanted.value == forbidden.value) {
                    let line = wanted.location.position().line;
                    self.error(
                        forbidden,
                        format!("the scope `{}` is under `forbid` and under `{key}`", forbidden.value),
                        format!("`{key}` names it in line {line}; keep one of the two"),
                    );
                }
            }
        }
        ScopeExpectation { require, allow, forbid }
    }

    fn scope_names(&mut self, names: Vec<Spanned<String>>) -> Vec<Located<String>> {
        without_repeats(names.into_iter().filter_map(|name| self.scope_name(name)).collect())
    }

    fn scope_name(&mut self, name: Spanned<String>) -> Option<Located<String>> {
        let mut name = self.name("a scope", name)?;
        match recognise(&name.value) {
            ScopeName::Known(oauth) => oauth.clone_into(&mut name.value),
            ScopeName::Nearly(oauth) => {
                self.error(&name, format!("unknown scope `{}`", name.value), format!("did you mean `{oauth}`?"));
                return None;
            }
            ScopeName::Unknown => self.diagnostics.push(
                Diagnostic::warning(format!("this version does not know the scope `{}`", name.value))
                    .at(name.location.clone())
                    .help("it is compared as written; if Salesforce has no such scope, no app can have it"),
            ),
        }
        Some(name)
    }

    fn expected(&mut self, what: &str, names: Spanned<NamesEntry>) -> Located<Expected> {
        let location = locate(self.source, &names);
        let mut list =
            |names: Vec<Spanned<String>>| without_repeats(names.into_iter().filter_map(|name| self.name(what, name)).collect());
        let value = match names.value {
            NamesEntry::Exactly(names) => Expected::Exactly(list(names)),
            NamesEntry::AtLeast(names) => Expected::AtLeast(list(names)),
        };
        Located { value, location }
    }

    fn users(&mut self, names: Vec<Spanned<String>>) -> Vec<Located<String>> {
        let mut once: Vec<Located<String>> = Vec::with_capacity(names.len());
        for written in names {
            let Some(name) = self.name("a user", written) else { continue };
            if !name.value.contains('@') {
                self.diagnostics.push(
                    Diagnostic::warning(format!("`{}` does not look like a user name", name.value))
                        .at(name.location.clone())
                        .help("user names of Salesforce look like e-mail addresses; it is looked up as written"),
                );
            }
            if !once.iter().any(|earlier| earlier.value.to_lowercase() == name.value.to_lowercase()) {
                once.push(name);
            }
        }
        once
    }
}

/// The first key of a contract that expects something of an app that is there.
fn first_expectation(entry: &ContractEntry) -> Option<&'static str> {
    let ScopesEntry { require, allow, forbid } = &entry.scopes;
    let given = [
        (entry.flows.is_some(), "flows"),
        (entry.permitted_users.is_some(), "permitted-users"),
        (!require.is_empty() || allow.is_some() || !forbid.is_empty(), "scopes"),
        (entry.profiles.is_some(), "profiles"),
        (entry.permission_sets.is_some(), "permission-sets"),
        (entry.users.is_some(), "users"),
        (entry.ip_relaxation.is_some(), "ip-relaxation"),
        (entry.refresh_token.max_lifetime.is_some() || entry.refresh_token.max_idle.is_some(), "refresh-token"),
        (entry.session.max_minutes.is_some() || entry.session.high_assurance.is_some(), "session"),
        (entry.callbacks.is_some(), "callbacks"),
        (entry.certificate.min_days.is_some() || entry.certificate.min_key_bits.is_some(), "certificate"),
    ];
    given.into_iter().find(|(given, _)| *given).map(|(_, key)| key)
}

/// The same list with every value once, at its first place: `RefreshToken` and `offline_access` are one scope.
fn without_repeats<T: PartialEq>(values: Vec<Located<T>>) -> Vec<Located<T>> {
    let mut once: Vec<Located<T>> = Vec::with_capacity(values.len());
    for value in values {
        if !once.iter().any(|earlier| earlier.value == value.value) {
            once.push(value);
        }
    }
    once
}
