//! The pages of the rules in `docs/rules/`, and their index. What a page says is decided in `src/rules/page.rs`; here it becomes Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use orgwarden::rules::page::{Body, sections, summary};
use orgwarden::rules::{Entry, builtin};

use super::{GENERATED, code, text};

/// Where the page of a rule is.
pub(super) fn path(id: &str) -> String {
    format!("docs/rules/{id}.md")
}

/// All rules, by category, with links to their pages.
pub(super) fn index() -> String {
    let (set, _) = builtin();
    let mut categories: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for entry in set.entries() {
        categories.entry(entry.info().category.as_str()).or_default().push(entry);
    }
    let mut page = format!(
        "{GENERATED}\n# Rules\n\nThe {} rules and {} manual checks of this version, by category, each with a page of its own. `broken` means that something \
         will not work,\n`unsafe` that it is not secure; the [preset](presets.md) is the smallest one that asks the rule. `orgwarden rules show ID` prints the \
         page of a rule.\nConditions are explained in [writing-rules.md](writing-rules.md), what they read in [facts.md](facts.md), switching off and \
         accepting\nfindings in [policy.md](policy.md).\n",
        set.rules.len(),
        set.manual.len()
    );
    for (category, entries) in &mut categories {
        entries.sort_by_key(|entry| &entry.info().id);
        write!(page, "\n## {category}\n\n| rule | finds | severity | effect | about | preset |\n|---|---|---|---|---|---|\n")
            .unwrap();
        for entry in entries {
            let (info, about) = (entry.info(), entry.applies_to().as_str());
            let others = match entry {
                Entry::Rule(rule) => {
                    rule.severity_if().iter().fold(String::new(), |all, (severity, _)| all + ", " + severity.as_str())
                }
                Entry::Manual(_) => ", by hand".to_owned(),
            };
            let (id, title, severity) = (&info.id, super::cell(&info.title), info.severity);
            let (effect, preset) = (info.effect, info.preset);
            writeln!(page, "| [{id}](rules/{id}.md) | {title} | {severity}{others} | {effect} | {about} | {preset} |").unwrap();
        }
    }
    page
}

/// The page of a rule or a manual check.
pub(super) fn page(entry: Entry<'_>) -> String {
    let info = entry.info();
    let mut page = format!("{GENERATED}\n# {}\n\n**{}**\n\n{}\n", info.id, text(&info.title), summary(entry));
    for section in sections(entry) {
        write!(page, "\n## {}\n\n{}\n", section.heading, markdown(&section.body)).unwrap();
    }
    page + "\n[All rules](../rules.md) · [Writing rules](../writing-rules.md) · [The policy](../policy.md)\n"
}

/// The policies that the page of a rule shows.
pub(super) fn policies(entry: Entry<'_>) -> Vec<String> {
    let is_policy = |yaml: &String| yaml.starts_with("rules:") || yaml.starts_with("waivers:");
    let bodies = sections(entry).into_iter().filter_map(|section| match section.body {
        Body::Yaml(yaml) => Some(yaml),
        _ => None,
    });
    bodies.filter(is_policy).collect()
}

fn markdown(body: &Body) -> String {
    match body {
        Body::Prose(words) => words.lines().map(text).collect::<Vec<_>>().join("\n\n"),
        Body::List(entries) => list(entries.iter().map(|entry| text(entry))),
        Body::Condition(condition) => fence("cel", condition),
        Body::Yaml(yaml) => fence("yaml", yaml),
        Body::Facts(facts) => list(facts.iter().map(|path| {
            let root = path.split('.').next().unwrap_or(path);
            format!("[{}](../facts.md#{root})", code(path))
        })),
        Body::Links(links) => list(links.iter().map(|link| format!("<{link}>"))),
    }
}

fn list(entries: impl Iterator<Item = String>) -> String {
    entries.map(|entry| format!("- {entry}")).collect::<Vec<_>>().join("\n")
}

fn fence(language: &str, lines: &str) -> String {
    format!("```{language}\n{}\n```", lines.trim_end())
}
