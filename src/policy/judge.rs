//! Every rule on every subject, the policy's say included: verdicts become findings here, and nowhere else.

use std::num::NonZero;
use std::thread;

use super::{Policy, finding};
use crate::finding::{Counts, Finding, Subject, Undecided};
use crate::inventory::app::App;
use crate::inventory::org::short;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Inventory, OrphanPart};
use crate::rules::facts::{self, Context};
use crate::rules::schema::SubjectKind;
use crate::rules::value::FactSet;
use crate::rules::{Judgement, Rule, judge, with_stack};

/// How many apps a thread must have to judge: with fewer it costs more than it saves.
const APPS_WORTH_A_THREAD: usize = 16;

/// What all rules say of an inventory.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// How many of each kind.
    pub counts: Counts,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What could not be decided.
    pub unknown: Vec<Undecided>,
}

/// Judges an inventory by these rules.
#[must_use]
pub fn verdicts(inventory: &Inventory, rules: &[Rule], policy: &Policy, context: &Context<'_>) -> Verdicts {
    let mut verdicts = over_apps(inventory, rules, policy, context);
    with_stack(|| {
        for part in &inventory.orphans {
            verdicts.add(SubjectKind::OrphanPart, rules, policy, None, &part_subject(part, inventory), &facts::of_part(part));
        }
        for settings in &inventory.settings {
            verdicts.add(
                SubjectKind::Org,
                rules,
                policy,
                None,
                &org_subject(settings, inventory),
                &facts::of_org(settings, context),
            );
        }
        if !policy.is_of_all() {
            return;
        }
        let names: Vec<&str> = inventory.apps.iter().map(|app| app.name.as_str()).collect();
        for matches in policy.match_counts(&names) {
            let subject = Subject {
                kind: "contract",
                name: matches.pattern.value.clone(),
                label: String::new(),
                path: matches.pattern.location.path().to_string(),
                path_in_source: String::new(),
                org: String::new(),
            };
            verdicts.add(SubjectKind::Contract, rules, policy, None, &subject, &facts::of_contract(matches.pattern, matches.apps));
        }
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
                verdicts.add(SubjectKind::App, rules, policy, Some(&app.name), &app_subject(app, inventory), &facts);
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

impl Verdicts {
    fn add(&mut self, kind: SubjectKind, rules: &[Rule], policy: &Policy, app: Option<&str>, subject: &Subject, facts: &FactSet) {
        for rule in rules.iter().filter(|rule| rule.applies_to() == kind) {
            let setting = policy.setting(rule.id(), app);
            if setting.severity(rule.info().severity).is_none() {
                continue;
            }
            match judge(rule, facts) {
                Judgement::Pass => self.counts.pass += 1,
                Judgement::NotApplicable => self.counts.not_applicable += 1,
                Judgement::Unknown(reason) => {
                    self.counts.unknown += 1;
                    self.unknown.push(Undecided { rule: rule.id().to_owned(), subject: subject.clone(), reason });
                }
                Judgement::Fail(failure) => {
                    self.counts.fail += 1;
                    let severity = setting.severity(failure.severity).unwrap_or(failure.severity);
                    self.findings.push(finding(rule.info(), severity, subject.clone(), failure.message, failure.evidence));
                }
            }
        }
    }

    fn append(&mut self, mut other: Self) {
        self.counts.pass += other.counts.pass;
        self.counts.fail += other.counts.fail;
        self.counts.unknown += other.counts.unknown;
        self.counts.not_applicable += other.counts.not_applicable;
        self.counts.waived += other.counts.waived;
        self.findings.append(&mut other.findings);
        self.unknown.append(&mut other.unknown);
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

fn org_subject(settings: &OrgSettings, inventory: &Inventory) -> Subject {
    let source = inventory.sources.get(settings.source);
    let root = source.map_or("", |source| source.name.as_str());
    let folder = settings.folder.strip_prefix(root).unwrap_or(&settings.folder).trim_start_matches('/');
    let org = org_name(settings.source, inventory);
    Subject {
        kind: "org",
        name: if org.is_empty() { folder } else { &org }.to_owned(),
        label: String::new(),
        path: settings.folder.clone(),
        path_in_source: in_source(folder, settings.source, inventory),
        org,
    }
}

/// The name of the org a source is; empty for a tree.
fn org_name(source: usize, inventory: &Inventory) -> String {
    let org = inventory.sources.get(source).filter(|source| source.org.is_some());
    org.map_or_else(String::new, |source| source.name.clone())
}

/// A path that is one of its kind in one report: the same component can be in several orgs, which their ids tell apart. An alias could
/// not: everybody chooses their own.
fn in_source(path: &str, source: usize, inventory: &Inventory) -> String {
    match inventory.org(source) {
        Some(org) if !org.identity.id.is_empty() => format!("{}/{path}", short(&org.identity.id)),
        _ => path.to_owned(),
    }
}
