//! The finished, sorted report, and one module per output format that only reads it.
//!
//! A format is a function from the report to text; it decides nothing. Text from metadata passes [`untrusted`] on its way.

pub mod access;
mod asked;
mod asked_json;
pub mod azure;
mod baseline;
pub mod bitbucket;
pub mod controls;
pub mod csv;
mod deployment;
pub mod diff;
pub mod excerpt;
pub mod explain;
pub mod fix;
pub mod github;
pub mod gitlab;
mod identity;
pub mod inventory;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod page;
mod place;
pub mod preflight;
pub mod pretty;
pub mod preview;
pub mod read;
mod redact;
pub mod sarif;
mod sort;
mod source;
mod style;
mod summary;
pub mod table;
mod threshold;
pub mod trail;
pub mod untrusted;
pub mod verify;
mod window;
mod words;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

pub use crate::diagnostic::LeftOut;
pub use asked::Asked;
pub use sort::Sort;
pub use source::{OrgSource, Source};
pub use style::Style;
pub use threshold::Threshold;

use crate::compare::baseline::{Absent, Baselined};
use crate::diagnostic::{Diagnostic, Level};
pub use crate::finding::{Counts, Waived};
use crate::finding::{Finding, RuleInfo, Subject, Undecided};
use crate::gate::Deployment;
use crate::inventory::Origin;
use crate::inventory::blast_radius::BlastRadius;
use crate::source::Location;

/// Everything an audit has to say, in the order it is said: by app, then rule, then place.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was audited.
    pub source: Source,
    /// Number of apps audited.
    pub apps: usize,
    /// The rules that ran, by id.
    pub rules: Vec<RuleInfo>,
    /// Which rules were asked, and which not.
    pub asked: Asked,
    /// What comes first.
    pub sort: Sort,
    /// What fails the audit.
    pub threshold: Threshold,
    /// How much of its org each app opens.
    pub blast_radius: BTreeMap<Subject, BlastRadius>,
    /// Verdicts.
    pub counts: Counts,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is wrong and accepted by the policy.
    pub waived: Vec<Waived>,
    /// What could not be decided.
    pub unknown: Vec<Undecided>,
    /// What became of the baseline's verdicts; none without a baseline.
    pub baseline: Option<Baselined>,
    /// What the deployment does whose state after was audited; none where nothing is deployed.
    pub deployment: Option<Deployment>,
    /// What could not be read (errors: the gaps of the audit) and what is odd in what was read (warnings).
    pub diagnostics: Vec<Diagnostic>,
    /// Files left out on purpose.
    pub left_out: Vec<LeftOut>,
}

impl Report {
    /// The report in the order everything is shown in: what [`Sort`] puts first, then by subject (org, path, name, kind), then severity, worst first, then rule,
    /// then place. What comes in any order goes out in this one, so that the same input gives the same bytes.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.rules.sort_by(|one, other| one.id.cmp(&other.id));
        let mut findings = std::mem::take(&mut self.findings);
        findings.sort_by(|one, other| self.order(one).cmp(&self.order(other)));
        self.findings = findings;
        let mut waived = std::mem::take(&mut self.waived);
        waived.sort_by(|one, other| self.order(&one.finding).cmp(&self.order(&other.finding)));
        self.waived = waived;
        self.unknown.sort_by(|one, other| {
            (subject_order(&one.subject), &one.rule, &one.reason).cmp(&(subject_order(&other.subject), &other.rule, &other.reason))
        });
        if let Some(baseline) = &mut self.baseline {
            let key = |it: &Absent| {
                (it.recorded.org.clone(), it.recorded.kind.clone(), it.recorded.name.clone(), it.recorded.rule.clone())
            };
            baseline.absent.sort_by_key(key);
        }
        self.diagnostics.sort_by(|one, other| diagnostic_order(one).cmp(&diagnostic_order(other)));
        self.left_out.sort();
        self
    }

    /// The place of a finding in the report.
    fn order<'a>(&self, finding: &'a Finding) -> impl Ord + use<'a> {
        (self.key(finding), order(finding))
    }

    /// Number of things that were asked for and could not be read.
    #[must_use]
    pub fn gaps(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count()
    }
}

/// The forms a report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people at a terminal: each finding with the lines it is about and what to do.
    Pretty,
    /// One line for each finding.
    Table,
    /// For programs; `orgwarden/report-v1`.
    Json,
    /// For code scanning services; SARIF 2.1.0.
    Sarif,
    /// For test reports of Jenkins, GitLab and Azure Pipelines; the XML of `JUnit`.
    Junit,
    /// Annotations of GitHub Actions; workflow commands.
    Github,
    /// For GitLab's Code Quality; JSON.
    Gitlab,
    /// Issues of Azure Pipelines; logging commands.
    Azure,
    /// For Bitbucket's Code Insights; a report and annotations in JSON.
    Bitbucket,
    /// For a pull request or a job summary; at most 65,000 characters.
    Markdown,
    /// For spreadsheets; one row for each finding.
    Csv,
}

impl Format {
    /// Whether it speaks to the runner of a pipeline.
    #[must_use]
    pub const fn is_commands(self) -> bool {
        matches!(self, Self::Github | Self::Azure)
    }
}

/// Writes a sorted report. `style` matters to the formats for people only.
///
/// # Errors
///
/// What the writer says.
pub fn write(report: &Report, format: Format, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let text = match format {
        Format::Pretty => pretty::render(report, *style),
        Format::Table => table::render(report, *style),
        Format::Json => json::render(report)?,
        Format::Sarif => sarif::render(report)?,
        Format::Junit => junit::render(report)?,
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report)?,
        Format::Azure => azure::render(report),
        Format::Bitbucket => bitbucket::render(report)?,
        Format::Markdown => markdown::render(report),
        Format::Csv => csv::render(report),
    };
    out.write_all(text.as_bytes())
}

fn order(finding: &Finding) -> impl Ord + '_ {
    let first = finding.evidence.iter().find_map(|evidence| evidence.origin.as_ref()).map(Origin::location).map(place);
    (subject_order(&finding.subject), Reverse(finding.severity), &finding.rule, first, &finding.message, &finding.fingerprint)
}

fn diagnostic_order(diagnostic: &Diagnostic) -> impl Ord + '_ {
    (diagnostic.location.as_ref().map(place), Reverse(diagnostic.level), &diagnostic.title, &diagnostic.label)
}

fn subject_order(subject: &Subject) -> impl Ord + '_ {
    (&subject.org, &subject.path, &subject.name, subject.kind)
}

fn place(location: &Location) -> (&str, usize, usize) {
    (location.path(), location.span().start, location.span().end)
}
