//! Who may have changed what differs, by the Setup Audit Trail of an org: for programs, and in sentences.

use schemars::JsonSchema;
use serde::Serialize;

use super::json;
use crate::finding::Subject;
use crate::inventory::org::SetupChange;

/// Lines shown of one app.
pub const MOST_LINES: usize = 3;

/// What the Setup Audit Trail has about the apps that differ.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// Why it could not be read, an org each.
    pub unread: Vec<String>,
    /// Why there may be more lines than were read, an org each.
    pub limited: Vec<String>,
    /// The apps that lines name, with the latest of these lines.
    pub apps: Vec<(Subject, Vec<SetupChange>)>,
}

/// The trail in a document.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SetupAuditTrail")]
pub(super) struct Wire<'a> {
    /// Why it could not be read.
    unread: &'a [String],
    /// Why there may be more lines than were read.
    limited: &'a [String],
    /// The apps that lines name. What a line is about is not documented: it may be about the app, and proves nothing.
    may_be_about: Vec<OfApp<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SetupAuditTrailOfApp")]
struct OfApp<'a> {
    subject: json::Subject<'a>,
    /// The latest lines, the latest first.
    lines: Vec<Line<'a>>,
}

/// A line of the Setup Audit Trail. Its texts were written by others in part: escape them before showing them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SetupAuditTrailLine")]
struct Line<'a> {
    /// As Salesforce writes it.
    date: &'a str,
    /// User name; null for Salesforce itself.
    by: Option<&'a str>,
    /// Who was logged in as that user; null where nobody was.
    delegate: Option<&'a str>,
    section: &'a str,
    action: &'a str,
    display: &'a str,
}

impl Trail {
    /// Whether an org did not let it be read.
    #[must_use]
    pub const fn is_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Why it could not be read, and the lines, as sentences.
    pub(super) fn lines(&self) -> Vec<String> {
        let unread = self.unread.iter().map(|why| format!("Not read: {why}."));
        let limited = self.limited.iter().map(|why| format!("There may be more lines: {why}."));
        let of_app = |(subject, lines): &(Subject, Vec<SetupChange>)| -> Vec<String> {
            lines.iter().map(|line| format!("{}: {}", subject.name, in_words(line))).collect()
        };
        unread.chain(limited).chain(self.apps.iter().flat_map(of_app)).collect()
    }

    pub(super) fn wire(&self) -> Wire<'_> {
        let may_be_about = self
            .apps
            .iter()
            .map(|(subject, lines)| OfApp { subject: subject.into(), lines: lines.iter().map(Line::from).collect() });
        Wire { unread: &self.unread, limited: &self.limited, may_be_about: may_be_about.collect() }
    }
}

impl<'a> From<&'a SetupChange> for Line<'a> {
    fn from(it: &'a SetupChange) -> Self {
        Self {
            date: &it.date,
            by: it.by.as_deref(),
            delegate: it.delegate.as_deref(),
            section: &it.section,
            action: &it.action,
            display: &it.display,
        }
    }
}

fn in_words(line: &SetupChange) -> String {
    // To the minute, as Setup shows it; Salesforce writes UTC.
    let moment = line.date.get(..16).map_or_else(|| line.date.clone(), |date| format!("{} UTC", date.replace('T', " ")));
    let by = line.by.as_deref().unwrap_or("Salesforce");
    let delegate = line.delegate.as_ref().map(|who| format!(" (by {who})")).unwrap_or_default();
    let section = if line.section.is_empty() { String::new() } else { format!(" ({})", line.section) };
    format!("{moment}, {by}{delegate}: {}{section}", line.display)
}
