//! SARIF against its schema, and against what GitHub's code scanning takes.

use std::collections::BTreeSet;

use flate2::Compression;
use flate2::write::GzEncoder;
use orgwarden::finding::BaselineState;
use orgwarden::inventory::Origin;
use orgwarden::report::{Format, Report, Style, write};
use orgwarden::source::{Location, SourceText, Span};
use serde_json::Value;

use crate::fixture::{evidence, find, many, of_rule, report, written};
use crate::rendered;

/// `data/sarif-2.1.0.json` is the schema OASIS publishes with the standard.
#[test]
fn sarif_fits_the_official_schema() {
    insta::assert_snapshot!("sarif", rendered(Format::Sarif, Style::PLAIN));
    // The pattern for languages has a bracket too many, which only some dialects of regular expressions accept.
    let schema = include_str!("../data/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let mut empty = Vec::new();
    write(&Report::default(), Format::Sarif, &Style::PLAIN, &mut empty).unwrap();
    for log in [rendered(Format::Sarif, Style::PLAIN), String::from_utf8(empty).unwrap()] {
        let log: serde_json::Value = serde_json::from_str(&log).unwrap();
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        for result in log["runs"][0]["results"].as_array().unwrap() {
            assert!(!result["locations"].as_array().unwrap().is_empty(), "services drop results without a place");
        }
    }
}

#[test]
fn sarif_addresses_files_the_way_services_find_them() {
    let cases = [
        ("force-app/a b#1.xml", "force-app/a%20b%231.xml"),
        ("./x/ü.xml", "x/%C3%BC.xml"),
        (r"dir\file.xml", "dir/file.xml"),
        ("/srv/org/app.xml", "file:///srv/org/app.xml"),
        (r"C:\org\app:1.xml", "file:///C:/org/app%3A1.xml"),
        ("a:b/c.xml", "a%3Ab/c.xml"),
    ];
    for (path, uri) in cases {
        let mut report = report();
        report.findings.truncate(1);
        report.findings[0].evidence = vec![evidence("app", "", Some(Origin::Stated(Location::file(path))))];
        let mut out = Vec::new();
        write(&report, Format::Sarif, &Style::PLAIN, &mut out).unwrap();
        let log: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], uri, "{path}");
    }
}

#[test]
fn sarif_columns_count_utf16_code_units() {
    let text = SourceText::new("a.xml", "\u{feff}<a>😀ü</a><b/>");
    let mut report = report();
    report.findings.truncate(1);
    report.findings[0].evidence = vec![evidence("app", "", Some(Origin::Stated(find(&text, "<b/>"))))];
    let mut out = Vec::new();
    write(&report, Format::Sarif, &Style::PLAIN, &mut out).unwrap();
    let log: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(*region, serde_json::json!({ "startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 15 }));
}

/// The run of a report.
fn run(report: &Report) -> Value {
    let mut log: Value = serde_json::from_str(&written(report, Format::Sarif)).unwrap();
    log["runs"][0].take()
}

fn results(run: &Value) -> &[Value] {
    run["results"].as_array().unwrap()
}

/// The values were computed by another implementation of what `fingerprints.ts` of github/codeql-action describes.
#[test]
fn lines_have_the_identity_that_github_gives_them() {
    let repeated = "x\n".repeat(120);
    let cases = [
        ("\u{feff}<a>\r\n\t<b/>\r\n\t<b/>\n\n</a>", 1, "b050abdda26504dd:1"),
        ("\u{feff}<a>\r\n\t<b/>\r\n\t<b/>\n\n</a>", 2, "b0ecc6cfa8af8b8d:1"),
        ("\u{feff}<a>\r\n\t<b/>\r\n\t<b/>\n\n</a>", 3, "f9f1aecd97ce9434:1"),
        ("", 1, "c129715d7a2bc9a3:1"),
        (&repeated, 3, "c0fe7b2700d6c254:3"),
    ];
    for (text, line, identity) in cases {
        let source = SourceText::new("a.xml", text);
        let mut report = report();
        report.findings.truncate(1);
        let place = Location::new(&source, Span::at(source.line_start(line)));
        report.findings[0].evidence = vec![evidence("app", "", Some(Origin::Stated(place)))];
        let run = run(&report);
        assert_eq!(results(&run)[0]["partialFingerprints"]["primaryLocationLineHash"], identity, "line {line} of {text:?}");
    }
}

#[test]
fn no_two_results_are_one_alert() {
    let mut report = report();
    // One rule on two apps, both told by the same line of a third file.
    let text = SourceText::new("orgwarden.yaml", "contracts:\n");
    let place = || vec![evidence("contract", "", Some(Origin::Stated(find(&text, "contracts"))))];
    let second = report.findings[4].subject.clone();
    report.findings[0].evidence = place();
    let mut twin = report.findings[0].clone();
    (twin.subject, twin.fingerprint) = (second, "f".repeat(64));
    report.findings.push(twin);
    // The same app in two orgs: the same rule, component and fingerprint.
    for org in ["prod", "uat"] {
        let mut finding = report.findings[1].clone();
        finding.subject.org = org.to_owned();
        finding.subject.org_id = format!("00D{org}");
        finding.subject.path = "ConnectedApp/Acme_Portal".to_owned();
        finding.evidence.clear();
        report.findings.push(finding);
    }
    let run = run(&report);
    let alert = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        [&result["ruleId"], place, &result["partialFingerprints"]["primaryLocationLineHash"]]
            .map(|it| it.as_str().unwrap().to_owned())
    };
    let alerts: BTreeSet<[String; 3]> = results(&run).iter().map(alert).collect();
    assert_eq!(alerts.len(), results(&run).len());
    assert!(alerts.iter().all(|alert| alert.iter().all(|part| !part.is_empty())), "{alerts:#?}");
}

#[test]
fn what_is_known_stays_with_its_state() {
    let mut report = report();
    report.findings[0].baseline = Some(BaselineState::Known);
    report.findings[1].baseline = Some(BaselineState::New);
    let run = run(&report);
    let states: Vec<&Value> = results(&run).iter().take(2).map(|result| &result["baselineState"]).collect();
    assert_eq!(states, ["unchanged", "new"]);
}

#[test]
fn a_run_has_no_more_results_than_github_takes_and_keeps_the_worst() {
    let mut report = many(25_010, |_| "wrong".to_owned());
    // Critical, but known: the first to go.
    report.findings.iter_mut().rev().take(3).for_each(|finding| finding.baseline = Some(BaselineState::Known));
    let run = run(&report);
    assert_eq!(results(&run).len(), 25_000);
    let with = |state: &str| results(&run).iter().filter(|result| result["baselineState"] == state).count();
    assert_eq!(with("unchanged"), 0);
    let severe = results(&run).iter().filter(|result| result["properties"]["severity"] != "info").count();
    assert_eq!(severe, 20_008 - 3);
    let told = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(told, "10 results are left out, the least severe: services do not take more; --format json has all");
}

#[test]
fn a_file_is_not_larger_than_github_takes() {
    // Characters of a generator, from twenty thousand, do not compress.
    let mut state = 1_u64;
    let mut noise = |characters: usize| -> String {
        (0..characters)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from_u32(0x4e00 + u32::try_from((state >> 33) % 20_000).unwrap()).unwrap()
            })
            .collect()
    };
    let texts: Vec<String> = (0..5_600).map(|_| noise(1000)).collect();
    let report = many(texts.len(), |number| texts[number].clone());
    let text = written(&report, Format::Sarif);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    let size = encoder.finish().unwrap().len();
    assert!((2_000_000..10_000_000).contains(&size), "{size}");
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(results(&log["runs"][0]).len(), 2800);
    assert!(results(&log["runs"][0]).iter().all(|result| result["properties"]["severity"] != "info"));
}

#[test]
fn a_result_and_a_rule_have_no_more_than_github_shows() {
    let mut report = report();
    let finding = of_rule(&mut report, "scope-full");
    finding.evidence = vec![finding.evidence[0].clone(); 1500];
    finding.message = "long ".repeat(1000);
    report.rules[0].tags = (0..40).map(|number| format!("tag-{number}")).collect();
    report.rules[0].why = "why ".repeat(1000);
    let run = run(&report);
    let first = results(&run).iter().find(|result| result["ruleId"] == "scope-full").unwrap();
    assert_eq!((first["locations"].as_array().unwrap().len(), first["relatedLocations"].as_array().unwrap().len()), (1, 99));
    assert!(first["message"]["text"].as_str().unwrap().chars().count() <= 1000);
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10);
        assert!(rule["fullDescription"]["text"].as_str().unwrap().chars().count() <= 1024);
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
    }
}
