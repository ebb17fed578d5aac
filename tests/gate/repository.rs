//! A git repository in a temporary folder, and the gate run in it.

use std::env;
use std::process::Command;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use crate::support::{Project, Run, command};

/// A repository with `before` as a tag, and another state in the work tree.
pub(crate) struct Repository {
    pub(crate) project: Project,
}

impl Repository {
    /// Commits these files.
    pub(crate) fn of(files: &[(&str, String)]) -> Self {
        let project = files.iter().fold(Project::new(), |project, (path, text)| project.file(path, text));
        let repository = Self { project };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit("before");
        repository
    }

    /// Runs git, on a day that does not change, so that the ids of commits do not, either.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.project, arguments)
    }

    pub(crate) fn commit(&self, tag: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", tag]);
        self.git(&["tag", tag]);
    }

    /// The gate as a program calls it.
    pub(crate) fn gate(&self, arguments: &[&str]) -> Run {
        let run = self.run(&[&["gate", "--format", "json"], base(arguments), arguments].concat());
        if run.code != 2 {
            static VALIDATOR: LazyLock<Validator> =
                LazyLock::new(|| jsonschema::validator_for(&orgwarden::report::json::schema()).unwrap());
            let document = run.json();
            let errors: Vec<String> =
                VALIDATOR.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new());
        }
        run
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(with_git(&mut self.project.command(arguments)).output().unwrap())
    }

    /// The same in a folder of it.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        Run::of(with_git(&mut command(&self.project.path(folder), arguments)).output().unwrap())
    }
}

pub(crate) fn git_in(project: &Project, arguments: &[&str]) -> String {
    let who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.current_dir(project.path("")).args(who).args(arguments);
    command.env("GIT_AUTHOR_DATE", "2026-05-01T00:00:00Z").env("GIT_COMMITTER_DATE", "2026-05-01T00:00:00Z");
    let output = with_git(&mut command).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The tests clear the environment of the program, which finds git by its path.
pub(crate) fn with_git(command: &mut Command) -> &mut Command {
    command.envs(env::var_os("PATH").map(|path| ("PATH", path))).env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", "/nonexistent")
}

/// `state rule subject` of what the report counts as new or worse.
pub(crate) fn introduced(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter().chain(report["unknown"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let new = all.filter(|it| it["verdict"] != "waived" && it["baseline"] != "known");
    new.map(|it| format!("{} {} {}", text(&it["baseline"]), text(&it["rule"]), text(&it["subject"]["name"]))).collect()
}

/// `state rule name` of what was there before and is not any more.
pub(crate) fn absent(report: &Value) -> Vec<String> {
    let all = report["baseline"]["absent"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|it| format!("{} {} {}", text(&it["state"]), text(&it["rule"]), text(&it["name"]))).collect()
}

/// What is compared with, where a test does not say.
fn base(arguments: &[&str]) -> &'static [&'static str] {
    if arguments.contains(&"--base") { &[] } else { &["--base", "before"] }
}
