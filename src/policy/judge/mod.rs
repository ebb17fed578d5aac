//! Every rule on every subject, the policy's say included: verdicts become findings here, and nowhere else.

mod entries;
mod subject;

use std::num::NonZero;
use std::thread;

use jiff::civil::Date;

use self::entries::Uses;
pub(super) use self::subject::part_subject;
pub use self::subject::{app_subject, org_subject};
use self::subject::{key_subject, source_subject};
use super::{Applied, Policy, Setting, finding};
use crate::compare::fingerprint;
use crate::diagnostic::Diagnostic;
use crate::finding::{Counts, Finding, NotApplicable, Subject, Undecided, Waived};
use crate::inventory::Inventory;
use crate::inventory::app::App;
use crate::rules::facts::{self, Context};
use crate::rules::schema::{SourceKind, SubjectKind};
use crate::rules::value::FactSet;
use crate::rules::{Judgement, Rule, judge, why_not, with_stack};
use crate::source::Location;

/// How many apps a thread must have to judge: with fewer it costs more than it saves.
const APPS_WORTH_A_THREAD: usize = 16;

/// What all rules say of an inventory.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// How many of each kind.
    pub counts: Counts,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is wrong and accepted by the policy.
    pub waived: Vec<Waived>,
    /// What each rule said, in the order of the rules.
    pub tallies: Vec<Tally>,
    /// What could not be decided.
    pub unknown: Vec<Undecided>,
    /// What did not apply; only where the reasons are wanted.
    pub not_applicable: Vec<NotApplicable>,
    /// The environment of the policy that was applied to each source, where one was.
    pub environments: Vec<Option<String>>,
    /// What could not be told of the orgs, so that it is not sure that the right part of the policy was applied.
    pub diagnostics: Vec<Diagnostic>,
    uses: Uses,
}

/// What one rule said of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many verdicts of each kind.
    pub counts: Counts,
    /// How many subjects come from a kind of source that the rule is not for; they are among those it does not apply to.
    pub elsewhere: usize,
    /// How many subjects it was not asked about, because it is switched off or not among those that are asked.
    pub unasked: usize,
}

impl Tally {
    /// Whether it was asked about all there is of what it is about. Of the policy's own entries there may be none.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.elsewhere == 0 && self.unasked == 0
    }

    fn add(&mut self, other: Self) {
        self.counts.add(other.counts);
        self.elsewhere += other.elsewhere;
        self.unasked += other.unasked;
    }
}

/// Judges an inventory by these rules.
#[must_use]
pub fn verdicts(inventory: &Inventory, rules: &[Rule], policy: &Policy, context: &Context<'_>) -> Verdicts {
    let applied = Applied::to(policy, inventory);
    let judge = Judge { rules, applied: &applied, today: context.today() };
    let mut verdicts = over_apps(inventory, &judge, context);
    with_stack(|| {
        for part in &inventory.orphans {
            let of = judge.of(SubjectKind::OrphanPart, part.source, inventory).at(&part.location);
            judge.add(&mut verdicts, of, &part_subject(part, inventory), &facts::of_part(part));
        }
        for file in &inventory.key_files {
            let of = Of { from_file: true, ..judge.of(SubjectKind::KeyFile, file.source, inventory) };
            judge.add(&mut verdicts, of, &key_subject(file), &facts::of_key_file(file));
        }
        for (index, settings) in inventory.settings.iter().enumerate() {
            let of = judge.of(SubjectKind::Org, settings.source, inventory);
            judge.add(&mut verdicts, of, &org_subject(settings, inventory), &facts::of_settings(index, context));
        }
        for source in inventory.sources_without_settings() {
            let of = judge.of(SubjectKind::Org, source, inventory);
            judge.add(&mut verdicts, of, &source_subject(source, inventory), &facts::of_source(source, context));
        }
        judge.add_contracts(&mut verdicts, inventory);
        judge.add_waivers(&mut verdicts, inventory);
    });
    let environment = |source| applied.of(source).environment().map(str::to_owned);
    verdicts.environments = (0..inventory.sources.len()).map(environment).collect();
    verdicts.diagnostics = applied.diagnostics;
    verdicts
}

/// The apps, shared out among the processors where there are many.
fn over_apps(inventory: &Inventory, judge: &Judge<'_>, context: &Context<'_>) -> Verdicts {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(inventory.apps.len() / APPS_WORTH_A_THREAD).max(1);
    let share = inventory.apps.len().div_ceil(threads).max(1);
    let judge_share = |apps: &[App]| {
        with_stack(|| {
            let mut verdicts = Verdicts::default();
            for app in apps {
                let of = judge.of(SubjectKind::App, app.source, inventory).at(&app.location);
                let of = Of { app: Some(&app.name), ..of };
                let facts = facts::of_app(app, of.policy.expectations_of(&app.name), context);
                let subject = Subject { governance: of.policy.governance_of(&app.name), ..app_subject(app, inventory) };
                judge.add(&mut verdicts, of, &subject, &facts);
            }
            verdicts
        })
    };
    if threads == 1 {
        return judge_share(&inventory.apps);
    }
    thread::scope(|scope| {
        let workers: Vec<_> = inventory.apps.chunks(share).map(|apps| scope.spawn(move || judge_share(apps))).collect();
        let mut all = Verdicts::default();
        for worker in workers {
            match worker.join() {
                Ok(verdicts) => all.append(verdicts),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

/// What a rule must fit to be asked about a subject.
#[derive(Clone, Copy)]
struct Of<'a> {
    kind: SubjectKind,
    /// Where the subject comes from; none for an entry of the policy.
    source: Option<SourceKind>,
    /// Whether it is in a file that a deployment lays over an org: it is of both kinds of source then.
    from_file: bool,
    /// The app's full name, where it is one: policies have a say about apps by name.
    app: Option<&'a str>,
    /// What goes for it.
    policy: &'a Policy,
}

impl Of<'_> {
    /// The same of a subject that stands in a file, or that an org told of.
    fn at(self, place: &Location) -> Self {
        Self { from_file: place.answer().is_none(), ..self }
    }
}

/// A rule that is asked about a subject.
#[derive(Clone, Copy)]
struct Asked<'a> {
    rule: &'a Rule,
    setting: Setting,
    of: Of<'a>,
    subject: &'a Subject,
    facts: &'a FactSet,
}

/// The rules, and what the policy makes of them.
struct Judge<'a> {
    rules: &'a [Rule],
    applied: &'a Applied<'a>,
    /// Decides which waivers have expired.
    today: Date,
}

impl<'a> Judge<'a> {
    /// A subject of a source that is no app.
    fn of(&self, kind: SubjectKind, source: usize, inventory: &Inventory) -> Of<'a> {
        Of { kind, source: Some(kind_of(source, inventory)), from_file: false, app: None, policy: self.applied.of(source) }
    }

    fn add(&self, verdicts: &mut Verdicts, of: Of<'_>, subject: &Subject, facts: &FactSet) {
        let settings = of.policy.settings(of.app);
        verdicts.tallies.resize(self.rules.len(), Tally::default());
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.applies_to() == of.kind) {
            let mut tally = Tally::default();
            match settings.asked(rule.info()) {
                Setting::Off => tally.unasked += 1,
                setting => self.ask(Asked { rule, setting, of, subject, facts }, verdicts, &mut tally),
            }
            verdicts.counts.add(tally.counts);
            if let Some(all) = verdicts.tallies.get_mut(index) {
                all.add(tally);
            }
        }
    }

    /// Asks one rule, and counts what it says.
    fn ask(&self, asked: Asked<'_>, verdicts: &mut Verdicts, tally: &mut Tally) {
        let Asked { rule, setting, of, subject, facts } = asked;
        let is_for_source = rule.is_for(of.source) || of.from_file && rule.is_for(Some(SourceKind::Files));
        tally.elsewhere += usize::from(!is_for_source);
        let judgement = if is_for_source { judge(rule, facts) } else { Judgement::NotApplicable };
        match judgement {
            Judgement::Pass => tally.counts.pass += 1,
            Judgement::NotApplicable => {
                tally.counts.not_applicable += 1;
                if of.policy.selection().explains() {
                    let reason = why_not(rule, of.source, facts);
                    let rule = rule.id().to_owned();
                    verdicts.not_applicable.push(NotApplicable { rule, subject: subject.clone(), reason });
                }
            }
            Judgement::Unknown(reason) => {
                tally.counts.unknown += 1;
                let waivers = of.policy.waivers().iter();
                for waiver in waivers.filter(|waiver| waiver.is_about_subject(rule.id(), &subject.name)) {
                    verdicts.uses.of(waiver).left_open(rule.id(), &subject.name);
                }
                let fingerprint = fingerprint(rule.id(), subject);
                let (rule, subject) = (rule.id().to_owned(), subject.clone());
                verdicts.unknown.push(Undecided { rule, subject, reason, fingerprint, baseline: None });
            }
            Judgement::Fail(failure) => {
                let severity = setting.severity(failure.severity).unwrap_or(failure.severity);
                let finding = finding(rule.info(), severity, subject.clone(), failure.message, failure.evidence);
                for waiver in of.policy.waivers().iter().filter(|waiver| waiver.is_about(&finding)) {
                    verdicts.uses.of(waiver).found();
                }
                if let Some(waiver) = of.policy.waiver_for(&finding, self.today) {
                    tally.counts.waived += 1;
                    verdicts.waived.push(waiver.apply(finding));
                } else {
                    tally.counts.fail += 1;
                    verdicts.findings.push(finding);
                }
            }
        }
    }
}

impl Verdicts {
    fn append(&mut self, mut other: Self) {
        self.counts.add(other.counts);
        self.tallies.resize(self.tallies.len().max(other.tallies.len()), Tally::default());
        self.tallies.iter_mut().zip(other.tallies).for_each(|(tally, other)| tally.add(other));
        self.findings.append(&mut other.findings);
        self.waived.append(&mut other.waived);
        self.unknown.append(&mut other.unknown);
        self.uses.append(other.uses);
        self.not_applicable.append(&mut other.not_applicable);
    }
}

fn kind_of(source: usize, inventory: &Inventory) -> SourceKind {
    if inventory.org(source).is_some() { SourceKind::Org } else { SourceKind::Files }
}
