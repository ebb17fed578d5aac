//! `orgwarden fix` on files: what it changes, what it leaves, and what it says.
#![allow(clippy::format_push_string, clippy::format_collect, reason = "short test code; speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use support::{Project, Run};

const FILE: &str = "force-app/main/default/connectedApps/ERP.connectedApp-meta.xml";

/// An app that sends assertions, without the scope they need.
const ERP: &str = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<ConnectedApp xmlns=\"http://soap.sforce.com/2006/04/metadata\">
    <contactEmail>erp@acme.example</contactEmail>
    <label>ERP</label>
    <oauthConfig>
        <callbackUrl>https://erp.acme.example/callback</callbackUrl>
        <certificate>MII</certificate>
        <!-- <scopes>RefreshToken</scopes> -->
        <isAdminApproved>true</isAdminApproved>
        <isPkceRequired>true</isPkceRequired>
        <scopes>Api</scopes> <!-- data -->
    </oauthConfig>
    <oauthPolicy>
        <ipRelaxation>ENFORCE</ipRelaxation>
        <refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy>
    </oauthPolicy>
    <permissionSetName>ERP_Integration</permissionSetName>
</ConnectedApp>
";

fn project(app: &str) -> Project {
    Project::new()
        .file("sfdx-project.json", r#"{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"66.0"}"#)
        .file(FILE, app)
}

fn text(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path(path)).unwrap()
}

/// Rules with findings of the strict preset.
fn found(project: &Project) -> Vec<String> {
    let run = project.run(&["audit", "--preset", "strict", "--format", "json"]);
    run.json()["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
}

const RULE: &[&str] = &["--rule", "refresh-token-scope-missing"];

fn fix(project: &Project, args: &[&str]) -> Run {
    project.run(&[&["fix"], args].concat())
}

#[test]
fn a_dry_run_shows_the_change_and_writes_nothing() {
    let project = project(ERP);
    let run = fix(&project, RULE);
    assert_eq!(run.code, 1, "{}", run.err);
    insta::assert_snapshot!(run.out, @"
    --- a/force-app/main/default/connectedApps/ERP.connectedApp-meta.xml
    +++ b/force-app/main/default/connectedApps/ERP.connectedApp-meta.xml
    @@ -9,6 +9,7 @@
             <isAdminApproved>true</isAdminApproved>
             <isPkceRequired>true</isPkceRequired>
             <scopes>Api</scopes> <!-- data -->
    +        <scopes>RefreshToken</scopes>
         </oauthConfig>
         <oauthPolicy>
             <ipRelaxation>ENFORCE</ipRelaxation>

    Would be fixed
      high: refresh-token-scope-missing: ERP
        A scope more refuses no request that is answered now; tokens that are out keep the scopes they
        have.
    ");
    assert_eq!(text(&project, FILE), ERP);
    assert!(run.err.contains("No metadata was changed"), "{}", run.err);
}

#[test]
fn written_it_is_gone_and_a_second_run_changes_nothing() {
    let project = project(ERP);
    assert!(found(&project).iter().any(|rule| rule == "refresh-token-scope-missing"));
    let run = fix(&project, &[RULE, &["--write"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let after = ERP.replace("<!-- data -->\n", "<!-- data -->\n        <scopes>RefreshToken</scopes>\n");
    assert_eq!(text(&project, FILE), after);
    assert!(!found(&project).iter().any(|rule| rule == "refresh-token-scope-missing"));
    assert_eq!(fix(&project, &[RULE, &["--write"]].concat()).code, 0);
    assert_eq!(text(&project, FILE), after);
}

#[test]
fn the_patch_is_one_that_git_applies() {
    let project = project(&ERP.replace('\n', "\r\n"));
    fix(&project, &[RULE, &["--diff-file", "it.patch"]].concat());
    let applied = std::process::Command::new("git").args(["apply", "it.patch"]).current_dir(project.path("")).output().unwrap();
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let by_git = text(&project, FILE);
    project.write(FILE, ERP.replace('\n', "\r\n"));
    fix(&project, &[RULE, &["--write"]].concat());
    assert_eq!(text(&project, FILE), by_git);
}

#[test]
fn no_secret_is_shown_or_put_into_a_patch() {
    let secret = "<consumerSecret>NOT-A-REAL-SECRET-1</consumerSecret>";
    let project = project(&ERP.replace("        <isPkceRequired>", &format!("        {secret}\n        <isPkceRequired>")));
    let run = fix(&project, &["--rule", "consumer-secret-in-source", "--diff-file", "it.patch"]);
    let patch = text(&project, "it.patch");
    for text in [&run.out, &run.err, &patch] {
        assert!(!text.contains("NOT-A-REAL"), "{text}");
    }
    assert!(run.out.contains("-        <consumerSecret>‹not shown›</consumerSecret>"), "{}", run.out);
    assert!(run.err.contains("is not in the patch"), "{}", run.err);
    assert_eq!(fix(&project, &["--rule", "consumer-secret-in-source", "--write"]).code, 0);
    assert_eq!(text(&project, FILE), ERP);
}

#[test]
fn a_private_key_in_the_place_of_a_certificate_is_not_shown() {
    let key = "<certificate>-----BEGIN RSA PRIVATE KEY-----\nNOT-A-REAL-KEY\n-----END RSA PRIVATE KEY-----</certificate>";
    let beside = [
        "        <!-- <scopes>RefreshToken</scopes> -->\n",
        "        <isAdminApproved>true</isAdminApproved>\n",
        "        <isPkceRequired>true</isPkceRequired>\n",
    ];
    let app = beside.iter().fold(ERP.replace("<certificate>MII</certificate>", key), |app, line| app.replace(line, ""));
    let project = project(&app);
    let run = fix(&project, &[RULE, &["--diff-file", "it.patch"]].concat());
    assert!(run.out.contains("+        <scopes>RefreshToken"), "{}", run.out);
    assert!(run.out.contains("<certificate>‹not shown›"), "{}", run.out);
    for text in [&run.out, &run.err, &text(&project, "it.patch")] {
        assert!(!text.contains("NOT-A-REAL"), "{text}");
    }
}

#[test]
fn a_safe_fix_leaves_a_blocked_app_blocked() {
    let session = "    <sessionPolicy>\n        <policyAction>Block</policyAction>\n        <sessionLevel>HIGH_ASSURANCE</sessionLevel>\n    </sessionPolicy>\n";
    let project = project(&ERP.replace("</ConnectedApp>", &format!("{session}</ConnectedApp>")));
    let run = fix(&project, &["--rule", "high-assurance-on-headless-app", "--write"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let after = text(&project, FILE);
    assert!(after.contains("<policyAction>Block</policyAction>") && !after.contains("HIGH_ASSURANCE"), "{after}");
}

#[test]
fn foreign_text_does_nothing_to_a_terminal() {
    let project = project(&ERP.replace("<scopes>Api</scopes> <!-- data -->", "<scopes>Api</scopes> <!-- \u{202e}\u{9b}31m -->"));
    let run = fix(&project, &[RULE, &["--color", "never"]].concat());
    assert!(!run.out.contains(['\u{202e}', '\u{9b}']), "{}", run.out);
    assert!(run.out.contains("\\u{202e}"), "{}", run.out);
}

/// What becomes of `any-user-may-self-authorize` under a contract.
fn self_authorize(contract: &str, args: &[&str]) -> (Project, Run) {
    let app = ERP
        .replace("<isAdminApproved>true", "<isAdminApproved>false")
        .replace("    <permissionSetName>ERP_Integration</permissionSetName>\n", "");
    let project = project(&app);
    project.write("orgwarden.yaml", format!("contracts:\n  - app: ERP\n{contract}"));
    let run = fix(&project, &[&["--rule", "any-user-may-self-authorize"], args].concat());
    (project, run)
}

#[test]
fn what_can_break_something_waits_and_what_takes_a_decision_says_so() {
    let named = "    permission-sets: { at-least: [ERP_Integration] }\n";
    let (_, run) = self_authorize("    owner: erp@acme.example\n", &["--unsafe"]);
    assert!(run.out.contains("it would bring admin-approved-with-nobody-assigned"), "{}\n{}", run.out, run.err);
    assert!(run.out.contains("which permission set is for the app?"), "{}", run.out);
    assert_eq!(run.code, 0, "nothing is left that could be fixed");
    let (_, run) = self_authorize(named, &["--write"]);
    assert!(run.out.contains("Held back"), "{}\n{}", run.out, run.err);
    assert_eq!(run.code, 1);
    let (project, run) = self_authorize(named, &["--unsafe", "--write"]);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    let after = text(&project, FILE);
    assert!(after.contains("<isAdminApproved>true</isAdminApproved>"), "{after}");
    assert!(after.contains("    <permissionSetName>ERP_Integration</permissionSetName>\n"), "{after}");
}

#[test]
fn what_cannot_be_edited_says_why() {
    let zipped = |args: &[&str]| {
        let project = project(ERP);
        let zip = fs::File::create(project.path("it.zip")).unwrap();
        let mut zip = zip::ZipWriter::new(zip);
        zip.start_file("connectedApps/ERP.connectedApp", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, ERP.as_bytes()).unwrap();
        zip.finish().unwrap();
        fix(&project, args)
    };
    let run = zipped(&["it.zip", "--rule", "refresh-token-scope-missing", "--write"]);
    assert!(run.out.contains("it is in a zip"), "{}\n{}", run.out, run.err);
    let of_vendor = project(ERP)
        .file("force-app/main/default/connectedApps/ns__Tool.connectedApp-meta.xml", ERP.replace("<label>ERP", "<label>Tool"));
    let run = fix(&of_vendor, RULE);
    assert!(run.out.contains("its vendor decides about this"), "{}", run.out);
    let project = project(&ERP.replace("<scopes>Api</scopes> <!-- data -->", "<scopes>Api</scopes>"));
    let run = fix(&project, &["--snapshot", "none.gz"]);
    assert_eq!(run.code, 2);
    let err = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(err.contains("there is nothing to change"), "{err}");
    assert_eq!(fix(&project, &["--package", "out"]).code, 2);
    assert_eq!(fix(&project, &["--rule", "refresh-token-scope-mising"]).code, 2);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_only_within_what_was_asked() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let outside = Project::new().file("ERP.connectedApp-meta.xml", ERP);
    let project = project(ERP);
    fs::remove_file(project.path(FILE)).unwrap();
    symlink(outside.path("ERP.connectedApp-meta.xml"), project.path(FILE)).unwrap();
    let run = fix(&project, &[RULE, &["--write"]].concat());
    if run.out.contains("RefreshToken") {
        assert_eq!(run.code, 3, "{}", run.err);
        assert!(run.err.contains("is a link to"), "{}", run.err);
    }
    assert_eq!(text(&outside, "ERP.connectedApp-meta.xml"), ERP);

    fs::remove_file(project.path(FILE)).unwrap();
    project.write("force-app/shared/real.xml.txt", ERP);
    fs::set_permissions(project.path("force-app/shared/real.xml.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(project.path("force-app/shared/real.xml.txt"), project.path(FILE)).unwrap();
    let run = fix(&project, &[RULE, &["--write"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(fs::symlink_metadata(project.path(FILE)).unwrap().is_symlink());
    let real = project.path("force-app/shared/real.xml.txt");
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read_to_string(real).unwrap().contains("RefreshToken</scopes>\n"));
}

#[test]
fn a_file_that_was_changed_meanwhile_is_left() {
    use orgwarden::fix::write::{WriteError, replace};
    let project = Project::new().file("a/b.xml", "new");
    let asked = [project.path("a")];
    assert!(matches!(replace(&project.path("a/b.xml"), &asked, "old", "mine"), Err(WriteError::Changed(_))));
    assert_eq!(text(&project, "a/b.xml"), "new");
    assert_eq!(fs::read_dir(project.path("a")).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn a_file_is_made_only_within_what_was_asked() {
    use orgwarden::fix::write::{WriteError, create};
    let project = Project::new().file("a/b.xml", "old");
    let made = create(&project.path("c/d.xml"), &[project.path("a")], "new");
    assert!(matches!(made, Err(WriteError::MadeElsewhere { .. })), "{made:?}");
    assert!(!project.path("c").exists());
}

/// An External Client App without policies.
fn external(header: &str, settings: &str) -> Project {
    let part = |ty: &str, body: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{ty} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n{body}</{ty}>\n"
        )
    };
    Project::new()
        .file(header, part("ExternalClientApplication", "    <contactEmail>hub@acme.example</contactEmail>\n    <label>Hub</label>\n"))
        .file(
            settings,
            part(
                "ExtlClntAppOauthSettings",
                "    <commaSeparatedOauthScopes>Api, Web</commaSeparatedOauthScopes>\n    <externalClientApplication>Hub</externalClientApplication>\n",
            ),
        )
        .file("orgwarden.yaml", "contracts:\n  - app: Hub\n    permission-sets: { at-least: [Hub_Users] }\n    scopes: { require: [api, refresh_token] }\n")
}

#[test]
fn missing_policies_are_made_beside_the_header_in_its_format() {
    for (header, settings, made) in [
        (
            "x/externalClientApps/Hub.eca-meta.xml",
            "x/extlClntAppOauthSettings/Hub.ecaOauth-meta.xml",
            "x/extlClntAppOauthPolicies/Hub_oauthPlcy.ecaOauthPlcy-meta.xml",
        ),
        (
            "externalClientApps/Hub.eca",
            "extlClntAppOauthSettings/Hub.ecaOauth",
            "extlClntAppOauthPolicies/Hub_oauthPlcy.ecaOauthPlcy",
        ),
    ] {
        let project = external(header, settings);
        let args = ["--rule", "external-client-app-policy-missing", "--rule", "contract-scope-missing", "--unsafe", "--write"];
        let run = fix(&project, &args);
        assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
        assert_eq!(
            text(&project, made),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<ExtlClntAppOauthConfigurablePolicies xmlns=\"http://soap.sforce.com/2006/04/metadata\">
    <commaSeparatedPermissionSet>Hub_Users</commaSeparatedPermissionSet>
    <externalClientApplication>Hub</externalClientApplication>
    <label>Hub_oauthPlcy</label>
    <permittedUsersPolicyType>AdminApprovedPreAuthorized</permittedUsersPolicyType>
</ExtlClntAppOauthConfigurablePolicies>
"
        );
        assert!(text(&project, settings).contains(">Api, Web, RefreshToken<"), "{}", text(&project, settings));
        assert!(!found(&project).iter().any(|rule| rule == "external-client-app-policy-missing"));
    }
}

/// What a connected app can be like, in all layouts.
fn app() -> impl Strategy<Value = String> {
    let scopes = prop::sample::subsequence(vec!["Api", "Full", "Web", "RefreshToken", "OfflineAccess", "Chatter"], 0..4);
    let switches = prop::sample::subsequence(
        vec![
            ("isAdminApproved", "true"),
            ("isClientCredentialEnabled", "true"),
            ("isConsumerSecretOptional", "true"),
            ("isIntrospectAllTokens", "true"),
            ("isPkceRequired", "false"),
            ("isSecretRequiredForRefreshToken", "false"),
        ],
        0..6,
    );
    let policy = prop::option::of((
        prop::sample::select(vec!["ENFORCE", "BYPASS", "ENFORCE_RELAXREFRESH"]),
        prop::sample::select(vec!["infinite", "zero", "specific_lifetime:400:DAYS"]),
    ));
    let outer = (any::<bool>(), any::<bool>(), prop::option::of(Just("480")), any::<bool>());
    let layout = (any::<bool>(), any::<bool>(), prop::sample::select(vec!["    ", "\t", "  "]), any::<bool>());
    (scopes, switches, policy, outer, layout).prop_map(|(scopes, switches, policy, outer, (crlf, mark, step, one_line))| {
        let (set, administrators, timeout, certificate) = outer;
        let mut oauth = vec!["<callbackUrl>https://erp.acme.example/callback</callbackUrl>".to_owned()];
        oauth.extend(certificate.then(|| "<certificate>MII</certificate>".to_owned()));
        oauth.push("<!-- <scopes>Api</scopes> <isPkceRequired>true</isPkceRequired> -->".to_owned());
        oauth.extend(switches.iter().map(|(name, on)| format!("<{name}>{on}</{name}>")));
        oauth.extend(scopes.iter().map(|scope| format!("<scopes>{scope}</scopes>")));
        let inner: String = oauth.iter().map(|line| format!("{step}{step}{line}\n")).collect();
        let mut text = format!(
            "<ConnectedApp>\n{step}<contactEmail>a@acme.example</contactEmail>\n{step}<label>ERP</label>\n{step}<oauthConfig>\n{inner}{step}</oauthConfig>\n"
        );
        if let Some((ip, refresh)) = policy {
            text += &format!("{step}<oauthPolicy>\n{step}{step}<ipRelaxation>{ip}</ipRelaxation>\n{step}{step}<refreshTokenPolicy>{refresh}</refreshTokenPolicy>\n{step}</oauthPolicy>\n");
        }
        text += &if set { format!("{step}<permissionSetName>ERP</permissionSetName>\n") } else { String::new() };
        text += &if administrators { format!("{step}<profileName>System Administrator</profileName>\n") } else { String::new() };
        text += &timeout.map(|it| format!("{step}<sessionPolicy>\n{step}{step}<sessionTimeout>{it}</sessionTimeout>\n{step}</sessionPolicy>\n")).unwrap_or_default();
        text += "</ConnectedApp>\n";
        if one_line {
            text = text.replace('\n', "").replace(step, "");
        }
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        if mark { format!("\u{feff}{text}") } else { text }
    })
}

fn files(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_fixed_is_gone_and_stays_so(text in app(), with_unsafe: bool, sfdx: bool) {
        let path = if sfdx { FILE } else { "connectedApps/ERP.connectedApp" };
        let project = Project::new().file(path, &text);
        let mut args = vec!["--preset", "strict", "--write"];
        args.extend(with_unsafe.then_some("--unsafe"));
        let warnings = |project: &Project| project.run(&["audit", "--preset", "strict"]).err.matches("warning").count();
        let (told, before) = (warnings(&project), found(&project));
        let run = fix(&project, &args);
        prop_assert!(run.code < 2, "{}\n{text}", run.err);
        let after = found(&project);
        let listed = |heading: &str| -> Vec<String> {
            let section = run.out.split_once(heading).map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
            section.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).map(|line| line.split(": ").nth(1).unwrap().to_owned()).collect()
        };
        for rule in [listed("Fixed\n"), listed("Fixed, and can break what works\n")].concat() {
            prop_assert!(!after.contains(&rule), "{rule} is still there\n{text}\n{}", run.out);
        }
        for rule in before.iter().filter(|rule| !after.contains(rule)) {
            prop_assert!(run.out.contains(rule.as_str()), "{rule} is gone, untold\n{}", run.out);
        }
        prop_assert_eq!(told, warnings(&project));
        let (mut once, mut twice) = (BTreeMap::new(), BTreeMap::new());
        files(&project.path(""), &mut once);
        fix(&project, &args);
        files(&project.path(""), &mut twice);
        prop_assert_eq!(&once, &twice);
        let now = String::from_utf8(once.into_values().next().unwrap()).unwrap();
        prop_assert!(now.contains("<!-- <scopes>Api</scopes> <isPkceRequired>true</isPkceRequired> -->"), "{now}");
        prop_assert_eq!(now.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
        prop_assert!(roxmltree::Document::parse(now.trim_start_matches('\u{feff}')).is_ok(), "{now}");
    }
}
