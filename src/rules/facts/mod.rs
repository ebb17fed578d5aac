//! The facts: from an inventory to what conditions see.
//!
//! Each fact is declared once, in a table of this folder: its path, type and meaning beside the function that reads it.

mod access;
mod app;
mod blast_radius;
mod contract;
mod contract_limits;
mod contract_users;
mod declare;
mod flows;
mod holders;
mod index;
mod limits;
mod live;
mod login_ranges;
mod oauth;
mod objects;
mod org;
mod org_view;
mod view;
mod waiver;

use self::declare::{Declared, OfApp, OfOrg};
pub use self::index::{FactId, find, is_group};
use self::org_view::OrgView;
use self::view::AppView;
pub use self::view::{Context, PatternView};
pub use self::waiver::WaiverView;
use super::schema::FactType;
use super::value::{FactSet, FactValue};
use crate::inventory::OrphanPart;
use crate::inventory::app::App;
use crate::inventory::contract::Expectations;
use crate::inventory::key_file::KeyFile;

/// The tables of facts about an app, in the order they are documented.
static OF_APP: [&[Declared<OfApp>]; 8] = [
    app::FACTS,
    oauth::FACTS,
    access::FACTS,
    blast_radius::FACTS,
    limits::FACTS,
    contract::FACTS,
    contract_limits::FACTS,
    contract_users::FACTS,
];

/// The tables of facts about an org that files can tell, too, in the order they are documented.
static OF_ORG: [&[Declared<OfOrg>]; 3] = [org::ORG, holders::FACTS, login_ranges::FACTS];

/// Every fact there is, in the order they are documented.
pub fn types() -> impl Iterator<Item = &'static FactType> {
    let of_app = OF_APP.iter().flat_map(|table| table.iter().map(|declared| &declared.fact));
    let of_app_of_org = live::OF_APP.iter().flat_map(|table| table.iter().map(|declared| &declared.fact));
    let of_org = OF_ORG.iter().flat_map(|table| table.iter().map(|declared| &declared.fact));
    let of_live_org = live::OF_ORG.iter().flat_map(|table| table.iter().map(|declared| &declared.fact));
    let of_part = org::PART.iter().map(|declared| &declared.fact);
    let of_key_file = org::KEY_FILE.iter().map(|declared| &declared.fact);
    let of_pattern = org::PATTERN.iter().map(|declared| &declared.fact);
    let of_waiver = waiver::FACTS.iter().map(|declared| &declared.fact);
    of_app
        .chain(of_app_of_org)
        .chain(of_org)
        .chain(of_live_org)
        .chain(of_part)
        .chain(of_key_file)
        .chain(of_pattern)
        .chain(of_waiver)
}

/// The facts about an app: `app.*`, its org or the settings of its tree as `org.*`, its contract as `contract.*`.
///
/// What only live orgs know is not among the facts about an app of a tree; no rule that reads it is asked about one.
#[must_use]
pub fn of_app<'a>(app: &'a App, expectations: Expectations<'a>, context: &'a Context<'a>) -> FactSet {
    let view = AppView::new(app, expectations, context);
    let mut facts = FactSet::default();
    for declared in OF_APP.iter().flat_map(|table| table.iter()) {
        facts.insert(declared.fact.path, (declared.read)(&view));
    }
    if let Some(live) = context.live(app.source) {
        live::add_app(&mut facts, &live::View::new(app, live));
    }
    match context.inventory.settings_near(app.source, app.location.path()) {
        Some(settings) => add(&mut facts, context.facts_of_settings(settings)),
        None => add(&mut facts, context.facts_of_source(app.source)),
    }
    facts
}

/// The facts about a live org or a folder of settings, by the index of these settings in the inventory: `org.*`.
#[must_use]
pub fn of_settings(settings: usize, context: &Context<'_>) -> FactSet {
    let mut facts = FactSet::default();
    add(&mut facts, context.facts_of_settings(settings));
    facts
}

/// The facts about a source, a live org or a tree, of which no settings were read: `org.*`.
#[must_use]
pub fn of_source(source: usize, context: &Context<'_>) -> FactSet {
    let mut facts = FactSet::default();
    add(&mut facts, context.facts_of_source(source));
    facts
}

/// The facts about a part of an External Client App without a header: `part.*`.
#[must_use]
pub fn of_part(part: &OrphanPart) -> FactSet {
    let mut facts = FactSet::default();
    for declared in org::PART {
        facts.insert(declared.fact.path, (declared.read)(part));
    }
    facts
}

/// The facts about a file that can hold a private key: `key.*`.
#[must_use]
pub fn of_key_file(file: &KeyFile) -> FactSet {
    let mut facts = FactSet::default();
    for declared in org::KEY_FILE {
        facts.insert(declared.fact.path, (declared.read)(file));
    }
    facts
}

/// The facts about a contract itself: `pattern.*`.
#[must_use]
pub fn of_contract(view: &PatternView<'_>) -> FactSet {
    let mut facts = FactSet::default();
    for declared in org::PATTERN {
        facts.insert(declared.fact.path, (declared.read)(view));
    }
    facts
}

/// The facts about a waiver itself: `waiver.*`.
#[must_use]
pub fn of_waiver(view: &WaiverView<'_>) -> FactSet {
    let mut facts = FactSet::default();
    for declared in waiver::FACTS {
        facts.insert(declared.fact.path, (declared.read)(view));
    }
    facts
}

fn add(facts: &mut FactSet, more: impl Iterator<Item = (&'static str, FactValue)>) {
    for (path, fact) in more {
        facts.insert(path, fact);
    }
}

/// What every org is asked, live or of files.
fn of_org_view<'v>(view: &'v OrgView<'_>) -> impl Iterator<Item = (&'static str, FactValue)> + use<'v> {
    OF_ORG.iter().flat_map(|table| table.iter()).map(move |declared| (declared.fact.path, (declared.read)(view)))
}
