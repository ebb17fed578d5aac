//! A waiver itself: when it ends, and what there is for it to accept.

use jiff::civil::Date;

use super::declare::{Declared, OfWaiver, fact, known, maybe};
use crate::finding::Severity;
use crate::inventory::waiver::{Status, Waiver};
use crate::inventory::{Fact, Origin};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// A waiver and what came of it in an audit.
#[derive(Clone, Debug)]
pub struct WaiverView<'a> {
    /// The waiver.
    pub waiver: &'a Waiver,
    /// The day of the audit.
    pub today: Date,
    /// The severity of its rule; a switch for everything may have changed it.
    pub severity: Severity,
    /// Whether it is about every app, whatever its name.
    pub every_app: bool,
    /// Number of findings it is about.
    pub findings: usize,
    /// Whether there is nothing for it to accept; none where the audit cannot be expected to have it.
    pub unused: Fact<Option<bool>>,
}

/// A waiver.
pub(super) static FACTS: &[Declared<OfWaiver>] = &[
    fact("waiver.rule", Type::Text, "The id of the waived rule.", |s| at_rule(s, s.waiver.rule.value.as_str())),
    fact(
        "waiver.about",
        Type::Text,
        "The app, or other subject, or the glob that it names; empty where it is about everything the rule is about.",
        |s| match &s.waiver.about {
            Some(about) => Fact::read(about.value.as_str().into(), Origin::Stated(about.location.clone())),
            None => known(""),
        },
    ),
    fact("waiver.name", Type::Text, "The rule, what it is about and the accepted values, as the report names the waiver.", |s| {
        at_rule(s, s.waiver.name())
    }),
    fact(
        "waiver.severity",
        Type::Choice(&["critical", "high", "medium", "low", "info"]),
        "Severity of the waived rule, after the switches for everything.",
        |s| at_rule(s, s.severity.as_str()),
    ),
    fact("waiver.every_app", Type::Bool, "Whether it is about every app, whatever its name (`app: \"*\"`).", |s| {
        let place = s.waiver.about.as_ref().unwrap_or(&s.waiver.rule);
        Fact::read(s.every_app.into(), Origin::Stated(place.location.clone()))
    }),
    fact("waiver.evidence", Type::Texts, "The values it accepts; empty where it accepts all.", |s| {
        known(Value::List(s.waiver.evidence.iter().map(|value| Item::text(value.as_str(), None)).collect()))
    }),
    fact("waiver.inline", Type::Bool, "Whether it stands in a comment of a metadata file and is about one element alone.", |s| {
        known(s.waiver.beside.is_some())
    }),
    fact("waiver.reason", Type::Text, "Why.", |s| known(s.waiver.reason.as_str())),
    fact("waiver.owner", Type::Text, "Who answers for it.", |s| known(s.waiver.owner.as_str())),
    fact("waiver.ticket", Type::Text, "Where it is discussed; empty for nowhere.", |s| known(s.waiver.ticket.as_str())),
    fact("waiver.status", Type::Choice(Status::WORDS), "What is going to become of the finding.", |s| {
        known(s.waiver.status.as_str())
    }),
    maybe("waiver.expires", Type::Text, "Its last day, `YYYY-MM-DD`; absent where it does not end.", |s| {
        at_end(s, s.waiver.expires.as_ref().map(|expires| expires.value.to_string()).into())
    }),
    maybe(
        "waiver.days_left",
        Type::Int,
        "Days left after the audit's day, 0 on its last one, negative when it has expired; absent where it does not end.",
        |s| at_end(s, s.waiver.days_left(s.today).into()),
    ),
    fact("waiver.expired", Type::Bool, "Whether its last day is over: then it accepts nothing.", |s| {
        at_end(s, s.waiver.expired(s.today).into())
    }),
    fact(
        "waiver.findings",
        Type::Int,
        "Number of findings of the audit that it is about, also where it has expired or another waiver comes first.",
        |s| at_rule(s, i64::try_from(s.findings).unwrap_or(i64::MAX)),
    ),
    maybe(
        "waiver.unused",
        Type::Bool,
        "Whether it is about no finding of the audit. Absent where only a part of what the policy is about is audited, and where the rule is not for such sources; unknown where the rule could not be decided on something the waiver is about.",
        |s| {
            let unused = s.unused.map(|unused| (*unused).into());
            unused.with_origins(vec![Origin::Stated(s.waiver.rule.location.clone())])
        },
    ),
];

fn at_rule(s: &WaiverView<'_>, value: impl Into<Value>) -> FactValue {
    Fact::read(value.into(), Origin::Stated(s.waiver.rule.location.clone()))
}

fn at_end(s: &WaiverView<'_>, value: Value) -> FactValue {
    match &s.waiver.expires {
        Some(expires) => Fact::read(value, Origin::Stated(expires.location.clone())),
        None => known(value),
    }
}
