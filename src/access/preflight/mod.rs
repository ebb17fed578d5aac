//! Would Salesforce issue a token? The answer from configuration, before a request is sent.
//!
//! The procedure is that of Salesforce's authorization as far as it is known: steps in an order of which only parts were observed. All
//! failing conditions are told; the earliest is the most likely literal error. What nobody can know from a source is a premise
//! (what the client sends), a reservation (what is not confirmed) or undecided (what another source would tell).

use std::net::IpAddr;

use jiff::civil::Date;

use super::errors::{Cause, Confidence};
use super::{Audience, LiveOrg};
use crate::inventory::app::App;
use crate::inventory::flow::Flow;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Inventory, Origin, Profile, Reason};

/// A request for a token.
#[derive(Clone, Debug)]
pub struct Request {
    /// The flow.
    pub flow: Flow,
    /// Whom the token is for.
    pub who: Who,
    /// Scopes the request asks for; none where it has no `scope`.
    pub scopes: Option<Vec<String>>,
    /// `redirect_uri`; none where it is not told.
    pub redirect_uri: Option<String>,
    /// The host the request goes to; none where it is not told.
    pub login_host: Option<String>,
    /// The address it comes from; none where it is not told.
    pub source_ip: Option<IpAddr>,
    /// Whether the user has approved the app earlier, with a refresh token, where somebody states it; none to go by the source.
    pub approved_earlier: Option<bool>,
}

/// Whom a token is for. Client credentials are always for the user the app runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody active who holds what the app is assigned to: what is asked about is the app.
    Anybody,
    /// A user of a live org, by user name.
    Named(String),
    /// Somebody active who holds these, by the names the source has for them.
    Holding {
        /// The profile; none where it is not told.
        profile: Option<String>,
        /// Permission sets.
        permission_sets: Vec<String>,
    },
}

/// A step of the procedure, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// P0: host, endpoint and parameters are right for the flow.
    RequestShape,
    /// P1: the app is known, installed and not blocked.
    AppResolution,
    /// P2: org and app have the flow switched on.
    FlowEnabled,
    /// P3: secret, certificate, PKCE, redirect URI.
    ClientProof,
    /// P4: issuer, audience, expiry, subject.
    Assertion,
    /// P5: active, not frozen, from an allowed address at an allowed hour.
    UserState,
    /// P6: assigned, or approved.
    AppAccess,
    /// P7: the scopes the flow needs.
    Scopes,
    /// P8: session level.
    SessionPolicy,
    /// P9: API Access Control.
    ApiAccessControl,
}

/// What would come of a request.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The flow.
    pub flow: Flow,
    /// The user the answer is about; none where it is about anybody.
    pub user: Option<String>,
    /// Why the token would be refused, most likely literal error first; empty where nothing is known to fail.
    pub failing: Vec<Failing>,
    /// What could not be decided and may fail as well.
    pub undecided: Vec<Undecided>,
    /// What the answer takes for granted, as clauses that read well after "provided that".
    pub premises: Vec<String>,
    /// What is not confirmed about the answer, as sentences.
    pub reservations: Vec<String>,
    /// What would be issued, if nothing fails.
    pub issue: Issue,
}

/// What a forecast comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A token would be issued.
    WouldIssue,
    /// Something could not be decided, and nothing is known to fail.
    CannotTell,
    /// The token would be refused.
    WouldRefuse,
}

/// A condition that is met.
#[derive(Clone, Debug)]
pub struct Failing {
    /// Where in the procedure.
    pub step: Step,
    /// The condition; its literal error and remedies are in the catalogue.
    pub cause: Cause,
    /// How sure the literal error is at most, in this combination: the catalogue knows the condition alone.
    pub confidence: Confidence,
    /// What in this app, user or org meets it, as a sentence.
    pub because: String,
    /// Where that was read.
    pub origins: Vec<Origin>,
}

/// Something that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// Where in the procedure.
    pub step: Step,
    /// What, as a clause after "cannot tell", such as "whether the user has approved the app earlier".
    pub what: String,
    /// Why.
    pub reason: Reason,
    /// How to supply it, as an imperative sentence.
    pub supply: String,
}

/// What a token would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issue {
    /// Why the user has access: the ways, or that users may authorize the app themselves.
    pub access: Vec<String>,
    /// The scopes of the token by their OAuth names; the reason where they are not known.
    pub scopes: Option<Result<Vec<String>, Reason>>,
    /// Whether a refresh token comes with it; the reason where that is not known.
    pub refresh_token: Option<Result<bool, Reason>>,
    /// What limits its use, as sentences: lifetimes, networks, permissions the user lacks.
    pub limits: Vec<String>,
    /// How sure it is that it is issued; low where it rests on what is not confirmed.
    pub confidence: Option<Confidence>,
}

/// An app with all there is around it to say who gets a token.
pub struct Subject<'a> {
    app: &'a App,
    settings: Option<&'a OrgSettings>,
    profiles: Vec<&'a Profile>,
    live: Option<&'a LiveOrg<'a>>,
    audience: Option<Audience<'a>>,
    today: Date,
}

impl<'a> Subject<'a> {
    /// An app of an inventory. `live` is the org it is in; none for an app of files. `today` decides which tokens have idled too long.
    #[must_use]
    pub fn new(inventory: &'a Inventory, app: &'a App, live: Option<&'a LiveOrg<'a>>, today: Date) -> Self {
        Self {
            app,
            settings: inventory.settings.iter().find(|settings| settings.source == app.source),
            profiles: inventory.profiles.iter().filter(|profile| profile.source == app.source).collect(),
            live,
            audience: live.and_then(|live| app.in_org.as_ref().map(|in_org| live.graph.audience(in_org))),
            today,
        }
    }

    /// What would come of a request.
    #[must_use]
    pub fn forecast(&self, request: &Request) -> Forecast {
        let _ = (self.app, self.settings, &self.profiles, self.live, &self.audience, self.today);
        Forecast {
            flow: request.flow,
            user: None,
            failing: Vec::new(),
            undecided: Vec::new(),
            premises: Vec::new(),
            reservations: Vec::new(),
            issue: Issue::default(),
        }
    }
}

impl Forecast {
    /// What it comes to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if !self.failing.is_empty() {
            Verdict::WouldRefuse
        } else if self.undecided.is_empty() {
            Verdict::WouldIssue
        } else {
            Verdict::CannotTell
        }
    }
}
