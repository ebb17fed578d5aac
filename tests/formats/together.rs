//! The program as a pipeline runs it: all formats at once, and none that looks clean where the audit is incomplete.

use std::fs;

use clap::ValueEnum;
use orgwarden::gate::{self, Deployment, LimitState};
use orgwarden::report::{Format, Report, Threshold};

use crate::fixture::written;
use crate::support::{Project, component, connected_app, oauth};

const NAMES: [&str; 11] =
    ["pretty", "table", "json", "sarif", "junit", "github", "gitlab", "azure", "bitbucket", "markdown", "csv"];

fn project() -> Project {
    let secret = "<consumerSecret>0123456789ABCDEF0123456789</consumerSecret>";
    Project::new().file("force-app/Portal.connectedApp", connected_app(&oauth(secret)))
}

/// The name that `--format` takes.
fn name(format: Format) -> String {
    format.to_possible_value().unwrap().get_name().to_owned()
}

#[test]
fn all_formats_are_written_in_one_run_as_they_are_alone_and_none_changes_the_exit_code() {
    let project = project();
    let outputs: Vec<String> = NAMES.iter().map(|name| format!("{name}=out.{name}")).collect();
    let options: Vec<&str> = outputs.iter().flat_map(|output| ["--output", output.as_str()]).collect();
    let all = project.run(&[&["audit"], options.as_slice()].concat());
    assert_eq!(all.code, 1, "{}", all.err);
    assert_eq!(Format::value_variants().iter().copied().map(name).collect::<Vec<_>>(), NAMES);
    for name in NAMES {
        let alone = project.run(&["audit", "--format", name]);
        assert_eq!(alone.code, 1, "{name}: {}", alone.err);
        let file = fs::read_to_string(project.path(&format!("out.{name}"))).unwrap();
        assert!(file.contains("Portal"), "{name}: {file}");
        assert_eq!(alone.out, file, "{name}");
    }
    let allowed = project.run(&[&["audit", "--fail-on", "never", "--allow-unknown"], options.as_slice()].concat());
    assert_eq!(allowed.code, 0, "{}", allowed.err);
}

#[test]
fn paths_are_those_of_the_checkout() {
    let project = project();
    for name in ["sarif", "github", "gitlab", "azure", "bitbucket", "csv"] {
        let run = project.run(&["audit", "./force-app", "--format", name]);
        assert!(run.out.contains("force-app/Portal.connectedApp") && !run.out.contains("./force-app"), "{name}: {}", run.out);
    }
}

#[test]
fn what_could_not_be_read_is_in_every_format() {
    let project = Project::new().file("force-app/Broken.connectedApp", "<ConnectedApp><label>x</ConnectedApp>");
    let said = [
        ("json", "\"gaps\": [\n    {"),
        ("sarif", "\"executionSuccessful\": false"),
        ("junit", "<error type=\"incomplete\""),
        ("github", "::error file=force-app/Broken.connectedApp,"),
        ("gitlab", "\"check_name\": \"incomplete\""),
        ("azure", "##vso[task.logissue type=error;sourcepath=force-app/Broken.connectedApp;"),
        ("bitbucket", "\"result\": \"FAILED\""),
        ("markdown", "**Incomplete: 1 problem kept something from being read.**"),
        ("csv", "\ngap,"),
    ];
    for (name, words) in said {
        let run = project.run(&["audit", "--format", name]);
        assert_eq!(run.code, 3, "{name}: {}", run.err);
        assert!(run.out.contains(words), "{name}: {}", run.out);
    }
}

#[test]
fn a_test_report_agrees_with_the_exit_code() {
    let project = project();
    for (options, code, red) in [
        (["--fail-on", "critical"].as_slice(), 1, true),
        (&["--fail-on", "never", "--allow-unknown"], 0, false),
        (&["--fail-on", "medium"], 1, true),
    ] {
        let run = project.run(&[&["audit", "--format", "junit"], options].concat());
        assert_eq!(run.code, code, "{options:?}: {}", run.err);
        assert_eq!(run.out.contains("<failure") || run.out.contains("<error"), red, "{options:?}: {}", run.out);
    }
}

#[test]
fn the_summary_of_a_job_is_added_to() {
    let project = project();
    for file in ["summary.md", "other.md"] {
        project.write(file, "written before");
    }
    let output = ["audit", "--output", "markdown=summary.md", "--output", "markdown=other.md"];
    let mut command = project.command(&output);
    assert_eq!(command.env("GITHUB_STEP_SUMMARY", "summary.md").status().unwrap().code(), Some(1));
    let read = |file: &str| fs::read_to_string(project.path(file)).unwrap();
    let (summary, other) = (read("summary.md"), read("other.md"));
    assert!(other.starts_with("## orgwarden: "), "{other}");
    assert_eq!(summary, format!("written before\n{other}"));
}

/// What a metadata file or a name says is shown in logs, too, and runners read those.
#[test]
fn nothing_that_others_wrote_is_a_command_in_a_log() {
    let label = "##vso[task.setvariable variable=PATH]/evil ##[add-mask]a ::add-mask::b";
    let app =
        format!("<label>{label}</label><contactEmail>a@example.com</contactEmail>{}", oauth("<zap>\n::stop-commands::t\n</zap>"));
    let project = Project::new().file("force-app/Portal.connectedApp", component("ConnectedApp", &app));
    let commands = [
        ["audit", "--format", "pretty"].as_slice(),
        &["audit", "--format", "table"],
        &["audit", "--format", "json"],
        &["audit", "--format", "sarif"],
        &["audit", "--format", "github"],
        &["audit", "--format", "csv"],
        &["inventory"],
        &["inventory", "--format", "json"],
        &["facts", "Portal"],
    ];
    for arguments in commands {
        let run = project.run(arguments);
        let shown = format!("{}{}", run.out, run.err);
        assert!(shown.contains("task.setvariable") || shown.contains("Portal"), "{arguments:?}: {shown}");
        assert!(!shown.contains("##vso[") && !shown.contains("##["), "{arguments:?}: {shown}");
        let own = |line: &str| ["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command));
        let stray = shown.lines().find(|line| line.trim_start().starts_with("::") && !own(line));
        assert_eq!(stray, None, "{arguments:?}");
        if arguments.contains(&"json") {
            assert!(run.json().to_string().contains("##vso["), "{}", run.out);
        }
    }
}

/// A limit on a deployment that is crossed, and one of which it cannot be told.
#[test]
fn limits_of_a_deployment_are_in_every_format_for_pipelines() {
    let limit =
        |name: &str, state| gate::Threshold { name: name.to_owned(), state, because: vec!["7 users gain <an> app".to_owned()] };
    let thresholds = vec![limit("--max-gain 5", LimitState::Crossed), limit("--forbid-loss", LimitState::CannotTell)];
    let deployment =
        Deployment { before: "main <b>".to_owned(), notes: vec!["@all".to_owned()], thresholds, ..Deployment::default() };
    let report =
        Report { deployment: Some(deployment), threshold: Threshold { severity: None, allow_unknown: true }, ..Report::default() };
    let said = [
        (Format::Sarif, "--max-gain 5 is crossed: 7 users gain <an> app"),
        (Format::Junit, "<failure type=\"limit\" message=\"--max-gain 5 is crossed: 7 users gain &lt;an&gt; app\">"),
        (Format::Github, "::error title=orgwarden%3A --max-gain 5::--max-gain 5 is crossed: 7 users gain <an> app\n::warning "),
        (Format::Gitlab, "\"check_name\": \"deployment\""),
        (Format::Azure, "##vso[task.logissue type=error;code=deployment;]--max-gain 5 is crossed: 7 users"),
        (Format::Bitbucket, "\"result\": \"FAILED\""),
        (
            Format::Markdown,
            "Compared with main &lt;b&gt;.\n\n> &#64;&#8203;all\n\n### Limits crossed\n\n- \\-\\-max\\-gain 5&#58; 7 users gain &lt;an&gt; app\n",
        ),
        (Format::Csv, "\nlimit,"),
    ];
    for (format, words) in said {
        let text = written(&report, format);
        assert!(text.contains(words), "{format:?}: {text}");
    }
}
