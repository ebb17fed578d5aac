//! The org that is meant when none is named.

use std::fs;
use std::path::Path;

use orgwarden::salesforce::login::{LoginError, default_org};
use tempfile::TempDir;

use crate::environment;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Name and origin of the default org as seen from `directory`.
fn found(variables: &[(&str, &str)], directory: &Path, home: Option<&Path>) -> Option<(String, String)> {
    default_org(environment(variables), directory, home).unwrap().map(|org| (org.name, org.from.to_string()))
}

const PROJECT: (&str, &str) = ("sfdx-project.json", "{}");

#[test]
fn the_environment_goes_before_all_files() {
    let home = folder(&[(".sf/config.json", r#"{"target-org":"home"}"#)]);
    let org = found(&[("SF_TARGET_ORG", "prod"), ("SFDX_DEFAULTUSERNAME", "old")], home.path(), Some(home.path()));
    assert_eq!(org, Some(("prod".into(), "SF_TARGET_ORG".into())));
    let org = found(&[("SF_TARGET_ORG", " "), ("SFDX_DEFAULTUSERNAME", "old")], home.path(), Some(home.path()));
    assert_eq!(org, Some(("old".into(), "SFDX_DEFAULTUSERNAME".into())));
}

#[test]
fn the_project_goes_before_the_home() {
    let home = folder(&[(".sf/config.json", r#"{"target-org":"home"}"#)]);
    let project =
        folder(&[PROJECT, (".sf/config.json", r#"{"target-dev-hub":"hub","target-org":"uat"}"#), ("force-app/main/x", "")]);
    for directory in [project.path().to_owned(), project.path().join("force-app/main")] {
        let from = project.path().join(".sf/config.json").display().to_string();
        assert_eq!(found(&[], &directory, Some(home.path())), Some(("uat".into(), from)));
    }
}

#[test]
fn the_configuration_of_a_folder_that_is_no_project_does_not_count() {
    let home = folder(&[(".sf/config.json", r#"{"target-org":"home"}"#)]);
    let other = folder(&[(".sf/config.json", r#"{"target-org":"uat"}"#)]);
    assert_eq!(found(&[], other.path(), Some(home.path())).unwrap().0, "home");
    assert_eq!(found(&[], other.path(), None), None);
}

#[test]
fn the_older_file_counts_where_the_present_one_names_no_org() {
    let old = (".sfdx/sfdx-config.json", r#"{"defaultusername":"old"}"#);
    let project = folder(&[PROJECT, (".sf/config.json", r#"{"target-dev-hub":"hub"}"#), old]);
    assert_eq!(found(&[], project.path(), None).unwrap().0, "old");
    let project = folder(&[PROJECT, (".sf/config.json", r#"{"target-org":"new"}"#), old]);
    assert_eq!(found(&[], project.path(), None).unwrap().0, "new");
}

#[test]
fn a_file_that_cannot_be_understood_does_not_lead_to_another_org() {
    let home = folder(&[(".sf/config.json", r#"{"target-org":"prod"}"#)]);
    for text in ["{", "[]", r#"{"target-org":["uat"]}"#, ""] {
        let project = folder(&[PROJECT, (".sf/config.json", text)]);
        let error = default_org(environment(&[]), project.path(), Some(home.path())).unwrap_err();
        assert!(matches!(error, LoginError::Configuration { .. }), "{text}: {error}");
        assert!(error.to_string().contains("config.json") && error.to_string().contains("--target-org"), "{error}");
    }
}
