//! An External Client App of an org, of which a deployment brings some parts.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::{Half, both};
use crate::inventory::app::{App, FlowSwitches, Network, OAuth, PartKind, Tokens};
use crate::inventory::oauth::SessionAction;
use crate::inventory::{Fact, Origin, Reason};
use crate::source::Location;

/// The app with the parts that the deployment has, and those of the org that it has not.
pub(super) fn merged(earlier: &App, deployed: &App, has_header: bool) -> App {
    let merge = Merge { earlier, replaced: replaced(earlier, deployed, has_header), deployed };
    let oauth_policies = merge.by(PartKind::OauthPolicies);
    let header = if has_header { deployed } else { earlier };
    App {
        kind: deployed.kind,
        name: deployed.name.clone(),
        location: deployed.location.clone(),
        source: earlier.source,
        path_in_source: deployed.path_in_source.clone(),
        in_package_directory: deployed.in_package_directory,
        parts: merge.parts(),
        label: header.label.clone(),
        description: header.description.clone(),
        contact_email: header.contact_email.clone(),
        enabled: merge.enabled(),
        handler: oauth_policies.handler.clone(),
        handler_user: oauth_policies.handler_user.clone(),
        urls: merge.joined(
            &[PartKind::OauthSettings, PartKind::OauthPolicies, PartKind::Policies],
            |app| &app.urls,
            |(_, origin)| origin,
        ),
        saml: merge.by(PartKind::SamlPolicies).saml.clone(),
        oauth: merge.oauth(),
        flows: merge.flows(),
        access: oauth_policies.access.clone(),
        tokens: merge.tokens(),
        session: oauth_policies.session.clone(),
        network: Network {
            ip_relaxation: oauth_policies.network.ip_relaxation.clone(),
            ip_relaxation_text: oauth_policies.network.ip_relaxation_text.clone(),
            ip_ranges: merge.joined(
                &[PartKind::OauthSettings, PartKind::OauthSecuritySettings],
                |app| &app.network.ip_ranges,
                |(_, origin)| origin,
            ),
        },
        certificates: merge.joined(
            &[PartKind::GlobalOauthSettings, PartKind::SamlPolicies],
            |app| &app.certificates,
            |certificate| &certificate.origin,
        ),
        in_org: None,
        elements: merge.elements(has_header),
    }
}

/// The files of the org that the deployment replaces, by path.
fn replaced(earlier: &App, deployed: &App, has_header: bool) -> BTreeSet<String> {
    let parts = earlier.parts.iter().filter(|(part, _)| deployed.parts.contains_key(part)).flat_map(|(_, places)| places);
    let header = has_header.then_some(&earlier.location);
    parts.chain(header).map(|place| place.path().to_string()).collect()
}

struct Merge<'a> {
    earlier: &'a App,
    deployed: &'a App,
    replaced: BTreeSet<String>,
}

impl<'a> Merge<'a> {
    /// The side whose part is the one in force.
    fn by(&self, part: PartKind) -> &'a App {
        if self.deployed.parts.contains_key(&part) { self.deployed } else { self.earlier }
    }

    fn parts(&self) -> BTreeMap<PartKind, Vec<Location>> {
        let mut parts = self.earlier.parts.clone();
        parts.extend(self.deployed.parts.clone());
        parts
    }

    /// What stands in these parts of both sides together.
    fn joined<T: Clone>(
        &self,
        of: &[PartKind],
        list: impl Fn(&App) -> &Fact<Vec<T>>,
        origin: impl Fn(&T) -> &Origin,
    ) -> Fact<Vec<T>> {
        let stays = |origin: &Origin| !self.replaced.contains(&**origin.location().path());
        let (old, new) = (list(self.earlier), list(self.deployed));
        let mut origins: Vec<Origin> = old.origins.iter().filter(|origin| stays(origin)).cloned().collect();
        origins.extend(new.origins.iter().cloned());
        let brings_some = of.iter().any(|part| self.deployed.parts.contains_key(part));
        let state = match (&old.state, &new.state) {
            (Ok(old), Ok(new)) => Ok(old.iter().filter(|item| stays(origin(item))).chain(new).cloned().collect()),
            // A part that the deployment does not have is told by the org.
            (Ok(old), Err(_)) if !brings_some => Ok(old.iter().filter(|item| stays(origin(item))).cloned().collect()),
            (_, Err(reason)) | (Err(reason), _) => Err(reason.clone()),
        };
        Fact { state, origins }
    }

    /// The app and its OAuth plug-in are on unless a policy says otherwise.
    fn enabled(&self) -> Fact<bool> {
        let plugins = self.by(PartKind::Policies);
        let switch =
            |element| Half { part: PartKind::Policies, element, default: Some(true) }.of(plugins, &plugins.enabled, |on| *on);
        let on = both(
            &switch("ExtlClntAppConfigurablePolicies/isEnabled"),
            &switch("ExtlClntAppConfigurablePolicies/isOauthPluginEnabled"),
        );
        let action = &self.by(PartKind::OauthPolicies).session.action.state;
        let unblocked = action.as_ref().map(|action| Some(*action != SessionAction::Block)).map_err(Reason::clone);
        self.fact(both(&on, &unblocked), |app| &app.enabled).map(|on| *on == Some(true))
    }

    /// A fact of two parts, with the places of both sides.
    fn fact<T>(&self, state: Result<Option<bool>, Reason>, of: impl Fn(&App) -> &Fact<T>) -> Fact<Option<bool>> {
        let stays = |origin: &&Origin| !self.replaced.contains(&**origin.location().path());
        let old = of(self.earlier).origins.iter().filter(stays);
        Fact { state, origins: of(self.deployed).origins.iter().chain(old).cloned().collect() }
    }

    fn oauth(&self) -> OAuth {
        let (settings, global) = (self.by(PartKind::OauthSettings), self.by(PartKind::GlobalOauthSettings));
        let brings_oauth = [PartKind::OauthSettings, PartKind::GlobalOauthSettings, PartKind::OauthPolicies]
            .iter()
            .any(|part| self.deployed.parts.contains_key(part));
        let key = &self.earlier.oauth.consumer_key;
        OAuth {
            configured: if brings_oauth { &self.deployed.oauth.configured } else { &self.earlier.oauth.configured }.clone(),
            scopes: settings.oauth.scopes.clone(),
            custom_scopes: settings.oauth.custom_scopes.clone(),
            consumer_secret: global.oauth.consumer_secret.clone(),
            // A file without a key leaves the app the one it has.
            consumer_key: if key.value().is_some_and(Option::is_some) { key.clone() } else { global.oauth.consumer_key.clone() },
            callbacks: global.oauth.callbacks.clone(),
        }
    }

    fn flows(&self) -> FlowSwitches {
        let (global, policies) = (self.by(PartKind::GlobalOauthSettings), self.by(PartKind::OauthPolicies));
        let in_global = |element, default| Half { part: PartKind::GlobalOauthSettings, element, default };
        let in_policies = |element, default| Half { part: PartKind::OauthPolicies, element, default };
        let client_credentials = both(
            &in_global("ExtlClntAppGlobalOauthSettings/isClientCredentialsFlowEnabled", Some(false)).of(
                global,
                &global.flows.client_credentials,
                |on| *on,
            ),
            &in_policies("ExtlClntAppOauthConfigurablePolicies/isClientCredentialsFlowEnabled", Some(false)).of(
                policies,
                &policies.flows.client_credentials,
                |on| *on,
            ),
        );
        let is_on = |on: &Option<bool>| *on == Some(true);
        let token_exchange = both(
            &in_global("ExtlClntAppGlobalOauthSettings/isTokenExchangeEnabled", None).of(
                global,
                &global.flows.token_exchange,
                is_on,
            ),
            &in_policies("ExtlClntAppOauthConfigurablePolicies/isTokenExchangeFlowEnabled", None).of(
                policies,
                &policies.flows.token_exchange,
                is_on,
            ),
        );
        FlowSwitches {
            certificate: global.flows.certificate.clone(),
            client_credentials: self.fact(client_credentials, |app| &app.flows.client_credentials).map(|on| *on == Some(true)),
            client_credentials_user: policies.flows.client_credentials_user.clone(),
            device: global.flows.device.clone(),
            token_exchange: self.fact(token_exchange, |app| &app.flows.token_exchange),
            secret_required_for_token_exchange: global.flows.secret_required_for_token_exchange.clone(),
            code_credentials: global.flows.code_credentials.clone(),
            code_credentials_post_only: global.flows.code_credentials_post_only.clone(),
            guest_code_credentials: policies.flows.guest_code_credentials.clone(),
            asset_token: global.flows.asset_token.clone(),
        }
    }

    fn tokens(&self) -> Tokens {
        let (global, policies) = (self.by(PartKind::GlobalOauthSettings), self.by(PartKind::OauthPolicies));
        Tokens {
            refresh_policy: policies.tokens.refresh_policy.clone(),
            jwt_timeout_minutes: policies.tokens.jwt_timeout_minutes.clone(),
            // No setting, but what is done when the file is deployed.
            rotates_credentials_on_deploy: if self.deployed.parts.contains_key(&PartKind::GlobalOauthSettings) {
                self.deployed.tokens.rotates_credentials_on_deploy.clone()
            } else {
                Fact::known(Vec::new())
            },
            ..global.tokens.clone()
        }
    }

    fn elements(&self, has_header: bool) -> Vec<(String, String)> {
        let types: BTreeSet<&str> = self.deployed.elements.iter().filter_map(|(path, _)| path.split('/').next()).collect();
        let is_replaced = |path: &str| {
            let ty = path.split('/').next().unwrap_or_default();
            types.contains(ty) || has_header && ty == "ExternalClientApplication"
        };
        let stay = self.earlier.elements.iter().filter(|(path, _)| !is_replaced(path)).cloned();
        stay.chain(self.deployed.elements.iter().cloned()).collect()
    }
}
