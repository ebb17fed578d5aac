//! The users of a contract, and what would come of their requests for a token.

use super::declare::{Declared, OfApp, fact, item, known, object};
use super::view::AppView;
use crate::access::contract::{Outcome, Refusal, Use};
use crate::access::errors::Confidence;
use crate::inventory::{Fact, Origin, Reason};
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Item, Value};

/// The users of the app's contract.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact("contract.users.named", Type::Texts, "Users who must be able to use the app, by the contract.", named),
    fact(
        "contract.users.refused",
        Type::Objects(REFUSED),
        "Those of them who would be refused a token by a flow of the contract, or by one that a certificate or switch enables where the contract \
         declares none, once for each flow. Of files it is known what would fail for anybody who is assigned; that a user is not assigned, only of \
         an org. Known also where of others it could not be told; unknown where nobody is known to be refused and something could not be told.",
        refused,
    ),
    fact("contract.users.undecided", Type::Texts, "What could not be told of them: user, flow, what and why.", undecided),
];

/// A request that would be refused.
static REFUSED: &[Field] = &[
    Field { name: "user", ty: Type::Text, optional: false, doc: "User name, as the contract has it." },
    Field { name: "flow", ty: Type::Text, optional: false, doc: "The flow, such as `jwt-bearer`." },
    Field {
        name: "error",
        ty: Type::Text,
        optional: false,
        doc: "What Salesforce most likely answers, `error: error_description`; empty where its text was never seen.",
    },
    Field {
        name: "confidence",
        ty: Type::Choice(&["high", "medium", "low"]),
        optional: true,
        doc: "How sure that is; absent where the text was never seen.",
    },
    Field { name: "causes", ty: Type::Text, optional: false, doc: "Ids of the conditions that fail, joined by commas." },
    Field { name: "because", ty: Type::Text, optional: false, doc: "What in the app, the user or the org meets them." },
];

fn named(s: &AppView<'_>) -> FactValue {
    let users = s.contract.iter().flat_map(|contract| &contract.users);
    known(Value::List(users.map(|user| item(&user.value, &Origin::Stated(user.location.clone()))).collect()))
}

fn refused(s: &AppView<'_>) -> FactValue {
    let uses = match s.uses() {
        Ok(uses) => uses,
        Err(reason) => return Fact::unknown(reason.clone()),
    };
    let refused: Vec<Item> = uses
        .iter()
        .filter_map(|it| match &it.outcome {
            Outcome::Refused(refusal) => Some(entry(it, refusal)),
            Outcome::Works | Outcome::CannotTell(_) => None,
        })
        .collect();
    match uses.iter().find_map(open) {
        Some(reason) if refused.is_empty() => Fact::unknown(reason),
        _ => known(Value::List(refused)),
    }
}

fn undecided(s: &AppView<'_>) -> FactValue {
    let texts = |reasons: &mut dyn Iterator<Item = Reason>| reasons.map(|reason| Item::text(reason, None)).collect();
    known(Value::List(match s.uses() {
        Ok(uses) => texts(&mut uses.iter().filter_map(open)),
        Err(reason) => texts(&mut std::iter::once(reason.clone())),
    }))
}

fn open(it: &Use<'_>) -> Option<Reason> {
    match &it.outcome {
        Outcome::CannotTell(reason) => Some(format!("{}, {}: {reason}", it.user.value, it.flow.as_str()).into()),
        Outcome::Works | Outcome::Refused(_) => None,
    }
}

fn entry(it: &Use<'_>, refusal: &Refusal) -> Item {
    let (error, confidence) = match &refusal.answer {
        Some((error, confidence)) => (error.as_str(), Some(Confidence::as_str(*confidence))),
        None => ("", None),
    };
    let fields = vec![
        ("user", it.user.value.as_str().into()),
        ("flow", it.flow.as_str().into()),
        ("error", error.into()),
        ("confidence", confidence.into()),
        ("causes", refusal.causes.join(", ").into()),
        ("because", refusal.because.join(" ").into()),
    ];
    object(fields, &Origin::Stated(it.user.location.clone()))
}
