//! Zipped packages, hostile ones above all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::io::{Cursor, Write as _};

use orgwarden::collect::tree::package::{Entry, Limits, PackageError, Problem, read};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A package of these files.
fn package(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What is wanted in these tests.
fn xml(name: &str) -> bool {
    name.rsplit('.').next() == Some("xml")
}

/// Names of what was read, and `name: reason` of what was not.
fn outcome(bytes: &[u8], limits: &Limits) -> (Vec<String>, Vec<String>) {
    let (entries, problems) = read(Cursor::new(bytes), limits, xml).unwrap();
    let problems = problems.into_iter().map(|Problem { name, reason }| format!("{name}: {reason}")).collect();
    (entries.into_iter().map(|entry| entry.name).collect(), problems)
}

/// `bytes` with every `from` replaced by `to`, of the same length: what no well-behaved writer would write.
fn patched(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// The two headers of the file named `victim.xml`, with the bytes at these offsets set (APPNOTE.TXT 4.3.7 and 4.3.12).
fn with_headers(bytes: &[u8], local: usize, central: usize, value: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let names: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"victim.xml")).collect();
    let [in_local, in_central] = names[..] else { panic!("one local and one central header") };
    bytes[in_local - 30 + local] = value;
    bytes[in_central - 46 + central] = value;
    bytes
}

#[test]
fn wanted_files_are_read_in_the_order_of_the_package() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("unpackaged/", SimpleFileOptions::default()).unwrap();
    writer.start_file("unpackaged/package.xml", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"<Package/>").unwrap();
    writer.start_file("unpackaged/notes.txt", SimpleFileOptions::default()).unwrap();
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("unpackaged/profiles/Käufer.xml", stored).unwrap();
    writer.write_all(b"<Profile/>").unwrap();
    let bytes = writer.finish().unwrap().into_inner();

    let (entries, problems) = read(Cursor::new(bytes), &Limits::default(), xml).unwrap();
    let entry = |name: &str, bytes: &[u8]| Entry { name: name.into(), bytes: bytes.into() };
    assert_eq!(entries, [entry("unpackaged/package.xml", b"<Package/>"), entry("unpackaged/profiles/Käufer.xml", b"<Profile/>")]);
    assert_eq!(problems, []);
}

#[test]
fn paths_that_leave_the_package_are_problems_and_the_rest_is_read() {
    let cases: &[(&str, &str)] = &[
        ("../up.xml", "../up.xml: its path leads out of the package"),
        ("a/../../up.xml", "a/../../up.xml: its path leads out of the package"),
        ("a/../unwanted.txt", "a/../unwanted.txt: its path leads out of the package"),
        ("a/..", "a/..: its path leads out of the package"),
        ("/etc/app.xml", "/etc/app.xml: its path is absolute"),
        ("C:/app.xml", "C:/app.xml: its path is absolute"),
        ("C:app.xml", "C:app.xml: its path is absolute"),
        ("a\\..\\app.xml", "a\\\\..\\\\app.xml: its path holds a backslash"),
        ("a//app.xml", "a//app.xml: its path has a part without a name"),
        ("./app.xml", "./app.xml: its path has a part without a name"),
        ("\u{1b}[2J.xml", "\\u{1b}[2J.xml: its path holds a control character"),
        ("app\0.xml", "app\\0.xml: its path holds a control character"),
    ];
    for (name, expected) in cases {
        // The writer tidies some names, so the bad one is put in afterwards.
        let stand_in = "#".repeat(name.len());
        let bytes = package(&[("first.xml", b"<a/>"), (&stand_in, b"<b/>"), ("last.xml", b"<c/>")]);
        let bytes = patched(&bytes, stand_in.as_bytes(), name.as_bytes());
        let (read, problems) = outcome(&bytes, &Limits::default());
        assert_eq!(read, ["first.xml", "last.xml"], "{name:?}");
        assert_eq!(problems, [*expected]);
    }
}

#[test]
fn long_names_are_cut_where_they_are_told() {
    let name = format!("../{}.xml", "x".repeat(60_000));
    let stand_in = name.replace("..", "##");
    let bytes = patched(&package(&[(&stand_in, b"")]), stand_in.as_bytes(), name.as_bytes());
    let (_, problems) = read(Cursor::new(bytes), &Limits::default(), xml).unwrap();
    assert_eq!(problems[0].name, format!("../{}…", "x".repeat(197)));
}

#[test]
fn a_path_that_is_there_twice_is_not_read() {
    let bytes = package(&[("one.xml", b"<a/>"), ("app.xml", b"<harmless/>"), ("two.xml", b"<evil/>")]);
    let (read, problems) = outcome(&patched(&bytes, b"two.xml", b"one.xml"), &Limits::default());
    assert_eq!(read, ["app.xml"]);
    assert_eq!(problems, ["one.xml: the package holds this path more than once"]);
}

#[test]
fn what_is_no_plain_file_is_a_problem() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link.xml", "/etc/hostname", SimpleFileOptions::default()).unwrap();
    let link = writer.finish().unwrap().into_inner();
    assert_eq!(outcome(&link, &Limits::default()), (vec![], vec!["link.xml: it is a symbolic link".to_owned()]));

    let plain = package(&[("victim.xml", b"<a/>")]);
    let encrypted = with_headers(&plain, 6, 8, 1);
    assert_eq!(outcome(&encrypted, &Limits::default()).1, ["victim.xml: it is encrypted"]);
    let lzma = with_headers(&plain, 8, 10, 14);
    let problems = outcome(&lzma, &Limits::default()).1;
    assert!(problems[0].starts_with("victim.xml: it is compressed by a method that is not read"), "{problems:?}");
    let changed = with_headers(&plain, 14, 16, 0x55);
    let problems = outcome(&changed, &Limits::default()).1;
    assert!(problems[0].starts_with("victim.xml: it cannot be read"), "{problems:?}");
}

#[test]
fn bombs_do_not_go_off() {
    let bomb = package(&[("bomb.xml", &vec![b' '; 8 << 20]), ("app.xml", b"<a/>")]);
    assert!(bomb.len() < 1 << 16);
    let (read, problems) = outcome(&bomb, &Limits::default());
    assert_eq!(read, ["app.xml"]);
    assert_eq!(problems, ["bomb.xml: it is compressed more than 200-fold, as only attacks are"]);

    // Metadata repeats itself too, but what is small harms nobody.
    let small = package(&[("small.xml", &vec![b' '; 1 << 20])]);
    assert_eq!(outcome(&small, &Limits::default()).0, ["small.xml"]);
}

#[test]
fn limits_hold_to_the_byte() {
    let bytes = package(&[("a.xml", b"12345"), ("b.xml", b"1234"), ("c.xml", b"123"), ("d.txt", b"unwanted"), ("e.xml", b"1")]);
    let limits = Limits { entry_bytes: 4, total_bytes: 5, ..Limits::default() };
    let (read, problems) = outcome(&bytes, &limits);
    assert_eq!(read, ["b.xml", "e.xml"]);
    assert_eq!(problems, ["a.xml: it holds more than 4 bytes", "c.xml: with it, the package holds more than 5 bytes"]);

    assert_eq!(outcome(&bytes, &Limits { entries: 5, ..Limits::default() }).0.len(), 4);
    let error = refusal(&bytes, &Limits { entries: 4, ..Limits::default() });
    assert_eq!(error.to_string(), "the package has 5 entries; at most 4 are read");
}

fn refusal(bytes: &[u8], limits: &Limits) -> PackageError {
    read(Cursor::new(bytes), limits, xml).unwrap_err()
}

#[test]
fn what_is_no_zip_file_is_an_error() {
    let whole = package(&[("app.xml", b"<a/>")]);
    for bytes in [&b""[..], b"<Package/>", &whole[..whole.len() - 30], &whole[..20]] {
        let error = refusal(bytes, &Limits::default());
        assert_eq!(error.to_string(), "this is not a zip file that can be read, or it is cut off");
    }
    assert_eq!(outcome(&package(&[]), &Limits::default()), (vec![], vec![]));
}

proptest! {
    #[test]
    fn a_damaged_package_makes_no_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), end in any::<prop::sample::Index>()) {
        let mut bytes = package(&[("a/one.xml", b"<a>one one one one</a>"), ("two.xml", b"<b/>"), ("three.txt", b"")]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(Cursor::new(&bytes), &Limits::default(), xml);
        bytes.truncate(end.index(bytes.len()));
        let _ = read(Cursor::new(&bytes), &Limits::default(), xml);
    }

    #[test]
    fn whatever_is_packed_is_read(contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8)) {
        let names: Vec<String> = (0..contents.len()).map(|number| format!("folder/{number}.xml")).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(contents.iter().map(Vec::as_slice)).collect();
        let (entries, problems) = read(Cursor::new(package(&files)), &Limits::default(), xml).unwrap();
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(entries.into_iter().map(|entry| entry.bytes).collect::<Vec<_>>(), contents);
    }
}
