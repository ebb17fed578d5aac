//! What the workflows must keep to, and that all who name an archive call it the same.

use std::collections::BTreeSet;

use serde_json::Value;

use super::yaml;

const WORKFLOWS: [&str; 2] = [".github/workflows/ci.yml", ".github/workflows/release.yml"];

fn jobs(workflow: &Value) -> impl Iterator<Item = (&str, &Value)> {
    yaml::entries(&workflow["jobs"])
}

/// The text of all scripts of a job.
fn scripts(job: &Value) -> String {
    yaml::items(&job["steps"]).iter().filter_map(|step| step["run"].as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn actions_of_others_are_named_by_commit() {
    let mut seen = BTreeSet::new();
    for file in ["action.yml", "docs/ci/github.md"].iter().chain(&WORKFLOWS) {
        let text = yaml::text(file);
        let used: Vec<&str> = text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: ")).collect();
        assert!(!used.is_empty());
        for action in used.iter().filter(|action| !action.starts_with("./") && !action.starts_with("OWNER/")) {
            let (_, version) = action.split_once('@').unwrap();
            let (commit, comment) =
                version.split_once(" # v").unwrap_or_else(|| panic!("{file}: {action} does not tell its version"));
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{file}: {action}");
            assert!(comment.split('.').count() == 3, "{file}: {action}");
            seen.insert((*action).to_owned());
        }
    }
    let names: BTreeSet<&str> = seen.iter().filter_map(|action| action.split('@').next()).collect();
    assert_eq!(names.len(), seen.len(), "one action by two versions: {seen:?}");
}

#[test]
fn jobs_have_what_they_need_and_no_more() {
    for file in WORKFLOWS {
        let workflow = yaml::file(file);
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{file}");
        for (name, job) in jobs(&workflow) {
            let permissions =
                job["permissions"].as_object().unwrap_or_else(|| panic!("{file}: {name} does not say its permissions"));
            assert!(job["uses"].is_string() || job["timeout-minutes"].is_u64(), "{file}: {name} may run for six hours");
            let may_write = permissions.values().any(|it| it == "write");
            assert!(!may_write || !scripts(job).contains("cargo"), "{file}: {name} may write, and runs code of dependencies");
            assert!(file.contains("release") || !may_write, "{file}: {name}");
            let steps = yaml::items(&job["steps"]).iter();
            for step in steps.filter(|step| step["uses"].as_str().is_some_and(|action| action.starts_with("actions/checkout@"))) {
                assert_eq!(step["with"]["persist-credentials"], false, "{file}: {name} leaves its token in the checkout");
            }
            assert!(!scripts(job).contains("${{"), "{file}: {name} has an expression in a script");
        }
    }
}

/// Whoever builds, installs or downloads: the same targets.
#[test]
fn every_target_that_is_built_can_be_installed() {
    let release = yaml::file(WORKFLOWS[1]);
    let matrices = jobs(&release).flat_map(|(_, job)| yaml::items(&job["strategy"]["matrix"]["include"]));
    let built: BTreeSet<&str> = matrices.filter_map(|it| it["target"].as_str()).collect();
    let script = yaml::text("ci/github/action.sh");
    let installed: BTreeSet<&str> = script.lines().filter_map(|line| line.split_once(") echo ")?.1.strip_suffix(" ;;")).collect();
    assert_eq!(built, installed);
    assert_eq!(built.len(), 5);
}

#[test]
fn cargo_binstall_finds_the_archives() {
    let manifest = yaml::text("Cargo.toml");
    let section = manifest.split_once("[package.metadata.binstall]\n").unwrap().1;
    let value = |key: &str| {
        let line = section.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")).unwrap();
        line.trim_end_matches('"').to_owned()
    };
    // As `ci/package.sh` packs them and `ci/github/action.sh` looks for them.
    assert_eq!(value("pkg-url"), "{ repo }/releases/download/v{ version }/orgwarden-{ target }.tar.gz");
    assert_eq!(value("bin-dir"), "orgwarden-{ target }/{ bin }{ binary-ext }");
    assert_eq!(value("pkg-fmt"), "tgz");
    let script = yaml::text("ci/package.sh");
    assert!(script.contains("name=orgwarden-$target\n") && script.contains("\"$archives/$name.tar.gz\""));
}

#[test]
fn tools_of_the_release_are_of_one_version() {
    let texts = [yaml::text("Dockerfile"), yaml::text(WORKFLOWS[1])];
    let versions: BTreeSet<&str> =
        texts.iter().flat_map(|text| text.split("cargo-auditable --version ").skip(1)).map(|rest| &rest[..5]).collect();
    assert_eq!(versions.len(), 1, "{versions:?}");
}
