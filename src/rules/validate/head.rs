//! What rules and manual checks have in common: everything but how they are decided.

use super::super::file::{AdviceEntry, RemediationEntry, RuleFile};
use super::super::words::{severity_of, word};
use super::{Validator, is_id};
use crate::diagnostic::Diagnostic;
use crate::finding::{Advice, Advised, Effect, Preset, RuleInfo};
use crate::source::yaml::{Spanned, locate};
use crate::tag;

impl Validator<'_> {
    pub(super) fn head(&mut self, category: &str, id: &str, file: &RuleFile) -> Option<RuleInfo> {
        self.id(id, &file.id);
        self.not_empty("title", &file.title);
        self.not_empty("why", &file.why);
        let remediation = self.remediation(file);
        let references = self.references(&file.references);
        let tags = self.tags(&file.tags);
        let severity = severity_of(self.text, &file.severity, self.problems);
        let effects = [Effect::Broken, Effect::Unsafe].map(|effect| (effect.as_str(), effect));
        let effect = word(self.text, &file.effect, "effect", &effects, self.problems);
        let preset = self.preset(file.preset.as_ref());
        Some(RuleInfo {
            id: file.id.value.clone(),
            title: file.title.value.trim().to_owned(),
            why: file.why.value.trim().to_owned(),
            category: category.to_owned(),
            severity: severity?,
            effect: effect?,
            preset: preset?,
            tags,
            remediation,
            controls: file.controls.clone(),
            references,
        })
    }

    fn id(&mut self, stem: &str, id: &Spanned<String>) {
        if !is_id(&id.value) {
            self.refuse(id, "an id has lower-case letters and digits, with single hyphens between words");
        } else if id.value != stem {
            let problem = Diagnostic::error(format!("the rule is called `{}`, its file `{stem}.yaml`", id.value));
            self.problems
                .push(problem.at(locate(self.text, id)).help(format!("rename the file to `{}.yaml`, or the rule", id.value)));
        }
    }

    /// How to put it right. A manual check says what is right and can do without.
    fn remediation(&mut self, file: &RuleFile) -> Advised {
        let written = file.remediation.as_ref();
        let remediation = written.map_or_else(Advised::nothing, |written| advised(&written.value));
        match written {
            Some(written) if remediation.is_nothing() => self.refuse(written, "`remediation` needs `setup` or `metadata`, or both"),
            None if file.manual.is_none() => self.missing("remediation", file),
            _ => {}
        }
        remediation
    }

    fn references(&mut self, written: &[Spanned<String>]) -> Vec<String> {
        for reference in written {
            if !reference.value.starts_with("https://") {
                self.refuse(reference, "a reference is a URL that begins with https://");
            }
        }
        written.iter().map(|reference| reference.value.clone()).collect()
    }

    fn preset(&mut self, written: Option<&Spanned<String>>) -> Option<Preset> {
        let Some(written) = written else { return Some(Preset::default()) };
        word(self.text, written, "preset", &Preset::ALL.map(|preset| (preset.as_str(), preset)), self.problems)
    }

    /// The ids of tags that exist.
    fn tags(&mut self, written: &[Spanned<String>]) -> Vec<String> {
        let ids = written.iter().map(|id| id.value.clone()).collect();
        if written.is_empty() || self.is_tested() {
            return ids;
        }
        match tag::catalogue() {
            Ok(tags) => {
                let known: Vec<_> = tags.iter().map(|tag| (tag.id.as_str(), ())).collect();
                for id in written {
                    word(self.text, id, "tag", &known, self.problems);
                }
            }
            Err(error) => self.problems.push(Diagnostic::error(error.to_string())),
        }
        ids
    }

    pub(super) fn not_empty(&mut self, key: &str, written: &Spanned<String>) {
        if written.value.trim().is_empty() {
            self.refuse(written, format!("`{key}` is empty"));
        }
    }

    /// The value of a key that a rule must have and a manual check has no use for.
    pub(super) fn required<'f>(
        &mut self,
        key: &str,
        written: Option<&'f Spanned<String>>,
        file: &RuleFile,
    ) -> Option<&'f Spanned<String>> {
        if written.is_none() {
            self.missing(key, file);
        }
        written
    }

    fn missing(&mut self, key: &str, file: &RuleFile) {
        let problem = Diagnostic::error(format!("the key `{key}` is missing")).at(locate(self.text, &file.id));
        self.problems.push(problem.help("only a check that is made by hand can do without; it has `manual`"));
    }
}

fn advised(written: &RemediationEntry) -> Advised {
    Advised { setup: advice(&written.setup), metadata: advice(&written.metadata) }
}

fn advice(written: &AdviceEntry) -> Advice {
    match written {
        AdviceEntry::Same(text) => Advice::Same(text.trim().to_owned()),
        AdviceEntry::ByKind(texts) => Advice::ByKind {
            connected_app: texts.connected_app.trim().to_owned(),
            external_client_app: texts.external_client_app.trim().to_owned(),
        },
    }
}
