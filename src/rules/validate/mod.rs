//! From a rule file as written to a [`Rule`] or a [`ManualCheck`]: every mistake of the file, not only the first.

mod fix;
mod head;
mod manual;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::check::{Guard, Problem, Scope, Ty, no_such_fact, not_of_source};
use super::example::{self, Example};
use super::file::{EvidenceEntry, ExampleEntry, RuleFile};
use super::lint::{Place, Remark, lint};
use super::schema::{SourceKind, SubjectKind};
use super::words::{severity_of, word};
use super::{Condition, EvidenceSpec, ManualCheck, Message, Rule, Verdict, facts};
use crate::diagnostic::Diagnostic;
use crate::finding::{RuleInfo, Severity};
use crate::source::yaml::{Spanned, locate, locate_within};
use crate::source::{Location, SourceText};

/// Whether the examples were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithExamples {
    /// They were, and must be sound.
    Yes,
    /// They were not; [`Rule::examples`] does it when asked.
    No,
}

/// What a file holds, with nothing wrong in it.
pub(super) enum Sound {
    /// A rule.
    Rule(Box<Rule>),
    /// A check that is made by hand.
    Manual(Box<ManualCheck>),
}

/// Makes what it holds of `file`, which is `id`.yaml in the folder `category`, with warnings about what is of no use in it.
///
/// # Errors
///
/// Every mistake that can be found.
pub(super) fn validate(
    source: &Arc<SourceText>,
    category: &str,
    id: &str,
    file: &RuleFile,
    with_examples: WithExamples,
) -> Result<(Sound, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let entry = Validator { text: source, with_examples, problems: &mut problems }.entry(category, id, file);
    match entry {
        Some(entry) if problems.is_empty() => {
            let remarks = match &entry {
                Sound::Rule(rule) if with_examples == WithExamples::Yes => lint(rule),
                _ => Vec::new(),
            };
            let warnings = remarks.into_iter().map(|remark| warning(source, file, remark)).collect();
            Ok((entry, warnings))
        }
        _ => {
            problems.sort_by_key(|problem| problem.location.as_ref().map(|location| location.span().start));
            Err(problems)
        }
    }
}

fn warning(source: &Arc<SourceText>, file: &RuleFile, remark: Remark) -> Diagnostic {
    let place = match remark.place {
        Place::When => file.when.as_ref(),
        Place::Check => file.check.as_ref(),
        Place::SeverityIf(index) => file.severity_if.get(index).map(|entry| &entry.when),
        Place::Evidence(index) => file.evidence.get(index).and_then(|entry| entry.keep.as_ref()),
    };
    let location = place.map_or_else(|| locate(source, &file.id), |written| locate_within(source, written, 0..written.value.len()));
    Diagnostic::warning(remark.title).at(location)
}

/// What a rule is for.
#[derive(Clone, Copy)]
struct About {
    subject: SubjectKind,
    source: Option<SourceKind>,
}

impl About {
    const fn scope(self, item: Option<Ty>, guards: Option<&[Guard]>) -> Scope<'_> {
        Scope { subject: self.subject, source: self.source, item, guards }
    }
}

struct Validator<'a> {
    text: &'a Arc<SourceText>,
    with_examples: WithExamples,
    problems: &'a mut Vec<Diagnostic>,
}

impl Validator<'_> {
    fn entry(&mut self, category: &str, id: &str, file: &RuleFile) -> Option<Sound> {
        let head = self.head(category, id, file);
        let subjects = SubjectKind::ALL.map(|kind| (kind.as_str(), kind));
        // Without it, nothing can be said of the facts.
        let subject = word(self.text, &file.applies_to, "subject", &subjects, self.problems)?;
        match &file.manual {
            Some(manual) => Some(Sound::Manual(Box::new(self.manual(manual, file, head?, subject)))),
            None => self.rule(file, head, subject).map(|rule| Sound::Rule(Box::new(rule))),
        }
    }

    fn rule(&mut self, file: &RuleFile, head: Option<RuleInfo>, subject: SubjectKind) -> Option<Rule> {
        let source = match &file.source {
            Some(written) => {
                let kinds = SourceKind::ALL.map(|kind| (kind.as_str(), kind));
                Some(word(self.text, written, "source", &kinds, self.problems)?)
            }
            None => None,
        };
        let about = About { subject, source };

        let mut guards = Vec::new();
        let when = file.when.as_ref().map(|when| self.condition(when, about, &mut guards));
        let check = self.required("check", file.check.as_ref(), file);
        let check = check.and_then(|check| self.condition(check, about, &mut guards));
        let severity_if = file.severity_if.iter().map(|entry| {
            let severity = severity_of(self.text, &entry.severity, self.problems);
            let when = if self.is_tested() {
                Some(Condition::deferred(&entry.when.value, &about.scope(None, None)))
            } else {
                self.condition(&entry.when, about, &mut guards.clone())
            };
            severity.zip(when)
        });
        let severity_if: Vec<Option<(Severity, Condition)>> = severity_if.collect();
        let message = self.required("message", file.message.as_ref(), file);
        let message = message.and_then(|message| {
            self.not_empty("message", message);
            self.message(message, about)
        });
        let evidence: Vec<Option<EvidenceSpec>> = file.evidence.iter().map(|entry| self.evidence(entry, about, &guards)).collect();
        let fix = file.fix.as_ref().map(|fix| self.fix(fix, about));
        let examples = match self.with_examples {
            WithExamples::Yes => self.examples(&file.id, &file.examples, subject).into(),
            WithExamples::No => OnceLock::new(),
        };
        let check = check?;
        let mut evidence = evidence.into_iter().collect::<Option<Vec<_>>>()?;
        if evidence.is_empty() {
            evidence = check.facts().map(|fact| EvidenceSpec { fact, keep: None, missing: None }).collect();
        }
        Some(Rule {
            info: head?,
            severity_if: severity_if.into_iter().collect::<Option<_>>()?,
            applies_to: subject,
            source,
            when: when.map_or(Some(None), |when| when.map(Some))?,
            when_parts: OnceLock::new(),
            check,
            message: message?,
            evidence,
            fix: fix.map_or(Some(None), |fix| fix.map(Some))?,
            examples,
            location: locate(self.text, &file.id),
        })
    }

    /// Whether the file is a built-in rule that is read for a command: tests have read it whole.
    fn is_tested(&self) -> bool {
        self.with_examples == WithExamples::No
    }

    /// Compiles a condition; `guards` are those of the conditions that were true or false before it, and get its own.
    fn condition(&mut self, written: &Spanned<String>, about: About, guards: &mut Vec<Guard>) -> Option<Condition> {
        match Condition::compile(&written.value, &about.scope(None, Some(guards))) {
            Ok(condition) => {
                guards.extend_from_slice(condition.guards());
                Some(condition)
            }
            Err(problems) => self.mistakes(written, problems),
        }
    }

    fn message(&mut self, written: &Spanned<String>, about: About) -> Option<Message> {
        let scope = about.scope(None, None);
        let text = written.value.trim_end();
        let message = if self.is_tested() { Message::deferred(text, &scope) } else { Message::compile(text, &scope) };
        match message {
            Ok(message) => Some(message),
            Err(problems) => self.mistakes(written, problems),
        }
    }

    fn evidence(&mut self, entry: &EvidenceEntry, about: About, guards: &[Guard]) -> Option<EvidenceSpec> {
        let Some(fact) = facts::find(&entry.fact.value).filter(|fact| about.subject.can_read(fact.path)) else {
            let (title, help) = no_such_fact(&entry.fact.value, about.subject);
            self.problems.push(Diagnostic::error(title).at(locate(self.text, &entry.fact)).help(help));
            return None;
        };
        if let Some((title, help)) = not_of_source(fact, about.source) {
            self.problems.push(Diagnostic::error(title).at(locate(self.text, &entry.fact)).help(help));
            return None;
        }
        let missing = entry.missing.as_ref().map(|missing| missing.value.clone());
        if let (Some(missing), Some(_)) = (&entry.missing, &entry.keep) {
            self.refuse(missing, "`where` picks what is there, `missing` names what is not: give one of them");
        }
        let Some(written) = &entry.keep else { return Some(EvidenceSpec { fact: fact.path, keep: None, missing }) };
        let Some(item) = Ty::from(fact.ty).element().cloned() else {
            self.refuse(written, format!("`where` is for lists, and `{}` is none", fact.path));
            return None;
        };
        let scope = about.scope(Some(item), Some(guards));
        if self.is_tested() {
            let keep = Some(Condition::deferred(&written.value, &scope));
            return Some(EvidenceSpec { fact: fact.path, keep, missing: None });
        }
        match Condition::compile(&written.value, &scope) {
            Ok(condition) => Some(EvidenceSpec { fact: fact.path, keep: Some(condition), missing: None }),
            Err(problems) => self.mistakes(written, problems),
        }
    }

    fn examples(&mut self, id: &Spanned<String>, entries: &[ExampleEntry], subject: SubjectKind) -> Vec<Example> {
        let examples = example::read_all(self.text, entries, subject, self.problems);
        let mut names = BTreeSet::new();
        for entry in entries {
            if !names.insert(&entry.name.value) {
                self.refuse(&entry.name, "another example has the same name");
            }
        }
        for verdict in [Verdict::Fail, Verdict::Pass] {
            if !entries.iter().any(|entry| entry.verdict.value == verdict.as_str()) {
                self.refuse(id, format!("the rule has no example with `verdict: {}`", verdict.as_str()));
            }
        }
        examples
    }

    fn mistakes<T>(&mut self, written: &Spanned<String>, problems: Vec<Problem>) -> Option<T> {
        for problem in problems {
            let diagnostic = Diagnostic::error(problem.title).at(self.locate(written, problem.range));
            self.problems.push(match problem.help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
        None
    }

    fn locate(&self, written: &Spanned<String>, range: std::ops::Range<usize>) -> Location {
        // At its end a text has no byte of its own to find in the file.
        let end = written.value.len();
        if range.is_empty() && range.start >= end {
            let last = locate_within(self.text, written, end.saturating_sub(1)..end).span();
            return Location::new(self.text, crate::source::Span::at(last.end));
        }
        locate_within(self.text, written, range)
    }

    fn refuse<T>(&mut self, place: &Spanned<T>, title: impl Into<String>) {
        self.problems.push(Diagnostic::error(title).at(locate(self.text, place)));
    }
}

/// Whether a text can be the id of a rule: lower-case words with single hyphens between them.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.split('-').all(is_word)
}
