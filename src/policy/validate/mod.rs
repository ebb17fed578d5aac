//! From the policy as written to the policy as meant: every mistake is reported, not only the first.

mod waivers;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::file::{ContractEntry, NamesEntry, PolicyFile, ScopesEntry, SwitchEntry};
use super::scope::{ScopeName, recognise};
use super::{AppPattern, AuditPreset, Setting, Switches, ValidContract, ValidWaiver};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::finding::Severity;
use crate::inventory::contract::{Contract, Expected, Located, ScopeExpectation};
use crate::inventory::flow::Flow;
use crate::inventory::oauth::PermittedUsers;
use crate::rules::schema::SubjectKind;
use crate::source::SourceText;
use crate::source::yaml::{Spanned, locate};

/// What a file says that is not wrong.
#[derive(Debug, Default)]
pub(super) struct Valid {
    pub(super) contracts: Vec<ValidContract>,
    pub(super) switches: Switches,
    pub(super) waivers: Vec<ValidWaiver>,
    pub(super) preset: Option<AuditPreset>,
}

/// What a file says without what is wrong in it, and what is wrong in it, in the order of the file. `rules` are the rules there are, with
/// what they are about; without them any rule can be switched and waived.
pub(super) fn validate(
    source: &Arc<SourceText>,
    rules: Option<&BTreeMap<&str, SubjectKind>>,
    file: PolicyFile,
) -> (Valid, Vec<Diagnostic>) {
    let mut validator = Validator { source, rules, diagnostics: Vec::new() };
    let valid = Valid {
        contracts: validator.contracts(file.contracts.unwrap_or_default()),
        switches: validator.switches(file.rules.unwrap_or_default()),
        waivers: validator.waivers(file.waivers.unwrap_or_default(), file.endless_waivers),
        preset: file.preset.and_then(|word| validator.preset(word)),
    };
    let mut diagnostics = validator.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.location.as_ref().map(|location| location.span().start));
    (valid, diagnostics)
}

struct Validator<'a> {
    source: &'a Arc<SourceText>,
    rules: Option<&'a BTreeMap<&'a str, SubjectKind>>,
    diagnostics: Vec<Diagnostic>,
}

impl Validator<'_> {
    fn contracts(&mut self, entries: Vec<ContractEntry>) -> Vec<ValidContract> {
        let mut lines = BTreeMap::new();
        let mut contracts = Vec::new();
        for entry in entries {
            let pattern = self.located(entry.app);
            if let Some(line) = lines.get(&pattern.value) {
                let title = format!("a second contract for `{}`", pattern.value);
                self.error(&pattern, title, format!("the first one is in line {line}; make one of the two"));
            } else {
                lines.insert(pattern.value.clone(), pattern.location.position().line);
            }
            let matcher = self.matcher(&pattern);
            let contract = Contract {
                flows: entry.flows.map(|flows| self.flows(flows)),
                permitted_users: entry.permitted_users.and_then(|word| self.permitted_users(word)),
                scopes: self.scopes(entry.scopes),
                profiles: entry.profiles.map(|names| self.expected("profile", names)),
                permission_sets: entry.permission_sets.map(|names| self.expected("permission set", names)),
                users: entry.users.map(|users| self.users(users.value)).unwrap_or_default(),
                pattern,
            };
            let switches = self.switches(entry.rules);
            contracts.extend(matcher.map(|matcher| ValidContract { contract, matcher, switches }));
        }
        contracts
    }

    fn matcher(&mut self, pattern: &Located<String>) -> Option<AppPattern> {
        if pattern.value.trim().is_empty() {
            self.error(pattern, "the name of an app is empty", "`*` stands for every app");
            return None;
        }
        AppPattern::new(&pattern.value)
            .map_err(|problem| {
                self.error(
                    pattern,
                    format!("`{}` is not a glob: {problem}", pattern.value),
                    "`*`, `?`, `[ab]` and `{one,two}` have a meaning",
                );
            })
            .ok()
    }

    fn flows(&mut self, flows: Spanned<Vec<Spanned<String>>>) -> Located<Vec<Located<Flow>>> {
        let location = locate(self.source, &flows);
        let of_apps: Vec<&str> = Flow::ALL.iter().filter(|flow| flow.takes_app()).map(|flow| flow.as_str()).collect();
        let from_word = |word: &str| Flow::from_word(word).filter(|flow| flow.takes_app());
        let flows = flows.value.into_iter().filter_map(|word| self.word("flow", word, from_word, &of_apps)).collect();
        Located { value: without_repeats(flows), location }
    }

    fn preset(&mut self, word: Spanned<String>) -> Option<AuditPreset> {
        let from_word = |word: &str| AuditPreset::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, preset)| preset);
        self.word("preset", word, from_word, &AuditPreset::WORDS.map(|(word, _)| word)).map(|located| located.value)
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
        let mut name = self.name("scope", name)?;
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
            let Some(name) = self.name("user", written) else { continue };
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

    fn switches(&mut self, entries: Vec<SwitchEntry>) -> Switches {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut settings = Vec::new();
        for entry in entries {
            let rule = self.located(entry.rule);
            let line = rule.location.position().line;
            if let Some(first) = lines.get(&rule.value).copied() {
                self.error(
                    &rule,
                    format!("the rule `{}` is switched twice", rule.value),
                    format!("the first time in line {first}; make one of the two"),
                );
            } else {
                if self.rules.is_some_and(|rules| !rules.contains_key(rule.value.as_str())) {
                    self.unknown_rule(&rule);
                }
                lines.insert(rule.value.clone(), line);
            }
            settings.extend(self.setting(&rule, entry.severity, entry.enabled).map(|setting| (rule.value, setting)));
        }
        settings.into_iter().collect()
    }

    fn setting(
        &mut self,
        rule: &Located<String>,
        severity: Option<Spanned<String>>,
        enabled: Option<Spanned<bool>>,
    ) -> Option<Setting> {
        let from_word = |word: &str| Severity::ALL.into_iter().find(|severity| severity.as_str() == word);
        let words = Severity::ALL.map(Severity::as_str);
        match (severity, enabled) {
            (None, None) => {
                self.error(
                    rule,
                    format!("nothing is said about the rule `{}`", rule.value),
                    "add `enabled: false` or a `severity`",
                );
                None
            }
            (Some(severity), Some(enabled)) if !enabled.value => {
                self.word("severity", severity, from_word, &words);
                let enabled = self.located(enabled);
                self.error(
                    &enabled,
                    format!("the rule `{}` is switched off and has a severity", rule.value),
                    "keep one of the two",
                );
                None
            }
            (Some(severity), _) => {
                self.word("severity", severity, from_word, &words).map(|severity| Setting::Severity(severity.value))
            }
            (None, Some(enabled)) => Some(if enabled.value { Setting::AsItIs } else { Setting::Off }),
        }
    }

    fn unknown_rule(&mut self, rule: &Located<String>) {
        let ids = self.rules.into_iter().flat_map(BTreeMap::keys).copied();
        let help = match did_you_mean(&rule.value, ids) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "no rule has an id like it".to_owned(),
        };
        self.error(rule, format!("unknown rule `{}`", rule.value), help);
    }

    /// A word out of a closed list.
    fn word<T>(
        &mut self,
        what: &str,
        written: Spanned<String>,
        from_word: impl Fn(&str) -> Option<T>,
        words: &[&str],
    ) -> Option<Located<T>> {
        let written = self.located(written);
        let Some(value) = from_word(&written.value) else {
            self.error(
                &written,
                format!("unknown {what} `{}`", written.value),
                match did_you_mean(&written.value, words.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it can be one of: {}", words.join(", ")),
                },
            );
            return None;
        };
        Some(Located { value, location: written.location })
    }

    /// A name, without white space around it.
    fn name(&mut self, what: &str, written: Spanned<String>) -> Option<Located<String>> {
        let Located { value, location } = self.located(written);
        let name = Located { value: value.trim().to_owned(), location };
        if name.value.is_empty() {
            self.error(&name, format!("the name of a {what} is empty"), "write the name, or leave the entry out");
            return None;
        }
        Some(name)
    }

    fn error<T>(&mut self, at: &Located<T>, title: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(title).at(at.location.clone()).help(help));
    }

    fn located<T>(&self, value: Spanned<T>) -> Located<T> {
        let location = locate(self.source, &value);
        Located { value: value.value, location }
    }
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
