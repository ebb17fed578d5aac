//! The errors Salesforce answers instead of a token, and the conditions behind them.
//!
//! The catalogue is data: `errors/*.yaml`. Salesforce documents few of its texts and no order of its checks, so each answer says how sure it
//! is and why that is believed; a text that nobody was seen to get is left out, never guessed.
//!
//! ```text
//! errors/*.yaml ─file─▶ as written ─catalogue─▶ Catalogue ─┐
//! pasted text ─────────pasted─▶ what it may say ───────────┴─recognise─▶ Recognised: conditions in order of likelihood
//! ```

mod catalogue;
mod cause;
mod file;
mod pasted;
mod recognise;
mod wording;

pub use catalogue::{Catalogue, catalogue};
pub use cause::Cause;
pub use recognise::{Recognised, Suspect};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::inventory::flow::Flow;
use crate::inventory::oauth::PermittedUsers;

/// A condition under which Salesforce refuses a token, or what the token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The file it is written in, without folder and ending: `authorization`.
    pub group: String,
    /// Names the condition, such as `user-has-not-approved`. Those that preflight predicts are [`Cause`]s.
    pub id: String,
    /// The condition as a short sentence without its full stop.
    pub title: String,
    /// The flows that can meet the condition, by their words; empty for all that an app takes part in.
    pub flows: Vec<FlowWord>,
    /// What Salesforce answers, the most likely first; empty where its text was never seen.
    pub answers: Vec<Answer>,
    /// How sure it is that the condition keeps a token from being issued, or from being good for something, whatever the answer.
    pub refusal: Confidence,
    /// What it means.
    pub meaning: String,
    /// Why it is believed that the condition has this effect, as a sentence.
    pub basis: String,
    /// How to tell that it is this condition and no other with the same answer.
    pub confirm: String,
    /// What to change, each enough by itself or a step of the whole, as its text says.
    pub remedies: Vec<Remedy>,
    /// Public pages.
    pub references: Vec<String>,
}

/// The literal answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Answer {
    /// The flows that get this answer; empty for all that can meet the condition.
    #[serde(default)]
    pub flows: Vec<FlowWord>,
    /// Permitted Users of the app that gets this answer; none where it does not matter.
    #[serde(default, deserialize_with = "permitted_users")]
    pub permitted_users: Option<PermittedUsers>,
    /// Where it arrives.
    pub place: Place,
    /// `error`; the text itself where it was seen without a code.
    pub error: String,
    /// `error_description`; none where the answer has none or it was never seen.
    #[serde(default)]
    pub description: Option<String>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why it is believed, as a sentence.
    pub basis: String,
}

/// Where an answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The token endpoint: HTTP 400 with JSON.
    TokenEndpoint,
    /// The browser: a redirect to the callback with `error`, or Salesforce's own error page.
    Browser,
    /// A later API call with the token.
    Api,
}

/// How sure something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Inferred, or not confirmed.
    Low,
    /// One first-hand report.
    Medium,
    /// Documented, or several first-hand reports with the literal text.
    High,
}

/// A change that ends a condition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Remedy {
    /// Names the change, such as `set-admin-approved`: the same change has the same id under every condition.
    pub id: String,
    /// The change in a few words, the same for the same change under another condition.
    pub title: String,
    /// Where and what in Setup, or at the client.
    pub setup: String,
    /// The same for External Client Apps, where it differs for them.
    #[serde(default)]
    pub setup_external_client_app: Option<String>,
    /// What the metadata of a connected app must say, where metadata has it.
    #[serde(default)]
    pub connected_app: Option<String>,
    /// What the metadata of an External Client App must say, where metadata has it.
    #[serde(default)]
    pub external_client_app: Option<String>,
}

/// A flow, written as its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FlowWord(pub Flow);

impl TryFrom<String> for FlowWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Flow::from_word(&word).map(Self).ok_or_else(|| format!("`{word}` is no flow"))
    }
}

/// Permitted Users, written as its word.
fn permitted_users<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PermittedUsers>, D::Error> {
    let word = String::deserialize(deserializer)?;
    PermittedUsers::from_word(&word).map(Some).ok_or_else(|| D::Error::custom(format!("`{word}` is no value of Permitted Users")))
}

impl Condition {
    /// The answers that a flow of an app can get, the most likely first. Where Permitted Users is not known, those of either value.
    pub fn answers_to(&self, flow: Flow, permitted_users: Option<PermittedUsers>) -> impl Iterator<Item = &Answer> {
        let fits = move |answer: &&Answer| match (answer.permitted_users, permitted_users) {
            (Some(wanted), Some(is)) => wanted == is,
            _ => true,
        };
        self.answers.iter().filter(move |answer| answer.flows.is_empty() || answer.flows.contains(&FlowWord(flow))).filter(fits)
    }

    /// Whether a flow can meet the condition.
    #[must_use]
    pub fn is_met_by(&self, flow: Flow) -> bool {
        if self.flows.is_empty() { flow.takes_app() } else { self.flows.contains(&FlowWord(flow)) }
    }

    /// The flows that can get an answer, in the order of [`Flow::ALL`].
    pub fn flows_of(&self, answer: &Answer) -> impl Iterator<Item = Flow> {
        Flow::ALL.iter().copied().filter(move |flow| {
            if answer.flows.is_empty() { self.is_met_by(*flow) } else { answer.flows.contains(&FlowWord(*flow)) }
        })
    }
}

impl Confidence {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Place {
    /// The place as it is told to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenEndpoint => "HTTP 400 from the token endpoint",
            Self::Browser => "in the browser",
            Self::Api => "from the API that the token is used on",
        }
    }
}
