//! The audit of a fake org: by the program, as users see it, and by the library, where pauses between attempts would take a test's time.
#![allow(dead_code, reason = "every test file uses a part of this")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, OnceLock};

use orgwarden::cli::Outcome;
use orgwarden::collect::org::{self, Request};
use orgwarden::collect::{Collected, ProfilesToRead};
use orgwarden::diagnostic::Level;
use orgwarden::finding::Subject;
use orgwarden::policy::{self, FailOn, Policy};
use orgwarden::report::Report;
use orgwarden::rules::facts::Context;
use orgwarden::rules::{self, Rule};
use orgwarden::salesforce::login::HandedIn;
use orgwarden::salesforce::{Client, Options};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::fake_org::Running;
use crate::support::{Project, Run};

/// What the program said of an org: all of it, down to the files it wrote, without a secret in it.
#[derive(Debug)]
pub(crate) struct Audit {
    pub(crate) run: Run,
    pub(crate) report: Value,
}

/// `orgwarden audit` with the org's token in the environment.
pub(crate) fn audit(org: &Running, arguments: &[&str]) -> Audit {
    audit_by(org, &org.environment(), &[&["--org-from-env"], arguments].concat())
}

/// The same by any way in. No finding makes it fail, so that the exit code tells whether it is complete.
pub(crate) fn audit_by(org: &Running, environment: &[(&str, String)], arguments: &[&str]) -> Audit {
    let project = Project::new();
    let always = ["audit", "--preset", "strict", "--format", "json", "--fail-on", "never", "--verbose"];
    let files = ["--output", "pretty=report.txt", "--output", "sarif=report.sarif", "--output", "table=report.table"];
    let mut command = project.command(&[&always, &files[..], arguments].concat());
    let run = Run::of(command.envs(environment.iter().map(|(name, value)| (name, value))).output().unwrap());
    let written = ["report.txt", "report.sarif", "report.table"].map(|name| fs::read_to_string(project.path(name)));
    for text in [&run.out, &run.err].into_iter().chain(written.iter().flatten()) {
        assert_no_secret(text, &org.token());
    }
    Audit { report: if run.code == 2 { Value::Null } else { run.json() }, run }
}

/// Panics if a text holds what nobody may see. Everything secret in the fake org says that it is a fake one.
pub(crate) fn assert_no_secret(text: &str, token: &str) {
    for secret in ["FAKE-", "NotARealOne", token] {
        if let Some(at) = text.find(secret) {
            let line = text[..at].lines().count();
            panic!("`{secret}` is in line {line}: {}", text.lines().nth(line.saturating_sub(1)).unwrap_or_default());
        }
    }
}

impl Audit {
    /// What could not be read, a line each: `what: why`.
    pub(crate) fn gaps(&self) -> String {
        let gaps = self.report["gaps"].as_array().unwrap();
        lines(gaps.iter().map(|gap| format!("{}: {}", gap["what"].as_str().unwrap(), gap["reason"].as_str().unwrap())))
    }

    /// `fail`, `unknown`, or `-` where a rule has nothing to say of a subject: an app by its full name, or [`ORG`].
    pub(crate) fn verdict(&self, rule: &str, subject: &str) -> &'static str {
        let said = |list: &str| {
            let all = self.report[list].as_array().unwrap();
            let is = |about: &Value| if subject == ORG { about["kind"] == ORG } else { about["name"] == subject };
            all.iter().any(|one| one["rule"] == rule && is(&one["subject"]))
        };
        if said("findings") {
            "fail"
        } else if said("unknown") {
            "unknown"
        } else {
            "-"
        }
    }
}

/// Where two documents differ, a line each: there are too many lines in them to read.
pub(crate) fn differences(one: &Value, other: &Value) -> Vec<String> {
    fn walk(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
        match (one, other) {
            (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
                a.iter().zip(b.values()).for_each(|((key, a), b)| walk(&format!("{path}/{key}"), a, b, found));
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                a.iter().zip(b).enumerate().for_each(|(at, (a, b))| walk(&format!("{path}/{at}"), a, b, found));
            }
            _ if one == other => {}
            _ => found.push(format!("{path}: {one} / {other}").chars().take(1000).collect()),
        }
    }
    let mut found = Vec::new();
    walk("", one, other, &mut found);
    found
}

/// Reads an org with the library, by a token that cannot be renewed.
pub(crate) struct Reader {
    runtime: Runtime,
    client: Client,
}

impl Reader {
    pub(crate) fn of(org: &Running, options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let login = HandedIn::new(&org.token(), &org.url()).unwrap();
        let client = runtime.block_on(Client::connect(Arc::new(login), options)).unwrap();
        Self { runtime, client }
    }

    pub(crate) fn collect(&self) -> Collected {
        self.collect_with_users(&[])
    }

    pub(crate) fn collect_with_users(&self, users: &[&str]) -> Collected {
        let users = users.iter().map(|&name| name.to_owned()).collect();
        let request = Request { name: "acme".to_owned(), usage: true, profiles: ProfilesToRead::All, users, ..Request::default() };
        self.runtime.block_on(org::collect(&self.client, &request))
    }
}

/// Reads an org once.
pub(crate) fn collect(org: &Running, options: Options) -> Collected {
    Reader::of(org, options).collect()
}

/// What the built-in rules say of an org.
#[derive(Debug)]
pub(crate) struct Judged {
    /// Rules that fail or cannot be decided, each with its subject.
    open: BTreeMap<(String, About), &'static str>,
    /// What was judged.
    subjects: BTreeSet<About>,
    /// What could not be read, a line each.
    pub(crate) gaps: String,
    /// The exit code where no finding makes the audit fail.
    pub(crate) code: u8,
}

/// A subject by its name, and an app by its id, too: what an app is called depends on what could be read of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct About {
    name: String,
    id: Option<String>,
}

/// Judges what was read by the built-in rules, as of 2026-06-01.
pub(crate) fn judge(collected: &Collected) -> Judged {
    judge_by(collected, builtin())
}

fn builtin() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| rules::builtin().0.rules)
}

fn judge_by(collected: &Collected, rules: &[Rule]) -> Judged {
    let inventory = &collected.inventory;
    let context = Context::new(inventory, "2026-06-01".parse().unwrap());
    let verdicts = policy::verdicts(inventory, rules, &Policy::none(), &context);
    let apps: BTreeMap<String, About> = inventory
        .apps
        .iter()
        .map(|app| {
            let name = name_of(&policy::app_subject(app, inventory));
            (name.clone(), About { name, id: app.in_org.as_ref().and_then(|in_org| in_org.id.clone()) })
        })
        .collect();
    let about = |subject: &Subject| {
        let name = name_of(subject);
        apps.get(&name).cloned().unwrap_or(About { name, id: None })
    };
    let failed = verdicts.findings.iter().map(|it| ((it.rule.clone(), about(&it.subject)), "fail"));
    let unknown = verdicts.unknown.iter().map(|it| ((it.rule.clone(), about(&it.subject)), "unknown"));
    let open = failed.chain(unknown).collect();
    let gaps = collected.diagnostics.iter().filter(|it| it.level == Level::Error);
    let gaps = lines(gaps.map(|it| format!("{}: {}", it.title, it.label)));
    let diagnostics = collected.diagnostics.clone();
    let report = Report { findings: verdicts.findings, unknown: verdicts.unknown, diagnostics, ..Report::default() };
    let org = inventory.sources.iter().any(|source| source.org.is_some()).then(|| About { name: ORG.to_owned(), id: None });
    let subjects = apps.into_values().chain(org).collect();
    Judged { open, subjects, gaps, code: Outcome::of(&report, FailOn::Never, false).code() }
}

impl Judged {
    /// Judges what somebody read who sees less, by the rules that these verdicts are not good by: nothing else can get better.
    pub(crate) fn judge_less(&self, collected: &Collected) -> Self {
        let rules: Vec<Rule> = builtin().iter().filter(|rule| self.open.keys().any(|(id, _)| id == rule.id())).cloned().collect();
        judge_by(collected, &rules)
    }

    /// Verdicts that were not good with the whole org and are no longer said, although nothing tells that the subject is gone.
    ///
    /// Whoever sees less may say `unknown` where others say `fail`, never nothing.
    pub(crate) fn better_than(&self, whole: &Self) -> Vec<String> {
        let still = |rule: &str, about: &About| self.open.keys().any(|(other, it)| other == rule && it.is(about));
        let gone = |about: &About| !self.gaps.is_empty() && !self.subjects.iter().any(|subject| subject.is(about));
        let better = whole.open.iter().filter(|((rule, about), _)| !still(rule, about) && !gone(about));
        better.map(|((rule, about), was)| format!("{rule} of {}, which was {was}", about.name)).collect()
    }

    /// How many verdicts are not good.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    /// Only what concerns apps.
    pub(crate) fn of_apps(mut self) -> Self {
        self.open.retain(|(_, about), _| about.name != ORG);
        self
    }
}

impl About {
    fn is(&self, other: &Self) -> bool {
        self.name == other.name || self.id.is_some() && self.id == other.id
    }
}

/// What the only org of an audit is called here.
pub(crate) const ORG: &str = "org";

fn name_of(subject: &Subject) -> String {
    if subject.kind == "org" { ORG.to_owned() } else { format!("{} {}", subject.kind, subject.name) }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
