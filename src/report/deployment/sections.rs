//! The sections of what a deployment does, the worst first.

use super::super::Report;
use super::super::diff::lets_in;
use super::Weight;
use crate::compare::baseline::{Absent, Fate};
use crate::compare::{Assigned, Sureness};
use crate::finding::Subject;
use crate::gate::{AccessEffect, Change, ContractUser, Deployment, Earlier, Hazard, LimitState, Threshold, UseChange};

/// A heading and the lines below it, which hold text that others wrote.
pub(in crate::report) struct Section {
    pub(in crate::report) title: &'static str,
    /// How bad it is that there is something in it.
    pub(in crate::report) weight: Weight,
    pub(in crate::report) lines: Vec<String>,
}

/// All sections that have something to say. Without a deployment there is none.
pub(in crate::report) fn sections(report: &Report) -> Vec<Section> {
    let Some(deployment) = &report.deployment else { return Vec::new() };
    let section = |title, weight, lines| Section { title, weight, lines };
    let of_access =
        |lines: fn(&AccessEffect) -> Option<String>| -> Vec<String> { deployment.access.iter().filter_map(lines).collect() };
    let limits = |wanted: LimitState| -> Vec<String> {
        deployment.thresholds.iter().filter(|it| it.state == wanted).map(threshold).collect()
    };
    let absent = report.baseline.iter().flat_map(|baseline| &baseline.absent);
    let mut all = vec![
        section("Limits crossed", Weight::Bad, limits(LimitState::Crossed)),
        section("Limits of which it cannot be told", Weight::Unclear, limits(LimitState::CannotTell)),
        section("Opened to everybody", Weight::Bad, of_access(opened)),
        section("Who gains an app", Weight::Plain, of_access(gained)),
        section("Who loses an app", Weight::Bad, of_access(lost)),
        section("Refused to users of contracts", Weight::Bad, users(deployment, refused)),
        section("Will not be as the files say", Weight::Unclear, hazards(&deployment.hazards)),
        section("Scopes", Weight::Plain, of_access(scopes)),
        section("Apps", Weight::Plain, apps(deployment)),
        section("Cannot tell", Weight::Unclear, deployment.access.iter().flat_map(doubts).chain(users(deployment, open)).collect()),
        section("Works for users of contracts now", Weight::Good, users(deployment, works)),
        section("Fixed", Weight::Good, absent.clone().filter(|it| it.fate == Fate::Fixed).filter_map(finding).collect()),
        section(
            "Gone with what they were about",
            Weight::Good,
            absent.filter(|it| it.fate == Fate::Gone).filter_map(finding).collect(),
        ),
        section("Limits kept", Weight::Good, limits(LimitState::Kept)),
    ];
    all.retain(|section| !section.lines.is_empty());
    all
}

/// What to know of the comparison, as sentences.
pub(in crate::report) fn notes(deployment: &Deployment) -> Vec<String> {
    let gaps = deployment.gaps_before.len();
    let what = if gaps == 1 { "1 problem" } else { &format!("{gaps} problems") };
    let unread = (gaps > 0).then(|| {
        format!(
            "{what} kept something of the state before from being read. What is told as introduced may have been there, and what was lost or \
             fixed cannot be told of it."
        )
    });
    deployment.notes.iter().cloned().chain(unread).collect()
}

fn threshold(threshold: &Threshold) -> String {
    format!("{}: {}", threshold.name, threshold.because.join("; "))
}

fn named(subject: &Subject) -> String {
    format!("{} {}", subject.kind.replace('-', " "), subject.name)
}

fn opened(effect: &AccessEffect) -> Option<String> {
    let before = effect.before.as_ref().map_or("there was no such app", |before| lets_in(before));
    let before = if effect.before.is_some() { format!("it let in {before}") } else { before.to_owned() };
    effect.opens().then(|| format!("{}: any active user of the org may authorize it; before, {before}", named(&effect.subject)))
}

fn gained(effect: &AccessEffect) -> Option<String> {
    let users = effect.users.as_ref().map(|users| users.gained.as_slice()).unwrap_or_default();
    who(effect, &effect.gained, users, false)
}

fn lost(effect: &AccessEffect) -> Option<String> {
    let users = effect.users.as_ref().map(|users| users.lost.as_slice()).unwrap_or_default();
    who(effect, &effect.lost, users, effect.closes())
}

fn who(effect: &AccessEffect, holders: &[Assigned], users: &[String], everybody: bool) -> Option<String> {
    let everybody = everybody.then(|| match &effect.after {
        Some(after) => format!("any user who is not assigned: it lets in {} now", lets_in(after)),
        None => "any user of the org".to_owned(),
    });
    let holders = holders.iter().map(|it| format!("{} {}", it.kind.replace('-', " "), it.name));
    let users = match users {
        [] => None,
        [user] => Some(format!("1 user ({user})")),
        users => Some(format!("{} users ({})", users.len(), users.join(", "))),
    };
    let all: Vec<String> = everybody.into_iter().chain(holders).chain(users).collect();
    (!all.is_empty()).then(|| format!("{}: {}", named(&effect.subject), all.join(", ")))
}

fn scopes(effect: &AccessEffect) -> Option<String> {
    let of = |what: &str, scopes: &[String]| (!scopes.is_empty()).then(|| format!("{what} {}", scopes.join(", ")));
    let parts: Vec<String> = of("new", &effect.scopes_gained).into_iter().chain(of("no longer", &effect.scopes_lost)).collect();
    (!parts.is_empty()).then(|| format!("{}: {}", named(&effect.subject), parts.join("; ")))
}

fn doubts(effect: &AccessEffect) -> impl Iterator<Item = String> {
    effect.doubts.iter().map(|doubt| format!("{}: {}", named(&effect.subject), doubt.text))
}

fn users(deployment: &Deployment, line: fn(&ContractUser) -> Option<String>) -> Vec<String> {
    deployment.users.iter().filter_map(line).collect()
}

fn refused(user: &ContractUser) -> Option<String> {
    let UseChange::Refused { error, because, earlier } = &user.change else { return None };
    let answer =
        error.as_ref().map_or_else(String::new, |(error, confidence)| format!(" with `{error}` (confidence: {confidence})"));
    let earlier = match earlier {
        Earlier::Worked => String::new(),
        Earlier::CannotTell(reason) => format!(" (before: cannot tell: {reason})"),
        Earlier::NoApp => " (a new app)".to_owned(),
    };
    Some(format!("{}: {} is refused{answer}{earlier}: {}", named(&user.subject), user.request(), because.join(" ")))
}

fn open(user: &ContractUser) -> Option<String> {
    let UseChange::CannotTell(reason) = &user.change else { return None };
    Some(format!("{}: whether {} is refused: {reason}", named(&user.subject), user.request()))
}

fn works(user: &ContractUser) -> Option<String> {
    (user.change == UseChange::Works).then(|| format!("{}: {}", named(&user.subject), user.request()))
}

/// What will not be as the files say. What is not known of several of a kind is said once, after them.
fn hazards(all: &[Hazard]) -> Vec<String> {
    let line = |it: &Hazard| format!("{}{}", it.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default(), it.message);
    let mut lines = Vec::new();
    for of_a_kind in all.chunk_by(|one, other| one.kind == other.kind) {
        match of_a_kind {
            [] => {}
            [one] => lines.push(format!("{} {}", line(one), one.reservation)),
            [first, ..] => {
                lines.extend(of_a_kind.iter().map(line));
                lines.push(format!("of these {}: {}", of_a_kind.len(), first.reservation));
            }
        }
    }
    lines
}

/// Apps that come, go, have another name or change.
fn apps(deployment: &Deployment) -> Vec<String> {
    let effects = deployment.access.iter();
    let mut lines: Vec<String> = effects.filter_map(fate).collect();
    let apps = &deployment.apps;
    let changed: Vec<String> = apps.changed.iter().filter(|it| !it.facts.is_empty()).map(|it| named(&it.subject)).collect();
    if !changed.is_empty() {
        lines.push(format!("changed: {}", changed.join(", ")));
    }
    lines
}

fn fate(effect: &AccessEffect) -> Option<String> {
    let app = named(&effect.subject);
    Some(match &effect.change {
        Change::Added => match &effect.after {
            Some(after) => format!("added: {app}, lets in {}", lets_in(after)),
            None => format!("added: {app}"),
        },
        Change::Removed => format!("removed: {app}"),
        Change::Renamed { before, sureness: Sureness::SameKey } => {
            format!("renamed: {app}, was {} (same consumer key)", before.name)
        }
        Change::Renamed { before, sureness: Sureness::SameLabelAndCallbacks } => {
            format!("renamed, likely: {app}, was {} (same label and callback URLs)", before.name)
        }
        Change::Changed => return None,
    })
}

/// A finding that is no longer there.
fn finding(absent: &Absent) -> Option<String> {
    let it = &absent.recorded;
    let name = if it.name.is_empty() { String::new() } else { format!(" {}", it.name) };
    it.severity.map(|severity| format!("{severity} {}: {}{name}", it.rule, it.kind.replace('-', " ")))
}
