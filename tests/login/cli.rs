//! The Salesforce CLI, played by shell scripts: what it writes is what its versions write.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use orgwarden::salesforce::login::cli::{Program, list_orgs};
use orgwarden::salesforce::login::{Login, LoginError, SalesforceCli};

use crate::{TOKEN, assert_hidden, both_forms, refused, token_of};

const LONG: Duration = Duration::from_mins(1);

/// Each script with its name; every call is logged beside it. `DISPLAY` begins the answer that all versions share.
const SCRIPTS: &[(&str, &str)] = &[
    ("older", "echo DISPLAY',\"accessToken\":\"TOKEN\"}}'"),
    (
        "newer",
        r#"case "$*" in
          *show-access-token*) echo '{"status":0,"result":{"accessToken":"TOKEN"},"warnings":["This command exposes a secret."]}' ;;
          *) echo DISPLAY',"accessToken":"[REDACTED] Use '"'sf org auth show-access-token'"' to view"},"warnings":[]}' ;;
        esac"#,
    ),
    (
        "silent-about-token",
        r#"case "$*" in *show*) echo '{"status":0,"result":{"accessToken":"TOKEN"}}' ;; *) echo DISPLAY'}}' ;; esac"#,
    ),
    (
        "warns",
        "echo 'Warning: @salesforce/cli update available. TOKEN' >&2; echo 'one line more'; echo DISPLAY',\"accessToken\":\"TOKEN\"}}'",
    ),
    ("lightning", r#"echo '{"status":0,"result":{"instanceUrl":"https://acme.lightning.force.com","accessToken":"TOKEN"}}'"#),
    (
        "not-found",
        r#"echo '{"status":1,"name":"NamedOrgNotFoundError","message":"No authorization information found for prod.","exitCode":1,"warnings":[]}'; exit 1"#,
    ),
    (
        "not-found-newer",
        r#"printf '%s\n' '{"name":"NamedOrgNotFoundError","message":"Parsing --target-org \n\tNo authorization information found for prod.\nSee more help with --help","exitCode":2,"warnings":[],"code":"NamedOrgNotFoundError","status":2}'; exit 2"#,
    ),
    (
        "expired",
        r#"case "$*" in
          *show*) echo '{"status":1,"name":"RefreshTokenAuthError","message":"Error authenticating with TOKEN and force://PlatformCLI::5Aep@acme.example.com"}'; exit 1 ;;
          *) echo DISPLAY',"connectedStatus":"RefreshTokenAuthError","accessToken":"[REDACTED] x"}}' ;;
        esac"#,
    ),
    (
        "no-show-command",
        r#"case "$*" in *show*) echo 'command not found' >&2; exit 127 ;; *) echo DISPLAY',"connectedStatus":"Unable to refresh"}}' ;; esac"#,
    ),
    ("empty-token", r#"case "$*" in *show*) echo '{"status":0,"result":{"accessToken":""}}' ;; *) echo DISPLAY'}}' ;; esac"#),
    ("plain-http", r#"echo '{"status":0,"result":{"instanceUrl":"http://acme.example.com","accessToken":"TOKEN"}}'"#),
    ("wrong-shape", r#"echo '{"status":0,"result":{"instanceUrl":"https://acme.example.com","accessToken":{"value":"TOKEN"}}}'"#),
    ("no-json", "echo '<html>TOKEN</html>'"),
    ("nothing", "exit 0"),
    ("hangs", "exec sleep 600"),
    (
        "lists",
        r#"echo '{"status":0,"result":{
          "nonScratchOrgs":[
            {"username":"admin@acme.example.com","alias":"prod","orgId":"00D000000000001AAA","instanceUrl":"https://acme.my.salesforce.com","connectedStatus":"Connected","accessToken":"TOKEN"},
            {"username":"admin@acme.example.com.uat","orgId":"00D000000000002AAA","connectedStatus":"RefreshTokenAuthError"}],
          "sandboxes":[{"username":"admin@acme.example.com.uat","orgId":"00D000000000002AAA"}],
          "devHubs":[{"username":"admin@acme.example.com"}],
          "other":[{"username":"other@example.com","isExpired":"unknown"}],
          "scratchOrgs":[
            {"username":"gone@example.com","isExpired":true,"status":"Expired"},
            {"username":"deleted@example.com","isExpired":false,"status":"Deleted"},
            {"username":"alive@example.com","alias":"","isExpired":false,"status":"Active"}]},"warnings":[]}'"#,
    ),
    ("lists-older", r#"echo '{"status":0,"result":{"nonScratchOrgs":[{"username":"admin@acme.example.com"}],"scratchOrgs":[]}}'"#),
    ("lists-nobody", r#"echo '{"status":0,"result":{"nonScratchOrgs":[{"orgId":"00D000000000001AAA"}]}}'"#),
];

const DISPLAY: &str = r#"'{"status":0,"result":{"id":"00D000000000001AAA","apiVersion":"66.0","instanceUrl":"https://acme.my.salesforce.com","username":"admin@acme.example.com","clientId":"PlatformCLI"'"#;

/// All scripts at once: a script must not be open for writing while another test starts a process.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("salesforce-cli");
    let _ = fs::remove_dir_all(&folder);
    for (name, body) in SCRIPTS {
        let path = folder.join(name).join("sf");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let log = r#"printf '%s|%s|%s|%s\n' "$*" "$SF_DISABLE_TELEMETRY" "$SF_AUTOUPDATE_DISABLE" "$FORCE_COLOR" >> "$0.log""#;
        let body = body.replace("DISPLAY", DISPLAY).replace("TOKEN", TOKEN);
        fs::write(&path, format!("#!/bin/sh\n{log}\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
});

fn program(script: &str) -> Program {
    Program::new(FOLDER.join(script).join("sf"), LONG)
}

fn cli(script: &str) -> SalesforceCli {
    SalesforceCli::new(program(script), "prod").unwrap()
}

fn calls(script: &str) -> Vec<String> {
    fs::read_to_string(FOLDER.join(script).join("sf.log")).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_older_version_shows_the_token_at_once() {
    let login = cli("older");
    let session = login.session().await.unwrap();
    assert_eq!(token_of(&session), TOKEN);
    assert_eq!(session.instance_url.as_str(), "https://acme.my.salesforce.com/");
    assert_eq!(session.username.as_deref(), Some("admin@acme.example.com"));
    login.session().await.unwrap();
    assert_eq!(calls("older"), ["org display --target-org prod --json|true|true|0"; 2]);
}

#[tokio::test]
async fn a_newer_version_is_asked_for_the_token_and_to_renew_for_it_alone() {
    let login = cli("newer");
    for _ in 0..2 {
        assert_eq!(token_of(&login.session().await.unwrap()), TOKEN);
    }
    let show = "org auth show-access-token --target-org prod --json|true|true|0";
    assert_eq!(calls("newer"), ["org display --target-org prod --json|true|true|0", show, show]);
}

#[tokio::test]
async fn a_token_that_is_not_there_is_asked_for() {
    assert_eq!(token_of(&cli("silent-about-token").session().await.unwrap()), TOKEN);
}

#[tokio::test]
async fn warnings_do_no_harm() {
    assert_eq!(token_of(&cli("warns").session().await.unwrap()), TOKEN);
}

#[tokio::test]
async fn the_api_host_is_derived() {
    assert_eq!(cli("lightning").session().await.unwrap().instance_url.as_str(), "https://acme.my.salesforce.com/");
}

#[tokio::test]
async fn failures_say_what_to_do_and_hold_no_token() {
    for (script, parts) in [
        ("not-found", &["`prod`", "No authorization information found", "sf org list", "sf org login web"][..]),
        (
            "not-found-newer",
            &["`prod`: No authorization information found for prod. (NamedOrgNotFoundError); `sf org list`", "sf org login web"],
        ),
        ("expired", &["`prod`", "RefreshTokenAuthError", "status of its connection", "sf org login web"]),
        ("no-show-command", &["not the JSON asked for", "sf update", "status of its connection is: Unable to refresh"]),
        ("empty-token", &["`prod`", "it is empty"]),
        ("plain-http", &["`prod`", "https"]),
        ("wrong-shape", &["not the JSON asked for"]),
        ("no-json", &["not the JSON asked for"]),
        ("nothing", &["not the JSON asked for"]),
    ] {
        let error = cli(script).session().await.expect_err(script);
        for part in parts {
            assert!(error.to_string().contains(part), "{script}: {error}");
        }
        assert_hidden(&[TOKEN, "5Aep"], &both_forms(&error));
    }
}

#[tokio::test]
async fn a_cli_that_hangs_is_given_up() {
    let program = Program::new(FOLDER.join("hangs/sf"), Duration::from_millis(50));
    let error = refused(&SalesforceCli::new(program, "prod").unwrap()).await;
    assert!(error.contains("did not answer within"), "{error}");
}

#[tokio::test]
async fn without_the_cli_the_other_ways_are_named() {
    let error = refused(&SalesforceCli::new(Program::new(FOLDER.join("none/sf"), LONG), "prod").unwrap()).await;
    for part in ["not on the path", "@salesforce/cli", "SF_ACCESS_TOKEN", "JWT", "client credentials", "SFDX auth URL"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_name_that_would_be_an_option_is_refused() {
    for name in ["", " ", "-o", "--json", "a\u{1b}[2Jb"] {
        let error = SalesforceCli::new(Program::default(), name).unwrap_err();
        assert!(matches!(error, LoginError::OrgName { .. }), "{error}");
        assert!(!error.to_string().contains('\u{1b}'), "{error:?}");
    }
}

#[tokio::test]
async fn the_list_has_each_user_once_and_no_dead_scratch_org() {
    let orgs = list_orgs(&program("lists")).await.unwrap();
    let names: Vec<(&str, Option<&str>)> = orgs.iter().map(|org| (org.username.as_str(), org.alias.as_deref())).collect();
    assert_eq!(
        names,
        [
            ("admin@acme.example.com", Some("prod")),
            ("admin@acme.example.com.uat", None),
            ("alive@example.com", None),
            ("other@example.com", None),
        ]
    );
    assert_eq!(orgs[0].org_id.as_deref(), Some("00D000000000001AAA"));
    assert_eq!(orgs[0].instance_url.as_deref(), Some("https://acme.my.salesforce.com"));
    assert_eq!(
        orgs[1].connected_status.as_deref(),
        Some("RefreshTokenAuthError"),
        "a broken connection is for the audit to report"
    );
    assert_hidden(&[TOKEN], &[format!("{orgs:?}")]);
    assert_eq!(calls("lists"), ["org list --json|true|true|0"]);
}

#[tokio::test]
async fn older_lists_are_read_and_incomplete_ones_refused() {
    assert_eq!(list_orgs(&program("lists-older")).await.unwrap().len(), 1);
    for script in ["lists-nobody", "no-json"] {
        assert!(list_orgs(&program(script)).await.is_err(), "{script}");
    }
}
