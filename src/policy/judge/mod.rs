//! Every rule on every subject, the policy's say included: verdicts become findings here, and nowhere else.

mod entries;

use std::num::NonZero;
use std::thread;

use jiff::civil::Date;

use super::{Policy, finding};
use crate::finding::{Counts, Finding, NotApplicable, Subject, Undecided, Waived};
use crate::inventory::app::App;
use crate::inventory::key_file::KeyFile;
use crate::inventory::org::short;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Inventory, OrphanPart};
use crate::rules::facts::{self, Context};
use crate::rules::schema::{SourceKind, SubjectKind};
use crate::rules::value::FactSet;
use crate::rules::{Judgement, Rule, judge, why_not, with_stack};

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
    let mut verdicts = over_apps(inventory, rules, policy, context);
    let judge = Judge { rules, policy, today: context.today() };
    with_stack(|| {
        for part in &inventory.orphans {
            let of = Of { kind: SubjectKind::OrphanPart, source: Some(kind_of(part.source, inventory)), app: None };
            judge.add(&mut verdicts, of, &part_subject(part, inventory), &facts::of_part(part));
        }
        for file in &inventory.key_files {
            let of = Of { kind: SubjectKind::KeyFile, source: Some(SourceKind::Files), app: None };
            judge.add(&mut verdicts, of, &key_subject(file), &facts::of_key_file(file));
        }
        for (index, settings) in inventory.settings.iter().enumerate() {
            let of = Of { kind: SubjectKind::Org, source: Some(kind_of(settings.source, inventory)), app: None };
            judge.add(&mut verdicts, of, &org_subject(settings, inventory), &facts::of_settings(index, context));
        }
        for source in inventory.sources_without_settings() {
            let of = Of { kind: SubjectKind::Org, source: Some(kind_of(source, inventory)), app: None };
            judge.add(&mut verdicts, of, &source_subject(source, inventory), &facts::of_source(source, context));
        }
        if policy.is_of_all() {
            judge.add_contracts(&mut verdicts, inventory);
        }
        judge.add_waivers(&mut verdicts, inventory);
    });
    verdicts
}

/// The apps, shared out among the processors where there are many.
fn over_apps(inventory: &Inventory, rules: &[Rule], policy: &Policy, context: &Context<'_>) -> Verdicts {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(inventory.apps.len() / APPS_WORTH_A_THREAD).max(1);
    let share = inventory.apps.len().div_ceil(threads).max(1);
    let judge_share = |apps: &[App]| {
        with_stack(|| {
            let mut verdicts = Verdicts::default();
            for app in apps {
                let facts = facts::of_app(app, policy.contract_for(&app.name), context);
                let of = Of { kind: SubjectKind::App, source: Some(kind_of(app.source, inventory)), app: Some(&app.name) };
                Judge { rules, policy, today: context.today() }.add(&mut verdicts, of, &app_subject(app, inventory), &facts);
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
    /// The app's full name, where it is one: policies have a say about apps by name.
    app: Option<&'a str>,
}

/// The rules, and what the policy makes of them.
struct Judge<'a> {
    rules: &'a [Rule],
    policy: &'a Policy,
    /// Decides which waivers have expired.
    today: Date,
}

impl Judge<'_> {
    fn add(&self, verdicts: &mut Verdicts, of: Of<'_>, subject: &Subject, facts: &FactSet) {
        verdicts.tallies.resize(self.rules.len(), Tally::default());
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.applies_to() == of.kind) {
            let mut tally = Tally::default();
            self.ask(rule, verdicts, &mut tally, of, subject, facts);
            verdicts.counts.add(tally.counts);
            if let Some(all) = verdicts.tallies.get_mut(index) {
                all.add(tally);
            }
        }
    }

    /// Asks one rule, and counts what it says.
    fn ask(&self, rule: &Rule, verdicts: &mut Verdicts, tally: &mut Tally, of: Of<'_>, subject: &Subject, facts: &FactSet) {
        let setting = self.policy.asked(rule.info(), of.app);
        if setting.severity(rule.info().severity).is_none() {
            tally.unasked += 1;
            return;
        }
        let is_for_source = rule.is_for(of.source);
        tally.elsewhere += usize::from(!is_for_source);
        let judgement = if is_for_source { judge(rule, facts) } else { Judgement::NotApplicable };
        match judgement {
            Judgement::Pass => tally.counts.pass += 1,
            Judgement::NotApplicable => {
                tally.counts.not_applicable += 1;
                if self.policy.selection().explains() {
                    let reason = why_not(rule, of.source, facts);
                    let rule = rule.id().to_owned();
                    verdicts.not_applicable.push(NotApplicable { rule, subject: subject.clone(), reason });
                }
            }
            Judgement::Unknown(reason) => {
                tally.counts.unknown += 1;
                verdicts.unknown.push(Undecided { rule: rule.id().to_owned(), subject: subject.clone(), reason });
            }
            Judgement::Fail(failure) => {
                let severity = setting.severity(failure.severity).unwrap_or(failure.severity);
                let finding = finding(rule.info(), severity, subject.clone(), failure.message, failure.evidence);
                if let Some(waiver) = self.policy.waiver_for(&finding, self.today) {
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
        self.not_applicable.append(&mut other.not_applicable);
    }
}

/// How an app is named in findings.
#[must_use]
pub fn app_subject(app: &App, inventory: &Inventory) -> Subject {
    Subject {
        kind: app.kind.as_str(),
        name: app.name.clone(),
        label: app.label.value().cloned().unwrap_or_default(),
        path: app.location.path().to_string(),
        path_in_source: in_source(&app.path_in_source, app.source, inventory),
        org: org_name(app.source, inventory),
    }
}

fn kind_of(source: usize, inventory: &Inventory) -> SourceKind {
    if inventory.org(source).is_some() { SourceKind::Org } else { SourceKind::Files }
}

fn part_subject(part: &OrphanPart, inventory: &Inventory) -> Subject {
    Subject {
        kind: "external-client-app-part",
        name: part.app.value().filter(|app| !app.is_empty()).cloned().unwrap_or_else(|| part.metadata_type.clone()),
        label: part.metadata_type.clone(),
        path: part.location.path().to_string(),
        path_in_source: in_source(&part.path_in_source, part.source, inventory),
        org: org_name(part.source, inventory),
    }
}

fn key_subject(file: &KeyFile) -> Subject {
    Subject {
        kind: "key-file",
        name: file.path_in_source.clone(),
        label: String::new(),
        path: file.location.path().to_string(),
        path_in_source: file.path_in_source.clone(),
        org: String::new(),
    }
}

/// A source without settings: a live org that did not deliver them, or a tree of which profiles and permission sets are known.
fn source_subject(source: usize, inventory: &Inventory) -> Subject {
    if inventory.org(source).is_some() {
        return live_subject(source, inventory);
    }
    let root = inventory.sources.get(source).map_or("", |source| source.name.as_str());
    let path = if root.is_empty() { "." } else { root };
    Subject {
        kind: "org",
        name: ".".to_owned(),
        label: String::new(),
        path: path.to_owned(),
        path_in_source: ".".to_owned(),
        org: String::new(),
    }
}

fn live_subject(index: usize, inventory: &Inventory) -> Subject {
    let name = org_name(index, inventory);
    let org = inventory.org(index);
    Subject {
        kind: "org",
        label: org.map(|org| org.identity.name.clone()).unwrap_or_default(),
        path: name.clone(),
        path_in_source: in_source("", index, inventory),
        org: name.clone(),
        name,
    }
}

fn org_subject(settings: &OrgSettings, inventory: &Inventory) -> Subject {
    let source = inventory.sources.get(settings.source);
    if source.is_some_and(|source| source.org.is_some()) {
        return live_subject(settings.source, inventory);
    }
    let root = source.map_or("", |source| source.name.as_str());
    let folder = settings.folder.strip_prefix(root).unwrap_or(&settings.folder).trim_start_matches('/');
    Subject {
        kind: "org",
        name: folder.to_owned(),
        label: String::new(),
        path: settings.folder.clone(),
        path_in_source: folder.to_owned(),
        org: String::new(),
    }
}

/// The name of the org a source is; empty for a tree.
fn org_name(source: usize, inventory: &Inventory) -> String {
    inventory.org_name(source).unwrap_or_default().to_owned()
}

/// A path that is one of its kind in one report: the same component can be in several orgs, which their ids tell apart. An alias could
/// not: everybody chooses their own.
fn in_source(path: &str, source: usize, inventory: &Inventory) -> String {
    match inventory.org(source) {
        Some(org) if !org.identity.id.is_empty() => format!("{}/{path}", short(&org.identity.id)),
        _ => path.to_owned(),
    }
}
