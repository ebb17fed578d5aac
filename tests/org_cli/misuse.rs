//! What cannot be meant ends with exit code 2 and words that say what to do, before anything is asked.

use super::{run, salesforce_cli, words};
use crate::support::Project;

/// Variables and their values.
type Environment<'a> = &'a [(&'a str, String)];

#[test]
fn mistakes_are_told_before_anything_is_asked() {
    let folder = Project::new().file("key.pem", "no key").file("url.txt", "force://nothing");
    let path = salesforce_cli(&folder, &[]);
    let insecure =
        [("SF_ACCESS_TOKEN", "00D1!FAKE-TOKEN".to_owned()), ("SF_ORG_INSTANCE_URL", "http://acme.example.com".to_owned())];
    let secret = [("ORGWARDEN_CLIENT_SECRET", "FAKE-SECRET".to_owned())];
    let cli = [("PATH", path)];
    let none: Environment<'_> = &[];
    let cases: [(&[&str], Environment<'_>, &str); 22] = [
        (&["audit", "-o", "prod", "force-app"], none, "a live org and files were asked for"),
        (&["inventory", "-o", "prod", "--snapshot", "a.gz"], none, "a live org and a snapshot were asked for"),
        (&["audit", "--snapshot", "a.gz", "force-app"], none, "a snapshot and files were asked for"),
        (&["audit", "-o", "prod", "--no-forceignore"], none, "--no-forceignore is about files"),
        (&["audit", "--usage"], none, "--usage is about live orgs, and none was asked for: name one with --target-org"),
        (&["facts", "ERP_Sync", "--max-api-calls", "5"], none, "--max-api-calls is about live orgs"),
        (&["audit", "--snapshot", "a.gz", "-v"], none, "a snapshot is not asked anything"),
        (&["audit", "-o", "prod", "--all-orgs"], none, "cannot be used with '--all-orgs'"),
        (&["audit", "--org-from-env", "--client-id", "key"], none, "cannot be used with"),
        (&["audit", "--client-id", "key", "--jwt-key-file", "key.pem"], none, "--username"),
        (&["audit", "-o", "prod", "--api-version", "newest"], none, "is no API version"),
        (&["snapshot", "--org-from-env"], none, "--output-file"),
        (&["audit", "--org-from-env"], none, "SF_ACCESS_TOKEN is not set"),
        (&["audit", "-o", "env:"], &insecure, "SF_ORG_INSTANCE_URL"),
        (&["audit", "-o", "prod"], none, "the Salesforce CLI (`sf`) is not on the path"),
        (&["audit", "-o", "prod"], &cli, "no session for the org `prod`"),
        (&["doctor"], none, "no org is named and there is no default"),
        (&["audit", "--client-id", "key"], none, "ORGWARDEN_CLIENT_SECRET is not set"),
        (&["audit", "--client-id", "key"], &secret, "--login-url"),
        (&["audit", "--client-id", "key", "--login-url", "http://acme.example.com"], &secret, "--login-url"),
        (
            &["audit", "--client-id", "key", "--username", "ada@example.com", "--jwt-key-file", "key.pem"],
            none,
            "key.pem cannot sign",
        ),
        (&["audit", "--sfdx-url-file", "url.txt"], none, "url.txt holds no SFDX auth URL"),
    ];
    for (args, environment, said) in cases {
        let run = run(&folder, args, environment);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {}", run.err);
        assert!(words(&run).contains(said), "{args:?} should say {said:?}: {}", run.err);
        super::assert_no_secret(&run.err);
    }
}

#[test]
fn no_option_takes_a_secret() {
    let help = run(&Project::new(), &["audit", "--help"], &[]).out;
    for line in help.lines().filter(|line| line.trim_start().starts_with("--")) {
        let takes = line.trim();
        let secret = ["secret", "token", "password", "key"].iter().any(|word| takes.contains(word));
        assert!(!secret || takes.ends_with("-file <FILE>"), "{takes}");
    }
}
