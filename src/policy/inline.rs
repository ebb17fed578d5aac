//! Waivers in comments of metadata files: read as the policy's own, and bound to the element they stand beside.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::validate::Validator;
use super::{AppPattern, Reach, ValidWaiver};
use crate::diagnostic::{Diagnostic, Level};
use crate::inventory::Inventory;
use crate::inventory::contract::Located;
use crate::inventory::waiver::{InlineWaiver, Waiver};
use crate::rules::schema::SubjectKind;
use crate::source::yaml;

/// The waivers that make sense, and a warning for each that does not: it accepts nothing, so that nothing is hidden by it.
pub(super) fn waivers(
    inventory: &Inventory,
    rules: &BTreeMap<&str, SubjectKind>,
    endless: bool,
) -> (Vec<ValidWaiver>, Vec<Diagnostic>) {
    let mut waivers = Vec::new();
    let mut diagnostics = Vec::new();
    for written in &inventory.inline_waivers {
        match read(written, inventory, rules, endless) {
            Ok(waiver) => waivers.push(waiver),
            Err(problems) => diagnostics.extend(
                problems
                    .into_iter()
                    .map(|problem| Diagnostic { level: Level::Warning, ..problem }.label("this waiver accepts nothing")),
            ),
        }
    }
    (waivers, diagnostics)
}

/// A warning for each waiver where the policy will have none.
pub(super) fn unwanted(inventory: &Inventory) -> Vec<Diagnostic> {
    let warning = |written: &InlineWaiver| {
        Diagnostic::warning("the policy accepts no waivers in metadata files (`inline-waivers: false`)")
            .at(written.text.clone())
            .label("this waiver accepts nothing")
    };
    inventory.inline_waivers.iter().map(warning).collect()
}

fn read(
    written: &InlineWaiver,
    inventory: &Inventory,
    rules: &BTreeMap<&str, SubjectKind>,
    endless: bool,
) -> Result<ValidWaiver, Vec<Diagnostic>> {
    let place = &written.text;
    let Some(source) = place.text() else { return Err(Vec::new()) };
    let Some(beside) = written.beside.clone() else {
        let problem = Diagnostic::error("the waiver stands beside no element").at(place.clone());
        return Err(vec![problem.help("put it above the element it is about, or behind it in the same line")]);
    };
    let entry = yaml::parse_part(source, place.span()).map_err(|problem| vec![problem])?;
    let mut validator = Validator { source, rules: Some(rules), endless_waivers: endless, diagnostics: Vec::new() };
    let waiver = validator.inline_waiver(entry);
    let app = app_of(place.path(), inventory);
    let about = app.map(|name| Located { value: name.to_owned(), location: place.clone() });
    let waiver = Waiver { about, beside: Some(beside), ..waiver };
    let matcher = app.map(AppPattern::exact);
    if validator.diagnostics.is_empty() {
        Ok(ValidWaiver { waiver, matcher, reach: Reach::default() })
    } else {
        Err(validator.diagnostics)
    }
}

/// Full name of the app that a file is of, or is a part of; none for settings.
fn app_of<'a>(path: &Arc<str>, inventory: &'a Inventory) -> Option<&'a str> {
    let is_of = |app: &&crate::inventory::app::App| {
        app.location.path() == path || app.parts.values().flatten().any(|part| part.path() == path)
    };
    inventory.apps.iter().find(is_of).map(|app| app.name.as_str())
}
