//! Files that name apps without describing them: app menus and manifests.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::inventory::app::AppKind;
use crate::inventory::{Mention, MentionedBy};
use crate::source::xml::Element;
use crate::source::{Location, SourceText};

/// The apps an `AppMenu` lists. It is retrieved with every app of the org, so that it tells of installed apps that have no file.
pub(super) fn app_menu(text: &Arc<SourceText>, root: &Element) -> Vec<Mention> {
    let items = root.children_named("appMenuItems");
    items
        .filter_map(|item| {
            let kind = app_kind(child(item, "type")?.trimmed())?;
            Some(mention(text, kind, child(item, "name")?, MentionedBy::AppMenu))
        })
        .collect()
}

/// The apps that `package.xml` or a `destructiveChanges` file names; wildcards name none.
pub(super) fn manifest(text: &Arc<SourceText>, root: &Element, by: MentionedBy) -> Vec<Mention> {
    root.children_named("types")
        .filter_map(|types| Some((app_kind(child(types, "name")?.trimmed())?, types)))
        .flat_map(|(kind, types)| types.children_named("members").map(move |member| (kind, member)))
        .filter(|(_, member)| !matches!(member.trimmed(), "" | "*"))
        .map(|(kind, member)| mention(text, kind, member, by))
        .collect()
}

/// Mentions of apps that have no file, each name once for each kind of file that names it.
pub(super) fn without_file(mentions: Vec<Mention>, files: &BTreeSet<(AppKind, String)>) -> Vec<Mention> {
    let mut seen = BTreeSet::new();
    let mut rest: Vec<Mention> = mentions
        .into_iter()
        .filter(|mention| mention.by == MentionedBy::DestructiveChanges || !files.contains(&(mention.kind, mention.name.clone())))
        .filter(|mention| seen.insert((mention.kind, mention.name.clone(), mention.by)))
        .collect();
    rest.sort_by(|a, b| (a.kind, &a.name, a.by).cmp(&(b.kind, &b.name, b.by)));
    rest
}

fn app_kind(word: &str) -> Option<AppKind> {
    match word {
        "ConnectedApp" => Some(AppKind::ConnectedApp),
        "ExternalClientApplication" => Some(AppKind::ExternalClientApp),
        _ => None,
    }
}

fn mention(text: &Arc<SourceText>, kind: AppKind, name: &Element, by: MentionedBy) -> Mention {
    Mention { kind, name: name.trimmed().to_owned(), by, location: Location::without_text(text, name.span) }
}

fn child<'a>(parent: &'a Element, name: &str) -> Option<&'a Element> {
    parent.children.iter().find(|child| child.name == name)
}
