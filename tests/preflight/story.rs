//! The case the program began with: a server asks for a token by SAML bearer assertion and gets "user hasn't approved this consumer".

use crate::support::{Project, component, connected_app};
use crate::{CERTIFICATE, said};

/// What is changed in the app.
#[derive(Clone, Copy, Default)]
struct Changed {
    scope: bool,
    admin_approved: bool,
    assigned: bool,
}

fn project(changed: Changed) -> Project {
    let Changed { scope, admin_approved, assigned } = changed;
    let oauth = format!(
        "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl><certificate>{}</certificate>\
         <isAdminApproved>{admin_approved}</isAdminApproved><scopes>Api</scopes>{}</oauthConfig>{}",
        CERTIFICATE.trim(),
        if scope { "<scopes>RefreshToken</scopes>" } else { "" },
        if assigned { "<permissionSetName>ERP_Integration</permissionSetName>" } else { "" },
    );
    Project::new()
        .file("force-app/erp.connectedApp-meta.xml", connected_app(&oauth))
        .file("force-app/ERP_Integration.permissionset-meta.xml", component("PermissionSet", "<label>ERP</label>"))
}

fn preflight(project: &Project, flow: &str, more: &[&str]) -> crate::support::Run {
    project.run(&[&["preflight", "--app", "erp", "--flow", flow, "--format", "json"], more].concat())
}

#[test]
fn the_error_comes_with_three_remedies() {
    let run = preflight(&project(Changed::default()), "urn:ietf:params:oauth:grant-type:saml2-bearer", &[]);
    assert_eq!(
        said(&run),
        "would-refuse | user-has-not-approved refresh-scope-missing | invalid_grant: user hasn't approved this consumer (medium)"
    );
    let document = run.json();
    let remedies = document["apps"][0]["forecasts"][0]["remedies"].as_array().unwrap();
    let metadata: Vec<&str> = remedies.iter().filter_map(|remedy| remedy["metadata"].as_str()).collect();
    for element in ["<isAdminApproved>true</isAdminApproved>", "<permissionSetName>", "<scopes>RefreshToken</scopes>"] {
        assert_eq!(metadata.iter().filter(|text| text.contains(element)).count(), 1, "{element}: {metadata:#?}");
    }
}

#[test]
fn each_remedy_alone_is_not_enough_and_all_together_are() {
    const NOT_APPROVED: &str = "invalid_grant: user hasn't approved this consumer";
    const NOT_ADMIN_APPROVED: &str = "invalid_app_access: user is not admin approved to access this app";
    let is = |scope, admin_approved, assigned| Changed { scope, admin_approved, assigned };
    // From files nobody knows whether the user has approved the app, so each is asked with the answer no, too.
    for (what, changed, from_files, without_approval) in [
        (
            "nothing",
            is(false, false, false),
            format!("would-refuse | user-has-not-approved refresh-scope-missing | {NOT_APPROVED} (medium)"),
            format!("would-refuse | user-has-not-approved refresh-scope-missing | {NOT_APPROVED} (medium)"),
        ),
        (
            "the scope",
            is(true, false, false),
            "cannot-tell | approval".to_owned(),
            format!("would-refuse | user-has-not-approved | {NOT_APPROVED} (high)"),
        ),
        (
            "admin-approved",
            is(false, true, false),
            format!("would-refuse | user-not-admin-approved refresh-scope-missing | {NOT_ADMIN_APPROVED} (low)"),
            format!("would-refuse | user-not-admin-approved refresh-scope-missing | {NOT_ADMIN_APPROVED} (low)"),
        ),
        (
            "the assignment, which has no effect by itself",
            is(false, false, true),
            format!("would-refuse | user-has-not-approved refresh-scope-missing | {NOT_APPROVED} (medium)"),
            format!("would-refuse | user-has-not-approved refresh-scope-missing | {NOT_APPROVED} (medium)"),
        ),
        (
            "the scope and admin-approved",
            is(true, true, false),
            format!("would-refuse | user-not-admin-approved | {NOT_ADMIN_APPROVED} (low)"),
            format!("would-refuse | user-not-admin-approved | {NOT_ADMIN_APPROVED} (low)"),
        ),
        (
            "the scope and the assignment",
            is(true, false, true),
            "cannot-tell | approval".to_owned(),
            format!("would-refuse | user-has-not-approved | {NOT_APPROVED} (high)"),
        ),
        (
            "admin-approved and the assignment",
            is(false, true, true),
            format!("would-refuse | refresh-scope-missing | {NOT_APPROVED} (low)"),
            format!("would-refuse | refresh-scope-missing | {NOT_APPROVED} (low)"),
        ),
        ("all three", is(true, true, true), "would-issue".to_owned(), "would-issue".to_owned()),
    ] {
        let project = project(changed);
        assert_eq!(said(&preflight(&project, "saml-bearer", &[])), from_files, "{what}");
        assert_eq!(said(&preflight(&project, "saml-bearer", &["--prior-approval", "no"])), without_approval, "{what}");
    }
}

#[test]
fn an_approval_of_the_user_is_the_other_way() {
    let project = project(Changed { scope: true, ..Changed::default() });
    assert_eq!(said(&preflight(&project, "saml-bearer", &["--prior-approval", "yes"])), "would-issue");
}

#[test]
fn what_a_user_holds_decides_where_files_know_no_users() {
    let project = project(Changed { scope: true, admin_approved: true, assigned: true });
    for (holds, expected) in [
        (&["--permission-set", "ERP_Integration"][..], "would-issue"),
        (&["--permission-set", "ERP"], "would-issue"),
        (
            &["--permission-set", "Other"],
            "would-refuse | user-not-admin-approved | invalid_app_access: user is not admin approved to access this app (low)",
        ),
        (
            &["--profile", "Admin"],
            "would-refuse | user-not-admin-approved | invalid_app_access: user is not admin approved to access this app (low)",
        ),
        (&["--user", "erp@acme.example.com"], "cannot-tell | user assignment"),
    ] {
        assert_eq!(said(&preflight(&project, "saml-bearer", holds)), expected, "{holds:?}");
    }
}
