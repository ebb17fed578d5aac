//! Revisions of a git repository, read without a checkout.

use std::env;
use std::process::Command;

use crate::support::{Project, Run, component, connected_app, oauth, sfdx_project};
use crate::{changes, named};

/// A repository with `before` as a tag and another state in the work tree.
struct Repository {
    project: Project,
}

impl Repository {
    fn new(project: Project) -> Self {
        let repository = Self { project };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit("before");
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let output = with_git(Command::new("git").current_dir(self.project.path("")).args(who).args(arguments)).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, tag: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", tag]);
        self.git(&["tag", tag]);
    }

    fn diff(&self, before: &str, after: &str, arguments: &[&str]) -> Run {
        let arguments = [&["diff", before, after, "--format", "json"], arguments].concat();
        Run::of(with_git(&mut self.project.command(&arguments)).output().unwrap())
    }
}

/// The tests clear the environment of the program, which finds git by its path.
fn with_git(command: &mut Command) -> &mut Command {
    command.envs(env::var_os("PATH").map(|path| ("PATH", path))).env("GIT_CONFIG_GLOBAL", "/dev/null").env("HOME", "/nonexistent")
}

fn app(scope: &str) -> String {
    connected_app(&oauth(&format!("<scopes>{scope}</scopes>")))
}

/// A project that uses what is easily lost on the way out of git: files that are left out of archives, `.forceignore`, a BOM, an API version.
fn project() -> Project {
    Project::new()
        .file("org/sfdx-project.json", sfdx_project(&["force-app"], "66.0"))
        .file("org/.forceignore", "**/Ignored.connectedApp-meta.xml\n")
        .file(".gitattributes", "Hidden.connectedApp-meta.xml export-ignore\n")
        .file("org/force-app/Portal.connectedApp-meta.xml", app("Api"))
        .file("org/force-app/Hidden.connectedApp-meta.xml", format!("\u{feff}{}", app("Full")))
        .file("org/force-app/Ignored.connectedApp-meta.xml", app("Full"))
        .file("org/force-app/profiles/Admin.profile-meta.xml", component("Profile", ""))
        .file("org/force-app/node_modules/x/Other.connectedApp-meta.xml", app("Full"))
        .file("org/some.xml", connected_app(&oauth("<scopes>Web</scopes>")))
}

#[test]
fn a_revision_is_what_was_checked_in() {
    let repository = Repository::new(project());
    for (before, after) in
        [("git:before", "."), ("git:before:org", "org"), ("git:main:org/force-app/", "org/force-app"), ("git:HEAD", "git:main")]
    {
        let run = repository.diff(before, after, &["--no-policy"]);
        let document = run.json();
        assert_eq!(
            (run.code, changes(&document), document["apps"]["unchanged"].as_u64()),
            // Profiles tell of the org, which is compared like an app.
            (0, vec![], Some(3 + u64::from(!after.ends_with("force-app")))),
            "{before} {after}: {}",
            run.err
        );
    }
    let with_ignored = repository.diff("git:before", ".", &["--no-forceignore"]).json();
    assert_eq!((changes(&with_ignored), &with_ignored["apps"]["unchanged"]), (vec![], &serde_json::json!(5)));
}

#[test]
fn what_the_work_tree_changes_is_told_and_the_work_tree_is_left_alone() {
    let repository = Repository::new(project());
    let path = "org/force-app/Portal.connectedApp-meta.xml";
    repository.project.write(path, app("Full"));
    let state = || {
        let mut status = Command::new("git");
        status.current_dir(repository.project.path("")).args(["status", "--porcelain=v2", "--ignored"]);
        String::from_utf8(with_git(&mut status).output().unwrap().stdout).unwrap()
    };
    let before = state();
    let run = repository.diff("git:before", ".", &[]);
    assert_eq!(run.code, 1);
    assert_eq!(named(&run.json()["findings"]["new"]), ["full-scope Portal"]);
    assert_eq!(run.json()["findings"]["new"][0]["place"], format!("{path}:2:207"));
    assert_eq!(state(), before);
    repository.commit("after");
    let committed = repository.diff("git:before", "git:after", &[]).json();
    assert_eq!(named(&committed["findings"]["new"]), ["full-scope Portal"]);
    // From another folder.
    let elsewhere = Project::new();
    let top = repository.project.path("org");
    let arguments = ["diff", "git:before", "git:after~0", "--repo", top.to_str().unwrap(), "--format", "json"];
    let run = Run::of(with_git(&mut elsewhere.command(&arguments)).output().unwrap());
    assert_eq!(named(&run.json()["findings"]["new"]), ["full-scope Portal"], "{}", run.err);
}

#[cfg(unix)]
#[test]
fn links_and_submodules_that_may_hold_apps_are_gaps() {
    let project = project();
    std::os::unix::fs::symlink("Portal.connectedApp-meta.xml", project.path("org/force-app/Link.connectedApp-meta.xml")).unwrap();
    let repository = Repository::new(project);
    repository.git(&["update-index", "--add", "--cacheinfo", "160000,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,org/module"]);
    repository.git(&["commit", "--quiet", "--message", "module"]);
    let run = repository.diff("git:HEAD", "git:HEAD", &[]);
    assert_eq!(run.code, 3);
    let said = run.diagnostics();
    assert!(
        said.iter().any(|it| it.starts_with("org/force-app/Link.connectedApp-meta.xml:1:1: error: is a symbolic link")),
        "{said:#?}"
    );
    assert!(said.iter().any(|it| it.starts_with("org/module:1:1: error: is a submodule")), "{said:#?}");
}

#[test]
fn a_revision_that_is_not_there_ends_the_run() {
    let repository = Repository::new(project());
    let outside = Project::new();
    let run = |project: &Project, side: &str| Run::of(with_git(&mut project.command(&["diff", side, side])).output().unwrap());
    for (side, said) in [
        ("git:nowhere", "has no revision `nowhere`: look at `git branch --all`"),
        ("git:", "has no revision ``"),
        ("git:--all", "has no revision `--all`"),
        ("git:HEAD:nowhere", "the revision `HEAD` has no file or folder `nowhere`"),
    ] {
        let run = run(&repository.project, side);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{side}");
        assert!(run.err.contains(said), "{}", run.err);
    }
    let run = run(&outside, "git:HEAD");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("is in no git repository that can be read: not a git repository"), "{}", run.err);
    let without = Run::of(
        repository.project.command(&["diff", "git:HEAD", "."]).env("PATH", repository.project.path("org")).output().unwrap(),
    );
    assert_eq!(without.code, 2);
    assert!(without.err.starts_with("error: git was not found"), "{}", without.err);
}
