//! Parts of External Client Apps, and switches in them: one fact may be made of several, all of which must be on.

use serde::{Deserialize, Serialize};

use super::app::App;
use super::{Fact, Reason};

/// A part of an External Client App that a metadata type of its own holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PartKind {
    /// `ExtlClntAppOauthSettings`: scopes, trusted IP ranges.
    OauthSettings,
    /// `ExtlClntAppGlobalOauthSettings`: key, callback, flows, PKCE, rotation.
    GlobalOauthSettings,
    /// `ExtlClntAppOauthConfigurablePolicies`: Permitted Users, assignments, refresh, IP, session.
    OauthPolicies,
    /// `ExtlClntAppConfigurablePolicies`: app and plug-ins on or off.
    Policies,
    /// `ExtlClntAppOauthSecuritySettings`: token IP allow-list.
    OauthSecuritySettings,
    /// `ExtlClntAppSamlConfigurablePolicies`.
    SamlPolicies,
    /// Mobile, canvas, push, notification and attestation parts: recognised and joined, no rule reads them.
    Other,
}

impl PartKind {
    /// The parts an OAuth audit needs, with the words conditions use for them.
    pub const NEEDED: &'static [(Self, &'static str)] = &[
        (Self::OauthSettings, "oauth-settings"),
        (Self::GlobalOauthSettings, "global-oauth-settings"),
        (Self::OauthPolicies, "oauth-policies"),
        (Self::Policies, "policies"),
    ];

    /// The metadata type; none where several types are such a part.
    #[must_use]
    pub const fn metadata_type(self) -> Option<&'static str> {
        match self {
            Self::OauthSettings => Some("ExtlClntAppOauthSettings"),
            Self::GlobalOauthSettings => Some("ExtlClntAppGlobalOauthSettings"),
            Self::OauthPolicies => Some("ExtlClntAppOauthConfigurablePolicies"),
            Self::Policies => Some("ExtlClntAppConfigurablePolicies"),
            Self::OauthSecuritySettings => Some("ExtlClntAppOauthSecuritySettings"),
            Self::SamlPolicies => Some("ExtlClntAppSamlConfigurablePolicies"),
            Self::Other => None,
        }
    }
}

/// A switch in one part of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch<'a> {
    /// The part that has the switch.
    pub part: PartKind,
    /// Its element, as [`App::elements`] has it.
    pub element: &'a str,
    /// What an absent element means; none where that is not documented.
    pub default: Option<bool>,
}

impl Switch<'_> {
    /// The switch, as far as it is known; none where it is not stated. `together` is what all switches of `app` come to: where that is true, so
    /// is each of them, whether its part was read or not.
    ///
    /// # Errors
    ///
    /// Why it is not known.
    pub fn of<T>(&self, app: &App, together: &Fact<T>, is_on: impl Fn(&T) -> bool) -> Result<Option<bool>, Reason> {
        if !app.parts.contains_key(&self.part) {
            return match &together.state {
                Ok(on) if is_on(on) => Ok(Some(true)),
                Ok(_) => Err(format!("what `{}` is in the org could not be read", self.element).into()),
                Err(reason) => Err(reason.clone()),
            };
        }
        Ok(self.stated(app)?.or(self.default))
    }

    /// What the files of an app state; none where they leave it out.
    ///
    /// # Errors
    ///
    /// Several files disagree, or it is neither true nor false.
    pub fn stated(&self, app: &App) -> Result<Option<bool>, Reason> {
        let mut stated = app.elements.iter().filter(|(path, _)| path == self.element).map(|(_, text)| text.as_str());
        let Some(first) = stated.next() else { return Ok(None) };
        if stated.any(|other| other != first) {
            return Err(format!("several files disagree about `{}`", self.element).into());
        }
        match first {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            other => Err(format!("`{other}` is neither true nor false").into()),
        }
    }
}
