//! The lists for GitLab, Bitbucket and spreadsheets.

use std::collections::BTreeSet;

use orgwarden::finding::BaselineState;
use orgwarden::report::{Format, Report};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixture::{everywhere, many, report, written};
use crate::{harmless, hostile_text};

/// The Code Quality report format of GitLab, from `doc/ci/testing/code_quality.md` and `app/validators/json_schemas/codeclimate.json` of GitLab.
/// Stricter than GitLab: nothing beside the documented keys.
fn code_quality() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "additionalProperties": false,
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "additionalProperties": false,
                    "properties": {
                        "path": { "type": "string", "minLength": 1, "pattern": "^(?!\\./)" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "additionalProperties": false,
                            "properties": {
                                "begin": { "type": "integer", "minimum": 1 },
                                "end": { "type": "integer", "minimum": 1 }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// A report and its annotations, from the reference of Bitbucket Cloud's API (group Reports).
fn code_insights() -> Value {
    json!({
        "type": "object",
        "required": ["report", "annotations"],
        "properties": {
            "report": {
                "required": ["title", "details", "report_type"],
                "properties": {
                    "title": { "type": "string", "maxLength": 450 },
                    "details": { "type": "string", "maxLength": 2000 },
                    "report_type": { "enum": ["SECURITY", "COVERAGE", "TEST", "BUG"] },
                    "result": { "enum": ["PASSED", "FAILED", "PENDING"] },
                    "data": {
                        "maxItems": 10,
                        "items": { "required": ["title", "type", "value"], "properties": { "type": { "const": "NUMBER" }, "value": { "type": "integer" } } }
                    }
                }
            },
            "annotations": {
                "type": "array",
                "maxItems": 1000,
                "items": {
                    "required": ["external_id", "annotation_type", "summary", "severity"],
                    "additionalProperties": false,
                    "properties": {
                        "external_id": { "type": "string", "maxLength": 450 },
                        "annotation_type": { "enum": ["VULNERABILITY", "CODE_SMELL", "BUG"] },
                        "summary": { "type": "string", "minLength": 1, "maxLength": 450 },
                        "details": { "type": "string", "maxLength": 2000 },
                        "severity": { "enum": ["CRITICAL", "HIGH", "MEDIUM", "LOW"] },
                        "path": { "type": "string" },
                        "line": { "type": "integer", "minimum": 1 }
                    }
                }
            }
        }
    })
}

fn fitting(report: &Report, format: Format, schema: &Value) -> Value {
    let document: Value = serde_json::from_str(&written(report, format)).unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    document
}

fn texts<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|entry| entry[key].as_str().unwrap()).collect()
}

/// The report with the same app in two orgs and in two folders.
fn with_twins() -> Report {
    let mut report = report();
    for (org, path) in [("prod", ""), ("uat", ""), ("", "one/a.xml"), ("", "two/a.xml")] {
        let mut finding = report.findings[0].clone();
        finding.subject.org = org.to_owned();
        finding.subject.org_id = org.to_owned();
        finding.subject.path_in_source = path.to_owned();
        report.findings.push(finding);
    }
    report
}

#[test]
fn code_quality_of_gitlab() {
    insta::assert_snapshot!("gitlab", written(&report(), Format::Gitlab));
    assert_eq!(written(&Report::default(), Format::Gitlab), "[]\n");
    let document = fitting(&with_twins(), Format::Gitlab, &code_quality());
    let fingerprints = texts(&document, "fingerprint");
    let different: BTreeSet<&str> = fingerprints.iter().copied().collect();
    assert_eq!(different.len(), fingerprints.len());
    // Findings of one app alone keep the fingerprint they have everywhere.
    assert!(different.contains("02".repeat(32).as_str()));
    fitting(&many(2000, |_| "wrong".to_owned()), Format::Gitlab, &code_quality());
}

#[test]
fn code_insights_of_bitbucket() {
    insta::assert_snapshot!("bitbucket", written(&report(), Format::Bitbucket));
    let empty = fitting(&Report::default(), Format::Bitbucket, &code_insights());
    assert_eq!((&empty["report"]["result"], &empty["annotations"]), (&json!("PASSED"), &json!([])));
    let document = fitting(&with_twins(), Format::Bitbucket, &code_insights());
    let ids = texts(&document["annotations"], "external_id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let document = fitting(&many(1200, |_| "wrong".repeat(200)), Format::Bitbucket, &code_insights());
    assert_eq!(document["annotations"].as_array().unwrap().len(), 1000);
    assert!(
        document["report"]["details"]
            .as_str()
            .unwrap()
            .ends_with("200 more have no annotation, because a report has room for 1000.")
    );
    assert_eq!(document["annotations"][0]["severity"], "CRITICAL");
}

#[test]
fn what_is_accepted_or_known_is_in_no_list_of_what_is_wrong() {
    let mut report = report();
    report.diagnostics.clear();
    report.findings.iter_mut().for_each(|finding| finding.baseline = Some(BaselineState::Known));
    report.unknown.iter_mut().for_each(|undecided| undecided.baseline = Some(BaselineState::Known));
    assert_eq!(written(&report, Format::Gitlab), "[]\n");
    let document = fitting(&report, Format::Bitbucket, &code_insights());
    assert_eq!((&document["report"]["result"], &document["annotations"]), (&json!("PASSED"), &json!([])));
    let number = |title: &str| {
        let data = document["report"]["data"].as_array().unwrap();
        data.iter().find(|datum| datum["title"] == title).unwrap()["value"].clone()
    };
    assert_eq!((number("Known"), number("Waived")), (json!(5), json!(1)));
    let rows = read_csv(&written(&report, Format::Csv)).unwrap();
    assert_eq!(rows.iter().filter(|row| row[1] == "known").count(), 7);
    assert_eq!(rows.iter().filter(|row| row[0] == "waived" && row[17] == "will-fix").count(), 1);
}

/// RFC 4180: rows of cells.
fn read_csv(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut characters) = (false, text.chars().peekable());
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            '"' => return Err(format!("a quote in {cell:?}")),
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if quoted || !row.is_empty() { Err("it ends within a row".to_owned()) } else { Ok(rows) }
}

#[test]
fn rows_for_spreadsheets() {
    let text = written(&report(), Format::Csv);
    insta::assert_snapshot!("csv", text);
    let rows = read_csv(&text).unwrap();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let of = |verdict: &str| rows.iter().filter(|row| row[0] == verdict).count();
    assert_eq!([of("fail"), of("waived"), of("unknown"), of("gap")], [5, 1, 2, 2]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_entry(text in hostile_text(), more in "[=+@,;\"\n-]{0,8}") {
        let report = everywhere(&format!("{more}{text}"));
        fitting(&report, Format::Bitbucket, &code_insights());
        let gitlab: Value = serde_json::from_str(&written(&report, Format::Gitlab)).unwrap();
        prop_assert!(gitlab.as_array().unwrap().iter().all(|entry| harmless(entry["description"].as_str().unwrap())));
        let csv = written(&report, Format::Csv);
        prop_assert!(harmless(&csv), "{csv:?}");
        let rows = read_csv(&csv).map_err(TestCaseError::fail)?;
        for row in &rows {
            prop_assert_eq!(row.len(), rows[0].len());
            prop_assert!(row.iter().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])), "{:?}", row);
        }
    }
}
