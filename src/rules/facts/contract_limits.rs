//! What a contract says of networks, tokens, sessions, callbacks and certificates, and how the app differs from it. Where a contract says
//! nothing, nothing differs, whatever is known of the app.

use super::declare::{Declared, OfApp, fact, known, maybe, object};
use super::objects::{CALLBACK, CERTIFICATE, callback, certificate};
use super::view::AppView;
use crate::inventory::app::AppCertificate;
use crate::inventory::callback::Callback;
use crate::inventory::certificate::KeyAlgorithm;
use crate::inventory::contract::{Contract, Located};
use crate::inventory::expectation::{self, IpDifference};
use crate::inventory::oauth::{RefreshTokenPolicy, SessionLevel};
use crate::inventory::period::Period;
use crate::inventory::template::holds_variable;
use crate::inventory::{Fact, Origin, Reason};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// Networks, tokens, sessions, callbacks and certificates held against the contract.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact("contract.ip_relaxation.expected", Type::Text, "IP Relaxation by the contract; empty where it does not say.", |s| {
        stated(s, |contract| contract.ip_relaxation.as_ref(), |word| word.as_str().into()).unwrap_or_else(|| known(""))
    }),
    fact(
        "contract.ip_relaxation.looser",
        Type::Bool,
        "The app's IP Relaxation lets requests pass that the contract's refuses. Of the two that relax for some requests alone, each counts as looser than the other.",
        |s| ip_relaxation(s, IpDifference::Looser),
    ),
    fact(
        "contract.ip_relaxation.stricter",
        Type::Bool,
        "The app's IP Relaxation refuses requests that the contract's lets pass.",
        |s| ip_relaxation(s, IpDifference::Stricter),
    ),
    fact(
        "contract.refresh_token.max_lifetime",
        Type::Text,
        "Longest time from issue to end by the contract, such as `90 days`; empty where it does not say.",
        |s| period(s, max_lifetime),
    ),
    fact("contract.refresh_token.max_lifetime_count", Type::Int, "The number of it; 0 where the contract does not say.", |s| {
        count(s, max_lifetime)
    }),
    fact(
        "contract.refresh_token.max_lifetime_unit",
        Type::Text,
        "The unit of it: `hours`, `days` or `months`; empty where the contract does not say.",
        |s| unit(s, max_lifetime),
    ),
    fact(
        "contract.refresh_token.lives_too_long",
        Type::Bool,
        "Refresh tokens can be good for longer: they never end, end only when unused, or have a longer lifetime.",
        |s| refresh_token(s, max_lifetime, expectation::outlives),
    ),
    fact(
        "contract.refresh_token.max_idle",
        Type::Text,
        "Longest time that an unused refresh token stays valid by the contract; empty where it does not say.",
        |s| period(s, max_idle),
    ),
    fact("contract.refresh_token.max_idle_count", Type::Int, "The number of it; 0 where the contract does not say.", |s| {
        count(s, max_idle)
    }),
    fact(
        "contract.refresh_token.max_idle_unit",
        Type::Text,
        "The unit of it: `hours`, `days` or `months`; empty where the contract does not say.",
        |s| unit(s, max_idle),
    ),
    fact(
        "contract.refresh_token.idles_too_long",
        Type::Bool,
        "An unused refresh token can stay valid for longer: it never ends, or has a longer period, by use or by age.",
        |s| refresh_token(s, max_idle, expectation::outlasts_idle),
    ),
    maybe(
        "contract.session.max_minutes",
        Type::Int,
        "Longest session timeout by the contract, in minutes; absent where it does not say.",
        |s| stated(s, max_minutes, |minutes| (*minutes).into()).unwrap_or_else(|| known(Value::Absent)),
    ),
    fact(
        "contract.session.too_long",
        Type::Bool,
        "The app has a longer session timeout than the contract allows, or none of its own.",
        |s| {
            let too_long = |limit: &i64| s.app.session.timeout_minutes.map(|minutes| minutes.is_none_or(|it| it > *limit));
            held(s, max_minutes, too_long)
        },
    ),
    maybe(
        "contract.session.high_assurance",
        Type::Bool,
        "Whether the app asks for a high-assurance session by the contract; absent where it does not say.",
        |s| stated(s, high_assurance, |wanted| (*wanted).into()).unwrap_or_else(|| known(Value::Absent)),
    ),
    fact(
        "contract.session.high_assurance_missing",
        Type::Bool,
        "The app does not ask for the high-assurance session that the contract wants.",
        |s| held(s, high_assurance, |wanted| high_assurance_of(s).map(|asked_for| *wanted && !asked_for)),
    ),
    fact(
        "contract.session.high_assurance_unexpected",
        Type::Bool,
        "The app asks for a high-assurance session, and the contract says that it does not.",
        |s| held(s, high_assurance, |wanted| high_assurance_of(s).map(|asked_for| !*wanted && *asked_for)),
    ),
    fact(
        "contract.callbacks.unexpected",
        Type::Objects(CALLBACK),
        "Callback URLs to hosts that the contract does not list. Unknown where it holds none and a template variable stands in a host.",
        unexpected_callbacks,
    ),
    maybe(
        "contract.certificate.min_days",
        Type::Int,
        "Days that certificates must have left by the contract; absent where it does not say.",
        |s| stated(s, min_days, |days| (*days).into()).unwrap_or_else(|| known(Value::Absent)),
    ),
    fact(
        "contract.certificate.ending",
        Type::Objects(CERTIFICATE),
        "Certificates with fewer days left. Unknown where there are none of them and one could not be read.",
        |s| certificates(s, min_days, |it, limit| Ok(days_left(it, s)? < limit)),
    ),
    maybe(
        "contract.certificate.min_key_bits",
        Type::Int,
        "Least size of an RSA key by the contract, in bits; absent where it does not say.",
        |s| stated(s, min_key_bits, |bits| (*bits).into()).unwrap_or_else(|| known(Value::Absent)),
    ),
    fact(
        "contract.certificate.short_keys",
        Type::Objects(CERTIFICATE),
        "Certificates with a shorter RSA key. Unknown where there are none of them and one could not be read or has a key of another kind, whose bits mean something else.",
        |s| certificates(s, min_key_bits, |it, limit| Ok(rsa_bits(it)? < limit)),
    ),
];

fn max_lifetime(contract: &Contract) -> Option<&Located<Period>> {
    contract.refresh_token.max_lifetime.as_ref()
}

fn max_idle(contract: &Contract) -> Option<&Located<Period>> {
    contract.refresh_token.max_idle.as_ref()
}

fn max_minutes(contract: &Contract) -> Option<&Located<i64>> {
    contract.session.max_minutes.as_ref()
}

fn high_assurance(contract: &Contract) -> Option<&Located<bool>> {
    contract.session.high_assurance.as_ref()
}

fn min_days(contract: &Contract) -> Option<&Located<i64>> {
    contract.certificate.min_days.as_ref()
}

fn min_key_bits(contract: &Contract) -> Option<&Located<i64>> {
    contract.certificate.min_key_bits.as_ref()
}

/// What the contract says of something, where it says anything, at its place.
fn stated<'a, T: 'a>(
    s: &AppView<'a>,
    of: impl FnOnce(&'a Contract) -> Option<&'a Located<T>>,
    value: impl FnOnce(&T) -> Value,
) -> Option<FactValue> {
    let said = s.contract.and_then(of)?;
    Some(Fact::read(value(&said.value), Origin::Stated(said.location.clone())))
}

fn period(s: &AppView<'_>, of: fn(&Contract) -> Option<&Located<Period>>) -> FactValue {
    stated(s, of, |limit| limit.to_string().into()).unwrap_or_else(|| known(""))
}

fn count(s: &AppView<'_>, of: fn(&Contract) -> Option<&Located<Period>>) -> FactValue {
    stated(s, of, |limit| i64::from(limit.count).into()).unwrap_or_else(|| known(0))
}

fn unit(s: &AppView<'_>, of: fn(&Contract) -> Option<&Located<Period>>) -> FactValue {
    stated(s, of, |limit| limit.unit.as_word().into()).unwrap_or_else(|| known(""))
}

/// Whether the app differs from what the contract says of something; false where it says nothing. Shows both places.
fn held<T>(s: &AppView<'_>, of: fn(&Contract) -> Option<&Located<T>>, differs: impl FnOnce(&T) -> Fact<bool>) -> FactValue {
    let Some(said) = s.contract.and_then(of) else { return known(false) };
    let mut differs = differs(&said.value).map(|differs| (*differs).into());
    differs.origins.push(Origin::Stated(said.location.clone()));
    differs
}

/// A fact whose value cannot always be compared.
fn comparable<T>(fact: &Fact<T>, compare: impl FnOnce(&T) -> Result<bool, Reason>) -> Fact<bool> {
    let state = match &fact.state {
        Ok(value) => compare(value),
        Err(reason) => Err(reason.clone()),
    };
    Fact { state, origins: fact.origins.clone() }
}

fn ip_relaxation(s: &AppView<'_>, wanted: IpDifference) -> FactValue {
    let undocumented = || -> Reason {
        let written = s.app.network.ip_relaxation_text.value().map_or("", String::as_str);
        format!("Salesforce does not document the IP Relaxation `{written}`").into()
    };
    held(
        s,
        |contract| contract.ip_relaxation.as_ref(),
        |expected| {
            comparable(&s.app.network.ip_relaxation, |found| {
                let difference = expectation::ip_relaxation(*expected, *found).ok_or_else(undocumented)?;
                Ok(difference == wanted)
            })
        },
    )
}

fn refresh_token(
    s: &AppView<'_>,
    of: fn(&Contract) -> Option<&Located<Period>>,
    exceeds: fn(&RefreshTokenPolicy, Period) -> Option<bool>,
) -> FactValue {
    held(s, of, |limit| {
        comparable(&s.app.tokens.refresh_policy, |policy| {
            exceeds(policy, *limit)
                .ok_or_else(|| format!("Salesforce does not document the refresh token policy `{policy}`").into())
        })
    })
}

fn high_assurance_of(s: &AppView<'_>) -> Fact<bool> {
    comparable(&s.app.session.level, |level| match level {
        SessionLevel::Unrecognised => Err("Salesforce does not document the session level of the app".into()),
        level => Ok(*level == SessionLevel::HighAssurance),
    })
}

fn unexpected_callbacks(s: &AppView<'_>) -> FactValue {
    let Some(hosts) = s.contract.and_then(|contract| contract.callbacks.as_ref()) else { return nothing() };
    faults(&s.app.oauth.callbacks, |(found, origin)| {
        let fault = || object(callback(found), origin);
        let allowed = hosts.value.iter().any(|host| host.matches(found));
        if !allowed && hides_target(found) {
            return Err("a template variable stands in a callback URL, so that its host is not known".into());
        }
        Ok((!allowed).then(fault))
    })
}

/// Whether a template variable stands where the host or the scheme would tell where a callback leads.
fn hides_target(callback: &Callback) -> bool {
    holds_variable(&callback.url) && (callback.host.is_empty() || callback.scheme.is_empty())
}

fn certificates(
    s: &AppView<'_>,
    of: fn(&Contract) -> Option<&Located<i64>>,
    falls_short: impl Fn(&AppCertificate, i64) -> Result<bool, Reason>,
) -> FactValue {
    let Some(limit) = s.contract.and_then(of) else { return nothing() };
    faults(&s.app.certificates, |entry| {
        let fault = || object(certificate(entry.role.as_str(), &entry.certificate, s.context.today), &entry.origin);
        Ok(falls_short(entry, limit.value)?.then(fault))
    })
}

/// The faulty ones of a list. One that is known to be faulty is worth a finding whatever the others are; where none is, one that cannot be told
/// leaves it open.
fn faults<T>(all: &Fact<Vec<T>>, fault: impl Fn(&T) -> Result<Option<Item>, Reason>) -> FactValue {
    let entries = match &all.state {
        Ok(entries) => entries,
        Err(reason) => return Fact::unknown(reason.clone()),
    };
    let (mut faults, mut open) = (Vec::new(), None);
    for entry in entries {
        match fault(entry) {
            Ok(fault) => faults.extend(fault),
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    match open {
        Some(reason) if faults.is_empty() => Fact::unknown(reason),
        _ => known(Value::List(faults)),
    }
}

fn days_left(entry: &AppCertificate, s: &AppView<'_>) -> Result<i64, Reason> {
    let details = entry.certificate.details.as_ref().map_err(unreadable)?;
    Ok(details.days_left(s.context.today))
}

fn rsa_bits(entry: &AppCertificate) -> Result<i64, Reason> {
    let details = entry.certificate.details.as_ref().map_err(unreadable)?;
    if details.key_algorithm == KeyAlgorithm::Rsa {
        return Ok(details.key_bits);
    }
    Err("a certificate has a key that is no RSA key, and the bits of other keys mean something else".into())
}

fn unreadable(problem: &String) -> Reason {
    format!("a certificate cannot be read: {problem}").into()
}

fn nothing() -> FactValue {
    known(Value::List(Vec::new()))
}
