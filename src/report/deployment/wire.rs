//! What a deployment does, in the JSON report. The types here are the wire format and nothing else.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::diff::wire::{Apps, Assigned};
use super::super::json::{Place, Problem, Subject};
use crate::compare::Admission;
use crate::gate::{self, AccessEffect, Change, ContractUser, Deployment, Earlier, HazardKind, LimitState, UseChange};

/// What the deployment does whose state after was audited.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Deployment")]
pub(in crate::report) struct Wire<'a> {
    /// The state before, in words.
    compared_with: &'a str,
    /// Whether what was there before counts as well.
    counts_all: bool,
    /// What to know of the comparison, as sentences.
    notes: &'a [String],
    /// What could not be read of the state before: what is only in there looks introduced.
    gaps_before: Vec<Problem<'a>>,
    /// Apps that come, go, have another name or change.
    apps: Apps<'a>,
    /// Who gains and who loses an app; apps of which there is nothing to tell are left out.
    access: Vec<Effect<'a>>,
    /// Users of contracts who would be refused afterwards, or not any more.
    contract_users: Vec<Request<'a>>,
    /// What will not be as the files say.
    hazards: Vec<Hazard<'a>>,
    /// The limits that were set, such as `--max-gain`.
    limits: Vec<Limit<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessEffect")]
struct Effect<'a> {
    /// The app as it is after; as it was, where it goes.
    subject: Subject<'a>,
    #[schemars(extend("enum" = ["added", "removed", "renamed", "changed"]))]
    change: &'static str,
    /// Whom it let in; null where it was not there.
    #[schemars(extend("enum" = ["assigned", "anybody", "nobody", "unknown", null]))]
    before: Option<&'static str>,
    /// Whom it lets in; null where it is not there any more.
    #[schemars(extend("enum" = ["assigned", "anybody", "nobody", "unknown", null]))]
    after: Option<&'static str>,
    /// Whether any user of the org may authorize it now and could not before.
    opens: bool,
    /// Whether any user of the org could authorize it and cannot now.
    closes: bool,
    /// Profiles, permission sets and groups whose users gain it.
    gained: Vec<Assigned<'a>>,
    /// Profiles, permission sets and groups whose users lose it.
    lost: Vec<Assigned<'a>>,
    /// Users who gain it, by user name; null where nothing tells of users, or assignments do not decide.
    users_gained: Option<&'a [String]>,
    users_lost: Option<&'a [String]>,
    /// OAuth scopes that it did not have.
    scopes_gained: &'a [String],
    scopes_lost: &'a [String],
    /// What cannot be told and why, as clauses after "cannot tell".
    cannot_tell: Vec<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ContractUser")]
struct Request<'a> {
    subject: Subject<'a>,
    /// User name, as the contract has it.
    user: &'a str,
    /// The flow, such as `jwt-bearer`.
    flow: &'static str,
    /// What comes of a request afterwards: `refused`, and it was not known to be; `works`, and it was refused or there was no app; `cannot-tell`
    /// any more.
    #[schemars(extend("enum" = ["refused", "works", "cannot-tell"]))]
    state: &'static str,
    /// What Salesforce most likely answers, as `error: error_description`; left out where its text was never seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["high", "medium", "low"]))]
    confidence: Option<&'static str>,
    /// Why it is refused, as sentences.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    because: &'a [String],
    /// Of a refusal what is known of the time before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["worked", "cannot-tell", "no-app"]))]
    earlier: Option<&'static str>,
    /// Why it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hazard")]
struct Hazard<'a> {
    #[schemars(extend("enum" = HazardKind::WORDS))]
    id: &'static str,
    /// The app; left out where it is about all.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject<'a>>,
    /// Written by others in part: escape it before showing it.
    message: &'a str,
    /// Where to look, in a file; left out where no place can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place<'a>>,
    /// What is not known of it.
    reservation: &'a str,
    references: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Limit")]
struct Limit<'a> {
    /// As on the command line.
    name: &'a str,
    #[schemars(extend("enum" = LimitState::WORDS))]
    state: &'static str,
    /// Why, with numbers and names.
    because: &'a [String],
}

impl<'a> From<&'a Deployment> for Wire<'a> {
    fn from(it: &'a Deployment) -> Self {
        Self {
            compared_with: &it.before,
            counts_all: it.counts_all,
            notes: &it.notes,
            gaps_before: it.gaps_before.iter().map(Problem::from).collect(),
            apps: Apps::from(&it.apps),
            access: it.access.iter().map(Effect::from).collect(),
            contract_users: it.users.iter().map(Request::from).collect(),
            hazards: it.hazards.iter().map(Hazard::from).collect(),
            limits: it
                .thresholds
                .iter()
                .map(|it| Limit { name: &it.name, state: it.state.as_str(), because: &it.because })
                .collect(),
        }
    }
}

impl<'a> From<&'a AccessEffect> for Effect<'a> {
    fn from(it: &'a AccessEffect) -> Self {
        let users = it.users.as_ref();
        Self {
            subject: (&it.subject).into(),
            change: match it.change {
                Change::Added => "added",
                Change::Removed => "removed",
                Change::Renamed { .. } => "renamed",
                Change::Changed => "changed",
            },
            before: it.before.as_ref().map(Admission::as_str),
            after: it.after.as_ref().map(Admission::as_str),
            opens: it.opens(),
            closes: it.closes(),
            gained: it.gained.iter().map(Assigned::from).collect(),
            lost: it.lost.iter().map(Assigned::from).collect(),
            users_gained: users.map(|users| users.gained.as_slice()),
            users_lost: users.map(|users| users.lost.as_slice()),
            scopes_gained: &it.scopes_gained,
            scopes_lost: &it.scopes_lost,
            cannot_tell: it.doubts.iter().map(|doubt| doubt.text.as_str()).collect(),
        }
    }
}

impl<'a> From<&'a ContractUser> for Request<'a> {
    fn from(it: &'a ContractUser) -> Self {
        let user = Self {
            subject: (&it.subject).into(),
            user: &it.user,
            flow: it.flow,
            state: "works",
            error: None,
            confidence: None,
            because: &[],
            earlier: None,
            reason: None,
        };
        match &it.change {
            UseChange::Works => user,
            UseChange::CannotTell(reason) => Self { state: "cannot-tell", reason: Some(reason), ..user },
            UseChange::Refused { error, because, earlier } => {
                let (earlier, reason) = match earlier {
                    Earlier::Worked => ("worked", None),
                    Earlier::CannotTell(reason) => ("cannot-tell", Some(&**reason)),
                    Earlier::NoApp => ("no-app", None),
                };
                let confidence = error.as_ref().map(|(_, confidence)| *confidence);
                let error = error.as_ref().map(|(error, _)| error.as_str());
                Self { state: "refused", error, confidence, because, earlier: Some(earlier), reason, ..user }
            }
        }
    }
}

impl<'a> From<&'a gate::Hazard> for Hazard<'a> {
    fn from(it: &'a gate::Hazard) -> Self {
        Self {
            id: it.kind.as_str(),
            subject: it.subject.as_ref().map(Subject::from),
            message: &it.message,
            place: it.place.as_ref().filter(|place| place.answer().is_none()).map(|place| Place::of(place, true)),
            reservation: it.reservation,
            references: it.references,
        }
    }
}
