//! SFDX auth URLs.

use std::fs;

use orgwarden::salesforce::login::{AuthUrl, Login};
use proptest::prelude::*;
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::{TOKEN, assert_hidden, both_forms, grant, refusal, token_of};

const REFRESH: &str = "5Aep861.Refresh_Token-Of_Acme==";
const SECRET: &str = "Consumer_Secret_Of_ERP_Sync";

fn host(server: &Endpoint) -> &str {
    server.url.strip_prefix("http://").unwrap()
}

#[tokio::test]
async fn the_refresh_token_gives_a_session() {
    let server = Endpoint::start(|own, _| grant(own)).await;
    let url = format!(" force://PlatformCLI::{REFRESH}@{}\n", host(&server));
    let login = AuthUrl::from_text("a test", &url).unwrap();
    assert_eq!(token_of(&login.session().await.unwrap()), TOKEN);
    assert!(login.can_renew() && !login.rotated());
    let form = &server.forms()[0];
    assert_eq!((form["grant_type"].as_str(), form["client_id"].as_str()), ("refresh_token", "PlatformCLI"));
    assert_eq!((form["refresh_token"].as_str(), form.len()), (REFRESH, 3), "no empty client_secret");
}

#[tokio::test]
async fn a_consumer_secret_goes_along() {
    let server = Endpoint::start(|own, _| grant(own)).await;
    let url = format!("force://3MVG9.Key:{SECRET}:{REFRESH}@{}", host(&server));
    AuthUrl::from_text("a test", &url).unwrap().session().await.unwrap();
    assert_eq!(server.forms()[0]["client_secret"], SECRET);
}

#[tokio::test]
async fn a_rotated_token_is_kept_for_the_run_and_reported() {
    let server = Endpoint::start(|own, form| match form["refresh_token"].as_str() {
        REFRESH => {
            let (status, mut body) = grant(own);
            body["refresh_token"] = json!("5Aep861.Second");
            (status, body)
        }
        "5Aep861.Second" => grant(own),
        _ => refusal("invalid_grant", "expired access/refresh token"),
    })
    .await;
    let login = AuthUrl::from_text("a test", &format!("force://PlatformCLI::{REFRESH}@{}", host(&server))).unwrap();
    login.session().await.unwrap();
    assert!(login.rotated());
    login.session().await.unwrap();
    assert_eq!(server.forms().iter().map(|form| form["refresh_token"].clone()).collect::<Vec<_>>(), [REFRESH, "5Aep861.Second"]);
    assert_hidden(&[REFRESH, "5Aep861.Second"], &[format!("{login:?}")]);
}

#[tokio::test]
async fn a_dead_token_is_explained_and_hidden() {
    let server = Endpoint::start(|_, form| {
        refusal("invalid_grant", &format!("expired access/refresh token {} {}", form["refresh_token"], form["client_secret"]))
    })
    .await;
    let url = format!("force://3MVG9.Key:{SECRET}:{REFRESH}@{}", host(&server));
    let error = AuthUrl::from_text("a test", &url).unwrap().session().await.unwrap_err();
    assert!(error.to_string().contains("sf org auth show-sfdx-auth-url"), "{error}");
    assert_hidden(&[REFRESH, SECRET], &both_forms(&error));
}

#[test]
fn the_json_of_the_cli_is_read_from_file_and_standard_input() {
    let url = format!("force://PlatformCLI::{REFRESH}@acme.my.salesforce.com");
    let display = json!({"status": 0, "result": {"username": "admin@acme.example.com", "sfdxAuthUrl": url}, "warnings": []});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("auth.json");
    for text in [display.to_string(), json!({"sfdxAuthUrl": url}).to_string(), format!("\n{url}\r\n")] {
        fs::write(&file, &text).unwrap();
        AuthUrl::from_file(&file).unwrap();
        AuthUrl::from_standard_input(text.as_bytes()).unwrap();
    }
}

#[test]
fn what_is_no_auth_url_is_explained_and_not_repeated() {
    let redacted = json!({"status": 0, "result": {"sfdxAuthUrl": "[REDACTED] Use 'sf org auth show-sfdx-auth-url' to view"}});
    let wrong_type = json!({"result": {"sfdxAuthUrl": [REFRESH]}});
    for (text, reason) in [
        ("", "force://"),
        (REFRESH, "force://"),
        ("force://PlatformCLI:5Aep861.Refresh_Token-Of_Acme==@acme.my.salesforce.com", "force://"),
        ("force://PlatformCLI::5Aep861.Refresh_Token-Of_Acme==", "force://"),
        ("force://PlatformCLI::5Aep861.Refresh_Token-Of_Acme==@", "force://"),
        ("force://PlatformCLI::5Aep861.Refresh_Token-Of_Acme===@acme.my.salesforce.com", "force://"),
        ("force://PlatformCLI::5Aep861.Refresh_Token-Of_Acme==@acme.my.salesforce.com/x", "force://"),
        ("force://PlatformCLI::5Aep861.Refresh_Token-Of_Acme==@a@acme.my.salesforce.com", "force://"),
        ("force://::5Aep861.Refresh_Token-Of_Acme==@acme.my.salesforce.com", "force://"),
        ("{}", "show-sfdx-auth-url"),
        ("{ not json", "not the JSON"),
        (&redacted.to_string(), "show-sfdx-auth-url"),
        (&wrong_type.to_string(), "not the JSON"),
    ] {
        let error = AuthUrl::from_standard_input(text.as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("standard input holds no SFDX auth URL: "), "{error}");
        assert!(error.to_string().contains(reason), "{text}: {error}");
        assert_hidden(&["5Aep861"], &[error.to_string(), format!("{error:?}")]);
    }
    let error = AuthUrl::from_standard_input(&[0xff, 0xfe][..]).unwrap_err().to_string();
    assert!(error.contains("standard input"), "{error}");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic_or_talk(text in "\\PC{0,80}|(force://)?[A-Za-z0-9:@=./\\[\\]{}\"-]{0,60}") {
        let secret = format!("{text}Hidden-1");
        for text in [&text, &secret] {
            if let Err(error) = AuthUrl::from_text("a test", text) {
                let said = format!("{error} {error:?}");
                prop_assert!(!said.contains("Hidden-1"));
            }
        }
    }

    #[test]
    fn every_auth_url_of_the_documented_form_is_read(
        url in "force://[A-Za-z0-9_.-]{1,20}={0,2}:([A-Za-z0-9_.-]{1,20}={0,2})?:[A-Za-z0-9_.-]{1,30}={0,2}@[a-z0-9]{1,10}(--[a-z]{1,5}\\.sandbox)?\\.my\\.salesforce\\.com(:443)?"
    ) {
        prop_assert!(AuthUrl::from_text("a test", &url).is_ok(), "{}", url);
    }
}
