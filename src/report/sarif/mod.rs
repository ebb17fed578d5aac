//! SARIF 2.1.0 for code scanning services.
//!
//! Paths stay relative, as they were given, so that a service can find them in its checkout. Columns count UTF-16 code
//! units, which is what SARIF takes for granted and what GitHub reads. What could not be decided is a result of kind `open`,
//! what could not be read a notification of the run. There is never more than GitHub takes.

mod limits;
mod line_hash;
mod rule;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use limits::{Kind, Rank};
use rule::{descriptor, level};
use wire::{
    ArtifactLocation, Driver, Invocation, Location, Log, LogicalLocation, Message, Notification, PhysicalLocation, Region,
    Result as Outcome, ResultProperties, Run, Suppression, Tool,
};

use super::words::{about, limit, problem, short_lines};
use super::{Report, Waived, untrusted};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{BaselineState, Evidence, Finding, RuleInfo, Subject, Undecided};
use crate::inventory::Origin;
use crate::inventory::contract::{Criticality, Governance};
use crate::source;

/// The whole report, indented, with a line end. What services would refuse for its size is cut, the least severe first, and a notification says so.
///
/// # Errors
///
/// None that is known: nothing here has a key or a number that JSON cannot hold.
pub fn render(report: &Report) -> io::Result<String> {
    let results = Results::new(report).all(report);
    let mut most = results.len().min(limits::RESULTS);
    loop {
        let mut text = untrusted::json(&serde_json::to_string_pretty(&log(report, &results, most))?).into_owned();
        text.push('\n');
        if most == 0 || !limits::is_too_large(&text)? {
            return Ok(text);
        }
        most /= 2;
    }
}

fn log<'r>(report: &'r Report, results: &'r [(Rank, Outcome)], most: usize) -> Log<'r> {
    let shown = limits::most_important(results, most);
    let rules: Vec<&RuleInfo> = if report.rules.len() > limits::RULES {
        let used: BTreeSet<&str> = shown.iter().map(|result| result.rule_id.as_str()).collect();
        report.rules.iter().filter(|rule| used.contains(rule.id.as_str())).collect()
    } else {
        report.rules.iter().collect()
    };
    let left_out = results.len() - shown.len();
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "orgwarden",
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.iter().map(|rule| descriptor(rule)).collect(),
            },
        },
        invocations: vec![Invocation {
            execution_successful: report.gaps() == 0,
            tool_execution_notifications: of_limits(report)
                .chain(cut(left_out))
                .chain(report.diagnostics.iter().map(notification))
                .collect(),
        }],
        column_kind: "utf16CodeUnits",
        results: shown,
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: vec![run] }
}

/// The limits on a deployment that are not kept: they are about no place.
fn of_limits(report: &Report) -> impl Iterator<Item = Notification> {
    report.limits().map(|it| Notification { level: "error", message: message(&limit(it)), locations: Vec::new() })
}

fn cut(left_out: usize) -> Option<Notification> {
    let text = format!("{left_out} results are left out, the least severe: services do not take more; --format json has all");
    (left_out > 0).then(|| Notification { level: "warning", message: message(&text), locations: Vec::new() })
}

/// Makes the results of a report.
struct Results<'r> {
    /// Places of the rules among those of the run.
    rules: BTreeMap<&'r str, usize>,
    /// The identities of the lines of each file.
    lines: BTreeMap<Arc<str>, Vec<String>>,
    /// What GitHub takes for one alert: rule, file and identity of the line.
    seen: BTreeSet<(String, String, String)>,
}

impl<'r> Results<'r> {
    fn new(report: &'r Report) -> Self {
        let few = report.rules.len() <= limits::RULES;
        let rules = report.rules.iter().enumerate().filter(|_| few).map(|(at, rule)| (rule.id.as_str(), at));
        Self { rules: rules.collect(), lines: BTreeMap::new(), seen: BTreeSet::new() }
    }

    fn all(mut self, report: &Report) -> Vec<(Rank, Outcome)> {
        let mut all = Vec::with_capacity(report.findings.len() + report.waived.len() + report.unknown.len());
        for finding in &report.findings {
            let kind = if finding.is_known() { Kind::Known } else { Kind::Counting };
            all.push((Rank::new(kind, Some(finding.severity)), self.failed(finding)));
        }
        for waived in &report.waived {
            all.push((Rank::new(Kind::Waived, Some(waived.finding.severity)), self.waived(waived)));
        }
        for undecided in &report.unknown {
            let kind = if undecided.is_known() { Kind::OpenAndKnown } else { Kind::Open };
            all.push((Rank::new(kind, None), self.open(undecided)));
        }
        all
    }

    fn failed(&mut self, finding: &Finding) -> Outcome {
        let mut places = finding.evidence.iter().filter_map(place);
        let first = places.next().map_or_else(|| subject_place(&finding.subject), |(location, _)| location);
        let mut related: Vec<Location> = places
            .enumerate()
            .map(|(index, (location, fact))| Location { id: Some(index + 1), message: Some(message(&fact)), ..location })
            .collect();
        let more = related.len().saturating_sub(limits::PLACES - 1);
        related.truncate(limits::PLACES - 1);
        let more = if more == 0 { String::new() } else { format!(" (and {more} more places)") };
        let origin = finding.evidence.iter().find_map(|evidence| evidence.origin.as_ref()).map(Origin::location);
        Outcome {
            rule_id: finding.rule.clone(),
            rule_index: self.rules.get(finding.rule.as_str()).copied(),
            kind: "fail",
            level: level(finding.severity),
            message: message(&format!("{}{more}", about(&finding.subject, &finding.message))),
            partial_fingerprints: self.fingerprints(&finding.rule, &finding.fingerprint, &finding.subject, &first, origin),
            locations: vec![first],
            related_locations: related,
            baseline_state: finding.baseline.map(baseline_state),
            suppressions: None,
            properties: Some(properties(finding)),
        }
    }

    fn waived(&mut self, waived: &Waived) -> Outcome {
        let details = [("owner", &waived.owner), ("ticket", &waived.ticket), ("until", &waived.until)];
        let details = details.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}"));
        let details: Vec<String> = std::iter::once(waived.status.to_string()).chain(details).collect();
        let kind = if waived.inline { "inSource" } else { "external" };
        let justification = format!("{} ({})", waived.reason, details.join(", "));
        Outcome {
            suppressions: Some(vec![Suppression { kind, status: "accepted", justification }]),
            ..self.failed(&waived.finding)
        }
    }

    fn open(&mut self, undecided: &Undecided) -> Outcome {
        let place = subject_place(&undecided.subject);
        let text = format!("{} could not be decided: {}", undecided.rule, undecided.reason);
        Outcome {
            rule_id: undecided.rule.clone(),
            rule_index: self.rules.get(undecided.rule.as_str()).copied(),
            kind: "open",
            level: "none",
            message: message(&about(&undecided.subject, &text)),
            partial_fingerprints: self.fingerprints(&undecided.rule, &undecided.fingerprint, &undecided.subject, &place, None),
            locations: vec![place],
            related_locations: Vec::new(),
            baseline_state: undecided.baseline.map(baseline_state),
            suppressions: None,
            properties: None,
        }
    }

    /// The identity of a result: an app has the same in every org, so that the org is a part of its own. What GitHub matches alerts by is that of the
    /// line, as it would compute it itself, or else that of the result; two results of one rule in one line are not one alert.
    fn fingerprints(
        &mut self,
        rule: &str,
        fingerprint: &str,
        subject: &Subject,
        place: &Location,
        origin: Option<&source::Location>,
    ) -> BTreeMap<&'static str, String> {
        let org = &subject.org_id;
        let own = if org.is_empty() { fingerprint.to_owned() } else { format!("{fingerprint}:{org}") };
        let uri = &place.physical.artifact_location.uri;
        let key = |hash: &String| (rule.to_owned(), uri.clone(), hash.clone());
        let line = origin.and_then(|origin| self.line_hash(origin)).filter(|hash| !self.seen.contains(&key(hash))).unwrap_or(own);
        self.seen.insert(key(&line));
        let org = Some(("orgwardenOrg/v1", org.clone())).filter(|(_, id)| !id.is_empty());
        [("orgwarden/v1", fingerprint.to_owned()), ("primaryLocationLineHash", line)].into_iter().chain(org).collect()
    }

    /// Nothing where the text was not kept or no file has it.
    fn line_hash(&mut self, location: &source::Location) -> Option<String> {
        let text = location.text().filter(|_| location.answer().is_none())?;
        let lines = self.lines.entry(Arc::clone(location.path())).or_insert_with(|| line_hash::of_lines(text.text()));
        lines.get(location.position().line - 1).cloned()
    }
}

fn properties(finding: &Finding) -> ResultProperties {
    let Governance { owner, criticality, vendor } = &finding.subject.governance;
    ResultProperties {
        severity: finding.severity.as_str(),
        effect: finding.effect.as_str(),
        owner: owner.clone(),
        criticality: criticality.map(Criticality::as_str),
        vendor: vendor.clone(),
    }
}

/// Section 3.27.24. What the baseline has and the audit has not is left out, although there is a word for it: services that do not read
/// the state would take it for something that is there.
const fn baseline_state(state: BaselineState) -> &'static str {
    match state {
        BaselineState::New => "new",
        BaselineState::Worse { .. } => "updated",
        BaselineState::Known | BaselineState::Counted => "unchanged",
    }
}

fn notification(diagnostic: &Diagnostic) -> Notification {
    Notification {
        level: match diagnostic.level {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        message: message(&problem(diagnostic)),
        locations: diagnostic.location.iter().map(location).collect(),
    }
}

fn place(evidence: &Evidence) -> Option<(Location, String)> {
    let origin = evidence.origin.as_ref()?;
    Some((location(origin.location()), evidence.in_words(&evidence.value)))
}

fn location(location: &source::Location) -> Location {
    let artifact_location = ArtifactLocation::of(location.path());
    match location.answer() {
        None => Location::at(PhysicalLocation { artifact_location, region: Some(region(location)) }),
        // An object of an org is no file. Services drop results without a physical location, so it has one that names it.
        Some(_) => Location {
            logical: Some(vec![LogicalLocation { fully_qualified_name: location.path().to_string(), kind: "resource" }]),
            ..Location::at(PhysicalLocation { artifact_location, region: None })
        },
    }
}

/// The file a subject is in; every result must have a place, or services drop it.
fn subject_place(subject: &Subject) -> Location {
    let path = if subject.path.is_empty() { "." } else { &subject.path };
    Location::at(PhysicalLocation { artifact_location: ArtifactLocation::of(path), region: None })
}

fn region(location: &source::Location) -> Region {
    let start = location.position();
    let Some(text) = location.text() else {
        return Region { start_line: start.line, start_column: None, end_line: None, end_column: None };
    };
    let end = text.position(location.span().end);
    let column = |line, offset| {
        let before = text.text().get(text.line_start(line)..offset).unwrap_or_default();
        before.trim_start_matches('\u{feff}').encode_utf16().count() + 1
    };
    Region {
        start_line: start.line,
        start_column: Some(column(start.line, location.span().start)),
        end_line: Some(end.line),
        end_column: Some(column(end.line, location.span().end)),
    }
}

/// A message with names in it that others chose: harmful characters visible, and no link. SARIF reads `[text](target)` as
/// one even in plain text and takes brackets literally after a backslash (sections 3.11.5 and 3.11.6).
fn message(text: &str) -> Message {
    let text = short_lines(text.trim(), limits::MESSAGE);
    if !text.contains("](") {
        return Message { text };
    }
    Message { text: text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]") }
}
