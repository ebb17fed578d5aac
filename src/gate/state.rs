//! A state of the apps, judged.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::judge::Judges;
use crate::compare;
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::Subject;
use crate::inventory::Inventory;
use crate::inventory::blast_radius::BlastRadius;
use crate::inventory::contract::Expectations;
use crate::policy::{self, Policy, Verdicts, app_subject};
use crate::rules::Rule;
use crate::rules::facts::{self, Context};
use crate::rules::value::FactSet;

/// A state before or after a deployment, judged.
pub(super) struct State<'a> {
    pub(super) inventory: &'a Inventory,
    /// The policy, with the waivers that stand in the files of this state.
    pub(super) policy: Policy,
    pub(super) verdicts: Verdicts,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) today: Date,
    rules: &'a [Rule],
    context: Context<'a>,
    /// The apps, by the names that findings have.
    apps: BTreeMap<Subject, &'a crate::inventory::app::App>,
}

/// An app of a state.
#[derive(Clone, Copy)]
pub(super) struct App<'a> {
    pub(super) app: &'a crate::inventory::app::App,
    pub(super) subject: &'a Subject,
}

impl<'a> State<'a> {
    /// Judges what was read. `diagnostics` is what was said while it was read.
    pub(super) fn new(inventory: &'a Inventory, mut diagnostics: Vec<Diagnostic>, by: &Judges<'a>) -> Self {
        let (policy, problems) = by.policy.clone().with_inline_waivers(inventory, by.known_rules);
        diagnostics.extend(problems);
        let context = Context::new(inventory, by.today);
        let mut verdicts = policy::verdicts(inventory, by.rules, &policy, &context);
        diagnostics.append(&mut verdicts.diagnostics);
        let apps = inventory.apps.iter().map(|app| (app_subject(app, inventory), app)).collect();
        Self { inventory, policy, verdicts, diagnostics, today: by.today, rules: by.rules, context, apps }
    }

    /// The same, to be compared.
    pub(super) fn side(&self) -> compare::Side {
        compare::side_of(&compare::Audit {
            inventory: self.inventory,
            context: &self.context,
            rules: self.rules,
            partial: &[],
            findings: &self.verdicts.findings,
            waived: &self.verdicts.waived,
            unknown: &self.verdicts.unknown,
            gaps: self.gaps().count(),
            subject: &|app| app_subject(app, self.inventory),
        })
    }

    /// What could not be read.
    pub(super) fn gaps(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|it| it.level == Level::Error)
    }

    /// The app of this name; none for what is no app of this state.
    pub(super) fn app(&self, subject: &Subject) -> Option<App<'_>> {
        self.apps.get_key_value(subject).map(|(subject, app)| App { app, subject })
    }

    /// What is known of an app, with the places.
    pub(super) fn facts(&self, app: App<'_>) -> FactSet {
        facts::of_app(app.app, Expectations::default(), &self.context)
    }

    /// How much of its org each app opens.
    pub(super) fn blast_radius(&self) -> BTreeMap<Subject, BlastRadius> {
        self.apps.iter().map(|(subject, app)| (subject.clone(), self.context.blast_radius(app))).collect()
    }
}
