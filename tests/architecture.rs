//! The arrows between modules that must not exist.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};

/// What each module may not know.
const FORBIDDEN: [(&str, &[&str]); 17] = [
    (
        "source",
        &["fix", "gate", "compare", "access", "inventory", "metadata", "collect", "rules", "policy", "report", "finding", "cli"],
    ),
    (
        "diagnostic.rs",
        &["fix", "gate", "compare", "access", "inventory", "metadata", "collect", "rules", "policy", "report", "finding", "cli"],
    ),
    (
        "builtin.rs",
        &["fix", "gate", "compare", "access", "inventory", "metadata", "collect", "rules", "policy", "report", "finding", "cli"],
    ),
    (
        "tag.rs",
        &["fix", "gate", "compare", "access", "inventory", "metadata", "collect", "rules", "policy", "report", "finding", "cli"],
    ),
    ("inventory", &["fix", "gate", "compare", "access", "metadata", "collect", "rules", "policy", "report", "finding", "cli"]),
    (
        "access",
        &["fix", "gate", "compare", "metadata", "collect", "rules", "policy", "report", "finding", "cli", "source", "diagnostic"],
    ),
    ("metadata", &["fix", "gate", "compare", "access", "collect", "rules", "policy", "report", "finding", "cli"]),
    (
        "salesforce",
        &["fix", "gate", "compare", "access", "inventory", "metadata", "collect", "rules", "policy", "report", "finding", "cli"],
    ),
    ("collect", &["fix", "gate", "compare", "access", "rules", "policy", "report", "finding", "cli"]),
    ("finding", &["fix", "gate", "compare", "access", "metadata", "collect", "rules", "policy", "report", "cli"]),
    ("rules", &["fix", "gate", "compare", "collect", "policy", "report", "cli"]),
    ("fix", &["gate", "compare", "access", "salesforce", "collect", "policy", "report", "cli"]),
    ("compare", &["fix", "gate", "metadata", "collect", "salesforce", "source", "diagnostic", "policy", "report", "cli"]),
    ("gate", &["fix", "metadata", "salesforce", "report", "cli"]),
    ("policy", &["fix", "gate", "metadata", "collect", "report", "cli"]),
    ("controls", &["fix", "gate", "access", "metadata", "collect", "report", "cli"]),
    ("report", &["fix", "access", "metadata", "collect", "controls", "rules", "policy", "cli"]),
];

#[test]
fn modules_know_only_what_they_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for (module, forbidden) in FORBIDDEN {
        for file in files(&source.join(module)) {
            // Documentation may point anywhere.
            let text = fs::read_to_string(&file).unwrap();
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            let imported = forbidden.iter().filter(|name| mentions(&code, name));
            found.extend(imported.map(|name| format!("{} knows {name}", file.strip_prefix(&source).unwrap().display())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// `crate::name` as a whole word, alone or in a group such as `use crate::{a, b}`.
fn mentions(code: &str, name: &str) -> bool {
    code.split("crate::").skip(1).any(|rest| {
        let named =
            |text: &str| text.strip_prefix(name).is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap().split(',').any(|item| named(item.trim())),
            None => named(rest),
        }
    })
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}

/// What `build.rs` embeds must be in the published package, or that does not build.
#[test]
fn what_is_embedded_is_packaged() {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let build = read("build.rs");
    let folders: Vec<&str> = build.split("embed(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let manifest = read("Cargo.toml");
    let packaged = manifest.lines().find(|line| line.starts_with("include = ")).unwrap();
    let missing: Vec<&&str> = folders.iter().filter(|folder| !packaged.contains(&format!("\"/{folder}\""))).collect();
    assert!(folders.len() >= 4 && missing.is_empty(), "{missing:?} of {folders:?}");
}
