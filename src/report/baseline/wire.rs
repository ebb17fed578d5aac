//! What a baseline knows, in the JSON report.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::Report;
use crate::compare::baseline::{Absent, Fate};
use crate::finding::{BaselineState, Severity};

/// What a baseline knows, and what it has that the audit has not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Baselined")]
pub(in crate::report) struct Wire<'a> {
    /// The file; of a deployment the state before, in words.
    path: &'a str,
    /// Failures that it does not have.
    new: usize,
    /// Failures that it has at a lower severity.
    worse: usize,
    /// Failures that it has; they do not count towards the exit code.
    known: usize,
    /// Undecided verdicts that it does not have.
    unknown_new: usize,
    /// Undecided verdicts that it has; they do not count towards the exit code.
    unknown_known: usize,
    /// What it has and the audit has not, by org, subject and rule.
    absent: Vec<Gone<'a>>,
}

/// A verdict of the baseline that the audit has not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AbsentVerdict")]
struct Gone<'a> {
    /// The rule's id.
    rule: &'a str,
    /// `fail`, or `unknown` for one that could not be decided.
    #[schemars(extend("enum" = ["fail", "unknown"]))]
    verdict: &'static str,
    /// How bad the finding was; left out for one that could not be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    /// What it was about, in the words of the baseline.
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    path: &'a str,
    /// Id of the org.
    #[serde(skip_serializing_if = "str::is_empty")]
    org: &'a str,
    /// `fixed`: decided, and otherwise; `gone`: the subject is not there, or not part of this audit; `cannot-tell`: the rule was not asked or
    /// could not be decided, or the subject may be among what could not be read.
    #[schemars(extend("enum" = ["fixed", "gone", "cannot-tell"]))]
    state: &'static str,
}

impl<'a> Wire<'a> {
    /// What the report says of its baseline; none without one.
    pub(in crate::report) fn of(report: &'a Report) -> Option<Self> {
        let baseline = report.baseline.as_ref()?;
        let findings =
            |wanted: fn(BaselineState) -> bool| report.findings.iter().filter(|it| it.baseline.is_some_and(wanted)).count();
        let unknown_new = report.unknown.iter().filter(|it| it.baseline == Some(BaselineState::New)).count();
        Some(Self {
            path: &baseline.path,
            new: findings(|state| state == BaselineState::New),
            worse: findings(|state| matches!(state, BaselineState::Worse { .. })),
            known: findings(BaselineState::is_in_it),
            unknown_new,
            unknown_known: report.unknown.len() - unknown_new,
            absent: baseline.absent.iter().map(Gone::from).collect(),
        })
    }
}

impl<'a> From<&'a Absent> for Gone<'a> {
    fn from(absent: &'a Absent) -> Self {
        let it = &absent.recorded;
        Self {
            rule: &it.rule,
            verdict: if it.severity.is_some() { "fail" } else { "unknown" },
            severity: it.severity.map(Severity::as_str),
            kind: &it.kind,
            name: &it.name,
            path: &it.path,
            org: &it.org,
            state: match absent.fate {
                Fate::Fixed => "fixed",
                Fate::Gone => "gone",
                Fate::CannotTell => "cannot-tell",
            },
        }
    }
}
