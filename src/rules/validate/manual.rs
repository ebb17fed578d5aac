//! Checks that are made by hand.

use super::super::ManualCheck;
use super::super::file::{ManualEntry, RuleFile};
use super::super::schema::SubjectKind;
use super::Validator;
use crate::finding::{RuleInfo, Steps};
use crate::source::yaml::{Spanned, locate};

impl Validator<'_> {
    pub(super) fn manual(
        &mut self,
        manual: &Spanned<ManualEntry>,
        file: &RuleFile,
        info: RuleInfo,
        subject: SubjectKind,
    ) -> ManualCheck {
        let ManualEntry { place, look_at, right } = &manual.value;
        for (key, text) in [("where", place), ("look-at", look_at), ("right", right)] {
            self.not_empty(key, text);
        }
        self.no_condition(file);
        let [place, look_at, right] = [place, look_at, right].map(|text| text.value.trim().to_owned());
        let location = locate(self.text, &file.id);
        ManualCheck { info, applies_to: subject, steps: Steps { place, look_at, right }, location }
    }

    /// Refuses the keys that are of use to a condition alone.
    fn no_condition(&mut self, file: &RuleFile) {
        let written = [
            ("when", file.when.as_ref()),
            ("check", file.check.as_ref()),
            ("message", file.message.as_ref()),
            ("source", file.source.as_ref()),
            ("severity-if", file.severity_if.first().map(|entry| &entry.severity)),
            ("evidence", file.evidence.first().map(|entry| &entry.fact)),
            ("examples", file.examples.first().map(|entry| &entry.name)),
        ];
        if let Some(fix) = &file.fix {
            self.refuse(fix, "`fix` has no use beside `manual`: nothing is found");
        }
        for (key, value) in written {
            if let Some(value) = value {
                self.refuse(value, format!("`{key}` has no use beside `manual`: nothing is evaluated"));
            }
        }
    }
}
