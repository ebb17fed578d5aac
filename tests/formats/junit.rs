//! The XML of `JUnit` by the schema of the `xUnit` plugin of Jenkins (`junit-10.xsd` of jenkinsci/xunit-plugin), as far as the format uses it: what may stand
//! where, with which attributes, and that the numbers agree.

use std::collections::BTreeSet;

use orgwarden::finding::{BaselineState, Severity};
use orgwarden::report::{Format, Report, Threshold};
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::fixture::{everywhere, many, of_rule, report, written};
use crate::{harmless, hostile_text};

type Names = &'static [&'static str];
/// Element; what may stand in it; attributes it must have; attributes it may have.
const SCHEMA: [(&str, Names, Names, Names); 8] = [
    ("testsuites", &["testsuite"], &[], &["name", "time", "tests", "failures", "errors"]),
    (
        "testsuite",
        &["testsuite", "properties", "testcase", "system-out", "system-err"],
        &["name", "tests", "failures", "errors"],
        &["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
    ),
    ("properties", &["property"], &[], &[]),
    ("property", &[], &["name", "value"], &[]),
    ("testcase", &["skipped", "error", "failure", "system-out", "system-err"], &["name"], &["time", "classname", "group"]),
    ("failure", &[], &[], &["type", "message"]),
    ("error", &[], &[], &["type", "message"]),
    ("skipped", &[], &[], &["type", "message"]),
];

fn check(text: &str) -> Result<(), String> {
    let document = Document::parse(text).map_err(|error| format!("{error}: {text}"))?;
    let root = document.root_element();
    for node in root.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let (_, children, required, optional) = SCHEMA.into_iter().find(|it| it.0 == name).ok_or(format!("<{name}>"))?;
        let present: BTreeSet<&str> = node.attributes().map(|attribute| attribute.name()).collect();
        for attribute in required {
            present.get(attribute).ok_or(format!("<{name}> has no {attribute}"))?;
        }
        let strange = present.iter().find(|it| !required.contains(it) && !optional.contains(it));
        strange.map_or(Ok(()), |attribute| Err(format!("<{name} {attribute}>")))?;
        let child = node.children().filter(Node::is_element).find(|child| !children.contains(&child.tag_name().name()));
        child.map_or(Ok(()), |child| Err(format!("<{}> in <{name}>", child.tag_name().name())))?;
        if name.starts_with("testsuite") {
            counts_agree(node)?;
        }
    }
    names_differ(root, "testsuite")?;
    root.children().filter(Node::is_element).try_for_each(|suite| names_differ(suite, "testcase"))?;
    // A file without cases is refused by Jenkins and looks green elsewhere.
    if cases(root).next().is_none() { Err("no cases".to_owned()) } else { Ok(()) }
}

fn cases<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants().filter(|node| node.has_tag_name("testcase"))
}

fn with<'a, 'i>(node: Node<'a, 'i>, outcome: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    cases(node).filter(move |case| case.children().any(|child| child.has_tag_name(outcome)))
}

fn counts_agree(node: Node<'_, '_>) -> Result<(), String> {
    let numbers = [
        ("tests", cases(node).count()),
        ("failures", with(node, "failure").count()),
        ("errors", with(node, "error").count()),
        ("skipped", with(node, "skipped").count()),
    ];
    for (attribute, count) in numbers {
        let said = node.attribute(attribute).map_or(Ok(count), str::parse).map_err(|error| format!("{attribute}: {error}"))?;
        if said != count {
            return Err(format!("{attribute}: {said} of {count}"));
        }
    }
    Ok(())
}

fn names_differ(node: Node<'_, '_>, of: &str) -> Result<(), String> {
    let mut names = BTreeSet::new();
    let of_kind = node.children().filter(|child| child.has_tag_name(of));
    let twice = of_kind.filter_map(|child| child.attribute("name")).find(|name| !names.insert(*name));
    twice.map_or(Ok(()), |name| Err(format!("{name} twice")))
}

/// Cases with this outcome, as `name: message`.
fn told(report: &Report, outcome: &'static str) -> Vec<String> {
    let text = written(report, Format::Junit);
    check(&text).unwrap();
    let document = Document::parse(&text).unwrap();
    let said = |case: Node<'_, '_>| {
        let message = case.children().find_map(|child| child.attribute("message").map(str::to_owned)).unwrap_or_default();
        format!("{}: {message}", case.attribute("name").unwrap())
    };
    with(document.root_element(), outcome).map(said).collect()
}

#[test]
fn it_fits_the_schema() {
    insta::assert_snapshot!("junit", written(&report(), Format::Junit));
    for report in [report(), Report::default(), many(500, |number| format!("wrong {number}"))] {
        check(&written(&report, Format::Junit)).unwrap();
    }
    // The check itself can tell.
    for bad in [
        "<testsuites><testcase name='a'/></testsuites>",
        "<testsuites><testsuite name='a' tests='2' failures='0' errors='0'><testcase name='a'/></testsuite></testsuites>",
        "<testsuites><testsuite name='a' tests='1' failures='0' errors='0'><testcase name='a' file='b'/></testsuite></testsuites>",
        "<testsuites/>",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_counts_fails_and_the_rest_is_told_apart() {
    let mut report = report();
    of_rule(&mut report, "scope-full").baseline = Some(BaselineState::Known);
    report.unknown[0].baseline = Some(BaselineState::Known);
    insta::assert_snapshot!(told(&report, "failure").join("\n"), @r"
    refresh-token-scope-missing: high: Acme Portal allows JWT or SAML bearer requests but its scopes lack refresh_token
    callback-plain-http: medium: http://portal.example.com/callback has no TLS
    callback-plain-http (2): medium: http://other.example.com has no TLS
    ");
    insta::assert_snapshot!(told(&report, "error").join("\n"), @r"
    cannot read force-app/secret: cannot read force-app/secret: permission denied
    the end tag does not match: the end tag does not match: opened as <oauth>: close it
    owner-missing: could not be decided: only an org can tell
    ");
    insta::assert_snapshot!(told(&report, "skipped").join("\n"), @r"
    owner-missing: below the threshold: info: \u{1b}[2J\u{202e}evil\n[click](https://evil.example.com) has nobody; see [this](https://evil.example.com)
    scope-full: waived, will-fix until 2026-12-31 by identity@example.com, SEC-7: Moves to a smaller scope\u{7}; critical: =cmd() is given the scope full
    scope-full: known to the baseline: critical: Acme Portal is given the scope full
    callback-plain-http (3): known to the baseline: could not be decided: only an org can tell
    ");
}

#[test]
fn it_is_red_where_the_exit_code_is_not_0_and_only_there() {
    let count = |threshold: Threshold, outcome| told(&Report { threshold, ..report() }, outcome).len();
    let at = |severity, allow_unknown| Threshold { severity, allow_unknown };
    assert_eq!(count(at(Some(Severity::Info), false), "failure"), 5);
    assert_eq!(count(at(Some(Severity::Medium), false), "failure"), 4);
    assert_eq!(count(at(Some(Severity::Critical), false), "failure"), 1);
    assert_eq!(count(at(None, false), "failure"), 0);
    // Two verdicts that could not be decided, and two things that could not be read.
    assert_eq!(count(at(None, false), "error"), 4);
    assert_eq!(count(at(None, true), "error"), 0);
    assert_eq!(count(at(None, true), "skipped"), 5 + 1 + 4);
}

#[test]
fn an_app_without_findings_has_a_case_that_passed() {
    let report = Report { findings: Vec::new(), waived: Vec::new(), unknown: Vec::new(), diagnostics: Vec::new(), ..report() };
    let text = written(&report, Format::Junit);
    check(&text).unwrap();
    let document = Document::parse(&text).unwrap();
    let passed: Vec<_> = cases(document.root_element()).map(|case| case.attribute("classname").unwrap()).collect();
    assert_eq!(passed.len(), 3, "{passed:?}");
    assert!(passed.contains(&"orgwarden.connected app Acme_Portal"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_text(text in hostile_text(), more in "[<>&\"'\u{fffe}\u{ffff}\\]!-]{0,12}") {
        let text = format!("{text}{more}");
        let xml = written(&everywhere(&text), Format::Junit);
        prop_assert!(harmless(&xml), "{xml:?}");
        prop_assert_eq!(check(&xml), Ok(()));
    }
}
