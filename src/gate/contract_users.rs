//! Users of contracts who would be refused afterwards, and those who would not be any more.

use std::collections::{BTreeMap, BTreeSet};

use super::state::State;
use crate::access::LiveOrg;
use crate::access::contract::{self, Outcome, Refusal};
use crate::access::preflight;
use crate::compare::{AppPair, AppSide};
use crate::finding::Subject;
use crate::inventory::Reason;
use crate::inventory::app::App;
use crate::inventory::contract::Contract;
use crate::inventory::flow::Flow;
use crate::policy::Applied;

/// A user of a contract, and what becomes of the user's requests by a flow.
#[derive(Clone, Debug)]
pub struct ContractUser {
    /// The app as it is after; as it was, where it goes.
    pub subject: Subject,
    /// The user name, as the contract has it.
    pub user: String,
    /// The flow, such as `jwt-bearer`.
    pub flow: &'static str,
    /// What becomes of them.
    pub change: UseChange,
}

/// What becomes of a user's requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UseChange {
    /// They would be refused.
    Refused {
        /// What Salesforce most likely answers, as `error: error_description`, and how sure that is; none where its text was never seen.
        error: Option<(String, &'static str)>,
        /// Why, as sentences.
        because: Vec<String>,
        /// What is known of the time before.
        earlier: Earlier,
    },
    /// A token would be issued; before, they were refused, or there was no such app.
    Works,
    /// It cannot be told any more, and why.
    CannotTell(Reason),
}

/// What is known of a request that would be refused afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// A token was issued.
    Worked,
    /// It could not be told, and why.
    CannotTell(Reason),
    /// There was no such app.
    NoApp,
}

/// Who asks for tokens of a state.
struct Users<'a> {
    state: &'a State<'a>,
    applied: Applied<'a>,
    orgs: Vec<Option<LiveOrg<'a>>>,
}

impl<'a> Users<'a> {
    fn new(state: &'a State<'a>) -> Self {
        Self { state, applied: Applied::to(&state.policy, state.inventory), orgs: LiveOrg::each(state.inventory) }
    }

    fn app(&self, side: Option<&AppSide>) -> Option<&'a App> {
        self.state.app(&side?.subject).map(|it| it.app)
    }

    fn contract(&self, app: &App) -> Option<&'a Contract> {
        self.applied.of(app.source).contract_for(&app.name)
    }

    /// What comes of the requests of a contract's users by these flows.
    fn outcomes(&self, app: &App, contract: &Contract, flows: &[Flow]) -> BTreeMap<(String, Flow), Outcome> {
        let live = self.orgs.get(app.source).and_then(Option::as_ref);
        let subject = preflight::Subject::new(self.state.inventory, app, live, self.state.today);
        contract::uses_by(&subject, contract, flows).into_iter().map(|it| ((it.user.value.clone(), it.flow), it.outcome)).collect()
    }
}

/// What becomes of the users of all contracts.
pub(super) fn all(pairs: &[AppPair<'_>], before: &State<'_>, after: &State<'_>) -> Vec<ContractUser> {
    if after.policy.users().is_empty() {
        return Vec::new();
    }
    let (before, after) = (Users::new(before), Users::new(after));
    pairs.iter().flat_map(|pair| of(pair, &before, &after)).collect()
}

/// What becomes of the users of the contract of an app.
fn of(pair: &AppPair<'_>, before: &Users<'_>, after: &Users<'_>) -> Vec<ContractUser> {
    let (old, new) = (before.app(pair.before), after.app(pair.after));
    let contract = new.and_then(|app| after.contract(app)).or_else(|| old.and_then(|app| before.contract(app)));
    let contract = contract.filter(|contract| !contract.users.is_empty());
    let (Some(contract), Some(side)) = (contract, pair.after.or(pair.before)) else { return Vec::new() };
    // A flow that was enabled and is not any more is one that must go on working.
    let apps = [old, new].into_iter().flatten();
    let flows: BTreeSet<Flow> = apps.filter_map(|app| contract::flows(app, contract).ok()).flatten().collect();
    let flows: Vec<Flow> = flows.into_iter().collect();
    let was = old.map(|app| before.outcomes(app, contract, &flows));
    let is = new.map(|app| after.outcomes(app, contract, &flows));
    let requests: BTreeSet<&(String, Flow)> = was.iter().chain(&is).flat_map(BTreeMap::keys).collect();
    let told = |request: &(String, Flow)| {
        let earlier = was.as_ref().map_or(Was::NoApp, |was| was.get(request).map_or(Was::NotAsked, Was::Said));
        let change = match &is {
            Some(is) => change(earlier, is.get(request)?, pair.unsure.as_ref())?,
            None => gone(earlier, &side.subject, pair.unsure.as_ref())?,
        };
        Some(ContractUser { subject: side.subject.clone(), user: request.0.clone(), flow: request.1.as_str(), change })
    };
    requests.into_iter().filter_map(told).collect()
}

/// What is known of a request before.
#[derive(Clone, Copy)]
enum Was<'o> {
    /// There was no such app.
    NoApp,
    /// The flow said nothing of the user.
    NotAsked,
    Said(&'o Outcome),
}

/// What became of requests to an app that is still there, or new.
fn change(was: Was<'_>, is: &Outcome, unsure: Option<&Reason>) -> Option<UseChange> {
    match (was, is) {
        (Was::Said(Outcome::Refused(_)), Outcome::Refused(_)) => None,
        (_, Outcome::Refused(refusal)) => {
            let earlier = match (was, unsure) {
                (Was::Said(Outcome::CannotTell(reason)), _) | (Was::NoApp, Some(reason)) => Earlier::CannotTell(reason.clone()),
                (Was::NoApp, None) => Earlier::NoApp,
                (Was::NotAsked, _) => Earlier::CannotTell("the flow was not for the user".into()),
                (Was::Said(_), _) => Earlier::Worked,
            };
            Some(refused(refusal, earlier))
        }
        (Was::NoApp | Was::Said(Outcome::Refused(_)), Outcome::Works) => Some(UseChange::Works),
        (_, Outcome::Works) | (Was::Said(Outcome::CannotTell(_)), Outcome::CannotTell(_)) => None,
        (_, Outcome::CannotTell(reason)) => Some(UseChange::CannotTell(reason.clone())),
    }
}

/// What became of requests to an app that goes.
fn gone(was: Was<'_>, subject: &Subject, unsure: Option<&Reason>) -> Option<UseChange> {
    let earlier = match was {
        Was::NoApp | Was::NotAsked | Was::Said(Outcome::Refused(_)) => return None,
        Was::Said(Outcome::Works) => Earlier::Worked,
        Was::Said(Outcome::CannotTell(reason)) => Earlier::CannotTell(reason.clone()),
    };
    if let Some(reason) = unsure {
        return Some(UseChange::CannotTell(format!("whether the app is still there: {reason}").into()));
    }
    let because = vec![format!("{} is not there any more.", subject.name)];
    Some(UseChange::Refused { error: None, because, earlier })
}

fn refused(refusal: &Refusal, earlier: Earlier) -> UseChange {
    let error = refusal.answer.as_ref().map(|(error, confidence)| (error.clone(), confidence.as_str()));
    UseChange::Refused { error, because: refusal.because.clone(), earlier }
}

impl ContractUser {
    /// The user and the flow, in words.
    #[must_use]
    pub fn request(&self) -> String {
        format!("{} by {}", self.user, self.flow)
    }

    /// Whether a request that was answered with a token would be refused.
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        matches!(self.change, UseChange::Refused { earlier: Earlier::Worked, .. })
    }

    /// Why it cannot be told whether such a request would be refused that was not.
    #[must_use]
    pub const fn doubt(&self) -> Option<&Reason> {
        match &self.change {
            UseChange::Refused { earlier: Earlier::CannotTell(reason), .. } | UseChange::CannotTell(reason) => Some(reason),
            _ => None,
        }
    }
}
