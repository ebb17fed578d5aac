//! A comparison for programs: `orgwarden/diff-v1`. The types here are the wire format and nothing else.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

use super::{Comparison, SideInfo, SideKind};
use crate::compare::{self, Admission};
use crate::report::json::Subject;
use crate::report::trail;

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/diff-v1";

const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

/// `diff --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Diff")]
struct Document<'a> {
    /// `orgwarden/diff-v1`.
    #[schemars(extend("const" = SCHEMA_ID))]
    schema: &'static str,
    before: Side<'a>,
    after: Side<'a>,
    findings: Findings<'a>,
    /// What changed of the apps; null where a side is a report, which knows of findings alone.
    apps: Option<Apps<'a>>,
    /// Which side is files, where the other is an org: what files state is compared then, and `fixed` and `removed`, or `new` and `added`, are what
    /// the source alone has. Null otherwise.
    #[schemars(extend("enum" = ["before", "after", null]))]
    source: Option<&'static str>,
    /// Who may have changed what differs; null where no live org was asked.
    setup_audit_trail: Option<trail::Wire<'a>>,
    /// Orgs that the other side does not have.
    only_before: &'a [String],
    only_after: &'a [String],
    /// What is not compared and why.
    notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Side<'a> {
    /// As it was named.
    name: &'a str,
    #[schemars(extend("enum" = SideKind::WORDS))]
    kind: &'static str,
    /// How many things could not be read.
    gaps: usize,
}

#[derive(Serialize, JsonSchema)]
struct Findings<'a> {
    /// Not known before.
    new: Vec<Finding<'a>>,
    /// Of a higher severity than before, or with values behind them that were not there.
    worse: Vec<Finding<'a>>,
    /// Of a lower one, or with fewer values.
    better: Vec<Finding<'a>>,
    /// No longer there.
    fixed: Vec<Finding<'a>>,
    /// Accepted by the policy now.
    waived: Vec<Finding<'a>>,
    /// On one side, and the other cannot tell.
    cannot_tell: Vec<Finding<'a>>,
    /// How many are as they were.
    unchanged: usize,
    /// Decided before, or not there, and undecided now. Findings of before are in `cannot_tell`.
    became_unknown: Vec<Unknown<'a>>,
    /// Undecided before and decided now, without a finding.
    became_known: Vec<Unknown<'a>>,
    /// How many are undecided on both sides.
    still_unknown: usize,
    /// Between files and an org: how many findings and verdicts come of what one side alone can know. They are in none of the lists.
    one_sided: usize,
}

#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    rule: &'a str,
    #[schemars(extend("enum" = SEVERITIES))]
    severity: &'static str,
    /// Values behind a finding that is worse or better that were not there before; only within files, or within one org.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_values: Option<&'a [String]>,
    /// Values behind it that are no longer there.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone_values: Option<&'a [String]>,
    /// The severity before, of a finding that is worse or better.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = SEVERITIES))]
    was: Option<&'static str>,
    subject: Subject<'a>,
    /// Written by others in part: escape it before showing it.
    message: &'a str,
    /// As `path:line:column`, where one is known.
    place: &'a str,
    fingerprint: &'a str,
    /// Of a new one what was known before: `absent`, `undecided` or `waived`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["absent", "undecided", "waived"]))]
    earlier: Option<&'static str>,
    /// On which side it is, where the other cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["before", "after"]))]
    on: Option<&'static str>,
    /// Why the other side cannot tell, or could not decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct Unknown<'a> {
    rule: &'a str,
    subject: Subject<'a>,
    reason: &'a str,
    fingerprint: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Apps<'a> {
    added: Vec<Added<'a>>,
    removed: Vec<Subject<'a>>,
    renamed: Vec<Renamed<'a>>,
    /// On one side, and the other may have them.
    cannot_tell: Vec<Unsure<'a>>,
    /// Apps of an org that no files are expected to hold, such as those of installed packages.
    beyond_source: Vec<Beyond<'a>>,
    /// Apps of which facts or access changed, and orgs (kind `org`) of which facts did.
    changed: Vec<Changed<'a>>,
    unchanged: usize,
}

#[derive(Serialize, JsonSchema)]
struct Beyond<'a> {
    subject: Subject<'a>,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Added<'a> {
    subject: Subject<'a>,
    /// Whom it lets in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = Admission::WORDS))]
    admits: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct Renamed<'a> {
    before: Subject<'a>,
    after: Subject<'a>,
    /// `same-consumer-key`: it is the same app; `same-label-and-callbacks`: it is likely, and its findings are not held against each other.
    #[schemars(extend("enum" = ["same-consumer-key", "same-label-and-callbacks"]))]
    sureness: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Unsure<'a> {
    subject: Subject<'a>,
    #[schemars(extend("enum" = ["before", "after"]))]
    on: &'static str,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Changed<'a> {
    subject: Subject<'a>,
    facts: Vec<Fact<'a>>,
    /// Between files and an org: facts that the files leave out and that the org has otherwise than by default.
    left_out: Vec<Fact<'a>>,
    /// Who may use it.
    access: Access<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Fact<'a> {
    path: &'a str,
    before: Known<'a>,
    after: Known<'a>,
}

/// A value, or why it is not known.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Known<'a> {
    Value(&'a Value),
    Unknown(&'a str),
}

#[derive(Serialize, JsonSchema)]
struct Access<'a> {
    /// Whom it lets in; left out where that did not change.
    #[serde(skip_serializing_if = "Option::is_none")]
    admits: Option<Admits>,
    /// Assigned now.
    gained: Vec<Assigned<'a>>,
    /// No longer assigned.
    lost: Vec<Assigned<'a>>,
    /// Users who can use it now, by user name; only between snapshots of one org, and only where assignments decide.
    users_gained: &'a [String],
    users_lost: &'a [String],
    /// What cannot be told and why, as clauses after "cannot tell".
    cannot_tell: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Admits {
    #[schemars(extend("enum" = Admission::WORDS))]
    before: &'static str,
    #[schemars(extend("enum" = Admission::WORDS))]
    after: &'static str,
    /// Whether any user of the org may authorize it now who had to be assigned, or was shut out.
    opens: bool,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Assigned<'a> {
    #[schemars(extend("enum" = ["profile", "permission-set", "group"]))]
    kind: &'static str,
    name: &'a str,
}

/// The document.
#[must_use]
pub fn json(comparison: &Comparison) -> impl Serialize + '_ {
    let Comparison { before, after, difference, notes, trail, .. } = comparison;
    Document {
        schema: SCHEMA_ID,
        before: before.into(),
        after: after.into(),
        findings: (&difference.findings).into(),
        apps: difference.apps.as_ref().map(Apps::from),
        source: difference.source.map(compare::When::as_str),
        setup_audit_trail: trail.as_ref().map(trail::Trail::wire),
        only_before: &difference.only_before,
        only_after: &difference.only_after,
        notes,
    }
}

/// JSON Schema of the document.
#[must_use]
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document<'_>>().to_value()
}

impl<'a> From<&'a SideInfo> for Side<'a> {
    fn from(side: &'a SideInfo) -> Self {
        Self { name: &side.name, kind: side.kind.as_str(), gaps: side.gaps }
    }
}

impl<'a> From<&'a compare::Findings> for Findings<'a> {
    fn from(all: &'a compare::Findings) -> Self {
        let moved = |list: &'a [compare::Moved]| -> Vec<Finding<'a>> {
            let moved = |it: &'a compare::Moved| Finding {
                was: Some(it.was.as_str()),
                new_values: Some(&it.new_values),
                gone_values: Some(&it.gone_values),
                ..Finding::from(&it.found)
            };
            list.iter().map(moved).collect()
        };
        Self {
            new: all.new.iter().map(Finding::new).collect(),
            worse: moved(&all.worse),
            better: moved(&all.better),
            fixed: all.fixed.iter().map(Finding::from).collect(),
            waived: all.waived.iter().map(Finding::from).collect(),
            cannot_tell: all.doubts.iter().map(Finding::doubtful).collect(),
            unchanged: all.unchanged,
            became_unknown: all.became_unknown.iter().map(Unknown::from).collect(),
            became_known: all.became_known.iter().map(Unknown::from).collect(),
            still_unknown: all.still_unknown,
            one_sided: all.one_sided,
        }
    }
}

impl<'a> Finding<'a> {
    fn new(new: &'a compare::New) -> Self {
        let (earlier, reason) = match &new.earlier {
            compare::Earlier::Absent => ("absent", None),
            compare::Earlier::Undecided(reason) => ("undecided", Some(reason.as_ref())),
            compare::Earlier::Waived => ("waived", None),
        };
        Self { earlier: Some(earlier), reason, ..Self::from(&new.found) }
    }

    fn doubtful(doubt: &'a compare::Doubt) -> Self {
        Self { on: Some(doubt.on.as_str()), reason: Some(&doubt.reason), ..Self::from(&doubt.found) }
    }
}

impl<'a> From<&'a compare::Found> for Finding<'a> {
    fn from(found: &'a compare::Found) -> Self {
        Self {
            rule: &found.rule,
            severity: found.severity.as_str(),
            was: None,
            new_values: None,
            gone_values: None,
            subject: Subject::from(&found.subject),
            message: &found.message,
            place: &found.place,
            fingerprint: &found.fingerprint,
            earlier: None,
            on: None,
            reason: None,
        }
    }
}

impl<'a> From<&'a compare::Open> for Unknown<'a> {
    fn from(open: &'a compare::Open) -> Self {
        Self { rule: &open.rule, subject: Subject::from(&open.subject), reason: &open.reason, fingerprint: &open.fingerprint }
    }
}

impl<'a> From<&'a compare::Apps> for Apps<'a> {
    fn from(apps: &'a compare::Apps) -> Self {
        let added = |(subject, admission): &'a (crate::finding::Subject, Option<Admission>)| Added {
            subject: Subject::from(subject),
            admits: admission.as_ref().map(Admission::as_str),
        };
        Self {
            added: apps.added.iter().map(added).collect(),
            removed: apps.removed.iter().map(Subject::from).collect(),
            renamed: apps.renamed.iter().map(Renamed::from).collect(),
            cannot_tell: apps.unsure.iter().map(Unsure::from).collect(),
            beyond_source: apps.beyond.iter().map(|(subject, reason)| Beyond { subject: subject.into(), reason }).collect(),
            changed: apps.changed.iter().map(Changed::from).collect(),
            unchanged: apps.unchanged,
        }
    }
}

impl<'a> From<&'a compare::Renamed> for Renamed<'a> {
    fn from(it: &'a compare::Renamed) -> Self {
        Self { before: (&it.before).into(), after: (&it.after).into(), sureness: it.sureness.as_str() }
    }
}

impl<'a> From<&'a compare::UnsureApp> for Unsure<'a> {
    fn from(it: &'a compare::UnsureApp) -> Self {
        Self { subject: (&it.subject).into(), on: it.on.as_str(), reason: &it.reason }
    }
}

impl<'a> From<&'a compare::AppChange> for Changed<'a> {
    fn from(it: &'a compare::AppChange) -> Self {
        let known = |side: &'a compare::FactSide| match side {
            Ok(value) => Known::Value(value),
            Err(reason) => Known::Unknown(reason),
        };
        let fact = |fact: &'a compare::FactChange| Fact { path: fact.path, before: known(&fact.before), after: known(&fact.after) };
        Self {
            subject: (&it.subject).into(),
            facts: it.facts.iter().map(fact).collect(),
            left_out: it.left_out.iter().map(fact).collect(),
            access: (&it.access).into(),
        }
    }
}

impl<'a> From<&'a compare::Assigned> for Assigned<'a> {
    fn from(it: &'a compare::Assigned) -> Self {
        Self { kind: it.kind, name: &it.name }
    }
}

impl<'a> From<&'a compare::AccessChange> for Access<'a> {
    fn from(it: &'a compare::AccessChange) -> Self {
        let named = |list: &'a [compare::Assigned]| list.iter().map(Assigned::from).collect();
        let admits = it.admission.as_ref().map(|(before, after)| Admits {
            before: before.as_str(),
            after: after.as_str(),
            opens: it.opens(),
        });
        Self {
            admits,
            gained: named(&it.gained),
            lost: named(&it.lost),
            users_gained: &it.users_gained,
            users_lost: &it.users_lost,
            cannot_tell: &it.doubts,
        }
    }
}
