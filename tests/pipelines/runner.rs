//! A runner of GitHub Actions, as far as the script of the action needs one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use tempfile::TempDir;

use super::support::PROGRAM;
use super::{tools, yaml};

/// A step of the action with its files.
pub(crate) struct Runner {
    pub(crate) home: TempDir,
    variables: Vec<(String, OsString)>,
    /// What is found before all else.
    path: Vec<PathBuf>,
    work: PathBuf,
}

/// What a step did.
pub(crate) struct Step {
    pub(crate) code: i32,
    /// Standard output and error.
    pub(crate) log: String,
    pub(crate) outputs: String,
    pub(crate) summary: String,
    pub(crate) path: String,
}

impl Runner {
    /// With the inputs as `action.yml` has them where nobody says otherwise, in the example.
    pub(crate) fn new() -> Self {
        let home = TempDir::new().unwrap();
        for folder in ["temp", "bin"] {
            fs::create_dir(home.path().join(folder)).unwrap();
        }
        let path = vec![home.path().join("bin"), Path::new(PROGRAM).parent().unwrap().to_owned()];
        let mut runner = Self { variables: Vec::new(), path, work: yaml::path("examples/acme"), home };
        for (variable, input) in inputs() {
            let default = yaml::file("action.yml")["inputs"][&input]["default"].as_str().unwrap().to_owned();
            runner = runner.with(&variable, default);
        }
        let file = |name: &str| runner.home.path().join(name).into_os_string();
        let files =
            [("GITHUB_OUTPUT", "output"), ("GITHUB_STEP_SUMMARY", "summary"), ("GITHUB_PATH", "path"), ("RUNNER_TEMP", "temp")];
        let files: Vec<(&str, OsString)> = files.map(|(variable, name)| (variable, file(name))).to_vec();
        runner = files.into_iter().fold(runner, |runner, (variable, file)| runner.with(variable, file));
        runner
            .with("GITHUB_ACTION_PATH", yaml::path(""))
            .with("ORGWARDEN_REPOSITORY", "acme/orgwarden")
            .with("GITHUB_SERVER_URL", "https://github.example.com")
            .with("RUNNER_OS", "Linux")
            .with("RUNNER_ARCH", "X64")
    }

    /// The same with another variable.
    pub(crate) fn with(mut self, variable: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((variable.to_owned(), value.into()));
        self
    }

    /// The same in another folder.
    pub(crate) fn in_folder(self, folder: &Path) -> Self {
        Self { work: folder.to_owned(), ..self }
    }

    /// The same with a program of this name in front of all others.
    pub(crate) fn program(self, name: &str, text: &str) -> Self {
        tools::script(&self.home.path().join("bin").join(name), text);
        self
    }

    /// Runs `install` or `run` of the script, in an environment that has nothing else.
    pub(crate) fn step(&self, step: &str) -> Step {
        let mut command = Command::new("bash");
        let system = env::var_os("PATH").unwrap();
        let path = env::join_paths(self.path.iter().cloned().chain(env::split_paths(&system))).unwrap();
        command.env_clear().env("PATH", path).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.arg(yaml::path("ci/github/action.sh")).arg(step).current_dir(&self.work);
        let Output { status, stdout, stderr } = command.output().unwrap();
        let read = |name: &str| fs::read_to_string(self.home.path().join(name)).unwrap_or_default();
        let log = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        Step { code: status.code().unwrap(), log, outputs: read("output"), summary: read("summary"), path: read("path") }
    }
}

impl Step {
    /// An output of the step.
    pub(crate) fn output(&self, name: &str) -> &str {
        let value = self.outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_else(|| panic!("no {name} in {:?}\n{}", self.outputs, self.log))
    }
}

/// The variables by which `action.yml` hands its inputs to the script, each with its input.
pub(crate) fn inputs() -> Vec<(String, String)> {
    let action = yaml::file("action.yml");
    let environments = yaml::items(&action["runs"]["steps"]).iter().flat_map(|step| yaml::entries(&step["env"]));
    environments
        .filter_map(|(variable, value)| {
            let input = value.as_str()?.strip_prefix("${{ inputs.")?.strip_suffix(" }}")?;
            Some((variable.to_owned(), input.to_owned()))
        })
        .collect()
}
