//! The JWT bearer flow.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use orgwarden::salesforce::Error;
use orgwarden::salesforce::login::{JwtBearer, JwtSettings, Login, LoginError};
use serde::Deserialize;

use crate::endpoint::{Endpoint, Form};
use crate::{TOKEN, assert_hidden, both_forms, grant, key, refusal, refused, token_of};

const CLIENT_ID: &str = "3MVG9_Consumer_Key_Of_ERP_Sync";
const USERNAME: &str = "integration@acme.example.com";

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: u64,
}

/// The claims of a posted assertion, once its signature has been found good.
fn claims(form: &Form) -> Claims {
    let public = DecodingKey::from_rsa_pem(&fs::read(key("rsa-public.pem")).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    jsonwebtoken::decode::<Claims>(&form["assertion"], &public, &validation).unwrap().claims
}

fn login(key_file: &str, login_url: &str, audience: Option<&str>) -> Result<JwtBearer, LoginError> {
    let key_file = key(key_file);
    let settings = JwtSettings {
        client_id: CLIENT_ID,
        username: USERNAME,
        key_file: &key_file,
        login_url: Some(login_url),
        my_domain: None,
        audience,
    };
    JwtBearer::new(&settings)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn the_key_signs_for_the_user_for_three_minutes() {
    for key_file in ["rsa-pkcs8.pem", "rsa-pkcs1.pem"] {
        let server = Endpoint::start(|own, _| grant(own)).await;
        let session = login(key_file, &server.url, None).unwrap().session().await.unwrap();
        assert_eq!(token_of(&session), TOKEN);
        assert_eq!(session.username.as_deref(), Some(USERNAME));
        assert_eq!(session.instance_url.as_str(), format!("{}/", server.url));

        let forms = server.forms();
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0]["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
        assert_eq!(forms[0].len(), 2, "{:?}", forms[0].keys());
        let claims = claims(&forms[0]);
        assert_eq!((claims.iss.as_str(), claims.sub.as_str(), claims.aud.as_str()), (CLIENT_ID, USERNAME, server.url.as_str()));
        assert!(claims.exp > now() && claims.exp <= now() + 180, "{claims:?}");
    }
}

#[tokio::test]
async fn another_audience_is_tried_only_where_the_first_is_blamed() {
    let server = Endpoint::start(|own, form| match claims(form).aud.as_str() {
        "https://login.salesforce.com" => grant(own),
        _ => refusal("invalid_grant", "audience is invalid"),
    })
    .await;
    login("rsa-pkcs8.pem", &server.url, None).unwrap().session().await.unwrap();
    assert_eq!(
        server.forms().iter().map(|form| claims(form).aud).collect::<Vec<_>>(),
        [&server.url, "https://login.salesforce.com"]
    );

    let server = Endpoint::start(|_, _| refusal("invalid_app_access", "user is not admin approved to access this app")).await;
    let error = refused(&login("rsa-pkcs8.pem", &server.url, None).unwrap()).await;
    assert_eq!(server.forms().len(), 1, "the user is refused, whatever the audience");
    assert!(error.starts_with("invalid_app_access: user is not admin approved to access this app ("), "{error}");
}

#[tokio::test]
async fn the_orgs_own_host_is_the_last_resort() {
    let central = Endpoint::start(|_, _| refusal("invalid_client", "External client app is not installed in this org")).await;
    let own = Endpoint::start(|own, _| grant(own)).await;
    let key_file = key("rsa-pkcs8.pem");
    let settings = JwtSettings {
        client_id: CLIENT_ID,
        username: USERNAME,
        key_file: &key_file,
        login_url: Some(&central.url),
        my_domain: Some(&own.url),
        audience: None,
    };
    let session = JwtBearer::new(&settings).unwrap().session().await.unwrap();
    assert_eq!(session.instance_url.as_str(), format!("{}/", own.url));
    assert_eq!((central.forms().len(), own.forms().len()), (1, 1));
    assert_eq!(claims(&own.forms()[0]).aud, own.url);
}

#[tokio::test]
async fn what_is_said_about_the_user_outlives_what_is_said_about_the_audience() {
    let first = Endpoint::start(|_, _| refusal("invalid_grant", "user hasn't approved this consumer")).await;
    let second = Endpoint::start(|_, _| refusal("invalid_grant", "audience is invalid")).await;
    let key_file = key("rsa-pkcs8.pem");
    let settings = JwtSettings {
        client_id: CLIENT_ID,
        username: USERNAME,
        key_file: &key_file,
        login_url: Some(&first.url),
        my_domain: Some(&second.url),
        audience: None,
    };
    let error = refused(&JwtBearer::new(&settings).unwrap()).await;
    assert!(error.contains("user hasn't approved this consumer"), "{error}");
    assert_eq!((first.forms().len(), second.forms().len()), (1, 1));
}

#[tokio::test]
async fn a_given_audience_is_the_only_one() {
    let server = Endpoint::start(|_, _| refusal("invalid_grant", "audience is invalid")).await;
    let error = refused(&login("rsa-pkcs8.pem", &server.url, Some("https://site.example.com/portal")).unwrap()).await;
    assert_eq!(server.forms().iter().map(|form| claims(form).aud).collect::<Vec<_>>(), ["https://site.example.com/portal"]);
    assert!(error.contains("SF_AUDIENCE_URL"), "{error}");
}

#[tokio::test]
async fn a_refusal_comes_with_code_text_and_advice() {
    let server = Endpoint::start(|_, _| refusal("invalid_grant", "user hasn't approved this consumer")).await;
    let error = refused(&login("rsa-pkcs8.pem", &server.url, None).unwrap()).await;
    assert!(error.starts_with("invalid_grant: user hasn't approved this consumer ("), "{error}");
    assert!(error.contains("refresh_token") && error.contains("pre-authorized"), "{error}");
}

#[tokio::test]
async fn the_token_does_not_go_to_another_host() {
    let server = Endpoint::start(|_, _| grant("https://acme.my.salesforce.com.example.com")).await;
    let error = login("rsa-pkcs8.pem", &server.url, None).unwrap().session().await.unwrap_err();
    assert!(matches!(&error, Error::ForeignHost(host) if host == "acme.my.salesforce.com.example.com"), "{error}");
    assert_hidden(&[TOKEN], &both_forms(&error));
}

#[tokio::test]
async fn an_assertion_the_server_sends_back_is_hidden() {
    let server = Endpoint::start(|_, form| refusal("invalid_grant", &format!("bad assertion {}", form["assertion"]))).await;
    let login = login("rsa-pkcs8.pem", &server.url, None).unwrap();
    let error = login.session().await.unwrap_err();
    let sent: Vec<String> = server.forms().iter().map(|form| form["assertion"].clone()).collect();
    assert_hidden(&sent.iter().map(String::as_str).collect::<Vec<_>>(), &both_forms(&error));
}

#[test]
fn a_file_that_is_no_private_rsa_key_is_named_for_what_it_is() {
    for (file, reason) in [
        ("certificate.pem", "it is a certificate"),
        ("rsa-public.pem", "it is a public key"),
        ("rsa-encrypted.pem", "encrypted"),
        ("rsa-pkcs1-encrypted.pem", "encrypted"),
        ("rsa-1024.pem", "2048 bits or more"),
        ("ec-pkcs8.pem", "no RSA key"),
        ("ec-sec1.pem", "elliptic curve"),
        ("README.md", "no private key in PEM form"),
        ("missing.pem", "cannot read the private key"),
    ] {
        let error = login(file, "https://login.salesforce.com", None).unwrap_err();
        assert!(error.to_string().contains(reason) && error.to_string().contains(file), "{file}: {error}");
        assert_hidden(&secret_lines(file), &[error.to_string(), format!("{error:?}")]);
    }
}

#[test]
fn a_certificate_before_the_key_and_a_broken_key_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| fs::read_to_string(key(name)).unwrap();
    let (whole, key_text) = (folder.path().join("both.pem"), read("rsa-pkcs8.pem"));
    fs::write(&whole, format!("Bag Attributes\n{}\n{key_text}", read("certificate.pem"))).unwrap();
    let settings = |key_file| JwtSettings {
        client_id: CLIENT_ID,
        username: USERNAME,
        key_file,
        login_url: None,
        my_domain: None,
        audience: None,
    };
    assert!(JwtBearer::new(&settings(&whole)).is_ok());

    let cut = folder.path().join("cut.pem");
    fs::write(&cut, &key_text[..key_text.len() / 2]).unwrap();
    let error = JwtBearer::new(&settings(&cut)).unwrap_err();
    assert!(matches!(error, LoginError::PrivateKey { .. }), "{error}");
    assert_hidden(&secret_lines("rsa-pkcs8.pem"), &[error.to_string(), format!("{error:?}")]);
}

#[test]
fn neither_key_nor_consumer_key_is_shown() {
    let shown = format!("{:?}", login("rsa-pkcs8.pem", "https://login.salesforce.com", None).unwrap());
    assert_hidden(&[CLIENT_ID], std::slice::from_ref(&shown));
    assert_hidden(&secret_lines("rsa-pkcs8.pem"), &[shown]);
}

#[test]
fn what_is_missing_is_named() {
    let key_file = key("rsa-pkcs8.pem");
    let settings = |client_id, username| JwtSettings {
        client_id,
        username,
        key_file: &key_file,
        login_url: None,
        my_domain: None,
        audience: None,
    };
    for (settings, option) in [(settings("", USERNAME), "--client-id"), (settings(CLIENT_ID, " "), "--username")] {
        let error = JwtBearer::new(&settings).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{option} is not set")), "{error}");
    }
}

/// The lines of a key file that are its secret.
fn secret_lines(file: &str) -> Vec<&'static str> {
    let text: &'static str = fs::read_to_string(key(file)).unwrap_or_default().leak();
    text.lines().filter(|line| line.len() > 40 && !line.contains(' ')).collect()
}
