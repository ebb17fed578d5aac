//! Fixing an org: two packages, and an org that nothing was written to.

use std::fs;
use std::path::Path;

use super::support::Project;
use super::{Acme, assert_no_secret};

const ORG: &str = "--org-from-env";

/// All files below a folder, by path.
fn files(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, root, found);
        } else {
            found.push((path.strip_prefix(root).unwrap().display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn package(folder: &Project, name: &str) -> Vec<(String, String)> {
    let (root, mut found) = (folder.path(name), Vec::new());
    files(&root, &root, &mut found);
    found
}

fn rules(acme: &Acme, folder: &str) -> Vec<(String, String)> {
    let report = acme.folder.run(&["audit", folder, "--preset", "strict", "--format", "json"]).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    report["findings"].as_array().unwrap().iter().map(|it| (text(&it["rule"]), text(&it["subject"]["name"]))).collect()
}

#[test]
fn a_package_has_the_fixes_and_another_one_goes_back() {
    let acme = Acme::new();
    let run = acme.run(&["fix", ORG, "--package", "out", "--unsafe", "--preset", "strict"]);
    assert!(run.code != 2, "{}", run.err);
    let (fixed, restored) = (package(&acme.folder, "out/fix"), package(&acme.folder, "out/restore"));
    let paths = |files: &[(String, String)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&fixed), paths(&restored));
    assert!(paths(&fixed).contains(&"package.xml".to_owned()), "{:?}", paths(&fixed));
    assert!(fixed != restored);
    for (path, text) in fixed.iter().chain(&restored) {
        assert_no_secret(text);
        assert!(
            !text.contains("consumerKey") && !text.contains("<consumerSecret>") && !text.contains("shouldRotate"),
            "{path}: {text}"
        );
        assert!(roxmltree::Document::parse(text).is_ok(), "{path}: {text}");
    }
    let (before, after) = (rules(&acme, "out/restore"), rules(&acme, "out/fix"));
    let listed = |heading: &str| -> Vec<(String, String)> {
        let section = run.out.split_once(heading).map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
        let lines = section.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let each = |line: &str| {
            let mut parts = line.split(": ").skip(1);
            let (rule, names) = (parts.next().unwrap().to_owned(), parts.next().unwrap_or_default().to_owned());
            names.split(", ").map(|name| (rule.clone(), name.to_owned())).collect::<Vec<_>>()
        };
        lines.flat_map(each).collect()
    };
    let made = [listed("Fixed\n"), listed("Fixed, and can break what works\n")].concat();
    assert!(!made.is_empty(), "{}", run.out);
    for it in &made {
        assert!(!after.contains(it), "{it:?} is still in the package");
    }
    assert!(made.iter().any(|it| before.contains(it)), "{made:#?} {before:#?}");
    assert!(run.out.contains("the Metadata API does not return what is wrong"), "{}", run.out);
}

#[test]
fn nothing_is_overwritten_and_no_org_is_written_to() {
    let acme = Acme::new();
    acme.folder.write("out/mine", "kept");
    let run = acme.run(&["fix", ORG, "--package", "out"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("is not empty"), "{}", run.err);
    assert_eq!(fs::read_dir(acme.folder.path("out")).unwrap().count(), 1);
    let run = acme.run(&["fix", ORG]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("an org is never changed"), "{}", run.err);
    let run = acme.run(&["fix", ORG, "--package", "new", "--write"]);
    assert_eq!(run.code, 2);
}
