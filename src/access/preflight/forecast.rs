//! What preflight says.

use crate::access::errors::{Answer, Catalogue, Cause, Confidence};
use crate::inventory::flow::Flow;
use crate::inventory::oauth::PermittedUsers;
use crate::inventory::words::words;
use crate::inventory::{Origin, Reason};

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

words! {
    /// What a question that could not be decided is about.
    Topic {
        /// Which org the login host serves.
        LoginHost = "login-host",
        /// The scopes that are asked for.
        RequestedScopes = "requested-scopes",
        /// Whether the app has OAuth settings, and whether it is switched on.
        App = "app",
        /// Whether the kind of app can do the flow.
        AppKind = "app-kind",
        /// A switch of the org.
        OrgSwitch = "org-switch",
        /// A switch of the app.
        AppSwitch = "app-switch",
        /// The org's single sign-on.
        SingleSignOn = "sso",
        /// The user that client credentials run as.
        RunAsUser = "run-as-user",
        /// The app's certificate.
        Certificate = "certificate",
        /// When the app's policy ends refresh tokens.
        RefreshPolicy = "refresh-policy",
        /// The app's callback URLs.
        Callbacks = "callbacks",
        /// Whether the user exists, is active, is not frozen.
        User = "user",
        /// Login IP ranges.
        SourceIp = "source-ip",
        /// Permitted Users.
        PermittedUsers = "permitted-users",
        /// Whether the user is assigned.
        Assignment = "assignment",
        /// Whether a muting permission set takes the app away.
        Muting = "muting",
        /// Whether a session has activated the permission set.
        Activation = "activation",
        /// Whether Permitted Users matters to the flow.
        Access = "access",
        /// Whether the user has approved the app earlier.
        Approval = "approval",
        /// Whether the flow needs the refresh scope.
        RefreshScope = "refresh-scope",
        /// The scopes of the app.
        Scopes = "scopes",
        /// Session level.
        SessionLevel = "session-level",
        /// API Access Control.
        ApiAccessControl = "api-access-control",
    }
}

/// What would come of a request.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The flow.
    pub flow: Flow,
    /// The user the answer is about; none where it is about anybody.
    pub user: Option<String>,
    /// Permitted Users of the app, where it is known: which answer comes can depend on it.
    pub permitted_users: Option<PermittedUsers>,
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
    /// How sure the literal error can be at most in this combination, and why no surer: the catalogue knows the condition alone.
    pub doubt: Option<(Confidence, &'static str)>,
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
    /// What it is about.
    pub topic: Topic,
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
}

/// An answer of Salesforce that can be expected.
#[derive(Clone, Copy, Debug)]
pub struct Said<'c> {
    /// The answer.
    pub answer: &'c Answer,
    /// How sure it is in this combination.
    pub confidence: Confidence,
    /// Why it is believed, or why no surer than that.
    pub basis: &'c str,
}

impl Forecast {
    /// How sure it is that a condition that fails keeps the token from being issued, whatever the answer.
    #[must_use]
    pub fn refusal(&self, failing: &Failing, catalogue: &Catalogue) -> Confidence {
        let known = catalogue.of(failing.cause).map_or(Confidence::Low, |condition| condition.refusal);
        failing.doubt.map_or(known, |(most, _)| known.min(most))
    }

    /// What Salesforce would answer to a condition that fails, the most likely first. Nothing where its text was never seen.
    pub fn answers<'c>(&self, failing: &Failing, catalogue: &'c Catalogue) -> impl Iterator<Item = Said<'c>> {
        let (flow, permitted_users, doubt) = (self.flow, self.permitted_users, failing.doubt);
        let answers =
            catalogue.of(failing.cause).into_iter().flat_map(move |condition| condition.answers_to(flow, permitted_users));
        answers.map(move |answer| match doubt {
            Some((confidence, basis)) if confidence < answer.confidence => Said { answer, confidence, basis },
            _ => Said { answer, confidence: answer.confidence, basis: &answer.basis },
        })
    }

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

impl Verdict {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WouldIssue => "would-issue",
            Self::CannotTell => "cannot-tell",
            Self::WouldRefuse => "would-refuse",
        }
    }
}

impl Step {
    /// The step's name in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestShape => "request",
            Self::AppResolution => "app",
            Self::FlowEnabled => "flow",
            Self::ClientProof => "client-proof",
            Self::Assertion => "assertion",
            Self::UserState => "user",
            Self::AppAccess => "app-access",
            Self::Scopes => "scopes",
            Self::SessionPolicy => "session-policy",
            Self::ApiAccessControl => "api-access-control",
        }
    }
}
