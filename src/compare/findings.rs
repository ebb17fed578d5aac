//! Findings, and what could not be decided.

use std::collections::BTreeSet;

use super::difference::{Doubt, Earlier, Findings, Moved, New, When};
use super::pair::{Identity, pairs};
use super::renamed::Names;
use super::side::{Found, OfScope, Open};
use super::{drift, fingerprint};
use crate::finding::Subject;
use crate::inventory::Reason;

/// What changed within one scope. Findings about an app that was renamed are held against those about it by its new name.
pub(super) fn compare(before: &OfScope<'_>, after: &OfScope<'_>, renamed: &Names<'_>, out: &mut Findings) {
    let old: Vec<(&Found, String)> =
        before.findings.iter().map(|it| (*it, today(&it.rule, &it.subject, &it.fingerprint, renamed))).collect();
    let open: Vec<(&Open, String)> =
        before.undecided.iter().map(|it| (*it, today(&it.rule, &it.subject, &it.fingerprint, renamed))).collect();
    let one: Vec<Identity<'_>> = old.iter().map(|(it, fingerprint)| identity(it, fingerprint)).collect();
    let other: Vec<Identity<'_>> = after.findings.iter().map(|it| identity(it, &it.fingerprint)).collect();
    let met = pairs(&one, &other);
    for (was, is) in met.iter().filter_map(|(i, j)| Some((old.get(*i)?, after.findings.get(*j)?))) {
        on_both(was.0, is, out);
    }
    let source = drift::source_of(before, after);
    let (first, second) = (drift::on_side(source, When::Before), drift::on_side(source, When::After));
    let (gone, come): (BTreeSet<usize>, BTreeSet<usize>) = met.into_iter().unzip();
    for (_, it) in after.findings.iter().enumerate().filter(|(index, it)| !come.contains(index) && !it.waived) {
        let earlier = open.iter().find(|(_, fingerprint)| *fingerprint == it.fingerprint);
        appeared(it, (before, first), earlier.map(|(open, _)| *open), out);
    }
    for (_, (it, fingerprint)) in old.iter().enumerate().filter(|(index, (it, _))| !gone.contains(index) && !it.waived) {
        let later = after.undecided.iter().find(|open| open.fingerprint == *fingerprint);
        vanished(it, (after, second), renamed, later.copied(), out);
    }
    undecided(&open, after, &old, renamed, out);
}

/// Findings of an org that only the first side has.
pub(super) fn only_before(before: &OfScope<'_>, out: &mut Findings) {
    let reason: Reason = format!("{} is not on the second side", before.scope.name).into();
    let failed = before.findings.iter().filter(|it| !it.waived);
    out.doubts.extend(failed.map(|it| Doubt { found: (*it).clone(), on: When::Before, reason: reason.clone() }));
}

/// Findings of an org that only the second side has.
pub(super) fn only_after(after: &OfScope<'_>, out: &mut Findings) {
    let failed = after.findings.iter().filter(|it| !it.waived);
    out.new.extend(failed.map(|it| New { found: (*it).clone(), earlier: Earlier::Absent }));
    out.became_unknown.extend(after.undecided.iter().map(|it| (*it).clone()));
}

fn identity<'a>(found: &'a Found, fingerprint: &'a str) -> Identity<'a> {
    Identity { what: fingerprint, place: &found.subject.path_in_source, weight: found.severity as u8 }
}

/// The fingerprint by today's name of the subject.
fn today(rule: &str, subject: &Subject, own: &str, renamed: &Names<'_>) -> String {
    renamed.get(&(subject.kind, subject.name.as_str())).map_or_else(|| own.to_owned(), |after| fingerprint(rule, after))
}

fn on_both(was: &Found, is: &Found, out: &mut Findings) {
    match (was.waived, is.waived) {
        (true, true) => {}
        (false, true) => out.waived.push(is.clone()),
        (true, false) => out.new.push(New { found: is.clone(), earlier: Earlier::Waived }),
        (false, false) if is.weight().is_worse_than(was.weight()) => out.worse.push(moved(was, is)),
        (false, false) if was.weight().is_worse_than(is.weight()) => out.better.push(moved(was, is)),
        (false, false) => out.unchanged += 1,
    }
}

fn moved(was: &Found, is: &Found) -> Moved {
    let told = |values: Vec<&String>| values.into_iter().cloned().collect();
    let (new, gone) = (is.weight().values_since(was.weight()), was.weight().values_since(is.weight()));
    Moved { found: is.clone(), was: was.severity, new_values: told(new), gone_values: told(gone) }
}

/// A finding that only the second side has. One that could not be decided before counts as new: nobody knew of it.
fn appeared(it: &Found, (before, place): (&OfScope<'_>, &str), open: Option<&Open>, out: &mut Findings) {
    if let Some(open) = open {
        return out.new.push(New { found: it.clone(), earlier: Earlier::Undecided(open.reason.clone()) });
    }
    if !before.asks(&it.rule) {
        let reason = format!("{} was not asked {place}", it.rule).into();
        return out.doubts.push(Doubt { found: it.clone(), on: When::After, reason });
    }
    out.new.push(New { found: it.clone(), earlier: Earlier::Absent });
}

/// A finding that only the first side has.
fn vanished(it: &Found, (after, place): (&OfScope<'_>, &str), renamed: &Names<'_>, open: Option<&Open>, out: &mut Findings) {
    let reason = if let Some(open) = open {
        format!("{} cannot be decided {place}: {}", it.rule, open.reason)
    } else if !after.asks(&it.rule) {
        format!("{} was not asked {place}", it.rule)
    } else if after.has_gaps && !has(after, &it.subject, renamed) {
        format!("{} may be among what could not be read {place}", it.subject.name)
    } else {
        return out.fixed.push(it.clone());
    };
    out.doubts.push(Doubt { found: it.clone(), on: When::Before, reason: reason.into() });
}

fn has(side: &OfScope<'_>, subject: &Subject, renamed: &Names<'_>) -> bool {
    let today = renamed.get(&(subject.kind, subject.name.as_str())).copied().unwrap_or(subject);
    side.has(today, &subject.path_in_source)
}

/// What could not be decided on one side alone, and is no finding on the other: those are told as such.
fn undecided(before: &[(&Open, String)], after: &OfScope<'_>, old: &[(&Found, String)], renamed: &Names<'_>, out: &mut Findings) {
    let one: Vec<Identity<'_>> = before.iter().map(|(it, fingerprint)| place_of(it, fingerprint)).collect();
    let other: Vec<Identity<'_>> = after.undecided.iter().map(|it| place_of(it, &it.fingerprint)).collect();
    let met = pairs(&one, &other);
    out.still_unknown += met.len();
    let (still, yet): (BTreeSet<usize>, BTreeSet<usize>) = met.into_iter().unzip();
    for (_, open) in after.undecided.iter().enumerate().filter(|(index, _)| !yet.contains(index)) {
        if !old.iter().any(|(it, fingerprint)| *fingerprint == open.fingerprint && !it.waived) {
            out.became_unknown.push((*open).clone());
        }
    }
    for (_, (open, fingerprint)) in before.iter().enumerate().filter(|(index, _)| !still.contains(index)) {
        let is_finding = after.findings.iter().any(|it| it.fingerprint == *fingerprint);
        let is_decided = after.asks(&open.rule) && (has(after, &open.subject, renamed) || after.apps.is_none() && !after.has_gaps);
        if !is_finding && is_decided {
            out.became_known.push((*open).clone());
        }
    }
}

fn place_of<'a>(open: &'a Open, fingerprint: &'a str) -> Identity<'a> {
    Identity { what: fingerprint, place: &open.subject.path_in_source, weight: 0 }
}
