//! A pipeline from end to end: a repository with three commits, each gated from a snapshot of the org before it is deployed, with every output.

use std::fs;

use roxmltree::Document;
use serde_json::Value;

use super::onto_org::{as_it_is, snapshot};
use super::repository::Repository;
use super::support::{Run, sfdx_project};

const APP: &str = "force-app/connectedApps/Contractor_Portal.connectedApp-meta.xml";
const LIMIT: &str = "--forbid-loss: Contractor_Portal is lost to permission set Contractors";
const OUTPUTS: [&str; 11] =
    ["pretty", "table", "json", "sarif", "junit", "github", "gitlab", "azure", "bitbucket", "markdown", "csv"];
/// The findings that the second commit introduces.
const RULES: [&str; 2] = ["ip-restrictions-bypassed", "refresh-token-never-expires"];

/// A gated commit: what the program said, and the files it wrote.
struct Gated {
    run: Run,
    outputs: Vec<(&'static str, String)>,
}

impl Gated {
    fn output(&self, format: &str) -> &str {
        &self.outputs.iter().find(|(name, _)| *name == format).unwrap().1
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(self.output(format)).unwrap()
    }
}

/// Gates the commit that a tag is on, as a pipeline does: checked out, all outputs at once.
fn gate(repository: &Repository, tag: &str) -> Gated {
    repository.git(&["checkout", "--quiet", tag]);
    let saved = snapshot();
    let wanted: Vec<String> = OUTPUTS.iter().map(|format| format!("{format}=../out.{format}")).collect();
    let wanted = wanted.iter().flat_map(|output| ["--output", output]);
    let mut arguments = vec!["gate", ".", "--snapshot", &saved, "--forbid-loss", "--today", "2026-06-01", "--allow-unknown"];
    arguments.extend(wanted);
    let run = repository.run_in("work", &arguments);
    let written = |format: &&'static str| (*format, fs::read_to_string(repository.project.path(&format!("out.{format}"))).unwrap());
    Gated { run, outputs: OUTPUTS.iter().map(written).collect() }
}

/// A repository whose second commit opens an app and takes a permission set off it, and whose third one undoes that.
fn repository() -> Repository {
    let clean = as_it_is("Contractor_Portal");
    let opened = clean
        .replace("<ipRelaxation>ENFORCE", "<ipRelaxation>BYPASS")
        .replace("<refreshTokenPolicy>specific_lifetime:7:DAYS", "<refreshTokenPolicy>infinite")
        .replace("<permissionSetName>Contractors</permissionSetName>", "");
    assert_eq!(clean.len() - opened.len(), 67, "the three changes are made");
    let fixed = clean.replace("<description>", "<description>Reviewed. ");
    let repository = Repository::of(&[("work/sfdx-project.json", sfdx_project(&["force-app"], "66.0")), (&in_work(APP), clean)]);
    for (text, tag) in [(opened, "opened"), (fixed, "fixed")] {
        repository.project.write(&in_work(APP), text);
        repository.commit(tag);
    }
    repository
}

fn in_work(path: &str) -> String {
    format!("work/{path}")
}

#[test]
fn three_commits_are_gated_with_every_output() {
    let repository = repository();
    let (clean, opened, fixed) = (gate(&repository, "before"), gate(&repository, "opened"), gate(&repository, "fixed"));
    let codes = [&clean, &opened, &fixed].map(|gated| gated.run.code);
    assert_eq!(codes, [0, 1, 0], "{}", opened.run.err);
    for gated in [&clean, &fixed] {
        says_nothing_new(gated);
    }
    for check in [of_text, of_json, of_sarif, of_junit, of_commands, of_lists, of_csv] {
        check(&opened);
    }
    assert_eq!(opened.run.out, opened.output("pretty"), "what is printed is what is written");
    let state = repository.git(&["status", "--porcelain"]);
    assert!(state.lines().all(|line| line.starts_with("?? out.")), "nothing else is written: {state}");
}

/// The same three commits held against each other, without an org.
#[test]
fn each_commit_is_gated_against_the_one_before() {
    let repository = repository();
    let gate = |tag: &str, base: &str| {
        repository.git(&["checkout", "--quiet", tag]);
        let run = repository.run_in("work", &["gate", ".", "--base", base, "--forbid-loss", "--today", "2026-06-01"]);
        (run.code, run.out)
    };
    let (code, said) = gate("opened", "before");
    assert!(code == 1 && said.contains("Contractor_Portal is lost to permission set Contractors"), "{code} {said}");
    assert!(RULES.iter().all(|rule| said.contains(rule)), "{said}");
    let (code, said) = gate("fixed", "opened");
    assert!(
        code == 0 && RULES.iter().all(|rule| said.contains(&format!("{rule}: connected app Contractor_Portal"))),
        "{code} {said}"
    );
}

/// What is known of the org already is no news in any output.
fn says_nothing_new(gated: &Gated) {
    let counted = |list: &Value| list.as_array().unwrap().iter().filter(|it| it["baseline"] != "known").count();
    assert_eq!(counted(&gated.json("json")["findings"]), 0);
    let results = gated.json("sarif")["runs"][0]["results"].as_array().unwrap().clone();
    assert!(results.iter().all(|it| it["baselineState"] == "unchanged"));
    let junit = Document::parse(gated.output("junit")).unwrap();
    let count = |name: &str| junit.root_element().attribute(name).unwrap();
    assert_eq!((count("failures"), count("errors")), ("0", "0"));
    assert_eq!(gated.json("gitlab"), Value::Array(Vec::new()));
    assert_eq!(gated.json("bitbucket")["report"]["result"], "PASSED");
    for format in ["github", "azure"] {
        assert!(
            !gated.output(format).contains("type=error") && !gated.output(format).contains("::error"),
            "{}",
            gated.output(format)
        );
    }
    for format in OUTPUTS {
        assert!(!gated.output(format).contains(LIMIT), "{format}");
    }
}

fn of_text(gated: &Gated) {
    for format in ["pretty", "markdown"] {
        // Lines are wrapped, and Markdown is escaped.
        let said = gated.output(format).split_whitespace().collect::<String>().replace(['\\', '`'], "");
        for part in RULES.iter().chain(&["forbid-loss", "tilda"]) {
            assert!(said.contains(part), "{format} lacks {part}: {}", gated.output(format));
        }
    }
    for format in ["pretty", "table"] {
        assert!(gated.output(format).contains(LIMIT), "{format}");
    }
    assert_eq!(
        gated.output("table").matches("connectedApp-meta.xml:").count() + gated.output("table").matches("connectedApp:").count(),
        3
    );
    assert!(gated.output("markdown").chars().count() < 65_000);
}

fn of_json(gated: &Gated) {
    let report = gated.json("json");
    let new = report["findings"].as_array().unwrap().iter().filter(|it| it["baseline"] == "new");
    let rules: Vec<&str> = new.map(|it| it["rule"].as_str().unwrap()).collect();
    assert!(RULES.iter().all(|rule| rules.contains(rule)), "{rules:?}");
}

fn of_sarif(gated: &Gated) {
    let run = gated.json("sarif")["runs"][0].clone();
    let new = run["results"].as_array().unwrap().iter().filter(|it| it["baselineState"] == "new" && it["kind"] == "fail");
    let places: Vec<(&str, &str)> = new
        .map(|it| {
            let place = &it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            (it["ruleId"].as_str().unwrap(), place.as_str().unwrap_or_default())
        })
        .collect();
    assert!(RULES.iter().all(|rule| places.contains(&(rule, APP))), "{places:?}");
}

fn of_junit(gated: &Gated) {
    let junit = Document::parse(gated.output("junit")).unwrap();
    let failed = junit.descendants().filter(|node| node.has_tag_name("failure")).filter_map(|node| node.parent_element());
    let failed: Vec<&str> = failed.filter_map(|case| case.attribute("name")).collect();
    assert!(RULES.iter().chain(&["--forbid-loss"]).all(|name| failed.contains(name)), "{failed:?}");
}

fn of_commands(gated: &Gated) {
    for rule in RULES {
        let is_about = |line: &&str| line.contains(rule) && line.contains(APP);
        let github = gated.output("github").lines().find(is_about).unwrap_or_default();
        assert!(github.starts_with("::error file=") || github.starts_with("::warning file="), "{github}");
        let azure = gated.output("azure").lines().find(is_about).unwrap_or_default();
        assert!(azure.starts_with("##vso[task.logissue type="), "{azure}");
    }
}

fn of_lists(gated: &Gated) {
    let of = |list: &Value, key: &str| -> Vec<String> {
        list.as_array().unwrap().iter().map(|it| it[key].as_str().unwrap_or_default().to_owned()).collect()
    };
    let gitlab = gated.json("gitlab");
    let names = of(&gitlab, "check_name");
    assert!(RULES.iter().all(|rule| names.iter().any(|name| name == rule)), "{names:?}");
    let bitbucket = gated.json("bitbucket");
    assert_eq!(bitbucket["report"]["result"], "FAILED");
    let paths = of(&bitbucket["annotations"], "path");
    assert!(paths.iter().filter(|path| *path == APP).count() >= RULES.len(), "{paths:?}");
}

fn of_csv(gated: &Gated) {
    for rule in RULES {
        let row = gated.output("csv").lines().find(|line| line.contains(rule) && line.contains(APP)).unwrap_or_default();
        assert!(row.starts_with("fail,new,"), "{row}");
    }
}
