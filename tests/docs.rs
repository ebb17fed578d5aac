//! What the documentation shows is made from the program or compared with it, so that it cannot tell anything else.
//!
//! `ORGWARDEN_UPDATE_DOCS=1 cargo test --test docs` writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a panic is how a test fails

mod rule_pages;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use orgwarden::access::errors::{self, Answer, FlowWord, Remedy, catalogue};
use orgwarden::policy::Policy;
use orgwarden::rules::schema::{FactType, SubjectKind, Type};
use orgwarden::rules::test::{Outcome, run};
use orgwarden::rules::{FUNCTIONS, builtin, facts, load};
use orgwarden::source::SourceText;

const GENERATED: &str = "<!-- Made by tests/docs.rs: ORGWARDEN_UPDATE_DOCS=1 cargo test --test docs -->\n";

#[test]
fn the_rule_reference_is_what_the_rules_say() {
    compare("docs/rules.md", &rule_pages::index());
}

#[test]
fn every_rule_has_its_page_and_every_page_its_rule() {
    let (set, _) = builtin();
    for entry in set.entries() {
        compare(&rule_pages::path(&entry.info().id), &rule_pages::page(entry));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_of_a_rule = set.entries().any(|entry| path.ends_with(rule_pages::path(&entry.info().id)));
        if updates() && !is_of_a_rule {
            fs::remove_file(&path).unwrap();
        }
        assert!(is_of_a_rule || updates(), "{} is the page of no rule: remove it", path.display());
    }
}

#[test]
fn the_fact_reference_is_what_conditions_can_read() {
    compare("docs/facts.md", &fact_reference());
}

#[test]
fn the_error_reference_is_what_the_catalogue_says() {
    compare("docs/errors.md", &error_reference());
}

#[test]
fn the_picture_is_what_the_program_prints() {
    let app = "force-app/main/default/connectedApps/ERP_Nightly_Sync.connectedApp-meta.xml";
    // The policy has contracts about other apps, which are not what the picture is for.
    let printed = audit("examples/acme", &[app, "--no-policy", "--color", "always"]);
    let screen = format!("$ orgwarden audit --no-policy {app}\n\n{printed}");
    compare("docs/audit.svg", &anstyle_svg::Term::new().min_width_px(860).render_svg(&screen));
}

#[test]
fn the_readme_quotes_the_program() {
    let printed = audit(".", &["examples/acme"]);
    let finding = printed.split("\n\n").find(|paragraph| paragraph.contains("[refresh-token-scope-missing]")).unwrap();
    let readme = read("README.md");
    let (before, rest) = readme.split_once("```text\n").unwrap();
    let (_, after) = rest.split_once("```").unwrap();
    compare("README.md", &format!("{before}```text\n{finding}\n```{after}"));
}

/// The story of the README: what preflight says of the app of the example, and that the changes it shows are what is missing.
#[test]
fn the_story_of_the_readme_is_true() {
    let readme = read("README.md");
    let (printed, code) = preflight(Path::new("examples/acme"));
    assert_eq!(code, Some(1));
    let (before, rest) = readme.split_once("```preflight\n").unwrap();
    let (_, after) = rest.split_once("```").unwrap();
    compare("README.md", &format!("{before}```preflight\n{}```{after}", in_short(&printed)));

    let app = "force-app/main/default/connectedApps/ERP_Nightly_Sync.connectedApp-meta.xml";
    let set = "force-app/main/default/permissionsets/ERP_Booking.permissionset-meta.xml";
    let folder = tempfile::TempDir::new().unwrap();
    let changed = changed(&read(&format!("examples/acme/{app}")), &blocks(&readme, "diff").remove(0));
    for (path, text) in [(app, changed), (set, read(&format!("examples/acme/{set}")))] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (printed, code) = preflight(folder.path());
    assert!(code == Some(0) && printed.contains("A token would be issued."), "{printed}");
}

/// Preflight of the app of the story, at 160 columns.
fn preflight(folder: &Path) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgwarden"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().env("COLUMNS", "160");
    command.args(["preflight", "--app", "ERP_Nightly_Sync", "--flow", "saml-bearer", "--today", "2026-06-01"]).arg(folder);
    let output = command.output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// The error, the conditions and the titles of what to change: the answer without excerpts and explanations.
fn in_short(printed: &str) -> String {
    let is_condition = |line: &str| ["user-has-not-approved:", "refresh-scope-missing:"].iter().any(|id| line.starts_with(id));
    let lines = printed.lines().filter(|line| {
        line.contains("would be refused")
            || line.trim_start().starts_with("invalid_grant: ")
            || is_condition(line)
            || line.starts_with("what to change")
            || (line.starts_with("  ")
                && line.trim_start().split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok()))
    });
    lines.fold(String::new(), |all, line| all + line + "\n")
}

/// A text after the changes of a diff: hunks between lines of `@@`, each of which stands in the text once.
fn changed(text: &str, diff: &str) -> String {
    diff.split("@@\n").fold(text.to_owned(), |text, hunk| {
        let side = |other: char| -> String {
            let lines = hunk.lines().filter(|line| !line.starts_with(other));
            lines.fold(String::new(), |all, line| all + &line[1..] + "\n")
        };
        let (old, new) = (side('+'), side('-'));
        assert_eq!(text.matches(&old).count(), 1, "{old}");
        text.replacen(&old, &new, 1)
    })
}

#[test]
fn the_policies_of_the_documentation_are_sound() {
    let (set, _) = builtin();
    let known = set.entries().map(|entry| (entry.info().id.as_str(), entry.applies_to())).collect();
    for page in ["README.md", "docs/policy.md"] {
        let policies = blocks(&read(page), "yaml");
        assert!(!policies.is_empty(), "{page} shows no policy");
        for policy in policies {
            let (_, problems) = Policy::load(&SourceText::new(page, policy), &known, &|_| Ok(String::new()));
            assert_eq!(problems, []);
        }
    }
    for entry in set.entries() {
        let id = entry.info().id.as_str();
        for policy in rule_pages::policies(entry) {
            let (_, problems) = Policy::load(&SourceText::new(id, policy), &known, &|_| Ok(String::new()));
            assert_eq!(problems, [], "{id}");
        }
    }
}

#[test]
fn the_rule_of_the_documentation_comes_out_as_it_says() {
    let rule = blocks(&read("docs/writing-rules.md"), "yaml").remove(0);
    let (set, problems) = load([SourceText::new("my-rules/governance/contact-is-not-a-team.yaml", rule)], &builtin().0);
    assert_eq!(problems, []);
    assert!(run(&set.rules).iter().all(|run| run.outcome == Outcome::Expected));
}

/// The blocks of code in a Markdown page that are marked as this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// What an audit in a folder of the project prints, on a terminal of 100 columns.
fn audit(folder: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgwarden"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    command.env_clear().env("COLUMNS", "100").arg("audit").args(arguments).args(["--today", "2026-06-01"]);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Whether the documentation is to be written anew.
fn updates() -> bool {
    env::var_os("ORGWARDEN_UPDATE_DOCS").is_some_and(|value| value == "1")
}

fn compare(path: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if updates() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, wanted).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let first = written.lines().zip(wanted.lines()).position(|(written, wanted)| written != wanted);
    let line = first.unwrap_or_else(|| written.lines().count().min(wanted.lines().count())) + 1;
    assert!(written == wanted, "{path} is out of date from line {line} on: ORGWARDEN_UPDATE_DOCS=1 cargo test --test docs");
}

fn labelled(label: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{label}: {text}") }
}

fn fact_reference() -> String {
    let mut page = format!(
        "{GENERATED}\n# Facts\n\nWhat the conditions of rules can read. `orgwarden facts --schema` prints the same, `orgwarden facts APP` what \
         they are for an app.\nA fact that *may be absent* has to be asked for with `has()` first, and one of *live orgs only* needs a rule with `source: org`; see \
         [writing-rules.md](writing-rules.md).\n\n| rule about | can read |\n|---|---|\n"
    );
    for subject in SubjectKind::ALL {
        let roots: Vec<String> = subject.roots().iter().map(|root| format!("[`{root}`](#{root})")).collect();
        writeln!(page, "| `{}` | {} |", subject.as_str(), roots.join(", ")).unwrap();
    }
    let mut roots: BTreeMap<&str, Vec<&FactType>> = BTreeMap::new();
    for fact in facts::types() {
        roots.entry(fact.path.split('.').next().unwrap()).or_default().push(fact);
    }
    for (root, facts) in roots {
        write!(page, "\n## {root}\n\n| fact | type | meaning |\n|---|---|---|\n").unwrap();
        for fact in facts {
            page += &row(fact.path, &fact.type_in_words(), fact.doc);
            let fields = if let Type::Objects(fields) = fact.ty { fields } else { &[] };
            for field in fields {
                page += &row(&format!("{}[].{}", fact.path, field.name), &field.type_in_words(), field.doc);
            }
        }
    }
    page += "\n## Functions\n\n| function | meaning |\n|---|---|\n";
    for function in FUNCTIONS {
        writeln!(page, "| {} | {} |", code(function.usage), cell(function.doc)).unwrap();
    }
    page
}

fn error_reference() -> String {
    let mut groups: Vec<(&str, Vec<&errors::Condition>)> = Vec::new();
    for condition in catalogue().unwrap().conditions() {
        match groups.last_mut() {
            Some((group, conditions)) if *group == condition.group => conditions.push(condition),
            _ => groups.push((&condition.group, vec![condition])),
        }
    }
    let count: usize = groups.iter().map(|(_, conditions)| conditions.len()).sum();
    let mut page = format!(
        "{GENERATED}\n# OAuth errors\n\nThe {count} conditions under which Salesforce refuses a token, or what a token is for. \
         `orgwarden explain` finds them from a pasted error.\n\nSalesforce documents few of these texts. Confidence *high* means documented, \
         or several first-hand reports with the literal text; *medium* one report; *low* inferred.\n\n"
    );
    for (group, conditions) in &groups {
        writeln!(page, "- [{group}](#{group})").unwrap();
        for condition in conditions {
            writeln!(page, "  - [{}](#{}): {}", condition.id, condition.id, text(&condition.title)).unwrap();
        }
    }
    page += "- [remedies](#remedies)\n";
    let mut remedies: Vec<&Remedy> = Vec::new();
    for (group, conditions) in &groups {
        writeln!(page, "\n## {group}").unwrap();
        for condition in conditions {
            page += &condition_section(condition);
            remedies.extend(condition.remedies.iter().filter(|remedy| !remedies.contains(remedy)).collect::<Vec<_>>());
        }
    }
    page += "\n## remedies\n";
    for remedy in remedies {
        page += &remedy_section(remedy);
    }
    page
}

fn condition_section(condition: &errors::Condition) -> String {
    let references: Vec<String> = condition.references.iter().map(|url| format!("<{url}>")).collect();
    let answers: Vec<String> = condition.answers.iter().map(answer_line).collect();
    let remedies: Vec<String> = condition.remedies.iter().map(remedy_link).collect();
    let paragraphs = [
        format!("### {}", condition.id),
        format!("**{}**", text(&condition.title)),
        text(&condition.meaning),
        labelled("Flows", &flow_titles(&condition.flows)),
        if answers.is_empty() {
            "Answer: its text was not seen.".to_owned()
        } else {
            format!("Answers:\n\n{}", answers.join("\n"))
        },
        labelled("Confirm", &text(&condition.confirm)),
        labelled("Basis", &text(&condition.basis)),
        labelled("Remedies", &remedies.join(" · ")),
        labelled("References", &references.join(", ")),
    ];
    let written: Vec<&str> = paragraphs.iter().map(String::as_str).filter(|paragraph| !paragraph.is_empty()).collect();
    format!("\n{}\n", written.join("\n\n"))
}

fn answer_line(answer: &Answer) -> String {
    let description = answer.description.as_ref().map(|description| format!(", {}", code(description))).unwrap_or_default();
    let flows = labelled("; of", &flow_titles(&answer.flows)).replacen("; of:", "; of", 1);
    let (place, confidence) = (answer.place.as_str(), answer.confidence.as_str());
    let users = answer.permitted_users.map(|users| format!(", where Permitted Users is {users}")).unwrap_or_default();
    format!("- {}{description}: {place}{flows}{users}. Confidence {confidence}: {}", code(&answer.error), text(&answer.basis))
}

fn remedy_link(remedy: &Remedy) -> String {
    format!("[{}](#{})", text(&remedy.title), remedy.id)
}

fn remedy_section(remedy: &Remedy) -> String {
    let kinds = [("connected app", &remedy.connected_app), ("External Client App", &remedy.external_client_app)];
    let metadata = kinds.into_iter().filter_map(|(kind, words)| Some(format!("\n\nMetadata, {kind}: {}", text(words.as_ref()?))));
    let metadata: String = metadata.collect();
    let external = remedy.setup_external_client_app.as_ref();
    let external = external.map(|setup| format!("\n\nExternal Client App: {}", text(setup))).unwrap_or_default();
    format!("\n### {}\n\n**{}**\n\n{}{external}{metadata}\n", remedy.id, text(&remedy.title), text(&remedy.setup))
}

fn flow_titles(flows: &[FlowWord]) -> String {
    flows.iter().map(|flow| flow.0.title()).collect::<Vec<_>>().join(", ")
}

fn row(path: &str, ty: &str, doc: &str) -> String {
    format!("| {} | {} | {} |\n", code(path), cell(ty), cell(doc))
}

/// In a table a bar would end the cell, in code too.
fn cell(words: &str) -> String {
    text(words).replace('|', "\\|")
}

fn code(words: &str) -> String {
    format!("`{words}`")
}

/// Words that must not be taken for HTML or for emphasis. What stands in backticks is code already.
fn text(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let pieces = words.split('`').enumerate().map(|(index, piece)| match index % 2 {
        0 => piece.replace('&', "&amp;").replace('<', "&lt;").replace('*', "\\*").replace('[', "\\["),
        _ => piece.to_owned(),
    });
    pieces.collect::<Vec<_>>().join("`")
}
