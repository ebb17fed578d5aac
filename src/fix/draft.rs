//! The files as they would be: fixes put into them one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::change::{Change, edits};
use super::edit::apply;
use super::ground::{Ground, record};
use super::step;
use crate::inventory::Reason;
use crate::metadata::ComplexType;
use crate::rules::fix::{Fix, Step};
use crate::source::SourceText;

/// Files with fixes in them.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    files: BTreeMap<Arc<str>, DraftFile>,
    settled: Vec<Arc<Settled>>,
}

/// A file as it is and as it would be.
#[derive(Clone, Debug)]
pub struct DraftFile {
    /// As it is; none where it is made.
    pub before: Option<Arc<SourceText>>,
    /// As it would be.
    pub after: Arc<SourceText>,
    /// The metadata type it holds.
    pub metadata_type: &'static ComplexType,
}

/// What a fix wants of a file, so that a later one does not take it back.
#[derive(Clone, Debug)]
struct Settled {
    path: Arc<str>,
    change: Change,
    rule: String,
}

impl Draft {
    /// The files that would be changed or made, by path.
    pub fn files(&self) -> impl Iterator<Item = (&Arc<str>, &DraftFile)> {
        self.files.iter()
    }

    /// Whether nothing would be changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Puts the fix of a rule in, whole or not at all, and tells the files that it changes: none where they state it already, as after the fix
    /// of another rule.
    ///
    /// # Errors
    ///
    /// Why it cannot be made.
    pub fn put(&mut self, rule: &str, fix: &Fix, ground: &Ground) -> Result<BTreeSet<Arc<str>>, Reason> {
        let steps = fix.steps(ground.target);
        if steps.is_empty() {
            return Err(format!("there is no edit of {} metadata that does it", ground.target.as_str()).into());
        }
        let mut after = self.clone();
        let (mut changed, mut wanted) = (BTreeSet::new(), false);
        for step in steps {
            for (path, has_changed) in after.carry_out(step, rule, ground)? {
                wanted = true;
                if has_changed {
                    changed.insert(path);
                }
            }
        }
        if !wanted {
            let why = fix.needs.as_deref().unwrap_or("the files hold nothing of what it would change");
            return Err(format!("it takes a decision: {why}").into());
        }
        let is_touched = || self.files.keys().any(|path| ground.has(path));
        if changed.is_empty() && !is_touched() {
            return Err("the files say so already, in a way that is not read as it is meant".into());
        }
        *self = after;
        Ok(changed)
    }

    /// Carries out one step, and tells of each file that is to state something whether that changed it.
    fn carry_out(&mut self, step: &Step, rule: &str, ground: &Ground) -> Result<Vec<(Arc<str>, bool)>, Reason> {
        let Some(texts) = step::texts(step, &ground.facts)? else { return Ok(Vec::new()) };
        let mut done = Vec::new();
        for text in texts {
            let place = ground.place(step.holder, &step.path)?;
            let path = Arc::clone(place.text.name());
            let now = self.files.get(&path).map_or_else(|| Arc::clone(&place.text), |file| Arc::clone(&file.after));
            let mut after = Arc::clone(&now);
            for change in step::changes(step, text.as_deref(), &record(&now, step.holder)?)? {
                self.settle(&path, &change, rule)?;
                let record = record(&after, step.holder)?;
                step::is_editable(&record, &change)?;
                let edits = edits(&record, &change).map_err(|obstacle| Reason::from(obstacle.to_string()))?;
                if edits.is_empty() {
                    continue;
                }
                let text = apply(after.text(), &edits).ok_or("two changes are about the same place")?;
                after = SourceText::new(Arc::clone(&path), text);
            }
            let has_changed = after.text() != now.text();
            if has_changed {
                let before = (!place.is_new).then(|| Arc::clone(&place.text));
                let file =
                    self.files.entry(Arc::clone(&path)).or_insert(DraftFile { before, after: now, metadata_type: step.holder });
                file.after = after;
            }
            done.push((path, has_changed));
        }
        Ok(done)
    }

    /// Notes what is wanted, unless another fix wants the contrary.
    fn settle(&mut self, path: &Arc<str>, change: &Change, rule: &str) -> Result<(), Reason> {
        let contrary = |settled: &&Arc<Settled>| settled.path == *path && settled.change.contradicts(change);
        if let Some(other) = self.settled.iter().find(contrary) {
            return Err(format!("the fix of {} wants the contrary: {}", other.rule, other.change).into());
        }
        self.settled.push(Arc::new(Settled { path: Arc::clone(path), change: change.clone(), rule: rule.to_owned() }));
        Ok(())
    }
}
