//! What rules say of the policy's own entries: its contracts and its waivers.

use super::super::ValidWaiver;
use super::{Judge, Of, Verdicts, kind_of};
use crate::finding::{Subject, Undecided};
use crate::inventory::{Fact, Inventory};
use crate::rules::Rule;
use crate::rules::facts::{self, WaiverView};
use crate::rules::schema::SubjectKind;
use crate::source::Location;

impl Judge<'_> {
    /// The contracts themselves.
    pub(super) fn add_contracts(&self, verdicts: &mut Verdicts, inventory: &Inventory) {
        let names: Vec<&str> = inventory.apps.iter().map(|app| app.name.as_str()).collect();
        for matches in self.policy.match_counts(&names) {
            let of = Of { kind: SubjectKind::Contract, source: None, app: None };
            let subject = policy_subject("contract", matches.pattern.value.clone(), &matches.pattern.location);
            self.add(verdicts, of, &subject, &facts::of_contract(matches.pattern, matches.apps));
        }
    }

    /// The waivers themselves, once all there is to waive has been judged.
    pub(super) fn add_waivers(&self, verdicts: &mut Verdicts, inventory: &Inventory) {
        for valid in self.policy.waivers() {
            let Some(rule) = self.rules.iter().find(|rule| rule.id() == valid.waiver.rule.value) else { continue };
            let own = rule.info().severity;
            let failed = verdicts.findings.iter().chain(verdicts.waived.iter().map(|waived| &waived.finding));
            let findings = failed.filter(|finding| valid.is_about(finding)).count();
            let facts = facts::of_waiver(&WaiverView {
                waiver: &valid.waiver,
                today: self.today,
                severity: self.policy.setting(rule.id(), None).severity(own).unwrap_or(own),
                every_app: rule.applies_to() == SubjectKind::App && valid.is_about_all(),
                findings,
                unused: self.unused(valid, rule, findings, verdicts, inventory),
            });
            let of = Of { kind: SubjectKind::Waiver, source: None, app: None };
            let subject = policy_subject("waiver", valid.waiver.name(), &valid.waiver.rule.location);
            self.add(verdicts, of, &subject, &facts);
        }
    }

    /// Whether a waiver that is about so many findings has nothing to accept; none where the audit cannot be expected to have it.
    fn unused(
        &self,
        valid: &ValidWaiver,
        rule: &Rule,
        findings: usize,
        verdicts: &Verdicts,
        inventory: &Inventory,
    ) -> Fact<Option<bool>> {
        let is_for_source = |source| rule.is_for(Some(kind_of(source, inventory)));
        if !self.policy.is_of_all() || self.policy.leaves_out(rule.info()) || !(0..inventory.sources.len()).any(is_for_source) {
            return Fact::known(None);
        }
        let undecided = |it: &&Undecided| valid.is_about_subject(&it.rule, &it.subject.name);
        match verdicts.unknown.iter().find(undecided) {
            Some(undecided) if findings == 0 => {
                let (rule, name) = (&undecided.rule, &undecided.subject.name);
                Fact::unknown(format!("{rule} could not be decided on {name}, which may have the finding"))
            }
            _ => Fact::known(Some(findings == 0)),
        }
    }
}

/// How an entry of the policy is named in findings.
fn policy_subject(kind: &'static str, name: String, location: &Location) -> Subject {
    Subject {
        kind,
        name,
        label: String::new(),
        path: location.path().to_string(),
        path_in_source: String::new(),
        org: String::new(),
    }
}
