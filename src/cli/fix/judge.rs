//! What is wrong, what can be fixed, and what would be wrong then.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::cli::setup;
use crate::collect::Collected;
use crate::finding::{Finding, Subject};
use crate::fix::{Candidate, Draft, Ground, Mark, Outcome, Proposer};
use crate::inventory::Inventory;
use crate::policy::{self, Applied, Policy, Verdicts, app_subject, org_subject};
use crate::report::fix::{Changed, Entry, Fixes, State};
use crate::rules::facts::{self, Context};
use crate::rules::fix::Risk;
use crate::rules::{Rule, RuleSet};
use crate::source::Location;

/// How often what the fixes bring is fixed in its turn. Each turn refuses what would bring back what an earlier one put right.
const MOST_TURNS: usize = 4;

/// What there is to judge by.
pub(super) struct Judge<'a> {
    pub(super) set: &'a RuleSet,
    /// Those that are asked.
    pub(super) rules: &'a [Rule],
    pub(super) policy: &'a Policy,
    pub(super) today: Date,
    pub(super) with_unsafe: bool,
    /// Reads the files, as if some had other texts.
    pub(super) read: &'a dyn Fn(&BTreeMap<String, String>) -> Collected,
    /// Which findings are to be fixed.
    pub(super) is_wanted: &'a dyn Fn(&Finding) -> bool,
    /// Why a file cannot be changed; none where it can.
    pub(super) is_fixed: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// The files as they would be, and what is to be said of it.
pub(super) struct Fixed {
    pub(super) draft: Draft,
    pub(super) fixes: Fixes,
}

/// What was read, and what rules say of it.
struct Judged {
    collected: Collected,
    policy: Policy,
    verdicts: Verdicts,
}

impl Judge<'_> {
    /// Fixes what was read, and then what the fixes bring, so that a second run has nothing to change.
    pub(super) fn fix(&self, collected: Collected) -> Fixed {
        let mut now = self.judged(collected);
        let mut draft = Draft::default();
        let mut fixes = Fixes::default();
        let mut known: Vec<Mark> = Vec::new();
        for turn in 0..MOST_TURNS {
            let before = self.marks(&now.verdicts);
            let is_new = |finding: &Finding| turn == 0 || !known.iter().any(|mark| mark.found.is_some() && mark.is_about(finding));
            let findings = self.findings(&now.verdicts, is_new);
            let grounds = self.grounds(&now.collected.inventory, &now.policy);
            let candidates = self.candidates(&findings, &grounds);
            let audit = |draft: &Draft| self.marks(&self.judged((self.read)(&texts(draft))).verdicts);
            let proposer = Proposer { candidates: &candidates, base: &draft, before: &before, audit: &audit };
            let proposal = proposer.propose(self.with_unsafe);
            fixes.entries.extend(candidates.iter().zip(&proposal.outcomes).map(|(candidate, outcome)| entry(candidate, outcome)));
            let has_changed = texts(&proposal.draft) != texts(&draft);
            draft = proposal.draft;
            if !has_changed {
                break;
            }
            fixes.brought = proposal.brought.iter().map(|mark| (mark.rule.clone(), mark.subject.clone())).collect();
            if proposal.brought.is_empty() {
                break;
            }
            known.extend(before);
            now = self.judged((self.read)(&texts(&draft)));
        }
        fixes.files = draft
            .files()
            .map(|(path, file)| Changed {
                path: path.to_string(),
                before: file.before.as_ref().map(|text| text.text().to_owned()),
                after: file.after.text().to_owned(),
            })
            .collect();
        // What was brought and then fixed, or is told of as what cannot be, is no news.
        let is_told =
            |rule: &str, subject: &Subject| fixes.entries.iter().any(|it| it.rule == rule && it.subject.name == subject.name);
        let brought = std::mem::take(&mut fixes.brought);
        fixes.brought = brought.into_iter().filter(|(rule, subject)| !is_told(rule, subject)).collect();
        Fixed { draft, fixes }
    }

    fn judged(&self, collected: Collected) -> Judged {
        let (policy, _) = self.policy.clone().with_inline_waivers(&collected.inventory, &setup::known(self.set));
        let context = Context::new(&collected.inventory, self.today);
        let verdicts = policy::verdicts(&collected.inventory, self.rules, &policy, &context);
        Judged { collected, policy, verdicts }
    }

    /// The files of everything that can be fixed, or why they cannot be changed.
    fn grounds(&self, inventory: &Inventory, policy: &Policy) -> Vec<(Subject, Result<Ground, &'static str>)> {
        let context = Context::new(inventory, self.today);
        let applied = Applied::to(policy, inventory);
        let texts = |location: &Location| location.text().cloned();
        let refused = |path: &str| (self.is_fixed)(path);
        let apps = inventory.apps.iter().map(|app| {
            let expectations = applied.of(app.source).expectations_of(&app.name);
            let ground = || Ground::of_app(app, facts::of_app(app, expectations, &context), &texts);
            (app_subject(app, inventory), refused(app.location.path()).map_or_else(|| Ok(ground()), Err))
        });
        let settings = inventory.settings.iter().enumerate().map(|(index, settings)| {
            let ground = Ground::of_settings(settings, facts::of_settings(index, &context), &texts);
            let refused = ground.paths().find_map(refused);
            (org_subject(settings, inventory), refused.map_or(Ok(ground), Err))
        });
        apps.chain(settings).collect()
    }

    /// The findings to fix: what contracts say comes first, then the worst.
    fn findings(&self, verdicts: &Verdicts, is_new: impl Fn(&Finding) -> bool) -> Vec<Finding> {
        let wanted = |finding: &&Finding| (self.is_wanted)(finding) && is_new(finding);
        let mut findings: Vec<Finding> = verdicts.findings.iter().filter(wanted).cloned().collect();
        findings.sort_by(|one, two| {
            let key = |it: &Finding| (!it.rule.starts_with("contract-"), Reverse(it.severity));
            key(one).cmp(&key(two)).then_with(|| (&one.rule, &one.subject).cmp(&(&two.rule, &two.subject)))
        });
        findings
    }

    fn candidates<'c>(
        &'c self,
        findings: &'c [Finding],
        grounds: &'c [(Subject, Result<Ground, &'static str>)],
    ) -> Vec<Candidate<'c>> {
        let ground_of = |subject: &Subject| {
            let is_it = |other: &Subject| (other.kind, &other.name, &other.path) == (subject.kind, &subject.name, &subject.path);
            let found = grounds.iter().find(|(other, _)| is_it(other)).map(|(_, ground)| ground.as_ref().map_err(|why| *why));
            found.unwrap_or(Err("nothing of it stands in metadata that could be changed"))
        };
        let candidate = |finding: &'c Finding| {
            let rule = self.rules.iter().find(|rule| rule.id() == finding.rule)?;
            Some(Candidate { finding, rule, ground: ground_of(&finding.subject) })
        };
        findings.iter().filter_map(candidate).collect()
    }

    /// What is wrong or undecided, as a proposal compares it.
    fn marks(&self, verdicts: &Verdicts) -> Vec<Mark> {
        let title = |rule: &str| self.set.get(rule).map(|entry| entry.info().title.clone()).unwrap_or_default();
        let found = verdicts.findings.iter().map(|finding| Mark {
            rule: finding.rule.clone(),
            title: finding.title.clone(),
            subject: finding.subject.clone(),
            found: Some((finding.severity, finding.effect)),
        });
        let open = verdicts.unknown.iter().map(|it| Mark {
            rule: it.rule.clone(),
            title: title(&it.rule),
            subject: it.subject.clone(),
            found: None,
        });
        found.chain(open).collect()
    }
}

fn texts(draft: &Draft) -> BTreeMap<String, String> {
    draft.files().map(|(path, file)| (path.to_string(), file.after.text().to_owned())).collect()
}

fn entry(candidate: &Candidate<'_>, outcome: &Outcome) -> Entry {
    let risk = candidate.rule.fix().map(|fix| &fix.risk);
    let (state, why) = match outcome {
        Outcome::Gone => (State::Safe, "what puts another finding right puts this right, too".to_owned()),
        Outcome::Fixed => {
            let state = if risk.is_some_and(Risk::is_safe) { State::Safe } else { State::Unsafe };
            (state, risk.map(Risk::why).unwrap_or_default().to_owned())
        }
        Outcome::HeldBack(why) => (State::HeldBack, why.clone()),
        Outcome::Impossible(why) => (State::Impossible, why.clone()),
    };
    let finding = candidate.finding;
    Entry { rule: finding.rule.clone(), severity: finding.severity, subject: finding.subject.clone(), state, why }
}
