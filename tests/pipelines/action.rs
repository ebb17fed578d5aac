//! `action.yml` and what its script does when it runs the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use serde_json::Value;

use super::runner::{Runner, Step, inputs};
use super::support::{Project, connected_app, oauth};
use super::yaml;

/// The audit of the example on a day that does not change.
fn acme() -> Runner {
    Runner::new().with("ORGWARDEN_ARGS", "--today 2026-06-01")
}

#[test]
fn the_exit_code_of_the_program_is_that_of_the_step() {
    let empty = Project::new().file("sfdx-project.json", "{}");
    let cases: [(&str, &Path, i32); 4] = [
        ("--today 2026-06-01", empty.path("").leak(), 0),
        ("--today 2026-06-01", yaml::path("examples/acme").leak(), 1),
        ("--no-such-option", yaml::path("examples/acme").leak(), 2),
        ("--today 2026-06-01 --fail-on never", yaml::path("examples/acme").leak(), 3),
    ];
    for (arguments, folder, code) in cases {
        let step = Runner::new().with("ORGWARDEN_ARGS", arguments).in_folder(folder).step("run");
        assert_eq!((step.code, step.output("exit-code")), (code, code.to_string().as_str()), "{arguments}: {}", step.log);
    }
}

#[test]
fn reports_are_there_after_findings() {
    let runner = acme();
    let step = runner.step("run");
    assert_eq!(step.code, 1, "{}", step.log);
    let read = |output: &str| serde_json::from_str::<Value>(&fs::read_to_string(step.output(output)).unwrap()).unwrap();
    assert_eq!(read("sarif")["version"], "2.1.0");
    let report = read("json");
    assert_eq!(step.output("findings"), report["summary"]["fail"].to_string());
    assert_eq!(step.output("undecided"), report["summary"]["unknown"].to_string());
    assert!(step.log.contains("::error "), "no annotations: {}", step.log);
    assert!(step.summary.contains("ERP Nightly Sync"), "{}", step.summary);
}

/// Others write to the summary, too.
#[test]
fn the_summary_is_added_to() {
    let runner = acme();
    fs::write(runner.home.path().join("summary"), "before\n").unwrap();
    assert!(runner.step("run").summary.starts_with("before\n"));
    let without = acme().with("ORGWARDEN_SUMMARY", "false").step("run");
    assert_eq!((without.code, without.summary.as_str()), (1, ""));
}

#[test]
fn two_steps_have_reports_of_their_own() {
    let runner = acme();
    let first = runner.step("run");
    let second = runner.step("run");
    let paths: Vec<&str> = second.outputs.lines().filter(|line| line.starts_with("sarif=")).collect();
    assert!(paths.len() == 2 && paths[0] != paths[1] && paths[0].ends_with(first.output("sarif")), "{paths:?}");
}

/// What a baseline knows and what the policy waives counts for nothing.
#[test]
fn findings_are_those_that_count() {
    let project = Project::new();
    let record = format!("--today 2026-06-01 --write-baseline '{}'", project.path("b.json").display());
    acme().with("ORGWARDEN_ARGS", record).step("run");
    let baseline = format!("--today 2026-06-01 --baseline '{}'", project.path("b.json").display());
    let known = acme().with("ORGWARDEN_ARGS", baseline).step("run");
    assert_eq!((known.code, known.output("findings")), (0, "0"), "{}", known.log);

    let policy = "waivers: [{ rule: any-user-may-self-authorize, app: Desktop_Reports, reason: going, owner: ada@example.com, expires: 2026-07-01 }]";
    let policy = Project::new().file("policy.yaml", policy);
    let arguments = format!("--today 2026-06-01 --policy {}", policy.path("policy.yaml").display());
    let runner = acme().with("ORGWARDEN_ARGS", arguments);
    let waived = runner.step("run");
    let report: Value = serde_json::from_str(&fs::read_to_string(waived.output("json")).unwrap()).unwrap();
    assert_eq!(
        (&report["summary"]["waived"], waived.output("findings")),
        (&1.into(), report["summary"]["fail"].to_string().as_str())
    );
}

/// As the recipe has it: a clone of two commits, of which the first one merges a pull request into the second.
#[test]
fn a_pull_request_is_gated_from_a_shallow_clone() {
    let project = Project::new().file("force-app/Portal.connectedApp-meta.xml", connected_app(&oauth("<scopes>Full</scopes>")));
    let git = |folder: &Path, arguments: &[&str]| {
        let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        let output = Command::new("git").current_dir(folder).args(who).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
    };
    let top = project.path("");
    git(&top, &["init", "--quiet", "--initial-branch=main"]);
    let commit = || {
        git(&top, &["add", "--all"]);
        git(&top, &["commit", "--quiet", "--message", "one"]);
    };
    commit();
    git(&top, &["switch", "--quiet", "--create", "feature"]);
    project.write("force-app/Feed.connectedApp-meta.xml", connected_app(&oauth("<scopes>Full</scopes>")));
    commit();
    git(&top, &["switch", "--quiet", "main"]);
    project.write("README.md", "the main branch goes on");
    commit();
    git(&top, &["merge", "--quiet", "--no-ff", "--message", "pull request", "feature"]);
    let clones = Project::new();
    let origin = format!("file://{}", top.display());
    git(&clones.path(""), &["clone", "--quiet", "--depth", "2", &origin, "clone"]);

    let runner = Runner::new().with("ORGWARDEN_COMMAND", "gate").with("ORGWARDEN_ARGS", "--base HEAD^1 --today 2026-06-01");
    let runner = runner.with("ORGWARDEN_PATHS", "force-app").in_folder(&clones.path("clone"));
    let step = runner.step("run");
    assert_eq!(step.code, 1, "{}", step.log);
    let report: Value = serde_json::from_str(&fs::read_to_string(step.output("json")).unwrap()).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let introduced: Vec<&Value> = findings.iter().filter(|it| it["baseline"] != "known").collect();
    assert!(introduced.iter().all(|it| it["subject"]["name"] == "Feed") && introduced.len() < findings.len(), "{findings:#?}");
    assert_eq!(step.output("findings"), introduced.len().to_string());
}

/// A program in place of orgwarden that keeps what it was handed.
const ECHO: &str = "#!/bin/sh\nprintf '%s\\0' \"$@\" > \"$RUNNER_TEMP/handed\"\n";

/// The arguments that the program is handed for these inputs, without those for the reports.
fn handed(args: &str, paths: &str) -> Vec<String> {
    let runner = Runner::new().program("orgwarden", ECHO).with("ORGWARDEN_ARGS", args).with("ORGWARDEN_PATHS", paths);
    let step = runner.step("run");
    assert_eq!(step.code, 0, "{}", step.log);
    let all = fs::read_to_string(runner.home.path().join("temp/handed")).unwrap();
    let all: Vec<String> = all.split_terminator('\0').map(str::to_owned).collect();
    let format = all.iter().position(|it| it == "--format").unwrap();
    let reports = ["--format", "github", "--output", "sarif=", "--output", "json=", "--output", "markdown="];
    for (argument, wanted) in all[format..].iter().zip(reports) {
        assert!(argument.starts_with(wanted), "{all:?}");
    }
    [&all[..format], &all[format + reports.len()..]].concat()
}

#[test]
fn arguments_are_what_they_look_like() {
    for (args, paths, wanted) in [
        ("", "", &["audit"][..]),
        ("--fail-on high", "force-app", &["audit", "--fail-on", "high", "--", "force-app"]),
        ("  --fail-on\n\thigh\n", "a\nb c\n\n", &["audit", "--fail-on", "high", "--", "a", "b c"]),
        ("--policy 'my policy.yaml'", "it's", &["audit", "--policy", "my policy.yaml", "--", "it's"]),
        (r#"--policy "o'brien"' "x".yaml'"#, "", &["audit", "--policy", r#"o'brien "x".yaml"#]),
        ("--policy 'two\nlines'", "", &["audit", "--policy", "two\nlines"]),
        ("--policy ''", "", &["audit", "--policy", ""]),
        (r"--policy C:\a\b.yaml", r"D:\force-app", &["audit", "--policy", r"C:\a\b.yaml", "--", r"D:\force-app"]),
        ("* $HOME `id` $(id) ~", "*.xml", &["audit", "*", "$HOME", "`id`", "$(id)", "~", "--", "*.xml"]),
        ("", "--fail-on", &["audit", "--", "--fail-on"]),
        ("", "windows\r\nline ends\r\n", &["audit", "--", "windows", "line ends"]),
    ] {
        assert_eq!(handed(args, paths), wanted, "{args:?} {paths:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever an argument is, it is one where it stands in quotes.
    #[test]
    fn what_is_quoted_is_one_argument(argument in r#"[ -~\n\t$`"\\;&|é]{0,40}"#) {
        let argument = argument.replace('\'', "");
        prop_assert_eq!(handed(&format!("--policy '{argument}' --all"), ""), ["audit", "--policy", &argument, "--all"]);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (variable, value, said) in [
        ("ORGWARDEN_ARGS", "--policy 'open", "args has a ' without the one that ends it"),
        ("ORGWARDEN_ARGS", "\"", "args has a \" without the one that ends it"),
        ("ORGWARDEN_COMMAND", "fix", "command must be audit, gate or install, and is: fix"),
        ("ORGWARDEN_COMMAND", "audit\n::warning::x", "and is: audit%0A::warning::x"),
    ] {
        let step = Runner::new().with(variable, value).step("run");
        assert!(step.code == 2 && step.log.contains(said) && step.log.lines().count() == 1, "{value}: {}", step.log);
    }
}

#[test]
fn no_input_becomes_a_command() {
    for hostile in [
        "x; touch pwned",
        "$(touch pwned)",
        "`touch pwned`",
        "x\ntouch pwned\n",
        "' ; touch pwned ; '",
        "x\"; touch pwned #",
        "|touch pwned",
    ] {
        for (variable, _) in inputs() {
            let folder = Project::new();
            for step in ["install", "run"] {
                let curl = "#!/bin/sh\nexit 22\n";
                let runner = Runner::new().program("curl", curl).program("cargo", "#!/bin/sh\nexit 1\n");
                let Step { code, log, .. } = runner.with(&variable, hostile).in_folder(&folder.path("")).step(step);
                let made = [folder.path("pwned"), yaml::path("pwned")].iter().any(|path| path.exists());
                assert!(!made, "{variable}={hostile} in {step}: {code} {log}");
            }
        }
    }
}

/// The runner replaces expressions before a shell sees the script: one in there would be a way to run commands.
#[test]
fn no_script_has_an_expression() {
    let action = yaml::file("action.yml");
    for step in yaml::items(&action["runs"]["steps"]) {
        assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{step}");
    }
}

#[test]
fn the_script_reads_what_the_action_hands_over() {
    let script = yaml::text("ci/github/action.sh");
    let action = yaml::file("action.yml");
    let mut handed: Vec<&str> = yaml::items(&action["runs"]["steps"])
        .iter()
        .flat_map(|step| yaml::entries(&step["env"]))
        .map(|(variable, _)| variable)
        .collect();
    handed.sort_unstable();
    handed.dedup();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let mut read: Vec<&str> = script.split('$').map(|rest| rest.trim_start_matches('{')).collect();
    read.retain(|rest| rest.starts_with("ORGWARDEN_"));
    let mut read: Vec<&str> = read.iter().map(|rest| &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]).collect();
    read.sort_unstable();
    read.dedup();
    assert_eq!(read, handed);
}

#[test]
fn every_input_and_output_is_told_in_the_documentation() {
    let action = yaml::file("action.yml");
    let page = yaml::text("docs/ci/github.md");
    for (kind, name) in
        ["inputs", "outputs"].iter().flat_map(|kind| yaml::entries(&action[kind]).map(move |(name, _)| (kind, name)))
    {
        assert!(page.contains(&format!("| `{name}` |")), "docs/ci/github.md does not tell of {name} of {kind}");
    }
}
