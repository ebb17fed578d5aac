//! The columns of the tables, and their product.

use std::fmt;

use orgwarden::inventory::flow::Flow;

/// Declares the values of a column by their words.
macro_rules! values {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];
            pub(crate) const WORDS: &'static [&'static str] = &[$($word,)+];

            pub(crate) const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            pub(crate) fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}
pub(super) use values;

values! {
    /// Whether the app has the `refresh_token` scope, beside `api`; for hybrid flows beside `lightning`, `content` and `web`, too.
    Refresh {
        Yes = "yes",
        No = "no",
    }
}

values! {
    /// Permitted Users.
    Permitted {
        /// Admin-approved users are pre-authorized.
        Admin = "admin",
        /// All users may self-authorize.
        SelfAuthorize = "self",
    }
}

values! {
    /// How the user is assigned to the app; there is no other way than this one.
    Assigned {
        /// By the profile.
        Profile = "profile",
        /// By a permission set that the user holds directly.
        Set = "set",
        /// By a permission set group that holds a permission set of the app.
        Group = "group",
        /// By a permission set, directly, until an assignment ended.
        Expired = "expired",
        /// By such a group that has a muting permission set.
        Muted = "muted",
        /// Not at all.
        Not = "not",
    }
}

values! {
    /// The state of the user; for client credentials, of the run-as user.
    User {
        Active = "active",
        Frozen = "frozen",
        Inactive = "inactive",
    }
}

values! {
    /// Whether there is an `OauthToken` row of the user for the app. Where there is none, all tokens were seen.
    Approval {
        Yes = "yes",
        No = "no",
    }
}

values! {
    /// What the `switch:` line of the flow's file says; always on where it says `none`.
    Switch {
        On = "on",
        Off = "off",
    }
}

values! {
    /// A column of the tables.
    Column {
        Refresh = "refresh",
        Permitted = "permitted",
        Assigned = "assigned",
        User = "user",
        Approval = "approval",
        Switch = "switch",
    }
}

impl Column {
    /// All values, as words.
    pub(super) const fn values(self) -> &'static [&'static str] {
        match self {
            Self::Refresh => Refresh::WORDS,
            Self::Permitted => Permitted::WORDS,
            Self::Assigned => Assigned::WORDS,
            Self::User => User::WORDS,
            Self::Approval => Approval::WORDS,
            Self::Switch => Switch::WORDS,
        }
    }
}

/// What a row of a table is about. The rest of the app, the user and the org stands in nobody's way (`tests/data/preflight/README.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Combination {
    pub(crate) flow: Flow,
    pub(crate) refresh: Refresh,
    pub(crate) permitted: Permitted,
    pub(crate) assigned: Assigned,
    pub(crate) user: User,
    pub(crate) approval: Approval,
    pub(crate) switch: Switch,
}

impl Combination {
    /// The product of all columns.
    pub(super) fn all(flow: Flow, switches: &[Switch]) -> Vec<Self> {
        let mut all = Vec::new();
        for &refresh in Refresh::ALL {
            for &permitted in Permitted::ALL {
                for &assigned in Assigned::ALL {
                    for &user in User::ALL {
                        for &approval in Approval::ALL {
                            let of_switch = |&switch| Self { flow, refresh, permitted, assigned, user, approval, switch };
                            all.extend(switches.iter().map(of_switch));
                        }
                    }
                }
            }
        }
        all
    }

    /// The value in a column, as a word.
    pub(super) const fn word(self, column: Column) -> &'static str {
        match column {
            Column::Refresh => self.refresh.word(),
            Column::Permitted => self.permitted.word(),
            Column::Assigned => self.assigned.word(),
            Column::User => self.user.word(),
            Column::Approval => self.approval.word(),
            Column::Switch => self.switch.word(),
        }
    }
}

/// `jwt-bearer refresh=yes permitted=admin …`, for the messages of failing tests.
impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.flow.as_str())?;
        Column::ALL.iter().try_for_each(|column| write!(f, " {}={}", column.word(), self.word(*column)))
    }
}
