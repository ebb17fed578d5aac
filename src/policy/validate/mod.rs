//! From the policy as written to the policy as meant: every mistake is reported, not only the first.

mod contracts;
mod environments;
mod limits;
mod waivers;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::environment::Environment;
use super::file::{ContractEntry, PolicyFile, SwitchEntry, WaiverEntry};
use super::layer::Layer;
use super::{AppPattern, AuditPreset, Setting, Switches};
use crate::diagnostic::{Diagnostic, Level, did_you_mean};
use crate::finding::Severity;
use crate::inventory::contract::{GovernanceKey, Located};
use crate::rules::schema::SubjectKind;
use crate::source::SourceText;
use crate::source::yaml::{Spanned, locate};

pub(super) use contracts::ABSENT;
pub(super) use limits::IP_RELAXATION;

/// The words of `unlisted-apps`.
pub(super) const UNLISTED_APPS: [&str; 2] = ["allow", "report"];

/// What a file says that is not wrong.
#[derive(Debug, Default)]
pub(super) struct Valid {
    /// How much audits ask; none where the file does not say.
    pub(super) preset: Option<AuditPreset>,
    pub(super) layer: Layer,
    pub(super) environments: Vec<Environment>,
    /// Whether apps without a contract are findings; none where the file does not say.
    pub(super) unlisted_reported: Option<bool>,
    /// What every contract has to say; none where the file does not say.
    pub(super) required: Option<Vec<GovernanceKey>>,
    /// Whether waivers need no last day.
    pub(super) endless_waivers: bool,
    /// Whether waivers in metadata files accept nothing.
    pub(super) no_inline_waivers: bool,
}

impl Valid {
    /// What this file says over what one says that it extends.
    #[must_use]
    pub(super) fn over(mut self, under: Self) -> Self {
        self.layer = self.layer.over(&under.layer.reaching(|reach| reach.extended = true));
        for other in under.environments {
            let layer = other.layer.reaching(|reach| reach.extended = true);
            match self.environments.iter_mut().find(|own| own.name.value == other.name.value) {
                Some(own) => {
                    own.orgs = own.orgs.take().or(other.orgs);
                    own.layer = std::mem::take(&mut own.layer).over(&layer);
                }
                None => self.environments.push(Environment { layer, ..other }),
            }
        }
        self.preset = self.preset.or(under.preset);
        self.unlisted_reported = self.unlisted_reported.or(under.unlisted_reported);
        self.required = self.required.or(under.required);
        self.endless_waivers |= under.endless_waivers;
        // Whoever forbids them in a file that others build on means all of these.
        self.no_inline_waivers |= under.no_inline_waivers;
        self
    }
}

/// What a file says without what is wrong in it, and what is wrong in it. `rules` are the rules there are, with what they are about; without
/// them any rule can be switched and waived. What the file extends is not looked at.
pub(super) fn validate(
    source: &Arc<SourceText>,
    rules: Option<&BTreeMap<&str, SubjectKind>>,
    file: PolicyFile,
) -> (Valid, Vec<Diagnostic>) {
    let mut validator = Validator { source, rules, endless_waivers: file.endless_waivers, diagnostics: Vec::new() };
    let valid = Valid {
        preset: file.preset.and_then(|word| validator.preset(word)),
        layer: validator.layer(file.contracts, file.rules, file.waivers),
        environments: validator.environments(file.environments.unwrap_or_default()),
        unlisted_reported: file.unlisted_apps.and_then(|word| validator.unlisted_apps(word)),
        required: file.require_in_contracts.map(|keys| validator.required(keys.value)),
        endless_waivers: file.endless_waivers,
        no_inline_waivers: !file.inline_waivers,
    };
    (valid, validator.diagnostics)
}

/// What checks a text says of it, collected.
pub(super) struct Validator<'a> {
    pub(super) source: &'a Arc<SourceText>,
    pub(super) rules: Option<&'a BTreeMap<&'a str, SubjectKind>>,
    /// Whether waivers need no last day.
    pub(super) endless_waivers: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Validator<'_> {
    fn layer(
        &mut self,
        contracts: Option<Vec<ContractEntry>>,
        rules: Option<Vec<SwitchEntry>>,
        waivers: Option<Vec<WaiverEntry>>,
    ) -> Layer {
        Layer {
            contracts: self.contracts(contracts.unwrap_or_default()),
            switches: self.switches(rules.unwrap_or_default()),
            waivers: self.waivers(waivers.unwrap_or_default()),
        }
    }

    fn unlisted_apps(&mut self, word: Spanned<String>) -> Option<bool> {
        let from_word = |word: &str| UNLISTED_APPS.contains(&word).then(|| word == "report");
        self.word("value for `unlisted-apps`", word, from_word, &UNLISTED_APPS).map(|reported| reported.value)
    }

    fn required(&mut self, keys: Vec<Spanned<String>>) -> Vec<GovernanceKey> {
        let key = |word| self.word("key of contracts", word, GovernanceKey::from_word, GovernanceKey::WORDS);
        keys.into_iter().filter_map(key).map(|key| key.value).collect()
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

    fn preset(&mut self, word: Spanned<String>) -> Option<AuditPreset> {
        let from_word = |word: &str| AuditPreset::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, preset)| preset);
        self.word("preset", word, from_word, &AuditPreset::WORDS.map(|(word, _)| word)).map(|located| located.value)
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

    /// A name, without white space around it. `what` has its article.
    fn name(&mut self, what: &str, written: Spanned<String>) -> Option<Located<String>> {
        let Located { value, location } = self.located(written);
        let name = Located { value: value.trim().to_owned(), location };
        if name.value.is_empty() {
            self.error(&name, format!("the name of {what} is empty"), "write the name, or leave the entry out");
            return None;
        }
        Some(name)
    }

    /// How many mistakes were found so far.
    fn mistakes(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count()
    }

    /// A text that has to say something, without white space around it.
    fn said(&mut self, key: &str, written: Spanned<String>, help: &str) -> String {
        let text = self.located(written);
        let said = text.value.trim().to_owned();
        if said.is_empty() {
            self.error(&text, format!("the `{key}` is empty"), help);
        }
        said
    }

    fn error<T>(&mut self, at: &Located<T>, title: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(title).at(at.location.clone()).help(help));
    }

    fn located<T>(&self, value: Spanned<T>) -> Located<T> {
        let location = locate(self.source, &value);
        Located { value: value.value, location }
    }
}
