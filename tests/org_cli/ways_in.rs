//! Each way of logging in that needs no Salesforce CLI, from the command line to an inventory.

use std::path::Path;

use super::fake_org::seed::acme;
use super::{Acme, assert_no_secret, words};
use crate::support::Run;

const CLIENT: &str = "FakeConsumerKey0001";
const SECRET: &str = "FAKE-CLIENT-SECRET-DO-NOT-LEAK";

/// An inventory of the org, with nothing of it in the environment.
fn inventory(acme: &Acme, args: &[&str], environment: &[(&str, String)]) -> Run {
    let run = super::run(&acme.folder, &[&["inventory", "--format", "json", "-v"], args].concat(), environment);
    assert_no_secret(&run.err);
    run
}

#[test]
fn jwt_bearer() {
    let (acme, key) = (Acme::new(), Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/rsa-pkcs8.pem"));
    let (key, url) = (key.to_str().unwrap(), acme.org.url());
    let args = ["--client-id", CLIENT, "--jwt-key-file", key, "--login-url", &url, "--username"];
    let run = inventory(&acme, &[&args[..], &["boris.builder@acme.example.com"]].concat(), &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.json()["source"]["orgs"][0]["name"], "boris.builder@acme.example.com");
    // The case that started the project.
    let refused = inventory(&acme, &[&args[..], &["nobody@acme.example.com"]].concat(), &[]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(
        words(&refused).contains("user hasn't approved this consumer") && words(&refused).contains("refresh_token"),
        "{}",
        refused.err
    );
    assert_eq!(refused.json()["apps"], serde_json::json!([]));
}

#[test]
fn client_credentials() {
    let acme = Acme::new();
    let url = acme.org.url();
    acme.folder.write("secret.txt", format!("{SECRET}\n"));
    let from_file = ["--client-id", CLIENT, "--login-url", &url, "--client-secret-file", "secret.txt"];
    let run = inventory(&acme, &from_file, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.json()["source"]["orgs"][0]["name"], url.replace("http://", ""));
    let from_variable = inventory(&acme, &from_file[..4], &[("ORGWARDEN_CLIENT_SECRET", SECRET.to_owned())]);
    assert_eq!(from_variable.code, 0, "{}", from_variable.err);
    let wrong = inventory(&acme, &from_file[..4], &[("ORGWARDEN_CLIENT_SECRET", "wrong".to_owned())]);
    assert_eq!(wrong.code, 3, "{}", wrong.err);
}

#[test]
fn an_auth_url_whose_refresh_token_is_exchanged_is_told() {
    let mut org = acme();
    org.client.rotates = true;
    let acme = Acme::of(org);
    let host = acme.org.url().replace("http://", "");
    acme.folder.write("url.txt", format!("force://{CLIENT}::FAKE-REFRESH-TOKEN-1@{host}\n"));
    let run = inventory(&acme, &["--sfdx-url-file", "url.txt"], &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.json()["source"]["orgs"][0]["name"], host.as_str());
    assert!(words(&run).contains("Salesforce has exchanged the refresh token"), "{}", run.err);
    let again = inventory(&acme, &["--sfdx-url-file", "url.txt"], &[]);
    assert_eq!(again.code, 3, "{}", again.err);
    assert!(words(&again).contains("expired access/refresh token"), "{}", again.err);
}
