//! Who gains and who loses an app, and the limits on that.

use serde_json::{Value, json};

use crate::repository::Repository;
use crate::{PORTAL, app, open_app, with_portal};

const NEVER: [&str; 2] = ["--fail-on", "never"];

/// What becomes of the access to Portal, where the work tree has it like this; null where there is nothing to tell.
fn effect(before: String, after: Option<String>) -> Value {
    let repository = Repository::of(&with_portal(before));
    change(&repository, after);
    let report = repository.gate(&NEVER).json();
    report["deployment"]["access"].as_array().unwrap().first().cloned().unwrap_or_default()
}

fn change(repository: &Repository, after: Option<String>) {
    match after {
        Some(text) => repository.project.write(PORTAL, text),
        None => std::fs::remove_file(repository.project.path(PORTAL)).unwrap(),
    }
}

/// `change before>after +gained -lost opens closes`.
fn short(effect: &Value) -> String {
    if effect.is_null() {
        return "nothing".to_owned();
    }
    let text = |key: &str| effect[key].as_str().unwrap_or("-").to_owned();
    let names = |key: &str, mark: &str| -> String {
        effect[key].as_array().unwrap().iter().map(|it| format!(" {mark}{}", it["name"].as_str().unwrap())).collect()
    };
    let flag = |key: &str| if effect[key] == true { format!(" {key}") } else { String::new() };
    let (gained, lost) = (names("gained", "+"), names("lost", "-"));
    format!("{} {}>{}{gained}{lost}{}{}", text("change"), text("before"), text("after"), flag("opens"), flag("closes"))
}

#[test]
fn what_becomes_of_access_is_told_app_by_app() {
    let blocked = |text: String| {
        text.replace("</ConnectedApp>", "<sessionPolicy><policyAction>Block</policyAction></sessionPolicy></ConnectedApp>")
    };
    let sales = || app(&["Api"], &["Sales"]);
    for (name, before, after, wanted) in [
        ("nothing", sales(), Some(sales()), "nothing"),
        ("another description", sales(), Some(sales().replace("<label>", "<description>x</description><label>")), "nothing"),
        ("another set", sales(), Some(app(&["Api"], &["Service"])), "changed assigned>assigned +Service -Sales"),
        ("opened", sales(), Some(open_app(&["Api"])), "changed assigned>anybody opens"),
        ("closed", open_app(&["Api"]), Some(sales()), "changed anybody>assigned closes"),
        (
            "open before and after, with assignments that have no effect",
            open_app(&["Api"]),
            Some(sales().replace("true</isAdmin", "false</isAdmin")),
            "nothing",
        ),
        ("blocked", sales(), Some(blocked(sales())), "changed assigned>nobody -Sales"),
        ("no longer blocked", blocked(sales()), Some(sales()), "changed nobody>assigned +Sales"),
        ("removed", sales(), None, "removed assigned>- -Sales"),
        ("an open one removed", open_app(&["Api"]), None, "removed anybody>- closes"),
    ] {
        assert_eq!(short(&effect(before, after)), wanted, "{name}");
    }
    let scopes = effect(app(&["Api", "Web"], &["Sales"]), Some(app(&["Api", "Full"], &["Sales"])));
    assert_eq!((&scopes["scopes_gained"], &scopes["scopes_lost"]), (&json!(["full"]), &json!(["web"])));
    // Files tell of no users.
    assert_eq!(scopes["users_gained"], Value::Null);
}

#[test]
fn a_new_app_is_told_with_whom_it_lets_in() {
    let repository = Repository::of(&with_portal(app(&["Api"], &["Sales"])));
    repository.project.write("force-app/New.connectedApp-meta.xml", app(&["Api"], &["Service"]));
    let effects = repository.gate(&NEVER).json()["deployment"]["access"].clone();
    assert_eq!(effects.as_array().unwrap().iter().map(short).collect::<Vec<_>>(), ["added ->assigned +Service"]);
}

/// `code state because` of a gate with these limits.
fn limit(before: &str, after: Option<String>, limits: &[&str]) -> (i32, String) {
    let repository = Repository::of(&with_portal(before.to_owned()));
    change(&repository, after);
    let run = repository.gate(&[&NEVER, limits].concat());
    let limits = run.json()["deployment"]["limits"].clone();
    let told: Vec<String> = limits
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{}: {}: {}", it["name"], it["state"], it["because"]).replace(['"', '[', ']'], ""))
        .collect();
    (run.code, told.join("; "))
}

#[test]
fn a_limit_that_is_crossed_ends_with_1_and_says_by_how_much() {
    let two = app(&["Api"], &["Sales", "Service"]);
    let one = app(&["Api"], &["Sales"]);
    for (before, after, limits, wanted) in [
        (
            &one,
            Some(two.clone()),
            &["--max-gain", "1"][..],
            (0, "--max-gain 1: kept: 1 profiles and permission sets (whose users are not known) gain an app"),
        ),
        (
            &one,
            Some(two.clone()),
            &["--max-gain", "0"],
            (1, "--max-gain 0: crossed: 1 profiles and permission sets (whose users are not known) gain an app, at most 0 may"),
        ),
        (
            &one,
            Some(open_app(&["Api"])),
            &["--max-gain", "1000"],
            (1, "--max-gain 1000: crossed: any user of the org may use Portal"),
        ),
        (
            &one,
            Some(one.clone()),
            &["--max-gain", "0", "--forbid-loss"],
            (0, "--max-gain 0: kept: 0 users gain an app; --forbid-loss: kept: nobody loses an app"),
        ),
        (&two, Some(one.clone()), &["--forbid-loss"], (1, "--forbid-loss: crossed: Portal is lost to permission set Service")),
        (
            &two,
            None,
            &["--forbid-loss"],
            (1, "--forbid-loss: crossed: Portal is lost to permission set Sales, permission set Service"),
        ),
        (
            &open_app(&["Api"]),
            Some(one.clone()),
            &["--forbid-loss"],
            (1, "--forbid-loss: crossed: Portal is lost to any user who is not assigned"),
        ),
    ] {
        let (code, told) = limit(before, after, limits);
        assert_eq!((code, told.as_str()), wanted, "{limits:?}");
    }
}

/// A file that cannot be read may be anything: nobody is said to keep or to lose the app.
#[test]
fn a_limit_of_which_nothing_can_be_told_ends_with_3() {
    let (code, told) = limit("<ConnectedApp>", Some(app(&["Api"], &["Sales"])), &["--max-gain", "5"]);
    assert_eq!(code, 3);
    assert!(
        told.starts_with("--max-gain 5: cannot-tell: 0 users gain an app,cannot tell of Portal whether it was there before: "),
        "{told}"
    );
    let (code, told) = limit(&app(&["Api"], &["Sales"]), Some("<ConnectedApp>".to_owned()), &["--forbid-loss"]);
    assert_eq!(code, 3);
    assert!(told.starts_with("--forbid-loss: cannot-tell: cannot tell of Portal whether it is still there: "), "{told}");
    let allowed = ["--max-gain", "5", "--allow-unknown"];
    assert_eq!(limit("<ConnectedApp>", Some(app(&["Api"], &["Sales"])), &allowed).0, 0);
}
