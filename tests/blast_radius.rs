//! How much of an org an app opens: the model as its page has it, and what users see of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::fs;
use std::path::Path;

use orgwarden::access::POWERFUL;
use orgwarden::access::blast_radius::{Opens, Power, level, opens, power_of};
use orgwarden::inventory::blast_radius::BlastLevel;
use orgwarden::inventory::oauth::{KNOWN_SCOPES, KnownScope};
use support::{Project, Run, column, component, connected_app, oauth};

/// The rows of the table of the page that has this header.
fn table(header: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/blast-radius.md")).unwrap();
    let (_, rest) = page.split_once(&format!("| {header} |\n")).unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rest.lines().skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn opens_of(word: &str) -> Opens {
    match word {
        "nothing" => Opens::Nothing,
        "identity" => Opens::Identity,
        "service" => Opens::Service,
        "api" => Opens::Api,
        "everything" => Opens::Everything,
        other => panic!("{other}"),
    }
}

/// The names in code of a cell.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_table_of_the_page_is_the_model() {
    let powers = [Power::Nobody, Power::Ordinary, Power::AllData, Power::Org];
    let rows = table("scopes, users | nobody | ordinary | all data | org");
    assert_eq!(rows.len(), 5);
    for row in rows {
        for (power, cell) in powers.into_iter().zip(&row[1..]) {
            assert_eq!(level(opens_of(&row[0]), power).as_str(), cell, "{} and {power:?}", row[0]);
        }
    }
    let levels: Vec<String> = table("level | open is").into_iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(levels, BlastLevel::WORDS);
}

#[test]
fn the_scopes_of_the_page_open_what_it_says() {
    let rows = table("opens | scopes");
    let mut named = Vec::new();
    for row in &rows {
        for scope in names(&row[1]) {
            assert_eq!(opens(scope), Some(opens_of(&row[0])), "{scope}");
            named.push(scope);
        }
    }
    for scope in KNOWN_SCOPES.iter().map(KnownScope::name).filter(|scope| !named.contains(scope)) {
        assert_eq!(opens(scope), Some(Opens::Service), "{scope}");
    }
    assert_eq!(opens("quantum_api"), None);
}

#[test]
fn the_permissions_of_the_page_have_the_power_it_says() {
    let rows = table("power | permissions");
    let mut named: Vec<&str> = Vec::new();
    for (row, power) in rows.iter().zip([Power::AllData, Power::Org]) {
        named.extend(names(&row[1]));
        assert!(names(&row[1]).iter().all(|name| power_of(name) == power), "{row:?}");
    }
    named.sort_unstable();
    assert_eq!(named, POWERFUL);
    assert_eq!(power_of("ApiEnabled"), Power::Ordinary);
}

/// What the facts of a connected app with these elements say: the level or `-`, and what is certain.
fn of_app(scopes: &[&str], more: &str, assigned: &str) -> (String, String) {
    let scopes = scopes.iter().map(|scope| format!("<scopes>{scope}</scopes>")).collect::<Vec<_>>().concat();
    let project =
        Project::new().file("App.connectedApp", connected_app(&format!("{}{assigned}", oauth(&format!("{more}{scopes}")))));
    let facts = project.facts("App");
    let word = |fact: &str| facts[fact]["value"].as_str().unwrap_or("-").to_owned();
    (word("app.blast_radius.level"), word("app.blast_radius.least"))
}

#[test]
fn files_tell_what_is_certain_and_never_less() {
    const APPROVED: &str = "<isAdminApproved>true</isAdminApproved>";
    const RUNS_AS: &str = "<isAdminApproved>true</isAdminApproved><isClientCredentialEnabled>true</isClientCredentialEnabled>\
                           <oauthClientCredentialUser>erp@acme.example.com</oauthClientCredentialUser>";
    const ADMIN: &str = "<profileName>Systemadministrator</profileName>";
    const SET: &str = "<permissionSetName>ERP</permissionSetName>";
    for (scopes, more, assigned, level, least) in [
        // Anybody, and so administrators.
        (&["Api"][..], "", "", "org", "org"),
        (&["Basic", "RefreshToken"], "", "", "identity", "identity"),
        (&["Chatter"], "", "", "partial", "partial"),
        (&[], "", "", "none", "none"),
        // Those who are assigned.
        (&["Full"], APPROVED, ADMIN, "org", "org"),
        (&["Api"], APPROVED, SET, "-", "partial"),
        (&["Wave"], APPROVED, SET, "partial", "partial"),
        (&["OpenID"], APPROVED, SET, "identity", "identity"),
        (&["Full"], APPROVED, "", "none", "none"),
        // The user it runs as.
        (&["Api"], RUNS_AS, "", "-", "partial"),
        (&["Api"], RUNS_AS, ADMIN, "org", "org"),
        // A scope nobody knows may open everything.
        (&["Basic", "QuantumApi"], "", "", "-", "identity"),
        (&["Api", "QuantumApi"], "", "", "org", "org"),
    ] {
        assert_eq!(of_app(scopes, more, assigned), (level.to_owned(), least.to_owned()), "{scopes:?} {more} {assigned}");
    }
}

#[test]
fn what_an_assigned_permission_set_grants_in_its_file_counts() {
    let app = oauth("<isAdminApproved>true</isAdminApproved><scopes>Api</scopes>");
    let app = connected_app(&format!("{app}<permissionSetName>ERP</permissionSetName>"));
    for permission in POWERFUL {
        let grant =
            |enabled: &str| format!("<userPermissions><enabled>{enabled}</enabled><name>{permission}</name></userPermissions>");
        for (enabled, least) in [("true", power_of(permission)), ("false", Power::Ordinary)] {
            let project = Project::new()
                .file("App.connectedApp", &app)
                .file("ERP.permissionset", component("PermissionSet", &grant(enabled)))
                .file("Other.permissionset", component("PermissionSet", &grant("true")));
            let told = project.inventory(&[]).0["apps"][0].clone();
            assert_eq!(told["blast_radius_least"], level(Opens::Api, least).as_str(), "{permission} {enabled}");
        }
    }
}

/// Three apps: `A` opens little and is badly off, `B` may open a lot, `C` opens the org.
fn project() -> Project {
    let approved = "<isAdminApproved>true</isAdminApproved>";
    let app = |more: &str, assigned: &str| connected_app(&format!("{}{assigned}", oauth(more)));
    Project::new()
        .file("A.connectedApp", app("<consumerSecret>0123456789ABCDEF0123456789</consumerSecret><scopes>Basic</scopes>", ""))
        .file("B.connectedApp", app(&format!("{approved}<scopes>Api</scopes>"), "<permissionSetName>P</permissionSetName>"))
        .file("C.connectedApp", app("<scopes>Api</scopes>", ""))
}

#[test]
fn reports_can_begin_with_what_opens_most_or_is_worst() {
    let project = project();
    let audit = |format: &str, sort: &str| project.run(&["audit", "--format", format, "--sort", sort]);
    let order = |sort: &str| {
        let report = audit("json", sort).json();
        let mut names: Vec<String> =
            report["findings"].as_array().unwrap().iter().map(|it| it["subject"]["name"].as_str().unwrap().to_owned()).collect();
        names.dedup();
        names
    };
    assert_eq!(order("app"), ["A", "B", "C"]);
    assert_eq!(order("blast-radius"), ["C", "B", "A"]);
    let severities = audit("json", "severity").json();
    let rank = |word: &str| ["critical", "high", "medium", "low", "info"].iter().position(|known| *known == word).unwrap();
    let ranks: Vec<usize> = column(&severities["findings"], "severity").into_iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    let pretty = audit("pretty", "blast-radius").out;
    let heading = |name: &str| pretty.find(&format!("connected app Portal ({name})")).unwrap();
    assert!(heading("C") < heading("B") && heading("B") < heading("A"), "{pretty}");
    // Whatever the order, the same is said.
    let sorted = |sort: &str| {
        let mut lines: Vec<String> = audit("table", sort).out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted("app"), sorted("severity"));
}

#[test]
fn every_format_tells_it() {
    let project = project();
    let report = project.run(&["audit", "--format", "json"]).json();
    let told: Vec<(&str, &str)> = report["blast_radius"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["level"].as_str().unwrap_or("-"), it["least"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("identity", "identity"), ("-", "partial"), ("org", "org")]);
    assert!(report["blast_radius"][1]["unknown"].as_str().unwrap().contains("known to a live org only"));
    let pretty = project.run(&["audit"]).out;
    assert!(
        pretty.contains("\nblast radius: at least partial: the scope `api` opens whatever the user may do through APIs;"),
        "{pretty}"
    );
    let table = project.run(&["audit", "--format", "table"]).out;
    assert!(table.contains(" App, blast ") && table.contains(" B, partial+ "), "{table}");
    let wide = Run::of(project.command(&["audit", "--format", "table"]).env("COLUMNS", "160").output().unwrap()).out;
    assert!(wide.contains(" Blast radius ") && wide.contains(" partial+ "), "{wide}");
    let (inventory, _) = project.inventory(&["--sort", "blast-radius"]);
    assert_eq!(column(&inventory["apps"], "name"), ["C", "B", "A"]);
    assert_eq!(column(&inventory["apps"], "blast_radius_least"), ["org", "partial", "identity"]);
    let csv = project.run(&["inventory", "--format", "csv"]).out;
    assert!(csv.lines().next().unwrap().contains(",blast_radius,blast_radius_least,"), "{csv}");
}

#[test]
fn an_external_client_app_without_its_policies_is_not_known_to_open_less() {
    let project = Project::new()
        .file("Feed.eca-meta.xml", component("ExternalClientApplication", "<contactEmail>a@example.com</contactEmail><label>Feed</label>"))
        .file(
            "Feed_oauth.ecaOauth-meta.xml",
            component(
                "ExtlClntAppOauthSettings",
                "<commaSeparatedOauthScopes>Api</commaSeparatedOauthScopes><externalClientApplication>Feed</externalClientApplication>\
                 <label>Feed</label>",
            ),
        );
    let facts = project.facts("Feed");
    assert_eq!(facts["app.blast_radius.least"]["value"], "none");
    assert!(facts["app.blast_radius.level"]["unknown"].is_string(), "{}", facts["app.blast_radius.level"]);
}
