//! Both states judged alike, and what the one makes of the other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::deployment::Deployment;
use super::state::State;
use super::threshold::Limits;
use super::{contract_users, effects, hazards};
use crate::builtin::BuiltinError;
use crate::collect::Collected;
use crate::compare::baseline::Baselined;
use crate::compare::{self, Apps, Renamed, Sureness};
use crate::diagnostic::{Diagnostic, LeftOut, Level};
use crate::finding::{BaselineState, Subject};
use crate::inventory::blast_radius::BlastRadius;
use crate::policy::baseline::{Audited, Baseline};
use crate::policy::{Policy, Verdicts};
use crate::rules::Rule;
use crate::rules::schema::SubjectKind;

/// What both states are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Judges<'a> {
    /// The rules that run.
    pub rules: &'a [Rule],
    /// The rules that waivers may name, with what each is about.
    pub known_rules: &'a BTreeMap<&'a str, SubjectKind>,
    /// What the org expects.
    pub policy: &'a Policy,
    /// The day of the audit.
    pub today: Date,
    /// Whether what was there before counts as well.
    pub counts_all: bool,
    /// What the deployment may do.
    pub limits: Limits,
}

/// The state before a deployment.
#[derive(Debug)]
pub struct Before {
    /// What it is called.
    pub name: String,
    /// What was read of it.
    pub collected: Collected,
    /// What to know of it, as sentences.
    pub notes: Vec<String>,
}

/// The state after a deployment, judged, and what the deployment does.
#[derive(Debug)]
pub struct Gated {
    /// How many apps there are.
    pub apps: usize,
    /// What the rules say, held against what they said before.
    pub verdicts: Verdicts,
    /// What became of what they said before.
    pub baseline: Baselined,
    /// What the deployment does.
    pub deployment: Deployment,
    /// How much of its org each app opens.
    pub blast_radius: BTreeMap<Subject, BlastRadius>,
    /// What could not be read, and what was odd in what was read.
    pub diagnostics: Vec<Diagnostic>,
    /// The same without the oddities that were there before.
    pub new_diagnostics: Vec<Diagnostic>,
    /// Files left out on purpose.
    pub left_out: Vec<LeftOut>,
}

/// Judges a deployment by the states before and after it.
///
/// # Errors
///
/// The catalogue of hazards cannot be read, which the tests of this crate rule out.
pub fn judge(before: Before, after: Collected, by: &Judges<'_>) -> Result<Gated, &'static BuiltinError> {
    let Before { name, collected, notes } = before;
    let has_gaps = after.has_gaps();
    let old = State::new(&collected.inventory, collected.diagnostics, by);
    let mut new = State::new(&after.inventory, after.diagnostics, by);
    let (one, other) = (old.side(), new.side());
    let apps = compare::compare(&one, &other).apps.unwrap_or_default();
    let audited = Audited { inventory: new.inventory, rules: by.rules, policy: &new.policy, has_gaps };
    let baseline = Baseline::of(&old.verdicts.findings, &old.verdicts.unknown).renamed(surely_renamed(&apps));
    let baselined = baseline.apply(name.clone(), &mut new.verdicts, audited);
    mark_waived(&old.verdicts, &mut new.verdicts);
    let pairs = compare::app_pairs(&one, &other);
    let access: Vec<_> = pairs.iter().filter_map(effects::of).collect();
    let users = contract_users::all(&pairs, &old, &new);
    let deployment = Deployment {
        before: name,
        notes,
        gaps_before: old.gaps().cloned().collect(),
        counts_all: by.counts_all,
        thresholds: by.limits.judge(&access, &users),
        hazards: hazards::Finder::new(&old, &new)?.all(&pairs),
        access,
        users,
        apps,
    };
    if by.counts_all {
        count_all(&mut new.verdicts);
    }
    Ok(Gated {
        apps: new.inventory.apps.len(),
        blast_radius: new.blast_radius(),
        verdicts: new.verdicts,
        baseline: baselined,
        deployment,
        new_diagnostics: introduced(&old.diagnostics, &new.diagnostics, by.counts_all),
        diagnostics: new.diagnostics,
        left_out: after.left_out,
    })
}

/// What could not be read, and the oddities that were not there before. The same file is shown by other paths before and after.
fn introduced(before: &[Diagnostic], after: &[Diagnostic], all: bool) -> Vec<Diagnostic> {
    let file = |it: &Diagnostic| it.location.as_ref().and_then(|place| place.path().rsplit('/').next().map(str::to_owned));
    let was_there = |it: &Diagnostic| {
        before
            .iter()
            .any(|other| other.level == it.level && other.title == it.title && other.label == it.label && file(other) == file(it))
    };
    after.iter().filter(|it| all || it.level == Level::Error || !was_there(it)).cloned().collect()
}

/// What was and what is of the apps that have another name without any doubt.
fn surely_renamed(apps: &Apps) -> impl Iterator<Item = (&Subject, &Subject)> {
    let sure = |it: &&Renamed| it.sureness == Sureness::SameKey;
    apps.renamed.iter().filter(sure).map(|it| (&it.before, &it.after))
}

/// What was waived before is no part of the baseline: it would be excused when the waiver ends. While both are waived it is known.
fn mark_waived(before: &Verdicts, after: &mut Verdicts) {
    let was: BTreeSet<&str> = before.waived.iter().map(|it| it.finding.fingerprint.as_str()).collect();
    for finding in after.waived.iter_mut().map(|waived| &mut waived.finding) {
        if was.contains(finding.fingerprint.as_str()) {
            finding.baseline = Some(BaselineState::Known);
        }
    }
}

fn count_all(verdicts: &mut Verdicts) {
    let of_findings = verdicts.findings.iter_mut().filter_map(|it| it.baseline.as_mut());
    let of_unknown = verdicts.unknown.iter_mut().filter_map(|it| it.baseline.as_mut());
    for state in of_findings.chain(of_unknown).filter(|state| **state == BaselineState::Known) {
        *state = BaselineState::Counted;
    }
}
