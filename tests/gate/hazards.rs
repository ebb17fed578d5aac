//! What will not be after a deployment as its files say.

use serde_json::Value;

use crate::repository::Repository;
use crate::support::{component, connected_app, oauth, part, sfdx_project};
use crate::{PORTAL, app, with_portal};

/// `id subject line` of the hazards.
fn hazards(report: &Value) -> Vec<String> {
    let all = report["deployment"]["hazards"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    all.map(|it| format!("{} {} {}", text(&it["id"]), text(&it["subject"]["name"]), it["place"]["line"])).collect()
}

fn of_change(before: String, after: &str) -> Vec<String> {
    let repository = Repository::of(&with_portal(before));
    repository.project.write(PORTAL, after);
    hazards(&repository.gate(&[]).json())
}

#[test]
fn each_is_told_where_it_stands() {
    let sales = || app(&["Api", "RefreshToken"], &["Sales"]);
    let emptied = sales().replace("<permissionSetName>Sales", "\n<permissionSetName>");
    let level = |text: String| {
        text.replace("</ConnectedApp>", "<sessionPolicy><sessionLevel>HIGH_ASSURANCE</sessionLevel></sessionPolicy></ConnectedApp>")
    };
    let key =
        |key: &str| sales().replace("<isAdminApproved>", &format!("<consumerKey>3MVG9.{key}</consumerKey>\n<isAdminApproved>"));
    let certificate = sales().replace("<isAdminApproved>", "<certificate>MIIx</certificate>\n<isAdminApproved>");
    let introspects = || {
        sales().replace(
            "<isAdminApproved>true</isAdminApproved>",
            "<isAdminApproved>true</isAdminApproved><isIntrospectAllTokens>true</isIntrospectAllTokens>",
        )
    };
    let ranges = "<ipRanges><end>203.0.113.9</end><start>203.0.113.1</start></ipRanges></ConnectedApp>";
    let ranges = sales().replace("</ConnectedApp>", ranges);
    for (name, before, after, wanted) in [
        ("nothing", sales(), sales(), vec![]),
        ("an empty element", sales(), emptied.clone(), vec!["assignments-emptied Portal 3"]),
        ("one that was there", emptied.clone(), emptied.replace("<label>Portal", "<label>Other"), vec![]),
        ("a level that goes back", level(sales()), sales(), vec!["setting-reset Portal 2"]),
        ("a switch that goes back", introspects(), sales(), vec!["setting-reset Portal 2"]),
        ("a switch that was at its default", introspects().replace("Tokens>true", "Tokens>false"), sales(), vec![]),
        ("a switch that is set otherwise", introspects(), introspects().replace("Tokens>true", "Tokens>false"), vec![]),
        ("ranges", ranges, sales(), vec!["setting-reset Portal 2"]),
        ("a certificate", certificate, sales(), vec!["certificate-cleared Portal 2"]),
        ("another key", key("one"), key("two"), vec!["consumer-key-fixed Portal 2"]),
    ] {
        assert_eq!(of_change(before, &after), wanted, "{name}");
    }
}

/// What a rule finds is told by the rule alone.
#[test]
fn a_finding_is_no_hazard_too() {
    let without = app(&["Api", "RefreshToken"], &["Sales"]).replace("portal.example.com", "portal.acme.internal");
    let with = without.replace("<scopes>Api", "<isPkceRequired>true</isPkceRequired><scopes>Api");
    let repository = Repository::of(&with_portal(with));
    repository.project.write(PORTAL, without);
    let report = repository.gate(&["--fail-on", "never"]).json();
    assert!(report["findings"].as_array().unwrap().iter().any(|it| it["rule"] == "pkce-not-required" && it["baseline"] == "new"));
    assert_eq!(hazards(&report), Vec::<String>::new());
    let unasked = repository.gate(&["--fail-on", "never", "--tag", "connected-app-creation-ended"]);
    assert_eq!(hazards(&unasked.json()), ["setting-reset Portal 2"]);
}

#[test]
fn a_new_connected_app_and_one_that_is_only_left_out_are_told() {
    let repository = Repository::of(&with_portal(app(&["Api"], &["Sales"])));
    std::fs::remove_file(repository.project.path(PORTAL)).unwrap();
    repository.project.write("force-app/New.connectedApp-meta.xml", app(&["Api"], &["Sales"]).replace("Portal", "New"));
    repository.project.write(
        "force-app/ns__Packaged.connectedApp-meta.xml",
        connected_app(&oauth("<scopes>Api</scopes>")).replace("Portal", "Packaged"),
    );
    repository.project.write("force-app/Client.eca-meta.xml", component("ExternalClientApplication", "<label>Client</label>"));
    let report = repository.gate(&[]).json();
    assert_eq!(hazards(&report), ["new-connected-app New 2", "removed-app-stays Portal null"]);
    let told = &report["deployment"]["hazards"][0];
    assert!(told["message"].as_str().unwrap().starts_with("New is a new connected app. Since Spring '26"), "{told}");
    assert!(!told["reservation"].as_str().unwrap().is_empty() && !told["references"].as_array().unwrap().is_empty());

    let types = "<types><members>Portal</members><name>ConnectedApp</name></types><version>66.0</version>";
    repository.project.write("force-app/destructiveChanges.xml", component("Package", types));
    assert_eq!(hazards(&repository.gate(&[]).json()), ["new-connected-app New 2"]);
}

#[test]
fn parts_of_external_client_apps_go_back_to_their_own_defaults() {
    let settings = |elements: &str| part("ExtlClntAppOauthConfigurablePolicies", "Client", elements);
    let path = "force-app/Client.ecaOauthPlcy-meta.xml";
    let assigned = "<commaSeparatedPermissionSet>Sales</commaSeparatedPermissionSet>";
    let rest = "<label>p</label><permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>";
    let files = [
        ("force-app/Client.eca-meta.xml", component("ExternalClientApplication", "<label>Client</label>")),
        (path, settings(&format!("{assigned}{rest}<sessionTimeoutInMinutes>15</sessionTimeoutInMinutes>"))),
    ];
    let repository = Repository::of(&[crate::project(), files.to_vec()].concat());
    repository.project.write(path, settings(&format!("{assigned}{rest}")));
    let report = repository.gate(&["--fail-on", "never", "--tag", "pkce"]).json();
    assert_eq!(hazards(&report), ["setting-reset Client 2"], "{}", report["deployment"]);
    let message = report["deployment"]["hazards"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "Client does not state `sessionTimeoutInMinutes` any more: a deployment sets it to its default, unset. It was 15."
    );
}

#[test]
fn a_newer_api_version_rewrites_what_nobody_states() {
    let repository = Repository::of(&with_portal(app(&["Api"], &["Sales"])));
    repository.project.write("sfdx-project.json", sfdx_project(&["force-app"], "67.0"));
    assert_eq!(hazards(&repository.gate(&[]).json()), ["api-version-raised - null"]);
    repository.project.write("sfdx-project.json", sfdx_project(&["force-app"], "65.0"));
    assert_eq!(hazards(&repository.gate(&[]).json()), Vec::<String>::new());
}
