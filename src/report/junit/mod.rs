//! The XML of `JUnit`, as Jenkins, GitLab and Azure Pipelines read it: what fails the audit is a failure, what could not be decided or read an error,
//! what is accepted, known or below the threshold is skipped with the reason.
//!
//! A suite for each subject has a case for each verdict that is not a pass. Passed verdicts are counted in the properties of the first suite,
//! because thousands of cases would hide the rest; an app without anything else has one case that passed.

mod xml;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};
use xml::{in_xml, write_suite};

use super::place::Place;
use super::words::{limit, named, problem, said, short_line};
use super::{Report, Waived};
use crate::finding::{Finding, Subject, Undecided};
use crate::gate::{Deployment, LimitState, Threshold as Limit};

/// Characters of a name.
const MAX_NAME: usize = 200;

struct Suite {
    name: String,
    file: String,
    properties: Vec<(&'static str, usize)>,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    result: Outcome,
}

enum Outcome {
    Passed,
    Failure(Told),
    Error(Told),
    Skipped(String),
}

/// What is said of a failure or an error.
struct Told {
    kind: String,
    message: String,
    body: String,
}

/// Totals of cases.
#[derive(Clone, Copy, Default)]
struct Totals {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// The whole report, indented, with a line end. There are no times in it: the same input gives the same bytes.
///
/// # Errors
///
/// None that is known: it is written to memory.
pub fn render(report: &Report) -> io::Result<String> {
    let suites = suites(report);
    let totals: Totals = suites.iter().flat_map(|suite| &suite.cases).collect();
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let [tests, failures, errors, _] = totals.attributes();
    let root = xml.create_element("testsuites").with_attributes([("name", "orgwarden")]);
    let attributes = [tests, failures, errors];
    let root = root.with_attributes(attributes.iter().map(|(name, value)| (*name, value.as_str())));
    root.write_inner_content(|xml| suites.iter().try_for_each(|suite| write_suite(xml, suite)))?;
    let mut text = String::from_utf8(xml.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn suites(report: &Report) -> Vec<Suite> {
    let mut suites = vec![of_audit(report)];
    suites.extend(report.deployment.as_ref().and_then(|deployment| of_deployment(deployment, report)));
    let (mut findings, mut waived, mut unknown) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for finding in &report.findings {
        findings.entry(&finding.subject).or_insert_with(Vec::new).push(finding);
    }
    for it in &report.waived {
        waived.entry(&it.finding.subject).or_insert_with(Vec::new).push(it);
    }
    for undecided in &report.unknown {
        unknown.entry(&undecided.subject).or_insert_with(Vec::new).push(undecided);
    }
    let told = report.subjects();
    let rest = report.blast_radius.keys().filter(|app| !told.contains(app));
    for subject in told.iter().copied().chain(rest) {
        let failed = findings.remove(subject).unwrap_or_default().into_iter().map(|finding| of_finding(finding, report));
        let accepted = waived.remove(subject).unwrap_or_default().into_iter().map(of_waived);
        let open = unknown.remove(subject).unwrap_or_default().into_iter().map(|undecided| of_undecided(undecided, report));
        suites.push(of_subject(subject, failed.chain(accepted).chain(open).collect()));
    }
    let mut names = BTreeMap::new();
    for suite in &mut suites {
        number(&mut suite.name, &mut names);
        let mut names = BTreeMap::new();
        suite.cases.iter_mut().for_each(|case| number(&mut case.name, &mut names));
    }
    suites
}

/// What was read, and how many verdicts there are. It is always there: a file without cases is a mistake to Jenkins.
fn of_audit(report: &Report) -> Suite {
    let counts = report.counts;
    let mut cases: Vec<Case> = report
        .unread()
        .map(|diagnostic| {
            let place = Place::of_problem(diagnostic).map(|place| format!("\nat {}", place.in_words()));
            let text = problem(diagnostic);
            let body = format!("{text}{}", place.unwrap_or_default());
            let told = Told { kind: "incomplete".to_owned(), message: text.clone(), body };
            Case { name: diagnostic.title.clone(), result: unless_allowed(told, report) }
        })
        .collect();
    if cases.is_empty() {
        cases.push(Case { name: "everything could be read".to_owned(), result: Outcome::Passed });
    }
    let properties = vec![
        ("apps", report.apps),
        ("rules", report.rules.len()),
        ("verdicts passed", counts.pass),
        ("verdicts failed", counts.fail),
        ("verdicts unknown", counts.unknown),
        ("verdicts not applicable", counts.not_applicable),
        ("verdicts waived", counts.waived),
    ];
    Suite { name: "audit".to_owned(), file: String::new(), properties, cases }
}

/// A case for each limit that was set; nothing where there is none.
fn of_deployment(deployment: &Deployment, report: &Report) -> Option<Suite> {
    let of_limit = |it: &Limit| {
        let told = |kind: &str| Told { kind: kind.to_owned(), message: limit(it), body: limit(it) };
        let result = match it.state {
            LimitState::Kept => Outcome::Passed,
            LimitState::Crossed => Outcome::Failure(told("limit")),
            LimitState::CannotTell => unless_allowed(told("undecided"), report),
        };
        Case { name: it.name.clone(), result }
    };
    let cases: Vec<Case> = deployment.thresholds.iter().map(of_limit).collect();
    let suite = Suite { name: "deployment".to_owned(), file: String::new(), properties: Vec::new(), cases };
    (!suite.cases.is_empty()).then_some(suite)
}

fn of_subject(subject: &Subject, mut cases: Vec<Case>) -> Suite {
    if cases.is_empty() {
        cases.push(Case { name: "no findings".to_owned(), result: Outcome::Passed });
    }
    let file = Place::of_subject(subject).file().unwrap_or_default().to_owned();
    Suite { name: named(subject), file, properties: Vec::new(), cases }
}

fn of_finding(finding: &Finding, report: &Report) -> Case {
    let message = format!("{}: {}", finding.severity, said(finding));
    let result = if finding.is_known() {
        Outcome::Skipped(format!("{}: {message}", report.known_from()))
    } else if report.fails(finding) {
        Outcome::Failure(Told { kind: finding.severity.to_string(), body: body(finding, &message), message })
    } else {
        Outcome::Skipped(format!("below the threshold: {message}"))
    };
    Case { name: finding.rule.clone(), result }
}

/// What GitLab shows instead of the message, and Azure and Jenkins below it.
fn body(finding: &Finding, message: &str) -> String {
    let mut body = format!("{message}\n{}, {}", finding.title, finding.effect);
    let place = Place::of_finding(finding).in_words();
    if !place.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(body, "\nat {place}");
    }
    for (heading, steps) in [("In Setup", &finding.remediation.setup), ("In metadata", &finding.remediation.metadata)] {
        if !steps.trim().is_empty() {
            let _ = write!(body, "\n\n{heading}:\n{}", steps.trim_end());
        }
    }
    body
}

fn of_waived(waived: &Waived) -> Case {
    let finding = &waived.finding;
    let message = format!("waived, {}; {}: {}", waived.in_words(), finding.severity, said(finding));
    Case { name: finding.rule.clone(), result: Outcome::Skipped(message) }
}

fn of_undecided(undecided: &Undecided, report: &Report) -> Case {
    let message = format!("could not be decided: {}", undecided.reason);
    let result = if undecided.is_known() {
        Outcome::Skipped(format!("{}: {message}", report.known_from()))
    } else {
        unless_allowed(Told { kind: "undecided".to_owned(), body: message.clone(), message }, report)
    };
    Case { name: undecided.rule.clone(), result }
}

fn unless_allowed(told: Told, report: &Report) -> Outcome {
    if report.threshold.allow_unknown { Outcome::Skipped(format!("allowed: {}", told.message)) } else { Outcome::Error(told) }
}

/// Readers take cases of one name for one case.
fn number(name: &mut String, names: &mut BTreeMap<String, usize>) {
    *name = in_xml(short_line(name.trim(), MAX_NAME));
    let times = names.entry(name.clone()).or_default();
    *times += 1;
    if *times > 1 {
        let _ = write!(name, " ({times})");
    }
}

impl<'c> FromIterator<&'c Case> for Totals {
    fn from_iter<I: IntoIterator<Item = &'c Case>>(cases: I) -> Self {
        let mut totals = Self::default();
        for case in cases {
            totals.tests += 1;
            match case.result {
                Outcome::Passed => {}
                Outcome::Failure(_) => totals.failures += 1,
                Outcome::Error(_) => totals.errors += 1,
                Outcome::Skipped(_) => totals.skipped += 1,
            }
        }
        totals
    }
}

impl Totals {
    fn attributes(self) -> [(&'static str, String); 4] {
        [("tests", self.tests), ("failures", self.failures), ("errors", self.errors), ("skipped", self.skipped)]
            .map(|(name, count)| (name, count.to_string()))
    }
}
