//! An app held against a contract: what is missing, what is too much.
//!
//! Pure comparisons of names. Where the names of the app come from, and what is unknown about them, is for the caller to
//! know; it gets back indices into its own lists, so that it can show the place of each name.

use super::contract::{Expected, Located, ScopeExpectation};
use super::flow::Flow;
use super::oauth::{IpRelaxation, RefreshTokenPolicy};
use super::period::Period;

/// How the scopes of an app differ from what is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeDifference {
    /// Required, not on the app.
    pub missing: Vec<Located<String>>,
    /// On the app and forbidden: indices into the app's scopes.
    pub forbidden: Vec<usize>,
    /// On the app and neither allowed nor required by a contract that lists what is allowed: indices into the app's scopes. A
    /// scope can be both forbidden and surplus.
    pub surplus: Vec<usize>,
    /// On the app, and allowed or required: indices into the app's scopes.
    pub agreed: Vec<usize>,
}

/// How the assignments of an app differ from what is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignmentDifference {
    /// Expected, not assigned.
    pub missing: Vec<Located<String>>,
    /// Assigned, not in the exact list: indices into the app's assignments.
    pub surplus: Vec<usize>,
}

/// How the flows of an app differ from those it is declared to be for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowDifference {
    /// Declared, but the app has no certificate or its switch is off.
    pub unavailable: Vec<Located<Flow>>,
    /// Enabled by a certificate or a switch, not declared; in the order they were given.
    pub surplus: Vec<Flow>,
}

/// Compares scopes by their OAuth names. `present` holds the app's scopes under the same names.
pub fn scopes(expectation: &ScopeExpectation, present: &[impl AsRef<str>]) -> ScopeDifference {
    let names = |list: &[Located<String>], name: &str| list.iter().any(|entry| entry.value == name);
    let indices = |wanted: &dyn Fn(&str) -> bool| {
        present.iter().enumerate().filter(|(_, scope)| wanted(scope.as_ref())).map(|(index, _)| index).collect()
    };
    let allowed = expectation.allow.as_ref().map_or(&[][..], |allow| &allow.value);
    ScopeDifference {
        agreed: indices(&|scope| names(allowed, scope) || names(&expectation.require, scope)),
        missing: absent(&expectation.require, |required| present.iter().any(|scope| scope.as_ref() == required)),
        forbidden: indices(&|scope| names(&expectation.forbid, scope)),
        surplus: expectation
            .allow
            .as_ref()
            .map_or_else(Vec::new, |allow| indices(&|scope| !names(&allow.value, scope) && !names(&expectation.require, scope))),
    }
}

/// Compares assigned profiles or permission sets with the expected ones.
///
/// Each entry of `assigned` is one assignment with all the names it is known by: as the app's file has it, and the API or file
/// name where that could be found. An expected name means the assignment if it equals one of them, white space around them left
/// out of account. Salesforce's own second names (`Admin` for System Administrator) are the caller's to add.
#[must_use]
pub fn assignments(expected: &Expected, assigned: &[Vec<String>]) -> AssignmentDifference {
    let means = |expected: &str, entry: &[String]| entry.iter().any(|name| name.trim() == expected.trim());
    let missing = absent(expected.names(), |name| assigned.iter().any(|entry| means(name, entry)));
    let surplus = match expected {
        Expected::AtLeast(_) => Vec::new(),
        Expected::Exactly(names) => assigned
            .iter()
            .enumerate()
            .filter(|(_, entry)| !names.iter().any(|name| means(&name.value, entry)))
            .map(|(index, _)| index)
            .collect(),
    };
    AssignmentDifference { missing, surplus }
}

/// Compares declared flows with those that a certificate or a switch of the app enables.
///
/// Flows that metadata has no switch for (web server, refresh token, …) cannot be judged and are in neither list. The
/// certificate is the switch of both assertion flows, so declaring one of them accounts for the other.
#[must_use]
pub fn flows(declared: &[Located<Flow>], enabled: &[Flow]) -> FlowDifference {
    // A flow without a switch is left alone; one with a switch must have its like on the other side.
    let unmatched =
        |flow: Flow, others: &[Flow]| switch(flow).is_some() && others.iter().all(|other| switch(*other) != switch(flow));
    let words: Vec<Flow> = declared.iter().map(|flow| flow.value).collect();
    FlowDifference {
        unavailable: declared.iter().filter(|flow| unmatched(flow.value, enabled)).cloned().collect(),
        surplus: enabled.iter().copied().filter(|flow| unmatched(*flow, &words)).collect(),
    }
}

/// How an IP Relaxation differs from the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpDifference {
    /// It is the expected one.
    None,
    /// It lets requests from more places pass, or from others.
    Looser,
    /// It refuses requests that the expected one lets pass.
    Stricter,
}

/// Compares IP Relaxation; none for a value that Salesforce does not document.
///
/// Between the two that relax for some requests (those of activated devices, those with a refresh token) neither is stricter: each counts as
/// looser than the other.
#[must_use]
pub fn ip_relaxation(expected: IpRelaxation, found: IpRelaxation) -> Option<IpDifference> {
    let looseness = |relaxation| match relaxation {
        IpRelaxation::Enforce => Some(0),
        IpRelaxation::EnforceRelaxRefresh | IpRelaxation::RelaxForActivatedDevices => Some(1),
        IpRelaxation::Bypass => Some(2),
        IpRelaxation::Unrecognised => None,
    };
    let (allowed, actual) = (looseness(expected)?, looseness(found)?);
    Some(match found {
        same if same == expected => IpDifference::None,
        _ if actual < allowed => IpDifference::Stricter,
        _ => IpDifference::Looser,
    })
}

/// Whether a refresh token can be good for longer than this after its issue; none for a policy that Salesforce does not document. An idle limit
/// starts again with every use, so that it does not end a token that is used.
#[must_use]
pub fn outlives(policy: &RefreshTokenPolicy, limit: Period) -> Option<bool> {
    match policy {
        RefreshTokenPolicy::Infinite | RefreshTokenPolicy::Inactivity(..) => Some(true),
        RefreshTokenPolicy::Zero => Some(false),
        RefreshTokenPolicy::Lifetime(..) => policy.period().map(|period| period.hours() > limit.hours()),
        RefreshTokenPolicy::Unrecognised(_) => None,
    }
}

/// Whether a refresh token can lie unused for longer than this and still be good; none for a policy that Salesforce does not document.
#[must_use]
pub fn outlasts_idle(policy: &RefreshTokenPolicy, limit: Period) -> Option<bool> {
    match policy {
        RefreshTokenPolicy::Infinite => Some(true),
        RefreshTokenPolicy::Zero => Some(false),
        RefreshTokenPolicy::Lifetime(..) | RefreshTokenPolicy::Inactivity(..) => {
            policy.period().map(|period| period.hours() > limit.hours())
        }
        RefreshTokenPolicy::Unrecognised(_) => None,
    }
}

fn absent(names: &[Located<String>], is_there: impl Fn(&str) -> bool) -> Vec<Located<String>> {
    names.iter().filter(|name| !is_there(&name.value)).cloned().collect()
}

/// What of an app's metadata turns a flow on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    Certificate,
    ClientCredentials,
    Device,
    TokenExchange,
    CodeCredentials,
}

/// The switch of a flow; none where nothing in the app's metadata turns it on or off.
const fn switch(flow: Flow) -> Option<Switch> {
    match flow {
        Flow::JwtBearer | Flow::SamlBearer => Some(Switch::Certificate),
        Flow::ClientCredentials => Some(Switch::ClientCredentials),
        Flow::Device => Some(Switch::Device),
        Flow::TokenExchange => Some(Switch::TokenExchange),
        Flow::CodeCredentials => Some(Switch::CodeCredentials),
        _ => None,
    }
}
