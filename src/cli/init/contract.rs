//! What a contract says of an app as it is: all that is known, and of the rest why it is left out.

use crate::finding::Finding;
use crate::inventory::app::{App, AppScope, Assignment};
use crate::inventory::callback::Callback;
use crate::inventory::certificate::KeyAlgorithm;
use crate::inventory::host::{HostPattern, target};
use crate::inventory::oauth::{IpRelaxation, KnownScope, RefreshTokenPolicy, SessionLevel};
use crate::inventory::{Fact, Origin, Reason};
use crate::source::yaml::scalar;

/// A contract to be.
pub(super) struct Draft {
    /// Full name of the app.
    pub(super) name: String,
    /// Which apps they are, in words.
    pub(super) titles: Vec<String>,
    /// What the rules say of them.
    pub(super) findings: Vec<String>,
    /// Contacts in the metadata, which may be owners.
    pub(super) contacts: Vec<String>,
    /// The keys with what they say, in the order of the documentation.
    pub(super) says: Vec<(&'static str, Value)>,
    /// What is left out, and why.
    pub(super) left_out: Vec<(&'static str, Reason)>,
}

/// A value of a contract, each text spelt as YAML has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// One word or number.
    Word(String),
    /// A list.
    List(Vec<String>),
    /// Keys with values.
    Map(Vec<(&'static str, Self)>),
}

/// What can be said of one setting of an app: something, nothing because there is nothing, or nothing because of something.
type Said = Result<Option<Value>, Reason>;

/// What can be said of a setting of an app.
type Read = fn(&App) -> Said;

/// The settings, in the order of the documentation.
const SETTINGS: [(&str, Read); 8] = [
    ("flows", flows),
    ("permitted-users", permitted_users),
    ("scopes", scopes),
    ("profiles", |app| names(&app.access.profiles)),
    ("permission-sets", |app| names(&app.access.permission_sets)),
    ("ip-relaxation", ip_relaxation),
    ("refresh-token", refresh_token),
    ("callbacks", callbacks),
];

/// The settings of sessions and certificates, which are keys under a key.
const NESTED: [(&str, &str, Read); 3] = [
    ("session", "max-minutes", max_minutes),
    ("session", "high-assurance", high_assurance),
    ("certificate", "min-key-bits", min_key_bits),
];

impl Draft {
    /// The contract of the apps of one name, of which rules say this.
    pub(super) fn of(apps: &[&App], findings: &[&Finding]) -> Self {
        let mut draft = Self {
            name: apps.first().map(|app| app.name.clone()).unwrap_or_default(),
            titles: apps.iter().map(|app| title(app)).collect(),
            findings: findings.iter().map(|it| format!("{} {}: {}", it.severity, it.rule, it.message)).collect(),
            contacts: apps.iter().filter_map(|app| contact(app)).collect(),
            says: Vec::new(),
            left_out: Vec::new(),
        };
        draft.contacts.dedup();
        for (key, read) in SETTINGS {
            draft.add(key, agreed(apps, read));
        }
        for (key, inner, read) in NESTED {
            draft.add_nested(key, inner, agreed(apps, read));
        }
        draft
    }

    fn add(&mut self, key: &'static str, said: Said) {
        match said {
            Ok(value) => self.says.extend(value.map(|value| (key, value))),
            Err(reason) => self.left_out.push((key, reason)),
        }
    }

    fn add_nested(&mut self, key: &'static str, inner: &'static str, said: Said) {
        match said {
            Ok(None) => {}
            Ok(Some(value)) => match self.says.iter_mut().find(|(known, _)| *known == key) {
                Some((_, Value::Map(entries))) => entries.push((inner, value)),
                _ => self.says.push((key, Value::Map(vec![(inner, value)]))),
            },
            Err(reason) => self.left_out.push((inner, reason)),
        }
    }
}

fn title(app: &App) -> String {
    let label = app.label.value().filter(|label| !label.is_empty()).unwrap_or(&app.name);
    format!("{label} ({}, {})", app.kind.as_str().replace('-', " "), app.location.path())
}

fn contact(app: &App) -> Option<String> {
    app.contact_email.value().map(|contact| contact.trim().to_owned()).filter(|contact| !contact.is_empty())
}

/// What can be said of all apps of a name alike.
fn agreed(apps: &[&App], read: Read) -> Said {
    let mut all = apps.iter().map(|app| read(app));
    let first = all.next().unwrap_or(Ok(None))?;
    if all.all(|other| other.as_ref() == Ok(&first)) { Ok(first) } else { Err("the apps of this name differ in it".into()) }
}

/// Without an OAuth configuration there is nothing to say of what it says.
fn of_oauth(app: &App, said: impl FnOnce() -> Said) -> Said {
    if app.oauth.configured.value() == Some(&false) { Ok(None) } else { said() }
}

fn word(text: &str) -> Value {
    Value::Word(scalar(text).into_owned())
}

fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Value {
    let mut once: Vec<String> = Vec::new();
    for text in texts.into_iter().map(|text| scalar(text).into_owned()) {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    Value::List(once)
}

/// The flows that are switched on, where they can be all: rules take those that a contract declares for all there are, and would no longer look
/// for what is wrong with the web server flow.
fn flows(app: &App) -> Said {
    of_oauth(app, || {
        let enabled = app.flows.enabled().state?;
        if enabled.is_empty() {
            return Err("no certificate or switch of the app tells which ones it is for".into());
        }
        let may_redirect = app.oauth.callbacks.value().is_none_or(|callbacks| callbacks.iter().any(is_own));
        if may_redirect {
            let on: Vec<&str> = enabled.iter().map(|flow| flow.as_str()).collect();
            return Err(format!("on are {}, and only you know whether the callback URLs are for web-server", on.join(", ")).into());
        }
        Ok(Some(list(enabled.iter().map(|flow| flow.as_str()))))
    })
}

fn is_own((callback, _): &(Callback, Origin)) -> bool {
    !callback.placeholder && !callback.invalid
}

fn permitted_users(app: &App) -> Said {
    of_oauth(app, || Ok(Some(word(app.access.permitted_users.state.clone()?.as_str()))))
}

/// Exactly the scopes of the app. With one that this version does not know, they cannot be all.
fn scopes(app: &App) -> Said {
    of_oauth(app, || {
        let scopes = app.oauth.scopes.state.as_ref().map_err(Reason::clone)?;
        let is_known = |scope: &&AppScope| KnownScope::from_any_name(&scope.name).is_some_and(|known| known.name() == scope.name);
        if let Some(unknown) = scopes.iter().find(|scope| !is_known(scope)) {
            return Err(format!("this version does not know the scope `{}`", unknown.declared).into());
        }
        let mut entries = vec![("allow", Value::List(Vec::new()))];
        if !scopes.is_empty() {
            entries.insert(0, ("require", list(scopes.iter().map(|scope| scope.name.as_str()))));
        }
        Ok(Some(Value::Map(entries)))
    })
}

fn names(assigned: &Fact<Vec<Assignment>>) -> Said {
    let assigned = assigned.state.as_ref().map_err(Reason::clone)?;
    if assigned.iter().any(|entry| entry.name.trim().is_empty()) {
        return Err("an assignment has no name".into());
    }
    Ok(Some(list(assigned.iter().map(|entry| entry.name.trim()))))
}

fn ip_relaxation(app: &App) -> Said {
    of_oauth(app, || match app.network.ip_relaxation.state.clone()? {
        IpRelaxation::Unrecognised => Err("Salesforce does not document its value".into()),
        relaxation => Ok(Some(word(relaxation.as_str()))),
    })
}

fn refresh_token(app: &App) -> Said {
    of_oauth(app, || {
        let policy = app.tokens.refresh_policy.state.as_ref().map_err(Reason::clone)?;
        let limit = |key, period: String| Ok(Some(Value::Map(vec![(key, Value::Word(period))])));
        match (policy, policy.period()) {
            (RefreshTokenPolicy::Lifetime(..), Some(period)) => limit("max-lifetime", period.to_string()),
            (RefreshTokenPolicy::Inactivity(..), Some(period)) => limit("max-idle", period.to_string()),
            (RefreshTokenPolicy::Zero, _) => limit("max-lifetime", "0 hours".to_owned()),
            (RefreshTokenPolicy::Infinite, _) => Err("refresh tokens never expire".into()),
            _ => Err("Salesforce does not document its policy".into()),
        }
    })
}

fn callbacks(app: &App) -> Said {
    of_oauth(app, || {
        let callbacks = app.oauth.callbacks.state.as_ref().map_err(Reason::clone)?;
        let mut hosts: Vec<String> = Vec::new();
        for (callback, _) in callbacks {
            let host = target(callback);
            let pattern = HostPattern::new(&host).ok().filter(|it| !host.is_empty() && !it.reaches_beyond_a_domain());
            if callback.invalid || !pattern.is_some_and(|pattern| pattern.matches(callback)) {
                return Err(format!("it is not known where `{}` leads", callback.url).into());
            }
            hosts.push(host);
        }
        Ok(Some(list(hosts.iter().map(String::as_str))))
    })
}

fn max_minutes(app: &App) -> Said {
    of_oauth(app, || match app.session.timeout_minutes.state.clone()? {
        None => Ok(None),
        Some(minutes) if minutes < 1 => Err(format!("the session timeout is {minutes} minutes").into()),
        Some(minutes) => Ok(Some(Value::Word(minutes.to_string()))),
    })
}

fn high_assurance(app: &App) -> Said {
    of_oauth(app, || match app.session.level.state.clone()? {
        SessionLevel::Unrecognised => Err("Salesforce does not document the session level".into()),
        level => Ok(Some(Value::Word((level == SessionLevel::HighAssurance).to_string()))),
    })
}

/// The size of the shortest key.
fn min_key_bits(app: &App) -> Said {
    let certificates = app.certificates.state.as_ref().map_err(Reason::clone)?;
    let mut bits = Vec::new();
    for entry in certificates {
        match &entry.certificate.details {
            Err(problem) => return Err(format!("a certificate cannot be read: {problem}").into()),
            Ok(details) if details.key_algorithm != KeyAlgorithm::Rsa || details.key_bits < 1 => {
                return Err("a certificate has a key that is no RSA key".into());
            }
            Ok(details) => bits.push(details.key_bits),
        }
    }
    Ok(bits.into_iter().min().map(|bits| Value::Word(bits.to_string())))
}
