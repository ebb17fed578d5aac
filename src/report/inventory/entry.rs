//! One app with its settings, with what of them is a default and what is not known.

use std::collections::BTreeMap;

use super::{Entry, Known};
use crate::inventory::app::{App, CertificateRole, PartKind};
use crate::inventory::blast_radius::BlastLevel;
use crate::inventory::contract::Criticality;
use crate::inventory::{Fact, Origin};

/// Collects what is known while noting what is defaulted and what is unknown.
#[derive(Default)]
struct Notes {
    defaulted: Vec<&'static str>,
    unknown: BTreeMap<&'static str, String>,
}

impl Notes {
    fn take<T, U>(&mut self, key: &'static str, fact: &Fact<T>, read: impl FnOnce(&T) -> U) -> Option<U> {
        match &fact.state {
            Ok(value) => {
                if fact.origins.first().is_some_and(|origin| !origin.is_stated()) {
                    self.defaulted.push(key);
                }
                Some(read(value))
            }
            Err(reason) => {
                self.unknown.insert(key, reason.to_string());
                None
            }
        }
    }

    /// A text or list that is simply not there has no default to speak of.
    fn plain<T, U>(&mut self, key: &'static str, fact: &Fact<T>, read: impl FnOnce(&T) -> U) -> Option<U> {
        let value = self.take(key, fact, read);
        self.defaulted.retain(|noted| *noted != key);
        value
    }
}

pub(super) fn entry(app: &App, known: Known, org: Option<String>) -> Entry {
    let Known { governance, blast_radius: radius } = known;
    let mut notes = Notes::default();
    if let Some(reason) = &radius.unknown {
        notes.unknown.insert("blast_radius", reason.to_string());
    }
    let names = |list: &Vec<(String, Origin)>| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let non_empty = |text: Option<String>| text.filter(|text| !text.is_empty());
    let flows = app.flows.each();
    Entry {
        kind: app.kind.as_str(),
        name: app.name.clone(),
        label: non_empty(notes.plain("label", &app.label, Clone::clone)),
        owner: governance.owner,
        criticality: governance.criticality.map(Criticality::as_str),
        vendor: governance.vendor,
        path: app.location.path().to_string(),
        org,
        installed: app.in_org.as_ref().and_then(|it| notes.plain("installed", &it.installed, |installed| *installed)),
        inspectable: app.in_org.as_ref().map(|it| it.body.value() == Some(&true)),
        namespace: Some(app.namespace().to_owned()).filter(|namespace| !namespace.is_empty()),
        description: non_empty(notes.plain("description", &app.description, Clone::clone)),
        contact_email: non_empty(notes.plain("contact_email", &app.contact_email, Clone::clone)),
        enabled: notes.plain("enabled", &app.enabled, |enabled| *enabled),
        in_package_directory: app.in_package_directory,
        oauth: notes.plain("oauth", &app.oauth.configured, |configured| *configured),
        saml: notes.plain("saml", &app.saml.configured, |configured| *configured),
        scopes: notes.plain("scopes", &app.oauth.scopes, |scopes| unique(scopes.iter().map(|scope| scope.name.clone()))),
        custom_scopes: notes.plain("custom_scopes", &app.oauth.custom_scopes, names),
        permitted_users: notes.take("permitted_users", &app.access.permitted_users, |users| users.as_str()).unwrap_or("unknown"),
        profiles: notes.plain("profiles", &app.access.profiles, |all| all.iter().map(|entry| entry.name.clone()).collect()),
        permission_sets: notes
            .plain("permission_sets", &app.access.permission_sets, |all| all.iter().map(|entry| entry.name.clone()).collect()),
        ip_relaxation: notes.take("ip_relaxation", &app.network.ip_relaxation, |relaxation| relaxation.as_str()),
        ip_ranges: notes.plain("ip_ranges", &app.network.ip_ranges, |ranges| {
            ranges.iter().map(|(range, _)| format!("{}-{}", range.start, range.end)).collect()
        }),
        refresh_token_policy: notes.take("refresh_token_policy", &app.tokens.refresh_policy, ToString::to_string),
        refresh_token_rotation: notes.take("refresh_token_rotation", &app.tokens.rotation, |rotation| *rotation),
        flows: flows.iter().filter(|(_, on)| on.value() == Some(&true)).map(|(flow, _)| flow.as_str()).collect(),
        client_credentials_user: non_empty(notes.plain(
            "client_credentials_user",
            &app.flows.client_credentials_user,
            Clone::clone,
        )),
        pkce_required: notes.take("pkce_required", &app.tokens.pkce_required, |required| *required),
        secret_optional: notes.take("secret_optional", &app.tokens.secret_optional, |optional| *optional),
        secret_required_for_refresh: notes.take(
            "secret_required_for_refresh",
            &app.tokens.secret_required_for_refresh,
            |required| *required,
        ),
        has_certificate: notes.plain("has_certificate", &app.flows.certificate, |present| *present),
        certificate_expires: certificate_expires(app),
        callback_urls: notes
            .plain("callback_urls", &app.oauth.callbacks, |all| all.iter().map(|(callback, _)| callback.url.clone()).collect()),
        callback_count: app.oauth.callbacks.value().map(Vec::len),
        start_url: app
            .urls
            .value()
            .into_iter()
            .flatten()
            .find(|(url, _)| url.role.as_str() == "start")
            .map(|(url, _)| url.url.clone()),
        session_timeout_minutes: notes.plain("session_timeout_minutes", &app.session.timeout_minutes, |minutes| *minutes).flatten(),
        consumer_key: notes
            .plain("consumer_key", &app.oauth.consumer_key, |key| key.as_ref().map(|key| key.shortened.to_string()))
            .flatten(),
        consumer_secret: notes.plain("consumer_secret", &app.oauth.consumer_secret, |secret| secret.as_str()),
        blast_radius: radius.level().map(BlastLevel::as_str),
        blast_radius_least: radius.least.as_str(),
        missing_parts: PartKind::NEEDED.iter().filter(|(part, _)| !app.has_part(*part)).map(|(_, word)| *word).collect(),
        defaulted: notes.defaulted,
        unknown: notes.unknown,
    }
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    names.for_each(|name| {
        if !unique.contains(&name) {
            unique.push(name);
        }
    });
    unique
}

fn certificate_expires(app: &App) -> Option<String> {
    let certificates = app.certificates.value()?;
    let oauth = certificates.iter().find(|entry| entry.role == CertificateRole::OAuth)?;
    oauth.certificate.details.as_ref().ok().map(|details| details.not_after.to_string())
}
