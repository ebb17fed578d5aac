//! Facts that several switches of an External Client App make, in parts that are written and deployed each by itself: held switch by switch, so
//! that the one says something without the other, and none hides behind another that is off.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::side::{FactSide, Written};
use crate::inventory::app::{App, AppKind};
use crate::inventory::part::{PartKind, Switch};
use crate::inventory::{Fact, Origin};

/// A switch of a fact.
pub(super) struct OfFact {
    /// The fact.
    pub(super) path: &'static str,
    pub(super) switch: Switch<'static>,
    /// What all switches of the fact come to.
    together: fn(&App) -> Fact<bool>,
}

const fn switch(
    path: &'static str,
    part: PartKind,
    element: &'static str,
    default: Option<bool>,
    together: fn(&App) -> Fact<bool>,
) -> OfFact {
    OfFact { path, switch: Switch { part, element, default }, together }
}

/// Metadata API Developer Guide, the `ExtlClntApp…` types.
static SWITCHES: [OfFact; 6] = [
    switch("app.enabled", PartKind::Policies, "ExtlClntAppConfigurablePolicies/isEnabled", Some(true), enabled),
    switch("app.enabled", PartKind::Policies, "ExtlClntAppConfigurablePolicies/isOauthPluginEnabled", Some(true), enabled),
    switch(
        "app.flows.client_credentials",
        PartKind::GlobalOauthSettings,
        "ExtlClntAppGlobalOauthSettings/isClientCredentialsFlowEnabled",
        Some(false),
        client_credentials,
    ),
    switch(
        "app.flows.client_credentials",
        PartKind::OauthPolicies,
        "ExtlClntAppOauthConfigurablePolicies/isClientCredentialsFlowEnabled",
        Some(false),
        client_credentials,
    ),
    switch(
        "app.flows.token_exchange",
        PartKind::GlobalOauthSettings,
        "ExtlClntAppGlobalOauthSettings/isTokenExchangeEnabled",
        None,
        token_exchange,
    ),
    switch(
        "app.flows.token_exchange",
        PartKind::OauthPolicies,
        "ExtlClntAppOauthConfigurablePolicies/isTokenExchangeFlowEnabled",
        None,
        token_exchange,
    ),
];

fn enabled(app: &App) -> Fact<bool> {
    app.enabled.clone()
}

fn client_credentials(app: &App) -> Fact<bool> {
    app.flows.client_credentials.clone()
}

fn token_exchange(app: &App) -> Fact<bool> {
    app.flows.token_exchange.map(|on| *on == Some(true))
}

impl OfFact {
    /// Where files state the switch; where its part begins, if the fact, which others decide too, does not tell.
    pub(super) fn place(&self, app: &App) -> Option<Origin> {
        let part = app.parts.get(&self.switch.part)?.first()?;
        let tag = format!("<{}>", self.switch.element.rsplit('/').next().unwrap_or_default());
        let is_it = |origin: &Origin| {
            let place = origin.location();
            let before = place.text().and_then(|text| text.text().get(..place.span().start));
            origin.is_stated() && place.path() == part.path() && before.is_some_and(|before| before.trim_end().ends_with(&tag))
        };
        let stated = (self.together)(app).origins.into_iter().find(is_it);
        stated.or_else(|| Some(Origin::Stated(part.clone())))
    }

    /// What an org has: a switch, null where none is stated, or why that is not known.
    pub(super) fn in_org(&self, app: &App) -> FactSide {
        self.switch.of(app, &(self.together)(app), |on| *on).map(|on| on.map_or(Json::Null, Json::from))
    }
}

/// The switches of an app's facts; none of a connected app, whose facts are elements of one file.
pub(super) fn of(kind: AppKind) -> &'static [OfFact] {
    if kind == AppKind::ExternalClientApp { &SWITCHES } else { &[] }
}

/// Whether a fact of an app is made of switches.
pub(super) fn make(kind: &str, path: &str) -> bool {
    kind == AppKind::ExternalClientApp.as_str() && SWITCHES.iter().any(|it| it.path == path)
}

/// The switches of an app, by element: of an org all of them, of files those in parts that they have.
pub(super) fn side(app: &App) -> BTreeMap<&'static str, (FactSide, Option<Written>)> {
    let in_org = app.in_org.is_some();
    let of_app = |it: &OfFact| {
        if in_org {
            return Some((it.switch.element, (it.in_org(app), None)));
        }
        if !app.parts.contains_key(&it.switch.part) {
            return None;
        }
        let stated = it.switch.stated(app);
        let written = if matches!(stated, Ok(None)) { Written::LeftOut } else { Written::Stated };
        let value = stated.map(|on| on.or(it.switch.default).map_or(Json::Null, Json::from));
        Some((it.switch.element, (value, Some(written))))
    };
    of(app.kind).iter().filter_map(of_app).collect()
}
