//! What is to be kept in mind of a path to an app, or of somebody on it.

use crate::inventory::org::{is_external, is_guest};

/// Why a path may not be what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reservation<'a> {
    /// The permission set grants nothing until a session activates it.
    NeedsActivation,
    /// The group has these muting permission sets. Whether one takes away access to an app is not documented.
    Muted(&'a [String]),
    /// The group has this status, which is not `Updated`.
    OutOfDate(&'a str),
    /// Guests.
    Guest,
    /// Customers or partners, of this user type.
    External(&'a str),
    /// The users were counted and not read.
    ByNumber,
    /// The assignment ended on this day, as Salesforce writes it.
    Ended(Option<&'a str>),
    /// The assignment ends on this day, as Salesforce writes it.
    Expires(&'a str),
}

impl<'a> Reservation<'a> {
    pub(super) fn of_user_type(user_type: &'a str) -> Option<Self> {
        if is_guest(user_type) {
            return Some(Self::Guest);
        }
        is_external(user_type).then_some(Self::External(user_type))
    }

    /// The word used in output.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NeedsActivation => "needs-activation",
            Self::Muted(_) => "muted",
            Self::OutOfDate(_) => "out-of-date",
            Self::Guest => "guest",
            Self::External(_) => "external",
            Self::ByNumber => "by-number",
            Self::Ended(_) => "ended",
            Self::Expires(_) => "expires",
        }
    }

    /// The reservation as a clause.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::NeedsActivation => "grants nothing until a session activates it".to_owned(),
            Self::Muted(sets) => {
                format!("muted by {}; whether that takes away access to an app is not documented", sets.join(", "))
            }
            Self::OutOfDate(status) => format!("the status of the group is {status}: what it grants may lag behind what is in it"),
            Self::Guest => "guests".to_owned(),
            Self::External(user_type) => format!("external ({user_type})"),
            Self::ByNumber => "too many users to list: they were counted".to_owned(),
            Self::Ended(Some(date)) => format!("ended on {}", day(date)),
            Self::Ended(None) => "has ended".to_owned(),
            Self::Expires(date) => format!("ends on {}", day(date)),
        }
    }
}

/// The day of a moment such as `2026-06-10T00:00:00.000+0000`.
fn day(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}
