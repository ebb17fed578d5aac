//! Commands in the logs of GitHub Actions and Azure Pipelines, read as their runners read them.

use std::collections::BTreeMap;

use orgwarden::finding::{BaselineState, Severity};
use orgwarden::report::{Format, Report, untrusted};
use proptest::prelude::*;

use crate::fixture::{everywhere, many, report, written};
use crate::{harmless, hostile_text};

/// A command, its properties and what it says.
type Command = (String, BTreeMap<String, String>, String);

/// `TryParseV2` of `ActionCommand.cs` in actions/runner; the runner trims the front of a line.
fn read_github(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (info, data) = rest.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let unescape = |text: &str, all: &[(&str, &str)]| all.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let of_data = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    let of_property = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    let properties = properties.trim().split(',').filter_map(|pair| pair.split_once('='));
    let properties = properties.map(|(name, value)| (name.to_owned(), unescape(value, &of_property))).collect();
    Some((name.to_owned(), properties, unescape(data, &of_data)))
}

/// `TryParse` of `Command.cs` in microsoft/azure-pipelines-agent; the agent looks anywhere in a line.
fn read_azure(line: &str) -> Option<Command> {
    let (_, rest) = line.split_once("##vso[")?;
    let (info, data) = rest.split_once(']')?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let unescape = |text: &str| {
        let all = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
        all.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let properties = properties.split(';').filter_map(|pair| pair.split_once('='));
    let properties = properties.map(|(name, value)| (name.to_owned(), unescape(value))).collect();
    Some((name.to_owned(), properties, unescape(data)))
}

fn commands(report: &Report, format: Format) -> Vec<Command> {
    let read = if format == Format::Github { read_github } else { read_azure };
    written(report, format).lines().map(|line| read(line).unwrap_or_else(|| panic!("no command: {line}"))).collect()
}

#[test]
fn annotations_of_github() {
    insta::assert_snapshot!("github", written(&report(), Format::Github));
    assert_eq!(written(&Report::default(), Format::Github), "");
}

#[test]
fn issues_of_azure() {
    insta::assert_snapshot!("azure", written(&report(), Format::Azure));
    assert_eq!(written(&Report::default(), Format::Azure), "");
}

#[test]
fn a_place_is_where_the_finding_is() {
    let (_, properties, message) = &commands(&report(), Format::Github)[1];
    let property = |name: &str| properties[name].as_str();
    assert_eq!(property("file"), "force-app/main/default/connectedApps/Acme_Portal.connectedApp-meta.xml");
    assert_eq!([property("line"), property("endLine"), property("col"), property("endColumn")], ["8", "8", "9", "30"]);
    assert_eq!(property("title"), "critical: App can do everything (scope-full)");
    assert!(message.starts_with("Acme Portal is given the scope full\nIn metadata: "), "{message}");
}

#[test]
fn an_app_of_an_org_has_no_file() {
    let mut report = report();
    report.findings.truncate(1);
    report.findings[0].evidence.clear();
    report.findings[0].subject.org = "prod".to_owned();
    report.findings[0].subject.path = "ConnectedApp/Acme_Portal".to_owned();
    for (format, path) in [(Format::Github, "file"), (Format::Azure, "sourcepath")] {
        let commands = commands(&report, format);
        let (_, properties, message) = commands.iter().find(|(_, _, message)| message.contains("prod: ")).unwrap();
        assert!(!properties.contains_key(path), "{properties:?}");
        assert!(!message.is_empty());
    }
}

#[test]
fn github_gets_no_more_than_it_shows_the_worst_first() {
    let mut report = many(100, |number| format!("wrong {number}"));
    let all = commands(&report, Format::Github);
    let of_kind = |kind: &str| all.iter().filter(|(name, ..)| name == kind).count();
    assert_eq!((of_kind("error"), of_kind("warning"), of_kind("notice")), (10, 10, 10));
    assert!(all[0].1["title"].starts_with("critical: "));
    let (_, _, last) = all.last().unwrap();
    assert_eq!(last, "71 more findings without an annotation: 10 critical, 20 high, 10 medium, 11 low, 20 info");
    // What is known does not count.
    report.findings.iter_mut().for_each(|finding| finding.baseline = Some(BaselineState::Known));
    assert_eq!(commands(&report, Format::Github), []);
    assert_eq!(commands(&report, Format::Azure), []);
}

#[test]
fn azure_gets_all_the_worst_first() {
    let all = commands(&many(100, |number| format!("wrong {number}")), Format::Azure);
    assert_eq!(all.len(), 100);
    let first = |words: &str| all.iter().position(|(_, _, message)| message.starts_with(words)).unwrap();
    assert_eq!(Severity::ALL.map(|severity| first(severity.as_str())), [0, 20, 40, 60, 80]);
}

/// As shown on one line, cut as the formats cut.
fn line(text: &str, characters: usize) -> String {
    let shown = untrusted::line(text.trim());
    match shown.char_indices().nth(characters) {
        Some(_) => shown.chars().take(characters - 1).chain(['…']).collect(),
        None => shown.into_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_a_command(text in hostile_text(), more in "(::|##vso\\[|##\\[|%0A|%25|%AZP25|[\\];,:=%#a]|::error file=x::|##vso\\[task.setvariable variable=PATH\\]){0,8}") {
        let text = format!("{text}{more}");
        let report = everywhere(&text);
        let shown = written(&report, Format::Github);
        prop_assert!(harmless(&shown), "{shown:?}");
        for (name, properties, message) in commands(&report, Format::Github) {
            prop_assert!(["error", "warning", "notice"].contains(&name.as_str()), "{name}");
            prop_assert!(properties.keys().all(|name| ["file", "line", "endLine", "col", "endColumn", "title"].contains(&name.as_str())), "{properties:?}");
            if properties["title"].starts_with("critical") && message.chars().count() < 1900 {
                let title = untrusted::log(&line(&format!("critical: {text} ({text})"), 200)).into_owned();
                prop_assert_eq!(properties["title"].trim(), title.trim());
                let said = untrusted::lines(text.trim()).into_owned();
                prop_assert!(message.starts_with(untrusted::log(&said).trim_end()), "{message:?} {text:?}");
            }
        }
        let shown = written(&report, Format::Azure);
        prop_assert!(harmless(&shown), "{shown:?}");
        for (name, properties, message) in commands(&report, Format::Azure) {
            prop_assert_eq!(&name, "task.logissue");
            let known = ["type", "sourcepath", "linenumber", "columnnumber", "code"];
            prop_assert!(properties.keys().all(|name| known.contains(&name.as_str())), "{properties:?}");
            prop_assert!(["error", "warning"].contains(&properties["type"].as_str()));
            if message.starts_with("critical") {
                prop_assert_eq!(message, line(&format!("critical: {text}"), 2000));
                prop_assert_eq!(&properties["code"], &untrusted::line(&text).into_owned());
            }
        }
    }
}
