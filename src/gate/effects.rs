//! Who gains and who loses an app.

use std::collections::BTreeSet;

use serde_json::Value;

use super::deployment::{AccessEffect, Change, Doubt, Movement, UserEffect};
use crate::compare::{AccessSide, Admission, AppPair, AppSide, Assigned, UsersSide};

/// The fact that lists the scopes of an app.
const SCOPES: &str = "app.oauth.scopes";

/// What becomes of the access to an app; none where nothing is to be told, or it is no app.
pub(super) fn of<'s>(pair: &AppPair<'s>) -> Option<AccessEffect> {
    let subject = pair.after.or(pair.before)?.subject.clone();
    let access = |side: Option<&'s AppSide>| side.and_then(|app| app.access.as_ref());
    let (before, after) = (access(pair.before), access(pair.after));
    if before.is_none() && after.is_none() {
        return None;
    }
    let mut effect = AccessEffect {
        subject,
        change: change(pair),
        before: before.map(|side| side.admission.clone()),
        after: after.map(|side| side.admission.clone()),
        gained: Vec::new(),
        lost: Vec::new(),
        users: None,
        scopes_gained: Vec::new(),
        scopes_lost: Vec::new(),
        doubts: Vec::new(),
    };
    if let Some(reason) = &pair.unsure {
        let (about, when) =
            if before.is_none() { (Movement::Gain, "it was there before") } else { (Movement::Loss, "it is still there") };
        effect.doubts.push(Doubt { about: Some(about), text: format!("whether {when}: {reason}") });
        return Some(effect);
    }
    let (old, new) = (LetsIn::of(before), LetsIn::of(after));
    admission(&old, &new, &mut effect);
    holders(&old, &new, &mut effect);
    users(&old, &new, &mut effect);
    scopes(pair, &mut effect);
    (!effect.is_empty()).then_some(effect)
}

fn change(pair: &AppPair<'_>) -> Change {
    match (pair.before, pair.after, pair.renamed) {
        (Some(before), Some(_), Some(sureness)) => Change::Renamed { before: Box::new(before.subject.clone()), sureness },
        (None, _, _) => Change::Added,
        (_, None, _) => Change::Removed,
        _ => Change::Changed,
    }
}

/// Whom an app lets in.
enum LetsIn<'a> {
    Anybody,
    /// Those who are assigned.
    Assigned(&'a AccessSide),
    /// Nobody: it is blocked, or there is none.
    Nobody,
    Unknown(&'a AccessSide, &'a str),
}

impl<'a> LetsIn<'a> {
    fn of(side: Option<&'a AccessSide>) -> Self {
        match side.map(|side| (side, &side.admission)) {
            None | Some((_, Admission::Nobody)) => Self::Nobody,
            Some((_, Admission::Anybody)) => Self::Anybody,
            Some((side, Admission::Assigned)) => Self::Assigned(side),
            Some((side, Admission::Unknown(reason))) => Self::Unknown(side, reason),
        }
    }

    /// The profiles, permission sets and groups that it lets in, and why there may be others; none where they do not decide.
    fn holders(&self) -> Option<(&[Assigned], Option<&str>)> {
        match self {
            Self::Assigned(side) => Some((&side.assigned, side.more.as_deref())),
            Self::Nobody => Some((&[], None)),
            Self::Anybody | Self::Unknown(..) => None,
        }
    }

    fn users(&self) -> Option<&'a UsersSide> {
        match self {
            Self::Assigned(side) => side.users.as_ref(),
            _ => None,
        }
    }
}

fn admission(old: &LetsIn<'_>, new: &LetsIn<'_>, effect: &mut AccessEffect) {
    let text = match (old, new) {
        (LetsIn::Unknown(before, _), LetsIn::Unknown(after, reason)) if before.assigned != after.assigned => {
            format!("whether the assignments that change have an effect: {reason}")
        }
        (LetsIn::Unknown(..), LetsIn::Unknown(..)) => return,
        (LetsIn::Unknown(_, reason), _) => format!("whom it let in before: {reason}"),
        (_, LetsIn::Unknown(_, reason)) => format!("whom it lets in after: {reason}"),
        _ => return,
    };
    effect.doubts.push(Doubt { about: None, text });
}

fn holders(old: &LetsIn<'_>, new: &LetsIn<'_>, effect: &mut AccessEffect) {
    let (Some((before, more_before)), Some((after, more_after))) = (old.holders(), new.holders()) else { return };
    // Files do not tell of groups.
    let tells_groups = |side: &LetsIn<'_>| matches!(side, LetsIn::Nobody) || side.users().is_some();
    let compares_groups = tells_groups(old) && tells_groups(new);
    let missing = |of: &[Assigned], there: &[Assigned]| -> Vec<Assigned> {
        let lacks = |it: &&Assigned| (it.kind != "group" || compares_groups) && !there.iter().any(|other| it.is(other));
        of.iter().filter(lacks).cloned().collect()
    };
    let gained = missing(after, before);
    let lost = missing(before, after);
    effect.gained = sure(gained, more_before, Movement::Gain, "had it before", &mut effect.doubts);
    effect.lost = sure(lost, more_after, Movement::Loss, "still has it", &mut effect.doubts);
}

/// What the other side surely does not have. Where it may have more than was seen, nothing is sure.
fn sure(found: Vec<Assigned>, more: Option<&str>, about: Movement, what: &str, doubts: &mut Vec<Doubt>) -> Vec<Assigned> {
    let Some(reason) = more else { return found };
    let text = |it: &Assigned| format!("whether the {} {} {what}: {reason}", it.kind.replace('-', " "), it.name);
    doubts.extend(found.iter().map(|it| Doubt { about: Some(about), text: text(it) }));
    Vec::new()
}

/// Users of one org, where each side lets in users who are assigned, or nobody.
fn users(old: &LetsIn<'_>, new: &LetsIn<'_>, effect: &mut AccessEffect) {
    if old.holders().is_none() || new.holders().is_none() {
        return;
    }
    let (before, after) = (old.users(), new.users());
    let is_known = |side: &LetsIn<'_>, users: Option<&UsersSide>| matches!(side, LetsIn::Nobody) || users.is_some();
    let is_of_one_org = before.zip(after).is_none_or(|(before, after)| before.org == after.org);
    if (before.is_none() && after.is_none()) || !is_known(old, before) || !is_known(new, after) || !is_of_one_org {
        return;
    }
    let missing = |of: Option<&UsersSide>, there: Option<&UsersSide>| -> Vec<String> {
        let users = of.into_iter().flat_map(|side| &side.users);
        let names: BTreeSet<&String> =
            users.filter(|(id, _)| there.is_none_or(|there| !there.users.contains_key(*id))).map(|(_, name)| name).collect();
        names.into_iter().cloned().collect()
    };
    let mut told = |names: Vec<String>, other: Option<&UsersSide>, about: Movement, what: &str| match other
        .and_then(|side| side.more.as_ref())
    {
        Some(reason) if !names.is_empty() => {
            effect.doubts.push(Doubt { about: Some(about), text: format!("whether {} {what}: {reason}", names.join(", ")) });
            Vec::new()
        }
        _ => names,
    };
    let gained = told(missing(after, before), before, Movement::Gain, "could use it before");
    let lost = told(missing(before, after), after, Movement::Loss, "can still use it");
    effect.users = Some(UserEffect { gained, lost });
}

/// Scopes that come and go. Of a new app all are new, which is told of the app.
fn scopes(pair: &AppPair<'_>, effect: &mut AccessEffect) {
    let (Some(before), Some(after)) = (pair.before, pair.after) else { return };
    let of = |side: &AppSide| side.facts.get(SCOPES).and_then(|fact| fact.as_ref().ok()).and_then(Value::as_array).cloned();
    let (Some(before), Some(after)) = (of(before), of(after)) else { return };
    let missing = |of: &[Value], there: &[Value]| -> Vec<String> {
        of.iter().filter(|scope| !there.contains(scope)).filter_map(|scope| scope.as_str().map(str::to_owned)).collect()
    };
    effect.scopes_gained = missing(&after, &before);
    effect.scopes_lost = missing(&before, &after);
}
