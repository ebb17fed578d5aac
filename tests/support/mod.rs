//! A project in a temporary folder, and the program run on it as a user would.
#![allow(clippy::assigning_clones, clippy::format_push_string, reason = "short test code; speed does not matter")]
#![allow(dead_code, reason = "every test file uses a part of this")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_orgwarden");

/// A folder with files, gone at the end of the test.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// The same with a file more. Folders are made as needed.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// A path in the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.folder.path().to_owned() } else { self.folder.path().join(path) }
    }

    /// The program with a clean environment, in the folder, on a day that does not change.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        command(self.folder.path(), args)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// `inventory --format json`, with what else it said.
    pub(crate) fn inventory(&self, args: &[&str]) -> (Value, Run) {
        let run = self.run(&[&["inventory", "--format", "json"], args].concat());
        (run.json(), run)
    }

    /// The apps of the inventory.
    pub(crate) fn apps(&self) -> Vec<Value> {
        self.inventory(&[]).0["apps"].as_array().unwrap().clone()
    }

    /// The only app of the inventory.
    pub(crate) fn app(&self) -> Value {
        let apps = self.apps();
        assert_eq!(apps.len(), 1, "{apps:#?}");
        apps[0].clone()
    }

    /// The facts of one app.
    pub(crate) fn facts(&self, app: &str) -> Value {
        let run = self.run(&["facts", app, "--format", "json"]);
        run.json()["apps"][0]["facts"].clone()
    }

    /// The diagnostics of reading the folder, one a line.
    pub(crate) fn diagnostics(&self) -> Vec<String> {
        self.inventory(&[]).1.diagnostics()
    }
}

/// The program with a clean environment, in a folder, on a day that does not change.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env_clear().env("COLUMNS", "100").args(args);
    if matches!(args.first(), Some(&("audit" | "diff" | "gate" | "facts" | "preflight" | "preview" | "init")))
        && !["--help", "--schema", "--today"].iter().any(|it| args.contains(it))
    {
        command.args(["--today", "2026-06-01"]);
    }
    command
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let run = Self {
            code: output.status.code().expect("the program was not killed"),
            out: String::from_utf8(output.stdout).expect("output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        };
        assert_ne!(run.code, 101, "panic: {}", run.err);
        run
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }

    /// What standard error says is wrong: `place: level: title (help)`, without excerpts.
    pub(crate) fn diagnostics(&self) -> Vec<String> {
        let mut found: Vec<(String, String, String)> = Vec::new();
        // Titles may be wrapped; a continued line is indented.
        for line in self.err.lines() {
            let text = line.trim();
            if line.starts_with("error: ") || line.starts_with("warning: ") {
                found.push((String::new(), line.to_owned(), String::new()));
            } else if let Some((place, title, help)) = found.last_mut() {
                if let Some(at) = text.strip_prefix("--> ") {
                    *place = at.to_owned();
                } else if let Some(said) = text.strip_prefix("help: ") {
                    *help = said.to_owned();
                } else if place.is_empty() && line.starts_with(' ') {
                    *title += &format!(" {text}");
                } else if !help.is_empty() && line.starts_with(' ') {
                    *help += &format!(" {text}");
                }
            }
        }
        let with =
            |before: &str, text: &str, after: &str| if text.is_empty() { String::new() } else { format!("{before}{text}{after}") };
        found.iter().map(|(place, title, help)| with("", place, ": ") + title + &with(" (", help, ")")).collect()
    }
}

/// A connected app with these elements besides the two that every one has.
pub(crate) fn connected_app(elements: &str) -> String {
    component("ConnectedApp", &format!("<contactEmail>owner@example.com</contactEmail><label>Portal</label>{elements}"))
}

/// The elements of a connected app's OAuth configuration besides the one that every one has.
pub(crate) fn oauth(elements: &str) -> String {
    format!("<oauthConfig><callbackUrl>https://portal.example.com/cb</callbackUrl>{elements}</oauthConfig>")
}

/// A component of a metadata type.
pub(crate) fn component(metadata_type: &str, elements: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <{metadata_type} xmlns=\"http://soap.sforce.com/2006/04/metadata\">{elements}</{metadata_type}>\n"
    )
}

/// A part of an External Client App.
pub(crate) fn part(metadata_type: &str, app: &str, elements: &str) -> String {
    component(metadata_type, &format!("<externalClientApplication>{app}</externalClientApplication>{elements}"))
}

/// `sfdx-project.json` with these folders and this version.
pub(crate) fn sfdx_project(folders: &[&str], version: &str) -> String {
    let folders: Vec<Value> = folders.iter().map(|folder| serde_json::json!({ "path": folder })).collect();
    serde_json::json!({ "packageDirectories": folders, "sourceApiVersion": version }).to_string()
}

/// The strings of a JSON array.
pub(crate) fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap_or_else(|| panic!("an array, not {value}")).iter().map(|item| item.as_str().unwrap()).collect()
}

/// One string of each item of a JSON array.
pub(crate) fn column<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value.as_array().unwrap().iter().map(|item| item[key].as_str().unwrap()).collect()
}
