//! Preflight as users meet it: the program itself, on files, on an org over real HTTP, on a snapshot.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../support/acme.rs"]
mod acme;
#[path = "../fake_org/mod.rs"]
mod fake_org;
#[path = "../support/mod.rs"]
mod support;

mod files;
mod org;
mod output;
mod story;

use serde_json::Value;
use support::Run;

const CERTIFICATE: &str = include_str!("../data/certificates/rsa-2048.pem");

/// What a run said of its only forecast: the verdict, then conditions or open questions, then the literal answer.
fn said(run: &Run) -> String {
    let document = run.json();
    let forecast = &document["apps"][0]["forecasts"][0];
    let of = |list: &str, key: &str| -> Vec<String> {
        forecast[list].as_array().unwrap().iter().map(|item| item[key].as_str().unwrap().to_owned()).collect()
    };
    let verdict = forecast["verdict"].as_str().unwrap();
    let why = match verdict {
        "would-refuse" => of("conditions", "id"),
        "cannot-tell" => of("undecided", "about"),
        _ => Vec::new(),
    };
    let code = match verdict {
        "would-refuse" => 1,
        "cannot-tell" => 3,
        _ => 0,
    };
    assert_eq!(run.code, code, "{verdict}: {}", run.err);
    [verdict.to_owned(), why.join(" "), literal(&forecast["error"])]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" | ")
}

/// `error: description (confidence)`; empty for none.
fn literal(error: &Value) -> String {
    let text = |key: &str| error[key].as_str().unwrap_or_default();
    if error.is_null() { String::new() } else { format!("{}: {} ({})", text("error"), text("description"), text("confidence")) }
}
