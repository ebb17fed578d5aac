//! The report as people read it.

use insta::assert_snapshot;

use crate::repository::Repository;
use crate::{PORTAL, app, open_app, with_portal};

/// One app that is as it was, with findings of old, and one that changes.
fn repository() -> Repository {
    let old = ("force-app/Old.connectedApp-meta.xml", open_app(&["Full"]).replace("Portal", "Old"));
    let repository = Repository::of(&[with_portal(app(&["Api", "RefreshToken"], &["Sales", "Service"])), vec![old]].concat());
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.project.write(PORTAL, app(&["Full", "RefreshToken"], &["Sales"]));
    repository.commit("after");
    repository
}

#[test]
fn the_block_says_what_is_done_and_old_findings_are_a_number() {
    let repository = repository();
    let run = repository.run(&["gate", "--base", "main", "--max-gain", "2", "--forbid-loss"]);
    assert_eq!(run.code, 1);
    let block = run.out.split("\n\nconnected app Portal\n").next().unwrap();
    let id = repository.git(&["rev-parse", "before"]);
    assert_snapshot!(block.replace(&id[..10], "[id]"), @r"
    This deployment
      compared with: merge base of main and HEAD ([id])

    Limits crossed
      --forbid-loss: Portal is lost to permission set Service

    Who loses an app
      connected app Portal: permission set Service

    Scopes
      connected app Portal: new full; no longer api

    Apps
      changed: connected app Portal

    Limits kept
      --max-gain 2: 0 users gain an app
    ");
    assert!(!run.out.contains("Old"), "{}", run.out);
    let all = repository.run(&["gate", "--base", "main", "--all"]);
    assert!(all.out.contains("connected app Old\n") && all.out.contains("which count, too (--all)"), "{}", all.out);
}

#[test]
fn a_table_fits() {
    let repository = repository();
    for width in ["80", "120"] {
        let mut command = repository.project.command(&["gate", "--base", "main", "--format", "table", "--forbid-loss"]);
        let run = crate::support::Run::of(crate::repository::with_git(&mut command).env("COLUMNS", width).output().unwrap());
        assert!(run.out.starts_with("This deployment\n") && !run.out.contains("Old"), "{}", run.out);
        let widest = run.out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width.parse().unwrap(), "{widest}\n{}", run.out);
    }
}

#[test]
fn every_format_of_reports_can_be_written() {
    let repository = repository();
    let run =
        repository.run(&["gate", "--base", "main", "--fail-on", "never", "--output", "sarif=x.sarif", "--output", "json=x.json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let read = |name: &str| std::fs::read_to_string(repository.project.path(name)).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&read("x.sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let states = |state: &str| results.iter().filter(|it| it["baselineState"] == state).count();
    assert!(states("new") > 0 && states("unchanged") > 0 && states("new") + states("unchanged") == results.len());
    assert!(read("x.json").contains("\"deployment\""));
    assert_eq!(repository.run(&["gate", "--base", "main", "--output", "json=no/such/folder"]).code, 2);
}
