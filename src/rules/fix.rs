//! How metadata is changed so that a rule holds: the `fix` of a rule file, checked.
//!
//! A fix is data: steps on elements of metadata types, for each kind of subject. What it takes to carry them out is in [`crate::fix`].

use super::{Condition, Message};
use crate::inventory::app::AppKind;
use crate::metadata::connected_app::CONNECTED_APP;
use crate::metadata::external_client_app::{
    EXTERNAL_CLIENT_APPLICATION, EXTL_CLNT_APP_CONFIGURABLE_POLICIES, EXTL_CLNT_APP_GLOBAL_OAUTH_SETTINGS,
    EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES, EXTL_CLNT_APP_OAUTH_SETTINGS, EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES,
};
use crate::metadata::settings::{CONNECTED_APP_SETTINGS, EXTERNAL_CLIENT_APP_SETTINGS, OAUTH_OIDC_SETTINGS, SECURITY_SETTINGS};
use crate::metadata::{ComplexType, ElementType};

/// What is done to the metadata, for each kind of subject.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Whether it can break what works.
    pub risk: Risk,
    /// What a person has to decide first, and where to write it, where the steps have nothing to write.
    pub needs: Option<String>,
    /// The steps, by what they are for.
    pub steps: [Vec<Step>; 3],
}

/// Whether a fix can break what works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Risk {
    /// It cannot, and why not.
    Safe(String),
    /// It can, and what.
    Unsafe(String),
}

/// What steps are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A connected app.
    ConnectedApp,
    /// An External Client App.
    ExternalClientApp,
    /// The settings of an org.
    Org,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Step {
    /// The metadata type that has the element.
    pub holder: &'static ComplexType,
    /// What is done.
    pub action: Action,
    /// Path of the element below the outermost one, as `oauthConfig/scopes`.
    pub path: String,
    /// With which texts.
    pub value: Value,
    /// The subjects it concerns; all without it.
    pub when: Option<Condition>,
}

/// What is done to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An element that occurs once gets a text.
    Set,
    /// A list gets an entry.
    Add,
    /// A list loses an entry, or the file an element.
    Remove,
}

/// The texts of a step.
#[derive(Clone, Debug)]
pub enum Value {
    /// Whatever there is: the element goes.
    Any,
    /// This one.
    Text(Message),
    /// Each element of this fact, a list.
    Each(&'static str),
}

static OF_CONNECTED_APP: [&ComplexType; 1] = [&CONNECTED_APP];
static OF_EXTERNAL_CLIENT_APP: [&ComplexType; 6] = [
    &EXTERNAL_CLIENT_APPLICATION,
    &EXTL_CLNT_APP_OAUTH_SETTINGS,
    &EXTL_CLNT_APP_GLOBAL_OAUTH_SETTINGS,
    &EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES,
    &EXTL_CLNT_APP_CONFIGURABLE_POLICIES,
    &EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES,
];
static OF_ORG: [&ComplexType; 4] =
    [&CONNECTED_APP_SETTINGS, &EXTERNAL_CLIENT_APP_SETTINGS, &OAUTH_OIDC_SETTINGS, &SECURITY_SETTINGS];

impl Target {
    /// All of them, in the order of [`Fix::steps`].
    pub const ALL: [Self; 3] = [Self::ConnectedApp, Self::ExternalClientApp, Self::Org];

    /// The key of rule files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConnectedApp => AppKind::ConnectedApp.as_str(),
            Self::ExternalClientApp => AppKind::ExternalClientApp.as_str(),
            Self::Org => "org",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::ConnectedApp => "Connected app",
            Self::ExternalClientApp => "External Client App",
            Self::Org => "Org",
        }
    }

    /// The metadata types whose elements its steps can change.
    #[must_use]
    pub const fn types(self) -> &'static [&'static ComplexType] {
        match self {
            Self::ConnectedApp => &OF_CONNECTED_APP,
            Self::ExternalClientApp => &OF_EXTERNAL_CLIENT_APP,
            Self::Org => &OF_ORG,
        }
    }
}

impl From<AppKind> for Target {
    fn from(kind: AppKind) -> Self {
        match kind {
            AppKind::ConnectedApp => Self::ConnectedApp,
            AppKind::ExternalClientApp => Self::ExternalClientApp,
        }
    }
}

impl Action {
    /// The key of rule files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }
}

impl Risk {
    /// Whether it cannot break anything.
    #[must_use]
    pub const fn is_safe(&self) -> bool {
        matches!(self, Self::Safe(_))
    }

    /// Why not, or what.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Safe(why) | Self::Unsafe(why) => why,
        }
    }
}

impl Fix {
    /// The steps for a target; none where there is nothing to do for it.
    #[must_use]
    pub fn steps(&self, target: Target) -> &[Step] {
        let [connected_app, external_client_app, org] = &self.steps;
        match target {
            Target::ConnectedApp => connected_app,
            Target::ExternalClientApp => external_client_app,
            Target::Org => org,
        }
    }

    /// Each step on a line, for documentation.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let of = |target: &Target| {
            let target = *target;
            self.steps(target).iter().map(move |step| format!("{}: {}", target.in_words(), step.in_words()))
        };
        Target::ALL.iter().flat_map(of).collect()
    }
}

impl Step {
    /// What it does, in one line.
    #[must_use]
    pub fn in_words(&self) -> String {
        let place = format!("`{}` of {}", self.path, self.holder.name);
        let value = match &self.value {
            Value::Any => String::new(),
            Value::Text(text) => format!("`{}`", text.text()),
            Value::Each(fact) => format!("each of `{fact}`"),
        };
        let done = match self.action {
            Action::Set => format!("set {place} to {value}"),
            Action::Add => format!("add {value} to {place}"),
            Action::Remove if value.is_empty() => format!("remove {place}"),
            Action::Remove => format!("remove {value} from {place}"),
        };
        match &self.when {
            Some(when) => format!("{done}, where `{}`", when.text()),
            None => done,
        }
    }
}

/// Whether an element is a list in one text, its items separated by commas.
#[must_use]
pub fn is_comma_separated(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("commaSeparated"))
}

/// Whether the entries of an element are scopes: rules call them by their OAuth names, and files by words of their own.
#[must_use]
pub fn holds_scopes(path: &str) -> bool {
    matches!(path, "oauthConfig/scopes" | "commaSeparatedOauthScopes")
}

/// Whether an element can have several entries.
pub(super) fn is_list(path: &str, element: &ElementType) -> bool {
    element.many || is_comma_separated(path)
}
