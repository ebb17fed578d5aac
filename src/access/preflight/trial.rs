//! One request on its way through the steps: what they find is gathered here.

use super::forecast::{Failing, Forecast, Issue, Step, Topic, Undecided};
use super::person::Person;
use super::{Request, Subject};
use crate::access::errors::{Cause, Confidence};
use crate::inventory::app::{App, AppKind};
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Fact, Origin, Reason};

/// A request under way.
pub(super) struct Trial<'t, 'a> {
    pub(super) subject: &'t Subject<'a>,
    pub(super) request: &'t Request,
    forecast: Forecast,
}

impl<'t, 'a> Trial<'t, 'a> {
    pub(super) fn new(subject: &'t Subject<'a>, request: &'t Request, person: &Person<'_>) -> Self {
        let forecast = Forecast {
            flow: request.flow,
            user: person.name().map(str::to_owned),
            failing: Vec::new(),
            undecided: Vec::new(),
            permitted_users: subject.app.access.permitted_users.value().copied(),
            premises: Vec::new(),
            reservations: Vec::new(),
            issue: Issue::default(),
        };
        Self { subject, request, forecast }
    }

    /// What was gathered, in the order of the steps.
    pub(super) fn finish(mut self) -> Forecast {
        self.forecast.failing.sort_by_key(|failing| failing.step);
        self.forecast.undecided.sort_by_key(|undecided| undecided.step);
        self.forecast
    }

    pub(super) fn app(&self) -> &'a App {
        self.subject.app
    }

    pub(super) fn is_external_client_app(&self) -> bool {
        self.subject.app.kind == AppKind::ExternalClientApp
    }

    pub(super) fn fail(&mut self, step: Step, cause: Cause, because: impl Into<String>, origins: &[Origin]) {
        self.forecast.failing.push(Failing { step, cause, doubt: None, because: because.into(), origins: origins.to_vec() });
    }

    /// Says of a condition that was found that its literal error is less sure than it would be alone, and why.
    pub(super) fn doubt(&mut self, cause: Cause, most: Confidence, why: &'static str) {
        for failing in self.forecast.failing.iter_mut().filter(|failing| failing.cause == cause) {
            if failing.doubt.is_none_or(|(earlier, _)| most < earlier) {
                failing.doubt = Some((most, why));
            }
        }
    }

    /// Whether something about a step could not be decided.
    pub(super) fn is_open(&self, step: Step) -> bool {
        self.forecast.undecided.iter().any(|undecided| undecided.step == step)
    }

    pub(super) fn undecided(&mut self, step: Step, topic: Topic, what: &str, reason: Reason, supply: impl Into<String>) {
        self.forecast.undecided.push(Undecided { step, topic, what: what.to_owned(), reason, supply: supply.into() });
    }

    /// Takes something for granted, once.
    pub(super) fn premise(&mut self, premise: impl Into<String>) {
        add(&mut self.forecast.premises, premise.into());
    }

    pub(super) fn reserve(&mut self, reservation: impl Into<String>) {
        add(&mut self.forecast.reservations, reservation.into());
    }

    /// The value of a fact; where it is not known, that is undecided.
    pub(super) fn known<T>(&mut self, fact: &Fact<T>, step: Step, topic: Topic, what: &str, part: &str) -> Option<T>
    where
        T: Clone,
    {
        match &fact.state {
            Ok(value) => Some(value.clone()),
            Err(reason) => {
                self.undecided(step, topic, what, reason.clone(), self.to_read(part));
                None
            }
        }
    }

    /// A setting of the org.
    pub(super) fn setting(&self, read: impl Fn(&'a OrgSettings) -> &'a Fact<bool>, file: &str) -> Fact<bool> {
        match self.subject.settings {
            Some(settings) => read(settings).clone(),
            None if self.subject.live.is_some() => Fact::unknown("the settings of the org could not be read"),
            None => Fact::unknown(format!("{file} is not in the source")),
        }
    }

    /// How to get a part of the metadata read that was not.
    pub(super) fn to_read(&self, part: &str) -> String {
        if self.subject.live.is_some() {
            "Grant the auditing user what `orgwarden doctor` names.".to_owned()
        } else {
            format!("Add {part} to the source, or ask the org with --target-org.")
        }
    }
}

fn add(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
