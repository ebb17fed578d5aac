//! The catalogue of OAuth errors: its files are sound, and whatever a text is wrapped in, its error is found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use orgwarden::access::errors::{Answer, Catalogue, Cause, Condition, Confidence, Recognised, catalogue};
use orgwarden::inventory::flow::Flow;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::json;

fn all() -> &'static Catalogue {
    catalogue().unwrap()
}

fn answers() -> Vec<(&'static Condition, &'static Answer)> {
    all().conditions().iter().flat_map(|condition| condition.answers.iter().map(move |answer| (condition, answer))).collect()
}

fn ids<'a>(recognised: &Recognised<'a>) -> Vec<&'a str> {
    recognised.suspects.iter().map(|suspect| suspect.condition.id.as_str()).collect()
}

// The files

#[test]
fn everything_that_preflight_predicts_is_explained() {
    let missing: Vec<&str> = Cause::ALL.iter().filter(|cause| all().of(**cause).is_none()).map(|cause| cause.as_str()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn answers_are_for_flows_that_can_meet_the_condition() {
    for (condition, answer) in answers() {
        let outside: Vec<Flow> = condition.flows_of(answer).filter(|flow| !condition.is_met_by(*flow)).collect();
        assert!(outside.is_empty(), "{}: {outside:?}", condition.id);
        assert!(condition.flows_of(answer).next().is_some(), "{}", condition.id);
    }
}

#[test]
fn the_surest_answer_of_a_flow_and_place_comes_first() {
    for condition in all().conditions() {
        for flow in Flow::ALL {
            let answers: Vec<&Answer> = condition.answers_to(*flow, None).collect();
            for (first, second) in answers.iter().zip(answers.iter().skip(1)).filter(|(one, other)| one.place == other.place) {
                assert!(first.confidence >= second.confidence, "{} in {flow}: {second:?}", condition.id);
            }
        }
    }
}

#[test]
fn texts_are_written_alike() {
    let mut wrong = Vec::new();
    let mut sentence = |id: &str, text: &str| {
        if !text.ends_with('.')
            || text.contains("..")
            || !text.starts_with(|c: char| c.is_uppercase() || c == '<' || c.is_alphabetic())
        {
            wrong.push(format!("{id}: {text}"));
        }
    };
    let mut titles = BTreeMap::new();
    for condition in all().conditions() {
        let id = &condition.id;
        for text in [&condition.meaning, &condition.basis, &condition.confirm] {
            sentence(id, text);
            assert!(text.starts_with(char::is_uppercase), "{id}: {text}");
        }
        condition.answers.iter().for_each(|answer| sentence(id, &answer.basis));
        assert!(condition.title.starts_with(char::is_uppercase) && !condition.title.ends_with('.'), "{id}: {}", condition.title);
        assert!(id.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())), "{id}");
        for remedy in &condition.remedies {
            let title = &remedy.title;
            assert!(!remedy.setup.trim().is_empty(), "{title} says nothing of Setup");
            assert!(title.starts_with(char::is_uppercase) && !title.ends_with('.') && title.len() <= 70, "{title}");
            assert_eq!(*titles.entry(title).or_insert(&remedy.id), &remedy.id, "two remedies are called {title}");
            for text in
                [Some(&remedy.setup), remedy.connected_app.as_ref(), remedy.external_client_app.as_ref()].into_iter().flatten()
            {
                sentence(&remedy.id, text);
            }
        }
        assert!(condition.references.iter().all(|url| url.starts_with("https://")), "{id}");
    }
    assert!(wrong.is_empty(), "not a sentence: {wrong:#?}");
}

#[test]
fn the_same_text_is_spelt_the_same() {
    let texts: BTreeSet<&str> = answers().iter().filter_map(|(_, answer)| answer.text()).collect();
    let folded: BTreeSet<String> = texts.iter().map(|text| text.to_lowercase().trim_matches('.').to_owned()).collect();
    assert_eq!(texts.len(), folded.len(), "{texts:#?}");
}

/// Without an order of its own a shared text would be explained in the order of the files.
#[test]
fn every_text_of_several_conditions_has_its_order() {
    let mut conditions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (condition, answer) in answers() {
        conditions.entry(answer.text().unwrap_or_default()).or_default().insert(&condition.id);
    }
    conditions.remove("");
    let causes = include_str!("../errors/causes.yaml");
    for (text, conditions) in conditions.iter().filter(|(_, conditions)| conditions.len() > 1) {
        assert!(causes.contains(&format!("text: {text}\n")), "errors/causes.yaml lacks \"{text}\" of {conditions:?}");
    }
}

#[test]
fn the_answers_that_preflight_counts_on() {
    use Confidence::{High, Low, Medium};
    let first = |cause: Cause, flow: Flow| {
        let answer = all().of(cause).unwrap().answers_to(flow, None).next().unwrap();
        (answer.error.as_str(), answer.confidence)
    };
    for (cause, flow, error, confidence) in [
        (Cause::NotApproved, Flow::SamlBearer, "invalid_grant", High),
        (Cause::NotAdminApproved, Flow::JwtBearer, "invalid_app_access", High),
        (Cause::NotAdminApproved, Flow::ClientCredentials, "invalid_app_access", Medium),
        (Cause::NotAdminApproved, Flow::WebServer, "OAUTH_APP_ACCESS_DENIED", High),
        (Cause::NotAdminApproved, Flow::UsernamePassword, "invalid_app_access", Low),
        (Cause::RefreshScopeMissing, Flow::JwtBearer, "invalid_request", High),
        (Cause::RefreshScopeMissing, Flow::SamlBearer, "invalid_grant", Medium),
    ] {
        assert_eq!(first(cause, flow), (error, confidence), "{cause} in {flow}");
    }
    assert_eq!(all().of(Cause::HighAssuranceWithoutScreen).unwrap().answers, [], "a text that was never seen is not guessed");
}

// What is recognised

#[test]
fn a_shared_text_is_explained_in_its_order() {
    let suspects = |text: &str| ids(&all().recognise(text));
    assert_eq!(
        suspects("user hasn't approved this consumer")[..3],
        ["user-has-not-approved", "refresh-scope-missing", "user-unknown"]
    );
    assert_eq!(
        suspects("refresh_token scope is required and the connected app should be installed and preauthorized"),
        ["refresh-scope-missing", "invalid-assertion", "user-has-not-approved", "user-not-admin-approved"]
    );
    assert_eq!(suspects("user is not admin approved to access this app")[0], "user-not-admin-approved");
    assert_eq!(suspects("no client credentials user enabled"), ["no-run-as-user"]);
}

#[test]
fn a_code_alone_and_a_text_that_nobody_knows() {
    let code = all().recognise("invalid_grant");
    assert!(code.known && code.suspects.len() > 10 && code.description.is_none());
    let telling = all().recognise(r#"{"error":"redirect_uri_mismatch","error_description":"some new words"}"#);
    assert_eq!((telling.known, ids(&telling)), (true, vec!["redirect-uri-mismatch"]));
    let unknown = all().recognise(r#"{"error":"invalid_grant","error_description":"the moon is in the wrong house"}"#);
    assert!(!unknown.known && unknown.suspects.len() > 10);
    assert_eq!(unknown.description.as_deref(), Some("the moon is in the wrong house"));
    let slip = all().recognise(r#"{"error":"invalid_grant","error_description":"user has not aproved this consumer"}"#);
    assert_eq!((slip.known, slip.nearest), (false, Some("user hasn't approved this consumer")));
    let nothing = all().recognise("What a day!");
    assert_eq!((nothing.known, nothing.error, nothing.nearest, nothing.suspects.len()), (false, None, None, 0));
    assert!(!all().recognise("my certificate has expired").known, "one word of a sentence proves nothing");
}

#[test]
fn what_may_be_a_secret_is_not_in_the_result() {
    let token = "00D000000000001!AQ4AQFakeTokenThatIsLongEnoughToBeOne0123456789";
    for text in [
        format!(r#"{{"error":"{token}","error_description":"because of {token}"}}"#),
        format!("error={token}&error_description=because+of+{token}"),
        format!("{token} said invalid_grant"),
    ] {
        let shown = format!("{:?}", all().recognise(&text));
        assert!(!shown.contains("FakeToken"), "{shown}");
    }
}

/// Every way an answer is met with.
fn wrapped(answer: &Answer) -> Vec<String> {
    let (error, description) = (answer.error.as_str(), answer.description.as_deref());
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let form = |space: &str| {
        let description = description.map(|text| format!("&error_description={}", encoded(text).replace("%20", space)));
        format!("error={}{}", encoded(error), description.unwrap_or_default())
    };
    let object = match description {
        Some(description) => json!({ "error": error, "error_description": description }),
        None => json!({ "error": error }),
    };
    let xml = |text: &str| text.replace('&', "&amp;").replace('\'', "&apos;");
    vec![
        object.to_string(),
        format!("{object:#}"),
        json!([{ "message": description.unwrap_or(error), "errorCode": error }]).to_string(),
        json!({ "status": 1, "data": { "cause": object } }).to_string(),
        form("+"),
        form("%20"),
        format!("https://app.example.com/callback?state=x&{}", form("+")),
        format!("https://app.example.com/callback#{}&state=x", form("%20")),
        format!("https://acme.example.com/setup/secur/RemoteAccessErrorPage.apexp?{}", form("+")),
        format!(
            "https://login.example.com/?startURL={}",
            encoded(&format!("/setup/secur/RemoteAccessErrorPage.apexp?{}", form("+")))
        ),
        format!("< HTTP/2 302\n< location: https://app.example.com/cb?{}\n< content-length: 0", form("+")),
        format!(
            "<OAuth><error>{}</error>{}</OAuth>",
            xml(error),
            description.map(|text| format!("<error_description>{}</error_description>", xml(text))).unwrap_or_default()
        ),
        format!(
            "<soapenv:Fault><faultcode>sf:{error}</faultcode><faultstring>{error}: {}</faultstring></soapenv:Fault>",
            xml(description.unwrap_or(error))
        ),
    ]
}

fn finds(pasted: &str, condition: &Condition) -> bool {
    let found = all().recognise(pasted);
    found.known && ids(&found).contains(&condition.id.as_str())
}

#[test]
fn every_answer_is_found_in_every_encoding() {
    for (condition, answer) in answers() {
        for text in wrapped(answer) {
            assert!(finds(&text, condition), "{}: {text}", condition.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_answer_is_found_in_every_log_and_spelling(
        at in any::<prop::sample::Index>(),
        form in any::<prop::sample::Index>(),
        before in "[ \n%{}:*A-Za-z0-9=]{0,40}",
        after in "[ \n%:*A-Z}\\]]{0,40}",
        loud in any::<bool>(),
        curly in any::<bool>(),
    ) {
        let (condition, answer) = *at.get(&answers());
        let text = form.get(&wrapped(answer)).clone();
        let log = format!("* Connected {before}\n> POST /services/oauth2/token HTTP/2\n{{ [97 bytes data]\n{text}\n{after}");
        prop_assert!(finds(&log, condition), "{}: {log}", condition.id);
        let mut bare = answer.text().unwrap_or(&answer.error).to_owned();
        if curly {
            bare = bare.replace('\'', "\u{2019}");
        }
        if loud {
            bare = format!(" \t{}.\n", bare.to_uppercase());
        }
        prop_assert!(finds(&bare, condition), "{}: {bare:?}", condition.id);
    }

    #[test]
    fn no_text_makes_it_stumble(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for text in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            let found = all().recognise(&text);
            prop_assert!(!found.known || !found.suspects.is_empty());
        }
    }

    #[test]
    fn no_broken_form_makes_it_stumble(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", "\"", "'", "error", "error=", "error%3D", "?", "#", "&", "=", "%", "%2", "\u{1b}[", "\u{1b}[31m", "<", ">", "</error>", "<error>",
        ":", ",", "invalid_grant", "error_description", "\u{2019}", "\u{201c}", " ", "\n", "é", "&#39;", "&#x", "expired",
    ]), 0..60)) {
        let found = all().recognise(&pieces.concat());
        prop_assert!(!found.known || !found.suspects.is_empty());
    }
}
