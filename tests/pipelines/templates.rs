//! The template for GitLab CI.

use std::collections::BTreeSet;

use super::yaml;

const TEMPLATE: &str = "ci/gitlab/orgwarden.gitlab-ci.yml";

#[test]
fn every_report_that_is_kept_is_written() {
    let template = yaml::file(TEMPLATE);
    let artifacts = &template[".orgwarden"]["artifacts"];
    assert_eq!(artifacts["when"], "always", "findings end with exit code 1, and that is when reports are wanted");
    let kept: BTreeSet<&str> = yaml::items(&artifacts["paths"])
        .iter()
        .chain(artifacts["reports"].as_object().unwrap().values())
        .map(|path| path.as_str().unwrap())
        .collect();
    for job in ["orgwarden-gate", "orgwarden-audit"] {
        assert_eq!(template[job]["extends"], ".orgwarden");
        let script = template[job]["script"].to_string();
        let written: BTreeSet<&str> = script
            .split("--output ")
            .skip(1)
            .map(|rest| rest.split([' ', '"', '\\']).next().unwrap().split_once('=').unwrap().1)
            .collect();
        assert_eq!(written, kept, "{job}");
    }
}

/// What others may write, such as the name of a branch, is in variables that are in quotes. What the including file writes is words.
#[test]
fn variables_are_in_quotes_or_words() {
    let template = yaml::file(TEMPLATE);
    for (key, text) in yaml::strings(&template).into_iter().filter(|(key, _)| key == "script") {
        for (before, rest) in text.match_indices('$').map(|(at, _)| (&text[..at], &text[at..])) {
            let is_words = rest.starts_with("$ORGWARDEN_ARGS");
            assert!(is_words || before.ends_with('"'), "{key}: {text}");
        }
        assert!(!text.contains("$[["), "{text}");
    }
}
