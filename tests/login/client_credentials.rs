//! The client credentials flow.

use std::fs;

use orgwarden::salesforce::login::{ClientCredentials, Login};
use secrecy::ExposeSecret;

use crate::endpoint::Endpoint;
use crate::{TOKEN, assert_hidden, both_forms, environment, grant, refusal, refused, token_of};

const CLIENT_ID: &str = "3MVG9_Consumer_Key_Of_ERP_Sync";
const SECRET: &str = "Consumer_Secret_Of_ERP_Sync";

fn login(my_domain: &str) -> ClientCredentials {
    ClientCredentials::new(CLIENT_ID, SECRET.into(), my_domain).unwrap()
}

#[tokio::test]
async fn the_app_logs_in_for_itself() {
    let server = Endpoint::start(|own, _| grant(own)).await;
    let session = login(&server.url).session().await.unwrap();
    assert_eq!((token_of(&session), session.username.as_deref()), (TOKEN, None));
    let forms = server.forms();
    assert_eq!(forms.len(), 1);
    let mut fields: Vec<_> = forms[0].iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.sort_unstable();
    assert_eq!(fields, [("client_id", CLIENT_ID), ("client_secret", SECRET), ("grant_type", "client_credentials")]);
}

#[tokio::test]
async fn refusals_carry_advice_and_no_secret() {
    for (description, advice) in [
        ("no client credentials user enabled", "run-as user"),
        ("request not supported on this domain", "My Domain"),
        (SECRET, "invalid_grant: …"),
    ] {
        let server = Endpoint::start(move |_, _| refusal("invalid_grant", description)).await;
        let error = login(&server.url).session().await.unwrap_err();
        assert!(error.to_string().contains(advice), "{error}");
        assert_hidden(&[SECRET], &both_forms(&error));
    }
}

#[tokio::test]
async fn an_instance_url_that_is_no_url_is_refused() {
    let server = Endpoint::start(|_, _| grant("acme")).await;
    assert!(refused(&login(&server.url)).await.contains("instance_url"));
}

#[test]
fn hosts_that_know_no_org_are_refused() {
    for url in ["https://login.salesforce.com", "test.salesforce.com", "https://login.salesforce.com/services/oauth2/token"] {
        let error = ClientCredentials::new(CLIENT_ID, SECRET.into(), url).unwrap_err().to_string();
        assert!(error.contains("My Domain"), "{url}: {error}");
    }
}

#[test]
fn the_secret_comes_from_the_environment_or_a_file() {
    let get = environment(&[("ORGWARDEN_CLIENT_SECRET", SECRET)]);
    assert_eq!(ClientCredentials::secret(get, None).unwrap().expose_secret(), SECRET);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("client-secret");
    fs::write(&file, format!("{SECRET}\n")).unwrap();
    assert_eq!(ClientCredentials::secret(environment(&[]), Some(&file)).unwrap().expose_secret(), SECRET);

    fs::write(&file, "\n").unwrap();
    let error = ClientCredentials::secret(environment(&[]), Some(&file)).unwrap_err().to_string();
    assert!(error.contains("client-secret is not set"), "{error}");
    let error = ClientCredentials::secret(environment(&[]), None).unwrap_err().to_string();
    assert!(error.contains("ORGWARDEN_CLIENT_SECRET is not set"), "{error}");
    let error = ClientCredentials::new(CLIENT_ID, " ".into(), "https://acme.my.salesforce.com").unwrap_err().to_string();
    assert!(error.contains("ORGWARDEN_CLIENT_SECRET is not set"), "{error}");
}

#[test]
fn the_secret_is_not_shown() {
    assert_hidden(&[SECRET, CLIENT_ID], &[format!("{:?}", login("https://acme.my.salesforce.com"))]);
}
