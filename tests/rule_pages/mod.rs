//! The pages of the rules in `docs/rules/`, and their index. What a page says is decided in `src/rules/page.rs`; here it becomes Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use orgwarden::rules::page::{Body, sections, summary};
use orgwarden::rules::{Rule, builtin};

use super::{GENERATED, code, text};

/// Where the page of a rule is.
pub(super) fn path(id: &str) -> String {
    format!("docs/rules/{id}.md")
}

/// All rules, by category, with links to their pages.
pub(super) fn index() -> String {
    let (rules, _) = builtin();
    let mut categories: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &rules {
        categories.entry(rule.info().category.as_str()).or_default().push(rule);
    }
    let mut page = format!(
        "{GENERATED}\n# Rules\n\nThe {} rules of this version, by category, each with a page of its own. `broken` means that something will not work, \
         `unsafe` that it is\nnot secure. `orgwarden rules show ID` prints the page of a rule. Conditions are explained in \
         [writing-rules.md](writing-rules.md), what they read in\n[facts.md](facts.md), switching off and accepting findings in [policy.md](policy.md).\n",
        rules.len()
    );
    for (category, rules) in &categories {
        write!(page, "\n## {category}\n\n| rule | finds | severity | effect | about |\n|---|---|---|---|---|\n").unwrap();
        for rule in rules {
            let (info, about) = (rule.info(), rule.applies_to().as_str());
            let others = rule.severity_if().iter().fold(String::new(), |all, (severity, _)| all + ", " + severity.as_str());
            let title = super::cell(&info.title);
            writeln!(page, "| [{0}](rules/{0}.md) | {title} | {1}{others} | {2} | {about} |", info.id, info.severity, info.effect)
                .unwrap();
        }
    }
    page
}

/// The page of a rule.
pub(super) fn page(rule: &Rule) -> String {
    let mut page = format!("{GENERATED}\n# {}\n\n**{}**\n\n{}\n", rule.id(), text(&rule.info().title), summary(rule));
    for section in sections(rule) {
        write!(page, "\n## {}\n\n{}\n", section.heading, markdown(&section.body)).unwrap();
    }
    page + "\n[All rules](../rules.md) · [Writing rules](../writing-rules.md) · [The policy](../policy.md)\n"
}

/// The policies that the page of a rule shows.
pub(super) fn policies(rule: &Rule) -> Vec<String> {
    let is_policy = |yaml: &String| yaml.starts_with("rules:") || yaml.starts_with("waivers:");
    let bodies = sections(rule).into_iter().filter_map(|section| match section.body {
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
