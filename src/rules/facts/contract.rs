//! An app held against its contract. Where there is no contract nothing is missing and nothing is too much.

use super::declare::{Declared, OfApp, fact, item, known, maybe, words};
use super::flows;
use super::view::AppView;
use crate::inventory::app::Assignment;
use crate::inventory::app::Resolution;
use crate::inventory::contract::{Criticality, Expected, Located, ScopeExpectation};
use crate::inventory::expectation;
use crate::inventory::flow::Flow;
use crate::inventory::profile::standard;
use crate::inventory::{Fact, Origin};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// The app held against its contract.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact("contract.declared", Type::Bool, "Whether the policy has a contract for the app.", |s| known(s.contract.is_some())),
    fact("contract.required", Type::Bool, "Whether the policy wants a contract for every app (`unlisted-apps: report`).", |s| {
        known(s.contract_required)
    }),
    fact(
        "contract.absent",
        Type::Bool,
        "Whether the contract says that the app must not be there (`expect: absent`).",
        |s| match s.contract.and_then(|contract| contract.absent.as_ref()) {
            Some(place) => Fact::read(true.into(), Origin::Stated(place.clone())),
            None => known(false),
        },
    ),
    fact("contract.owner", Type::Text, "Who answers for the app by its contract; empty where it does not say.", |s| {
        known(s.contract.map_or("", |contract| contract.governance.owner.as_str()))
    }),
    maybe(
        "contract.criticality",
        Type::Choice(Criticality::WORDS),
        "How much depends on the app by its contract; absent where it does not say.",
        |s| known(s.contract.and_then(|contract| contract.governance.criticality).map(Criticality::as_str)),
    ),
    fact("contract.vendor", Type::Text, "Who makes the app by its contract; empty where it does not say.", |s| {
        known(s.contract.map_or("", |contract| contract.governance.vendor.as_str()))
    }),
    fact("contract.permitted_users_broken", Type::Bool, "The contract states Permitted Users and the app's differ.", |s| {
        permitted_users_broken(s)
    }),
    fact("contract.scopes.missing", Type::Scopes, "Required by the contract, not on the app.", scopes_missing),
    fact("contract.scopes.forbidden", Type::Scopes, "Forbidden by the contract, on the app.", scopes_forbidden),
    fact(
        "contract.scopes.surplus",
        Type::Scopes,
        "On the app, and neither allowed nor required by the contract that lists what is allowed.",
        scopes_surplus,
    ),
    fact("contract.scopes.agreed", Type::Scopes, "On the app, and required or allowed by the contract.", scopes_agreed),
    fact("contract.profiles.named", Type::Texts, "In the contract, assigned or not.", |s| {
        named(s.contract.and_then(|contract| contract.profiles.as_ref()))
    }),
    fact("contract.profiles.missing", Type::Texts, "In the contract, not assigned.", |s| {
        assignments_missing(s.contract.and_then(|contract| contract.profiles.as_ref()), &s.app.access.profiles)
    }),
    fact("contract.profiles.surplus", Type::Texts, "Assigned, not in the contract's exact list.", |s| {
        assignments_surplus(s.contract.and_then(|contract| contract.profiles.as_ref()), &s.app.access.profiles)
    }),
    fact("contract.permission_sets.named", Type::Texts, "In the contract, assigned or not.", |s| {
        named(s.contract.and_then(|contract| contract.permission_sets.as_ref()))
    }),
    fact("contract.permission_sets.missing", Type::Texts, "In the contract, not assigned.", |s| {
        assignments_missing(s.contract.and_then(|contract| contract.permission_sets.as_ref()), &s.app.access.permission_sets)
    }),
    fact("contract.permission_sets.surplus", Type::Texts, "Assigned, not in the contract's exact list.", |s| {
        assignments_surplus(s.contract.and_then(|contract| contract.permission_sets.as_ref()), &s.app.access.permission_sets)
    }),
    fact(
        "contract.flows.unavailable",
        Type::Choices(Flow::WORDS),
        "Declared by the contract, but the app has no certificate or its switch is off.",
        flows_unavailable,
    ),
    fact(
        "contract.flows.surplus",
        Type::Choices(Flow::WORDS),
        "Enabled by a certificate or a switch, not declared by the contract.",
        flows_surplus,
    ),
];

fn permitted_users_broken(s: &AppView<'_>) -> FactValue {
    match s.contract.and_then(|contract| contract.permitted_users.as_ref()) {
        None => known(false),
        Some(expected) => {
            let mut broken = s.app.access.permitted_users.map(|users| (*users != expected.value).into());
            broken.origins.push(Origin::Stated(expected.location.clone()));
            broken
        }
    }
}

fn scopes_missing(s: &AppView<'_>) -> FactValue {
    scopes(s, |expected| !expected.require.is_empty(), |difference, _| located(&difference.missing))
}

fn scopes_forbidden(s: &AppView<'_>) -> FactValue {
    scopes(s, |expected| !expected.forbid.is_empty(), |difference, items| chosen(items, &difference.forbidden))
}

fn scopes_agreed(s: &AppView<'_>) -> FactValue {
    let agrees = |expected: &ScopeExpectation| !expected.require.is_empty() || expected.allow.is_some();
    scopes(s, agrees, |difference, items| chosen(items, &difference.agreed))
}

fn scopes_surplus(s: &AppView<'_>) -> FactValue {
    scopes(s, |expected| expected.allow.is_some(), |difference, items| chosen(items, &difference.surplus))
}

/// One kind of difference. Where the contract does not say what would make one, there is none, whatever the app's scopes are.
fn scopes(
    s: &AppView<'_>,
    is_expected: impl FnOnce(&ScopeExpectation) -> bool,
    pick: impl FnOnce(&expectation::ScopeDifference, &[Item]) -> Vec<Item>,
) -> FactValue {
    let Some(contract) = s.contract.filter(|contract| is_expected(&contract.scopes)) else { return nothing() };
    s.app.oauth.scopes.map(|present| {
        let names: Vec<&str> = present.iter().map(|scope| scope.name.as_str()).collect();
        let items: Vec<Item> = present.iter().map(|scope| item(&scope.name, &scope.origin)).collect();
        Value::List(pick(&expectation::scopes(&contract.scopes, &names), &items))
    })
}

fn named(expected: Option<&Located<Expected>>) -> FactValue {
    known(Value::List(expected.map(|expected| located(expected.value.names())).unwrap_or_default()))
}

fn assignments_missing(expected: Option<&Located<Expected>>, assigned: &Fact<Vec<Assignment>>) -> FactValue {
    let Some(expected) = expected.filter(|expected| !expected.value.names().is_empty()) else { return nothing() };
    assigned.map(|all| Value::List(located(&expectation::assignments(&expected.value, &names(all)).missing)))
}

fn assignments_surplus(expected: Option<&Located<Expected>>, assigned: &Fact<Vec<Assignment>>) -> FactValue {
    let Some(expected) = expected.filter(|expected| matches!(expected.value, Expected::Exactly(_))) else { return nothing() };
    assigned.map(|all| {
        let items: Vec<Item> = all.iter().map(|entry| item(&entry.name, &entry.origin)).collect();
        Value::List(chosen(&items, &expectation::assignments(&expected.value, &names(all)).surplus))
    })
}

/// All names an assignment goes by: as written, its full name, and for Salesforce's own profiles their names in every language.
fn names(assigned: &[Assignment]) -> Vec<Vec<String>> {
    let of = |entry: &Assignment| {
        let mut names = vec![entry.name.clone()];
        if let Resolution::Found { full_name, label } = &entry.resolution {
            names.push(full_name.clone());
            names.extend(label.clone());
            if let Some(profile) = standard(full_name) {
                names.extend(profile.labels.iter().map(|label| (*label).to_owned()));
            }
        }
        names
    };
    assigned.iter().map(of).collect()
}

fn flows_unavailable(s: &AppView<'_>) -> FactValue {
    let Some(declared) = flows::declared(s) else { return nothing() };
    let enabled = s.app.flows.enabled();
    enabled.map(|enabled| {
        let difference = expectation::flows(&declared.value, enabled);
        Value::List(
            difference.unavailable.iter().map(|flow| item(flow.value.as_str(), &Origin::Stated(flow.location.clone()))).collect(),
        )
    })
}

fn flows_surplus(s: &AppView<'_>) -> FactValue {
    let Some(declared) = flows::declared(s) else { return nothing() };
    let enabled = s.app.flows.enabled();
    let surplus: Fact<Vec<Flow>> = enabled.map(|enabled| expectation::flows(&declared.value, enabled).surplus);
    let mut surplus = words(&surplus);
    surplus.origins.push(Origin::Stated(declared.location.clone()));
    surplus
}

fn nothing() -> FactValue {
    known(Value::List(Vec::new()))
}

fn located(names: &[Located<String>]) -> Vec<Item> {
    names.iter().map(|name| item(&name.value, &Origin::Stated(name.location.clone()))).collect()
}

fn chosen(items: &[Item], indices: &[usize]) -> Vec<Item> {
    indices.iter().filter_map(|index| items.get(*index).cloned()).collect()
}
