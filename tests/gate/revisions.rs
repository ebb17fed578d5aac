//! The state before, out of git.

use std::process::Command;

use crate::repository::{Repository, git_in, introduced, with_git};
use crate::support::{Project, Run};
use crate::{PORTAL, app, open_app, project, with_portal};

const OTHER: &str = "force-app/Other.connectedApp-meta.xml";

fn notes(run: &Run) -> String {
    run.json()["deployment"]["notes"].to_string()
}

/// What others have done to the base since is none of this branch's doing.
#[test]
fn it_is_the_merge_base_that_is_compared_with() {
    let repository = Repository::of(&with_portal(open_app(&["Full"])));
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.project.write(OTHER, open_app(&["Web"]).replace("Portal", "Other"));
    repository.commit("ours");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.project.write(PORTAL, app(&["Api", "RefreshToken"], &["Sales"]));
    repository.commit("theirs");
    repository.git(&["checkout", "--quiet", "feature"]);
    let run = repository.gate(&["--base", "main"]);
    let report = run.json();
    let new = introduced(&report);
    assert!(!new.is_empty() && new.iter().all(|it| it.ends_with(" Other")), "{new:?}");
    assert!(report["deployment"]["compared_with"].as_str().unwrap().starts_with("merge base of main and HEAD ("));
    assert_eq!(report["deployment"]["notes"], serde_json::json!([]));
}

#[test]
fn a_base_that_has_all_commits_is_told() {
    let repository = Repository::of(&with_portal(open_app(&["Full"])));
    let run = repository.gate(&["--base", "main"]);
    assert_eq!(run.code, 0);
    assert!(
        notes(&run).contains("main has all commits of HEAD, so that only what is not committed is compared."),
        "{}",
        notes(&run)
    );
}

#[test]
fn a_shallow_clone_is_compared_with_the_revision_itself() {
    let origin = Repository::of(&with_portal(open_app(&["Full"])));
    origin.git(&["checkout", "--quiet", "-b", "feature"]);
    origin.project.write(OTHER, app(&["Api"], &["Sales"]).replace("Portal", "Other"));
    origin.commit("ours");
    origin.git(&["checkout", "--quiet", "main"]);
    origin.project.write("README.md", "x");
    origin.commit("theirs");
    let clone = Project::new();
    let url = format!("file://{}", origin.project.path("").display());
    git_in(&clone, &["clone", "--quiet", "--depth", "1", "--branch", "feature", "--no-single-branch", &url, "here"]);
    let mut command =
        clone.command(&["gate", "here", "--base", "origin/main", "--format", "json", "--fail-on", "never", "--allow-unknown"]);
    let run = Run::of(with_git(&mut command).output().unwrap());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(notes(&run).contains("This is a shallow clone that does not know where HEAD and origin/main part"), "{}", notes(&run));
    assert!(notes(&run).contains("git fetch --unshallow"));
    assert!(introduced(&run.json()).iter().all(|it| it.ends_with(" Other")), "{:?}", introduced(&run.json()));
}

#[test]
fn the_work_tree_and_the_index_are_left_alone() {
    let repository = Repository::of(&with_portal(app(&["Api"], &["Sales"])));
    repository.project.write(PORTAL, open_app(&["Full"]));
    repository.project.write(OTHER, open_app(&["Full"]).replace("Portal", "Other"));
    repository.git(&["add", OTHER]);
    repository.project.write(OTHER, open_app(&["Web"]).replace("Portal", "Other"));
    let state = || {
        let index = std::fs::read(repository.project.path(".git/index")).unwrap();
        let mut status = Command::new("git");
        status
            .current_dir(repository.project.path(""))
            .args(["status", "--porcelain=v2", "--ignored"])
            .env("GIT_OPTIONAL_LOCKS", "0");
        (index, with_git(&mut status).output().unwrap().stdout)
    };
    let before = state();
    let new = introduced(&repository.gate(&[]).json());
    // What is on disk counts, staged or not.
    assert!(new.contains(&"new full-scope Portal".to_owned()) && !new.contains(&"new full-scope Other".to_owned()), "{new:?}");
    assert!(before == state());
}

#[test]
fn a_source_is_found_wherever_it_is_named_from() {
    let files: Vec<(String, String)> =
        with_portal(app(&["Api"], &["Sales"])).into_iter().map(|(path, text)| (format!("org/{path}"), text)).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let repository = Repository::of(&files);
    repository.project.write(&format!("org/{PORTAL}"), app(&["Full"], &["Sales"]));
    let whole = introduced(&repository.gate(&["org"]).json());
    assert_eq!(whole, introduced(&repository.gate(&[]).json()));
    let absolute = repository.project.path("org/force-app");
    assert_eq!(whole, introduced(&repository.gate(&[absolute.to_str().unwrap()]).json()));
    let file = repository.gate(&[&format!("org/{PORTAL}")]).json();
    assert!(introduced(&file).contains(&"new full-scope Portal".to_owned()));
}

#[test]
fn a_source_that_was_not_there_is_new_altogether() {
    let repository = Repository::of(&project());
    repository.project.write("more/Portal.connectedApp-meta.xml", open_app(&["Full"]));
    let run = repository.gate(&["more"]);
    assert_eq!(run.code, 1);
    assert!(introduced(&run.json()).iter().all(|it| it.starts_with("new ")));
    assert!(notes(&run).contains("more is not in "), "{}", notes(&run));
}

#[test]
fn what_is_no_base_ends_the_run() {
    let repository = Repository::of(&with_portal(app(&["Api"], &["Sales"])));
    repository.project.write("package.zip", "PK");
    for (arguments, said) in [
        (&["gate", "--base", "nowhere"][..], "has no revision `nowhere`: look at `git branch --all`"),
        (&["gate", "--base", "--all"], "a value is required for '--base <GIT_REF>'"),
        (&["gate", "nowhere", "--base", "main"], "error: nowhere does not exist"),
        (&["gate", "package.zip", "--base", "main"], "is a zip, which --base cannot find in a revision"),
        (&["gate"], "nothing to compare with was named: --base GIT_REF, --snapshot FILE or --target-org ALIAS"),
    ] {
        let run = repository.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(said), "{}", run.err);
    }
    let outside = Project::new().file("Portal.connectedApp", app(&["Api"], &[]));
    let run = Run::of(with_git(&mut outside.command(&["gate", "--base", "main"])).output().unwrap());
    assert_eq!(run.code, 2);
    assert!(run.err.contains("is in no git repository that can be read"), "{}", run.err);
}

#[test]
fn a_policy_that_changes_with_the_source_is_told() {
    let mut files = with_portal(open_app(&["Full"]));
    files.push(("orgwarden.yaml", "rules: []\n".to_owned()));
    let repository = Repository::of(&files);
    assert!(!notes(&repository.gate(&[])).contains("policy"));
    repository.project.write("orgwarden.yaml", "rules: [{rule: full-scope, enabled: false}]\n");
    let run = repository.gate(&[]);
    assert!(notes(&run).contains("The policy orgwarden.yaml changes as well."), "{}", notes(&run));
    // One policy for both states: what it switches off is neither introduced nor fixed.
    assert_eq!((run.code, introduced(&run.json())), (0, vec![]));
    assert!(!run.json()["baseline"]["absent"].to_string().contains("\"fixed\""), "{}", run.json()["baseline"]);
}
