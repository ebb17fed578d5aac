//! Waivers: what is accepted must say what, why, by whom and until when.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::file::{InlineWaiverEntry, WaiverEntry};
use super::super::{Reach, ValidWaiver};
use super::Validator;
use crate::inventory::contract::Located;
use crate::inventory::waiver::{Status, Waiver};
use crate::rules::schema::SubjectKind;
use crate::source::yaml::Spanned;

/// Why a waiver has to say something under a key that it has.
const SHOWN: &str = "a waiver is shown with it wherever it counts";

/// Why, by whom and how long something is accepted, as written.
struct TermsEntry {
    reason: Spanned<String>,
    owner: Spanned<String>,
    ticket: Option<Spanned<String>>,
    expires: Option<Spanned<String>>,
    status: Option<Spanned<String>>,
}

impl Validator<'_> {
    /// The waivers without those that are wrong.
    pub(super) fn waivers(&mut self, entries: Vec<WaiverEntry>) -> Vec<ValidWaiver> {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut waivers = Vec::new();
        for entry in entries {
            let problems = self.diagnostics.len();
            let waiver = self.waiver(entry);
            let name = waiver.waiver.name();
            let line = waiver.waiver.rule.location.position().line;
            if let Some(first) = lines.get(&name) {
                let help = format!("the first one is in line {first}; make one of the two");
                self.error(&waiver.waiver.rule, format!("a second waiver for the findings of `{name}`"), help);
            } else {
                lines.insert(name, line);
            }
            if self.diagnostics.len() == problems {
                waivers.push(waiver);
            }
        }
        waivers
    }

    /// One that stands beside an element of a file, which says what it is about.
    pub(in crate::policy) fn inline_waiver(&mut self, entry: InlineWaiverEntry) -> Waiver {
        let rule = self.located(entry.rule);
        if self.rules.is_some_and(|rules| !rules.contains_key(rule.value.as_str())) {
            self.unknown_rule(&rule);
        }
        let InlineWaiverEntry { reason, owner, ticket, expires, status, .. } = entry;
        self.terms(rule, TermsEntry { reason, owner, ticket, expires, status })
    }

    fn waiver(&mut self, entry: WaiverEntry) -> ValidWaiver {
        let rule = self.located(entry.rule);
        let app = entry.app.map(|app| self.located(app));
        let subject = entry.subject.map(|subject| self.located(subject));
        self.waived_rule(&rule, app.as_ref(), subject.as_ref());
        let about = app.or(subject);
        let matcher = about.as_ref().and_then(|about| self.matcher(about));
        let evidence = entry.evidence.map(|evidence| self.accepted_values(evidence)).unwrap_or_default();
        let WaiverEntry { reason, owner, ticket, expires, status, .. } = entry;
        let waiver = self.terms(rule, TermsEntry { reason, owner, ticket, expires, status });
        ValidWaiver { waiver: Waiver { about, evidence, ..waiver }, matcher, reach: Reach::default() }
    }

    /// A waiver of a rule that is about everything, on these terms.
    fn terms(&mut self, rule: Located<String>, terms: TermsEntry) -> Waiver {
        let reason = self.said("reason", terms.reason, SHOWN);
        let owner = self.said("owner", terms.owner, SHOWN);
        let ticket = terms.ticket.map(|ticket| self.said("ticket", ticket, SHOWN)).unwrap_or_default();
        if terms.expires.is_none() && !self.endless_waivers {
            self.error(
                &rule,
                format!("the waiver of `{}` does not end", rule.value),
                "add `expires: YYYY-MM-DD`, its last day, or let waivers be without end with `endless-waivers: true`",
            );
        }
        let expires = terms.expires.and_then(|expires| self.day(expires));
        let status = terms.status.and_then(|word| self.word("status", word, Status::from_word, Status::WORDS));
        let status = status.map(|status| status.value).unwrap_or_default();
        Waiver { rule, about: None, evidence: Vec::new(), beside: None, reason, owner, ticket, expires, status }
    }

    /// Whether there is such a rule, and whether what it is about is named by the right key.
    fn waived_rule(&mut self, rule: &Located<String>, app: Option<&Located<String>>, subject: Option<&Located<String>>) {
        let Some(rules) = self.rules else { return };
        match (rules.get(rule.value.as_str()), app, subject) {
            (None, ..) => self.unknown_rule(rule),
            (Some(SubjectKind::Waiver), ..) => self.error(
                rule,
                format!("the rule `{}` is about waivers and cannot be waived", rule.value),
                "renew or remove the waiver it complains of, or switch the rule off under `rules`",
            ),
            (Some(SubjectKind::App), _, Some(subject)) => self.error(
                subject,
                format!("the rule `{}` is about apps, not about a `subject`", rule.value),
                "name the app, or a glob, under `app`",
            ),
            (Some(SubjectKind::App), None, None) => self.error(
                rule,
                format!("the waiver of `{}` does not say for which app", rule.value),
                "name the app, or a glob, under `app`",
            ),
            (Some(SubjectKind::App), Some(_), None) | (Some(_), None, _) => {}
            (Some(kind), Some(app), _) => self.error(
                app,
                format!("the rule `{}` is not about apps, but about {}", rule.value, in_words(*kind)),
                "leave `app` out, or name what the rule is about under `subject`",
            ),
        }
    }

    fn accepted_values(&mut self, evidence: Spanned<Vec<Spanned<String>>>) -> Vec<String> {
        let list = self.located(evidence);
        if list.value.is_empty() {
            self.error(&list, "no value is accepted", "name the values, or leave `evidence` out to accept any");
        }
        list.value.into_iter().map(|value| value.value).collect()
    }

    fn day(&mut self, written: Spanned<String>) -> Option<Located<Date>> {
        let Located { value, location } = self.located(written);
        // `strptime` also takes a month or a day of one digit.
        let Some(day) = Date::strptime("%Y-%m-%d", &value).ok().filter(|day| day.to_string() == value) else {
            let title = format!("`{value}` is not a day");
            self.error(&Located { value, location }, title, "write YYYY-MM-DD, such as 2026-12-31");
            return None;
        };
        Some(Located { value: day, location })
    }
}

const fn in_words(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::App => "apps",
        SubjectKind::Org => "orgs",
        SubjectKind::OrphanPart => "parts without a header",
        SubjectKind::KeyFile => "key files",
        SubjectKind::Contract => "contracts",
        SubjectKind::Waiver => "waivers",
    }
}
