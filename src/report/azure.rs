//! Logging commands of Azure Pipelines, which become issues of the job.
//!
//! The agent looks for `##vso[` in a line, ends the command at the next `]`, splits properties at `;` and decodes afterwards (`Command.cs` of
//! microsoft/azure-pipelines-agent); what others wrote can therefore be neither a command nor a property of one.

use std::fmt::Write as _;

use super::place::Place;
use super::words::{limit, problem, rules_of, said, short_line};
use super::{Report, untrusted};
use crate::finding::{Finding, Severity};
use crate::gate::LimitState;

/// Characters of a message.
const MAX_MESSAGE: usize = 2000;

/// An issue for each limit on a deployment that is not kept, each thing that could not be read, each reason why something could not be decided, and each finding that counts, the worst
/// first: Azure shows the first ten errors and warnings of a step, the log has all.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for it in report.limits() {
        let kind = if it.state == LimitState::Crossed { "error" } else { "warning" };
        push(&mut out, kind, None, "deployment", &limit(it));
    }
    for diagnostic in report.unread() {
        let place = Place::of_problem(diagnostic);
        push(&mut out, "error", place.as_ref(), "incomplete", &problem(diagnostic));
    }
    for (reason, verdicts) in report.undecided() {
        push(&mut out, "warning", None, "undecided", &format!("could not be decided: {}: {reason}", rules_of(&verdicts)));
    }
    for finding in report.counting() {
        push_finding(&mut out, finding);
    }
    out
}

fn push_finding(out: &mut String, finding: &Finding) {
    let kind = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Low | Severity::Info => "warning",
    };
    let message = format!("{}: {}", finding.severity, said(finding));
    push(out, kind, Some(&Place::of_finding(finding)), &finding.rule, &message);
}

fn push(out: &mut String, kind: &str, place: Option<&Place>, code: &str, message: &str) {
    let mut properties = format!("type={kind};");
    if let Some((place, file)) = place.and_then(|place| Some((place, place.file()?))) {
        let _ = write!(properties, "sourcepath={};", escaped(&untrusted::line(file)));
        if let Some(start) = place.start {
            let _ = write!(properties, "linenumber={};columnnumber={};", start.line, start.column);
        }
    }
    let code = escaped(&untrusted::line(code));
    let message = escaped(&short_line(message.trim(), MAX_MESSAGE));
    // Writing to a String cannot fail.
    let _ = writeln!(out, "##vso[task.logissue {properties}code={code};]{message}");
}

/// What the agent decodes again, in properties and behind them.
fn escaped(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A").replace(';', "%3B").replace(']', "%5D")
}
