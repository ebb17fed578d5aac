//! Findings: introduced, worse, fixed, unchanged.

use crate::repository::{Repository, absent, introduced};
use crate::{PORTAL, app, open_app, with_portal};

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
