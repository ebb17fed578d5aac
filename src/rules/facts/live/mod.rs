//! What only a live org knows: who can use an app and who does, and what the org lets its users do.
//!
//! An answer can be short. Lists here come in two kinds. Of a list whose every element is a fault one element is worth saying, so it is
//! known when it holds something ([`View::found`]); of a list that rules pick from, an element that was not seen could be the one that
//! matters, so it is known only when it is whole ([`View::whole`]).

mod access;
mod days;
mod org;
mod people;
mod run_as;
mod tokens;
mod view;

use super::declare::Declared;
pub(super) use view::{Live, View};

use crate::rules::value::{FactSet, FactValue};

/// Reads a fact about an app of an org.
pub(super) type OfAppOfOrg = fn(&View<'_>) -> FactValue;
/// Reads a fact about an org.
pub(super) type OfLiveOrg = fn(&Live<'_>) -> FactValue;

/// The tables of facts about an app of an org, in the order they are documented.
pub(super) static OF_APP: [&[Declared<OfAppOfOrg>]; 3] = [access::FACTS, run_as::FACTS, tokens::FACTS];

/// The tables of facts about a live org, in the order they are documented.
pub(super) static OF_ORG: [&[Declared<OfLiveOrg>]; 2] = [org::FACTS, people::FACTS];

/// Adds the facts about an app that only its org knows.
pub(super) fn add_app(facts: &mut FactSet, view: &View<'_>) {
    for declared in OF_APP.iter().flat_map(|table| table.iter()) {
        facts.insert(declared.fact.path, (declared.read)(view));
    }
}
