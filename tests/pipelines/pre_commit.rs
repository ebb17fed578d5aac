//! The hooks for pre-commit.

use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use super::support::{PROGRAM, Project, connected_app, oauth};
use super::{tools, yaml};

#[test]
fn the_hooks_run_the_audit_on_the_whole_tree() {
    let hooks = yaml::file(".pre-commit-hooks.yaml");
    let hooks = yaml::items(&hooks);
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        assert_eq!((&hook["entry"], &hook["pass_filenames"]), (&"orgwarden audit".into(), &false.into()), "{hook}");
    }
}

/// A change of a file that an audit reads must not slip by.
#[test]
fn the_pattern_has_every_file_that_is_read() {
    let hooks = yaml::file(".pre-commit-hooks.yaml");
    let pattern = Regex::new(hooks[0]["files"].as_str().unwrap()).unwrap();
    let mut names: Vec<String> =
        ["orgwarden.yaml", "org/orgwarden.yml", "sfdx-project.json", ".forceignore", "package.zip", "manifest/package.xml"]
            .map(str::to_owned)
            .to_vec();
    // The names by which files are recognised stand in quotes there.
    for source in ["src/collect/tree/recognise.rs", "src/collect/tree/keys.rs"] {
        let code = yaml::text(source);
        let code = code.split("#[cfg(test)]").next().unwrap();
        let quoted = |line: &str| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let tells_suffixes = |line: &&str| ["part(\"", "is_one_of(&[", ", Self::"].iter().any(|sign| line.contains(sign));
        let suffixes: Vec<String> = code.lines().filter(tells_suffixes).flat_map(quoted).collect();
        let is_settings = |name: &String| ["ConnectedApp", "ExternalClientApp", "OauthOidc", "Security"].contains(&name.as_str());
        assert!(suffixes.len() > 5, "{source}: {suffixes:?}");
        names.extend(
            suffixes.iter().map(|suffix| if is_settings(suffix) { format!("{suffix}.settings") } else { format!("x/Y.{suffix}") }),
        );
    }
    let missing: Vec<&String> = names.iter().filter(|name| !pattern.is_match(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for other in ["README.md", "classes/A.cls", "lwc/a/a.js", "package.json", "src/keys.rs"] {
        assert!(!pattern.is_match(other), "{other}");
    }
}

/// A git repository with a project and these hooks, and the program on the path.
struct Repository {
    project: Project,
}

impl Repository {
    fn new() -> Self {
        let project = Project::new().file("sfdx-project.json", "{}");
        let repository = Self { project };
        repository.git(&["init", "--quiet"]);
        repository
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var_os("PATH").unwrap();
        let own = Path::new(PROGRAM).parent().unwrap().to_owned();
        let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&path))).unwrap();
        command.current_dir(self.project.path("")).env("PATH", path).env("PRE_COMMIT_HOME", self.project.path(".git/pre-commit"));
        command.env("PRE_COMMIT_COLOR", "never");
        command
    }

    fn git(&self, arguments: &[&str]) {
        let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        let output = self.command(Path::new("git")).args(who).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn pre_commit_runs_the_hook_of_the_program_on_the_path() {
    let Some(pre_commit) = tools::find("pre-commit") else { return };
    // Of the hooks alone: pre-commit clones what it tries, and this repository may be large, or no repository.
    let hooks = Repository::new();
    hooks.project.write(".pre-commit-hooks.yaml", fs::read(yaml::path(".pre-commit-hooks.yaml")).unwrap());
    hooks.git(&["add", "--all"]);
    hooks.git(&["commit", "--quiet", "--message", "hooks"]);

    let repository = Repository::new();
    let try_hook = || {
        repository.git(&["add", "--all"]);
        let mut command = repository.command(&pre_commit);
        command.arg("try-repo").arg(hooks.project.path("")).args(["orgwarden-system", "--verbose"]);
        let output = command.output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    repository.project.write("README.md", "nothing to audit");
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "before"]);
    repository.project.write("notes.txt", "nothing to audit");
    let (code, said) = try_hook();
    assert!(code == 0 && said.contains("Skipped"), "{said}");

    repository.project.write("Portal.connectedApp-meta.xml", connected_app(&oauth("<scopes>Full</scopes>")));
    let (code, said) = try_hook();
    assert!(code == 1 && said.contains("[full-scope]") && said.contains("exit code: 1"), "{said}");
}
