//! What was asked and what is at stake, as the JSON report has it: a part of the wire format in [`super::json`].

use schemars::JsonSchema;
use serde::Serialize;

use super::asked::Group;
use super::json::Subject;
use crate::finding;
use crate::inventory::blast_radius;
use crate::inventory::blast_radius::BlastLevel;

/// A rule that does not apply, for one reason.
#[derive(Serialize, JsonSchema)]
pub(super) struct NotApplicable<'a> {
    /// The rule's id.
    rule: &'a str,
    /// The parts of its `when` that are false, or the kind of source it is for.
    reason: &'a str,
    /// What it does not apply to.
    subjects: Vec<Subject<'a>>,
}

/// A check that is made by hand. It has no verdict.
#[derive(Serialize, JsonSchema)]
pub(super) struct Manual<'a> {
    /// Its id.
    id: &'a str,
    title: &'a str,
    #[schemars(extend("enum" = ["critical", "high", "medium", "low", "info"]))]
    severity: &'static str,
    #[schemars(extend("enum" = ["broken", "unsafe"]))]
    effect: &'static str,
    /// What it is about: `app`, `org` and so on.
    about: &'static str,
    /// The page of Setup.
    #[serde(rename = "where")]
    place: &'a str,
    /// What to look at there.
    look_at: &'a str,
    /// What is right.
    right: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct BlastRadius<'a> {
    subject: Subject<'a>,
    /// `none`, `identity`, `partial`, `all-data` or `org`; null where there may be more than `least`.
    #[schemars(extend("enum" = ["none", "identity", "partial", "all-data", "org", null]))]
    level: Option<&'static str>,
    /// The level that is certain.
    #[schemars(extend("enum" = BlastLevel::WORDS))]
    least: &'static str,
    /// What makes it.
    reasons: &'a [String],
    /// Why there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a str>,
}

impl<'a> From<Group<'a>> for NotApplicable<'a> {
    fn from(group: Group<'a>) -> Self {
        Self { rule: group.rule, reason: group.reason, subjects: group.subjects.into_iter().map(Subject::from).collect() }
    }
}

impl<'a> From<&'a finding::Manual> for Manual<'a> {
    fn from(check: &'a finding::Manual) -> Self {
        Self {
            id: &check.info.id,
            title: &check.info.title,
            severity: check.info.severity.as_str(),
            effect: check.info.effect.as_str(),
            about: check.about,
            place: &check.steps.place,
            look_at: &check.steps.look_at,
            right: &check.steps.right,
        }
    }
}

impl<'a> BlastRadius<'a> {
    pub(super) fn new((subject, radius): (&'a finding::Subject, &'a blast_radius::BlastRadius)) -> Self {
        Self {
            subject: Subject::from(subject),
            level: radius.level().map(BlastLevel::as_str),
            least: radius.least.as_str(),
            reasons: &radius.reasons,
            unknown: radius.unknown.as_deref(),
        }
    }
}
