//! Two trees, and two reports.

use serde_json::{Value, json};

use crate::support::{Project, Run, component, connected_app, oauth, part};
use crate::{changed, changes, diff, facts, named};

/// A connected app with these scopes, approved by admins or not, assigned to these permission sets.
fn app(scopes: &[&str], admin_approved: bool, permission_sets: &[&str]) -> String {
    let each = |element: &str, texts: &[&str]| {
        let elements: Vec<String> = texts.iter().map(|text| format!("<{element}>{text}</{element}>")).collect();
        elements.concat()
    };
    let (scopes, sets) = (each("scopes", scopes), each("permissionSetName", permission_sets));
    connected_app(&format!("{}{sets}", oauth(&format!("<isAdminApproved>{admin_approved}</isAdminApproved>{scopes}"))))
}

fn trees(before: &[(&str, String)], after: &[(&str, String)]) -> Project {
    let mut project = Project::new();
    for (side, files) in [("before", before), ("after", after)] {
        project = project.file(&format!("{side}/empty/README"), "");
        for (path, text) in files {
            project = project.file(&format!("{side}/{path}"), text);
        }
    }
    project
}

fn of(project: &Project) -> (i32, Value) {
    let run = diff(project, "before", "after", &[]);
    (run.code, run.json())
}

#[test]
fn a_tree_is_as_it_was_wherever_its_files_are() {
    let app = app(&["Full", "Api"], false, &["Sales"]);
    let moved = app
        .replace("><", ">\n  <")
        .replace("<scopes>Full</scopes>\n  <scopes>Api</scopes>", "<scopes>Api</scopes><scopes>Full</scopes>");
    let project = trees(&[("a/Portal.connectedApp", app)], &[("b/c/Portal.connectedApp-meta.xml", moved)]);
    let (code, document) = of(&project);
    assert_eq!((code, changes(&document)), (0, vec![]));
    assert!(document["findings"]["unchanged"].as_u64().unwrap() > 3 && document["apps"]["unchanged"] == 1, "{document:#}");
}

#[test]
fn findings_facts_and_access_that_changed_are_told() {
    let project = trees(
        &[("Portal.connectedApp", app(&["Api"], true, &["Sales", "Old"]))],
        &[("Portal.connectedApp", app(&["Api", "Full"], false, &["New", "Sales"]))],
    );
    let (code, document) = of(&project);
    assert_eq!(code, 1);
    let new = named(&document["findings"]["new"]);
    assert!(
        new.contains(&"full-scope Portal".to_owned()) && new.contains(&"any-user-may-self-authorize Portal".to_owned()),
        "{new:?}"
    );
    let facts = facts(&document, "Portal");
    assert!(facts.contains(&r#"app.oauth.scopes: ["api"] -> ["api","full"]"#.to_owned()), "{facts:#?}");
    assert!(facts.contains(&r#"app.access.permitted_users: "admin-approved" -> "self-authorize""#.to_owned()), "{facts:#?}");
    let access = &changed(&document, "Portal")["access"];
    assert_eq!(access["admits"], json!({"before": "assigned", "after": "anybody", "opens": true}));
    assert_eq!(access["gained"], json!([{"kind": "permission-set", "name": "New"}]));
    assert_eq!(access["lost"], json!([{"kind": "permission-set", "name": "Old"}]));
    let table = project.run(&["diff", "before", "after"]).out;
    assert!(table.contains("Opens to everybody: any active user of the org may authorize it"), "{table}");

    let back = diff(&project, "after", "before", &["--fail-on", "info"]).json();
    assert_eq!(named(&back["findings"]["fixed"]), new);
    assert_eq!(named(&back["findings"]["new"]), named(&document["findings"]["fixed"]));
}

#[test]
fn apps_come_and_go_and_are_renamed() {
    let key = |key: &str| oauth(&format!("<consumerKey>{key}</consumerKey><scopes>Full</scopes>"));
    let labelled =
        |label: &str, more: &str| connected_app(more).replace("<label>Portal</label>", &format!("<label>{label}</label>"));
    let project = trees(
        &[
            ("Old.connectedApp", labelled("Old", &key("3MVG9.the.same.key"))),
            ("Alike.connectedApp", labelled("Alike", &oauth("<scopes>Full</scopes>"))),
            ("Gone.connectedApp", labelled("Gone", "")),
            // A key that another app has, too, tells nothing.
            ("Twin.connectedApp", labelled("Twin", &key("3MVG9.shared.key"))),
            ("Shared.connectedApp", labelled("Shared", &key("3MVG9.shared.key"))),
        ],
        &[
            ("New.connectedApp", labelled("New", &key("3MVG9.the.same.key"))),
            ("Lookalike.connectedApp", labelled("Alike", &oauth("<scopes>Full</scopes>"))),
            ("Come.connectedApp", labelled("Come", "")),
            ("Shared.connectedApp", labelled("Shared", &key("3MVG9.shared.key"))),
            ("Other.connectedApp", labelled("Other", &key("3MVG9.shared.key"))),
        ],
    );
    let (_, document) = of(&project);
    let apps = &document["apps"];
    let renamed: Vec<String> = apps["renamed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {} {}", it["before"]["name"], it["after"]["name"], it["sureness"]).replace('"', ""))
        .collect();
    assert_eq!(renamed, ["Old New same-consumer-key", "Alike Lookalike same-label-and-callbacks"]);
    let names = |list: &str, of: &dyn Fn(&Value) -> Value| apps[list].as_array().unwrap().iter().map(of).collect::<Vec<_>>();
    assert_eq!(names("removed", &|it| it["name"].clone()), ["Gone", "Twin"]);
    assert_eq!(names("added", &|it| it["subject"]["name"].clone()), ["Come", "Other"]);
    // The finding of the app that is surely the same one is not new; of the other one that is only likely.
    let new = named(&document["findings"]["new"]);
    assert!(new.contains(&"full-scope Lookalike".to_owned()) && !new.iter().any(|it| it.ends_with(" New")), "{new:?}");
}

/// A rule has one finding on an app, however many values are wrong.
#[test]
fn a_finding_with_more_values_is_worse_and_one_with_fewer_is_better() {
    let app = |urls: &[&str]| connected_app(&format!("<oauthConfig><callbackUrl>{}</callbackUrl></oauthConfig>", urls.join("\n")));
    let (one, two) = ("http://a.acme.internal/cb", "http://b.acme.internal/cb");
    let project = trees(&[("Portal.connectedApp", app(&[one]))], &[("Portal.connectedApp", app(&[one, two]))]);
    let moved = |run: &Run, list: &str| -> Vec<String> {
        let document = run.json();
        let all = document["findings"][list].as_array().unwrap();
        let of_rule = all.iter().filter(|it| it["rule"] == "callback-in-clear-text");
        of_rule.map(|it| format!("{} {} {}", it["was"], it["new_values"], it["gone_values"]).replace('"', "")).collect()
    };
    let run = diff(&project, "before", "after", &[]);
    assert_eq!((run.code, moved(&run, "worse")), (1, vec![format!("high [{two}] []")]));
    let back = diff(&project, "after", "before", &[]);
    assert_eq!((back.code, moved(&back, "better")), (0, vec![format!("high [] [{two}]")]));
    let table = project.run(&["diff", "before", "after"]).out.split_whitespace().collect::<String>();
    assert!(table.contains(&format!("(new:{two})")), "{table}");
    // Reports have the values, too.
    for side in ["before", "after"] {
        project.write(&format!("{side}.json"), project.run(&["audit", side, "--format", "json"]).out);
    }
    let run = diff(&project, "before.json", "after.json", &[]);
    assert_eq!(moved(&run, "worse").len(), 1, "{}", run.out);
}

/// What is unknown on one side is neither fixed nor lost nor gained.
#[test]
fn what_one_side_does_not_know_cannot_be_told() {
    let header = component("ExternalClientApplication", "<label>Half</label>");
    let policies = "<permittedUsersPolicyType>AllSelfAuthorized</permittedUsersPolicyType>\
                    <commaSeparatedPermissionSet>Sales</commaSeparatedPermissionSet>";
    let whole = [
        ("Half.eca", header.clone()),
        ("Half.ecaOauth", part("ExtlClntAppOauthSettings", "Half", "<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes>")),
        ("Half.ecaOauthPlcy", part("ExtlClntAppOauthConfigurablePolicies", "Half", policies)),
    ];
    let project = trees(&whole, &whole[..2]);
    // That the part is missing is a finding of its own.
    let run = diff(&project, "before", "after", &["--fail-on", "never"]);
    let document = run.json();
    assert_eq!(run.code, 3);
    let doubts = document["findings"]["cannot_tell"].as_array().unwrap();
    let doubt = doubts.iter().find(|it| it["rule"] == "any-user-may-self-authorize").unwrap();
    assert_eq!(doubt["on"], "before");
    assert!(
        doubt["reason"].as_str().unwrap().starts_with("any-user-may-self-authorize cannot be decided on the second side: "),
        "{doubt}"
    );
    assert!(!named(&document["findings"]["fixed"]).contains(&"any-user-may-self-authorize Half".to_owned()));
    assert!(!document["findings"]["became_unknown"].as_array().unwrap().is_empty());
    let access = &changed(&document, "Half")["access"];
    assert_eq!((&access["gained"], &access["lost"]), (&json!([]), &json!([])));
    assert!(access["cannot_tell"].to_string().contains("whether users must be assigned after"), "{access}");
    assert_eq!(diff(&project, "before", "after", &["--fail-on", "never", "--allow-unknown"]).code, 0);

    // The other way round the finding counts: nobody knew of it.
    let back = diff(&project, "after", "before", &[]);
    let new = &back.json()["findings"]["new"];
    assert_eq!(back.code, 1);
    let new = new.as_array().unwrap().iter().find(|it| it["rule"] == "any-user-may-self-authorize").unwrap();
    assert_eq!(new["earlier"], "undecided");
}

#[test]
fn what_could_not_be_read_is_not_removed() {
    let project = trees(
        &[("Portal.connectedApp", app(&["Full"], true, &["Sales"]))],
        &[("Portal.connectedApp", "<ConnectedApp>".to_owned())],
    );
    let (code, document) = of(&project);
    assert_eq!((code, &document["after"]["gaps"]), (3, &json!(1)));
    assert_eq!((&document["apps"]["removed"], &document["findings"]["fixed"]), (&json!([]), &json!([])));
    assert_eq!(document["apps"]["cannot_tell"][0]["subject"]["name"], "Portal");
    assert!(named(&document["findings"]["cannot_tell"]).contains(&"full-scope Portal".to_owned()));
}

#[test]
fn the_policy_of_the_second_side_judges_both() {
    let project = trees(
        &[("Portal.connectedApp", app(&["Full"], true, &["Sales"])), ("orgwarden.yaml", "rules: [".to_owned())],
        &[
            ("Portal.connectedApp", app(&["Full"], true, &["Sales"])),
            ("orgwarden.yaml", "rules: [{rule: full-scope, severity: critical}]".to_owned()),
        ],
    );
    assert_eq!(of(&project).0, 0, "the first side's policy is not read");
}

#[test]
fn of_reports_findings_alone_are_compared() {
    let project = trees(
        &[("Portal.connectedApp", app(&["Full"], true, &["Sales"])), ("Half.eca", component("ExternalClientApplication", ""))],
        &[("Portal.connectedApp", app(&["Full"], false, &["Sales"]))],
    );
    let report = |side: &str| {
        let run = project.run(&["audit", side, "--format", "json"]);
        project.write(&format!("{side}.json"), &run.out);
    };
    report("before");
    report("after");
    let (_, trees) = of(&project);
    let reports = diff(&project, "before.json", "after.json", &[]).json();
    assert_eq!(named(&reports["findings"]["new"]), named(&trees["findings"]["new"]));
    assert_eq!(reports["findings"]["unchanged"], trees["findings"]["unchanged"]);
    assert_eq!(reports["apps"], Value::Null);
    assert!(reports["notes"][0].as_str().unwrap().contains("facts and access are not compared"));
    let mixed = diff(&project, "before.json", "before", &[]);
    assert_eq!((mixed.code, changes(&mixed.json())), (0, vec![]));
}

#[test]
fn markdown_holds_no_mark_up_of_others() {
    let hostile = "Portal &lt;img src=x&gt; | [click](https://evil.example.com) @team";
    let after = app(&["Full"], false, &[]).replace("<label>Portal</label>", &format!("<label>{hostile}</label>"));
    let project = trees(&[], &[("Portal.connectedApp", after)]);
    let run = project.run(&["diff", "before", "after", "--format", "markdown"]);
    let rows: Vec<&str> = run.out.lines().filter(|line| line.contains("full\\-scope")).collect();
    assert_eq!(
        rows,
        [
            r"| medium | Portal | full\-scope&#58; Portal &lt;img src\=x&gt; \| \[click\]\(https&#58;&#8203;//evil.example.com\) &#64;&#8203;team has the full scope | after/Portal.connectedApp&#58;2&#58;307 |"
        ]
    );
    assert!(run.out.starts_with("## orgwarden: what changes\n\nbefore → after\n\nfindings: "), "{}", run.out);
}

#[test]
fn a_table_fits_and_says_what_matters_first() {
    let project = trees(
        &[("Portal.connectedApp", app(&["Api"], true, &["Sales"]))],
        &[("Portal.connectedApp", app(&["Full"], false, &["Sales"]))],
    );
    for width in ["80", "120"] {
        let run = Run::of(project.command(&["diff", "before", "after"]).env("COLUMNS", width).output().unwrap());
        assert!(run.out.starts_with("New ("), "{}", run.out);
        let widest = run.out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width.parse().unwrap(), "{widest}\n{}", run.out);
    }
}

#[test]
fn a_side_that_is_none_ends_the_run() {
    let project = trees(&[], &[])
        .file("report.json", r#"{"schema": "orgwarden/inventory-v1"}"#)
        .file("broken.json", r#"{"schema": "orgwarden/report-v1"}"#);
    for (side, said) in [
        ("main", "error: main does not exist; a revision of a git repository is written git:main"),
        ("report.json", "error: report.json cannot be compared: its key `schema` says `orgwarden/inventory-v1`"),
        (
            "broken.json",
            "error: broken.json cannot be compared: it is no report of `orgwarden audit --format json`: missing field `source`",
        ),
    ] {
        let run = project.run(&["diff", side, "after"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{side}");
        assert!(run.err.starts_with(said), "{}", run.err);
    }
}
