//! A token that was handed in.

use orgwarden::salesforce::login::{HandedIn, Login, LoginError};

use crate::{TOKEN, assert_hidden, environment, token_of};

#[tokio::test]
async fn the_environment_gives_token_and_org() {
    let get =
        environment(&[("SF_ACCESS_TOKEN", &format!(" {TOKEN}\n")), ("SF_ORG_INSTANCE_URL", "https://acme.my.salesforce.com/")]);
    let login = HandedIn::from_environment(get).unwrap();
    let session = login.session().await.unwrap();
    assert_eq!(token_of(&session), TOKEN);
    assert_eq!(session.instance_url.as_str(), "https://acme.my.salesforce.com/");
    assert!(!login.can_renew(), "the same token again would loop");
}

#[test]
fn older_names_of_the_variables_count_where_the_present_ones_are_not_set() {
    let get = environment(&[
        ("SF_ACCESS_TOKEN", ""),
        ("SFDX_ACCESS_TOKEN", TOKEN),
        ("SFDX_INSTANCE_URL", "https://old.my.salesforce.com"),
        ("SF_ORG_INSTANCE_URL", "https://acme.my.salesforce.com"),
    ]);
    assert_eq!(HandedIn::from_environment(get).unwrap().instance_url().host_str(), Some("acme.my.salesforce.com"));
}

#[test]
fn what_is_missing_is_named() {
    let error = HandedIn::from_environment(environment(&[])).unwrap_err().to_string();
    assert!(error.contains("SF_ACCESS_TOKEN is not set"), "{error}");
    let error = HandedIn::from_environment(environment(&[("SF_ACCESS_TOKEN", TOKEN)])).unwrap_err().to_string();
    assert!(error.contains("SF_ORG_INSTANCE_URL is not set"), "{error}");
}

#[test]
fn any_url_of_the_org_leads_to_its_api_host() {
    for (given, host) in [
        ("https://acme.my.salesforce.com", "https://acme.my.salesforce.com/"),
        ("acme.my.salesforce.com", "https://acme.my.salesforce.com/"),
        ("https://acme.lightning.force.com/lightning/setup/SetupOneHome/home?x=1#y", "https://acme.my.salesforce.com/"),
        ("https://acme.my.salesforce-setup.com/lightning", "https://acme.my.salesforce.com/"),
        ("https://acme--uat.sandbox.lightning.force.com", "https://acme--uat.sandbox.my.salesforce.com/"),
        ("https://acme--uat.sandbox.my.salesforce-setup.com", "https://acme--uat.sandbox.my.salesforce.com/"),
        ("https://acme--uat.lightning.force.com", "https://acme--uat.my.salesforce.com/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/"),
        ("localhost:8080", "http://localhost:8080/"),
    ] {
        assert_eq!(HandedIn::new(TOKEN, given).unwrap().instance_url().as_str(), host, "{given}");
    }
}

#[test]
fn a_url_the_token_may_not_go_to_is_refused() {
    for url in [
        "",
        "not a url",
        "http://acme.my.salesforce.com",
        "ftp://acme.my.salesforce.com",
        "https://user:Passw0rd@acme.my.salesforce.com",
        "https://login.salesforce.com",
        "https://test.salesforce.com",
    ] {
        let error = HandedIn::new(TOKEN, url).unwrap_err();
        assert!(matches!(error, LoginError::Url { .. }), "{url}: {error:?}");
        assert_hidden(&["Passw0rd", TOKEN], &[error.to_string(), format!("{error:?}")]);
    }
}

#[test]
fn what_is_no_token_is_explained_and_not_repeated() {
    for (text, reason) in [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("[REDACTED] Use 'sf org auth show-access-token' to view", "sf org auth show-access-token"),
        ("Bearer 00D000000000001!Qx", "white space"),
        ("00D000000000001!Qx\u{7f}", "characters that no token has"),
        ("force://PlatformCLI::00D000000000001!Qx@acme.my.salesforce.com", "SFDX auth URL"),
    ] {
        let error = HandedIn::new(text, "https://acme.my.salesforce.com").unwrap_err().to_string();
        assert!(error.contains("SF_ACCESS_TOKEN") && error.contains(reason), "{text:?}: {error}");
        assert_hidden(&["!Qx"], &[error]);
    }
}

#[test]
fn a_token_is_not_shown() {
    assert_hidden(&[TOKEN], &[format!("{:?}", HandedIn::new(TOKEN, "https://acme.my.salesforce.com").unwrap())]);
}
