//! What a deployment deletes.

use serde_json::Value as Json;

use super::{Check, Deleted, Lost, Thing, UNREAD, Untold, What};
use crate::finding::Subject;
use crate::inventory::Reason;
use crate::inventory::app::{App, AppKind};

impl Check<'_> {
    pub(super) fn deleted(&mut self, deleted: &Deleted) {
        let kind = match deleted.metadata_type.as_str() {
            "ConnectedApp" => AppKind::ConnectedApp,
            _ => AppKind::ExternalClientApp,
        };
        let is_app = matches!(deleted.metadata_type.as_str(), "ConnectedApp" | "ExternalClientApplication");
        // What is deleted first and brought anew afterwards has to be there.
        if is_app && self.declared.inventory.apps.iter().any(|app| app.kind == kind && app.name == deleted.name) {
            return;
        }
        let metadata_type = deleted.metadata_type.as_str();
        let part_of = if is_app { None } else { self.part(metadata_type, &deleted.name) };
        let there = if is_app { self.find(kind, &deleted.name).map(|app| app.name.clone()) } else { part_of };
        let unseen = if is_app { self.unseen() } else { self.unseen_part(metadata_type) };
        let component = format!("{metadata_type}/{}", deleted.name);
        let is_there = there.is_some();
        let name = there.unwrap_or_else(|| deleted.name.clone());
        let subject = Subject { kind: kind.as_str(), name, ..self.org_subject() };
        let thing = Thing { subject, what: What::Gone(deleted.metadata_type.clone()), place: Some(deleted.place.clone()) };
        match unseen {
            _ if is_there => self.out.lost.push(Lost { thing, there: Json::from(component), known: None }),
            Some(reason) => self.out.untold.push(Untold { thing, reason }),
            None => self.out.arrived += 1,
        }
    }

    /// The app that has a part of this type and name in the org. In an org with a namespace of its own the name may have that in front.
    fn part(&self, metadata_type: &str, name: &str) -> Option<String> {
        let names = [Some(name.to_owned()), self.qualified(name)].into_iter().flatten();
        let components: Vec<String> = names.map(|name| format!("{metadata_type}/{name}")).collect();
        let is_it = |component: &str| components.iter().any(|it| it == component);
        let has_it = |app: &&App| app.parts.values().flatten().any(|place| is_it(place.path()));
        let of_app = self.org.apps.iter().find(has_it).map(|app| app.name.clone());
        let orphan = || self.org.orphans.iter().find(|part| is_it(part.location.path()));
        of_app.or_else(|| orphan().map(|part| part.app.value().cloned().unwrap_or_default()))
    }

    /// Why the org may have a part that was not seen; none where it has not.
    fn unseen_part(&self, metadata_type: &str) -> Option<Reason> {
        let Some(live) = &self.live else { return Some(UNREAD.into()) };
        let is_whole = live.org.whole_parts.iter().any(|part| part.metadata_type() == Some(metadata_type));
        (!is_whole).then(|| format!("the org did not tell which {metadata_type} it has, or was not asked").into())
    }
}
