//! Facts that are lists of objects: their fields, and how they are filled.

use jiff::civil::Date;

use super::declare::object;
use super::view::AppView;
use crate::inventory::callback::{AppUrl, Callback};
use crate::inventory::certificate::{Certificate, X509};
use crate::inventory::ip_range::IpRange;
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Value};

/// A URL of an app.
pub(super) static URL: &[Field] = &[
    Field {
        name: "role",
        ty: Type::Choice(&["start", "mobile-start", "logout", "info", "logo"]),
        optional: false,
        doc: "What it is for.",
    },
    Field { name: "url", ty: Type::Text, optional: false, doc: "As written." },
    Field {
        name: "https",
        ty: Type::Bool,
        optional: false,
        doc: "Whether the scheme is https; true also for a path without host, which stays in the org.",
    },
];

/// A callback URL.
pub(super) static CALLBACK: &[Field] = &[
    Field { name: "url", ty: Type::Text, optional: false, doc: "As written." },
    Field { name: "scheme", ty: Type::Text, optional: false, doc: "In lower case; empty where the URL has none." },
    Field { name: "host", ty: Type::Text, optional: false, doc: "In lower case; empty where there is none." },
    Field { name: "loopback", ty: Type::Bool, optional: false, doc: "localhost, 127.0.0.0/8 or [::1]." },
    Field { name: "clear_text", ty: Type::Bool, optional: false, doc: "http to a host that is not loopback." },
    Field { name: "custom_scheme", ty: Type::Bool, optional: false, doc: "A scheme other than http and https." },
    Field { name: "pattern", ty: Type::Bool, optional: false, doc: "Holds `*`, a fragment or `..`." },
    Field {
        name: "placeholder",
        ty: Type::Bool,
        optional: false,
        doc: "A template variable, an example host, a tunnel, or the page of a tool or of Salesforce itself: no redirect target of the app's own.",
    },
    Field { name: "invalid", ty: Type::Bool, optional: false, doc: "Not a URL with a scheme." },
];

/// An IP range of an app.
pub(super) static IP_RANGE: &[Field] = &[
    Field { name: "start", ty: Type::Text, optional: false, doc: "First address." },
    Field { name: "end", ty: Type::Text, optional: false, doc: "Last address." },
    Field { name: "addresses", ty: Type::Int, optional: false, doc: "How many addresses (capped at 2^62)." },
    Field { name: "whole_internet", ty: Type::Bool, optional: false, doc: "Covers nearly the whole IPv4 or IPv6 internet." },
    Field { name: "invalid", ty: Type::Bool, optional: false, doc: "Not two addresses of one family in order." },
];

/// A certificate of an app.
pub(super) static CERTIFICATE: &[Field] = &[
    Field { name: "role", ty: Type::Choice(&["oauth", "saml", "saml-encryption"]), optional: false, doc: "What it is for." },
    Field { name: "placeholder", ty: Type::Bool, optional: false, doc: "A template variable, not a certificate." },
    Field { name: "private_key", ty: Type::Bool, optional: false, doc: "Private key material stands in the element." },
    Field { name: "readable", ty: Type::Bool, optional: false, doc: "Whether it is an X.509 certificate that could be read." },
    Field { name: "problem", ty: Type::Text, optional: false, doc: "Why it could not be read; empty where it could." },
    Field { name: "subject", ty: Type::Text, optional: false, doc: "Subject name; empty where unreadable." },
    Field { name: "not_before", ty: Type::Text, optional: false, doc: "First day, `YYYY-MM-DD`; empty where unreadable." },
    Field { name: "not_after", ty: Type::Text, optional: false, doc: "Last day, `YYYY-MM-DD`; empty where unreadable." },
    Field { name: "expired", ty: Type::Bool, optional: true, doc: "Ended before the audit's date; absent where unreadable." },
    Field { name: "not_yet_valid", ty: Type::Bool, optional: true, doc: "Begins after the audit's date; absent where unreadable." },
    Field {
        name: "days_left",
        ty: Type::Int,
        optional: true,
        doc: "Days until it ends, negative when expired; absent where unreadable.",
    },
    Field { name: "validity_days", ty: Type::Int, optional: true, doc: "Days from first to last day; absent where unreadable." },
    Field {
        name: "key_algorithm",
        ty: Type::Choice(&["rsa", "ec", "other"]),
        optional: true,
        doc: "Kind of key; absent where unreadable.",
    },
    Field { name: "key_bits", ty: Type::Int, optional: true, doc: "Key size in bits; absent where unreadable." },
    Field {
        name: "weak_signature",
        ty: Type::Bool,
        optional: true,
        doc: "Signed with MD2, MD5 or SHA-1; absent where unreadable.",
    },
    Field { name: "bytes", ty: Type::Int, optional: true, doc: "Size of the DER form in bytes; absent where unreadable." },
    Field {
        name: "fingerprint",
        ty: Type::Text,
        optional: false,
        doc: "SHA-256 of the DER form, hexadecimal; empty where unreadable.",
    },
];

pub(super) fn url(url: &AppUrl) -> Vec<(&'static str, Value)> {
    vec![("role", url.role.as_str().into()), ("url", url.url.as_str().into()), ("https", url.https.into())]
}

pub(super) fn callback(callback: &Callback) -> Vec<(&'static str, Value)> {
    vec![
        ("url", callback.url.as_str().into()),
        ("scheme", callback.scheme.as_str().into()),
        ("host", callback.host.as_str().into()),
        ("loopback", callback.loopback.into()),
        ("clear_text", callback.clear_text.into()),
        ("custom_scheme", callback.custom_scheme.into()),
        ("pattern", callback.pattern.into()),
        ("placeholder", callback.placeholder.into()),
        ("invalid", callback.invalid.into()),
    ]
}

pub(super) fn ip_range(range: &IpRange) -> Vec<(&'static str, Value)> {
    vec![
        ("start", range.start.as_str().into()),
        ("end", range.end.as_str().into()),
        ("addresses", range.addresses.into()),
        ("whole_internet", range.whole_internet.into()),
        ("invalid", range.invalid.into()),
    ]
}

/// The certificates of an app, as of the audit's day.
pub(super) fn certificates(s: &AppView<'_>) -> FactValue {
    let today = s.context.today;
    s.app.certificates.map(|all| {
        Value::List(
            all.iter().map(|entry| object(certificate(entry.role.as_str(), &entry.certificate, today), &entry.origin)).collect(),
        )
    })
}

pub(super) fn certificate(role: &'static str, certificate: &Certificate, today: Date) -> Vec<(&'static str, Value)> {
    let details = certificate.details.as_ref().ok();
    let text = |read: fn(&X509) -> String| Value::from(details.map(read).unwrap_or_default());
    vec![
        ("role", role.into()),
        ("placeholder", certificate.placeholder.into()),
        ("private_key", certificate.private_key.into()),
        ("readable", details.is_some().into()),
        ("problem", certificate.details.as_ref().err().map_or("", String::as_str).into()),
        ("subject", text(|details| details.subject.clone())),
        ("not_before", text(|details| details.not_before.to_string())),
        ("not_after", text(|details| details.not_after.to_string())),
        ("expired", details.map(|details| details.expired(today)).into()),
        ("not_yet_valid", details.map(|details| details.not_yet_valid(today)).into()),
        ("days_left", details.map(|details| details.days_left(today)).into()),
        ("validity_days", details.map(X509::validity_days).into()),
        ("key_algorithm", details.map(|details| details.key_algorithm.as_str()).into()),
        ("key_bits", details.map(|details| details.key_bits).into()),
        ("weak_signature", details.map(|details| details.weak_signature).into()),
        ("bytes", details.map(|details| details.bytes).into()),
        ("fingerprint", text(|details| details.fingerprint.clone())),
    ]
}
