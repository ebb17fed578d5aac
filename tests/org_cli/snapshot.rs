//! A snapshot says what the org said, and nothing that is secret.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::fake_org::FakeOrg;
use super::fake_org::seed::acme;
use super::{Acme, assert_no_secret};

const ORG: &str = "--org-from-env";

pub(super) fn unfolded(acme: &Acme, file: &str) -> Value {
    let mut text = String::new();
    GzDecoder::new(File::open(acme.folder.path(file)).unwrap()).read_to_string(&mut text).unwrap();
    assert_no_secret(&text);
    serde_json::from_str(&text).unwrap()
}

pub(super) fn fold(acme: &Acme, file: &str, document: &Value) {
    let mut packed = GzEncoder::new(File::create(acme.folder.path(file)).unwrap(), Compression::fast());
    packed.write_all(document.to_string().as_bytes()).unwrap();
    packed.finish().unwrap();
}

/// Everything can be read; something cannot.
fn orgs() -> [FakeOrg; 2] {
    let mut short_sighted = acme();
    short_sighted.take_permission("CustomizeApplication");
    short_sighted.refuse("PermissionSetAssignment", 403, "INSUFFICIENT_ACCESS", "no access");
    [acme(), short_sighted]
}

#[test]
fn the_audit_of_a_snapshot_is_the_audit_of_the_org() {
    for org in orgs() {
        let acme = Acme::of(org);
        let taken = acme.run(&["snapshot", ORG, "-O", "a.gz"]);
        assert_eq!(taken.code, if taken.err.contains("error: ") { 3 } else { 0 }, "{}", taken.err);
        for args in [
            &["audit", "--format", "json"][..],
            &["audit", "--fail-on", "never"],
            &["inventory", "--format", "csv"],
            &["facts", "ERP_Sync"],
        ] {
            let live = acme.run(&[args, &[ORG]].concat());
            let saved = acme.run(&[args, &["--snapshot", "a.gz"]].concat());
            assert_eq!(live.out, saved.out, "{args:?}");
            assert_eq!(live.code, saved.code, "{args:?}");
            assert_eq!(live.diagnostics(), saved.diagnostics(), "{args:?}");
        }
    }
}

#[test]
fn a_snapshot_is_for_its_owner_alone_and_holds_no_secret() {
    let acme = Acme::new();
    acme.folder.write("a.gz", "older");
    acme.run(&["snapshot", ORG, "-O", "a.gz"]);
    assert_eq!(fs::metadata(acme.folder.path("a.gz")).unwrap().permissions().mode() & 0o777, 0o600);
    let document = unfolded(&acme, "a.gz");
    assert_eq!(document["schema"], "orgwarden/snapshot-v1");
    assert!(document["taken"].as_str().unwrap().ends_with('Z'));
    assert!(document["gaps"].is_array() && document["inventory"]["apps"].as_array().unwrap().len() > 10);
    // The environment of the run is no part of it either.
    assert!(!document.to_string().contains(&acme.org.token()));
}

#[test]
fn users_who_are_named_are_saved() {
    let acme = Acme::new();
    let taken = acme.run(&["snapshot", ORG, "-O", "a.gz", "--user", "Tilda@acme.example.com", "--user", "nobody@acme.example.com"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let org = &unfolded(&acme, "a.gz")["inventory"]["sources"][0]["org"];
    for name in ["nobody@acme.example.com", "tilda@acme.example.com"] {
        assert!(org["users_looked_up"].as_array().unwrap().contains(&json!(name)), "{name}");
    }
    let users = org["users"].as_object().unwrap();
    let (id, _) = users.iter().find(|(_, user)| user["username"] == "tilda@acme.example.com").unwrap();
    assert!(org["users_with_all_assignments"].as_array().unwrap().contains(&json!(id)));
}

#[test]
fn a_file_that_cannot_be_written_is_a_mistake_and_leaves_nothing_behind() {
    let acme = Acme::new();
    acme.folder.write("folder/file", "");
    for file in ["no/such/folder/a.gz", "folder", ".."] {
        let run = acme.run(&["snapshot", ORG, "-O", file]);
        assert_eq!(run.code, 2, "{file}: {}", run.err);
        assert!(run.err.contains("cannot be written"), "{file}: {}", run.err);
    }
    let left: Vec<_> = fs::read_dir(acme.folder.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["folder"]);
}

#[test]
fn what_is_no_snapshot_is_refused_with_a_reason() {
    let acme = Acme::new();
    acme.run(&["snapshot", ORG, "-O", "a.gz"]);
    let whole = fs::read(acme.folder.path("a.gz")).unwrap();
    let mut flipped = whole.clone();
    let end = flipped.len() - 6;
    flipped[end] ^= 0x40;
    acme.folder.write("cut.gz", &whole[..whole.len() / 2]);
    acme.folder.write("flipped.gz", flipped);
    acme.folder.write("plain.json", "{\"schema\":\"orgwarden/snapshot-v1\"}");
    acme.folder.write("empty.gz", "");
    let mut document = unfolded(&acme, "a.gz");
    document["inventory"]["apps"][0]["kind"] = json!("FAKE-KIND");
    fold(&acme, "odd.gz", &document);
    document["schema"] = json!("orgwarden/snapshot-v9");
    document["orgwarden"] = json!("9.0.0\u{1b}[2J");
    fold(&acme, "newer.gz", &document);
    for (file, said) in [
        ("none.gz", "cannot be read"),
        ("cut.gz", "is no snapshot of orgwarden, or it is damaged"),
        ("flipped.gz", "is no snapshot of orgwarden, or it is damaged"),
        ("plain.json", "is no snapshot of orgwarden, or it is damaged"),
        ("empty.gz", "is no snapshot of orgwarden, or it is damaged"),
        ("odd.gz", "is not as expected"),
        ("newer.gz", "written by orgwarden 9.0.0"),
    ] {
        let run = acme.run(&["audit", "--snapshot", file]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{file}: {}", run.err);
        assert!(run.err.contains(said), "{file} should say {said:?}: {}", run.err);
        assert!(!run.err.contains('\u{1b}'), "{file}: {}", run.err);
        assert_no_secret(&run.err);
    }
}
