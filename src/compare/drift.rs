//! Files and the org that they are the source of: what the one has and the other has not.
//!
//! An org knows more than files can: users, defaults, installed apps. None of that is a difference.

use std::collections::BTreeSet;

use super::access::{AccessSide, Assigned};
use super::declared::{Held, hold, is_compared};
use super::difference::{AccessChange, AppChange, Apps, FactChange, Findings, When};
use super::side::{AppSide, FactSide, Found, OfScope, Written};
use super::switches;
use crate::access::Admission;
use crate::finding::{ORG, Subject};
use crate::inventory::Reason;

/// Which side is files, where the other is an org.
pub(super) fn source_of(before: &OfScope<'_>, after: &OfScope<'_>) -> Option<When> {
    if before.apps.is_none() || after.apps.is_none() {
        return None;
    }
    match (before.scope.is_org, after.scope.is_org) {
        (false, true) => Some(When::Before),
        (true, false) => Some(When::After),
        _ => None,
    }
}

/// On which side, as reasons name it.
pub(super) fn on_side(source: Option<When>, which: When) -> &'static str {
    match (source, which) {
        (None, When::Before) => "on the first side",
        (None, When::After) => "on the second side",
        (Some(source), which) if source == which => "in the source",
        (Some(_), _) => "in the org",
    }
}

/// Files and an org, in the order of the comparison.
struct Pair<'s> {
    files: &'s AppSide,
    org: &'s AppSide,
    source: When,
}

/// What differs of an app, or of the settings, that both have.
pub(super) fn change(before: &AppSide, after: &AppSide, source: When) -> Option<AppChange> {
    let (files, org) = if source == When::Before { (before, after) } else { (after, before) };
    let pair = Pair { files, org, source };
    let (facts, left_out) = pair.facts();
    let access = match (&files.access, &org.access) {
        (Some(files), Some(org)) => pair.access(files, org),
        _ => AccessChange::default(),
    };
    let is_same = facts.is_empty() && left_out.is_empty() && access.is_empty();
    (!is_same).then(|| AppChange { subject: after.subject.clone(), facts, left_out, access })
}

impl Pair<'_> {
    /// What the files state and the org has otherwise, or does not tell; and what they leave out and the org has otherwise than by default.
    fn facts(&self) -> (Vec<FactChange>, Vec<FactChange>) {
        let (mut facts, mut left_out) = (Vec::new(), Vec::new());
        let is_asked = |path: &str| is_compared(path) && !switches::make(self.files.subject.kind, path);
        let of_facts = self
            .files
            .facts
            .iter()
            .filter(|(path, _)| is_asked(path))
            .filter_map(|(path, of_files)| Some((*path, of_files, self.files.written.get(path), self.org.facts.get(path)?)));
        let of_switches = self.files.switches.iter().filter_map(|(element, (of_files, written))| {
            Some((*element, of_files, written.as_ref(), &self.org.switches.get(element)?.0))
        });
        for (path, of_files, written, of_org) in of_facts.chain(of_switches) {
            let Some(change) = self.held(path, of_files, of_org) else { continue };
            match written {
                Some(Written::Stated) => facts.push(change),
                Some(Written::LeftOut) if change.before.is_ok() && change.after.is_ok() => left_out.push(change),
                _ => {}
            }
        }
        (facts, left_out)
    }

    fn held(&self, path: &'static str, of_files: &FactSide, of_org: &FactSide) -> Option<FactChange> {
        let (of_files, of_org) = match (of_files, of_org) {
            (Ok(written), Ok(there)) => match hold(self.files.subject.kind, path, written, there) {
                Held::Same | Held::Template => return None,
                Held::Different(written, there) => (Ok(written), Ok(there)),
                Held::Untold(reason) => (Ok(written.clone()), Err(reason)),
            },
            (Ok(written), Err(reason)) => (Ok(written.clone()), Err(reason.clone())),
            // What files cannot know, or state in half, is no difference.
            (Err(_), _) => return None,
        };
        let (before, after) = if self.source == When::Before { (of_files, of_org) } else { (of_org, of_files) };
        Some(FactChange { path, before, after })
    }

    /// Who may use the app. What the files do not tell of that is no doubt: they are not asked to.
    fn access(&self, files: &AccessSide, org: &AccessSide) -> AccessChange {
        let missing = |of: &AccessSide, other: &AccessSide| -> Vec<Assigned> {
            let compared = of.assigned.iter().filter(|it| it.kind != GROUP);
            compared.filter(|it| !other.assigned.iter().any(|there| there.is(it))).cloned().collect()
        };
        let (of_files_alone, of_org_alone) = (missing(files, org), missing(org, files));
        let of_org_alone = if files.more.is_some() { Vec::new() } else { of_org_alone };
        let mut doubts = Vec::new();
        let of_files_alone = match &org.more {
            None => of_files_alone,
            Some(reason) => {
                let doubt = |it: &Assigned| {
                    format!("whether the {} {} is assigned in the org: {reason}", it.kind.replace('-', " "), it.name)
                };
                doubts.extend(of_files_alone.iter().map(doubt));
                Vec::new()
            }
        };
        let (before, after) = if self.source == When::Before { (files, org) } else { (org, files) };
        let is_known = |it: &Admission| !matches!(it, Admission::Unknown(_));
        let differs = before.admission != after.admission && is_known(&before.admission) && is_known(&after.admission);
        let (gained, lost) =
            if self.source == When::Before { (of_org_alone, of_files_alone) } else { (of_files_alone, of_org_alone) };
        AccessChange {
            admission: differs.then(|| (before.admission.clone(), after.admission.clone())),
            lets_in_anybody: after.admission == Admission::Anybody,
            gained,
            lost,
            doubts,
            ..AccessChange::default()
        }
    }
}

const GROUP: &str = "group";

/// Why an app of the org that the files do not have is none that they should have; none where it is.
pub(super) fn beyond(app: &AppSide, on: When, source: When) -> Option<&Reason> {
    app.beyond_files.as_ref().filter(|_| on != source)
}

/// Takes out findings that are no drift: those on an app that both sides have, and that is the same as far as it is written, come of what one
/// side alone can know. What is undecided on one side alone is told of the facts, where it matters. Nor is anything a finding on an app of which
/// it cannot be told whether the other side has it: that is told of the app.
pub(super) fn keep_drift(found: &mut Findings, apps: &Apps, before: &OfScope<'_>, after: &OfScope<'_>) {
    let changed = apps.changed.iter().map(|it| &it.subject);
    let unsure = apps.unsure.iter().map(|it| &it.subject);
    let renamed = apps.renamed.iter().flat_map(|it| [&it.before, &it.after]);
    let added = apps.added.iter().map(|(subject, _)| subject);
    let differing: BTreeSet<(&str, String)> =
        changed.chain(unsure).chain(renamed).chain(added).chain(&apps.removed).map(key).collect();
    let settings_differ = differing.iter().any(|(kind, _)| *kind == ORG);
    let is_there = |subject: &Subject| !apps.beyond.iter().any(|(it, _)| key(it) == key(subject));
    let is_drift = |rule: &str, subject: &Subject| {
        let reads_settings = || [before, after].iter().any(|side| side.scope.about_org.contains(rule));
        let is_app = subject.kind != ORG && differing.contains(&key(subject));
        is_app || settings_differ && is_there(subject) && reads_settings()
    };
    let is_unsure = |subject: &Subject| apps.unsure.iter().any(|it| key(&it.subject) == key(subject));
    // Of an org that could not be reached nothing is known, so that nothing is new beside it.
    let was_read = !(before.scope.is_org && before.scope.id.is_empty());
    // A rule that is for one kind of source is not missed on the other.
    let is_for_both = |rule: &str| before.asks(rule) && after.asks(rule);
    let mut alone = 0;
    let mut keep = |is_kept: bool| {
        alone += usize::from(!is_kept);
        is_kept
    };
    found.new.retain(|it| keep(was_read && is_drift(&it.found.rule, &it.found.subject)));
    found.fixed.retain(|it| keep(is_drift(&it.rule, &it.subject)));
    found.waived.retain(|it| keep(is_drift(&it.rule, &it.subject)));
    found.worse.retain(|it| keep(is_drift(&it.found.rule, &it.found.subject)));
    found.better.retain(|it| keep(is_drift(&it.found.rule, &it.found.subject)));
    found.doubts.retain(|it| {
        let Found { rule, subject, .. } = &it.found;
        keep(is_drift(rule, subject) && is_for_both(rule) && !is_unsure(subject))
    });
    found.one_sided = alone + found.became_unknown.len() + found.became_known.len();
    found.became_unknown.clear();
    found.became_known.clear();
}

fn key(subject: &Subject) -> (&'static str, String) {
    (subject.kind, subject.own_name().into_owned())
}
