//! SOAP answers: the payload, or the fault in its place.

use super::super::Error;
use super::super::limits::Meter;
use super::super::refusal::Refusal;
use super::super::rest::refused;
use super::super::retry::{Failure, retry_after};
use super::super::transport::Answer;
use super::xml::{Node, Space, parse};

/// Reads an answer's payload, the element `{operation}Response`, with `read`. `what` was asked for.
pub(super) fn payload<T>(
    answer: &Answer,
    operation: &str,
    what: &str,
    meter: &Meter,
    read: impl FnOnce(&Node<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let unreadable = |cause: &str| Failure::passing(Error::Unreadable(format!("{what}: {cause}")));
    let Some(root) = parse(&answer.body) else {
        // In front of the API sit servers that do not speak SOAP.
        return Err(if answer.status == 200 { unreadable("not XML, or only a part of it") } else { refused(answer, what) });
    };
    let envelope = (root.space == Space::Envelope && root.name == "Envelope").then_some(&root);
    let Some(body) = envelope.and_then(|envelope| envelope.child("Body")) else {
        return Err(if answer.status == 200 { unreadable("XML, but not SOAP") } else { refused(answer, what) });
    };
    if let Some((used, max)) = envelope.and_then(api_usage) {
        meter.note(used, max);
    }
    if let Some(fault) = body.child("Fault") {
        return Err(refusal(fault, answer).failure());
    }
    let mut payloads = body.children.iter().filter(|node| node.space == Space::Metadata);
    let expected = |node: &&Node<'_>| node.name.strip_suffix("Response") == Some(operation);
    match payloads.next().filter(expected) {
        Some(payload) if answer.status == 200 => read(payload),
        _ => Err(unreadable("SOAP, but no answer to this")),
    }
}

/// Used and allowed API calls, where the header tells them.
fn api_usage(root: &Node<'_>) -> Option<(u64, u64)> {
    let header = root.child("Header")?.children.iter().find(|node| node.name == "LimitInfoHeader")?;
    let info = header.all("limitInfo").find(|info| info.text_of("type").as_deref() == Some("API REQUESTS"))?;
    let number = |name| info.text_of(name).and_then(|text| text.parse().ok());
    Some((number("current")?, number("limit")?))
}

/// The elements inside a fault have no namespace.
fn refusal(fault: &Node<'_>, answer: &Answer) -> Refusal {
    let text = |name| fault.children.iter().find(|node| node.name == name).map_or("", |node| node.text.trim());
    let (code, text) = (text("faultcode"), text("faultstring"));
    let code = code.rsplit(':').next().unwrap_or(code);
    let (before, after) = text.split_once(':').unwrap_or(("", text));
    // SOAP's own codes are `Client` and `Server`; Salesforce's are in capitals, and repeated in the text.
    let code = if is_salesforce(code) || !is_salesforce(before) { code } else { before };
    let message = if before == code { after.trim() } else { text };
    Refusal { status: answer.status, code: code.to_owned(), message: message.to_owned(), after: retry_after(&answer.headers) }
}

fn is_salesforce(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
}
