//! Ways of logging in: against a token endpoint of our own, and with a stand-in for the Salesforce CLI.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod auth_url;
#[cfg(unix)]
mod cli;
mod client_credentials;
mod default_org;
mod endpoint;
mod jwt_bearer;
mod token;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use orgwarden::salesforce::login::Login;
use orgwarden::salesforce::{Error, Session};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// What the tests look for where no secret may be.
const TOKEN: &str = "00D000000000001!AQEAQ.Token_Of_Acme";

fn key(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name)
}

/// An environment with these variables and no others.
fn environment(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> + use<> {
    let variables: HashMap<String, String> = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    move |name| variables.get(name).cloned()
}

fn token_of(session: &Session) -> &str {
    session.access_token.expose_secret()
}

/// A granted session at `instance_url`.
fn grant(instance_url: &str) -> (u16, Value) {
    (
        200,
        json!({"access_token": TOKEN, "instance_url": instance_url, "token_type": "Bearer", "id": format!("{instance_url}/id/00D/005")}),
    )
}

/// A refusal in Salesforce's form.
fn refusal(error: &str, description: &str) -> (u16, Value) {
    (400, json!({"error": error, "error_description": description}))
}

/// The text of a refused login.
async fn refused(login: &impl Login) -> String {
    login.session().await.expect_err("no session").to_string()
}

/// That none of the secrets is in any of the texts.
fn assert_hidden(secrets: &[&str], texts: &[String]) {
    for text in texts {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

fn both_forms(error: &Error) -> [String; 2] {
    [error.to_string(), format!("{error:?}")]
}
