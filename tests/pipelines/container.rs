//! What the Dockerfile must keep to. `lints.rs` has hadolint look at it, where there is one.

use super::yaml;

/// The instructions of the Dockerfile: keyword and rest, comments left out and continued lines joined.
fn instructions() -> Vec<(String, String)> {
    let text = yaml::text("Dockerfile");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    joined.lines().map(|line| line.split_once(' ').unwrap()).map(|(keyword, rest)| (keyword.to_owned(), rest.to_owned())).collect()
}

/// The instructions from the last `FROM` on.
fn last_stage() -> Vec<(String, String)> {
    let all = instructions();
    let start = all.iter().rposition(|(keyword, _)| keyword == "FROM").unwrap();
    all[start..].to_vec()
}

fn named<'a>(instructions: &'a [(String, String)], wanted: &str) -> Vec<&'a str> {
    instructions.iter().filter(|(keyword, _)| keyword == wanted).map(|(_, rest)| rest.as_str()).collect()
}

#[test]
fn the_program_runs_as_nobody() {
    let stage = last_stage();
    let users = named(&stage, "USER");
    // By number: Kubernetes cannot tell otherwise that it is not root.
    let (user, group) = users.last().unwrap().split_once(':').unwrap();
    assert!(users.len() == 1 && user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0, "{users:?}");
    let after = stage.iter().skip_while(|(keyword, _)| keyword != "USER");
    assert!(!after.clone().any(|(keyword, _)| keyword == "RUN" || keyword == "COPY"), "{stage:?}");
    assert_eq!(named(&stage, "ENTRYPOINT"), [r#"["orgwarden"]"#]);
}

#[test]
fn nothing_comes_from_anywhere_or_is_of_no_version() {
    let all = instructions();
    assert_eq!(named(&all, "ADD"), [""; 0]);
    for image in named(&all, "FROM") {
        let name = image.split(' ').next().unwrap();
        assert!(name == "scratch" || name.split_once(':').is_some_and(|(_, tag)| tag != "latest"), "{image}");
    }
    for command in named(&all, "RUN") {
        assert!(!command.contains("curl") && !command.contains("wget"), "{command}");
        assert!(!command.contains("cargo ") || command.contains("--locked"), "{command}");
    }
}

#[test]
fn the_compiler_is_the_one_that_is_promised_to_do() {
    let promised = yaml::text("Cargo.toml")
        .lines()
        .find_map(|line| Some(line.strip_prefix("rust-version = \"")?.trim_end_matches('"').to_owned()));
    let promised = promised.unwrap();
    assert!(named(&instructions(), "FROM").contains(&format!("rust:{promised}-alpine AS build").as_str()));
}

/// What is packaged builds (tests/architecture.rs), so with all of it in the context the image does, too.
#[test]
fn what_is_packaged_is_in_the_context() {
    let ignore = yaml::text(".dockerignore");
    let allowed: Vec<&str> = ignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let manifest = yaml::text("Cargo.toml");
    let packaged = manifest.lines().find_map(|line| line.strip_prefix("include = [")).unwrap();
    for item in packaged.trim_end_matches(']').split(", ").map(|item| item.trim_matches('"').trim_start_matches('/')) {
        let is_text = ["README.md", "CHANGELOG.md", "LICENSE-*"].contains(&item);
        let folder = item.split('/').next().unwrap();
        assert!(is_text || allowed.contains(&folder), "{item} is not in .dockerignore");
    }
    for needed in ["Cargo.toml", "Cargo.lock"] {
        assert!(allowed.contains(&needed), "{needed} is not in .dockerignore");
    }
}
