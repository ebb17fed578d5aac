//! The users of a contract: would they get a token by its flows?
//!
//! A live org tells of each user. Files do not: what they tell of a user is what would come of a request of anybody who is assigned, so that
//! what fails for everybody fails for the user, and what an org alone would tell (who is assigned, active or has approved the app) does not
//! count against anyone.

use super::errors::{Confidence, catalogue};
use super::preflight::{Forecast, Request, Subject, Topic, Undecided, Who};
use crate::inventory::Reason;
use crate::inventory::app::{App, AppKind};
use crate::inventory::contract::{Contract, Located};
use crate::inventory::flow::Flow;

/// A user of a contract, and a flow that must work for the user.
#[derive(Clone, Debug)]
pub struct Use<'c> {
    /// The user name, where the contract has it.
    pub user: &'c Located<String>,
    /// The flow.
    pub flow: Flow,
    /// What would come of it.
    pub outcome: Outcome,
}

/// What would come of a user's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A token would be issued; by files, to a user who is assigned.
    Works,
    /// It would be refused.
    Refused(Refusal),
    /// Nothing is known to fail, and something could not be decided: what and why, as a clause after a colon.
    CannotTell(Reason),
}

/// Why a token would be refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// What Salesforce most likely answers, as `error: error_description`, and how sure that is; none where the text was never seen.
    pub answer: Option<(String, Confidence)>,
    /// The conditions that fail, by their ids in the catalogue of errors.
    pub causes: Vec<&'static str>,
    /// What meets them, as sentences.
    pub because: Vec<String>,
}

/// The request of every user of a contract by every flow of it, in the order of the contract. A contract without flows is about those that a
/// certificate or a switch of the app enables.
///
/// Client credentials are for the user that the app runs as: of the other users of a contract with several flows they say nothing.
///
/// # Errors
///
/// Why the flows are not known.
pub fn uses<'c>(subject: &Subject<'_>, contract: &'c Contract) -> Result<Vec<Use<'c>>, Reason> {
    if contract.users.is_empty() {
        return Ok(Vec::new());
    }
    Ok(uses_by(subject, contract, &flows(subject.app(), contract)?))
}

/// The same by these flows.
#[must_use]
pub fn uses_by<'c>(subject: &Subject<'_>, contract: &'c Contract, flows: &[Flow]) -> Vec<Use<'c>> {
    let of_user = |user: &'c Located<String>| {
        flows.iter().filter_map(move |flow| Some(Use { user, flow: *flow, outcome: outcome(subject, &user.value, *flow, flows)? }))
    };
    contract.users.iter().flat_map(of_user).collect()
}

/// The flows that must work for the users of a contract: those it declares, or those that a certificate or a switch of the app enables.
///
/// # Errors
///
/// Why they are not known.
pub fn flows(app: &App, contract: &Contract) -> Result<Vec<Flow>, Reason> {
    let declared = contract.flows.iter().flat_map(|flows| &flows.value).map(|flow| flow.value);
    let declared: Vec<Flow> = declared.collect();
    if !declared.is_empty() {
        return Ok(declared);
    }
    // The certificate of an External Client App is documented for JWT bearer alone: nobody said that it is there for the other.
    let meant = |flow: &Flow| app.kind == AppKind::ConnectedApp || *flow != Flow::SamlBearer;
    let enabled: Vec<Flow> = app.flows.enabled().state?.into_iter().filter(meant).collect();
    if enabled.is_empty() {
        return Err("the contract names users and no flows, and no certificate or switch of the app tells which are meant".into());
    }
    Ok(enabled)
}

/// What would come of a user's request; none where the flow is not about the user.
fn outcome(subject: &Subject<'_>, user: &str, flow: Flow, flows: &[Flow]) -> Option<Outcome> {
    let forecast = subject.forecast(&request(subject, user, flow, flows));
    if !forecast.failing.is_empty() {
        return Some(Outcome::Refused(refusal(&forecast)));
    }
    if flow == Flow::ClientCredentials
        && let Some(another) = runs_as_another(subject, user)
    {
        let because = format!("Client credentials give tokens of {} for {another} alone.", subject.app().name);
        let refusal = Refusal { because: vec![because], ..Refusal::default() };
        return (flows.len() == 1).then_some(Outcome::Refused(refusal));
    }
    let open = forecast.undecided.iter().find(|undecided| counts(subject, undecided));
    Some(open.map_or(Outcome::Works, |open| Outcome::CannotTell(format!("cannot tell {}: {}", open.what, open.reason).into())))
}

fn request(subject: &Subject<'_>, user: &str, flow: Flow, flows: &[Flow]) -> Request {
    let who = if subject.live().is_some() { Who::Named(user.to_owned()) } else { Who::Anybody };
    let mut request = Request::new(flow, who);
    // Whoever can get a refresh token by another of the flows is not shut out for not having one yet.
    let first = |flow: &Flow| flow.is_interactive() || *flow == Flow::CodeCredentials;
    if flow.is_refresh() && flows.iter().any(first) {
        request.prior_approval = Some(true);
    }
    request
}

/// Whom the app runs as, where that is known and is not this user.
fn runs_as_another<'a>(subject: &Subject<'a>, user: &str) -> Option<&'a str> {
    let name = subject.app().flows.client_credentials_user.value()?.trim();
    let by_id = subject.live().and_then(|live| live.graph.user(name)).map(|(_, user)| user.username.as_str());
    let name = by_id.unwrap_or(name);
    (!name.is_empty() && name.to_lowercase() != user.to_lowercase()).then_some(name)
}

/// Whether something undecided keeps the answer open: of what an org alone can tell files are not expected to.
fn counts(subject: &Subject<'_>, undecided: &Undecided) -> bool {
    let of_an_org = matches!(undecided.topic, Topic::User | Topic::SourceIp | Topic::Approval | Topic::OrgSwitch);
    subject.live().is_some() || !of_an_org
}

fn refusal(forecast: &Forecast) -> Refusal {
    let first = forecast.failing.first().zip(catalogue().ok());
    let said = first.and_then(|(failing, catalogue)| forecast.answers(failing, catalogue).next());
    let literal = |error: &str, description: Option<&String>| match description {
        Some(description) => format!("{error}: {description}"),
        None => error.to_owned(),
    };
    Refusal {
        answer: said.map(|said| (literal(&said.answer.error, said.answer.description.as_ref()), said.confidence)),
        causes: forecast.failing.iter().map(|failing| failing.cause.as_str()).collect(),
        because: forecast.failing.iter().map(|failing| failing.because.clone()).collect(),
    }
}
