//! `orgwarden explain`, as people and pipelines use it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::Value;
use support::{Run, command};

const MOTIVATING: &str = r#"{"error":"invalid_grant","error_description":"user hasn't approved this consumer"}"#;

/// The program with something on standard input, or nothing at all.
fn run_with(args: &[&str], input: &str) -> Run {
    let mut child = command(Path::new(env!("CARGO_MANIFEST_DIR")), &[&["explain"], args].concat())
        .env("COLUMNS", "80")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not wait for what is piped in.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Run::of(child.wait_with_output().unwrap())
}

fn run(args: &[&str]) -> Run {
    run_with(args, "")
}

fn conditions(explanation: &Value) -> Vec<&str> {
    support::column(&explanation["conditions"], "id")
}

#[test]
fn the_motivating_error_is_explained_whatever_it_is_wrapped_in() {
    let forms = [
        MOTIVATING.to_owned(),
        format!("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{MOTIVATING}\n"),
        format!(
            "* Connected to acme.my.salesforce.com\n> POST /services/oauth2/token HTTP/2\n}} [1204 bytes data]\n< HTTP/2 400\n{MOTIVATING}* Connection #0 left intact",
        ),
        "error=invalid_grant&error_description=user%20hasn%27t%20approved%20this%20consumer".to_owned(),
        "https://app.example.com/cb?error=invalid_grant&error_description=user+hasn%27t+approved+this+consumer&state=1".to_owned(),
        "https://app.example.com/cb#error=invalid_grant&error_description=user+hasn't+approved+this+consumer".to_owned(),
        "https://acme.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_grant&error_description=user+hasn%27t+approved+this+consumer".to_owned(),
        r#"[{"message":"user hasn't approved this consumer","errorCode":"invalid_grant"}]"#.to_owned(),
        "Error (JwtGrantError): invalid_grant - User hasn\u{2019}t approved this consumer.".to_owned(),
        "\u{201c}user hasn\u{2019}t   approved this consumer.\u{201d}".to_owned(),
    ];
    for form in forms {
        let run = run(&[&form, "--format", "json"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{form}");
        let told = run.json();
        assert_eq!(told["schema"], "orgwarden/explain-v1");
        assert_eq!(told["description"], "user hasn't approved this consumer", "{form}");
        assert_eq!(conditions(&told)[..2], ["user-has-not-approved", "refresh-scope-missing"], "{form}");
        let flows = support::column(&told["flows"], "id");
        assert!(flows.contains(&"jwt-bearer") && flows.contains(&"saml-bearer") && !flows.contains(&"web-server"), "{flows:?}");
    }
}

#[test]
fn standard_input_is_read_where_nothing_else_is_given() {
    let given = run(&[MOTIVATING]);
    for args in [&[][..], &["-"]] {
        assert_eq!(run_with(args, MOTIVATING).out, given.out, "{args:?}");
        assert_eq!(given.code, 0);
        let nothing = run_with(args, " \n");
        assert_eq!((nothing.code, nothing.out.as_str()), (2, ""));
        assert!(nothing.err.starts_with("error: there is nothing to explain\n"), "{}", nothing.err);
    }
}

#[test]
fn a_page_says_what_to_confirm_and_what_to_change() {
    let page = run(&[MOTIVATING]).out;
    for part in [
        "invalid_grant: user hasn't approved this consumer",
        "1. Nobody has approved the app for the user [user-has-not-approved]",
        "Confirm: ",
        "Confidence: high.",
        "Remedy: Set Permitted Users to admin-approved",
        "Remedy: Let the user approve the app once, with a refresh token",
        "<isAdminApproved>true</isAdminApproved>",
        "Remedy: Add the refresh_token scope to the app (see 1)",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let line_of_words = |line: &&str| line.chars().count() > 80 && line.trim().contains(' ');
    assert_eq!(page.lines().find(line_of_words), None, "it fits the terminal");
}

#[test]
fn an_explanation() {
    let answer = r#"{"error":"invalid_grant","error_description":"no client credentials user enabled"}"#;
    assert_snapshot!("explanation", run(&[answer]).out);
}

#[test]
fn secrets_in_what_was_pasted_are_not_printed() {
    let secrets = [
        "00D000000000001!AQ4AQFakeAccessToken",
        "eyJhbGciOiJSUzI1NiJ9.FakeAssertion.c2ln",
        "FakeSecret0123456789",
        "hunter2-FakePassword",
    ];
    let [token, assertion, secret, password] = secrets;
    let log = format!(
        "curl -v https://login.example.com/services/oauth2/token -d assertion={assertion} -d client_secret={secret}\n\
         > Authorization: Bearer {token}\n> password={password}\n"
    );
    let unknown = format!(r#"{{"error":"invalid_grant","error_description":"{token} is not {secret}","access_token":"{token}"}}"#);
    for text in [
        format!("{log}{MOTIVATING}"),
        log.clone(),
        format!("{log}{unknown}"),
        format!("error={token}&error_description={assertion}"),
    ] {
        for format in ["text", "json"] {
            let run = run_with(&["--format", format], &text);
            for secret in secrets {
                assert!(!run.out.contains(secret) && !run.err.contains(secret), "{secret}:\n{}\n{}", run.out, run.err);
            }
        }
    }
}

#[test]
fn terminal_escapes_in_what_was_pasted_do_nothing() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2Jmoon\u{202e}";
    let json = serde_json::json!({ "error": "invalid_grant", "error_description": evil }).to_string();
    for text in [json.as_str(), "\u{1b}[31minvalid-\u{1b}[2Jthing\u{1b}[0m", "invalid\u{1b}[2J-id"] {
        for format in ["text", "json"] {
            let run = run(&[text, "--format", format]);
            assert!(matches!(run.code, 2 | 3), "{text:?}");
            for shown in [&run.out, &run.err] {
                assert!(!shown.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
            }
        }
    }
    let secret = run(&["0f8fad5b-fake-secret-token"]);
    assert_eq!((secret.code, secret.err.contains("0f8fad5b")), (3, false), "{}", secret.err);
    let coloured = run(&["\u{1b}[31minvalid_grant\u{1b}[0m: \u{1b}[1muser hasn't approved this consumer\u{1b}[0m"]);
    assert_eq!(coloured.code, 0, "colours of another program are no obstacle");
}

#[test]
fn an_unknown_error_is_told_apart_from_misuse() {
    let unknown = run(&[r#"{"error":"invalid_grant","error_description":"the moon is in the wrong house"}"#]);
    assert_eq!(unknown.code, 3);
    assert!(unknown.out.starts_with("invalid_grant: the moon is in the wrong house\n"), "{}", unknown.out);
    assert!(unknown.out.contains("The code is known with other texts:\n\n- "), "{}", unknown.out);
    assert!(
        unknown.err.starts_with("error: this is not in the catalogue of errors\nhelp: paste the whole answer"),
        "{}",
        unknown.err
    );
    let nothing = run(&["the moon"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (3, ""));
    let told = run(&["the moon", "--format", "json"]);
    assert_eq!((told.code, &told.json()["known"]), (3, &Value::Bool(false)));
    let slip = run(&["user hasnt aproved this consumer"]);
    assert_eq!(slip.code, 3);
    assert!(slip.err.contains("help: did you mean `user hasn't approved this consumer`?"), "{}", slip.err);
    let id = run(&["refresh-scope-mising"]);
    assert_eq!((id.code, id.out.as_str()), (2, ""));
    assert_eq!(
        id.err,
        "error: there is no rule and no condition `refresh-scope-mising`\nhelp: did you mean `refresh-scope-missing`?\n"
    );
}

#[test]
fn a_rule_has_one_page() {
    let page = run(&["refresh-token-scope-missing"]);
    assert_eq!(page.code, 0);
    let shown = command(Path::new("."), &["rules", "show", "refresh-token-scope-missing"]).env("COLUMNS", "80").output().unwrap();
    assert_eq!(page.out, Run::of(shown).out);
    let bad = "\nBad example\n  - name: certificate without the scope\n    facts:\n      app.oauth.configured: true\n";
    assert!(page.out.contains(bad), "{}", page.out);
    assert!(page.out.contains("\nGood example\n  - name: certificate with the scope\n"), "{}", page.out);
    let told = run(&["refresh-token-scope-missing", "--format", "json"]).json();
    assert_eq!((&told["about"], &told["rule"]["severity"]), (&"rule".into(), &"high".into()));
}

#[test]
fn a_rule_and_the_condition_it_warns_of_are_shown_together() {
    let page = run(&["code-credentials-off-in-org"]).out;
    assert!(page.contains("\nWhat must hold\n") && page.contains("\n\ncode-credentials-off-in-org\nThe org has the"), "{page}");
    let told = run(&["code-credentials-off-in-org", "--format", "json"]).json();
    assert_eq!((&told["about"], conditions(&told)), (&"rule".into(), vec!["code-credentials-off-in-org"]));
}

#[test]
fn every_example_is_shown_as_the_file_has_it() {
    let rules = orgwarden::rules::builtin().0.rules;
    for rule in &rules {
        let file = rule.location().text().unwrap().text().replace("\n  ", "\n");
        for example in rule.examples() {
            let written = example.as_written();
            assert!(
                written.starts_with("- ") && written.contains(&format!("verdict: {}", example.verdict)),
                "{}: {written}",
                rule.id()
            );
            assert!(file.contains(&written), "{}: {written}", rule.id());
            assert_eq!(written.matches("- name: ").count(), 1, "{}: {written}", rule.id());
        }
    }
}

#[test]
fn a_condition_has_a_page() {
    let page = run(&["refresh-scope-missing"]);
    assert_eq!(page.code, 0);
    assert!(page.out.starts_with("refresh-scope-missing\nThe app lacks the refresh_token scope\n\nMeans\n"), "{}", page.out);
    let unseen = run(&["user-frozen"]);
    assert!(unseen.out.contains("Answer\n  Its text was not seen.\n"), "{}", unseen.out);
    let told = run(&["refresh-scope-missing", "--format", "json"]).json();
    assert_eq!((&told["about"], conditions(&told)), (&"condition".into(), vec!["refresh-scope-missing"]));
}

#[test]
fn json_is_as_its_schema_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = Run::of(command(folder, &["schema", "explain"]).output().unwrap()).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for what in [MOTIVATING, "invalid_grant", "the moon", "refresh-scope-missing", "refresh-token-scope-missing"] {
        let told = run(&[what, "--format", "json"]).json();
        let problems: Vec<String> = validator.iter_errors(&told).map(|error| error.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{what}");
    }
}
