//! What will not be after a deployment as its files say.
//!
//! What each is and what is not known of it is data, the files of `hazards/`; when there is one is said here. What a rule finds in the state
//! after is left to the rule, so that nothing is told twice.

mod catalogue;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use self::catalogue::{Catalogue, Reset, catalogue};
use super::state::{App, State};
use crate::builtin::BuiltinError;
use crate::compare::{AppPair, AppSide};
use crate::finding::Subject;
use crate::inventory::app::AppKind;
use crate::inventory::contract::Governance;
use crate::inventory::{Mention, MentionedBy, Origin};
use crate::rules::value::{FactSet, FactValue};
use crate::source::Location;

/// The fact that tells of the certificate that switches assertions on.
const CERTIFICATE: &str = "app.certificate_present";

/// Something that will not be after a deployment as its files say.
#[derive(Clone, Debug)]
pub struct Hazard {
    /// What it is.
    pub kind: HazardKind,
    /// The app; none where it is about all of them.
    pub subject: Option<Subject>,
    /// The place to look at.
    pub place: Option<Location>,
    /// What happens, with names.
    pub message: String,
    /// What is not known of it.
    pub reservation: &'static str,
    /// Pages to read.
    pub references: &'static [String],
}

/// The kinds of hazards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HazardKind {
    /// A connected app that was not there before.
    NewConnectedApp,
    /// An app that is not in the source any more, and that nothing deletes.
    RemovedAppStays,
    /// An empty element in the place of assignments.
    AssignmentsEmptied,
    /// A setting that is not stated any more.
    SettingReset,
    /// A certificate that is not stated any more.
    CertificateCleared,
    /// Another consumer key for an app that is there.
    ConsumerKeyFixed,
    /// A newer API version.
    ApiVersionRaised,
}

impl HazardKind {
    /// All of them, in the order they are told.
    pub const ALL: [Self; 7] = [
        Self::NewConnectedApp,
        Self::RemovedAppStays,
        Self::AssignmentsEmptied,
        Self::SettingReset,
        Self::CertificateCleared,
        Self::ConsumerKeyFixed,
        Self::ApiVersionRaised,
    ];
    /// The words used in output, in the same order.
    pub const WORDS: &'static [&'static str] = &[
        "new-connected-app",
        "removed-app-stays",
        "assignments-emptied",
        "setting-reset",
        "certificate-cleared",
        "consumer-key-fixed",
        "api-version-raised",
    ];

    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewConnectedApp => "new-connected-app",
            Self::RemovedAppStays => "removed-app-stays",
            Self::AssignmentsEmptied => "assignments-emptied",
            Self::SettingReset => "setting-reset",
            Self::CertificateCleared => "certificate-cleared",
            Self::ConsumerKeyFixed => "consumer-key-fixed",
            Self::ApiVersionRaised => "api-version-raised",
        }
    }
}

/// What fills in the message of a hazard.
#[derive(Clone, Copy, Default)]
struct Words<'w> {
    what: &'w str,
    was: &'w str,
    becomes: &'w str,
}

/// Finds the hazards of a deployment.
pub(super) struct Finder<'a> {
    catalogue: &'static Catalogue,
    before: &'a State<'a>,
    after: &'a State<'a>,
    /// The facts behind introduced findings, with the subjects.
    found: BTreeSet<(Subject, &'a str)>,
}

impl<'a> Finder<'a> {
    /// # Errors
    ///
    /// The catalogue cannot be read, which tests rule out.
    pub(super) fn new(before: &'a State<'a>, after: &'a State<'a>) -> Result<Self, &'static BuiltinError> {
        let new = after.verdicts.findings.iter().filter(|finding| !finding.is_known());
        let found = new.flat_map(|it| it.evidence.iter().map(|evidence| (ungoverned(&it.subject), evidence.fact.as_str())));
        Ok(Self { catalogue: catalogue()?, before, after, found: found.collect() })
    }

    /// All hazards, app by app.
    pub(super) fn all(&self, pairs: &[AppPair<'_>]) -> Vec<Hazard> {
        let mut hazards: Vec<Hazard> = pairs.iter().filter(|pair| pair.unsure.is_none()).flat_map(|pair| self.of(pair)).collect();
        hazards.extend(self.api_version());
        hazards.sort_by(|one, other| (one.kind, &one.subject, &one.message).cmp(&(other.kind, &other.subject, &other.message)));
        hazards
    }

    fn of(&self, pair: &AppPair<'_>) -> Vec<Hazard> {
        let app = |state: &'a State<'a>, side: Option<&AppSide>| side.and_then(|side| state.app(&side.subject));
        match (app(self.before, pair.before), app(self.after, pair.after)) {
            (Some(old), Some(new)) if pair.renamed.is_some() => {
                let was = format!(" by its name, although it is {} renamed", old.app.name);
                let stays = format!("is in the source by another name, {}", new.app.name);
                [self.new_connected_app(new, &was), self.stays(old, &stays)].into_iter().flatten().collect()
            }
            (Some(old), Some(new)) => self.changed(old, new, pair),
            (Some(old), None) => self.stays(old, "is not in the source any more").into_iter().collect(),
            (None, Some(new)) => self.new_connected_app(new, "").into_iter().collect(),
            (None, None) => Vec::new(),
        }
    }

    fn changed(&self, old: App<'a>, new: App<'a>, pair: &AppPair<'_>) -> Vec<Hazard> {
        let (Some(one), Some(other)) = (pair.before, pair.after) else { return Vec::new() };
        let mut hazards = self.emptied(old, new);
        if one.facts == other.facts && one.key == other.key {
            return hazards;
        }
        let (before, after) = (self.before.facts(old), self.after.facts(new));
        let resets = self.catalogue.resets.iter();
        hazards.extend(resets.filter_map(|reset| self.reset(reset, new, [&before, &after])));
        let cleared =
            one.facts.get(CERTIFICATE) == Some(&Ok(true.into())) && other.facts.get(CERTIFICATE) == Some(&Ok(false.into()));
        if cleared {
            let place = after.get(CERTIFICATE).and_then(|fact| fact.origins.first()).map(Origin::location);
            hazards.extend(self.hazard(
                HazardKind::CertificateCleared,
                new,
                place,
                Words { what: "`certificate`", ..Words::default() },
            ));
        }
        if one.key.is_some() && other.key.is_some() && one.key != other.key {
            let place = new.app.oauth.consumer_key.origins.first().map(Origin::location);
            hazards.extend(self.hazard(HazardKind::ConsumerKeyFixed, new, place, Words::default()));
        }
        hazards
    }

    /// A connected app that the source did not have. What a package brings has a namespace.
    fn new_connected_app(&self, new: App<'a>, was: &str) -> Option<Hazard> {
        let creates = new.app.kind == AppKind::ConnectedApp && new.app.namespace().is_empty();
        creates
            .then(|| self.hazard(HazardKind::NewConnectedApp, new, Some(&new.app.location), Words { was, ..Words::default() }))?
    }

    /// An app that the source does not have any more, and that no file deletes.
    fn stays(&self, old: App<'a>, what: &str) -> Option<Hazard> {
        let deletes = |it: &Mention| it.by == MentionedBy::DestructiveChanges && it.kind == old.app.kind && it.name == old.app.name;
        let is_deleted = self.after.inventory.mentioned.iter().any(deletes);
        (!is_deleted).then(|| self.hazard(HazardKind::RemovedAppStays, old, None, Words { what, ..Words::default() }))?
    }

    fn emptied(&self, old: App<'a>, new: App<'a>) -> Vec<Hazard> {
        let was_empty = |kind| old.app.access.emptied.iter().any(|(other, _)| *other == kind);
        let emptied = new.app.access.emptied.iter().filter(|(kind, _)| !was_empty(*kind));
        let told = emptied.filter_map(|(kind, origin)| {
            let what = kind.as_str().replace('-', " ");
            self.hazard(HazardKind::AssignmentsEmptied, new, Some(origin.location()), Words { what: &what, ..Words::default() })
        });
        told.collect()
    }

    /// A setting that was stated, and is at its default now because it is not.
    fn reset(&self, reset: &Reset, new: App<'a>, facts: [&FactSet; 2]) -> Option<Hazard> {
        let [before, after] = facts.map(|set| set.get(&reset.fact));
        let (before, after) = (before?, after?);
        // A list that has no places is one of which nothing is left.
        let is_gone = after.origins.is_empty() && after.value().is_some_and(|value| value.to_json() == Value::Array(Vec::new()));
        let of_app = is_gone.then_some(&new.app.location);
        let absent = after.origins.iter().find(|origin| !origin.is_stated()).map(Origin::location).or(of_app)?;
        if !before.is_stated() || before.origins.is_empty() && !is_gone || before.state == after.state {
            return None;
        }
        // Of a rule's finding the place and the value are told already.
        if self.found.contains(&(ungoverned(new.subject), reset.fact.as_str())) {
            return None;
        }
        let [was, becomes] =
            facts.map(|set| set.get(&reset.fact).and_then(FactValue::value).map(|value| in_words(&value.to_json())));
        let (was, becomes) = (was?, becomes.map(|text| if text.is_empty() { "none".to_owned() } else { text })?);
        let what = format!("`{}`", reset.element(new.app.kind));
        self.hazard(HazardKind::SettingReset, new, Some(absent), Words { what: &what, was: &was, becomes: &becomes })
    }

    /// Where each state has one source whose version is known.
    fn api_version(&self) -> Option<Hazard> {
        let version = |state: &State<'_>| match state.inventory.sources.as_slice() {
            [source] if source.org.is_none() => source.api_version,
            _ => None,
        };
        let (was, is) = (version(self.before)?, version(self.after)?);
        let (was_told, becomes) = (format!("{was}.0"), format!("{is}.0"));
        let words = Words { was: &was_told, becomes: &becomes, ..Words::default() };
        (is > was).then(|| self.told(HazardKind::ApiVersionRaised, None, None, words))?
    }

    fn hazard(&self, kind: HazardKind, app: App<'a>, place: Option<&Location>, words: Words<'_>) -> Option<Hazard> {
        self.told(kind, Some(app.subject), place, words)
    }

    fn told(&self, kind: HazardKind, subject: Option<&Subject>, place: Option<&Location>, words: Words<'_>) -> Option<Hazard> {
        let text = self.catalogue.text(kind)?;
        let app = subject.map(|subject| subject.name.as_str()).unwrap_or_default();
        let fill = [("{app}", app), ("{what}", words.what), ("{was}", words.was), ("{becomes}", words.becomes)];
        Some(Hazard {
            kind,
            subject: subject.cloned(),
            place: place.cloned(),
            message: filled(&text.message, &fill),
            reservation: &text.reservation,
            references: &text.references,
        })
    }
}

/// The message with its words filled in. Words of others are not looked into.
fn filled(message: &str, fill: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = message;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some((name, word)) = fill.iter().find(|(name, _)| from.starts_with(name)) {
            out.push_str(word);
            rest = from.get(name.len()..).unwrap_or_default();
        } else {
            out.push('{');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The value of a fact as text.
fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => match (fields.get("start"), fields.get("end")) {
            (Some(start), Some(end)) => format!("{}-{}", in_words(start), in_words(end)),
            _ => value.to_string(),
        },
        Value::Null => "unset".to_owned(),
        other => other.to_string(),
    }
}

/// The subject as apps are named, without what the policy says of who answers for it.
fn ungoverned(subject: &Subject) -> Subject {
    Subject { governance: Governance::default(), ..subject.clone() }
}
