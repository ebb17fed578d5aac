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
mod index;
mod limits;
mod live;
mod oauth;
mod objects;
mod org;
mod view;
mod waiver;

use self::declare::{Declared, OfApp, OfOrg};
pub use self::index::{FactId, find, is_group};
use self::view::{AppView, OrgView};
pub use self::view::{Context, PatternView};
pub use self::waiver::WaiverView;
use super::schema::FactType;
use super::value::FactSet;
use crate::inventory::OrphanPart;
use crate::inventory::app::App;
use crate::inventory::contract::Expectations;
use crate::inventory::settings::OrgSettings;

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

/// Every fact there is, in the order they are documented.
pub fn types() -> impl Iterator<Item = &'static FactType> {
    let of_app = OF_APP.iter().flat_map(|table| table.iter().map(|declared| &declared.fact));
    let of_app_of_org = live::OF_APP.iter().flat_map(|table| table.iter().map(|declared| &declared.fact));
    let of_org = org::ORG.iter().map(|declared| &declared.fact);
    let of_live_org = live::OF_ORG.iter().map(|declared| &declared.fact);
    let of_part = org::PART.iter().map(|declared| &declared.fact);
    let of_pattern = org::PATTERN.iter().map(|declared| &declared.fact);
    let of_waiver = waiver::FACTS.iter().map(|declared| &declared.fact);
    of_app.chain(of_app_of_org).chain(of_org).chain(of_live_org).chain(of_part).chain(of_pattern).chain(of_waiver)
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
    add_org(&mut facts, context.inventory.settings_of(app), app.source, context);
    facts
}

/// The facts about a live org or the settings of a folder: `org.*`.
#[must_use]
pub fn of_org(settings: &OrgSettings, context: &Context<'_>) -> FactSet {
    let mut facts = FactSet::default();
    add_org(&mut facts, Some(settings), settings.source, context);
    facts
}

/// The facts about a live org of which no settings were read: `org.*`.
#[must_use]
pub fn of_live_org(source: usize, context: &Context<'_>) -> FactSet {
    let mut facts = FactSet::default();
    add_org(&mut facts, None, source, context);
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

fn add_org(facts: &mut FactSet, settings: Option<&OrgSettings>, source: usize, context: &Context<'_>) {
    let view = OrgView { settings, root: name_of(source, context), live: context.live(source).is_some() };
    for declared in org::ORG {
        let read: OfOrg = declared.read;
        facts.insert(declared.fact.path, read(&view));
    }
    for (path, fact) in context.live(source).into_iter().flat_map(live::Live::facts) {
        facts.insert(path, fact);
    }
}

fn name_of<'a>(source: usize, context: &Context<'a>) -> &'a str {
    context.inventory.sources.get(source).map_or("", |source| &source.name)
}
