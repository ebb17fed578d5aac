//! Whom an app lets in at all: Permitted Users, and whether it is blocked.

use crate::inventory::Reason;
use crate::inventory::app::App;
use crate::inventory::oauth::PermittedUsers;

/// Whom an app lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Users who are assigned to it, and no others.
    Assigned,
    /// Any active user of the org, who approves it once. Assignments have no effect.
    Anybody,
    /// Nobody: it is blocked or switched off.
    Nobody,
    /// Not known, and why.
    Unknown(Reason),
}

impl Admission {
    /// Whom an app lets in. One that may be blocked or not is taken for not blocked; [`App::enabled`] says what is known of that.
    #[must_use]
    pub fn of(app: &App) -> Self {
        match (app.enabled.value(), &app.access.permitted_users.state) {
            (Some(false), _) => Self::Nobody,
            (_, Ok(PermittedUsers::AdminApproved)) => Self::Assigned,
            (_, Ok(PermittedUsers::SelfAuthorize)) => Self::Anybody,
            (_, Err(reason)) => Self::Unknown(reason.clone()),
        }
    }

    /// The words used in output.
    pub const WORDS: &'static [&'static str] = &["assigned", "anybody", "nobody", "unknown"];

    /// The word used in output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Anybody => "anybody",
            Self::Nobody => "nobody",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether an assignment lets its users in; none where that is not known.
    #[must_use]
    pub const fn assignments_count(&self) -> Option<bool> {
        match self {
            Self::Assigned => Some(true),
            Self::Anybody | Self::Nobody => Some(false),
            Self::Unknown(_) => None,
        }
    }
}
