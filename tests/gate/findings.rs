//! Findings: introduced, worse, fixed, unchanged.

use crate::repository::{Repository, absent, introduced};
use crate::support::component;
use crate::{PORTAL, app, open_app, project, with_portal};

#[test]
fn what_was_there_before_does_not_count() {
    let repository = Repository::of(&with_portal(open_app(&["Full"])));
    let run = repository.gate(&[]);
    let report = run.json();
    assert_eq!((run.code, introduced(&report), absent(&report)), (0, vec![], vec![]), "{}", run.err);
    assert!(report["findings"].as_array().unwrap().iter().all(|it| it["baseline"] == "known"));
    let all = repository.gate(&["--all"]);
    assert_eq!((all.code, introduced(&all.json())), (1, vec![]), "{}", all.err);
}

#[test]
fn what_is_introduced_counts_and_what_is_fixed_is_told() {
    let repository = Repository::of(&with_portal(app(&["Api", "RefreshToken"], &["Sales"])));
    repository.project.write(PORTAL, app(&["Full", "RefreshToken"], &["Sales"]));
    let run = repository.gate(&[]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(introduced(&run.json()).contains(&"new full-scope Portal".to_owned()), "{:?}", introduced(&run.json()));
    assert_eq!(repository.gate(&["--fail-on", "never"]).code, 0);

    repository.commit("worse");
    repository.project.write(PORTAL, app(&["Api", "RefreshToken"], &["Sales"]));
    let run = repository.gate(&["--base", "worse"]);
    assert_eq!((run.code, introduced(&run.json())), (0, vec![]), "{}", run.err);
    assert!(absent(&run.json()).contains(&"fixed full-scope Portal".to_owned()));
}

#[test]
fn a_finding_with_more_that_is_wrong_is_worse() {
    let callbacks = |urls: &str| app(&["Api", "RefreshToken"], &["Sales"]).replace("https://portal.example.com/cb", urls);
    let repository = Repository::of(&with_portal(callbacks("http://one.acme.internal/cb")));
    repository.project.write(PORTAL, callbacks("http://one.acme.internal/cb\nhttp://two.acme.internal/cb"));
    let run = repository.gate(&[]);
    let report = run.json();
    assert!(introduced(&report).contains(&"worse callback-in-clear-text Portal".to_owned()), "{:?}", introduced(&report));
    let worse = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "callback-in-clear-text").unwrap();
    assert!(worse["new_values"].to_string().contains("http://two.acme.internal/cb"), "{worse}");
    let pretty = repository.run(&["gate", "--base", "before", "--no-policy"]).out;
    assert!(pretty.contains("   = not there before: http://two.acme.internal/cb\n"), "{pretty}");
    assert_eq!(run.code, 1);
}

/// The same consumer key is the same app, and its findings are known; a likeness is no proof, and they are not.
#[test]
fn a_rename_is_not_delete_and_add() {
    let key = |text: String| text.replace("<isAdminApproved>", "<consumerKey>3MVG9.the.same.key</consumerKey><isAdminApproved>");
    for (text, sureness, known) in
        [(key(open_app(&["Full"])), "same-consumer-key", true), (open_app(&["Full"]), "same-label-and-callbacks", false)]
    {
        let repository = Repository::of(&with_portal(text.clone()));
        std::fs::remove_file(repository.project.path(PORTAL)).unwrap();
        repository.project.write("force-app/Gate.connectedApp-meta.xml", text);
        let run = repository.gate(&["--max-gain", "0", "--forbid-loss", "--fail-on", if known { "info" } else { "never" }]);
        let report = run.json();
        let renamed = &report["deployment"]["apps"]["renamed"][0];
        assert_eq!((&renamed["before"]["name"], &renamed["sureness"]), (&"Portal".into(), &sureness.into()));
        assert_eq!(introduced(&report).is_empty(), known, "{:?}", introduced(&report));
        assert_eq!(absent(&report).is_empty(), known, "{:?}", absent(&report));
        // Nobody gains or loses it.
        assert_eq!(run.code, 0, "{}", report["deployment"]["limits"]);
        assert_eq!(report["deployment"]["hazards"][0]["id"], "new-connected-app");
    }
}

/// What was undecided stays undecided, and does not count; what is newly undecided does.
#[test]
fn what_can_newly_not_be_decided_ends_with_3() {
    let half = component("ExternalClientApplication", "<label>Half</label>");
    let repository = Repository::of(&[project(), vec![("force-app/Half.eca-meta.xml", half.clone())]].concat());
    let run = repository.gate(&[]);
    assert_eq!((run.code, introduced(&run.json())), (0, vec![]));
    assert!(!run.json()["unknown"].as_array().unwrap().is_empty());
    assert_eq!(repository.gate(&["--all", "--fail-on", "never"]).code, 3);
    repository.project.write("force-app/More.eca-meta.xml", half.replace("Half", "More"));
    assert_eq!(repository.gate(&["--fail-on", "never"]).code, 3);
    assert_eq!(repository.gate(&["--fail-on", "never", "--allow-unknown"]).code, 0);
}

#[test]
fn a_gap_of_either_side_is_told() {
    let broken = "<ConnectedApp>".to_owned();
    let repository = Repository::of(&with_portal(broken.clone()));
    repository.project.write(PORTAL, open_app(&["Full"]));
    let run = repository.gate(&[]);
    // It may have been there: nobody knows, and it counts.
    assert_eq!(run.code, 1, "{}", run.err);
    let gaps = &run.json()["deployment"]["gaps_before"];
    assert!(gaps[0]["what"].as_str().unwrap().contains("Portal.connectedApp"), "{gaps}");
    assert!(run.err.starts_with("in the HEAD ("), "{}", run.err);
    let pretty = repository.run(&["gate", "--base", "before"]);
    assert!(pretty.out.contains("1 problem kept something of the state before from being read."), "{}", pretty.out);
    // What could not be read before hides nothing that is introduced.
    assert_eq!(repository.gate(&["--fail-on", "never"]).code, 0);

    let repository = Repository::of(&with_portal(open_app(&["Full"])));
    repository.project.write(PORTAL, broken);
    let run = repository.gate(&[]);
    assert_eq!((run.code, introduced(&run.json())), (3, vec![]), "{}", run.err);
    assert!(absent(&run.json()).iter().all(|it| it.starts_with("cannot-tell ")), "{:?}", absent(&run.json()));
}

/// A waiver that the deployment takes away uncovers its finding; one that it leaves alone is not told again.
#[test]
fn what_was_waived_and_is_not_any_more_is_introduced() {
    let comment = "\n<!-- orgwarden waiver {rule: full-scope, reason: known, owner: a@example.com, expires: 2026-12-31} -->\n";
    let plain = app(&["Full", "RefreshToken"], &["Sales"]);
    let waived = plain.replace("<scopes>Full", &format!("{comment}<scopes>Full"));
    let repository = Repository::of(&with_portal(waived.clone()));
    repository.project.write(PORTAL, waived.replace("<label>", "<description>x</description><label>"));
    let run = repository.run(&["gate", "--base", "before"]);
    assert!(run.code == 0 && !run.out.contains("full-scope"), "{}", run.out);
    repository.project.write(PORTAL, plain);
    assert_eq!(introduced(&repository.gate(&[]).json()), ["new full-scope Portal"]);
}
