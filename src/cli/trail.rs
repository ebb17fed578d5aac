//! Who may have changed what differs: lines of the Setup Audit Trails of live orgs.

use crate::compare::trail;
use crate::finding::Subject;
use crate::inventory::org::{Seen, SetupChange};
use crate::report::trail::{MOST_LINES, Trail};

/// The lines that name subjects that differ; none where no live org was asked. `orgs` are the orgs' names and trails.
pub(super) fn of<'s>(orgs: &[(String, Seen<SetupChange>)], subjects: impl Iterator<Item = &'s Subject>) -> Option<Trail> {
    if orgs.is_empty() {
        return None;
    }
    let mut told = Trail::default();
    for (org, trail) in orgs {
        let why = trail.more.as_ref().map(|why| format!("{org}: {why}"));
        if trail.rows.is_empty() { told.unread.extend(why) } else { told.limited.extend(why) }
    }
    for subject in subjects {
        let lines = orgs.iter().flat_map(|(_, trail)| trail::about(&trail.rows, subject));
        let lines: Vec<SetupChange> = lines.take(MOST_LINES).cloned().collect();
        if !lines.is_empty() && !told.apps.iter().any(|(it, _)| it.kind == subject.kind && it.name == subject.name) {
            told.apps.push((subject.clone(), lines));
        }
    }
    told.apps.sort_by(|(a, _), (b, _)| (&a.name, a.kind).cmp(&(&b.name, b.kind)));
    Some(told)
}
