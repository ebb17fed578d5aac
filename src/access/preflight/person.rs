//! Whom a token is for.

use super::{Request, Subject, Who};
use crate::access::Lookup;
use crate::inventory::Reason;
use crate::inventory::flow::Flow;
use crate::inventory::org::User;

/// Whom a token is for, as far as the source knows.
#[derive(Clone, Debug)]
pub(super) enum Person<'a> {
    /// Somebody active who is assigned, if anybody is; with the name that is known of whoever that is.
    Anybody(Option<String>),
    /// A user of the org.
    User {
        /// `User.Id`.
        id: &'a str,
        /// The user.
        user: &'a User,
    },
    /// The org has no user of this name.
    Missing(String),
    /// Nothing is known of the user.
    Unread {
        /// The user name.
        name: String,
        /// Why.
        reason: Reason,
        /// How to get the user read.
        supply: String,
    },
    /// Somebody active who holds these.
    Holding {
        /// The profile; none where it is not told.
        profile: Option<String>,
        /// Permission sets.
        permission_sets: Vec<String>,
    },
    /// The request is for nobody: client credentials without a run-as user, or one that is not known.
    NoOne,
}

impl<'a> Person<'a> {
    pub(super) fn of(subject: &Subject<'a>, request: &Request) -> Self {
        if request.flow == Flow::ClientCredentials {
            return match subject.app.flows.client_credentials_user.value().map(|name| name.trim()) {
                None | Some("") => Self::NoOne,
                Some(name) if subject.live.is_none() => Self::Anybody(Some(name.to_owned())),
                Some(name) => Self::named(name, subject),
            };
        }
        match &request.who {
            Who::Anybody => Self::Anybody(None),
            Who::Named(name) => Self::named(name.trim(), subject),
            Who::Holding { profile, permission_sets } => {
                Self::Holding { profile: profile.clone(), permission_sets: permission_sets.clone() }
            }
        }
    }

    fn named(name: &str, subject: &Subject<'a>) -> Self {
        let Some(live) = subject.live else {
            return Self::Unread {
                name: name.to_owned(),
                reason: "files do not tell of users".into(),
                supply: "Say what the user holds with --profile and --permission-set, or ask the org with --target-org.".to_owned(),
            };
        };
        // An External Client App may name its run-as user by id.
        if let Some((id, user)) = live.graph.user(name) {
            return Self::User { id, user };
        }
        match live.graph.look_up(name) {
            Lookup::Found { id, user } => Self::User { id, user },
            Lookup::Absent => Self::Missing(name.to_owned()),
            Lookup::Unknown(reason) => Self::Unread {
                name: name.to_owned(),
                reason,
                supply: "Ask the org, or take the snapshot again with `--user` and this name.".to_owned(),
            },
        }
    }

    /// The user name, where there is one.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::User { user, .. } => Some(&user.username),
            Self::Anybody(name) => name.as_deref(),
            Self::Missing(name) | Self::Unread { name, .. } => Some(name),
            Self::Holding { .. } | Self::NoOne => None,
        }
    }

    /// The user as the subject of a sentence.
    pub(super) fn called(&self) -> &str {
        self.name().unwrap_or("the user")
    }
}
