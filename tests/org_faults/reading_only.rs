//! Proof that nothing is ever changed: everything that the org received from every command.

use std::fs::File;
use std::io::read_to_string;

use flate2::read::GzDecoder;
use roxmltree::Document;
use serde_json::Value;

use crate::fake_org::record::Received;
use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault, Running};
use crate::live::assert_no_secret;
use crate::support::{Project, Run};

/// The operations of the Metadata API that read.
const READING: [&str; 5] = ["describeMetadata", "listMetadata", "readMetadata", "retrieve", "checkRetrieveStatus"];

#[test]
fn no_command_sends_what_could_change_an_org() {
    // As it is; with a retrieve job; without composite requests and with every kind of second attempt.
    let mut many = acme();
    for number in 0..90 {
        many.component(
            "ConnectedApp",
            &format!("Kiosk_{number}"),
            "",
            "<contactEmail>kiosk@acme.internal</contactEmail><label>Kiosk</label>",
        );
    }
    let mut troubled = acme();
    troubled.page_size = 4;
    troubled.fault(Fault::error(404, "NOT_FOUND", "no such resource").on("/composite"));
    troubled.fault(Fault::error(503, "SERVER_UNAVAILABLE", "later").on("/tooling/query").first(1));
    let audit: &[&str] = &["audit", "--usage", "--fail-on", "never"];
    let all: [&[&str]; 5] =
        [audit, &["inventory"], &["facts", "ERP_Sync"], &["snapshot", "--usage", "--output-file", "acme.snapshot.gz"], &["doctor"]];
    for (org, commands) in [(acme(), &all[..]), (many, &[audit]), (troubled, &[audit])] {
        let received = everything(&org.start(), commands);
        assert!(received.iter().any(|request| request.path == "/services/oauth2/token"));
        for request in &received {
            assert_reads(request);
        }
    }
}

/// What an org receives from these commands, by a token and by logging in.
fn everything(org: &Running, commands: &[&[&str]]) -> Vec<Received> {
    let project = Project::new();
    let ways: [&[&str]; 2] = [&["--org-from-env"], &["--client-id", "FakeConsumerKey0001", "--login-url", &org.url()]];
    for arguments in ways.iter().flat_map(|way| commands.iter().map(|command| [command, *way, &["--verbose"]].concat())) {
        let mut program = project.command(&arguments);
        program.envs(org.environment()).env("ORGWARDEN_CLIENT_SECRET", "FAKE-CLIENT-SECRET-DO-NOT-LEAK");
        let run = Run::of(program.output().unwrap());
        assert!(run.code == 0 || run.code == 3, "{arguments:?}: {} {}", run.code, run.err);
        for text in [&run.out, &run.err] {
            assert_no_secret(text, &org.token());
        }
    }
    if let Ok(saved) = File::open(project.path("acme.snapshot.gz")) {
        assert_no_secret(&read_to_string(GzDecoder::new(saved)).unwrap(), &org.token());
    }
    let record = org.record();
    assert_eq!((record.writes, record.malformed, record.secrets), (vec![], vec![], vec![]));
    record.received
}

fn assert_reads(request: &Received) {
    let Received { method, path, body, .. } = request;
    let reads = match method.as_str() {
        "GET" => path == "/services/data" || path.starts_with("/services/data/v") || path == "/services/oauth2/userinfo",
        "POST" if path == "/services/oauth2/token" => true,
        "POST" if path.ends_with("/composite") => {
            let body: Value = serde_json::from_str(body).unwrap();
            let parts = body["compositeRequest"].as_array().unwrap();
            let is_get = |part: &Value| part["method"] == "GET" && part["url"].as_str().unwrap().starts_with("/services/data/v");
            !parts.is_empty() && parts.iter().all(|part| is_get(part) && part.get("body").is_none())
        }
        "POST" if path.starts_with("/services/Soap/m/") => {
            let document = Document::parse(body).unwrap();
            let operation =
                document.descendants().find(|node| node.tag_name().name() == "Body").unwrap().first_element_child().unwrap();
            READING.contains(&operation.tag_name().name())
        }
        _ => false,
    };
    assert!(reads, "{request:#?}");
}

#[test]
fn a_plan_asks_nobody() {
    let org = FakeOrg::new().start();
    let run = Run::of(Project::new().command(&["audit", "--org-from-env", "--plan"]).envs(org.environment()).output().unwrap());
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(org.received().is_empty());
}
