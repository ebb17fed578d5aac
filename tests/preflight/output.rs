//! What the answers look like.

use crate::support::{Project, component, connected_app};
use crate::{CERTIFICATE, fake_org};

fn project() -> Project {
    let oauth = format!(
        "\n<oauthConfig>\n<callbackUrl>https://erp.acme.internal/cb</callbackUrl>\n<certificate>{}</certificate>\n\
         <isAdminApproved>false</isAdminApproved>\n<scopes>Api</scopes>\n</oauthConfig>\n",
        CERTIFICATE.trim()
    );
    Project::new()
        .file("erp.connectedApp-meta.xml", connected_app(&oauth))
        .file("Set.permissionset-meta.xml", component("PermissionSet", "<label>Set</label>"))
}

#[test]
fn a_refusal_fits_a_narrow_terminal() {
    let run = crate::support::Run::of(
        project().command(&["preflight", "--app", "erp", "--flow", "saml-bearer"]).env("COLUMNS", "80").output().unwrap(),
    );
    assert_eq!(run.code, 1, "{}", run.err);
    let widest = run.out.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 80, "{widest} columns:\n{}", run.out);
    insta::assert_snapshot!(run.out);
}

#[test]
fn the_matrix_has_a_line_for_each_flow() {
    let run = project().run(&["preflight", "--app", "erp", "--all-flows"]);
    assert_eq!(run.code, 1, "{}", run.err);
    insta::assert_snapshot!(run.out);
}

#[test]
fn real_answers_fit_the_printed_schema() {
    let project = project();
    let schema = project.run(&["schema", "preflight"]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let org = fake_org::seed::acme().start();
    let of_org = project
        .command(&[
            "preflight",
            "--app",
            "*",
            "--all-flows",
            "--user",
            "amira@acme.example.com",
            "--format",
            "json",
            "--org-from-env",
        ])
        .envs(org.environment())
        .output()
        .unwrap();
    for run in [project.run(&["preflight", "--app", "erp", "--all-flows", "--format", "json"]), crate::support::Run::of(of_org)] {
        let document = run.json();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn questions_that_make_no_sense_are_refused() {
    let project = project();
    for (args, expected) in [
        (&["--app", "erp", "--flow", "jwt"][..], "did you mean `jwt-bearer`"),
        (&["--app", "erp"], "--flow"),
        (&["--app", "epr", "--flow", "jwt-bearer"], "did you mean `erp`"),
        (&["--app", "erp", "--flow", "jwt-bearer", "--all-users"], "name an org with --target-org"),
        (&["--app", "erp", "--flow", "jwt-bearer", "--login-host", "https://"], "--login-host"),
        (&["--app", "erp", "--flow", "jwt-bearer", "missing-folder"], "missing-folder"),
    ] {
        let run = project.run(&[&["preflight"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(expected), "{args:?}: {}", run.err);
    }
}

#[test]
fn hostile_names_are_harmless() {
    let oauth = "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl><isAdminApproved>true</isAdminApproved>\
                 <scopes>Api</scopes></oauthConfig><profileName>\u{202e}evil\u{7}</profileName>";
    let project = Project::new().file("erp.connectedApp-meta.xml", connected_app(oauth));
    let run = project.run(&["preflight", "--app", "erp", "--flow", "web-server", "--redirect-uri", "\u{1b}[31mred"]);
    assert!(!run.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", run.out);
}

#[test]
fn a_file_that_cannot_be_read_is_a_gap_with_its_place() {
    let project = project().file("broken.connectedApp-meta.xml", "<ConnectedApp><label>Broken</ConnectedApp>");
    let run = project.run(&["preflight", "--app", "erp", "--flow", "jwt-bearer", "--format", "json"]);
    let gaps = run.json()["gaps"].as_array().unwrap().clone();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0]["what"].as_str().unwrap().starts_with("broken.connectedApp-meta.xml:1:"), "{}", gaps[0]);
    assert!(!gaps[0]["reason"].as_str().unwrap().is_empty(), "{}", gaps[0]);
}
